/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The five procedures from the letter to the end: the program itself on real servers, the people
 * answering from the mail that they got. */

#include "support/asserts.h"
#include "support/desk.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDeskMail, mp_desk_mail_free)

static const MpDeskLetter registration = {
    .sender = "dinkes",
    .office = "Dinas Kesehatan",
    .subject = "Permohonan Penerbitan Sertifikat Elektronik",
    .number = "800/1123/2026",
    .people = {{"Rangga Prasetya, S.Kom.", "199002142015021999", "3399011402900001", "rangga"}},
    .papers = {"Surat Permohonan.pdf", "Surat Rekomendasi.pdf", "KTP.jpg"}};

static const MpDeskLetter change = {
    .sender = "melati",
    .office = "Kecamatan Melati",
    .subject = "Permohonan Perubahan Data Sertifikat Elektronik",
    .number = "138/41/2026",
    .remark = "Semula : Kasi Pemerintahan Kecamatan Mawar\nMenjadi : Camat Melati",
    .people = {{"Dewi Anggraini, S.STP", "198803202010012999", NULL, "dewi"}},
    .papers = {"Surat Permohonan.pdf", "SK Mutasi.pdf"}};

static const MpDeskLetter revocation = {
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

/* A day within the thirty days before the end, as people write it. */
static char *
day_from_now(gint days)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autoptr(GDateTime) day = g_date_time_add_days(now, days);

    return g_date_time_format(day, "%d-%m-%Y");
}

static void
expect_outcome(MpDesk *desk, guint n, const char *want)
{
    g_autofree char *outcome = mp_desk_case(desk, n, "outcome1");

    assert_text(outcome, want);
}

static void
kudus_registration_runs_to_its_end(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "kudus", NULL);
    const MpDeskPerson *person = &registration.people[0];
    g_autoptr(MpDeskMail) told = NULL, done = NULL;

    mp_desk_send_letter(desk, &registration);
    mp_desk_once(desk);
    assert_case(desk, 1, "disposisi", "open");
    told = mp_desk_newest(desk, "dinkes", "SE-", FALSE);
    assert_null(told->code);
    assert_non_null(told->auto_submitted);
    mp_desk_step(desk, "kadis", "SETUJU");
    assert_case(desk, 1, "disposisi-kabid", "open");
    mp_desk_step(desk, "kabid", "teruskan");
    assert_case(desk, 1, "verifikasi", "open");
    mp_desk_step(desk, "kasi", "ACC");
    assert_case(desk, 1, "rekomendasi", "open");
    mp_desk_step(desk, "verifikator", "sudah diajukan");
    assert_case(desk, 1, "akun", "waiting");
    mp_desk_notice(desk,
                   person,
                   "Penerbitan Sertifikat Elektronik",
                   "telah diterbitkan dan berlaku sampai dengan 16-11-2028");
    mp_desk_once(desk);
    assert_case(desk, 1, "selesai", "finished");
    expect_outcome(desk, 1, "issued");
    done = mp_desk_newest(desk, "dinkes", "selesai", FALSE);
    assert_non_null(done->html);
    assert_true(mp_desk_count(desk, "rangga") > 0);
    mp_desk_close(desk);
}

static void
mamuju_renewal_runs_to_its_end(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "mamuju", NULL);
    g_autofree char *day = day_from_now(10);
    g_autofree char *remark = g_strdup_printf("Sertifikat berlaku sampai dengan %s.", day);
    const MpDeskLetter letter = {
        .sender = "dishub",
        .office = "Dinas Perhubungan",
        .subject = "Permohonan Pembaruan Sertifikat Elektronik",
        .number = "550/87/2026",
        .remark = remark,
        .people = {{"Dra. Sulastri Wulandari", "197109051996032999", NULL, "sulastri"}},
        .papers = {"Surat Permohonan.pdf", "Surat Rekomendasi.pdf"}};

    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    assert_case(desk, 1, "disposisi", "open");
    mp_desk_step(desk, "kadis", "Setuju, mohon ditindaklanjuti");
    assert_case(desk, 1, "tindak-lanjut", "open");
    mp_desk_step(desk, "kabid", "UTL");
    assert_case(desk, 1, "pendataan", "open");
    mp_desk_step(desk, "helpdesk", "LANJUT");
    assert_case(desk, 1, "terima-berkas", "open");
    mp_desk_step(desk, "verifikator", "TERUSKAN");
    assert_case(desk, 1, "ams", "open");
    mp_desk_step(desk, "verifikator", "AJUKAN");
    assert_case(desk, 1, "bsre", "waiting");
    mp_desk_notice(desk,
                   &letter.people[0],
                   "Pembaruan Sertifikat Elektronik",
                   "telah diperbarui dan berlaku sampai dengan 16-11-2028");
    mp_desk_once(desk);
    assert_case(desk, 1, "selesai", "finished");
    expect_outcome(desk, 1, "renewed");
    mp_desk_close(desk);
}

static void
demak_data_change_runs_to_its_end(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "demak", NULL);

    mp_desk_send_letter(desk, &change);
    mp_desk_once(desk);
    assert_case(desk, 1, "cek", "open");
    mp_desk_step(desk, "verifikator", "TERUSKAN");
    assert_case(desk, 1, "input", "open");
    mp_desk_step(desk, "verifikator", "AJUKAN");
    assert_case(desk, 1, "bsre-proses", "waiting");
    mp_desk_notice(desk,
                   &change.people[0],
                   "Perubahan Data Pengguna",
                   "telah diperbarui sesuai permohonan perubahan data");
    mp_desk_once(desk);
    assert_case(desk, 1, "selesai", "finished");
    expect_outcome(desk, 1, "changed");
    mp_desk_close(desk);
}

static void
demak_revocation_runs_to_its_end(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "cabut", NULL);

    mp_desk_send_letter(desk, &revocation);
    mp_desk_once(desk);
    assert_case(desk, 1, "rekomendasi", "open");
    mp_desk_step(desk, "kadis", "SETUJU");
    assert_case(desk, 1, "unggah", "open");
    mp_desk_step(desk, "verifikator", "AJUKAN");
    assert_case(desk, 1, "bsre", "waiting");
    mp_desk_notice(
        desk, &revocation.people[0], "Pencabutan Sertifikat Elektronik", "telah dicabut");
    mp_desk_once(desk);
    assert_case(desk, 1, "konfirmasi", "open");
    expect_outcome(desk, 1, "revoked");
    mp_desk_step(desk, "verifikator", "SETUJU");
    assert_case(desk, 1, "selesai", "finished");
    mp_desk_close(desk);
}

static void
pekalongan_change_of_a_certificate_holder_opens_a_revocation(void **state)
{
    MpDesk *desk = mp_desk_new(
        *state, "kota", "[service perubahan-data]\nsop = pekalongan-perubahan-data.sop\n");
    const MpDeskLetter letter = {
        .sender = "bkpsdm",
        .office = "Badan Kepegawaian",
        .subject = "Permohonan Perubahan Data Sertifikat Elektronik",
        .number = "800/512/2026",
        .remark = "Semula : Staf Kecamatan Kenanga\nMenjadi : Analis SDM Aparatur\n"
                  "Yang bersangkutan masih memiliki sertifikat elektronik yang aktif.",
        .people = {{"Yohana Setyaningsih, S.H.", "198506102009012999", NULL, "yohana"}},
        .papers = {"Formulir Perubahan Data.pdf", "SK Mutasi.pdf"}};

    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    assert_case(desk, 1, "cek", "open");
    mp_desk_step(desk, "verifikator", "AJUKAN");
    assert_case(desk, 1, "verifikasi", "waiting");
    mp_desk_notice(desk,
                   &letter.people[0],
                   "Perubahan Data Pengguna",
                   "telah diperbarui sesuai permohonan perubahan data");
    mp_desk_once(desk);
    assert_case(desk, 1, "pencabutan", "waiting");
    assert_int_equal(mp_desk_n_cases(desk), 2);
    g_autofree char *second = mp_desk_case(desk, 2, "number");
    g_autofree char *service = mp_desk_case(desk, 2, "service");
    g_autofree char *linked = mp_desk_case(desk, 1, "linked");

    assert_text(service, "pencabutan");
    assert_text(linked, second);
    for (guint i = 0; i < 6; i++) {
        g_autofree char *holder = mp_desk_case(desk, 2, "holder");
        g_autofree char *step = mp_desk_case(desk, 2, "step");

        if (g_strcmp0(holder, "bsre") == 0)
            break;
        mp_desk_step(desk,
                     g_strcmp0(holder, "kepala-dinas") == 0 ? "kadis" : "verifikator",
                     g_strcmp0(step, "unggah") == 0 ? "AJUKAN" : "SETUJU");
    }
    assert_case(desk, 2, "bsre", "waiting");
    mp_desk_notice(desk, &letter.people[0], "Pencabutan Sertifikat Elektronik", "telah dicabut");
    mp_desk_once(desk);
    assert_case(desk, 2, "konfirmasi", "open");
    mp_desk_step(desk, "verifikator", "SETUJU");
    assert_case(desk, 2, "selesai", "finished");
    assert_case(desk, 1, "selesai-tawaran", "finished");
    mp_desk_close(desk);
}

static void
an_incomplete_letter_is_asked_for_all_that_is_missing_and_goes_on_when_it_comes(void **state)
{
    static const char *const later[] = {"Surat Permohonan.pdf", "SK Mutasi.pdf", NULL};
    MpDesk *desk = mp_desk_new(*state, "kurang", NULL);
    MpDeskLetter letter = change;
    g_autoptr(MpDeskMail) asked = NULL;

    letter.papers[0] = NULL;
    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    assert_case(desk, 1, "dilengkapi", "waiting");
    assert_int_equal(mp_desk_count(desk, "melati"), 1);
    assert_int_equal(mp_desk_count(desk, "verifikator"), 0);
    asked = mp_desk_newest(desk, "melati", NULL, FALSE);
    assert_contains(asked->text, "SK Mutasi");
    mp_desk_supplement(desk, asked, &letter, later);
    mp_desk_once(desk);
    assert_case(desk, 1, "cek", "open");
    assert_int_equal(mp_desk_count(desk, "verifikator"), 1);
    mp_desk_close(desk);
}

static void
papers_asked_for_by_an_official_come_back_to_him(void **state)
{
    static const char *const later[] = {"SK Mutasi.pdf", NULL};
    MpDesk *desk = mp_desk_new(*state, "diminta", NULL);
    g_autoptr(MpDeskMail) asked = NULL;

    mp_desk_send_letter(desk, &change);
    mp_desk_once(desk);
    mp_desk_step(
        desk, "verifikator", "KURANG SK Mutasi yang terbaca\npesan: mohon SK dipindai ulang");
    assert_case(desk, 1, "diminta", "waiting");
    asked = mp_desk_newest(desk, "melati", "dipindai ulang", FALSE);
    mp_desk_supplement(desk, asked, &change, later);
    mp_desk_once(desk);
    assert_case(desk, 1, "cek", "open");
    mp_desk_step(desk, "verifikator", "TERUSKAN");
    assert_case(desk, 1, "input", "open");
    mp_desk_close(desk);
}

static void
a_refusal_needs_its_reason(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "tolak", NULL);
    g_autoptr(MpDeskMail) asked = NULL, refused = NULL;

    mp_desk_send_letter(desk, &revocation);
    mp_desk_once(desk);
    mp_desk_step(desk, "kadis", "TOLAK");
    assert_case(desk, 1, "rekomendasi", "open");
    asked = mp_desk_newest(desk, "kadis", "alasan", FALSE);
    mp_desk_step(desk, "kadis", "TOLAK SK pensiun belum ditandatangani");
    assert_case(desk, 1, "ditolak", "refused");
    refused = mp_desk_newest(desk, "disdik", "SK pensiun belum ditandatangani", FALSE);
    assert_null(refused->code);
    mp_desk_close(desk);
}

static void
one_letter_with_three_people_ends_with_three_outcomes(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "bertiga", NULL);
    MpDeskLetter letter = registration;
    static const char *const words[] = {"telah diterbitkan dan berlaku sampai dengan 16-11-2028",
                                        "ditolak karena foto KTP tidak terbaca",
                                        "telah diterbitkan dan berlaku sampai dengan 16-11-2028"};

    letter.people[1] =
        (MpDeskPerson){"Siti Maharani, S.E.", "199107112016022999", "3399015107910002", "siti"};
    letter.people[2] =
        (MpDeskPerson){"Bambang Sutejo", "198501022010011999", "3399010201850003", "bambang"};
    mp_desk_send_letter(desk, &letter);
    mp_desk_once(desk);
    if (mp_desk_count(desk, "kadis") == 0)
        mp_desk_step(desk, "verifikator", "TERUSKAN");
    mp_desk_step(desk, "kadis", "SETUJU");
    mp_desk_step(desk, "kabid", "SETUJU");
    mp_desk_step(desk, "kasi", "SETUJU");
    mp_desk_step(desk, "verifikator", "AJUKAN");
    assert_case(desk, 1, "akun", "waiting");
    for (guint i = 0; i < 3; i++) {
        mp_desk_notice(desk, &letter.people[i], "Penerbitan Sertifikat Elektronik", words[i]);
        mp_desk_once(desk);
    }
    assert_case(desk, 1, "selesai", "finished");
    g_autofree char *one = mp_desk_case(desk, 1, "outcome1");
    g_autofree char *two = mp_desk_case(desk, 1, "outcome2");
    g_autofree char *three = mp_desk_case(desk, 1, "outcome3");

    assert_text(one, "issued");
    assert_text(two, "rejected");
    assert_text(three, "issued");
    assert_int_equal(mp_desk_count_with(desk, "siti", "KTP tidak terbaca"), 1);
    mp_desk_close(desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kudus_registration_runs_to_its_end),
        cmocka_unit_test(mamuju_renewal_runs_to_its_end),
        cmocka_unit_test(demak_data_change_runs_to_its_end),
        cmocka_unit_test(demak_revocation_runs_to_its_end),
        cmocka_unit_test(pekalongan_change_of_a_certificate_holder_opens_a_revocation),
        cmocka_unit_test(
            an_incomplete_letter_is_asked_for_all_that_is_missing_and_goes_on_when_it_comes),
        cmocka_unit_test(papers_asked_for_by_an_official_come_back_to_him),
        cmocka_unit_test(a_refusal_needs_its_reason),
        cmocka_unit_test(one_letter_with_three_people_ends_with_three_outcomes),
    };

    cmocka_set_test_filter(g_getenv("MP_ONLY"));
    return cmocka_run_group_tests_name("desk procedures", tests, start, stop);
}
