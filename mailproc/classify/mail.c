/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The verdict on a mail, in the order of evidence: what a machine wrote, who pretends to be
 * somebody, what BSrE says, what an official answers, and then, by rules, what a person wants. Each
 * stage either settles the kind or leaves it to the next. */

#include "classify/classify-private.h"

#define ALL_FIELDS ((1u << MP_FIELD_N) - 1)
#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define WINDOW_DAYS 30

typedef struct {
    const MpRules *rules;
    const MpOffice *office;
    const MpMessage *message;
    const MpSenderProof *proof;
    GPtrArray *documents;
    MpScene *scene;
    MpVerdict *verdict;
} Reading;

static void
set_kind(MpVerdict *verdict, const char *kind)
{
    g_free(verdict->kind);
    verdict->kind = g_strdup(kind);
}

static void
doubt(Reading *reading, const char *name)
{
    mp_text_add_once(reading->verdict->doubts, name);
}

static gboolean
has(const Reading *reading, const char *flag)
{
    return mp_scene_has(reading->scene, flag);
}

/* --- preparations
 * ---------------------------------------------------------------------------------- */

static void
find_marks(Reading *reading)
{
    g_autoptr(MpTally) tally =
        mp_rules_run(reading->rules, reading->scene, MP_TARGET_MARK, ALL_FIELDS);

    for (guint i = 0; i < tally->words->len; i++) {
        const MpFound *found = g_ptr_array_index(tally->words, i);

        if (found->sum > 0)
            mp_scene_flag(reading->scene, found->word, TRUE);
    }
    mp_tally_report(tally, NULL, reading->verdict);
}

static char *
case_of_forwards(const Reading *reading)
{
    const char *prefix = reading->office->case_prefix;

    for (guint i = 0; i < reading->message->forwards->len; i++) {
        const MpForward *forward = g_ptr_array_index(reading->message->forwards, i);
        char *number = mp_classify_find_case(forward->subject, prefix);

        if (number == NULL)
            number = mp_classify_find_case(forward->text, prefix);
        if (number == NULL)
            number = mp_classify_find_case(forward->message_id, prefix);
        if (number != NULL)
            return number;
    }
    return NULL;
}

static char *
case_of_ids(const Reading *reading)
{
    const char *prefix = reading->office->case_prefix;

    for (guint i = 0; i < reading->message->bounced->len; i++) {
        const MpBounced *bounced = g_ptr_array_index(reading->message->bounced, i);
        char *number = mp_classify_find_case(bounced->original_message_id, prefix);

        if (number != NULL)
            return number;
    }
    for (guint i = reading->message->references->len; i > 0; i--) {
        char *number =
            mp_classify_find_case(g_ptr_array_index(reading->message->references, i - 1), prefix);

        if (number != NULL)
            return number;
    }
    return NULL;
}

/* From the subject, else what is written, quoted or returned, else our own ids. */
static void
find_case(Reading *reading)
{
    const MpMessage *message = reading->message;
    const char *const texts[] = {message->subject, message->reply_text, message->quoted_text};
    char *number = NULL;

    for (gsize i = 0; number == NULL && i < G_N_ELEMENTS(texts); i++)
        number = mp_classify_find_case(texts[i], reading->office->case_prefix);
    if (number == NULL)
        number = case_of_forwards(reading);
    if (number == NULL)
        number = mp_classify_find_case(message->text, reading->office->case_prefix);
    if (number == NULL)
        number = case_of_ids(reading);
    reading->verdict->case_number = number;
    mp_scene_flag(reading->scene, "case", number != NULL);
}

/* What stands behind the first place of `part` in a text of single blanks. */
static const char *
behind(const char *text, const char *part)
{
    g_autofree char *folded = NULL;
    g_autofree char *wanted = part != NULL ? g_utf8_casefold(part, -1) : NULL;
    const char *at;

    if (wanted == NULL || wanted[0] == '\0')
        return text;
    folded = g_utf8_casefold(text, -1);
    at = strlen(folded) == strlen(text) ? strstr(folded, wanted) : NULL;
    return at != NULL ? text + (at - folded) + strlen(wanted) : text;
}

/* The text below heading and Hal. */
static char *
text_below_head(const MpDocument *document)
{
    g_autoptr(MpLetter) head = mp_document_find_letter(document->text);
    g_autofree char *line = mp_text_line(document->text);
    const char *title = behind(line, head != NULL ? head->title : NULL);
    const char *hal = behind(line, head != NULL ? head->subject : NULL);

    return g_strdup(MAX(title, hal));
}

/* The letters' text below their heads, where copied forms contradict their title. */
static char *
letter_text(const Reading *reading)
{
    static const char *const kinds[] = {
        "surat-permohonan", "formulir-perubahan-data", "surat-rekomendasi", NULL};
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < reading->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(reading->documents, i);

        if (document->is_readable && g_strv_contains(kinds, document->kind)) {
            g_autofree char *text = text_below_head(document);

            g_string_append_printf(out, "%s\n", text);
        }
    }
    return g_string_free(out, FALSE);
}

static void
set_letter(Reading *reading)
{
    MpScene *scene = reading->scene;
    g_autofree char *text = letter_text(reading);
    gboolean is_unread = FALSE;

    mp_classify_find_letter(reading->verdict, reading->message, reading->documents);
    mp_scene_set(scene, MP_FIELD_HAL, reading->verdict->letter->subject);
    mp_scene_set(scene, MP_FIELD_TITLE, reading->verdict->letter->title);
    mp_scene_set(scene, MP_FIELD_LETTER, text);
    for (guint i = 0; i < reading->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(reading->documents, i);

        is_unread = is_unread || !document->is_readable;
        mp_scene_flag(scene, document->kind, TRUE);
        if (g_str_has_prefix(document->kind, "surat-permohonan") ||
            strcmp(document->kind, "surat-rekomendasi") == 0 ||
            strcmp(document->kind, "formulir-perubahan-data") == 0)
            mp_scene_flag(scene, "letter", TRUE);
    }
    mp_scene_flag(scene, "documents", reading->documents->len > 0);
    mp_scene_flag(scene, "unread", is_unread);
    mp_scene_flag(scene, "letter-number", reading->verdict->letter->number != NULL);
}

/* --- machines and pretenders
 * ---------------------------------------------------------------------- */

/* BSrE's notices are machine-made too: only a true answer of a robot is none. */
static gboolean
may_be_notice(const Reading *reading)
{
    const char *submitted = mp_message_header(reading->message, "Auto-Submitted");

    if (!has(reading, "bsre") && !reading->proof->is_look_alike && !has(reading, "imitates-bsre"))
        return FALSE;
    return submitted == NULL || g_ascii_strncasecmp(submitted, "auto-replied", 12) != 0;
}

static gboolean
decide_automatic(Reading *reading)
{
    const char *kind = NULL;

    switch (reading->message->automatic) {
    case MP_AUTOMATIC_NONE:
    case MP_AUTOMATIC_N:
        return FALSE;
    case MP_AUTOMATIC_OWN:
        kind = "auto-reply";
        break;
    case MP_AUTOMATIC_BOUNCE:
    case MP_AUTOMATIC_FEEDBACK:
        kind = "bounce";
        break;
    case MP_AUTOMATIC_AUTO_REPLY:
        kind = may_be_notice(reading) ? NULL : "auto-reply";
        break;
    case MP_AUTOMATIC_LIST:
        kind = may_be_notice(reading) ? NULL : "other";
        break;
    }
    if (kind != NULL)
        set_kind(reading->verdict, kind);
    return kind != NULL;
}

static void
set_suspect(Reading *reading)
{
    set_kind(reading->verdict, "suspect");
    if (reading->proof->is_forged_auth)
        doubt(reading, "forged-auth");
}

static gboolean
decide_pretender(Reading *reading)
{
    gboolean is_pretender =
        reading->proof->is_look_alike || (has(reading, "imitates-bsre") && !has(reading, "bsre"));

    if (!is_pretender || has(reading, "bsre"))
        return FALSE;
    set_suspect(reading);
    doubt(reading, "look-alike-sender");
    return TRUE;
}

/* The proof is missing where the office has a server that could give it. */
static gboolean
is_unproved(const Reading *reading)
{
    return reading->office->has_authserv && reading->proof->level < MP_TRUST_ALIGNED;
}

/* --- notices
 * ----------------------------------------------------------------------------------------- */

static void
read_outcome(Reading *reading)
{
    guint fields = MP_FIELD_BIT(NOTICE) | MP_FIELD_BIT(NOTICE_SUBJECT);
    g_autoptr(MpTally) outcome =
        mp_rules_run(reading->rules, reading->scene, MP_TARGET_OUTCOME, fields);
    gboolean is_tied;
    const char *word = mp_tally_best(outcome, &is_tied);

    if (word != NULL && !is_tied)
        reading->verdict->outcome = g_strdup(word);
    mp_tally_report(outcome, word != NULL ? word : "", reading->verdict);
}

static void
read_reason(Reading *reading, guint fields)
{
    g_autoptr(MpTally) reason =
        mp_rules_run(reading->rules, reading->scene, MP_TARGET_REASON, fields);
    const char *word = mp_tally_best(reason, NULL);

    if (word == NULL)
        return;
    g_free(reading->verdict->reason);
    reading->verdict->reason = g_strdup(word);
    mp_tally_report(reason, word, reading->verdict);
}

static void
set_notice(Reading *reading, const char *text, const char *subject)
{
    mp_scene_set(reading->scene, MP_FIELD_NOTICE, text);
    mp_scene_set(reading->scene, MP_FIELD_NOTICE_SUBJECT, subject);
    read_outcome(reading);
}

static gboolean
decide_notice(Reading *reading)
{
    const char *outcome;

    if (!has(reading, "bsre"))
        return FALSE;
    if (is_unproved(reading) || reading->proof->has_foreign_reply_to) {
        set_suspect(reading);
        doubt(reading, "unauthenticated");
        return TRUE;
    }
    set_notice(reading, reading->message->text, reading->message->subject);
    outcome = reading->verdict->outcome;
    if (outcome == NULL && has(reading, "invitation"))
        return FALSE;
    set_kind(reading->verdict, "notice");
    if (outcome == NULL)
        doubt(reading, "service-unclear");
    else if (strcmp(outcome, "rejected") == 0 || strcmp(outcome, "revoked") == 0)
        read_reason(reading, MP_FIELD_BIT(NOTICE));
    return TRUE;
}

/* The mail inside that BSrE wrote, by its From or, where the client dropped it, by its wording. */
static const MpForward *
find_handed_on_notice(const Reading *reading)
{
    const GPtrArray *forwards = reading->message->forwards;

    for (guint i = 0; i < forwards->len; i++) {
        const MpForward *forward = g_ptr_array_index(forwards, i);
        const char *address = forward->from != NULL ? forward->from->address : NULL;
        g_autofree char *domain = address != NULL ? mp_text_domain(address) : NULL;

        if (domain != NULL &&
            mp_text_domain_in(domain, (const char *const *)reading->office->bsre_domains))
            return forward;
        if (domain == NULL && has(reading, "bsre-wording"))
            return forward;
    }
    return NULL;
}

static gboolean
decide_forwarded_notice(Reading *reading)
{
    const MpForward *inner = has(reading, "forward") ? find_handed_on_notice(reading) : NULL;

    if (inner == NULL)
        return FALSE;
    set_notice(reading, inner->text, inner->subject);
    if (reading->verdict->outcome == NULL || has(reading, "letter")) {
        g_clear_pointer(&reading->verdict->outcome, g_free);
        mp_scene_set(reading->scene, MP_FIELD_NOTICE, NULL);
        mp_scene_set(reading->scene, MP_FIELD_NOTICE_SUBJECT, NULL);
        return FALSE;
    }
    reading->verdict->is_forwarded_notice = TRUE;
    doubt(reading, "forwarded-notice");
    if (is_unproved(reading) || !has(reading, "own-domain")) {
        set_suspect(reading);
        doubt(reading, "unauthenticated");
        return TRUE;
    }
    set_kind(reading->verdict, "notice");
    read_reason(reading, MP_FIELD_BIT(NOTICE));
    return TRUE;
}

/* --- commands
 * ---------------------------------------------------------------------------------------- */

/* An official's answer to a mail of ours is a command mail, also when it commands nothing. Somebody
 * else who answers a mail that only officials get is not believed. */
static gboolean
decide_command(Reading *reading)
{
    gboolean is_answer = has(reading, "case") || has(reading, "answers-us");

    if (has(reading, "official") && (is_answer || has(reading, "bare-command"))) {
        set_kind(reading->verdict, "command");
        if (is_unproved(reading)) {
            set_suspect(reading);
            doubt(reading, "unauthenticated");
        }
        return TRUE;
    }
    if (has(reading, "official") || !has(reading, "asks-official") || !is_answer)
        return FALSE;
    if (has(reading, "own-domain") && !is_unproved(reading)) {
        set_kind(reading->verdict, "command");
        return TRUE;
    }
    set_suspect(reading);
    doubt(reading, "unauthenticated");
    if (!has(reading, "own-domain"))
        doubt(reading, "private-sender");
    return TRUE;
}

/* --- people
 * ---------------------------------------------------------------------------------------- */

/* Equal sums are settled by the order of evidence. */
static const char *
best_kind(const MpTally *tally)
{
    static const char *const order[] = {
        "supplement", "inquiry", "withdrawal", "complaint", "request", "other"};
    const char *best = NULL;
    int sum = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        int own = mp_tally_sum(tally, order[i]);

        if (own > sum) {
            best = order[i];
            sum = own;
        }
    }
    return best;
}

static void
decide_person(Reading *reading)
{
    g_autoptr(MpTally) tally = NULL;
    const char *kind;

    mp_classify_find_service(reading->rules, reading->verdict, reading->scene);
    mp_classify_find_applicants(reading->rules,
                                reading->verdict,
                                reading->scene,
                                reading->office,
                                reading->message,
                                reading->documents);
    mp_scene_flag(reading->scene, "service", reading->verdict->service != NULL);
    mp_scene_flag(reading->scene, "applicants", reading->verdict->applicants->len > 0);
    tally = mp_rules_run(reading->rules, reading->scene, MP_TARGET_KIND, ALL_FIELDS);
    kind = best_kind(tally);
    set_kind(reading->verdict, kind != NULL ? kind : "other");
    mp_tally_report(tally, kind != NULL ? kind : "", reading->verdict);
}

/* --- what follows from the kind
 * --------------------------------------------------------------------- */

static gboolean
is_kind(const Reading *reading, const char *kind)
{
    return strcmp(reading->verdict->kind, kind) == 0;
}

static void
read_valid_until(Reading *reading)
{
    g_autoptr(MpTally) tally =
        mp_rules_run(reading->rules, reading->scene, MP_TARGET_VALID_UNTIL, ALL_FIELDS);
    const char *word = mp_tally_best(tally, NULL);
    g_autofree char *day = word != NULL ? mp_document_parse_date(word) : NULL;

    for (guint i = 0; day != NULL && i < reading->verdict->applicants->len; i++) {
        MpApplicant *applicant = g_ptr_array_index(reading->verdict->applicants, i);

        if (applicant->valid_until == NULL)
            applicant->valid_until = g_strdup(day);
    }
    mp_tally_report(tally, day != NULL ? word : "", reading->verdict);
}

/* Microseconds of an ISO day's start in UTC; 0 = none. The zone does not matter for a window of
 * days. */
static gint64
day_utc(const char *iso_day)
{
    g_autofree char *stamp = iso_day != NULL ? g_strconcat(iso_day, "T00:00:00Z", NULL) : NULL;
    g_autoptr(GDateTime) date = stamp != NULL ? g_date_time_new_from_iso8601(stamp, NULL) : NULL;

    return date != NULL ? g_date_time_to_unix(date) * G_USEC_PER_SEC : 0;
}

static void
check_renewal(Reading *reading)
{
    gint64 now = reading->message->date_utc;

    read_valid_until(reading);
    for (guint i = 0; now > 0 && i < reading->verdict->applicants->len; i++) {
        const MpApplicant *applicant = g_ptr_array_index(reading->verdict->applicants, i);
        gint64 end = day_utc(applicant->valid_until);

        if (end > now + WINDOW_DAYS * DAY_US)
            doubt(reading, "early-renewal");
    }
}

static void
finish_request(Reading *reading)
{
    const char *service = reading->verdict->service;

    if (service == NULL)
        doubt(reading, "service-unclear");
    if (reading->verdict->applicants->len == 0)
        doubt(reading, "no-applicant");
    if (service != NULL && strcmp(service, "pencabutan") == 0)
        read_reason(reading, ALL_FIELDS & ~MP_FIELD_BIT(QUOTED));
    if (service != NULL && strcmp(service, "pembaruan") == 0)
        check_renewal(reading);
}

/* Facts that this kind of mail does not have are taken away again. */
static void
finish(Reading *reading)
{
    static const char *const about[] = {
        "request", "supplement", "inquiry", "withdrawal", "complaint", "notice", NULL};
    MpVerdict *verdict = reading->verdict;

    if (is_kind(reading, "notice")) {
        mp_classify_find_service(reading->rules, verdict, reading->scene);
        mp_classify_find_applicants(reading->rules,
                                    verdict,
                                    reading->scene,
                                    reading->office,
                                    reading->message,
                                    reading->documents);
    }
    if (is_kind(reading, "request"))
        finish_request(reading);
    if ((is_kind(reading, "request") || is_kind(reading, "supplement")) &&
        has(reading, "announces-attachment") && reading->documents->len == 0)
        doubt(reading, "no-attachment");
    if (is_kind(reading, "suspect"))
        g_clear_pointer(&verdict->outcome, g_free);
    if (!g_strv_contains(about, verdict->kind)) {
        g_clear_pointer(&verdict->service, g_free);
        g_ptr_array_set_size(verdict->applicants, 0);
    }
    if (!g_strv_contains(about, verdict->kind) || is_kind(reading, "notice")) {
        mp_letter_free(verdict->letter);
        verdict->letter = mp_letter_new();
    }
}

MpVerdict *
mp_classify_mail(const MpRules *rules,
                 const MpOffice *office,
                 const MpMessage *message,
                 GPtrArray *documents,
                 const MpSenderProof *proof)
{
    g_autoptr(MpScene) scene = mp_scene_new();
    MpVerdict *verdict = mp_verdict_new();
    Reading reading = {rules, office, message, proof, documents, scene, verdict};
    const char *sender = mp_message_sender(message);

    for (guint i = 0; i < message->doubts->len; i++)
        mp_text_add_once(verdict->doubts, g_ptr_array_index(message->doubts, i));
    mp_scene_read_mail(scene, office, message, proof);
    mp_classify_documents(rules, documents, message, verdict);
    find_case(&reading);
    set_letter(&reading);
    find_marks(&reading);
    if (sender != NULL) {
        g_autofree char *lower = mp_text_lower_ascii(sender);

        verdict->role = g_strdup(g_hash_table_lookup(office->officials, lower));
    }
    if (!decide_automatic(&reading) && !decide_pretender(&reading) && !decide_notice(&reading) &&
        !decide_command(&reading) && !decide_forwarded_notice(&reading))
        decide_person(&reading);
    finish(&reading);
    return verdict;
}
