/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mails that kill parsers (T-23), through the real reader child with its limits: with the limits as
 * they come, each is refused with a reason and the child lives; with every limit on the shape of a
 * mail taken away, the cage alone holds, and the mail costs no more time and memory than one mail
 * may. After each the next mail is read at once. */

#include "limits/office.h"

#include "app/app.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *head;
    const char *again;
    guint n;
    const char *tail;
} Bomb;

/* clang-format off */
static const Bomb bombs[] = {
    {"T-23 the 112 bytes of GMime issue 165", "From: a@b.example\nContent-Type: multipart/mixed; n\303\251me=\"x\"; charset=\"x\"\n\n--b\n\nx\n", "", 0, ""},
    {"T-23 99,999 colons in From", "From: ", ":", 99999, "\n\nx\n"},
    {"T-23 a flood of groups", "To: ", "a:", 20000, "\n\nx\n"},
    {"T-23 20,000 nested multiparts", "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 20000, "\nx\n"},
    {"T-23 20,000 nested mails", "", "Content-Type: message/rfc822\n\n", 20000, "\nx\n"},
    {"T-23 200,000 parts", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 200000, "--b--\n"},
    {"T-23 200,000 addresses", "To: ", "a@b.example, ", 200000, "\n\nx\n"},
    {"T-23 60,000 pieces of a file name", "Content-Type: text/plain", ";\n name*1=x", 60000, "\n\nx\n"},
    {"T-23 a header of 10 MB", "X-A: ", "xxxxxxxxxx", 1000000, "\n\nx\n"},
    {"T-23 5,000 nested comments", "From: ", "(", 5000, "\n\nx\n"},
};

/* clang-format on */

#define NO_SHAPE                                                                                   \
    "message_bytes = 64M\nheader_bytes = 64M\nheader_count = 1000000\nfield_bytes = 64M\n"         \
    "parts = 1000000\ndepth = 1000000\nparameters = 1000000\naddresses = 1000000\n"                \
    "reader_cpu = 3s\nreader_wall = 8s\nreader_memory = 512M"

enum { CAGE_KB = 512 * 1024 };

static GBytes *
make_mail(const Bomb *bomb)
{
    GString *mail = g_string_new(bomb->head);

    for (guint i = 0; i < bomb->n; i++)
        g_string_append(mail, bomb->again);
    g_string_append(mail, bomb->tail);
    return g_string_free_to_bytes(mail);
}

static void
assert_next_is_read(MpReader *reader)
{
    g_autoptr(GBytes) letter = office_letter("sehat");
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = mp_reader_read(reader, letter, &error);

    assert_no_gerror(error);
    assert_string_equal(facts->message->subject, "sehat");
}

/* Refused by name, or read and marked; never at the price of the child. */
static void
limits_refuse_it(void **state)
{
    const Bomb *bomb = *state;
    Office *office = office_new("");
    g_autoptr(MpReader) reader = mp_reader_new(office->config, 30000);
    g_autoptr(GBytes) mail = make_mail(bomb);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = mp_reader_read(reader, mail, &error);

    if (facts == NULL)
        assert_true(g_error_matches(error, MP_ERROR, MP_ERROR_LIMIT) ||
                    g_error_matches(error, MP_ERROR, MP_ERROR_INPUT));
    else
        assert_true(facts->verdict->doubts->len > 0);
    assert_next_is_read(reader);
    office_free(office);
}

/* It is read, refused by name, or given up with the child that read it; and no child was ever
 * larger than its limit, neither this one nor the next. */
static void
cage_holds_it(void **state)
{
    const Bomb *bomb = *state;
    Office *office = office_new(NO_SHAPE);
    MpReader *reader = mp_reader_new(office->config, 8000);
    guint64 peak_kb, before_kb = office_children_peak_kb();
    g_autoptr(GBytes) mail = make_mail(bomb);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = mp_reader_read(reader, mail, &error);

    if (facts == NULL && !g_error_matches(error, MP_ERROR, MP_ERROR_LIMIT) &&
        !g_error_matches(error, MP_ERROR, MP_ERROR_INPUT) &&
        !g_error_matches(error, MP_ERROR, MP_ERROR_CANCELLED))
        fail_msg("%s", error->message);
    assert_next_is_read(reader);
    mp_reader_free(reader);
    peak_kb = office_children_peak_kb();
    if (peak_kb == 0 || peak_kb > MAX(before_kb, CAGE_KB))
        fail_msg("a child held %u MB", (guint)(peak_kb / 1024));
    office_free(office);
}

int
main(int argc, char **argv)
{
    int failed;

    /* The reader child is this very program, executed again. */
    if (argc == 5 && strcmp(argv[3], "reader") == 0)
        return mp_reader_main(argv[2], (int)g_ascii_strtoll(argv[4], NULL, 10));
    failed = run_rows("T-23 limits", bombs, limits_refuse_it);
    return failed + run_rows("T-23 cage", bombs, cage_holds_it);
}
