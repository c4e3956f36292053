/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/outbox.h"
#include "support/asserts.h"

#define S G_TIME_SPAN_SECOND
#define DAY (86400 * S)
#define NOW (1000 * DAY)

/* --- moves --------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    MpOutboxState from;
    const char *legal; /* names, blank separated */
} MoveRow;

static const MoveRow move_rows[] = {
    {"queued is held, sent, given up or cancelled",
     MP_OUTBOX_QUEUED,
     "queued sending failed cancelled"},
    {"sending ends in an outcome and nothing else",
     MP_OUTBOX_SENDING,
     "sent deferred uncertain failed"},
    {"sent is final", MP_OUTBOX_SENT, ""},
    {"deferred is tried again, given up or cancelled",
     MP_OUTBOX_DEFERRED,
     "deferred sending failed cancelled"},
    {"uncertain may turn out sent", MP_OUTBOX_UNCERTAIN, "uncertain sending sent failed cancelled"},
    {"failed is final", MP_OUTBOX_FAILED, ""},
    {"cancelled is final", MP_OUTBOX_CANCELLED, ""},
};

static void
test_moves(void **state)
{
    const MoveRow *row = *state;
    g_auto(GStrv) legal = g_strsplit(row->legal, " ", -1);

    for (guint to = 0; to < MP_OUTBOX_STATE_N; to++) {
        const char *name = mp_outbox_state_to_string((MpOutboxState)to);
        gboolean want = g_strv_contains((const char *const *)legal, name);

        if (mp_outbox_can_move(row->from, (MpOutboxState)to) != want)
            fail_msg("move to %s: want %d", name, want);
    }
    assert_int_equal(mp_outbox_state_is_final(row->from), row->legal[0] == '\0');
}

static void
test_names(void **state)
{
    MpOutboxState got = MP_OUTBOX_SENT;

    (void)state;
    for (guint i = 0; i < MP_OUTBOX_STATE_N; i++) {
        assert_true(mp_outbox_state_from_string(mp_outbox_state_to_string((MpOutboxState)i), &got));
        assert_int_equal(got, i);
    }
    assert_false(mp_outbox_state_from_string("gone", &got));
    assert_false(mp_outbox_state_from_string(NULL, &got));
    assert_null(mp_outbox_state_to_string(MP_OUTBOX_STATE_N));
    assert_text(mp_send_result_to_string(MP_SEND_REFUSED_SOON), "refused-soon");
    assert_null(mp_send_result_to_string(MP_SEND_RESULT_N));
    assert_false(mp_outbox_can_move(MP_OUTBOX_STATE_N, MP_OUTBOX_SENT));
    assert_false(mp_outbox_can_move(MP_OUTBOX_SENDING, MP_OUTBOX_STATE_N));
}

/* --- after a try ---------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    MpOutboxState before;
    MpSendResult result;
    guint tries;
    gint64 age_s; /* since the row was made */
    guint jitter;
    MpOutboxState want;
    gint64 want_wait_s; /* -1 = no next try */
    gboolean want_tell, want_hold;
} TryRow;

#define FIVE_DAYS (5 * 86400)

static const TryRow try_rows[] = {
    {"accepted is sent", MP_OUTBOX_QUEUED, MP_SEND_ACCEPTED, 1, 0, 0, MP_OUTBOX_SENT, -1, 0, 0},
    {"accepted at the repeat of an uncertain try is sent",
     MP_OUTBOX_UNCERTAIN,
     MP_SEND_ACCEPTED,
     2,
     900,
     0,
     MP_OUTBOX_SENT,
     -1,
     0,
     0},
    {"refused is failed at once and told",
     MP_OUTBOX_QUEUED,
     MP_SEND_REFUSED,
     1,
     0,
     0,
     MP_OUTBOX_FAILED,
     -1,
     1,
     0},
    {"the first wait is the base",
     MP_OUTBOX_QUEUED,
     MP_SEND_REFUSED_SOON,
     1,
     0,
     0,
     MP_OUTBOX_DEFERRED,
     300,
     0,
     0},
    {"an unreachable server waits like a soft refusal",
     MP_OUTBOX_QUEUED,
     MP_SEND_UNREACHABLE,
     1,
     0,
     0,
     MP_OUTBOX_DEFERRED,
     300,
     0,
     0},
    {"the second wait is four times the base",
     MP_OUTBOX_DEFERRED,
     MP_SEND_UNREACHABLE,
     2,
     0,
     0,
     MP_OUTBOX_DEFERRED,
     1200,
     0,
     0},
    {"the sixth wait is the last below the cap",
     MP_OUTBOX_DEFERRED,
     MP_SEND_UNREACHABLE,
     6,
     0,
     0,
     MP_OUTBOX_DEFERRED,
     10800,
     0,
     0},
    {"the seventh wait is capped",
     MP_OUTBOX_DEFERRED,
     MP_SEND_UNREACHABLE,
     7,
     0,
     0,
     MP_OUTBOX_DEFERRED,
     14400,
     0,
     0},
    {"four thousand million tries do not overflow",
     MP_OUTBOX_DEFERRED,
     MP_SEND_UNREACHABLE,
     G_MAXUINT,
     0,
     0,
     MP_OUTBOX_DEFERRED,
     14400,
     0,
     0},
    {"a try counted as none waits the base",
     MP_OUTBOX_QUEUED,
     MP_SEND_UNREACHABLE,
     0,
     0,
     0,
     MP_OUTBOX_DEFERRED,
     300,
     0,
     0},
    {"half the jitter adds a twentieth",
     MP_OUTBOX_QUEUED,
     MP_SEND_UNREACHABLE,
     1,
     0,
     500,
     MP_OUTBOX_DEFERRED,
     315,
     0,
     0},
    {"jitter beyond its range adds less than a tenth",
     MP_OUTBOX_QUEUED,
     MP_SEND_UNREACHABLE,
     1,
     0,
     G_MAXUINT,
     MP_OUTBOX_DEFERRED,
     329,
     0,
     0},
    {"one second before five days there is one more chance at five days",
     MP_OUTBOX_DEFERRED,
     MP_SEND_UNREACHABLE,
     40,
     FIVE_DAYS - 1,
     0,
     MP_OUTBOX_DEFERRED,
     1,
     0,
     0},
    {"at five days it is given up and told",
     MP_OUTBOX_DEFERRED,
     MP_SEND_UNREACHABLE,
     40,
     FIVE_DAYS,
     0,
     MP_OUTBOX_FAILED,
     -1,
     1,
     0},
    {"a soft refusal at five days is given up",
     MP_OUTBOX_DEFERRED,
     MP_SEND_REFUSED_SOON,
     40,
     FIVE_DAYS,
     0,
     MP_OUTBOX_FAILED,
     -1,
     1,
     0},
    {"uncertain is repeated once after fifteen minutes",
     MP_OUTBOX_QUEUED,
     MP_SEND_UNCERTAIN,
     1,
     0,
     0,
     MP_OUTBOX_UNCERTAIN,
     900,
     0,
     0},
    {"uncertain after deferred tries is repeated once too",
     MP_OUTBOX_DEFERRED,
     MP_SEND_UNCERTAIN,
     4,
     9000,
     0,
     MP_OUTBOX_UNCERTAIN,
     900,
     0,
     0},
    {"uncertain a second time is held for a person",
     MP_OUTBOX_UNCERTAIN,
     MP_SEND_UNCERTAIN,
     2,
     900,
     0,
     MP_OUTBOX_UNCERTAIN,
     -1,
     1,
     1},
    {"a repeat that is deferred stays uncertain",
     MP_OUTBOX_UNCERTAIN,
     MP_SEND_UNREACHABLE,
     2,
     900,
     0,
     MP_OUTBOX_UNCERTAIN,
     1200,
     0,
     0},
    {"a repeat that is refused is failed",
     MP_OUTBOX_UNCERTAIN,
     MP_SEND_REFUSED,
     2,
     900,
     0,
     MP_OUTBOX_FAILED,
     -1,
     1,
     0},
};

static void
assert_next(const MpOutboxNext *got, const TryRow *row)
{
    assert_text(mp_outbox_state_to_string(got->state), mp_outbox_state_to_string(row->want));
    if (row->want_wait_s < 0)
        assert_int_equal(got->next_try_utc, 0);
    else
        assert_int_equal((got->next_try_utc - NOW) / S, row->want_wait_s);
    assert_int_equal(got->tell_person, row->want_tell);
    assert_int_equal(got->hold, row->want_hold);
    assert_true(mp_outbox_can_move(MP_OUTBOX_SENDING, got->state));
}

static void
test_try(void **state)
{
    const TryRow *row = *state;
    MpOutboxPolicy policy = mp_outbox_policy_default();
    MpOutboxNext got = mp_outbox_after_try_from(
        &policy, row->before, row->result, row->tries, NOW - row->age_s * S, NOW, row->jitter);

    assert_next(&got, row);
}

static void
test_hold_policy(void **state)
{
    MpOutboxPolicy policy = mp_outbox_policy_default();
    MpOutboxNext got;

    (void)state;
    policy.repeat_uncertain = FALSE;
    got = mp_outbox_after_try(&policy, MP_SEND_UNCERTAIN, 1, NOW, NOW, 0);
    assert_int_equal(got.state, MP_OUTBOX_UNCERTAIN);
    assert_true(got.hold && got.tell_person && got.next_try_utc == 0);
    got = mp_outbox_after_crash(&policy, 1, NOW);
    assert_true(got.hold && got.tell_person && got.next_try_utc == 0);
}

static void
test_plain_repeats_only_the_first(void **state)
{
    MpOutboxPolicy policy = mp_outbox_policy_default();
    MpOutboxNext first = mp_outbox_after_try(&policy, MP_SEND_UNCERTAIN, 1, NOW, NOW, 0);
    MpOutboxNext second = mp_outbox_after_try(&policy, MP_SEND_UNCERTAIN, 2, NOW, NOW, 0);
    MpOutboxNext soft = mp_outbox_after_try(&policy, MP_SEND_REFUSED_SOON, 3, NOW, NOW, 0);

    (void)state;
    assert_false(first.hold);
    assert_int_equal(first.next_try_utc, NOW + 900 * S);
    assert_true(second.hold);
    assert_int_equal(soft.state, MP_OUTBOX_DEFERRED);
}

static void
test_crash(void **state)
{
    MpOutboxPolicy policy = mp_outbox_policy_default();
    MpOutboxNext first = mp_outbox_after_crash(&policy, 1, NOW);
    MpOutboxNext later = mp_outbox_after_crash(&policy, 2, NOW);

    (void)state;
    assert_int_equal(first.state, MP_OUTBOX_UNCERTAIN);
    assert_int_equal(first.next_try_utc, NOW + 900 * S);
    assert_true(later.hold && later.tell_person);
}

/* Whatever the server does, a mail ends: no chain of tries goes beyond five days and one try. */
static void
test_every_chain_ends(void **state)
{
    MpOutboxPolicy policy = mp_outbox_policy_default();
    gint64 now = NOW;
    guint tries = 0;
    MpOutboxNext next = {.state = MP_OUTBOX_QUEUED};

    (void)state;
    do {
        MpOutboxState before = next.state;

        next =
            mp_outbox_after_try_from(&policy, before, MP_SEND_UNREACHABLE, ++tries, NOW, now, 999);
        assert_true(next.next_try_utc == 0 || next.next_try_utc > now);
        now = next.next_try_utc;
    } while (next.state == MP_OUTBOX_DEFERRED && tries < 1000);
    assert_int_equal(next.state, MP_OUTBOX_FAILED);
    assert_in_range(tries, 30, 45);
}

/* --- addresses and domains ------------------------------------------------------------------ */

typedef struct {
    const char *name, *words;
    gboolean want;
} DeadRow;

static const DeadRow dead_rows[] = {
    {"F-17 an unknown user is a dead address", "550 5.1.1 <a@b>: User unknown", TRUE},
    {"F-17 an enhanced status alone", "5.1.1", TRUE},
    {"F-17 a domain that does not exist", "5.1.2", TRUE},
    {"F-17 a mailbox that moved without a word", "551 5.1.6 moved", TRUE},
    {"F-17 a null MX", "556 5.1.10 no mail here", TRUE},
    {"F-17 a disabled mailbox", "550-5.2.1 The account is disabled 550 5.2.1 see help", TRUE},
    {"F-17 a full mailbox may be emptied", "552 5.2.2 Over quota", FALSE},
    {"F-17 a domain without a way says nothing of a mailbox", "5.4.4", FALSE},
    {"F-17 an address status that says nothing exact", "550 5.1.0 Address rejected", FALSE},
    {"F-17 a wrong way to write the address", "501 5.1.3 Bad address syntax", FALSE},
    {"F-17 a mailbox status that says nothing exact", "550 5.2.0 Mailbox", FALSE},
    {"F-17 our own relay's 550", "550 relay not permitted", FALSE},
    {"F-17 a bare 550", "550", FALSE},
    {"F-17 a mailbox that is unavailable", "550 Requested action: mailbox unavailable", FALSE},
    {"F-17 a policy that names unknown users", "550 5.7.1 User unknown", FALSE},
    {"F-17 a check of our own address", "550 Sender verify failed: no such user", FALSE},
    {"F-17 such words without their code", "554 User unknown", FALSE},
    {"F-17 an unknown user in capitals", "550-USER UNKNOWN", TRUE},
    {"F-17 an unknown mailbox not allowed", "553 sorry, no mailbox here by that name", TRUE},
    {"F-17 a server without enhanced codes", "550 No such user here", TRUE},
    {"F-17 a diagnostic that names its kind", "smtp; 550 No such user here", TRUE},
    {"F-17 a mail that is too large says nothing", "552 5.2.3 Message too large", FALSE},
    {"F-17 a bad sender's address says nothing", "553 5.1.8 Sender domain", FALSE},
    {"F-17 a policy says nothing", "550 5.7.1 blocked", FALSE},
    {"F-17 a spam filter says nothing", "554 5.7.1 spam", FALSE},
    {"F-17 a refusal without a code says nothing", "554 Transaction failed", FALSE},
    {"F-17 a soft refusal says nothing", "450 4.2.2 mailbox full", FALSE},
    {"F-17 a version is no status", "550x release 5.1.1.2", FALSE},
    {"F-17 a number that is too long is no status", "500 5.1000.1", FALSE},
    {"F-17 no words", NULL, FALSE},
    {"F-17 empty words", "", FALSE},
};

static void
test_dead(void **state)
{
    const DeadRow *row = *state;

    assert_int_equal(mp_outbox_is_dead_address(row->words), row->want);
}

static void
test_status(void **state)
{
    static const char *const rows[][2] = {
        {"550 5.1.1 <a@b>: User unknown", "5.1.1"},
        {"smtp; 550 5.7.1 MENANG HADIAH www.asing.example", "5.7.1"},
        {"smtp; 550 relay not permitted", "550"},
        {"452", "452"},
        {"550-5.2.1 disabled", "5.2.1"},
        {"5501 words", NULL},
        {"HUBUNGI 550", NULL},
        {"", NULL},
        {NULL, NULL},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = mp_outbox_status(rows[i][0]);

        assert_int_equal(g_strcmp0(got, rows[i][1]), 0);
    }
}

typedef struct {
    const char *name;
    guint refusals; /* so far */
    MpSendResult result;
    const char *words;
    guint want_refusals;
    gint64 want_rest_s;
} DomainRow;

static const DomainRow domain_rows[] = {
    {"F-17 the first refusal only counts", 0, MP_SEND_REFUSED_SOON, "450 4.7.1", 1, 0},
    {"F-17 one below the limit", 3, MP_SEND_REFUSED_SOON, "450 4.7.1", 4, 0},
    {"F-17 at the limit the domain rests", 4, MP_SEND_REFUSED_SOON, "450 4.7.1", 5, 900},
    {"F-17 a policy's refusal counts too", 4, MP_SEND_REFUSED, "554 5.7.1", 5, 900},
    {"F-17 each further refusal doubles", 6, MP_SEND_REFUSED_SOON, "450", 7, 3600},
    {"F-17 up to the cap", 9, MP_SEND_REFUSED_SOON, "450", 10, 14400},
    {"F-17 endless refusals do not overflow", G_MAXUINT, MP_SEND_REFUSED, "554", 10001, 14400},
    {"F-17 a mail that is taken ends it", 9, MP_SEND_ACCEPTED, "250", 0, 0},
    {"F-17 a full mailbox does not count", 4, MP_SEND_REFUSED, "552 5.2.2 full", 4, 0},
    {"F-17 a bare 550 counts", 4, MP_SEND_REFUSED, "550 relay not permitted", 5, 900},
    {"F-17 a dead address does not count", 4, MP_SEND_REFUSED, "550 5.1.1", 4, 0},
    {"F-17 nor a server that is away", 4, MP_SEND_UNREACHABLE, "cut", 4, 0},
    {"F-17 nor a lost answer", 4, MP_SEND_UNCERTAIN, "lost", 4, 0},
};

static void
test_domain(void **state)
{
    const DomainRow *row = *state;
    MpOutboxPolicy policy = mp_outbox_policy_default();
    MpOutboxDomain before = {.refusals = row->refusals};
    MpOutboxDomain got = mp_outbox_domain_after(&policy, before, row->result, row->words, NOW);

    assert_int_equal(got.refusals, row->want_refusals);
    assert_int_equal(got.rest_utc, row->want_rest_s == 0 ? 0 : NOW + row->want_rest_s * S);
    policy.pause_after = 0;
    got = mp_outbox_domain_after(&policy, before, row->result, row->words, NOW);
    assert_int_equal(got.rest_utc, 0);
}

int
main(void)
{
    static const struct CMUnitTest single[] = {
        {"names and states agree both ways", test_names, NULL, NULL, NULL},
        {"with the policy hold nothing uncertain is repeated", test_hold_policy, NULL, NULL, NULL},
        {"without the state before, only the first try is repeated",
         test_plain_repeats_only_the_first,
         NULL,
         NULL,
         NULL},
        {"a death while sending is uncertain", test_crash, NULL, NULL, NULL},
        {"F-17 of a server's words only the status is told", test_status, NULL, NULL, NULL},
        {"every chain of tries ends", test_every_chain_ends, NULL, NULL, NULL},
    };
    int failed = run_rows("outbox moves", move_rows, test_moves);

    failed += run_rows("outbox after a try", try_rows, test_try);
    failed += run_rows("dead addresses", dead_rows, test_dead);
    failed += run_rows("domains that rest", domain_rows, test_domain);
    return failed + cmocka_run_group_tests(single, NULL, NULL);
}
