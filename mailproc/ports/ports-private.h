/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of ports/ share among themselves; the store has store-private.h. */

#include "ports/ports.h"

/* How long ago the process was asked to end; -1 = it was not. */
gint64 mp_ports_cancelled_ms(void);

/* --- the SMTP sender --- */

gboolean mp_smtp_is_path(const char *address);
/* Only CRLF ends a line, at the end too; nothing 8-bit, no NUL, no line over the limit. */
gboolean mp_smtp_is_canonical(const char *bytes, gsize length);
gboolean mp_smtp_is_host(const char *host);
gboolean mp_smtp_is_ipv6(const char *host);
gboolean mp_smtp_is_loopback(const char *host);

/* --- mailboxes --- */

/* CONFIG error unless `name` is valid UTF-8 without controls, quotes, backslashes, wildcards and
 * braces, and neither empty nor with an empty level. */
gboolean mp_folder_check(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- the Maildir mailbox --- */

/* UIDs of the mails of a Maildir, kept in DIR/mailproc-uids. */
typedef struct {
    guint32 validity, next; /* validity 0 = not read yet */
    GHashTable *uid_of;     /* file name without flags → uid */
    GHashTable *base_of;    /* uid → file name without flags, borrowed from uid_of */
} MpMaildirUids;

void mp_maildir_uids_init(MpMaildirUids *uids);
void mp_maildir_uids_clear(MpMaildirUids *uids);
/* Back to the state before the file was read. */
void mp_maildir_uids_forget(MpMaildirUids *uids);
/* Reads the file once; a missing one begins with a new validity. */
gboolean mp_maildir_uids_load(MpMaildirUids *uids,
                              const char *dir,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_maildir_uids_save(const MpMaildirUids *uids,
                              const char *dir,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_maildir_uids_add(MpMaildirUids *uids, const char *base, guint32 uid);
/* All UIDs, ascending. */
GArray *mp_maildir_uids_sorted(const MpMaildirUids *uids);
/* Makes DIR (whose parent exists) with tmp, new and cur. */
gboolean mp_maildir_make(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes `path` durably by way of `tmp`. */
gboolean mp_maildir_write(const char *tmp,
                          const char *path,
                          const char *bytes,
                          gsize length,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_maildir_sync(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets a STORAGE error "PATH: text", returns FALSE. */
gboolean mp_maildir_fail(GError **error, const char *path, const char *text);
