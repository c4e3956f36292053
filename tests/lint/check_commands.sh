#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: check_commands.sh PROGRAM MANUAL: the program's list of commands and mailproc(1) are the same.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$1" help | awk '/^  [a-z]/ { print $1 }' | sort -u >"$dir/program"
awk '$1 == ".It" && $2 == "Cm" { print $3 }' "$2" | sort -u >"$dir/manual"
if ! diff -u "$dir/program" "$dir/manual"; then
    echo "mailproc(1) and 'mailproc help' differ in their commands"
    exit 1
fi
[ -s "$dir/program" ]
