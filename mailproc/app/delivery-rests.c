/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/delivery-private.h"

struct MpRests {
    GHashTable *domains; /* domain → MpOutboxDomain */
    GHashTable *changed; /* domains (a set) whose mark must be written */
};

MpRests *
mp_rests_new(void)
{
    MpRests *rests = g_new0(MpRests, 1);

    rests->domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    rests->changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return rests;
}

void
mp_rests_free(MpRests *rests)
{
    if (rests == NULL)
        return;
    g_hash_table_unref(rests->domains);
    g_hash_table_unref(rests->changed);
    g_free(rests);
}

static MpOutboxDomain *
read_domain(MpStore *store, const char *domain)
{
    MpOutboxDomain *known = g_new0(MpOutboxDomain, 1);
    g_autofree char *mark = g_strconcat(MP_REST_MARK, domain, NULL);
    g_autofree char *value = store->mark_get(store, mark);
    char *end = NULL;

    if (value == NULL)
        return known;
    known->refusals = (guint)g_ascii_strtoull(value, &end, 10);
    known->rest_utc = g_ascii_strtoll(end, NULL, 10);
    return known;
}

gint64
mp_rests_until(MpRests *rests, MpStore *store, const char *address)
{
    g_autofree char *domain = mp_text_domain(address);
    MpOutboxDomain *known;

    if (domain == NULL)
        return 0;
    known = g_hash_table_lookup(rests->domains, domain);
    if (known == NULL) {
        known = read_domain(store, domain);
        g_hash_table_insert(rests->domains, g_strdup(domain), known);
    }
    return known->rest_utc;
}

void
mp_rests_learn(MpRests *rests,
               const MpOutboxPolicy *policy,
               const MpOutboxEntry *entry,
               MpSendResult result,
               gint64 now_utc)
{
    g_autofree char *domain = mp_text_domain(entry->recipient);
    MpOutboxDomain *known = domain == NULL ? NULL : g_hash_table_lookup(rests->domains, domain);
    MpOutboxDomain after;

    if (known == NULL)
        return;
    after = mp_outbox_domain_after(policy, *known, result, entry->server_reply, now_utc);
    if (after.refusals == known->refusals && after.rest_utc == known->rest_utc)
        return;
    *known = after;
    g_hash_table_add(rests->changed, g_steal_pointer(&domain));
}

gboolean
mp_rests_save(MpRests *rests, MpStore *store, GError **error)
{
    GHashTableIter iter;
    gpointer domain = NULL;

    if (rests == NULL)
        return TRUE;
    g_hash_table_iter_init(&iter, rests->changed);
    while (g_hash_table_iter_next(&iter, &domain, NULL)) {
        const MpOutboxDomain *known = g_hash_table_lookup(rests->domains, domain);
        g_autofree char *mark = g_strconcat(MP_REST_MARK, domain, NULL);
        g_autofree char *value =
            g_strdup_printf("%u %" G_GINT64_FORMAT, known->refusals, known->rest_utc);

        if (!store->mark_set(store, mark, known->refusals == 0 ? NULL : value, error))
            return FALSE;
    }
    return TRUE;
}
