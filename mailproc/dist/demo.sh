#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is needed, builds, and works five invented letters through to the end.
# Arguments go to 'mailproc demo'. Runs from any directory; needs root or sudo only to install.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)

sh "$root/mailproc/dist/deps.sh"
launcher=
if command -v ccache >/dev/null; then
    launcher=-DCMAKE_C_COMPILER_LAUNCHER=ccache
fi
mkdir -p "$root/build"
echo "demo.sh: building in $root/build"
# shellcheck disable=SC2086
cmake -G Ninja -S "$root" -B "$root/build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DMP_TESTS=OFF \
    $launcher >"$root/build/build.log" 2>&1 || {
    cat "$root/build/build.log" >&2
    exit 70
}
cmake --build "$root/build" >>"$root/build/build.log" 2>&1 || {
    cat "$root/build/build.log" >&2
    exit 70
}
exec "$root/build/mailproc" demo "$@"
