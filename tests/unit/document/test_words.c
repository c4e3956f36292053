/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folding of texts for comparison: also of those that were cut inside a character. */

#include "document/document-private.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *text, *want;
} FoldRow;

#define BAD "\xef\xbf\xbd"

static const FoldRow rows[] = {
    {"capitals and blanks of ASCII", " Budi   SANTOSO ", "budi santoso"},
    {"capitals beyond ASCII",
     "\xc3\x89"
     "cole",
     "\xc3\xa9"
     "cole"},
    {"a blank beyond ASCII", "Budi\xc2\xa0 Santoso", "budi santoso"},
    {"F-10 a text cut after one byte of two", "Budi \xc3", "budi " BAD},
    {"F-10 a text cut after one byte of three", "Budi \xe2", "budi " BAD},
    {"F-10 a text cut after two bytes of three", "Budi \xe2\x80", "budi " BAD BAD},
    {"F-10 a text cut after three bytes of four", "Budi \xf0\x9f\x98", "budi " BAD BAD BAD},
    {"F-10 a byte that begins nothing", "Budi\x80Santoso", "budi" BAD "santoso"},
};

static void
test_fold(void **state)
{
    const FoldRow *row = *state;
    g_autofree char *exact = g_memdup2(row->text, strlen(row->text) + 1);
    g_autofree char *got = mp_words_fold(exact);

    assert_text(got, row->want);
}

int
main(void)
{
    return run_rows("folding", rows, test_fold);
}
