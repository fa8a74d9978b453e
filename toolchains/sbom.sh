#!/bin/bash
# Prints what a program of ours is made of, as a CycloneDX 1.5 document: sbom.sh PROGRAM
#
# Shared libraries as the program names them, and what is compiled into it, each with the Debian
# package and version of this machine: so run it where the program was built. The same program on
# the same machine gives the same document.
set -euo pipefail
[ $# = 1 ] || { echo "usage: toolchains/sbom.sh PROGRAM" >&2; exit 2; }
program=$1
version=$("$program" --version | sed -n '1s/esim-agent //p')
built_with=$("$program" --version | sed -n 2p)
# shellcheck disable=SC1091  # the system's
distro=$(. /etc/os-release && echo "$ID-$VERSION_ID")

# component NAME FILE SCOPE: the package that has the file; none where no package has.
component() {
    local package
    # Nobody stops reading early here: who still writes would end by SIGPIPE, and pipefail tells.
    package=$(dpkg -S "$2" 2>/dev/null | sed -n '1s/: .*//p')
    [ -n "$package" ] || { echo "no Debian package has $2" >&2; return 1; }
    # shellcheck disable=SC2016  # the fields are dpkg's
    dpkg-query -W -f '${source:Package} ${Version}\n' "$package" | jq -R --arg name "$1" \
        --arg distro "$distro" --arg package "${package%%:*}" --arg linked "$3" 'split(" ") | {type: "library", name: $name,
        version: .[1], purl: "pkg:deb/debian/\($package)@\(.[1] | @uri)?distro=\($distro)",
        properties: [{name: "source", value: .[0]}, {name: "linked", value: $linked}]}'
}

{
    while read -r library; do
        file=$(ldconfig -p | awk -v name="$library" '$1 == name && !found++ {print $NF}')
        component "$library" "*/${file##*/}" shared
    done < <(objdump -p "$program" | awk '$1 == "NEEDED" {print $2}')
    component Boost /usr/include/boost/version.hpp compiled-in
    component CLI11 /usr/include/CLI/CLI.hpp compiled-in
    case $built_with in *kiosk*) component 'GNU Unifont' /usr/share/unifont/unifont.hex compiled-in ;; esac
} | jq -S -s --arg version "$version" --arg built_with "$built_with" \
    --arg hash "$(sha256sum "$program" | cut -d ' ' -f 1)" '{bomFormat: "CycloneDX", specVersion: "1.5",
    version: 1, metadata: {component: {type: "application", name: "esim-agent", version: $version,
    description: $built_with, hashes: [{alg: "SHA-256", content: $hash}]}}, components: .}'
