/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The IMAP port against servers that lie, stall, flood and break off, and against whoever sits in
 * between. No row may hang, crash, lose a mail, touch a wrong one or let the password out. */

#include "ports/ports.h"
#include "support/asserts.h"
#include "support/scripted-imap.h"

#include <openssl/ssl.h>
#include <signal.h>

#define BATCH "UID FETCH 1:5 (UID RFC822.SIZE INTERNALDATE BODY"
#define THIRD "UID FETCH 3 (UID RFC822.SIZE INTERNALDATE BODY"
#define SURVEY "UID FETCH 1:5 (UID RFC822.SIZE INTERNALDATE)"
#define LIST "UID FETCH 1:* (UID)"
#define PARENS_16 "(((((((((((((((("

static char *certs;

/* libetpan 1.9.4 loses a BYE greeting (some 50 bytes a refused connection). */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
    return "leak:mailimap_greeting_new\nleak:mailimap_resp_cond_bye_new\n"
           "leak:mailimap_resp_text_new\n";
}

static int
make_certs(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    signal(SIGPIPE, SIG_IGN); /* the scripted server's own TLS; the port must not need it */
    certs = g_dir_make_tmp("mpc-XXXXXX", NULL);
    mp_certs_make(certs, &error);
    assert_no_gerror(error);
    return 0;
}

static int
remove_certs(void **state)
{
    (void)state;
    mp_town_remove_tree(certs);
    g_free(certs);
    return 0;
}

static MpMailbox *
mailbox_for(const MpScripted *server, MpTlsMode tls)
{
    g_autofree char *ca = g_build_filename(certs, "ca.pem", NULL);
    g_autoptr(GError) error = NULL;
    MpImapOptions options = {
        .host = (char *)MP_TOWN_HOST,
        .port = mp_scripted_port(server),
        .folder = (char *)"INBOX",
        .tls = tls,
        .user = (char *)"kantor",
        .password = (char *)MP_SCRIPTED_PASSWORD,
        .ca_file = ca,
        .timeout_ms = 300,
        .command_ms = 700,
        .max_bytes = 100000,
        .use_idle = TRUE,
    };
    MpMailbox *mailbox = mp_mailbox_new_imap(&options, &error);

    assert_no_gerror(error);
    return mailbox;
}

/* --- connecting and listing ------------------------------------------------------------------- */

typedef struct {
    const char *name;
    MpTlsMode tls; /* of the client */
    MpScript script;
    MpSayRule rules[3];
    int want; /* error code, or -1 = fine */
    const char *want_text;
    gboolean is_password_heard;
} OpenRow;

#define TLS(row_name, kind, wanted, words_, heard)                                                 \
    {                                                                                              \
        row_name, MP_TLS_IMPLICIT, {.tls = MP_SCRIPT_TLS, .cert = kind}, {{0}}, wanted, words_,    \
            heard                                                                                  \
    }
#define STRIP(row_name, caps, on_, how_, say_, wanted, words_)                                     \
    {                                                                                              \
        row_name, MP_TLS_STARTTLS, {.tls = MP_SCRIPT_STARTTLS, .capability = caps},                \
            {{.on = on_, .how = how_, .text = say_}}, wanted, words_, FALSE                        \
    }
#define PLAIN(row_name, on_, how_, say_, wanted, words_, heard)                                    \
    {                                                                                              \
        row_name, MP_TLS_NONE, {.mails = 5}, {{.on = on_, .how = how_, .text = say_}}, wanted,     \
            words_, heard                                                                          \
    }

static const OpenRow opens[] = {
    TLS("T-19 a good certificate is accepted", MP_CERT_GOOD, -1, NULL, TRUE),
    TLS("T-19 a certificate for another host is refused",
        MP_CERT_WRONG_HOST,
        MP_ERROR_REFUSED,
        "hostname mismatch",
        FALSE),
    TLS("T-19 an expired certificate is refused",
        MP_CERT_EXPIRED,
        MP_ERROR_REFUSED,
        "expired",
        FALSE),
    TLS("T-19 a self-signed certificate is refused",
        MP_CERT_SELF_SIGNED,
        MP_ERROR_REFUSED,
        "self-signed",
        FALSE),
    TLS("T-19 a certificate of another CA is refused",
        MP_CERT_OTHER_CA,
        MP_ERROR_REFUSED,
        "unable to get local issuer",
        FALSE),
    {"T-19 TLS 1.1 is refused",
     MP_TLS_IMPLICIT,
     {.tls = MP_SCRIPT_TLS, .cert = MP_CERT_GOOD, .max_tls = TLS1_1_VERSION},
     {{0}},
     MP_ERROR_UNREACHABLE,
     "TLS:",
     FALSE},
    {"T-19 a server without TLS on the TLS port is refused",
     MP_TLS_IMPLICIT,
     {.tls = MP_SCRIPT_PLAIN},
     {{0}},
     MP_ERROR_UNREACHABLE,
     "TLS:",
     FALSE},
    {"T-19 STARTTLS works", MP_TLS_STARTTLS, {.tls = MP_SCRIPT_STARTTLS}, {{0}}, -1, NULL, TRUE},
    STRIP("T-19 a server that offers no STARTTLS is refused",
          "IMAP4rev1 AUTH=PLAIN SASL-IR",
          NULL,
          MP_SAY_INSTEAD,
          NULL,
          MP_ERROR_REFUSED,
          "offers no STARTTLS"),
    STRIP("T-19 a NO to STARTTLS is refused",
          NULL,
          "STARTTLS",
          MP_SAY_INSTEAD,
          "$T NO tidak\r\n",
          MP_ERROR_REFUSED,
          "STARTTLS: server says 'tidak'"),
    STRIP("T-19 a BAD to STARTTLS is refused",
          NULL,
          "STARTTLS",
          MP_SAY_INSTEAD,
          "$T BAD tidak\r\n",
          MP_ERROR_UNREACHABLE,
          "tidak"),
    STRIP("T-19 bytes injected behind the OK of STARTTLS are refused",
          NULL,
          "STARTTLS",
          MP_SAY_INSTEAD,
          "$T OK mulai\r\n* CAPABILITY IMAP4rev1\r\n3 OK palsu\r\n4 OK palsu\r\n",
          MP_ERROR_REFUSED,
          NULL),
    STRIP("T-19 PREAUTH before STARTTLS is refused",
          NULL,
          "",
          MP_SAY_INSTEAD,
          "* PREAUTH halo\r\n",
          MP_ERROR_REFUSED,
          "PREAUTH"),
    {"T-19 STARTTLS with a certificate for another host is refused",
     MP_TLS_STARTTLS,
     {.tls = MP_SCRIPT_STARTTLS, .cert = MP_CERT_WRONG_HOST},
     {{0}},
     MP_ERROR_REFUSED,
     "hostname mismatch",
     FALSE},
    PLAIN("T-19 a server that hangs up at once",
          "",
          MP_SAY_CLOSE,
          "",
          MP_ERROR_UNREACHABLE,
          "closed",
          FALSE),
    PLAIN("T-19 a server that says BYE",
          "",
          MP_SAY_CLOSE,
          "* BYE sedang penuh\r\n",
          MP_ERROR_UNREACHABLE,
          "sedang penuh",
          FALSE),
    PLAIN("T-19 a server of another kind",
          "",
          MP_SAY_CLOSE,
          "220 smtp.example ESMTP\r\n",
          MP_ERROR_UNREACHABLE,
          "cannot be read",
          FALSE),
    PLAIN("T-19 a silent server", "", MP_SAY_STALL, "", MP_ERROR_UNREACHABLE, "silent", FALSE),
    PLAIN("T-19 a greeting that drips",
          "",
          MP_SAY_DRIP,
          "x",
          MP_ERROR_UNREACHABLE,
          "too long",
          FALSE),
    PLAIN("T-19 a greeting without end",
          "",
          MP_SAY_FLOOD,
          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
          MP_ERROR_UNREACHABLE,
          "line without end",
          FALSE),
    PLAIN("T-19 a greeting of parentheses",
          "",
          MP_SAY_FLOOD,
          PARENS_16,
          MP_ERROR_UNREACHABLE,
          "too deep",
          FALSE),
    PLAIN("T-19 PREAUTH on an open line",
          "",
          MP_SAY_INSTEAD,
          "* PREAUTH halo\r\n",
          MP_ERROR_REFUSED,
          "PREAUTH",
          FALSE),
    PLAIN("T-19 no capabilities",
          "CAPABILITY",
          MP_SAY_INSTEAD,
          "$T OK selesai\r\n",
          MP_ERROR_UNREACHABLE,
          "no capabilities",
          FALSE),
    PLAIN("T-19 a NO that gives the password back",
          "LOGIN",
          MP_SAY_INSTEAD,
          "$T NO kantor " MP_SCRIPTED_PASSWORD " salah\r\n",
          MP_ERROR_REFUSED,
          "(words withheld)",
          TRUE),
    PLAIN("T-19 a login put off",
          "LOGIN",
          MP_SAY_INSTEAD,
          "$T NO [UNAVAILABLE] nanti\r\n",
          MP_ERROR_REFUSED_SOON,
          "nanti",
          TRUE),
    PLAIN("T-19 a login refused",
          "LOGIN",
          MP_SAY_INSTEAD,
          "$T NO [AUTHENTICATIONFAILED] salah\r\n",
          MP_ERROR_REFUSED,
          "salah",
          TRUE),
    PLAIN("T-19 control characters in the server's words are not shown",
          "LOGIN",
          MP_SAY_INSTEAD,
          "$T NO a\x1b[31mb\r\n",
          MP_ERROR_REFUSED,
          "a[31mb",
          TRUE),
    PLAIN("T-19 an answer with the wrong tag",
          "LOGIN",
          MP_SAY_INSTEAD,
          "zz9 OK masuk\r\n",
          MP_ERROR_UNREACHABLE,
          NULL,
          TRUE),
    PLAIN("T-19 no UIDVALIDITY",
          "SELECT",
          MP_SAY_INSTEAD,
          "* 5 EXISTS\r\n$T OK selesai\r\n",
          MP_ERROR_REFUSED,
          "no UIDVALIDITY",
          TRUE),
    PLAIN("T-19 a listing cut off",
          LIST,
          MP_SAY_CLOSE,
          "* 1 FETCH (UID 1)\r\n* 2 FE",
          MP_ERROR_UNREACHABLE,
          "closed",
          TRUE),
    PLAIN("T-19 a listing without end",
          LIST,
          MP_SAY_FLOOD,
          "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n",
          MP_ERROR_UNREACHABLE,
          NULL,
          TRUE),
    PLAIN("T-19 a NO after half a listing",
          LIST,
          MP_SAY_INSTEAD,
          "* 1 FETCH (UID 1)\r\n$T NO gagal\r\n",
          MP_ERROR_REFUSED,
          "gagal",
          TRUE),
};

static void
open_row(void **state)
{
    const OpenRow *row = *state;
    MpScript script = row->script;
    guint32 validity = 0;
    g_autoptr(GArray) uids = NULL;
    g_autoptr(GError) error = NULL;

    script.rules = row->rules;
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, row->tls);
    gboolean done = mailbox->list(mailbox, 0, 0, &validity, &uids, &error);

    mailbox->free(mailbox);
    g_autofree char *heard = mp_scripted_heard(server);

    mp_scripted_stop(server);
    if (row->want < 0) {
        assert_no_gerror(error);
        assert_true(done);
    } else {
        assert_gerror(error, (MpErrorCode)row->want);
        if (row->want_text != NULL)
            assert_contains(error->message, row->want_text);
        assert_lacks(error->message, MP_SCRIPTED_PASSWORD);
        assert_null(uids);
    }
    assert_int_equal(strstr(heard, MP_SCRIPTED_PASSWORD) != NULL, row->is_password_heard);
}

static void
where_login_is_disabled_plain_is_used(void **state)
{
    const MpScript script = {.capability = "IMAP4rev1 LOGINDISABLED AUTH=PLAIN SASL-IR",
                             .mails = 1};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    guint32 validity = 0;
    g_autoptr(GArray) uids = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    mailbox->list(mailbox, 0, 0, &validity, &uids, &error);
    mailbox->free(mailbox);
    g_autofree char *heard = mp_scripted_heard(server);

    mp_scripted_stop(server);
    assert_no_gerror(error);
    assert_int_equal(uids->len, 1);
    assert_contains(heard, "AUTHENTICATE PLAIN AGthbnRvcgByYWhhc2lhLW5hc2thaA==\r\n");
}

/* --- fetching --------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    MpSayRule rules[3];
    const char *want; /* "1 2 3(why) …" */
    int want_error;   /* -1 = none */
} FetchRow;

#define ALL "1 2 3 4 5 "
#define ODD "* 3 FETCH (UID 3 EMAILID (M1) BODY[] {3}\r\nabc)\r\n$T OK selesai\r\n"
#define BROKEN                                                                                     \
    {                                                                                              \
        .on = BATCH, .how = MP_SAY_INSTEAD, .text = ODD                                            \
    }

static const FetchRow fetches[] = {
    {"T-21 an honest server", {{0}}, ALL, -1},
    {"T-21 a batch that cannot be read is fetched one by one", {BROKEN}, ALL, -1},
    {"T-21 a batch answered NO is fetched one by one",
     {{.on = BATCH, .text = "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n$T NO rusak\r\n"}},
     "1! 2 3 4 5 ",
     -1},
    {"T-21 what a batch answered OK left out is fetched one by one",
     {{.on = BATCH, .text = "$T OK selesai\r\n"}},
     ALL,
     -1},
    {"T-21 a mail that can never be read is told",
     {BROKEN, {.on = THIRD, .text = ODD}},
     "1 2 3(unreadable) 4 5 ",
     -1},
    {"T-21 a mail the server refuses is told",
     {BROKEN, {.on = THIRD, .text = "$T NO [SERVERBUG] rusak\r\n"}},
     "1 2 3(refused) 4 5 ",
     -1},
    {"T-21 a mail the server puts off is an error for later",
     {BROKEN, {.on = THIRD, .text = "$T NO [INUSE] nanti\r\n"}},
     "1 2 ",
     MP_ERROR_REFUSED_SOON},
    {"T-21 a literal of four gibibytes is never waited for",
     {{.on = BATCH, .how = MP_SAY_STALL, .text = "* 1 FETCH (UID 1 BODY[] {4294967290}\r\nabc"}},
     ALL,
     -1},
    {"T-22 a mail that announces more than a mail may have is told",
     {BROKEN,
      {.on = THIRD, .how = MP_SAY_STALL, .text = "* 3 FETCH (UID 3 BODY[] {100001}\r\nabc"}},
     "1 2 3(large) 4 5 ",
     -1},
    {"T-22 a literal with a negative size",
     {{.on = BATCH, .text = "* 1 FETCH (UID 1 BODY[] {-5}\r\n)\r\n$T OK selesai\r\n"}},
     ALL,
     -1},
    {"T-21 parentheses without end",
     {{.on = BATCH,
       .how = MP_SAY_STALL,
       .text = "* 1 FETCH (BODYSTRUCTURE " PARENS_16 PARENS_16 PARENS_16 PARENS_16 PARENS_16}},
     ALL,
     -1},
    {"T-21 a flood of flags",
     {{.on = BATCH,
       .how = MP_SAY_FLOOD,
       .text = "* 1 FETCH (FLAGS (\\Seen \\Answered \\Flagged))\r\n"}},
     ALL,
     -1},
    {"T-21 a line without end",
     {{.on = BATCH, .how = MP_SAY_FLOOD, .text = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}},
     ALL,
     -1},
    {"F-11 a connection cut inside a literal",
     {{.on = BATCH, .how = MP_SAY_CLOSE, .text = "* 1 FETCH (UID 1 BODY[] {30}\r\nFrom: a"}},
     ALL,
     -1},
    {"F-11 a connection cut inside a line",
     {{.on = BATCH, .how = MP_SAY_CLOSE, .text = "* 1 FETCH (UI"}},
     ALL,
     -1},
    {"F-11 silence inside a literal",
     {{.on = BATCH, .how = MP_SAY_STALL, .text = "* 1 FETCH (UID 1 BODY[] {30}\r\nFrom: a"}},
     ALL,
     -1},
    {"F-11 one byte at a time without end",
     {{.on = BATCH, .how = MP_SAY_DRIP, .text = "x"}},
     ALL,
     -1},
    {"F-11 a BYE in the middle",
     {{.on = BATCH, .how = MP_SAY_CLOSE, .text = "* BYE pergi\r\n"}},
     ALL,
     -1},
    {"T-22 NIL is no content",
     {BROKEN, {.on = THIRD, .text = "* 3 FETCH (UID 3 BODY[] NIL)\r\n$T OK selesai\r\n"}},
     "1 2 3(nothing) 4 5 ",
     -1},
    {"T-22 an empty string is no content while the size says otherwise",
     {BROKEN, {.on = THIRD, .text = "* 3 FETCH (UID 3 BODY[] \"\")\r\n$T OK selesai\r\n"}},
     "1 2 3(nothing) 4 5 ",
     -1},
    {"T-22 a UID told twice keeps its first content",
     {{.on = BATCH, .how = MP_SAY_BEFORE, .text = "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n"}},
     "1! 2 3 4 5 ",
     -1},
    {"T-22 a mail nobody asked for is ignored",
     {{.on = BATCH, .how = MP_SAY_BEFORE, .text = "* 9 FETCH (UID 9 BODY[] {3}\r\nabc)\r\n"}},
     ALL,
     -1},
    {"T-22 content without a UID is ignored",
     {{.on = BATCH, .how = MP_SAY_BEFORE, .text = "* 1 FETCH (BODY[] {3}\r\nabc)\r\n"}},
     ALL,
     -1},
    {"F-13 an unsolicited expunge does not disturb",
     {{.on = BATCH,
       .how = MP_SAY_BEFORE,
       .text = "* 7 EXPUNGE\r\n* 4 EXISTS\r\n* OK [ALERT] awas\r\n"}},
     ALL,
     -1},
    {"T-22 sizes that cannot be read",
     {{.on = SURVEY, .text = "* 1 FETCH (UID 1 RFC822.SIZE x)\r\n$T OK selesai\r\n"}},
     ALL,
     -1},
    {"T-22 sizes answered NO", {{.on = SURVEY, .text = "$T NO rusak\r\n"}}, ALL, -1},
    {"T-21 an absurd date",
     {{.on = SURVEY,
       .text = "* 1 FETCH (UID 1 RFC822.SIZE 45 INTERNALDATE \"99-Feb-0000 99:99:99 +9999\")\r\n$T "
               "OK selesai\r\n"}},
     "1 ",
     -1},
    {"T-22 a size beyond the limit is told without fetching",
     {{.on = SURVEY,
       .text = "* 1 FETCH (UID 1 RFC822.SIZE 100001)\r\n* 2 FETCH (UID 2 RFC822.SIZE 45)\r\n$T "
               "OK selesai\r\n"}},
     "1(large) 2 ",
     -1},
    {"F-13 mails gone since the list are left out",
     {{.on = SURVEY, .text = "* 2 FETCH (UID 2 RFC822.SIZE 45)\r\n$T OK selesai\r\n"}},
     "2 ",
     -1},
};

/* What came: its UID, "!" when the content is not the true one, or why there is none. */
static gboolean
note(const MpFetched *mail, gpointer data)
{
    GString *got = data;
    g_autofree char *want = mp_scripted_mail(mail->uid);
    const char *why = mail->problem == NULL                       ? ""
                      : strstr(mail->problem, "larger") != NULL   ? "(large)"
                      : strstr(mail->problem, "cannot be read")   ? "(unreadable)"
                      : strstr(mail->problem, "server says")      ? "(refused)"
                      : strstr(mail->problem, "gives no content") ? "(nothing)"
                      : strstr(mail->problem, "lost each time")   ? "(lost)"
                                                                  : mail->problem;
    gboolean is_true = mail->content == NULL ||
                       (g_bytes_get_size(mail->content) == strlen(want) &&
                        memcmp(g_bytes_get_data(mail->content, NULL), want, strlen(want)) == 0);

    g_string_append_printf(got, "%u%s%s ", mail->uid, is_true ? "" : "!", why);
    return TRUE;
}

static gboolean
fetch_five(MpMailbox *mailbox, GString *got, GError **error)
{
    const guint32 uids[] = {1, 2, 3, 4, 5};

    return mailbox->fetch(mailbox, uids, 5, note, got, error);
}

static void
fetch_row(void **state)
{
    const FetchRow *row = *state;
    const MpScript script = {.mails = 5, .rules = row->rules};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    g_autoptr(GString) got = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    fetch_five(mailbox, got, &error);
    mailbox->free(mailbox);
    mp_scripted_stop(server);
    if (row->want_error < 0)
        assert_no_gerror(error);
    else
        assert_gerror(error, (MpErrorCode)row->want_error);
    assert_text(got->str, row->want);
}

static void
a_mail_that_kills_the_server_each_time_stops_nobody(void **state)
{
    const MpSayRule rules[] = {
        {.on = BATCH, .how = MP_SAY_CLOSE}, {.on = THIRD, .how = MP_SAY_CLOSE}, {0}};
    const MpScript script = {.mails = 5, .rules = rules};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    g_autoptr(GString) first = g_string_new(NULL);
    g_autoptr(GString) second = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) no_error = NULL;

    (void)state;
    fetch_five(mailbox, first, &error);
    fetch_five(mailbox, second, &no_error);
    mailbox->free(mailbox);
    mp_scripted_stop(server);
    assert_gerror(error, MP_ERROR_UNREACHABLE);
    assert_text(first->str, "1 2 ");
    assert_no_gerror(no_error);
    assert_text(second->str, "1 2 3(lost) 4 5 ");
}

/* --- moving ----------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *capability;
    MpSayRule rules[3];
    int want_error;
    const char *want_text;
    const char *want_gone;   /* UIDs no longer in INBOX */
    const char *never_heard; /* or NULL */
} MoveRow;

#define NO_MOVE "IMAP4rev1 UIDPLUS"

static const MoveRow moves[] = {
    {"T-21 MOVE moves", NULL, {{0}}, -1, NULL, "2 3 4 ", "STORE"},
    {"T-21 COPY and EXPUNGE move", NO_MOVE, {{0}}, -1, NULL, "2 3 4 ", NULL},
    {"T-21 a missing folder is made, with TRYCREATE",
     NULL,
     {{.on = "UID MOVE", .times = 1, .text = "$T NO [TRYCREATE] tidak ada\r\n"}},
     -1,
     NULL,
     "2 3 4 ",
     NULL},
    {"T-21 a missing folder is made, without the code too",
     NO_MOVE,
     {{.on = "UID COPY", .times = 1, .text = "$T NO tidak ada\r\n"}},
     -1,
     NULL,
     "2 3 4 ",
     NULL},
    {"T-21 a folder that cannot be made is refused",
     NULL,
     {{.on = "UID MOVE", .text = "$T NO [TRYCREATE] tidak ada\r\n"},
      {.on = "CREATE", .text = "$T NO tidak boleh\r\n"}},
     MP_ERROR_REFUSED,
     "tidak ada",
     "",
     "EXPUNGE"},
    {"T-21 a full folder is refused",
     NULL,
     {{.on = "UID MOVE", .text = "$T NO [OVERQUOTA] penuh\r\n"}},
     MP_ERROR_REFUSED,
     "penuh",
     "",
     "EXPUNGE"},
    {"T-22 a move that moved nothing is noticed",
     NULL,
     {{.on = "UID MOVE", .how = MP_SAY_SILENT}},
     MP_ERROR_UNREACHABLE,
     "uid 2 is still there",
     "",
     NULL},
    {"T-22 a copy without COPYUID expunges nothing",
     NO_MOVE,
     {{.on = "UID COPY", .text = "$T OK disalin\r\n"}},
     MP_ERROR_UNREACHABLE,
     "uid 2 is still there",
     "",
     "EXPUNGE"},
    {"T-22 only what COPYUID names is expunged",
     NO_MOVE,
     {{.on = "UID COPY", .text = "$T OK [COPYUID 77 2,4 1:2] disalin\r\n"}},
     MP_ERROR_UNREACHABLE,
     "uid 3 is still there",
     "2 4 ",
     NULL},
    {"T-22 COPYUID of mails not asked for expunges them not",
     NO_MOVE,
     {{.on = "UID COPY", .text = "$T OK [COPYUID 77 1:5 1:5] disalin\r\n"}},
     -1,
     NULL,
     "2 3 4 ",
     NULL},
    {"T-21 without MOVE and UIDPLUS nothing is tried",
     "IMAP4rev1",
     {{0}},
     MP_ERROR_REFUSED,
     "neither MOVE nor UIDPLUS",
     "",
     "COPY"},
    {"F-11 a connection lost at MOVE is an error",
     NULL,
     {{.on = "UID MOVE", .how = MP_SAY_CLOSE}},
     MP_ERROR_UNREACHABLE,
     "closed",
     "",
     NULL},
};

static void
move_row(void **state)
{
    const MoveRow *row = *state;
    const MpScript script = {.mails = 5, .capability = row->capability, .rules = row->rules};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    const guint32 uids[] = {4, 2, 3};
    g_autoptr(GString) gone = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    mailbox->move(mailbox, uids, 3, "mailproc/Selesai", &error);
    mailbox->free(mailbox);
    for (guint uid = 1; uid <= 5; uid++)
        if (mp_scripted_is_moved(server, uid))
            g_string_append_printf(gone, "%u ", uid);
    g_autofree char *heard = mp_scripted_heard(server);

    mp_scripted_stop(server);
    if (row->want_error < 0)
        assert_no_gerror(error);
    else
        assert_gerror(error, (MpErrorCode)row->want_error);
    if (row->want_text != NULL)
        assert_contains(error->message, row->want_text);
    assert_text(gone->str, row->want_gone);
    if (row->never_heard != NULL)
        assert_lacks(heard, row->never_heard);
}

static void
a_folder_name_cannot_smuggle_a_command(void **state)
{
    const MpScript script = {.mails = 5};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    const guint32 uid = 1;
    g_autoptr(GBytes) mail = g_bytes_new_static("x", 1);
    g_autoptr(GError) moving = NULL;
    g_autoptr(GError) appending = NULL;

    (void)state;
    mailbox->move(mailbox, &uid, 1, "a\r\nA1 DELETE INBOX", &moving);
    mailbox->append(mailbox, "a\"{5}", mail, &appending);
    mailbox->free(mailbox);
    g_autofree char *heard = mp_scripted_heard(server);

    mp_scripted_stop(server);
    assert_gerror(moving, MP_ERROR_CONFIG);
    assert_gerror(appending, MP_ERROR_CONFIG);
    assert_text(heard, "");
}

/* --- waiting ---------------------------------------------------------------------------------- */

/* Both in one piece: the second is in the buffer already when the port begins to wait. */
static void
news_that_came_with_the_plus_is_not_missed(void **state)
{
    const MpSayRule rules[] = {{.on = "IDLE", .text = "+ idling\r\n* 6 EXISTS\r\n"}, {0}};
    const MpScript script = {.mails = 5, .rules = rules};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    guint32 validity = 0;
    gboolean is_changed = FALSE;
    g_autoptr(GArray) uids = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    mailbox->list(mailbox, 0, 0, &validity, &uids, &error);
    assert_no_gerror(error);
    gint64 start = g_get_monotonic_time();

    mailbox->wait(mailbox, 30000, -1, &is_changed, &error);
    mailbox->free(mailbox);
    mp_scripted_stop(server);
    assert_no_gerror(error);
    assert_true(is_changed);
    assert_true(g_get_monotonic_time() - start < 10 * G_USEC_PER_SEC);
}

static void
a_server_gone_while_idling_is_noticed(void **state)
{
    const MpSayRule rules[] = {{.on = "IDLE", .how = MP_SAY_CLOSE, .text = "+ idling\r\n"}, {0}};
    const MpScript script = {.mails = 5, .rules = rules};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    guint32 validity = 0;
    gboolean is_changed = FALSE;
    g_autoptr(GArray) uids = NULL;
    g_autoptr(GArray) again = NULL;
    g_autoptr(GError) none = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    mailbox->list(mailbox, 0, 0, &validity, &uids, &none);
    assert_no_gerror(none);
    mailbox->wait(mailbox, 30000, -1, &is_changed, &error);
    mailbox->list(mailbox, 0, validity, &validity, &again, &none);
    mailbox->free(mailbox);
    mp_scripted_stop(server);
    assert_gerror(error, MP_ERROR_UNREACHABLE);
    assert_no_gerror(none);
    assert_int_equal(again->len, 5);
}

/* --- cut everywhere --------------------------------------------------------------------------- */

/* A sweep as the program makes it; what was fetched is noted. */
static gboolean
sweep(MpMailbox *mailbox, GString *got, GError **error)
{
    guint32 validity = 0;
    g_autoptr(GArray) uids = NULL;

    return mailbox->list(mailbox, 0, 7, &validity, &uids, error) &&
           mailbox->fetch(
               mailbox, (const guint32 *)(gpointer)uids->data, uids->len, note, got, error) &&
           mailbox->move(mailbox,
                         (const guint32 *)(gpointer)uids->data,
                         uids->len,
                         "mailproc/Selesai",
                         error);
}

static gsize
whole_session_bytes(const char *capability)
{
    const MpScript script = {.mails = 3, .capability = capability};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    g_autoptr(GString) got = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    sweep(mailbox, got, &error);
    gsize said = mp_scripted_said(server);

    mailbox->free(mailbox);
    mp_scripted_stop(server);
    assert_no_gerror(error);
    assert_text(got->str, "1 2 3 ");
    return said;
}

/* The first connection ends after `cut` bytes; two sweeps must do all the work. */
static void
check_cut(const char *capability, gsize cut)
{
    const MpScript script = {.mails = 3, .capability = capability, .cut_after = cut};
    MpScripted *server = mp_scripted_start(&script, certs);
    MpMailbox *mailbox = mailbox_for(server, MP_TLS_NONE);
    g_autoptr(GString) got = g_string_new(NULL);
    g_autoptr(GError) first = NULL;
    g_autoptr(GError) second = NULL;
    gboolean is_all_moved = TRUE;

    if (!sweep(mailbox, got, &first))
        sweep(mailbox, got, &second);
    mailbox->free(mailbox);
    for (guint uid = 1; uid <= 3; uid++)
        is_all_moved =
            is_all_moved && mp_scripted_is_moved(server, uid) && mp_scripted_is_copied(server, uid);
    mp_scripted_stop(server);
    if (second != NULL || !is_all_moved || strchr(got->str, '!') != NULL ||
        strchr(got->str, '(') != NULL || strstr(got->str, "3 ") == NULL)
        fail_msg("cut after %zu bytes: got '%s', %s, %s",
                 cut,
                 got->str,
                 is_all_moved ? "all moved" : "not all moved",
                 second ? second->message : "no error");
}

static void
a_cut_at_any_byte_loses_nothing(void **state)
{
    gsize whole = whole_session_bytes(NULL);

    (void)state;
    for (gsize cut = 1; cut < whole; cut++)
        check_cut(NULL, cut);
}

static void
a_cut_at_any_byte_loses_nothing_without_move(void **state)
{
    gsize whole = whole_session_bytes(NO_MOVE);

    (void)state;
    for (gsize cut = 1; cut < whole; cut++)
        check_cut(NO_MOVE, cut);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_login_is_disabled_plain_is_used),
        {"T-21 a mail that kills the server each time stops nobody",
         a_mail_that_kills_the_server_each_time_stops_nobody,
         NULL,
         NULL,
         NULL},
        {"T-20 a folder name cannot smuggle a command",
         a_folder_name_cannot_smuggle_a_command,
         NULL,
         NULL,
         NULL},
        cmocka_unit_test(news_that_came_with_the_plus_is_not_missed),
        {"F-11 a server gone while idling is noticed",
         a_server_gone_while_idling_is_noticed,
         NULL,
         NULL,
         NULL},
        {"F-11 a cut at any byte of a session loses nothing",
         a_cut_at_any_byte_loses_nothing,
         NULL,
         NULL,
         NULL},
        {"F-11 a cut at any byte loses nothing, without MOVE",
         a_cut_at_any_byte_loses_nothing_without_move,
         NULL,
         NULL,
         NULL},
    };
    int failed = 0;

    make_certs(NULL);
    failed += run_rows("hostile servers: opening", opens, open_row);
    failed += run_rows("hostile servers: fetching", fetches, fetch_row);
    failed += run_rows("hostile servers: moving", moves, move_row);
    failed += cmocka_run_group_tests_name("hostile servers", tests, NULL, NULL);
    remove_certs(NULL);
    return failed;
}
