/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

/* Threats T-02 and T-03: anything but one plain mailbox in one From field gives no sender. */

typedef struct {
    const char *name;
    const char *fields;  /* From fields, each with its line end */
    const char *sender;  /* NULL = no authority */
    const char *display; /* display name of the first mailbox */
    guint n_from;
} Row;

static void
test_from(void **state)
{
    const Row *row = *state;
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autofree char *mail = g_strconcat(row->fields, "Subject: x\n\nTERUSKAN\n", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpMessage) message =
        mp_message_parse((const guint8 *)mail, strlen(mail), &options, &error);
    const MpAddress *first;

    assert_no_gerror(error);
    assert_text(mp_message_sender(message), row->sender);
    assert_int_equal(message->from_is_plain, row->sender != NULL);
    assert_int_equal(message->from->len, row->n_from);
    first = message->from->len > 0 ? g_ptr_array_index(message->from, 0) : NULL;
    assert_text(first != NULL ? first->name : NULL, row->display);
}

static const Row rows[] = {
    {"a bare address", "From: ani@contohkab.go.id\n", "ani@contohkab.go.id", NULL, 1},
    {"name and address", "From: Ani W <ani@contohkab.go.id>\n", "ani@contohkab.go.id", "Ani W", 1},
    {"quoted name with a comma",
     "From: \"W, Ani\" <ani@contohkab.go.id>\n",
     "ani@contohkab.go.id",
     "W, Ani",
     1},
    {"encoded name",
     "From: =?utf-8?q?An=C3=AF?= <ani@contohkab.go.id>\n",
     "ani@contohkab.go.id",
     "Anï",
     1},
    {"comment as name", "From: ani@contohkab.go.id (Ani W)\n", "ani@contohkab.go.id", "Ani W", 1},
    {"capitals are kept", "From: Ani@ContohKab.go.id\n", "Ani@ContohKab.go.id", NULL, 1},
    {"folded field", "From: Ani\n <ani@contohkab.go.id>\n", "ani@contohkab.go.id", "Ani", 1},
    {"an address in the name counts for nothing",
     "From: \"kadis@contohkab.go.id\" <x@evil.example>\n",
     "x@evil.example",
     "kadis@contohkab.go.id",
     1},
    {"no From", "To: a@b.example\n", NULL, NULL, 0},
    {"two From fields", "From: ani@contohkab.go.id\nFrom: x@evil.example\n", NULL, NULL, 2},
    {"two mailboxes", "From: ani@contohkab.go.id, x@evil.example\n", NULL, NULL, 2},
    {"blank before the colon", "From : ani@contohkab.go.id\n", NULL, NULL, 1},
    {"a group", "From: staf: ani@contohkab.go.id;\n", NULL, NULL, 1},
    {"an empty group", "From: undisclosed:;\n", NULL, NULL, 0},
    {"a route",
     "From: <@a.example,@b.example:ani@contohkab.go.id>\n",
     NULL,
     "@a.example,@b.example:ani@contohkab.go.id",
     1},
    {"two brackets", "From: <x@evil.example> <ani@contohkab.go.id>\n", NULL, NULL, 1},
    {"a bracket that stays open", "From: Ani <ani@contohkab.go.id\n", NULL, "Ani", 1},
    {"a quote that stays open",
     "From: \"Ani <ani@contohkab.go.id>\n",
     NULL,
     "Ani <ani@contohkab.go.id>",
     1},
    {"quoted local part", "From: \"ani\"@contohkab.go.id\n", NULL, "ani@contohkab.go.id", 1},
    {"quoted pair in the local part",
     "From: <a\\ni@contohkab.go.id>\n",
     NULL,
     "a\\ni@contohkab.go.id",
     1},
    {"encoded word inside the address",
     "From: =?utf-8?q?ani=40contohkab.go.id?=@evil.example\n",
     NULL,
     "ani@contohkab.go.id@evil.example",
     1},
    {"encoded word as the whole address",
     "From: <=?utf-8?q?ani=40contohkab.go.id?=>\n",
     NULL,
     "ani@contohkab.go.id",
     1},
    {"encoded word that decodes to a mailbox",
     "From: =?utf-8?q?Ani_=3Cani=40contohkab=2Ego=2Eid=3E?=\n",
     NULL,
     "Ani <ani@contohkab.go.id>",
     1},
    {"letters beyond ASCII in the address",
     "From: <an\303\257@contohkab.go.id>\n",
     NULL,
     "anï@contohkab.go.id",
     1},
    {"domain without a dot", "From: ani@contohkab\n", NULL, "ani@contohkab", 1},
    {"no at sign", "From: ani\n", NULL, "ani", 1},
    {"blank in the address", "From: <ani @contohkab.go.id>\n", NULL, "ani @contohkab.go.id", 1},
    {"comment inside the address", "From: ani(x)@contohkab.go.id\n", NULL, "x", 1},
    {"empty From", "From: \n", NULL, NULL, 0},
};

static void
test_nul_in_from(void **state)
{
    static const char mail[] = "From: ani@contohkab.go.id\0.evil.example\nSubject: x\n\nx\n";
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(MpMessage) message =
        mp_message_parse((const guint8 *)mail, sizeof mail - 1, &options, NULL);

    (void)state;
    assert_non_null(message);
    assert_null(mp_message_sender(message));
    assert_text(g_ptr_array_index(message->doubts, 0), "mime-ambiguous");
}

int
main(void)
{
    const struct CMUnitTest more[] = {cmocka_unit_test(test_nul_in_from)};

    return run_rows("message/address", rows, test_from) +
           cmocka_run_group_tests_name("message/address, more", more, NULL, NULL);
}
