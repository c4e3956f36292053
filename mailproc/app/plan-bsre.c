/* SPDX-License-Identifier: GPL-3.0-or-later */

/* BSrE's notices as evidence: a proved sender, a person and a service that fit exactly one waiting
 * applicant (decisions.md 13). Anything less asks the verifikator which case it is. */

#include "app/plan-private.h"

typedef struct {
    MpCase *kase;
    guint applicant;
    gboolean is_unsure; /* only the name fits, and something speaks against it */
} Candidate;

static void
candidate_free(gpointer data)
{
    Candidate *candidate = data;

    mp_case_free(candidate->kase);
    g_free(candidate);
}

/* The strongest thing that both sides have decides; a name alone is enough only without numbers. */
static gboolean
is_person(const MpApplicant *person, const MpCaseApplicant *applicant)
{
    if (person->nip != NULL && applicant->nip != NULL)
        return strcmp(person->nip, applicant->nip) == 0;
    if (person->nik != NULL && applicant->nik != NULL)
        return strcmp(person->nik, applicant->nik) == 0;
    if (person->email != NULL && applicant->email != NULL &&
        !mp_plan_is_same_address(person->email, applicant->email))
        return FALSE;
    if (person->name != NULL && applicant->name != NULL)
        return mp_case_is_same_name(person->name, applicant->name);
    return mp_plan_is_same_address(person->email, applicant->email);
}

/* Neither the office nor the applicant is among those whom BSrE wrote to. */
static gboolean
is_sent_elsewhere(const MpPlanning *p, const MpCaseApplicant *applicant)
{
    const char *own = mp_config_string(p->planner->setup->config, "office", "address");
    const GPtrArray *to = p->facts->message->to;
    gboolean is_elsewhere = FALSE;

    for (guint i = 0; i < to->len; i++) {
        const char *address = ((const MpAddress *)g_ptr_array_index(to, i))->address;

        if (mp_plan_is_same_address(address, own) ||
            mp_plan_is_same_address(address, applicant->email))
            return FALSE;
        is_elsewhere |= address != NULL && mp_text_is_plain_address(address);
    }
    return is_elsewhere;
}

/* Two people of one name differ in what is not compared by is_person. */
static gboolean
is_doubtful(const MpPlanning *p, const MpApplicant *person, const MpCaseApplicant *applicant)
{
    if ((person->nip != NULL && applicant->nip != NULL) ||
        (person->nik != NULL && applicant->nik != NULL) ||
        mp_plan_is_same_address(person->email, applicant->email))
        return FALSE;
    return mp_text_has_other_degrees(person->name, applicant->name) ||
           is_sent_elsewhere(p, applicant);
}

/* Whether the procedure would take this notice for this applicant just now. */
static gboolean
would_take(const MpPlanning *p, const MpCase *kase, guint applicant, const char *event)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, kase->sop);
    const MpCaseInput input = {.event = event,
                               .actor = "bsre",
                               .trust = MP_TRUST_ALIGNED,
                               .applicant = applicant,
                               .note = p->facts->verdict->reason};
    g_autoptr(MpDecision) decision = NULL;

    if (sop == NULL)
        return FALSE;
    decision = mp_case_step(sop,
                            kase,
                            kase->number,
                            &input,
                            mp_setup_calendar(p->planner->setup, kase->service),
                            p->planner->now_utc);
    return decision->is_accepted;
}

static gboolean
is_known_candidate(const GPtrArray *candidates, const MpCase *kase, guint applicant)
{
    for (guint i = 0; i < candidates->len; i++) {
        const Candidate *candidate = g_ptr_array_index(candidates, i);

        if (candidate->applicant == applicant && strcmp(candidate->kase->number, kase->number) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
add_matches(const MpPlanning *p,
            const MpCase *kase,
            const MpApplicant *person,
            const char *event,
            GPtrArray *candidates)
{
    const char *service = p->facts->verdict->service;

    if (service != NULL && strcmp(service, kase->service) != 0)
        return;
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);
        Candidate *candidate;

        if (applicant->outcome != MP_OUTCOME_NONE || !is_person(person, applicant) ||
            is_known_candidate(candidates, kase, applicant->n) ||
            !would_take(p, kase, applicant->n, event))
            continue;
        candidate = g_new0(Candidate, 1);
        candidate->kase = mp_case_copy(kase);
        candidate->applicant = applicant->n;
        candidate->is_unsure = is_doubtful(p, person, applicant);
        g_ptr_array_add(candidates, candidate);
    }
}

static gboolean
find_person(MpPlanning *p,
            const MpApplicant *person,
            const char *event,
            GPtrArray *candidates,
            GError **error)
{
    const MpCaseFilter filters[] = {
        {.state = "open", .nip = person->nip},
        {.state = "open", .email = person->email},
        {.state = "open", .name = person->name},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
        g_autoptr(GPtrArray) found = NULL;

        if (filters[i].nip == NULL && filters[i].email == NULL && filters[i].name == NULL)
            continue;
        found = mp_plan_cases(p, &filters[i], error);
        if (found == NULL)
            return FALSE;
        for (guint j = 0; j < found->len; j++)
            add_matches(p, g_ptr_array_index(found, j), person, event, candidates);
    }
    return TRUE;
}

/* BSrE writes to the owner: where the text names nobody, the address it was sent to does. */
static gboolean
find_candidates(MpPlanning *p, const char *event, GPtrArray *candidates, GError **error)
{
    const MpVerdict *verdict = p->facts->verdict;
    const char *own = mp_config_string(p->planner->setup->config, "office", "address");

    for (guint i = 0; i < verdict->applicants->len; i++)
        if (!find_person(p, g_ptr_array_index(verdict->applicants, i), event, candidates, error))
            return FALSE;
    for (guint i = 0; verdict->applicants->len == 0 && i < p->facts->message->to->len; i++) {
        const MpAddress *to = g_ptr_array_index(p->facts->message->to, i);
        const MpApplicant person = {.email = to->address};

        if (to->address == NULL || mp_plan_is_same_address(to->address, own))
            continue;
        if (!find_person(p, &person, event, candidates, error))
            return FALSE;
    }
    return TRUE;
}

static char *
valid_until(const MpVerdict *verdict)
{
    for (guint i = 0; i < verdict->applicants->len; i++) {
        const MpApplicant *applicant = g_ptr_array_index(verdict->applicants, i);

        if (applicant->valid_until != NULL)
            return g_strdup(applicant->valid_until);
    }
    return NULL;
}

static gboolean
apply(MpPlanning *p, const Candidate *candidate, const char *event, GError **error)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, candidate->kase->sop);
    g_autofree char *until = valid_until(p->facts->verdict);
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;
    const MpCaseInput input = {.event = event,
                               .actor = "bsre",
                               .address = p->sender,
                               .trust = p->trust,
                               .applicant = candidate->applicant,
                               .note = p->facts->verdict->reason,
                               .holds_certificate = mp_plan_says(p->facts, "owns-certificate"),
                               .until = until,
                               .mail = p->row == NULL ? 0 : p->row->id};

    if (!mp_plan_step(
            p, candidate->kase->number, candidate->kase, sop, &input, &decision, &refused, error))
        return FALSE;
    mp_plan_end(p,
                refused == NULL ? MP_LEDGER_DONE : MP_LEDGER_IGNORED,
                refused == NULL ? NULL : refused->refusal,
                candidate->kase->number);
    return TRUE;
}

/* --- the question to the verifikator --- */

static MpValue *
candidates_value(const GPtrArray *candidates)
{
    MpValue *list = mp_value_list();

    for (guint i = 0; i < candidates->len; i++) {
        const Candidate *candidate = g_ptr_array_index(candidates, i);
        const MpCaseApplicant *applicant =
            g_ptr_array_index(candidate->kase->applicants, candidate->applicant - 1);
        MpValue *row = mp_value_map();

        mp_value_set_text(row, "nomor_calon", candidate->kase->number);
        mp_value_set_text(row, "nama_calon", applicant->name);
        mp_value_append_take(list, row);
    }
    return list;
}

static gboolean
add_open_cases(MpPlanning *p, GPtrArray *items, GError **error)
{
    const MpCaseFilter filter = {.state = "open", .holder_role = "bsre", .limit = 20};
    g_autoptr(GPtrArray) found = mp_plan_cases(p, &filter, error);

    if (found == NULL)
        return FALSE;
    for (guint i = 0; i < found->len; i++)
        mp_plan_add_grant_item(items, g_ptr_array_index(found, i));
    return TRUE;
}

/* What TAUTKAN will need, kept under the code that the question carries. */
static void
remember_notice(MpPlanning *p, guint first_mail, const char *event)
{
    g_autofree char *until = valid_until(p->facts->verdict);
    g_autofree char *reason = mp_text_line(p->facts->verdict->reason);

    for (guint i = first_mail; i < p->plan->mails->len; i++) {
        MpPlanMail *mail = g_ptr_array_index(p->plan->mails, i);

        if (mail->grant == NULL)
            continue;
        mail->mark = g_strconcat("notice ", mail->grant->hash, NULL);
        mail->mark_value = g_strdup_printf("%s\n%" G_GINT64_FORMAT "\n%s\n%s",
                                           event,
                                           p->row == NULL ? 0 : p->row->id,
                                           until ? until : "",
                                           reason ? reason : "");
    }
}

static gboolean
ask_which(
    MpPlanning *p, const char *event, const GPtrArray *candidates, const char *why, GError **error)
{
    const MpVerdict *verdict = p->facts->verdict;
    const MpSetup *setup = p->planner->setup;
    g_autoptr(GPtrArray) items = mp_plan_no_grant_items();
    g_autoptr(MpValue) extra = mp_value_map();
    g_autofree char *today = mp_plan_today(p);
    g_autoptr(GPtrArray) addresses = mp_setup_role_addresses(setup, "verifikator", today);
    const MpApplicant *person =
        verdict->applicants->len > 0 ? g_ptr_array_index(verdict->applicants, 0) : NULL;
    MpOutcome outcome = MP_OUTCOME_NONE;
    MpLetterOrder order = {
        .template_ = "tanya-bsre", .extra = extra, .grants = items, .role = "verifikator"};
    guint first_mail = p->plan->mails->len;

    mp_plan_end(p, MP_LEDGER_IGNORED, why, NULL);
    for (guint i = 0; i < candidates->len; i++)
        mp_plan_add_grant_item(items, ((const Candidate *)g_ptr_array_index(candidates, i))->kase);
    if (candidates->len == 0 && !add_open_cases(p, items, error))
        return FALSE;
    mp_value_set_text(extra,
                      "hasil_bsre",
                      mp_outcome_from_string(verdict->outcome, &outcome)
                          ? mp_notify_outcome_title(outcome)
                          : verdict->outcome);
    mp_value_set_text(extra, "nama_bsre", person == NULL ? NULL : person->name);
    mp_value_set_take(extra, "calon", candidates_value(candidates));
    mp_value_set_text(extra, "alasan", why);
    order.to_name = mp_notify_role_title(&setup->notify, "verifikator");
    for (guint i = 0; i < addresses->len; i++) {
        order.to = g_ptr_array_index(addresses, i);
        if (!mp_plan_send(p, &order, error))
            return FALSE;
    }
    remember_notice(p, first_mail, event);
    return TRUE;
}

/* --- the notice --- */

static gboolean
is_note_only(const char *outcome)
{
    static const char *const notes[] = {"activation", "passphrase", "reminder", NULL};

    return outcome == NULL || g_strv_contains(notes, outcome);
}

/* Activation, passphrase and reminder mails change nothing: a line in the file of the one case they
 * fit, else they are only in the ledger. */
static gboolean
note_notice(MpPlanning *p, GError **error)
{
    g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(candidate_free);
    g_autofree char *event = NULL;

    mp_plan_end(p, MP_LEDGER_IGNORED, "a notice that asks for nothing", NULL);
    if (p->facts->verdict->outcome == NULL)
        return mp_plan_ask_person(
            p, "perlu-dilihat", NULL, "surel BSrE yang isinya tidak dikenali", NULL, error);
    if (p->trust < MP_TRUST_ALIGNED)
        return TRUE;
    event = g_strconcat("notice.", p->facts->verdict->outcome, NULL);
    if (!find_candidates(p, event, candidates, error))
        return FALSE;
    if (candidates->len != 1 || ((const Candidate *)candidates->pdata[0])->is_unsure)
        return TRUE;
    return apply(p, g_ptr_array_index(candidates, 0), event, error);
}

gboolean
mp_plan_bsre(MpPlanning *p, GError **error)
{
    const MpVerdict *verdict = p->facts->verdict;
    g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(candidate_free);
    g_autofree char *event = NULL;

    if (is_note_only(verdict->outcome))
        return note_notice(p, error);
    event = g_strconcat("notice.", verdict->outcome, NULL);
    if (!find_candidates(p, event, candidates, error))
        return FALSE;
    if (verdict->is_forwarded_notice)
        return ask_which(p, event, candidates, "diteruskan, bukan langsung dari BSrE", error);
    if (p->trust < MP_TRUST_ALIGNED)
        return ask_which(p, event, candidates, "pengirim tidak terbukti", error);
    if (candidates->len != 1)
        return ask_which(p,
                         event,
                         candidates,
                         candidates->len == 0 ? "tidak ada pemohon yang menunggunya"
                                              : "lebih dari satu pemohon cocok",
                         error);
    if (((const Candidate *)g_ptr_array_index(candidates, 0))->is_unsure)
        return ask_which(
            p, event, candidates, "hanya namanya cocok; gelar atau alamat tujuan berbeda", error);
    return apply(p, g_ptr_array_index(candidates, 0), event, error);
}
