/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The five procedures as they are delivered: they load, and say what their SOPs print. */

#include "walk.h"

typedef struct {
    const char *name;
    const char *file;
    const char *printed; /* numbers of the printed steps, in order */
    gint64 office;       /* minutes of office time printed */
    gint64 elapsed;      /* minutes of elapsed time printed */
    gint64 days;         /* working days printed */
    const char *missing; /* of an empty letter */
} Row;

static const Row rows[] = {
    {"Demak, change of data: eight steps, 6 and 7 twice, no time in step 1",
     "demak-perubahan-data",
     "1 2 3 4 6 7 6 (lagi) 7 (lagi) ",
     15 + 15 + 15 + 180 + 30,
     48 * 60,
     0,
     "surat-permohonan|formulir-perubahan-data; sk-mutasi|sk-pengangkatan"},
    {"Demak, revocation: seven steps, 26 hours 40 minutes",
     "demak-pencabutan",
     "1 2 3 4 5 6 7 ",
     15 + 15 + 60 + 60 + 10,
     24 * 60,
     0,
     "surat-permohonan; sk-pensiun|sk-pemberhentian|surat-keterangan-kematian|surat-pernyataan"},
    {"Kudus, registration: 35 minutes at the office, one day for 4a to 4c",
     "kudus-pendaftaran",
     "1 2 3 3 (verifikator) 4a 4b 4c 5 ",
     35,
     0,
     1,
     "surat-permohonan; ktp"},
    {"Mamuju, renewal: five steps, 50 minutes as its total says",
     "mamuju-pembaruan",
     "1 2 3 4 5 ",
     50,
     0,
     0,
     "surat-permohonan; surat-rekomendasi"},
    {"Pekalongan, change of data: seven steps, one day, not five",
     "pekalongan-perubahan-data",
     "1 2 3 4 5 6 7 ",
     0,
     0,
     1,
     "surat-permohonan|formulir-perubahan-data"},
};

static void
test_file(void **state)
{
    const Row *row = *state;
    MpSop *sop = walk_load(row->file);
    g_autoptr(GString) printed = g_string_new(NULL);
    gint64 sums[4] = {0};
    g_autoptr(MpCase) empty = mp_case_new();
    g_autoptr(GPtrArray) missing = mp_sop_missing(sop, empty);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (step->printed != NULL)
            g_string_append_printf(printed, "%s ", step->printed);
        sums[step->time_kind] += step->minutes;
        assert_true((step->printed == NULL) == step->is_addition);
    }
    assert_text(printed->str, row->printed);
    assert_int_equal(sums[MP_TIME_OFFICE], row->office);
    assert_int_equal(sums[MP_TIME_ELAPSED], row->elapsed);
    assert_int_equal(sums[MP_TIME_DAYS], row->days);
    for (guint i = 0; i < missing->len; i++)
        g_string_append_printf(
            text, "%s%s", i > 0 ? "; " : "", (char *)g_ptr_array_index(missing, i));
    assert_text(text->str, row->missing);
    mp_sop_free(sop);
}

int
main(void)
{
    return run_rows("procedures", rows, test_file);
}
