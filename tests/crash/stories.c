/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "crash/stories.h"

#include "support/asserts.h"

#include <sqlite3.h>

enum { SHORT_ROUND_S = 25 * 60, DAY_S = 24 * 3600, BUSY_LETTERS = 8, SILENT_DAYS = 9 };

#define ALIGNED                                                                                    \
    "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id\r\n"

/* --- letters ---------------------------------------------------------------------------------- */

static void
begin_one(MpHouse *o)
{
    mp_house_letter(o, 0, "Surat Rekomendasi.pdf");
}

static void
second_one(MpHouse *o)
{
    mp_house_supplement(o, 0, "Surat Rekomendasi.pdf");
}

static void
begin_many(MpHouse *o)
{
    for (guint i = 0; i < 4; i++)
        mp_house_letter(o, i, NULL);
    mp_house_letter(o, 1, NULL); /* the same mail once more */
    mp_house_write(o, "dinkes@contohkab.go.id", "Subject: Tanya\r\n", "Kapan layanan buka?");
    mp_house_write(o,
                   "dishub@contohkab.go.id",
                   "Subject: Balasan Otomatis\r\nAuto-Submitted: auto-replied\r\n",
                   "Saya sedang cuti.");
}

static void
begin_bad(MpHouse *o)
{
    g_autofree char *large = g_strnfill(1024 * 1024 + 1, 'A');

    mp_house_put(o, "", 0);
    mp_house_letter(o, 3, NULL);
    mp_house_put(o, "no header here\n\nat all\n", -1);
    mp_house_put(o, large, -1);
}

/* Dovecot keeps no mail without a header of its own; one that is too large stays one. */
static void
begin_bad_in_town(MpHouse *o)
{
    g_autofree char *large = g_strnfill(400 * 1024, 'A');
    g_autofree char *mail = g_strconcat("From: <dinkes@contohkab.go.id>\nSubject: Besar\n"
                                        "Message-ID: <besar@contohkab.go.id>\n\n",
                                        large,
                                        "\n",
                                        NULL);

    begin_many(o);
    mp_house_put(o, "no header here\n\nat all\n", -1);
    mp_house_put(o, mail, -1);
}

static void
begin_linked(MpHouse *o)
{
    mp_house_letter(o, 4, NULL);
}

static void
begin_busy(MpHouse *o)
{
    for (guint i = 0; i < BUSY_LETTERS; i++)
        mp_house_letter_of(o, i);
    mp_house_letter(o, 1, NULL);
    mp_house_letter(o, 2, NULL);
    mp_house_letter(o, 3, NULL);
}

/* --- people who complain, withdraw, are not there --------------------------------------------- */

static void
begin_complaint(MpHouse *o)
{
    mp_house_write(o,
                   "dinkes@contohkab.go.id",
                   ALIGNED "Subject: Pengaduan\r\n",
                   "Yth. Layanan TTE,\r\n\r\nKami mengajukan pengaduan karena pelayanan lambat "
                   "sekali dan tidak ada kabar.\r\n\r\nTerima kasih.");
}

static void
begin_two(MpHouse *o)
{
    mp_house_letter(o, 0, NULL);
    mp_house_letter(o, 1, NULL);
}

static void
second_withdraws(MpHouse *o)
{
    mp_house_write(o,
                   "dinkes@contohkab.go.id",
                   ALIGNED "Subject: Re: [SE-2026-000001] Penarikan permohonan\r\n",
                   "Dengan ini kami menarik kembali permohonan SE-2026-000001.");
}

/* The requester's mailbox is full, and his server says so. */
static void
second_bounces(MpHouse *o)
{
    g_autofree char *id = mp_house_last_id(o, "dinkes@contohkab.go.id");
    g_autofree char *mail = g_strdup_printf(
        "Return-Path: <>\r\nFrom: <MAILER-DAEMON@mx.contohkab.go.id>\r\n"
        "To: <layanan-tte@contohkab.go.id>\r\nDate: Mon, 16 Nov 2026 08:26:00 +0700\r\n"
        "Message-ID: <pantul@mx.contohkab.go.id>\r\nSubject: Undelivered Mail\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=RR\r\n\r\n"
        "--RR\r\nContent-Type: text/plain\r\n\r\nTidak sampai.\r\n"
        "--RR\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.contohkab.go.id\r\n\r\n"
        "Final-Recipient: rfc822; dinkes@contohkab.go.id\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n"
        "--RR\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\n\r\n--RR--\r\n",
        id);

    mp_house_put(o, mail, -1);
}

/* One letter lacks a paper and stays so; of the other the first official is away for days. */
static void
begin_silent(MpHouse *o)
{
    mp_house_letter(o, 0, "Surat Rekomendasi.pdf");
    mp_house_letter(o, 1, NULL);
}

static gboolean
answer_late(MpHouse *o)
{
    return o->n_mails < 2 || o->now_s < MP_HOUSE_START_S + SILENT_DAYS * DAY_S ||
           mp_house_answer(o);
}

/* The first sweep finds no Postfix: every notice is put off. */
static void
begin_deferred(MpHouse *o)
{
    g_autoptr(GError) error = NULL;

    begin_two(o);
    (void)mp_town_stop_postfix(o->town, &error);
    assert_no_gerror(error);
    mp_house_fails(o, 75, "sender: ");
    (void)mp_town_start_postfix(o->town, &error);
    assert_no_gerror(error);
}

/* --- upkeep ----------------------------------------------------------------------------------- */

static void
begin_upkeep(MpHouse *o)
{
    mp_house_letter(o, 3, NULL);
    mp_house_letter(o, 1, NULL);
}

static void
lay_mbox(MpHouse *o)
{
    g_autofree char *path = g_build_filename(o->home, "lama.mbox", NULL);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < 5; i++)
        g_string_append_printf(text,
                               "From lama@contohkab.go.id Mon Jan  5 08:00:00 2026\n"
                               "From: <lama@contohkab.go.id>\nSubject: Lama\n"
                               "Message-ID: <lama-%u@contohkab.go.id>\n\nSurat lama.\n\n",
                               i);
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    (void)g_string_free(text, TRUE);
}

/* After the backup mail comes that is answered by nothing. */
static void
let_mail_come(MpHouse *o)
{
    for (guint i = 0; i < 3; i++)
        mp_house_write(o,
                       "dishub@contohkab.go.id",
                       "Subject: Balasan Otomatis\r\nAuto-Submitted: auto-replied\r\n",
                       "Saya sedang cuti.");
    mp_house_once(o);
}

static void
damage_cases(MpHouse *o)
{
    g_autofree char *path = g_build_filename(o->home, "store", "mailproc.sqlite", NULL);
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE cases SET step = 'lain'", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static const MpAct upkeep[] = {
    {{"import", "@home@/lama.mbox", NULL}, lay_mbox, FALSE},
    {{"backup", "@home@/cadangan", NULL}, NULL, FALSE},
    {{"backup", "@home@/cadangan", NULL}, NULL, FALSE},
    {{"restore", "@home@/cadangan", NULL}, let_mail_come, TRUE},
    {{"reconcile", "--fix", NULL}, NULL, FALSE},
    {{"rebuild", "--fix", NULL}, damage_cases, FALSE},
};

/* --- all of them ------------------------------------------------------------------------------ */

static const MpStory stories[] = {
    {.name = "one-letter",
     .begin = begin_one,
     .second = second_one,
     .holds = " supplement SE-2026-000001 moved"},
    {.name = "many-mails", .begin = begin_many, .holds = " duplicate "},
    {.name = "bad-mails", .begin = begin_bad, .holds = " quarantined larger than a mail may be "},
    {.name = "linked-case",
     .service = "perubahan-data",
     .sop = "pekalongan-perubahan-data.sop",
     .begin = begin_linked,
     .holds = " linked from SE-2026-000001 "},
    {.name = "busy-day", .begin = begin_busy, .holds = "case SE-2026-000011 "},
    {.name = "complaint",
     .service = "pengaduan",
     .sop = "pengaduan.sop",
     .begin = begin_complaint,
     .holds = "case SE-2026-000001 pengaduan "},
    {.name = "withdrawal",
     .begin = begin_two,
     .second = second_withdraws,
     .holds = " withdrawal SE-2026-000001 moved"},
    {.name = "bounce",
     .begin = begin_two,
     .second = second_bounces,
     .holds = " gagal-kirim verifikator@"},
    {.name = "silence",
     .begin = begin_silent,
     .answer = answer_late,
     .round_s = DAY_S,
     .holds = "  event reminded "},
    {.name = "upkeep",
     .begin = begin_upkeep,
     .acts = upkeep,
     .n_acts = G_N_ELEMENTS(upkeep),
     .holds = " ignored old mail, imported "},
    {.name = "town-letter",
     .in_town = TRUE,
     .begin = begin_one,
     .second = second_one,
     .holds = " supplement SE-2026-000001 moved"},
    {.name = "town-mails",
     .in_town = TRUE,
     .begin = begin_bad_in_town,
     .holds = " quarantined mail: bytes "},
    {.name = "town-deferred", .in_town = TRUE, .begin = begin_deferred, .holds = "outbox "},
};

const MpStory *
mp_story_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(stories); i++)
        if (strcmp(stories[i].name, name) == 0)
            return &stories[i];
    return NULL;
}
