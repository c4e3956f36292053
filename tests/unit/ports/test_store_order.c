/* SPDX-License-Identifier: GPL-3.0-or-later */

/* F-18: in which order taken mail is worked. */

#include "store_fixture.h"

#define KADIS "kadis@contohkab.go.id"
#define KABID "kabid@contohkab.go.id"
#define OTHER "warga@luar.example"

enum { BATCH = 10 };

static const char *const officials[] = {KADIS, KABID, NULL};

typedef struct {
    const char *name;
    const char *senders; /* in the order of arrival: a = kadis, b = kabid, o = other, - = unknown */
    const char *want;    /* places in `senders` of the batch, letters from A */
} OrderRow;

static const OrderRow rows[] = {
    {"F-18 what fits one batch keeps its order", "oooa", "ABCD"},
    {"F-18 a batch that is just full puts officials first", "ooooooooob", "JABCDEFGHI"},
    {"F-18 officials come first, then the oldest", "ooooooooooooab", "MNABCDEFGH"},
    {"F-18 officials among themselves keep their order", "oooobooaooooa", "EHMABCDFGI"},
    {"F-18 half of a batch stays with the oldest", "ooooooooooaaaaaaaa", "KLMNOABCDE"},
    {"F-18 a flood of officials' names starves nobody", "aaaaaaaaaaaaooo", "ABCDEFGHIJ"},
    {"F-18 a mail without a sender has its turn", "-----------a", "LABCDEFGHI"},
    {"F-18 without officials the oldest come", "oooooooooooo", "ABCDEFGHIJ"},
};

static const char *
sender_of(char letter)
{
    return letter == 'a' ? KADIS : letter == 'b' ? KABID : letter == 'o' ? OTHER : NULL;
}

static void
add_mail(MpStore *store, guint uid, const char *sender)
{
    MpLedgerRow *row = mp_ledger_row_new();

    row->mailbox = g_strdup("imaps://mail.contohkab.go.id/INBOX");
    row->uid_validity = 1;
    row->uid = 1000 - uid; /* not the order of arrival */
    row->arrived_utc = NOON + uid;
    row->sha256 = g_strdup("hash");
    row->content_hash = g_strdup_printf("hash %u", uid);
    row->sender = g_strdup(sender);
    MUST(store->ledger_add(store, row, &why));
    mp_ledger_row_free(row);
}

static char *
take(MpStore *store, const char *const *first)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) taken = store->ledger_taken(store, BATCH, first, &error);
    GString *places = g_string_new(NULL);

    assert_no_gerror(error);
    for (guint i = 0; i < taken->len; i++)
        g_string_append_c(
            places,
            (char)('A' + ((const MpLedgerRow *)g_ptr_array_index(taken, i))->arrived_utc - NOON));
    return g_string_free(places, FALSE);
}

static void
test_order(void **state)
{
    const OrderRow *row = *state;
    g_autoptr(GError) error = NULL;
    MpStore *store = mp_store_open(":memory:", &error);
    g_autofree char *got = NULL;
    g_autofree char *plain = NULL;

    assert_no_gerror(error);
    MUST(store->begin(store, &why));
    for (guint i = 0; row->senders[i] != '\0'; i++)
        add_mail(store, i, sender_of(row->senders[i]));
    MUST(store->commit(store, &why));
    got = take(store, officials);
    assert_text(got, row->want);
    plain = take(store, NULL);
    assert_int_equal(strncmp(plain, "ABCDEFGHIJ", strlen(plain)), 0);
    store->free(store);
}

int
main(void)
{
    return run_rows("order of work", rows, test_order);
}
