/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers to the survey of satisfaction: nine figures from the requester or an applicant, once he
 * has his outcome. They are kept for the report and move nothing; the first answer of a person to a
 * case counts, so that nobody votes twice. */

#include "app/plan-private.h"

typedef struct {
    MpCase *kase;
    const char *actor; /* requester or applicant */
    guint n;           /* of the applicant, 0 = the requester */
    const char *name;  /* borrowed from the case */
} Voter;

/* Not selesai-tawaran: its answer is "YA" or nothing, and two questions in one mail would get an
 * answer that may be taken for either. */
static const char *const surveyed[] = {"selesai", "selesai-pemohon", "ditolak", NULL};

/* --- the invitation --- */

static gboolean
is_offered(const MpSetup *setup)
{
    return setup->survey != NULL && mp_config_bool(setup->config, "report", "survey");
}

void
mp_plan_offer_survey(const MpPlanning *p, const MpLetterOrder *order, MpValue *context)
{
    const MpSetup *setup = p->planner->setup;
    MpValue *list;

    if (!is_offered(setup) ||
        !(g_strv_contains(surveyed, order->template_) || strcmp(order->template_, "survei") == 0))
        return;
    list = mp_value_list();
    for (guint i = 0; i < setup->survey->questions->len; i++) {
        MpValue *row = mp_value_map();
        g_autofree char *no = g_strdup_printf("%u", i + 1);

        mp_value_set_text(row, "no_unsur", no);
        mp_value_set_text(row, "nama_unsur", g_ptr_array_index(setup->survey->questions, i));
        mp_value_append_take(list, row);
    }
    mp_value_set_take(context, "survei", mp_value_bool(TRUE));
    mp_value_set_take(context, "unsur", list);
}

/* --- who may answer --- */

static gboolean
find_applicant(const MpPlanning *p, Voter *voter)
{
    for (guint i = 0; i < voter->kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(voter->kase->applicants, i);

        if (applicant->outcome == MP_OUTCOME_NONE ||
            !mp_plan_is_same_address(applicant->email, p->sender))
            continue;
        voter->actor = "applicant";
        voter->n = applicant->n;
        voter->name = applicant->name;
        return TRUE;
    }
    return FALSE;
}

/* The office that asked, once the case is closed; an applicant, once he has his outcome. */
static gboolean
find_voter(MpPlanning *p, Voter *voter, GError **error)
{
    const char *number = p->facts->verdict->case_number;
    g_autoptr(GError) local = NULL;

    voter->kase = number == NULL ? NULL : mp_plan_case(p, number, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (voter->kase == NULL)
        return TRUE;
    if (mp_case_state_is_closed(voter->kase->state) &&
        mp_plan_is_same_address(voter->kase->requester_address, p->sender)) {
        voter->actor = "requester";
        voter->name = voter->kase->requester_name;
    } else if (!find_applicant(p, voter)) {
        g_clear_pointer(&voter->kase, mp_case_free);
    }
    return TRUE;
}

static gboolean
may_be_answer(const MpPlanning *p)
{
    static const char *const never[] = {"notice", "bounce", "auto-reply", "suspect", NULL};

    return is_offered(p->planner->setup) && p->sender != NULL &&
           p->facts->message->automatic == MP_AUTOMATIC_NONE &&
           !g_strv_contains(never, p->facts->verdict->kind) &&
           (p->trust >= MP_TRUST_ALIGNED || p->may_answer);
}

/* A letter that only looks like figures keeps its own way: a numbered list is no vote, and a
 * complaint with nine figures above it is a complaint first. */
static gboolean
is_taken_as(const MpPlanning *p, MpSurveyReading reading)
{
    static const char *const own_way[] = {"request", "complaint", "withdrawal", "command", NULL};
    const char *kind = p->facts->verdict->kind;
    gboolean has_documents = p->facts->documents->len > 0;

    if (reading == MP_SURVEY_UNCLEAR)
        return strcmp(kind, "other") == 0 && !has_documents;
    return reading == MP_SURVEY_ANSWER && !g_strv_contains(own_way, kind) &&
           !(strcmp(kind, "supplement") == 0 && has_documents);
}

/* --- what is done with it --- */

static gboolean
has_answered(MpPlanning *p, const Voter *voter, gboolean *has_out, GError **error)
{
    MpStore *store = p->planner->store;
    g_autoptr(GPtrArray) events =
        store == NULL ? NULL : store->case_events(store, voter->kase->number, error);
    g_autofree char *n = g_strdup_printf("%u", voter->n);

    *has_out = FALSE;
    for (guint i = 0; events != NULL && i < events->len; i++) {
        const MpEvent *event = g_ptr_array_index(events, i);

        /* Who wrote for his office and is an applicant too is one person. */
        if (strcmp(event->kind, "survey") == 0 &&
            (g_strcmp0(mp_event_get(event, "n"), n) == 0 ||
             mp_plan_is_same_address(event->address, p->sender)))
            *has_out = TRUE;
    }
    return store == NULL || events != NULL;
}

/* The answer to an answer: received, counted before, or asked for again. */
static gboolean
tell(MpPlanning *p, const Voter *voter, const char *what, GError **error)
{
    g_autoptr(MpValue) extra = mp_value_map();
    const MpLetterOrder order = {.template_ = "survei",
                                 .to = p->sender,
                                 .to_name = voter->name,
                                 .kase = voter->kase,
                                 .extra = extra,
                                 .is_answer = TRUE};

    mp_value_set_take(extra, what, mp_value_bool(TRUE));
    return mp_plan_send(p, &order, error);
}

/* Once a person and case, however the next attempt looks. */
static gboolean
ask_again(MpPlanning *p, const Voter *voter, GError **error)
{
    MpStore *store = p->planner->store;
    g_autofree char *mark = g_strdup_printf("survey-asked %s %u", voter->kase->number, voter->n);
    g_autofree char *asked = store == NULL ? NULL : store->mark_get(store, mark);
    guint first = p->plan->mails->len;
    MpPlanMail *mail;

    mp_plan_end(p, MP_LEDGER_IGNORED, "survey not understood", voter->kase->number);
    if (asked != NULL)
        return TRUE;
    if (!tell(p, voter, "survei_ulangi", error))
        return FALSE;
    if (p->plan->mails->len == first)
        return TRUE;
    mail = g_ptr_array_index(p->plan->mails, first);
    mail->mark = g_steal_pointer(&mark);
    mail->mark_value = mp_plan_today(p);
    return TRUE;
}

static gboolean
keep(MpPlanning *p, const Voter *voter, const char *answers, const char *remark, GError **error)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, voter->kase->sop);
    MpCaseInput input = {.event = "survey",
                         .actor = voter->actor,
                         .address = p->sender,
                         .trust = p->trust,
                         .applicant = voter->n,
                         .answers = answers,
                         .note = remark,
                         .mail = p->row == NULL ? 0 : p->row->id};

    mp_plan_end(p, MP_LEDGER_DONE, NULL, voter->kase->number);
    mp_plan_note(p, "survey", voter->kase->number, "%s", answers);
    if (sop == NULL) {
        mp_plan_note(p, "no-procedure", voter->kase->number, "survey");
        return TRUE;
    }
    return mp_plan_inner_step(p, voter->kase->number, voter->kase, sop, &input, error) &&
           tell(p, voter, "survei_diterima", error);
}

static gboolean
take(MpPlanning *p,
     const Voter *voter,
     MpSurveyReading reading,
     const char *answers,
     const char *remark,
     GError **error)
{
    gboolean has = FALSE;

    if (!has_answered(p, voter, &has, error))
        return FALSE;
    if (has) {
        mp_plan_end(p, MP_LEDGER_IGNORED, "survey answered before", voter->kase->number);
        return tell(p, voter, "survei_sudah", error);
    }
    return reading == MP_SURVEY_ANSWER ? keep(p, voter, answers, remark, error)
                                       : ask_again(p, voter, error);
}

gboolean
mp_plan_survey(MpPlanning *p, gboolean *is_taken_out, GError **error)
{
    g_autofree char *answers = NULL;
    g_autofree char *remark = NULL;
    MpSurveyReading reading = MP_SURVEY_NONE;
    Voter voter = {.kase = NULL};
    gboolean is_done;

    *is_taken_out = FALSE;
    if (may_be_answer(p))
        reading = mp_survey_read(p->facts->message->reply_text, &answers, &remark);
    if (!is_taken_as(p, reading))
        return TRUE;
    if (!find_voter(p, &voter, error))
        return FALSE;
    if (voter.kase == NULL)
        return TRUE;
    *is_taken_out = TRUE;
    is_done = take(p, &voter, reading, answers, remark, error);
    mp_case_free(voter.kase);
    return is_done;
}
