#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: check_unit.sh UNIT: systemd knows every setting, and finds little exposed.
set -eu
unit=$1
# The program is not installed here; everything else that 'verify' says is a finding.
findings=$(systemd-analyze verify --man=no "$unit" 2>&1 | grep -v 'is not executable' || :)
if [ -n "$findings" ]; then
    printf '%s\n' "$findings"
    exit 1
fi
systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" | tail -n 1
