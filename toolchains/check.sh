#!/bin/sh
# Cross-builds for the targets named (all of them without a name), runs each one's unit tests under
# qemu-user, and prints what came of it. `--list` prints the targets: those whose toolchain file
# includes debian.cmake.
#
# With --runs the program itself is tried, too: by the integration tests of this machine's release
# build (tests/run.sh), against the sandbox.
#
# A target's libraries come from Debian into build/sysroot-TRIPLET; the machine's own
# architectures and package versions stay as they are.
set -eu
cd "$(dirname "$0")/.."
known=$(grep -l '/debian.cmake)' toolchains/*.cmake | sed 's|.*/||; s|\.cmake||')
runs=
case "${1:-}" in
--list) echo "$known"; exit 0 ;;
--runs) runs=yes; shift ;;
esac
# shellcheck disable=SC2086  # the names are to be split
[ $# -gt 0 ] || set -- $known
for target in "$@"; do
    echo "$known" | grep -qxF -- "$target" || {
        echo "check.sh: there is no target '$target'; there are:" "$(echo "$known" | tr "\n" " ")" >&2
        exit 2
    }
done
tests=build/release/tests/integration_tests
if [ -n "$runs" ] && ! [ -x "$tests" ]; then
    echo "check.sh: --runs needs $tests: run tests/run.sh --quick first" >&2
    exit 2
fi

packages="libc6 libgcc-s1 libstdc++6 libatomic1 libssl-dev libssl3 libqrencode-dev libqrencode4
    libmosquitto-dev libmosquitto1 libtinyxml2-dev libtinyxml2-9 libpcsclite-dev libpcsclite1 libpng-dev libpng16-16 zlib1g-dev zlib1g
    libfribidi-dev libfribidi0 libdbus-1-dev libdbus-1-3 libsystemd0 libcap2 libgcrypt20 libgpg-error0
    liblz4-1 liblzma5 libzstd1"

install_tools() {
    missing=
    for tool in "$@"; do
        dpkg-query -W -f '${Status}\n' "$tool" 2>/dev/null | grep -q '^install ok installed' \
            || missing="$missing $tool"
    done
    [ -n "$missing" ] || return 0
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    # shellcheck disable=SC2086  # the names are to be split
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
        $missing >/dev/null
}

# sysroot ARCHITECTURE DIRECTORY: fetches the packages of a Debian architecture, again if they are
# others than before.
sysroot() {
    [ "$(cat "$2/complete" 2>/dev/null)" != "$packages" ] || return 0
    rm -rf "$2"
    mkdir -p "$2/apt/lists/partial" "$2/apt/archives/partial" "$2/apt/debs"
    : >"$2/apt/status"
    root=$(pwd)/$2
    set -- "$1" "$2" -o APT::Architecture="$1" -o APT::Architectures="$1" \
        -o Dir::State::lists="$root/apt/lists" -o Dir::State::status="$root/apt/status" \
        -o Dir::Cache="$root/apt" -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
        -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$root/apt/sources"
    mkdir -p "$root/apt/sources"
    # Only Debian's own sources: what else the machine has may not know this architecture.
    grep -l 'archive-keyring' /etc/apt/sources.list.d/*.sources 2>/dev/null \
        | xargs -r -I FILE cp FILE "$root/apt/sources/"
    grep -hs '^deb .*debian' /etc/apt/sources.list >"$root/apt/sources/debian.list" || true
    arguments=$(shift 2; for each; do printf '%s\n' "$each"; done)
    # shellcheck disable=SC2086
    apt-get $arguments update -qq
    # shellcheck disable=SC2086
    (cd "$root/apt/debs" && apt-get $arguments download -qq $packages)
    for file in "$root"/apt/debs/*.deb; do dpkg-deb -x "$file" "$root"; done
    # Some -dev packages link from the root, which is another one here.
    # shellcheck disable=SC2016  # expanded by the inner shell
    find "$root/usr/lib" -type l -lname '/*' \
        -exec sh -c 'ln -sfn "$1$(readlink "$2")" "$2"' sh "$root" {} \;
    echo "$packages" >"$root/complete"
}

# describe TARGET: sets what its toolchain file sets.
describe() {
    value_of() { sed -n "s/^set($1 \(.*\))$/\1/p" "toolchains/$2.cmake"; }
    triplet=$(value_of triplet "$1")
    architecture=$(value_of architecture "$1")
    emulator=$(value_of emulator "$1")
}

# The program as the tests of this machine's own build call it.
wrap() {
    printf '#!/bin/sh\nexec %s -L %s %s "$@"\n' "$emulator" "$PWD/build/sysroot-$triplet" \
        "$PWD/build/$1/esim-agent" >"build/$1/esim-agent.sh"
    chmod +x "build/$1/esim-agent.sh"
}

# passed LOG: what Catch2 counted.
passed() {
    sed -n 's/^All tests passed (.* in \([0-9]*\) test cases*)$/\1/p' "$1" | tail -1
}

check() {
    echo "== $1: build"
    { cmake --preset "$1" && cmake --build --preset "$1" --target esim-agent unit_tests; } \
        >"build/$1.log" 2>&1 || { cat "build/$1.log"; exit 1; }
    echo "== $1: test"
    units=failed
    if ctest --test-dir "build/$1" -V -R '^unit$' >"build/$1-unit.log" 2>&1; then
        sed 's/^1: //' "build/$1-unit.log" >"build/$1-unit.txt"
        units=$(passed "build/$1-unit.txt")
    else
        cat "build/$1-unit.log"
        status=1
    fi
    tried=-
    if [ -n "$runs" ]; then
        wrap "$1"
        tried=failed
        # What the card, the servers and the files say, without the tests that measure time.
        if PROGRAM_UNDER_TEST="$PWD/build/$1/esim-agent.sh" "$tests" '[install]~[sweep]' \
            >"build/$1-runs.log" 2>&1; then
            tried=$(passed "build/$1-runs.log")
        else
            cat "build/$1-runs.log"
            status=1
        fi
    fi
    "$triplet-strip" -o "build/$1/esim-agent.stripped" "build/$1/esim-agent"
    libraries=$("$triplet-readelf" -d "build/$1/esim-agent" | grep -c NEEDED || true)
    printf '| %s | %s | %s | %s | %s |\n' "$1" "$(stat -c %s "build/$1/esim-agent.stripped")" \
        "$libraries" "$units" "$tried" >>build/targets.md
}

status=0
compilers=
for target in "$@"; do
    describe "$target"
    compilers="$compilers g++-$(echo "$triplet" | tr _ -)"
done
mkdir -p build
# shellcheck disable=SC2086
install_tools $compilers qemu-user-static catch2 zbar-tools librsvg2-bin faketime
echo "| target | bytes, stripped | shared libraries | unit tests | runs against the sandbox |
|---|---:|---:|---:|---:|" >build/targets.md
for target in "$@"; do
    describe "$target"
    sysroot "$architecture" "build/sysroot-$triplet"
    check "$target"
done
cat build/targets.md
exit $status
