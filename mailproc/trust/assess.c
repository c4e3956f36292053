/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Level of a sender by headers (decisions.md 1 and 2). Headers are prepended, so the block that our
 * own relays wrote ends at the first Received that names another host as `by`. Only the topmost
 * results with our authserv-id in that block count; every other field is looked at only to tell
 * that somebody tried. */

#include "trust/trust-private.h"

typedef struct {
    MpAuthResults *ours;   /* topmost with our id inside our block, or NULL */
    guint n_ours;          /* with our id, anywhere */
    gboolean is_outside;   /* one with our id stands below our block */
    gboolean has_broken;   /* one with our id that cannot be read stands in our block */
    gboolean foreign_pass; /* another server's results claim a pass for From's domain */
    gboolean differs;      /* a second one of ours says pass where the first did not */
} Seen;

static void add_reason(MpTrustFacts *facts, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_reason(MpTrustFacts *facts, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(facts->reasons, mp_text_line(text));
}

void
mp_trust_facts_free(MpTrustFacts *facts)
{
    if (facts == NULL)
        return;
    g_ptr_array_unref(facts->reasons);
    mp_smime_verdict_free(facts->smime);
    g_free(facts);
}

/* The host after `by` in a Received value, lower case, or NULL. */
static char *
received_by(const char *value)
{
    g_auto(GStrv) words = g_strsplit_set(value, " \t\r\n", -1);

    for (gsize i = 0; words[i] != NULL; i++) {
        const char *host = words[i + 1];

        if (g_ascii_strcasecmp(words[i], "by") != 0)
            continue;
        for (gsize k = i + 1; host != NULL && host[0] == '\0'; k++)
            host = words[k];
        return host != NULL ? g_ascii_strdown(host, strcspn(host, ";(")) : NULL;
    }
    return NULL;
}

static gboolean
is_own_host(const char *host, const MpTrustOptions *options)
{
    const char *const only[] = {options->authserv_id, NULL};
    const char *const *hosts = (const char *const *)options->own_hosts;

    if (hosts == NULL || hosts[0] == NULL)
        hosts = only;
    for (gsize i = 0; host != NULL && hosts[i] != NULL; i++) {
        if (g_ascii_strcasecmp(host, hosts[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_result(const MpAuthMethod *method, const char *name, const char *result)
{
    return strcmp(method->method, name) == 0 && strcmp(method->result, result) == 0;
}

/* d= or the domain of i= lies in the same organisation as From's domain. */
static gboolean
is_dkim_aligned(const MpAuthMethod *method, const char *domain)
{
    const char *signer = mp_trust_property(method, "header.d");
    const char *identity = mp_trust_property(method, "header.i");
    g_autofree char *organisation = mp_trust_organisation(domain);
    g_autofree char *other = NULL;

    if (signer == NULL && identity != NULL)
        signer = strrchr(identity, '@') != NULL ? strrchr(identity, '@') + 1 : identity;
    if (signer == NULL)
        return FALSE;
    if (g_ascii_strcasecmp(signer, domain) == 0)
        return TRUE;
    other = mp_trust_organisation(signer);
    return organisation != NULL && other != NULL && strcmp(organisation, other) == 0;
}

/* One method proves the sender: decisions.md 2. */
static gboolean
proves(const MpAuthMethod *method, const char *address, const char *domain)
{
    const char *value;

    if (is_result(method, "dmarc", "pass")) {
        value = mp_trust_property(method, "header.from");
        return value != NULL && g_ascii_strcasecmp(value, domain) == 0;
    }
    if (is_result(method, "dkim", "pass"))
        return is_dkim_aligned(method, domain);
    if (is_result(method, "auth", "pass")) {
        value = mp_trust_property(method, "smtp.auth");
        return value != NULL && g_ascii_strcasecmp(value, address) == 0;
    }
    return FALSE;
}

/* DMARC said no. A passing error of the resolver is no answer either way. */
static gboolean
has_failed(const MpAuthResults *results)
{
    static const char *const harmless[] = {
        "pass", "none", "bestguesspass", "temperror", "permerror", NULL};

    for (guint i = 0; i < results->methods->len; i++) {
        const MpAuthMethod *method = g_ptr_array_index(results->methods, i);

        if (strcmp(method->method, "dmarc") == 0 && !g_strv_contains(harmless, method->result))
            return TRUE;
    }
    return FALSE;
}

static const MpAuthMethod *
find_proof(const MpAuthResults *results, const char *address, const char *domain)
{
    for (guint i = 0; i < results->methods->len; i++) {
        const MpAuthMethod *method = g_ptr_array_index(results->methods, i);

        if (proves(method, address, domain))
            return method;
    }
    return NULL;
}

static void
look_at_results(const MpTrustOptions *options,
                const char *value,
                gboolean in_block,
                const char *address,
                Seen *seen)
{
    g_autoptr(MpAuthResults) results = mp_trust_parse_results(value);
    g_autofree char *domain = mp_text_domain(address);
    gboolean is_pass =
        results != NULL && domain != NULL && find_proof(results, address, domain) != NULL;

    if (results == NULL) {
        seen->has_broken |= in_block && strstr(value, options->authserv_id) != NULL;
        return;
    }
    if (g_ascii_strcasecmp(results->authserv_id, options->authserv_id) != 0) {
        seen->foreign_pass |= is_pass;
        return;
    }
    seen->n_ours++;
    if (!in_block)
        seen->is_outside = TRUE;
    else if (seen->ours == NULL && !seen->has_broken)
        seen->ours = g_steal_pointer(&results);
    else if (is_pass && (seen->ours == NULL || find_proof(seen->ours, address, domain) == NULL))
        seen->differs = TRUE;
}

static void
look_at_headers(const MpMessage *message,
                const MpTrustOptions *options,
                const char *address,
                Seen *seen)
{
    gboolean in_block = TRUE;

    for (guint i = 0; i < message->headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(message->headers, i);

        if (g_ascii_strcasecmp(header->name, "Received") == 0) {
            g_autofree char *by = received_by(header->value);

            in_block = in_block && is_own_host(by, options);
        } else if (g_ascii_strcasecmp(header->name, "Authentication-Results") == 0) {
            look_at_results(options, header->value, in_block, address, seen);
        }
    }
}

/* Level ALIGNED or what stands in its way. */
static void
judge(MpTrustFacts *facts, const Seen *seen, const char *address)
{
    g_autofree char *domain = mp_text_domain(address);
    const MpAuthMethod *proof = NULL;

    if (seen->ours == NULL) {
        add_reason(facts,
                   seen->has_broken ? "our server's results cannot be read"
                                    : "no results of our server");
        facts->is_forged_auth |= seen->foreign_pass;
        return;
    }
    proof = find_proof(seen->ours, address, domain);
    if (has_failed(seen->ours)) {
        facts->level = MP_TRUST_NONE;
        add_reason(facts, "our server says that DMARC failed for %s", domain);
        return;
    }
    if (proof == NULL) {
        add_reason(facts, "our server's results prove nothing for %s", domain);
        return;
    }
    facts->level = MP_TRUST_ALIGNED;
    add_reason(facts, "our server says %s=pass for %s", proof->method, domain);
}

static void
assess_results(MpTrustFacts *facts,
               const MpMessage *message,
               const MpTrustOptions *options,
               const char *address)
{
    Seen seen = {0};

    look_at_headers(message, options, address, &seen);
    judge(facts, &seen, address);
    if (seen.is_outside)
        add_reason(facts, "results under our server's name stand below our own header lines");
    if (seen.differs)
        add_reason(facts, "two results under our server's name contradict each other");
    if (seen.foreign_pass && facts->is_forged_auth)
        add_reason(facts, "results of another server claim a pass");
    facts->is_forged_auth |= seen.is_outside || seen.differs;
    facts->is_suspect_auth = facts->level < MP_TRUST_ALIGNED;
    mp_trust_results_free(seen.ours);
}

/* A display name that shows one of the configured domains, or another address than the true one. */
static gboolean
shows_other_address(const char *name, const char *address, const char *const *domains)
{
    g_autofree char *lower = name != NULL ? g_utf8_strdown(name, -1) : NULL;
    g_autofree char *own = mp_text_lower_ascii(address);

    if (lower == NULL || strstr(lower, own) != NULL)
        return FALSE;
    for (gsize i = 0; domains != NULL && domains[i] != NULL; i++) {
        if (strstr(lower, domains[i]) != NULL && strchr(lower, '@') != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
find_look_alike(MpTrustFacts *facts,
                const MpAddress *from,
                const char *address,
                const char *const *domains)
{
    g_autofree char *domain = mp_text_domain(address);
    const char *real = mp_trust_imitated(domain, domains);

    if (real != NULL) {
        facts->is_look_alike = TRUE;
        add_reason(facts, "the domain %s looks like %s", domain, real);
    }
    if (!mp_text_domain_in(domain, domains) && shows_other_address(from->name, address, domains)) {
        facts->is_look_alike = TRUE;
        add_reason(facts, "the display name shows another address");
    }
}

/* Reply-To in another organisation than From. */
static void
find_foreign_reply_to(MpTrustFacts *facts, const MpMessage *message, const char *address)
{
    g_autofree char *domain = mp_text_domain(address);
    g_autofree char *organisation = mp_trust_organisation(domain);

    for (guint i = 0; i < message->reply_to->len; i++) {
        const MpAddress *to = g_ptr_array_index(message->reply_to, i);
        g_autofree char *to_domain = to->address != NULL ? mp_text_domain(to->address) : NULL;
        g_autofree char *to_organisation = mp_trust_organisation(to_domain);

        if (to_domain != NULL && domain != NULL && strcmp(to_domain, domain) == 0)
            continue;
        if (g_strcmp0(to_organisation, organisation) == 0 && organisation != NULL)
            continue;
        facts->has_foreign_reply_to = TRUE;
        add_reason(facts, "Reply-To leads to another organisation than From");
        return;
    }
}

MpTrustFacts *
mp_trust_assess(const MpMessage *message, const MpTrustOptions *options)
{
    MpTrustFacts *facts = g_new0(MpTrustFacts, 1);
    const char *const *own = (const char *const *)options->own_domains;
    const char *const *bsre = (const char *const *)options->bsre_domains;
    const char *address = mp_message_sender(message);

    facts->reasons = g_ptr_array_new_with_free_func(g_free);
    if (address == NULL) {
        facts->level = MP_TRUST_NONE;
        facts->is_suspect_auth = options->authserv_id != NULL && options->authserv_id[0] != '\0';
        add_reason(facts, "From is not exactly one plain address");
        return facts;
    }
    facts->level = MP_TRUST_ADDRESS;
    if (options->authserv_id != NULL && options->authserv_id[0] != '\0')
        assess_results(facts, message, options, address);
    else
        add_reason(facts, "no authserv_id is configured: nothing can prove the sender");
    find_look_alike(facts, g_ptr_array_index(message->from, 0), address, bsre);
    find_look_alike(facts, g_ptr_array_index(message->from, 0), address, own);
    find_foreign_reply_to(facts, message, address);
    return facts;
}

guint
mp_trust_count_results(const MpMessage *message, const char *authserv_id)
{
    guint n = 0;

    for (guint i = 0; i < message->headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(message->headers, i);
        g_autoptr(MpAuthResults) results = NULL;

        if (g_ascii_strcasecmp(header->name, "Authentication-Results") != 0)
            continue;
        results = mp_trust_parse_results(header->value);
        if (results != NULL && g_ascii_strcasecmp(results->authserv_id, authserv_id) == 0)
            n++;
    }
    return n;
}
