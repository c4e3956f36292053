/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* trust/: who really says so. Reads Authentication-Results (RFC 8601) the way decisions.md 1–3 want
 * it, finds the reply capability in a mail, tells look-alikes, and gives a level with reasons. It
 * never acts and never looks anything up: whether a capability is good is the store's answer.
 * Functions here do not fail: what cannot be read proves nothing, and the reasons say why.
 */

#include "base/base.h"
#include "message/message.h"

typedef struct {
    char *authserv_id;  /* whose results count; NULL or "" = nobody's */
    char **own_hosts;   /* hosts of the office's relays; NULL = authserv_id alone */
    char **own_domains; /* the office's own domains, for look-alikes */
    char **bsre_domains;
} MpTrustOptions;

typedef struct {
    MpTrustLevel level; /* NONE, ADDRESS or ALIGNED here; capability and signature come on top */
    gboolean is_suspect_auth; /* authserv_id set and the proof is absent or failed */
    gboolean is_forged_auth;  /* results with our authserv-id outside our block, or contradicting */
    gboolean
        is_look_alike; /* From's domain imitates a BSrE or own domain, or its display name does */
    gboolean has_foreign_reply_to;
    GPtrArray *reasons; /* char *: one line each */
} MpTrustFacts;

/* Level of the mail's From by headers alone. */
MpTrustFacts *mp_trust_assess(const MpMessage *message, const MpTrustOptions *options);
void mp_trust_facts_free(MpTrustFacts *facts);
/* How many fields of the mail carry results under that authserv-id. A probe that was sent with a
 * forged one must arrive with exactly one, ours: two mean that the server does not strip them. */
guint mp_trust_count_results(const MpMessage *message, const char *authserv_id);

/* Capability codes found in the mail: in ids of In-Reply-To/References (`case.step.CODE@domain`)
 * and in footer lines `Kode: XXXXX-…`, quoted or not. Upper-case base32 without dashes, each once.
 */
GPtrArray *mp_trust_find_codes(const MpMessage *message);
/* 26 base32 characters of 16 random bytes, and the form in groups of five for the footer. */
char *mp_trust_format_code(const guint8 random[16]);
char *mp_trust_group_code(const char *code);
/* What the store keeps of a code: hex SHA-256 of its canonical form. */
char *mp_trust_hash_code(const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpTrustFacts, mp_trust_facts_free)
