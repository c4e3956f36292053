/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the delivery process keeps an eye on. Each alarm is a mark in the store while it stands: it
 * is told when the mark comes and when it goes, in the same transaction, and never in between. */

#include "app/watch.h"

#include "app/digest.h"

#include <syslog.h>

typedef struct {
    const MpApp *app;
    const MpHealth *health;
    gint64 started_utc;
} Look;

typedef struct {
    const char *id;
    const char *subject; /* what is well again; NULL = nobody needs to hear so */
    gboolean (*is_wrong)(const Look *look, gboolean was_wrong);
    char *(*sentence)(const Look *look);
} Alarm;

static gint64
duration_us(const Look *look, const char *key)
{
    return mp_config_duration(look->app->setup->config, "watch", key) * G_USEC_PER_SEC;
}

/* A service that was stopped has swept nothing: the time counts from its start, unless people have
 * been told already. */
static gboolean
is_sweep_late(const Look *look, gboolean was_wrong)
{
    gint64 since = look->health->last_sweep_utc;

    if (!was_wrong)
        since = MAX(since, look->started_utc);
    return look->health->now_utc - since > duration_us(look, "sweep_age");
}

static char *
say_sweep(const Look *look)
{
    const MpCalendar *calendar = look->app->setup->calendar;
    gint64 since = look->health->last_sweep_utc;
    g_autofree char *when = since == 0 ? NULL : mp_calendar_format(calendar, since);

    return when == NULL ? g_strdup("Kotak surat belum pernah berhasil diperiksa.")
                        : g_strdup_printf("Kotak surat tidak berhasil diperiksa sejak %s.", when);
}

static gboolean
is_quarantine_used(const Look *look, gboolean was_wrong)
{
    (void)was_wrong;
    return look->health->counts.mails[MP_LEDGER_QUARANTINED] > 0;
}

static char *
say_quarantine(const Look *look)
{
    return g_strdup_printf("Ada %" G_GUINT64_FORMAT " surel di karantina yang perlu dilihat.",
                           look->health->counts.mails[MP_LEDGER_QUARANTINED]);
}

static gboolean
is_outbox_old(const Look *look, gboolean was_wrong)
{
    gint64 oldest = look->health->counts.oldest_unsent_utc;

    (void)was_wrong;
    return oldest != 0 && look->health->now_utc - oldest > duration_us(look, "outbox_age");
}

static char *
say_outbox(const Look *look)
{
    g_autofree char *when =
        mp_calendar_format(look->app->setup->calendar, look->health->counts.oldest_unsent_utc);

    return g_strdup_printf("Ada surel keluar yang belum terkirim sejak %s.", when);
}

static gboolean
is_disk_full(const Look *look, gboolean was_wrong)
{
    (void)was_wrong;
    return look->health->disk_free <
           (guint64)mp_config_size(look->app->setup->config, "watch", "disk_free");
}

static char *
say_disk(const Look *look)
{
    return g_strdup_printf("Ruang penyimpanan tersisa %" G_GUINT64_FORMAT " MB.",
                           look->health->disk_free / 1000000);
}

/* The year went by while the service ran. Mail is taken all the same: losing it would be worse than
 * due times that are provisional. */
static gboolean
is_year_unknown(const Look *look, gboolean was_wrong)
{
    (void)was_wrong;
    return mp_setup_missing_year(look->app->setup, look->health->now_utc) != 0;
}

static char *
say_year(const Look *look)
{
    return g_strdup_printf(
        "Hari libur tahun %d belum dimuat. Batas waktu dihitung tanpa hari libur "
        "dan bersifat sementara; setelah dihentikan, layanan tidak dapat "
        "dijalankan lagi sebelum berkas hari libur tahun itu dipasang.",
        mp_setup_missing_year(look->app->setup, look->health->now_utc));
}

static gint64
soon(const Look *look)
{
    return look->health->now_utc +
           mp_config_duration(look->app->setup->config, "calendar", "year_notice") * G_USEC_PER_SEC;
}

static gboolean
is_next_year_unknown(const Look *look, gboolean was_wrong)
{
    return !is_year_unknown(look, was_wrong) &&
           mp_setup_missing_year(look->app->setup, soon(look)) != 0;
}

static char *
say_next_year(const Look *look)
{
    return g_strdup_printf(
        "Hari libur tahun %d belum dimuat; batas waktu yang jatuh pada tahun itu "
        "bersifat sementara. Mohon berkas hari liburnya dipasang sebelum tahun "
        "berganti.",
        mp_setup_missing_year(look->app->setup, soon(look)));
}

/* The certificate that ends first; 0 = none was seen. */
static gint64
first_end(const MpHealth *health)
{
    gint64 a = health->mailbox_tls_utc, b = health->sender_tls_utc;

    return a == 0 ? b : b == 0 ? a : MIN(a, b);
}

static gboolean
is_certificate_ending(const Look *look, gboolean was_wrong)
{
    gint64 end_utc = first_end(look->health);

    (void)was_wrong;
    return end_utc != 0 && end_utc - look->health->now_utc < duration_us(look, "tls_expiry");
}

static char *
say_certificate(const Look *look)
{
    const MpHealth *health = look->health;
    gint64 end_utc = first_end(health);
    g_autofree char *when = mp_calendar_format(look->app->setup->calendar, end_utc);

    return g_strdup_printf("Sertifikat server %s hanya berlaku sampai %s.",
                           end_utc == health->mailbox_tls_utc ? "kotak surat" : "pengiriman surel",
                           when);
}

static const Alarm alarms[] = {
    {"sweep", "pemeriksaan kotak surat", is_sweep_late, say_sweep},
    {"quarantine", "karantina kosong", is_quarantine_used, say_quarantine},
    {"outbox", "pengiriman surel", is_outbox_old, say_outbox},
    {"disk", "ruang penyimpanan", is_disk_full, say_disk},
    {"year", "hari libur tahun berjalan", is_year_unknown, say_year},
    {"next-year", NULL, is_next_year_unknown, say_next_year},
    {"tls", "sertifikat server", is_certificate_ending, say_certificate},
};

/* --- servers --- */

/* An unknown end says nothing against the one that is known. */
static gboolean
mark_server(MpStore *store, const char *name, gint64 end_utc, gboolean *changed, GError **error)
{
    g_autofree char *before = store->mark_get(store, name);
    g_autofree char *after =
        end_utc == MP_TLS_NEVER ? NULL : g_strdup_printf("%" G_GINT64_FORMAT, end_utc);

    if (end_utc == 0 || g_strcmp0(before, after) == 0)
        return TRUE;
    if (!*changed && !store->begin(store, error))
        return FALSE;
    *changed = TRUE;
    return store->mark_set(store, name, after, error);
}

gboolean
mp_watch_mark_servers(MpApp *app, GError **error)
{
    gint64 mailbox = app->mailbox == NULL ? 0 : app->mailbox->tls_expires_utc;
    gint64 sender = app->sender == NULL ? 0 : app->sender->tls_expires_utc;
    gboolean changed = FALSE;

    if (mark_server(app->store, "tls mailbox", mailbox, &changed, error) &&
        mark_server(app->store, "tls sender", sender, &changed, error) &&
        (!changed || app->store->commit(app->store, error)))
        return TRUE;
    if (changed)
        app->store->rollback(app->store);
    return FALSE;
}

/* --- the note --------------------------------------------------------------------------------- */

static void
add_figure(MpValue *list, const char *name, const char *value)
{
    MpValue *row = mp_value_map();

    mp_value_set_text(row, "nama_angka", name);
    mp_value_set_text(row, "nilai", value);
    mp_value_append_take(list, row);
}

static void
add_count(MpValue *list, const char *name, guint64 n)
{
    g_autofree char *value = g_strdup_printf("%" G_GUINT64_FORMAT, n);

    add_figure(list, name, value);
}

static void
add_figures(MpValue *list, const MpHealth *health)
{
    const MpStoreCounts *counts = &health->counts;

    add_count(list, "Surel diterima dan selesai dicatat", counts->mails[MP_LEDGER_DONE]);
    add_count(list, "Surel di karantina", counts->mails[MP_LEDGER_QUARANTINED]);
    add_count(list, "Permohonan yang terbuka", counts->cases[MP_CASE_OPEN]);
    add_count(list,
              "Surel keluar yang menunggu",
              counts->outbox[MP_OUTBOX_QUEUED] + counts->outbox[MP_OUTBOX_DEFERRED] +
                  counts->outbox[MP_OUTBOX_UNCERTAIN]);
    add_count(list, "Surel keluar yang gagal", counts->outbox[MP_OUTBOX_FAILED]);
    add_count(list, "Peristiwa dalam rantai catatan", counts->events);
}

static void
add_warning(MpValue *list, const char *sentence)
{
    MpValue *row = mp_value_map();

    mp_value_set_text(row, "isi_peringatan", sentence);
    mp_value_append_take(list, row);
}

/* No alarm, because nothing went wrong: the office runs without proof of who writes, every day. */
static void
warn_of_trust(const Look *look, MpValue *list)
{
    const MpConfig *config = look->app->setup->config;

    if (mp_config_string(config, "trust", "authserv_id")[0] == '\0')
        add_warning(list,
                    "Tidak ada server surel yang membuktikan pengirim (authserv_id belum diisi): "
                    "pengirim dikenali dari alamatnya saja.");
}

/* `is_wrong` and `was_wrong`: one of each alarm. */
static MpValue *
make_note(const Look *look, const gboolean *is_wrong, const gboolean *was_wrong)
{
    MpValue *note = mp_value_map(), *warnings = mp_value_list(), *figures = mp_value_list();
    g_autofree char *day =
        mp_calendar_format_day(look->app->setup->calendar, look->health->now_utc);

    mp_value_set_text(note, "tanggal", day);
    mp_value_set_text(note, "kepala_rantai", look->health->chain_head);
    for (gsize i = 0; i < G_N_ELEMENTS(alarms); i++) {
        if (is_wrong[i]) {
            g_autofree char *sentence = alarms[i].sentence(look);

            add_warning(warnings, sentence);
        } else if (was_wrong[i] && alarms[i].subject != NULL) {
            add_figure(figures, "Sudah pulih", alarms[i].subject);
        }
    }
    warn_of_trust(look, warnings);
    add_figures(figures, look->health);
    mp_value_set_take(note, "peringatan", warnings);
    mp_value_set_take(note, "angka", figures);
    return note;
}

/* --- telling ---------------------------------------------------------------------------------- */

static gboolean
set_marks(MpApp *app,
          const Look *look,
          const gboolean *is_wrong,
          const gboolean *was_wrong,
          GError **error)
{
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, look->health->now_utc);

    for (gsize i = 0; i < G_N_ELEMENTS(alarms); i++) {
        g_autofree char *mark = g_strconcat("alarm ", alarms[i].id, NULL);

        if (is_wrong[i] == was_wrong[i])
            continue;
        mp_app_log(app,
                   is_wrong[i] ? LOG_WARNING : LOG_NOTICE,
                   is_wrong[i] ? "alarm.raised" : "alarm.over",
                   "alarm",
                   alarms[i].id,
                   NULL);
        if (!app->store->mark_set(app->store, mark, is_wrong[i] ? now : NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
send_note(MpApp *app, MpValue *note, GError **error)
{
    const MpPlanner planner = {.setup = app->setup,
                               .store = app->store,
                               .random = app->random,
                               .now_utc = app->clock->now_utc(app->clock)};
    g_autoptr(MpPlan) plan = mp_plan_health(&planner, note, error);

    return plan != NULL && mp_pipeline_carry_out(app, plan, error);
}

/* Once a day, at its time or as soon after it as the service runs. */
static gboolean
is_note_due(MpApp *app, gint64 now_utc, char **today_out)
{
    const MpSetup *setup = app->setup;
    g_autofree char *today = mp_calendar_today(setup->calendar, now_utc);
    g_autofree char *told = app->store->mark_get(app->store, "daily-note");
    gint64 at_utc = mp_calendar_day_start(setup->calendar, today) +
                    mp_config_minute(setup->config, "watch", "daily_time") * G_TIME_SPAN_MINUTE;
    gboolean is_due = mp_config_bool(setup->config, "watch", "daily_note") && now_utc >= at_utc &&
                      g_strcmp0(told, today) != 0;

    *today_out = g_steal_pointer(&today);
    return is_due;
}

static gboolean
tell(MpApp *app,
     const Look *look,
     const gboolean *is_wrong,
     const gboolean *was_wrong,
     const char *day,
     GError **error)
{
    g_autoptr(MpValue) note = make_note(look, is_wrong, was_wrong);

    return set_marks(app, look, is_wrong, was_wrong, error) &&
           (day == NULL || app->store->mark_set(app->store, "daily-note", day, error)) &&
           send_note(app, note, error);
}

gboolean
mp_watch_look(MpApp *app, gint64 started_utc, GError **error)
{
    g_autoptr(MpHealth) health = mp_health_read(app, error);
    const Look look = {.app = app, .health = health, .started_utc = started_utc};
    gboolean is_wrong[G_N_ELEMENTS(alarms)], was_wrong[G_N_ELEMENTS(alarms)], is_news = FALSE;
    g_autofree char *today = NULL;
    gboolean is_due;

    if (health == NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(alarms); i++) {
        g_autofree char *mark = g_strconcat("alarm ", alarms[i].id, NULL);
        g_autofree char *since = app->store->mark_get(app->store, mark);

        was_wrong[i] = since != NULL;
        is_wrong[i] = mp_config_bool(app->setup->config, "watch", "alarms") &&
                      alarms[i].is_wrong(&look, was_wrong[i]);
        is_news = is_news || is_wrong[i] != was_wrong[i];
    }
    is_due = is_note_due(app, health->now_utc, &today);
    if (!is_news && !is_due)
        return TRUE;
    if (!app->store->begin(app->store, error))
        return FALSE;
    if (tell(app, &look, is_wrong, was_wrong, is_due ? today : NULL, error) &&
        app->store->commit(app->store, error))
        return TRUE;
    app->store->rollback(app->store);
    return FALSE;
}
