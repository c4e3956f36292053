/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

/* Each limit at N (read) and at N + 1 (refused before or while GMime works). */

typedef char *(*Build)(guint n);

typedef struct {
    const char *name;
    Build build;
    guint at; /* the largest n that is read */
} Row;

static void
repeat(GString *out, const char *text, guint n)
{
    for (guint i = 0; i < n; i++)
        g_string_append(out, text);
}

static char *
bytes_of(guint n)
{
    GString *mail = g_string_new("Subject: x\n\n");

    while (mail->len < n)
        g_string_append_c(mail, 'a');
    return g_string_free(mail, FALSE);
}

/* Fields of 100 bytes, the last as long as needed. */
static char *
header_bytes(guint n)
{
    GString *mail = g_string_new(NULL);

    while (mail->len + 200 < n)
        g_string_append_printf(mail, "X-A: %094d\n", 1);
    g_string_append(mail, "X-B: ");
    while (mail->len + 1 < n)
        g_string_append_c(mail, 'x');
    g_string_append(mail, "\n\nbody\n");
    return g_string_free(mail, FALSE);
}

static char *
header_count(guint n)
{
    GString *mail = g_string_new(NULL);

    repeat(mail, "X-A: b\n", n);
    g_string_append(mail, "\nbody\n");
    return g_string_free(mail, FALSE);
}

static char *
field_bytes(guint n)
{
    GString *mail = g_string_new("X-A: ");

    repeat(mail, "b", n - 3);
    g_string_append(mail, "\n\nbody\n");
    return g_string_free(mail, FALSE);
}

/* The multipart itself is one. */
static char *
parts(guint n)
{
    GString *mail = g_string_new("Content-Type: multipart/mixed; boundary=b\n\n");

    repeat(mail, "--b\nContent-Type: text/plain\n\nx\n", n - 1);
    g_string_append(mail, "--b--\n");
    return g_string_free(mail, FALSE);
}

static char *
depth(guint n)
{
    GString *mail = g_string_new(NULL);

    for (guint i = 0; i < n; i++)
        g_string_append_printf(
            mail, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
    g_string_append(mail, "Content-Type: text/plain\n\nx\n");
    return g_string_free(mail, FALSE);
}

static char *
depth_of_mails(guint n)
{
    GString *mail = g_string_new(NULL);

    repeat(mail, "Content-Type: message/rfc822\n\n", n);
    g_string_append(mail, "Subject: x\n\nx\n");
    return g_string_free(mail, FALSE);
}

static char *
parameters(guint n)
{
    GString *mail = g_string_new("Content-Type: text/plain");

    for (guint i = 0; i < n; i++)
        g_string_append_printf(mail, "; p%u=x", i);
    g_string_append(mail, "\n\nx\n");
    return g_string_free(mail, FALSE);
}

static char *
inner_parameters(guint n)
{
    GString *mail =
        g_string_new("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain");

    for (guint i = 0; i < n; i++)
        g_string_append_printf(mail, ";\n p%u=x", i);
    g_string_append(mail, "\n\nx\n--b--\n");
    return g_string_free(mail, FALSE);
}

static char *
addresses(guint n)
{
    GString *mail = g_string_new("From: a@b.example\n");

    for (guint i = 1; i < n; i++)
        g_string_append(mail, i % 2 ? "To: c@d.example\n" : "Cc: e@f.example\n");
    g_string_append(mail, "\nx\n");
    return g_string_free(mail, FALSE);
}

static MpLimits
small_limits(void)
{
    MpLimits limits = mp_limits_default();

    limits.message_bytes = 20000;
    limits.header_bytes = 10000;
    limits.header_count = 300;
    limits.field_bytes = 5000;
    limits.parts = 40;
    limits.depth = 20;
    limits.parameters = 30;
    limits.addresses = 100;
    return limits;
}

static MpMessage *
parse(const char *mail, GError **error)
{
    MpMessageOptions options = {.limits = small_limits()};

    return mp_message_parse((const guint8 *)mail, strlen(mail), &options, error);
}

static void
test_limit(void **state)
{
    const Row *row = *state;
    g_autofree char *fits = row->build(row->at);
    g_autofree char *over = row->build(row->at + 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpMessage) read = parse(fits, &error);
    g_autoptr(MpMessage) refused = NULL;

    assert_no_gerror(error);
    assert_non_null(read);
    refused = parse(over, &error);
    assert_null(refused);
    assert_gerror(error, MP_ERROR_LIMIT);
}

static const Row rows[] = {
    {"bytes of a mail", bytes_of, 20000},
    {"bytes of the header block", header_bytes, 10000},
    {"header fields", header_count, 300},
    {"bytes of one header field", field_bytes, 5000},
    {"parts", parts, 40},
    {"nested multiparts", depth, 20},
    {"nested attached mails", depth_of_mails, 20},
    {"parameters at the top", parameters, 30},
    {"parameters of an inner part", inner_parameters, 30},
    {"addresses", addresses, 100},
};

/* --- what would kill GMime ------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *head;
    const char *again;
    guint n;
    const char *tail;
} Bomb;

static void
test_bomb(void **state)
{
    const Bomb *bomb = *state;
    MpMessageOptions options = {.limits = mp_limits_default()};
    GString *mail = g_string_new(bomb->head);
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    MpMessage *message;

    repeat(mail, bomb->again, bomb->n);
    g_string_append(mail, bomb->tail);
    bytes = g_string_free(mail, FALSE);
    message = mp_message_parse((const guint8 *)bytes, strlen(bytes), &options, &error);
    assert_null(message);
    assert_non_null(error);
}

static const Bomb bombs[] = {
    {"a flood of groups", "To: ", "a:", 20000, "\n\nx\n"},
    {"a short flood of groups", "To: ", "a:", 100, "\n\nx\n"},
    {"99,999 colons", "From: ", ":", 99999, "\n\nx\n"},
    {"nested comments", "From: ", "(", 5000, "\n\nx\n"},
    {"a comment that stays open", "From: a@b.example (x", "", 0, "\n\nx\n"},
    {"groups of an attached mail", "Content-Type: message/rfc822\n\nTo: ", "a:", 5000, "\n\nx\n"},
    {"20,000 nested multiparts",
     "",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
     20000,
     "\nx\n"},
    {"20,000 nested mails", "", "Content-Type: message/rfc822\n\n", 20000, "\nx\n"},
    {"200,000 parts",
     "Content-Type: multipart/mixed; boundary=b\n\n",
     "--b\n\nx\n",
     200000,
     "--b--\n"},
    {"200,000 addresses", "To: ", "a@b.example, ", 200000, "\n\nx\n"},
    {"60,000 pieces of a file name", "Content-Type: text/plain", ";\n name*1=x", 60000, "\n\nx\n"},
    {"a header of 10 MB", "X-A: ", "xxxxxxxxxx", 1000000, "\n\nx\n"},
};

/* GMime issue 165: parses well, but encoding its Content-Type again never ends. */
static void
test_multipart_without_boundary(void **state)
{
    static const char mail[] = "From: a@b.example\nContent-Type: multipart/mixed; "
                               "n\303\251me=\"x\"; charset=\"x\"\n\n--b\n\nx\n";
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpMessage) message =
        mp_message_parse((const guint8 *)mail, sizeof mail - 1, &options, &error);

    (void)state;
    assert_no_gerror(error);
    assert_text(g_ptr_array_index(message->doubts, 0), "mime-ambiguous");
}

static void
test_text_is_cut(void **state)
{
    MpMessageOptions options = {.limits = mp_limits_default()};
    static const char fits[] = "Subject: x\n\n123456789\303\251\n";
    static const char over[] = "Subject: x\n\n1234567890\303\251\n";
    g_autoptr(MpMessage) whole = NULL;
    g_autoptr(MpMessage) cut = NULL;

    (void)state;
    options.limits.text_chars = 11; /* the line end counts */
    whole = mp_message_parse((const guint8 *)fits, sizeof fits - 1, &options, NULL);
    assert_text(whole->text, "123456789\303\251");
    assert_int_equal(whole->doubts->len, 0);
    cut = mp_message_parse((const guint8 *)over, sizeof over - 1, &options, NULL);
    assert_text(cut->text, "1234567890\303\251");
    assert_text(g_ptr_array_index(cut->doubts, 0), "limit");
}

static void
test_empty_input_is_no_mail(void **state)
{
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(GError) error = NULL;
    MpMessage *message = mp_message_parse((const guint8 *)"", 0, &options, &error);

    (void)state;
    assert_null(message);
    assert_gerror(error, MP_ERROR_INPUT);
}

int
main(void)
{
    const struct CMUnitTest more[] = {
        cmocka_unit_test(test_multipart_without_boundary),
        cmocka_unit_test(test_text_is_cut),
        cmocka_unit_test(test_empty_input_is_no_mail),
    };

    return run_rows("message/limits", rows, test_limit) +
           run_rows("message/bombs", bombs, test_bomb) +
           cmocka_run_group_tests_name("message/limits, more", more, NULL, NULL);
}
