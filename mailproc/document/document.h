/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* document/: what an attachment is and what it says, as a clerk would put it: type by content, text
 * of PDF, DOCX, XLSX and CSV, members of ZIP and winmail.dat, letter number, date and hal, the
 * people a letter is about with their NIP and NIK. Input are the parts of an MpMessage; kinds of
 * documents are decided by rules in classify/. Nothing is written to disk, nothing is run.
 *
 * Invariants
 *  - Identity numbers stand as written (digits only), also when wrong: then a doubt says so.
 *  - A document whose text cannot be read is a normal thing: is_readable FALSE, never an error.
 * Ownership and failure: every list is the caller's; functions here do not fail, they state facts
 * and doubts (over a limit = the doubt "limit").
 */

#include "base/base.h"
#include "message/message.h"

#define MP_SIGNATURES(X)                                                                           \
    X(NONE, "none")                                                                                \
    X(CLAIMED, "claimed")                                                                          \
    X(PRESENT, "present") X(INTACT, "intact") X(CHANGED, "changed") X(INVALID, "invalid")

typedef enum {

#define X(id, name) MP_SIGNATURE_##id,
    MP_SIGNATURES(X)
#undef X
        MP_SIGNATURE_N
} MpSignature;

const char *mp_signature_to_string(MpSignature signature);
gboolean mp_signature_from_string(const char *name, MpSignature *signature_out);

/* Closed list of document kinds; "lainnya" is the default. */
extern const char *const mp_document_kinds[];

typedef struct {
    char *filename; /* as shown */
    char *kind;     /* of mp_document_kinds; set by classify, "lainnya" before */
    char *type;     /* by content, e.g. "application/pdf" */
    gsize bytes;
    char *sha256;
    gboolean is_readable; /* there is text */
    gboolean is_empty;    /* 0 bytes */
    gboolean is_archive_member;
    MpSignature signature;
    char *text;        /* "" when none; tables keep their cells split by tabs */
    GPtrArray *tables; /* char *: tables (CSV, XLSX sheet, DOCX table), tabs and newlines */
    GBytes *content;   /* decoded bytes, or NULL once handed on */
} MpDocument;

typedef struct {
    char *number;  /* "800/1123/2026" as written, blanks squeezed, or NULL */
    char *date;    /* ISO day, or NULL */
    char *subject; /* Hal/Perihal, or NULL */
    char *title;   /* heading in capitals: "SURAT REKOMENDASI PERMOHONAN …", or NULL */
} MpLetter;

typedef struct {
    char *name;
    char *nip; /* digits as written */
    char *nik;
    char *email;
    char *phone;
    char *position;
    char *unit;
    char *was;         /* "Semula" */
    char *becomes;     /* "Menjadi" */
    char *valid_until; /* ISO day the present certificate ends, where stated */
} MpApplicant;

/* A text that may name applicants, with what it is. "subject" names people only behind "a.n." and
 * when nothing else does; decrees (sk-*), death certificates and dispositions complete a person,
 * and speak alone only when they name a single one. */
typedef struct {
    const char *kind;  /* document kind, "body" or "subject" */
    const char *text;  /* borrowed */
    GPtrArray *tables; /* borrowed, may be NULL */
} MpSource;

/* All documents of a mail in order: parts that are no inline pictures or signatures, ZIP and TNEF
 * replaced by their members. Adds "unread-attachment", "empty-attachment", "limit" to `doubts`
 * where they are certain already. */
GPtrArray *
mp_document_read_all(const MpMessage *message, const MpLimits *limits, GPtrArray *doubts);
/* Type by content (magic), falling back to the declared one. */
const char *mp_document_type(const guint8 *bytes, gsize length, const char *declared_type);
/* Head of a letter: number, date, hal, title. All NULL when nothing is found. */
MpLetter *mp_document_find_letter(const char *text);
/* Number and date of the letter that running text refers to ("surat kami Nomor … tanggal …"). */
MpLetter *mp_document_find_reference(const char *text);
/* ISO day of a date as Indonesians write it, or NULL. Never guesses a century of two digits. */
char *mp_document_parse_date(const char *text);
/* The people whose certificate it is about, merged over the sources (best source first), in reading
 * order. `own_domains` are the office's own. Adds bad-nip, bad-nik, nip-nik-differ, swapped-number,
 * same-name, private-email to `doubts`. */
GPtrArray *mp_document_find_applicants(const MpSource *sources,
                                       gsize n_sources,
                                       const char *const *own_domains,
                                       const MpLimits *limits,
                                       GPtrArray *doubts);
/* Inner rules of NIP (18) and NIK (16): NULL when fine, else the doubt's name. */
const char *mp_document_check_nip(const char *digits);
const char *mp_document_check_nik(const char *digits);
/* TRUE when birth date or sex of the two numbers differ. */
gboolean mp_document_nip_nik_differ(const char *nip, const char *nik);

MpDocument *mp_document_new(void);
void mp_document_free(MpDocument *document);
MpLetter *mp_letter_new(void);
void mp_letter_free(MpLetter *letter);
MpApplicant *mp_applicant_new(void);
void mp_applicant_free(MpApplicant *applicant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDocument, mp_document_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpLetter, mp_letter_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpApplicant, mp_applicant_free)
