/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Hostile attachments through the reader child as it is in service: in its cage, under its limits.
 * Each is read for what it is or left unread with a doubt, the child outlives it (where its limits
 * may end it, the row says so), and nothing but text comes of it. */

#include "limits/hostile.h"
#include "limits/office.h"

#include "app/app.h"
#include "support/asserts.h"

#include <glib/gstdio.h>

enum { MOST_MEMORY_KB = 512 * 1024 };

typedef struct {
    const char *sentence;
    GBytes *(*make)(void);
    const char *words;    /* content in place of make */
    const char *filename; /* as a Content-Disposition parameter */
    const char *declared;
    const char *names; /* wanted: names of all documents, joined by "|" */
    const char *type;  /* wanted: of the first one; NULL = not looked at */
    const char *doubt; /* wanted, or NULL */
    const char *lacks; /* no document's text has this */
    gboolean may_end;  /* the limits of the child may end it; the mail is given up then */
} Row;

#define PDF "application/pdf"
#define ZIP "application/zip"
#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define FILE_(name) "filename=\"" name "\""

/* clang-format off */
static Row rows[] = {
    {"T-33 a PDF whose xref leads in a circle", hostile_pdf_circular, NULL, FILE_("a.pdf"), PDF, "a.pdf", PDF, NULL, NULL, FALSE},
    {"T-33 a PDF whose xref is elsewhere", hostile_pdf_broken_xref, NULL, FILE_("a.pdf"), PDF, "a.pdf", PDF, NULL, NULL, FALSE},
    {"T-33 a PDF that wants to run a program", hostile_pdf_launch, NULL, FILE_("a.pdf"), PDF, "a.pdf", PDF, NULL, "/bin/sh", FALSE},
    {"T-33 a PDF whose page tree is a loop", hostile_pdf_page_loop, NULL, FILE_("a.pdf"), PDF, "a.pdf", PDF, "unread-attachment", NULL, FALSE},
    {"T-33 a PDF of 200,000 arrays in each other", hostile_pdf_deep, NULL, FILE_("a.pdf"), PDF, "a.pdf", PDF, NULL, NULL, TRUE},
    {"T-33 a PDF that inflates a thousandfold", hostile_pdf_flate, NULL, FILE_("a.pdf"), PDF, "a.pdf", PDF, NULL, NULL, TRUE},
    {"T-33 a PDF locked by a password", hostile_pdf_locked, NULL, FILE_("a.pdf"), PDF, "a.pdf", PDF, "unread-attachment", "surat", FALSE},
    {"T-33 a PDF that is a web page too", hostile_pdf_polyglot, NULL, FILE_("a.html"), "text/html", "a.html", PDF, NULL, "script", FALSE},
    {"T-34 a ZIP whose entries overlap", hostile_zip_overlap, NULL, FILE_("a.zip"), ZIP, "a.zip", ZIP, "unread-attachment", NULL, FALSE},
    {"T-34 six ZIPs in each other", hostile_zip_nested, NULL, FILE_("a.zip"), ZIP, "lagi.zip", ZIP, "limit", NULL, FALSE},
    {"T-34 a ZIP that lies about sizes", hostile_zip_lies, NULL, FILE_("a.zip"), ZIP, "a.zip", ZIP, "unread-attachment", NULL, FALSE},
    {"T-34 a ZIP of 65,535 entries", hostile_zip_many, NULL, FILE_("a.zip"), ZIP, NULL, NULL, "limit", NULL, FALSE},
    {"T-34 a ZIP of 300 MB of one letter", hostile_zip_ratio, NULL, FILE_("a.zip"), ZIP, "a.zip", ZIP, "limit", NULL, FALSE},
    {"T-35 members that want to lie elsewhere", hostile_zip_names, NULL, FILE_("a.zip"), ZIP, "moo|moo|moo|moo|moo||rf", "text/plain", NULL, NULL, FALSE},
    {"T-35 a link and a file below it", hostile_zip_links, NULL, FILE_("a.zip"), ZIP, "passwd", "text/plain", NULL, "root:", FALSE},
    {"T-35 a name that climbs", NULL, "isi", FILE_("../../etc/cron.d/x.txt"), "text/plain", "x.txt", "text/plain", NULL, NULL, FALSE},
    {"T-35 a name with a drive", NULL, "isi", FILE_("C:\\\\Windows\\\\x.txt"), "text/plain", "x.txt", "text/plain", NULL, NULL, FALSE},
    {"T-35 a name that climbs in pieces", NULL, "isi", "filename*0=\"..\"; filename*1=\"/..\"; filename*2=\"/x.txt\"", "text/plain", "x.txt", "text/plain", NULL, NULL, FALSE},
    {"T-35 a name with a NUL", NULL, "isi", "filename*=utf-8''a.exe%00.txt", "text/plain", NULL, "text/plain", NULL, NULL, FALSE},
    {"T-35 a name that turns around", NULL, "isi", "filename*=utf-8''%E2%80%AEfdp.exe", "text/plain", "fdp.exe", "text/plain", NULL, NULL, FALSE},
    {"T-35 a hidden name", NULL, "isi", FILE_(".bashrc"), "text/plain", "bashrc", "text/plain", NULL, NULL, FALSE},
    {"T-35 a name that is an option", NULL, "isi", FILE_("-rf"), "text/plain", "rf", "text/plain", NULL, NULL, FALSE},
    {"T-36 a web page named .pdf", NULL, "<html><body>surat</body></html>", FILE_("a.pdf"), PDF, "a.pdf", "text/html", NULL, "<", FALSE},
    {"T-36 a program named .pdf", NULL, "\x7f" "ELF\2\1\1", FILE_("a.pdf"), PDF, "a.pdf", "application/x-elf", NULL, NULL, FALSE},
    {"T-36 a program behind two endings", NULL, "MZ\x90\1\3\4\5\6\7\x08", FILE_("surat.pdf.exe"), PDF, "surat.pdf.exe", "application/vnd.microsoft.portable-executable", NULL, NULL, FALSE},
    {"T-36 a picture with a script behind it", hostile_jpeg_tail, NULL, FILE_("ktp.jpg"), "image/jpeg", "ktp.jpg", "image/jpeg", NULL, "script", FALSE},
    {"T-36 what is encoded twice is decoded once", NULL, "PGh0bWw+PGJvZHk+c3VyYXQ8L2JvZHk+PC9odG1sPg==", FILE_("a.pdf"), PDF, "a.pdf", "text/plain", NULL, "<html", FALSE},
    {"T-37 a DOCX with entities of the system", hostile_docx_dtd, NULL, FILE_("a.docx"), DOCX, "a.docx", DOCX, NULL, "root:", FALSE},
    {"T-37 a DOCX of a billion laughs", hostile_docx_laughs, NULL, FILE_("a.docx"), DOCX, "a.docx", DOCX, NULL, "hahaha", FALSE},
    {"T-37 a DOCX with a template elsewhere", hostile_docx_template, NULL, FILE_("a.docx"), DOCX, "a.docx", DOCX, NULL, "127.0.0.1", FALSE},
    {"T-37 a DOCX of 60 MB in one paragraph", hostile_docx_huge, NULL, FILE_("a.docx"), DOCX, "a.docx", DOCX, "limit", NULL, FALSE},
    {"T-38 a picture of four billion square pixels", hostile_png_large, NULL, FILE_("ktp.png"), "image/png", "ktp.png", "image/png", NULL, NULL, FALSE},
    {"T-38 a picture of a thousand scans", hostile_jpeg_scans, NULL, FILE_("ktp.jpg"), "image/jpeg", "ktp.jpg", "image/jpeg", NULL, NULL, FALSE},
};

/* clang-format on */

static Office *office;
static MpReader *reader; /* of the row that runs, or NULL */

/* --- one mail --- */

static GBytes *
mail_with(const Row *row)
{
    g_autoptr(GBytes) content =
        row->make != NULL ? row->make() : g_bytes_new_static(row->words, strlen(row->words));
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(content, &length);
    g_autofree char *packed = g_base64_encode(bytes, length);
    GString *mail = g_string_new("From: Siti <siti@dinkes.contohkab.go.id>\r\n"
                                 "To: sertifikat@diskominfo.contohkab.go.id\r\n"
                                 "Subject: Permohonan pembaruan sertifikat elektronik\r\n"
                                 "Date: Fri, 20 Nov 2026 09:14:00 +0700\r\n"
                                 "Message-ID: <hostile@dinkes.contohkab.go.id>\r\n"
                                 "MIME-Version: 1.0\r\n"
                                 "Content-Type: multipart/mixed; boundary=BB\r\n\r\n"
                                 "--BB\r\nContent-Type: text/plain\r\n\r\nTerlampir.\r\n");

    g_string_append_printf(mail,
                           "--BB\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n"
                           "Content-Disposition: attachment; %s\r\n\r\n",
                           row->declared,
                           row->filename);
    for (gsize at = 0, all = strlen(packed); at < all; at += 76)
        g_string_append_printf(mail, "%.*s\r\n", 76, packed + at);
    g_string_append(mail, "--BB--\r\n");
    length = mail->len;
    return g_bytes_new_take(g_string_free(mail, FALSE), length);
}

/* The reader, which is the only child while a row runs. */
static char *
child_pid(void)
{
    g_autofree char *list = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
    char *children = NULL;

    assert_true(g_file_get_contents(list, &children, NULL, NULL));
    return g_strchomp(children);
}

static guint64
child_memory_kb(void)
{
    g_autofree char *pid = child_pid();
    g_autofree char *path = g_strdup_printf("/proc/%s/status", pid);
    g_autofree char *status = NULL;

    assert_true(g_file_get_contents(path, &status, NULL, NULL));
    const char *peak = strstr(status, "VmHWM:");
    assert_non_null(peak);
    return g_ascii_strtoull(peak + strlen("VmHWM:"), NULL, 10);
}

static void
assert_doubt(const MpFacts *facts, const char *doubt)
{
    if (!g_ptr_array_find_with_equal_func(facts->verdict->doubts, doubt, g_str_equal, NULL))
        fail_msg("there is no doubt '%s'", doubt);
}

static void
assert_documents(const Row *row, const MpFacts *facts)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < facts->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(facts->documents, i);

        g_string_append_printf(names, "%s%s", i > 0 ? "|" : "", document->filename);
        assert_true(strlen(document->filename) <= 120);
        assert_null(strpbrk(document->filename, "/\\\r\n"));
        if (row->lacks != NULL)
            assert_lacks(document->text, row->lacks);
    }
    if (row->names != NULL)
        assert_text(names->str, row->names);
    if (row->type != NULL) {
        const MpDocument *first = g_ptr_array_index(facts->documents, 0);

        assert_text(first->type, row->type);
    }
}

/* One that its limits ended was in a cage, and test_bombs.c measures what such children held. */
static void
assert_reads_on(void)
{
    g_autoptr(GBytes) letter = office_letter("sehat");
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = mp_reader_read(reader, letter, &error);

    assert_no_gerror(error);
    assert_text(facts->message->subject, "sehat");
    if (child_memory_kb() > MOST_MEMORY_KB)
        fail_msg("the child held %u MB", (guint)(child_memory_kb() / 1024));
}

static int
row_set_up(void **state)
{
    (void)state;
    reader = mp_reader_new(office->config, 30000);
    return 0;
}

/* A row that fails leaves no child to the next one. */
static int
row_tear_down(void **state)
{
    (void)state;
    g_clear_pointer(&reader, mp_reader_free);
    return 0;
}

/* Each row has a reader of its own, so that what the child held is this row's doing; the child that
 * read the mail reads the next one too, unless its limits ended it. */
static void
hostile_row(void **state)
{
    const Row *row = *state;
    g_autoptr(GBytes) mail = mail_with(row);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = mp_reader_read(reader, mail, &error);
    g_autofree char *first = child_pid();

    if (facts == NULL && row->may_end) {
        assert_gerror(error, MP_ERROR_CANCELLED);
    } else {
        assert_no_gerror(error);
        assert_documents(row, facts);
        if (row->doubt != NULL)
            assert_doubt(facts, row->doubt);
    }
    assert_reads_on();
    g_autofree char *second = child_pid();
    if (facts != NULL)
        assert_text(second, first);
}

/* --- nothing calls home --- */

/* All public letters and all hostile ones that the reader outlives, as arguments. */
static void
add_mails(GPtrArray *argv)
{
    g_autofree char *letters = g_build_filename(MP_SOURCE_DIR, "tests/data/letters", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(letters, 0, &error);
    const char *name = NULL;
    guint n_letters = 0;

    assert_no_gerror(error);
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(name, ".eml"))
            continue;
        g_ptr_array_add(argv, g_build_filename(letters, name, NULL));
        n_letters++;
    }
    assert_true(n_letters > 0);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].may_end)
            continue;
        g_autoptr(GBytes) mail = mail_with(&rows[i]);
        char *path = g_strdup_printf("%s/hostile%02u.eml", office->dir, (guint)i);

        assert_true(g_file_set_contents(
            path, g_bytes_get_data(mail, NULL), (gssize)g_bytes_get_size(mail), NULL));
        g_ptr_array_add(argv, path);
    }
}

/* The program reads the mails; whatever they name, no socket of the internet is made by any of its
 * processes. The trace has the reader child too, or it would say nothing. */
static void
nobody_is_called(void **state)
{
    static const char *const words[] = {
        "strace", "-f", "-qq", "-e", "trace=socket,connect,execve", "-o"};
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *trace = g_build_filename(office->dir, "trace", NULL);
    g_autofree char *calls = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        g_ptr_array_add(argv, g_strdup(words[i]));
    g_ptr_array_add(argv, g_strdup(trace));
    g_ptr_array_add(argv, g_strdup(MP_PROGRAM));
    g_ptr_array_add(argv, g_strdup("--config"));
    g_ptr_array_add(argv, g_strdup(office->config));
    g_ptr_array_add(argv, g_strdup("explain"));
    add_mails(argv);
    g_ptr_array_add(argv, NULL);
    (void)g_spawn_sync(NULL,
                       (char **)argv->pdata,
                       NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                           G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL,
                       NULL,
                       NULL,
                       NULL,
                       &status,
                       &error);
    assert_no_gerror(error);
    assert_int_equal(status, 0);
    assert_true(g_file_get_contents(trace, &calls, NULL, NULL));
    assert_contains(calls, "execve(\"" MP_PROGRAM "\", ");
    assert_contains(calls, "execve(\"/proc/self/exe\", [\"mailproc\", ");
    assert_contains(calls, "\"reader\", \"3\"]");
    assert_lacks(calls, "AF_INET");
}

static int
set_up(void **state)
{
    (void)state;
    office = office_new("");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    office_free(office);
    return 0;
}

int
main(int argc, char **argv)
{
    struct CMUnitTest tests[G_N_ELEMENTS(rows) + 1];

    /* The reader child is this very program, executed again. */
    if (argc == 5 && strcmp(argv[3], "reader") == 0)
        return mp_reader_main(argv[2], (int)g_ascii_strtoll(argv[4], NULL, 10));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        tests[i] =
            (struct CMUnitTest){rows[i].sentence, hostile_row, row_set_up, row_tear_down, &rows[i]};
    tests[G_N_ELEMENTS(rows)] = (struct CMUnitTest){
        .name = "T-39 no mail makes the program call anybody", .test_func = nobody_is_called};
    return cmocka_run_group_tests_name("hostile documents", tests, set_up, tear_down);
}
