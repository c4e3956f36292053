/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* What must not reach GMime, found in one pass over the bytes: GMime allocates 2.4 KB a part, reads
 * nested multiparts in quadratic time and recurses without a limit on address groups. */

/* Brackets and colons of one address field. Real fields need a handful; GMime's stack dies at some
 * thousands. */
#define MAX_GROUPS 16
#define MAX_COMMENT_DEPTH 16
/* Lines that look like address fields below the top level may be text: only floods count there. */
#define MAX_BODY_MARKS 500
#define MAX_BOUNDARY_LINES 20000

static gboolean
over(GError **error, const char *what, gint64 got, gint64 limit)
{
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_LIMIT,
                "mail: %s %" G_GINT64_FORMAT " is over the limit %" G_GINT64_FORMAT,
                what,
                got,
                limit);
    return FALSE;
}

static gboolean
is_address_name(const char *name)
{
    static const char *const names[] = {
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "resent-to",
        "resent-cc",
        "resent-bcc",
        "resent-from",
        "resent-sender",
        "mail-followup-to",
        "return-path",
        "disposition-notification-to",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_ascii_strcasecmp(name, names[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Deepest comment and number of colons outside quotes, comments and brackets. */
static void
measure(const char *value, guint *depth_out, guint *colons_out, gboolean *open_out)
{
    guint depth = 0;
    gboolean is_quoted = FALSE;
    gboolean is_angle = FALSE;

    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
        } else if (depth > 0 || !is_quoted) {
            if (*at == '(')
                depth++;
            else if (*at == ')' && depth > 0)
                depth--;
            else if (*at == '"' && depth == 0)
                is_quoted = TRUE;
            else if (depth == 0 && (*at == '<' || *at == '>'))
                is_angle = *at == '<';
            else if (*at == ':' && depth == 0 && !is_angle)
                (*colons_out)++;
        } else if (*at == '"') {
            is_quoted = FALSE;
        }
        *depth_out = MAX(*depth_out, depth);
    }
    *open_out = depth > 0;
}

static gint64
count_byte(const char *text, char byte)
{
    gint64 n = 0;

    for (const char *at = text; (at = strchr(at, byte)) != NULL; at++)
        n++;
    return n;
}

static gboolean
check_address_field(const MpHeader *header,
                    gint64 *addresses,
                    const MpLimits *limits,
                    GError **error)
{
    g_autoptr(GPtrArray) list = NULL;
    guint depth = 0;
    guint colons = 0;
    gboolean is_open = FALSE;

    measure(header->value, &depth, &colons, &is_open);
    if (colons > MAX_GROUPS)
        return over(error, "groups in an address field", colons, MAX_GROUPS);
    if (depth > MAX_COMMENT_DEPTH)
        return over(error, "nesting of comments in an address field", depth, MAX_COMMENT_DEPTH);
    if (is_open) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_INPUT,
                    "mail: comment in the %s field is not closed",
                    header->name);
        return FALSE;
    }
    list = g_ptr_array_new_with_free_func((GDestroyNotify)mp_address_free);
    mp_address_list(header->value, list);
    *addresses += list->len;
    if (*addresses > limits->addresses)
        return over(error, "number of addresses", *addresses, limits->addresses);
    return TRUE;
}

static gboolean
check_fields(const GPtrArray *headers, const MpLimits *limits, GError **error)
{
    gint64 addresses = 0;

    if (headers->len > limits->header_count)
        return over(error, "number of header fields", headers->len, limits->header_count);
    for (guint i = 0; i < headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(headers, i);
        gint64 bytes = (gint64)(strlen(header->name) + strlen(header->value));

        if (bytes > limits->field_bytes)
            return over(error, "bytes of a header field", bytes, limits->field_bytes);
        if (g_ascii_strncasecmp(header->name, "content-", 8) == 0 &&
            count_byte(header->value, ';') > limits->parameters)
            return over(error,
                        "parameters of a MIME field",
                        count_byte(header->value, ';'),
                        limits->parameters);
        if (is_address_name(header->name) &&
            !check_address_field(header, &addresses, limits, error))
            return FALSE;
    }
    return TRUE;
}

/* --- below the header block ------------------------------------------------------------------- */

typedef struct {
    gint64 boundaries; /* lines that begin with -- */
    gint64 containers; /* Content-Type lines of multiparts and attached mails */
    gint64 parameters; /* ';' of the current MIME field */
    gint64 marks;      /* ':' and '(' of the current address-like field */
    gint64 field_bytes;
    gboolean in_content;
    gboolean in_address;
} BodyScan;

static gint64
count_in(const guint8 *line, gsize length, guint8 a, guint8 b)
{
    gint64 n = 0;

    for (gsize i = 0; i < length; i++)
        n += line[i] == a || line[i] == b;
    return n;
}

static gboolean
starts(const guint8 *line, gsize length, const char *word)
{
    gsize n = strlen(word);

    return length >= n && g_ascii_strncasecmp((const char *)line, word, n) == 0;
}

static gboolean
looks_like_address_field(const guint8 *line, gsize length)
{
    const guint8 *colon = memchr(line, ':', MIN(length, 32));
    char name[33];

    if (colon == NULL)
        return FALSE;
    memcpy(name, line, (gsize)(colon - line));
    name[colon - line] = '\0';
    return is_address_name(g_strchomp(name));
}

static void
begin_field(BodyScan *scan, const guint8 *line, gsize length)
{
    scan->in_content = FALSE;
    scan->in_address = FALSE;
    scan->parameters = 0;
    scan->marks = 0;
    scan->field_bytes = 0;
    /* Few lines begin like this; all others cost one look at their first byte. */
    if (strchr("cCfFsSrRtTbBmMdD", line[0]) == NULL || line[0] == '\0')
        return;
    scan->in_content = starts(line, length, "content-");
    scan->in_address = !scan->in_content && looks_like_address_field(line, length);
    if (starts(line, length, "content-type:")) {
        const guint8 *value = line + 13;
        gsize left = length - 13;

        while (left > 0 && (*value == ' ' || *value == '\t')) {
            value++;
            left--;
        }
        scan->containers += starts(value, left, "multipart/") || starts(value, left, "message/");
    }
}

static gboolean
check_body_line(
    BodyScan *scan, const guint8 *line, gsize length, const MpLimits *limits, GError **error)
{
    if (line[0] == '-' && length > 1 && line[1] == '-' && ++scan->boundaries > MAX_BOUNDARY_LINES)
        return over(error, "number of boundary lines", scan->boundaries, MAX_BOUNDARY_LINES);
    if (line[0] != ' ' && line[0] != '\t')
        begin_field(scan, line, length);
    if (!scan->in_content && !scan->in_address)
        return TRUE;
    scan->field_bytes += (gint64)length;
    if (scan->in_content) {
        scan->parameters += count_in(line, length, ';', ';');
        if (scan->parameters > limits->parameters)
            return over(error, "parameters of a MIME field", scan->parameters, limits->parameters);
        if (scan->field_bytes > limits->field_bytes)
            return over(error, "bytes of a MIME field", scan->field_bytes, limits->field_bytes);
    } else {
        scan->marks += count_in(line, length, ':', '(');
        if (scan->marks > MAX_BODY_MARKS)
            return over(error, "marks of an address field", scan->marks, MAX_BODY_MARKS);
    }
    if (scan->containers > limits->parts)
        return over(error, "number of MIME containers", scan->containers, limits->parts);
    return TRUE;
}

static gboolean
check_body(const guint8 *bytes, gsize length, const MpLimits *limits, GError **error)
{
    BodyScan scan = {0};
    gsize at = 0;

    while (at < length) {
        const guint8 *end = memchr(bytes + at, '\n', length - at);
        gsize line = end != NULL ? (gsize)(end - bytes) + 1 - at : length - at;

        if (!check_body_line(&scan, bytes + at, line, limits, error))
            return FALSE;
        at += line;
    }
    return TRUE;
}

gboolean
mp_message_check_limits(const guint8 *bytes, gsize length, const MpLimits *limits, GError **error)
{
    g_autoptr(GPtrArray) headers = NULL;
    gsize body = 0;
    gsize block;

    if ((gint64)length > limits->message_bytes)
        return over(error, "bytes", (gint64)length, limits->message_bytes);
    block = mp_header_block(bytes, length, &body);
    if ((gint64)block > limits->header_bytes)
        return over(error, "bytes of the header block", (gint64)block, limits->header_bytes);
    headers = mp_header_list(bytes, block, NULL);
    if (!check_fields(headers, limits, error))
        return FALSE;
    return check_body(bytes + body, length - body, limits, error);
}
