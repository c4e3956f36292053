#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: check_headers.sh ROOT: each header of ROOT/mailproc compiles alone, in any order of includes.
set -eu
root=$1
flags=$(pkg-config --cflags glib-2.0 gmime-3.0 sqlite3 json-glib-1.0 libxml-2.0 poppler-glib \
    libarchive icu-i18n libpsl openssl pangocairo libseccomp libsystemd libpcre2-8)
failed=0
for header in "$root"/mailproc/*/*.h; do
    [ -e "$header" ] || continue
    # shellcheck disable=SC2086
    if ! printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
        cc -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -I "$root/mailproc" \
            -include "$root/mailproc/base/banned.h" $flags -x c -; then
        echo "$header: does not compile alone"
        failed=1
    fi
done
exit "$failed"
