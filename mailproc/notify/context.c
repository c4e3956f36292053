/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case in the words of a notice. Every key of the table is set, also when empty, so that a name
 * of an inner map never falls through to the outer one. */
#include "notify/notify-private.h"

#define NEAREST_END_DAYS 60

static void
set_number(MpValue *map, const char *key, guint number)
{
    g_autofree char *text = number == 0 ? NULL : g_strdup_printf("%u", number);

    mp_value_set_text(map, key, text);
}

static void
set_masked(MpValue *map, const char *key, const char *number)
{
    g_autofree char *masked = mp_text_mask(number);

    mp_value_set_text(map, key, masked);
}

static void
set_line(MpValue *map, const char *key, const char *text)
{
    g_autofree char *line = mp_text_line(text);

    mp_value_set_text(map, key, line);
}

static void
set_time(MpValue *map, const char *key, const MpNotifyOffice *office, gint64 at_utc)
{
    g_autofree char *text = NULL;

    if (at_utc != 0 && office->calendar != NULL)
        text = mp_calendar_format(office->calendar, at_utc);
    mp_value_set_text(map, key, text);
}

static char *
format_day(const char *iso_day)
{
    char *text = iso_day == NULL || iso_day[0] == '\0' ? NULL : mp_calendar_format_iso_day(iso_day);

    return text == NULL ? g_strdup(iso_day) : text;
}

static void
set_day(MpValue *map, const char *key, const char *iso_day)
{
    g_autofree char *text = format_day(iso_day);

    mp_value_set_text(map, key, text);
}

MpValue *
mp_notify_office_context(const MpNotifyOffice *office, gint64 now_utc)
{
    MpValue *map = mp_value_map();

    set_line(map, "kantor", office->office_name);
    set_line(map, "nama_layanan", office->service_name);
    set_line(map, "surel_kantor", office->office_address);
    set_time(map, "sekarang", office, now_utc);
    return map;
}

/* A certificate that was issued or renewed lives for years. A day that is nearer is the old one's:
 * the new one is not known yet, and saying the old one would be wrong. */
static gboolean
is_old_validity(const MpNotifyOffice *office, const MpCaseApplicant *applicant)
{
    gint64 end_utc;

    if ((applicant->outcome != MP_OUTCOME_ISSUED && applicant->outcome != MP_OUTCOME_RENEWED) ||
        applicant->valid_until == NULL || office->calendar == NULL)
        return FALSE;
    end_utc = mp_calendar_day_start(office->calendar, applicant->valid_until);
    return end_utc < applicant->outcome_utc + NEAREST_END_DAYS * G_TIME_SPAN_DAY;
}

static MpValue *
applicant_map(const MpNotifyOffice *office, const MpCaseApplicant *applicant)
{
    MpValue *map = mp_value_map();
    gboolean is_success = mp_outcome_is_success(applicant->outcome);

    set_number(map, "no", applicant->n);
    set_line(map, "nama", applicant->name);
    set_masked(map, "nip", applicant->nip);
    set_masked(map, "nik", applicant->nik);
    set_line(map, "jabatan", applicant->position);
    set_line(map, "unit", applicant->unit);
    set_line(map, "surel", applicant->email);
    set_line(map, "semula", applicant->was);
    set_line(map, "menjadi", applicant->becomes);
    set_day(
        map, "berlaku_sampai", is_old_validity(office, applicant) ? NULL : applicant->valid_until);
    mp_value_set_text(map, "hasil", mp_notify_outcome_title(applicant->outcome));
    set_line(map, "hasil_alasan", applicant->outcome_reason);
    set_time(map, "hasil_pada", office, applicant->outcome_utc);
    mp_value_set_take(map,
                      "hasil_terbit",
                      mp_value_bool(applicant->outcome == MP_OUTCOME_ISSUED ||
                                    applicant->outcome == MP_OUTCOME_RENEWED));
    mp_value_set_take(
        map, "hasil_dicabut", mp_value_bool(applicant->outcome == MP_OUTCOME_REVOKED));
    mp_value_set_take(map, "orang_berhasil", mp_value_bool(is_success));
    mp_value_set_take(
        map, "orang_gagal", mp_value_bool(!is_success && applicant->outcome != MP_OUTCOME_NONE));
    return map;
}

static void
add_applicants(MpValue *context, const MpNotifyOffice *office, const MpCase *kase, guint special)
{
    MpValue *list = mp_value_list();

    for (guint i = 0; kase->applicants != NULL && i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        mp_value_append_take(list, applicant_map(office, applicant));
        if (special != 0 && applicant->n == special)
            mp_value_set_take(context, "pemohon", applicant_map(office, applicant));
    }
    set_number(context, "jumlah_orang", kase->applicants == NULL ? 0 : kase->applicants->len);
    mp_value_set_take(context, "orang", list);
}

static void
add_documents(MpValue *context, const MpCase *kase)
{
    MpValue *list = mp_value_list();

    for (guint i = 0; kase->documents != NULL && i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);
        MpValue *map = mp_value_map();

        set_line(map, "nama_berkas", document->filename);
        mp_value_set_text(map, "jenis_berkas", mp_notify_document_title(document->kind));
        mp_value_set_take(map, "tak_terbaca", mp_value_bool(!document->is_readable));
        mp_value_append_take(list, map);
    }
    mp_value_set_take(context, "berkas", list);
}

/* One map with one text for each string. */
static MpValue *
list_of_texts(const GPtrArray *strings, const char *key, char *(*to_text)(const char *))
{
    MpValue *list = mp_value_list();

    for (guint i = 0; strings != NULL && i < strings->len; i++) {
        g_autofree char *text = to_text(g_ptr_array_index(strings, i));
        MpValue *map;

        if (text == NULL)
            continue;
        map = mp_value_map();
        mp_value_set_text(map, key, text);
        mp_value_append_take(list, map);
    }
    return list;
}

static char *
doubt_text(const char *doubt)
{
    return g_strdup(mp_notify_doubt_sentence(doubt));
}

static char *
copy_text(const char *text)
{
    return g_strdup(text);
}

static void
add_letter(MpValue *context, const MpCase *kase)
{
    g_autofree char *day = format_day(kase->letter_date);
    g_autoptr(GString) words = g_string_new(NULL);

    if (kase->letter_number != NULL && kase->letter_number[0] != '\0')
        g_string_append_printf(words, "Nomor %s", kase->letter_number);
    if (day != NULL && day[0] != '\0')
        g_string_append_printf(words, "%stanggal %s", words->len > 0 ? " " : "", day);
    if (kase->letter_subject != NULL && kase->letter_subject[0] != '\0')
        g_string_append_printf(words, "%shal %s", words->len > 0 ? " " : "", kase->letter_subject);
    set_line(context, "surat", words->str);
    set_line(context, "surat_nomor", kase->letter_number);
    set_line(context, "surat_tanggal", day);
    set_line(context, "surat_hal", kase->letter_subject);
}

static const char *
holder_title(const MpNotifyOffice *office, const MpCase *kase)
{
    return mp_notify_role_title(office, kase->holder_role);
}

/* "Bola di: Kasi TI dan Persandian, sejak …, batas …" */
static void
add_holder(MpValue *context, const MpNotifyOffice *office, const MpCase *kase)
{
    const char *title = holder_title(office, kase);
    g_autoptr(GString) line = g_string_new(NULL);

    set_line(context, "pemegang", title);
    if (!mp_case_state_is_closed(kase->state) && title[0] != '\0') {
        g_string_append_printf(line, "Bola di: %s", title);
        if (kase->step_since_utc != 0 && office->calendar != NULL) {
            g_autofree char *since = mp_calendar_format(office->calendar, kase->step_since_utc);

            g_string_append_printf(line, ", sejak %s", since);
        }
        if (kase->due_utc != 0 && office->calendar != NULL) {
            g_autofree char *due = mp_calendar_format_due(office->calendar, kase->due_utc);

            g_string_append_printf(line, ", batas %s", due);
        }
    }
    set_line(context, "bola", line->str);
}

MpValue *
mp_notify_case_context(const MpNotifyOffice *office,
                       const MpSop *sop,
                       const MpCase *kase,
                       guint applicant,
                       gint64 now_utc)
{
    MpValue *context = mp_notify_office_context(office, now_utc);
    const MpSopStep *step = sop == NULL || kase->step == NULL ? NULL : mp_sop_step(sop, kase->step);
    MpValue *steps = mp_notify_steps(office, sop, kase);
    gboolean is_closed = mp_case_state_is_closed(kase->state);
    g_autofree char *due = NULL;
    const char *requester = kase->requester_name != NULL && kase->requester_name[0] != '\0'
                                ? kase->requester_name
                                : kase->requester_address;

    set_line(context, "nomor", kase->number);
    set_line(context, "layanan", mp_notify_service_title(kase->service));
    mp_value_set_text(context, "keadaan", mp_notify_state_title(kase->state));
    mp_value_set_take(context, "berhasil", mp_value_bool(kase->state == MP_CASE_FINISHED));
    set_line(context, "alasan", kase->reason);
    set_line(context, "asal", kase->linked_from);
    set_line(context, "pengaju", requester);
    set_line(context, "surel_pengaju", kase->requester_address);
    add_letter(context, kase);
    set_time(context, "diterima_pada", office, kase->opened_utc);
    set_time(context, "sejak", office, kase->step_since_utc);
    if (!is_closed && kase->due_utc != 0 && office->calendar != NULL)
        due = mp_calendar_format_due(office->calendar, kase->due_utc);
    mp_value_set_text(context, "batas", due);
    set_time(context, "ditutup_pada", office, kase->closed_utc);
    set_line(context, "tahap", step == NULL ? NULL : step->activity);
    add_holder(context, office, kase);
    add_applicants(context, office, kase, applicant);
    add_documents(context, kase);
    set_number(context, "jumlah_kurang", kase->missing == NULL ? 0 : kase->missing->len);
    mp_value_set_take(context,
                      "kurang",
                      list_of_texts(kase->missing, "nama_kurang", mp_notify_requirement_title));
    mp_value_set_take(context, "keraguan", list_of_texts(kase->doubts, "isi_keraguan", doubt_text));
    mp_value_set_take(context, "terkait", list_of_texts(kase->linked, "nomor_terkait", copy_text));
    set_number(context, "jumlah_langkah", steps->items->len);
    mp_value_set_take(context, "langkah", steps);
    return context;
}
