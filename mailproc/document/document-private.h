/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Seams between the files of document/, and autoptr lines of foreign types. */

#include "document/document.h"

#include <archive.h>
#include <libxml/xmlreader.h>
#include <poppler.h>

/* --- foreign types -------------------------------------------------------------------------- */

typedef struct archive MpArchiveHandle;
typedef xmlTextReader MpXmlReader;

static inline void
mp_archive_handle_free(MpArchiveHandle *handle)
{
    if (handle != NULL)
        archive_read_free(handle);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpArchiveHandle, mp_archive_handle_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpXmlReader, xmlFreeTextReader)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

/* --- reading documents ---------------------------------------------------------------------- */

typedef struct {
    const MpLimits *limits;
    GPtrArray *documents; /* MpDocument */
    GPtrArray *doubts;    /* char *, may be NULL */
} MpDocumentReader;

/* Text and tables of one kind of content; TRUE when there is text. Over a limit = "limit". */
gboolean
mp_pdf_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts);
gboolean
mp_docx_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts);
gboolean
mp_xlsx_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts);
gboolean
mp_odf_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts);
gboolean
mp_csv_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts);
gboolean
mp_plain_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts);
/* UTF-8 of bytes in an unknown charset: BOM, valid UTF-8, ICU's guess, windows-1252. */
char *mp_plain_decode(const guint8 *bytes, gsize length);
/* Keeps `text` in the document, cleaned and cut to limits.text_chars; TRUE when words are in it. */
gboolean mp_document_take_text(MpDocument *document, const char *text, const MpLimits *limits);
void mp_document_add_doubt(GPtrArray *doubts, const char *doubt);

/* --- archives ------------------------------------------------------------------------------- */

typedef struct {
    char *name; /* whole path inside the archive, valid UTF-8 */
    GBytes *content;
    gboolean is_locked;
} MpMember;

typedef enum {
    MP_ARCHIVE_READ,   /* members are all there */
    MP_ARCHIVE_LIMIT,  /* a limit ended it; the members before it are there */
    MP_ARCHIVE_BROKEN, /* no archive that can be read */
} MpArchiveResult;

/* Every regular file of an archive in memory (ZIP, RAR, 7z, TAR …). `want` NULL = all, else only
 * names it accepts are inflated. */
typedef gboolean (*MpMemberFilter)(const char *name);
MpArchiveResult
mp_archive_read(GBytes *bytes, const MpLimits *limits, MpMemberFilter want, GPtrArray *members_out);
/* ZIP directory as it claims to be: FALSE when entries overlap, lie outside the file, or the local
 * headers tell another name (flat bombs, doubled directories). */
gboolean mp_zip_is_sane(const guint8 *bytes, gsize length);
/* TRUE when the ZIP's directory names this member. */
gboolean mp_zip_names(const guint8 *bytes, gsize length, const char *name);
void mp_member_free(MpMember *member);
/* Member of that exact name, or NULL. */
const MpMember *mp_member_find(GPtrArray *members, const char *name);

/* --- XML ------------------------------------------------------------------------------------ */

/* Called for each start (text NULL, is_end FALSE), end and text; `attribute` asks the reader. */
typedef struct MpXml MpXml;

typedef struct {
    void (*start)(MpXml *xml, const char *name, void *data);
    void (*end)(const char *name, void *data);
    void (*text)(const char *text, void *data);
} MpXmlHandler;

/* Streams an XML part: no DTD (a document with one is refused), no entities, no network, at most
 * 10 MiB. Names are local names. FALSE when it is no well-formed XML of that kind. */
gboolean mp_xml_walk(GBytes *bytes, const MpXmlHandler *handler, void *data);
/* Attribute of the element being started, by local name; NULL when absent. */
char *mp_xml_attribute(MpXml *xml, const char *name);

/* --- layout --------------------------------------------------------------------------------- */

typedef struct {
    double x0, y0, x1, y1;
    gunichar c;
    gboolean space_after;
} MpGlyph;

/* Lines of a page from placed glyphs, top to bottom. Wide gaps become tabs, and cells that stand
 * under a cell of the lines above get the same number of tabs before them. */
char *mp_layout_text(GArray *glyphs);

/* --- words ---------------------------------------------------------------------------------- */

typedef enum {
    MP_LABEL_NONE,
    MP_LABEL_NAME,
    MP_LABEL_NIP,
    MP_LABEL_NIK,
    MP_LABEL_NIP_OR_NIK,
    MP_LABEL_EMAIL,
    MP_LABEL_PHONE,
    MP_LABEL_POSITION,
    MP_LABEL_UNIT,
    MP_LABEL_WAS,
    MP_LABEL_BECOMES,
    MP_LABEL_VALID_UNTIL,
    MP_LABEL_ROW,   /* "No" of a table */
    MP_LABEL_OTHER, /* a known field that is not kept */
    MP_LABEL_N
} MpLabel;

typedef struct {
    MpLabel label;
    const char *words; /* stands anywhere in the label, at word borders; NULL ends the list */
} MpLabelWords;

/* First match wins: the more special words stand above the general ones. */
extern const MpLabelWords mp_label_words[];

/* What a field or column label means; NONE when the words are no label. */
MpLabel mp_label_parse(const char *text);
/* TRUE when a line opens with one of the list's phrases (case-less, blanks squeezed, at a word
 * border). */
gboolean mp_words_open(const char *line, const char *const *phrases);
/* TRUE when one of the phrases stands in the line at word borders. */
gboolean mp_words_in(const char *line, const char *const *phrases);

extern const char *const mp_words_signatory[]; /* "yang bertanda tangan" */
extern const char *const mp_words_applicant[]; /* "memberikan rekomendasi kepada" */
extern const char *const mp_words_closing[];   /* "demikian" */
extern const char *const mp_words_annex[];     /* "daftar pegawai" */
extern const char *const mp_words_copies[];    /* "tembusan" */
extern const char *const mp_words_rank[];      /* "pembina" */
extern const char *const mp_words_head[];      /* offices that sign: "kepala", "camat" */
extern const char *const mp_words_self[];      /* "saya" before one's own name */
extern const char *const mp_words_own_certificate[];
extern const char *const mp_words_after_name[];  /* "belum", "tidak" behind a name */
extern const char *const mp_words_before_name[]; /* "a.n." */
extern const char *const mp_words_not_name[];    /* words that no person's name contains */
extern const char *const mp_words_office_box[];  /* local parts of shared mailboxes */
extern const char *const mp_words_decree[];      /* "keputusan", "sk" */
extern const char *const mp_words_body[];        /* opening words of a letter's body */
extern const char *const mp_words_title[];       /* opening words of titles */
extern const char *const mp_words_valid_until[];
extern const char *const mp_words_months[];  /* pairs: word, month number as text */
extern const char *const mp_words_degrees[]; /* titles and degrees, without dots */

/* Upper or lower case without marks, dots and doubled blanks: for comparing. */
char *mp_words_fold(const char *text);

/* --- people --------------------------------------------------------------------------------- */

/* TRUE when the text may be a person's name (letters, 1–8 words, no office words). */
gboolean mp_name_is_plausible(const char *text);
/* The name without titles and degrees, folded: what is compared. */
char *mp_name_key(const char *name);
/* Name cut out of a text that opens with it: list number, salutation before and what follows it
 * cut; NULL when none is there. */
char *mp_name_cut(const char *text);
/* Digits of the identity number the text opens with (labels, "C.", blanks, dots passed over), or
 * NULL when there are fewer than 8. `end_out` may be NULL. */
char *mp_number_cut(const char *text, const char **end_out);
/* The plausible name a value opens with, or NULL. */
char *mp_name_of(const char *value);

typedef struct {
    MpLabel label;
    gsize from;  /* where its words begin in the line */
    gsize value; /* where its value begins */
} MpField;

/* Blanks and tabs before colons dropped: "Nama \t : X" and the cells "Nama", ":", "X" are one. */
char *mp_text_join_colons(const char *line);
/* MpField of every known label with a colon in the line, in order. */
GArray *mp_text_find_fields(const char *line);
/* Value of the i-th of them. */
char *mp_text_field_value(const char *line, GArray *fields, guint i);
/* Where the first identity number stands, with or without its word, or NULL. */
const char *mp_text_find_number(const char *line, MpLabel *label_out);
/* Reads every number of the line into the person; what is left behind the last one. */
const char *mp_text_set_numbers(MpApplicant *person, const char *line);
/* Post and address named in the rest of a list item. */
void mp_text_set_rest(MpApplicant *person, const char *rest);
/* Copy of a text whose lines are at most a few thousand bytes long. */
char *mp_lines_break(const char *text);
/* Joins a label and its ": value" on the next line, and numbers broken over two; how many lines are
 * left. */
guint mp_lines_join(char **lines);
/* TRUE when the line is an office alone, as above a signature ("Camat Mawar,"). */
gboolean mp_line_opens_signature(const char *line);
/* TRUE when the line opens with a known label and a colon. */
gboolean mp_line_opens_with_field(const char *line);
/* TRUE when an identity number stands in the line. */
gboolean mp_text_has_named_number(const char *line);
/* The capitalised name that a text ends with ("… bagi pegawai kami Budi, S.Kom. ("), or NULL. */
char *mp_text_name_at_end(const char *text);
/* Adds names behind "a.n.", behind "saya", in sentences. */
void mp_text_find_weak_names(const char *text, gboolean is_mail, GPtrArray *found);
/* What stands behind the last "a.n.", "atas nama", "Sdr." of a text, or NULL. */
const char *mp_text_behind_name_word(const char *text);
/* The name that ends a sentence's part before a number: behind "a.n.", at the part's beginning, or
 * its last capitalised words; NULL when there is none. */
char *mp_name_in_lead(const char *lead);
/* First mail address in a text, lower-cased, or NULL. */
char *mp_email_cut(const char *text);

typedef enum {
    MP_FOUND_STRONG, /* a block, a row or a number names him */
    MP_FOUND_WEAK,   /* "a.n. …" in running text */
} MpFoundStrength;

typedef struct {
    MpApplicant *applicant;
    MpFoundStrength strength;
} MpFound;

void mp_found_free(MpFound *found);
/* People of one text and its tables, signatory, letterhead and copies left out. */
void mp_applicants_of_text(const char *kind,
                           const char *raw,
                           const MpLimits *limits,
                           GPtrArray *found_out,
                           GPtrArray *doubts);
void mp_applicants_of_table(const char *table,
                            const MpLimits *limits,
                            GPtrArray *found_out,
                            GPtrArray *doubts);
/* Moves what `from` knows and `into` lacks. */
void mp_applicant_fill(MpApplicant *into, MpApplicant *from);
gboolean mp_applicant_is_same(const MpApplicant *a, const MpApplicant *b);
void mp_applicants_doubt(GPtrArray *applicants, const char *const *own_domains, GPtrArray *doubts);

/* --- tables of people ------------------------------------------------------------------------- */

#define MP_MAX_COLUMNS 40

typedef struct {
    MpLabel labels[MP_MAX_COLUMNS];
    guint n;
} MpColumns;

/* Cells of a line by tabs, bars or double blanks. When that gives fewer than `want` (0 = any), a
 * finer cut that gives exactly `want` is taken. */
char **mp_table_cells(const char *line, guint want);
/* TRUE when the line is the header of a table of people. */
gboolean mp_table_parse_header(const char *line, MpColumns *columns_out);
/* Reads the table whose header is `lines[at]`; the index of its last line. */
guint mp_table_read(
    char **lines, guint at, guint n, const MpLimits *limits, GPtrArray *found, GPtrArray *doubts);

/* Sets what a label says from its value; an already known fact stays. */
void mp_person_set(MpApplicant *person, MpLabel label, const char *value);
/* Adds the person unless it says nothing. Takes it. */
void mp_found_add(GPtrArray *found, MpApplicant **person_take, MpFoundStrength strength);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpMember, mp_member_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpFound, mp_found_free)
