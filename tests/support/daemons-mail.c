/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the people of the town do: send by SMTP or LMTP, read their Maildirs or by real IMAP. The
 * clients here are written apart from mailproc's own ports, so that they can judge them. */

#include "support/daemons-private.h"

#include <glib/gstdio.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_LIMIT_US (15 * G_USEC_PER_SEC)
#define POLL_US 20000

/* --- sending ---------------------------------------------------------------------------------- */

static gboolean
send_all(int fd, const char *bytes, gsize length)
{
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);

        if (n <= 0)
            return FALSE;
        bytes += n;
        length -= (gsize)n;
    }
    return TRUE;
}

/* One reply, all its lines; NULL when the connection ended. */
static char *
read_reply(int fd)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_autoptr(GString) reply = g_string_new(NULL);
    char c;

    while (recv(fd, &c, 1, 0) == 1) {
        g_string_append_c(line, c);
        if (c != '\n')
            continue;
        g_string_append(reply, line->str);
        if (line->len >= 4 && line->str[3] == ' ')
            return g_string_free(g_steal_pointer(&reply), FALSE);
        g_string_truncate(line, 0);
    }
    return NULL;
}

static gboolean
say(int fd, const char *line, char want, GError **error)
{
    if (line != NULL && !send_all(fd, line, strlen(line)))
        return mp_town_fail(error, "connection lost");
    g_autofree char *reply = read_reply(fd);

    if (reply == NULL)
        return mp_town_fail(error, "connection lost after %s", line ? line : "connecting");
    if (reply[0] != want)
        return mp_town_fail(error, "%s", reply);
    return TRUE;
}

/* CRLF line ends, dots stuffed, the final dot. */
static char *
wire_form(const char *head, const char *mail, gsize length)
{
    GString *out = g_string_new(head);
    gboolean at_start = TRUE;

    for (gsize i = 0; i < length; i++) {
        if (at_start && mail[i] == '.')
            g_string_append_c(out, '.');
        if (mail[i] == '\n' && (i == 0 || mail[i - 1] != '\r'))
            g_string_append_c(out, '\r');
        g_string_append_c(out, mail[i]);
        at_start = mail[i] == '\n';
    }
    if (!at_start)
        g_string_append(out, "\r\n");
    return g_string_free(g_string_append(out, ".\r\n"), FALSE);
}

static gboolean
deliver(int fd,
        gboolean is_lmtp,
        const char *from,
        const char *recipient,
        const char *data,
        GError **error)
{
    g_autofree char *mail_from = g_strdup_printf("MAIL FROM:<%s>\r\n", from);
    g_autofree char *rcpt_to = g_strdup_printf("RCPT TO:<%s>\r\n", recipient);

    return say(fd, NULL, '2', error) &&
           say(fd, is_lmtp ? "LHLO kota\r\n" : "EHLO kota.example\r\n", '2', error) &&
           say(fd, mail_from, '2', error) && say(fd, rcpt_to, '2', error) &&
           say(fd, "DATA\r\n", '3', error) && say(fd, data, '2', error) &&
           send_all(fd, "QUIT\r\n", 6);
}

gboolean
mp_town_send(MpTown *town,
             MpTownVia via,
             const char *from,
             const char *recipient,
             const char *mail,
             gssize length,
             GError **error)
{
    gboolean is_lmtp = via == MP_TOWN_VIA_LMTP || via == MP_TOWN_VIA_LMTP_BARE;
    gboolean is_proven = via == MP_TOWN_VIA_MX || via == MP_TOWN_VIA_LMTP;
    const char *at = strrchr(from, '@');
    g_autofree char *head = is_proven && at != NULL
                                ? g_strdup_printf("Authentication-Results: " MP_TOWN_MX
                                                  "; dmarc=pass header.from=%s\r\n",
                                                  at + 1)
                                : g_strdup("");
    g_autofree char *data = wire_form(head, mail, length < 0 ? strlen(mail) : (gsize)length);
    int fd = mp_town_connect(is_lmtp ? town->lmtp_port : town->mx_port);

    if (fd < 0)
        return mp_town_fail(error, "no server for mail to %s", recipient);
    gboolean done = deliver(fd, is_lmtp, from, recipient, data, error);

    close(fd);
    return done;
}

/* Files below one of the queue's directories; Postfix may spread them over sub-directories. */
static guint
count_files(const char *dir)
{
    g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
    const char *name;
    guint n = 0;

    while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);

        n += g_file_test(path, G_FILE_TEST_IS_DIR) ? count_files(path) : 1;
    }
    return n;
}

gboolean
mp_town_settle(MpTown *town, GError **error)
{
    const char *const queues[] = {"incoming", "active", "maildrop", NULL};
    gint64 end = g_get_monotonic_time() + WAIT_LIMIT_US;
    guint quiet = 0;

    /* A mail moves between directories: empty counts only when seen three times running. */
    while (quiet < 3) {
        guint n = 0;

        for (guint i = 0; queues[i] != NULL; i++) {
            g_autofree char *dir = g_build_filename(town->dir, "queue", queues[i], NULL);

            n += count_files(dir);
        }
        quiet = n == 0 ? quiet + 1 : 0;
        if (g_get_monotonic_time() > end)
            return mp_town_fail(error, "%u mails stay in the queue", n);
        g_usleep(POLL_US / 2);
    }
    return TRUE;
}

/* --- reading from disk ------------------------------------------------------------------------ */

char *
mp_town_maildir(const MpTown *town, const char *user, const char *folder)
{
    g_autofree char *name = g_strdup(folder);

    if (g_ascii_strcasecmp(folder, "INBOX") == 0)
        return g_build_filename(town->dir, "mail", user, "Maildir", NULL);
    g_strdelimit(name, "/", '.');
    g_autofree char *dotted = g_strconcat(".", name, NULL);

    return g_build_filename(town->dir, "mail", user, "Maildir", dotted, NULL);
}

typedef struct {
    char *path;
    gint64 seconds;
    guint64 order; /* microseconds of the name */
    char *name;
} MailFile;

static void
mail_file_free(gpointer data)
{
    MailFile *file = data;

    g_free(file->path);
    g_free(file->name);
    g_free(file);
}

static int
by_time(gconstpointer a, gconstpointer b)
{
    const MailFile *x = *(const MailFile *const *)a;
    const MailFile *y = *(const MailFile *const *)b;

    if (x->seconds != y->seconds)
        return x->seconds < y->seconds ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Dovecot names: SECONDS.M<microseconds>P<pid>.host,S=…:2,flags */
static GPtrArray *
mail_files(const MpTown *town, const char *user, const char *folder)
{
    g_autofree char *maildir = mp_town_maildir(town, user, folder);
    const char *const subs[] = {"new", "cur"};
    GPtrArray *files = g_ptr_array_new_with_free_func(mail_file_free);

    for (guint i = 0; i < G_N_ELEMENTS(subs); i++) {
        g_autofree char *dir = g_build_filename(maildir, subs[i], NULL);
        g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
        const char *name;

        while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
            MailFile *file = g_new0(MailFile, 1);
            const char *micro = strstr(name, ".M");

            file->path = g_build_filename(dir, name, NULL);
            file->name = g_strdup(name);
            file->seconds = g_ascii_strtoll(name, NULL, 10);
            file->order = micro ? g_ascii_strtoull(micro + 2, NULL, 10) : 0;
            g_ptr_array_add(files, file);
        }
    }
    g_ptr_array_sort(files, by_time);
    return files;
}

GPtrArray *
mp_town_mails(MpTown *town, const char *user, const char *folder)
{
    g_autoptr(GPtrArray) files = mail_files(town, user, folder);
    GPtrArray *mails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    for (guint i = 0; i < files->len; i++) {
        const MailFile *file = files->pdata[i];
        char *text = NULL;
        gsize length = 0;

        if (g_file_get_contents(file->path, &text, &length, NULL))
            g_ptr_array_add(mails, g_bytes_new_take(text, length));
    }
    return mails;
}

guint
mp_town_count(MpTown *town, const char *user, const char *folder)
{
    g_autoptr(GPtrArray) files = mail_files(town, user, folder);

    return files->len;
}

gboolean
mp_town_wait_count(MpTown *town, const char *user, const char *folder, guint want, GError **error)
{
    gint64 end = g_get_monotonic_time() + WAIT_LIMIT_US;

    while (mp_town_count(town, user, folder) < want) {
        if (g_get_monotonic_time() > end)
            return mp_town_fail(error,
                                "%s of %s holds %u mails, want %u",
                                folder,
                                user,
                                mp_town_count(town, user, folder),
                                want);
        g_usleep(POLL_US);
    }
    return TRUE;
}

char *
mp_town_newest(MpTown *town, const char *user, const char *folder, const char *part)
{
    g_autoptr(GPtrArray) mails = mp_town_mails(town, user, folder);

    for (guint i = mails->len; i > 0; i--) {
        gsize length = 0;
        const char *text = g_bytes_get_data(mails->pdata[i - 1], &length);

        if (part == NULL || g_strstr_len(text, (gssize)length, part) != NULL)
            return g_strndup(text, length);
    }
    return NULL;
}

/* --- reading by IMAP -------------------------------------------------------------------------- */

typedef struct {
    int fd;
    SSL_CTX *ctx;
    SSL *ssl;
} ImapClient;

static void
imap_client_close(ImapClient *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->ctx);
    if (client->fd >= 0)
        close(client->fd);
}

static gboolean
imap_client_open(ImapClient *client, const MpTown *town, GError **error)
{
    client->fd = mp_town_connect(town->imaps_port);
    if (client->fd < 0)
        return mp_town_fail(error, "no IMAP server");
    client->ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_load_verify_locations(client->ctx, town->ca_file, NULL);
    SSL_CTX_set_verify(client->ctx, SSL_VERIFY_PEER, NULL);
    client->ssl = SSL_new(client->ctx);
    SSL_set1_host(client->ssl, MP_TOWN_HOST);
    SSL_set_fd(client->ssl, client->fd);
    if (SSL_connect(client->ssl) != 1)
        return mp_town_fail(error, "no TLS with the IMAP server");
    return TRUE;
}

/* One line; a literal at its end is read too. FALSE when the connection ended. */
static gboolean
imap_read_line(ImapClient *client, GString *line)
{
    char c;

    g_string_truncate(line, 0);
    while (SSL_read(client->ssl, &c, 1) == 1) {
        g_string_append_c(line, c);
        if (c != '\n')
            continue;
        if (line->len < 4 || line->str[line->len - 3] != '}')
            return TRUE;
        gsize open = line->len - 3;

        while (open > 0 && line->str[open] != '{')
            open--;
        gsize left = g_ascii_strtoull(line->str + open + 1, NULL, 10);

        while (left > 0) {
            char chunk[16384];
            int n = SSL_read(client->ssl, chunk, (int)MIN(left, sizeof chunk));

            if (n <= 0)
                return FALSE;
            g_string_append_len(line, chunk, n);
            left -= (gsize)n;
        }
    }
    return FALSE;
}

static gboolean
imap_command(ImapClient *client, guint tag, const char *command, GString *said, GError **error)
{
    g_autofree char *wire = g_strdup_printf("t%u %s\r\n", tag, command);
    g_autofree char *end = g_strdup_printf("t%u ", tag);
    g_autoptr(GString) line = g_string_new(NULL);

    if (SSL_write(client->ssl, wire, (int)strlen(wire)) <= 0)
        return mp_town_fail(error, "IMAP connection lost");
    while (imap_read_line(client, line)) {
        g_string_append_len(said, line->str, (gssize)line->len);
        if (!g_str_has_prefix(line->str, end))
            continue;
        if (g_str_has_prefix(line->str + strlen(end), "OK"))
            return TRUE;
        return mp_town_fail(error, "%s: %s", command, line->str + strlen(end));
    }
    return mp_town_fail(error, "IMAP connection lost after %s", command);
}

static GString *
imap_session(MpTown *town, const char *user, const char *const *commands, GError **error)
{
    ImapClient client = {.fd = -1};
    g_autofree char *login = g_strdup_printf("LOGIN \"%s\" \"%s\"", user, MP_TOWN_PASSWORD);
    g_autoptr(GString) said = g_string_new(NULL);
    g_autoptr(GString) greeting = g_string_new(NULL);
    gboolean done = imap_client_open(&client, town, error);

    if (done && !imap_read_line(&client, greeting))
        done = mp_town_fail(error, "no IMAP greeting");
    done = done && imap_command(&client, 0, login, said, error);
    for (guint i = 0; done && commands[i] != NULL; i++)
        done = imap_command(&client, i + 1, commands[i], said, error);
    imap_client_close(&client);
    return done ? g_steal_pointer(&said) : NULL;
}

char *
mp_town_imap(MpTown *town, const char *user, const char *const *commands, GError **error)
{
    GString *said = imap_session(town, user, commands, error);

    return said != NULL ? g_string_free(said, FALSE) : NULL;
}

GPtrArray *
mp_town_imap_mails(MpTown *town, const char *user, const char *folder, GError **error)
{
    g_autofree char *examine = g_strdup_printf("EXAMINE \"%s\"", folder);
    const char *const commands[] = {examine, "UID FETCH 1:* (UID BODY.PEEK[])", NULL};
    GString *said = imap_session(town, user, commands, error);

    if (said == NULL)
        return NULL;
    GPtrArray *mails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    const char *at = said->str;
    const char *end = said->str + said->len;

    while ((at = g_strstr_len(at, end - at, "BODY[] {")) != NULL) {
        char *after = NULL;
        gsize length = g_ascii_strtoull(at + 8, &after, 10);

        at = after + 3; /* "}\r\n" */
        g_ptr_array_add(mails, g_bytes_new(at, length));
        at += length;
    }
    g_string_free(said, TRUE);
    return mails;
}
