/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nobody commands who may not: trials that well-known mail-driven trackers fail, on real servers.
 */

#include "support/asserts.h"
#include "support/desk.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDeskMail, mp_desk_mail_free)

#define STRANGER "orang@luar.example"

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

/* A desk whose head has been asked about one revocation. */
static MpDesk *
open_desk(void **state, const char *tag)
{
    MpDesk *desk = mp_desk_new(*state, tag, NULL);

    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, "kadis"), 1);
    return desk;
}

/* Nothing moved, and the head got one answer that holds the words. */
static void
expect_asked_back(MpDesk *desk, const char *words)
{
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, "kadis"), 2);
    assert_int_equal(mp_desk_count_with(desk, "kadis", words), 1);
}

static void
the_same_request_twice_is_one_case(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "ganda", NULL);
    g_autofree char *mail = mp_desk_letter(desk, &letter);
    const char *sender = mp_desk_address(desk, "disdik");

    mp_desk_send_raw(desk, MP_TOWN_VIA_MX, sender, mail, -1);
    mp_desk_send_raw(desk, MP_TOWN_VIA_MX, sender, mail, -1);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 1);
    assert_int_equal(mp_desk_count(desk, "disdik"), 1);
    /* The letter once more, as a new mail: told where it stands, no second case. */
    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 1);
    assert_int_equal(mp_desk_count(desk, "kadis"), 1);
    assert_true(mp_desk_count(desk, "disdik") <= 2);
    mp_desk_close(desk);
}

static void
a_stranger_with_the_case_number_in_the_subject_moves_nothing_and_hears_nothing(void **state)
{
    MpDesk *desk = open_desk(state, "asing");
    g_autofree char *number = mp_desk_case(desk, 1, "number");
    g_autofree char *subject = g_strdup_printf("Re: [%s] Mohon tindak lanjut", number);

    mp_desk_address(desk, STRANGER);
    mp_desk_write(desk, MP_TOWN_VIA_MX, STRANGER, subject, "SETUJU");
    mp_desk_write(desk, MP_TOWN_VIA_MX_BARE, STRANGER, subject, "TOLAK saja");
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, STRANGER), 0);
    assert_true(mp_desk_count(desk, "verifikator") > 0);
    mp_desk_close(desk);
}

/* The forger has all that he can have without the office's server: the address and the quote. */
static void
a_forged_official_does_nothing_and_the_registered_address_is_told(void **state)
{
    MpDesk *desk = open_desk(state, "palsu");
    g_autofree char *number = mp_desk_case(desk, 1, "number");
    g_autofree char *mail = g_strdup_printf(
        "Authentication-Results: " MP_TOWN_MX "; dmarc=fail header.from=contohkab.go.id\n"
        "From: <%s>\nTo: <%s>\nSubject: Re: [%s] Mohon tindak lanjut\n"
        "Message-ID: <palsu@luar.example>\n\nSETUJU\n",
        mp_desk_address(desk, "kadis"),
        desk->address,
        number);

    mp_desk_address(desk, STRANGER);
    mp_desk_send_raw(desk, MP_TOWN_VIA_LMTP_BARE, STRANGER, mail, -1);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, STRANGER), 0);
    assert_int_equal(mp_desk_count(desk, "kadis"), 2);
    assert_int_equal(mp_desk_count_with(desk, "kadis", "Mohon konfirmasi"), 1);
    assert_true(mp_desk_count(desk, "verifikator") > 0);
    /* He says yes to that mail, and it is done. */
    mp_desk_step(desk, "kadis", "SETUJU");
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

/* Proved, but without the code: asked back, and the answer to that is taken. */
static void
an_official_without_the_code_is_asked_to_confirm(void **state)
{
    MpDesk *desk = open_desk(state, "naik");
    g_autofree char *number = mp_desk_case(desk, 1, "number");
    g_autofree char *subject = g_strdup_printf("Permohonan %s", number);

    mp_desk_write(desk, MP_TOWN_VIA_MX, mp_desk_address(desk, "kadis"), subject, "SETUJU");
    mp_desk_once(desk);
    expect_asked_back(desk, "tidak membawa kode");
    mp_desk_step(desk, "kadis", "SETUJU");
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

static void
a_typo_is_answered_with_the_nearest_word(void **state)
{
    MpDesk *desk = open_desk(state, "salah");

    mp_desk_step(desk, "kadis", "SETUJI");
    expect_asked_back(desk, "maksudnya SETUJU?");
    mp_desk_step(desk, "kadis", "SETUJU");
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

static void
one_bad_line_among_good_ones_stops_them_all(void **state)
{
    MpDesk *desk = open_desk(state, "sebaris");
    g_autofree char *number = mp_desk_case(desk, 1, "number");
    g_autofree char *words =
        g_strdup_printf("%s SETUJU\nSE-2001-000999 SETUJU\n%s CATAT arsip lengkap", number, number);

    mp_desk_step(desk, "kadis", words);
    expect_asked_back(desk, "SE-2001-000999");
    mp_desk_close(desk);
}

static void
the_same_command_mail_twice_counts_once(void **state)
{
    MpDesk *desk = open_desk(state, "duakali");
    g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, "kadis", NULL, TRUE);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format(now, "%a, %d %b %Y %H:%M:%S +0000");
    const MpDeskReply reply = {.from = mp_desk_address(desk, "kadis"),
                               .text = "SETUJU",
                               .date = date,
                               .message_id = "sama@contohkab.go.id"};

    mp_desk_reply(desk, mail, &reply);
    mp_desk_reply(desk, mail, &reply);
    mp_desk_once(desk);
    mp_desk_reply(desk, mail, &reply);
    mp_desk_once(desk);
    assert_case(desk, 1, "unggah", "open");
    assert_int_equal(mp_desk_count(desk, "kadis"), 2);
    mp_desk_close(desk);
}

static void
an_old_code_is_answered_with_where_the_case_stands(void **state)
{
    MpDesk *desk = open_desk(state, "lama");
    g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, "kadis", NULL, TRUE);
    const MpDeskReply reply = {.from = mp_desk_address(desk, "kadis"), .text = "SETUJU"};

    mp_desk_reply(desk, mail, &reply);
    mp_desk_once(desk);
    assert_case(desk, 1, "unggah", "open");
    mp_desk_reply(desk, mail, &reply);
    mp_desk_once(desk);
    assert_case(desk, 1, "unggah", "open");
    assert_int_equal(mp_desk_count_with(desk, "kadis", "sudah berubah"), 1);
    mp_desk_close(desk);
}

static void
a_vacation_reply_that_begins_with_a_command_is_none(void **state)
{
    MpDesk *desk = open_desk(state, "cuti");
    g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, "kadis", NULL, TRUE);
    const MpDeskReply reply = {.from = mp_desk_address(desk, "kadis"),
                               .text = "TOLAK semua surat selama saya cuti",
                               .head = "Auto-Submitted: auto-replied\n",
                               .envelope = ""};

    mp_desk_reply(desk, mail, &reply);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, "kadis"), 1);
    mp_desk_close(desk);
}

static void
a_greeting_may_stand_before_the_command(void **state)
{
    MpDesk *desk = open_desk(state, "salam");

    mp_desk_step(
        desk, "kadis", "Assalamualaikum wr. wb.\n\nSelamat pagi Pak Ani,\nOK, setuju.\n\nWassalam");
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

static void
an_html_only_answer_is_read_like_text(void **state)
{
    MpDesk *desk = open_desk(state, "html");
    g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, "kadis", NULL, TRUE);
    g_autofree char *text = g_strdup_printf(
        "<html><body><div>SETUJU</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" "
        "class=\"gmail_attr\">Pada Sen, 16 Nov 2026 pukul 08.00 Layanan TTE &lt;%s&gt; menulis:"
        "<br></div><blockquote class=\"gmail_quote\">Kode: %s</blockquote></div></body></html>",
        desk->address,
        mail->code);
    const MpDeskReply reply = {.from = mp_desk_address(desk, "kadis"),
                               .text = text,
                               .type = "text/html; charset=utf-8",
                               .has_no_quote = TRUE};

    mp_desk_reply(desk, mail, &reply);
    mp_desk_once(desk);
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

/* Gateways that drop In-Reply-To leave the code in the quote. */
static void
a_reply_without_threading_carries_the_code_in_its_quote(void **state)
{
    MpDesk *desk = open_desk(state, "gerbang");
    g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, "kadis", NULL, TRUE);
    const MpDeskReply reply = {
        .from = mp_desk_address(desk, "kadis"), .text = "SETUJU", .has_no_thread = TRUE};

    mp_desk_reply(desk, mail, &reply);
    mp_desk_once(desk);
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

static void
a_quoted_command_of_another_official_is_no_command(void **state)
{
    MpDesk *desk = open_desk(state, "kutip");
    g_autofree char *words =
        g_strdup_printf("Terima kasih, saya pelajari dahulu.\n\n"
                        "Pada Senin, 16 November 2026 pukul 08.10, Sekretaris <%s> menulis:\n"
                        "> TOLAK berkas tidak jelas\n",
                        mp_desk_address(desk, "sekretaris"));

    mp_desk_step(desk, "kadis", words);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_true(mp_desk_count(desk, "kadis") <= 2);
    mp_desk_close(desk);
}

static void
a_forwarded_code_works_for_nobody_else(void **state)
{
    MpDesk *desk = open_desk(state, "ketiga");
    g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, "kadis", NULL, TRUE);
    const MpDeskReply stranger = {.from = mp_desk_address(desk, STRANGER), .text = "SETUJU"};
    const MpDeskReply colleague = {.from = mp_desk_address(desk, "kasi"), .text = "SETUJU"};

    mp_desk_reply(desk, mail, &stranger);
    mp_desk_reply(desk, mail, &colleague);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, STRANGER), 0);
    mp_desk_step(desk, "kadis", "SETUJU");
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

/* A ticket desk that answers whatever it gets with plain mail, and a vacation robot, both among the
 * people that we write to: swept until nobody has anything to say, 24 times at most. */
static void
robots_on_the_other_side_get_three_mails_at_most(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "robot", NULL);
    guint seen_ticket = 0, seen_leave = 0;

    mp_desk_send_letter(desk, &letter);
    for (guint sweep = 0; sweep < 24; sweep++) {
        mp_desk_once(desk);
        guint ticket = mp_desk_count(desk, "disdik"), leave = mp_desk_count(desk, "kadis");

        if (ticket == seen_ticket && leave == seen_leave)
            break;
        if (ticket > seen_ticket) {
            g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, "disdik", NULL, FALSE);
            const MpDeskReply reply = {
                .from = mp_desk_address(desk, "disdik"),
                .text = "Terima kasih, surel Anda kami terima dengan nomor tiket 4711."};

            mp_desk_reply(desk, mail, &reply);
        }
        if (leave > seen_leave) {
            g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, "kadis", NULL, FALSE);
            const MpDeskReply reply = {.from = mp_desk_address(desk, "kadis"),
                                       .text = "Saya sedang cuti sampai 1 Desember.",
                                       .head = "Auto-Submitted: auto-replied\n",
                                       .envelope = ""};

            mp_desk_reply(desk, mail, &reply);
        }
        seen_ticket = ticket;
        seen_leave = leave;
    }
    assert_true(mp_desk_count(desk, "disdik") <= 3);
    assert_true(mp_desk_count(desk, "kadis") <= 3);
    assert_case(desk, 1, "rekomendasi", "open");
    mp_desk_close(desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_request_twice_is_one_case),
        cmocka_unit_test(
            a_stranger_with_the_case_number_in_the_subject_moves_nothing_and_hears_nothing),
        cmocka_unit_test(a_forged_official_does_nothing_and_the_registered_address_is_told),
        cmocka_unit_test(an_official_without_the_code_is_asked_to_confirm),
        cmocka_unit_test(a_typo_is_answered_with_the_nearest_word),
        cmocka_unit_test(one_bad_line_among_good_ones_stops_them_all),
        cmocka_unit_test(the_same_command_mail_twice_counts_once),
        cmocka_unit_test(an_old_code_is_answered_with_where_the_case_stands),
        cmocka_unit_test(a_vacation_reply_that_begins_with_a_command_is_none),
        cmocka_unit_test(a_greeting_may_stand_before_the_command),
        cmocka_unit_test(an_html_only_answer_is_read_like_text),
        cmocka_unit_test(a_reply_without_threading_carries_the_code_in_its_quote),
        cmocka_unit_test(a_quoted_command_of_another_official_is_no_command),
        cmocka_unit_test(a_forwarded_code_works_for_nobody_else),
        cmocka_unit_test(robots_on_the_other_side_get_three_mails_at_most),
    };

    cmocka_set_test_filter(g_getenv("MP_ONLY"));
    return cmocka_run_group_tests_name("desk trials", tests, start, stop);
}
