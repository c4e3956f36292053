/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the writer of a command may give it: his grant, the level that each verb needs, and what
 * the case was when he was asked (decisions.md 4 and 5). */

#include "app/plan-session.h"
#include "trust/trust.h"

/* The first code in the mail that was given to this very writer and is still good. */
gboolean
mp_plan_find_grant(MpSession *session, GError **error)
{
    MpPlanning *p = session->p;
    MpStore *store = p->planner->store;

    for (guint i = 0; store != NULL && i < p->facts->codes->len; i++) {
        g_autofree char *hash = mp_trust_hash_code(g_ptr_array_index(p->facts->codes, i));
        g_autoptr(GError) local = NULL;
        g_autoptr(MpGrant) grant = store->grant_find(store, hash, &local);

        if (local != NULL) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        if (grant == NULL || !mp_plan_is_same_address(grant->recipient, p->sender))
            continue;
        if (grant->expires_utc < p->at_utc) {
            mp_plan_note(p, "grant-expired", NULL, "%s", grant->recipient);
            if (grant->items->len == 1 && session->asked_case == NULL)
                session->asked_case = g_strdup(
                    ((const MpGrantItem *)g_ptr_array_index(grant->items, 0))->case_number);
            continue;
        }
        session->grant = g_steal_pointer(&grant);
        return TRUE;
    }
    return TRUE;
}

static const MpGrantItem *
grant_item(const MpSession *session, const char *number)
{
    for (guint i = 0; session->grant != NULL && i < session->grant->items->len; i++) {
        const MpGrantItem *item = g_ptr_array_index(session->grant->items, i);

        if (g_strcmp0(item->case_number, number) == 0)
            return item;
    }
    return NULL;
}

static gboolean
is_asking_verb(const char *verb)
{
    static const char *const asking[] = {"BANTUAN", "STATUS", "DAFTAR", "COBA", NULL};

    return g_strv_contains(asking, verb);
}

static MpTrustLevel
needed_level(const MpSession *session, const MpCommand *command)
{
    const MpConfig *config = session->p->planner->setup->config;
    g_autofree char *key = g_strconcat("level.", command->verb, NULL);

    if ((is_asking_verb(command->verb) || command->is_trial) &&
        !mp_config_is_set(config, "trust", key))
        return MP_TRUST_ALIGNED;
    return mp_config_level(config, command->verb);
}

static gboolean
has_authserv(const MpSession *session)
{
    return mp_config_string(session->p->planner->setup->config, "trust", "authserv_id")[0] != '\0';
}

/* The level reached for this case. A grant lifts an aligned mail, or any mail of an office whose
 * server proves nobody (decisions.md 2). A signature comes on top of the code, never in its place:
 * the mail's header is not signed, and the same words could be sent again for another case. */
static MpTrustLevel
reached_level(const MpSession *session, const char *number)
{
    MpTrustLevel level = session->p->facts->trust->level;

    if (grant_item(session, number) == NULL || (level < MP_TRUST_ALIGNED && has_authserv(session)))
        return level;
    return mp_trust_is_signed_at(session->p->facts->trust, session->p->at_utc)
               ? MP_TRUST_SIGNED
               : MP_TRUST_CAPABILITY;
}

/* Does the code belong to the case as it stands? What is taken back by its own writer stands behind
 * it by definition: his last command spent the code that he answers with. */
static gboolean
is_stale(const MpSession *session,
         const MpCommand *command,
         const MpCase *kase,
         const MpGrantItem *item)
{
    if (!item->is_spent && item->version == kase->version)
        return FALSE;
    return strcmp(command->verb, "BATAL") != 0 ||
           !mp_plan_is_same_address(kase->last_mover, session->p->sender);
}

/* FALSE and a refused line when the writer's mail does not carry the authority for this. */
gboolean
mp_plan_is_authorised(MpSession *session,
                      const MpCommand *command,
                      const MpCase *kase,
                      MpSessionLine *line)
{
    MpTrustLevel need = needed_level(session, command);
    const MpGrantItem *item = kase == NULL ? NULL : grant_item(session, kase->number);

    if (need >= MP_TRUST_CAPABILITY && item != NULL && is_stale(session, command, kase, item)) {
        mp_plan_refuse_stale(session, line, kase, item->version);
        return FALSE;
    }
    session->p->trust = reached_level(session, kase == NULL ? NULL : kase->number);
    if (session->p->trust >= need || (need == MP_TRUST_ALIGNED && !has_authserv(session)))
        return TRUE;
    if (need == MP_TRUST_SIGNED && session->p->trust == MP_TRUST_CAPABILITY)
        mp_plan_refuse(line, "perintah ini harus datang dalam surel bertanda tangan elektronik");
    else
        mp_plan_refuse(line,
                       "surel ini tidak membawa kode untuk permohonan tersebut; mohon konfirmasi");
    session->wants_confirmation = TRUE;
    return FALSE;
}
