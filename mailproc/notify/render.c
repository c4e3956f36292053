/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A parsed template and a context to text. Names are looked up from the innermost map outwards.
 * Identity numbers are masked here once more, whoever filled the context. */
#include "notify/notify-private.h"

typedef struct {
    const MpTemplates *templates;
    GPtrArray *scopes; /* const MpValue *: maps, innermost last */
    GString *out;
    guint partials, steps;
} Rendering;

static const MpValue *
look_up(const Rendering *rendering, const char *name)
{
    for (guint i = rendering->scopes->len; i > 0; i--) {
        const MpValue *map = g_ptr_array_index(rendering->scopes, i - 1);
        const MpValue *value = g_hash_table_lookup(map->entries, name);

        if (value != NULL)
            return value;
    }
    return NULL;
}

static gboolean
is_verbatim(const char *name)
{
    const MpName *known = mp_names_find(name);

    return known != NULL && known->is_verbatim;
}

/* Entities that every mail program knows: &apos; is none of HTML 4. */
static void
write_html(GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        switch (*p) {
        case '&':
            g_string_append(out, "&amp;");
            break;
        case '<':
            g_string_append(out, "&lt;");
            break;
        case '>':
            g_string_append(out, "&gt;");
            break;
        case '"':
            g_string_append(out, "&quot;");
            break;
        case '\'':
            g_string_append(out, "&#39;");
            break;
        case '\n':
            g_string_append(out, "<br>\n");
            break;
        default:
            g_string_append_c(out, *p);
        }
    }
}

static void
write_variable(Rendering *rendering, const char *name, MpEscape escape)
{
    const MpValue *value = look_up(rendering, name);
    g_autofree char *masked = NULL;

    if (value == NULL || value->kind != MP_VALUE_TEXT)
        return;
    masked = is_verbatim(name) ? g_strdup(value->text) : mp_text_mask_all(value->text);
    if (escape == MP_ESCAPE_HTML)
        write_html(rendering->out, masked);
    else
        g_string_append(rendering->out, masked);
}

static gboolean
render_nodes(Rendering *rendering, const MpTemplate *of, const GPtrArray *nodes, GError **error);

static gboolean
render_in(Rendering *rendering,
          const MpTemplate *of,
          const MpNode *node,
          const MpValue *map,
          GError **error)
{
    gboolean is_done;

    g_ptr_array_add(rendering->scopes, (gpointer)map);
    is_done = render_nodes(rendering, of, node->children, error);
    g_ptr_array_set_size(rendering->scopes, (gint)rendering->scopes->len - 1);
    return is_done;
}

static gboolean
render_section(Rendering *rendering, const MpTemplate *of, const MpNode *node, GError **error)
{
    const MpValue *value = look_up(rendering, node->text);

    if (mp_value_is_true(value) == (node->kind == MP_NODE_INVERTED))
        return TRUE;
    if (node->kind == MP_NODE_INVERTED)
        return render_nodes(rendering, of, node->children, error);
    if (value->kind == MP_VALUE_MAP)
        return render_in(rendering, of, node, value, error);
    if (value->kind != MP_VALUE_LIST)
        return render_nodes(rendering, of, node->children, error);
    for (guint i = 0; i < value->items->len; i++) {
        const MpValue *item = g_ptr_array_index(value->items, i);

        if (item->kind == MP_VALUE_MAP && !render_in(rendering, of, node, item, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
render_partial(Rendering *rendering, const MpTemplate *of, const MpNode *node, GError **error)
{
    const MpTemplate *partial = mp_templates_partial(rendering->templates, of, node->text);
    gboolean is_done;

    if (partial == NULL || rendering->partials >= MP_TEMPLATE_PARTIALS) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_LIMIT,
                    "%s:%u: partial '%s' %s",
                    of->file,
                    node->line,
                    node->text,
                    partial == NULL ? "is missing" : "nests too deep");
        return FALSE;
    }
    rendering->partials++;
    is_done = render_nodes(rendering, partial, partial->body, error);
    rendering->partials--;
    return is_done;
}

static gboolean
render_node(Rendering *rendering, const MpTemplate *of, const MpNode *node, GError **error)
{
    switch (node->kind) {
    case MP_NODE_TEXT:
        g_string_append(rendering->out, node->text);
        return TRUE;
    case MP_NODE_VARIABLE:
        write_variable(rendering, node->text, of->escape);
        return TRUE;
    case MP_NODE_SECTION:
    case MP_NODE_INVERTED:
        return render_section(rendering, of, node, error);
    case MP_NODE_PARTIAL:
        return render_partial(rendering, of, node, error);
    }
    return TRUE;
}

static gboolean
render_nodes(Rendering *rendering, const MpTemplate *of, const GPtrArray *nodes, GError **error)
{
    for (guint i = 0; i < nodes->len; i++) {
        if (!render_node(rendering, of, g_ptr_array_index(nodes, i), error))
            return FALSE;
        if (rendering->out->len > MP_TEMPLATE_OUTPUT || ++rendering->steps > MP_TEMPLATE_STEPS) {
            g_set_error(error,
                        MP_ERROR,
                        MP_ERROR_LIMIT,
                        "%s: text grows beyond %d bytes or %d steps",
                        of->file,
                        MP_TEMPLATE_OUTPUT,
                        MP_TEMPLATE_STEPS);
            return FALSE;
        }
    }
    return TRUE;
}

char *
mp_template_render(const MpTemplates *templates,
                   const MpTemplate *of,
                   const GPtrArray *nodes,
                   const MpValue *context,
                   GError **error)
{
    g_autoptr(GPtrArray) scopes = g_ptr_array_new();
    g_autoptr(GString) out = g_string_new(NULL);
    Rendering rendering = {.templates = templates, .scopes = scopes, .out = out};

    g_ptr_array_add(scopes, (gpointer)context);
    if (!render_nodes(&rendering, of, nodes, error))
        return NULL;
    return g_string_free(g_steal_pointer(&out), FALSE);
}
