#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: check_man.sh ROOT: mandoc finds no error in a manual page.
set -eu
mandoc -T lint -W error "$1"/mailproc/man/*.[1-8]
