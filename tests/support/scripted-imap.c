/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/scripted-imap.h"

#include "support/daemons-private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#define UID_MAX 64
#define CAPABILITY "IMAP4rev1 SASL-IR AUTH=PLAIN NAMESPACE UIDPLUS MOVE IDLE"

struct MpScripted {
    MpScript script;
    char *certs_dir;
    int listen_fd, fd; /* fd: the connection being served, -1 = none */
    guint16 port;
    GThread *thread;
    GMutex lock;
    GString *heard;
    gsize said;
    guint connections;
    guint rule_hits[32];
    gboolean is_gone[UID_MAX + 1], is_copied[UID_MAX + 1];
    SSL *ssl;
    gboolean is_over; /* this connection shall end */
    char *idle_tag;   /* of the IDLE that a DONE will end */
};

/* --- bytes ------------------------------------------------------------------------------------ */

static gboolean
put_bytes(MpScripted *server, const char *bytes, gsize length)
{
    while (length > 0 && !server->is_over) {
        gsize piece = length;

        if (server->script.cut_after != 0 && server->connections == 1)
            piece = MIN(piece, server->script.cut_after - server->said);
        if (piece == 0) {
            server->is_over = TRUE;
            break;
        }
        ssize_t n = server->ssl != NULL ? SSL_write(server->ssl, bytes, (int)MIN(piece, 16384))
                                        : send(server->fd, bytes, piece, MSG_NOSIGNAL);

        if (n <= 0) {
            server->is_over = TRUE;
            break;
        }
        server->said += (gsize)n;
        bytes += n;
        length -= (gsize)n;
    }
    return !server->is_over;
}

static void say(MpScripted *server, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
say(MpScripted *server, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    put_bytes(server, text, strlen(text));
}

/* FALSE when the client went away. */
static gboolean
hear_line(MpScripted *server, GString *line)
{
    char c;

    g_string_truncate(line, 0);
    while ((server->ssl != NULL ? SSL_read(server->ssl, &c, 1) : recv(server->fd, &c, 1, 0)) == 1) {
        g_mutex_lock(&server->lock);
        g_string_append_c(server->heard, c);
        g_mutex_unlock(&server->lock);
        if (c == '\n')
            return TRUE;
        if (c != '\r')
            g_string_append_c(line, c);
    }
    return FALSE;
}

static void
start_tls(MpScripted *server)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    const char *name = mp_cert_name(server->script.cert);
    g_autofree char *pem = g_strdup_printf("%s/%s.pem", server->certs_dir, name);
    g_autofree char *key = g_strdup_printf("%s/%s.key", server->certs_dir, name);

    if (server->script.max_tls != 0) {
        SSL_CTX_set_security_level(ctx, 0);
        SSL_CTX_set_min_proto_version(ctx, 0);
        SSL_CTX_set_max_proto_version(ctx, server->script.max_tls);
    }
    SSL_CTX_use_certificate_file(ctx, pem, SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM);
    server->ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    SSL_set_fd(server->ssl, server->fd);
    if (SSL_accept(server->ssl) != 1)
        server->is_over = TRUE;
}

/* --- rules ------------------------------------------------------------------------------------ */

static const MpSayRule *
rule_for(MpScripted *server, const char *command)
{
    const MpSayRule *rules = server->script.rules;

    for (guint i = 0; rules != NULL && rules[i].on != NULL; i++) {
        gboolean fits =
            *rules[i].on == '\0' ? *command == '\0' : g_str_has_prefix(command, rules[i].on);

        if (!fits)
            continue;
        guint hit = server->rule_hits[i]++;

        if (hit >= rules[i].skip && (rules[i].times == 0 || hit < rules[i].skip + rules[i].times))
            return &rules[i];
    }
    return NULL;
}

static void
hold(MpScripted *server)
{
    g_autoptr(GString) line = g_string_new(NULL);

    while (hear_line(server, line))
        continue;
    server->is_over = TRUE;
}

static void
say_rule(MpScripted *server, const MpSayRule *rule, const char *tag)
{
    g_autoptr(GString) text = g_string_new_len(
        rule->text ? rule->text : "",
        (gssize)(rule->length ? rule->length : strlen(rule->text ? rule->text : "")));

    g_string_replace(text, "$T", tag, 0);
    if (rule->how == MP_SAY_DRIP)
        for (gsize i = 0; put_bytes(server, text->str + i % text->len, 1); i++)
            g_usleep(10000);
    else
        put_bytes(server, text->str, text->len);
    while (rule->how == MP_SAY_FLOOD && put_bytes(server, text->str, text->len))
        continue;
    if (rule->how == MP_SAY_CLOSE)
        server->is_over = TRUE;
    else if (rule->how == MP_SAY_STALL)
        hold(server);
}

/* --- the honest server ------------------------------------------------------------------------ */

char *
mp_scripted_mail(guint uid)
{
    return g_strdup_printf("From: a@a.example\r\nSubject: nomor %u\r\n\r\nisi %u\r\n", uid, uid);
}

/* Which UIDs a set names, as far as they exist. */
static void
read_set(const MpScripted *server, const char *set, gboolean *in)
{
    guint last = 0;

    for (guint uid = 1; uid <= server->script.mails; uid++)
        if (!server->is_gone[uid])
            last = uid;
    for (const char *at = set; *at != '\0' && *at != ' ';) {
        char *end = NULL;
        guint64 first = g_ascii_strtoull(at, &end, 10);
        guint64 to = first;

        if (*end == ':') {
            to = end[1] == '*' ? MAX(last, 1) : g_ascii_strtoull(end + 1, NULL, 10);
            end++;
            end += strspn(end, "0123456789*");
        }
        for (guint64 uid = MIN(first, to); uid <= MIN(MAX(first, to), server->script.mails); uid++)
            in[uid] = uid != 0 && !server->is_gone[uid];
        at = *end == ',' ? end + 1 : end;
        if (*end != ',')
            break;
    }
}

static void
say_fetch(MpScripted *server, const char *tag, const char *rest)
{
    gboolean in[UID_MAX + 1] = {FALSE};
    guint sequence = 0;

    read_set(server, rest, in);
    for (guint uid = 1; uid <= server->script.mails; uid++) {
        g_autofree char *mail = mp_scripted_mail(uid);

        sequence += !server->is_gone[uid];
        if (!in[uid])
            continue;
        say(server, "* %u FETCH (UID %u", sequence, uid);
        if (strstr(rest, "RFC822.SIZE") != NULL)
            say(server,
                " RFC822.SIZE %zu INTERNALDATE \"20-Nov-2026 09:14:00 +0700\"",
                strlen(mail));
        if (strstr(rest, "BODY") != NULL)
            say(server, " BODY[] {%zu}\r\n%s", strlen(mail), mail);
        say(server, ")\r\n");
    }
    say(server, "%s OK fetched\r\n", tag);
}

static void
say_transfer(MpScripted *server, const char *tag, const char *rest, gboolean is_move)
{
    gboolean in[UID_MAX + 1] = {FALSE};
    g_autoptr(GString) set = g_string_new(NULL);

    read_set(server, rest, in);
    g_mutex_lock(&server->lock);
    for (guint uid = 1; uid <= server->script.mails; uid++) {
        if (!in[uid])
            continue;
        g_string_append_printf(set, "%s%u", set->len ? "," : "", uid);
        server->is_copied[uid] = TRUE;
        server->is_gone[uid] |= is_move;
    }
    g_mutex_unlock(&server->lock);
    if (set->len > 0)
        say(server, "%s OK [COPYUID 77 %s %s] done\r\n", tag, set->str, set->str);
    else
        say(server, "%s OK nothing to do\r\n", tag);
}

static void
say_expunge(MpScripted *server, const char *tag, const char *rest)
{
    gboolean in[UID_MAX + 1] = {FALSE};

    read_set(server, rest, in);
    g_mutex_lock(&server->lock);
    for (guint uid = 1; uid <= server->script.mails; uid++)
        server->is_gone[uid] |= in[uid];
    g_mutex_unlock(&server->lock);
    say(server, "%s OK expunged\r\n", tag);
}

static const char *
capability(const MpScripted *server)
{
    if (server->script.capability != NULL)
        return server->script.capability;
    return server->script.tls == MP_SCRIPT_STARTTLS && server->ssl == NULL
               ? "IMAP4rev1 STARTTLS LOGINDISABLED"
               : CAPABILITY;
}

static void
answer(MpScripted *server, const char *tag, const char *command)
{
    if (g_str_has_prefix(command, "CAPABILITY"))
        say(server, "* CAPABILITY %s\r\n%s OK selesai\r\n", capability(server), tag);
    else if (g_str_has_prefix(command, "LIST"))
        say(server, "* LIST (\\Noselect) \"/\" \"\"\r\n%s OK selesai\r\n", tag);
    else if (g_str_has_prefix(command, "NAMESPACE"))
        say(server, "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n%s OK selesai\r\n", tag);
    else if (g_str_has_prefix(command, "SELECT"))
        say(server,
            "* %u EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 99] x\r\n%s OK "
            "[READ-WRITE] selected\r\n",
            server->script.mails,
            tag);
    else if (g_str_has_prefix(command, "UID FETCH "))
        say_fetch(server, tag, command + 10);
    else if (g_str_has_prefix(command, "UID MOVE "))
        say_transfer(server, tag, command + 9, TRUE);
    else if (g_str_has_prefix(command, "UID COPY "))
        say_transfer(server, tag, command + 9, FALSE);
    else if (g_str_has_prefix(command, "UID EXPUNGE "))
        say_expunge(server, tag, command + 12);
    else if (g_str_has_prefix(command, "IDLE"))
        say(server, "+ idling\r\n");
    else
        say(server, "%s OK done\r\n", tag);
    if (g_str_has_prefix(command, "STARTTLS") && server->ssl == NULL)
        start_tls(server);
    if (g_str_has_prefix(command, "LOGOUT"))
        server->is_over = TRUE;
}

/* "Done" without doing it. */
static void
answer_idly(MpScripted *server, const char *tag, const char *command)
{
    gboolean gone[UID_MAX + 1];
    gboolean copied[UID_MAX + 1];

    memcpy(gone, server->is_gone, sizeof gone);
    memcpy(copied, server->is_copied, sizeof copied);
    answer(server, tag, command);
    memcpy(server->is_gone, gone, sizeof gone);
    memcpy(server->is_copied, copied, sizeof copied);
}

static void
serve_command(MpScripted *server, const char *line)
{
    const char *blank = strchr(line, ' ');
    g_autofree char *tag = blank ? g_strndup(line, (gsize)(blank - line)) : g_strdup(line);
    const char *command = blank ? blank + 1 : "";
    const MpSayRule *rule = *command != '\0' ? rule_for(server, command) : NULL;

    if (strcmp(line, "DONE") == 0) {
        say(server, "%s OK selesai\r\n", server->idle_tag);
        return;
    }
    if (g_str_has_prefix(command, "IDLE")) {
        g_free(server->idle_tag);
        server->idle_tag = g_strdup(tag);
    }
    if (rule != NULL && rule->how != MP_SAY_SILENT)
        say_rule(server, rule, tag);
    if (rule != NULL && rule->how == MP_SAY_SILENT)
        answer_idly(server, tag, command);
    else if (rule == NULL || rule->how == MP_SAY_BEFORE)
        answer(server, tag, command);
}

static void
serve(MpScripted *server)
{
    g_autoptr(GString) line = g_string_new(NULL);

    server->is_over = FALSE;
    if (server->script.tls == MP_SCRIPT_TLS)
        start_tls(server);
    const MpSayRule *rule = server->is_over ? NULL : rule_for(server, "");

    if (rule != NULL)
        say_rule(server, rule, "*");
    else if (!server->is_over)
        say(server, "* OK siap\r\n");
    while (!server->is_over && hear_line(server, line))
        serve_command(server, line->str);
    if (server->ssl != NULL && server->script.cut_after == 0)
        SSL_shutdown(server->ssl);
    g_clear_pointer(&server->ssl, SSL_free);
}

/* --- life ------------------------------------------------------------------------------------- */

static gpointer
run(gpointer data)
{
    MpScripted *server = data;

    for (;;) {
        int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);

        int on = 1;

        if (fd < 0)
            return NULL;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        g_mutex_lock(&server->lock);
        server->fd = fd;
        server->connections++;
        g_mutex_unlock(&server->lock);
        serve(server);
        g_mutex_lock(&server->lock);
        server->fd = -1;
        g_mutex_unlock(&server->lock);
        close(fd);
    }
}

MpScripted *
mp_scripted_start(const MpScript *script, const char *certs_dir)
{
    MpScripted *server = g_new0(MpScripted, 1);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    g_assert_cmpuint(script->mails, <=, UID_MAX);
    server->script = *script;
    server->certs_dir = g_strdup(certs_dir);
    server->heard = g_string_new(NULL);
    server->fd = -1;
    g_mutex_init(&server->lock);
    server->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(server->listen_fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(listen(server->listen_fd, 16), ==, 0);
    getsockname(server->listen_fd, (struct sockaddr *)&address, &length);
    server->port = ntohs(address.sin_port);
    server->thread = g_thread_new("scripted-imap", run, server);
    return server;
}

guint16
mp_scripted_port(const MpScripted *server)
{
    return server->port;
}

char *
mp_scripted_heard(MpScripted *server)
{
    g_mutex_lock(&server->lock);
    char *heard = g_strdup(server->heard->str);
    g_mutex_unlock(&server->lock);
    return heard;
}

static gboolean
ask(MpScripted *server, const gboolean *flags, guint uid)
{
    g_mutex_lock(&server->lock);
    gboolean is_set = flags[uid];
    g_mutex_unlock(&server->lock);
    return is_set;
}

gboolean
mp_scripted_is_moved(MpScripted *server, guint uid)
{
    return ask(server, server->is_gone, uid);
}

gboolean
mp_scripted_is_copied(MpScripted *server, guint uid)
{
    return ask(server, server->is_copied, uid);
}

gsize
mp_scripted_said(MpScripted *server)
{
    return server->said;
}

guint
mp_scripted_connections(MpScripted *server)
{
    return server->connections;
}

void
mp_scripted_stop(MpScripted *server)
{
    if (server == NULL)
        return;
    /* Wakes accept and whatever the connection waits for. */
    shutdown(server->listen_fd, SHUT_RDWR);
    g_mutex_lock(&server->lock);
    if (server->fd >= 0)
        shutdown(server->fd, SHUT_RDWR);
    g_mutex_unlock(&server->lock);
    g_thread_join(server->thread);
    close(server->listen_fd);
    g_string_free(server->heard, TRUE);
    g_mutex_clear(&server->lock);
    g_free(server->certs_dir);
    g_free(server->idle_tag);
    g_free(server);
}
