/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Officials' answers: what the language read in them, whether the writer may, and one transcript
 * for each mail. A command mail is done whole or not at all (decisions.md 8): the plan is cut back
 * to where it stood when one line is refused. */

#include "app/plan-caps.h"
#include "app/plan-session.h"
#include "trust/trust.h"

#define STALE_DATE_US (7 * G_TIME_SPAN_DAY)

static void
line_free(gpointer data)
{
    MpSessionLine *line = data;

    g_free(line->said);
    g_free(line->result);
    g_free(line->detail);
    g_free(line->before);
    g_free(line->after);
    g_free(line);
}

static void
session_clear(MpSession *session)
{
    mp_commands_free(session->commands);
    mp_grant_free(session->grant);
    g_clear_pointer(&session->lines, g_ptr_array_unref);
    g_free(session->role);
    g_free(session->first_case);
    g_free(session->asked_case);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MpSession, session_clear)

static MpSessionLine *
add_line(MpSession *session, const MpCommand *command, const char *said)
{
    MpSessionLine *line = g_new0(MpSessionLine, 1);

    line->command = command;
    line->said = g_strdup(said);
    line->result = g_strdup("dijalankan");
    g_ptr_array_add(session->lines, line);
    return line;
}

MpCommands *
mp_plan_commands(const MpPlanner *planner, const MpFacts *facts)
{
    gboolean is_command = strcmp(facts->verdict->kind, "command") == 0;

    return mp_commands_parse(planner->setup->verbs,
                             is_command ? facts->message->reply_text : "",
                             mp_config_string(planner->setup->config, "office", "case_prefix"),
                             &planner->setup->reading->limits);
}

/* --- one command --- */

static char *
case_of(const MpSession *session, const MpCommand *command)
{
    if (command->case_number != NULL)
        return g_strdup(command->case_number);
    if (session->grant != NULL && session->grant->items->len == 1) {
        const MpGrantItem *item = g_ptr_array_index(session->grant->items, 0);

        return g_strdup(item->case_number);
    }
    if (session->asked_case != NULL)
        return g_strdup(session->asked_case);
    return g_strdup(session->p->facts->verdict->case_number);
}

/* The role in which the writer acts: the one that holds the step if he has it. */
static const char *
acting_role(const MpSession *session, const MpCase *kase)
{
    const MpSetup *setup = session->p->planner->setup;
    const MpSop *sop = mp_setup_sop_by_id(setup, kase->sop);
    const MpSopStep *step = sop == NULL ? NULL : mp_sop_step(sop, kase->step);
    const char *candidates[] = {kase->holder_role, step == NULL ? NULL : step->keeper};
    g_autofree char *today = mp_plan_today(session->p);

    if (mp_plan_is_same_address(kase->holder_address, session->p->sender))
        return kase->holder_role;
    for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++)
        if (candidates[i] != NULL &&
            mp_setup_has_role(setup, candidates[i], session->p->sender, today))
            return candidates[i];
    return session->role;
}

/* Takes the step and writes into the line of the transcript what it did, or why not. */
static gboolean
step_line(MpSession *session,
          const MpCase *kase,
          const MpSop *sop,
          const MpCaseInput *input,
          MpSessionLine *line,
          GError **error)
{
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;

    line->before = mp_plan_describe_step(session, kase);
    if (!mp_plan_step(session->p, kase->number, kase, sop, input, &decision, &refused, error))
        return FALSE;
    if (refused != NULL) {
        mp_plan_refuse_decision(session, line, kase, refused);
        return TRUE;
    }
    session->has_change = TRUE;
    line->is_change = TRUE;
    session->finals += mp_plan_is_final(decision) ? 1 : 0;
    line->after = mp_plan_describe_step(session, decision->after);
    return TRUE;
}

static gboolean
step_command(MpSession *session,
             const MpCommand *command,
             const MpCase *kase,
             MpSessionLine *line,
             GError **error)
{
    MpPlanning *p = session->p;
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, kase->sop);
    g_autoptr(MpCase) facts = mp_plan_case_facts(p);
    g_autoptr(GPtrArray) history = NULL;
    g_auto(GStrv) officials = mp_setup_officials(p->planner->setup);
    MpCaseInput input = {.event = command->verb,
                         .officials = (const char *const *)officials,
                         .actor = acting_role(session, kase),
                         .address = p->sender,
                         .trust = p->trust,
                         .applicant = command->applicant,
                         .note = command->note,
                         .message = session->commands->message,
                         .until = command->until,
                         .mail = p->row == NULL ? 0 : p->row->id,
                         .holds_certificate = mp_plan_says(p->facts, "owns-certificate"),
                         .facts = facts->documents->len > 0 ? facts : NULL};

    if (sop == NULL) {
        mp_plan_refuse(line, "prosedur permohonan ini tidak ada lagi");
        return TRUE;
    }
    if (strcmp(command->verb, "BATAL") == 0 && p->planner->store != NULL) {
        history = p->planner->store->case_events(p->planner->store, kase->number, error);
        if (history == NULL)
            return FALSE;
        input.history = history;
    }
    if (!step_line(session, kase, sop, &input, line, error))
        return FALSE;
    if (!line->is_refused && command->note != NULL && line->detail == NULL)
        line->detail = g_strdup_printf("catatan: %s", command->note);
    return TRUE;
}

static gboolean
say_status(const MpSession *session, const MpCase *kase, MpSessionLine *line)
{
    const MpSetup *setup = session->p->planner->setup;
    const MpCalendar *calendar = mp_setup_calendar(setup, kase->service);

    line->detail =
        mp_case_progress(kase, mp_notify_role_title(&setup->notify, kase->holder_role), calendar);
    g_free(line->result);
    line->result = g_strdup("keadaan permohonan");
    return TRUE;
}

static gboolean
link_notice(MpSession *session,
            const MpCommand *command,
            const MpCase *kase,
            MpSessionLine *line,
            GError **error)
{
    MpPlanning *p = session->p;
    g_autofree char *mark =
        session->grant == NULL ? NULL : g_strconcat("notice ", session->grant->hash, NULL);
    g_autofree char *stored = mark == NULL || p->planner->store == NULL
                                  ? NULL
                                  : p->planner->store->mark_get(p->planner->store, mark);
    g_auto(GStrv) parts = stored == NULL ? NULL : g_strsplit(stored, "\n", 4);
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, kase->sop);
    MpCaseInput input = {.actor = "bsre", .address = p->sender, .trust = p->trust};

    if (parts == NULL || g_strv_length(parts) < 4 || sop == NULL) {
        mp_plan_refuse(line, "TAUTKAN hanya sebagai balasan atas pertanyaan tentang surel BSrE");
        return TRUE;
    }
    input.event = parts[0];
    input.mail = g_ascii_strtoll(parts[1], NULL, 10);
    input.until = parts[2][0] == '\0' ? NULL : parts[2];
    input.note = parts[3][0] == '\0' ? NULL : parts[3];
    input.applicant = command->applicant;
    return step_line(session, kase, sop, &input, line, error);
}

/* COBA: the same step on the plan, dry (no case number is taken), then cut away again. */
static gboolean
try_command(MpSession *session,
            const MpCommand *command,
            const MpCase *kase,
            MpSessionLine *line,
            GError **error)
{
    const MpPlanner *planner = session->p->planner;
    MpPlanner dry = *planner;
    MpPlanMark mark = mp_plan_mark(session);
    gboolean is_fine;

    dry.is_dry = TRUE;
    session->p->planner = &dry;
    is_fine = strcmp(command->verb, "TAUTKAN") == 0
                  ? link_notice(session, command, kase, line, error)
                  : step_command(session, command, kase, line, error);
    session->p->planner = planner;
    mp_plan_cut(session, &mark);
    if (!is_fine)
        return FALSE;
    mp_plan_note(session->p, "trial", kase->number, "%s", command->verb);
    g_free(line->result);
    line->result =
        g_strdup(line->is_refused ? "percobaan: akan ditolak; tidak ada yang berubah"
                                  : "percobaan: akan dijalankan; tidak ada yang berubah");
    line->is_refused = FALSE;
    return TRUE;
}

static gboolean
run_on_case(MpSession *session,
            const MpCommand *command,
            const char *number,
            MpSessionLine *line,
            GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(MpCase) kase = mp_plan_case(session->p, number, &local);
    g_autoptr(MpCase) stored = NULL;

    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (kase == NULL) {
        mp_plan_refuse(line, "permohonan %s tidak ada", number);
        return TRUE;
    }
    /* Authority is judged on the case as the writer could know it, not as his own mail left it. */
    if (session->p->planner->store != NULL)
        stored = session->p->planner->store->case_load(session->p->planner->store, number, NULL);
    if (!mp_plan_is_authorised(session, command, stored != NULL ? stored : kase, line))
        return TRUE;
    if (strcmp(command->verb, "STATUS") == 0)
        return say_status(session, kase, line);
    if (strcmp(command->verb, "MUSNAHKAN") == 0)
        return mp_plan_destroy(session, kase, line, error);
    if (command->is_trial)
        return try_command(session, command, kase, line, error);
    if (strcmp(command->verb, "TAUTKAN") == 0)
        return link_notice(session, command, kase, line, error);
    return step_command(session, command, kase, line, error);
}

static gboolean
run_command(MpSession *session, const MpCommand *command, GError **error)
{
    MpSessionLine *line = add_line(session, command, command->line);
    g_autofree char *number = NULL;

    if (strcmp(command->verb, "BANTUAN") == 0 || strcmp(command->verb, "DAFTAR") == 0) {
        if (session->first_case == NULL && strcmp(command->verb, "BANTUAN") == 0)
            session->first_case = case_of(session, command);
        if (mp_plan_is_authorised(session, command, NULL, line)) {
            g_free(line->result);
            line->result = g_strdup("dijawab di bawah");
        }
        return TRUE;
    }
    number = strcmp(command->verb, "TAUTKAN") == 0 && command->case_number == NULL
                 ? mp_text_line(command->note)
                 : case_of(session, command);
    if (number == NULL) {
        mp_plan_refuse(line, "mohon sebutkan nomor permohonan");
        return TRUE;
    }
    if (session->first_case == NULL)
        session->first_case = g_strdup(number);
    return run_on_case(session, command, number, line, error);
}

/* --- the mail --- */

/* Why nothing in this mail may be done, whatever it says; NULL = it may. */
static const char *
unfit_because(const MpSession *session)
{
    static const struct {
        const char *doubt, *words;
    } unfit[] = {
        {"parts-differ", "bagian teks dan HTML surel ini tidak sama, atau ada teks tersembunyi"},
        {"hidden-text", "surel ini memuat teks tersembunyi"},
        {"mime-ambiguous", "susunan surel ini dapat dibaca dengan lebih dari satu cara"},
    };

    const MpPlanning *p = session->p;
    gint64 date = p->facts->message->date_utc;

    for (guint i = 0; i < p->facts->verdict->doubts->len; i++)
        for (gsize j = 0; j < G_N_ELEMENTS(unfit); j++)
            if (strcmp(g_ptr_array_index(p->facts->verdict->doubts, i), unfit[j].doubt) == 0)
                return unfit[j].words;
    if (date != 0 && p->row != NULL && p->row->arrived_utc - date > STALE_DATE_US)
        return "tanggal surel ini lebih dari tujuh hari yang lalu";
    return NULL;
}

static gboolean
has_doubt(const MpCommands *commands, const char *doubt)
{
    for (guint i = 0; i < commands->doubts->len; i++)
        if (strcmp(g_ptr_array_index(commands->doubts, i), doubt) == 0)
            return TRUE;
    return FALSE;
}

/* Is this a word that may be said about the case just now? */
static gboolean
is_valid_here(const MpSession *session, const MpCase *kase, const char *verb)
{
    static const char *const always[] = {
        "CATAT", "ALIH", "STATUS", "DAFTAR", "BATAL", "COBA", "BANTUAN", NULL};
    const MpSop *sop =
        kase == NULL ? NULL : mp_setup_sop_by_id(session->p->planner->setup, kase->sop);
    g_autofree char **here = sop == NULL ? NULL : mp_sop_verbs_at(sop, kase->step);

    return here == NULL || g_strv_contains(always, verb) ||
           g_strv_contains((const char *const *)here, verb);
}

/* The nearest of the verbs that are valid where the case stands, or NULL. */
static char *
did_you_mean(const MpSession *session, const char *near)
{
    g_auto(GStrv) verbs = g_strsplit(near, " ", -1);
    g_autofree char *number =
        verbs[0] == NULL ? NULL : case_of(session, &(MpCommand){.case_number = NULL});
    g_autoptr(MpCase) kase = number == NULL ? NULL : mp_plan_case(session->p, number, NULL);

    for (guint i = 0; verbs[i] != NULL; i++)
        if (is_valid_here(session, kase, verbs[i]))
            return g_strdup(verbs[i]);
    return NULL;
}

static void
add_not_understood(MpSession *session)
{
    const MpCommands *commands = session->commands;
    gboolean is_bad_date = has_doubt(commands, "bad-date");

    for (guint i = 0; i < commands->not_understood->len; i++) {
        g_autofree char *near = did_you_mean(session, g_ptr_array_index(commands->suggestions, i));
        MpSessionLine *line =
            add_line(session, NULL, g_ptr_array_index(commands->not_understood, i));

        if (is_bad_date)
            mp_plan_refuse(
                line,
                "tanggalnya belum jelas; mohon tulis lengkap dan di masa depan, misalnya "
                "20-11-2028");
        else if (near != NULL)
            mp_plan_refuse(line, "tidak dimengerti; maksudnya %s?", near);
        else
            mp_plan_refuse(line, "tidak dimengerti");
    }
    if (commands->commands->len == 0 && session->lines->len == 0) {
        MpSessionLine *line = add_line(session, NULL, session->p->facts->message->reply_text);
        gboolean is_clash = has_doubt(commands, "contradiction");

        mp_plan_refuse(
            line,
            "%s",
            is_clash ? "perintah saling bertentangan; mohon satu saja"
                     : "tidak ada perintah yang dikenali; bila ada yang harus dikerjakan, mohon "
                       "tulis salah satu kata di bawah");
    }
}

static gboolean
run_all(MpSession *session, GError **error)
{
    MpPlanMark mark = mp_plan_mark(session);
    const char *unfit = unfit_because(session);

    add_not_understood(session);
    for (guint i = 0; i < session->commands->commands->len; i++) {
        const MpCommand *command = g_ptr_array_index(session->commands->commands, i);

        if (unfit != NULL)
            mp_plan_refuse(add_line(session, command, command->line), "%s", unfit);
        else if (!run_command(session, command, error))
            return FALSE;
    }
    return mp_plan_whole_or_nothing(session, &mark, error);
}

gboolean
mp_plan_command(MpPlanning *p, GError **error)
{
    g_auto(MpSession) session = {.p = p};
    g_autofree char *today = mp_plan_today(p);
    const char *role = mp_setup_any_role(p->planner->setup, p->sender, today);

    if (role == NULL) {
        mp_plan_end(p, MP_LEDGER_IGNORED, "command of a stranger", p->facts->verdict->case_number);
        return mp_plan_ask_person(
            p, "perlu-dilihat", NULL, "perintah dari alamat yang bukan pejabat", NULL, error);
    }
    session.role = g_strdup(role);
    session.lines = g_ptr_array_new_with_free_func(line_free);
    session.commands = mp_plan_commands(p->planner, p->facts);
    if (!mp_plan_find_grant(&session, error) || !run_all(&session, error))
        return FALSE;
    mp_plan_end(p,
                MP_LEDGER_DONE,
                session.has_change ? NULL : "no command was carried out",
                session.first_case != NULL ? session.first_case : p->facts->verdict->case_number);
    return mp_plan_send_transcript(&session, error);
}
