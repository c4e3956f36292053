/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `demo`: five letters, one a procedure, through to the end. The demo plays the OPDs, the officials
 * and BSrE; each answers from the mail that he got. */

#include "app/demo.h"

#include "app/commands.h"

#include <sys/stat.h>
#include <utime.h>

enum {
    MAX_ROUNDS = 80,
    OFFICIAL_MINUTES = 1,
    BSRE_MINUTES = 90,
};

/* Monday, 16 November 2026, 08.00 WIB. */
#define DEMO_START ((gint64)1794790800 * G_USEC_PER_SEC)

typedef struct {
    MpApp *app;
    const char *place;
    char *dir;
    gint64 last_entry; /* highest outbox id that was answered */
    GHashTable *told;  /* case number → events printed so far */
    guint n_mails;     /* put into the mailbox */
} Office;

static void
office_free(Office *office)
{
    mp_app_free(office->app);
    g_free(office->dir);
    g_clear_pointer(&office->told, g_hash_table_unref);
    g_free(office);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Office, office_free)

/* --- the mailbox --- */

static gboolean
put_mail(Office *office, const char *mail, GError **error)
{
    gint64 now_s = office->app->clock->now_utc(office->app->clock) / G_USEC_PER_SEC;
    g_autofree char *name =
        g_strdup_printf("masuk/new/%" G_GINT64_FORMAT ".%u.demo", now_s, ++office->n_mails);
    g_autofree char *path = g_build_filename(office->dir, name, NULL);
    struct utimbuf times = {.actime = now_s, .modtime = now_s};

    if (!g_file_set_contents(path, mail, -1, error))
        return FALSE;
    (void)utime(path, &times);
    return TRUE;
}

static char *
mail_date(const Office *office)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(
        office->app->clock->now_utc(office->app->clock) / G_USEC_PER_SEC);

    return g_date_time_format(now, "%a, %d %b %Y %H:%M:%S +0000");
}

static void
pass_minutes(Office *office, gint64 minutes)
{
    MpClock *clock = office->app->clock;
    gint64 later = clock->now_utc(clock) + minutes * 60 * G_USEC_PER_SEC;
    gint64 open = mp_calendar_next_open(office->app->setup->calendar, later);

    mp_clock_set(clock, open != 0 ? open : later);
}

/* --- the people --- */

/* The word that lets the case go on at this step, as an official would choose it. */
static const char *
choose_verb(const Office *office, const MpCase *kase)
{
    static const char *const liked[] = {"SETUJU", "TERUSKAN", "AJUKAN", "SELESAI"};
    const MpSop *sop = mp_setup_sop_by_id(office->app->setup, kase->sop);
    g_autofree char **verbs = sop == NULL ? NULL : mp_sop_verbs_at(sop, kase->step);

    for (gsize i = 0; verbs != NULL && i < G_N_ELEMENTS(liked); i++)
        for (guint j = 0; verbs[j] != NULL; j++)
            if (strcmp(verbs[j], liked[i]) == 0)
                return liked[i];
    return NULL;
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

static gboolean
answer(Office *office, const MpOutboxEntry *entry, const char *verb, GError **error)
{
    g_autofree char *date = mail_date(office);
    g_autofree char *quoted = quote_text(entry->mail->text);
    const char *to = mp_config_string(office->app->setup->config, "office", "address");
    g_autofree char *mail = g_strdup_printf(
        "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id\r\n"
        "From: <%s>\r\nTo: <%s>\r\nDate: %s\r\nMessage-ID: <jawab-%s-%" G_GINT64_FORMAT
        "@contohkab.go.id>\r\nIn-Reply-To: <%s>\r\nReferences: <%s>\r\nSubject: Re: %s\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n\r\n"
        "Pada Senin, 16 November 2026 pukul 08.00, Layanan TTE <%s> menulis:\r\n%s",
        entry->recipient,
        to,
        date,
        office->place,
        entry->id,
        entry->mail->message_id,
        entry->mail->message_id,
        entry->mail->subject,
        verb,
        to,
        quoted);

    return put_mail(office, mail, error);
}

/* The oldest unanswered mail that asks an official for something, or NULL. */
static const MpOutboxEntry *
next_entry(const Office *office, const GPtrArray *sent)
{
    const MpOutboxEntry *next = NULL;

    for (guint i = 0; i < sent->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(sent, i);

        if (entry->id <= office->last_entry || strcmp(entry->template_, "giliran") != 0)
            continue;
        if (next == NULL || entry->id < next->id)
            next = entry;
    }
    return next;
}

/* One official reads his oldest mail and answers; *did_out when somebody did. */
static gboolean
play_officials(Office *office, gboolean *did_out, GError **error)
{
    MpStore *store = office->app->store;
    g_autoptr(GPtrArray) sent = store->outbox_list(store, "sent", NULL, 10000, error);
    const MpOutboxEntry *entry;

    if (sent == NULL)
        return FALSE;
    while ((entry = next_entry(office, sent)) != NULL) {
        g_autoptr(MpCase) kase = store->case_load(store, entry->case_number, error);
        const char *verb;

        office->last_entry = entry->id;
        if (kase == NULL)
            return FALSE;
        verb = mp_case_state_is_closed(kase->state) ? NULL : choose_verb(office, kase);
        if (verb == NULL)
            continue;
        g_print("  %s menjawab %s: %s\n", entry->recipient, entry->case_number, verb);
        *did_out = TRUE;
        return answer(office, entry, verb, error);
    }
    return TRUE;
}

static gboolean
notice(Office *office, const MpCase *kase, const MpCaseApplicant *applicant, GError **error)
{
    static const struct {
        const char *service, *subject, *text;
    } words[] = {
        {"pendaftaran",
         "Penerbitan Sertifikat Elektronik",
         "telah diterbitkan dan berlaku sampai dengan 16-11-2028"},
        {"pembaruan",
         "Pembaruan Sertifikat Elektronik",
         "telah diperbarui dan berlaku sampai dengan 16-11-2028"},
        {"perubahan-data",
         "Perubahan Data Pengguna",
         "telah diperbarui sesuai permohonan perubahan data"},
        {"pencabutan", "Pencabutan Sertifikat Elektronik", "telah dicabut"},
    };

    g_autofree char *date = mail_date(office);
    const char *subject = "Sertifikat Elektronik", *text = "";
    g_autofree char *mail = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].service, kase->service) == 0) {
            subject = words[i].subject;
            text = words[i].text;
        }
    mail = g_strdup_printf(
        "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=bssn.go.id\r\n"
        "From: Balai Sertifikasi Elektronik <notifikasi.contoh@bssn.go.id>\r\nTo: <%s>\r\n"
        "Date: %s\r\nMessage-ID: <bsre-%s-%u-%u@bssn.go.id>\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        "Yth. Pengguna,\r\n\r\n%s atas nama %s (%s) %s.\r\n\r\nBalai Sertifikasi Elektronik\r\n",
        applicant->email ? applicant->email : "",
        date,
        kase->number,
        applicant->n,
        office->n_mails,
        subject,
        strcmp(kase->service, "perubahan-data") == 0 ? "Data pengguna" : "Sertifikat elektronik",
        applicant->name,
        applicant->email ? applicant->email : "",
        text);
    g_print("  BSrE menyurati %s tentang %s\n", applicant->name, kase->number);
    return put_mail(office, mail, error);
}

static gboolean
play_bsre(Office *office, gboolean *did_out, GError **error)
{
    const MpCaseFilter filter = {.state = "open", .holder_role = "bsre"};
    MpStore *store = office->app->store;
    g_autoptr(GPtrArray) waiting = store->case_find(store, &filter, error);

    if (waiting == NULL)
        return FALSE;
    for (guint i = 0; i < waiting->len; i++) {
        const MpCase *kase = g_ptr_array_index(waiting, i);

        for (guint j = 0; j < kase->applicants->len; j++) {
            const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, j);

            if (applicant->outcome != MP_OUTCOME_NONE)
                continue;
            *did_out = TRUE;
            if (!notice(office, kase, applicant, error))
                return FALSE;
        }
    }
    return TRUE;
}

/* --- telling --- */

static gboolean
tell_news(Office *office, GError **error)
{
    MpStore *store = office->app->store;
    const MpCaseFilter all = {.limit = 100};
    g_autoptr(GPtrArray) cases = store->case_find(store, &all, error);

    for (guint i = 0; cases != NULL && i < cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(cases, i);
        guint told = GPOINTER_TO_UINT(g_hash_table_lookup(office->told, kase->number));
        g_autoptr(GPtrArray) events = store->case_events(store, kase->number, error);
        g_autoptr(GPtrArray) story = NULL;

        if (events == NULL)
            return FALSE;
        story = mp_case_story(mp_setup_sop_by_id(office->app->setup, kase->sop),
                              events,
                              mp_setup_calendar(office->app->setup, kase->service));
        for (; told < story->len; told++)
            g_print("    %s  %s\n", kase->number, (const char *)g_ptr_array_index(story, told));
        g_hash_table_replace(office->told, g_strdup(kase->number), GUINT_TO_POINTER(told));
    }
    return cases != NULL;
}

static gboolean
all_closed(Office *office)
{
    const MpCaseFilter open = {.state = "open"};
    g_autoptr(GPtrArray) cases = office->app->store->case_find(office->app->store, &open, NULL);

    return cases != NULL && cases->len == 0;
}

/* --- one office --- */

static gboolean
make_maildir(const char *dir, const char *name)
{
    static const char *const parts[] = {"cur", "new", "tmp"};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_build_filename(dir, name, parts[i], NULL);

        if (g_mkdir_with_parents(path, 0700) != 0)
            return FALSE;
    }
    return TRUE;
}

static char *
write_config(const char *dir, const char *service, const char *sop, GError **error)
{
    g_autofree char *text = mp_config_default_text(dir);
    g_autofree char *path = g_build_filename(dir, "mailproc.conf", NULL);

    if (sop != NULL) {
        g_autofree char *section = g_strdup_printf("[service %s]\nsop = ", service);
        const char *at = strstr(text, section);
        const char *rest = at == NULL ? NULL : strchr(at + strlen(section), '\n');
        g_autoptr(GString) changed = g_string_new(NULL);

        if (rest == NULL) {
            g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "demo: no [service %s]", service);
            return NULL;
        }
        g_string_append_len(changed, text, at - text);
        g_string_append_printf(changed, "%s%s%s", section, sop, rest);
        g_free(text);
        text = g_string_free(g_steal_pointer(&changed), FALSE);
    }
    if (!g_file_set_contents(path, text, -1, error))
        return NULL;
    return g_steal_pointer(&path);
}

static Office *
open_office(const MpGlobalOptions *options, const char *scratch, const char *place, GError **error)
{
    g_autoptr(Office) office = g_new0(Office, 1);
    g_autofree char *config = NULL;
    MpGlobalOptions own = *options;
    const char *sop = NULL, *service = NULL;

    office->place = place;
    office->dir = g_build_filename(scratch, place, NULL);
    office->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < mp_demo_n_letters; i++)
        if (strcmp(mp_demo_letters[i].place, place) == 0 && mp_demo_letters[i].sop != NULL) {
            sop = mp_demo_letters[i].sop;
            service = mp_demo_letters[i].service;
        }
    if (!make_maildir(office->dir, "masuk")) {
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: cannot be made", office->dir);
        return NULL;
    }
    config = write_config(office->dir, service, sop, error);
    if (config == NULL)
        return NULL;
    own.config_option = config;
    own.is_quiet = !options->is_verbose;
    office->app = mp_app_open(&own, error);
    if (office->app == NULL)
        return NULL;
    office->app->clock->free(office->app->clock);
    office->app->clock = mp_clock_new_set(DEMO_START);
    office->app->store =
        mp_store_open(mp_config_string(office->app->setup->config, "store", "dir"), error);
    if (office->app->store == NULL)
        return NULL;
    office->app->mailbox = mp_setup_open_mailbox(office->app->setup, error);
    if (office->app->mailbox == NULL)
        return NULL;
    office->app->sender = mp_setup_open_sender(office->app->setup, error);
    return office->app->sender == NULL ? NULL : g_steal_pointer(&office);
}

static gboolean
send_letters(Office *office, GError **error)
{
    const char *to = mp_config_string(office->app->setup->config, "office", "address");

    for (gsize i = 0; i < mp_demo_n_letters; i++) {
        g_autofree char *date = mail_date(office);
        g_autofree char *mail = NULL;

        if (strcmp(mp_demo_letters[i].place, office->place) != 0)
            continue;
        g_print("  %s mengirim: %s\n", mp_demo_letters[i].office, mp_demo_letters[i].subject);
        mail = mp_demo_letter_mail(&mp_demo_letters[i], to, date, (guint)i + 1);
        if (!put_mail(office, mail, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
play_round(Office *office, gboolean *did_out, GError **error)
{
    if (!mp_pipeline_sweep(office->app, error) || !tell_news(office, error))
        return FALSE;
    if (!play_officials(office, did_out, error))
        return FALSE;
    if (*did_out) {
        pass_minutes(office, OFFICIAL_MINUTES);
        return TRUE;
    }
    /* BSrE takes its time before it answers, so that its answers do not lie about. */
    pass_minutes(office, BSRE_MINUTES);
    return play_bsre(office, did_out, error);
}

static gboolean
play_office(Office *office, GError **error)
{
    g_print("\n%s: %s\n",
            office->place,
            mp_config_string(office->app->setup->config, "office", "name"));
    if (!send_letters(office, error))
        return FALSE;
    for (guint i = 0; i < MAX_ROUNDS; i++) {
        gboolean did = FALSE;

        if (!play_round(office, &did, error))
            return FALSE;
        if (!did && all_closed(office))
            return TRUE;
    }
    g_set_error(
        error, MP_ERROR, MP_ERROR_INPUT, "demo: cases of '%s' did not close", office->place);
    return FALSE;
}

/* --- the end --- */

static guint
finish_office(Office *office, GPtrArray *apps)
{
    g_ptr_array_add(apps, office->app);
    return mp_demo_print_table(office->place, office->app);
}

static int
run_demo(const MpGlobalOptions *options, const char *scratch)
{
    static const char *const places[] = {"kabupaten", "kota"};
    g_autoptr(GPtrArray) offices = g_ptr_array_new_with_free_func((GDestroyNotify)office_free);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) apps = g_ptr_array_new();
    g_autofree char *path = NULL;
    guint finished = 0;

    g_print("mailproc demo: invented people, simulated clock from Monday 16 November 2026, 08.00 "
            "WIB; everything below %s\n",
            scratch);
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        Office *office = open_office(options, scratch, places[i], &error);

        if (office == NULL)
            return mp_app_fail(error);
        g_ptr_array_add(offices, office);
        if (!play_office(office, &error))
            return mp_app_fail(error);
    }
    g_print("\nclosed cases\n");
    for (guint i = 0; i < offices->len; i++)
        finished += finish_office(g_ptr_array_index(offices, i), apps);
    if (finished < mp_demo_n_letters) {
        g_printerr(
            "mailproc: demo: only %u of %u cases finished\n", finished, (guint)mp_demo_n_letters);
        return mp_error_exit(MP_ERROR_INPUT);
    }
    path = g_build_filename(scratch, "laporan.html", NULL);
    if (!mp_demo_write_report(apps, DEMO_START, path, &error))
        return mp_app_fail(error);
    g_print("\nreport: %s\n", path);
    return 0;
}

int
mp_command_demo(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autofree char *dir = NULL;
    const GOptionEntry entries[] = {
        {"dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "scratch directory (default: a new one)", "DIR"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    int code = 0;

    if (!mp_app_parse(mp_command_row("demo"), entries, &argc, &argv, &code))
        return code;
    if (dir == NULL)
        dir = g_dir_make_tmp("mailproc-demo-XXXXXX", &error);
    if (dir == NULL)
        return mp_app_fail(error);
    return run_demo(options, dir);
}
