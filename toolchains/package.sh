#!/bin/bash
# Makes packages into build/packages: package.sh deb [ROOT]
#
# With a directory that does not exist yet, also makes a fresh Debian there (as root, by
# debootstrap) and tries the package in it: installed, its daemon run as the service's user against
# the sandbox of build/release, installed once more with changed configuration, removed, purged.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = deb ] || { echo "usage: toolchains/package.sh deb [ROOT]" >&2; exit 2; }
root=${2:-}

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
tests/install.sh demo
tools='debhelper dpkg-dev fakeroot lintian'
[ -z "$root" ] || tools="$tools debootstrap"
# shellcheck disable=SC2086  # the names are to be split
dpkg-query -W $tools >/dev/null 2>&1 || {
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $tools >/dev/null
}

version=$(dpkg-parsechangelog -l platform/debian/changelog -S Version)
source=build/packages/esim-agent-$version
rm -rf build/packages
mkdir -p "$source"
tar c --exclude=./build --exclude=./.git . | tar x -C "$source"
cp -r "$source/platform/debian" "$source/debian"
(cd "$source" && dpkg-buildpackage -us -uc -b) >build/packages/build.log 2>&1 || {
    tail -40 build/packages/build.log
    exit 1
}
rm -rf "$source"
lintian --allow-root --fail-on error,warning build/packages/*.changes
unpacked=build/packages/unpacked
dpkg-deb -x build/packages/esim-agent_"$version"_*.deb "$unpacked"
toolchains/sbom.sh "$unpacked/usr/bin/esim-agent" >"build/packages/esim-agent_$version.cdx.json"
rm -rf "$unpacked"
ls -l build/packages/*.deb build/packages/*.json
[ -z "$root" ] || toolchains/try_package.sh "$root" build/packages/esim-agent_"$version"_*.deb
