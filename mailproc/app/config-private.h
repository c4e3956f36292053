/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the table (config.c), the values (config-value.c) and the file around them (config-load.c)
 * share. */

#include "app/config.h"

typedef struct {
    const MpConfigKey *key; /* row of the table */
    char *text;             /* as written, or the default */
    char **items;           /* list types, else NULL */
    gint64 number;          /* bool, int, size (bytes), duration (seconds), time (minutes) */
    guint line;             /* 0 = not from a file */
    gboolean is_set;
} MpConfigValue;

struct MpConfig {
    char *name;
    GHashTable *values;  /* "section\nkey" → MpConfigValue */
    GPtrArray *sections; /* char *: as they stand in the file, NULL at the end */
    GHashTable *lines;   /* section → line */
    GHashTable *by_kind; /* "role" → GPtrArray of borrowed ids, NULL at the end */
};

/* Judges `text` by the row; on TRUE `value` has text, items and number. On FALSE `problem_out` says
 * what is wrong and how it is written right, without the key's name. */
gboolean mp_config_value_parse(const MpConfigKey *key,
                               const char *text,
                               MpConfigValue *value,
                               char **problem_out);
void mp_config_value_free(gpointer data);
/* The value of a section and key, or NULL. */
const MpConfigValue *mp_config_value(const MpConfig *config, const char *section, const char *key);
gboolean mp_config_parse_url(const char *text, MpConfigUrl *url, char **problem_out);
gboolean mp_config_is_day(const char *text);
/* What one key alone cannot say: secrets beside users, clear text, the roles that must be. */
gboolean mp_config_check(const MpConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets "NAME:LINE: …" and returns FALSE. */
gboolean mp_config_refuse(const MpConfig *config,
                          const char *section,
                          const char *key,
                          GError **error,
                          const char *format,
                          ...) G_GNUC_PRINTF(5, 6);
