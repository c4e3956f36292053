/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The IMAP port against a real Dovecot. Every test has a user of its own, so none needs another. */

#include "ports/ports.h"
#include "support/asserts.h"
#include "support/daemons.h"

static MpTown *town;

static int
start(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    town = mp_town_start(MP_TOWN_DOVECOT, &error);
    assert_no_gerror(error);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    mp_town_stop(town);
    return 0;
}

static MpMailbox *
mailbox_of(const char *user)
{
    g_autoptr(GError) error = NULL;
    MpImapOptions options = {
        .host = (char *)MP_TOWN_HOST,
        .port = town->imaps_port,
        .folder = (char *)"INBOX",
        .tls = MP_TLS_IMPLICIT,
        .user = (char *)user,
        .password = (char *)MP_TOWN_PASSWORD,
        .ca_file = town->ca_file,
        .timeout_ms = 10000,
        .command_ms = 20000,
        .max_bytes = 25 * 1024 * 1024,
        .use_idle = TRUE,
    };
    MpMailbox *mailbox = mp_mailbox_new_imap(&options, &error);

    assert_no_gerror(error);
    return mailbox;
}

static void
put(const char *user, const char *subject)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *mail =
        g_strdup_printf("From: a@a.example\nSubject: %s\n\nisi %s\n", subject, subject);

    mp_town_send(town, MP_TOWN_VIA_LMTP, "a@a.example", user, mail, -1, &error);
    assert_no_gerror(error);
}

static gboolean
collect(const MpFetched *mail, gpointer data)
{
    GPtrArray *lines = data;

    g_ptr_array_add(lines,
                    mail->content != NULL ? g_strndup(g_bytes_get_data(mail->content, NULL),
                                                      g_bytes_get_size(mail->content))
                                          : g_strdup_printf("(%u: %s)", mail->uid, mail->problem));
    return TRUE;
}

static GArray *
list(MpMailbox *mailbox, guint32 above, guint32 *validity)
{
    g_autoptr(GError) error = NULL;
    GArray *uids = NULL;

    mailbox->list(mailbox, above, *validity, validity, &uids, &error);
    assert_no_gerror(error);
    return uids;
}

static void
three_mails_are_listed_fetched_and_moved(void **state)
{
    const char *user = "tiga@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func(g_free);

    (void)state;
    put(user, "satu");
    put(user, "dua");
    put(user, "tiga");
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    assert_int_equal(uids->len, 3);
    assert_int_not_equal(validity, 0);
    mailbox->fetch(mailbox, (guint32 *)(gpointer)uids->data, uids->len, collect, mails, &error);
    assert_no_gerror(error);
    assert_int_equal(mails->len, 3);
    assert_contains(mails->pdata[1], "Subject: dua\r\n\r\nisi dua\r\n");
    mailbox->move(mailbox, (guint32 *)(gpointer)uids->data, 2, "mailproc/Selesai", &error);
    assert_no_gerror(error);
    assert_int_equal(mp_town_count(town, user, "INBOX"), 1);
    assert_int_equal(mp_town_count(town, user, "mailproc/Selesai"), 2);
    mailbox->free(mailbox);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_mails_are_listed_fetched_and_moved),
    };

    return cmocka_run_group_tests_name("imap on dovecot", tests, start, stop);
}
