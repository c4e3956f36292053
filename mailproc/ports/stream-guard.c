/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Follows lines, quoted strings and `{n}` literals of an IMAP connection byte by byte, ahead of
 * libetpan. Bytes inside a literal are content and only counted. */

#include "ports/stream-private.h"

void
mp_stream_guard_init(MpStreamGuard *guard, gsize max_literal)
{
    *guard = (MpStreamGuard){
        .max_line = MP_GUARD_LINE_BYTES,
        .max_literal = max_literal,
        .max_total = G_MAXSIZE,
        .max_depth = MP_GUARD_DEPTH_MAX,
    };
}

void
mp_stream_guard_expect(MpStreamGuard *guard, gsize max_total)
{
    guard->total = 0;
    guard->max_total = max_total;
}

/* The end of a line: a `{n}` right before it opens a literal inside the same answer, else the
 * answer is over. The literal counts even inside an unclosed quote: better to see one too many. */
static MpGuardVerdict
end_line(MpStreamGuard *guard)
{
    gboolean is_literal = guard->brace == MP_BRACE_CLOSED;

    guard->line = 0;
    guard->brace = MP_BRACE_NONE;
    guard->is_quoted = FALSE;
    guard->is_escaped = FALSE;
    if (!is_literal) {
        guard->depth = 0;
        return MP_GUARD_FINE;
    }
    guard->literal_left = guard->number;
    return guard->number > guard->max_literal ? MP_GUARD_LITERAL : MP_GUARD_FINE;
}

static void
follow_brace(MpStreamGuard *guard, char c)
{
    if (c == '{') {
        guard->brace = MP_BRACE_OPEN;
        guard->number = 0;
    } else if (guard->brace == MP_BRACE_OPEN && g_ascii_isdigit(c)) {
        /* Beyond the limit it is refused anyway: do not overflow. */
        if (guard->number <= guard->max_literal)
            guard->number = guard->number * 10 + (gsize)(c - '0');
    } else if (guard->brace == MP_BRACE_OPEN && c == '}') {
        guard->brace = MP_BRACE_CLOSED;
    } else if (c != '\r' && !(guard->brace == MP_BRACE_OPEN && c == '+')) {
        guard->brace = MP_BRACE_NONE;
    }
}

static void
follow_quote(MpStreamGuard *guard, char c)
{
    if (guard->is_escaped)
        guard->is_escaped = FALSE;
    else if (guard->is_quoted && c == '\\')
        guard->is_escaped = TRUE;
    else if (c == '"')
        guard->is_quoted = !guard->is_quoted;
}

static MpGuardVerdict
feed_byte(MpStreamGuard *guard, char c)
{
    if (c == '\n')
        return end_line(guard);
    if (++guard->line > guard->max_line)
        return MP_GUARD_LINE;
    follow_brace(guard, c);
    follow_quote(guard, c);
    if (guard->is_quoted)
        return MP_GUARD_FINE;
    if (c == '(' && ++guard->depth > guard->max_depth)
        return MP_GUARD_DEPTH;
    if (c == ')' && guard->depth > 0)
        guard->depth--;
    return MP_GUARD_FINE;
}

MpGuardVerdict
mp_stream_guard_feed(MpStreamGuard *guard, const char *bytes, gsize length)
{
    if (length > guard->max_total - guard->total)
        return MP_GUARD_BUDGET;
    guard->total += length;
    for (gsize i = 0; i < length;) {
        gsize skip = MIN(guard->literal_left, length - i);

        guard->literal_left -= skip;
        i += skip;
        if (i < length && guard->literal_left == 0) {
            MpGuardVerdict verdict = feed_byte(guard, bytes[i++]);

            if (verdict != MP_GUARD_FINE)
                return verdict;
        }
    }
    return MP_GUARD_FINE;
}
