/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/facts-private.h"

#define M(type_, kind, member)                                                                     \
    {                                                                                              \
        .name = #member, .type = kind, .offset = offsetof(type_, member)                           \
    }
#define M_WORD(type_, member, list)                                                                \
    {                                                                                              \
        .name = #member, .type = MP_FACT_WORD, .offset = offsetof(type_, member), .words = list    \
    }
#define M_ITEM(type_, kind, member, shape_)                                                        \
    {                                                                                              \
        .name = #member, .type = kind, .offset = offsetof(type_, member), .shape = &(shape_)       \
    }
#define M_CHOICE(type_, member, names, n)                                                          \
    {                                                                                              \
        .name = #member, .type = MP_FACT_CHOICE, .offset = offsetof(type_, member),                \
        .to_name = names, .n_choices = n                                                           \
    }
#define SHAPE(table, make_, free_)                                                                 \
    {                                                                                              \
        table, G_N_ELEMENTS(table), make_, free_                                                   \
    }

static const char *const kinds[] = {"request",
                                    "supplement",
                                    "command",
                                    "notice",
                                    "inquiry",
                                    "withdrawal",
                                    "complaint",
                                    "bounce",
                                    "auto-reply",
                                    "other",
                                    "suspect",
                                    "unreadable",
                                    NULL};
static const char *const services[] = {
    "pendaftaran", "pembaruan", "perubahan-data", "pencabutan", NULL};
static const char *const outcomes[] = {"issued",
                                       "rejected",
                                       "renewed",
                                       "changed",
                                       "revoked",
                                       "activation",
                                       "passphrase",
                                       "reminder",
                                       NULL};

static const char *
automatic_name(int value)
{
    return mp_automatic_to_string((MpAutomatic)value);
}

static const char *
trust_name(int value)
{
    return mp_trust_to_string((MpTrustLevel)value);
}

static const char *
signature_name(int value)
{
    return mp_signature_to_string((MpSignature)value);
}

static gpointer
make_smime(void)
{
    return mp_smime_verdict_new();
}

static void
release_smime(gpointer data)
{
    mp_smime_verdict_free(data);
}

static gpointer
make_address(void)
{
    return mp_address_new(NULL, NULL);
}

static gpointer
make_forward(void)
{
    return mp_forward_new();
}

static gpointer
make_bounced(void)
{
    return mp_bounced_new();
}

static gpointer
make_document(void)
{
    return mp_document_new();
}

static gpointer
make_letter(void)
{
    return mp_letter_new();
}

static gpointer
make_applicant(void)
{
    return mp_applicant_new();
}

static gpointer
make_hit(void)
{
    return mp_rule_hit_new();
}

static void
release_address(gpointer data)
{
    mp_address_free(data);
}

static void
release_forward(gpointer data)
{
    mp_forward_free(data);
}

static void
release_bounced(gpointer data)
{
    mp_bounced_free(data);
}

static void
release_document(gpointer data)
{
    mp_document_free(data);
}

static void
release_letter(gpointer data)
{
    mp_letter_free(data);
}

static void
release_applicant(gpointer data)
{
    mp_applicant_free(data);
}

static void
release_hit(gpointer data)
{
    mp_rule_hit_free(data);
}

static const MpFactMember address_members[] = {
    M(MpAddress, MP_FACT_LINE, name),
    M(MpAddress, MP_FACT_LINE, address),
};
static const MpFactShape address_shape = SHAPE(address_members, make_address, release_address);

static const MpFactMember forward_members[] = {
    M_ITEM(MpForward, MP_FACT_ITEM, from, address_shape),
    M(MpForward, MP_FACT_LINE, date),
    M(MpForward, MP_FACT_LINE, subject),
    M(MpForward, MP_FACT_LINE, message_id),
    M(MpForward, MP_FACT_TEXT, text),
    M(MpForward, MP_FACT_FLAG, is_attached),
    M(MpForward, MP_FACT_COUNT, depth),
};
static const MpFactShape forward_shape = SHAPE(forward_members, make_forward, release_forward);

static const MpFactMember bounced_members[] = {
    M(MpBounced, MP_FACT_LINE, address),
    M(MpBounced, MP_FACT_LINE, status),
    M(MpBounced, MP_FACT_FLAG, is_permanent),
    M(MpBounced, MP_FACT_LINE, diagnostic),
    M(MpBounced, MP_FACT_LINE, original_message_id),
};
static const MpFactShape bounced_shape = SHAPE(bounced_members, make_bounced, release_bounced);

static const MpFactMember message_members[] = {
    M(MpMessage, MP_FACT_LINE, message_id),
    M(MpMessage, MP_FACT_LINE, in_reply_to),
    M(MpMessage, MP_FACT_LINES, references),
    M(MpMessage, MP_FACT_COUNT, from_fields),
    M_ITEM(MpMessage, MP_FACT_ITEMS, from, address_shape),
    M(MpMessage, MP_FACT_FLAG, from_is_plain),
    M_ITEM(MpMessage, MP_FACT_ITEMS, reply_to, address_shape),
    M_ITEM(MpMessage, MP_FACT_ITEMS, to, address_shape),
    M(MpMessage, MP_FACT_LINE, return_path),
    M(MpMessage, MP_FACT_LINE, subject),
    M(MpMessage, MP_FACT_INSTANT, date_utc),
    M(MpMessage, MP_FACT_TEXT, text),
    M(MpMessage, MP_FACT_TEXT, reply_text),
    M(MpMessage, MP_FACT_TEXT, quoted_text),
    M(MpMessage, MP_FACT_FLAG, text_from_html),
    M_ITEM(MpMessage, MP_FACT_ITEMS, forwards, forward_shape),
    M(MpMessage, MP_FACT_FLAG, is_forward),
    M(MpMessage, MP_FACT_FLAG, is_signed),
    M(MpMessage, MP_FACT_FLAG, is_encrypted),
    M_CHOICE(MpMessage, automatic, automatic_name, MP_AUTOMATIC_N),
    M(MpMessage, MP_FACT_LINE, automatic_reason),
    M_ITEM(MpMessage, MP_FACT_ITEMS, bounced, bounced_shape),
    M(MpMessage, MP_FACT_LINE, content_hash),
    M(MpMessage, MP_FACT_LINES, doubts),
};
static const MpFactShape message_shape = SHAPE(message_members, NULL, NULL);

static const MpFactMember smime_members[] = {
    M(MpSmimeVerdict, MP_FACT_FLAG, is_good),
    M(MpSmimeVerdict, MP_FACT_LINE, reason),
    M(MpSmimeVerdict, MP_FACT_LINE, email),
    M(MpSmimeVerdict, MP_FACT_LINE, subject),
    M(MpSmimeVerdict, MP_FACT_LINE, issuer),
    M(MpSmimeVerdict, MP_FACT_LINE, serial),
    M(MpSmimeVerdict, MP_FACT_LINE, fingerprint),
    M(MpSmimeVerdict, MP_FACT_INSTANT, valid_from_utc),
    M(MpSmimeVerdict, MP_FACT_INSTANT, valid_until_utc),
};
static const MpFactShape smime_shape = SHAPE(smime_members, make_smime, release_smime);

static const MpFactMember trust_members[] = {
    M_CHOICE(MpTrustFacts, level, trust_name, MP_TRUST_N),
    M(MpTrustFacts, MP_FACT_FLAG, is_suspect_auth),
    M(MpTrustFacts, MP_FACT_FLAG, is_forged_auth),
    M(MpTrustFacts, MP_FACT_FLAG, is_look_alike),
    M(MpTrustFacts, MP_FACT_FLAG, has_foreign_reply_to),
    M(MpTrustFacts, MP_FACT_LINES, reasons),
    M_ITEM(MpTrustFacts, MP_FACT_ITEM, smime, smime_shape),
};
static const MpFactShape trust_shape = SHAPE(trust_members, NULL, NULL);

static const MpFactMember document_members[] = {
    M(MpDocument, MP_FACT_LINE, filename),
    M_WORD(MpDocument, kind, mp_document_kinds),
    M(MpDocument, MP_FACT_LINE, type),
    M(MpDocument, MP_FACT_SIZE, bytes),
    M(MpDocument, MP_FACT_LINE, sha256),
    M(MpDocument, MP_FACT_FLAG, is_readable),
    M(MpDocument, MP_FACT_FLAG, is_empty),
    M(MpDocument, MP_FACT_FLAG, is_archive_member),
    M_CHOICE(MpDocument, signature, signature_name, MP_SIGNATURE_N),
};
static const MpFactShape document_shape = SHAPE(document_members, make_document, release_document);

static const MpFactMember letter_members[] = {
    M(MpLetter, MP_FACT_LINE, number),
    M(MpLetter, MP_FACT_LINE, date),
    M(MpLetter, MP_FACT_LINE, subject),
    M(MpLetter, MP_FACT_LINE, title),
};
static const MpFactShape letter_shape = SHAPE(letter_members, make_letter, release_letter);

static const MpFactMember applicant_members[] = {
    M(MpApplicant, MP_FACT_LINE, name),
    M(MpApplicant, MP_FACT_LINE, nip),
    M(MpApplicant, MP_FACT_LINE, nik),
    M(MpApplicant, MP_FACT_LINE, email),
    M(MpApplicant, MP_FACT_LINE, phone),
    M(MpApplicant, MP_FACT_LINE, position),
    M(MpApplicant, MP_FACT_LINE, unit),
    M(MpApplicant, MP_FACT_LINE, was),
    M(MpApplicant, MP_FACT_LINE, becomes),
    M(MpApplicant, MP_FACT_LINE, valid_until),
};
static const MpFactShape applicant_shape =
    SHAPE(applicant_members, make_applicant, release_applicant);

static const MpFactMember hit_members[] = {
    M(MpRuleHit, MP_FACT_LINE, name),
    M(MpRuleHit, MP_FACT_LINE, file),
    M(MpRuleHit, MP_FACT_COUNT, line),
    M(MpRuleHit, MP_FACT_LINE, saw),
    M(MpRuleHit, MP_FACT_INTEGER, weight),
    M(MpRuleHit, MP_FACT_LINE, target),
};
static const MpFactShape hit_shape = SHAPE(hit_members, make_hit, release_hit);

static const MpFactMember verdict_members[] = {
    M_WORD(MpVerdict, kind, kinds),
    M_WORD(MpVerdict, service, services),
    M(MpVerdict, MP_FACT_LINE, case_number),
    M_WORD(MpVerdict, outcome, outcomes),
    M(MpVerdict, MP_FACT_LINE, reason),
    M(MpVerdict, MP_FACT_LINE, role),
    M_ITEM(MpVerdict, MP_FACT_ITEM, letter, letter_shape),
    M_ITEM(MpVerdict, MP_FACT_ITEMS, applicants, applicant_shape),
    M_ITEM(MpVerdict, MP_FACT_ITEMS, hits, hit_shape),
    M(MpVerdict, MP_FACT_LINES, doubts),
    M(MpVerdict, MP_FACT_FLAG, is_forwarded_notice),
    M(MpVerdict, MP_FACT_FLAG, has_rule_limit),
};
static const MpFactShape verdict_shape = SHAPE(verdict_members, NULL, NULL);

static const MpFactMember facts_members[] = {
    M_ITEM(MpFacts, MP_FACT_ITEM, message, message_shape),
    M_ITEM(MpFacts, MP_FACT_ITEM, trust, trust_shape),
    M_ITEM(MpFacts, MP_FACT_ITEMS, documents, document_shape),
    M(MpFacts, MP_FACT_LINES, codes),
    M_ITEM(MpFacts, MP_FACT_ITEM, verdict, verdict_shape),
};
const MpFactShape mp_facts_shape = SHAPE(facts_members, NULL, NULL);
