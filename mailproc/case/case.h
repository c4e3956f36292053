/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* case/: the heart. A case is one letter walking through one procedure (SOP) with 1..N applicants;
 * what happens to it is a list of events, and its state is the fold of them. Procedures, verbs and
 * calendars are data; mp_case_step() is a pure function of procedure, case, input and now: it
 * decides, others do. It knows no service by name.
 *
 * Invariants
 *  - A case folded from its events equals the case that the last decision returned in `after`.
 *  - A decision that is not accepted has a refusal and no events.
 *  - A finished case has an outcome for every applicant.
 * Errors: CONFIG "file:line: …" when loading SOPs, verbs and holidays; INPUT from folding events
 * that cannot be (a broken store).
 */

#include "base/base.h"

/* --- values --- */

#define MP_CASE_STATES(X)                                                                          \
    X(OPEN, "open")       /* an official of the office holds it */                                 \
    X(WAITING, "waiting") /* OPD, applicant, BSrE or a date holds it */                            \
    X(FINISHED, "finished") X(REFUSED, "refused") X(WITHDRAWN, "withdrawn") X(EXPIRED, "expired")

typedef enum {

#define X(id, name) MP_CASE_##id,
    MP_CASE_STATES(X)
#undef X
        MP_CASE_STATE_N
} MpCaseState;

const char *mp_case_state_to_string(MpCaseState state);
gboolean mp_case_state_from_string(const char *name, MpCaseState *state_out);
gboolean mp_case_state_is_closed(MpCaseState state);

#define MP_OUTCOMES(X)                                                                             \
    X(NONE, "none")                                                                                \
    X(ISSUED, "issued")                                                                            \
    X(RENEWED, "renewed")                                                                          \
    X(CHANGED, "changed")                                                                          \
    X(REVOKED, "revoked") X(REJECTED, "rejected") X(WITHDRAWN, "withdrawn") X(EXPIRED, "expired")

typedef enum {

#define X(id, name) MP_OUTCOME_##id,
    MP_OUTCOMES(X)
#undef X
        MP_OUTCOME_N
} MpOutcome;

const char *mp_outcome_to_string(MpOutcome outcome);
gboolean mp_outcome_from_string(const char *name, MpOutcome *outcome_out);
/* issued, renewed, changed, revoked */
gboolean mp_outcome_is_success(MpOutcome outcome);

typedef struct {
    guint n; /* from 1 */
    char *name, *nip, *nik, *email, *phone, *position, *unit;
    char *was, *becomes;        /* data change */
    char *valid_until;          /* ISO day: of the present certificate, later of the new one */
    gboolean holds_certificate; /* said by letter, register or verifikator; see input below */
    MpOutcome outcome;
    char *outcome_reason;
    gint64 outcome_utc;
} MpCaseApplicant;

typedef struct {
    guint n; /* from 1 */
    char *filename, *kind, *type, *signature;
    char *sha256; /* NULL = its copy was destroyed */
    gsize bytes;
    gboolean is_readable;
    gint64 mail; /* ledger id it came with */
} MpCaseDocument;

typedef struct {
    char *number; /* "SE-2026-000123" */
    char *service, *sop, *step;
    MpCaseState state;
    char *holder_role;    /* role id, requester, applicant, bsre or system */
    char *holder_address; /* a special holder (ALIH), or NULL = whoever has the role */
    gint64 opened_utc, step_since_utc, due_utc, closed_utc;
    guint version; /* rises with every event that changes step or state */
    char *requester_name, *requester_address;
    char *letter_number, *letter_date, *letter_subject;
    char *reason;           /* why it was opened (revocation) or closed (refusal) */
    char *linked_from;      /* case that opened this one, or NULL */
    GPtrArray *linked;      /* char *: numbers of cases this one opened */
    GPtrArray *linked_open; /* char *: of those, the ones not yet closed */
    GPtrArray *applicants;  /* MpCaseApplicant */
    GPtrArray *documents;   /* MpCaseDocument */
    GPtrArray *missing;     /* char *: "sk-mutasi|sk-pengangkatan" */
    GPtrArray *doubts;      /* char * */
    char *resume_step; /* where an answer to our question leads back to, or NULL; at an end: what
                          is offered there */
    char *last_mover;  /* address of the official who moved it last (four eyes), or NULL */
    gint64 last_seq;   /* sequence number of the last event folded */
} MpCase;

MpCase *mp_case_new(void);
MpCase *mp_case_copy(const MpCase *kase);
void mp_case_free(MpCase *kase);
/* TRUE for a closed case whose end offers something that nobody took up yet. */
gboolean mp_case_offers(const MpCase *kase);
MpCaseApplicant *mp_case_applicant_new(void);
void mp_case_applicant_free(MpCaseApplicant *applicant);
/* Equal without titles, degrees, case and accents; FALSE where nothing is left to compare. */
gboolean mp_case_is_same_name(const char *a, const char *b);
/* By NIP where both have one, else by NIK where both have one, else by name, and by unit where both
 * have one (decisions.md 21). */
gboolean mp_case_is_same_person(const MpCaseApplicant *a, const MpCaseApplicant *b);
MpCaseDocument *mp_case_document_new(void);
void mp_case_document_free(MpCaseDocument *document);

/* --- events --- */

/* Append-only; `data` holds what the members do not, as flat text → text. All that the fold needs
 * stands in the event (due time, holder, state), so that a later SOP file changes no old case. */
#define MP_EVENT_KINDS(X)                                                                          \
    X(OPENED, "opened")           /* the case exists: letter, requester, first step */             \
    X(APPLICANT, "applicant")     /* a new applicant, or new facts of one */                       \
    X(DOCUMENT, "document")       /* a paper came */                                               \
    X(MISSING, "missing")         /* what the requirements lack from now on */                     \
    X(DOUBT, "doubt")             /* what a person should look at */                               \
    X(MOVED, "moved")             /* from step to step */                                          \
    X(OUTCOME, "outcome")         /* one applicant's outcome */                                    \
    X(NOTE, "note")               /* for the file, changes nothing */                              \
    X(ASKED, "asked")             /* OPD or applicant was asked for something */                   \
    X(LINKED, "linked")           /* opened another case */                                        \
    X(LINK_CLOSED, "link-closed") /* that one is closed */                                         \
    X(CLOSED, "closed")                                                                            \
    X(REOPENED, "reopened")                                                                        \
    X(DELEGATED, "delegated")                                                                      \
    X(POSTPONED, "postponed") /* sleeps until a day */                                             \
    X(RESUMED, "resumed")     /* woke again, the step's clock starts anew */                       \
    X(REMINDED, "reminded")   /* which timer spoke */                                              \
    X(DUE, "due")             /* due time counted anew (calendar changed) */                       \
    X(SURVEY, "survey")       /* nine figures of satisfaction; changes nothing */                  \
    X(REFUSED_COMMAND, "refused-command")                                                          \
    X(ERASED, "erased") /* copies of papers were destroyed, the case goes on */

typedef enum {

#define X(id, name) MP_EVENT_##id,
    MP_EVENT_KINDS(X)
#undef X
        MP_EVENT_KIND_N
} MpEventKind;

const char *mp_event_kind_to_string(MpEventKind kind);
gboolean mp_event_kind_from_string(const char *name, MpEventKind *kind_out);

typedef struct {
    gint64 seq; /* 0 until the store gives it */
    gint64 at_utc;
    char *kind;
    char *actor;   /* role id, requester, applicant, bsre, system, operator */
    char *address; /* who exactly, or NULL */
    MpTrustLevel trust;
    gint64 mail; /* ledger id, 0 = none */
    char *from_step, *to_step;
    char *rule; /* "mamuju-pembaruan.sop:41", or NULL */
    char *note;
    GHashTable *data; /* char * → char * */
} MpEvent;

MpEvent *mp_event_new(const char *kind, gint64 at_utc);
void mp_event_set(MpEvent *event, const char *key, const char *value); /* NULL value = nothing */
const char *mp_event_get(const MpEvent *event, const char *key);
/* "key=value\n" sorted by key, value with \\, \n and \r escaped by backslash. */
char *mp_event_format_data(const MpEvent *event);
gboolean
mp_event_parse_data(MpEvent *event, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE for keys whose value is personal (name, nip, nik, email, phone …): decisions.md 25. */
gboolean mp_event_key_is_personal(const char *key);
MpEvent *mp_event_copy(const MpEvent *event);
void mp_event_free(MpEvent *event);
/* Applies one event; the case is changed only on success. */
gboolean
mp_case_apply(MpCase *kase, const MpEvent *event, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Folds all events (MpEvent) from nothing. */
MpCase *mp_case_fold(const GPtrArray *events, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- the calendar and its clock --- */

typedef struct MpCalendar MpCalendar;

/* `hours` as in [calendar] hours, `zone` made by the shell, borrowed by reference. */
MpCalendar *
mp_calendar_new(GTimeZone *zone, const char *hours, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Other hours between two ISO days (Ramadan), both included. */
gboolean mp_calendar_add_period(MpCalendar *calendar,
                                const char *from,
                                const char *until,
                                const char *hours,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A holidays-YYYY.tsv: date, kind (libur|cuti-bersama), name, source. */
gboolean mp_calendar_add_holidays(MpCalendar *calendar,
                                  const char *name,
                                  const char *bytes,
                                  gsize length,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_calendar_has_year(const MpCalendar *calendar, int year);
gboolean mp_calendar_is_open(const MpCalendar *calendar, gint64 at_utc);
/* `at_utc` itself when open, else the next opening instant; 0 when none within two years. */
gint64 mp_calendar_next_open(const MpCalendar *calendar, gint64 at_utc);
gint64 mp_calendar_add_minutes(const MpCalendar *calendar, gint64 from_utc, gint64 minutes);
/* End of the n-th working day after the day of (the next opening of) `from_utc`. */
gint64 mp_calendar_add_days(const MpCalendar *calendar, gint64 from_utc, int days);
gint64 mp_calendar_minutes_between(const MpCalendar *calendar, gint64 from_utc, gint64 until_utc);
/* "Jumat, 20 November 2026 pukul 09.14 WIB"; with `days_only` "Jumat, 20 November 2026". */
char *mp_calendar_format(const MpCalendar *calendar, gint64 at_utc);
/* The same for a due time: " (sementara)" behind one in a year whose holidays are not known yet. */
char *mp_calendar_format_due(const MpCalendar *calendar, gint64 due_utc);
char *mp_calendar_format_day(const MpCalendar *calendar, gint64 at_utc);
/* RFC 3339 with the office's offset. */
char *mp_calendar_format_rfc3339(const MpCalendar *calendar, gint64 at_utc);
/* "20 November 2026" of an ISO day. */
char *mp_calendar_format_iso_day(const char *iso_day);
char *mp_calendar_today(const MpCalendar *calendar, gint64 at_utc); /* ISO day */
/* Midnight in the office's zone that begins an ISO day; 0 = no day. */
gint64 mp_calendar_day_start(const MpCalendar *calendar, const char *iso_day);
void mp_calendar_free(MpCalendar *calendar);

/* --- procedures --- */

typedef enum { MP_TIME_NONE, MP_TIME_OFFICE, MP_TIME_ELAPSED, MP_TIME_DAYS } MpTimeKind;

typedef struct {
    char *id;
    char *printed; /* number as printed in the SOP ("6 (lagi)"), or NULL for our additions */
    char *actor;   /* role id, requester, applicant, bsre, system */
    char *activity;
    char **requires_; /* document kinds needed here, alternatives "a|b" */
    MpTimeKind time_kind;
    gint64 minutes;  /* OFFICE working minutes, ELAPSED clock minutes, DAYS working days */
    char *time_text; /* as printed: "15 menit" */
    char *output;
    MpTimeKind alarm_kind; /* our own limit where the SOP prints no time */
    gint64 alarm_minutes;
    gboolean continues;   /* shares the clock of the step before (one printed time for several) */
    char *keeper;         /* role that watches and answers for a step outside the office */
    char *escalate;       /* role that hears when it is late, or NULL */
    char **tells;         /* "template audience": notices on arrival */
    char **papers;        /* names of MP_CASE_PAPERS: they go with the mail to the holder */
    gboolean is_addition; /* ours, not the SOP's */
    gboolean is_end;
    MpCaseState end_state;
    guint line;
} MpSopStep;

typedef struct {
    char *step, *event;
    char **guards; /* each "name" or "not name" */
    char *next;
    char **actions; /* each "name" or "name(arg)" */
    guint line;
} MpSopRow;

typedef struct {
    char *file; /* base name, for "file:line" */
    char *id, *title, *service, *office, *source;
    char *zone, *hours;   /* own ones, or NULL = the office's */
    char **requirements;  /* "surat-permohonan", "sk-mutasi|sk-pengangkatan", "per-applicant:ktp" */
    int window_days;      /* renewal window; 0 = none */
    int reminder_percent; /* share of a step's time after which its holder is reminded */
    int requester_days[2];   /* working days after which OPD or applicant is reminded */
    int expire_days;         /* working days without an answer after which the case closes */
    char *keeper, *escalate; /* roles, defaults for the steps */
    char *total_text;        /* "50 Menit", or NULL */
    MpOutcome success;       /* what a success is called; NONE = there are no applicants */
    GPtrArray *steps;        /* MpSopStep */
    GPtrArray *rows;         /* MpSopRow */
    char *start;
} MpSop;

/* Parses and checks the graph: every step reachable, every waiting step has an owner and a clock,
 * no two rows match the same event and guard, every word known. `roles` are the known role ids. */
MpSop *mp_sop_parse(const char *name,
                    const char *bytes,
                    gsize length,
                    const char *const *roles,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
const MpSopStep *mp_sop_step(const MpSop *sop, const char *id);
/* The table for `check --sop`, and the graph in DOT. */
char *mp_sop_to_text(const MpSop *sop);
char *mp_sop_to_dot(const MpSop *sop);
/* TRUE for an end that offers a case of `service` to the requester. */
gboolean mp_sop_offers(const MpSop *sop, const char *step, const char *service);
/* Verbs that a row of this step accepts, in file order, NULL-terminated (borrowed words). */
char **mp_sop_verbs_at(const MpSop *sop, const char *step);
void mp_sop_free(MpSop *sop);

/* --- the step --- */

typedef struct {
    const char *event; /* "received", "supplement", "SETUJU", "notice.renewed", "timer.due", … */
    const char *actor; /* role id, requester, applicant, bsre, system, operator */
    const char *address; /* who exactly */
    MpTrustLevel trust;
    guint applicant;     /* 0 = all that wait */
    const char *note;    /* text after the verb, reason */
    const char *message; /* after `pesan:`, or NULL */
    const char *until;   /* ISO day, or NULL */
    gint64 mail;         /* ledger id */
    const MpCase *facts; /* received/supplement: requester, letter, applicants, documents, doubts */
    gboolean holds_certificate; /* known from register, letter or verifikator */
    const char *answers;        /* survey: its nine figures */
    const GPtrArray *history;   /* MpEvent of this case so far; BATAL alone needs it */
    /* Addresses of officials and deputies, NULL-terminated: the only ones that ALIH may name (a
     * case with its papers goes to nobody else). NULL = roles alone. */
    const char *const *officials;
} MpCaseInput;

/* Events beyond verbs and mails: "link.opened" (note = number of the new case), "link.finished" and
 * "link.failed" (note = number of the linked case that closed), "calendar" (holidays changed: count
 * the due time anew), "refused" (a command was refused by others: recorded, changes nothing).
 * "survey" (answers; the case may be closed).
 */

/* Templates that a decision or the plan may ask for; a SOP file may name no other. */
#define MP_CASE_NOTICES(X)                                                                         \
    X("diterima")          /* acknowledgement */                                                   \
    X("kurang")            /* something is asked of the requester */                               \
    X("dipindai")          /* a person has to look first */                                        \
    X("giliran")           /* an official's turn */                                                \
    X("kemajuan")          /* progress */                                                          \
    X("menunggu-bsre")     /* sent to BSrE */                                                      \
    X("selesai-pemohon")   /* an applicant's outcome */                                            \
    X("selesai")           /* the case is finished */                                              \
    X("selesai-tawaran")   /* the same, and a further service is offered */                        \
    X("ditolak")           /* refused */                                                           \
    X("ditarik")           /* withdrawn */                                                         \
    X("kedaluwarsa")       /* closed for want of an answer */                                      \
    X("ditunda")           /* sleeps until a day */                                                \
    X("pembaruan-awal")    /* early renewal held */                                                \
    X("terkait")           /* linked case opened */                                                \
    X("pengingat")         /* reminder to an official */                                           \
    X("pengingat-pemohon") /* reminder to OPD or applicant */                                      \
    X("eskalasi")          /* late: to the next role */                                            \
    X("ringkasan")         /* the morning's digest */                                              \
    X("transkrip")         /* answer to commands */                                                \
    X("status")            /* answer to an inquiry */                                              \
    X("bantuan")           /* what can be said here */                                             \
    X("tanya-bsre")        /* which case is this notice for */                                     \
    X("konfirmasi")        /* please confirm */                                                    \
    X("ganda")             /* letter received before */                                            \
    X("penarikan-ditolak") /* too late to withdraw */

/* The list above, NULL-terminated. */
const char *const *mp_case_notice_names(void);

/* Papers that a procedure may send with a mail: name, what it is. report.h draws those in PDF. */
#define MP_CASE_PAPERS(X)                                                                          \
    X("kartu-kendali", "control card: the letter, its steps, room for initials")                   \
    X("surat-rekomendasi", "draft of the recommendation to the authority")                         \
    X("surat-pemberitahuan", "draft of the notice of the outcome to the applicant's office")       \
    X("tabel-ams", "the applicants as the authority's system takes them in, where allowed")

/* Their names, NULL-terminated. */
const char *const *mp_case_paper_names(void);

/* A mail to be written: who, from which template, with what. */
typedef struct {
    char *template_;          /* "diterima", "kurang", "giliran", "selesai", … */
    char *audience;           /* role id, requester, applicant, or an address */
    guint applicant;          /* for audience applicant; 0 = each */
    gboolean wants_grant;     /* a reply may carry authority */
    gboolean wants_documents; /* attach the case's documents that the step requires */
    char *note;
} MpCaseNotice;

typedef struct {
    char *name;    /* "due", "reminder", "wake", "requester" … */
    gint64 at_utc; /* 0 = cancel */
} MpCaseTimer;

/* A case to be opened by this one. */
typedef struct {
    char *service, *reason;
    GArray *applicants; /* guint: their n in this case */
} MpCaseLink;

#define MP_CASE_REFUSALS(X)                                                                        \
    X("wrong-step")      /* no row of this step takes the event */                                 \
    X("wrong-role")      /* somebody else holds the step */                                        \
    X("closed")          /* the case is closed */                                                  \
    X("needs-reason")    /* the verb wants a reason or text */                                     \
    X("needs-date")      /* the verb wants a day in the future */                                  \
    X("guard")           /* refusal_guard said no */                                               \
    X("no-applicant")    /* no such applicant, or none that still waits */                         \
    X("no-case")         /* the event opens no case */                                             \
    X("nothing-to-undo") /* BATAL: the last move was not this person's */                          \
    X("irreversible")    /* BATAL: something followed that cannot be taken back */                 \
    X("unknown-target")  /* ALIH: neither a role of the procedure nor an address */                \
    X("broken")          /* the decision cannot be folded: a fault of this program */

typedef struct {
    gboolean is_accepted;
    char *refusal;       /* a name of MP_CASE_REFUSALS, or NULL */
    char *refusal_guard; /* the guard that said no */
    char *rule;          /* "file:line" of the row */
    GPtrArray *events;   /* MpEvent, in order, seq 0 */
    GPtrArray *notices;  /* MpCaseNotice */
    GPtrArray *timers;   /* MpCaseTimer */
    GPtrArray *links;    /* MpCaseLink */
    MpCase *after;       /* the case once the events are applied */
} MpDecision;

/* `kase` NULL = open a new case with `number`, `input->facts` and event "received". `calendar` is
 * the service's. Never fails: what may not be done is refused with a reason. */
MpDecision *mp_case_step(const MpSop *sop,
                         const MpCase *kase,
                         const char *number,
                         const MpCaseInput *input,
                         const MpCalendar *calendar,
                         gint64 now_utc);
/* What the requirements lack, given documents and applicants; alternatives stay joined by |. */
GPtrArray *mp_sop_missing(const MpSop *sop, const MpCase *kase);
MpDecision *mp_decision_new(void);
void mp_decision_free(MpDecision *decision);

/* --- accounts of a case --- */

/* Time used in one step, all visits together, on the step's own clock; sleeping does not count. */
typedef struct {
    const MpSopStep *step; /* of the SOP, borrowed */
    gint64 budget_minutes; /* DAYS: working days; 0 = the SOP prints no time */
    gint64 used_minutes;   /* likewise */
    guint visits;
    gint64 first_utc, left_utc; /* left 0 = still there */
    gboolean is_over;
} MpCaseUse;

/* In order of first visit (MpCaseUse). `now_utc` ends the step that is still open. */
GPtrArray *mp_case_account(const MpSop *sop,
                           const GPtrArray *events,
                           const MpCalendar *calendar,
                           gint64 now_utc);
/* "12 menit dari 15 menit", "1 jam 5 menit dari 24 jam", "2 hari kerja". */
char *mp_case_use_to_text(const MpCaseUse *use);
/* The story for `case show`: one Indonesian line an event (char *), identity numbers masked. */
GPtrArray *mp_case_story(const MpSop *sop, const GPtrArray *events, const MpCalendar *calendar);
/* "Bola di: kasi, sejak …, batas …" where `holder_title` names the holder; closed cases say so. */
char *mp_case_progress(const MpCase *kase, const char *holder_title, const MpCalendar *calendar);
/* Line by line how the due time of the present step comes about (char *). */
GPtrArray *mp_case_explain_due(const MpSop *sop, const MpCase *kase, const MpCalendar *calendar);

/* --- the survey of satisfaction --- */

enum { MP_SURVEY_QUESTIONS = 9 };

/* A grade of the index (mean of the figures × 25), bounds in hundredths. */
typedef struct {
    char *grade, *meaning;
    guint low, high;
} MpSurveyBand;

typedef struct {
    GPtrArray *questions; /* char *, nine */
    GPtrArray *bands;     /* MpSurveyBand, from the worst to the best */
} MpSurvey;

/* rules/skm.tsv; CONFIG "file:line". */
MpSurvey *mp_survey_parse(const char *name, const char *bytes, gsize length, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* NULL = below the lowest band. */
const MpSurveyBand *mp_survey_band(const MpSurvey *survey, guint hundredths);
void mp_survey_free(MpSurvey *survey);

/* UNCLEAR: meant as an answer, but not nine figures from 1 to 4. */
typedef enum { MP_SURVEY_NONE, MP_SURVEY_UNCLEAR, MP_SURVEY_ANSWER } MpSurveyReading;

/* Reads the new visible text of a reply. Of an ANSWER the nine figures ("443434444"), and what was
 * written below them in one bounded line, or NULL. */
MpSurveyReading mp_survey_read(const char *reply_text, char **answers_out, char **remark_out);

/* --- the command language --- */

typedef struct MpVerbs MpVerbs;

/* rules/commands.tsv; CONFIG "file:line". */
MpVerbs *mp_verbs_parse(const char *name, const char *bytes, gsize length, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void mp_verbs_free(MpVerbs *verbs);

typedef struct {
    char *verb;        /* canonical */
    char *case_number; /* named on the line, or NULL */
    guint applicant;   /* 0 = none named */
    char *until;       /* ISO day, or NULL */
    char *note;        /* rest of the line, or NULL */
    char *line;        /* as written */
    gboolean is_trial; /* COBA */
} MpCommand;

typedef struct {
    GPtrArray *commands;       /* MpCommand; empty when a contradiction was found */
    GPtrArray *not_understood; /* char *: lines that look like a command but are none */
    GPtrArray *suggestions;    /* char *: for each of those verbs nearby, nearest first, or "" */
    char *message;             /* what follows `pesan:`, or NULL */
    GPtrArray *doubts;         /* no-command, contradiction, limit, bad-date */
} MpCommands;

/* Reads commands from the new visible text only. `prefix` is the case prefix ("SE"). */
MpCommands *mp_commands_parse(const MpVerbs *verbs,
                              const char *reply_text,
                              const char *prefix,
                              const MpLimits *limits);
void mp_commands_free(MpCommands *commands);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpCase, mp_case_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpCaseApplicant, mp_case_applicant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpCaseDocument, mp_case_document_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpEvent, mp_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpCalendar, mp_calendar_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpSop, mp_sop_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDecision, mp_decision_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpSurvey, mp_survey_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpVerbs, mp_verbs_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpCommands, mp_commands_free)
