/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SMTP by libcurl. What became of a mail is judged from the dialogue itself, which the debug
 * callback shows: which command was last sent, what answered it, and whether every byte of the
 * mail had been handed over when the line went dead. */
#include "ports/ports-private.h"
#include "ports/tls-private.h"

#include <curl/curl.h>
#include <signal.h>
#include <sys/socket.h>

#define DEFAULT_TIMEOUT_MS 60000
#define REPLY_BYTES 1000
/* A mail's whole dialogue: every command may take its time, and the slowest line 8 KiB/s. */
#define COMMANDS_A_MAIL 12
#define SLOWEST_BYTES_MS 8
#define FAREWELL_MS 4000 /* of the 8 s that the supervisor gives its children */

typedef enum { PHASE_LOGIN, PHASE_MAIL, PHASE_RCPT, PHASE_DATA, PHASE_DOT } Phase;

typedef struct {
    MpSender face; /* first: an MpSender * is an SmtpSender * */
    char *url, *user, *password, *ca_file;
    MpTlsMode tls;
    gint64 timeout_ms;
    CURL *curl; /* NULL = no connection is kept */
    int fd;     /* of its connection, libcurl's own; -1 = none was made */
    char problem[CURL_ERROR_SIZE];
    /* of the transfer that runs */
    Phase phase;
    GString *reply; /* lines that answer the last command */
    int code;       /* of the complete answer, 0 = none yet */
    gboolean is_quitting;
    const char *bytes;
    gsize length, offset;
} SmtpSender;

/* --- what libcurl calls ---------------------------------------------------------------------- */

static size_t
give_bytes(char *buffer, size_t size, size_t n, void *data)
{
    SmtpSender *sender = data;
    gsize some = MIN(size * n, sender->length - sender->offset);

    memcpy(buffer, sender->bytes + sender->offset, some);
    sender->offset += some;
    return some;
}

static size_t
drop_bytes(char *buffer, size_t size, size_t n, void *data)
{
    (void)buffer;
    (void)data;
    return size * n;
}

static void
see_command(SmtpSender *sender, const char *text, gsize length)
{
    static const struct {
        const char *command;
        Phase phase;
    } commands[] = {{"MAIL", PHASE_MAIL}, {"RCPT", PHASE_RCPT}, {"DATA", PHASE_DATA}};

    /* The farewell after a refusal does not change what was refused. */
    if (length >= 4 && g_ascii_strncasecmp(text, "QUIT", 4) == 0)
        sender->is_quitting = TRUE;
    if (sender->is_quitting)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        if (length >= 4 && g_ascii_strncasecmp(text, commands[i].command, 4) == 0)
            sender->phase = commands[i].phase;
    g_string_truncate(sender->reply, 0);
    sender->code = 0;
}

static void
see_reply(SmtpSender *sender, const char *text, gsize length)
{
    gboolean is_line = length >= 4 && g_ascii_isdigit(text[0]) && g_ascii_isdigit(text[1]) &&
                       g_ascii_isdigit(text[2]);

    if (sender->is_quitting || !is_line)
        return;
    if (sender->code != 0) { /* the answer to the final dot, after the 354 */
        g_string_truncate(sender->reply, 0);
        sender->code = 0;
    }
    if (sender->reply->len < REPLY_BYTES)
        g_string_append_len(
            sender->reply, text, (gssize)MIN(length, REPLY_BYTES - sender->reply->len));
    if (text[3] == '-')
        return;
    sender->code = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    if (sender->phase == PHASE_DATA && sender->code == 354)
        sender->phase = PHASE_DOT;
}

/* Sees passwords go by and keeps nothing of what is sent. */
static int
see_dialogue(CURL *curl, curl_infotype type, char *text, size_t length, void *data)
{
    (void)curl;
    if (type == CURLINFO_HEADER_OUT)
        see_command(data, text, length);
    else if (type == CURLINFO_HEADER_IN)
        see_reply(data, text, length);
    return 0;
}

static int
see_socket(void *data, curl_socket_t fd, curlsocktype purpose)
{
    SmtpSender *sender = data;

    (void)purpose;
    sender->fd = fd;
    return CURL_SOCKOPT_OK;
}

/* Asked to end, it may finish what it says: a lost answer is worse than a second more. After that
 * the line is cut, or libcurl would say QUIT and wait for its answer. */
static int
see_progress(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const SmtpSender *sender = data;

    (void)a;
    (void)b;
    (void)c;
    (void)d;
    if (mp_ports_cancelled_ms() <= FAREWELL_MS)
        return 0;
    if (sender->fd >= 0)
        (void)shutdown(sender->fd, SHUT_RDWR);
    return 1;
}

/* --- one transfer ---------------------------------------------------------------------------- */

static void
set_transport(SmtpSender *sender)
{
    CURL *curl = sender->curl;

    curl_easy_setopt(curl, CURLOPT_URL, sender->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, sender->problem);
    curl_easy_setopt(curl,
                     CURLOPT_USE_SSL,
                     sender->tls == MP_TLS_NONE ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
    if (sender->ca_file != NULL) { /* the system's directory would still be believed otherwise */
        curl_easy_setopt(curl, CURLOPT_CAINFO, sender->ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (sender->user != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, sender->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, sender->password);
        curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
        curl_easy_setopt(curl, CURLOPT_SASL_IR, 1L);
    }
}

static void
set_dialogue(SmtpSender *sender)
{
    CURL *curl = sender->curl;

    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)sender->timeout_ms);
    curl_easy_setopt(
        curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)MAX(1, (sender->timeout_ms + 999) / 1000));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(curl, CURLOPT_READDATA, sender);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_bytes);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, see_dialogue);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, sender);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, see_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, sender);
    curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, see_socket);
    curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, sender);
}

static gboolean
open_handle(SmtpSender *sender)
{
    static gsize is_ready = 0;

    if (g_once_init_enter(&is_ready)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&is_ready, 1);
    }
    if (sender->curl != NULL)
        return TRUE;
    sender->curl = curl_easy_init();
    if (sender->curl == NULL)
        return FALSE;
    set_transport(sender);
    set_dialogue(sender);
    return TRUE;
}

/* A connection that is kept says nothing again. */
static void
note_certificates(SmtpSender *sender)
{
    struct curl_certinfo *info = NULL;
    gint64 first = 0;

    if (curl_easy_getinfo(sender->curl, CURLINFO_CERTINFO, &info) != CURLE_OK || info == NULL)
        return;
    for (int i = 0; i < info->num_of_certs; i++)
        for (const struct curl_slist *line = info->certinfo[i]; line != NULL; line = line->next) {
            gint64 end =
                g_str_has_prefix(line->data, "Cert:") ? mp_tls_end_of_pem(line->data + 5) : 0;

            if (end != 0 && (first == 0 || end < first))
                first = end;
        }
    if (first != 0)
        sender->face.tls_expires_utc = first;
}

/* A server that is gone must not end the program. */
static CURLcode
perform(SmtpSender *sender)
{
    struct sigaction quiet = {.sa_handler = SIG_IGN};
    struct sigaction before;
    CURLcode rc;

    sender->phase = PHASE_LOGIN;
    sender->code = 0;
    sender->offset = 0;
    sender->is_quitting = FALSE;
    sender->problem[0] = '\0';
    g_string_truncate(sender->reply, 0);
    curl_easy_setopt(
        sender->curl,
        CURLOPT_TIMEOUT_MS,
        (long)(sender->timeout_ms * COMMANDS_A_MAIL + (gint64)sender->length / SLOWEST_BYTES_MS));
    sigaction(SIGPIPE, &quiet, &before);
    rc = curl_easy_perform(sender->curl);
    sigaction(SIGPIPE, &before, NULL);
    note_certificates(sender);
    return rc;
}

static void
smtp_finish(MpSender *face)
{
    SmtpSender *sender = (SmtpSender *)face;
    struct sigaction quiet = {.sa_handler = SIG_IGN};
    struct sigaction before;

    sender->is_quitting = TRUE;
    sigaction(SIGPIPE, &quiet, &before);
    g_clear_pointer(&sender->curl, curl_easy_cleanup);
    sigaction(SIGPIPE, &before, NULL);
}

/* --- what became of it ------------------------------------------------------------------------ */

/* These speak about the session, not about the mail: login wanted or refused. */
static gboolean
is_about_session(int code)
{
    return code == 530 || code == 534 || code == 535 || code == 538;
}

static MpSendResult
judge(const SmtpSender *sender, CURLcode rc)
{
    int code = sender->code;

    if (rc == CURLE_OK)
        return MP_SEND_ACCEPTED;
    if (sender->phase == PHASE_DOT && (code == 0 || code / 100 == 3 || code / 100 == 1))
        return sender->offset == sender->length ? MP_SEND_UNCERTAIN : MP_SEND_UNREACHABLE;
    if (sender->phase == PHASE_DOT && code / 100 == 2)
        return MP_SEND_ACCEPTED;
    if (code / 100 == 4)
        return MP_SEND_REFUSED_SOON;
    if (code / 100 == 5 && sender->phase != PHASE_LOGIN && !is_about_session(code))
        return MP_SEND_REFUSED;
    return MP_SEND_UNREACHABLE;
}

/* The server's words; libcurl's where it said nothing that explains the end. */
static char *
words(const SmtpSender *sender, CURLcode rc)
{
    g_autofree char *line = mp_text_line(sender->reply->str);
    const char *problem = sender->problem[0] != '\0' ? sender->problem : curl_easy_strerror(rc);

    if (rc == CURLE_OK || sender->code >= 400)
        return g_steal_pointer(&line);
    return line[0] == '\0' ? g_strdup(problem) : g_strdup_printf("%s (after: %s)", problem, line);
}

/* An idle connection that the server had closed meanwhile says nothing about this mail. */
static gboolean
was_stale(const SmtpSender *sender)
{
    long connects = 1;

    if (curl_easy_getinfo(sender->curl, CURLINFO_NUM_CONNECTS, &connects) != CURLE_OK)
        return FALSE;
    return connects == 0 && sender->phase < PHASE_DOT && (sender->code == 0 || sender->code == 421);
}

static MpSendResult
transfer(SmtpSender *sender, char **reply_out)
{
    CURLcode rc = perform(sender);
    MpSendResult result;

    if (rc != CURLE_OK && was_stale(sender)) {
        curl_easy_setopt(sender->curl, CURLOPT_FRESH_CONNECT, 1L);
        rc = perform(sender);
        curl_easy_setopt(sender->curl, CURLOPT_FRESH_CONNECT, 0L);
    }
    result = judge(sender, rc);
    if (reply_out != NULL)
        *reply_out = words(sender, rc);
    return result;
}

static MpSendResult
refuse_here(char **reply_out, const char *why)
{
    if (reply_out != NULL)
        *reply_out = g_strdup(why);
    return MP_SEND_REFUSED;
}

static MpSendResult
smtp_send(MpSender *face,
          const char *envelope_from,
          const char *recipient,
          GBytes *mail,
          char **reply_out)
{
    SmtpSender *sender = (SmtpSender *)face;
    struct curl_slist *recipients;
    MpSendResult result;

    if (envelope_from[0] != '\0' && !mp_smtp_is_path(envelope_from))
        return refuse_here(reply_out, "envelope sender is not plain");
    if (!mp_smtp_is_path(recipient))
        return refuse_here(reply_out, "envelope recipient is not plain");
    sender->bytes = g_bytes_get_data(mail, &sender->length);
    if (!mp_smtp_is_canonical(sender->bytes, sender->length))
        return refuse_here(reply_out, "mail is not canonical: 7-bit lines that end in CRLF");
    if (!open_handle(sender))
        return MP_SEND_UNREACHABLE;
    recipients = curl_slist_append(NULL, recipient);
    curl_easy_setopt(sender->curl, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(sender->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(sender->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)sender->length);
    curl_easy_setopt(
        sender->curl, CURLOPT_MAIL_FROM, envelope_from[0] == '\0' ? "<>" : envelope_from);
    curl_easy_setopt(sender->curl, CURLOPT_MAIL_RCPT, recipients);
    result = transfer(sender, reply_out);
    curl_easy_setopt(sender->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(recipients);
    sender->bytes = NULL;
    return result;
}

/* Logs in anew and says NOOP. */
static gboolean
smtp_check(MpSender *face, GError **error)
{
    SmtpSender *sender = (SmtpSender *)face;
    g_autofree char *said = NULL;
    CURLcode rc;

    smtp_finish(face);
    sender->length = 0;
    if (!open_handle(sender)) {
        g_set_error(error, MP_ERROR, MP_ERROR_UNREACHABLE, "%s: no handle", sender->url);
        return FALSE;
    }
    curl_easy_setopt(sender->curl, CURLOPT_CUSTOMREQUEST, "NOOP");
    rc = perform(sender);
    if (rc == CURLE_OK)
        return TRUE;
    said = words(sender, rc);
    g_set_error(error,
                MP_ERROR,
                rc == CURLE_LOGIN_DENIED || is_about_session(sender->code) ? MP_ERROR_REFUSED
                                                                           : MP_ERROR_UNREACHABLE,
                "%s: %s",
                sender->url,
                said);
    return FALSE;
}

/* --- making ------------------------------------------------------------------------------------
 */

static void
smtp_free(MpSender *face)
{
    SmtpSender *sender = (SmtpSender *)face;

    smtp_finish(face);
    g_string_free(sender->reply, TRUE);
    g_free(sender->url);
    g_free(sender->user);
    g_free(sender->password);
    g_free(sender->ca_file);
    g_free(sender);
}

static const char *
find_problem(const MpSmtpOptions *options)
{
    if (!mp_smtp_is_host(options->host) && !mp_smtp_is_ipv6(options->host))
        return "host is not a plain name or address";
    if (options->helo != NULL && !mp_smtp_is_host(options->helo))
        return "helo is not a plain name";
    if (options->tls == MP_TLS_NONE && !mp_smtp_is_loopback(options->host))
        return "plain smtp is allowed to a loopback address only";
    if ((options->user == NULL) != (options->password == NULL))
        return "user and password belong together";
    if (options->user != NULL &&
        (!mp_text_is_safe(options->user) || !mp_text_is_safe(options->password)))
        return "user or password holds a control character";
    return NULL;
}

static char *
make_url(const MpSmtpOptions *options)
{
    guint16 standard = options->tls == MP_TLS_IMPLICIT ? 465 : 587;
    const char *bracket = mp_smtp_is_ipv6(options->host) ? "[" : "";

    return g_strdup_printf("%s://%s%s%s:%u/%s",
                           options->tls == MP_TLS_IMPLICIT ? "smtps" : "smtp",
                           bracket,
                           options->host,
                           bracket[0] == '\0' ? "" : "]",
                           options->port == 0 ? standard : options->port,
                           options->helo == NULL ? "localhost" : options->helo);
}

MpSender *
mp_sender_new_smtp(const MpSmtpOptions *options, GError **error)
{
    const char *problem;
    SmtpSender *sender;

    g_return_val_if_fail(options != NULL, NULL);
    problem = find_problem(options);
    if (problem != NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "sender: %s", problem);
        return NULL;
    }
    sender = g_new0(SmtpSender, 1);
    sender->face.tls_expires_utc = options->tls == MP_TLS_NONE ? MP_TLS_NEVER : 0;
    sender->face.send = smtp_send;
    sender->face.check = smtp_check;
    sender->face.finish = smtp_finish;
    sender->face.free = smtp_free;
    sender->url = make_url(options);
    sender->user = g_strdup(options->user);
    sender->password = g_strdup(options->password);
    sender->ca_file = g_strdup(options->ca_file);
    sender->tls = options->tls;
    sender->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : DEFAULT_TIMEOUT_MS;
    sender->reply = g_string_new(NULL);
    sender->fd = -1;
    return &sender->face;
}
