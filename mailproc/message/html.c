/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* HTML to the text that a person sees: quotes get a > in front, signatures of the known clients a
 * "-- " line above, so that plain text and HTML go the same way afterwards. */

#define MAX_DEPTH 256

typedef struct {
    GString *out;
    GPtrArray *tables;
    guint quotes;     /* nested quotes around */
    guint keeps;      /* nested <pre> around */
    guint newlines;   /* wanted before the next word */
    gboolean at_line; /* nothing on this line yet */
    gboolean blank;   /* a blank is wanted before the next word */
    gboolean hidden;
    guint items; /* running number of the current <ol>, 0 = <ul> */
} Render;

static gboolean
is_name(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           g_ascii_strcasecmp((const char *)node->name, name) == 0;
}

static gboolean
is_one_of(const xmlNode *node, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (is_name(node, *names))
            return TRUE;
    }
    return FALSE;
}

/* Attribute text, borrowed from the document, or "". */
static const char *
attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next) {
        if (g_ascii_strcasecmp((const char *)at->name, name) == 0)
            return at->children != NULL && at->children->content != NULL
                       ? (const char *)at->children->content
                       : "";
    }
    return "";
}

static gboolean
has_class(const xmlNode *node, const char *word)
{
    const char *classes = attribute(node, "class");
    gsize length = strlen(word);

    for (const char *at = classes; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == classes || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return TRUE;
    }
    return FALSE;
}

/* --- what is not seen ------------------------------------------------------------------------- */

static MpWording hidden_style = {
    "(?:^|;)\\s*(?:display\\s*:\\s*none|visibility\\s*:\\s*hidden|mso-hide\\s*:\\s*all"
    "|font-size\\s*:\\s*0*(?:\\.0+)?(?:px|pt|em|rem|%)?\\s*(?:!\\s*important\\s*)?(?:;|$)"
    "|opacity\\s*:\\s*0*(?:\\.0+)?\\s*(?:;|$)"
    "|color\\s*:\\s*(?:transparent|#fff(?:fff)?|white|rgb\\(\\s*255\\s*,\\s*255\\s*,\\s*255\\s*\\))"
    "|text-indent\\s*:\\s*-\\d{3,}|(?:left|top)\\s*:\\s*-\\d{3,}"
    "|(?:max-)?(?:height|width)\\s*:\\s*0(?:px|pt|em)?\\s*(?:;|$))",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording ground = {"(?:^|;)\\s*background(?:-color)?\\s*:", MP_PATTERN_CASELESS, NULL};
static MpWording white_ground = {
    "(?:^|;)\\s*background(?:-color)?\\s*:\\s*(?:#fff(?:fff)?(?![0-9a-f])|white|transparent|none"
    "|inherit|initial|unset|rgba?\\(\\s*255\\s*,\\s*255\\s*,\\s*255|rgba\\([^)]*,\\s*0?\\.?0*\\))",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording white = {"^\\s*(?:#?fff(?:fff)?|white)\\s*$", MP_PATTERN_CASELESS, NULL};
static MpWording white_text = {
    "(?:^|;)\\s*color\\s*:\\s*(?:#fff|white|rgb\\(\\s*255)", MP_PATTERN_CASELESS, NULL};

/* White letters on a ground of their own (buttons, letterheads) are read by people; the nearest
 * ground counts. What a class stands for is not known here, so it makes no ground. */
static gboolean
is_on_ground(const xmlNode *node)
{
    for (guint up = 0; node != NULL && up < 8; node = node->parent, up++) {
        const char *style, *colour;

        if (node->type != XML_ELEMENT_NODE)
            continue;
        style = attribute(node, "style");
        colour = attribute(node, "bgcolor");
        if (mp_wording_match(&ground, style, -1, NULL))
            return !mp_wording_match(&white_ground, style, -1, NULL);
        if (*colour != '\0')
            return !mp_wording_match(&white, colour, -1, NULL);
    }
    return FALSE;
}

static gboolean
is_hidden(const xmlNode *node)
{
    const char *style;

    for (const xmlAttr *at = node->properties; at != NULL; at = at->next) {
        if (g_ascii_strcasecmp((const char *)at->name, "hidden") == 0)
            return TRUE;
    }
    if (is_name(node, "font") && (strcmp(attribute(node, "color"), "#ffffff") == 0 ||
                                  strcmp(attribute(node, "color"), "white") == 0))
        return !is_on_ground(node);
    style = attribute(node, "style");
    if (*style == '\0' || !mp_wording_match(&hidden_style, style, -1, NULL))
        return FALSE;
    return !mp_wording_match(&white_text, style, -1, NULL) || !is_on_ground(node);
}

/* --- output ----------------------------------------------------------------------------------- */

static void
want_lines(Render *render, guint n)
{
    if (render->out->len > 0)
        render->newlines = MAX(render->newlines, n);
    render->blank = FALSE;
}

static void
begin_line(Render *render)
{
    for (guint i = 0; i < render->quotes; i++)
        g_string_append_c(render->out, '>');
    if (render->quotes > 0)
        g_string_append_c(render->out, ' ');
}

static void
flush_lines(Render *render)
{
    if (render->out->len == 0)
        begin_line(render);
    for (; render->newlines > 0; render->newlines--) {
        g_string_append_c(render->out, '\n');
        begin_line(render);
        render->blank = FALSE;
    }
}

static gboolean
is_blank_char(gunichar c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0xa0;
}

/* Fillers that nobody sees: zero-width blanks, soft hyphens. */
static gboolean
is_nothing(gunichar c)
{
    return c == 0x200b || c == 0x200c || c == 0xfeff || c == 0xad;
}

/* Bytes up to the next blank or anything beyond ASCII. */
static gsize
plain_run(const char *at)
{
    gsize n = 0;

    while ((guchar)at[n] > ' ' && (guchar)at[n] < 0x80)
        n++;
    return n;
}

static void
before_word(Render *render)
{
    gboolean is_new = render->newlines > 0 || render->out->len == 0;
    gboolean is_blank = render->blank;

    flush_lines(render);
    if (is_blank && !is_new)
        g_string_append_c(render->out, ' ');
    render->blank = FALSE;
}

static void
add_text(Render *render, const char *text)
{
    const char *at = text;

    while (*at != '\0') {
        gsize run = plain_run(at);
        gunichar c;

        if (run > 0) {
            before_word(render);
            g_string_append_len(render->out, at, (gssize)run);
            at += run;
            continue;
        }
        c = g_utf8_get_char(at);
        at = g_utf8_next_char(at);
        if (c == '\n' && render->keeps > 0) {
            render->newlines++;
        } else if (is_blank_char(c)) {
            render->blank = TRUE;
        } else if (!is_nothing(c)) {
            before_word(render);
            g_string_append_unichar(render->out, c);
        }
    }
}

/* A line that starts at the margin whatever quote is around. */
static void
add_marker(Render *render, const char *line)
{
    want_lines(render, 1);
    flush_lines(render);
    g_string_append(render->out, line);
    render->newlines = 1;
}

/* --- elements --------------------------------------------------------------------------------- */

static const char *const skipped[] = {"script",
                                      "style",
                                      "head",
                                      "title",
                                      "noscript",
                                      "object",
                                      "iframe",
                                      "select",
                                      "option",
                                      "template",
                                      "textarea",
                                      NULL};
static const char *const blocks[] = {"div",        "p",      "ul",      "ol",      "table",  "h1",
                                     "h2",         "h3",     "h4",      "h5",      "h6",     "pre",
                                     "address",    "center", "form",    "section", "tr",     "dl",
                                     "dt",         "dd",     "article", "header",  "footer", "li",
                                     "blockquote", "hr",     "caption", "thead",   "tbody",  NULL};
static const char *const spaced[] = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol", "blockquote", NULL};

static void render_children(Render *render, const xmlNode *node, guint depth);

static MpWording no_border = {"border(?:-left)?\\s*:\\s*(?:none|0)", MP_PATTERN_CASELESS, NULL};

static gboolean
is_quote(const xmlNode *node)
{
    static const char *const marks[] = {"yahoo_quoted",
                                        "protonmail_quote",
                                        "zmail_extra",
                                        "moz-email-headers-table",
                                        "tutanota_quote",
                                        "gmail_quote_forward",
                                        NULL};

    if (is_name(node, "blockquote")) {
        /* Some composers indent with a border-less blockquote. */
        return strcmp(attribute(node, "type"), "cite") == 0 || has_class(node, "gmail_quote") ||
               !mp_wording_match(&no_border, attribute(node, "style"), -1, NULL);
    }
    if (strcmp(attribute(node, "data-marker"), "__QUOTED_TEXT__") == 0)
        return TRUE;
    for (guint i = 0; marks[i] != NULL; i++) {
        if (has_class(node, marks[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_signature(const xmlNode *node)
{
    static const char *const classes[] = {"gmail_signature",
                                          "moz-signature",
                                          "protonmail_signature_block-user",
                                          "rainloop-signature",
                                          "rcmail-signature",
                                          NULL};
    const char *id = attribute(node, "id");

    if (g_ascii_strcasecmp(id, "Signature") == 0 || g_ascii_strcasecmp(id, "_rc_sig") == 0 ||
        g_ascii_strcasecmp(id, "ms-outlook-mobile-signature") == 0 ||
        g_str_has_prefix(attribute(node, "data-marker"), "__SIG_"))
        return TRUE;
    for (guint i = 0; classes[i] != NULL; i++) {
        if (has_class(node, classes[i]))
            return TRUE;
    }
    return FALSE;
}

/* Outlook's and Zimbra's lines above what is answered. */
static gboolean
is_divider(const xmlNode *node)
{
    const char *id = attribute(node, "id");

    return strcmp(id, "appendonsend") == 0 || strcmp(id, "divRplyFwdMsg") == 0 ||
           strcmp(id, "x_divRplyFwdMsg") == 0 || strcmp(id, "zwchr") == 0 ||
           strcmp(id, "mail-editor-reference-message-container") == 0 ||
           strcmp(attribute(node, "data-marker"), "__DIVIDER__") == 0;
}

static void
append_cell(const xmlNode *node, GString *cell, guint depth)
{
    for (const xmlNode *at = node->children; at != NULL && depth < MAX_DEPTH; at = at->next) {
        if (at->type == XML_TEXT_NODE && at->content != NULL)
            g_string_append(cell, (const char *)at->content);
        else if (at->type == XML_ELEMENT_NODE && !is_one_of(at, skipped) && !is_hidden(at))
            append_cell(at, cell, depth + 1);
        if (is_one_of(at, blocks) || is_name(at, "br"))
            g_string_append_c(cell, ' ');
    }
}

static void
append_rows(const xmlNode *node, GString *rows, guint depth)
{
    for (const xmlNode *at = node->children; at != NULL && depth < MAX_DEPTH; at = at->next) {
        gboolean is_first = TRUE;

        if (is_name(at, "table") || at->type != XML_ELEMENT_NODE)
            continue;
        if (!is_name(at, "tr")) {
            append_rows(at, rows, depth + 1);
            continue;
        }
        for (const xmlNode *td = at->children; td != NULL; td = td->next) {
            g_autoptr(GString) cell = g_string_new(NULL);
            g_autofree char *line = NULL;

            if (!is_name(td, "td") && !is_name(td, "th"))
                continue;
            append_cell(td, cell, depth + 1);
            line = mp_text_line(cell->str);
            g_string_append_printf(rows, "%s%s", is_first ? "" : "\t", line);
            is_first = FALSE;
        }
        g_string_append_c(rows, '\n');
    }
}

static void
collect_table(Render *render, const xmlNode *node, guint depth)
{
    g_autoptr(GString) rows = g_string_new(NULL);

    if (render->tables == NULL || render->quotes > 0)
        return;
    append_rows(node, rows, depth);
    g_strchomp(rows->str);
    /* One cell is layout, not a table. */
    if (strchr(rows->str, '\t') != NULL)
        g_ptr_array_add(render->tables, g_strdup(rows->str));
}

static void
open_element(Render *render, const xmlNode *node, guint depth)
{
    if (is_one_of(node, blocks))
        want_lines(render, is_one_of(node, spaced) ? 2 : 1);
    if (is_name(node, "table"))
        collect_table(render, node, depth);
    if (is_name(node, "li")) {
        g_autofree char *mark =
            render->items > 0 ? g_strdup_printf("%u. ", render->items++) : g_strdup("- ");

        add_text(render, mark);
        render->blank = TRUE;
    }
    if (is_divider(node))
        add_marker(render, "-----Original Message-----");
    if (is_signature(node) && render->quotes == 0)
        add_marker(render, "-- ");
}

static void
render_element(Render *render, const xmlNode *node, guint depth)
{
    guint items = render->items;
    gboolean quoted = is_quote(node);
    gboolean is_pre = is_name(node, "pre");

    if (is_name(node, "br")) {
        render->newlines++;
        render->blank = FALSE;
        return;
    }
    open_element(render, node, depth);
    if (is_name(node, "ol") || is_name(node, "ul"))
        render->items = is_name(node, "ol") ? 1 : 0;
    render->quotes += quoted ? 1 : 0;
    if (quoted)
        want_lines(render, 1);
    render->keeps += is_pre ? 1 : 0;
    render_children(render, node, depth + 1);
    render->keeps -= is_pre ? 1 : 0;
    if (quoted)
        want_lines(render, 1);
    render->quotes -= quoted ? 1 : 0;
    if (is_name(node, "ol") || is_name(node, "ul"))
        render->items = items;
    if (is_name(node, "td") || is_name(node, "th"))
        render->blank = TRUE;
    if (is_one_of(node, blocks))
        want_lines(render, is_one_of(node, spaced) ? 2 : 1);
}

/* Letters or digits; preview fillers of newsletters hide only blanks. */
static gboolean
has_words(const xmlNode *node, guint depth)
{
    for (const xmlNode *at = node->children; at != NULL && depth < MAX_DEPTH; at = at->next) {
        const char *text = at->type == XML_TEXT_NODE ? (const char *)at->content : NULL;

        for (; text != NULL && *text != '\0'; text = g_utf8_next_char(text)) {
            if (g_unichar_isalnum(g_utf8_get_char(text)))
                return TRUE;
        }
        if (at->type == XML_ELEMENT_NODE && has_words(at, depth + 1))
            return TRUE;
    }
    return FALSE;
}

static void
render_children(Render *render, const xmlNode *node, guint depth)
{
    for (const xmlNode *at = node->children; at != NULL && depth < MAX_DEPTH; at = at->next) {
        if (at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE) {
            if (at->content != NULL && g_utf8_validate((const char *)at->content, -1, NULL))
                add_text(render, (const char *)at->content);
        } else if (at->type == XML_ELEMENT_NODE && !is_one_of(at, skipped)) {
            if (!is_hidden(at))
                render_element(render, at, depth);
            else if (has_words(at, depth))
                render->hidden = TRUE;
        }
    }
}

char *
mp_message_html_to_text(const char *html, gsize length, GPtrArray *tables, gboolean *hidden_out)
{
    g_autoptr(MpXmlDoc) document = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    Render render = {.out = out, .tables = tables};

    if (length == 0 || length > G_MAXINT32)
        return g_strdup("");
    document = htmlReadMemory(html,
                              (int)length,
                              NULL,
                              "UTF-8",
                              HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                  HTML_PARSE_NONET);
    if (document == NULL)
        return g_strdup("");
    render_children(&render, (const xmlNode *)document, 0);
    if (render.hidden && hidden_out != NULL)
        *hidden_out = TRUE;
    return g_strdup(out->str);
}
