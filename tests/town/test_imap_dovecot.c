/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The IMAP port against a real Dovecot. Every test has a user of its own, so none needs another. */

#include "ports/ports.h"
#include "support/asserts.h"
#include "support/daemons.h"

#include <unistd.h>

static MpTown *town;      /* with MOVE */
static MpTown *copy_town; /* without */

static int
start(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    town = mp_town_start(MP_TOWN_DOVECOT, &error);
    assert_no_gerror(error);
    copy_town = mp_town_start(MP_TOWN_DOVECOT | MP_TOWN_NO_MOVE, &error);
    assert_no_gerror(error);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    mp_town_stop(town);
    mp_town_stop(copy_town);
    return 0;
}

/* --- helpers ---------------------------------------------------------------------------------- */

static MpImapOptions
options_of(const MpTown *where, const char *user)
{
    return (MpImapOptions){
        .host = (char *)MP_TOWN_HOST,
        .port = where->imaps_port,
        .folder = (char *)"INBOX",
        .tls = MP_TLS_IMPLICIT,
        .user = (char *)user,
        .password = (char *)MP_TOWN_PASSWORD,
        .ca_file = where->ca_file,
        .timeout_ms = 10000,
        .command_ms = 30000,
        .max_bytes = 25 * 1024 * 1024,
        .use_idle = TRUE,
    };
}

static MpMailbox *
open_mailbox(const MpImapOptions *options)
{
    g_autoptr(GError) error = NULL;
    MpMailbox *mailbox = mp_mailbox_new_imap(options, &error);

    assert_no_gerror(error);
    return mailbox;
}

static MpMailbox *
mailbox_of(const char *user)
{
    MpImapOptions options = options_of(town, user);

    return open_mailbox(&options);
}

static void
put(MpTown *where, const char *user, const char *subject)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *mail =
        g_strdup_printf("From: a@a.example\nSubject: %s\n\nisi %s\n", subject, subject);

    mp_town_send(where, MP_TOWN_VIA_LMTP, "a@a.example", user, mail, -1, &error);
    assert_no_gerror(error);
}

static void
put_n(const char *user, guint n)
{
    for (guint i = 1; i <= n; i++) {
        g_autofree char *subject = g_strdup_printf("nomor %u", i);

        put(town, user, subject);
    }
}

static void
imap(const char *user, const char *first, const char *second, const char *third)
{
    const char *const commands[] = {first, second, third, NULL};
    g_autoptr(GError) error = NULL;

    g_free(mp_town_imap(town, user, commands, &error));
    assert_no_gerror(error);
}

typedef struct {
    GPtrArray *mails; /* texts, or "(problem)" */
    GArray *uids;
    gint64 arrived_utc; /* of the last */
    guint stop_after;   /* 0 = never */
} Taken;

static Taken
taken_new(void)
{
    return (Taken){
        .mails = g_ptr_array_new_with_free_func(g_free),
        .uids = g_array_new(FALSE, FALSE, sizeof(guint32)),
    };
}

static void
taken_clear(Taken *taken)
{
    g_ptr_array_unref(taken->mails);
    g_array_unref(taken->uids);
}

static gboolean
take(const MpFetched *mail, gpointer data)
{
    Taken *taken = data;

    g_ptr_array_add(taken->mails,
                    mail->content != NULL ? g_strndup(g_bytes_get_data(mail->content, NULL),
                                                      g_bytes_get_size(mail->content))
                                          : g_strdup_printf("(%s)", mail->problem));
    g_array_append_val(taken->uids, mail->uid);
    taken->arrived_utc = mail->arrived_utc;
    return taken->mails->len != taken->stop_after;
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
fetch(MpMailbox *mailbox, const GArray *uids, Taken *taken)
{
    g_autoptr(GError) error = NULL;

    mailbox->fetch(mailbox, (const guint32 *)(gpointer)uids->data, uids->len, take, taken, &error);
    assert_no_gerror(error);
}

static void
move(MpMailbox *mailbox, const GArray *uids, guint n, const char *folder)
{
    g_autoptr(GError) error = NULL;

    mailbox->move(mailbox, (const guint32 *)(gpointer)uids->data, n, folder, &error);
    assert_no_gerror(error);
}

/* --- the whole way ---------------------------------------------------------------------------- */

static void
three_mails_are_listed_fetched_and_moved(void **state)
{
    const char *user = "tiga@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    Taken taken = taken_new();

    (void)state;
    put_n(user, 3);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    assert_int_equal(uids->len, 3);
    assert_int_not_equal(validity, 0);
    fetch(mailbox, uids, &taken);
    assert_int_equal(taken.mails->len, 3);
    assert_contains(taken.mails->pdata[1], "Subject: nomor 2\r\n\r\nisi nomor 2\r\n");
    assert_true(ABS(taken.arrived_utc - g_get_real_time()) < 60 * G_USEC_PER_SEC);
    move(mailbox, uids, 2, "mailproc/Selesai");
    assert_int_equal(mp_town_count(town, user, "INBOX"), 1);
    assert_int_equal(mp_town_count(town, user, "mailproc/Selesai"), 2);
    mailbox->free(mailbox);
    taken_clear(&taken);
}

static void
an_empty_mailbox_lists_nothing(void **state)
{
    g_autofree char *certs = g_path_get_dirname(town->ca_file);
    MpMailbox *mailbox = mailbox_of("kosong@contohkab.go.id");
    guint32 validity = 0;
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    (void)state;
    assert_int_equal(uids->len, 0);
    assert_int_not_equal(validity, 0);
    assert_int_equal(mailbox->tls_expires_utc, mp_certs_end(certs));
    mailbox->free(mailbox);
}

static void
only_what_is_above_the_cursor_is_listed(void **state)
{
    const char *user = "kursor@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;

    (void)state;
    put_n(user, 3);
    g_autoptr(GArray) all = list(mailbox, 0, &validity);
    g_autoptr(GArray) above = list(mailbox, g_array_index(all, guint32, 1), &validity);
    g_autoptr(GArray) none = list(mailbox, g_array_index(all, guint32, 2), &validity);
    guint32 other = validity + 1;
    g_autoptr(GArray) again = list(mailbox, g_array_index(all, guint32, 2), &other);

    assert_int_equal(above->len, 1);
    assert_int_equal(none->len, 0);
    assert_int_equal(again->len, 3);
    assert_int_equal(other, validity);
    mailbox->free(mailbox);
}

static void
mail_that_comes_while_connected_is_listed(void **state)
{
    const char *user = "menyusul@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;

    (void)state;
    g_autoptr(GArray) before = list(mailbox, 0, &validity);

    put_n(user, 1);
    g_autoptr(GArray) after = list(mailbox, 0, &validity);

    assert_int_equal(before->len, 0);
    assert_int_equal(after->len, 1);
    mailbox->free(mailbox);
}

static void
many_mails_come_in_several_batches_in_order(void **state)
{
    const char *user = "banyak@contohkab.go.id";
    MpImapOptions options = options_of(town, user);
    guint32 validity = 0;
    Taken taken = taken_new();

    (void)state;
    options.batch_count = 7;
    options.batch_bytes = 900; /* about three of these mails */
    MpMailbox *mailbox = open_mailbox(&options);

    put_n(user, 30);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    fetch(mailbox, uids, &taken);
    assert_int_equal(taken.mails->len, 30);
    for (guint i = 0; i < 30; i++) {
        g_autofree char *subject = g_strdup_printf("Subject: nomor %u\r\n", i + 1);

        assert_contains(taken.mails->pdata[i], subject);
    }
    mailbox->free(mailbox);
    taken_clear(&taken);
}

static void
a_fetch_stops_when_told(void **state)
{
    const char *user = "cukup@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    Taken taken = taken_new();

    (void)state;
    taken.stop_after = 2;
    put_n(user, 5);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    fetch(mailbox, uids, &taken);
    assert_int_equal(taken.mails->len, 2);
    mailbox->free(mailbox);
    taken_clear(&taken);
}

static void
fetched_mail_stays_unseen(void **state)
{
    const char *user = "belum@contohkab.go.id";
    const char *const commands[] = {"EXAMINE INBOX", "SEARCH UNSEEN", NULL};
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    Taken taken = taken_new();

    (void)state;
    put_n(user, 2);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    fetch(mailbox, uids, &taken);
    g_autofree char *said = mp_town_imap(town, user, commands, &error);

    assert_no_gerror(error);
    assert_contains(said, "* SEARCH 1 2\r\n");
    mailbox->free(mailbox);
    taken_clear(&taken);
}

static void
twenty_mebibytes_arrive_whole(void **state)
{
    const char *user = "besar@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) mail = g_string_new("Subject: besar\r\n\r\n");
    Taken taken = taken_new();

    (void)state;
    for (guint line = 0; mail->len < 20 * 1024 * 1024; line++)
        g_string_append_printf(
            mail, "%08u (((( {123} \"baris yang cukup panjang untuk diuji\r\n", line);
    mp_town_send(
        town, MP_TOWN_VIA_LMTP_BARE, "a@a.example", user, mail->str, (gssize)mail->len, &error);
    assert_no_gerror(error);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    fetch(mailbox, uids, &taken);
    assert_int_equal(taken.mails->len, 1);
    /* Dovecot's own headers stand above. */
    assert_true(g_str_has_suffix(taken.mails->pdata[0], mail->str));
    mailbox->free(mailbox);
    taken_clear(&taken);
}

static void
a_mail_of_the_limit_is_fetched_and_one_over_is_told(void **state)
{
    const char *user = "batas@contohkab.go.id";
    MpImapOptions options = options_of(town, user);
    MpMailbox *first = open_mailbox(&options);
    guint32 validity = 0;
    Taken all = taken_new();
    Taken fits = taken_new();
    Taken over = taken_new();

    (void)state;
    put_n(user, 1);
    g_autoptr(GArray) uids = list(first, 0, &validity);

    fetch(first, uids, &all);
    options.max_bytes = strlen(all.mails->pdata[0]);
    MpMailbox *exact = open_mailbox(&options);

    options.max_bytes--;
    MpMailbox *small = open_mailbox(&options);

    fetch(exact, uids, &fits);
    fetch(small, uids, &over);
    assert_text(fits.mails->pdata[0], all.mails->pdata[0]);
    assert_text(over.mails->pdata[0], "(larger than a mail may be)");
    first->free(first);
    exact->free(exact);
    small->free(small);
    taken_clear(&all);
    taken_clear(&fits);
    taken_clear(&over);
}

static void
eight_bit_bytes_pass_unchanged(void **state)
{
    const char *user = "delapan@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    Taken taken = taken_new();

    (void)state;
    mp_town_send(town,
                 MP_TOWN_VIA_LMTP_BARE,
                 "a@a.example",
                 user,
                 "Subject: Perm\xf6honan\r\n\r\n\xff\xfe\r\n)\r\n* BYE palsu\r\n",
                 -1,
                 &error);
    assert_no_gerror(error);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    fetch(mailbox, uids, &taken);
    assert_contains(taken.mails->pdata[0],
                    "Subject: Perm\xf6honan\r\n\r\n\xff\xfe\r\n)\r\n* BYE palsu\r\n");
    mailbox->free(mailbox);
    taken_clear(&taken);
}

/* --- other people in the same mailbox --------------------------------------------------------- */

static void
a_mail_expunged_between_list_and_fetch_is_left_out(void **state)
{
    const char *user = "hapus@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    Taken taken = taken_new();

    (void)state;
    put_n(user, 3);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    imap(user, "SELECT INBOX", "STORE 2 +FLAGS (\\Deleted)", "EXPUNGE");
    fetch(mailbox, uids, &taken);
    assert_int_equal(taken.mails->len, 2);
    assert_contains(taken.mails->pdata[1], "nomor 3");
    move(mailbox, uids, 3, "Selesai");
    assert_int_equal(mp_town_count(town, user, "Selesai"), 2);
    move(mailbox, uids, 3, "Selesai");
    assert_int_equal(mp_town_count(town, user, "INBOX"), 0);
    mailbox->free(mailbox);
    taken_clear(&taken);
}

static void
flags_set_by_others_change_nothing(void **state)
{
    const char *user = "bendera@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    Taken taken = taken_new();

    (void)state;
    put_n(user, 3);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    imap(user, "SELECT INBOX", "STORE 1:3 +FLAGS (\\Seen \\Answered)", NULL);
    g_autoptr(GArray) again = list(mailbox, 0, &validity);

    fetch(mailbox, again, &taken);
    assert_int_equal(again->len, 3);
    assert_int_equal(taken.mails->len, 3);
    mailbox->free(mailbox);
    taken_clear(&taken);
}

static void
what_others_marked_deleted_is_not_expunged_by_us(void **state)
{
    const char *user = "tandai@contohkab.go.id";
    const char *const mark[] = {"SELECT INBOX", "STORE 2 +FLAGS (\\Deleted)", NULL};
    MpImapOptions options = options_of(copy_town, user);
    MpMailbox *mailbox = open_mailbox(&options);
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;

    (void)state;
    for (guint i = 0; i < 3; i++)
        put(copy_town, user, "x");
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    g_free(mp_town_imap(copy_town, user, mark, &error));
    assert_no_gerror(error);
    move(mailbox, uids, 1, "mailproc/Selesai");
    assert_int_equal(mp_town_count(copy_town, user, "INBOX"), 2);
    assert_int_equal(mp_town_count(copy_town, user, "mailproc/Selesai"), 1);
    mailbox->free(mailbox);
}

static void
a_rebuilt_folder_is_listed_from_the_beginning(void **state)
{
    const char *user = "bangun@contohkab.go.id";
    MpImapOptions options = options_of(town, user);
    guint32 before = 0;
    guint32 after = 0;
    g_autoptr(GError) error = NULL;
    Taken taken = taken_new();

    (void)state;
    put_n(user, 2);
    imap(user, "CREATE Antrian", "SELECT INBOX", "MOVE 1:2 Antrian");
    options.folder = (char *)"Antrian";
    MpMailbox *mailbox = open_mailbox(&options);
    g_autoptr(GArray) old = list(mailbox, 0, &before);

    mailbox->close(mailbox);
    put_n(user, 1);
    imap(user, "DELETE Antrian", "CREATE Antrian", NULL);
    imap(user, "SELECT INBOX", "MOVE 1 Antrian", NULL);
    /* UIDs of the old folder must not touch the new one. */
    assert_false(mailbox->fetch(
        mailbox, (const guint32 *)(gpointer)old->data, old->len, take, &taken, &error));
    assert_gerror(error, MP_ERROR_UNREACHABLE);
    assert_contains(error->message, "rebuilt");
    assert_int_equal(taken.mails->len, 0);
    after = before;
    g_autoptr(GArray) now = list(mailbox, 2, &after);

    assert_int_not_equal(after, before);
    assert_int_equal(now->len, 1);
    mailbox->free(mailbox);
    taken_clear(&taken);
}

/* --- folders ---------------------------------------------------------------------------------- */

static void
a_folder_beyond_ascii_is_made_and_used(void **state)
{
    const char *user = "nama@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;

    (void)state;
    put_n(user, 1);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    move(mailbox, uids, 1, "Arsip & Surat/Écrit");
    assert_int_equal(mp_town_count(town, user, "Arsip &- Surat/&AMk-crit"), 1);
    mailbox->free(mailbox);
}

static void
without_move_mails_are_copied_and_expunged(void **state)
{
    const char *user = "salin@contohkab.go.id";
    MpImapOptions options = options_of(copy_town, user);
    MpMailbox *mailbox = open_mailbox(&options);
    guint32 validity = 0;

    (void)state;
    for (guint i = 0; i < 4; i++)
        put(copy_town, user, "x");
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    move(mailbox, uids, 3, "mailproc/Selesai");
    move(mailbox, uids, 3, "mailproc/Selesai");
    assert_int_equal(mp_town_count(copy_town, user, "INBOX"), 1);
    assert_int_equal(mp_town_count(copy_town, user, "mailproc/Selesai"), 3);
    mailbox->free(mailbox);
}

static void
sent_mail_is_appended_to_a_new_folder(void **state)
{
    const char *user = "kirim@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    g_autoptr(GError) error = NULL;
    const char text[] = "Subject: terkirim\r\n\r\nisi\r\n";
    g_autoptr(GBytes) mail = g_bytes_new_static(text, strlen(text));

    (void)state;
    for (guint i = 0; i < 2; i++) {
        mailbox->append(mailbox, "mailproc/Terkirim", mail, &error);
        assert_no_gerror(error);
    }
    g_autoptr(GPtrArray) mails = mp_town_imap_mails(town, user, "mailproc/Terkirim", &error);

    assert_no_gerror(error);
    assert_int_equal(mails->len, 2);
    assert_true(g_bytes_equal(mails->pdata[0], mail));
    mailbox->free(mailbox);
}

/* --- connections ------------------------------------------------------------------------------ */

static void
a_server_that_was_restarted_is_connected_anew(void **state)
{
    const char *user = "ulang@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    Taken taken = taken_new();

    (void)state;
    put_n(user, 2);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    mp_town_restart_dovecot(town, &error);
    assert_no_gerror(error);
    g_autoptr(GArray) again = list(mailbox, 0, &validity);

    assert_int_equal(again->len, uids->len);
    mp_town_restart_dovecot(town, &error);
    assert_no_gerror(error);
    fetch(mailbox, uids, &taken);
    assert_int_equal(taken.mails->len, 2);
    mailbox->free(mailbox);
    taken_clear(&taken);
}

typedef struct {
    Taken taken;
    gboolean is_restarted;
} Restarting;

static gboolean
take_and_restart(const MpFetched *mail, gpointer data)
{
    Restarting *restarting = data;
    g_autoptr(GError) error = NULL;

    take(mail, &restarting->taken);
    if (restarting->is_restarted)
        return TRUE;
    restarting->is_restarted = TRUE;
    mp_town_stop_dovecot(town, &error);
    assert_no_gerror(error);
    mp_town_start_dovecot(town, &error);
    assert_no_gerror(error);
    return TRUE;
}

/* What was handed on stays, what was on its way is asked for again on a new connection: each mail
 * comes once, whole, in order. */
static void
a_server_restarted_in_a_fetch_loses_nothing(void **state)
{
    const char *user = "putus@contohkab.go.id";
    MpImapOptions options = options_of(town, user);
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *filling = g_strnfill(64 * 1024, 'x');
    Restarting restarting = {.taken = taken_new()};

    (void)state;
    for (gsize i = 70; i < 64 * 1024; i += 71)
        filling[i] = '\n';
    for (guint i = 0; i < 60; i++) {
        g_autofree char *mail =
            g_strdup_printf("From: a@a.example\nSubject: besar %u\n\n%s\n", i, filling);

        mp_town_send(town, MP_TOWN_VIA_LMTP, "a@a.example", user, mail, -1, &error);
        assert_no_gerror(error);
    }
    options.batch_bytes = 512 * 1024;
    MpMailbox *mailbox = open_mailbox(&options);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    assert_int_equal(uids->len, 60);
    assert_true(mailbox->fetch(mailbox,
                               (const guint32 *)(gpointer)uids->data,
                               uids->len,
                               take_and_restart,
                               &restarting,
                               &error));
    assert_no_gerror(error);
    assert_true(restarting.is_restarted);
    assert_int_equal(restarting.taken.uids->len, 60);
    for (guint i = 0; i < 60; i++) {
        g_autofree char *subject = g_strdup_printf("Subject: besar %u\r\n", i);
        const char *mail = g_ptr_array_index(restarting.taken.mails, i);

        assert_int_equal(g_array_index(restarting.taken.uids, guint32, i), i + 1);
        assert_contains(mail, subject);
        assert_true(strlen(mail) > 64 * 1024);
    }
    mailbox->free(mailbox);
    taken_clear(&restarting.taken);
}

static void
a_server_that_is_away_is_unreachable(void **state)
{
    MpImapOptions options = options_of(town, "jauh@contohkab.go.id");
    guint32 validity = 0;
    GArray *uids = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    options.port = mp_town_free_port();
    MpMailbox *mailbox = open_mailbox(&options);

    assert_false(mailbox->list(mailbox, 0, 0, &validity, &uids, &error));
    assert_gerror(error, MP_ERROR_UNREACHABLE);
    assert_contains(error->message, "refused");
    mailbox->free(mailbox);
}

static void
starttls_is_used_when_asked_for(void **state)
{
    const char *user = "starttls@contohkab.go.id";
    MpImapOptions options = options_of(town, user);
    guint32 validity = 0;

    (void)state;
    options.tls = MP_TLS_STARTTLS;
    options.port = town->imap_port;
    MpMailbox *mailbox = open_mailbox(&options);

    put_n(user, 1);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    assert_int_equal(uids->len, 1);
    mailbox->free(mailbox);
}

static void
plain_is_possible_on_loopback(void **state)
{
    const char *user = "polos@contohkab.go.id";
    MpImapOptions options = options_of(town, user);
    guint32 validity = 0;

    (void)state;
    options.tls = MP_TLS_NONE;
    options.host = (char *)"127.0.0.1";
    options.port = town->imap_port;
    MpMailbox *mailbox = open_mailbox(&options);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    assert_int_equal(uids->len, 0);
    mailbox->free(mailbox);
}

static void
an_address_is_verified_like_a_name(void **state)
{
    MpImapOptions options = options_of(town, "alamat@contohkab.go.id");
    guint32 validity = 0;

    (void)state;
    options.host = (char *)"127.0.0.1";
    MpMailbox *mailbox = open_mailbox(&options);
    g_autoptr(GArray) uids = list(mailbox, 0, &validity);

    assert_int_equal(uids->len, 0);
    mailbox->free(mailbox);
}

static void
a_wrong_password_is_refused_and_not_shown(void **state)
{
    MpImapOptions options = options_of(town, "sandi@contohkab.go.id");
    guint32 validity = 0;
    GArray *uids = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    options.password = (char *)"bukan \"sandi\" \\ini";
    MpMailbox *mailbox = open_mailbox(&options);

    assert_false(mailbox->list(mailbox, 0, 0, &validity, &uids, &error));
    assert_gerror(error, MP_ERROR_REFUSED);
    assert_contains(error->message, "login: server says");
    assert_lacks(error->message, "bukan");
    mailbox->free(mailbox);
}

static void
a_missing_source_folder_is_refused(void **state)
{
    MpImapOptions options = options_of(town, "hilang@contohkab.go.id");
    guint32 validity = 0;
    GArray *uids = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    options.folder = (char *)"Tidak/Ada";
    MpMailbox *mailbox = open_mailbox(&options);

    assert_false(mailbox->list(mailbox, 0, 0, &validity, &uids, &error));
    assert_gerror(error, MP_ERROR_REFUSED);
    assert_contains(error->message, "Tidak/Ada: server says");
    mailbox->free(mailbox);
}

/* --- waiting ---------------------------------------------------------------------------------- */

static void
idle_tells_of_new_mail(void **state)
{
    const char *user = "tunggu@contohkab.go.id";
    MpMailbox *mailbox = mailbox_of(user);
    guint32 validity = 0;
    gboolean is_changed = FALSE;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) none = list(mailbox, 0, &validity);

    (void)state;
    put_n(user, 1);
    mailbox->wait(mailbox, 10000, -1, &is_changed, &error);
    assert_no_gerror(error);
    assert_true(is_changed);
    g_autoptr(GArray) one = list(mailbox, 0, &validity);

    assert_int_equal(one->len, 1);
    mailbox->free(mailbox);
}

static void
waiting_ends_with_the_time_or_the_wake_fd(void **state)
{
    MpMailbox *mailbox = mailbox_of("bangunkan@contohkab.go.id");
    guint32 validity = 0;
    gboolean is_changed = TRUE;
    int ends[2];
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    g_autoptr(GArray) none = list(mailbox, 0, &validity);

    mailbox->wait(mailbox, 50, ends[0], &is_changed, &error);
    assert_no_gerror(error);
    assert_false(is_changed);
    assert_int_equal(write(ends[1], "x", 1), 1);
    mailbox->wait(mailbox, 60000, ends[0], &is_changed, &error);
    assert_no_gerror(error);
    assert_false(is_changed);
    /* Not connected: the same. */
    mailbox->close(mailbox);
    mailbox->wait(mailbox, 60000, ends[0], &is_changed, &error);
    assert_no_gerror(error);
    mailbox->wait(mailbox, 1, -1, &is_changed, &error);
    assert_no_gerror(error);
    mailbox->free(mailbox);
    close(ends[0]);
    close(ends[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_mails_are_listed_fetched_and_moved),
        cmocka_unit_test(an_empty_mailbox_lists_nothing),
        cmocka_unit_test(only_what_is_above_the_cursor_is_listed),
        cmocka_unit_test(mail_that_comes_while_connected_is_listed),
        cmocka_unit_test(many_mails_come_in_several_batches_in_order),
        cmocka_unit_test(a_fetch_stops_when_told),
        {"F-13 fetched mail stays unseen", fetched_mail_stays_unseen, NULL, NULL, NULL},
        cmocka_unit_test(twenty_mebibytes_arrive_whole),
        cmocka_unit_test(a_mail_of_the_limit_is_fetched_and_one_over_is_told),
        cmocka_unit_test(eight_bit_bytes_pass_unchanged),
        {"F-13 a mail expunged between list and fetch is left out",
         a_mail_expunged_between_list_and_fetch_is_left_out,
         NULL,
         NULL,
         NULL},
        {"F-13 flags set by others change nothing",
         flags_set_by_others_change_nothing,
         NULL,
         NULL,
         NULL},
        {"F-13 what others marked deleted is not expunged by us",
         what_others_marked_deleted_is_not_expunged_by_us,
         NULL,
         NULL,
         NULL},
        {"F-12 a rebuilt folder is listed from the beginning",
         a_rebuilt_folder_is_listed_from_the_beginning,
         NULL,
         NULL,
         NULL},
        cmocka_unit_test(a_folder_beyond_ascii_is_made_and_used),
        cmocka_unit_test(without_move_mails_are_copied_and_expunged),
        cmocka_unit_test(sent_mail_is_appended_to_a_new_folder),
        {"F-11 a server that was restarted is connected anew",
         a_server_that_was_restarted_is_connected_anew,
         NULL,
         NULL,
         NULL},
        {"F-11 a server that is away is unreachable",
         a_server_that_is_away_is_unreachable,
         NULL,
         NULL,
         NULL},
        {"F-11 a server restarted in a fetch loses nothing",
         a_server_restarted_in_a_fetch_loses_nothing,
         NULL,
         NULL,
         NULL},
        cmocka_unit_test(starttls_is_used_when_asked_for),
        cmocka_unit_test(plain_is_possible_on_loopback),
        cmocka_unit_test(an_address_is_verified_like_a_name),
        {"F-11 a wrong password is refused and not shown",
         a_wrong_password_is_refused_and_not_shown,
         NULL,
         NULL,
         NULL},
        cmocka_unit_test(a_missing_source_folder_is_refused),
        cmocka_unit_test(idle_tells_of_new_mail),
        cmocka_unit_test(waiting_ends_with_the_time_or_the_wake_fd),
    };

    return cmocka_run_group_tests_name("imap on dovecot", tests, start, stop);
}
