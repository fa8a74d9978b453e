#!/bin/sh
# Cross-builds for every target here and runs the unit tests under qemu-user.
#
# The target's libraries come from Debian into build/sysroot-TARGET; the machine's own
# architectures and package versions stay as they are.
set -eu
cd "$(dirname "$0")/.."

packages="libc6 libgcc-s1 libstdc++6 libssl-dev libssl3 libqrencode-dev libqrencode4
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

install_tools g++-aarch64-linux-gnu qemu-user-static catch2 zbar-tools librsvg2-bin faketime
sysroot arm64 build/sysroot-aarch64
echo "== aarch64: build"
{ cmake --preset aarch64 && cmake --build --preset aarch64 --target esim-agent unit_tests; } \
    >build/aarch64.log 2>&1 || { cat build/aarch64.log; exit 1; }
echo "== aarch64: test"
ctest --test-dir build/aarch64 --output-on-failure -R '^unit$'
aarch64-linux-gnu-strip -o build/aarch64/esim-agent.stripped build/aarch64/esim-agent
echo "aarch64: $(stat -c %s build/aarch64/esim-agent.stripped) bytes stripped"
