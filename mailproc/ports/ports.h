/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* ports/: the edges. Mailbox (IMAP, Maildir), sender (SMTP, Maildir), store and archive (SQLite),
 * clock, randomness and files, each a small struct of functions that the shell calls; a fake of
 * each (tests/support/fakes.c) obeys the same contract and is its specification. All SQL, sockets
 * and file access of mailproc are here.
 *
 * Invariants
 *  - What a function reports as done is durable (store, archive) or confirmed by the server.
 *  - A failed call leaves the object usable for `close`/`free`; whether it may be used further is
 *    said at the function. Errors: UNREACHABLE, REFUSED, REFUSED_SOON, STORAGE, CONFIG, LIMIT.
 *  - No secret appears in an error, a log line or argv.
 */

#include "base/base.h"
#include "case/case.h"
#include "notify/notify.h"
#include "outbox/outbox.h"

/* --- clock, randomness, checkpoints --- */

typedef struct MpClock MpClock;

struct MpClock {
    gint64 (*now_utc)(MpClock *clock);
    void (*free)(MpClock *clock);
};

MpClock *mp_clock_new_real(void);
/* A clock that the test or demo sets (decisions.md 36). */
MpClock *mp_clock_new_set(gint64 now_utc);
void mp_clock_set(MpClock *clock, gint64 now_utc);

typedef struct MpRandom MpRandom;

struct MpRandom {
    void (*fill)(MpRandom *random, guint8 *bytes, gsize length);
    void (*free)(MpRandom *random);
};

MpRandom *mp_random_new_real(void);
/* Repeatable stream for tests and golden files. */
MpRandom *mp_random_new_seeded(guint32 seed);

/* Called around every durable step. Does nothing unless the environment of a build with
 * MP_CHECKPOINTS says at which count to SIGKILL itself (MP_KILL_AT) or where to append the names
 * (MP_CHECKPOINT_LOG). */
void mp_ports_checkpoint(const char *name);

/* --- being asked to end --- */

/* Once `fd` is readable (-1 = never), waits for a server end early: the mailbox's at once, because
 * what is not finished there is done again; the sender's after a few seconds, because a mail whose
 * answer is lost may go twice. For a process that is asked to end through that descriptor. */
void mp_ports_cancel_on(int fd);
gboolean mp_ports_is_cancelled(void);
/* poll() of one descriptor that fails with ECANCELED when that happens; timeout -1 = none. */
int mp_ports_poll(int fd, short events, gint64 timeout_ms);

/* --- files --- */

/* Whole file, at most `max` bytes; NUL-terminated beyond the length. */
gboolean mp_files_read(const char *path,
                       gsize max,
                       char **bytes_out,
                       gsize *length_out,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Base names in `dir` that end in `suffix`, sorted by byte, NULL-terminated. */
char **mp_files_list(const char *dir, const char *suffix, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* First line of a file; refuses one that others may read (mode & 077). */
char *mp_files_read_secret(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* First line that a command (argv by shell quoting rules, no shell) prints, within 10 s. */
char *mp_files_run_secret(const char *command, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- mailbox --- */

typedef struct {
    guint32 uid;
    gint64 arrived_utc;  /* INTERNALDATE or mtime */
    gsize size;          /* as the server claims */
    GBytes *content;     /* NULL when it is over max_bytes even for keeping, or cannot be fetched */
    const char *problem; /* why content is NULL */
} MpFetched;

/* Called once a mail; FALSE stops the fetch (the mail counts as taken). */
typedef gboolean (*MpFetchFunc)(const MpFetched *mail, gpointer data);

/* When the first certificate of a server's chain ends that we have seen last: 0 = none seen yet,
 * MP_TLS_NEVER = there is none to see. */
#define MP_TLS_NEVER G_MAXINT64

typedef struct MpMailbox MpMailbox;

struct MpMailbox {
    const char *name; /* stable key for the ledger: url without user and password */
    gint64 tls_expires_utc;
    /* UIDs above `above_uid`; all of them under another validity, or when the server has gone back
     * behind `above_uid` and gives those UIDs to other mails (a folder restored from a backup).
     * Connects and selects when not connected. After an error of list, fetch or move the connection
     * is gone and the next call connects anew. */
    gboolean (*list)(MpMailbox *mailbox,
                     guint32 above_uid,
                     guint32 known_validity,
                     guint32 *validity_out,
                     GArray **uids_out,
                     GError **error);
    /* Batches of bounded count and bytes, one by one after a parse error. UIDs that vanished are
     * left out silently. */
    gboolean (*fetch)(MpMailbox *mailbox,
                      const guint32 *uids,
                      gsize n_uids,
                      MpFetchFunc func,
                      gpointer data,
                      GError **error);
    /* Moves to a folder (created if missing). UIDs that are no longer there are fine; the others
     * are checked to have gone. */
    gboolean (*move)(
        MpMailbox *mailbox, const guint32 *uids, gsize n_uids, const char *folder, GError **error);
    /* Appends our sent mail; NULL where the port cannot. */
    gboolean (*append)(MpMailbox *mailbox, const char *folder, GBytes *mail, GError **error);
    /* Sleeps until something may be new, `timeout_ms` passed or `wake_fd` (-1 = none) is readable.
     */
    gboolean (*wait)(
        MpMailbox *mailbox, gint64 timeout_ms, int wake_fd, gboolean *changed_out, GError **error);
    void (*close)(MpMailbox *mailbox);
    void (*free)(MpMailbox *mailbox);
};

typedef enum { MP_TLS_IMPLICIT, MP_TLS_STARTTLS, MP_TLS_NONE } MpTlsMode;

typedef struct {
    char *host;
    guint16 port;
    char *folder;  /* INBOX */
    MpTlsMode tls; /* NONE is refused unless host is loopback */
    char *user, *password;
    char *ca_file;     /* NULL = the system's */
    gint64 timeout_ms; /* per read */
    gint64 command_ms; /* deadline of one command */
    gsize max_bytes;   /* largest mail that is fetched at all */
    guint batch_count; /* UIDs a FETCH */
    gsize batch_bytes;
    gboolean use_idle;
} MpImapOptions;

/* Nothing is opened yet. CONFIG error for unsafe strings (CR, LF, NUL, quotes in folder names). */
MpMailbox *mp_mailbox_new_imap(const MpImapOptions *options,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps its UIDs in DIR/mailproc-uids; handled mails go to the sibling Maildir DIR/../FOLDER with
 * slashes of FOLDER as dots. */
MpMailbox *
mp_mailbox_new_maildir(const char *dir, gsize max_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How long to wait after `failures` (1 = the first) unlucky tries in a row: 1 s doubled each time
 * up to 5 minutes, the upper half of it by `random` (any 32 bits), so that clients of a server that
 * came back do not all knock at once. 0 for no failure. */
gint64 mp_mailbox_backoff_ms(guint failures, guint32 random);

/* --- sender --- */

typedef struct MpSender MpSender;

struct MpSender {
    gint64 tls_expires_utc; /* as of MpMailbox */
    /* One mail to one recipient over the kept connection. `reply_out`: the server's words. */
    MpSendResult (*send)(MpSender *sender,
                         const char *envelope_from, /* "" = null path */
                         const char *recipient,
                         GBytes *mail,
                         char **reply_out);
    gboolean (*check)(MpSender *sender, GError **error); /* connect and log in only */
    void (*finish)(MpSender *sender);                    /* QUIT; the next send connects anew */
    void (*free)(MpSender *sender);
};

typedef struct {
    char *host;
    guint16 port;
    MpTlsMode tls;         /* NONE is refused unless host is loopback */
    char *user, *password; /* NULL = no AUTH */
    char *ca_file;
    char *helo; /* EHLO name */
    gint64 timeout_ms;
} MpSmtpOptions;

MpSender *mp_sender_new_smtp(const MpSmtpOptions *options,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One Maildir a recipient below `dir`, named by the address. */
MpSender *mp_sender_new_maildir(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- store --- */

#define MP_LEDGER_STATES(X)                                                                        \
    X(TAKEN, "taken")             /* raw bytes kept, not decided yet */                            \
    X(DONE, "done")               /* a case event is recorded for it */                            \
    X(IGNORED, "ignored")         /* recorded with a reason */                                     \
    X(DUPLICATE, "duplicate")     /* same mail as another row */                                   \
    X(QUARANTINED, "quarantined") /* cannot be worked; raw bytes kept */

typedef enum {

#define X(id, name) MP_LEDGER_##id,
    MP_LEDGER_STATES(X)
#undef X
        MP_LEDGER_STATE_N
} MpLedgerState;

const char *mp_ledger_state_to_string(MpLedgerState state);
gboolean mp_ledger_state_from_string(const char *name, MpLedgerState *state_out);

typedef struct {
    gint64 id;
    char *mailbox;
    guint32 uid_validity, uid;
    gint64 arrived_utc, taken_utc, done_utc;
    gsize bytes;
    char *sha256;       /* of the raw bytes */
    char *archive_name; /* entry in the year's archive */
    char *message_id;   /* or NULL */
    char *content_hash;
    MpLedgerState state;
    char *reason;             /* ignored, quarantined, duplicate: why; of any state: erased */
    char *kind;               /* of the verdict */
    char *case_number;        /* where it ended */
    char *sender;             /* From address; while taken only what the mail claims */
    char *why;                /* JSON: rules, doubts, decision (mail why) */
    guint attempts;           /* stored before the work */
    gboolean is_acknowledged; /* moved on the server */
} MpLedgerRow;

MpLedgerRow *mp_ledger_row_new(void);
void mp_ledger_row_free(MpLedgerRow *row);

typedef struct {
    char *filename, *type, *sha256;
    gsize bytes;
} MpOutboxDocument;

typedef struct {
    gint64 id;
    char *case_number;
    char *template_;
    char *envelope_from; /* "" = null path */
    char *recipient;
    MpMail *mail;         /* head and body */
    GPtrArray *documents; /* MpOutboxDocument */
    MpOutboxState state;
    gboolean is_held;
    char *reason; /* why cancelled, held or failed */
    guint tries;
    gint64 made_utc, next_try_utc, sent_utc;
    char *server_reply;
} MpOutboxEntry;

MpOutboxEntry *mp_outbox_entry_new(void);
void mp_outbox_entry_free(MpOutboxEntry *entry);

/* One capability grant: what a code allows (decisions.md 4). */
typedef struct {
    char *hash; /* hex SHA-256 of the code */
    char *recipient;
    GPtrArray *items; /* MpGrantItem */
    gint64 expires_utc;
} MpGrant;

typedef struct {
    char *case_number, *step;
    guint version;
    gboolean is_spent;
} MpGrantItem;

MpGrant *mp_grant_new(void);
void mp_grant_free(MpGrant *grant);

typedef struct {
    char *case_number, *name;
    gint64 at_utc;
} MpTimerRow;

void mp_timer_row_free(MpTimerRow *row);

typedef struct {
    const char *state;   /* "open" = not closed, a state's name, or NULL = all */
    const char *service; /* NULL = any; likewise below */
    const char *step;
    const char *holder_role;
    const char *requester;          /* address, lower case */
    const char *letter;             /* letter number, compared squashed */
    const char *nip, *email, *name; /* of an applicant; name compared folded */
    guint limit;                    /* 0 = 1000 */
} MpCaseFilter;

/* --- the register of certificates --- */

/* Of a certificate, and of its holder by the last one. That a date is over is not stored: the
 * reader compares `valid_until` with today. */
#define MP_HOLDER_STATES(X)                                                                        \
    X(ACTIVE, "active")                                                                            \
    X(REVOKED, "revoked")                                                                          \
    X(RENEWED, "renewed") /* followed by another one */                                            \
    X(UNKNOWN, "unknown") /* only a data change is known of this person */

typedef enum {

#define X(id, name) MP_HOLDER_##id,
    MP_HOLDER_STATES(X)
#undef X
        MP_HOLDER_STATE_N
} MpHolderState;

const char *mp_holder_state_to_string(MpHolderState state);
gboolean mp_holder_state_from_string(const char *name, MpHolderState *state_out);

/* A holder, or one row of a holder's service history. */
typedef struct {
    gint64 id; /* of the holder */
    char *name, *nip, *nik, *email, *unit, *position;
    MpHolderState state;
    char *valid_from, *valid_until; /* ISO days */
    gboolean is_guess;              /* nobody told valid_until: two years were assumed */
    char *case_number;              /* NULL = imported */
    gint64 at_utc;
    /* History only. */
    guint applicant;
    MpOutcome outcome;
    char *was, *becomes;
} MpHolder;

MpHolder *mp_holder_new(void);
void mp_holder_free(MpHolder *holder);

typedef struct {
    const char *text;  /* words of name, unit, NIP or address, each a prefix */
    const char *email; /* in place of `text`: exactly this address, in whatever case */
    const char *until_after, *until_up_to; /* ISO days: valid_until in (after, up_to] */
    gboolean active_only;
    gboolean by_id;  /* a walk over everything: in the order of ids … */
    gint64 above_id; /* … above this one */
    guint limit;     /* 0 = 1000 */
} MpRegisterFilter;

/* --- reading a period --- */

/* Called once each; FALSE with the error set stops the walk. */
typedef gboolean (*MpClosingFunc)(const char *line, gpointer data, GError **error);
typedef gboolean (*MpPeriodFunc)(const MpCase *kase,
                                 const GPtrArray *events,
                                 gpointer data,
                                 GError **error);
typedef gboolean (*MpSurveyFunc)(const char *service,
                                 const MpEvent *event,
                                 gpointer data,
                                 GError **error);

/* What an erased personal value reads. */
#define MP_ERASED "[dimusnahkan]"

typedef struct {
    guint64 mails[MP_LEDGER_STATE_N];
    gint64 oldest_taken_utc; /* arrival of the oldest mail not decided yet, 0 = none */
    guint64 unacknowledged;  /* decided but not yet moved on the server */
    guint64 outbox[MP_OUTBOX_STATE_N];
    guint64 held;
    gint64 oldest_unsent_utc; /* when the oldest notice on its way was made, 0 = none */
    guint64 cases[MP_CASE_STATE_N];
    guint64 events;
} MpStoreCounts;

/* All calls outside begin/commit see committed data. Writers are always inside begin … commit
 * (BEGIN IMMEDIATE). Any STORAGE error means: roll back, stop taking mail. */
typedef struct MpStore MpStore;

struct MpStore {
    gboolean (*begin)(MpStore *store, GError **error);
    gboolean (*commit)(MpStore *store, GError **error);
    void (*rollback)(MpStore *store);
    gboolean (*savepoint)(MpStore *store, GError **error);
    gboolean (*release)(MpStore *store, GError **error);
    void (*rollback_to)(MpStore *store); /* undoes and drops the savepoint */

    /* Archive: put is durable once archive_commit returned; a put that fails undoes the others
     * since then. Same name twice is fine: the first stays. mtime 0 = unknown. Content that does
     * not have the SHA-256 of its name is a STORAGE error of archive_get, a name that is not there
     * INPUT. */
    gboolean (*archive_put)(
        MpStore *store, const char *name, GBytes *content, gint64 mtime_utc, GError **error);
    gboolean (*archive_commit)(MpStore *store, GError **error);
    GBytes *(*archive_get)(MpStore *store, const char *name, GError **error);

    /* Ledger. */
    gboolean (*cursor)(MpStore *store,
                       const char *mailbox,
                       guint32 *validity_out,
                       guint32 *uid_out,
                       GError **error);
    gboolean (*cursor_set)(
        MpStore *store, const char *mailbox, guint32 validity, guint32 uid, GError **error);
    gboolean (*ledger_add)(MpStore *store, MpLedgerRow *row, GError **error); /* sets id */
    gboolean (*ledger_update)(MpStore *store, const MpLedgerRow *row, GError **error);
    MpLedgerRow *(*ledger_get)(MpStore *store, gint64 id, GError **error); /* INPUT: no such row */
    gboolean (*ledger_has_uid)(MpStore *store,
                               const char *mailbox,
                               guint32 validity,
                               guint32 uid,
                               gboolean *known_out,
                               GError **error);
    /* The server gives the UIDs `first` to `last` to other mails: the rows let go of them. */
    gboolean (*ledger_free_uids)(MpStore *store,
                                 const char *mailbox,
                                 guint32 validity,
                                 guint32 first,
                                 guint32 last,
                                 GError **error);
    /* id and content hash of the first row with that Message-ID / that hash; id 0 = none. */
    gboolean (*ledger_find_message)(
        MpStore *store, const char *message_id, gint64 *id_out, char **hash_out, GError **error);
    gboolean (*ledger_find_hash)(MpStore *store,
                                 const char *content_hash,
                                 gint64 *id_out,
                                 GError **error);
    /* Oldest arrival first. Where more wait than `limit`, the oldest mails of the senders `first`
     * (NULL = nobody) come before the others, as half of them at most: a forged sender's flood
     * delays nobody for ever. The sender of a taken mail is only what it claims. */
    GPtrArray *(*ledger_taken)(MpStore *store,
                               guint limit,
                               const char *const *first,
                               GError **error);
    GPtrArray *(*ledger_unacknowledged)(MpStore *store,
                                        const char *mailbox,
                                        guint limit,
                                        GError **error);
    GPtrArray *(*ledger_list)(MpStore *store,
                              const char *state,
                              guint limit,
                              GError **error); /* newest first */
    /* All rows in the order of their ids, for walks over everything: ids above `above_id`. */
    GPtrArray *(*ledger_after)(MpStore *store, gint64 above_id, guint limit, GError **error);
    GPtrArray *(*ledger_of_case)(MpStore *store,
                                 const char *number,
                                 GError **error); /* oldest first */
    gboolean (*ledger_begin)(MpStore *store,
                             const gint64 *ids,
                             gsize n,
                             GError **error); /* attempts + 1 */
    gboolean (*ledger_acknowledge)(MpStore *store, const gint64 *ids, gsize n, GError **error);

    /* Cases. */
    char *(*case_number)(MpStore *store,
                         const char *prefix,
                         int year,
                         GError **error); /* next, inside a transaction */
    MpCase *(*case_load)(MpStore *store,
                         const char *number,
                         GError **error); /* NULL without error = none */
    /* Appends the events (gives seq) and stores the case as it then is. */
    gboolean (*case_save)(MpStore *store, MpCase *after, GPtrArray *events, GError **error);
    GPtrArray *(*case_events)(MpStore *store, const char *number, GError **error);
    GPtrArray *(*case_find)(MpStore *store,
                            const MpCaseFilter *filter,
                            GError **error); /* MpCase, oldest due first */

    /* Periods. A closed case has one line that says all a report asks of it; case_save drops it
     * when the case is open again. Memory does not grow with the number of cases. */
    gboolean (*closing_set)(
        MpStore *store, const char *number, gint64 closed_utc, const char *line, GError **error);
    /* Lines of the cases closed in [from, until), in that order. */
    gboolean (*closing_walk)(MpStore *store,
                             gint64 from_utc,
                             gint64 until_utc,
                             MpClosingFunc func,
                             gpointer data,
                             GError **error);
    /* Closed cases without a line, by number above `above` (char *). */
    GPtrArray *(*closing_missing)(MpStore *store, const char *above, GError **error);
    /* Cases that were open at `until` and cases closed in [from, until) that have no line: as they
     * stand now, with those events that move a case (personal values as their digests). */
    gboolean (*period_walk)(MpStore *store,
                            gint64 from_utc,
                            gint64 until_utc,
                            MpPeriodFunc func,
                            gpointer data,
                            GError **error);
    /* Answers to the survey given in [from, until) (MpEvent) with the service of their case, oldest
     * first. */
    gboolean (*survey_walk)(MpStore *store,
                            gint64 from_utc,
                            gint64 until_utc,
                            MpSurveyFunc func,
                            gpointer data,
                            GError **error);

    /* Timers. */
    gboolean (*timer_set)(MpStore *store,
                          const char *number,
                          const char *name,
                          gint64 at_utc,
                          GError **error); /* 0 = clear */
    GPtrArray *(*timers_due)(MpStore *store,
                             gint64 now_utc,
                             guint limit,
                             GError **error); /* MpTimerRow */
    gint64 (*timer_next)(MpStore *store);     /* earliest, 0 = none */

    /* Grants. */
    gboolean (*grant_add)(MpStore *store, const MpGrant *grant, GError **error);
    MpGrant *(*grant_find)(MpStore *store,
                           const char *hash,
                           GError **error); /* NULL without error = none */
    gboolean (*grant_spend)(MpStore *store,
                            const char *number,
                            guint below_version,
                            GError **error); /* items of that case with a lower version */

    /* Outbox. */
    gboolean (*outbox_add)(MpStore *store, MpOutboxEntry *entry, GError **error); /* sets id */
    GPtrArray *(*outbox_due)(MpStore *store, gint64 now_utc, guint limit, GError **error);
    /* Compare-and-set: writes state, held, reason, tries, next_try, sent, reply where the row is
     * still in `expected`; STORAGE when it is not. */
    gboolean (*outbox_move)(MpStore *store,
                            const MpOutboxEntry *entry,
                            MpOutboxState expected,
                            GError **error);
    MpOutboxEntry *(*outbox_get)(MpStore *store, gint64 id, GError **error);
    MpOutboxEntry *(*outbox_find)(MpStore *store,
                                  const char *message_id,
                                  GError **error); /* NULL without error = none */
    GPtrArray *(*outbox_list)(
        MpStore *store, const char *state, const char *number, guint limit, GError **error);
    gint64 (*outbox_next)(MpStore *store); /* earliest next try, 0 = none */

    /* Counters for rations and hourly caps: how many since, and one more. */
    gboolean (*ration_count)(
        MpStore *store, const char *key, gint64 since_utc, guint *count_out, GError **error);
    gboolean (*ration_add)(MpStore *store, const char *key, gint64 at_utc, GError **error);

    /* Small state by name (last sweep, told-once marks). value NULL = delete. */
    char *(*mark_get)(MpStore *store, const char *name);
    gboolean (*mark_set)(MpStore *store, const char *name, const char *value, GError **error);
    /* Names that begin so, sorted, NULL-terminated; g_strfreev. NULL = STORAGE. */
    char **(*mark_names)(MpStore *store, const char *prefix, GError **error);

    /* Audit: the chain over all events. Head of an empty store: seq 0 and 64 zeros. */
    gboolean (*chain_head)(MpStore *store, gint64 *seq_out, char **hash_out, GError **error);
    /* Walks the whole chain. An error only when it cannot be read; else the seq of the first broken
     * event and why, 0 and NULL when it is whole. */
    gboolean (*chain_verify)(MpStore *store, gint64 *broken_out, char **why_out, GError **error);

    /* Rebuild: folds the events of one case (NULL = all) and names each difference to what stands:
     * "SE-2026-000001: step: stands 'periksa', events say 'sahkan'" (char *). */
    GPtrArray *(*case_compare)(MpStore *store, const char *number, GError **error);
    /* Makes the snapshot of a case (NULL = all) anew from its events. */
    gboolean (*case_rebuild)(MpStore *store, const char *number, GError **error);

    /* Erasing (decisions.md 25): salts and personal values of the events go, the chain stays whole,
     * snapshot, ledger and outbox show MP_ERASED. With `identity` (NIP, NIK or address) only what
     * belongs to that person; `number` NULL = in all cases, needs an identity. STORAGE when a
     * notice of the case is still under way. */
    gboolean (*erase)(MpStore *store,
                      const char *number,
                      const char *identity,
                      guint *values_out,
                      GError **error);
    /* TRUE when an open case, a mail on its way or a mail not yet decided needs the entry. */
    gboolean (*entry_is_used)(MpStore *store, const char *name, gboolean *used_out, GError **error);
    /* Names of archive entries that only this case uses: raw mails and documents (char *). */
    GPtrArray *(*case_entries)(MpStore *store, const char *number, GError **error);
    /* Durable with archive_commit. An entry that is not there is fine. */
    gboolean (*archive_erase)(MpStore *store, const char *name, GError **error);
    /* Numbers above `above` (NULL = all) of cases opened since then (0 = ever) that keep a copy of
     * a paper of this kind. */
    GPtrArray *(*cases_with_paper)(MpStore *store,
                                   const char *kind,
                                   const char *above,
                                   gint64 since_utc,
                                   guint limit,
                                   GError **error);
    /* Names of the entries that hold the case's papers of this kind: documents, and the raw mails
     * they came with; NULL without error while another case that is not closed, or a mail on its
     * way, uses one of them. */
    GPtrArray *(*paper_entries)(MpStore *store,
                                const char *number,
                                const char *kind,
                                GError **error);

    /* One person (NIP, NIK or address): numbers of cases whose events name it (char *), mails it
     * sent (MpLedgerRow) and mails that went to it (MpOutboxEntry), oldest first. */
    GPtrArray *(*person_cases)(MpStore *store, const char *identity, GError **error);
    GPtrArray *(*person_mails)(MpStore *store, const char *address, GError **error);
    GPtrArray *(*person_notices)(MpStore *store, const char *address, GError **error);

    /* Register: filled by case_save, case_rebuild and erase from the outcomes of the applicants;
     * what was issued elsewhere is imported. The end of the validity comes first. */
    gboolean (*register_import)(MpStore *store, const MpHolder *holder, GError **error);
    GPtrArray *(*register_find)(MpStore *store,
                                const MpRegisterFilter *filter,
                                GError **error);                          /* MpHolder */
    MpHolder *(*register_get)(MpStore *store, gint64 id, GError **error); /* INPUT: no such one */
    GPtrArray *(*register_history)(MpStore *store,
                                   gint64 id,
                                   GError **error); /* MpHolder, oldest first */
    /* The holder that an applicant is (NIP, NIK, else the only one of that name and unit), NULL
     * without error = none. */
    MpHolder *(*register_match)(MpStore *store, const MpCaseApplicant *applicant, GError **error);

    /* Copies store, then archives to `dir` while others write; each copy is opened and checked
     * before it takes its name. Not between begin and commit. */
    gboolean (*backup)(MpStore *store, const char *dir, GError **error);
    gboolean (*counts)(MpStore *store, MpStoreCounts *counts_out, GError **error);

    void (*free)(MpStore *store);
};

/* Opens or makes DIR/mailproc.sqlite and this year's archive; runs migrations; takes the lock that
 * refuses a second writer process ("already in use by process N"). ":memory:" for tests. */
MpStore *mp_store_open(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Read-only, beside a running service, no lock. */
MpStore *mp_store_open_readonly(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A writer beside the running service (an operator's command, the delivery process): no lock of its
 * own, no check of the whole file; one transaction at a time by BEGIN IMMEDIATE. */
MpStore *mp_store_open_shared(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE once the disk failed under it (a read, write or fsync, or a page that cannot be): nothing
 * more is written through this object. A fsync is never tried again, because the kernel may have
 * dropped the pages: only opening it anew tells what is there. */
gboolean mp_store_is_broken(const MpStore *store);
/* Salts of personal values from this stream (borrowed; NULL = the real one): golden tests. */
void mp_store_use_random(MpStore *store, MpRandom *random);
/* Puts a backup in place of what is in `dir`, whose files are kept as *.old; refused while a
 * service uses either. Cut short, it leaves a store that nobody opens until it is given again. */
gboolean
mp_store_restore(const char *backup_dir, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
