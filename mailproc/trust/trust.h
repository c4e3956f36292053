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
    char *smime_ca; /* PEM certificates that S/MIME chains must end in; NULL = none */
    gsize smime_ca_bytes;
} MpTrustOptions;

/* What an S/MIME signature over the whole mail is worth (OpenSSL CMS). "Cannot tell" is every case
 * but one, and `reason` names it. Times are not judged without a clock: the certificates of the
 * chain were all valid between the two. */
typedef struct {
    gboolean is_good; /* whole mail, one signer, his address is From's, chain, use, digest */
    char *reason;     /* one line, always set */
    char *email;      /* the address in the certificate that equals From; likewise NULL below */
    char *subject, *issuer, *serial;
    char *fingerprint;                      /* hex SHA-256 of the signer's certificate */
    gint64 valid_from_utc, valid_until_utc; /* of the whole chain; 0 = unknown */
    GBytes *content; /* of an opaque mail that is good: the MIME entity inside; never in JSON */
} MpSmimeVerdict;

typedef struct {
    MpTrustLevel level; /* NONE, ADDRESS or ALIGNED here; capability and signature come on top */
    gboolean is_suspect_auth; /* authserv_id set and the proof is absent or failed */
    gboolean is_forged_auth;  /* results with our authserv-id outside our block, or contradicting */
    gboolean
        is_look_alike; /* From's domain imitates a BSrE or own domain, or its display name does */
    gboolean has_foreign_reply_to;
    GPtrArray *reasons;    /* char *: one line each */
    MpSmimeVerdict *smime; /* of a mail that is signed at its root, else NULL */
} MpTrustFacts;

/* Level of the mail's From by headers alone. */
MpTrustFacts *mp_trust_assess(const MpMessage *message, const MpTrustOptions *options);
void mp_trust_facts_free(MpTrustFacts *facts);
/* How many fields of the mail carry results under that authserv-id. A probe that was sent with a
 * forged one must arrive with exactly one, ours: two mean that the server does not strip them. */
guint mp_trust_count_results(const MpMessage *message, const char *authserv_id);

/* Judges the signature of a raw mail whose single plain From is `from` (NULL = none) by the PEM
 * certificates `ca_pem`: each of them is an anchor. `at_utc` 0 = the caller judges the time himself
 * by the two instants. NULL when the mail carries no S/MIME signature at its root. */
MpSmimeVerdict *mp_trust_check_smime(const guint8 *mail,
                                     gsize length,
                                     const char *from,
                                     const char *ca_pem,
                                     gsize ca_length,
                                     gint64 at_utc);
/* TRUE when the signature is good and all its certificates were valid at that instant. */
gboolean mp_trust_is_signed_at(const MpTrustFacts *facts, gint64 at_utc);
/* Certificates in a PEM text; 0 = none that can be read. */
guint mp_trust_count_certificates(const char *pem, gsize length);
/* The mail as if its opaque signature had not been: its own header fields but those of MIME, then
 * `content`. */
GBytes *mp_trust_unwrap(const guint8 *mail, gsize length, GBytes *content);
MpSmimeVerdict *mp_smime_verdict_new(void);
void mp_smime_verdict_free(MpSmimeVerdict *verdict);

/* Capability codes found in the mail: in ids of In-Reply-To/References (`case.step.CODE@domain`)
 * and in footer lines `Kode: XXXXX-…`, quoted or not. Upper-case base32 without dashes, each once.
 */
GPtrArray *mp_trust_find_codes(const MpMessage *message);
/* 26 base32 characters of 16 random bytes, and the form in groups of five for the footer. */
char *mp_trust_format_code(const guint8 random[16]);
char *mp_trust_group_code(const char *code);
/* A Message-ID of ours without the code in it, for lists and logs. */
char *mp_trust_hide_code(const char *id);
/* What the store keeps of a code: hex SHA-256 of its canonical form. */
char *mp_trust_hash_code(const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpSmimeVerdict, mp_smime_verdict_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpTrustFacts, mp_trust_facts_free)
