#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: check_scripts.sh ROOT: every shell script can be parsed by dash and bash.
set -eu
cd "$1"
for script in .ci/run tests/*.sh tests/*/*.sh mailproc/dist/*.sh; do
    [ -e "$script" ] || continue
    sh -n "$script"
    bash -n "$script"
done
