/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The service standard: fourteen components (UU 25/2009, PermenPANRB 15/2014) of one service,
 * filled from its procedure, the calendar and the roles; what only the office knows comes from
 * [standard] and says so where it is not filled in. */

#include "app/standard.h"

#define NOT_FILLED "(belum diisi)"

/* Keys of [standard] that nothing else can answer, and the name that a template calls each by. */
static const struct {
    const char *key, *name;
} own_words[] = {
    {"legal_basis", "dasar_hukum"},
    {"facilities", "sarana"},
    {"competence", "kompetensi"},
    {"supervision", "pengawasan"},
    {"assurance", "jaminan_pelayanan"},
    {"safety", "jaminan_keamanan"},
};

/* --- working hours in words --- */

/* "mon-thu 08:00-12:00,13:00-15:45; fri 08:00-11:00" → "Senin–Kamis 08.00–12.00, 13.00–15.45; …".
 * The form was checked when it was read. */
static char *
spell_hours(const char *hours)
{
    static const char *const words[][2] = {{"mon", "Senin"},
                                           {"tue", "Selasa"},
                                           {"wed", "Rabu"},
                                           {"thu", "Kamis"},
                                           {"fri", "Jumat"},
                                           {"sat", "Sabtu"},
                                           {"sun", "Minggu"},
                                           {"-", "–"},
                                           {":", "."},
                                           {",", ", "}};
    g_autoptr(GString) out = g_string_new(hours);

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        (void)g_string_replace(out, words[i][0], words[i][1], 0);
    return g_strdup(out->str);
}

static const char *
hours_of(const MpSetup *setup, const MpSop *sop)
{
    g_autofree char *section = g_strconcat("service ", sop->service, NULL);
    const char *set = mp_config_string(setup->config, section, "hours");

    if (set[0] != '\0')
        return set;
    return sop->hours != NULL ? sop->hours : mp_config_string(setup->config, "calendar", "hours");
}

/* --- lists --- */

static void
add_line(MpValue *list, const char *name, const char *text)
{
    MpValue *row = mp_value_map();

    mp_value_set_text(row, name, text);
    mp_value_append_take(list, row);
}

static MpValue *
requirements_of(const MpSop *sop)
{
    static const char each[] = "per-applicant:";
    MpValue *list = mp_value_list();

    for (guint i = 0; sop->requirements != NULL && sop->requirements[i] != NULL; i++) {
        const char *requirement = sop->requirements[i];
        gboolean is_each = g_str_has_prefix(requirement, each);
        g_autofree char *title =
            mp_notify_requirement_title(requirement + (is_each ? strlen(each) : 0));
        g_autofree char *line = g_strconcat(title, is_each ? " (setiap pemohon)" : "", NULL);

        add_line(list, "isi_persyaratan", line);
    }
    return list;
}

static MpValue *
steps_of(const MpSetup *setup, const MpSop *sop)
{
    MpValue *list = mp_value_list();
    guint n = 0;

    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);
        g_autofree char *no = NULL;
        MpValue *row;

        if (step->is_addition || step->is_end)
            continue;
        no = g_strdup_printf("%u", ++n);
        row = mp_value_map();
        mp_value_set_text(row, "no_langkah", no);
        mp_value_set_text(row, "kegiatan", step->activity);
        mp_value_set_text(row, "pelaku", mp_notify_role_title(&setup->notify, step->actor));
        mp_value_set_text(row, "waktu_sop", step->time_text);
        mp_value_append_take(list, row);
    }
    return list;
}

/* All printed minutes of one clock together. */
static gint64
sum_of(const MpSop *sop, MpTimeKind kind)
{
    gint64 sum = 0;

    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (!step->is_addition && step->time_kind == kind)
            sum += step->minutes;
    }
    return sum;
}

static gboolean
add_time(MpValue *list, const char *format, gint64 amount)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, amount);
    g_autoptr(GString) line = g_string_new(format);

    if (amount == 0)
        return FALSE;
    (void)g_string_replace(line, "#", number, 1);
    add_line(list, "isi_jangka_waktu", line->str);
    return TRUE;
}

static MpValue *
times_of(const MpSop *sop)
{
    MpValue *list = mp_value_list();
    gint64 elapsed = sum_of(sop, MP_TIME_ELAPSED);
    gboolean is_hours = elapsed % 60 == 0, is_told = sop->total_text != NULL;

    if (is_told) {
        g_autofree char *line = g_strdup_printf("Jumlah waktu menurut SOP: %s", sop->total_text);

        add_line(list, "isi_jangka_waktu", line);
    }
    is_told |= add_time(list, "Di kantor: # menit kerja", sum_of(sop, MP_TIME_OFFICE));
    is_told |= add_time(list,
                        is_hours ? "Di luar kantor: # jam" : "Di luar kantor: # menit",
                        is_hours ? elapsed / 60 : elapsed);
    is_told |= add_time(list, "Ditambah # hari kerja", sum_of(sop, MP_TIME_DAYS));
    if (!is_told)
        add_line(list, "isi_jangka_waktu", NOT_FILLED);
    return list;
}

/* --- complaints --- */

static void
add_complaint_steps(MpValue *list, const MpSop *sop)
{
    for (guint i = 0; sop != NULL && i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);
        g_autofree char *line = NULL;

        if (step->is_addition)
            continue;
        line = step->alarm_kind == MP_TIME_DAYS
                   ? g_strdup_printf("%s (paling lama %" G_GINT64_FORMAT " hari kerja)",
                                     step->activity,
                                     step->alarm_minutes)
                   : g_strdup(step->activity);
        add_line(list, "isi_pengaduan", line);
    }
}

static MpValue *
complaints_of(const MpSetup *setup, const char *today)
{
    MpValue *list = mp_value_list();
    g_autoptr(GPtrArray) officers = mp_setup_role_addresses(setup, "pejabat-pengaduan", today);
    g_autofree char *office =
        g_strdup_printf("Surel %s dengan perihal “Pengaduan” dan nomor permohonan",
                        mp_config_string(setup->config, "office", "address"));

    add_line(list, "isi_pengaduan", office);
    for (guint i = 0; i < officers->len; i++) {
        g_autofree char *line =
            g_strdup_printf("%s: %s",
                            mp_notify_role_title(&setup->notify, "pejabat-pengaduan"),
                            (const char *)g_ptr_array_index(officers, i));

        add_line(list, "isi_pengaduan", line);
    }
    add_complaint_steps(list, mp_setup_sop(setup, MP_COMPLAINT_SERVICE));
    return list;
}

/* --- people --- */

/* Who works on the service: everybody who has a role of one of its steps. */
static char *
staff_of(const MpSetup *setup, const MpSop *sop, const char *today)
{
    const char *set = mp_config_string(setup->config, "standard", "staff");
    g_autoptr(GHashTable) people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (set[0] != '\0')
        return g_strdup(set);
    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);
        g_autoptr(GPtrArray) holders = mp_setup_role_addresses(setup, step->actor, today);

        for (guint k = 0; k < holders->len; k++)
            (void)g_hash_table_add(people, g_strdup(g_ptr_array_index(holders, k)));
    }
    return g_hash_table_size(people) == 0 ? g_strdup(NOT_FILLED)
                                          : g_strdup_printf("%u orang", g_hash_table_size(people));
}

/* --- the whole --- */

static void
set_own_words(const MpSetup *setup, MpValue *values)
{
    for (gsize i = 0; i < G_N_ELEMENTS(own_words); i++) {
        const char *set = mp_config_string(setup->config, "standard", own_words[i].key);

        mp_value_set_text(values, own_words[i].name, set[0] != '\0' ? set : NOT_FILLED);
    }
}

GPtrArray *
mp_standard_missing(const MpSetup *setup)
{
    GPtrArray *missing = g_ptr_array_new();

    for (gsize i = 0; i < G_N_ELEMENTS(own_words); i++)
        if (mp_config_string(setup->config, "standard", own_words[i].key)[0] == '\0')
            g_ptr_array_add(missing, (gpointer)own_words[i].key);
    return missing;
}

static MpValue *
make_values(const MpSetup *setup, const MpSop *sop, gint64 now_utc)
{
    MpNotifyOffice office = setup->notify;
    g_autofree char *today = mp_calendar_today(setup->calendar, now_utc);
    g_autofree char *hours = spell_hours(hours_of(setup, sop));
    g_autofree char *staff = staff_of(setup, sop, today);
    const char *product = mp_config_string(setup->config, "standard", "product");
    MpValue *values;

    office.calendar = mp_setup_calendar(setup, sop->service);
    values = mp_notify_office_context(&office, now_utc);
    mp_value_set_text(values, "layanan", mp_notify_service_title(sop->service));
    mp_value_set_take(values, "persyaratan", requirements_of(sop));
    mp_value_set_take(values, "langkah", steps_of(setup, sop));
    mp_value_set_take(values, "jangka_waktu", times_of(sop));
    mp_value_set_text(values, "jam_layanan", hours);
    mp_value_set_text(values, "biaya", mp_config_string(setup->config, "standard", "fee"));
    mp_value_set_text(values, "produk", product[0] != '\0' ? product : sop->title);
    mp_value_set_take(values, "cara_pengaduan", complaints_of(setup, today));
    mp_value_set_text(values, "jumlah_pelaksana", staff);
    mp_value_set_text(
        values, "evaluasi", mp_config_string(setup->config, "standard", "evaluation"));
    set_own_words(setup, values);
    return values;
}

gboolean
mp_standard_render(const MpSetup *setup,
                   const char *service,
                   gint64 now_utc,
                   char **text_out,
                   char **html_out,
                   GError **error)
{
    const MpSop *sop = mp_setup_sop(setup, service);
    g_autoptr(MpValue) values = NULL;
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;

    if (sop == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: no such service is configured", service);
        return FALSE;
    }
    values = make_values(setup, sop, now_utc);
    if (!mp_templates_render(setup->templates, "standar", values, &subject, &text, html_out, error))
        return FALSE;
    *text_out = g_strdup_printf("%s\n\n%s", subject, text);
    return TRUE;
}
