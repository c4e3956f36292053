/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/facts.h"

#define LINK_GONE "[tautan dihapus]"
#define SECRET_GONE "[dihapus]"

MpReaderSetup *
mp_reader_setup_new(void)
{
    MpReaderSetup *setup = g_new0(MpReaderSetup, 1);

    setup->limits = mp_limits_default();
    setup->office = mp_office_new();
    setup->rules = mp_rules_new(&setup->limits);
    return setup;
}

void
mp_reader_setup_free(MpReaderSetup *setup)
{
    if (setup == NULL)
        return;
    g_free(setup->message.own_address);
    g_free(setup->message.own_id_domain);
    g_free(setup->trust.authserv_id);
    g_strfreev(setup->trust.own_hosts);
    g_strfreev(setup->trust.own_domains);
    g_strfreev(setup->trust.bsre_domains);
    g_free(setup->trust.smime_ca);
    mp_office_free(setup->office);
    mp_rules_free(setup->rules);
    g_free(setup);
}

static void
trust_free(gpointer trust)
{
    mp_trust_facts_free(trust);
}

MpFacts *
mp_facts_new(void)
{
    MpFacts *facts = g_new0(MpFacts, 1);

    facts->message = mp_message_new();
    facts->trust = g_new0(MpTrustFacts, 1);
    facts->trust->reasons = g_ptr_array_new_with_free_func(g_free);
    facts->documents = g_ptr_array_new_with_free_func((GDestroyNotify)mp_document_free);
    facts->codes = g_ptr_array_new_with_free_func(g_free);
    facts->verdict = mp_verdict_new();
    return facts;
}

void
mp_facts_free(MpFacts *facts)
{
    if (facts == NULL)
        return;
    mp_message_free(facts->message);
    trust_free(facts->trust);
    g_ptr_array_unref(facts->documents);
    g_ptr_array_unref(facts->codes);
    mp_verdict_free(facts->verdict);
    g_free(facts);
}

/* Links that set a passphrase or activate an account, and passphrases that people write down, stay
 * in the raw archive alone (decisions.md 14). */
typedef struct {
    const MpPattern *link;   /* every link, or those that look like a key */
    const MpPattern *secret; /* "passphrase: …" */
} Eraser;

static char *
erase(const MpPattern *pattern, const char *text, const char *with)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gsize length = strlen(text), from = 0;
    MpCaptures found;

    while (from < length && mp_pattern_match(pattern, text, length, from, &found) == MP_MATCH_YES &&
           found.end[0] > found.start[0]) {
        gsize kept = found.end[1] > 0 ? (gsize)found.end[1] : (gsize)found.start[0];

        g_string_append_len(out, text + from, (gssize)(kept - from));
        g_string_append(out, with);
        from = (gsize)found.end[0];
    }
    g_string_append(out, text + from);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
erase_in(const Eraser *eraser, char **text)
{
    char *without_link, *clean;

    if (*text == NULL)
        return;
    without_link = erase(eraser->link, *text, LINK_GONE);
    clean = erase(eraser->secret, without_link, SECRET_GONE);
    g_free(without_link);
    g_free(*text);
    *text = clean;
}

/* Compiled once a process. */
static const MpPattern *
kept_pattern(MpPattern **slot, const char *regex)
{
    if (*slot == NULL)
        *slot = mp_pattern_new(regex, MP_PATTERN_CASELESS, NULL, NULL);
    return *slot;
}

static void
erase_secrets(MpFacts *facts)
{
    static const char *const any_link = "(?:https?://|www\\.)\\S+";
    static const char *const key_link =
        "https?://"
        "\\S*(?:pass-?phrase|passwd|password|aktivasi|activat|verif|reset|token|otp|bssn)\\S*";
    gboolean is_notice =
        strcmp(facts->verdict->kind, "notice") == 0 || strcmp(facts->verdict->kind, "suspect") == 0;
    static const char *const secret =
        "((?:pass-?phrase|password|kata sandi)\\w*(?: (?:saya|anda|kami|baru|lama))? ?[:=] ?)\\S+";
    static MpPattern *any_links, *key_links, *secrets;
    const Eraser eraser = {is_notice ? kept_pattern(&any_links, any_link)
                                     : kept_pattern(&key_links, key_link),
                           kept_pattern(&secrets, secret)};
    MpMessage *message = facts->message;

    g_return_if_fail(eraser.link != NULL && eraser.secret != NULL);
    erase_in(&eraser, &message->subject);
    erase_in(&eraser, &message->text);
    erase_in(&eraser, &message->reply_text);
    erase_in(&eraser, &message->quoted_text);
    for (guint i = 0; i < message->forwards->len; i++)
        erase_in(&eraser, &((MpForward *)g_ptr_array_index(message->forwards, i))->text);
    for (guint i = 0; i < facts->verdict->hits->len; i++)
        erase_in(&eraser, &((MpRuleHit *)g_ptr_array_index(facts->verdict->hits, i))->saw);
}

/* What the documents say of themselves is certain, but whether an unread one matters depends on its
 * kind, which the rules decide. */
static void
keep_document_doubts(const GPtrArray *from, GPtrArray *into)
{
    for (guint i = 0; i < from->len; i++) {
        const char *name = g_ptr_array_index(from, i);

        if (strcmp(name, "unread-attachment") != 0)
            mp_text_add_once(into, name);
    }
}

/* The signature of a mail that is signed at its root. An opaque one whose signature is good is read
 * as the mail inside; any other stays closed, because nobody vouches for what it holds. */
static void
read_signature(const MpReaderSetup *setup,
               const MpMessageOptions *options,
               const guint8 *bytes,
               gsize length,
               MpFacts *facts)
{
    MpMessage *outer = facts->message;
    g_autoptr(GBytes) plain = NULL;
    g_autoptr(MpMessage) inner = NULL;
    MpSmimeVerdict *verdict;

    if (!outer->is_signed)
        return;
    verdict = mp_trust_check_smime(bytes,
                                   length,
                                   mp_message_sender(outer),
                                   setup->trust.smime_ca,
                                   setup->trust.smime_ca_bytes,
                                   0);
    if (verdict == NULL)
        return;
    facts->trust->smime = verdict;
    g_ptr_array_add(facts->trust->reasons, g_strconcat("S/MIME: ", verdict->reason, NULL));
    if (verdict->content == NULL)
        return;
    plain = mp_trust_unwrap(bytes, length, verdict->content);
    inner = mp_message_parse(g_bytes_get_data(plain, NULL), g_bytes_get_size(plain), options, NULL);
    if (inner == NULL) {
        verdict->is_good = FALSE;
        return;
    }
    inner->is_signed = TRUE;
    g_free(inner->content_hash);
    inner->content_hash = g_strdup(outer->content_hash);
    mp_message_free(outer);
    facts->message = g_steal_pointer(&inner);
}

MpFacts *
mp_facts_read(const MpReaderSetup *setup, const guint8 *bytes, gsize length, GError **error)
{
    MpMessageOptions options = setup->message;
    g_autoptr(MpMessage) message = NULL;
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(MpFacts) facts = NULL;
    MpSenderProof proof = {0};

    options.limits = setup->limits;
    message = mp_message_parse(bytes, length, &options, error);
    if (message == NULL)
        return NULL;
    facts = mp_facts_new();
    mp_message_free(facts->message);
    facts->message = g_steal_pointer(&message);
    trust_free(facts->trust);
    facts->trust = mp_trust_assess(facts->message, &setup->trust);
    read_signature(setup, &options, bytes, length, facts);
    g_ptr_array_unref(facts->codes);
    facts->codes = mp_trust_find_codes(facts->message);
    g_ptr_array_unref(facts->documents);
    facts->documents = mp_document_read_all(facts->message, &setup->limits, doubts);
    proof.level = facts->trust->level;
    proof.is_suspect_auth = facts->trust->is_suspect_auth;
    proof.is_forged_auth = facts->trust->is_forged_auth;
    proof.is_look_alike = facts->trust->is_look_alike;
    proof.has_foreign_reply_to = facts->trust->has_foreign_reply_to;
    mp_verdict_free(facts->verdict);
    facts->verdict =
        mp_classify_mail(setup->rules, setup->office, facts->message, facts->documents, &proof);
    keep_document_doubts(doubts, facts->verdict->doubts);
    erase_secrets(facts);
    return g_steal_pointer(&facts);
}
