/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The verdict on a mail, in the order of evidence: what a machine wrote, who pretends to be
 * somebody, what BSrE says, what an official answers, and then, by rules, what a person wants. */

#include "classify/classify-private.h"

#define ALL_FIELDS ((1u << MP_FIELD_N) - 1)
#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define WINDOW_DAYS 30

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
decide_person(MpReading *reading)
{
    GPtrArray *doubts = reading->verdict->doubts;
    guint n_doubts = doubts->len;
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
    mp_reading_set_kind(reading, kind != NULL ? kind : "other");
    mp_tally_report(tally, kind != NULL ? kind : "", reading->verdict);
    /* Numbers and services of a mail that asks for nothing are nobody's doubt. */
    if (strcmp(reading->verdict->kind, "other") == 0)
        g_ptr_array_set_size(doubts, (gint)MIN(n_doubts, doubts->len));
}

static gboolean
is_kind(const MpReading *reading, const char *kind)
{
    return strcmp(reading->verdict->kind, kind) == 0;
}

static void
read_valid_until(MpReading *reading)
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
check_renewal(MpReading *reading)
{
    gint64 now = reading->message->date_utc;

    read_valid_until(reading);
    for (guint i = 0; now > 0 && i < reading->verdict->applicants->len; i++) {
        const MpApplicant *applicant = g_ptr_array_index(reading->verdict->applicants, i);
        gint64 end = day_utc(applicant->valid_until);

        if (end > now + WINDOW_DAYS * DAY_US)
            mp_reading_doubt(reading, "early-renewal");
    }
}

static void
finish_request(MpReading *reading)
{
    const char *service = reading->verdict->service;

    if (service == NULL)
        mp_reading_doubt(reading, "service-unclear");
    if (reading->verdict->applicants->len == 0)
        mp_reading_doubt(reading, "no-applicant");
    if (service != NULL && strcmp(service, "pencabutan") == 0)
        mp_reading_read_reason(reading, ALL_FIELDS & ~MP_FIELD_BIT(QUOTED));
    if (service != NULL && strcmp(service, "pembaruan") == 0)
        check_renewal(reading);
}

/* Facts that this kind of mail does not have are taken away again. */
static void
finish(MpReading *reading)
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
        mp_reading_has(reading, "announces-attachment") && reading->documents->len == 0)
        mp_reading_doubt(reading, "no-attachment");
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
    MpReading reading = {rules, office, message, proof, documents, scene, verdict};
    const char *sender = mp_message_sender(message);

    for (guint i = 0; i < message->doubts->len; i++)
        mp_text_add_once(verdict->doubts, g_ptr_array_index(message->doubts, i));
    mp_scene_read_mail(scene, office, message, proof);
    mp_classify_documents(rules, documents, message, verdict);
    mp_reading_find_case(&reading);
    mp_reading_set_letter(&reading);
    mp_reading_find_marks(&reading);
    if (sender != NULL) {
        g_autofree char *lower = mp_text_lower_ascii(sender);

        verdict->role = g_strdup(g_hash_table_lookup(office->officials, lower));
    }
    if (!mp_reading_decide_automatic(&reading) && !mp_reading_decide_pretender(&reading) &&
        !mp_reading_decide_notice(&reading) && !mp_reading_decide_command(&reading) &&
        !mp_reading_decide_forwarded_notice(&reading))
        decide_person(&reading);
    finish(&reading);
    return verdict;
}
