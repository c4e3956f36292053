/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How the service does: read from the store for `status` and the node exporter's textfile, and
 * watched by the delivery process, which tells people once when something goes wrong, once when it
 * is well again, and sends a note every day that carries the head of the audit chain.
 *
 * Errors: STORAGE from the store.
 */

#include "app/plan.h"

/* A recipient domain that rests after refusals. */
typedef struct {
    char *domain;
    gint64 until_utc;
} MpHealthRest;

typedef struct {
    gint64 now_utc;
    gint64 last_sweep_utc; /* 0 = never */
    MpStoreCounts counts;
    gint64 chain_seq;
    char *chain_head;
    guint64 disk_free;                      /* bytes that this user may still fill */
    gint64 mailbox_tls_utc, sender_tls_utc; /* end of the servers' certificates; 0 = none seen */
    guint dead;                             /* addresses that take no mail */
    GPtrArray *rests;                       /* MpHealthRest, by name */
} MpHealth;

MpHealth *mp_health_read(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_health_free(MpHealth *health);
/* One flat object; lines of the node exporter; lines for people. */
char *mp_health_to_json(const MpHealth *health, const MpCalendar *calendar);
char *mp_health_to_textfile(const MpHealth *health);
char *mp_health_to_text(const MpHealth *health, const MpCalendar *calendar);

/* Keeps in the store when the certificates of the servers end that were met last. */
gboolean mp_watch_mark_servers(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tells what changed since the last call, at most; `started_utc`: when this process began, because
 * a service that was stopped has swept nothing. */
gboolean mp_watch_look(MpApp *app, gint64 started_utc, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The note with those values to each address of [watch], or to the verifikator's. */
MpPlan *
mp_plan_health(const MpPlanner *planner, MpValue *values, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpHealth, mp_health_free)
