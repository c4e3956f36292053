/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the IMAP port share: the session above libetpan, what UID FETCH brings, and the
 * names of folders. Every command is begun with mp_imap_expect (its deadline and byte budget) and
 * judged by mp_imap_check, which ends a session that is out of step. */

#include "ports/ports-private.h"
#include "ports/ports.h"
#include "ports/stream-private.h"

#include <libetpan/libetpan.h>

/* --- names --- */

/* Name on the wire: `/` becomes the server's delimiter, other than ASCII modified UTF-7 (RFC 3501
 * 5.1.3), `prefix` (personal namespace, or "") in front unless it is there; INBOX stays. */
char *mp_imap_folder_encode(const char *name, char delimiter, const char *prefix);

/* --- session --- */

typedef struct {
    MpMailbox face; /* first: an MpMailbox * is an MpImap * */
    MpImapOptions options;
    char *name;
    mailimap *imap; /* NULL = not connected */
    MpStream *stream;
    guint32 validity; /* UIDVALIDITY of the last list; 0 = none yet */
    guint32 next_uid; /* UIDNEXT of a SELECT that no list has looked at yet; 0 = none */
    char delimiter;
    char *prefix;           /* of the personal namespace */
    gboolean knows_folders; /* delimiter and prefix were asked */
    guint32 trouble_uid;    /* the connection died while this one was fetched alone … */
    guint trouble_count;    /* … so many times */
} MpImap;

/* Connected, logged in, folder selected; a folder whose UIDVALIDITY is not that of the last list
 * is UNREACHABLE ("was rebuilt"), and the next list tells the new one. */
gboolean mp_imap_ensure(MpImap *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Before each command: deadline and budget for an answer of about `bytes`. */
void mp_imap_expect(MpImap *self, gsize bytes);
/* After each command: TRUE for success; a tagged NO is REFUSED or REFUSED_SOON and the session goes
 * on; anything else ends the connection and is UNREACHABLE. */
gboolean
mp_imap_check(MpImap *self, int rc, const char *what, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the connection without a word. */
void mp_imap_drop(MpImap *self);
/* `folder` as this server wants it; asks once for delimiter and namespace. NULL = error. */
char *mp_imap_wire_name(MpImap *self, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- UID FETCH --- */

typedef struct {
    guint32 uid;
    gint64 arrived_utc;
    gsize size;
    gboolean is_listed; /* the server knows this UID */
    gboolean is_sized;
    GBytes *content; /* complete */
    char *problem;
    gboolean is_gone; /* not there any more */
} MpImapItem;

/* What the handlers of one command write to. */
typedef struct {
    GHashTable *items; /* uid → MpImapItem, borrowed; NULL while listing */
    GArray *uids;      /* of a listing, or NULL */
    guint32 above;
    GByteArray *body; /* of the FETCH line that is arriving */
    gboolean has_body;
    gsize max_bytes;
    gboolean is_too_large;
} MpImapSink;

/* What is asked for: UIDs; with sizes and dates; with the content too. */
typedef enum { MP_IMAP_WANT_UID, MP_IMAP_WANT_SURVEY, MP_IMAP_WANT_BODY } MpImapWant;

#define MP_IMAP_SURVEY_BYTES 400 /* of answer a mail, without content */

/* One command, its answer into the sink; libetpan's code. Takes the set. */
int
mp_imap_run_fetch(MpImap *self, struct mailimap_set *set_take, MpImapWant want, MpImapSink *sink);
/* Ascending, each once. */
void mp_imap_sort_once(GArray *uids);
/* The set of a sorted array, with runs as ranges; free with mailimap_set_free. */
struct mailimap_set *mp_imap_set(const guint32 *uids, gsize n);
/* UIDs of one answer set (COPYUID) hold `uid`. */
gboolean mp_imap_set_has(const struct mailimap_set *set, guint32 uid);
/* Which of `uids` (sorted) are still in the folder. */
gboolean mp_imap_present(MpImap *self,
                         const guint32 *uids,
                         gsize n,
                         GArray **present_out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean mp_imap_list(MpMailbox *mailbox,
                      guint32 above_uid,
                      guint32 known_validity,
                      guint32 *validity_out,
                      GArray **uids_out,
                      GError **error);
gboolean mp_imap_fetch(MpMailbox *mailbox,
                       const guint32 *uids,
                       gsize n_uids,
                       MpFetchFunc func,
                       gpointer data,
                       GError **error);
gboolean mp_imap_move(
    MpMailbox *mailbox, const guint32 *uids, gsize n_uids, const char *folder, GError **error);
gboolean mp_imap_append(MpMailbox *mailbox, const char *folder, GBytes *mail, GError **error);
gboolean mp_imap_wait(
    MpMailbox *mailbox, gint64 timeout_ms, int wake_fd, gboolean *changed_out, GError **error);
