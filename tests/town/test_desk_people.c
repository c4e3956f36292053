/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Officials out of turn, notices that fit nobody, and what requesters write besides letters. */

#include "support/asserts.h"
#include "support/desk.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDeskMail, mp_desk_mail_free)

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

static MpDesk *
open_desk(void **state, const char *tag)
{
    MpDesk *desk = mp_desk_new(*state, tag, NULL);

    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    return desk;
}

/* He asks without a code, gets one for himself, and is told whose turn it is. */
static void
an_official_out_of_turn_is_told_whose_turn_it_is(void **state)
{
    MpDesk *desk = open_desk(state, "giliran");
    g_autofree char *number = mp_desk_case(desk, 1, "number");
    g_autofree char *words = g_strdup_printf("%s SETUJU", number);

    mp_desk_write(
        desk, MP_TOWN_VIA_MX, mp_desk_address(desk, "kasi"), "Surat Dinas Pendidikan", words);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, "kasi"), 1);
    mp_desk_step(desk, "kasi", "SETUJU");
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count_with(desk, "kasi", "tahap ini menunggu Kepala Dinas"), 1);
    mp_desk_step(desk, "kadis", "SETUJU");
    assert_case(desk, 1, "unggah", "open");
    mp_desk_close(desk);
}

static void
an_unknown_word_is_asked_back_with_the_words_that_count(void **state)
{
    MpDesk *desk = open_desk(state, "kata");

    mp_desk_step(desk, "kadis", "Gaskeun");
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, "kadis"), 2);
    assert_int_equal(mp_desk_count_with(desk, "kadis", "tidak ada perintah yang dikenali"), 1);
    mp_desk_close(desk);
}

static void
a_notice_that_fits_nobody_is_asked_about_and_joined(void **state)
{
    const MpDeskPerson other = {"Slamet Riyadi", "197001011995031999", NULL, "riyadi"};
    MpDesk *desk = open_desk(state, "tautan");
    g_autofree char *number = mp_desk_case(desk, 1, "number");
    g_autofree char *words = g_strdup_printf("TAUTKAN %s", number);
    g_autoptr(MpDeskMail) question = NULL;
    guint before;
    MpDeskReply reply = {.text = words};

    mp_desk_step(desk, "kadis", "SETUJU");
    mp_desk_step(desk, "verifikator", "AJUKAN");
    assert_case(desk, 1, "bsre", "waiting");
    before = mp_desk_count(desk, "verifikator");
    mp_desk_notice(desk, &other, "Pencabutan Sertifikat Elektronik", "telah dicabut");
    mp_desk_once(desk);
    assert_case(desk, 1, "bsre", "waiting");
    assert_int_equal(mp_desk_count(desk, "verifikator"), before + 1);
    question = mp_desk_newest(desk, "verifikator", "Slamet Riyadi", TRUE);
    reply.from = mp_desk_address(desk, "verifikator");
    mp_desk_reply(desk, question, &reply);
    mp_desk_once(desk);
    assert_case(desk, 1, "konfirmasi", "open");
    mp_desk_close(desk);
}

static void
a_notice_from_a_look_alike_closes_nothing(void **state)
{
    MpDesk *desk = open_desk(state, "mirip");
    static const char text[] = "Yth. Pengguna,\n\nSertifikat elektronik atas nama Drs. Slamet "
                               "Riyanto telah dicabut.\n\nBalai Sertifikasi Elektronik\n";

    mp_desk_step(desk, "kadis", "SETUJU");
    mp_desk_step(desk, "verifikator", "AJUKAN");
    mp_desk_write(desk,
                  MP_TOWN_VIA_MX,
                  "notifikasi@bssn-go.example",
                  "Pencabutan Sertifikat Elektronik",
                  text);
    mp_desk_write(desk,
                  MP_TOWN_VIA_MX_BARE,
                  "notifikasi@bssn.go.id",
                  "Pencabutan Sertifikat Elektronik",
                  text);
    mp_desk_once(desk);
    assert_case(desk, 1, "bsre", "waiting");
    mp_desk_close(desk);
}

static void
only_the_requester_withdraws(void **state)
{
    MpDesk *desk = open_desk(state, "tarik");
    g_autofree char *number = mp_desk_case(desk, 1, "number");
    g_autofree char *subject = g_strdup_printf("Pembatalan permohonan %s", number);
    static const char text[] = "Mohon permohonan kami dibatalkan karena salah orang.";

    mp_desk_write(desk, MP_TOWN_VIA_MX, mp_desk_address(desk, "dinkes"), subject, text);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, "dinkes"), 0);
    mp_desk_write(desk, MP_TOWN_VIA_MX, mp_desk_address(desk, "disdik"), subject, text);
    mp_desk_once(desk);
    assert_case(desk, 1, "ditarik", "withdrawn");
    mp_desk_close(desk);
}

static void
only_the_requester_is_told_where_the_case_stands(void **state)
{
    MpDesk *desk = open_desk(state, "tanya");
    g_autofree char *number = mp_desk_case(desk, 1, "number");
    g_autofree char *subject = g_strdup_printf("Perkembangan permohonan %s", number);
    guint before = mp_desk_count(desk, "disdik");
    static const char text[] = "Mohon info, sudah sampai mana permohonan kami?";

    mp_desk_write(desk, MP_TOWN_VIA_MX, mp_desk_address(desk, "dinkes"), subject, text);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_count(desk, "dinkes"), 0);
    assert_int_equal(mp_desk_count(desk, "disdik"), before);
    mp_desk_write(desk, MP_TOWN_VIA_MX, mp_desk_address(desk, "disdik"), subject, text);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    assert_int_equal(mp_desk_count(desk, "disdik"), before + 1);
    mp_desk_close(desk);
}

static void
the_requester_says_that_the_numbers_are_right(void **state)
{
    MpDesk *desk = open_desk(state, "benar");
    g_autoptr(MpDeskMail) asked = NULL;
    MpDeskReply reply = {.text = "BENAR"};

    mp_desk_step(desk, "kadis", "LENGKAPI\npesan: Apakah NIP pemohon sudah benar?");
    assert_case(desk, 1, "diminta", "waiting");
    asked = mp_desk_newest(desk, "disdik", "Apakah NIP pemohon sudah benar?", FALSE);
    reply.from = mp_desk_address(desk, "disdik");
    mp_desk_reply(desk, asked, &reply);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    mp_desk_close(desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_official_out_of_turn_is_told_whose_turn_it_is),
        cmocka_unit_test(an_unknown_word_is_asked_back_with_the_words_that_count),
        cmocka_unit_test(a_notice_that_fits_nobody_is_asked_about_and_joined),
        cmocka_unit_test(a_notice_from_a_look_alike_closes_nothing),
        cmocka_unit_test(only_the_requester_withdraws),
        cmocka_unit_test(only_the_requester_is_told_where_the_case_stands),
        cmocka_unit_test(the_requester_says_that_the_numbers_are_right),
    };

    cmocka_set_test_filter(g_getenv("MP_ONLY"));
    return cmocka_run_group_tests_name("desk people", tests, start, stop);
}
