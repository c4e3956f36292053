/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The desk: an office whose mailbox, officials, requesters and BSrE all live in the MpTown of
 * daemons.h. The program is the real binary, run as a child with a configuration of its own; the
 * people read their mail by IMAP and answer from the mail that they got.
 *
 * Every person is `NAME-TAG@contohkab.go.id`, TAG being the desk's: two desks of one town share
 * nothing. Names of officials: kadis sekretaris kabid kasi helpdesk verifikator pengaduan.
 * Failures of the town are failures of the test (asserts inside).
 */

#include "support/daemons.h"

typedef struct {
    MpTown *town;
    char *tag;
    char *dir;             /* configuration, secrets, store */
    char *config;          /* path */
    char *address;         /* the office's mailbox */
    char *output;          /* what the program said last, both streams */
    GPtrArray *people;     /* addresses whose mail is checked at the end */
    GPtrArray *numbers;    /* NIP and NIK that no mail may show */
    GHashTable *officials; /* addresses (a set) */
    guint n_mails;         /* for Message-IDs */
    gint64 now_s;          /* what the program and the mails are told; 0 = the machine's time */
    GPtrArray *coming;     /* mails on their way, with a hand-set clock */
} MpDesk;

/* `extra`: further sections or keys of configuration, or NULL; a "[service …]" or "[calendar]" in
 * it replaces the usual one. */
MpDesk *mp_desk_new(MpTown *town, const char *tag, const char *extra);
/* Checks all that was sent (see mp_desk_check) and removes the directory. */
void mp_desk_close(MpDesk *desk);
/* The address of a person; borrowed, and remembered for the last check. */
const char *mp_desk_address(MpDesk *desk, const char *name);

/* --- the program --- */

/* Runs it with these arguments (NULL-terminated); its exit code, its words in desk->output. */
int mp_desk_run(MpDesk *desk, const char *const *arguments);
/* `mailproc once`, and the town brings every mail to its mailbox. The exit code. */
int mp_desk_try(MpDesk *desk);
/* The same, which must end with 0. */
void mp_desk_once(MpDesk *desk);
/* From here on the program, a build that may be told the time, and all who write live at this time;
 * it only goes forward. */
void mp_desk_set_now(MpDesk *desk, gint64 unix_s);
guint mp_desk_n_cases(MpDesk *desk);
/* A member of the n-th case (from 1), in words: "number", "step", "state", "holder", "missing",
 * "linked"; "outcome2" is that of applicant 2. NULL when there is no such case. */
char *mp_desk_case(MpDesk *desk, guint n, const char *member);
/* Where the n-th case stands. */
void mp_desk_expect(
    MpDesk *desk, guint n, const char *step, const char *state, const char *file, int line);
#define assert_case(desk, n, step, state)                                                          \
    mp_desk_expect((desk), (n), (step), (state), __FILE__, __LINE__)
/* Rows of `mail list` or `outbox list` that hold the part. */
guint mp_desk_rows(MpDesk *desk, const char *list, const char *part);

/* --- mail --- */

typedef struct {
    char *from, *to, *subject, *message_id, *in_reply_to;
    char *auto_submitted;
    char *text; /* of the text part, decoded */
    char *html; /* likewise */
    char *raw;  /* as it lies on the server */
    char *code; /* of the footer, or NULL */
    guint n_attachments;
} MpDeskMail;

void mp_desk_mail_free(MpDeskMail *mail);
/* All mail in somebody's INBOX, oldest first (MpDeskMail). */
GPtrArray *mp_desk_mails(MpDesk *desk, const char *name);
guint mp_desk_count(MpDesk *desk, const char *name);
/* The newest mail that has `part` in its subject or text (NULL = any) and, for `with_code`, a code;
 * fails the test when there is none. */
MpDeskMail *mp_desk_newest(MpDesk *desk, const char *name, const char *part, gboolean with_code);
guint mp_desk_count_with(MpDesk *desk, const char *name, const char *part);

typedef struct {
    const char *from;       /* address; NULL = who got the mail */
    const char *text;       /* above the quote */
    const char *head;       /* further header lines, each with its line end */
    const char *message_id; /* NULL = a new one */
    const char *date;       /* NULL = now */
    const char *type;       /* of the body; NULL = text/plain; charset=utf-8 */
    const char *envelope;   /* NULL = from */
    MpTownVia via;
    gboolean has_no_thread; /* neither In-Reply-To nor References */
    gboolean has_no_quote;
} MpDeskReply;

/* Answers a mail to the office, as mail programs do. */
void mp_desk_reply(MpDesk *desk, const MpDeskMail *mail, const MpDeskReply *reply);
/* An official answers the newest mail that asked him with these words. */
void mp_desk_say(MpDesk *desk, const char *name, const char *words);
/* The same, and the desk works it. */
void mp_desk_step(MpDesk *desk, const char *name, const char *words);
/* A mail of its own to the office; `from` is an address. */
void
mp_desk_write(MpDesk *desk, MpTownVia via, const char *from, const char *subject, const char *text);
void
mp_desk_send_raw(MpDesk *desk, MpTownVia via, const char *from, const char *mail, gssize length);

/* --- letters and notices (desk-letters.c) --- */

typedef struct {
    const char *name, *nip, *nik; /* nik may be NULL */
    const char *mailbox;          /* as for mp_desk_address() */
} MpDeskPerson;

typedef struct {
    const char *sender; /* mailbox name of the OPD */
    const char *office; /* its name */
    const char *subject;
    const char *number; /* of the letter */
    const char *remark; /* below the people, or NULL */
    const char *head;   /* further header lines, or NULL */
    MpDeskPerson people[3];
    const char *papers[4];
} MpDeskLetter;

/* The bytes, for those who send it in some other way. */
char *mp_desk_letter(MpDesk *desk, const MpDeskLetter *letter);
void mp_desk_send_letter(MpDesk *desk, const MpDeskLetter *letter);
/* Papers that come later: an answer to the mail. */
void mp_desk_supplement(MpDesk *desk,
                        const MpDeskMail *mail,
                        const MpDeskLetter *letter,
                        const char *const *papers);
/* A notice of BSrE about the person; `words` after "atas nama …". */
void
mp_desk_notice(MpDesk *desk, const MpDeskPerson *person, const char *subject, const char *words);

/* --- what holds for every mail that goes out ---
 * No NIP or NIK of a letter is readable in it; no code is in mail to anybody but an official, and
 * none in two officials' mail. */
void mp_desk_check(MpDesk *desk);
