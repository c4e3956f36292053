/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one wrapper of PCRE2 (libraries.md 5): JIT always (the interpreter's match limit counts per
 * start position, which lets `\s+$` run for minutes), our own JIT stack because the built-in 32 KiB
 * ends at 1,600 characters, match and heap limits, and a cap on the subject. */

#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/base.h"

#include <pcre2.h>

enum { JIT_STACK_START = 32 * 1024, JIT_STACK_MAX = 4 * 1024 * 1024, HEAP_LIMIT_KIB = 8192 };

struct MpPattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    gsize subject_bytes;
    gboolean is_tried; /* JIT: compiled at the first match, which many patterns never see */
};

void
mp_pattern_free(MpPattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_match_data_free(pattern->data);
    pcre2_match_context_free(pattern->context);
    pcre2_code_free(pattern->code);
    g_free(pattern);
}

MpPattern *
mp_pattern_new(const char *regex, MpPatternFlags flags, const MpLimits *limits, GError **error)
{
    g_autoptr(MpPattern) pattern = g_new0(MpPattern, 1);
    MpLimits defaults = mp_limits_default();
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    PCRE2_SIZE offset = 0;
    int code = 0;

    g_return_val_if_fail(regex != NULL, NULL);
    if (limits == NULL)
        limits = &defaults;
    if (flags & MP_PATTERN_CASELESS)
        options |= PCRE2_CASELESS;
    if (flags & MP_PATTERN_MULTILINE)
        options |= PCRE2_MULTILINE;
    pattern->code =
        pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED, options, &code, &offset, NULL);
    if (pattern->code == NULL) {
        char words[160];

        pcre2_get_error_message(code, (PCRE2_UCHAR *)words, sizeof(words));
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_CONFIG,
                    "pattern '%.80s%s': %s at character %" G_GSIZE_FORMAT,
                    regex,
                    strlen(regex) > 80 ? "…" : "",
                    words,
                    (gsize)offset);
        return NULL;
    }
    pattern->data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    pattern->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(pattern->context, (uint32_t)limits->match_steps);
    pcre2_set_heap_limit(pattern->context, HEAP_LIMIT_KIB);
    pattern->subject_bytes = (gsize)limits->subject_bytes;
    return g_steal_pointer(&pattern);
}

/* One stack serves all patterns: each reserves its whole size as address space, and hundreds of
 * them would not fit under the reader's RLIMIT_AS. Nothing here runs in two threads. */
static pcre2_jit_stack *
shared_stack(void)
{
    static pcre2_jit_stack *stack = NULL;

    if (stack == NULL)
        stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
    return stack;
}

/* Three quarters of the cost of a pattern, and the process that decides loads every rule without
 * matching one. Without JIT (a kernel that forbids writable code) the interpreter does the same,
 * slower. */
static void
compile_late(const MpPattern *pattern)
{
    if (pattern->is_tried)
        return;
    ((MpPattern *)pattern)->is_tried = TRUE;
    (void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
}

static void
copy_offsets(const MpPattern *pattern, int groups, MpCaptures *captures)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(pattern->data);

    for (int i = 0; i < (int)G_N_ELEMENTS(captures->start); i++) {
        gboolean is_set = i < groups && offsets[2 * i] != PCRE2_UNSET;

        captures->start[i] = is_set ? (gssize)offsets[2 * i] : -1;
        captures->end[i] = is_set ? (gssize)offsets[2 * i + 1] : -1;
    }
}

MpMatch
mp_pattern_match(const MpPattern *pattern,
                 const char *subject,
                 gsize length,
                 gsize from,
                 MpCaptures *captures_out)
{
    int found;

    g_return_val_if_fail(pattern != NULL && subject != NULL, MP_MATCH_NO);
    length = MIN(length, pattern->subject_bytes);
    if (from > length)
        return MP_MATCH_NO;
    compile_late(pattern);
    pcre2_jit_stack_assign(pattern->context, NULL, shared_stack());
    found = pcre2_match(
        pattern->code, (PCRE2_SPTR)subject, length, from, 0, pattern->data, pattern->context);
    if (found == PCRE2_ERROR_NOMATCH)
        return MP_MATCH_NO;
    if (found < 0)
        return MP_MATCH_LIMIT;
    if (captures_out != NULL)
        copy_offsets(pattern, found, captures_out);
    return MP_MATCH_YES;
}

char *
mp_pattern_group(const char *subject, const MpCaptures *captures, guint n)
{
    g_return_val_if_fail(n < G_N_ELEMENTS(captures->start), NULL);
    if (captures->start[n] < 0)
        return NULL;
    return g_strndup(subject + captures->start[n], (gsize)(captures->end[n] - captures->start[n]));
}
