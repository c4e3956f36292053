/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The harness itself: mail goes in by SMTP and LMTP, comes out on disk and by IMAP, and the
 * addresses with a meaning behave as daemons.h says. */

#include "support/asserts.h"
#include "support/daemons.h"

static const char letter[] = "From: Ani <ani@dinkes.contohkab.go.id>\n"
                             "Subject: Permohonan\n"
                             "\n"
                             ".titik\n"
                             "isi\n";

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

static void
mx_mail_carries_the_results_above_the_letter(void **state)
{
    MpTown *town = *state;
    g_autoptr(GError) error = NULL;
    const char *user = "mx@contohkab.go.id";

    mp_town_send(town, MP_TOWN_VIA_MX, "ani@dinkes.contohkab.go.id", user, letter, -1, &error);
    assert_no_gerror(error);
    mp_town_wait_count(town, user, "INBOX", 1, &error);
    assert_no_gerror(error);
    g_autofree char *mail = mp_town_newest(town, user, "INBOX", "Permohonan");

    assert_contains(mail,
                    "Authentication-Results: mx.contohkab.go.id; dmarc=pass "
                    "header.from=dinkes.contohkab.go.id\n");
    assert_contains(mail, "\n.titik\nisi\n");
    assert_contains(mail, "Return-Path: <ani@dinkes.contohkab.go.id>\n");
    assert_contains(mail, "by mx.contohkab.go.id with LMTP");
    assert_contains(mail, "by mx.contohkab.go.id (Postfix)");
}

static void
bare_mail_carries_none(void **state)
{
    MpTown *town = *state;
    g_autoptr(GError) error = NULL;
    const char *user = "bare@warga.example";

    mp_town_send(town, MP_TOWN_VIA_MX_BARE, "x@luar.example", user, letter, -1, &error);
    assert_no_gerror(error);
    mp_town_settle(town, &error);
    assert_no_gerror(error);
    g_autofree char *mail = mp_town_newest(town, user, "INBOX", NULL);

    assert_non_null(mail);
    assert_lacks(mail, "Authentication-Results");
}

static void
imap_shows_what_lmtp_took(void **state)
{
    MpTown *town = *state;
    g_autoptr(GError) error = NULL;
    const char *user = "lmtp@bssn.go.id";

    for (guint i = 0; i < 3; i++)
        mp_town_send(town, MP_TOWN_VIA_LMTP, "bsre@bssn.go.id", user, letter, -1, &error);
    assert_no_gerror(error);
    g_autoptr(GPtrArray) mails = mp_town_imap_mails(town, user, "INBOX", &error);

    assert_no_gerror(error);
    assert_int_equal(mails->len, 3);
    assert_int_equal(mp_town_count(town, user, "INBOX"), 3);
    assert_int_equal(mp_town_count(town, user, "mailproc/Selesai"), 0);
    assert_non_null(g_strstr_len(g_bytes_get_data(mails->pdata[0], NULL),
                                 (gssize)g_bytes_get_size(mails->pdata[0]),
                                 "\r\n.titik\r\nisi\r\n"));
}

static void
refused_put_off_and_bounced(void **state)
{
    MpTown *town = *state;
    const char *from = "pengirim@contohkab.go.id";
    g_autoptr(GError) unknown = NULL;
    g_autoptr(GError) busy = NULL;
    g_autoptr(GError) outside = NULL;
    g_autoptr(GError) error = NULL;

    assert_false(
        mp_town_send(town, MP_TOWN_VIA_MX, from, "tidak-ada@a.example", letter, -1, &unknown));
    assert_contains(unknown->message, "550 5.1.1");
    assert_false(mp_town_send(town, MP_TOWN_VIA_MX, from, "sibuk@a.example", letter, -1, &busy));
    assert_contains(busy->message, "450 4.2.1");
    assert_false(mp_town_send(town, MP_TOWN_VIA_MX, from, "a@luar.test", letter, -1, &outside));
    assert_contains(outside->message, "554 5.7.1");
    assert_true(mp_town_send(town, MP_TOWN_VIA_MX, from, "mati@a.example", letter, -1, &error));
    assert_no_gerror(error);
    mp_town_wait_count(town, from, "INBOX", 1, &error);
    assert_no_gerror(error);
    g_autofree char *bounce = mp_town_newest(town, from, "INBOX", NULL);

    assert_contains(bounce, "Status: 5.2.1");
}

static void
mailboxes_outlive_a_restart(void **state)
{
    MpTown *town = *state;
    g_autoptr(GError) error = NULL;
    const char *user = "tetap@contohkab.go.id";

    mp_town_send(town, MP_TOWN_VIA_LMTP, "a@a.example", user, letter, -1, &error);
    assert_no_gerror(error);
    mp_town_restart_dovecot(town, &error);
    assert_no_gerror(error);
    g_autoptr(GPtrArray) mails = mp_town_imap_mails(town, user, "INBOX", &error);

    assert_no_gerror(error);
    assert_int_equal(mails->len, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mx_mail_carries_the_results_above_the_letter),
        cmocka_unit_test(bare_mail_carries_none),
        cmocka_unit_test(imap_shows_what_lmtp_took),
        cmocka_unit_test(refused_put_off_and_bounced),
        cmocka_unit_test(mailboxes_outlive_a_restart),
    };

    return cmocka_run_group_tests_name("town", tests, start, stop);
}
