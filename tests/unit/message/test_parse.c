/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

static MpMessage *
parse_bytes(const char *mail, gsize length)
{
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(GError) error = NULL;
    MpMessage *message = mp_message_parse((const guint8 *)mail, length, &options, &error);

    assert_no_gerror(error);
    return message;
}

static MpMessage *
parse(const char *mail)
{
    return parse_bytes(mail, strlen(mail));
}

static gboolean
has_doubt(const MpMessage *message, const char *doubt)
{
    for (guint i = 0; i < message->doubts->len; i++) {
        if (strcmp(g_ptr_array_index(message->doubts, i), doubt) == 0)
            return TRUE;
    }
    return FALSE;
}

/* --- charsets (T-41): shown text is valid UTF-8, and nothing is lost silently ------------------
 */

typedef struct {
    const char *name;
    const char *mail;
    const char *text;
    gboolean guessed;
} Charset;

static void
test_charset(void **state)
{
    const Charset *row = *state;
    g_autoptr(MpMessage) message = parse(row->mail);

    assert_true(g_utf8_validate(message->text, -1, NULL));
    assert_text(message->text, row->text);
    assert_int_equal(has_doubt(message, "charset-guessed"), row->guessed);
}

#define TEXT(charset) "Content-Type: text/plain; charset=" charset "\n\n"

static const Charset charsets[] = {
    {"T-41 UTF-8 as declared", TEXT("utf-8") "Caf\303\251", "Café", FALSE},
    {"T-41 UTF-8 undeclared", "Subject: x\n\nCaf\303\251", "Café", FALSE},
    {"T-41 Latin 1 as declared", TEXT("iso-8859-1") "Caf\351", "Café", FALSE},
    {"T-41 Latin 1 that is windows-1252", TEXT("iso-8859-1") "\223Acc\224", "“Acc”", FALSE},
    {"T-41 windows-1252", TEXT("windows-1252") "a \226 b", "a – b", FALSE},
    {"T-41 declared UTF-8 with bytes of windows-1252 keeps them",
     TEXT("utf-8") "Surat permohonan s\351rtifikat untuk kepala dinas",
     "Surat permohonan sértifikat untuk kepala dinas",
     TRUE},
    {"T-41 US-ASCII with UTF-8 in it", TEXT("us-ascii") "Caf\303\251", "Café", FALSE},
    {"T-41 unknown charset", TEXT("x-tidak-ada") "halo", "halo", TRUE},
    {"T-41 ISO-2022-JP", TEXT("iso-2022-jp") "\033$B$O$$\033(B", "はい", FALSE},
    {"T-41 ISO-2022-JP with nothing declared",
     "Subject: x\n\n\033$B$3$s$K$A$O!\"$O$$!#\033(B TERUSKAN",
     "こんにちは、はい。 TERUSKAN",
     TRUE},
    {"T-41 GB18030", TEXT("gb2312") "\272\303", "好", FALSE},
    {"T-41 Shift JIS", TEXT("shift_jis") "\202\315\202\242", "はい", FALSE},
    {"T-41 Korean", TEXT("euc-kr") "\263\327", "네", FALSE},
    {"T-41 quoted-printable",
     "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
     "quoted-printable\n\nCaf=C3=A9=\n!",
     "Café!",
     FALSE},
    {"T-41 base64",
     "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nQ2Fmw6k=\n",
     "Café",
     FALSE},
    {"T-41 controls and bidi marks are gone", TEXT("utf-8") "a\001b\342\200\256c", "abc", FALSE},
};

static void
test_nul_in_text(void **state)
{
    static const char mail[] = "Subject: x\n\nTERUS\0KAN\n";
    g_autoptr(MpMessage) message = parse_bytes(mail, sizeof mail - 1);

    (void)state;
    assert_text(message->text, "TERUSKAN");
}

/* --- headers --------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *field;
    const char *subject;
} Subject;

static void
test_subject(void **state)
{
    const Subject *row = *state;
    g_autofree char *mail = g_strconcat("Subject: ", row->field, "\n\nx\n", NULL);
    g_autoptr(MpMessage) message = parse(mail);

    assert_text(message->subject, row->subject);
}

static const Subject subjects[] = {
    {"plain", "Permohonan", "Permohonan"},
    {"folded", "Permohonan\n Penerbitan", "Permohonan Penerbitan"},
    {"encoded", "=?utf-8?Q?Perm=C3=B6honan?=", "Permöhonan"},
    {"encoded, cut inside a character", "=?utf-8?B?4oA=?= =?utf-8?B?kw==?=", "–"},
    {"encoded words glued to text", "[SE-1]=?utf-8?Q?_a?=", "[SE-1] a"},
    {"a broken encoded word stays", "=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
    {"line breaks in an encoded word are no line breaks", "=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"},
    {"raw UTF-8", "Permohonan \342\200\223 x", "Permohonan – x"},
    {"raw windows-1252", "Permohonan Caf\351", "Permohonan Café"},
    {"bidi marks are gone", "=?utf-8?Q?a=E2=80=AEb?=", "ab"},
    {"unknown charset", "=?x-no?Q?abc?=", "abc"},
};

static void
test_header_facts(void **state)
{
    g_autoptr(MpMessage) message = parse(
        "Return-Path: <Ani@Contohkab.go.id>\nReceived: by a\nReceived: by b\n"
        "From: Ani <ani@contohkab.go.id>\nTo: L <l@contohkab.go.id>, m@x.example\nCc: n@x.example\n"
        "Reply-To: other@x.example\nDate: Mon, 16 Nov 2026 09:14:00 +0700\n"
        "Message-ID: <1@x>\nIn-Reply-To: <2@x>\nReferences: <3@x>\n <2@x>\nSubject: x\n\ny\n");

    (void)state;
    assert_int_equal(message->headers->len, 12);
    assert_text(mp_message_header(message, "received"), "by a");
    assert_null(mp_message_header(message, "X-None"));
    assert_text(message->return_path, "Ani@Contohkab.go.id");
    assert_int_equal(message->to->len, 3);
    assert_int_equal(message->reply_to->len, 1);
    assert_text(message->message_id, "1@x");
    assert_text(message->in_reply_to, "2@x");
    assert_int_equal(message->references->len, 2);
    assert_text(g_ptr_array_index(message->references, 0), "3@x");
    assert_true(message->date_utc == G_GINT64_CONSTANT(1794795240) * G_USEC_PER_SEC);
}

static void
test_null_path_and_no_date(void **state)
{
    g_autoptr(MpMessage) message = parse("Return-Path: <>\nDate: kemarin\n\ny\n");

    (void)state;
    assert_text(message->return_path, "");
    assert_true(message->date_utc == 0);
    assert_null(message->subject);
    assert_null(message->message_id);
}

/* --- texts ----------------------------------------------------------------------------------- */

static void
test_flowed(void **state)
{
    g_autoptr(MpMessage) message = parse(
        "Content-Type: text/plain; format=flowed\n\nsatu \ndua\n> tiga \n> empat\n-- \nAni\n");

    (void)state;
    assert_text(message->text, "satu dua\n> tiga empat\n-- \nAni");
    assert_text(message->reply_text, "satu dua");
}

static void
test_flowed_delsp(void **state)
{
    g_autoptr(MpMessage) message =
        parse("Content-Type: text/plain; format=flowed; delsp=yes\n\nTERUS \nKAN\n");

    (void)state;
    assert_text(message->reply_text, "TERUSKAN");
}

static void
test_html_only(void **state)
{
    g_autoptr(MpMessage) message = parse("Content-Type: text/html\n\n<p>Acc</p>\n");

    (void)state;
    assert_true(message->text_from_html);
    assert_text(message->reply_text, "Acc");
}

#define BOTH(plain, html)                                                                          \
    "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n" plain   \
    "\n--b\nContent-Type: text/html\n\n" html "\n--b--\n"

static void
test_alternatives_agree(void **state)
{
    g_autoptr(MpMessage) message = parse(BOTH("Teruskan", "<p>Teruskan</p>"));

    (void)state;
    assert_text(message->text, "Teruskan");
    assert_false(message->text_from_html);
    assert_int_equal(message->doubts->len, 0);
}

/* T-25 */
static void
test_alternatives_differ(void **state)
{
    g_autoptr(MpMessage) other = parse(BOTH("TOLAK", "<p>SETUJU</p>"));
    g_autoptr(MpMessage) more = parse(BOTH("TERUSKAN", "<p>TERUSKAN jangan dulu</p>"));
    g_autoptr(MpMessage) hidden = parse(BOTH("TOLAK", "<p>TOLAK</p><p hidden>SETUJU</p>"));
    g_autoptr(MpMessage) empty = parse(BOTH("", "<p>SETUJU</p>"));

    (void)state;
    assert_true(has_doubt(other, "parts-differ"));
    assert_true(has_doubt(more, "parts-differ"));
    assert_true(has_doubt(hidden, "parts-differ"));
    assert_true(empty->text_from_html);
    assert_text(empty->reply_text, "SETUJU");
}

/* --- MIME that readers disagree about (T-24) and smuggling (T-18) -------------------------------
 */

typedef struct {
    const char *name;
    const char *mail;
} Ambiguous;

static void
test_ambiguous(void **state)
{
    const Ambiguous *row = *state;
    g_autoptr(MpMessage) message = parse(row->mail);

    assert_true(has_doubt(message, "mime-ambiguous"));
}

static const Ambiguous ambiguous[] = {
    {"two Content-Type fields", "Content-Type: text/plain\nContent-Type: text/html\n\nx\n"},
    {"two boundaries",
     "Content-Type: multipart/mixed; boundary=a; boundary=b\n\n--a\n\nx\n--a--\n"},
    {"no boundary", "Content-Type: multipart/mixed\n\n--a\n\nx\n--a--\n"},
    {"two transfer encodings",
     "Content-Type: text/plain\nContent-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: "
     "base64\n\nVEVSVVNLQU4=\n"},
    {"two file names",
     "Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf; "
     "filename=b.exe\n\nx\n"},
    {"a line that is no field", "Subject: x\ntidak jelas\nFrom: a@b.example\n\nx\n"},
    {"two From fields", "From: a@b.example\nFrom: c@d.example\n\nx\n"},
};

static void
test_smuggled_mail_is_text(void **state)
{
    g_autoptr(MpMessage) message =
        parse("From: a@b.example\nSubject: satu\n\nhalo\n.\nMAIL FROM:<x@y.example>\nDATA\n"
              "From: kadis@contohkab.go.id\nSubject: dua\n\nTERUSKAN\n");

    (void)state;
    assert_text(message->subject, "satu");
    assert_text(mp_message_sender(message), "a@b.example");
    assert_int_equal(message->from->len, 1);
    assert_contains(message->text, "TERUSKAN");
}

/* --- parts ----------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *fields;
    const char *filename;
} FileName;

static void
test_file_name(void **state)
{
    const FileName *row = *state;
    g_autofree char *mail = g_strconcat(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n", row->fields, "\n\nx\n--b--\n", NULL);
    g_autoptr(MpMessage) message = parse(mail);
    const MpPart *part;

    assert_int_equal(message->parts->len, 1);
    part = g_ptr_array_index(message->parts, 0);
    assert_text(part->filename, row->filename);
}

#define PDF "Content-Type: application/pdf\nContent-Disposition: attachment; "

static const FileName file_names[] = {
    {"plain", PDF "filename=a.pdf", "a.pdf"},
    {"from the type", "Content-Type: application/pdf; name=\"a b.pdf\"", "a b.pdf"},
    {"none", "Content-Type: application/pdf", NULL},
    {"RFC 2231", PDF "filename*=utf-8''Surat%20%E2%80%93%20x.pdf", "Surat – x.pdf"},
    {"RFC 2231 in pieces", PDF "filename*0*=utf-8''Sur;\n filename*1=at.pdf", "Surat.pdf"},
    {"encoded word in quotes", PDF "filename=\"=?utf-8?Q?S=C3=BCrat=2Epdf?=\"", "Sürat.pdf"},
    {"raw UTF-8", PDF "filename=\"S\303\274rat.pdf\"", "Sürat.pdf"},
    {"raw windows-1252", PDF "filename=\"S\374rat permohonan.pdf\"", "Sürat permohonan.pdf"},
    {"a path", PDF "filename=\"../../etc/passwd\"", "passwd"},
    {"a Windows path", PDF "filename=\"C:\\\\tmp\\\\a.pdf\"", "a.pdf"},
    {"leading dots", PDF "filename=\"...a.pdf\"", "a.pdf"},
    {"only dots", PDF "filename=\"..\"", NULL},
    {"an option", PDF "filename=\"-rf\"", "rf"},
    {"a folder", PDF "filename=\"berkas/\"", "berkas"},
    {"a reversed ending", PDF "filename*=utf-8''a%E2%80%AEfdp.exe", "afdp.exe"},
    {"120 bytes fit",
     PDF "filename="
         "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
         "AAAAAAAAAAAAAAAAAAAAAAAAA0123.pdf\"",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAA0123.pdf"},
    {"121 bytes lose a byte before the ending",
     PDF "filename="
         "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
         "AAAAAAAAAAAAAAAAAAAAAAAAAA0123.pdf\"",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAA012.pdf"},
};

static void
test_inline_pictures(void **state)
{
    g_autoptr(MpMessage) message =
        parse("Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
              "<p>x<img src=\"cid:logo@x\"></p>\n--b\nContent-Type: image/png; "
              "name=logo.png\nContent-ID: <logo@x>\n\n1\n"
              "--b\nContent-Type: image/jpeg; name=foto.jpg\nContent-ID: "
              "<foto@x>\nContent-Disposition: inline\n\n2\n--b--\n");
    const MpPart *logo;
    const MpPart *photo;

    (void)state;
    assert_int_equal(message->parts->len, 2);
    logo = g_ptr_array_index(message->parts, 0);
    photo = g_ptr_array_index(message->parts, 1);
    assert_true(logo->is_inline);
    assert_text(logo->content_id, "logo@x");
    assert_false(photo->is_inline);
    assert_int_equal(g_bytes_get_size(photo->content), 1);
}

static void
test_signed_mail(void **state)
{
    g_autoptr(MpMessage) message =
        parse("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; "
              "boundary=b\n\n--b\n"
              "Content-Type: text/plain\n\nTERUSKAN\n--b\nContent-Type: "
              "application/pkcs7-signature; name=smime.p7s\n\nx\n--b--\n");
    const MpPart *part = g_ptr_array_index(message->parts, 0);

    (void)state;
    assert_true(message->is_signed);
    assert_text(message->reply_text, "TERUSKAN");
    assert_true(part->is_inline);
}

static void
test_text_attachment_is_a_part(void **state)
{
    g_autoptr(MpMessage) message = parse(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhalo\n--b\n"
        "Content-Type: text/plain; name=catatan.txt\nContent-Disposition: attachment; "
        "filename=catatan.txt\n\nTERUSKAN\n"
        "--b\nContent-Type: text/csv\n\na,b\n--b--\n");

    (void)state;
    assert_text(message->text, "halo");
    assert_int_equal(message->parts->len, 2);
}

/* --- identity -------------------------------------------------------------------------------- */

static void
assert_same(const char *a, const char *b, gboolean want)
{
    g_autofree char *x = mp_message_content_hash((const guint8 *)a, strlen(a));
    g_autofree char *y = mp_message_content_hash((const guint8 *)b, strlen(b));

    assert_int_equal(strlen(x), 64);
    assert_int_equal(strcmp(x, y) == 0, want);
}

static void
test_content_hash(void **state)
{
    static const char mail[] =
        "Received: by a\nFrom: a@b\nSubject: x\nMessage-ID: <1@x>\n\nsatu\ndua\n";

    (void)state;
    assert_same(
        mail,
        "Received: by other\nX-Spam: no\nFrom: a@b\nSubject: x\nMessage-ID: <1@x>\n\nsatu\ndua\n",
        TRUE);
    assert_same(
        mail,
        "Received: by a\r\nFrom: a@b\r\nSubject: x\r\nMessage-ID: <1@x>\r\n\r\nsatu\r\ndua\r\n",
        TRUE);
    assert_same(mail, "From: a@b\nSubject:\n x\nMessage-ID: <1@x>\n\nsatu\ndua\n\n", TRUE);
    assert_same(mail, "From: a@b\nSubject: x\nMessage-ID: <1@x>\n\nsatu\ntiga\n", FALSE);
    assert_same(mail, "From: a@b\nSubject: y\nMessage-ID: <1@x>\n\nsatu\ndua\n", FALSE);
    assert_same(mail, "From: a@b\nSubject: x\nMessage-ID: <2@x>\n\nsatu\ndua\n", FALSE);
}

/* The process beside the store lists no more than a MiB of fields; two mails stay two all the same.
 */
static void
test_identity_of_endless_headers(void **state)
{
    enum { MANY = 300 * 1024 };

    g_autoptr(GString) fields = g_string_new(NULL);

    (void)state;
    for (guint i = 0; i < MANY; i++)
        g_string_append(fields, "a:b\n");
    g_autofree char *x = g_strdup_printf("%sFrom: a@b.example\n\nsatu\n", fields->str);
    g_autofree char *y = g_strdup_printf("%sFrom: c@b.example\n\nsatu\n", fields->str);
    g_autofree char *z = g_strdup_printf("From: a@b.example\n%s\nsatu\n", fields->str);
    g_autofree char *near = mp_message_from_hint((const guint8 *)z, strlen(z));

    assert_same(x, x, TRUE);
    assert_same(x, y, FALSE);
    assert_text(near, "a@b.example");
    assert_null(mp_message_from_hint((const guint8 *)x, strlen(x)));
}

int
main(void)
{
    const struct CMUnitTest more[] = {
        cmocka_unit_test(test_nul_in_text),
        cmocka_unit_test(test_header_facts),
        cmocka_unit_test(test_null_path_and_no_date),
        cmocka_unit_test(test_flowed),
        cmocka_unit_test(test_flowed_delsp),
        cmocka_unit_test(test_html_only),
        cmocka_unit_test(test_alternatives_agree),
        cmocka_unit_test(test_alternatives_differ),
        cmocka_unit_test(test_smuggled_mail_is_text),
        cmocka_unit_test(test_inline_pictures),
        cmocka_unit_test(test_signed_mail),
        cmocka_unit_test(test_text_attachment_is_a_part),
        cmocka_unit_test(test_content_hash),
        cmocka_unit_test(test_identity_of_endless_headers),
    };

    return run_rows("message/charset", charsets, test_charset) +
           run_rows("message/subject", subjects, test_subject) +
           run_rows("message/ambiguous", ambiguous, test_ambiguous) +
           run_rows("message/file name", file_names, test_file_name) +
           cmocka_run_group_tests_name("message/parse", more, NULL, NULL);
}
