/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/notify-private.h"

#define SUBJECT_MARK "Subjek:"
#define PAPER_MARK ".surat"

static void
template_free(MpTemplate *template)
{
    g_free(template->file);
    if (template->subject != NULL)
        g_ptr_array_unref(template->subject);
    if (template->body != NULL)
        g_ptr_array_unref(template->body);
    g_free(template);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpTemplate, template_free)

MpTemplates *
mp_templates_new(void)
{
    MpTemplates *templates = g_new0(MpTemplates, 1);

    templates->files =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)template_free);
    return templates;
}

void
mp_templates_free(MpTemplates *templates)
{
    if (templates == NULL)
        return;
    g_hash_table_unref(templates->files);
    g_free(templates);
}

static gboolean
refuse_file(const char *name, guint line, const char *what, GError **error)
{
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", name, line, what);
    return FALSE;
}

static gboolean
is_file_name(const char *name)
{
    gsize stem = strcspn(name, ".");

    if (stem == 0 || stem > 64 || strncmp(name, "_.", 2) == 0 ||
        (!g_str_has_suffix(name, ".txt") && !g_str_has_suffix(name, ".html") &&
         !g_str_has_suffix(name, PAPER_MARK)))
        return FALSE;
    for (gsize i = name[0] == '_' ? 1 : 0; i < stem; i++)
        if (!g_ascii_islower(name[i]) && !g_ascii_isdigit(name[i]) && name[i] != '-')
            return FALSE;
    return strcmp(name + stem, ".txt") == 0 || strcmp(name + stem, ".html") == 0 ||
           (name[0] != '_' && strcmp(name + stem, PAPER_MARK) == 0);
}

/* UTF-8 without NUL and CR. */
static char *
read_text(const char *name, const char *bytes, gsize length, GError **error)
{
    GString *text;

    if (length > MP_TEMPLATE_BYTES) {
        refuse_file(name, 1, "file is too large", error);
        return NULL;
    }
    if (!g_utf8_validate_len(bytes, length, NULL)) {
        refuse_file(name, 1, "text is not UTF-8", error);
        return NULL;
    }
    text = g_string_sized_new(length);
    for (gsize i = 0; i < length; i++)
        if (bytes[i] != '\r')
            g_string_append_c(text, bytes[i]);
    return g_string_free(text, FALSE);
}

static gboolean
read_body(MpTemplate *template, const char *text, GError **error)
{
    const char *body = text;
    guint line = 1;

    if (template->file[0] != '_' && g_str_has_suffix(template->file, ".txt")) {
        gsize first = strcspn(text, "\n");
        gsize mark = strlen(SUBJECT_MARK);

        if (!g_str_has_prefix(text, SUBJECT_MARK))
            return refuse_file(template->file, 1, "first line is not 'Subjek: …'", error);
        template->subject = mp_template_parse(template->file, text + mark, first - mark, 1, error);
        if (template->subject == NULL)
            return FALSE;
        if (template->subject->len == 0)
            return refuse_file(template->file, 1, "subject is empty", error);
        body = text + first + (text[first] == '\n');
        line = 2;
    }
    template->body = mp_template_parse(template->file, body, strlen(body), line, error);
    return template->body != NULL;
}

gboolean
mp_templates_add(
    MpTemplates *templates, const char *name, const char *bytes, gsize length, GError **error)
{
    g_autoptr(MpTemplate) template = g_new0(MpTemplate, 1);
    g_autofree char *text = NULL;

    g_return_val_if_fail(templates != NULL && name != NULL, FALSE);
    if (!is_file_name(name))
        return refuse_file(
            name, 1, "a template is called name.txt, name.html or name.surat", error);
    if (g_hash_table_contains(templates->files, name))
        return refuse_file(name, 1, "template is there twice", error);
    text = read_text(name, bytes, length, error);
    if (text == NULL)
        return FALSE;
    template->file = g_strdup(name);
    template->escape = g_str_has_suffix(name, ".html") ? MP_ESCAPE_HTML : MP_ESCAPE_NONE;
    if (!read_body(template, text, error))
        return FALSE;
    g_hash_table_insert(templates->files, g_strdup(name), g_steal_pointer(&template));
    return TRUE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **
mp_templates_names(const MpTemplates *templates)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, templates->files);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const char *name = key;

        if (name[0] != '_' && g_str_has_suffix(name, ".txt"))
            g_ptr_array_add(names, g_strndup(name, strcspn(name, ".")));
    }
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

const MpTemplate *
mp_templates_partial(const MpTemplates *templates, const MpTemplate *from, const char *name)
{
    g_autofree char *file =
        g_strdup_printf("_%s.%s", name, from->escape == MP_ESCAPE_HTML ? "html" : "txt");

    return g_hash_table_lookup(templates->files, file);
}

/* Sections that did not come about leave blank lines behind: never more than one in a row, none at
 * the ends. */
static char *
tidy_text(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gboolean is_gap = FALSE;

    for (gsize i = 0; lines[i] != NULL; i++) {
        g_strchomp(lines[i]);
        if (lines[i][0] == '\0') {
            is_gap = out->len > 0;
            continue;
        }
        if (is_gap)
            g_string_append_c(out, '\n');
        is_gap = FALSE;
        g_string_append(out, lines[i]);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static char *
tidy_subject(const char *text)
{
    g_autofree char *line = mp_text_line(text);

    if (g_utf8_strlen(line, -1) > MP_SUBJECT_CHARS) {
        g_autofree char *cut = g_utf8_substring(line, 0, MP_SUBJECT_CHARS - 1);

        return g_strconcat(cut, "…", NULL);
    }
    return g_steal_pointer(&line);
}

gboolean
mp_templates_render(const MpTemplates *templates,
                    const char *name,
                    const MpValue *context,
                    char **subject_out,
                    char **text_out,
                    char **html_out,
                    GError **error)
{
    g_autofree char *txt = g_strconcat(name, ".txt", NULL);
    g_autofree char *htm = g_strconcat(name, ".html", NULL);
    const MpTemplate *plain = g_hash_table_lookup(templates->files, txt);
    const MpTemplate *rich = g_hash_table_lookup(templates->files, htm);
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;

    g_return_val_if_fail(context != NULL && context->kind == MP_VALUE_MAP, FALSE);
    if (plain == NULL || rich == NULL || plain->subject == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "template '%s' is not there", name);
        return FALSE;
    }
    subject = mp_template_render(templates, plain, plain->subject, context, error);
    if (subject == NULL)
        return FALSE;
    text = mp_template_render(templates, plain, plain->body, context, error);
    if (text == NULL)
        return FALSE;
    html = mp_template_render(templates, rich, rich->body, context, error);
    if (html == NULL)
        return FALSE;
    *subject_out = tidy_subject(subject);
    *text_out = tidy_text(text);
    *html_out = tidy_text(html);
    return TRUE;
}

char *
mp_templates_render_paper(const MpTemplates *templates,
                          const char *name,
                          const MpValue *context,
                          GError **error)
{
    g_autofree char *file = g_strconcat(name, PAPER_MARK, NULL);
    const MpTemplate *paper = g_hash_table_lookup(templates->files, file);
    g_autofree char *text = NULL;

    if (paper == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "template '%s' is not there", file);
        return NULL;
    }
    text = mp_template_render(templates, paper, paper->body, context, error);
    return text == NULL ? NULL : tidy_text(text);
}
