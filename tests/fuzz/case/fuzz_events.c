/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stored history: lines "kind from to" followed by data lines; folded or refused, and what was
 * folded has canonical bytes that read back the same. */

#include "case/case.h"

static void
check_bytes(const MpEvent *event)
{
    g_autofree char *once = mp_event_format_data(event);
    g_autoptr(MpEvent) copy = mp_event_new(event->kind, event->at_utc);
    g_autofree char *twice = NULL;
    g_autoptr(GError) error = NULL;

    g_assert(mp_event_parse_data(copy, once, &error));
    twice = mp_event_format_data(copy);
    g_assert_cmpstr(once, ==, twice);
}

static MpEvent *
read_event(const char *block, gint64 at)
{
    const char *end = strchr(block, '\n');
    g_autofree char *head = end != NULL ? g_strndup(block, (gsize)(end - block)) : g_strdup(block);
    g_auto(GStrv) words = g_strsplit(head, " ", 3);
    g_autoptr(MpEvent) event = mp_event_new(words[0] != NULL ? words[0] : "", at);

    if (words[0] != NULL && words[1] != NULL) {
        event->from_step = g_strdup(words[1]);
        event->to_step = g_strdup(words[2]);
    }
    if (end != NULL && !mp_event_parse_data(event, end + 1, NULL))
        return NULL;
    check_bytes(event);
    return g_steal_pointer(&event);
}

static void
free_event(gpointer data)
{
    mp_event_free(data);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, MIN(size, 20000));
    g_auto(GStrv) blocks = g_strsplit(text, "\n\n", -1);
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpCase) kase = NULL;

    for (guint i = 0; blocks[i] != NULL; i++) {
        g_autofree char *block = g_strconcat(blocks[i], "\n", NULL);
        MpEvent *event = read_event(block, i + 1);

        if (event != NULL)
            g_ptr_array_add(events, event);
    }
    kase = mp_case_fold(events, &error);
    g_assert((kase == NULL) == (error != NULL));
    return 0;
}
