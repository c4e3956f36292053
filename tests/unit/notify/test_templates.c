/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The template language: what it renders, what it refuses with file and line, and its bounds. */
#include "notify/notify-private.h"
#include "support/asserts.h"

/* --- rendering ---------------------------------------------------------------------------------
 */

static MpValue *
person(const char *name, gboolean is_success)
{
    MpValue *map = mp_value_map();

    mp_value_set_text(map, "nama", name);
    mp_value_set_text(map, "unit", "");
    mp_value_set_take(map, "orang_berhasil", mp_value_bool(is_success));
    return map;
}

static MpValue *
example(void)
{
    MpValue *map = mp_value_map();
    MpValue *list = mp_value_list();

    mp_value_set_text(map, "nomor", "SE-2026-000123");
    mp_value_set_text(map, "perihal", "a < b & \"c\" 'd'");
    mp_value_set_text(map, "catatan", "satu\ndua");
    mp_value_set_text(map, "pesan", "NIP 199001012015011999, NIK 3399 0102 0390 0001");
    mp_value_set_text(map, "kode", "1234567890123456");
    mp_value_set_text(map, "cuplikan", "{{nomor}} {{#orang}}");
    mp_value_set_text(map, "unit", "luar");
    mp_value_set_text(map, "alasan", "");
    mp_value_set_take(map, "berhasil", mp_value_bool(TRUE));
    mp_value_set_take(map, "lampiran_hanya_daftar", mp_value_bool(FALSE));
    mp_value_append_take(list, person("Dewi", TRUE));
    mp_value_append_take(list, person("Rangga", FALSE));
    mp_value_set_take(map, "orang", list);
    mp_value_set_take(map, "kurang", mp_value_list());
    mp_value_set_take(map, "pemohon", person("Dewi", TRUE));
    return map;
}

typedef struct {
    const char *name;
    const char *template;
    const char *want_text, *want_html; /* NULL = not looked at */
} RenderRow;

static const RenderRow render_rows[] = {
    {"a variable", "No {{nomor}}.", "No SE-2026-000123.\n", "No SE-2026-000123.\n"},
    {"blanks in a tag", "{{ nomor }}", "SE-2026-000123\n", NULL},
    {"markup is escaped in HTML alone",
     "{{perihal}}",
     "a < b & \"c\" 'd'\n",
     "a &lt; b &amp; &quot;c&quot; &#39;d&#39;\n"},
    {"line ends become breaks in HTML", "{{catatan}}", "satu\ndua\n", "satu<br>\ndua\n"},
    {"identity numbers are masked at the last moment",
     "{{pesan}}",
     "NIP ••••••••••••••1999, NIK ••••••••••••0001\n",
     NULL},
    {"codes are not", "{{kode}}", "1234567890123456\n", NULL},
    {"a known name that is not set is empty", "<{{layanan}}>", "<>\n", NULL},
    {"a section over a list", "{{#orang}}{{nama}};{{/orang}}", "Dewi;Rangga;\n", NULL},
    {"a section over an empty list", "a{{#kurang}}x{{/kurang}}b", "ab\n", NULL},
    {"an inverted section over an empty list", "a{{^kurang}}x{{/kurang}}b", "axb\n", NULL},
    {"an inverted section over a full list", "a{{^orang}}x{{/orang}}b", "ab\n", NULL},
    {"a section over a text", "{{#nomor}}ada{{/nomor}}", "ada\n", NULL},
    {"a section over an empty text",
     "a{{#alasan}}x{{/alasan}}{{^alasan}}y{{/alasan}}",
     "ay\n",
     NULL},
    {"a section over a truth",
     "{{#berhasil}}ya{{/berhasil}}{{^berhasil}}no{{/berhasil}}",
     "ya\n",
     NULL},
    {"a section over what is false",
     "{{#lampiran_hanya_daftar}}x{{/lampiran_hanya_daftar}}y",
     "y\n",
     NULL},
    {"a section over a map", "{{#pemohon}}{{nama}}{{/pemohon}}", "Dewi\n", NULL},
    {"names of the map around are seen inside",
     "{{#pemohon}}{{nomor}}{{/pemohon}}",
     "SE-2026-000123\n",
     NULL},
    {"an empty name inside hides the one outside",
     "{{#pemohon}}<{{unit}}>{{/pemohon}}",
     "<>\n",
     NULL},
    {"a comment", "a{{! tidak tampil }}b", "ab\n", NULL},
    {"a comment of two lines", "a{{! tidak\ntampil }}b", "ab\n", NULL},
    {"tags alone on a line take the line",
     "a\n{{#orang}}\n{{nama}}\n{{/orang}}\nb",
     "a\nDewi\nRangga\nb\n",
     NULL},
    {"with blanks around too",
     "a\n  {{#orang}}  \n{{nama}}\n\t{{/orang}}\nb",
     "a\nDewi\nRangga\nb\n",
     NULL},
    {"two tags on a line leave it", "{{#orang}}{{nama}}\n{{/orang}}", "Dewi\nRangga\n", NULL},
    {"blank lines in a row become one", "a\n\n\n\nb\n\n", "a\n\nb\n", NULL},
    {"a partial", "a\n{{> kaki}}\nb", "a\nkaki SE-2026-000123\nb\n", NULL},
    {"a partial of a partial", "{{> luar}}", "<kaki SE-2026-000123>\n", NULL},
    {"CRLF counts as LF", "a\r\n{{#nomor}}\r\nb\r\n{{/nomor}}\r\n", "a\nb\n", NULL},
    {"single braces are text", "{nomor} }} {", "{nomor} }} {\n", NULL},
    {"braces in a value are text", "{{cuplikan}}", "{{nomor}} {{#orang}}\n", NULL},
};

static void
add(MpTemplates *templates, const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;

    if (!mp_templates_add(templates, name, text, strlen(text), &error))
        assert_no_gerror(error);
}

static MpTemplates *
with_partials(void)
{
    MpTemplates *templates = mp_templates_new();

    add(templates, "_kaki.txt", "kaki {{nomor}}\n");
    add(templates, "_kaki.html", "kaki {{nomor}}\n");
    add(templates, "_luar.txt", "<{{> kaki}}>");
    add(templates, "_luar.html", "<{{> kaki}}>");
    return templates;
}

static void
test_render(void **state)
{
    const RenderRow *row = *state;
    g_autoptr(MpTemplates) templates = with_partials();
    g_autoptr(MpValue) context = example();
    g_autofree char *txt = g_strconcat("Subjek: x\n", row->template, NULL);
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;
    g_autoptr(GError) error = NULL;

    add(templates, "uji.txt", txt);
    add(templates, "uji.html", row->template);
    if (!mp_templates_check(templates, NULL, &error) ||
        !mp_templates_render(templates, "uji", context, &subject, &text, &html, &error))
        assert_no_gerror(error);
    if (strcmp(row->name, "a partial of a partial") == 0)
        assert_text(text, "<kaki SE-2026-000123\n>\n");
    else
        assert_text(text, row->want_text);
    if (row->want_html != NULL)
        assert_text(html, row->want_html);
}

/* --- refusals
 * ------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *file, *text;
    const char *want; /* whole message */
} RefuseRow;

static const RefuseRow add_rows[] = {
    {"a tag that is not closed", "a.html", "x\n{{nomor", "a.html:2: a tag is not closed by }}"},
    {"a section that is not closed",
     "a.html",
     "x\n\n{{#orang}}\n\n",
     "a.html:3: {{#orang}} is never closed"},
    {"a section closed by another name",
     "a.html",
     "{{#orang}}\n{{#nomor}}\n{{/orang}}",
     "a.html:3: {{/orang}} stands where {{/nomor}} of line 2 is due"},
    {"a close without an open", "a.html", "{{/orang}}", "a.html:1: {{/orang}} closes nothing"},
    {"a raw value",
     "a.html",
     "{{{nomor}}}",
     "a.html:1: raw values and other delimiters are not allowed"},
    {"a raw value by &",
     "a.html",
     "{{&nomor}}",
     "a.html:1: raw values and other delimiters are not allowed"},
    {"other delimiters",
     "a.html",
     "{{=<% %>=}}",
     "a.html:1: raw values and other delimiters are not allowed"},
    {"a tag without a name", "a.html", "{{}}", "a.html:1: a tag has no proper name"},
    {"a name with capitals", "a.html", "{{Nomor}}", "a.html:1: a tag has no proper name"},
    {"a name with a dot", "a.html", "{{orang.nama}}", "a.html:1: a tag has no proper name"},
    {"a partial with a path", "a.html", "{{> ../etc}}", "a.html:1: a tag has no proper name"},
    {"bytes that are no UTF-8", "a.html", "\xff", "a.html:1: text is not UTF-8"},
    {"a text without subject", "a.txt", "Halo\n", "a.txt:1: first line is not 'Subjek: …'"},
    {"an empty subject", "a.txt", "Subjek:\nHalo\n", "a.txt:1: subject is empty"},
    {"an error in the subject",
     "a.txt",
     "Subjek: {{nomor\nHalo\n",
     "a.txt:1: a tag is not closed by }}"},
    {"an error behind the subject",
     "a.txt",
     "Subjek: x\n\n{{nomor\n",
     "a.txt:3: a tag is not closed by }}"},
    {"another extension",
     "a.tex",
     "x",
     "a.tex:1: a template is called name.txt, name.html or name.surat"},
    {"a name with a path",
     "../a.txt",
     "x",
     "../a.txt:1: a template is called name.txt, name.html or name.surat"},
    {"a name with two dots",
     "a.b.txt",
     "x",
     "a.b.txt:1: a template is called name.txt, name.html or name.surat"},
    {"a name that is only an underscore",
     "_.txt",
     "x",
     "_.txt:1: a template is called name.txt, name.html or name.surat"},
};

static void
test_add_refused(void **state)
{
    const RefuseRow *row = *state;
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(GError) error = NULL;

    assert_false(mp_templates_add(templates, row->file, row->text, strlen(row->text), &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_text(error->message, row->want);
}

static const RefuseRow check_rows[] = {
    {"an unknown name", "a.html", "\n{{entahlah}}", "a.html:2: name 'entahlah' is unknown"},
    {"a mistyped name",
     "a.html",
     "{{nomer}}",
     "a.html:1: name 'nomer' is unknown; did you mean 'nomor'?"},
    {"an unknown section",
     "a.html",
     "{{#entahlah}}{{/entahlah}}",
     "a.html:1: name 'entahlah' is unknown"},
    {"an unknown name in a section that never comes",
     "a.html",
     "{{#kurang}}\n{{entahlah}}{{/kurang}}",
     "a.html:2: name 'entahlah' is unknown"},
    {"a name of a list outside of it",
     "a.html",
     "{{nama}}",
     "a.html:1: name 'nama' is known only inside {{#orang}}"},
    {"a name of a list in the inverted section",
     "a.html",
     "{{^orang}}{{nama}}{{/orang}}",
     "a.html:1: name 'nama' is known only inside {{#orang}}"},
    {"a list as a variable",
     "a.html",
     "{{orang}}",
     "a.html:1: name 'orang' is no text, it needs {{#orang}}"},
    {"a truth as a variable",
     "a.html",
     "{{berhasil}}",
     "a.html:1: name 'berhasil' is no text, it needs {{#berhasil}}"},
    {"a partial that is missing", "a.html", "{{> tiada}}", "a.html:1: partial 'tiada' is missing"},
    {"a partial that includes itself",
     "_diri.html",
     "x\n{{> diri}}",
     "_diri.html:2: partial 'diri' includes itself"},
    {"an unknown name in a partial",
     "_diri.html",
     "\n\n{{entahlah}}",
     "_diri.html:3: name 'entahlah' is unknown"},
};

static void
test_check_refused(void **state)
{
    const RefuseRow *row = *state;
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(GError) error = NULL;

    if (row->file[0] == '_') {
        add(templates, "a.html", "{{> diri}}");
        add(templates, row->file, row->text);
    } else {
        add(templates, "a.html", row->text);
    }
    add(templates, "a.txt", "Subjek: x\n");
    assert_false(mp_templates_check(templates, NULL, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_text(error->message, row->want);
}

/* A paper needs neither subject nor twin; its names are judged like all others. */
static void
test_paper(void **state)
{
    static const char *const wanted[] = {"surat-x.surat", "surat-y.surat", NULL};
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(MpTemplates) wrong = mp_templates_new();
    g_autoptr(MpValue) context = mp_value_map();
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) unknown = NULL;
    g_autoptr(GError) absent = NULL;
    g_autoptr(GError) none = NULL;

    (void)state;
    mp_value_set_text(context, "layanan", "Pencabutan <b>");
    add(templates, "surat-x.surat", "Kepada: BSrE\nHal: {{layanan}}\n\n\n[tabel]\n");
    g_autofree char *text = mp_templates_render_paper(templates, "surat-x", context, &none);
    assert_no_gerror(none);
    assert_text(text, "Kepada: BSrE\nHal: Pencabutan <b>\n\n[tabel]\n");
    assert_false(mp_templates_check(templates, wanted, &missing));
    assert_gerror(missing, MP_ERROR_CONFIG);
    assert_text(missing->message, "surat-y.surat:1: template is missing");
    assert_null(mp_templates_render_paper(templates, "surat-y", context, &absent));
    assert_gerror(absent, MP_ERROR_INPUT);
    add(wrong, "surat-x.surat", "Hal: x\n{{layann}}\n");
    assert_false(mp_templates_check(wrong, NULL, &unknown));
    assert_gerror(unknown, MP_ERROR_CONFIG);
    assert_text(unknown->message,
                "surat-x.surat:2: name 'layann' is unknown; did you mean 'layanan'?");
}

static void
test_set_refused(void **state)
{
    static const char *const wanted[] = {"a", "b", NULL};
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(GError) first = NULL;
    g_autoptr(GError) second = NULL;
    g_autoptr(GError) third = NULL;

    (void)state;
    add(templates, "a.txt", "Subjek: x\n");
    assert_false(mp_templates_check(templates, wanted, &first));
    assert_text(first->message, "a.txt:1: 'a.html' is missing beside it");
    add(templates, "a.html", "x");
    assert_false(mp_templates_check(templates, wanted, &second));
    assert_text(second->message, "b.txt:1: template is missing");
    assert_false(mp_templates_add(templates, "a.html", "x", 1, &third));
    assert_text(third->message, "a.html:1: template is there twice");
}

static void
test_unknown_notice(void **state)
{
    g_autoptr(MpTemplates) templates = with_partials();
    g_autoptr(MpValue) context = mp_value_map();
    char *subject = NULL, *text = NULL, *html = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_false(mp_templates_render(templates, "tiada", context, &subject, &text, &html, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    g_clear_error(&error);
    assert_false(mp_templates_render(templates, "_kaki", context, &subject, &text, &html, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_null(subject);
}

/* A set that was never checked cannot hang or crash the program either. */
static void
test_unchecked_loop(void **state)
{
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(MpValue) context = mp_value_map();
    char *subject = NULL, *text = NULL, *html = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    add(templates, "_diri.txt", "x{{> diri}}");
    add(templates, "a.txt", "Subjek: x\n{{> diri}}");
    add(templates, "a.html", "x");
    assert_false(mp_templates_render(templates, "a", context, &subject, &text, &html, &error));
    assert_gerror(error, MP_ERROR_LIMIT);
    assert_null(text);
}

static void
test_subject(void **state)
{
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(MpValue) context = mp_value_map();
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;
    g_autofree char *value = g_strnfill(400, 'x');
    g_autofree char *longer = g_strconcat("a\r\nBcc: e@x.example\n", value, NULL);
    g_autoptr(GError) error = NULL;

    (void)state;
    mp_value_set_text(context, "perihal", longer);
    add(templates, "a.txt", "Subjek:  Tentang {{perihal}}\n");
    add(templates, "a.html", "x");
    assert_true(mp_templates_render(templates, "a", context, &subject, &text, &html, &error));
    assert_true(g_str_has_prefix(subject, "Tentang a Bcc: e@x.example xxx"));
    assert_true(g_str_has_suffix(subject, "x…"));
    assert_int_equal(g_utf8_strlen(subject, -1), MP_SUBJECT_CHARS);
    assert_true(mp_text_is_safe(subject));
}

int
main(void)
{
    static const struct CMUnitTest single[] = {
        {"a paper is one file whose names are known", test_paper, NULL, NULL, NULL},
        {"a set must be whole", test_set_refused, NULL, NULL, NULL},
        {"a notice that is not there", test_unknown_notice, NULL, NULL, NULL},
        {"a loop that nobody checked ends", test_unchecked_loop, NULL, NULL, NULL},
        {"a subject is one line of bounded length", test_subject, NULL, NULL, NULL},
    };
    int failed = run_rows("rendering", render_rows, test_render);

    failed += run_rows("refused when added", add_rows, test_add_refused);
    failed += run_rows("refused when checked", check_rows, test_check_refused);
    return failed + cmocka_run_group_tests(single, NULL, NULL);
}
