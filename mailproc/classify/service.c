/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which service is asked for. The levels are asked one after the other, and the first that names
 * one decides: the letter's heading and Hal, the subject, the new text, the text of the letter.
 * Where a lower level names another one, the copied forms of real offices are at work: the title's
 * service stands and the doubt says so. */

#include "classify/classify-private.h"

#define TITLE_FIELDS (MP_FIELD_BIT(HAL) | MP_FIELD_BIT(TITLE))
#define SUBJECT_FIELDS (MP_FIELD_BIT(SUBJECT) | MP_FIELD_BIT(FORWARDED_SUBJECT))
#define BODY_FIELDS (MP_FIELD_BIT(NEW) | MP_FIELD_BIT(NEW_LINES) | MP_FIELD_BIT(FORWARDED))
#define NOTICE_FIELDS (MP_FIELD_BIT(NOTICE) | MP_FIELD_BIT(NOTICE_SUBJECT))

static const guint levels[] = {
    TITLE_FIELDS, SUBJECT_FIELDS, BODY_FIELDS, MP_FIELD_BIT(LETTER), MP_FIELD_BIT(ATTACHMENTS)};

/* A tie is broken by a later level that prefers one of the two. */
static const char *
break_tie(MpTally *const tallies[], gsize from)
{
    for (gsize i = from + 1; i < G_N_ELEMENTS(levels); i++) {
        gboolean is_tied;
        const char *word = mp_tally_best(tallies[i], &is_tied);

        if (word != NULL && !is_tied && mp_tally_sum(tallies[from], word) > 0)
            return word;
    }
    return NULL;
}

/* A level below names another service and not this one. */
static gboolean
is_contradicted(MpTally *const tallies[], gsize level, const char *service)
{
    for (gsize i = level + 1; i < G_N_ELEMENTS(levels) - 1; i++) {
        const char *other = mp_tally_best(tallies[i], NULL);

        if (other != NULL && strcmp(other, service) != 0 && mp_tally_sum(tallies[i], service) <= 0)
            return TRUE;
    }
    return FALSE;
}

static void
decide(MpVerdict *verdict, MpTally *const tallies[])
{
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        gboolean is_tied;
        const char *word = mp_tally_best(tallies[i], &is_tied);

        if (word == NULL)
            continue;
        if (is_tied)
            word = break_tie(tallies, i);
        if (word == NULL) {
            mp_text_add_once(verdict->doubts, "service-unclear");
            return;
        }
        verdict->service = g_strdup(word);
        mp_tally_report(tallies[i], word, verdict);
        if (is_contradicted(tallies, i, word))
            mp_text_add_once(verdict->doubts, "title-body-conflict");
        return;
    }
}

void
mp_classify_find_service(const MpRules *rules, MpVerdict *verdict, const MpScene *scene)
{
    MpTally *tallies[G_N_ELEMENTS(levels)];

    if (scene->texts[MP_FIELD_NOTICE] != NULL) {
        g_autoptr(MpTally) tally = mp_rules_run(rules, scene, MP_TARGET_SERVICE, NOTICE_FIELDS);

        verdict->service = g_strdup(mp_tally_best(tally, NULL));
        mp_tally_report(tally, verdict->service != NULL ? verdict->service : "", verdict);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++)
        tallies[i] = mp_rules_run(rules, scene, MP_TARGET_SERVICE, levels[i]);
    decide(verdict, tallies);
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        mp_tally_report(tallies[i], "", verdict); /* a limit counts on every level */
        mp_tally_free(tallies[i]);
    }
}
