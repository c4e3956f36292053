/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a mail brings into a case: the letter, applicants, documents, doubts, what is missing. */

#include "case/step-private.h"

static void
set_number(MpEvent *event, const char *key, gint64 value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

    mp_event_set(event, key, text);
}

static gboolean
emit_applicant(MpRun *run, const MpCaseApplicant *from, guint n)
{
    MpEvent *event = mp_run_event(run, "applicant");
    guint32 today = mp_calendar_day_of(run->calendar, run->now_utc);

    set_number(event, "n", n);
    mp_event_set(event, "name", from->name);
    mp_event_set(event, "nip", from->nip);
    mp_event_set(event, "nik", from->nik);
    mp_event_set(event, "email", from->email);
    mp_event_set(event, "phone", from->phone);
    mp_event_set(event, "position", from->position);
    mp_event_set(event, "unit", from->unit);
    mp_event_set(event, "was", from->was);
    mp_event_set(event, "becomes", from->becomes);
    mp_event_set(event, "valid_until", from->valid_until);
    if (from->holds_certificate || mp_day_parse(from->valid_until) >= today)
        mp_event_set(event, "holds_certificate", "yes");
    return mp_run_emit(run, event);
}

static gboolean
emit_document(MpRun *run, const MpCaseDocument *from)
{
    MpEvent *event = mp_run_event(run, "document");

    set_number(event, "n", run->decision->after->documents->len + 1);
    set_number(event, "bytes", (gint64)from->bytes);
    mp_event_set(event, "filename", from->filename);
    mp_event_set(event, "kind", from->kind);
    mp_event_set(event, "type", from->type);
    mp_event_set(event, "sha256", from->sha256);
    mp_event_set(event, "signature", from->signature);
    mp_event_set(event, "readable", from->is_readable ? "yes" : "no");
    if (from->mail != 0)
        event->mail = from->mail;
    return mp_run_emit(run, event);
}

static gboolean
has_document(const MpCase *kase, const MpCaseDocument *document)
{
    for (guint i = 0; document->sha256 != NULL && i < kase->documents->len; i++) {
        const MpCaseDocument *other = g_ptr_array_index(kase->documents, i);

        if (g_strcmp0(other->sha256, document->sha256) == 0 &&
            g_strcmp0(other->kind, document->kind) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
take_documents(MpRun *run, const MpCase *facts, gboolean skip_known)
{
    for (guint i = 0; i < facts->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(facts->documents, i);

        if (skip_known && has_document(run->decision->after, document))
            continue;
        if (!emit_document(run, document))
            return FALSE;
    }
    return TRUE;
}

/* Doubts about what a letter asks mean nothing for a later mail that only brings a paper. */
static gboolean
concerns(const char *doubt, gboolean is_opening)
{
    static const char *const of_letters[] = {"no-applicant",
                                             "no-attachment",
                                             "no-command",
                                             "service-unclear",
                                             "title-body-conflict",
                                             "early-renewal",
                                             NULL};

    return is_opening || !g_strv_contains(of_letters, doubt);
}

static gboolean
take_doubts(MpRun *run, const MpCase *facts, gboolean is_opening)
{
    g_autoptr(GPtrArray) wanted = g_ptr_array_new();
    g_autofree char *doubts = NULL;
    MpEvent *event;

    for (guint i = 0; i < facts->doubts->len; i++) {
        if (concerns(g_ptr_array_index(facts->doubts, i), is_opening))
            g_ptr_array_add(wanted, g_ptr_array_index(facts->doubts, i));
    }
    if (wanted->len == 0)
        return TRUE;
    doubts = mp_case_strings_join(wanted);
    event = mp_run_event(run, "doubt");
    mp_event_set(event, "doubts", doubts);
    return mp_run_emit(run, event);
}

gboolean
mp_run_set_missing(MpRun *run, const GPtrArray *missing)
{
    g_autofree char *before = mp_case_strings_join(run->decision->after->missing);
    g_autofree char *text = mp_case_strings_join(missing);
    MpEvent *event;

    if (strcmp(before, text) == 0)
        return TRUE;
    event = mp_run_event(run, "missing");
    mp_event_set(event, "missing", text);
    return mp_run_emit(run, event);
}

/* Where nobody can get anything (a complaint), nobody waits for an outcome. */
static gboolean
takes_applicants(const MpRun *run, const MpCase *facts)
{
    return facts != NULL && run->sop->success != MP_OUTCOME_NONE;
}

/* The evidence for a case that follows from another one lies in that one; a requester who takes up
 * an offer asks for something new. */
static gboolean
brings_evidence(const MpRun *run)
{
    return run->decision->after->linked_from != NULL && g_strcmp0(run->input->actor, "system") == 0;
}

gboolean
mp_run_open(MpRun *run, const char *number)
{
    const MpCase *facts = run->input->facts;
    MpEvent *event = mp_run_event(run, "opened");
    g_autoptr(GPtrArray) missing = NULL;

    event->to_step = g_strdup(run->sop->start);
    mp_event_set(event, "number", number);
    mp_event_set(event, "service", run->sop->service);
    mp_event_set(event, "sop", run->sop->id);
    if (facts != NULL) {
        mp_event_set(event, "requester_name", facts->requester_name);
        mp_event_set(event, "requester_address", facts->requester_address);
        mp_event_set(event, "letter_number", facts->letter_number);
        mp_event_set(event, "letter_date", facts->letter_date);
        mp_event_set(event, "letter_subject", facts->letter_subject);
        mp_event_set(event, "reason", facts->reason);
        mp_event_set(event, "linked_from", facts->linked_from);
    }
    if (!mp_run_emit(run, event))
        return FALSE;
    for (guint i = 0; takes_applicants(run, facts) && i < facts->applicants->len; i++) {
        if (!emit_applicant(run, g_ptr_array_index(facts->applicants, i), i + 1))
            return FALSE;
    }
    if (facts != NULL && (!take_documents(run, facts, FALSE) || !take_doubts(run, facts, TRUE)))
        return FALSE;
    if (brings_evidence(run))
        return TRUE;
    missing = mp_sop_missing(run->sop, run->decision->after);
    return mp_run_set_missing(run, missing);
}

static gboolean
has_number_of(const MpCaseApplicant *applicant, const MpCaseApplicant *wanted)
{
    return (wanted->nip != NULL && g_strcmp0(wanted->nip, applicant->nip) == 0) ||
           (wanted->nik != NULL && g_strcmp0(wanted->nik, applicant->nik) == 0);
}

/* The case's applicant that a supplement speaks of: who has the number, else the only one of that
 * name (a number may have been wrong); 0 = none beyond doubt. */
static guint
find_applicant(const MpCase *kase, const MpCaseApplicant *wanted)
{
    guint named = 0, n_named = 0;

    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        if (has_number_of(applicant, wanted))
            return applicant->n;
        if (!mp_case_is_same_name(wanted->name, applicant->name))
            continue;
        named = applicant->n;
        n_named++;
    }
    return n_named == 1 ? named : 0;
}

/* New facts of known applicants; new applicants only where the letter named none: the set is fixed
 * at the opening, nobody adds himself by a later mail. */
static gboolean
take_applicants(MpRun *run, const MpCase *facts)
{
    gboolean none = run->decision->after->applicants->len == 0;

    for (guint i = 0; takes_applicants(run, facts) && i < facts->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(facts->applicants, i);
        guint n = none ? i + 1 : find_applicant(run->decision->after, applicant);

        if (n > 0 && !emit_applicant(run, applicant, n))
            return FALSE;
    }
    return TRUE;
}

gboolean
mp_run_take_facts(MpRun *run)
{
    const MpCase *facts = run->input->facts;
    g_autoptr(GPtrArray) missing = NULL;

    if (facts == NULL)
        return TRUE;
    if (!take_applicants(run, facts) || !take_documents(run, facts, TRUE) ||
        !take_doubts(run, facts, FALSE))
        return FALSE;
    /* What an official called complete stays complete. */
    if (run->decision->after->missing->len == 0)
        return TRUE;
    missing = mp_sop_missing(run->sop, run->decision->after);
    return mp_run_set_missing(run, missing);
}

gboolean
mp_run_take_certificate(MpRun *run)
{
    const MpCase *kase = run->decision->after;

    if (!run->input->holds_certificate)
        return TRUE;
    for (guint n = 1; n <= kase->applicants->len; n++) {
        MpEvent *event;

        if ((run->input->applicant != 0 && run->input->applicant != n) ||
            mp_case_applicant_get(kase, n)->holds_certificate)
            continue;
        event = mp_run_event(run, "applicant");
        set_number(event, "n", n);
        mp_event_set(event, "holds_certificate", "yes");
        if (!mp_run_emit(run, event))
            return FALSE;
    }
    return TRUE;
}

/* One field of "Nama; 18 digits; 16 digits; address", by its form. */
static void
take_field(MpCaseApplicant *applicant, char *field)
{
    const char *colon = strchr(field, ':');
    const char *value = colon != NULL ? colon + 1 + strspn(colon + 1, " ") : field;
    g_autofree char *digits = mp_text_digits(value);
    g_autofree char *address = g_strstrip(g_strdup(value));
    char **member = NULL;

    if (mp_text_is_plain_address(address))
        member = &applicant->email;
    else if (strlen(digits) == 18)
        member = &applicant->nip;
    else if (strlen(digits) == 16)
        member = &applicant->nik;
    else if (applicant->name == NULL && address[0] != '\0')
        member = &applicant->name;
    if (member == NULL)
        return;
    g_free(*member);
    *member = member == &applicant->nip || member == &applicant->nik ? g_steal_pointer(&digits)
                                                                     : g_steal_pointer(&address);
}

/* Which applicant a note names: "pemohon 2: …" the second, "pemohon: …" a further one, and with
 * "nama: …" the only one there is. 0 = none beyond doubt. */
static guint
noted_applicant(const MpRun *run, const char *head, gboolean is_correction)
{
    const MpCase *kase = run->decision->after;
    g_autofree char *digits = mp_text_digits(head);
    gint64 named = 0;

    if (run->input->applicant > 0)
        named = run->input->applicant;
    else if (digits[0] != '\0')
        g_ascii_string_to_signed(digits, 10, 1, 10000, &named, NULL);
    else if (!is_correction)
        named = kase->applicants->len + 1;
    else if (kase->applicants->len == 1)
        named = 1;
    return named <= (gint64)kase->applicants->len + 1 ? (guint)named : 0;
}

gboolean
mp_run_take_applicant_note(MpRun *run)
{
    g_autofree char *note = g_utf8_casefold(run->input->note, -1);
    const char *colon = strchr(run->input->note, ':');
    g_autoptr(MpCaseApplicant) applicant = NULL;
    g_autofree char *head = NULL;
    g_auto(GStrv) fields = NULL;
    gboolean is_again = g_str_has_prefix(note, "ulang ");
    const char *what = is_again ? note + strlen("ulang ") : note;
    gboolean is_correction = is_again || g_str_has_prefix(what, "nama");
    guint n;

    if (colon == NULL || (!g_str_has_prefix(what, "pemohon") && !g_str_has_prefix(what, "nama")))
        return TRUE;
    /* An applicant's address decides who is written to: only the holder of the step may set it. */
    if (mp_case_state_is_closed(run->decision->after->state))
        return mp_run_refuse(run, "closed");
    if (!mp_run_check_role(run))
        return FALSE;
    head = g_strndup(run->input->note, (gsize)(colon - run->input->note));
    n = noted_applicant(run, head, is_correction);
    if (n == 0)
        return mp_run_refuse(run, "no-applicant");
    applicant = mp_case_applicant_new();
    fields = g_strsplit(colon + 1, ";", 8);
    for (guint i = 0; fields[i] != NULL; i++)
        take_field(applicant, fields[i]);
    return emit_applicant(run, applicant, n);
}
