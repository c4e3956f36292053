#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: test_install.sh ROOT BUILD: 'cmake --install' into an empty folder puts everything in place.
set -eu
root=$1
build=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
DESTDIR=$dir cmake --install "$build" --prefix /usr >"$dir/log" || { cat "$dir/log" && exit 1; }
failed=0
wants() { # mode, path
    mode=$(stat -c %a "$dir$2" 2>/dev/null || echo missing)
    if [ "$mode" = "$1" ]; then
        echo "[  OK  ] install: $2"
    else
        echo "[FAILED] install: $2 is $mode, want mode $1"
        failed=1
    fi
}
wants 755 /usr/bin/mailproc
wants 644 /usr/lib/systemd/system/mailproc.service
wants 644 /usr/lib/sysusers.d/mailproc.conf
wants 644 /usr/lib/tmpfiles.d/mailproc.conf
wants 644 /usr/share/doc/mailproc/mailproc.conf.example
wants 644 /usr/share/doc/mailproc/README.md
(cd "$root" && find rules templates -type f) >"$dir/data"
while read -r file; do
    wants 644 "/usr/share/mailproc/$file"
done <"$dir/data"
for page in "$root"/mailproc/man/*.[1-8]; do
    wants 644 "/usr/share/man/man${page##*.}/${page##*/}"
done
if [ -e "$dir/etc" ]; then
    echo "[FAILED] install: something went to /etc"
    failed=1
fi
if [ -x "$dir/usr/bin/mailproc" ] && ! "$dir/usr/bin/mailproc" --version; then
    echo "[FAILED] install: the program does not start"
    failed=1
fi
exit "$failed"
