/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The papers of a case. What only the office can give (number, date, signature) stays a dotted
 * line: these are drafts, and say so. */

#include "report/report-private.h"
#include "report/sheet-private.h"

#define DOTS "........................................"

typedef struct {
    const MpReportOffice *office;
    const MpCase *kase;
    const GPtrArray *events;
    const MpSop *sop;
    gint64 now_utc;
    MpSheet *sheet;
    const char *words;
    const MpReportLeaver *leavers; /* of a letter to an OPD, else NULL */
    gsize n_leavers;
    gboolean shows_nip, with_outcome;
} Paper;

typedef struct {
    const char *name, *title;
    void (*draw)(Paper *paper);
    gboolean needs_applicants;
} Kind;

static const char *
text_or_dots(const char *text)
{
    return text == NULL || text[0] == '\0' ? DOTS : text;
}

static const char *
title_of_service(const Paper *paper)
{
    const char *service = paper->kase->service ? paper->kase->service : "";

    return paper->office->service_title == NULL ? service : paper->office->service_title(service);
}

static const char *
title_of_role(const Paper *paper, const char *role)
{
    return paper->office->role_title == NULL
               ? role
               : paper->office->role_title(paper->office->role_data, role);
}

static char *
letter_day(const Paper *paper)
{
    return mp_report_julian(paper->kase->letter_date) != 0
               ? mp_calendar_format_iso_day(paper->kase->letter_date)
               : g_strdup(text_or_dots(paper->kase->letter_date));
}

/* --- pieces --- */

static void
draw_head(Paper *paper, const char *title)
{
    mp_sheet_text(paper->sheet, MP_SHEET_TITLE, PANGO_ALIGN_CENTER, paper->office->office_name);
    mp_sheet_rule(paper->sheet);
    if (title != NULL)
        mp_sheet_text(paper->sheet, MP_SHEET_TITLE, PANGO_ALIGN_CENTER, title);
    mp_sheet_gap(paper->sheet, 8);
}

static void
draw_signature(Paper *paper)
{
    mp_sheet_gap(paper->sheet, 24);
    mp_sheet_text(paper->sheet, MP_SHEET_PLAIN, PANGO_ALIGN_RIGHT, "Kepala Dinas,");
    mp_sheet_gap(paper->sheet, 48);
    mp_sheet_text(paper->sheet, MP_SHEET_PLAIN, PANGO_ALIGN_RIGHT, DOTS);
    mp_sheet_text(paper->sheet, MP_SHEET_PLAIN, PANGO_ALIGN_RIGHT, "NIP " DOTS);
}

static void
draw_foot(Paper *paper)
{
    g_autofree char *made = mp_calendar_format(paper->office->calendar, paper->now_utc);
    g_autofree char *text = g_strdup_printf(
        "Konsep untuk %s, disusun %s. %s",
        paper->kase == NULL ? paper->office->service_name : paper->kase->number,
        made,
        paper->shows_nip ? "Memuat NIP lengkap: hanya untuk ditandatangani dan dikirim kepada BSrE."
                         : "Nomor identitas disamarkan.");

    mp_sheet_gap(paper->sheet, 16);
    mp_sheet_text(paper->sheet, MP_SHEET_SMALL, PANGO_ALIGN_LEFT, text);
}

static const char *
outcome_words(MpOutcome outcome)
{
    switch (outcome) {
    case MP_OUTCOME_NONE:
        return "dalam proses";
    case MP_OUTCOME_ISSUED:
        return "terbit";
    case MP_OUTCOME_RENEWED:
        return "diperbarui";
    case MP_OUTCOME_CHANGED:
        return "data telah diubah";
    case MP_OUTCOME_REVOKED:
        return "dicabut";
    case MP_OUTCOME_REJECTED:
        return "ditolak";
    case MP_OUTCOME_WITHDRAWN:
        return "ditarik";
    case MP_OUTCOME_EXPIRED:
        return "tidak dilengkapi";
    case MP_OUTCOME_N:
        break;
    }
    return "";
}

static void
draw_applicants(Paper *paper)
{
    const MpSheetCell heads[] = {{7, "No.", FALSE},
                                 {27, "Nama", FALSE},
                                 {25, "NIP", FALSE},
                                 {21, "Unit kerja", FALSE},
                                 {20, paper->with_outcome ? "Hasil" : "Jabatan", FALSE}};

    mp_sheet_gap(paper->sheet, 6);
    mp_sheet_row(paper->sheet, MP_SHEET_SMALL_BOLD, heads, G_N_ELEMENTS(heads));
    for (guint i = 0; i < paper->kase->applicants->len; i++) {
        const MpCaseApplicant *one = g_ptr_array_index(paper->kase->applicants, i);
        g_autofree char *number = g_strdup_printf("%u", one->n);
        g_autofree char *nip = mp_text_mask(one->nip);
        const char *last = paper->with_outcome ? outcome_words(one->outcome) : one->position;
        const MpSheetCell cells[] = {
            {heads[0].percent, number, FALSE},
            {heads[1].percent, one->name, FALSE},
            {heads[2].percent, paper->shows_nip ? one->nip : nip, paper->shows_nip},
            {heads[3].percent, one->unit, FALSE},
            {heads[4].percent, last, FALSE}};

        mp_sheet_row(paper->sheet, MP_SHEET_SMALL, cells, G_N_ELEMENTS(cells));
    }
    mp_sheet_gap(paper->sheet, 6);
}

/* --- the control card --- */

static void
draw_card_fields(Paper *paper)
{
    const MpCase *kase = paper->kase;
    g_autofree char *day = letter_day(paper);
    g_autofree char *came = mp_calendar_format(paper->office->calendar, kase->opened_utc);
    g_autofree char *people = g_strdup_printf("%u orang", kase->applicants->len);
    g_autofree char *papers = g_strdup_printf("%u berkas", kase->documents->len);

    mp_sheet_field(paper->sheet, "Nomor permohonan", kase->number);
    mp_sheet_field(paper->sheet, "Nomor agenda", DOTS);
    mp_sheet_field(paper->sheet, "Layanan", title_of_service(paper));
    mp_sheet_field(paper->sheet, "Surat dari", text_or_dots(kase->requester_name));
    mp_sheet_field(paper->sheet, "Nomor surat", text_or_dots(kase->letter_number));
    mp_sheet_field(paper->sheet, "Tanggal surat", day);
    mp_sheet_field(paper->sheet, "Hal", text_or_dots(kase->letter_subject));
    mp_sheet_field(paper->sheet, "Diterima", came);
    mp_sheet_field(paper->sheet, "Pemohon", people);
    mp_sheet_field(paper->sheet, "Lampiran", papers);
}

static const guint card_percents[] = {7, 37, 21, 13, 22};

static void
draw_card_row(Paper *paper, const MpSopStep *step, const MpCaseUse *use)
{
    g_autofree char *left = use == NULL || use->left_utc == 0
                                ? g_strdup("")
                                : mp_calendar_format(paper->office->calendar, use->left_utc);
    const MpSheetCell cells[] = {{card_percents[0], step->printed, FALSE},
                                 {card_percents[1], step->activity, FALSE},
                                 {card_percents[2], title_of_role(paper, step->actor), FALSE},
                                 {card_percents[3], step->time_text, FALSE},
                                 {card_percents[4], left, FALSE}};

    mp_sheet_row(paper->sheet, MP_SHEET_SMALL, cells, G_N_ELEMENTS(cells));
}

/* The steps that the procedure prints, and when each was left. */
static void
draw_card_steps(Paper *paper)
{
    const MpSheetCell heads[] = {{card_percents[0], "No.", FALSE},
                                 {card_percents[1], "Kegiatan", FALSE},
                                 {card_percents[2], "Pelaksana", FALSE},
                                 {card_percents[3], "Waktu", FALSE},
                                 {card_percents[4], "Selesai pada", FALSE}};
    g_autoptr(GPtrArray) uses = NULL;

    if (paper->sop == NULL)
        return;
    uses = mp_case_account(paper->sop, paper->events, paper->office->calendar, paper->now_utc);
    mp_sheet_gap(paper->sheet, 8);
    mp_sheet_row(paper->sheet, MP_SHEET_SMALL_BOLD, heads, G_N_ELEMENTS(heads));
    for (guint i = 0; i < paper->sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(paper->sop->steps, i);
        const MpCaseUse *found = NULL;

        for (guint j = 0; j < uses->len; j++) {
            const MpCaseUse *use = g_ptr_array_index(uses, j);

            if (use->step == step)
                found = use;
        }
        if (!step->is_addition || found != NULL)
            draw_card_row(paper, step, found);
    }
}

static void
draw_card(Paper *paper)
{
    draw_head(paper, "KARTU KENDALI / LEMBAR DISPOSISI");
    draw_card_fields(paper);
    draw_card_steps(paper);
    mp_sheet_gap(paper->sheet, 10);
    mp_sheet_text(paper->sheet, MP_SHEET_BOLD, PANGO_ALIGN_LEFT, "Isi disposisi:");
    for (guint i = 0; i < 4; i++)
        mp_sheet_text(paper->sheet,
                      MP_SHEET_PLAIN,
                      PANGO_ALIGN_LEFT,
                      DOTS "........................................................");
    draw_foot(paper);
}

/* --- the letters --- */

static void
draw_leavers(Paper *paper)
{
    const MpReportLeaver *people = paper->leavers;
    static const guint percents[] = {7, 26, 23, 20, 24};
    static const char *const words[] = {"No.", "Nama", "NIP", "Jabatan", "Alasan"};
    MpSheetCell cells[G_N_ELEMENTS(percents)];

    for (gsize i = 0; i < G_N_ELEMENTS(percents); i++)
        cells[i] = (MpSheetCell){percents[i], words[i], FALSE};
    mp_sheet_gap(paper->sheet, 6);
    mp_sheet_row(paper->sheet, MP_SHEET_SMALL_BOLD, cells, G_N_ELEMENTS(cells));
    for (gsize i = 0; i < paper->n_leavers; i++) {
        g_autofree char *number = g_strdup_printf("%" G_GSIZE_FORMAT, i + 1);
        g_autofree char *nip = mp_text_mask(people[i].nip);
        const char *const texts[] = {
            number, people[i].name, nip, people[i].position, people[i].why};

        for (gsize j = 0; j < G_N_ELEMENTS(cells); j++)
            cells[j].text = texts[j];
        mp_sheet_row(paper->sheet, MP_SHEET_SMALL, cells, G_N_ELEMENTS(cells));
    }
    mp_sheet_gap(paper->sheet, 6);
}

static const char *
after(const char *line, const char *head)
{
    return g_str_has_prefix(line, head) ? line + strlen(head) : NULL;
}

/* Who gets it and what it is about stand above the paragraphs. */
static void
draw_letter_head(Paper *paper, char **lines)
{
    const char *to = DOTS;
    const char *about = DOTS;

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *value = after(lines[i], "Kepada: ");

        to = value != NULL ? value : to;
        value = after(lines[i], "Hal: ");
        about = value != NULL ? value : about;
    }
    draw_head(paper, NULL);
    mp_sheet_text(paper->sheet, MP_SHEET_PLAIN, PANGO_ALIGN_RIGHT, DOTS ", " DOTS);
    mp_sheet_field(paper->sheet, "Nomor", DOTS);
    mp_sheet_field(paper->sheet, "Hal", about);
    mp_sheet_gap(paper->sheet, 10);
    mp_sheet_text(paper->sheet, MP_SHEET_PLAIN, PANGO_ALIGN_LEFT, "Yth.");
    mp_sheet_text(paper->sheet, MP_SHEET_PLAIN, PANGO_ALIGN_LEFT, to);
    mp_sheet_text(paper->sheet, MP_SHEET_PLAIN, PANGO_ALIGN_LEFT, "di tempat");
    mp_sheet_gap(paper->sheet, 12);
}

static void
draw_letter(Paper *paper)
{
    g_auto(GStrv) lines = g_strsplit(paper->words, "\n", -1);

    draw_letter_head(paper, lines);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] == '\0' || after(lines[i], "Kepada: ") || after(lines[i], "Hal: "))
            continue;
        if (strcmp(lines[i], "[tabel]") != 0)
            mp_sheet_text(paper->sheet, MP_SHEET_PLAIN, PANGO_ALIGN_LEFT, lines[i]);
        else if (paper->leavers != NULL)
            draw_leavers(paper);
        else
            draw_applicants(paper);
    }
    draw_signature(paper);
    draw_foot(paper);
}

static void
draw_recommendation(Paper *paper)
{
    paper->shows_nip = paper->office->shows_nip;
    draw_letter(paper);
}

static void
draw_notice(Paper *paper)
{
    paper->with_outcome = TRUE;
    draw_letter(paper);
}

/* --- all of them --- */

static const Kind kinds[] = {
    {"kartu-kendali", "Kartu Kendali", draw_card, FALSE},
    {"surat-rekomendasi", "Surat Rekomendasi", draw_recommendation, TRUE},
    {"surat-pemberitahuan", "Surat Pemberitahuan", draw_notice, TRUE},
};

/* All but the table. */
#define COUNT(name, doc) +1
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) + 1 == 0 MP_CASE_PAPERS(COUNT));
#undef COUNT

static const Kind *
find_kind(const char *name, GError **error)
{
    const char *near = mp_text_nearest(name, mp_case_paper_names(), 3);

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_INPUT,
                "paper '%s': is not known%s%s%s",
                name,
                near ? "; did you mean '" : "",
                near ? near : "",
                near ? "'?" : "");
    return NULL;
}

GBytes *
mp_report_paper(const MpReportOffice *office,
                const char *name,
                const char *words,
                const MpCase *kase,
                const GPtrArray *events,
                const MpSop *sop,
                gint64 now_utc,
                GError **error)
{
    const Kind *kind = find_kind(name, error);
    Paper paper = {.office = office,
                   .words = words,
                   .kase = kase,
                   .events = events,
                   .sop = sop,
                   .now_utc = now_utc};
    g_autofree char *title = NULL;

    if (kind == NULL)
        return NULL;
    if (kind->needs_applicants && kase->applicants->len == 0) {
        g_set_error(
            error, MP_ERROR, MP_ERROR_INPUT, "%s: no applicants for '%s'", kase->number, name);
        return NULL;
    }
    title = g_strdup_printf("%s %s", kind->title, kase->number);
    paper.sheet = mp_sheet_new(title, now_utc);
    kind->draw(&paper);
    return mp_sheet_finish(paper.sheet, error);
}

GBytes *
mp_report_reminder(const MpReportOffice *office,
                   const char *words,
                   const MpReportLeaver *people,
                   gsize n_people,
                   gint64 now_utc,
                   GError **error)
{
    Paper paper = {.office = office,
                   .now_utc = now_utc,
                   .words = words,
                   .leavers = people,
                   .n_leavers = n_people};

    g_return_val_if_fail(n_people > 0, NULL);
    paper.sheet = mp_sheet_new("Permintaan Pencabutan Sertifikat Elektronik", now_utc);
    draw_letter(&paper);
    return mp_sheet_finish(paper.sheet, error);
}
