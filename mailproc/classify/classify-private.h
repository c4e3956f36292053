/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of classify/ share: a loaded rule, the texts a rule may look at, and the run of
 * all rules of a purpose over them. */

#include "classify/classify.h"

/* Texts a rule may look at. White space in them is one blank each, but in those ending in -lines.
 */
#define MP_FIELDS(X)                                                                               \
    X(SUBJECT, "subject")     /* of the mail */                                                    \
    X(NEW, "new")             /* what the person wrote now */                                      \
    X(NEW_LINES, "new-lines") /* the same with its lines */                                        \
    X(FORWARDED, "forwarded") /* text of the mails that are handed on */                           \
    X(FORWARDED_SUBJECT, "forwarded-subject")                                                      \
    X(QUOTED, "quoted")                 /* what stands below the new text */                       \
    X(SENDER, "sender")                 /* From address */                                         \
    X(SENDER_NAME, "sender-name")       /* From display name */                                    \
    X(HAL, "hal")                       /* Hal of the letter */                                    \
    X(TITLE, "title")                   /* heading of the letter */                                \
    X(LETTER, "letter")                 /* text of the letter below its head */                    \
    X(ATTACHMENTS, "attachments")       /* file names */                                           \
    X(NOTICE, "notice")                 /* text of a BSrE mail, also a forwarded one */            \
    X(NOTICE_SUBJECT, "notice-subject") /* its subject */                                          \
    X(DOC_NAME, "doc-name")             /* one document: file name in words */                     \
    X(DOC_TITLE, "doc-title")           /* its heading */                                          \
    X(DOC_HAL, "doc-hal")               /* its Hal */                                              \
    X(DOC_HEAD, "doc-head")             /* its first lines */                                      \
    X(DOC_TEXT, "doc-text")             /* all of it */

typedef enum {

#define X(id, name) MP_FIELD_##id,
    MP_FIELDS(X)
#undef X
        MP_FIELD_N
} MpField;

#define MP_FIELD_BIT(id) (1u << MP_FIELD_##id)

/* What a rule may give; KIND, SERVICE, DOCUMENT, OUTCOME and DOUBT are closed lists of words. */
#define MP_TARGETS(X)                                                                              \
    X(MARK, "mark")                                                                                \
    X(KIND, "kind")                                                                                \
    X(SERVICE, "service")                                                                          \
    X(DOCUMENT, "document")                                                                        \
    X(OUTCOME, "outcome")                                                                          \
    X(REASON, "reason")                                                                            \
    X(APPLICANT, "applicant") X(EMAIL, "email") X(VALID_UNTIL, "valid-until") X(DOUBT, "doubt")

typedef enum {

#define X(id, name) MP_TARGET_##id,
    MP_TARGETS(X)
#undef X
        MP_TARGET_N
} MpTarget;

typedef struct {
    MpTarget target;
    char *word; /* or "$1" … "$8": that group of the pattern */
} MpGive;

typedef struct {
    char *name;
    char *file;
    guint line;
    guint fields;       /* bits of MpField */
    MpPattern *pattern; /* NULL: the conditions alone */
    MpPattern *unless;  /* or NULL */
    char **when;        /* "flag" or "not flag" */
    GPtrArray *gives;   /* MpGive */
    int weight;
} MpRule;

struct MpRules {
    MpLimits limits;
    GPtrArray *rules;  /* MpRule */
    GHashTable *words; /* name → pattern part, for {name} */
};

/* The facts that rules look at. */
typedef struct {
    char *texts[MP_FIELD_N]; /* owned, NULL = there is none */
    GHashTable *flags;       /* set of owned flag names */
} MpScene;

MpScene *mp_scene_new(void);
void mp_scene_free(MpScene *scene);
/* The text as rules see it; NULL and "" become NULL. */
void mp_scene_set(MpScene *scene, MpField field, const char *text);
void mp_scene_flag(MpScene *scene, const char *flag, gboolean is_set);
gboolean mp_scene_has(const MpScene *scene, const char *flag);
/* One sentence or paragraph a line, single blanks. A full stop behind an abbreviation ends none. */
char *mp_scene_sentences(const char *text);
/* Fills the texts and flags that the mail alone gives. */
void mp_scene_read_mail(MpScene *scene,
                        const MpOffice *office,
                        const MpMessage *message,
                        const MpSenderProof *proof);

/* What one run of the rules found. */
typedef struct {
    GPtrArray *words; /* MpFound, in the order of first sight */
    GPtrArray *hits;  /* MpRuleHit */
    gboolean has_limit;
} MpTally;

typedef struct {
    char *word;
    int sum;
} MpFound;

/* Runs the rules that give `target` over those of `fields` that are set. A rule counts once a run.
 */
MpTally *mp_rules_run(const MpRules *rules, const MpScene *scene, MpTarget target, guint fields);
void mp_tally_free(MpTally *tally);
/* The word with the highest positive sum, or NULL; `*is_tied_out` when another has the same. */
const char *mp_tally_best(const MpTally *tally, gboolean *is_tied_out);
int mp_tally_sum(const MpTally *tally, const char *word);
/* Moves the hits whose target is `word` (NULL = all) to the verdict. */
void mp_tally_report(MpTally *tally, const char *word, MpVerdict *verdict);

/* One reading of one mail. */
typedef struct {
    const MpRules *rules;
    const MpOffice *office;
    const MpMessage *message;
    const MpSenderProof *proof;
    GPtrArray *documents;
    MpScene *scene;
    MpVerdict *verdict;
} MpReading;

void mp_reading_set_kind(MpReading *reading, const char *kind);
void mp_reading_doubt(MpReading *reading, const char *name);
gboolean mp_reading_has(const MpReading *reading, const char *flag);
void mp_reading_find_marks(MpReading *reading);
void mp_reading_find_case(MpReading *reading);
void mp_reading_set_letter(MpReading *reading);
/* Each settles the kind and returns TRUE, or leaves it to the next. */
gboolean mp_reading_decide_automatic(MpReading *reading);
gboolean mp_reading_decide_pretender(MpReading *reading);
gboolean mp_reading_decide_notice(MpReading *reading);
gboolean mp_reading_decide_command(MpReading *reading);
gboolean mp_reading_decide_forwarded_notice(MpReading *reading);
void mp_reading_read_reason(MpReading *reading, guint fields);

/* The rest of the verdict, each in its file. */
void mp_classify_find_letter(MpVerdict *verdict, const MpMessage *message, GPtrArray *documents);
void mp_classify_find_applicants(const MpRules *rules,
                                 MpVerdict *verdict,
                                 const MpScene *scene,
                                 const MpOffice *office,
                                 const MpMessage *message,
                                 GPtrArray *documents);
void mp_classify_find_service(const MpRules *rules, MpVerdict *verdict, const MpScene *scene);
/* New text with the text of what is handed on; never quoted text. */
char *mp_classify_body(const MpMessage *message);

extern const char *const mp_verdict_kinds[];
extern const char *const mp_service_words[];
extern const char *const mp_outcome_words[];
extern const char *const mp_doubt_words[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpScene, mp_scene_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpTally, mp_tally_free)
