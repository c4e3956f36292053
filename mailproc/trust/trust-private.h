/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of trust/ share: one parsed Authentication-Results field (RFC 8601), the test for
 * domains that imitate another, and the two halves of a signed mail. */

#include "trust/trust.h"

/* One `ptype.property=value` of a result; keys lower case, "smtp.mailfrom". */
typedef struct {
    char *key;
    char *value;
} MpAuthProperty;

/* One method with its result: "dkim", "pass". Both lower case. */
typedef struct {
    char *method;
    char *result;
    GPtrArray *properties; /* MpAuthProperty */
} MpAuthMethod;

typedef struct {
    char *authserv_id;  /* lower case, without a final dot */
    GPtrArray *methods; /* MpAuthMethod */
} MpAuthResults;

/* Reads the value of one field (unfolded or not). NULL when anything in it breaks the grammar: half
 * a field proves nothing. */
MpAuthResults *mp_trust_parse_results(const char *value);
/* Value of the first property of that name, or NULL. */
const char *mp_trust_property(const MpAuthMethod *method, const char *key);
void mp_trust_results_free(MpAuthResults *results);

/* The organisational domain ("contohkab.go.id" of "dinkes.contohkab.go.id"), or NULL when `domain`
 * is itself a public suffix or no domain. */
char *mp_trust_organisation(const char *domain);
/* The configured domain that `domain` imitates without being it or below it, or NULL. */
const char *mp_trust_imitated(const char *domain, const char *const *domains);

/* A stretch of the mail's bytes. */
typedef struct {
    const guint8 *at;
    gsize length;
} MpSpan;

/* The root of a signed mail (smime-mime.c). */
typedef struct {
    gboolean is_opaque;
    MpSpan signed_part; /* multipart/signed: the bytes that were signed, line ends as they stand */
    GByteArray *cms;    /* the DER of the signature */
} MpSignedRoot;

/* FALSE and `*reason_out` when the root is not cut into its halves in exactly one way; FALSE and no
 * reason when it is no S/MIME at all. */
gboolean
mp_trust_cut_signed(const guint8 *mail, gsize length, MpSignedRoot *root, const char **reason_out);
void mp_trust_signed_root_clear(MpSignedRoot *root);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MpSignedRoot, mp_trust_signed_root_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpAuthResults, mp_trust_results_free)
