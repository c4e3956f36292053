/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks every notice with its partials before the program starts: what could go wrong while a mail
 * is written goes wrong here, with file and line. */
#include "notify/notify-private.h"

typedef struct {
    const MpTemplates *templates;
    GPtrArray *sections; /* const char *: open sections that bring names of their own */
    GPtrArray *partials; /* const MpTemplate *: being walked */
} Walk;

static gboolean refuse(const MpTemplate *at, guint line, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static gboolean
refuse(const MpTemplate *at, guint line, GError **error, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list args;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", at->file, line, message);
    return FALSE;
}

static gboolean
refuse_unknown(const MpTemplate *at, const MpNode *node, GError **error)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const char *nearest;

    for (const MpName *known = mp_names; known->name != NULL; known++)
        g_ptr_array_add(words, (gpointer)known->name);
    g_ptr_array_add(words, NULL);
    nearest = mp_text_nearest(node->text, (const char *const *)words->pdata, 3);
    if (nearest == NULL)
        return refuse(at, node->line, error, "name '%s' is unknown", node->text);
    return refuse(
        at, node->line, error, "name '%s' is unknown; did you mean '%s'?", node->text, nearest);
}

static gboolean
is_visible(const Walk *walk, const MpName *name)
{
    if (name->inside[0] == '\0')
        return TRUE;
    for (guint i = 0; i < walk->sections->len; i++)
        if (mp_names_lives_in(name, g_ptr_array_index(walk->sections, i)))
            return TRUE;
    return FALSE;
}

static const MpName *
check_name(const Walk *walk, const MpTemplate *at, const MpNode *node, GError **error)
{
    const MpName *name = mp_names_find(node->text);

    if (name == NULL) {
        refuse_unknown(at, node, error);
        return NULL;
    }
    if (!is_visible(walk, name)) {
        g_auto(GStrv) homes = g_strsplit(name->inside, " ", -1);

        refuse(
            at, node->line, error, "name '%s' is known only inside {{#%s}}", name->name, homes[0]);
        return NULL;
    }
    if (node->kind == MP_NODE_VARIABLE && name->kind != MP_VALUE_TEXT) {
        refuse(at,
               node->line,
               error,
               "name '%s' is no text, it needs {{#%s}}",
               name->name,
               name->name);
        return NULL;
    }
    return name;
}

static gboolean
walk_nodes(Walk *walk, const MpTemplate *at, const GPtrArray *nodes, GError **error);

static gboolean
walk_section(Walk *walk, const MpTemplate *at, const MpNode *node, GError **error)
{
    const MpName *name = check_name(walk, at, node, error);
    gboolean is_scope, is_fine;

    if (name == NULL)
        return FALSE;
    is_scope = node->kind == MP_NODE_SECTION &&
               (name->kind == MP_VALUE_LIST || name->kind == MP_VALUE_MAP);
    if (is_scope)
        g_ptr_array_add(walk->sections, node->text);
    is_fine = walk_nodes(walk, at, node->children, error);
    if (is_scope)
        g_ptr_array_set_size(walk->sections, (gint)walk->sections->len - 1);
    return is_fine;
}

static gboolean
walk_partial(Walk *walk, const MpTemplate *at, const MpNode *node, GError **error)
{
    const MpTemplate *partial = mp_templates_partial(walk->templates, at, node->text);
    gboolean is_fine;

    if (partial == NULL)
        return refuse(at, node->line, error, "partial '%s' is missing", node->text);
    if (g_ptr_array_find(walk->partials, partial, NULL))
        return refuse(at, node->line, error, "partial '%s' includes itself", node->text);
    if (walk->partials->len >= MP_TEMPLATE_PARTIALS)
        return refuse(at, node->line, error, "partials nest deeper than %d", MP_TEMPLATE_PARTIALS);
    g_ptr_array_add(walk->partials, (gpointer)partial);
    is_fine = walk_nodes(walk, partial, partial->body, error);
    g_ptr_array_set_size(walk->partials, (gint)walk->partials->len - 1);
    return is_fine;
}

static gboolean
walk_nodes(Walk *walk, const MpTemplate *at, const GPtrArray *nodes, GError **error)
{
    for (guint i = 0; i < nodes->len; i++) {
        const MpNode *node = g_ptr_array_index(nodes, i);
        gboolean is_fine = TRUE;

        switch (node->kind) {
        case MP_NODE_TEXT:
            break;
        case MP_NODE_VARIABLE:
            is_fine = check_name(walk, at, node, error) != NULL;
            break;
        case MP_NODE_SECTION:
        case MP_NODE_INVERTED:
            is_fine = walk_section(walk, at, node, error);
            break;
        case MP_NODE_PARTIAL:
            is_fine = walk_partial(walk, at, node, error);
            break;
        }
        if (!is_fine)
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_file(const MpTemplates *templates, const MpTemplate *template, GError **error)
{
    g_autoptr(GPtrArray) sections = g_ptr_array_new();
    g_autoptr(GPtrArray) partials = g_ptr_array_new();
    Walk walk = {.templates = templates, .sections = sections, .partials = partials};

    if (template->subject != NULL && !walk_nodes(&walk, template, template->subject, error))
        return FALSE;
    return walk_nodes(&walk, template, template->body, error);
}

/* A partial is judged where it is used: its names depend on the sections around it. */
static gboolean
check_pair(const MpTemplates *templates, const char *file, GError **error)
{
    g_autofree char *stem = g_strndup(file, strcspn(file, "."));
    gboolean is_paper = g_str_has_suffix(file, ".surat");
    g_autofree char *other =
        g_strconcat(stem, g_str_has_suffix(file, ".txt") ? ".html" : ".txt", NULL);
    const MpTemplate *template = g_hash_table_lookup(templates->files, file);

    if (!is_paper && !g_hash_table_contains(templates->files, other))
        return refuse(template, 1, error, "'%s' is missing beside it", other);
    return check_file(templates, template, error);
}

static GList *
sorted_files(const MpTemplates *templates)
{
    return g_list_sort(g_hash_table_get_keys(templates->files), (GCompareFunc)strcmp);
}

gboolean
mp_templates_check(const MpTemplates *templates, const char *const *wanted, GError **error)
{
    g_autoptr(GList) files = sorted_files(templates);

    for (const GList *file = files; file != NULL; file = file->next)
        if (*(const char *)file->data != '_' && !check_pair(templates, file->data, error))
            return FALSE;
    for (gsize i = 0; wanted != NULL && wanted[i] != NULL; i++) {
        g_autofree char *file =
            g_strconcat(wanted[i], strchr(wanted[i], '.') == NULL ? ".txt" : "", NULL);

        if (g_hash_table_contains(templates->files, file))
            continue;
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:1: template is missing", file);
        return FALSE;
    }
    return TRUE;
}
