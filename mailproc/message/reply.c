/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* A quote line of about this width may have been wrapped by a client that forgot the mark. */
#define WRAP_WIDTH 60

typedef struct {
    char **lines;
    guint n;
    gboolean *is_new; /* per line: the person's own */
    const char *name;
} Split;

static guint
next_text(const Split *split, guint at)
{
    while (at < split->n && *split->lines[at] == '\0')
        at++;
    return at;
}

/* Marks quoted lines; what is left is new. */
static void
mark_quotes(Split *split)
{
    guint i = 0;

    while (i < split->n) {
        guint n = 1;
        MpQuoteKind kind;
        guint next;

        if (mp_quote_is_marked(split->lines[i])) {
            split->is_new[i++] = FALSE;
            continue;
        }
        kind = mp_quote_at(split->lines, split->n, i, &n);
        if (kind == MP_QUOTE_NONE) {
            i++;
            continue;
        }
        next = next_text(split, i + n);
        /* With marks below, answers may stand between them; without, all the rest is old. */
        n = next < split->n && mp_quote_is_marked(split->lines[next]) ? n : split->n - i;
        for (guint end = i + n; i < end; i++)
            split->is_new[i] = FALSE;
    }
}

/* Tails of quoted lines that lost their mark when they were wrapped. */
static void
mark_tails(Split *split)
{
    for (guint i = 1; i < split->n; i++) {
        const char *line = split->lines[i];
        const char *above = split->lines[i - 1];
        gboolean between;

        if (!split->is_new[i] || split->is_new[i - 1] || *line == '\0' ||
            !mp_quote_is_marked(above) || strlen(above) < WRAP_WIDTH)
            continue;
        between = i + 1 < split->n && mp_quote_is_marked(split->lines[i + 1]);
        if (between || (g_unichar_islower(g_utf8_get_char(line)) &&
                        strchr(".?!:", above[strlen(above) - 1]) == NULL))
            split->is_new[i] = FALSE;
    }
}

static void
cut_signatures(Split *split)
{
    guint from = 0;

    while (from < split->n) {
        guint to = from;
        guint start;

        if (!split->is_new[from]) {
            from++;
            continue;
        }
        while (to < split->n && split->is_new[to])
            to++;
        start = mp_signature_start(split->lines, from, to, split->name);
        for (guint i = start; i < to; i++)
            split->is_new[i] = FALSE;
        from = to;
    }
}

static char *
gather(const Split *split, gboolean is_new)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean gap = FALSE;

    for (guint i = 0; i < split->n; i++) {
        if (split->is_new[i] != is_new) {
            gap = TRUE;
            continue;
        }
        if (*split->lines[i] == '\0') {
            gap = TRUE;
            continue;
        }
        if (out->len > 0)
            g_string_append(out, gap ? "\n\n" : "\n");
        gap = FALSE;
        g_string_append(out, split->lines[i]);
        g_strchomp(out->str);
        out->len = strlen(out->str);
    }
    return g_strstrip(g_strdup(out->str));
}

void
mp_reply_split(const char *text, const char *name, char **reply_out, char **rest_out)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree gboolean *is_new = NULL;
    Split split = {.lines = lines, .n = g_strv_length(lines), .name = name};

    is_new = g_new(gboolean, split.n + 1);
    split.is_new = is_new;
    for (guint i = 0; i < split.n; i++) {
        /* "-- " keeps its blank only where it matters: nowhere after this. */
        g_strchomp(lines[i]);
        is_new[i] = TRUE;
    }
    mark_quotes(&split);
    mark_tails(&split);
    cut_signatures(&split);
    *reply_out = gather(&split, TRUE);
    *rest_out = gather(&split, FALSE);
}

void
mp_message_split_reply(const char *text, char **reply_out, char **rest_out)
{
    mp_reply_split(text, NULL, reply_out, rest_out);
}
