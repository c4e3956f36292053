/* SPDX-License-Identifier: GPL-3.0-or-later */

/* check --probe: each way a server may treat a mail with forged results in it. */

#include "app/commands.h"
#include "support/asserts.h"
#include "support/planner.h"

#define OURS "Authentication-Results: mx.contohkab.go.id; "
#define FORGED OURS "dmarc=pass header.from=probe.invalid\r\n"
#define TRUE_ONE OURS "dmarc=none header.from=luar.example\r\n"
#define BY_US "Received: from a.example by mx.contohkab.go.id with ESMTPS\r\n"
#define BY_RELAY "Received: from mx.contohkab.go.id by kotak.contohkab.go.id with LMTP\r\n"
#define MARK "X-Mailproc-Probe: yes\r\n"
#define REST "From: a@luar.example\r\nSubject: uji\r\n\r\nuji\r\n"

typedef struct {
    const char *name, *mail, *said;
    gboolean is_fine;
} Row;

static const Row rows[] = {
    {"a server that strips and writes its own",
     BY_US TRUE_ONE MARK REST,
     "strips forged results",
     TRUE},
    {"a server that strips nothing", BY_US TRUE_ONE MARK FORGED REST, "forged results", FALSE},
    {"a server that strips nothing and writes nothing", BY_US MARK FORGED REST, "arrived", FALSE},
    {"a server that renames them",
     BY_US TRUE_ONE MARK "X-Original-" FORGED REST,
     "strips forged results",
     TRUE},
    {"a server that writes no results", BY_US MARK REST, "no results under", FALSE},
    {"results twice", BY_US TRUE_ONE TRUE_ONE MARK REST, "one expected", FALSE},
    {"results below the line of a relay that is not named",
     BY_RELAY BY_US TRUE_ONE MARK REST,
     "own_hosts",
     FALSE},
    {"a mail that is no probe", BY_US TRUE_ONE REST, "no X-Mailproc-Probe", FALSE},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;
    gboolean is_fine = mp_cli_probe(trial->app.setup, row->mail, strlen(row->mail), &said, &error);

    assert_no_gerror(error);
    assert_contains(said, row->said);
    assert_int_equal(is_fine, row->is_fine);
}

static void
test_no_mail(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;

    (void)state;
    assert_false(mp_cli_probe(trial->app.setup, "", 0, &said, &error));
    assert_non_null(error);
    assert_null(said);
}

int
main(void)
{
    const struct CMUnitTest others[] = {
        {"what is no mail is an error", test_no_mail, NULL, NULL, NULL}};
    int failed = run_rows("probe", rows, test_row);

    return failed + cmocka_run_group_tests_name("no probe", others, NULL, NULL);
}
