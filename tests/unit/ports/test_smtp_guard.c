/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must never reach the wire: addresses that carry commands, mails that smuggle a second one,
 * options that would talk in the clear. */
#include "fake-smtp.c"

/* --- envelope addresses
 * --------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *address;
} AddressRow;

#define L16 "aaaaaaaaaaaaaaaa"
#define L64 L16 L16 L16 L16

static const AddressRow address_rows[] = {
    {"T-17 a second command behind CRLF", "a@contohkab.go.id>\r\nRCPT TO:<evil@contoh.example"},
    {"T-17 a bare LF", "a@contohkab.go.id\nRCPT TO:<evil@contoh.example>"},
    {"T-17 a bare CR", "a@contohkab.go.id\rDATA"},
    {"T-17 a LF at the end", "a@contohkab.go.id\n"},
    {"T-17 a closing bracket", "a@contohkab.go.id>"},
    {"T-17 brackets around", "<a@contohkab.go.id>"},
    {"T-17 parameters behind", "a@contohkab.go.id NOTIFY=NEVER"},
    {"T-17 a closing bracket and parameters", "a@contohkab.go.id> SIZE=1"},
    {"T-17 a blank", "a b@contohkab.go.id"},
    {"T-17 a tab", "a\tb@contohkab.go.id"},
    {"T-17 a control character", "a\x01@contohkab.go.id"},
    {"T-17 a DEL", "a\x7f@contohkab.go.id"},
    {"T-17 a quoted local part", "\"a b\"@contohkab.go.id"},
    {"T-17 a quoted pair", "a\\@b@contohkab.go.id"},
    {"T-17 a comment", "a(b)@contohkab.go.id"},
    {"T-17 a route", "@x.example,@y.example:a@contohkab.go.id"},
    {"T-17 two addresses", "a@contohkab.go.id,b@contohkab.go.id"},
    {"T-17 a list by semicolon", "a@contohkab.go.id;b@contohkab.go.id"},
    {"T-17 an address literal", "a@[127.0.0.1]"},
    {"T-17 a name before the address", "A <a@contohkab.go.id>"},
    {"T-17 raw UTF-8 in the local part", "b\xc3\xbcro@contohkab.go.id"},
    {"T-17 raw UTF-8 in the domain", "a@b\xc3\xbcro.example"},
    {"T-17 U+2028", "a\xe2\x80\xa8@contohkab.go.id"},
    {"T-17 an encoded word", "=?utf-8?q?a=40b?= @contohkab.go.id"},
    {"T-17 no at sign", "contohkab.go.id"},
    {"T-17 two at signs", "a@b@contohkab.go.id"},
    {"T-17 no local part", "@contohkab.go.id"},
    {"T-17 no domain", "a@"},
    {"T-17 a dot at the end of the domain", "a@contohkab.go.id."},
    {"T-17 two dots", "a@contohkab..go.id"},
    {"T-17 a local part of 65 bytes", L64 "a@contohkab.go.id"},
    {"T-17 a local part of 512 bytes", L64 L64 L64 L64 L64 L64 L64 L64 "@contohkab.go.id"},
    {"T-17 a domain of 300 bytes", "a@" L64 "." L64 "." L64 "." L64 "." L16 L16 ".go.id"},
};

static void
test_address(void **state)
{
    const AddressRow *row = *state;
    g_autofree char *reply = NULL;
    MpSender *sender;

    start_server(&no_fault);
    sender = make_sender(FALSE, MP_TLS_NONE);
    assert_result(send_bytes(sender, FROM, row->address, MAIL, &reply), MP_SEND_REFUSED);
    assert_contains(reply, "recipient is not plain");
    assert_result(send_bytes(sender, row->address, TO, MAIL, NULL), MP_SEND_REFUSED);
    assert_int_equal(server.connections, 0);
    assert_result(send_bytes(sender, FROM, TO, MAIL, NULL), MP_SEND_ACCEPTED);
    sender->free(sender);
    forget_server();
}

/* --- mails
 * ------------------------------------------------------------------------------------------- */

#define LINE_998 L64 L64 L64 L64 L64 L64 L64 L64 L64 L64 L64 L64 L64 L64 L64 L16 L16 "aaaaaa"

typedef struct {
    const char *name;
    const char *mail;
    gsize length; /* 0 = up to NUL */
    MpSendResult want;
} MailRow;

static const MailRow mail_rows[] = {
    {"T-18 dots alone on lines are stuffed", "A: b\r\n\r\n.\r\n..\r\n.x\r\n", 0, MP_SEND_ACCEPTED},
    {"T-18 a line of 998 bytes", "A: b\r\n\r\n" LINE_998 "\r\n", 0, MP_SEND_ACCEPTED},
    {"T-18 a line of 999 bytes", "A: b\r\n\r\n" LINE_998 "a\r\n", 0, MP_SEND_REFUSED},
    {"T-18 LF . LF", "A: b\r\n\r\nx\n.\nMAIL FROM:<e@x.example>\r\n", 0, MP_SEND_REFUSED},
    {"T-18 LF . CRLF", "A: b\r\n\r\nx\n.\r\nMAIL FROM:<e@x.example>\r\n", 0, MP_SEND_REFUSED},
    {"T-18 CR . CR", "A: b\r\n\r\nx\r.\rMAIL FROM:<e@x.example>\r\n", 0, MP_SEND_REFUSED},
    {"T-18 CRLF . LF", "A: b\r\n\r\nx\r\n.\nMAIL FROM:<e@x.example>\r\n", 0, MP_SEND_REFUSED},
    {"T-18 CR CRLF", "A: b\r\n\r\nx\r\r\n", 0, MP_SEND_REFUSED},
    {"T-18 a NUL", "A: b\r\n\r\nx\0y\r\n", 13, MP_SEND_REFUSED},
    {"T-18 8-bit text", "A: b\r\n\r\nb\xc3\xbcro\r\n", 0, MP_SEND_REFUSED},
    {"T-18 no line end at the end", "A: b\r\n\r\nx", 0, MP_SEND_REFUSED},
    {"T-18 only a LF at the end", "A: b\r\n\r\nx\n", 0, MP_SEND_REFUSED},
    {"T-18 a CR at the very end", "A: b\r\n\r\nx\r", 0, MP_SEND_REFUSED},
    {"T-18 nothing", "", 0, MP_SEND_REFUSED},
};

static void
test_mail(void **state)
{
    const MailRow *row = *state;
    g_autoptr(GBytes) mail =
        g_bytes_new(row->mail, row->length == 0 ? strlen(row->mail) : row->length);
    MpSender *sender;

    start_server(&no_fault);
    sender = make_sender(FALSE, MP_TLS_NONE);
    assert_result(sender->send(sender, FROM, TO, mail, NULL), row->want);
    sender->free(sender);
    stop_server();
    assert_int_equal(server.mails, row->want == MP_SEND_ACCEPTED);
    assert_lacks(server.said->str, "e@x.example");
    g_string_free(server.said, TRUE);
}

/* --- options
 * ------------------------------------------------------------------------------------------ */

typedef struct {
    const char *name;
    MpSmtpOptions options;
    const char *want; /* part of the error; NULL = fine */
} OptionRow;

#define T(text) ((char *)(text))

static const OptionRow option_rows[] = {
    {"T-17 plain to 127.0.0.1", {.host = T("127.0.0.1"), .tls = MP_TLS_NONE}, NULL},
    {"T-17 plain to 127.255.0.1", {.host = T("127.255.0.1"), .tls = MP_TLS_NONE}, NULL},
    {"T-17 plain to ::1", {.host = T("::1"), .tls = MP_TLS_NONE}, NULL},
    {"T-17 plain to localhost", {.host = T("localhost"), .tls = MP_TLS_NONE}, NULL},
    {"T-17 plain to another host",
     {.host = T("mail.contohkab.go.id"), .tls = MP_TLS_NONE},
     "loopback"},
    {"T-17 plain to a name that begins with 127.",
     {.host = T("127.0.0.1.contoh.example"), .tls = MP_TLS_NONE},
     "loopback"},
    {"T-17 encrypted to another host", {.host = T("mail.contohkab.go.id")}, NULL},
    {"T-17 no host", {.host = NULL}, "host"},
    {"T-17 an empty host", {.host = T("")}, "host"},
    {"T-17 a host with a path", {.host = T("mail/../x")}, "host"},
    {"T-17 a host with a user", {.host = T("a@mail")}, "host"},
    {"T-17 a host with CRLF", {.host = T("mail\r\nQUIT")}, "host"},
    {"T-17 a host that looks like an option", {.host = T("-mail")}, "host"},
    {"T-17 a helo with CRLF", {.host = T("mail"), .helo = T("x\r\nMAIL")}, "helo"},
    {"T-17 a helo with a blank", {.host = T("mail"), .helo = T("x y")}, "helo"},
    {"T-17 a user without a password", {.host = T("mail"), .user = T("a")}, "password"},
    {"T-17 a password with LF",
     {.host = T("mail"), .user = T("a"), .password = T("x\ny")},
     "control"},
    {"T-17 a user with CR", {.host = T("mail"), .user = T("a\rb"), .password = T("x")}, "control"},
};

static void
test_option(void **state)
{
    const OptionRow *row = *state;
    g_autoptr(GError) error = NULL;
    MpSender *sender = mp_sender_new_smtp(&row->options, &error);

    if (row->want == NULL) {
        assert_no_gerror(error);
        sender->free(sender);
        return;
    }
    assert_null(sender);
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
}

int
main(void)
{
    int failed = run_rows("envelope addresses", address_rows, test_address);

    failed += run_rows("mails", mail_rows, test_mail);
    return failed + run_rows("options", option_rows, test_option);
}
