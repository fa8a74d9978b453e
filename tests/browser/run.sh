#!/bin/sh
# The pages in Chromium: tests/browser/run.sh ESIM-AGENT ESIM-SANDBOX. Fetches what drives the
# browser the first time. Names of tests may follow, as patterns.
set -eu
KIOSK_PROGRAMS=$(realpath "$1"):$(realpath "$2")
export KIOSK_PROGRAMS
cd "$(dirname "$0")"
shift 2
if ! ./fetch.sh; then
    echo "npm's registry cannot be reached: the page is not tested in a browser." >&2
    exit 77
fi
exec node --test "$@" kiosk.test.mjs link.test.mjs
