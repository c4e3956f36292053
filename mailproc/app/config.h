/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The configuration: one table in config.c says every section, key, type, default and range; a
 * file is read against it, and mailproc.conf.example and mailproc.conf(5) are held to it by a test.
 * A file is taken whole or refused whole: an unknown or doubled key, a value that does not fit its
 * type, or a secret written into the file is a CONFIG error "NAME:LINE: …" with the nearest name or
 * the cure. Nothing here looks at the things that the keys name (files, folders, servers, zones).
 *
 * Invariants
 *  - Every key of the table has a value in a loaded configuration: the file's, or the default.
 *  - Secrets are never part of a configuration, only the file or the command that gives them.
 * Ownership: const results live as long as the configuration. Asking for a key that is not in the
 * table, or by the wrong type, is a programming error (critical; the result is NULL, 0 or FALSE).
 */

#include "base/base.h"

/* --- the table --- */

/* id, name in the manual, how such a value is written */
#define MP_CONFIG_TYPES(X)                                                                         \
    X(STRING, "text", "one line")                                                                  \
    X(ADDRESS, "address", "local@domain")                                                          \
    X(MAILBOX, "mailbox", "Name <local@domain>")                                                   \
    X(LIST, "list", "items separated by ;")                                                        \
    X(ADDRESSES, "addresses", "addresses separated by ;")                                          \
    X(DOMAINS, "domains", "domains separated by ;, sub-domains included")                          \
    X(DEPUTIES, "deputies", "address until YYYY-MM-DD, separated by ;")                            \
    X(BOOL, "yes|no", "yes or no")                                                                 \
    X(INT, "number", "a whole number")                                                             \
    X(SIZE, "size", "a number of bytes, with K, M or G for multiples of 1024")                     \
    X(DURATION, "duration", "a number with s, m, h or d")                                          \
    X(PATH, "path", "an absolute path")                                                            \
    X(FILENAME, "file name", "a name without slash, looked for in rules_dir")                      \
    X(FILENAMES, "file names", "names without slash, separated by ;")                              \
    X(SECRET_FILE, "secret file", "path of a file that only its owner may read")                   \
    X(COMMAND, "command", "program and arguments; no shell")                                       \
    X(URL, "url", "scheme://host[:port][/folder] or maildir:/path")                                \
    X(ENUM, "word", "one of the words listed")                                                     \
    X(ZONE, "zone", "a name of tzdata, as Asia/Makassar")                                          \
    X(TIME, "time", "HH:MM, from 00:00 to 23:59")                                                  \
    X(HOURS, "hours", "mon-thu 08:00-12:00,13:00-15:45; fri 08:00-11:00")                          \
    X(PERIOD, "period", "YYYY-MM-DD..YYYY-MM-DD HOURS")

typedef enum {

#define X(id, name, form) MP_CONFIG_##id,
    MP_CONFIG_TYPES(X)
#undef X
        MP_CONFIG_TYPE_N
} MpConfigType;

typedef struct {
    const char *section; /* "office"; "role ID" and "service ID" stand for many sections */
    const char *key;     /* "level.VERB", "period.NAME" stand for many keys */
    MpConfigType type;
    const char *fallback; /* default as it would be written; NULL = the key must be set */
    gint64 min, max;      /* numbers, sizes (bytes), durations (seconds) */
    const char *words;    /* ENUM: the words, blank separated */
    const char *doc;      /* one line */
} MpConfigKey;

const MpConfigKey *mp_config_keys(gsize *n_out);
const char *mp_config_type_name(MpConfigType type);
const char *mp_config_type_form(MpConfigType type);

/* --- loading --- */

typedef struct MpConfig MpConfig;

/* Pure; `name` is what messages call the file. */
MpConfig *mp_config_load_bytes(const char *name, const char *bytes, gsize length, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Reads and loads a file of at most 1 MiB. */
MpConfig *mp_config_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `option` (of --config) if given, else $MAILPROC_CONFIG, else /etc/mailproc/mailproc.conf. */
char *mp_config_path(const char *option);
/* The embedded configuration of the demo: Maildirs DIR/masuk and DIR/keluar, store DIR/store, one
 * invented address a role, one procedure a service. */
MpConfig *mp_config_default(const char *dir);
char *mp_config_default_text(const char *dir);
/* Sets one value under the same checks as a line of a file (tests, demo, options). The section is
 * made if its kind is known. */
gboolean mp_config_set(MpConfig *config,
                       const char *section,
                       const char *key,
                       const char *value,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_config_free(MpConfig *config);

/* --- asking --- */

/* `section` is the full name: "mailbox", "role verifikator". */
gboolean mp_config_is_set(const MpConfig *config, const char *section, const char *key);
/* Any type, as written, or the default; "" when empty, never NULL for a key of the table. */
const char *mp_config_string(const MpConfig *config, const char *section, const char *key);
gboolean mp_config_bool(const MpConfig *config, const char *section, const char *key);
gint64 mp_config_int(const MpConfig *config, const char *section, const char *key);
gint64 mp_config_size(const MpConfig *config, const char *section, const char *key);
/* Seconds. */
gint64 mp_config_duration(const MpConfig *config, const char *section, const char *key);
/* Minutes after midnight of a time. */
gint64 mp_config_minute(const MpConfig *config, const char *section, const char *key);
/* Items of a list type, NULL-terminated, possibly empty. */
const char *const *mp_config_list(const MpConfig *config, const char *section, const char *key);
/* Ids of the sections of a kind in file order: ("role") → "verifikator", …; NULL-terminated. */
const char *const *mp_config_sections(const MpConfig *config, const char *kind);
gboolean mp_config_has_section(const MpConfig *config, const char *section);
/* What stands for VERB or NAME in the pattern keys of a section that the file sets:
 * ("trust", "level") → "SELESAI", …; caller frees with g_strfreev. */
char **mp_config_pattern_keys(const MpConfig *config, const char *section, const char *stem);
/* "mailproc.conf:12" of a key, or of the section when the key is not set. */
char *mp_config_where(const MpConfig *config, const char *section, const char *key);
const char *mp_config_name(const MpConfig *config);
/* The [limits] section. */
MpLimits mp_config_limits(const MpConfig *config);
/* Effective values in file syntax, each default marked as such. No secret can be in it. */
char *mp_config_show(const MpConfig *config);

/* --- values with an inside --- */

typedef struct {
    char *scheme;      /* imaps, imap, smtps, smtp, maildir */
    char *host;        /* NULL for maildir */
    guint16 port;      /* the scheme's own when not written; 587 for smtp with STARTTLS */
    char *path;        /* maildir: the path; IMAP: folder, "INBOX" when not written */
    gboolean has_port; /* the port was written */
    gboolean is_loopback;
    gboolean wants_starttls; /* starttls = required stands beside it */
} MpConfigUrl;

MpConfigUrl *mp_config_url(const MpConfig *config, const char *section);
void mp_config_url_free(MpConfigUrl *url);

typedef struct {
    char *address; /* lower case */
    char *until;   /* ISO day, included; NULL = without end */
} MpConfigDeputy;

/* Deputies of a role id, in order (MpConfigDeputy). */
GPtrArray *mp_config_deputies(const MpConfig *config, const char *role);

typedef struct {
    char *name, *from, *until, *hours;
} MpConfigPeriod;

/* The period.NAME keys of [calendar] (MpConfigPeriod). */
GPtrArray *mp_config_periods(const MpConfig *config);
/* The zone of "office" or of "service ID" (its own, else the office's); CONFIG error when tzdata
 * does not know it. */
GTimeZone *mp_config_zone(const MpConfig *config,
                          const char *section,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "Layanan TTE" and "layanan-tte@…" of [sender] from, or of [office] when it is empty. */
void mp_config_from(const MpConfig *config, char **name_out, char **address_out);
/* Level a verb needs: level.VERB, else command_level. */
MpTrustLevel mp_config_level(const MpConfig *config, const char *verb);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpConfig, mp_config_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpConfigUrl, mp_config_url_free)
