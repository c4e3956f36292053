#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: test_deps.sh DEPS: deps.sh with a make-believe apt, so that nothing is installed.
set -eu
deps=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin"
failed=0

# The make-believe: what is installed stands in $dir/installed, apt-get notes its words and the
# policy in force, and fails when $dir/broken is there.
cat >"$dir/bin/dpkg-query" <<FAKE
#!/bin/sh
if [ \$# -eq 4 ]; then
    grep -qx "\$4" "$dir/installed" && printf installed
    exit 0
fi
cat "$dir/providers" 2>/dev/null || :
FAKE
cat >"$dir/bin/apt-get" <<FAKE
#!/bin/sh
echo "\$*" >>"$dir/calls"
sh "$dir/policy" || echo "policy \$?" >>"$dir/calls"
[ ! -e "$dir/broken" ]
FAKE
printf '#!/bin/sh\necho 0\n' >"$dir/bin/id"
printf '#!/bin/sh\ncat >/dev/null\n' >"$dir/bin/debconf-set-selections"
chmod +x "$dir/bin"/*

try() { # name, wanted exit, wanted words, words of deps.sh
    name=$1 want=$2 words=$3
    shift 3
    code=0
    : >"$dir/calls"
    PATH="$dir/bin:$PATH" MP_POLICY_RC_D="$dir/policy" sh "$deps" "$@" >"$dir/out" 2>&1 || code=$?
    if [ "$code" = "$want" ] && cat "$dir/out" "$dir/calls" | grep -q -e "$words"; then
        echo "[  OK  ] deps: $name"
    else
        echo "[FAILED] deps: $name: exit $code, want $want and '$words'"
        cat "$dir/out" "$dir/calls"
        failed=1
    fi
}
same_policy() {
    if [ "$(cat "$dir/policy" 2>/dev/null || :)" = "$1" ]; then
        echo "[  OK  ] deps: the policy is as it was"
    else
        echo "[FAILED] deps: the policy was changed"
        failed=1
    fi
}

sh "$deps" --list --test >"$dir/installed"
try "with everything there nothing is installed" 0 'everything needed is installed' --test
[ ! -s "$dir/calls" ] || { echo "[FAILED] deps: apt-get was called for nothing" && failed=1; }
grep -vx -e gcc "$dir/installed" >"$dir/some" && mv "$dir/some" "$dir/installed"
try "only what is missing is installed" 0 'no-install-recommends gcc$' --test
try "no service may start meanwhile" 0 'policy 101' --test
same_policy ""
printf '#!/bin/sh\nexit 0\n' >"$dir/policy"
touch "$dir/broken"
try "a failing apt fails the script" 1 'update' --test
same_policy "$(printf '#!/bin/sh\nexit 0\n')"
rm "$dir/broken"
try "a policy that was there comes back" 0 'policy 101' --test
same_policy "$(printf '#!/bin/sh\nexit 0\n')"
grep -vx -e postfix "$dir/installed" >"$dir/some" && mv "$dir/some" "$dir/installed"
echo "installed exim4-daemon-light mail-transport-agent" >"$dir/providers"
try "another mail server stops it" 69 "mail server 'exim4-daemon-light' is installed" --test
try "without tests another mail server is no matter" 0 'done'
try "an unknown option is a usage error" 64 'unknown option' --tset
exit "$failed"
