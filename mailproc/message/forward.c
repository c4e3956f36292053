/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

#define MAX_FORWARDS 20

/* Removes one level of quote marks, so that a forward inside a quote reads like any other. */
static void
unmark(char **lines)
{
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *at = lines[i];

        while (*at == ' ')
            at++;
        if (*at != '>')
            continue;
        while (*at == '>' || *at == ' ')
            at++;
        memmove(lines[i], at, strlen(at) + 1);
    }
}

/* Line of the next header block from `at` on, or `n`. A forward without headers is none. */
static guint
find_block(char *const *lines, guint n, guint at, MpForward *forward, guint *size_out)
{
    for (guint i = at; i < n; i++) {
        *size_out = mp_quote_header_block(lines, n, i, forward);
        if (*size_out > 0)
            return i;
    }
    return n;
}

/* The divider above the next block is no text of this one. */
static guint
before_divider(char *const *lines, guint from, guint to, guint n)
{
    guint end = to;
    guint size = 0;

    while (end > from && *lines[end - 1] == '\0')
        end--;
    if (to < n && end > from && mp_quote_at(lines, n, end - 1, &size) != MP_QUOTE_NONE)
        return end - 1;
    return to;
}

static char *
join(char *const *lines, guint from, guint to)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = from; i < to; i++)
        g_string_append_printf(out, "%s\n", lines[i]);
    return g_strstrip(g_strdup(out->str));
}

void
mp_forward_find(MpMessage *message, guint depth)
{
    g_auto(GStrv) lines = g_strsplit(message->text, "\n", -1);
    guint n = g_strv_length(lines);
    guint at = 0;

    unmark(lines);
    while (at < n && message->forwards->len < MAX_FORWARDS) {
        MpForward *forward = mp_forward_new();
        guint size = 0;
        guint start = find_block(lines, n, at, forward, &size);
        guint next;
        guint unused = 0;

        if (start >= n) {
            mp_forward_free(forward);
            return;
        }
        next = find_block(lines, n, start + size, NULL, &unused);
        forward->text = join(lines, start + size, before_divider(lines, start + size, next, n));
        forward->depth = ++depth;
        g_ptr_array_add(message->forwards, forward);
        at = next;
    }
}
