#!/bin/sh
# Complains about sources that clang-format would write otherwise.
cd "$(dirname "$0")/.." || exit 1
find agent platform qr tests -name '*.[ch]pp' -exec clang-format --dry-run -Werror {} +
