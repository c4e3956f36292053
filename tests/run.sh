#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The one truth about the tree: installs what tests need, then builds twice and runs every test that
# is not nightly. A missing server or tool is a failure.
#
#   build-test/     Debug, AddressSanitizer and UBSan: unit, scenario, letters, lint, fuzz replay, town
#   build-release/  optimised, with kill points: limits, crash, bench, hardening (RLIMIT_AS and ASan
#                   cannot meet)
#
# Arguments go to ctest: 'tests/run.sh -R base' runs what matches, MP_SKIP_DEPS=1 skips installing.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
jobs=$(nproc)
release_only='^(limits|crash|bench|release)$'

if [ "${MP_SKIP_DEPS:-}" != 1 ]; then
    sh "$root/mailproc/dist/deps.sh" --test
fi
launcher=
if command -v ccache >/dev/null; then
    launcher=-DCMAKE_C_COMPILER_LAUNCHER=ccache
fi

say() {
    printf '\n== %s (%s s)\n' "$1" "$(($(date +%s) - started))"
}
started=$(date +%s)
failed=

say "build-test"
mkdir -p "$root/build-test"
# shellcheck disable=SC2086
cmake -G Ninja -S "$root" -B "$root/build-test" -DCMAKE_BUILD_TYPE=Debug -DMP_WERROR=ON \
    -DMP_SANITIZE=address,undefined $launcher >"$root/build-test/configure.log" 2>&1 ||
    { cat "$root/build-test/configure.log" && exit 70; }
cmake --build "$root/build-test" --parallel "$jobs"

say "tests with sanitizers"
ctest --test-dir "$root/build-test" --output-on-failure --parallel "$jobs" \
    --label-exclude "^nightly\$|$release_only" "$@" || failed="$failed build-test"

say "build-release"
mkdir -p "$root/build-release"
# shellcheck disable=SC2086
cmake -G Ninja -S "$root" -B "$root/build-release" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DMP_WERROR=ON -DMP_CHECKPOINTS=ON -DMP_BENCH=ON -DMP_UNIT=OFF -DMP_TOWN=OFF \
    $launcher >"$root/build-release/configure.log" 2>&1 ||
    { cat "$root/build-release/configure.log" && exit 70; }
cmake --build "$root/build-release" --parallel "$jobs"

say "limits, crash points, benches"
ctest --test-dir "$root/build-release" --output-on-failure --parallel "$jobs" \
    --label-regex "$release_only" --label-exclude '^nightly$' "$@" || failed="$failed build-release"

say "done"
if [ -n "$failed" ]; then
    echo "run.sh: tests failed in:$failed" >&2
    exit 1
fi
echo "run.sh: every test passed"
