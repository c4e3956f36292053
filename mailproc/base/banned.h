/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Forced into every file: calls that have a safe replacement here do not compile. */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#undef strcat
#undef strncpy
#undef sprintf
#undef strtok
#undef atoi
#undef strtol
#undef g_error
#pragma GCC poison strcpy                                 /* g_strdup, g_strlcpy */
#pragma GCC poison strncpy                                /* g_strndup */
#pragma GCC poison strcat                                 /* GString */
#pragma GCC poison sprintf                                /* g_strdup_printf */
#pragma GCC poison vsprintf                               /* g_strdup_vprintf */
#pragma GCC poison strtok                                 /* g_strsplit */
#pragma GCC poison atoi                                   /* g_ascii_string_to_signed */
#pragma GCC poison gmtime localtime asctime mktemp tmpnam /* GDateTime, g_file_open_tmp */
#pragma GCC poison g_error                                /* GError */
