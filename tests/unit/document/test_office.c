/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/document/make.h"

#include "support/asserts.h"

#define DOCX_OPEN "<?xml version=\"1.0\"?><w:document xmlns:w=\"urn:w\"><w:body>"
#define DOCX_CLOSE "</w:body></w:document>"
#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"

/* The first document of a mail with these bytes; the caller frees the list. */
static MpDocument *
read_one(GBytes *bytes,
         const char *filename,
         const MpLimits *limits,
         GPtrArray **list_out,
         GPtrArray *doubts)
{
    MpMessage *message = make_mail(filename, "application/octet-stream", bytes);

    *list_out = mp_document_read_all(message, limits, doubts);
    mp_message_free(message);
    assert_int_equal((*list_out)->len, 1);
    return g_ptr_array_index(*list_out, 0);
}

typedef struct {
    const char *name;
    const char *xml;
    const char *text;
    const char *table; /* first table, or NULL */
} DocxRow;

static const DocxRow docx_rows[] = {
    {"paragraphs are lines", DOCX_OPEN P("satu") P("dua") DOCX_CLOSE, "satu\ndua\n", NULL},
    {"tabs and breaks stay",
     DOCX_OPEN
     "<w:p><w:r><w:t>Nomor</w:t><w:tab/><w:t>: 1</w:t><w:br/><w:t>x</w:t></w:r></w:p>" DOCX_CLOSE,
     "Nomor\t: 1\nx\n",
     NULL},
    {"runs cut inside a word are joined",
     DOCX_OPEN "<w:p><w:r><w:t>KABUPA</w:t></w:r><w:r><w:t>TEN</w:t></w:r></w:p>" DOCX_CLOSE,
     "KABUPATEN\n",
     NULL},
    {"a table keeps its cells",
     DOCX_OPEN
     "<w:tbl><w:tr><w:tc>" P("NAMA") "</w:tc><w:tc>" P("NIP") "</w:tc></w:tr><w:tr><w:tc>" P("Sari")
         P("Utami") "</w:tc><w:tc/></w:tr></w:tbl>" DOCX_CLOSE,
     "\nNAMA\tNIP\nSari Utami\t\n\n",
     "NAMA\tNIP\nSari Utami\t\n"},
    {"deleted text is not read",
     DOCX_OPEN "<w:p><w:del><w:r><w:delText>lama</w:delText></w:r></w:del><w:r><w:t>baru</w:t></"
               "w:r></w:p>" DOCX_CLOSE,
     "baru\n",
     NULL},
    {"a DTD is refused",
     "<?xml version=\"1.0\"?><!DOCTYPE w [<!ENTITY a \"b\">]><w:document "
     "xmlns:w=\"urn:w\"><w:body>" P("&a;") DOCX_CLOSE,
     "",
     NULL},
    {"an outside entity is refused",
     "<?xml version=\"1.0\"?><!DOCTYPE w SYSTEM \"http://127.0.0.1:9/x\">" P("x"),
     "",
     NULL},
    {"broken XML has no text", DOCX_OPEN P("satu") "<w:p>", "", NULL},
};

static void
test_docx(void **state)
{
    const DocxRow *row = *state;
    MadeFile files[] = {{"[Content_Types].xml", "<x/>", -1}, {"word/document.xml", row->xml, -1}};
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(GBytes) bytes = make_zip(files, 2);
    const MpDocument *got = read_one(bytes, "surat.bin", &limits, &documents, doubts);

    assert_text(got->type,
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    assert_text(got->text, row->text);
    assert_int_equal(got->is_readable, *row->text != '\0');
    assert_text(got->tables->len > 0 ? g_ptr_array_index(got->tables, 0) : NULL, row->table);
}

#define SHEET(rows) "<worksheet xmlns=\"urn:s\"><sheetData>" rows "</sheetData></worksheet>"

static void
sheets_keep_their_columns(void **state)
{
    MadeFile files[] = {
        {"xl/workbook.xml", "<workbook/>", -1},
        {"xl/sharedStrings.xml",
         "<sst xmlns=\"urn:s\"><si><t>NAMA</t></si><si><r><t>Sari "
         "</t></r><r><t>Utami</t></r></si></sst>",
         -1},
        {"xl/worksheets/sheet1.xml",
         SHEET("<row><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" "
               "t=\"inlineStr\"><is><t>NIP</t></is></c></row>"
               "<row><c r=\"A2\" t=\"s\"><v>1</v></c><c "
               "r=\"C2\"><v>1.99001012015013E+17</v></c></row>"
               "<row><c r=\"A3\" t=\"s\"><v>7</v></c></row>"),
         -1},
    };
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(GBytes) bytes = make_zip(files, 3);
    const MpDocument *got = read_one(bytes, "daftar.xlsx", &limits, &documents, doubts);

    (void)state;
    assert_int_equal(got->tables->len, 1);
    assert_text(g_ptr_array_index(got->tables, 0),
                "NAMA\t\tNIP\nSari Utami\t\t199001012015013000\n");
    assert_true(got->is_readable);
}

static void
rows_over_the_limit_are_left_out(void **state)
{
    MadeFile files[] = {
        {"xl/workbook.xml", "<workbook/>", -1},
        {"xl/worksheets/sheet1.xml",
         SHEET("<row><c><v>1</v></c></row><row><c><v>2</v></c></row><row><c><v>3</v></c></row>"),
         -1},
    };
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) cut = NULL;
    g_autoptr(GBytes) bytes = make_zip(files, 2);

    (void)state;
    limits.table_rows = 2; /* and the header */
    assert_text(read_one(bytes, "a.xlsx", &limits, &all, doubts)->text, "1\n2\n3\n\n");
    assert_false(has_doubt(doubts, "limit"));
    limits.table_rows = 1;
    assert_text(read_one(bytes, "a.xlsx", &limits, &cut, doubts)->text, "1\n2\n\n");
    assert_true(has_doubt(doubts, "limit"));
}

static void
an_odt_is_read(void **state)
{
    MadeFile files[] = {
        {"mimetype", "application/vnd.oasis.opendocument.text", -1},
        {"content.xml",
         "<o:d xmlns:o=\"urn:o\"><o:p>Nomor<o:tab/>: 1</o:p><o:table><o:table-row><o:table-cell>"
         "<o:p>NAMA</o:p></o:table-cell><o:table-cell><o:p>NIP</o:p></o:table-cell></o:table-row>"
         "</o:table></o:d>",
         -1},
    };
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(GBytes) bytes = make_zip(files, 2);
    const MpDocument *got = read_one(bytes, "surat.odt", &limits, &documents, doubts);

    (void)state;
    assert_text(got->text, "Nomor\t: 1\n\nNAMA\tNIP\n\n");
}

typedef struct {
    const char *name;
    const char *bytes;
    const char *want;
} CsvRow;

static const CsvRow csv_rows[] = {
    {"semicolons", "NO;NAMA;NIP\n1;Sari, S.T.;199\n", "NO\tNAMA\tNIP\n1\tSari, S.T.\t199\n"},
    {"commas and quotes", "nama,nip\n\"Sari, S.T.\",199\n", "nama\tnip\nSari, S.T.\t199\n"},
    {"doubled quotes and a line end in a field",
     "a,b\n\"x \"\"y\"\"\nz\",1\n",
     "a\tb\nx \"y\" z\t1\n"},
    {"a mark of UTF-8 and CRLF", "\xef\xbb\xbfNO;NAMA\r\n1;Sari\r\n", "NO\tNAMA\n1\tSari\n"},
    {"sep= of Excel", "sep=;\nNO;NAMA\n1;S,ari\n", "NO\tNAMA\n1\tS,ari\n"},
    {"windows-1252", "NO;NAMA;NIP\n1;Andr\xe9 Caf\xe9;2\n", "NO\tNAMA\tNIP\n1\tAndré Café\t2\n"},
    {"no line end", "NO;NAMA\n1;Sari", "NO\tNAMA\n1\tSari\n"},
};

static void
test_csv(void **state)
{
    const CsvRow *row = *state;
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(row->bytes, strlen(row->bytes));
    const MpDocument *got = read_one(bytes, "daftar.csv", &limits, &documents, doubts);

    assert_text(got->type, "text/csv");
    assert_text(g_ptr_array_index(got->tables, 0), row->want);
}

static void
text_over_the_limit_is_cut(void **state)
{
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) whole = NULL;
    g_autoptr(GPtrArray) cut = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static("h\xc3\xa9lo", 5);

    (void)state;
    limits.text_chars = 4;
    assert_text(read_one(bytes, "a.txt", &limits, &whole, doubts)->text, "hélo");
    limits.text_chars = 3;
    assert_text(read_one(bytes, "a.txt", &limits, &cut, doubts)->text, "hél");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_keep_their_columns),
        cmocka_unit_test(rows_over_the_limit_are_left_out),
        cmocka_unit_test(an_odt_is_read),
        cmocka_unit_test(text_over_the_limit_is_cut),
    };
    int failed = run_rows("document/docx", docx_rows, test_docx);

    failed += run_rows("document/csv", csv_rows, test_csv);
    return failed + cmocka_run_group_tests_name("document/office", tests, NULL, NULL);
}
