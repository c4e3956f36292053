/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One case of each procedure from its letter to its account, with every timer that speaks in
 * between: due times, reminders, escalations, pauses, time used against the SOP. What came out is
 * held against tests/data/sop/NAME.want; MP_UPDATE_GOLDEN=1 writes it anew. */

#include "walk.h"

typedef struct {
    const char *name;
    const char *sop;
    const char *papers;
    guint applicants;
    gboolean holds_certificate;
    const char *valid_until;
    const char *script; /* lines "TIME EVENT[#n] ACTOR[+paper]" */
} Row;

static const Row rows[] = {
    {"Demak, change of data, over a long weekend, incomplete at first",
     "demak-perubahan-data",
     "surat-permohonan",
     1,
     FALSE,
     NULL,
     "2026-12-21T09:00 received requester\n"
     "2026-12-23T10:10 supplement requester+sk-mutasi\n"
     "2026-12-23T10:20 TERUSKAN verifikator\n"
     "2026-12-23T14:50 AJUKAN verifikator\n"
     "2026-12-29T08:05 notice.changed bsre\n"},
    {"Demak, revocation, the head answers late",
     "demak-pencabutan",
     "surat-permohonan sk-pensiun",
     1,
     FALSE,
     NULL,
     "2026-11-19T15:55 received requester\n"
     "2026-11-23T09:00 SETUJU kepala-dinas\n"
     "2026-11-23T09:10 AJUKAN verifikator\n"
     "2026-11-23T15:00 notice.revoked bsre\n"
     "2026-11-23T15:20 TERUSKAN verifikator\n"},
    {"Kudus, registration of three, one of them rejected",
     "kudus-pendaftaran",
     "surat-permohonan ktp",
     3,
     FALSE,
     NULL,
     "2026-11-18T09:00 received requester\n"
     "2026-11-18T09:05 TERUSKAN kepala-dinas\n"
     "2026-11-18T09:12 TERUSKAN kabid\n"
     "2026-11-18T09:20 TERUSKAN kasi\n"
     "2026-11-18T09:30 AJUKAN verifikator\n"
     "2026-11-18T10:00 notice.activation bsre\n"
     "2026-11-18T13:00 notice.issued#1 bsre\n"
     "2026-11-19T10:00 notice.rejected#2 bsre\n"
     "2026-11-24T11:00 notice.issued#3 bsre\n"},
    {"Mamuju, renewal asked early, postponed once",
     "mamuju-pembaruan",
     "surat-rekomendasi",
     1,
     FALSE,
     "2026-12-18",
     "2026-10-05T10:00 received requester\n"
     "2026-11-18T08:00 TUNDA kepala-dinas\n"
     "2026-11-23T07:33 SETUJU kepala-dinas\n"
     "2026-11-23T07:36 TERUSKAN kabid\n"
     "2026-11-23T07:45 TERUSKAN admin-helpdesk\n"
     "2026-11-23T07:50 AJUKAN verifikator\n"
     "2026-11-23T16:20 SELESAI verifikator\n"},
    {"Pekalongan, change of data of one who owns a certificate",
     "pekalongan-perubahan-data",
     "formulir-perubahan-data",
     1,
     TRUE,
     NULL,
     "2026-11-20T10:30 received requester\n"
     "2026-11-20T10:50 AJUKAN verifikator\n"
     "2026-11-23T14:00 notice.changed bsre\n"
     "2026-11-23T14:01 link.opened system\n"
     "2026-11-26T09:00 link.finished system\n"},
};

static void
write_state(Walk *walk, GString *out, const char *what)
{
    g_autofree char *at = mp_calendar_format_rfc3339(walk->calendar, walk->now);
    g_autofree char *due = walk->kase->due_utc > 0
                               ? mp_calendar_format_rfc3339(walk->calendar, walk->kase->due_utc)
                               : g_strdup("-");

    g_string_append_printf(out,
                           "%.16s %-18s -> %s (%s, %s), batas %.16s\n",
                           at,
                           what,
                           walk->kase->step,
                           mp_case_state_to_string(walk->kase->state),
                           walk->kase->holder_role,
                           due);
    if (walk->notices->len > 0)
        g_string_append_printf(out, "                 %s\n", g_strchomp(walk->notices->str));
    g_string_truncate(walk->notices, 0);
}

/* The earliest timer before `until`, or NULL. */
static const char *
due_timer(Walk *walk, gint64 until)
{
    const char *const names[] = {
        "due", "reminder", "escalation", "requester", "expire", "wake", NULL};
    const char *first = NULL;
    gint64 when = until;

    for (guint i = 0; names[i] != NULL; i++) {
        const gint64 *at = g_hash_table_lookup(walk->timers, names[i]);

        if (at != NULL && *at < when) {
            when = *at;
            first = names[i];
        }
    }
    if (first != NULL)
        walk->now = MAX(walk->now, when);
    return first;
}

static void
run_timers(Walk *walk, GString *out, gint64 until)
{
    const char *timer;

    while ((timer = due_timer(walk, until)) != NULL) {
        g_autofree char *event = g_strconcat("timer.", timer, NULL);

        g_hash_table_remove(walk->timers, timer);
        walk_say(walk, event, "system");
        write_state(walk, out, event);
    }
}

static void
do_line(Walk *walk, const Row *row, GString *out, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    g_auto(GStrv) target = g_strsplit(words[1], "#", 2);
    g_auto(GStrv) actor = g_strsplit(words[2], "+", 2);
    g_auto(GStrv) kinds = g_strsplit(walk->kase == NULL ? row->papers
                                     : actor[1] != NULL ? actor[1]
                                                        : "",
                                     " ",
                                     -1);
    g_autoptr(MpCase) facts =
        walk_facts((const char *const *)kinds, walk->kase == NULL ? row->applicants : 0);
    g_autofree char *address = g_strconcat(actor[0], "@contohkab.go.id", NULL);
    g_autofree char *refusal = NULL;
    MpCaseInput input = {.event = target[0],
                         .actor = actor[0],
                         .address = address,
                         .applicant = target[1] != NULL ? (guint)(target[1][0] - '0') : 0,
                         .note = g_str_has_prefix(words[1], "link.") ? "SE-2026-000124" : NULL,
                         .until = strcmp(target[0], "TUNDA") == 0 ? "2026-11-23" : NULL,
                         .facts = facts,
                         .holds_certificate = row->holds_certificate};

    for (guint i = 0; row->valid_until != NULL && i < facts->applicants->len; i++) {
        MpCaseApplicant *applicant = g_ptr_array_index(facts->applicants, i);

        applicant->valid_until = g_strdup(row->valid_until);
    }
    run_timers(walk, out, walk_time(walk->calendar, words[0]));
    walk->now = walk_time(walk->calendar, words[0]);
    refusal = walk_input(walk, &input);
    assert_text(refusal, NULL);
    write_state(walk, out, words[1]);
}

static void
write_account(Walk *walk, GString *out)
{
    g_autoptr(GPtrArray) uses = mp_case_account(walk->sop, walk->events, walk->calendar, walk->now);

    g_string_append(out, "\nWaktu per tahap\n");
    for (guint i = 0; i < uses->len; i++) {
        const MpCaseUse *use = g_ptr_array_index(uses, i);
        g_autofree char *text = mp_case_use_to_text(use);

        g_string_append_printf(out,
                               "%-14s %-22s %s%s\n",
                               use->step->printed != NULL ? use->step->printed : "+",
                               use->step->id,
                               text,
                               use->is_over ? " (lewat)" : "");
    }
}

static void
test_scenario(void **state)
{
    const Row *row = *state;
    g_autofree char *path = g_strconcat("tests/data/sop/", row->sop, ".want", NULL);
    g_autofree char *full = g_build_filename(MP_SOURCE_DIR, path, NULL);
    Walk *walk = walk_new(row->sop, "2026-10-01T08:00");
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(row->script, "\n", -1);
    g_autofree char *want = NULL;
    gsize length;

    for (guint i = 0; lines[i][0] != '\0'; i++)
        do_line(walk, row, out, lines[i]);
    assert_true(mp_case_state_is_closed(walk->kase->state));
    write_account(walk, out);
    walk_free(walk);
    if (g_strcmp0(g_getenv("MP_UPDATE_GOLDEN"), "1") == 0)
        assert_true(g_file_set_contents(full, out->str, (gssize)out->len, NULL));
    want = walk_read(path, &length);
    assert_text(out->str, want);
}

int
main(void)
{
    return run_rows("scenarios", rows, test_scenario);
}
