/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests of the store share: scratch directories, and a small case with a true story, so
 * that its events fold to what is saved. */

#include "ports/ports.h"
#include "support/asserts.h"

#include <glib/gstdio.h>

#define NUMBER "SE-2026-000001"
#define NIP "198001012006042999"
#define NOON ((gint64)1795410000 * G_USEC_PER_SEC)

/* A call that must succeed; its GError is called `why`. */
#define MUST(call)                                                                                 \
    do {                                                                                           \
        g_autoptr(GError) why = NULL;                                                              \
        gboolean is_done = (call);                                                                 \
        assert_no_gerror(why);                                                                     \
        assert_true(is_done);                                                                      \
    } while (0)

static inline MpStore *
open_store_at(const char *dir)
{
    g_autoptr(GError) error = NULL;
    MpStore *store = mp_store_open(dir, &error);

    assert_no_gerror(error);
    assert_non_null(store);
    return store;
}

static inline char *
make_dir(void)
{
    g_autoptr(GError) error = NULL;
    char *dir = g_dir_make_tmp("mailproc-store-XXXXXX", &error);

    assert_no_gerror(error);
    return dir;
}

static inline void
remove_dir(const char *dir)
{
    g_autoptr(GDir) handle = g_dir_open(dir, 0, NULL);
    const char *name = NULL;

    while (handle != NULL && (name = g_dir_read_name(handle)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);

        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            remove_dir(path);
        else
            (void)g_unlink(path);
    }
    (void)g_rmdir(dir);
}

static inline void
free_event(gpointer event)
{
    mp_event_free(event);
}

static inline MpEvent *
add_event(GPtrArray *events, const char *kind, const char *actor)
{
    MpEvent *event = mp_event_new(kind, NOON);

    event->actor = g_strdup(actor);
    event->trust = MP_TRUST_ALIGNED;
    g_ptr_array_add(events, event);
    return event;
}

/* Opened by an OPD, one applicant, moved on by an official. */
static inline GPtrArray *
story_events(const char *number)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(free_event);
    MpEvent *opened = add_event(events, "opened", "requester");
    MpEvent *applicant = add_event(events, "applicant", "requester");
    MpEvent *moved = add_event(events, "moved", "verifikator");

    opened->address = g_strdup("opd.umum@contohkab.go.id");
    opened->to_step = g_strdup("periksa");
    opened->note = g_strdup("surat dari Siti Aminah");
    mp_event_set(opened, "number", number);
    mp_event_set(opened, "service", "pembaruan");
    mp_event_set(opened, "sop", "mamuju-pembaruan");
    mp_event_set(opened, "requester_address", "opd.umum@contohkab.go.id");
    mp_event_set(opened, "letter_number", "800/12/Umum/2026");
    mp_event_set(applicant, "n", "1");
    mp_event_set(applicant, "name", "Siti Aminah");
    mp_event_set(applicant, "nip", NIP);
    mp_event_set(applicant, "unit", "Bagian Umum");
    moved->address = g_strdup("ani@contohkab.go.id");
    moved->from_step = g_strdup("periksa");
    moved->to_step = g_strdup("sahkan");
    moved->rule = g_strdup("mamuju-pembaruan.sop:12");
    mp_event_set(moved, "state", "open");
    mp_event_set(moved, "holder", "kabid");
    return events;
}

/* Saves the story of one case in a transaction of its own. */
static inline void
save_story(MpStore *store, const char *number)
{
    g_autoptr(GPtrArray) events = story_events(number);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpCase) kase = mp_case_fold(events, &error);

    assert_no_gerror(error);
    MUST(store->begin(store, &why));
    MUST(store->case_save(store, kase, events, &why));
    MUST(store->commit(store, &why));
}
