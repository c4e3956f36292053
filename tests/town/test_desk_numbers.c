/* SPDX-License-Identifier: GPL-3.0-or-later */

/* F-12: what a real server does to the numbers of its mails when its folder is rebuilt or comes
 * back from a backup. Nothing is worked twice, nothing is passed over. */

#include "support/asserts.h"
#include "support/desk.h"

#include <glib/gstdio.h>

enum { OLD = 500, NEW = 5 };

static const MpDeskLetter letter = {.sender = "disdik",
                                    .office = "Dinas Pendidikan",
                                    .subject =
                                        "Permohonan Pencabutan Sertifikat Elektronik (Purna Tugas)",
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

/* Letter `n` (below 10) is about a person of its own. */
static void
send_letter(MpDesk *desk, guint n)
{
    g_autofree char *number = g_strdup_printf("421/30%u/2026", n);
    g_autofree char *name = g_strdup_printf("Slamet Riyanto %c", 'A' + (int)n);
    g_autofree char *nip = g_strdup_printf("1966120%u1992031999", n + 1);
    g_autofree char *mailbox = g_strdup_printf("slamet%u", n);
    MpDeskLetter one = letter;

    one.number = number;
    one.people[0] = (MpDeskPerson){name, nip, NULL, mailbox};
    mp_desk_send_letter(desk, &one);
}

static void
send_news(MpDesk *desk, guint n)
{
    const char *sender = mp_desk_address(desk, "siapa");
    g_autofree char *mail = g_strdup_printf("From: <%s>\nSubject: kabar %u\n"
                                            "Message-ID: <kabar%u@contohkab.go.id>\n\nkabar %u\n",
                                            sender,
                                            n,
                                            n,
                                            n);

    mp_desk_send_raw(desk, MP_TOWN_VIA_LMTP, sender, mail, -1);
}

static guint
n_mails(MpDesk *desk, const char *mail_state)
{
    const char *const list[] = {"mail", "list", "--limit", "5000", "--state", mail_state, NULL};
    guint n = 0;

    assert_int_equal(mp_desk_run(desk, list), 0);
    for (const char *at = desk->output; (at = strchr(at, '\n')) != NULL; at++)
        n++;
    return n;
}

static guint
n_sent(MpDesk *desk)
{
    return mp_desk_rows(desk, "outbox", " sent ");
}

static char *
maildir_of(const MpDesk *desk)
{
    return g_build_filename(desk->town->dir, "mail", desk->address, "Maildir", NULL);
}

/* Dovecot forgets all UIDs when its list is gone, and takes another UIDVALIDITY. */
static void
forget_uids(MpDesk *desk)
{
    static const char *const files[] = {
        "dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"};
    g_autofree char *maildir = maildir_of(desk);
    g_autoptr(GError) error = NULL;

    mp_town_stop_dovecot(desk->town, &error);
    assert_no_gerror(error);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(maildir, files[i], NULL);

        (void)g_unlink(path);
    }
    mp_town_start_dovecot(desk->town, &error);
    assert_no_gerror(error);
}

static void
five_hundred_old_mails_and_five_new(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "angka", "[mailbox]\nhandled_folder =\n");
    guint sent;

    send_letter(desk, 0);
    for (guint i = 1; i < OLD; i++)
        send_news(desk, i);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 1);
    assert_int_equal(mp_town_count(desk->town, desk->address, "INBOX"), OLD);
    sent = n_sent(desk);
    forget_uids(desk);
    for (guint i = 1; i <= NEW; i++)
        send_letter(desk, i);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 1 + NEW);
    assert_int_equal(n_mails(desk, "duplicate"), OLD);
    assert_int_equal(n_mails(desk, "done"), 1 + NEW);
    /* Each new letter is told to its OPD and to the head. */
    assert_int_equal(n_sent(desk), sent + 2 * NEW);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 1 + NEW);
    assert_int_equal(n_mails(desk, "duplicate"), OLD);
    mp_desk_close(desk);
}

static void
copy_tree(const char *from, const char *to)
{
    const char *const argv[] = {"cp", "-a", from, to, NULL};
    int status = 1;

    assert_true(g_spawn_sync(
        NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
    assert_int_equal(status, 0);
}

/* The same UIDVALIDITY, a lower UIDNEXT: the next mail gets a UID that the ledger knows. */
static void
a_folder_restored_from_a_backup_passes_nothing_over(void **state)
{
    MpDesk *desk = mp_desk_new(*state, "cadang", NULL);
    g_autofree char *maildir = maildir_of(desk);
    g_autofree char *copy = g_strconcat(maildir, ".salinan", NULL);
    g_autoptr(GError) error = NULL;

    send_letter(desk, 0);
    mp_desk_once(desk);
    mp_town_stop_dovecot(desk->town, &error);
    assert_no_gerror(error);
    copy_tree(maildir, copy);
    mp_town_start_dovecot(desk->town, &error);
    assert_no_gerror(error);
    for (guint i = 1; i <= 3; i++)
        send_letter(desk, i);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 4);
    mp_town_stop_dovecot(desk->town, &error);
    assert_no_gerror(error);
    mp_town_remove_tree(maildir);
    assert_int_equal(g_rename(copy, maildir), 0);
    mp_town_start_dovecot(desk->town, &error);
    assert_no_gerror(error);
    send_letter(desk, 4);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 5);
    assert_int_equal(mp_town_count(desk->town, desk->address, "INBOX"), 0);
    for (guint i = 5; i <= 7; i++)
        send_letter(desk, i);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 8);
    assert_int_equal(mp_town_count(desk->town, desk->address, "INBOX"), 0);
    mp_desk_once(desk);
    assert_int_equal(mp_desk_n_cases(desk), 8);
    mp_desk_close(desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"F-12 UIDVALIDITY anew with 500 old and 5 new mails: 5 cases more",
         five_hundred_old_mails_and_five_new,
         NULL,
         NULL,
         NULL},
        {"F-12 UIDNEXT goes back and UIDs come again: nothing is passed over",
         a_folder_restored_from_a_backup_passes_nothing_over,
         NULL,
         NULL,
         NULL},
    };

    cmocka_set_test_filter(g_getenv("MP_ONLY"));
    return cmocka_run_group_tests_name("desk numbers", tests, start, stop);
}
