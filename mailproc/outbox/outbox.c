/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/outbox.h"

#define MINUTE_S ((gint64)60)
#define HOUR_S (60 * MINUTE_S)
#define DAY_S (24 * HOUR_S)
/* Beyond this many tries every wait is the cap; keeps tries² far from overflowing. */
#define TRIES_COUNTED 10000

static const char *const state_names[] = {
#define X(id, name) name,
    MP_OUTBOX_STATES(X)
#undef X
};

static const char *const result_names[] = {
#define X(id, name) name,
    MP_SEND_RESULTS(X)
#undef X
};

G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == MP_OUTBOX_STATE_N);
G_STATIC_ASSERT(G_N_ELEMENTS(result_names) == MP_SEND_RESULT_N);

#define BIT(id) (1u << MP_OUTBOX_##id)

/* Where a row may go from each state. Staying is a move too: holding, releasing and "retry now"
 * write a row without changing its state. SENDING never stays: it ends in an outcome. */
static const guint moves[] = {
    [MP_OUTBOX_QUEUED] = BIT(QUEUED) | BIT(SENDING) | BIT(FAILED) | BIT(CANCELLED),
    [MP_OUTBOX_SENDING] = BIT(SENT) | BIT(DEFERRED) | BIT(UNCERTAIN) | BIT(FAILED),
    [MP_OUTBOX_SENT] = 0,
    [MP_OUTBOX_DEFERRED] = BIT(DEFERRED) | BIT(SENDING) | BIT(FAILED) | BIT(CANCELLED),
    [MP_OUTBOX_UNCERTAIN] =
        BIT(UNCERTAIN) | BIT(SENDING) | BIT(SENT) | BIT(FAILED) | BIT(CANCELLED),
    [MP_OUTBOX_FAILED] = 0,
    [MP_OUTBOX_CANCELLED] = 0,
};

G_STATIC_ASSERT(G_N_ELEMENTS(moves) == MP_OUTBOX_STATE_N);

const char *
mp_outbox_state_to_string(MpOutboxState state)
{
    return state < MP_OUTBOX_STATE_N ? state_names[state] : NULL;
}

gboolean
mp_outbox_state_from_string(const char *name, MpOutboxState *state_out)
{
    for (guint i = 0; name != NULL && i < MP_OUTBOX_STATE_N; i++)
        if (strcmp(state_names[i], name) == 0) {
            *state_out = (MpOutboxState)i;
            return TRUE;
        }
    return FALSE;
}

gboolean
mp_outbox_state_is_final(MpOutboxState state)
{
    return state < MP_OUTBOX_STATE_N && moves[state] == 0;
}

gboolean
mp_outbox_can_move(MpOutboxState from, MpOutboxState to)
{
    return from < MP_OUTBOX_STATE_N && to < MP_OUTBOX_STATE_N && (moves[from] & (1u << to)) != 0;
}

const char *
mp_send_result_to_string(MpSendResult result)
{
    return result < MP_SEND_RESULT_N ? result_names[result] : NULL;
}

MpOutboxPolicy
mp_outbox_policy_default(void)
{
    return (MpOutboxPolicy){.base_s = 5 * MINUTE_S,
                            .cap_s = 4 * HOUR_S,
                            .give_up_s = 5 * DAY_S,
                            .uncertain_s = 15 * MINUTE_S,
                            .repeat_uncertain = TRUE,
                            .pause_after = 5,
                            .pause_s = 15 * MINUTE_S,
                            .pause_cap_s = 4 * HOUR_S};
}

/* base × tries², capped, and up to a tenth more. */
static gint64
wait_us(const MpOutboxPolicy *policy, guint tries, guint jitter)
{
    gint64 n = CLAMP(tries, 1, TRIES_COUNTED);
    gint64 wait_s =
        policy->base_s > policy->cap_s / (n * n) ? policy->cap_s : policy->base_s * n * n;
    gint64 wait = wait_s * G_TIME_SPAN_SECOND;

    return wait + wait / 10 * MIN(jitter, 999) / 1000;
}

static MpOutboxNext
give_up(void)
{
    return (MpOutboxNext){.state = MP_OUTBOX_FAILED, .tell_person = TRUE};
}

typedef struct {
    guint tries;
    gint64 made_utc, now_utc;
    guint jitter;
    gboolean was_uncertain; /* an earlier try may have arrived: that stays true */
    gboolean may_repeat;    /* after UNCERTAIN */
} Try;

static MpOutboxNext
defer(const MpOutboxPolicy *policy, const Try *this_try)
{
    gint64 last_utc = this_try->made_utc + policy->give_up_s * G_TIME_SPAN_SECOND;
    gint64 next_utc = this_try->now_utc + wait_us(policy, this_try->tries, this_try->jitter);

    if (this_try->now_utc >= last_utc)
        return give_up();
    /* One more chance exactly at the end, instead of none for the rest of a long wait. */
    return (MpOutboxNext){.state =
                              this_try->was_uncertain ? MP_OUTBOX_UNCERTAIN : MP_OUTBOX_DEFERRED,
                          .next_try_utc = MIN(next_utc, last_utc)};
}

static MpOutboxNext
doubt(const MpOutboxPolicy *policy, gboolean may_repeat, gint64 now_utc)
{
    if (policy->repeat_uncertain && may_repeat)
        return (MpOutboxNext){.state = MP_OUTBOX_UNCERTAIN,
                              .next_try_utc = now_utc + policy->uncertain_s * G_TIME_SPAN_SECOND};
    return (MpOutboxNext){.state = MP_OUTBOX_UNCERTAIN, .tell_person = TRUE, .hold = TRUE};
}

static MpOutboxNext
after_try(const MpOutboxPolicy *policy, MpSendResult result, const Try *this_try)
{
    switch (result) {
    case MP_SEND_ACCEPTED:
        return (MpOutboxNext){.state = MP_OUTBOX_SENT};
    case MP_SEND_REFUSED:
        return give_up();
    case MP_SEND_REFUSED_SOON:
    case MP_SEND_UNREACHABLE:
        return defer(policy, this_try);
    case MP_SEND_UNCERTAIN:
        return doubt(policy, this_try->may_repeat, this_try->now_utc);
    case MP_SEND_RESULT_N:
        break;
    }
    return give_up();
}

MpOutboxNext
mp_outbox_after_try_from(const MpOutboxPolicy *policy,
                         MpOutboxState before,
                         MpSendResult result,
                         guint tries,
                         gint64 made_utc,
                         gint64 now_utc,
                         guint jitter)
{
    gboolean was_uncertain = before == MP_OUTBOX_UNCERTAIN;
    Try this_try = {tries, made_utc, now_utc, jitter, was_uncertain, !was_uncertain};

    g_return_val_if_fail(policy != NULL, give_up());
    return after_try(policy, result, &this_try);
}

MpOutboxNext
mp_outbox_after_try(const MpOutboxPolicy *policy,
                    MpSendResult result,
                    guint tries,
                    gint64 made_utc,
                    gint64 now_utc,
                    guint jitter)
{
    Try this_try = {tries, made_utc, now_utc, jitter, FALSE, tries <= 1};

    g_return_val_if_fail(policy != NULL, give_up());
    return after_try(policy, result, &this_try);
}

MpOutboxNext
mp_outbox_after_crash(const MpOutboxPolicy *policy, guint tries, gint64 now_utc)
{
    g_return_val_if_fail(policy != NULL, give_up());
    return doubt(policy, tries <= 1, now_utc);
}

/* --- addresses and domains ---------------------------------------------------------------------
 */

/* "5.1.1" at the beginning of `text`: class 5, subject and detail. */
static gboolean
read_status(const char *text, guint *subject_out, guint *detail_out)
{
    guint parts[2] = {0, 0};
    const char *p = text;

    if (*p++ != '5')
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        gsize digits = 0;

        if (*p++ != '.')
            return FALSE;
        for (; digits < 4 && g_ascii_isdigit(p[digits]); digits++)
            parts[i] = parts[i] * 10 + (guint)(p[digits] - '0');
        if (digits < 1 || digits > 3)
            return FALSE;
        p += digits;
    }
    *subject_out = parts[0];
    *detail_out = parts[1];
    return *p == '\0' || !(g_ascii_isalnum(*p) || *p == '.');
}

/* The enhanced status in the words of a server. */
static gboolean
find_status(const char *words, guint *subject_out, guint *detail_out)
{
    /* Diagnostic-Code names its kind first (RFC 3464 2.3.6). */
    if (words != NULL && g_ascii_strncasecmp(words, "smtp; ", 6) == 0)
        words += 6;
    for (const char *p = words; p != NULL && *p != '\0'; p++) {
        gboolean is_start = p == words || strchr(" -;#(", p[-1]) != NULL;

        if (is_start && read_status(p, subject_out, detail_out))
            return TRUE;
    }
    return FALSE;
}

char *
mp_outbox_status(const char *words)
{
    guint subject = 0, detail = 0;

    if (find_status(words, &subject, &detail))
        return g_strdup_printf("5.%u.%u", subject, detail);
    if (words != NULL && g_ascii_strncasecmp(words, "smtp; ", 6) == 0)
        words += 6;
    for (guint i = 0; i < 3; i++)
        if (words == NULL || !g_ascii_isdigit(words[i]))
            return NULL;
    return words[3] == '\0' || strchr(" -", words[3]) != NULL ? g_strndup(words, 3) : NULL;
}

/* RFC 3463 and 7505: nobody of that name, no such domain, moved without a word, a domain without
 * mail; a mailbox that is disabled. 5.1.0 and 5.2.0 say nothing exact, 5.2.2 is full and may be
 * emptied, and what else there is speaks of the mail, of us or of the way. */
static gboolean
is_dead_status(guint subject, guint detail)
{
    if (subject == 1)
        return detail == 1 || detail == 2 || detail == 6 || detail == 10;
    return subject == 2 && detail == 1;
}

/* A server without enhanced codes (RFC 5321 4.2.3) says 550 for a policy too, so only its words
 * tell. Those about a sender are a check of our own address. */
static gboolean
has_dead_words(const char *words)
{
    static const char *const codes[] = {"550", "551", "553"};
    static const char *const dead[] = {
        "user unknown",           "unknown user",           "no such user",
        "user not found",         "user does not exist",    "user doesn't exist",
        "no such recipient",      "recipient unknown",      "unknown recipient",
        "recipient not found",    "no such mailbox",        "no mailbox here by that name",
        "mailbox not found",      "mailbox unknown",        "unknown mailbox",
        "mailbox does not exist", "mailbox doesn't exist",  "mailbox unavailable: unknown",
        "no such account",        "account does not exist", "account doesn't exist",
        "unknown local part"};
    g_autofree char *lower = words == NULL ? NULL : g_ascii_strdown(words, -1);
    const char *p = lower;
    gboolean is_fit = FALSE;

    if (p != NULL && g_str_has_prefix(p, "smtp; "))
        p += strlen("smtp; ");
    for (gsize i = 0; p != NULL && i < G_N_ELEMENTS(codes); i++)
        is_fit |= g_str_has_prefix(p, codes[i]) && (p[3] == ' ' || p[3] == '-');
    if (!is_fit || strstr(p, "sender") != NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(dead); i++)
        if (strstr(p, dead[i]) != NULL)
            return TRUE;
    return FALSE;
}

gboolean
mp_outbox_is_dead_address(const char *words)
{
    guint subject = 0, detail = 0;

    return find_status(words, &subject, &detail) ? is_dead_status(subject, detail)
                                                 : has_dead_words(words);
}

/* Whether it is about one mailbox, dead or not, so that it says nothing about the domain: 5.1.7 and
 * 5.1.8 are the sender's, 5.2.3 and 5.2.4 of the mail and of lists. */
static gboolean
is_of_one_address(const char *words)
{
    guint subject = 0, detail = 0;

    if (!find_status(words, &subject, &detail))
        return has_dead_words(words);
    return is_dead_status(subject, detail) || (subject == 1 && detail != 7 && detail != 8) ||
           (subject == 2 && detail <= 2);
}

static gint64
rest_us(const MpOutboxPolicy *policy, guint beyond)
{
    gint64 rest_s = policy->pause_s;

    for (guint i = 0; i < beyond && rest_s < policy->pause_cap_s; i++)
        rest_s *= 2;
    return MIN(rest_s, policy->pause_cap_s) * G_TIME_SPAN_SECOND;
}

MpOutboxDomain
mp_outbox_domain_after(const MpOutboxPolicy *policy,
                       MpOutboxDomain before,
                       MpSendResult result,
                       const char *words,
                       gint64 now_utc)
{
    MpOutboxDomain after = {.refusals = MIN(before.refusals, TRIES_COUNTED) + 1};

    g_return_val_if_fail(policy != NULL, before);
    if (result == MP_SEND_ACCEPTED)
        return (MpOutboxDomain){0};
    if ((result != MP_SEND_REFUSED_SOON && result != MP_SEND_REFUSED) ||
        (result == MP_SEND_REFUSED && is_of_one_address(words)))
        return before;
    if (policy->pause_after != 0 && after.refusals >= policy->pause_after)
        after.rest_utc = now_utc + rest_us(policy, after.refusals - policy->pause_after);
    return after;
}
