/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why a line of a command mail was not carried out, in words that help its writer: which condition
 * of the step failed, who holds it, what changed since he was asked. */

#include "app/plan-session.h"

enum { MAX_CHANGES = 5 };

typedef struct {
    const char *name, *words;
} Words;

static const Words refusals[] = {
    {"wrong-step", "perintah ini tidak berlaku pada tahap yang sekarang"},
    {"wrong-role", "tahap ini menunggu pejabat lain"},
    {"closed", "permohonan sudah ditutup"},
    {"needs-reason", "mohon tuliskan alasannya di belakang perintah"},
    {"needs-date", "mohon tuliskan tanggalnya, misalnya 20-11-2028"},
    {"guard", "syarat tahap ini belum terpenuhi"},
    {"no-applicant", "nomor pemohon tidak ada atau sudah mempunyai hasil"},
    {"no-case", "permohonan tidak ditemukan"},
    {"nothing-to-undo",
     "tidak ada yang dapat dibatalkan: perintah terakhir pada permohonan ini bukan dari Bapak/Ibu"},
    {"irreversible", "perintah itu tidak dapat dibatalkan lagi: hasilnya sudah dicatat"},
    {"unknown-target", "tujuan ALIH bukan peran atau alamat pejabat yang terdaftar"},
    {"broken", "perintah ini tidak dapat dicatat; mohon hubungi pengelola sistem"},
};

#define ONE(name) +1
G_STATIC_ASSERT(G_N_ELEMENTS(refusals) == 0 MP_CASE_REFUSALS(ONE));
#undef ONE

static const Words guards[] = {
    {"different_person",
     "tahap ini memerlukan dua orang yang berbeda: Bapak/Ibu sudah mengerjakan tahap sebelumnya "
     "sehingga perintah ini harus diberikan oleh pejabat lain"},
    {"documents_complete", "berkas yang diwajibkan belum lengkap"},
    {"renewal_window_open", "masa pembaruan belum dibuka"},
    {"all_applicants_done", "belum semua pemohon mempunyai hasil"},
    {"links_closed", "permohonan terkait belum ditutup"},
};

static const char *
words_of(const Words *table, gsize n, const char *name)
{
    for (gsize i = 0; i < n; i++)
        if (g_strcmp0(table[i].name, name) == 0)
            return table[i].words;
    return NULL;
}

void
mp_plan_refuse(MpSessionLine *line, const char *format, ...)
{
    va_list args;

    g_free(line->result);
    g_free(line->detail);
    line->result = g_strdup("tidak dijalankan");
    va_start(args, format);
    line->detail = g_strdup_vprintf(format, args);
    va_end(args);
    line->is_refused = TRUE;
}

void
mp_plan_refuse_decision(const MpSession *session,
                        MpSessionLine *line,
                        const MpCase *kase,
                        const MpDecision *decision)
{
    const char *holder =
        mp_notify_role_title(&session->p->planner->setup->notify, kase->holder_role);
    const char *words = words_of(guards, G_N_ELEMENTS(guards), decision->refusal_guard);

    if (g_strcmp0(decision->refusal, "wrong-role") == 0) {
        mp_plan_refuse(line, "tahap ini menunggu %s; tidak ada yang berubah", holder);
        return;
    }
    if (words == NULL)
        words = words_of(refusals, G_N_ELEMENTS(refusals), decision->refusal);
    mp_plan_refuse(line, "%s", words == NULL ? "tidak berlaku" : words);
}

char *
mp_plan_describe_step(const MpSession *session, const MpCase *kase)
{
    const MpSetup *setup = session->p->planner->setup;
    const MpSop *sop = mp_setup_sop_by_id(setup, kase->sop);
    const MpSopStep *step = sop == NULL ? NULL : mp_sop_step(sop, kase->step);

    return g_strdup_printf("%s (%s)",
                           step == NULL ? kase->step : step->activity,
                           mp_notify_role_title(&setup->notify, kase->holder_role));
}

/* Events behind a version, told as the case's story, newest ones only; NULL when nothing can be
 * told. */
static char *
changes_since(const MpSession *session, const MpCase *kase, guint version)
{
    const MpPlanner *planner = session->p->planner;
    const MpSop *sop = mp_setup_sop_by_id(planner->setup, kase->sop);
    g_autoptr(GPtrArray) events =
        planner->store == NULL || sop == NULL
            ? NULL
            : planner->store->case_events(planner->store, kase->number, NULL);
    g_autoptr(MpCase) seen = mp_case_new();
    g_autoptr(GPtrArray) since = g_ptr_array_new();
    g_autoptr(GPtrArray) story = NULL;

    for (guint i = 0; events != NULL && i < events->len; i++) {
        if (!mp_case_apply(seen, g_ptr_array_index(events, i), NULL))
            return NULL;
        if (seen->version > version)
            g_ptr_array_add(since, g_ptr_array_index(events, i));
    }
    if (since->len == 0)
        return NULL;
    if (since->len > MAX_CHANGES)
        g_ptr_array_remove_range(since, 0, since->len - MAX_CHANGES);
    story = mp_case_story(sop, since, mp_setup_calendar(planner->setup, kase->service));
    g_ptr_array_add(story, NULL);
    return g_strjoinv("; ", (char **)story->pdata);
}

void
mp_plan_refuse_stale(MpSession *session, MpSessionLine *line, const MpCase *kase, guint version)
{
    g_autofree char *now = mp_plan_describe_step(session, kase);
    g_autofree char *changes = changes_since(session, kase, version);

    mp_plan_refuse(line,
                   "permohonan sudah berubah sejak surel yang Bapak/Ibu balas%s%s. Sekarang: %s",
                   changes == NULL ? "" : ": ",
                   changes == NULL ? "" : changes,
                   now);
    session->wants_confirmation = TRUE;
}
