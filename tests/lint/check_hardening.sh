#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: check_hardening.sh PROGRAM: the release program is built the way a daemon should be.
set -eu
program=$1
failed=0
wants() { # name, text, words of readelf
    name=$1 text=$2
    shift 2
    if readelf -W "$@" "$program" | grep -q -e "$text"; then
        echo "[  OK  ] hardening: $name"
    else
        echo "[FAILED] hardening: $name"
        failed=1
    fi
}
wants "position independent" 'Type: *DYN' -h
wants "relocations become read-only" 'GNU_RELRO' -l
wants "all symbols are bound at start" 'BIND_NOW\|FLAGS.*NOW' -d
wants "the stack has canaries" '__stack_chk_fail' -s
wants "sizes of copies are checked" '_chk@' -s
if readelf -W -l "$program" | grep GNU_STACK | grep -q E; then
    echo "[FAILED] hardening: the stack can be run"
    failed=1
fi
if readelf -W -d "$program" | grep -q -e RPATH -e RUNPATH; then
    echo "[FAILED] hardening: it looks for libraries in folders of the build"
    failed=1
fi
if readelf -W -d "$program" | grep -q 'libcurl-gnutls'; then
    echo "[FAILED] hardening: libcurl is of the GnuTLS flavour"
    failed=1
fi
exit "$failed"
