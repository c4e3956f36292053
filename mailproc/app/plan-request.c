/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the public writes: requests, the papers that were missing, withdrawals, questions. Who may
 * do what is decisions.md 6. */

#include "app/plan-caps.h"

enum { MAX_STATUS_CASES = 5 };

/* --- facts as the case's values --- */

gboolean
mp_plan_says(const MpFacts *facts, const char *mark)
{
    g_autofree char *target = g_strconcat("mark:", mark, NULL);

    for (guint i = 0; i < facts->verdict->hits->len; i++) {
        const MpRuleHit *hit = g_ptr_array_index(facts->verdict->hits, i);

        if (g_strcmp0(hit->target, target) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
add_applicants(const MpFacts *facts, MpCase *kase)
{
    gboolean owns = mp_plan_says(facts, "owns-certificate");

    for (guint i = 0; i < facts->verdict->applicants->len; i++) {
        const MpApplicant *from = g_ptr_array_index(facts->verdict->applicants, i);
        MpCaseApplicant *to = mp_case_applicant_new();

        to->n = i + 1;
        to->name = g_strdup(from->name);
        to->nip = g_strdup(from->nip);
        to->nik = g_strdup(from->nik);
        to->email = mp_text_is_plain_address(from->email) ? mp_text_lower_ascii(from->email) : NULL;
        to->phone = g_strdup(from->phone);
        to->position = g_strdup(from->position);
        to->unit = g_strdup(from->unit);
        to->was = g_strdup(from->was);
        to->becomes = g_strdup(from->becomes);
        to->valid_until = g_strdup(from->valid_until);
        to->holds_certificate = owns;
        g_ptr_array_add(kase->applicants, to);
    }
}

static void
add_documents(const MpFacts *facts, gint64 mail, MpCase *kase)
{
    for (guint i = 0; i < facts->documents->len; i++) {
        const MpDocument *from = g_ptr_array_index(facts->documents, i);
        MpCaseDocument *to = mp_case_document_new();

        to->n = i + 1;
        to->filename = g_strdup(from->filename);
        to->kind = g_strdup(from->kind);
        to->type = g_strdup(from->type);
        to->sha256 = g_strdup(from->sha256);
        to->signature = g_strdup(mp_signature_to_string(from->signature));
        to->bytes = from->bytes;
        to->is_readable = from->is_readable;
        to->mail = mail;
        g_ptr_array_add(kase->documents, to);
    }
}

MpCase *
mp_plan_case_facts(const MpPlanning *p)
{
    const MpFacts *facts = p->facts;
    const MpVerdict *verdict = facts->verdict;
    MpCase *kase = mp_case_new();

    if (facts->message->from->len > 0) {
        const MpAddress *from = g_ptr_array_index(facts->message->from, 0);

        kase->requester_name = g_strdup(from->name);
    }
    kase->requester_address = mp_text_lower_ascii(p->sender);
    kase->service = g_strdup(verdict->service);
    kase->letter_number = g_strdup(verdict->letter->number);
    kase->letter_date = g_strdup(verdict->letter->date);
    kase->letter_subject = g_strdup(verdict->letter->subject != NULL ? verdict->letter->subject
                                                                     : facts->message->subject);
    kase->reason = g_strdup(verdict->reason);
    for (guint i = 0; i < verdict->doubts->len; i++)
        g_ptr_array_add(kase->doubts, g_strdup(g_ptr_array_index(verdict->doubts, i)));
    add_applicants(facts, kase);
    add_documents(facts, p->row == NULL ? 0 : p->row->id, kase);
    return kase;
}

GPtrArray *
mp_plan_missing(const MpPlanner *planner, const MpFacts *facts)
{
    const MpSop *sop = mp_setup_sop(planner->setup, facts->verdict->service);
    MpPlanning p = {.planner = planner, .facts = facts};
    g_autoptr(MpCase) kase = NULL;

    if (sop == NULL || strcmp(facts->verdict->kind, "request") != 0)
        return g_ptr_array_new_with_free_func(g_free);
    kase = mp_plan_case_facts(&p);
    return mp_sop_missing(sop, kase);
}

/* --- steps for a mail --- */

static MpCaseInput
input_of(const MpPlanning *p, const char *event, const char *actor, const MpCase *facts)
{
    return (MpCaseInput){.event = event,
                         .actor = actor,
                         .address = p->sender,
                         .trust = p->trust,
                         .mail = p->row == NULL ? 0 : p->row->id,
                         .facts = facts};
}

/* Takes a step for this mail; the mail ends with the case when accepted, with a person when not. */
static gboolean
step_for_mail(MpPlanning *p, const MpCase *kase, const MpCaseInput *input, GError **error)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, kase->sop);
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;

    if (sop == NULL) {
        mp_plan_end(p, MP_LEDGER_IGNORED, "no procedure for the case", kase->number);
        return mp_plan_ask_person(
            p, "perlu-dilihat", kase, "prosedur permohonan tidak ada", NULL, error);
    }
    if (!mp_plan_step(p, kase->number, kase, sop, input, &decision, &refused, error))
        return FALSE;
    if (refused == NULL) {
        mp_plan_end(p, MP_LEDGER_DONE, NULL, kase->number);
        return TRUE;
    }
    mp_plan_end(p, MP_LEDGER_IGNORED, refused->refusal, kase->number);
    if (strcmp(input->event, "withdrawal") == 0) {
        const MpLetterOrder order = {.template_ = "penarikan-ditolak",
                                     .to = p->sender,
                                     .to_name = kase->requester_name,
                                     .kase = kase,
                                     .is_answer = TRUE};

        return mp_plan_send(p, &order, error);
    }
    return mp_plan_ask_person(p,
                              "perlu-dilihat",
                              kase,
                              "surel untuk permohonan yang tidak sedang menunggunya",
                              NULL,
                              error);
}

/* --- request --- */

static gboolean
is_requester(const MpPlanning *p, const MpCase *kase)
{
    return (p->trust >= MP_TRUST_ALIGNED || p->may_answer) &&
           mp_plan_is_same_address(p->sender, kase->requester_address);
}

/* The letter again, with what was missing: as good as an answer to our question. */
static gboolean
completes(const MpPlanning *p, const MpCase *same, const MpCase *facts)
{
    return same->state == MP_CASE_WAITING && g_strcmp0(same->holder_role, "requester") == 0 &&
           facts->documents->len > 0 && is_requester(p, same);
}

static gboolean
join_same(MpPlanning *p, const MpCase *same, const MpCase *facts, GError **error)
{
    MpLetterOrder order = {
        .template_ = "ganda", .kase = same, .to_name = same->requester_name, .is_answer = TRUE};
    const MpCaseInput input = input_of(p, "supplement", "requester", facts);

    if (completes(p, same, facts))
        return step_for_mail(p, same, &input, error);
    mp_plan_end(p, MP_LEDGER_DONE, "letter is known already", same->number);
    if (!mp_plan_is_same_address(p->sender, same->requester_address))
        return mp_plan_ask_person(
            p, "perlu-dilihat", same, "surat yang sama dikirim oleh alamat lain", NULL, error);
    order.to = p->sender;
    return mp_plan_send(p, &order, error);
}

gboolean
mp_plan_open_case(MpPlanning *p, const MpSop *sop, const MpCase *facts, GError **error)
{
    g_autofree char *number = NULL;
    MpCaseInput input = input_of(p, "received", "requester", facts);
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;
    gboolean may_open = TRUE;

    if (!mp_plan_may_open(p, &may_open, error))
        return FALSE;
    if (!may_open)
        return TRUE;
    number = mp_plan_take_number(p, error);
    if (number == NULL)
        return FALSE;
    input.note = facts->reason;
    mp_plan_note(p, "open-case", number, "%s", sop->id);
    if (!mp_plan_step(p, number, NULL, sop, &input, &decision, &refused, error))
        return FALSE;
    if (refused != NULL) {
        mp_plan_end(p, MP_LEDGER_IGNORED, refused->refusal, NULL);
        return mp_plan_ask_person(
            p, "perlu-dilihat", NULL, "permohonan tidak dapat dibuka", NULL, error);
    }
    mp_plan_end(p, MP_LEDGER_DONE, NULL, number);
    return TRUE;
}

gboolean
mp_plan_request(MpPlanning *p, GError **error)
{
    const MpSop *sop = mp_setup_sop(p->planner->setup, p->facts->verdict->service);
    g_autoptr(MpCase) facts = NULL;
    g_autoptr(MpCase) same = NULL;
    g_autoptr(MpCase) partly = NULL;
    g_autoptr(MpCase) offer = NULL;

    if (p->sender == NULL || sop == NULL) {
        mp_plan_end(p,
                    MP_LEDGER_IGNORED,
                    p->sender == NULL ? "sender is no plain address" : "service is not clear",
                    NULL);
        return mp_plan_ask_person(p,
                                  "perlu-dilihat",
                                  NULL,
                                  p->sender == NULL ? "pengirim bukan satu alamat yang jelas"
                                  : p->facts->message->is_encrypted
                                      ? "surel terenkripsi; isinya tidak dapat dibaca sistem"
                                      : "layanan yang diminta tidak jelas",
                                  NULL,
                                  error);
    }
    facts = mp_plan_case_facts(p);
    if (!mp_plan_ask_register(p, facts, error) ||
        !mp_plan_find_same(p, facts, &same, &partly, error))
        return FALSE;
    if (same != NULL)
        return join_same(p, same, facts, error);
    if (!mp_plan_find_offer(p, facts, &offer, error))
        return FALSE;
    if (offer != NULL)
        facts->linked_from = g_strdup(offer->number);
    if (!mp_plan_open_case(p, sop, facts, error) ||
        (offer != NULL && !mp_plan_close_offer(p, offer, error)))
        return FALSE;
    if (p->plan->end == MP_LEDGER_QUARANTINED)
        return TRUE;
    if (partly != NULL)
        return mp_plan_ask_person(p,
                                  "perlu-dilihat",
                                  partly,
                                  "surat serupa dengan sebagian orang yang sama",
                                  NULL,
                                  error);
    if (!p->may_answer)
        return mp_plan_ask_person(p,
                                  "perlu-dilihat",
                                  NULL,
                                  "permohonan dari pengirim yang tidak terbukti; belum dijawab",
                                  NULL,
                                  error);
    return TRUE;
}

/* --- which case a mail is about --- */

static GPtrArray *
cases_of_letter(MpPlanning *p, GError **error)
{
    const MpVerdict *verdict = p->facts->verdict;
    MpCaseFilter filter = {.letter = verdict->letter->number};
    g_autofree char *sender = mp_text_lower_ascii(p->sender);

    if (filter.letter == NULL)
        filter.requester = sender != NULL ? sender : "-";
    if (filter.letter == NULL)
        filter.state = "open";
    return mp_plan_cases(p, &filter, error);
}

/* The case named in the mail, else the only one its letter or sender points to. */
gboolean
mp_plan_find_case(MpPlanning *p, MpCase **kase_out, GError **error)
{
    const MpVerdict *verdict = p->facts->verdict;
    g_autoptr(GPtrArray) found = NULL;
    g_autoptr(GError) local = NULL;

    if (verdict->case_number != NULL) {
        *kase_out = mp_plan_case(p, verdict->case_number, &local);
        if (local != NULL) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        if (*kase_out != NULL)
            return TRUE;
    }
    found = cases_of_letter(p, error);
    if (found == NULL)
        return FALSE;
    if (found->len == 1)
        *kase_out = mp_case_copy(g_ptr_array_index(found, 0));
    return TRUE;
}

static gboolean
may_add(const MpPlanning *p, const MpCase *kase)
{
    g_autofree char *domain = mp_text_domain(p->sender);

    if (p->trust < MP_TRUST_ALIGNED && !p->may_answer)
        return FALSE;
    return mp_plan_is_same_address(p->sender, kase->requester_address) ||
           mp_text_domain_in(
               domain, mp_config_list(p->planner->setup->config, "office", "trusted_domains"));
}

static gboolean
show_person(MpPlanning *p, const MpCase *kase, const char *why, const char *reason, GError **error)
{
    mp_plan_end(p, MP_LEDGER_IGNORED, why, kase == NULL ? NULL : kase->number);
    return mp_plan_ask_person(p, "perlu-dilihat", kase, reason, NULL, error);
}

/* A requester's single word: that his doubtful numbers are right, or that he takes what a finished
 * case offers. */
static gboolean
is_confirmation(const MpPlanning *p, const MpCase *kase)
{
    g_autofree char *line = mp_text_line(p->facts->message->reply_text);
    gsize length = line == NULL ? 0 : strlen(line);

    if (mp_case_offers(kase))
        return mp_plan_accepts(p, kase);
    while (length > 0 && strchr(".! ", line[length - 1]) != NULL)
        line[--length] = '\0';
    return line != NULL && g_ascii_strcasecmp(line, "benar") == 0;
}

gboolean
mp_plan_supplement(MpPlanning *p, GError **error)
{
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(MpCase) facts = NULL;
    MpCaseInput input;
    gboolean confirms;

    if (!mp_plan_find_case(p, &kase, error))
        return FALSE;
    if (kase == NULL)
        return show_person(
            p, NULL, "no case for the supplement", "kelengkapan tanpa nomor yang jelas", error);
    confirms = is_confirmation(p, kase);
    if (confirms ? !is_requester(p, kase) : !may_add(p, kase))
        return show_person(p,
                           kase,
                           "sender may not supplement",
                           "kelengkapan dari pengirim yang tidak terbukti",
                           error);
    facts = mp_plan_case_facts(p);
    input = input_of(p, confirms ? "confirmed" : "supplement", "requester", facts);
    return step_for_mail(p, kase, &input, error);
}

gboolean
mp_plan_withdrawal(MpPlanning *p, GError **error)
{
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(MpCase) facts = NULL;
    MpCaseInput input;

    if (!mp_plan_find_case(p, &kase, error))
        return FALSE;
    if (kase == NULL)
        return show_person(
            p, NULL, "no case for the withdrawal", "penarikan tanpa permohonan yang jelas", error);
    if (!is_requester(p, kase))
        return show_person(
            p, kase, "only the requester withdraws", "penarikan bukan dari pengaju", error);
    facts = mp_plan_case_facts(p);
    input = input_of(p, "withdrawal", "requester", facts);
    return step_for_mail(p, kase, &input, error);
}

/* --- questions --- */

static gboolean
tell_status(MpPlanning *p, const MpCase *kase, GError **error)
{
    const MpLetterOrder order = {.template_ = "status",
                                 .to = p->sender,
                                 .to_name = kase->requester_name,
                                 .kase = kase,
                                 .is_answer = TRUE};

    mp_plan_end(p, MP_LEDGER_DONE, "status told", kase->number);
    return mp_plan_send(p, &order, error);
}

/* A question that names nothing is about the sender's own open cases. */
static gboolean
tell_own_cases(MpPlanning *p, GError **error)
{
    g_autofree char *sender = mp_text_lower_ascii(p->sender);
    const MpCaseFilter filter = {
        .state = "open", .requester = sender ? sender : "-", .limit = MAX_STATUS_CASES};
    g_autoptr(GPtrArray) own = mp_plan_cases(p, &filter, error);

    if (own == NULL)
        return FALSE;
    if (own->len == 0 || !is_requester(p, g_ptr_array_index(own, 0)))
        return show_person(
            p, NULL, "no case for the question", "pertanyaan tanpa permohonan yang jelas", error);
    for (guint i = 0; i < own->len; i++)
        if (!tell_status(p, g_ptr_array_index(own, i), error))
            return FALSE;
    return TRUE;
}

gboolean
mp_plan_inquiry(MpPlanning *p, GError **error)
{
    g_autoptr(MpCase) kase = NULL;

    if (mp_plan_says(p->facts, "asks-own-data"))
        return mp_plan_own_data(p, error);
    if (!mp_plan_find_case(p, &kase, error))
        return FALSE;
    if (kase == NULL)
        return tell_own_cases(p, error);
    if (!is_requester(p, kase))
        return show_person(
            p, kase, "only the requester is told", "pertanyaan bukan dari pengaju", error);
    return tell_status(p, kase, error);
}
