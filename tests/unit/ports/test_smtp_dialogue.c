/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialogue of the SMTP sender: what it says, when it keeps and when it renews a connection, and
 * what it does not say on a line that should be encrypted. */
#include "fake-smtp.c"

/* --- the dialogue --------------------------------------------------------------------------------
 */

static void
test_dialogue(void **state)
{
    g_autofree char *reply = NULL;
    MpSender *sender;

    (void)state;
    start_server(&no_fault);
    sender = make_sender(FALSE, MP_TLS_NONE);
    assert_result(send_bytes(sender, FROM, TO, MAIL, &reply), MP_SEND_ACCEPTED);
    assert_result(send_bytes(sender, "", TO, MAIL, NULL), MP_SEND_ACCEPTED);
    sender->finish(sender);
    assert_result(send_bytes(sender, FROM, TO, MAIL, NULL), MP_SEND_ACCEPTED);
    sender->free(sender);
    stop_server();
    assert_text(reply, "250 2.0.0 queued as 4XUJI");
    assert_text(server.said->str,
                "EHLO uji.contohkab.go.id\r\n"
                "MAIL FROM:<" FROM "> SIZE=30\r\nRCPT TO:<" TO ">\r\nDATA\r\n"
                "Subject: satu\r\n\r\nisi\r\n..titik\r\n.\r\n"
                "MAIL FROM:<> SIZE=30\r\nRCPT TO:<" TO ">\r\nDATA\r\n"
                "Subject: satu\r\n\r\nisi\r\n..titik\r\n.\r\nQUIT\r\n"
                "EHLO uji.contohkab.go.id\r\n"
                "MAIL FROM:<" FROM "> SIZE=30\r\nRCPT TO:<" TO ">\r\nDATA\r\n"
                "Subject: satu\r\n\r\nisi\r\n..titik\r\n.\r\nQUIT\r\n");
    assert_int_equal(server.connections, 2);
    g_string_free(server.said, TRUE);
}

typedef struct {
    const char *name;
    Script script;
    guint want_connections, want_mails;
    MpSendResult want_first, want_second;
} ReuseRow;

static const ReuseRow reuse_rows[] = {
    {"F-17 mails share one connection", {.at = PHASES}, 1, 2, MP_SEND_ACCEPTED, MP_SEND_ACCEPTED},
    {"F-17 a connection that died while idle is replaced at once",
     {.at = PHASES, .is_single = TRUE},
     2,
     2,
     MP_SEND_ACCEPTED,
     MP_SEND_ACCEPTED},
    {"F-17 after a refused recipient the next mail goes",
     {.at = RCPTTO, .say = "550 5.1.1 unknown\r\n", .only_first = 1},
     2,
     1,
     MP_SEND_REFUSED,
     MP_SEND_ACCEPTED},
    {"F-17 after an answer that was lost the next mail goes",
     {.at = DOT, .is_cut = TRUE, .only_first = 1},
     2,
     2,
     MP_SEND_UNCERTAIN,
     MP_SEND_ACCEPTED},
    {"F-17 a fresh connection that fails is not tried twice",
     {.at = MAILFROM, .is_cut = TRUE},
     2,
     0,
     MP_SEND_UNREACHABLE,
     MP_SEND_UNREACHABLE},
};

static void
test_reuse(void **state)
{
    const ReuseRow *row = *state;
    MpSender *sender;

    start_server(&row->script);
    sender = make_sender(FALSE, MP_TLS_NONE);
    assert_result(send_bytes(sender, FROM, TO, MAIL, NULL), row->want_first);
    assert_result(send_bytes(sender, FROM, TO, MAIL, NULL), row->want_second);
    sender->free(sender);
    stop_server();
    assert_int_equal(server.connections, row->want_connections);
    assert_int_equal(server.mails, row->want_mails);
    g_string_free(server.said, TRUE);
}

/* A mail of which the end was never handed over cannot have arrived. */
static void
test_cut_in_the_middle(void **state)
{
    g_autoptr(GString) mail = g_string_new("Subject: besar\r\n\r\n");
    Script script = {.at = PHASES, .is_deaf = TRUE};
    MpSender *sender;

    (void)state;
    while (mail->len < 16 * 1024 * 1024)
        g_string_append(mail,
                        "0123456789012345678901234567890123456789012345678901234567890123\r\n");
    start_server(&script);
    sender = make_sender(FALSE, MP_TLS_NONE);
    assert_result(send_bytes(sender, FROM, TO, mail->str, NULL), MP_SEND_UNREACHABLE);
    sender->free(sender);
    forget_server();
}

static void
test_no_server(void **state)
{
    g_autofree char *reply = NULL;
    g_autoptr(GError) error = NULL;
    MpSender *sender;

    (void)state;
    start_server(&no_fault);
    sender = make_sender(FALSE, MP_TLS_NONE);
    stop_server();
    assert_result(send_bytes(sender, FROM, TO, MAIL, &reply), MP_SEND_UNREACHABLE);
    assert_true(reply[0] != '\0');
    assert_false(sender->check(sender, &error));
    assert_gerror(error, MP_ERROR_UNREACHABLE);
    sender->free(sender);
    g_string_free(server.said, TRUE);
}

static void
test_check(void **state)
{
    g_autoptr(GError) error = NULL;
    MpSender *sender;

    (void)state;
    start_server(&no_fault);
    sender = make_sender(TRUE, MP_TLS_NONE);
    if (!sender->check(sender, &error))
        assert_no_gerror(error);
    assert_result(send_bytes(sender, FROM, TO, MAIL, NULL), MP_SEND_ACCEPTED);
    sender->free(sender);
    stop_server();
    assert_contains(server.said->str, "AUTH PLAIN");
    assert_contains(server.said->str, "NOOP\r\nMAIL FROM");
    assert_int_equal(server.connections, 1);
    g_string_free(server.said, TRUE);
}

static void
test_check_refused(void **state)
{
    Script script = {.at = AUTH, .say = "535 5.7.8 salah\r\n"};
    g_autoptr(GError) error = NULL;
    MpSender *sender;

    (void)state;
    start_server(&script);
    sender = make_sender(TRUE, MP_TLS_NONE);
    assert_false(sender->check(sender, &error));
    assert_gerror(error, MP_ERROR_REFUSED);
    assert_lacks(error->message, "rahasia-uji");
    assert_contains(error->message, "535 5.7.8 salah");
    sender->free(sender);
    forget_server();
}

/* --- a line that should be encrypted
 * --------------------------------------------------------------- */

typedef struct {
    const char *name;
    Script script;
} StripRow;

static const StripRow strip_rows[] = {
    {"T-19 a server without STARTTLS gets no password",
     {.at = EHLO, .say = "250-uji\r\n250 AUTH PLAIN LOGIN\r\n"}},
    {"T-19 a server that refuses STARTTLS gets no password",
     {.at = STARTTLS, .say = "502 5.5.1 what\r\n"}},
    {"T-19 plain text behind the 220 of STARTTLS ends it",
     {.at = STARTTLS, .say = "220 go\r\n250 injected\r\n"}},
    {"T-19 a 220 without a handshake ends it",
     {.at = STARTTLS, .say = "220 go\r\n", .is_cut = TRUE}},
};

static void
test_strip(void **state)
{
    const StripRow *row = *state;
    MpSender *sender;

    start_server(&row->script);
    sender = make_sender(TRUE, MP_TLS_STARTTLS);
    assert_result(send_bytes(sender, FROM, TO, MAIL, NULL), MP_SEND_UNREACHABLE);
    sender->free(sender);
    stop_server();
    assert_lacks(server.said->str, "AUTH");
    assert_lacks(server.said->str, "MAIL");
    g_string_free(server.said, TRUE);
}

int
main(void)
{
    static const struct CMUnitTest single[] = {
        {"two mails, a farewell and a third", test_dialogue, NULL, NULL, NULL},
        {"a mail cut in the middle did not arrive", test_cut_in_the_middle, NULL, NULL, NULL},
        {"nobody listens", test_no_server, NULL, NULL, NULL},
        {"check logs in and the mail follows on it", test_check, NULL, NULL, NULL},
        {"check says that the login is refused", test_check_refused, NULL, NULL, NULL},
    };
    int failed = run_rows("connections", reuse_rows, test_reuse);
    failed += run_rows("stripped encryption", strip_rows, test_strip);
    return failed + cmocka_run_group_tests(single, NULL, NULL);
}
