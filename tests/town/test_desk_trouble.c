/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes wrong in a working day: mail that cannot be read, servers that are away, people and
 * servers that move mail about, notices that come back. */

#include "support/asserts.h"
#include "support/desk.h"

#include <glib/gstdio.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDeskMail, mp_desk_mail_free)

#define SELESAI "mailproc/Selesai"
#define KARANTINA "mailproc/Karantina"

enum { TRY_AGAIN = 75, LARGE_BYTES = 80 * 1024 };

static const MpDeskLetter letter = {
    .sender = "disdik",
    .office = "Dinas Pendidikan",
    .subject = "Permohonan Pencabutan Sertifikat Elektronik (Purna Tugas)",
    .number = "421/305/2026",
    .people = {{"Drs. Slamet Riyanto", "196612011992031999", NULL, "slamet"}},
    .papers = {"Surat Permohonan.pdf", "SK Pensiun.pdf"}};

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

/* --- mail that cannot be read ----------------------------------------------------------------- */

static char *
too_large(const char *head)
{
    g_autofree char *filling = g_strnfill(LARGE_BYTES, 'x');

    for (gsize i = 70; i < 80 * 1024; i += 71)
        filling[i] = '\n';
    return g_strdup_printf("%s\n%s\n", head, filling);
}

static char *
too_deep(const char *head)
{
    GString *mail = g_string_new(head);

    for (guint i = 0; i < 40; i++)
        g_string_append_printf(
            mail, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
    g_string_append(mail, "Content-Type: text/plain\n\nisi\n");
    return g_string_free(mail, FALSE);
}

static char *
too_many_fields(const char *head)
{
    GString *mail = g_string_new(head);

    for (guint i = 0; i < 2100; i++)
        g_string_append_printf(mail, "X-Isi-%u: y\n", i);
    g_string_append(mail, "\nisi\n");
    return g_string_free(mail, FALSE);
}

static void
unreadable_mail_is_put_aside_and_the_next_goes_on(void **state)
{
    static char *(*const makers[])(const char *) = {too_large, too_deep, too_many_fields};
    MpDesk *desk = mp_desk_new(*state, "aneh", "[limits]\nmessage_bytes = 64K\n");
    const char *sender = mp_desk_address(desk, "siapa");

    for (guint i = 0; i < G_N_ELEMENTS(makers); i++) {
        g_autofree char *head = g_strdup_printf(
            "From: <%s>\nSubject: aneh %u\nMessage-ID: <aneh%u@contohkab.go.id>\n", sender, i, i);
        g_autofree char *mail = makers[i](head);

        mp_desk_send_raw(desk, MP_TOWN_VIA_MX, sender, mail, -1);
    }
    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_rows(desk, "mail", "quarantined"), 3);
    assert_int_equal(mp_town_count(desk->town, desk->address, KARANTINA), 3);
    assert_int_equal(mp_town_count(desk->town, desk->address, SELESAI), 1);
    assert_int_equal(mp_town_count(desk->town, desk->address, "INBOX"), 0);
    assert_int_equal(mp_desk_count(desk, "verifikator"), 3);
    assert_int_equal(mp_desk_count(desk, "siapa"), 0);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_count(desk, "verifikator"), 3);
    mp_desk_close(desk);
}

/* --- servers that are away -------------------------------------------------------------------- */

static void
without_the_mailbox_nothing_is_lost(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "putus", NULL);
    g_autoptr(GError) error = NULL;

    mp_desk_send_letter(desk, &letter);
    mp_town_stop_dovecot(desk->town, &error);
    assert_no_gerror(error);
    assert_int_equal(mp_desk_try(desk), TRY_AGAIN);
    assert_int_equal(mp_desk_n_cases(desk), 0);
    mp_town_start_dovecot(desk->town, &error);
    assert_no_gerror(error);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, "kadis"), 1);
    mp_desk_close(desk);
}

static void
without_the_sender_nothing_is_lost(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "bisu", "[sender]\nretry_first = 1s\n");
    g_autoptr(GError) error = NULL;

    mp_desk_send_letter(desk, &letter);
    mp_town_stop_postfix(desk->town, &error);
    assert_no_gerror(error);
    assert_int_equal(mp_desk_try(desk), TRY_AGAIN);
    assert_case(desk, 1, "rekomendasi", "open");
    mp_town_start_postfix(desk->town, &error);
    assert_no_gerror(error);
    for (guint i = 0; i < 20 && mp_desk_count(desk, "kadis") == 0; i++)
        mp_desk_once(desk);
    assert_int_equal(mp_desk_count(desk, "kadis"), 1);
    assert_int_equal(mp_desk_count(desk, "disdik"), 1);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_count(desk, "kadis"), 1);
    mp_desk_close(desk);
}

/* --- mail that is moved about ----------------------------------------------------------------- */

static void
mail_read_or_moved_by_a_person_is_worked_once(void **state)
{
    static const char *const read_it[] = {"SELECT INBOX", "UID STORE 1:* +FLAGS (\\Seen)", NULL};
    static const char *const take_back[] = {"SELECT \"" SELESAI "\"", "UID COPY 1:* INBOX", NULL};
    MpDesk *desk = mp_desk_new(*state, "geser", NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *first = NULL, *second = NULL;

    mp_desk_send_letter(desk, &letter);
    first = mp_town_imap(desk->town, desk->address, read_it, &error);
    assert_no_gerror(error);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    second = mp_town_imap(desk->town, desk->address, take_back, &error);
    assert_no_gerror(error);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 1);
    assert_int_equal(mp_desk_count(desk, "kadis"), 1);
    assert_int_equal(mp_desk_count(desk, "disdik"), 1);
    assert_int_equal(mp_desk_rows(desk, "mail", "duplicate"), 1);
    mp_desk_close(desk);
}

/* Dovecot forgets all UIDs when its list is gone. */
static void
forget_uids(MpDesk *desk)
{
    static const char *const files[] = {
        "dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"};
    g_autoptr(GError) error = NULL;

    mp_town_stop_dovecot(desk->town, &error);
    assert_no_gerror(error);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path =
            g_build_filename(desk->town->dir, "mail", desk->address, "Maildir", files[i], NULL);

        g_unlink(path);
    }
    mp_town_start_dovecot(desk->town, &error);
    assert_no_gerror(error);
}

static void
a_mailbox_numbered_anew_is_worked_once(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "nomor", "[mailbox]\nhandled_folder =\n");

    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_town_count(desk->town, desk->address, "INBOX"), 1);
    forget_uids(desk);
    mp_desk_once(desk);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 1);
    assert_int_equal(mp_desk_count(desk, "kadis"), 1);
    assert_int_equal(mp_desk_count(desk, "disdik"), 1);
    mp_desk_step(desk, "kadis", "SETUJU");
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

/* --- notices that come back ------------------------------------------------------------------- */

static void
a_notice_that_bounces_is_told_once(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "pantul", NULL);
    MpDeskLetter incomplete = letter;
    g_autofree char *number = NULL;

    incomplete.sender = "mati";
    incomplete.papers[0] = NULL;
    mp_desk_send_letter(desk, &incomplete);
    mp_desk_once(desk);
    assert_case(desk, 1, "dilengkapi", "waiting");
    assert_int_equal(mp_desk_count(desk, "verifikator"), 0);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_count(desk, "verifikator"), 1);
    number = mp_desk_case(desk, 1, "number");
    assert_int_equal(mp_desk_count_with(desk, "verifikator", number), 1);
    assert_int_equal(mp_desk_count_with(desk, "verifikator", "mati-pantul@"), 1);
    assert_int_equal(mp_desk_rows(desk, "mail", "bounce"), 1);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_count(desk, "verifikator"), 1);
    mp_desk_close(desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"F-05 unreadable mail is put aside, told once, and the next goes on",
         unreadable_mail_is_put_aside_and_the_next_goes_on,
         NULL,
         NULL,
         NULL},
        {"F-11 without the mailbox nothing is lost",
         without_the_mailbox_nothing_is_lost,
         NULL,
         NULL,
         NULL},
        {"F-17 without the sender nothing is lost",
         without_the_sender_nothing_is_lost,
         NULL,
         NULL,
         NULL},
        {"F-13 mail read or moved by a person is worked once",
         mail_read_or_moved_by_a_person_is_worked_once,
         NULL,
         NULL,
         NULL},
        {"F-12 a mailbox numbered anew is worked once",
         a_mailbox_numbered_anew_is_worked_once,
         NULL,
         NULL,
         NULL},
        {"F-17 a notice that bounces is told once",
         a_notice_that_bounces_is_told_once,
         NULL,
         NULL,
         NULL},
    };

    cmocka_set_test_filter(g_getenv("MP_ONLY"));
    return cmocka_run_group_tests_name("desk trouble", tests, start, stop);
}
