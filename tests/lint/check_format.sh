#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: check_format.sh ROOT: clang-format 14 would change nothing.
set -eu
cd "$1"
find mailproc tests -name '*.[ch]' -not -path 'tests/lint/cases/*' -print0 |
    xargs -0 clang-format --dry-run -Werror
