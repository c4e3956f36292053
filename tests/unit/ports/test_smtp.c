/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SMTP sender against a scripted server: every fault at every phase, and odd answers. */
#include "fake-smtp.c"

/* --- every fault at every phase
 * -------------------------------------------------------------------- */

typedef enum { SOFT, HARD, BYE, SILENCE, CUT, DRIP, FAULTS } Fault;

static const char *const fault_names[FAULTS] = {
    "451", "554", "421", "silence", "cut", "one byte at a time"};
static const char *const at_names[PHASES] = {
    "banner", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "the final dot"};

typedef struct {
    char *name;
    Fault fault;
    At at;
} Cell;

static Script
script_of(const Cell *cell)
{
    Script script = {.at = cell->at};

    switch (cell->fault) {
    case SOFT:
        script.say = "451 4.7.1 nanti\r\n";
        break;
    case HARD:
        script.say = "554-5.7.1 tidak\r\n554 5.7.1 boleh\r\n";
        break;
    case BYE:
        script.say = "421 4.3.2 sampai jumpa\r\n";
        script.is_cut = TRUE;
        break;
    case SILENCE:
        break;
    case CUT:
        script.is_cut = TRUE;
        break;
    case DRIP:
        script.is_drip = TRUE;
        break;
    case FAULTS:
        break;
    }
    return script;
}

static MpSendResult
wanted_of(const Cell *cell)
{
    switch (cell->fault) {
    case BYE: /* libcurl answers a refused EHLO with HELO, which nobody hears any more */
        return cell->at == EHLO ? MP_SEND_UNREACHABLE : MP_SEND_REFUSED_SOON;
    case SOFT:
        return MP_SEND_REFUSED_SOON;
    case HARD:
        return cell->at < MAILFROM ? MP_SEND_UNREACHABLE : MP_SEND_REFUSED;
    case SILENCE:
    case CUT:
        return cell->at == DOT ? MP_SEND_UNCERTAIN : MP_SEND_UNREACHABLE;
    case DRIP:
    case FAULTS:
        break;
    }
    return cell->at == STARTTLS ? MP_SEND_REFUSED_SOON : MP_SEND_ACCEPTED;
}

static void
test_cell(void **state)
{
    const Cell *cell = *state;
    Script script = script_of(cell);
    g_autofree char *reply = NULL;
    MpSender *sender;

    start_server(&script);
    sender = make_sender(cell->at == AUTH, cell->at == STARTTLS ? MP_TLS_STARTTLS : MP_TLS_NONE);
    assert_result(send_bytes(sender, FROM, TO, MAIL, &reply), wanted_of(cell));
    assert_non_null(reply);
    assert_true(mp_text_is_safe(reply));
    assert_lacks(reply, "rahasia-uji");
    if (cell->fault == HARD)
        assert_contains(reply, "5.7.1 boleh");
    if (cell->fault == DRIP && cell->at != STARTTLS)
        assert_text(reply, "250 2.0.0 queued as 4XUJI");
    sender->free(sender);
    stop_server();
    assert_int_equal(server.connections, 1);
    assert_int_equal(server.mails,
                     cell->at == DOT || (cell->fault == DRIP && cell->at != STARTTLS));
    g_string_free(server.said, TRUE);
}

/* What becomes of the outbox row stands in the name. */
static Cell
make_cell(Fault fault, At at)
{
    const MpOutboxPolicy policy = mp_outbox_policy_default();
    Cell cell = {NULL, fault, at};
    MpSendResult want = wanted_of(&cell);
    MpOutboxNext next = mp_outbox_after_try(&policy, want, 1, 0, 0, 0);

    cell.name = g_strdup_printf("F-17 %s at %s: %s",
                                fault_names[fault],
                                at_names[at],
                                mp_outbox_state_to_string(next.state));
    return cell;
}

static int
run_matrix(void)
{
    Cell cells[FAULTS * PHASES];
    gsize n = 0;
    int failed;

    for (guint fault = 0; fault < FAULTS; fault++)
        for (guint at = 0; at < PHASES; at++, n++)
            cells[n] = make_cell((Fault)fault, (At)at);
    failed = run_rows("smtp faults", cells, test_cell);
    for (gsize i = 0; i < n; i++)
        g_free(cells[i].name);
    return failed;
}

/* --- odd answers
 * ---------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    Script script;
    MpSendResult want;
} OddRow;

static const OddRow odd_rows[] = {
    {"F-17 another 2xx after the dot is an acceptance",
     {.at = DOT, .say = "252 2.0.0 taken\r\n"},
     MP_SEND_ACCEPTED},
    {"F-17 a 354 after the dot is no answer",
     {.at = DOT, .say = "354 more\r\n"},
     MP_SEND_UNCERTAIN},
    {"F-17 half a reply after the dot is no answer",
     {.at = DOT, .say = "25", .is_cut = TRUE},
     MP_SEND_UNCERTAIN},
    {"F-17 a reply that is never finished is no answer",
     {.at = DOT, .say = "250-one\r\n250-two\r\n", .is_cut = TRUE},
     MP_SEND_UNCERTAIN},
    {"F-17 a 550 that is never finished is no answer",
     {.at = DOT, .say = "550-one\r\n", .is_cut = TRUE},
     MP_SEND_UNCERTAIN},
    {"F-17 a 250 to DATA sends no mail", {.at = DATA, .say = "250 ok\r\n"}, MP_SEND_UNREACHABLE},
    {"F-17 530 to MAIL is about the session",
     {.at = MAILFROM, .say = "530 5.7.0 login\r\n"},
     MP_SEND_UNREACHABLE},
    {"F-17 552 to MAIL is about the mail",
     {.at = MAILFROM, .say = "552 5.3.4 size\r\n"},
     MP_SEND_REFUSED},
    {"F-17 a 554 before the greeting is about the server",
     {.at = BANNER, .say = "554 go away\r\n", .is_cut = TRUE},
     MP_SEND_UNREACHABLE},
};

static void
test_odd(void **state)
{
    const OddRow *row = *state;
    MpSender *sender;

    start_server(&row->script);
    sender = make_sender(FALSE, MP_TLS_NONE);
    assert_result(send_bytes(sender, FROM, TO, MAIL, NULL), row->want);
    sender->free(sender);
    forget_server();
}

int
main(void)
{
    int failed = run_matrix();

    return failed + run_rows("odd answers", odd_rows, test_odd);
}
