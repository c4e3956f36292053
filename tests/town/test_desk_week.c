/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A week at the desk in WITA, from Monday 11 May 2026 over Ascension Day and its cuti bersama (14
 * and 15 May) to Monday 18 May: the program itself on real servers, its clock set by the test,
 * thirty letters of five services. The head of the office answers early, the kabid late, the kasi
 * is on leave and his deputy answers, the complaints' officer does not answer at all. */

#include "support/asserts.h"
#include "support/desk.h"

#include <gmime/gmime.h>
#include <json-glib/json-glib.h>

enum { N_SERVICES = 5, N_ROUNDS = 6, N_LETTERS = N_SERVICES * N_ROUNDS, HOURLY_CAP = 20 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDeskMail, mp_desk_mail_free)

typedef enum { ISSUE, RENEW, CHANGE, REVOKE, COMPLAIN } Service;

static const char extra[] =
    "[office]\ntimezone = Asia/Makassar\n"
    "[calendar]\nhours = mon-thu 08:00-12:00,13:00-16:00; fri 08:00-11:30\n"
    "holidays = holidays-2026.tsv\n"
    "[role kasi]\ndeputies = plt-pekan@contohkab.go.id until 2026-05-31\n"
    "[service pendaftaran]\nsop = kudus-pendaftaran.sop\ntimezone = Asia/Makassar\n"
    "[service pembaruan]\nsop = mamuju-pembaruan.sop\ntimezone = Asia/Makassar\n"
    "[service perubahan-data]\nsop = demak-perubahan-data.sop\ntimezone = Asia/Makassar\n"
    "[service pencabutan]\nsop = demak-pencabutan.sop\ntimezone = Asia/Makassar\n"
    "[service pengaduan]\nsop = pengaduan.sop\ntimezone = Asia/Makassar\n";

static const char *const names[] = {
    "Rangga Prasetya", "Dewi Anggraini",  "Slamet Riyanto", "Yohana Setyaningsih", "Bambang Sutejo",
    "Siti Maharani",   "Agus Wibisono",   "Ratna Pertiwi",  "Joko Santosa",        "Lestari Utami",
    "Hendra Gunawan",  "Sri Wahyuni",     "Teguh Pramono",  "Maya Kusuma",         "Arif Hidayat",
    "Nurul Aisyah",    "Dodi Firmansyah", "Wulan Sari",     "Eko Nugroho",         "Rina Marlina",
    "Fajar Setiawan",  "Indah Permata",   "Gilang Permadi", "Tuti Alawiyah",       "Iwan Kurniawan",
    "Putri Melati",    "Yusuf Maulana",   "Anita Rahayu",   "Budi Hartanto",       "Citra Dewanti"};

static const char *const subjects[N_SERVICES] = {"Permohonan Penerbitan Sertifikat Elektronik",
                                                 "Permohonan Pembaruan Sertifikat Elektronik",
                                                 "Permohonan Perubahan Data Sertifikat Elektronik",
                                                 "Permohonan Pencabutan Sertifikat Elektronik",
                                                 "Pengaduan layanan"};

/* When the letters of a round come; the fifth comes on Ascension Day, the sixth on a Saturday. */
static const char *const arrivals[N_ROUNDS] = {"2026-05-11T08:10",
                                               "2026-05-11T10:00",
                                               "2026-05-12T09:00",
                                               "2026-05-13T11:20",
                                               "2026-05-14T10:30",
                                               "2026-05-16T09:00"};

/* When the desk is looked after. */
static const char *const ticks[] = {
    "2026-05-11T08:15", "2026-05-11T09:30", "2026-05-11T11:00", "2026-05-11T13:30",
    "2026-05-11T15:30", "2026-05-12T08:05", "2026-05-12T09:30", "2026-05-12T11:00",
    "2026-05-12T14:00", "2026-05-13T08:05", "2026-05-13T10:00", "2026-05-13T11:30",
    "2026-05-13T13:30", "2026-05-13T15:30", "2026-05-14T10:45", "2026-05-15T09:00",
    "2026-05-16T10:00", "2026-05-17T10:00", "2026-05-18T08:05", "2026-05-18T10:00",
    "2026-05-18T11:30", "2026-05-18T14:00"};

typedef struct {
    char *number, *step, *state, *holder, *due;
} Row;

typedef struct {
    MpDesk *desk;
    char *nips[N_LETTERS], *niks[N_LETTERS], *offices[N_LETTERS], *boxes[N_LETTERS],
        *numbers[N_LETTERS], *senders[N_LETTERS];
    MpDeskLetter letters[N_LETTERS];
    Row rows[N_LETTERS];
    gboolean is_noticed[N_LETTERS]; /* BSrE has written */
    GHashTable *seen;               /* official → mails that he has answered or laid aside */
} Week;

static gint64
at(const char *text)
{
    g_autofree char *iso = g_strdup_printf("%s:00+08", text);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);

    assert_non_null(time);
    return g_date_time_to_unix(time);
}

static int
start(void **state)
{
    g_autoptr(GError) error = NULL;

    *state = mp_town_start(MP_TOWN_ALL, &error);
    assert_no_gerror(error);
    return 0;
}

static int
stop(void **state)
{
    mp_town_stop(*state);
    return 0;
}

/* --- the letters ------------------------------------------------------------------------------ */

static const char *
remark_of(guint i)
{
    if (i % N_SERVICES == RENEW)
        /* The second asks long before its time. */
        return i / N_SERVICES == 1 ? "Sertifikat berlaku sampai dengan 31-12-2026."
                                   : "Sertifikat berlaku sampai dengan 01-06-2026.";
    return i % N_SERVICES == CHANGE ? "Semula : Kasi Pemerintahan\nMenjadi : Camat" : NULL;
}

static void
make_letter(Week *week, guint i)
{
    static const char *const second[N_SERVICES] = {
        "KTP.jpg", "Surat Rekomendasi.pdf", "SK Mutasi.pdf", "SK Pensiun.pdf", NULL};
    MpDeskLetter *letter = &week->letters[i];
    guint year = 70 + i % 20, service = i % N_SERVICES;

    week->nips[i] = g_strdup_printf("19%u0115%u01%u%u", year, 1995 + i / 2, 1U, 999U);
    week->niks[i] = g_strdup_printf("339901%02u01%u%04u", 15U, year, i + 1);
    week->offices[i] = g_strdup_printf("Kecamatan %u", i + 1);
    week->boxes[i] = g_strdup_printf("pemohon%u", i + 1);
    week->senders[i] = g_strdup_printf("opd%u", i + 1);
    week->numbers[i] = g_strdup_printf("800/%u/2026", 100 + i);
    *letter = (MpDeskLetter){.sender = week->senders[i],
                             .office = week->offices[i],
                             .subject = subjects[service],
                             .number = week->numbers[i],
                             .remark = remark_of(i),
                             .people = {{.name = names[i],
                                         .nip = week->nips[i],
                                         .nik = service == ISSUE ? week->niks[i] : NULL,
                                         .mailbox = week->boxes[i]}},
                             .papers = {"Surat Permohonan.pdf", second[service]}};
    /* Two changes of data come without their decree. */
    if (service == CHANGE && i / N_SERVICES < 2)
        letter->papers[1] = NULL;
}

static void
send_letter(Week *week, guint i)
{
    MpDesk *desk = week->desk;

    if (i % N_SERVICES != COMPLAIN) {
        mp_desk_send_letter(desk, &week->letters[i]);
        return;
    }
    mp_desk_write(desk,
                  MP_TOWN_VIA_MX,
                  mp_desk_address(desk, week->senders[i]),
                  subjects[COMPLAIN],
                  "Yth. Layanan TTE,\n\nKami mengajukan pengaduan karena pelayanan lambat sekali "
                  "dan tidak ada kabar.\n\nTerima kasih.");
}

static void
send_round(Week *week, guint round)
{
    mp_desk_set_now(week->desk, at(arrivals[round]));
    for (guint i = 0; i < N_SERVICES; i++)
        send_letter(week, round * N_SERVICES + i);
}

/* --- the cases -------------------------------------------------------------------------------- */

static char *
text_of(JsonObject *object, const char *member)
{
    return g_strdup(json_object_get_string_member_with_default(object, member, ""));
}

static void
row_clear(Row *row)
{
    g_free(row->number);
    g_free(row->step);
    g_free(row->state);
    g_free(row->holder);
    g_free(row->due);
    memset(row, 0, sizeof(*row));
}

/* Which letter opened it: by its number, a complaint by who wrote it. */
static guint
letter_of(const Week *week, JsonObject *object)
{
    JsonObject *letter = json_object_get_object_member(object, "letter");
    JsonObject *requester = json_object_get_object_member(object, "requester");
    g_autofree char *number = text_of(letter, "number");
    g_autofree char *address = text_of(requester, "address");

    for (guint i = 0; i < N_LETTERS; i++)
        if (i % N_SERVICES == COMPLAIN
                ? strcmp(mp_desk_address(week->desk, week->senders[i]), address) == 0
                : strcmp(week->numbers[i], number) == 0)
            return i;
    fail_msg("a case of no letter: %s %s", number, address);
    return 0;
}

static guint
read_cases(Week *week)
{
    static const char *const list[] = {"case", "list", "--all", "--json", NULL};
    g_auto(GStrv) lines = NULL;
    guint n = 0;

    assert_int_equal(mp_desk_run(week->desk, list), 0);
    lines = g_strsplit(week->desk->output, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *object;
        Row *row;

        if (lines[i][0] != '{')
            continue;
        assert_true(json_parser_load_from_data(parser, lines[i], -1, NULL));
        object = json_node_get_object(json_parser_get_root(parser));
        row = &week->rows[letter_of(week, object)];
        row_clear(row);
        row->number = text_of(object, "number");
        row->step = text_of(object, "step");
        row->state = text_of(object, "state");
        row->due = text_of(object, "due");
        row->holder = text_of(json_object_get_object_member(object, "holder"), "role");
        n++;
    }
    return n;
}

/* --- the people ------------------------------------------------------------------------------- */

static const char *
word_for(const MpDeskMail *mail)
{
    static const char *const words[] = {"SETUJU", "TERUSKAN", "AJUKAN", "SELESAI"};

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *line = g_strdup_printf("- %s:", words[i]);

        if (strstr(mail->text, line) != NULL)
            return words[i];
    }
    fail_msg("no word to answer: %s", mail->text);
    return NULL;
}

/* Answers whatever asked him since he was here last. */
static void
answer(Week *week, const char *name)
{
    g_autoptr(GPtrArray) mails = mp_desk_mails(week->desk, name);
    guint seen = GPOINTER_TO_UINT(g_hash_table_lookup(week->seen, name));

    for (guint i = seen; i < mails->len; i++) {
        const MpDeskMail *mail = g_ptr_array_index(mails, i);
        MpDeskReply reply = {.from = mp_desk_address(week->desk, name)};

        if (mail->code == NULL || strstr(mail->subject, "Mohon tindak lanjut") == NULL)
            continue;
        reply.text = word_for(mail);
        mp_desk_reply(week->desk, mail, &reply);
    }
    g_hash_table_replace(week->seen, (gpointer)name, GUINT_TO_POINTER(mails->len));
}

/* The kasi's mail program answers for him that he is away. */
static void
be_absent(Week *week)
{
    const MpDeskReply reply = {.from = mp_desk_address(week->desk, "kasi"),
                               .text = "Saya sedang cuti sampai dengan 31 Mei 2026.",
                               .head = "Auto-Submitted: auto-replied\n"};
    g_autoptr(MpDeskMail) mail = mp_desk_newest(week->desk, "kasi", "Mohon tindak lanjut", FALSE);

    mp_desk_reply(week->desk, mail, &reply);
}

/* What BSrE has decided since it was asked; of the last rounds it has not. */
static void
let_bsre_write(Week *week)
{
    static const char *const said[][2] = {
        {"Penerbitan Sertifikat Elektronik",
         "telah diterbitkan dan berlaku sampai dengan 16-05-2028"},
        {"Pembaruan Sertifikat Elektronik",
         "telah diperbarui dan berlaku sampai dengan 16-05-2028"},
        {"Perubahan Data Pengguna", "telah diperbarui sesuai permohonan perubahan data"},
        {"Pencabutan Sertifikat Elektronik", "telah dicabut"}};

    for (guint i = 0; i < N_LETTERS; i++) {
        guint service = i % N_SERVICES;

        if (g_strcmp0(week->rows[i].holder, "bsre") != 0 || week->is_noticed[i])
            continue;
        mp_desk_notice(week->desk, &week->letters[i].people[0], said[service][0], said[service][1]);
        week->is_noticed[i] = TRUE;
    }
}

/* What is done between one look at the desk and the next. */
static void
let_people_act(Week *week, const char *tick)
{
    static const char *const papers[] = {"Surat Permohonan.pdf", "SK Mutasi.pdf", NULL};
    static const char *const punctual[] = {"kadis", "helpdesk", "plt", "verifikator"};
    gboolean is_holiday = strcmp(tick, "2026-05-14") > 0 && strcmp(tick, "2026-05-18") < 0;
    MpDesk *desk = week->desk;

    mp_desk_set_now(desk, at(tick) + 120);
    for (guint i = 0; !is_holiday && i < G_N_ELEMENTS(punctual); i++)
        answer(week, punctual[i]);
    if (strcmp(tick, "2026-05-13T10:00") == 0 || g_str_has_prefix(tick, "2026-05-18T08"))
        answer(week, "kabid");
    if (strcmp(tick, "2026-05-13T11:30") == 0)
        be_absent(week);
    if (strcmp(tick, "2026-05-12T11:00") == 0) {
        g_autoptr(MpDeskMail) asked = mp_desk_newest(desk, week->senders[7], "SE-", FALSE);

        mp_desk_supplement(desk, asked, &week->letters[7], papers);
    }
    if (strcmp(tick, "2026-05-11T11:00") == 0) {
        g_autofree char *subject = g_strdup_printf("Penarikan [%s]", week->rows[8].number);

        mp_desk_write(desk,
                      MP_TOWN_VIA_MX,
                      mp_desk_address(desk, week->senders[8]),
                      subject,
                      "Dengan ini kami menarik kembali permohonan tersebut di atas.");
    }
    if (g_str_has_prefix(tick, "2026-05-13T15") || strcmp(tick, "2026-05-12T14:00") == 0)
        let_bsre_write(week);
}

static Week *
live_the_week(MpTown *town)
{
    Week *week = g_new0(Week, 1);
    guint round = 0;

    week->desk = mp_desk_new(town, "pekan", extra);
    week->seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_add(week->desk->officials, g_strdup(mp_desk_address(week->desk, "plt")));
    for (guint i = 0; i < N_LETTERS; i++)
        make_letter(week, i);
    for (guint i = 0; i < G_N_ELEMENTS(ticks); i++) {
        while (round < N_ROUNDS && at(arrivals[round]) <= at(ticks[i]))
            send_round(week, round++);
        mp_desk_set_now(week->desk, at(ticks[i]));
        mp_desk_once(week->desk);
        read_cases(week);
        let_people_act(week, ticks[i]);
    }
    return week;
}

static void
week_free(Week *week)
{
    for (guint i = 0; i < N_LETTERS; i++) {
        g_free(week->nips[i]);
        g_free(week->niks[i]);
        g_free(week->offices[i]);
        g_free(week->boxes[i]);
        g_free(week->senders[i]);
        g_free(week->numbers[i]);
        row_clear(&week->rows[i]);
    }
    g_hash_table_unref(week->seen);
    g_free(week);
}

/* --- how it ends ------------------------------------------------------------------------------ */

#define DUE_ON(step, day) step " due 2026-05-" day

/* Where each letter stands on Monday at two, and what is due when: 14 to 17 May are nobody's
 * working days, and neither are 27 and 28 May. */
static const char *const ends[N_ROUNDS][N_SERVICES] = {
    {"selesai finished",
     DUE_ON("bsre waiting", "14T15:32"), /* 24 jam run on; the alarm waits for Monday */
     DUE_ON("dilengkapi waiting", "29T11:30"),
     "selesai finished",
     DUE_ON("jawab open", "20T16:00")},
    {"selesai finished",
     "menunggu-jendela waiting",
     "selesai finished",
     "ditarik withdrawn",
     DUE_ON("jawab open", "20T16:00")},
    {"selesai finished",
     DUE_ON("bsre waiting", "14T15:32"),
     "selesai finished",
     "selesai finished",
     DUE_ON("jawab open", "21T16:00")},
    {DUE_ON("akun waiting", "19T16:00"),
     DUE_ON("ams open", "18T11:52"),
     "selesai finished",
     "selesai finished",
     DUE_ON("jawab open", "22T11:30")},
    {DUE_ON("disposisi-kabid open", "18T08:17"),
     DUE_ON("tindak-lanjut open", "18T08:12"),
     DUE_ON("bsre-proses waiting", "19T10:02"),
     DUE_ON("bsre waiting", "19T10:02"),
     DUE_ON("jawab open", "25T16:00")},
    {DUE_ON("disposisi-kabid open", "18T08:17"),
     DUE_ON("tindak-lanjut open", "18T08:12"),
     DUE_ON("bsre-proses waiting", "19T10:02"),
     DUE_ON("bsre waiting", "19T10:02"),
     DUE_ON("jawab open", "25T16:00")},
};

static void
expect_ends(const Week *week)
{
    for (guint i = 0; i < N_LETTERS; i++) {
        const Row *row = &week->rows[i];
        g_autofree char *got = g_strdup_printf(
            "%s %s%s%.16s", row->step, row->state, row->due[0] != '\0' ? " due " : "", row->due);
        const char *want = ends[i / N_SERVICES][i % N_SERVICES];

        if (strcmp(got, want) != 0)
            print_error("letter %u, %s\n", i, week->rows[i].number);
        assert_text(got, want);
    }
}

/* --- what people got -------------------------------------------------------------------------- */

/* "2026-05-18 08" of a mail's Date field, in the office's zone. */
static char *
hour_of(const MpDeskMail *mail, GTimeZone *zone)
{
    const char *field = strstr(mail->raw, "\nDate: ");
    g_autoptr(GDateTime) date =
        field == NULL ? NULL : g_mime_utils_header_decode_date(field + strlen("\nDate: "));
    g_autoptr(GDateTime) local = date == NULL ? NULL : g_date_time_to_timezone(date, zone);

    assert_non_null(local);
    return g_date_time_format(local, "%F %H");
}

static gboolean
is_reminder(const MpDeskMail *mail)
{
    return strstr(mail->subject, "] Pengingat: ") != NULL ||
           strstr(mail->subject, "] Lewat batas: ") != NULL ||
           strstr(mail->subject, "menunggu tindakan Bapak/Ibu") != NULL;
}

static guint
count_up(GHashTable *counts, char *key_take)
{
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key_take)) + 1;

    g_hash_table_replace(counts, key_take, GUINT_TO_POINTER(n));
    return n;
}

/* No hour brings a person more than the cap; no reason reminds him twice (a step that is not late
 * yet, and one that is, are two); one digest a day; nobody is reminded on a free day. */
static void
expect_rations(const char *who, const GPtrArray *mails)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Makassar");
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < mails->len; i++) {
        const MpDeskMail *mail = g_ptr_array_index(mails, i);
        g_autofree char *hour = NULL;
        gboolean is_digest = strstr(mail->subject, "menunggu tindakan") != NULL;

        if (strstr(mail->from, "layanan-") == NULL)
            continue;
        hour = hour_of(mail, zone);
        if (count_up(counts, g_strdup(hour)) > HOURLY_CAP)
            fail_msg("%s got more than %d mails at %s", who, HOURLY_CAP, hour);
        if (!is_reminder(mail))
            continue;
        if (strcmp(hour, "2026-05-14") > 0 && strcmp(hour, "2026-05-18") < 0)
            fail_msg("%s was reminded on a free day, %s: %s", who, hour, mail->subject);
        if (count_up(counts, g_strdup_printf("%s %.10s", mail->subject, is_digest ? hour : "")) >
            (is_digest ? 1 : 2))
            fail_msg("%s was reminded too often: %s", who, mail->subject);
    }
}

static void
expect_mails(Week *week)
{
    MpDesk *desk = week->desk;

    for (guint i = 0; i < desk->people->len; i++) {
        const char *who = g_ptr_array_index(desk->people, i);
        g_autoptr(GPtrArray) mails = mp_desk_mails(desk, who);

        expect_rations(who, mails);
    }
    /* The late one was reminded and his superiors heard; who never answers has his list on every
     * working day after the first. */
    assert_true(mp_desk_count_with(desk, "kabid", "Pengingat: ") > 0);
    assert_true(mp_desk_count_with(desk, "kadis", "Lewat batas: ") > 0);
    assert_true(mp_desk_count_with(desk, "sekretaris", "Lewat batas: ") > 0);
    assert_int_equal(mp_desk_count_with(desk, "pengaduan", "permohonan menunggu tindakan"), 3);
    /* Two working days after Monday end on Wednesday: the OPD hears on the Monday after. */
    assert_int_equal(mp_desk_count_with(desk, week->senders[2], "Pengingat: "), 1);
}

static void
a_week_over_a_long_weekend_ends_where_the_sop_says(void **state)
{
    Week *week = live_the_week(*state);

    assert_int_equal(read_cases(week), N_LETTERS);
    expect_ends(week);
    expect_mails(week);
    mp_desk_close(week->desk);
    week_free(week);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_over_a_long_weekend_ends_where_the_sop_says),
    };

    return cmocka_run_group_tests_name("a week at the desk", tests, start, stop);
}
