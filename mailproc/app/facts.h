/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* app/facts: everything the program knows about one mail, put together from the rooms of the middle
 * (message, trust, document, classify), and its way over the socket from the reader child to the
 * parent as JSON. The reader has met hostile bytes: what it says is taken as a claim, so decoding
 * bounds every text, list and number, knows every word of the closed lists and cleans every text
 * again. The parent may rely on the decoded facts as on facts made at home.
 *
 * Invariants
 *  - No member of MpFacts is NULL; lists are never NULL.
 *  - Decoded facts have no raw parts, headers and HTML tables, and documents without content, text
 *    and tables: sha256 and bytes say what the content, which travels apart, must be.
 *  - Links of BSrE and written passphrases are replaced in all texts (decisions.md 14).
 * Errors: INPUT (no mail, no facts), LIMIT (over a limit; the message names it).
 */

#include "base/base.h"
#include "classify/classify.h"
#include "document/document.h"
#include "message/message.h"
#include "trust/trust.h"

/* What reading a mail needs to know of the office. Everything in it is owned by it. */
typedef struct {
    MpLimits limits;
    MpMessageOptions message; /* its limits are those above: mp_facts_read copies them */
    MpTrustOptions trust;
    MpOffice *office;
    MpRules *rules;
} MpReaderSetup;

/* Default limits, an empty office, no rules. */
MpReaderSetup *mp_reader_setup_new(void);
void mp_reader_setup_free(MpReaderSetup *setup);

typedef struct {
    MpMessage *message;
    MpTrustFacts *trust;
    GPtrArray *documents; /* MpDocument, in order of the mail, kinds set */
    GPtrArray *codes;     /* char *: capability codes found, as mp_trust_find_codes gives them */
    MpVerdict *verdict;   /* its doubts include those of message and documents */
} MpFacts;

/* The whole reading of one mail: parse, documents, their kinds, letter, applicants, proof of the
 * sender, classification. Pure: the same bytes and setup give the same facts. */
MpFacts *mp_facts_read(const MpReaderSetup *setup,
                       const guint8 *bytes,
                       gsize length,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One line of JSON (no newline inside) with everything but raw parts, headers and contents. */
char *mp_facts_to_json(const MpFacts *facts);
/* The way back. `length` -1 = up to NUL; `limits` NULL = defaults. */
MpFacts *mp_facts_from_json(const char *json, gssize length, const MpLimits *limits, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

MpFacts *mp_facts_new(void);
void mp_facts_free(MpFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpReaderSetup, mp_reader_setup_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpFacts, mp_facts_free)
