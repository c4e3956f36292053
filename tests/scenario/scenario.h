/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One office on a hand-set clock, for tests that walk whole cases: the real pipeline over a Maildir
 * in a temporary directory, a store of its own, seeded randomness and the real reader child. People
 * answer from the mails that they got. All that comes out is written to `out` (scenario-tell.c),
 * all that goes in stands in a script (scenario.c).
 *
 * Invariant: the same script gives the same bytes, whatever day and zone the machine has.
 */

#include "app/app.h"

typedef struct {
    const char *source; /* the scenario's own directory: script and mails */
    char *dir;          /* the office's, removed in the end */
    GKeyFile *config;
    MpApp *app;
    gint64 start_utc; /* the clock when the office opens */
    guint n_mails;    /* put into the mailbox */

    GString *out;
    gint64 last_entry, last_mail; /* outbox and ledger ids that were told */
    GHashTable *told;             /* case number → sequence number of its last event told */
    char *timers;                 /* as last told */
    gboolean is_brief;            /* mails by subject only */
} MpScenario;

MpScenario *mp_scenario_new(const char *source, GError **error);
void mp_scenario_free(MpScenario *scenario);

/* Before the office opens: a key of its configuration. */
void mp_scenario_set(MpScenario *s, const char *section, const char *key, const char *value);
/* Opens the office (once), or opens it anew with the store as it is. */
gboolean mp_scenario_open(MpScenario *s, GError **error);
/* What SIGHUP does: configuration, rules, procedures and holidays are read anew. */
gboolean mp_scenario_reload(MpScenario *s, GError **error);

gint64 mp_scenario_now(const MpScenario *s);
/* Lets time pass up to `at_utc`: everything that is due on the way happens at its own minute. */
gboolean mp_scenario_walk(MpScenario *s, gint64 at_utc, GError **error);
/* Sets the clock at once and sweeps. */
gboolean mp_scenario_jump(MpScenario *s, gint64 at_utc, GError **error);

/* Puts a file of the scenario into the mailbox. */
gboolean mp_scenario_mail(MpScenario *s, const char *name, GError **error);
/* Somebody of the role (or an address) answers the newest mail that carries a code, of that case
 * unless it is NULL. */
gboolean mp_scenario_reply(
    MpScenario *s, const char *who, const char *number, const char *words, GError **error);
/* BSrE writes about an applicant: issued, renewed, changed, revoked or rejected. */
gboolean mp_scenario_bsre(
    MpScenario *s, const char *outcome, const char *number, guint applicant, GError **error);
/* One more line in the office's file of holidays. */
gboolean mp_scenario_holiday(MpScenario *s, const char *iso_day, const char *name, GError **error);

/* What came out since the last call. */
gboolean mp_scenario_tell(MpScenario *s, GError **error);
gboolean mp_scenario_tell_timers(MpScenario *s, GError **error);
/* "time used per step against the SOP" of a case. */
gboolean mp_scenario_tell_account(MpScenario *s, const char *number, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpScenario, mp_scenario_free)
