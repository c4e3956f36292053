/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/document/make.h"

#include "support/asserts.h"

static MpDocument *
read_one(GBytes *bytes, const MpLimits *limits, GPtrArray **list_out, GPtrArray *doubts)
{
    MpMessage *message = make_mail("surat.pdf", "application/pdf", bytes);

    *list_out = mp_document_read_all(message, limits, doubts);
    mp_message_free(message);
    assert_int_equal((*list_out)->len, 1);
    return g_ptr_array_index(*list_out, 0);
}

typedef struct {
    const char *name;
    const char *stream;
    const char *want;
} Row;

#define AT(x, y, text) "BT /F1 10 Tf " x " " y " Td (" text ") Tj ET\n"

static const Row rows[] = {
    {"lines from top to bottom, whatever their order in the file",
     AT("60", "700", "bawah") AT("60", "714", "atas"),
     "atas\nbawah\n"},
    {"a wide gap is a tab",
     AT("60", "700", "Nomor") AT("150", "700", ": 800/1/2026"),
     "Nomor\t: 800/1/2026\n"},
    {"pieces of a kerned word are one word",
     "BT /F1 10 Tf 60 700 Td [(Per) 20 (mo) -15 (hon) 10 (an)] TJ ET\n",
     "Permohonan\n"},
    {"wrapped cells stay in their column",
     AT("60", "700", "NO") AT("100", "700", "NAMA") AT("250", "700", "JABATAN") AT("60", "686", "1")
         AT("100", "686", "Dra. Sari Utami,") AT("250", "686", "Kepala Bidang")
             AT("100", "672", "S.T., M.T.") AT("250", "672", "Perencanaan") AT("60", "658", "2")
                 AT("100", "658", "Tono") AT("250", "658", "Staf"),
     "NO\tNAMA\tJABATAN\n1\tDra. Sari Utami,\tKepala Bidang\n\tS.T., "
     "M.T.\tPerencanaan\n2\tTono\tStaf\n"},
    {"a wrapped cell in the last column alone",
     AT("60", "700", "1") AT("100", "700", "Sari") AT("250", "700", "Kepala Bidang")
         AT("250", "686", "Perencanaan"),
     "1\tSari\tKepala Bidang\n\t\tPerencanaan\n"},
    {"a paragraph below a table stands by itself",
     AT("60", "700", "1") AT("100", "700", "Sari") AT("250", "700", "Kasi")
         AT("60", "686", "Demikian surat ini kami sampaikan atas perhatian Saudara kami ucapkan"),
     "1\tSari\tKasi\nDemikian surat ini kami sampaikan atas perhatian Saudara kami ucapkan\n"},
    {"letters printed twice for boldness are read once",
     AT("60", "700", "TEBAL") AT("60.3", "700", "TEBAL"),
     "TEBAL\n"},
    {"a far gap is an empty line", AT("60", "700", "a1") AT("60", "650", "b2"), "a1\n\nb2\n"},
};

static void
test_text(void **state)
{
    const Row *row = *state;
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(GBytes) bytes = make_pdf(row->stream);
    const MpDocument *got = read_one(bytes, &limits, &documents, doubts);
    g_autofree char *text = g_strchomp(g_strdup(got->text));
    g_autofree char *want = g_strchomp(g_strdup(row->want));

    assert_text(text, want);
    assert_true(got->is_readable);
    assert_int_equal(doubts->len, 0);
}

typedef struct {
    const char *name;
    const char *stream;
    guint pages;
    const char *field;
    const char *trailer;
    gboolean is_readable;
    MpSignature signature;
} FactRow;

static const FactRow facts[] = {
    {"a page without text is a scan", "0 0 10 10 re f\n", 1, "", "", FALSE, MP_SIGNATURE_NONE},
    {"printed words are a claim",
     AT("60", "700", "Ditandatangani secara elektronik oleh:"),
     1,
     "",
     "",
     TRUE,
     MP_SIGNATURE_CLAIMED},
    {"a signature field with a byte range is present",
     AT("60", "700", "surat"),
     1,
     "/FT/Sig/T(s1)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 5 0 R/V<</Type/Sig"
     "/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]/Contents<00>>>",
     "",
     TRUE,
     MP_SIGNATURE_PRESENT},
    {"an empty signature field is none",
     AT("60", "700", "surat"),
     1,
     "/FT/Sig/T(s1)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 5 0 R",
     "",
     TRUE,
     MP_SIGNATURE_NONE},
    {"a locked file is unread",
     AT("60", "700", "rahasia"),
     1,
     "",
     "/Encrypt<</Filter/Standard/V 1/R 2/P "
     "-4/O<000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f>"
     "/U<202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f>>>/ID[<00><00>]",
     FALSE,
     MP_SIGNATURE_NONE},
    {"a form without signature is none",
     AT("60", "700", "surat"),
     1,
     "/FT/Tx/T(t)",
     "",
     TRUE,
     MP_SIGNATURE_NONE},
};

static void
test_facts(void **state)
{
    const FactRow *row = *state;
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(GBytes) bytes = make_pdf_with(row->stream, row->pages, row->field, row->trailer);
    const MpDocument *got = read_one(bytes, &limits, &documents, doubts);

    assert_text(got->type, "application/pdf");
    assert_int_equal(got->is_readable, row->is_readable);
    assert_text(mp_signature_to_string(got->signature), mp_signature_to_string(row->signature));
}

static void
pages_over_the_limit_are_not_read(void **state)
{
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) cut = NULL;
    g_autoptr(GBytes) bytes = make_pdf_with(AT("60", "700", "hal"), 3, "", "");

    (void)state;
    limits.pdf_pages = 3;
    assert_text(read_one(bytes, &limits, &all, doubts)->text, "hal\n\nhal\n\nhal\n\n");
    assert_false(has_doubt(doubts, "limit"));
    limits.pdf_pages = 2;
    assert_text(read_one(bytes, &limits, &cut, doubts)->text, "hal\n\nhal\n\n");
    assert_true(has_doubt(doubts, "limit"));
}

static void
a_cut_file_is_unread_but_no_error(void **state)
{
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GBytes) bytes = make_pdf(AT("60", "700", "surat"));

    (void)state;
    for (gsize n = 6; n < g_bytes_get_size(bytes); n += 37) {
        g_autoptr(GPtrArray) documents = NULL;
        g_autoptr(GBytes) cut = g_bytes_new_from_bytes(bytes, 0, n);

        assert_text(read_one(cut, &limits, &documents, doubts)->type, "application/pdf");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_over_the_limit_are_not_read),
        cmocka_unit_test(a_cut_file_is_unread_but_no_error),
    };
    int failed = run_rows("document/pdf text", rows, test_text);

    failed += run_rows("document/pdf facts", facts, test_facts);
    return failed + cmocka_run_group_tests_name("document/pdf", tests, NULL, NULL);
}
