/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kinds that follow from who sent the mail: a machine, a pretender, BSrE, an official. Each
 * function either settles the kind and returns TRUE or leaves it to the next. */

#include "classify/classify-private.h"

/* BSrE's notices are machine-made too: only a true answer of a robot is none. */
static gboolean
may_be_notice(const MpReading *reading)
{
    const char *submitted = mp_message_header(reading->message, "Auto-Submitted");

    if (!mp_reading_has(reading, "bsre") && !reading->proof->is_look_alike &&
        !mp_reading_has(reading, "imitates-bsre"))
        return FALSE;
    return submitted == NULL || g_ascii_strncasecmp(submitted, "auto-replied", 12) != 0;
}

gboolean
mp_reading_decide_automatic(MpReading *reading)
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
        mp_reading_set_kind(reading, kind);
    return kind != NULL;
}

static void
set_suspect(MpReading *reading)
{
    mp_reading_set_kind(reading, "suspect");
    if (reading->proof->is_forged_auth)
        mp_reading_doubt(reading, "forged-auth");
}

gboolean
mp_reading_decide_pretender(MpReading *reading)
{
    gboolean is_pretender =
        reading->proof->is_look_alike ||
        (mp_reading_has(reading, "imitates-bsre") && !mp_reading_has(reading, "bsre"));

    if (!is_pretender || mp_reading_has(reading, "bsre"))
        return FALSE;
    set_suspect(reading);
    mp_reading_doubt(reading, "look-alike-sender");
    return TRUE;
}

/* The proof is missing where the office has a server that could give it. */
static gboolean
is_unproved(const MpReading *reading)
{
    return reading->office->has_authserv && reading->proof->level < MP_TRUST_ALIGNED;
}

static void
read_outcome(MpReading *reading)
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

void
mp_reading_read_reason(MpReading *reading, guint fields)
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
set_notice(MpReading *reading, const char *text, const char *subject)
{
    mp_scene_set(reading->scene, MP_FIELD_NOTICE, text);
    mp_scene_set(reading->scene, MP_FIELD_NOTICE_SUBJECT, subject);
    read_outcome(reading);
}

gboolean
mp_reading_decide_notice(MpReading *reading)
{
    const char *outcome;

    if (!mp_reading_has(reading, "bsre"))
        return FALSE;
    if (is_unproved(reading) || reading->proof->has_foreign_reply_to) {
        set_suspect(reading);
        mp_reading_doubt(reading, "unauthenticated");
        return TRUE;
    }
    set_notice(reading, reading->message->text, reading->message->subject);
    outcome = reading->verdict->outcome;
    if (outcome == NULL && mp_reading_has(reading, "invitation"))
        return FALSE;
    mp_reading_set_kind(reading, "notice");
    if (outcome == NULL)
        mp_reading_doubt(reading, "service-unclear");
    else if (strcmp(outcome, "rejected") == 0 || strcmp(outcome, "revoked") == 0)
        mp_reading_read_reason(reading, MP_FIELD_BIT(NOTICE));
    return TRUE;
}

/* The mail inside that BSrE wrote, by its From or, where the client dropped it or names a colleague
 * who handed it on before, by its wording. A notice from anywhere else is a pretender's. */
static const MpForward *
find_handed_on_notice(const MpReading *reading, gboolean *is_pretended_out)
{
    const char *const *bsre = (const char *const *)reading->office->bsre_domains;
    const char *const *own = (const char *const *)reading->office->own_domains;
    const GPtrArray *forwards = reading->message->forwards;
    const MpForward *worded = NULL;

    for (guint i = 0; i < forwards->len; i++) {
        const MpForward *forward = g_ptr_array_index(forwards, i);
        const char *address = forward->from != NULL ? forward->from->address : NULL;
        g_autofree char *domain = address != NULL ? mp_text_domain(address) : NULL;

        *is_pretended_out = FALSE;
        if (domain != NULL && mp_text_domain_in(domain, bsre))
            return forward;
        if (!mp_reading_has(reading, "bsre-wording"))
            continue;
        worded = forward;
        *is_pretended_out = domain != NULL && !mp_text_domain_in(domain, own);
    }
    return worded;
}

static void
drop_notice(MpReading *reading)
{
    g_clear_pointer(&reading->verdict->outcome, g_free);
    mp_scene_set(reading->scene, MP_FIELD_NOTICE, NULL);
    mp_scene_set(reading->scene, MP_FIELD_NOTICE_SUBJECT, NULL);
}

gboolean
mp_reading_decide_forwarded_notice(MpReading *reading)
{
    gboolean is_pretended = FALSE;
    const MpForward *inner = NULL;

    if (mp_reading_has(reading, "forward") && !mp_reading_has(reading, "letter"))
        inner = find_handed_on_notice(reading, &is_pretended);
    if (inner == NULL)
        return FALSE;
    set_notice(reading, inner->text, inner->subject);
    if (reading->verdict->outcome == NULL) {
        drop_notice(reading);
        return FALSE;
    }
    reading->verdict->is_forwarded_notice = TRUE;
    mp_reading_doubt(reading, "forwarded-notice");
    if (is_pretended)
        mp_reading_doubt(reading, "look-alike-sender");
    if (is_pretended || is_unproved(reading) || !mp_reading_has(reading, "own-domain")) {
        set_suspect(reading);
        mp_reading_doubt(reading, "unauthenticated");
        return TRUE;
    }
    mp_reading_set_kind(reading, "notice");
    mp_reading_read_reason(reading, MP_FIELD_BIT(NOTICE));
    return TRUE;
}

/* An official's answer to a mail of ours is a command mail, also when it commands nothing. Somebody
 * else who answers a mail that only officials get is not believed. */
gboolean
mp_reading_decide_command(MpReading *reading)
{
    gboolean is_answer = mp_reading_has(reading, "case") || mp_reading_has(reading, "answers-us");

    if (mp_reading_has(reading, "official") &&
        (is_answer || mp_reading_has(reading, "bare-command"))) {
        mp_reading_set_kind(reading, "command");
        if (is_unproved(reading)) {
            set_suspect(reading);
            mp_reading_doubt(reading, "unauthenticated");
        }
        return TRUE;
    }
    if (mp_reading_has(reading, "official") || !mp_reading_has(reading, "asks-official") ||
        !is_answer)
        return FALSE;
    if (mp_reading_has(reading, "own-domain") && !is_unproved(reading)) {
        mp_reading_set_kind(reading, "command");
        return TRUE;
    }
    set_suspect(reading);
    mp_reading_doubt(reading, "unauthenticated");
    if (!mp_reading_has(reading, "own-domain"))
        mp_reading_doubt(reading, "private-sender");
    return TRUE;
}
