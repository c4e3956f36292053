/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* base/: the things without a mail word in them. One error domain whose codes are chosen by their
 * cure, key files (GKeyFile syntax) that know line numbers, the one wrapper of PCRE2 with its
 * limits, text helpers, and the short lists (trust levels, limits) that several rooms share.
 * Everything above may include this; this includes nothing above it. It opens no file, reads no
 * clock, logs nothing: bytes come in as arguments, reasons go out as values.
 *
 * Invariants
 *  - FALSE or NULL from a function with a GError ⇔ the error is set, and out values are untouched.
 *  - Times are gint64 microseconds UTC (0 = unknown) and end in _utc; days are "YYYY-MM-DD".
 * Ownership: `char *` results are the caller's, `const char *` results live as long as the object.
 */

#include <glib.h>

/* --- errors --- */

/* code, short name, cure, sysexits code */
#define MP_ERRORS(X)                                                                               \
    X(INPUT, "input", "the item is quarantined; the next one goes on", 65)                         \
    X(LIMIT, "limit", "the item is quarantined; raise the limit if it is legitimate", 65)          \
    X(USAGE, "usage", "see 'mailproc help'", 64)                                                   \
    X(CONFIG, "config", "mend the file; nothing was started", 78)                                  \
    X(UNREACHABLE, "unreachable", "it is tried again with back-off", 75)                           \
    X(REFUSED_SOON, "refused-soon", "it is tried again with back-off", 75)                         \
    X(REFUSED, "refused", "a person must look", 69)                                                \
    X(UNCERTAIN, "uncertain", "the same Message-ID is tried under the bounded policy", 75)         \
    X(STORAGE, "storage", "no mail is taken until the store works again", 74)                      \
    X(CANCELLED, "cancelled", "nothing to do", 0)

typedef enum {

#define X(code, name, cure, exit) MP_ERROR_##code,
    MP_ERRORS(X)
#undef X
        MP_ERROR_N
} MpErrorCode;

#define MP_ERROR (mp_error_quark())
GQuark mp_error_quark(void);
/* Short name, cure and sysexits code of a code. */
const char *mp_error_name(MpErrorCode code);
const char *mp_error_cure(MpErrorCode code);
int mp_error_exit(MpErrorCode code);
/* Exit code for any GError: foreign domains count as STORAGE. */
int mp_error_exit_of(const GError *error);

/* --- trust levels (design: the ladder of trust), lowest first --- */

#define MP_TRUSTS(X)                                                                               \
    X(NONE, "none")                                                                                \
    X(ADDRESS, "address") X(ALIGNED, "aligned") X(CAPABILITY, "capability") X(SIGNED, "signed")

typedef enum {

#define X(id, name) MP_TRUST_##id,
    MP_TRUSTS(X)
#undef X
        MP_TRUST_N
} MpTrustLevel;

const char *mp_trust_to_string(MpTrustLevel level);
/* FALSE when `name` is no level. */
gboolean mp_trust_from_string(const char *name, MpTrustLevel *level_out);

/* --- limits --- */

/* name, type, default, one line of documentation: every limit that meets bytes from outside. The
 * configuration table and the tests at N and N+1 are made from this list. */
#define MP_LIMITS(X)                                                                               \
    X(message_bytes, 25 * 1024 * 1024, "largest mail that is read")                                \
    X(header_bytes, 1024 * 1024, "largest header block of a mail")                                 \
    X(header_count, 2000, "header fields of a mail")                                               \
    X(field_bytes, 32 * 1024, "largest single header field")                                       \
    X(parts, 500, "MIME parts of a mail")                                                          \
    X(depth, 20, "nesting of MIME parts and attached mails")                                       \
    X(parameters, 200, "parameters of one MIME header field")                                      \
    X(addresses, 1000, "addresses of a mail")                                                      \
    X(text_chars, 256 * 1024, "characters of text kept from a mail or document")                   \
    X(attachment_bytes, 20 * 1024 * 1024, "largest decoded attachment that is looked into")        \
    X(archive_entries, 1000, "entries of a ZIP that are looked at")                                \
    X(archive_bytes, 50 * 1024 * 1024, "bytes inflated from one ZIP, DOCX or XLSX")                \
    X(archive_ratio, 200, "largest ratio of inflated to packed bytes")                             \
    X(pdf_pages, 100, "pages of a PDF that are read")                                              \
    X(table_rows, 1000, "rows of a table that are read as applicants")                             \
    X(applicants, 300, "applicants of one letter")                                                 \
    X(match_steps, 100000, "steps of one pattern match")                                           \
    X(subject_bytes, 64 * 1024, "bytes of text that a pattern looks at")                           \
    X(commands, 50, "commands of one mail")

typedef struct {
#define X(name, value, doc) gint64 name;
    MP_LIMITS(X)
#undef X
} MpLimits;

/* The defaults of the list above. */
MpLimits mp_limits_default(void);

/* --- key files --- */

/* A parsed file in GKeyFile syntax: groups and keys in file order, raw values (no escape
 * processing, blanks at both ends cut), and the line of each. Doubled groups or keys, a key before
 * the first group and invalid UTF-8 are CONFIG errors "NAME:LINE: …". */
typedef struct MpKeyFile MpKeyFile;

/* `name` is what messages call the file (usually its path). */
MpKeyFile *mp_keyfile_parse(const char *name, const char *bytes, gsize length, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
const char *mp_keyfile_name(const MpKeyFile *file);
/* Group names in file order, NULL-terminated, borrowed. */
const char *const *mp_keyfile_groups(const MpKeyFile *file);
gboolean mp_keyfile_has_group(const MpKeyFile *file, const char *group);
/* Keys of a group in file order, NULL-terminated, borrowed; NULL when there is no such group. */
const char *const *mp_keyfile_keys(const MpKeyFile *file, const char *group);
/* Raw value or NULL. */
const char *mp_keyfile_value(const MpKeyFile *file, const char *group, const char *key);
/* Value cut at `;` with blanks trimmed and empty items dropped; NULL when the key is absent. */
char **mp_keyfile_list(const MpKeyFile *file, const char *group, const char *key);
/* 1-based line of a key, or of the group when `key` is NULL; 0 when absent. */
guint mp_keyfile_line(const MpKeyFile *file, const char *group, const char *key);
/* Sets a CONFIG error "NAME:LINE: message" and returns FALSE. */
gboolean mp_keyfile_refuse(const MpKeyFile *file,
                           const char *group,
                           const char *key,
                           GError **error,
                           const char *format,
                           ...) G_GNUC_PRINTF(5, 6);
void mp_keyfile_free(MpKeyFile *file);

/* --- patterns (PCRE2) --- */

/* One compiled pattern: UTF, UCP, JIT, \C refused, match limit, subject cap. */
typedef struct MpPattern MpPattern;

typedef enum { MP_PATTERN_CASELESS = 1 << 0, MP_PATTERN_MULTILINE = 1 << 1 } MpPatternFlags;

/* LIMIT: the pattern hit a limit, which is neither a match nor a no. */
typedef enum { MP_MATCH_NO, MP_MATCH_YES, MP_MATCH_LIMIT } MpMatch;

/* Byte offsets of the whole match ([0]) and the first eight groups; -1 = group not set. */
typedef struct {
    gssize start[9];
    gssize end[9];
} MpCaptures;

/* CONFIG error with PCRE2's own words and the offset. `limits` NULL = defaults. */
MpPattern *mp_pattern_new(const char *regex,
                          MpPatternFlags flags,
                          const MpLimits *limits,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Looks at `subject` from byte `from` on (never beyond limits.subject_bytes in all). Invalid UTF-8
 * is matched around. `captures_out` may be NULL. */
MpMatch mp_pattern_match(const MpPattern *pattern,
                         const char *subject,
                         gsize length,
                         gsize from,
                         MpCaptures *captures_out);
/* Copy of group `n` of a match, or NULL when it did not take part. */
char *mp_pattern_group(const char *subject, const MpCaptures *captures, guint n);
void mp_pattern_free(MpPattern *pattern);

/* --- text --- */

/* Valid UTF-8 without NUL, C0/C1 controls (but \n and \t), bidi controls and U+2028/2029: what may
 * be shown. Invalid bytes become U+FFFD. `length` -1 = up to NUL. */
char *mp_text_clean(const char *text, gssize length);
/* As mp_text_clean, but one line: every run of white space becomes one blank, ends trimmed. */
char *mp_text_line(const char *text);
/* File name as it may be shown: last component of any system's path, no controls or bidi, no
 * leading dot, dash or blank, at most 120 bytes (of a longer one the middle goes); NULL when
 * nothing is left. */
char *mp_text_file_name(const char *path);
/* TRUE when no byte < 0x20 and no 0x7f: may go into a protocol string or header value. */
gboolean mp_text_is_safe(const char *text);
/* Only the ASCII digits of `text`. */
char *mp_text_digits(const char *text);
/* Identity number shown by its last four digits, the rest as • (decisions.md 14); NULL → NULL. */
char *mp_text_mask(const char *number);
/* Every run in `text` that looks like a NIP or NIK (16 or 18 digits, blanks, dots and dashes
 * between) masked. */
char *mp_text_mask_all(const char *text);
/* Lower-case hex of SHA-256. */
char *mp_text_sha256(const void *bytes, gsize length);
/* The same in pieces; the last call takes the object. */
typedef struct MpHash MpHash;
MpHash *mp_hash_new(void);
void mp_hash_add(MpHash *hash, const void *bytes, gsize length);
char *mp_hash_end_take(MpHash *hash);
/* ASCII lower case A–Z only (addresses: no other equivalence exists). */
char *mp_text_lower_ascii(const char *text);
/* TRUE when `address` is one plain ASCII addr-spec `local@domain` without quoting, comments,
 * blanks or routes, at most 254 bytes, domain with at least one dot or "localhost". */
gboolean mp_text_is_plain_address(const char *address);
/* The part after the last @ in lower case, or NULL. */
char *mp_text_domain(const char *address);
/* TRUE when `domain` equals one of `domains` or lies below it; ASCII, case-less. */
gboolean mp_text_domain_in(const char *domain, const char *const *domains);
/* Levenshtein distance over bytes, at most `limit` + 1. */
guint mp_text_distance(const char *a, const char *b, guint limit);
/* Nearest word of a NULL-terminated list within `limit`, or NULL. */
const char *mp_text_nearest(const char *word, const char *const *words, guint limit);
/* A person's name as it is compared: without degrees (all after the first comma, leading titles and
 * forms of address), case and accents folded, letters and single blanks only; "" when nothing is
 * left. The store keeps names folded like this: a change here needs a migration that folds anew. */
char *mp_text_fold_name(const char *name);
/* Both names have degrees after a comma, and these differ in their letters. */
gboolean mp_text_has_other_degrees(const char *a, const char *b);
/* Appends a copy of `text` unless an equal string is already in. */
void mp_text_add_once(GPtrArray *strings, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpKeyFile, mp_keyfile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpPattern, mp_pattern_free)
