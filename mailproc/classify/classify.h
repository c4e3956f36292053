/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* classify/: rules and facts to a verdict with reasons and doubts: what kind of mail this is, which
 * service it asks for, what each document is. The rules are data (rules/ *.rules); conflicts become
 * doubts, not guesses; the title decides the service. Pure: the same facts give the same verdict.
 *
 * Invariants: `kind` is never NULL; every rule that counted is listed with file and line; an
 * automatic mail is never anything but bounce, auto-reply or other.
 * Errors: CONFIG with "file:line: …" from loading rules only.
 */

#include "base/base.h"
#include "document/document.h"
#include "message/message.h"

typedef struct MpRules MpRules;

MpRules *mp_rules_new(const MpLimits *limits);
/* Adds one file of rules; call once a file, in name order. */
gboolean mp_rules_add(MpRules *rules,
                      const char *name,
                      const char *bytes,
                      gsize length,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint mp_rules_count(const MpRules *rules);
void mp_rules_free(MpRules *rules);

/* Who is who, from the configuration. */
typedef struct {
    char *service_address;
    char *case_prefix;  /* "SE" */
    char **own_domains; /* whose addresses are own .go.id ones */
    char **bsre_domains;
    GHashTable *officials; /* lower-case address → role id, deputies included */
    gboolean has_authserv; /* an authserv_id is configured: unproved officials are suspect */
} MpOffice;

typedef struct {
    char *name; /* rule's group name */
    char *file;
    guint line;
    char *saw; /* the text it matched, cut to 80 characters */
    int weight;
    char *target; /* "kind:request", "service:pembaruan", "document:ktp" */
} MpRuleHit;

typedef struct {
    char *kind;    /* of contract.md */
    char *service; /* or NULL */
    char *case_number;
    char *outcome; /* notices, or NULL */
    char *reason;  /* of a rejection or revocation, or NULL */
    char *role;    /* role id of an official sender, or NULL */
    MpLetter *letter;
    GPtrArray *applicants; /* MpApplicant */
    GPtrArray *hits;       /* MpRuleHit */
    GPtrArray *doubts;     /* char * */
    gboolean is_forwarded_notice;
    gboolean has_rule_limit; /* a rule hit a PCRE2 limit: no automatic action on this mail */
} MpVerdict;

typedef struct {
    MpTrustLevel level;
    gboolean is_suspect_auth;
    gboolean is_forged_auth;
    gboolean is_look_alike;
    gboolean has_foreign_reply_to;
} MpSenderProof;

/* Sets `kind` of each document by rules (text first, then name, then place in the mail). */
void mp_classify_documents(const MpRules *rules,
                           GPtrArray *documents,
                           const MpMessage *message,
                           MpVerdict *verdict);
/* The verdict on a mail with its documents; classifies the documents first. */
MpVerdict *mp_classify_mail(const MpRules *rules,
                            const MpOffice *office,
                            const MpMessage *message,
                            GPtrArray *documents,
                            const MpSenderProof *proof);
/* Case number `PREFIX-YYYY-NNNNNN` in a text (brackets not needed), upper case, or NULL. */
char *mp_classify_find_case(const char *text, const char *prefix);

MpVerdict *mp_verdict_new(void);
void mp_verdict_free(MpVerdict *verdict);
MpRuleHit *mp_rule_hit_new(void);
void mp_rule_hit_free(MpRuleHit *hit);
MpOffice *mp_office_new(void);
void mp_office_free(MpOffice *office);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpRules, mp_rules_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpVerdict, mp_verdict_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpOffice, mp_office_free)
