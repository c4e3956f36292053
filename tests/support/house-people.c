/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the people around the house write. */

#include "app/demo.h"
#include "support/asserts.h"
#include "support/house-private.h"

#include <utime.h>

static const char *const role_ids[] = {"kepala-dinas",
                                       "sekretaris",
                                       "kabid",
                                       "kasi",
                                       "admin-helpdesk",
                                       "verifikator",
                                       "pejabat-pengaduan",
                                       NULL};

void
mp_house_put(MpHouse *house, const char *mail, gssize length)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name =
        g_strdup_printf("%" G_GINT64_FORMAT ".%u.test", house->now_s, ++house->n_mails);
    g_autofree char *path = g_build_filename(house->home, "masuk/tmp", name, NULL);
    g_autofree char *to = g_build_filename(house->home, "masuk/new", name, NULL);
    struct utimbuf times = {.actime = house->now_s, .modtime = house->now_s};

    if (house->town != NULL) {
        mp_house_town_put(house, mail, length);
        return;
    }
    (void)g_file_set_contents(path, mail, length, &error);
    assert_no_gerror(error);
    /* A mail of its own second: mails are worked in the order of their arrival. */
    times.modtime -= 60 - house->n_mails % 60;
    assert_int_equal(utime(path, &times), 0);
    /* Whole before it is seen: a service may be looking. */
    assert_int_equal(rename(path, to), 0);
}

static char *
mail_date(const MpHouse *house)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(house->now_s);

    return g_date_time_format(now, "%a, %d %b %Y %H:%M:%S +0000");
}

void
mp_house_letter(MpHouse *house, guint index, const char *without)
{
    MpDemoLetter letter = mp_demo_letters[index];
    g_autofree char *date = mail_date(house);
    g_autofree char *mail = NULL;

    for (guint i = 0; without != NULL && i < G_N_ELEMENTS(letter.papers); i++)
        if (g_strcmp0(letter.papers[i], without) == 0)
            for (guint j = i; j < G_N_ELEMENTS(letter.papers); j++)
                letter.papers[j] =
                    j + 1 < G_N_ELEMENTS(letter.papers) ? letter.papers[j + 1] : NULL;
    mail = mp_demo_letter_mail(&letter, "layanan-tte@contohkab.go.id", date, index + 1);
    mp_house_put(house, mail, -1);
}

void
mp_house_letter_of(MpHouse *house, guint who)
{
    static const char *const names[] = {
        "Adi", "Bayu", "Candra", "Dwi", "Eka", "Fajar", "Gita", "Hadi"};
    const char *name = names[who % G_N_ELEMENTS(names)];
    g_autofree char *lower = g_ascii_strdown(name, -1);
    g_autofree char *address = g_strconcat(lower, ".prasetya@contohkab.go.id", NULL);
    g_autofree char *number = g_strdup_printf("800/%u/2026", 2000 + who);
    g_autofree char *begun = g_strdup_printf("2015%02u", who % 12 + 1);
    g_autofree char *last = g_strdup_printf("00%02u\n", who + 10);
    g_autofree char *date = mail_date(house);
    g_autofree char *mail = NULL;
    g_autoptr(GString) body = g_string_new(mp_demo_letters[0].body);
    g_autoptr(GString) applicant = g_string_new(mp_demo_letters[0].applicant);
    MpDemoLetter letter = mp_demo_letters[0];

    (void)g_string_replace(body, "Rangga", name, 0);
    (void)g_string_replace(body, "rangga", lower, 0);
    (void)g_string_replace(body, "201502", begun, 1);
    (void)g_string_replace(body, "0001\n", last, 1);
    (void)g_string_replace(applicant, "Rangga", name, 0);
    letter.body = body->str;
    letter.applicant = applicant->str;
    letter.applicant_address = address;
    letter.number = number;
    mail = mp_demo_letter_mail(&letter, "layanan-tte@contohkab.go.id", date, who + 100);
    mp_house_put(house, mail, -1);
}

char *
mp_house_last_id(const MpHouse *house, const char *recipient)
{
    MpStore *store = mp_house_store(house);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sent = store->outbox_list(store, "sent", NULL, 10000, &error);
    gint64 last = 0;
    char *id = NULL;

    assert_no_gerror(error);
    for (guint i = 0; i < sent->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(sent, i);

        if (strcmp(entry->recipient, recipient) == 0 && entry->id > last) {
            g_free(id);
            id = g_strdup(entry->mail->message_id);
            last = entry->id;
        }
    }
    store->free(store);
    assert_non_null(id);
    return id;
}

void
mp_house_supplement(MpHouse *house, guint index, const char *paper)
{
    MpDemoLetter letter = mp_demo_letters[index];
    g_autofree char *id = mp_house_last_id(house, letter.sender);
    g_autofree char *date = mail_date(house);
    g_autofree char *whole = NULL;
    g_autofree char *mail = NULL;

    letter.papers[0] = paper;
    letter.papers[1] = NULL;
    whole =
        mp_demo_letter_mail(&letter, "layanan-tte@contohkab.go.id", date, house->n_mails + 1000);
    mail = g_strdup_printf("In-Reply-To: <%s>\r\nReferences: <%s>\r\n%s", id, id, whole);
    mp_house_put(house, mail, -1);
}

void
mp_house_write(MpHouse *house, const char *from, const char *head, const char *text)
{
    g_autofree char *date = mail_date(house);
    g_autofree char *mail =
        g_strdup_printf("From: <%s>\r\nTo: <layanan-tte@contohkab.go.id>\r\nDate: %s\r\n"
                        "Message-ID: <tulis-%u@contohkab.go.id>\r\n%sMIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
                        from,
                        date,
                        house->n_mails,
                        head,
                        text);

    mp_house_put(house, mail, -1);
}

/* --- officials -------------------------------------------------------------------------------- */

static const char *
choose_verb(const MpCase *kase)
{
    static const char *const liked[] = {"SETUJU", "TERUSKAN", "AJUKAN", "SELESAI"};
    g_autofree char *path = g_strdup_printf("%s/rules/sop/%s.sop", MP_SOURCE_DIR, kase->sop);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpSop) sop = NULL;
    g_autofree char **verbs = NULL;
    gsize length = 0;

    (void)g_file_get_contents(path, &text, &length, &error);
    assert_no_gerror(error);
    sop = mp_sop_parse(path, text, length, role_ids, &error);
    assert_no_gerror(error);
    verbs = mp_sop_verbs_at(sop, kase->step);
    for (gsize i = 0; i < G_N_ELEMENTS(liked); i++)
        for (guint j = 0; verbs != NULL && verbs[j] != NULL; j++)
            if (strcmp(verbs[j], liked[i]) == 0)
                return liked[i];
    return NULL;
}

static void
say(MpHouse *house, const MpOutboxEntry *entry, const char *verb)
{
    g_auto(GStrv) lines = g_strsplit(entry->mail->text, "\n", -1);
    g_autoptr(GString) text = g_string_new(verb);
    g_autofree char *head = g_strdup_printf(
        "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id\r\n"
        "In-Reply-To: <%s>\r\nReferences: <%s>\r\nSubject: Re: %s\r\n",
        entry->mail->message_id,
        entry->mail->message_id,
        entry->mail->subject);

    g_string_append(text,
                    "\r\n\r\nPada Senin, 16 November 2026 pukul 08.00, Layanan TTE "
                    "<layanan-tte@contohkab.go.id> menulis:\r\n");
    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(text, "> %s\r\n", g_strchomp(lines[i]));
    mp_house_write(house, entry->recipient, head, text->str);
}

static int
newest_first(gconstpointer a, gconstpointer b)
{
    const MpOutboxEntry *x = *(const MpOutboxEntry *const *)a;
    const MpOutboxEntry *y = *(const MpOutboxEntry *const *)b;

    return x->id > y->id ? -1 : x->id < y->id;
}

/* One answer a case and round, to the newest mail: a second one would come too late. */
static gboolean
officials_answer(MpHouse *house, MpStore *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sent = store->outbox_list(store, "sent", NULL, 10000, &error);
    g_autoptr(GHashTable) answered = g_hash_table_new(g_str_hash, g_str_equal);
    gint64 last = house->last_entry;

    assert_no_gerror(error);
    g_ptr_array_sort(sent, newest_first);
    for (guint i = 0; i < sent->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(sent, i);
        g_autoptr(MpCase) kase = NULL;
        const char *verb;

        if (entry->id <= house->last_entry || strcmp(entry->template_, "giliran") != 0)
            continue;
        last = MAX(last, entry->id);
        kase = store->case_load(store, entry->case_number, &error);
        assert_no_gerror(error);
        verb = mp_case_state_is_closed(kase->state) ? NULL : choose_verb(kase);
        if (verb == NULL || !g_hash_table_add(answered, entry->case_number))
            continue;
        say(house, entry, verb);
    }
    house->last_entry = last;
    return g_hash_table_size(answered) > 0;
}

/* --- BSrE ------------------------------------------------------------------------------------- */

static const struct {
    const char *service, *subject, *text;
} notices[] = {
    {"pendaftaran",
     "Penerbitan Sertifikat Elektronik",
     "telah diterbitkan dan berlaku sampai dengan 16-11-2028"},
    {"pembaruan",
     "Pembaruan Sertifikat Elektronik",
     "telah diperbarui dan berlaku sampai dengan 16-11-2028"},
    {"perubahan-data", "Perubahan Data Pengguna", "telah diperbarui sesuai permohonan"},
    {"pencabutan", "Pencabutan Sertifikat Elektronik", "telah dicabut"},
};

static void
tell_outcome(MpHouse *house, const MpCase *kase, const MpCaseApplicant *applicant)
{
    for (gsize i = 0; i < G_N_ELEMENTS(notices); i++) {
        if (strcmp(notices[i].service, kase->service) != 0)
            continue;
        g_autofree char *head = g_strdup_printf(
            "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=bssn.go.id\r\n"
            "Subject: %s\r\n",
            notices[i].subject);
        g_autofree char *text = g_strdup_printf(
            "Yth. Pengguna,\r\n\r\n%s atas nama %s (%s) %s.\r\n\r\nBalai Sertifikasi Elektronik",
            strcmp(kase->service, "perubahan-data") == 0 ? "Data pengguna"
                                                         : "Sertifikat elektronik",
            applicant->name,
            applicant->email,
            notices[i].text);

        mp_house_write(house, "notifikasi.contoh@bssn.go.id", head, text);
    }
}

static gboolean
bsre_answers(MpHouse *house, MpStore *store)
{
    const MpCaseFilter filter = {.state = "open", .holder_role = "bsre"};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) waiting = store->case_find(store, &filter, &error);
    gboolean did = FALSE;

    assert_no_gerror(error);
    for (guint i = 0; i < waiting->len; i++) {
        const MpCase *kase = g_ptr_array_index(waiting, i);

        for (guint j = 0; j < kase->applicants->len; j++) {
            const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, j);

            if (applicant->outcome != MP_OUTCOME_NONE)
                continue;
            tell_outcome(house, kase, applicant);
            did = TRUE;
        }
    }
    return did;
}

gboolean
mp_house_answer(MpHouse *house)
{
    MpStore *store = mp_house_store(house);
    gboolean did = officials_answer(house, store) || bsre_answers(house, store);

    store->free(store);
    return did;
}

gboolean
mp_house_all_closed(MpHouse *house)
{
    const MpCaseFilter open = {.state = "open"};
    MpStore *store = mp_house_store(house);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) cases = store->case_find(store, &open, &error);
    gboolean is_done;

    assert_no_gerror(error);
    is_done = cases->len == 0;
    store->free(store);
    return is_done;
}
