/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mail as bytes, read back by GMime's parser and by a plain one of our own: what was put in
 * comes out, and nothing that was put in becomes a header. */
#include "notify/notify-private.h"
#include "support/asserts.h"

#include <gmime/gmime.h>

#define ID "SE-2026-000123.periksa.abcdefghij@contohkab.go.id"

static MpMail *
example(void)
{
    MpMail *mail = mp_mail_new();

    mail->message_id = g_strdup(ID);
    mail->from_name = g_strdup("Layanan TTE");
    mail->from_address = g_strdup("layanan-tte@contohkab.go.id");
    mail->to_name = g_strdup("Dinas Kesehatan");
    mail->to_address = g_strdup("dinkes@contohkab.go.id");
    mail->subject =
        g_strdup("[SE-2026-000123] Permohonan diterima – Penerbitan Sertifikat Elektronik");
    mail->date_utc = 1795140840 * G_TIME_SPAN_SECOND;
    mail->text = g_strdup("Yth. Bapak/Ibu,\n\nNIP ••••1999\n");
    mail->html = g_strdup("<p>Yth. Bapak/Ibu,</p>\n<p>NIP ••••1999</p>\n");
    return mail;
}

static char *
build(const MpMail *mail, const MpAttachment *attachments, gsize n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = mp_notify_build(mail, attachments, n, &error);
    gsize length = 0;
    const char *data;

    assert_no_gerror(error);
    data = g_bytes_get_data(bytes, &length);
    assert_null(memchr(data, 0, length));
    return g_strndup(data, length);
}

/* Field names of the header block, in order, each with a newline. */
static char *
field_names(const char *mail)
{
    const char *end = strstr(mail, "\r\n\r\n");
    g_autofree char *head = g_strndup(mail, (gsize)(end - mail));
    g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
    GString *names = g_string_new(NULL);

    for (gsize i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] == ' ' || lines[i][0] == '\t')
            continue;
        g_string_append_len(names, lines[i], (gssize)strcspn(lines[i], ":"));
        g_string_append_c(names, '\n');
    }
    return g_string_free(names, FALSE);
}

static void
assert_wire_form(const char *mail)
{
    gsize line = 0;

    for (const char *p = mail; *p != '\0'; p++) {
        assert_true((guchar)*p < 0x80);
        if (*p == '\n')
            assert_true(p > mail && p[-1] == '\r');
        if (*p == '\r')
            assert_int_equal(p[1], '\n');
        line = *p == '\n' ? 0 : line + 1;
        assert_true(line <= 998);
    }
    assert_true(g_str_has_suffix(mail, "\r\n"));
}

static GMimeMessage *
parse(const char *mail)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail, strlen(mail));
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

    g_object_unref(parser);
    g_object_unref(stream);
    assert_non_null(message);
    return message;
}

static char *
text_of(GMimeObject *part)
{
    char *text;
    gsize n = 0;

    assert_true(GMIME_IS_TEXT_PART(part));
    text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    for (const char *p = text; *p != '\0'; p++) /* line ends on the wire are CRLF */
        if (*p != '\r')
            text[n++] = *p;
    text[n] = '\0';
    return text;
}

/* --- the whole mail
 * --------------------------------------------------------------------------------- */

static void
test_headers(void **state)
{
    g_autoptr(MpMail) mail = example();
    g_autofree char *bytes = NULL;
    g_autofree char *names = NULL;
    GMimeMessage *message;

    (void)state;
    mail->in_reply_to = g_strdup("asal@dinkes.contohkab.go.id");
    mail->references = g_strdup("<awal@x.example> <asal@dinkes.contohkab.go.id>");
    mail->is_reply = TRUE;
    bytes = build(mail, NULL, 0);
    names = field_names(bytes);
    assert_wire_form(bytes);
    assert_text(names,
                "From\nTo\nSubject\nDate\nMessage-Id\nIn-Reply-To\nReferences\nAuto-Submitted\n"
                "X-Auto-Response-Suppress\nX-Mailproc\nMIME-Version\nContent-Type\n");
    message = parse(bytes);
    assert_text(g_mime_message_get_subject(message), mail->subject);
    assert_text(g_mime_message_get_message_id(message), ID);
    assert_contains(bytes, "\r\nAuto-Submitted: auto-replied\r\n");
    assert_contains(bytes, "\r\nX-Auto-Response-Suppress: All\r\n");
    assert_contains(bytes, "\r\nDate: Fri, 20 Nov 2026 02:14:00 +0000\r\n");
    assert_contains(bytes, "In-Reply-To: <asal@dinkes.contohkab.go.id>\r\n");
    assert_contains(bytes, "<awal@x.example>");
    assert_contains(bytes, "\r\nMIME-Version: 1.0\r\n");
    g_object_unref(message);
}

static void
test_alternative(void **state)
{
    g_autoptr(MpMail) mail = example();
    g_autofree char *bytes = build(mail, NULL, 0);
    GMimeMessage *message = parse(bytes);
    GMimeObject *body = g_mime_message_get_mime_part(message);
    g_autofree char *plain = NULL;
    g_autofree char *rich = NULL;

    (void)state;
    assert_contains(bytes, "Auto-Submitted: auto-generated\r\n");
    assert_true(GMIME_IS_MULTIPART(body));
    assert_int_equal(g_mime_multipart_get_count(GMIME_MULTIPART(body)), 2);
    plain = text_of(g_mime_multipart_get_part(GMIME_MULTIPART(body), 0));
    rich = text_of(g_mime_multipart_get_part(GMIME_MULTIPART(body), 1));
    assert_text(plain, mail->text);
    assert_text(rich, mail->html);
    assert_true(strstr(bytes, "text/plain") < strstr(bytes, "text/html"));
    g_object_unref(message);
}

static void
test_attachments(void **state)
{
    static const char pdf[] = "%PDF-1.4\n\0\xff\r\n.\r\n";
    g_autoptr(MpMail) mail = example();
    g_autoptr(GBytes) content = g_bytes_new_static(pdf, sizeof pdf - 1);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    MpAttachment attachments[] = {{"Surat Permohonan é.pdf", "application/pdf", content},
                                  {"kosong.txt", "text/plain", empty}};
    g_autofree char *bytes = build(mail, attachments, 2);
    GMimeMessage *message = parse(bytes);
    GMimeMultipart *mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(message));
    GMimePart *part = GMIME_PART(g_mime_multipart_get_part(mixed, 1));
    GMimeStream *stream = g_mime_stream_mem_new();
    const GByteArray *got;

    (void)state;
    assert_wire_form(bytes);
    assert_int_equal(g_mime_multipart_get_count(mixed), 3);
    assert_text(g_mime_part_get_filename(part), "Surat Permohonan é.pdf");
    assert_true(g_mime_part_is_attachment(part));
    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(part), stream);
    got = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    assert_int_equal(got->len, sizeof pdf - 1);
    assert_memory_equal(got->data, pdf, got->len);
    g_object_unref(stream);
    g_object_unref(message);
}

static void
test_text_alone(void **state)
{
    g_autoptr(MpMail) mail = example();
    g_autofree char *bytes = NULL;

    (void)state;
    g_clear_pointer(&mail->html, g_free);
    bytes = build(mail, NULL, 0);
    assert_wire_form(bytes);
    assert_lacks(bytes, "multipart");
    assert_contains(bytes, "Content-Type: text/plain; charset=utf-8\r\n");
}

static void
test_same_bytes(void **state)
{
    g_autoptr(MpMail) mail = example();
    g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
    MpAttachment attachment = {"a.pdf", "application/pdf", content};
    g_autofree char *first = build(mail, &attachment, 1);
    g_autofree char *second = build(mail, &attachment, 1);
    g_autofree char *third = NULL;

    (void)state;
    assert_text(first, second);
    g_free(mail->message_id);
    mail->message_id = g_strdup("lain@contohkab.go.id");
    third = build(mail, &attachment, 1);
    assert_string_not_equal(first, third);
}

/* Lines of any length, dots, "From ", boundaries of our own kind: the text comes back as it was. */
static void
test_body_survives(void **state)
{
    g_autoptr(MpMail) mail = example();
    g_autoptr(GString) text = g_string_new(".\n..\n.x\nFrom sini\n--=-0123\n--\n-- \nA=3D B\t\n");
    g_autofree char *bytes = NULL;
    g_autofree char *got = NULL;
    GMimeMessage *message;

    (void)state;
    for (guint i = 0; i < 3000; i++)
        g_string_append(text, "é");
    g_string_append(text, "\n\n\nakhir\n");
    g_free(mail->text);
    mail->text = g_strdup(text->str);
    bytes = build(mail, NULL, 0);
    assert_wire_form(bytes);
    message = parse(bytes);
    got = text_of(
        g_mime_multipart_get_part(GMIME_MULTIPART(g_mime_message_get_mime_part(message)), 0));
    assert_text(got, text->str);
    g_object_unref(message);
}

/* --- injection: payloads × fields
 * --------------------------------------------------------------------- */

static const char *const payloads[] = {
    "x\r\nBcc: e@x.example",
    "x\nBcc: e@x.example",
    "x\rBcc: e@x.example",
    "x\r\n\r\nisi palsu",
    "x\n\nisi palsu",
    "x>\r\nBcc: e@x.example",
    "x\"\r\nBcc: e@x.example",
    "x\r\n Bcc: e@x.example",
    "x\r\n\tBcc: e@x.example",
    "\r\nBcc: e@x.example",
    "Bcc: e@x.example\r\n",
    "x\v\nBcc: e@x.example",
    "x\xe2\x80\xa8"
    "Bcc: e@x.example",
    "x\xe2\x80\xa9"
    "Bcc: e@x.example",
    "x\xc2\x85"
    "Bcc: e@x.example",
    "x\x01\x02\x03",
    "x\x7f",
    "x\x1b[31m",
    "=?utf-8?q?x=0D=0ABcc:_e@x.example?=",
    "=?utf-8?b?DQpCY2M6IGVAeC5leGFtcGxl?=",
    "x; filename=evil.exe",
    "x\"; filename=\"evil.exe",
    "x\\\"; y=\"",
    "../../etc/passwd",
    "..\\..\\evil.exe",
    "x\xe2\x80\xae"
    "fdp.exe",
};

typedef enum {
    SUBJECT,
    FROM_NAME,
    TO_NAME,
    REPLY_TO,
    REFS,
    FILENAME,
    TYPE,
    TEXT,
    HTML,
    FIELDS
} Field;

static const char *const fields[FIELDS] = {"subject",
                                           "from name",
                                           "to name",
                                           "in-reply-to",
                                           "references",
                                           "filename",
                                           "type",
                                           "text",
                                           "html"};

typedef struct {
    char *name;
    Field field;
    const char *payload;
} Injection;

static void
set_field(MpMail *mail, MpAttachment *attachment, Field field, const char *payload)
{
    char **slots[FIELDS] = {[SUBJECT] = &mail->subject,
                            [FROM_NAME] = &mail->from_name,
                            [TO_NAME] = &mail->to_name,
                            [REPLY_TO] = &mail->in_reply_to,
                            [REFS] = &mail->references,
                            [TEXT] = &mail->text,
                            [HTML] = &mail->html};

    if (field == FILENAME)
        attachment->filename = payload;
    else if (field == TYPE)
        attachment->type = payload;
    else {
        g_free(*slots[field]);
        *slots[field] = g_strdup(payload);
    }
}

static void
assert_one_line(InternetAddressList *list)
{
    const char *name = internet_address_get_name(internet_address_list_get_address(list, 0));

    assert_true(name == NULL || mp_text_is_safe(name));
}

static void
test_injection(void **state)
{
    const Injection *row = *state;
    g_autoptr(MpMail) mail = example();
    g_autoptr(GBytes) content = g_bytes_new_static("isi", 3);
    MpAttachment attachment = {"a.pdf", "application/pdf", content};
    g_autofree char *bytes = NULL;
    g_autofree char *names = NULL;
    GMimeMessage *message;
    GMimeMultipart *mixed;
    const char *filename;

    set_field(mail, &attachment, row->field, row->payload);
    bytes = build(mail, &attachment, 1);
    names = field_names(bytes);
    assert_wire_form(bytes);
    assert_text(names,
                "From\nTo\nSubject\nDate\nMessage-Id\nAuto-Submitted\nX-Auto-Response-Suppress\nX-"
                "Mailproc\n"
                "MIME-Version\nContent-Type\n");
    if (row->field != TEXT && row->field != HTML)
        assert_lacks(bytes, "\r\nBcc");
    message = parse(bytes);
    assert_int_equal(
        g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message))), 9);
    assert_int_equal(internet_address_list_length(g_mime_message_get_to(message)), 1);
    assert_one_line(g_mime_message_get_from(message));
    assert_one_line(g_mime_message_get_to(message));
    assert_null(g_mime_message_get_bcc(message) == NULL
                    ? NULL
                    : internet_address_list_get_address(g_mime_message_get_bcc(message), 0));
    if (row->field == SUBJECT) { /* shown as it was meant, never decoded a second time */
        g_autofree char *line = mp_text_line(row->payload);
        g_auto(GStrv) parts = g_strsplit(line, "=?", -1);
        g_autofree char *want = g_strjoinv("= ?", parts);

        assert_text(g_mime_message_get_subject(message), want);
    }
    mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(message));
    assert_int_equal(g_mime_multipart_get_count(mixed), 2);
    filename = g_mime_part_get_filename(GMIME_PART(g_mime_multipart_get_part(mixed, 1)));
    assert_true(mp_text_is_safe(filename));
    assert_null(strpbrk(filename, "/\\\""));
    assert_true(filename[0] != '.');
    g_object_unref(message);
}

static int
run_injections(void)
{
    Injection rows[G_N_ELEMENTS(payloads) * FIELDS];
    gsize n = 0;
    int failed;

    for (gsize i = 0; i < G_N_ELEMENTS(payloads); i++)
        for (guint field = 0; field < FIELDS; field++, n++)
            rows[n] = (Injection){g_strdup_printf("T-16 payload %zu in %s", i + 1, fields[field]),
                                  (Field)field,
                                  payloads[i]};
    failed = run_rows("injection", rows, test_injection);
    for (gsize i = 0; i < n; i++)
        g_free(rows[i].name);
    return failed;
}

/* --- refusals
 * -------------------------------------------------------------------------------------------- */

typedef enum { BAD_ID, BAD_FROM, BAD_TO } BadField;

typedef struct {
    const char *name;
    BadField field;
    const char *value;
    const char *want;
} RefuseRow;

static const RefuseRow refuse_rows[] = {
    {"a Message-ID with a header behind it", BAD_ID, "a@b>\r\nBcc: x@x.example", "message id"},
    {"a Message-ID with LF", BAD_ID, "a@b\n", "message id"},
    {"a Message-ID with a blank", BAD_ID, "a b@c", "message id"},
    {"a Message-ID with brackets", BAD_ID, "<a@b>", "message id"},
    {"a Message-ID without @", BAD_ID, "abc", "message id"},
    {"a Message-ID with two @", BAD_ID, "a@b@c", "message id"},
    {"no Message-ID", BAD_ID, NULL, "message id"},
    {"a sender with CRLF", BAD_FROM, "a@contohkab.go.id\r\nBcc: x@x.example", "sender"},
    {"a sender with a second address", BAD_FROM, "a@contohkab.go.id, b@x.example", "sender"},
    {"no sender", BAD_FROM, NULL, "sender"},
    {"a recipient with LF", BAD_TO, "a@contohkab.go.id\nBcc: x@x.example", "recipient"},
    {"a recipient with brackets", BAD_TO, "<a@contohkab.go.id>", "recipient"},
    {"a recipient with an encoded word", BAD_TO, "=?utf-8?q?a=40b?= @x.example", "recipient"},
    {"a recipient in UTF-8", BAD_TO, "bü@contohkab.go.id", "recipient"},
    {"an empty recipient", BAD_TO, "", "recipient"},
};

static void
test_refused(void **state)
{
    const RefuseRow *row = *state;
    g_autoptr(MpMail) mail = example();
    char **slot = row->field == BAD_ID     ? &mail->message_id
                  : row->field == BAD_FROM ? &mail->from_address
                                           : &mail->to_address;
    g_autoptr(GError) error = NULL;

    g_free(*slot);
    *slot = g_strdup(row->value);
    assert_null(mp_notify_build(mail, NULL, 0, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_contains(error->message, row->want);
}

int
main(void)
{
    static const struct CMUnitTest single[] = {
        {"the headers of the contract, in order", test_headers, NULL, NULL, NULL},
        {"plain text first, HTML second", test_alternative, NULL, NULL, NULL},
        {"attachments come back byte for byte", test_attachments, NULL, NULL, NULL},
        {"a mail of text alone", test_text_alone, NULL, NULL, NULL},
        {"the same mail is the same bytes", test_same_bytes, NULL, NULL, NULL},
        {"any body survives", test_body_survives, NULL, NULL, NULL},
    };
    int failed = cmocka_run_group_tests(single, NULL, NULL);

    failed += run_rows("refused", refuse_rows, test_refused);
    return failed + run_injections();
}
