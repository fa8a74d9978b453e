#!/bin/sh
# Installs what is missing for a stage ("demo" or "test") from tests/packages.txt.
# With sudo if not root; on a system without apt-get it only says what is needed.
set -eu
cd "$(dirname "$0")/.."
stage=$1

wanted=$(sed 's/#.*//' tests/packages.txt | awk -v stage="$stage" \
    '$1 == "demo" || $1 == stage { print $2 }')

if ! command -v apt-get >/dev/null; then
    echo "This is no Debian. Please see that these are installed (Debian names):" >&2
    echo "$wanted" | sed 's/|.*//; s/^/  /' >&2
    exit 0
fi

is_installed() {
    dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q '^install ok installed'
}

# The first of "a|b" that is there, else the first that could be.
missing=
for choice in $wanted; do
    found=
    for package in $(echo "$choice" | tr '|' ' '); do
        if is_installed "$package"; then found=yes; break; fi
    done
    [ -n "$found" ] || missing="$missing $choice"
done
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
chosen=
for choice in $missing; do
    for package in $(echo "$choice" | tr '|' ' '); do
        if apt-cache show "$package" >/dev/null 2>&1; then chosen="$chosen $package"; break; fi
    done
done
echo "Installing:$chosen"
# shellcheck disable=SC2086  # the names are to be split
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $chosen >/dev/null
