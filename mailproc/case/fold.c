/* SPDX-License-Identifier: GPL-3.0-or-later */

/* State = fold of events. Each kind has one function that reads all it needs before it changes the
 * case, so that a broken event leaves the case as it was. */

#include "case/case-private.h"

typedef gboolean (*Apply)(MpCase *kase, const MpEvent *event, GError **error);

static gboolean
broken(const MpEvent *event, const char *what, GError **error)
{
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_INPUT,
                "event %" G_GINT64_FORMAT " (%s): %s",
                event->seq,
                event->kind,
                what);
    return FALSE;
}

static void
set_text(char **member, const char *value)
{
    char *copy = g_strdup(value);

    g_free(*member);
    *member = copy;
}

/* Keeps the member when the event says nothing. */
static void
take_text(char **member, const MpEvent *event, const char *key)
{
    const char *value = mp_event_get(event, key);

    if (value != NULL)
        set_text(member, value[0] != '\0' ? value : NULL);
}

static gboolean
read_number(const MpEvent *event, const char *key, gint64 *value_out, GError **error)
{
    const char *text = mp_event_get(event, key);

    if (text == NULL) {
        *value_out = 0;
        return TRUE;
    }
    if (!g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, value_out, NULL))
        return broken(event, "a number is none", error);
    return TRUE;
}

static gboolean
is_yes(const MpEvent *event, const char *key)
{
    return g_strcmp0(mp_event_get(event, key), "yes") == 0;
}

static gboolean
apply_opened(MpCase *kase, const MpEvent *event, GError **error)
{
    if (kase->number != NULL)
        return broken(event, "the case is open already", error);
    if (mp_event_get(event, "number") == NULL || event->to_step == NULL)
        return broken(event, "number or step is absent", error);
    take_text(&kase->number, event, "number");
    take_text(&kase->service, event, "service");
    take_text(&kase->sop, event, "sop");
    take_text(&kase->requester_name, event, "requester_name");
    take_text(&kase->requester_address, event, "requester_address");
    take_text(&kase->letter_number, event, "letter_number");
    take_text(&kase->letter_date, event, "letter_date");
    take_text(&kase->letter_subject, event, "letter_subject");
    take_text(&kase->reason, event, "reason");
    take_text(&kase->linked_from, event, "linked_from");
    set_text(&kase->step, event->to_step);
    set_text(&kase->holder_role, "system");
    kase->opened_utc = event->at_utc;
    kase->step_since_utc = event->at_utc;
    kase->version = 1;
    return TRUE;
}

static gboolean
apply_applicant(MpCase *kase, const MpEvent *event, GError **error)
{
    MpCaseApplicant *applicant;
    gint64 n;

    if (!read_number(event, "n", &n, error))
        return FALSE;
    if (n < 1 || n > (gint64)kase->applicants->len + 1)
        return broken(event, "applicant's number leaves a gap", error);
    applicant = mp_case_applicant_get(kase, (guint)n);
    if (applicant == NULL) {
        applicant = mp_case_applicant_new();
        applicant->n = (guint)n;
        g_ptr_array_add(kase->applicants, applicant);
    }
    take_text(&applicant->name, event, "name");
    take_text(&applicant->nip, event, "nip");
    take_text(&applicant->nik, event, "nik");
    take_text(&applicant->email, event, "email");
    take_text(&applicant->phone, event, "phone");
    take_text(&applicant->position, event, "position");
    take_text(&applicant->unit, event, "unit");
    take_text(&applicant->was, event, "was");
    take_text(&applicant->becomes, event, "becomes");
    take_text(&applicant->valid_until, event, "valid_until");
    if (mp_event_get(event, "holds_certificate") != NULL)
        applicant->holds_certificate = is_yes(event, "holds_certificate");
    return TRUE;
}

static gboolean
apply_document(MpCase *kase, const MpEvent *event, GError **error)
{
    MpCaseDocument *document;
    gint64 bytes;

    if (!read_number(event, "bytes", &bytes, error))
        return FALSE;
    if (bytes < 0)
        return broken(event, "a size is negative", error);
    document = mp_case_document_new();
    document->n = kase->documents->len + 1;
    take_text(&document->filename, event, "filename");
    take_text(&document->kind, event, "kind");
    take_text(&document->type, event, "type");
    take_text(&document->sha256, event, "sha256");
    take_text(&document->signature, event, "signature");
    document->bytes = (gsize)bytes;
    document->is_readable = is_yes(event, "readable");
    document->mail = event->mail;
    g_ptr_array_add(kase->documents, document);
    return TRUE;
}

/* The entries of the papers whose copies are gone; what they were stays known. */
static gboolean
apply_erased(MpCase *kase, const MpEvent *event, GError **error)
{
    g_autoptr(GPtrArray) papers = mp_case_strings_split(mp_event_get(event, "papers"));

    for (guint i = 0; i < papers->len; i++) {
        guint64 n = 0;

        if (!g_ascii_string_to_unsigned(
                g_ptr_array_index(papers, i), 10, 1, kase->documents->len, &n, NULL))
            return broken(event, "a paper is none of the case", error);
    }
    for (guint i = 0; i < papers->len; i++) {
        guint64 n = g_ascii_strtoull(g_ptr_array_index(papers, i), NULL, 10);
        MpCaseDocument *document = g_ptr_array_index(kase->documents, n - 1);

        g_clear_pointer(&document->sha256, g_free);
    }
    return TRUE;
}

static gboolean
apply_missing(MpCase *kase, const MpEvent *event, GError **error G_GNUC_UNUSED)
{
    g_ptr_array_unref(kase->missing);
    kase->missing = mp_case_strings_split(mp_event_get(event, "missing"));
    return TRUE;
}

static gboolean
apply_doubt(MpCase *kase, const MpEvent *event, GError **error G_GNUC_UNUSED)
{
    g_autoptr(GPtrArray) doubts = mp_case_strings_split(mp_event_get(event, "doubts"));

    for (guint i = 0; i < doubts->len; i++)
        mp_text_add_once(kase->doubts, g_ptr_array_index(doubts, i));
    return TRUE;
}

/* The state an event puts the case in; MOVED, RESUMED and so on carry it as data. */
static gboolean
read_state(const MpEvent *event, gboolean closed, MpCaseState *state_out, GError **error)
{
    MpCaseState state;

    if (!mp_case_state_from_string(mp_event_get(event, "state"), &state) ||
        mp_case_state_is_closed(state) != closed)
        return broken(event, "its state is none", error);
    *state_out = state;
    return TRUE;
}

static gboolean
apply_moved(MpCase *kase, const MpEvent *event, GError **error)
{
    MpCaseState state;
    gint64 due;

    if (event->to_step == NULL || g_strcmp0(event->from_step, kase->step) != 0)
        return broken(event, "it starts from a step where the case is not", error);
    if (!read_state(event, FALSE, &state, error) || !read_number(event, "due", &due, error))
        return FALSE;
    set_text(&kase->step, event->to_step);
    set_text(&kase->holder_role, mp_event_get(event, "holder"));
    set_text(&kase->holder_address, NULL);
    if (mp_event_get(event, "mover") != NULL)
        set_text(&kase->last_mover, mp_event_get(event, "mover"));
    kase->state = state;
    kase->due_utc = due;
    if (!is_yes(event, "continues"))
        kase->step_since_utc = event->at_utc;
    kase->version++;
    return TRUE;
}

static gboolean
apply_outcome(MpCase *kase, const MpEvent *event, GError **error)
{
    MpCaseApplicant *applicant;
    MpOutcome outcome;
    gint64 n;

    if (!read_number(event, "n", &n, error))
        return FALSE;
    applicant = n > 0 && n <= G_MAXUINT ? mp_case_applicant_get(kase, (guint)n) : NULL;
    if (applicant == NULL)
        return broken(event, "it has no applicant", error);
    if (!mp_outcome_from_string(mp_event_get(event, "outcome"), &outcome))
        return broken(event, "its outcome is none", error);
    applicant->outcome = outcome;
    applicant->outcome_utc = outcome == MP_OUTCOME_NONE ? 0 : event->at_utc;
    set_text(&applicant->outcome_reason, mp_event_get(event, "reason"));
    take_text(&applicant->valid_until, event, "valid_until");
    return TRUE;
}

static gboolean
apply_asked(MpCase *kase, const MpEvent *event, GError **error G_GNUC_UNUSED)
{
    take_text(&kase->resume_step, event, "resume");
    return TRUE;
}

/* note, reminded, survey, refused-command: for the file only. */
static gboolean
apply_nothing(MpCase *kase G_GNUC_UNUSED,
              const MpEvent *event G_GNUC_UNUSED,
              GError **error G_GNUC_UNUSED)
{
    return TRUE;
}

static gboolean
apply_linked(MpCase *kase, const MpEvent *event, GError **error)
{
    const char *number = mp_event_get(event, "number");

    if (number == NULL)
        return broken(event, "it names no case", error);
    take_text(&kase->resume_step, event, "resume");
    mp_text_add_once(kase->linked, number);
    mp_text_add_once(kase->linked_open, number);
    return TRUE;
}

static gboolean
apply_link_closed(MpCase *kase, const MpEvent *event, GError **error)
{
    const char *number = mp_event_get(event, "number");
    guint at = 0;

    if (number == NULL ||
        !g_ptr_array_find_with_equal_func(kase->linked_open, number, g_str_equal, &at))
        return broken(event, "that case is not linked or closed already", error);
    g_ptr_array_remove_index(kase->linked_open, at);
    return TRUE;
}

static gboolean
apply_closed(MpCase *kase, const MpEvent *event, GError **error)
{
    MpCaseState state;

    if (!read_state(event, TRUE, &state, error))
        return FALSE;
    kase->state = state;
    kase->closed_utc = event->at_utc;
    kase->due_utc = 0;
    take_text(&kase->reason, event, "reason");
    kase->version++;
    return TRUE;
}

static gboolean
apply_reopened(MpCase *kase, const MpEvent *event, GError **error)
{
    if (!mp_case_state_is_closed(kase->state))
        return broken(event, "the case is not closed", error);
    kase->state = MP_CASE_OPEN;
    kase->closed_utc = 0;
    set_text(&kase->reason, NULL);
    for (guint i = 0; i < kase->applicants->len; i++) {
        MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        if (applicant->outcome != MP_OUTCOME_EXPIRED)
            continue;
        applicant->outcome = MP_OUTCOME_NONE;
        applicant->outcome_utc = 0;
        set_text(&applicant->outcome_reason, NULL);
    }
    kase->version++;
    return TRUE;
}

static gboolean
apply_delegated(MpCase *kase, const MpEvent *event, GError **error)
{
    if (mp_event_get(event, "holder") == NULL)
        return broken(event, "it names no holder", error);
    take_text(&kase->holder_role, event, "holder");
    set_text(&kase->holder_address, mp_event_get(event, "address"));
    kase->version++;
    return TRUE;
}

static gboolean
apply_postponed(MpCase *kase, const MpEvent *event G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    kase->state = MP_CASE_WAITING;
    kase->due_utc = 0;
    kase->version++;
    return TRUE;
}

static gboolean
apply_resumed(MpCase *kase, const MpEvent *event, GError **error)
{
    MpCaseState state;
    gint64 due;

    if (!read_state(event, FALSE, &state, error) || !read_number(event, "due", &due, error))
        return FALSE;
    kase->state = state;
    kase->due_utc = due;
    kase->step_since_utc = event->at_utc;
    kase->version++;
    return TRUE;
}

static gboolean
apply_due(MpCase *kase, const MpEvent *event, GError **error)
{
    return read_number(event, "due", &kase->due_utc, error);
}

static const Apply appliers[MP_EVENT_KIND_N] = {
    [MP_EVENT_OPENED] = apply_opened,
    [MP_EVENT_APPLICANT] = apply_applicant,
    [MP_EVENT_DOCUMENT] = apply_document,
    [MP_EVENT_MISSING] = apply_missing,
    [MP_EVENT_DOUBT] = apply_doubt,
    [MP_EVENT_MOVED] = apply_moved,
    [MP_EVENT_OUTCOME] = apply_outcome,
    [MP_EVENT_NOTE] = apply_nothing,
    [MP_EVENT_ASKED] = apply_asked,
    [MP_EVENT_LINKED] = apply_linked,
    [MP_EVENT_LINK_CLOSED] = apply_link_closed,
    [MP_EVENT_CLOSED] = apply_closed,
    [MP_EVENT_REOPENED] = apply_reopened,
    [MP_EVENT_DELEGATED] = apply_delegated,
    [MP_EVENT_POSTPONED] = apply_postponed,
    [MP_EVENT_RESUMED] = apply_resumed,
    [MP_EVENT_REMINDED] = apply_nothing,
    [MP_EVENT_DUE] = apply_due,
    [MP_EVENT_SURVEY] = apply_nothing,
    [MP_EVENT_REFUSED_COMMAND] = apply_nothing,
    [MP_EVENT_ERASED] = apply_erased,
};

gboolean
mp_case_apply(MpCase *kase, const MpEvent *event, GError **error)
{
    MpEventKind kind;

    if (!mp_event_kind_from_string(event->kind, &kind))
        return broken(event, "its kind is unknown", error);
    if (kase->number == NULL && kind != MP_EVENT_OPENED)
        return broken(event, "it stands before the opening", error);
    if (!appliers[kind](kase, event, error))
        return FALSE;
    if (event->seq > 0)
        kase->last_seq = event->seq;
    return TRUE;
}

MpCase *
mp_case_fold(const GPtrArray *events, GError **error)
{
    g_autoptr(MpCase) kase = mp_case_new();

    for (guint i = 0; i < events->len; i++) {
        if (!mp_case_apply(kase, g_ptr_array_index(events, i), error))
            return NULL;
    }
    if (kase->number == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "case has no events");
        return NULL;
    }
    return g_steal_pointer(&kase);
}
