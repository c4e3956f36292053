/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document/document.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *nip; /* or NULL */
    const char *nik;
    const char *want; /* doubt, or NULL */
    gboolean differ;
} Row;

static const Row rows[] = {
    {"a civil servant's NIP", "199004122015021999", NULL, NULL, FALSE},
    {"PPPK with 21 in digits 13 and 14", "199004122021212999", NULL, NULL, FALSE},
    {"PPPK with 24", "199009132025242999", NULL, NULL, FALSE},
    {"digits 13 and 14 are never a reason", "199004122015001999", NULL, NULL, FALSE},
    {"17 digits", "19900412201502199", NULL, "bad-nip", FALSE},
    {"19 digits", "1990041220150219999", NULL, "bad-nip", FALSE},
    {"the old 9 digits", "131999999", NULL, "bad-nip", FALSE},
    {"no month 13", "199013122015021999", NULL, "bad-nip", FALSE},
    {"no 30 February", "199002302015021999", NULL, "bad-nip", FALSE},
    {"born on 29 February", "199202292015021999", NULL, NULL, FALSE},
    {"29 February of no leap year", "199102292015021999", NULL, "bad-nip", FALSE},
    {"sex 3", "199004122015023999", NULL, "bad-nip", FALSE},
    {"serial 000", "199004122015021000", NULL, "bad-nip", FALSE},
    {"appointed as a child", "199004122000021999", NULL, "bad-nip", FALSE},
    {"letters", "19900412201502199x", NULL, "bad-nip", FALSE},
    {"a man's NIK", NULL, "3399011204900011", NULL, FALSE},
    {"a woman's NIK", NULL, "3399015204900011", NULL, FALSE},
    {"day 71", NULL, "3399017101900011", NULL, FALSE},
    {"day 72", NULL, "3399017201900011", "bad-nik", FALSE},
    {"day 32", NULL, "3399013201900011", "bad-nik", FALSE},
    {"day 40", NULL, "3399014001900011", "bad-nik", FALSE},
    {"15 digits", NULL, "339901120490001", "bad-nik", FALSE},
    {"serial 0000", NULL, "3399011204900000", "bad-nik", FALSE},
    {"province 00", NULL, "0099011204900011", "bad-nik", FALSE},
    {"29 February 2000", NULL, "3399012902000011", NULL, FALSE},
    {"same birth and sex", "199004122015021999", "3399011204900011", NULL, FALSE},
    {"other day", "199004122015021999", "3399011304900011", NULL, TRUE},
    {"other sex", "199004122015021999", "3399015204900011", NULL, TRUE},
    {"other year", "199004122015021999", "3399011204910011", NULL, TRUE},
    {"a wrong number is not compared", "19900412", "3399011204910011", "bad-nip", FALSE},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    const char *got = NULL;

    if (row->nip != NULL)
        got = mp_document_check_nip(row->nip);
    if (got == NULL && row->nik != NULL)
        got = mp_document_check_nik(row->nik);
    assert_text(got, row->want);
    assert_int_equal(mp_document_nip_nik_differ(row->nip, row->nik), row->differ);
}

int
main(void)
{
    return run_rows("document/identity", rows, test_row);
}
