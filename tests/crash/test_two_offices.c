/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two offices that run this program write to each other's mailbox, and a robot that heeds no header
 * answers everything, for 24 hours on a set clock: nobody starts a war (T-13). The program is the
 * real one, with a store for each office; a courier carries what lies in one office's outgoing
 * folder to the other's mailbox, hour by hour. */

#include "app/demo.h"
#include "support/asserts.h"
#include "support/house.h"

#include <glib/gstdio.h>

#define KAB "layanan-tte@contohkab.go.id"
#define KOTA "layanan-tte@contohkota.go.id"
#define ROBOT "robot@luar.example"

enum { HOURS = 24, MOST = 3 };

static const char *program;

/* The neighbour: the same office by another name. */
static MpHouse *
neighbour_new(void)
{
    MpHouse *house = mp_house_new(program, NULL, NULL);
    g_autofree char *text = NULL;

    assert_true(g_file_get_contents(house->config, &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, "contohkab.go.id", -1);
    g_autofree char *changed = g_strjoinv("contohkota.go.id", parts);

    assert_true(g_file_set_contents(house->config, changed, -1, NULL));
    return house;
}

/* What our server found, in front of a mail. */
static void
deliver(MpHouse *house, const char *server, const char *domain, const char *mail)
{
    g_autofree char *whole =
        g_strdup_printf("Received: from luar by %s with ESMTPS\r\n"
                        "Authentication-Results: %s; dmarc=pass header.from=%s\r\n%s",
                        server,
                        server,
                        domain,
                        mail);

    mp_house_put(house, whole, -1);
}

/* Takes all mail out of the box of that recipient (char *). */
static GPtrArray *
take_mails(const MpHouse *house, const char *recipient)
{
    g_autofree char *path = g_build_filename(house->home, "keluar", recipient, "new", NULL);
    g_autoptr(GDir) listing = g_dir_open(path, 0, NULL);
    GPtrArray *mails = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        char *text = NULL;

        assert_true(g_file_get_contents(file, &text, NULL, NULL));
        assert_int_equal(g_unlink(file), 0);
        g_ptr_array_add(mails, text);
    }
    return mails;
}

static guint
carry(
    const MpHouse *from, const char *recipient, MpHouse *to, const char *server, const char *domain)
{
    g_autoptr(GPtrArray) mails = take_mails(from, recipient);

    for (guint i = 0; i < mails->len; i++)
        deliver(to, server, domain, g_ptr_array_index(mails, i));
    return mails->len;
}

/* --- the robot ---------------------------------------------------------------------------------
 */

/* Words that a person would get an answer to, and no header that says what he is. */
static const char *const robot_words[] = {
    "Mohon info sudah sampai mana prosesnya?",
    "Terima kasih, surel Anda kami terima dan akan kami balas.",
    "Saya sedang cuti, setuju dengan semuanya.",
    "Mohon pembaruan sertifikat elektronik saya.",
};

static guint
robot_answers(MpHouse *house, guint hour)
{
    g_autoptr(GPtrArray) mails = take_mails(house, ROBOT);

    for (guint i = 0; i < mails->len + 1; i++) {
        g_autofree char *mail =
            g_strdup_printf("From: <" ROBOT ">\r\nTo: <" KAB ">\r\nSubject: Balasan %u-%u "
                            "SE-2026-000002\r\nMessage-ID: <robot-%u-%u@luar.example>\r\n"
                            "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
                            hour,
                            i,
                            hour,
                            i,
                            robot_words[(hour + i) % G_N_ELEMENTS(robot_words)]);

        deliver(house, "mx.contohkab.go.id", "luar.example", mail);
    }
    return mails->len;
}

/* --- the letters that begin it -----------------------------------------------------------------
 */

static void
send_letter(MpHouse *house, const char *sender, const char *domain, guint n)
{
    MpDemoLetter letter = mp_demo_letters[1];
    g_autofree char *number = g_strdup_printf("550/%u/2026", n);
    g_autofree char *mail = NULL;

    letter.sender = sender;
    letter.number = number;
    mail = mp_demo_letter_mail(&letter, KAB, "Mon, 16 Nov 2026 01:00:00 +0000", n);
    deliver(house, "mx.contohkab.go.id", domain, mail);
}

static void
nobody_starts_a_war(void **state)
{
    MpHouse *kab = mp_house_new(program, NULL, NULL);
    MpHouse *kota = neighbour_new();
    guint to_kota = 0, to_kab = 0, to_robot = 0;

    (void)state;
    /* A clerk of the neighbour wrote from the neighbour's own service mailbox. */
    send_letter(kab, KOTA, "contohkota.go.id", 1001);
    send_letter(kab, ROBOT, "luar.example", 1002);
    for (guint hour = 0; hour < HOURS; hour++) {
        mp_house_once(kab);
        to_kota += carry(kab, KOTA, kota, "mx.contohkota.go.id", "contohkab.go.id");
        to_robot += robot_answers(kab, hour);
        mp_house_once(kota);
        to_kab += carry(kota, KAB, kab, "mx.contohkab.go.id", "contohkota.go.id");
        kab->now_s += 3600;
        kota->now_s += 3600;
    }
    assert_true(to_kota >= 1);
    assert_true(to_robot >= 1);
    if (to_kota + to_kab > MOST || to_robot > MOST)
        fail_msg("%u to the neighbour, %u back, %u to the robot", to_kota, to_kab, to_robot);
    mp_house_free(kab);
    mp_house_free(kota);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        {"T-13 two offices and a robot for 24 hours: three mails at most",
         nobody_starts_a_war,
         NULL,
         NULL,
         NULL},
    };

    if (argc != 2)
        return 64;
    program = argv[1];
    return cmocka_run_group_tests_name("two offices", tests, NULL, NULL);
}
