#!/bin/sh
# Fetches what drives the browser in tests, never in the product: playwright-core and axe-core from
# npm's registry, checked against the digests here, into build/browser/node_modules.
set -eu
cd "$(dirname "$0")/../.."
into=build/browser/node_modules

# NAME VERSION SHA-512
fetch() {
    if [ "$(cat "$into/$1/.version" 2>/dev/null)" = "$2" ]; then return; fi
    rm -rf "${into:?}/$1"
    mkdir -p "$into/$1"
    archive=$into/$1.tgz
    curl -fsSL --retry 3 --max-time 120 -o "$archive" "https://registry.npmjs.org/$1/-/$1-$2.tgz"
    digest=$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)
    if [ "$digest" != "$3" ]; then
        rm -f "$archive"
        echo "$1 $2 is not what it was when this was written." >&2
        exit 1
    fi
    tar -xzf "$archive" -C "$into/$1" --strip-components 1
    rm "$archive"
    echo "$2" >"$into/$1/.version"
}

fetch playwright-core 1.55.0 \
    GvZs4vU3U5ro2nZpeiwyb0zuFaqb9sUiAJuyrWpcGouD8y9/HLgGbNRjIph7zU9D3hnPaisMl9zG9CgFi/biIg==
fetch axe-core 4.10.3 \
    Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg==
