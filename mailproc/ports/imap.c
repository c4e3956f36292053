/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The IMAP mailbox: making it, the session (connect, STARTTLS, login, select) and what each command
 * has in common. */

#include "ports/imap-private.h"

#include <arpa/inet.h>
#include <libetpan/mailstream_helper.h>

#define TIMEOUT_MS 60000
#define COMMAND_MS 300000
#define BATCH_COUNT 100
#define BATCH_BYTES (16 * 1024 * 1024)
#define SLOWEST_BYTES_S (16 * 1024) /* a line slower than this is taken for a stall */
#define SLACK_BYTES (4 * 1024 * 1024)
#define BYE_MS 2000

static gboolean
refuse(GError **error, MpErrorCode code, const char *name, const char *text)
{
    g_set_error(error, MP_ERROR, (gint)code, "%s: %s", name, text);
    return FALSE;
}

/* --- one command ------------------------------------------------------------------------------ */

void
mp_imap_expect(MpImap *self, gsize bytes)
{
    gint64 extra_ms = (gint64)(bytes / SLOWEST_BYTES_S) * 1000;

    /* Twice: some servers count line ends as one byte in RFC822.SIZE and send two. */
    mp_stream_expect(self->stream, self->options.command_ms + extra_ms, 2 * bytes + SLACK_BYTES);
}

void
mp_imap_drop(MpImap *self)
{
    if (self->imap != NULL) {
        /* mailimap_free would say LOGOUT to a stream that is still set, and wait for an answer. */
        if (self->imap->imap_stream != NULL)
            mailstream_close(self->imap->imap_stream);
        self->imap->imap_stream = NULL;
        mailimap_free(self->imap);
    }
    self->imap = NULL;
    g_clear_pointer(&self->stream, mp_stream_free);
}

static gboolean
is_tagged_no(int rc)
{
    const int answers[] = {
        MAILIMAP_ERROR_APPEND,
        MAILIMAP_ERROR_NOOP,
        MAILIMAP_ERROR_CREATE,
        MAILIMAP_ERROR_SELECT,
        MAILIMAP_ERROR_LOGIN,
        MAILIMAP_ERROR_UID_FETCH,
        MAILIMAP_ERROR_UID_COPY,
        MAILIMAP_ERROR_UID_MOVE,
        MAILIMAP_ERROR_UID_STORE,
        MAILIMAP_ERROR_LIST,
        MAILIMAP_ERROR_EXPUNGE,
        MAILIMAP_ERROR_STARTTLS,
        MAILIMAP_ERROR_SUBSCRIBE,
        MAILIMAP_ERROR_CAPABILITY,
        MAILIMAP_ERROR_CUSTOM_COMMAND,
        MAILIMAP_ERROR_EXTENSION,
    };

    for (guint i = 0; i < G_N_ELEMENTS(answers); i++)
        if (rc == answers[i])
            return TRUE;
    return FALSE;
}

/* Response codes of RFC 5530 that time may cure. */
static gboolean
is_passing(const mailimap *imap)
{
    const char *const codes[] = {"UNAVAILABLE", "INUSE", "LIMIT", "EXPUNGEISSUED", NULL};
    const char *code = imap->imap_response_info ? imap->imap_response_info->rsp_atom : NULL;

    for (guint i = 0; code != NULL && codes[i] != NULL; i++)
        if (g_ascii_strcasecmp(code, codes[i]) == 0)
            return TRUE;
    return FALSE;
}

/* The server's words of a tagged answer, fit for one line; never with our password in them. */
static char *
server_words(const MpImap *self)
{
    const char *text = self->imap->imap_response ? self->imap->imap_response : "";

    if (strlen(self->options.password) > 0 && strstr(text, self->options.password) != NULL)
        return g_strdup("(words withheld)");
    g_autofree char *clean = mp_text_clean(text, (gssize)MIN(strlen(text), 200));

    return mp_text_line(clean);
}

gboolean
mp_imap_check(MpImap *self, int rc, const char *what, GError **error)
{
    if (rc == MAILIMAP_NO_ERROR || rc == MAILIMAP_NO_ERROR_AUTHENTICATED ||
        rc == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
        return TRUE;
    g_autofree char *words = server_words(self);

    if (is_tagged_no(rc) && mp_stream_problem(self->stream) == NULL) {
        g_set_error(error,
                    MP_ERROR,
                    is_passing(self->imap) ? MP_ERROR_REFUSED_SOON : MP_ERROR_REFUSED,
                    "%s: %s: server says '%s'",
                    self->name,
                    what,
                    words);
        return FALSE;
    }
    g_autofree char *bye = mp_stream_bye(self->stream);
    const char *problem = bye != NULL ? bye : mp_stream_problem(self->stream);

    if (problem == NULL)
        problem = rc == MAILIMAP_ERROR_PROTOCOL ? words : "server's answer cannot be read";
    g_set_error(error, MP_ERROR, MP_ERROR_UNREACHABLE, "%s: %s: %s", self->name, what, problem);
    mp_imap_drop(self);
    return FALSE;
}

/* --- session ---------------------------------------------------------------------------------- */

static gboolean
ask_capability(MpImap *self, GError **error)
{
    struct mailimap_connection_info *info = self->imap->imap_connection_info;
    struct mailimap_capability_data *told = NULL;

    /* What was said before TLS or login proves nothing. Empty, not NULL: mailimap_capability reads
     * through the pointer even when the server answers OK without telling anything. */
    if (info->imap_capability != NULL)
        mailimap_capability_data_free(info->imap_capability);
    info->imap_capability = mailimap_capability_data_new(clist_new());
    mp_imap_expect(self, 0);
    if (!mp_imap_check(self, mailimap_capability(self->imap, &told), "capability", error))
        return FALSE;
    gboolean is_empty = clist_isempty(told->cap_list);

    mailimap_capability_data_free(told);
    if (!is_empty)
        return TRUE;
    mp_imap_drop(self);
    return refuse(error, MP_ERROR_UNREACHABLE, self->name, "server tells no capabilities");
}

static gboolean
start_tls(MpImap *self, GError **error)
{
    if (!ask_capability(self, error))
        return FALSE;
    if (!mailimap_has_extension(self->imap, "STARTTLS"))
        return refuse(error, MP_ERROR_REFUSED, self->name, "server offers no STARTTLS");
    mp_imap_expect(self, 0);
    if (!mp_imap_check(self, mailimap_starttls(self->imap), "STARTTLS", error))
        return FALSE;
    /* Bytes that came along with the OK were sent in the clear by whoever sits between. */
    if (self->imap->imap_stream->read_buffer_len > 0)
        return refuse(error, MP_ERROR_REFUSED, self->name, "bytes injected before TLS");
    return mp_stream_start_tls(self->stream, self->options.host, self->options.ca_file, error);
}

static gboolean
greet(MpImap *self, GError **error)
{
    mailstream *stream = mp_stream_wrap(self->stream);

    self->imap = mailimap_new(0, NULL);
    mp_imap_expect(self, 0);
    int rc = mailimap_connect(self->imap, stream);

    if (!mp_imap_check(self, rc, "greeting", error))
        return FALSE;
    /* PREAUTH before TLS is the stripping of STARTTLS; else it is somebody's mailbox, not ours. */
    if (rc == MAILIMAP_NO_ERROR_AUTHENTICATED)
        return refuse(error, MP_ERROR_REFUSED, self->name, "server greets with PREAUTH");
    return TRUE;
}

/* LOGIN knows ASCII only, and some servers switch it off; then AUTHENTICATE PLAIN with the initial
 * response (RFC 4616, 4959). Written by hand: libetpan's own way needs a plugin of libsasl2, and
 * its custom command puts a blank before the line end. */
static int
log_in_plain(MpImap *self)
{
    g_autoptr(GByteArray) plain = g_byte_array_new();
    const char *user = self->options.user;
    const char *password = self->options.password;
    mailstream *stream = self->imap->imap_stream;
    MMAPString *line = mmap_string_new("");
    int rc = MAILIMAP_ERROR_STREAM;

    g_byte_array_append(plain, (const guint8 *)"", 1);
    g_byte_array_append(plain, (const guint8 *)user, (guint)strlen(user) + 1);
    g_byte_array_append(plain, (const guint8 *)password, (guint)strlen(password));
    g_autofree char *base64 = g_base64_encode(plain->data, plain->len);
    g_autofree char *command = g_strconcat("plain AUTHENTICATE PLAIN ", base64, "\r\n", NULL);

    memset(base64, 0, strlen(base64));
    if (mailstream_write(stream, command, strlen(command)) >= 0 && mailstream_flush(stream) >= 0)
        while (rc == MAILIMAP_ERROR_STREAM && mailstream_read_line(stream, line) != NULL)
            rc = g_ascii_strncasecmp(line->str, "plain OK", 8) == 0 ? MAILIMAP_NO_ERROR
                 : g_ascii_strncasecmp(line->str, "plain ", 6) == 0 ? MAILIMAP_ERROR_LOGIN
                 : g_ascii_strncasecmp(line->str, "* ", 2) == 0     ? MAILIMAP_ERROR_STREAM
                                                                    : MAILIMAP_ERROR_PARSE;
    memset(command, 0, strlen(command));
    mmap_string_free(line);
    if (rc == MAILIMAP_NO_ERROR)
        self->imap->imap_state = MAILIMAP_STATE_AUTHENTICATED;
    return rc;
}

static gboolean
log_in(MpImap *self, GError **error)
{
    gboolean is_ascii =
        g_str_is_ascii(self->options.user) && g_str_is_ascii(self->options.password);
    gboolean has_login = !mailimap_has_extension(self->imap, "LOGINDISABLED");
    gboolean has_plain = mailimap_has_authentication(self->imap, "PLAIN") &&
                         mailimap_has_extension(self->imap, "SASL-IR");
    int rc;

    mp_imap_expect(self, 0);
    if (has_login && is_ascii)
        rc = mailimap_login(self->imap, self->options.user, self->options.password);
    else if (has_plain)
        rc = log_in_plain(self);
    else
        return refuse(error, MP_ERROR_REFUSED, self->name, "server offers no login that fits");
    return mp_imap_check(self, rc, "login", error) && ask_capability(self, error);
}

static gboolean
select_folder(MpImap *self, GError **error)
{
    g_autofree char *folder = mp_imap_wire_name(self, self->options.folder, error);

    if (folder == NULL)
        return FALSE;
    mp_imap_expect(self, 0);
    if (!mp_imap_check(self, mailimap_select(self->imap, folder), self->options.folder, error))
        return FALSE;
    guint32 validity = self->imap->imap_selection_info->sel_uidvalidity;

    if (validity == 0)
        return refuse(error, MP_ERROR_REFUSED, self->name, "server tells no UIDVALIDITY");
    if (self->validity != 0 && self->validity != validity)
        return refuse(error, MP_ERROR_UNREACHABLE, self->name, "folder was rebuilt by the server");
    self->next_uid = self->imap->imap_selection_info->sel_uidnext;
    return TRUE;
}

static gboolean
connect_session(MpImap *self, GError **error)
{
    const MpImapOptions *options = &self->options;

    self->stream = mp_stream_open(options->host,
                                  options->port,
                                  options->timeout_ms,
                                  options->tls == MP_TLS_NONE,
                                  options->max_bytes,
                                  error);
    if (self->stream == NULL)
        return FALSE;
    if (options->tls == MP_TLS_IMPLICIT &&
        !mp_stream_start_tls(self->stream, options->host, options->ca_file, error))
        return FALSE;
    if (!greet(self, error) || (options->tls == MP_TLS_STARTTLS && !start_tls(self, error)))
        return FALSE;
    if (self->stream->tls_expires_utc != 0)
        self->face.tls_expires_utc = self->stream->tls_expires_utc;
    return ask_capability(self, error) && log_in(self, error) && select_folder(self, error);
}

gboolean
mp_imap_ensure(MpImap *self, GError **error)
{
    if (self->imap != NULL)
        return TRUE;
    if (connect_session(self, error))
        return TRUE;
    mp_imap_drop(self);
    return FALSE;
}

/* --- the mailbox ------------------------------------------------------------------------------ */

static void
close_session(MpMailbox *mailbox)
{
    MpImap *self = (MpImap *)mailbox;

    if (self->imap != NULL) {
        mp_stream_expect(self->stream, BYE_MS, SLACK_BYTES);
        mailimap_logout(self->imap); /* closes the stream, whatever is answered */
    }
    mp_imap_drop(self);
}

static void
free_mailbox(MpMailbox *mailbox)
{
    MpImap *self = (MpImap *)mailbox;

    close_session(mailbox);
    g_free(self->name);
    g_free(self->prefix);
    g_free(self->options.host);
    g_free(self->options.folder);
    g_free(self->options.user);
    if (self->options.password != NULL)
        memset(self->options.password, 0, strlen(self->options.password));
    g_free(self->options.password);
    g_free(self->options.ca_file);
    g_free(self);
}

static gboolean
is_loopback_name(const char *host)
{
    struct in_addr v4;

    if (g_ascii_strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
        return TRUE;
    return inet_pton(AF_INET, host, &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127;
}

static gboolean
is_word(const char *text)
{
    return text != NULL && *text != '\0' && mp_text_is_safe(text) &&
           g_utf8_validate(text, -1, NULL);
}

static gboolean
check_options(const MpImapOptions *options, GError **error)
{
    if (!is_word(options->host) || strpbrk(options->host, " \"\\/@") != NULL)
        return refuse(error, MP_ERROR_CONFIG, "mailbox", "host name is missing or unsafe");
    if (!is_word(options->user))
        return refuse(error, MP_ERROR_CONFIG, "mailbox", "user is missing or unsafe");
    if (!is_word(options->password))
        return refuse(error, MP_ERROR_CONFIG, "mailbox", "password is missing or unsafe");
    if (options->tls == MP_TLS_NONE && !is_loopback_name(options->host))
        return refuse(
            error,
            MP_ERROR_CONFIG,
            options->host,
            "a mailbox without TLS may only be on this machine (use starttls = required)");
    return mp_folder_check(options->folder, error);
}

static char *
make_name(const MpImapOptions *options)
{
    const char *scheme = options->tls == MP_TLS_IMPLICIT ? "imaps" : "imap";
    guint16 usual = options->tls == MP_TLS_IMPLICIT ? 993 : 143;

    if (options->port == usual)
        return g_strdup_printf("%s://%s/%s", scheme, options->host, options->folder);
    return g_strdup_printf("%s://%s:%u/%s", scheme, options->host, options->port, options->folder);
}

MpMailbox *
mp_mailbox_new_imap(const MpImapOptions *options, GError **error)
{
    if (!check_options(options, error))
        return NULL;
    MpImap *self = g_new0(MpImap, 1);

    self->options = *options;
    self->options.host = g_strdup(options->host);
    self->options.folder = g_strdup(options->folder);
    self->options.user = g_strdup(options->user);
    self->options.password = g_strdup(options->password);
    self->options.ca_file = g_strdup(options->ca_file);
    if (self->options.port == 0)
        self->options.port = options->tls == MP_TLS_IMPLICIT ? 993 : 143;
    if (self->options.timeout_ms <= 0)
        self->options.timeout_ms = TIMEOUT_MS;
    if (self->options.command_ms <= 0)
        self->options.command_ms = COMMAND_MS;
    if (self->options.batch_count == 0)
        self->options.batch_count = BATCH_COUNT;
    if (self->options.batch_bytes == 0)
        self->options.batch_bytes = BATCH_BYTES;
    if (self->options.max_bytes == 0)
        self->options.max_bytes = (gsize)mp_limits_default().message_bytes;
    self->name = make_name(&self->options);
    self->face = (MpMailbox){
        .name = self->name,
        .tls_expires_utc = options->tls == MP_TLS_NONE ? MP_TLS_NEVER : 0,
        .list = mp_imap_list,
        .fetch = mp_imap_fetch,
        .move = mp_imap_move,
        .append = mp_imap_append,
        .wait = mp_imap_wait,
        .close = close_session,
        .free = free_mailbox,
    };
    return &self->face;
}
