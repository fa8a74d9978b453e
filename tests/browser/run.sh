#!/bin/sh
# The kiosk's page in Chromium: tests/browser/run.sh ESIM-AGENT ESIM-SANDBOX. Fetches what drives the
# browser the first time. Names of tests may follow, as patterns.
set -eu
cd "$(dirname "$0")"
KIOSK_PROGRAMS=$1:$2
export KIOSK_PROGRAMS
shift 2
if ! ./fetch.sh; then
    echo "npm's registry cannot be reached: the page is not tested in a browser." >&2
    exit 77
fi
exec node --test "$@" .
