/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mustache text to a tree. One pass with a stack of open sections; a tag other than a variable that
 * stands alone on its line takes the line with it, so that plain-text templates stay readable. */
#include "notify/notify-private.h"

typedef struct {
    const char *file, *start, *at, *end;
    guint line;
    GPtrArray *open;     /* MpNode: sections not yet closed, borrowed */
    GPtrArray *children; /* where the next node goes, borrowed */
    GPtrArray *root;
} Parser;

typedef struct {
    char sign; /* '\0' variable, '#', '^', '/', '>', '!' */
    char *name;
} Tag;

static void
node_free(MpNode *node)
{
    g_free(node->text);
    if (node->children != NULL)
        g_ptr_array_unref(node->children);
    g_free(node);
}

static GPtrArray *
nodes_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
}

static MpNode *
add_node(Parser *parser, MpNodeKind kind, char *text_take)
{
    MpNode *node = g_new0(MpNode, 1);

    node->kind = kind;
    node->text = text_take;
    node->line = parser->line;
    g_ptr_array_add(parser->children, node);
    return node;
}

static gboolean refuse(const Parser *parser, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean
refuse(const Parser *parser, GError **error, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list args;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", parser->file, parser->line, message);
    return FALSE;
}

static void
add_text(Parser *parser, const char *from, const char *until)
{
    if (until > from)
        add_node(parser, MP_NODE_TEXT, g_strndup(from, (gsize)(until - from)));
}

static void
count_lines(Parser *parser, const char *from, const char *until)
{
    for (const char *p = from; p < until; p++)
        parser->line += *p == '\n';
}

static gboolean
is_name(const char *name)
{
    if (!g_ascii_islower(name[0]))
        return FALSE;
    for (const char *p = name; *p != '\0'; p++)
        if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && *p != '_' && *p != '-')
            return FALSE;
    return strlen(name) <= 64;
}

/* Reads the tag at `parser->at` ("{{…"); `end_out` is behind its "}}". */
static gboolean
read_tag(const Parser *parser, Tag *tag_out, const char **end_out, GError **error)
{
    const char *from = parser->at + 2;
    const char *close = g_strstr_len(from, parser->end - from, "}}");
    g_autofree char *inner = NULL;

    if (close == NULL)
        return refuse(parser, error, "a tag is not closed by }}");
    if (*from == '{' || *from == '&' || *from == '=')
        return refuse(parser, error, "raw values and other delimiters are not allowed");
    inner = g_strstrip(g_strndup(from, (gsize)(close - from)));
    *end_out = close + 2;
    tag_out->sign = '\0';
    if (inner[0] == '!') {
        tag_out->sign = '!';
        tag_out->name = g_strdup("");
        return TRUE;
    }
    if (inner[0] != '\0' && strchr("#^/>", inner[0]) != NULL)
        tag_out->sign = inner[0];
    tag_out->name = g_strdup(g_strstrip(inner + (tag_out->sign != '\0')));
    if (!is_name(tag_out->name)) {
        g_clear_pointer(&tag_out->name, g_free);
        return refuse(parser, error, "a tag has no proper name");
    }
    return TRUE;
}

/* When only blanks stand around the tag on its line(s): where the line begins and the next one
 * starts. */
static gboolean
stands_alone(const Parser *parser,
             const char *text_from,
             const char *tag_end,
             const char **line_out,
             const char **next_out)
{
    const char *before = parser->at;
    const char *after = tag_end;

    while (before > text_from && (before[-1] == ' ' || before[-1] == '\t'))
        before--;
    if (before > parser->start && before[-1] != '\n')
        return FALSE;
    while (after < parser->end && (*after == ' ' || *after == '\t'))
        after++;
    if (after < parser->end && *after != '\n')
        return FALSE;
    *line_out = before;
    *next_out = after < parser->end ? after + 1 : after;
    return TRUE;
}

static gboolean
open_section(Parser *parser, MpNodeKind kind, char *name_take, GError **error)
{
    MpNode *node = add_node(parser, kind, name_take);

    node->children = nodes_new();
    if (parser->open->len >= MP_TEMPLATE_DEPTH)
        return refuse(parser, error, "sections nest deeper than %d", MP_TEMPLATE_DEPTH);
    g_ptr_array_add(parser->open, node);
    parser->children = node->children;
    return TRUE;
}

static gboolean
close_section(Parser *parser, const char *name, GError **error)
{
    guint n = parser->open->len;
    const MpNode *node = n == 0 ? NULL : g_ptr_array_index(parser->open, n - 1);

    if (node == NULL)
        return refuse(parser, error, "{{/%s}} closes nothing", name);
    if (strcmp(node->text, name) != 0)
        return refuse(parser,
                      error,
                      "{{/%s}} stands where {{/%s}} of line %u is due",
                      name,
                      node->text,
                      node->line);
    g_ptr_array_set_size(parser->open, (gint)n - 1);
    node = n == 1 ? NULL : g_ptr_array_index(parser->open, n - 2);
    parser->children = node == NULL ? parser->root : node->children;
    return TRUE;
}

static gboolean
apply_tag(Parser *parser, Tag *tag, GError **error)
{
    switch (tag->sign) {
    case '#':
        return open_section(parser, MP_NODE_SECTION, g_steal_pointer(&tag->name), error);
    case '^':
        return open_section(parser, MP_NODE_INVERTED, g_steal_pointer(&tag->name), error);
    case '/':
        return close_section(parser, tag->name, error);
    case '>':
        add_node(parser, MP_NODE_PARTIAL, g_steal_pointer(&tag->name));
        return TRUE;
    case '!':
        return TRUE;
    default:
        add_node(parser, MP_NODE_VARIABLE, g_steal_pointer(&tag->name));
        return TRUE;
    }
}

/* The text up to the next tag, and that tag. */
static gboolean
parse_piece(Parser *parser, GError **error)
{
    const char *from = parser->at;
    const char *open = g_strstr_len(from, parser->end - from, "{{");
    const char *text_end, *next, *tag_end;
    Tag tag = {0};
    gboolean is_done;

    parser->at = open == NULL ? parser->end : open;
    count_lines(parser, from, parser->at);
    if (open == NULL) {
        add_text(parser, from, parser->end);
        return TRUE;
    }
    if (!read_tag(parser, &tag, &tag_end, error))
        return FALSE;
    text_end = open;
    next = tag_end;
    if (tag.sign != '\0')
        stands_alone(parser, from, tag_end, &text_end, &next);
    add_text(parser, from, text_end);
    is_done = apply_tag(parser, &tag, error);
    g_free(tag.name);
    count_lines(parser, open, next);
    parser->at = next;
    return is_done;
}

GPtrArray *
mp_template_parse(
    const char *file, const char *bytes, gsize length, guint first_line, GError **error)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new();
    g_autoptr(GPtrArray) root = nodes_new();
    Parser parser = {.file = file,
                     .start = bytes,
                     .at = bytes,
                     .end = bytes + length,
                     .line = first_line,
                     .open = open,
                     .children = root,
                     .root = root};

    while (parser.at < parser.end)
        if (!parse_piece(&parser, error))
            return NULL;
    if (open->len > 0) {
        const MpNode *node = g_ptr_array_index(open, open->len - 1);

        parser.line = node->line;
        refuse(&parser, error, "{{#%s}} is never closed", node->text);
        return NULL;
    }
    return g_steal_pointer(&root);
}
