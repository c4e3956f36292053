#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: check_purity.sh ARCHIVE: the middle calls nothing that reads the world or changes it.
# One line a finding: the object file and the symbol it wants.
set -eu
archive=$1

# open, socket, clock, dice, environment, processes, printing; the same behind GLib; and what other
# libraries offer of that kind (GMime's ids hold time and host, decisions on files are the ports').
deny='
^(open|openat|creat|fopen|fdopen|freopen|opendir|read|pread|write|pwrite|writev|close|unlink|rename|mkdir|stat|lstat|access)(64)?$
^(socket|connect|bind|listen|accept4?|send|sendto|sendmsg|recv|recvfrom|recvmsg|poll|select|getaddrinfo|gethostbyname)$
^(time|clock_gettime|clock|gettimeofday|localtime(_r)?|mktime|tzset|nanosleep|usleep|sleep|alarm)$
^(rand|srand|random|drand48|arc4random.*|getrandom|getentropy|RAND_.*)$
^(getenv|secure_getenv|setenv|putenv|setlocale|getpid|getuid|gethostname|uname)$
^(system|popen|fork|vfork|exec[lv].*|posix_spawn.*|kill|raise|signal|sigaction|dlopen|mmap)$
^(printf|__printf_chk|fprintf|__fprintf_chk|vprintf|puts|fputs|putchar|perror|syslog|openlog)$
^(g_log.*|g_print|g_printerr|g_warn_message|g_message|g_debug|g_set_print.*)$
^(g_get_real_time|g_get_monotonic_time|g_get_current_time|g_date_time_new_now.*|g_date_time_new_from_unix_local.*|g_date_time_new_local|g_date_time_to_local|g_time_zone_new_local|g_timer_.*|g_date_set_time.*|g_usleep)$
^(g_random_.*|g_rand_.*|g_uuid_.*)$
^(g_getenv|g_setenv|g_listenv|g_get_host_name|g_get_user_.*|g_get_home_dir|g_get_tmp_dir|g_get_current_dir)$
^(g_file_.*|g_fopen|g_open|g_dir_.*|g_mkdir.*|g_stat|g_unlink|g_remove|g_rename|g_mapped_file_.*|g_io_channel.*|g_spawn_.*|g_subprocess_.*|g_socket_.*|g_key_file_load_from_file|g_key_file_save_to_file)$
^(sqlite3_.*|curl_.*|mailimap_.*|mailstream_.*)$
^(g_mime_utils_generate_message_id|g_mime_stream_(file|fs|pipe|mmap)_.*)$
^(archive_read_open_(filename|file|fd|FILE).*|archive_write_disk_.*|poppler_document_new_from_(file|gfile|fd)|xmlReadFile|xmlReadFd|xmlParseFile|htmlReadFile|htmlReadFd|htmlParseFile|cairo_surface_write_to_png|cairo_(pdf|svg|ps)_surface_create|json_parser_load_from_file|json_generator_to_file|BIO_new_file|BIO_s_file|X509_STORE_load_.*|psl_load_file)$
'
patterns=$(mktemp)
trap 'rm -f "$patterns"' EXIT
printf '%s\n' "$deny" | sed '/^$/d' >"$patterns"
found=$(nm -u -A "$archive" | awk '{ print $NF, $1 }' | sed 's/@[^ ]*//' | while read -r symbol place; do
    if printf '%s\n' "$symbol" | grep -E -q -f "$patterns"; then
        echo "$place $symbol"
    fi
done | sort -u)
if [ -n "$found" ]; then
    printf '%s\n' "$found"
    exit 1
fi
