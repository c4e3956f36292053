/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The office of a scenario: its files, its clock and the mails that people put into its mailbox. */

#include "scenario.h"

#include "app/digest.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <utime.h>

enum { MOST_TICKS = 5000, MAX_FILE = 8 * 1024 * 1024 };

/* --- files ----------------------------------------------------------------------------------- */

static gboolean
storage(GError **error, const char *path)
{
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean
copy_dir(const char *from, const char *to, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(from, 0, error);
    const char *name;

    if (dir == NULL)
        return FALSE;
    if (g_mkdir_with_parents(to, 0700) != 0)
        return storage(error, to);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *source = g_build_filename(from, name, NULL);
        g_autofree char *target = g_build_filename(to, name, NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;

        if (g_file_test(source, G_FILE_TEST_IS_DIR)) {
            if (!copy_dir(source, target, error))
                return FALSE;
        } else if (!g_file_get_contents(source, &bytes, &length, error) ||
                   !g_file_set_contents(target, bytes, (gssize)length, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static void
remove_dir(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);

        if (g_file_test(child, G_FILE_TEST_IS_DIR) && !g_file_test(child, G_FILE_TEST_IS_SYMLINK))
            remove_dir(child);
        else
            g_unlink(child);
    }
    g_rmdir(path);
}

static gboolean
make_maildir(const char *dir, const char *name, GError **error)
{
    static const char *const parts[] = {"cur", "new", "tmp"};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_build_filename(dir, name, parts[i], NULL);

        if (g_mkdir_with_parents(path, 0700) != 0)
            return storage(error, path);
    }
    return TRUE;
}

static gboolean
load_config(MpScenario *s, GError **error)
{
    g_autofree char *text = mp_config_default_text(s->dir);
    g_autofree char *rules = g_build_filename(s->dir, "rules", NULL);

    s->config = g_key_file_new();
    if (!g_key_file_load_from_data(s->config, text, (gsize)-1, G_KEY_FILE_NONE, error))
        return FALSE;
    mp_scenario_set(s, "office", "rules_dir", rules);
    mp_scenario_set(s, "office", "templates_dir", MP_SOURCE_DIR "/templates");
    return TRUE;
}

MpScenario *
mp_scenario_new(const char *source, GError **error)
{
    g_autoptr(MpScenario) s = g_new0(MpScenario, 1);
    g_autofree char *rules = NULL;

    s->source = source;
    s->out = g_string_new(NULL);
    s->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    s->dir = g_dir_make_tmp("scenario-XXXXXX", error);
    if (s->dir == NULL)
        return NULL;
    rules = g_build_filename(s->dir, "rules", NULL);
    if (!make_maildir(s->dir, "masuk", error) || !copy_dir(MP_SOURCE_DIR "/rules", rules, error) ||
        !load_config(s, error))
        return NULL;
    return g_steal_pointer(&s);
}

void
mp_scenario_free(MpScenario *s)
{
    if (s == NULL)
        return;
    mp_app_free(s->app);
    if (s->dir != NULL)
        remove_dir(s->dir);
    g_free(s->dir);
    g_clear_pointer(&s->config, g_key_file_unref);
    g_string_free(s->out, TRUE);
    g_hash_table_unref(s->told);
    g_free(s->timers);
    g_free(s);
}

void
mp_scenario_set(MpScenario *s, const char *section, const char *key, const char *value)
{
    g_key_file_set_value(s->config, section, key, value);
}

/* --- opening --------------------------------------------------------------------------------- */

static char *
write_config(const MpScenario *s, GError **error)
{
    g_autofree char *path = g_build_filename(s->dir, "mailproc.conf", NULL);

    return g_key_file_save_to_file(s->config, path, error) ? g_steal_pointer(&path) : NULL;
}

gboolean
mp_scenario_open(MpScenario *s, GError **error)
{
    gint64 now_utc = s->app == NULL ? s->start_utc : mp_scenario_now(s);
    g_autofree char *path = write_config(s, error);
    MpGlobalOptions options = {.config_option = path, .is_quiet = TRUE};

    if (path == NULL)
        return FALSE;
    g_clear_pointer(&s->app, mp_app_free);
    s->app = mp_app_open(&options, error);
    if (s->app == NULL)
        return FALSE;
    s->app->clock->free(s->app->clock);
    s->app->clock = mp_clock_new_set(now_utc);
    s->app->random->free(s->app->random);
    s->app->random = mp_random_new_seeded(2026);
    s->app->store = mp_store_open(mp_config_string(s->app->setup->config, "store", "dir"), error);
    s->app->mailbox = s->app->store == NULL ? NULL : mp_setup_open_mailbox(s->app->setup, error);
    s->app->sender = s->app->mailbox == NULL ? NULL : mp_setup_open_sender(s->app->setup, error);
    return s->app->sender != NULL;
}

gboolean
mp_scenario_reload(MpScenario *s, GError **error)
{
    MpSetup *fresh;

    g_free(write_config(s, NULL));
    fresh = mp_setup_load(s->app->setup->config_path, MP_SETUP_ALL, error);
    if (fresh == NULL)
        return FALSE;
    mp_setup_free(s->app->setup);
    s->app->setup = fresh;
    return TRUE;
}

/* --- the clock ------------------------------------------------------------------------------- */

gint64
mp_scenario_now(const MpScenario *s)
{
    return s->app->clock->now_utc(s->app->clock);
}

static gint64
next_tick(const MpScenario *s)
{
    const gint64 ticks[] = {s->app->store->timer_next(s->app->store),
                            s->app->store->outbox_next(s->app->store),
                            mp_digest_next(s->app)};
    gint64 next = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(ticks); i++)
        if (ticks[i] != 0 && (next == 0 || ticks[i] < next))
            next = ticks[i];
    return next;
}

static gboolean
sweep(MpScenario *s, GError **error)
{
    return mp_pipeline_sweep(s->app, error) && mp_scenario_tell(s, error);
}

gboolean
mp_scenario_walk(MpScenario *s, gint64 at_utc, GError **error)
{
    for (guint i = 0; i < MOST_TICKS; i++) {
        gint64 next = next_tick(s);

        if (next == 0 || next >= at_utc) {
            mp_clock_set(s->app->clock, at_utc);
            return TRUE;
        }
        mp_clock_set(s->app->clock, MAX(next, mp_scenario_now(s)));
        if (!sweep(s, error))
            return FALSE;
    }
    g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "timers never end");
    return FALSE;
}

gboolean
mp_scenario_jump(MpScenario *s, gint64 at_utc, GError **error)
{
    mp_clock_set(s->app->clock, at_utc);
    return sweep(s, error);
}

/* --- mails ----------------------------------------------------------------------------------- */

static gboolean
put_mail(MpScenario *s, const char *bytes, gsize length, GError **error)
{
    gint64 now_s = mp_scenario_now(s) / G_USEC_PER_SEC;
    g_autofree char *name =
        g_strdup_printf("masuk/new/%" G_GINT64_FORMAT ".%03u.kantor", now_s, ++s->n_mails);
    g_autofree char *path = g_build_filename(s->dir, name, NULL);
    struct utimbuf times = {.actime = now_s, .modtime = now_s};

    if (!g_file_set_contents(path, bytes, (gssize)length, error))
        return FALSE;
    if (utime(path, &times) != 0)
        return storage(error, path);
    return sweep(s, error);
}

gboolean
mp_scenario_mail(MpScenario *s, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(s->source, name, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    return mp_files_read(path, MAX_FILE, &bytes, &length, error) &&
           put_mail(s, bytes, length, error);
}

static char *
mail_date(const MpScenario *s)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(mp_scenario_now(s) / G_USEC_PER_SEC);

    return g_date_time_format(now, "%a, %d %b %Y %H:%M:%S +0000");
}

static char *
quote_text(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *quoted = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(quoted, "> %s\r\n", g_strchomp(lines[i]));
    return g_string_free(quoted, FALSE);
}

/* TRUE when the mail went to `who` (a role's people today, or that address). */
static gboolean
is_for(const MpScenario *s, const MpOutboxEntry *entry, const char *who)
{
    g_autofree char *today = mp_calendar_today(s->app->setup->calendar, mp_scenario_now(s));

    if (strchr(who, '@') != NULL)
        return g_ascii_strcasecmp(entry->recipient, who) == 0;
    return mp_setup_has_role(s->app->setup, who, entry->recipient, today);
}

static MpOutboxEntry *
newest_with_code(const MpScenario *s, const char *who, const char *number)
{
    for (gint64 id = s->last_entry; id > 0; id--) {
        g_autoptr(MpOutboxEntry) entry = s->app->store->outbox_get(s->app->store, id, NULL);

        if (entry == NULL || entry->state != MP_OUTBOX_SENT || !is_for(s, entry, who))
            continue;
        if (strstr(entry->mail->text, "Kode:") == NULL)
            continue;
        if (number == NULL || strstr(entry->mail->text, number) != NULL)
            return g_steal_pointer(&entry);
    }
    return NULL;
}

gboolean
mp_scenario_reply(
    MpScenario *s, const char *who, const char *number, const char *words, GError **error)
{
    g_autoptr(MpOutboxEntry) entry = newest_with_code(s, who, number);
    const char *to = mp_config_string(s->app->setup->config, "office", "address");
    g_autofree char *date = mail_date(s);
    g_autofree char *quoted = NULL;
    g_autofree char *mail = NULL;

    if (entry == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "'%s' has no mail to answer", who);
        return FALSE;
    }
    quoted = quote_text(entry->mail->text);
    mail = g_strdup_printf(
        "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id\r\n"
        "From: <%s>\r\nTo: <%s>\r\nDate: %s\r\nMessage-ID: <jawab-%u@contohkab.go.id>\r\n"
        "In-Reply-To: <%s>\r\nReferences: <%s>\r\nSubject: Re: %s\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n\r\n"
        "Pada Senin, 16 November 2026 pukul 08.00, Layanan TTE <%s> menulis:\r\n%s",
        entry->recipient,
        to,
        date,
        s->n_mails + 1,
        entry->mail->message_id,
        entry->mail->message_id,
        entry->mail->subject,
        words,
        to,
        quoted);
    return put_mail(s, mail, strlen(mail), error);
}

static const struct {
    const char *outcome, *subject, *what, *text;
} bsre_words[] = {
    {"issued",
     "Penerbitan Sertifikat Elektronik",
     "Sertifikat elektronik",
     "telah diterbitkan dan berlaku sampai dengan 16-11-2028"},
    {"renewed",
     "Pembaruan Sertifikat Elektronik",
     "Sertifikat elektronik",
     "telah diperbarui dan berlaku sampai dengan 16-11-2028"},
    {"changed",
     "Perubahan Data Pengguna",
     "Data pengguna",
     "telah diperbarui sesuai permohonan perubahan data"},
    {"revoked", "Pencabutan Sertifikat Elektronik", "Sertifikat elektronik", "telah dicabut"},
    {"rejected",
     "Permohonan Sertifikat Elektronik Ditolak",
     "Permohonan sertifikat elektronik",
     "ditolak karena data tidak sesuai"},
};

static char *
bsre_mail(const MpScenario *s, gsize at, const MpCaseApplicant *applicant)
{
    g_autofree char *date = mail_date(s);
    const char *email = applicant->email == NULL ? "" : applicant->email;

    return g_strdup_printf(
        "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=bssn.go.id\r\n"
        "From: Balai Sertifikasi Elektronik <notifikasi.contoh@bssn.go.id>\r\nTo: <%s>\r\n"
        "Date: %s\r\nMessage-ID: <bsre-%u@bssn.go.id>\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nYth. Pengguna,\r\n\r\n"
        "%s atas nama %s (%s) %s.\r\n\r\nBalai Sertifikasi Elektronik\r\n",
        email,
        date,
        s->n_mails + 1,
        bsre_words[at].subject,
        bsre_words[at].what,
        applicant->name,
        email,
        bsre_words[at].text);
}

gboolean
mp_scenario_bsre(
    MpScenario *s, const char *outcome, const char *number, guint applicant, GError **error)
{
    g_autoptr(MpCase) kase = s->app->store->case_load(s->app->store, number, error);
    g_autofree char *mail = NULL;

    for (gsize i = 0; kase != NULL && i < G_N_ELEMENTS(bsre_words); i++)
        if (strcmp(bsre_words[i].outcome, outcome) == 0 && applicant >= 1 &&
            applicant <= kase->applicants->len)
            mail = bsre_mail(s, i, g_ptr_array_index(kase->applicants, applicant - 1));
    if (mail != NULL)
        return put_mail(s, mail, strlen(mail), error);
    if (error != NULL && *error == NULL)
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "no '%s' for %s", outcome, number);
    return FALSE;
}

gboolean
mp_scenario_holiday(MpScenario *s, const char *iso_day, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(s->dir, "rules", "holidays-2026.tsv", NULL);
    g_autofree char *text = NULL;
    g_autofree char *more = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return FALSE;
    more = g_strdup_printf("%s%s\tlibur\t%s\tKeputusan Bupati\n", text, iso_day, name);
    return g_file_set_contents(path, more, -1, error);
}
