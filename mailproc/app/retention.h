/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How long the papers of a case are kept (rules/retention.tsv), and whether they may go now.
 */

#include "app/plan.h"

typedef struct MpRetention MpRetention;

#define MP_FATES(X) X(DESTROY, "musnah") X(KEEP, "permanen") X(JUDGE, "dinilai-kembali")

typedef enum {

#define X(id, name) MP_FATE_##id,
    MP_FATES(X)
#undef X
        MP_FATE_N
} MpFate;

typedef struct {
    char *service, *class_;
    int active_years, inactive_years;
    MpFate fate;
} MpRetentionRow;

/* CONFIG "NAME:LINE: …". */
MpRetention *
mp_retention_parse(const char *name, const char *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL = the table does not know the service: nothing of it is ever due. */
const MpRetentionRow *mp_retention_row(const MpRetention *retention, const char *service);
/* ISO day of the end of both terms, from the day of closing. */
char *mp_retention_end(const MpRetentionRow *row, const char *closed_day);
const char *mp_fate_to_string(MpFate fate);
void mp_retention_free(MpRetention *retention);

/* Officials who commanded since the case was closed that it be destroyed (char *, addresses, each
 * once); `is_enough_out`: one of them signed, or there are two. */
GPtrArray *
mp_retention_commands(const MpCase *kase, const GPtrArray *events, gboolean *is_enough_out);

/* A closed case whose term is over. */
typedef struct {
    MpCase *kase;
    const MpRetentionRow *row; /* borrowed from the table */
    char *end;                 /* ISO day */
    char *kept_by;             /* why it may not go now, or NULL */
    gboolean lacks_command;    /* nothing but that */
    GPtrArray *commanders;     /* char * */
} MpPurgeItem;

/* All that is due on `today`, destroyed ones left out (MpPurgeItem). */
GPtrArray *mp_purge_plan(MpApp *app, const MpRetention *retention, GError **error);
/* Destroys one item that nothing keeps: first the store in one transaction, then the archive; after
 * a death in between the next call of mp_purge_resume ends it. */
gboolean mp_purge_do(MpApp *app,
                     const MpPurgeItem *item,
                     guint *values_out,
                     guint *entries_out,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_purge_resume(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Leaves names of archive entries (char *) for mp_purge_resume, inside the caller's transaction. */
gboolean
mp_purge_leave(MpApp *app, const GPtrArray *entries, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE once no step of the case needs copies of identity cards any more (pipeline-erase.c). */
gboolean mp_erase_is_due(const MpSop *sop, const MpCase *kase, gint64 now_utc);
/* The mail's bytes were destroyed, alone or with its case; its row and hashes stay. */
gboolean mp_retention_is_erased(const MpLedgerRow *row);
/* Asks verifikator and head of the office to command it, with a code each (plan-destroy.c). */
MpPlan *mp_plan_ask_destruction(const MpPlanner *planner,
                                const MpCase *kase,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Key of the event's data that a MUSNAHKAN leaves in a case. */
#define MP_DESTROY_KEY "destroy"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpRetention, mp_retention_free)
