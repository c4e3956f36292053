/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the IMAP port share: the guarded stream below libetpan, the session, and the
 * names of folders. libetpan trusts the server: it verifies no certificate, allocates what a
 * literal announces, follows parentheses on the stack and waits for ever. So the bytes come through
 * our own driver, which ends the connection before libetpan gets to see such an answer. */

#include "ports/ports-private.h"
#include "ports/ports.h"

#include <libetpan/libetpan.h>
#include <openssl/ssl.h>

/* --- guard: what the framing of an answer may look like --- */

typedef enum {
    MP_GUARD_FINE,
    MP_GUARD_LINE,    /* a line beyond max_line */
    MP_GUARD_LITERAL, /* a literal beyond max_literal is announced */
    MP_GUARD_DEPTH,   /* parentheses beyond max_depth */
    MP_GUARD_BUDGET,  /* more bytes than this command may answer */
} MpGuardVerdict;

typedef struct {
    gsize max_line, max_literal, max_total;
    guint max_depth;
    gsize line, total, literal_left, number; /* number: of the `{n` just read */
    guint depth;
    gboolean is_quoted, is_escaped;

    enum { MP_BRACE_NONE, MP_BRACE_OPEN, MP_BRACE_CLOSED } brace;
} MpStreamGuard;

#define MP_GUARD_LINE_BYTES (1024 * 1024)
#define MP_GUARD_DEPTH_MAX 64

void mp_stream_guard_init(MpStreamGuard *guard, gsize max_literal);
/* A new command begins: counts afresh, up to `max_total` bytes; a half-read line goes on. */
void mp_stream_guard_expect(MpStreamGuard *guard, gsize max_total);
/* Looks at the next bytes of the connection, in any pieces. */
MpGuardVerdict mp_stream_guard_feed(MpStreamGuard *guard, const char *bytes, gsize length);

/* --- stream: a TCP connection, later with TLS, that never waits without end --- */

#define MP_STREAM_TAIL_BYTES 512

typedef struct MpStream {
    int fd;
    SSL_CTX *ctx;
    SSL *ssl;
    gint64 timeout_us, deadline_us; /* deadline: monotonic, 0 = none */
    MpStreamGuard guard;
    MpGuardVerdict verdict;
    char *problem;                   /* set once: the stream is dead from then on */
    char tail[MP_STREAM_TAIL_BYTES]; /* the last bytes read, for a BYE */
    gsize tail_length;
} MpStream;

/* The stream is dead from now on, for the first reason given; -1. */
ssize_t mp_stream_die(MpStream *stream, const char *problem);
/* TRUE when the socket is ready within the read limit and the deadline. */
gboolean mp_stream_await(MpStream *stream, short events);
/* Waits as the last call of OpenSSL asks; FALSE when there is nothing to wait for. */
gboolean mp_stream_await_tls(MpStream *stream, int result);

/* Connects within timeout_ms; `is_loopback_only` refuses any peer that is not loopback. */
MpStream *mp_stream_open(const char *host,
                         guint16 port,
                         gint64 timeout_ms,
                         gboolean is_loopback_only,
                         gsize max_literal,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TLS >= 1.2, SNI, chain and host name verified against `ca_file` (NULL = the system's). */
gboolean mp_stream_start_tls(MpStream *stream,
                             const char *host,
                             const char *ca_file,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For libetpan; `mailstream_close` on it closes the connection, the MpStream stays ours. */
mailstream *mp_stream_wrap(MpStream *stream);
/* A command begins that must be over in `deadline_ms` and may answer `max_total` bytes. */
void mp_stream_expect(MpStream *stream, gint64 deadline_ms, gsize max_total);
/* What ended the stream, or NULL; the guard's verdict; what the server said in a BYE, or NULL. */
const char *mp_stream_problem(const MpStream *stream);
MpGuardVerdict mp_stream_verdict(const MpStream *stream);
char *mp_stream_bye(const MpStream *stream);

/* Waits until bytes, `wake_fd` (-1 = none) or the time. */
typedef enum { MP_STREAM_TIME, MP_STREAM_DATA, MP_STREAM_WAKE } MpStreamEvent;

MpStreamEvent mp_stream_wait(MpStream *stream, gint64 timeout_ms, int wake_fd);
void mp_stream_free(MpStream *stream);

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpStream, mp_stream_free)
