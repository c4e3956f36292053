#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs from Debian 12 what mailproc needs and is missing. Starts no service and changes none.
#
#   deps.sh           what building and running needs
#   deps.sh --test    also what the tests need (Dovecot, Postfix, Chromium, clang, …)
#   deps.sh --list    only prints the names, with or without --test before it
set -eu

build="gcc cmake ninja-build pkg-config libc6-dev ccache
  libglib2.0-dev libgmime-3.0-dev libetpan-dev libcurl4 libcurl4-gnutls-dev libssl-dev
  libsqlite3-dev libpcre2-dev libjson-glib-dev libxml2-dev libpoppler-glib-dev libarchive-dev
  libicu-dev libpsl-dev libpango1.0-dev libcairo2-dev libseccomp-dev libsystemd-dev libcmocka-dev
  tzdata ca-certificates poppler-data fonts-dejavu-core"
tests="dovecot-core dovecot-imapd dovecot-lmtpd postfix isync libfaketime sqlite3 chromium
  clang libclang-rt-14-dev clang-format clang-tidy mandoc openssl python3 valgrind poppler-utils
  binutils util-linux git systemd strace"

wanted=$build
only_list=no
for word in "$@"; do
    case $word in
    --test) wanted="$build $tests" ;;
    --list) only_list=yes ;;
    *)
        echo "deps.sh: unknown option '$word': use --test or --list" >&2
        exit 64
        ;;
    esac
done
if [ "$only_list" = yes ]; then
    # shellcheck disable=SC2086
    printf '%s\n' $wanted
    exit 0
fi

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "deps.sh: this is no Debian: install the packages of 'deps.sh --test --list' by hand" >&2
    exit 69
fi
missing=
for package in $wanted; do
    is_installed "$package" || missing="$missing $package"
done
if [ -z "$missing" ]; then
    echo "deps.sh: everything needed is installed"
    exit 0
fi

# Debian has one mail-transport-agent at a time: installing Postfix would remove the other.
case " $missing " in
*" postfix "*)
    other=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
        awk '$1 == "installed" && $2 != "postfix" && /mail-transport-agent/ { print $2; exit }')
    if [ -n "$other" ]; then
        echo "deps.sh: the mail server '$other' is installed, and Postfix would replace it:" \
            "run the tests on another machine, or remove it yourself" >&2
        exit 69
    fi
    ;;
esac

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "deps.sh: not root, and there is no sudo; missing:$missing" >&2
        exit 69
    fi
    as_root=sudo
fi

# While policy-rc.d says 101, no package starts a service; the one that was there comes back.
policy=${MP_POLICY_RC_D:-/usr/sbin/policy-rc.d} # its own test sets another
kept=$policy.mailproc-kept
is_guarding=no
restore() {
    if [ "$is_guarding" = yes ]; then
        is_guarding=no
        if [ -e "$kept" ] || [ -L "$kept" ]; then
            $as_root mv -f "$kept" "$policy"
        else
            $as_root rm -f "$policy"
        fi
    fi
}
guard() {
    # A run that was killed left its own guard behind: the kept one, if any, is the true one.
    if [ -e "$policy" ] && ! grep -q 'mailproc: no service starts' "$policy" 2>/dev/null; then
        $as_root mv -f "$policy" "$kept"
    fi
    trap restore EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    is_guarding=yes
    printf '%s\n' '#!/bin/sh' '# mailproc: no service starts while packages are installed' \
        'exit 101' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
}

# --no-remove: nothing of this machine goes away for mailproc, the run stops instead.
echo "deps.sh: installing$missing"
guard
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Use-Pty=0"
case " $missing " in
*" postfix "*)
    # Postfix asks what it shall be; the tests bring a configuration of their own.
    echo "postfix postfix/main_mailer_type select No configuration" | $as_root debconf-set-selections
    ;;
esac
# shellcheck disable=SC2086
if ! $apt install --no-remove --no-install-recommends $missing; then
    echo "deps.sh: package lists are old: fetching them"
    $apt update
    # shellcheck disable=SC2086
    $apt install --no-remove --no-install-recommends $missing
fi
restore
echo "deps.sh: done"
