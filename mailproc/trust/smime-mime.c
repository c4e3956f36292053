/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The root of a signed mail cut into what was signed and the signature, on the raw bytes: a MIME
 * library that writes the part anew would change what the signature is about. Whatever two readers
 * could cut in two ways is not cut at all. */

#include "trust/trust-private.h"

enum { MAX_BOUNDARY = 70, MAX_FIELD = 8192 };

typedef struct {
    char *type;     /* "multipart/signed", lower case */
    char *boundary; /* or NULL, likewise below */
    char *protocol;
    char *smime_type;
} ContentType;

static void
content_type_clear(ContentType *type)
{
    g_free(type->type);
    g_free(type->boundary);
    g_free(type->protocol);
    g_free(type->smime_type);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ContentType, content_type_clear)

void
mp_trust_signed_root_clear(MpSignedRoot *root)
{
    g_clear_pointer(&root->cms, g_byte_array_unref);
}

/* --- header fields --------------------------------------------------------------------------- */

/* Length of the line at the start of `span`, its line end included. */
static gsize
line_length(MpSpan span)
{
    const guint8 *end = span.length == 0 ? NULL : memchr(span.at, '\n', span.length);

    return end == NULL ? span.length : (gsize)(end - span.at) + 1;
}

static MpSpan
after(MpSpan span, gsize n)
{
    return (MpSpan){span.at + n, span.length - n};
}

static gboolean
is_blank_line(MpSpan span, gsize line)
{
    return line > 0 && (span.at[0] == '\n' || (line == 2 && span.at[0] == '\r'));
}

/* Header block and body of an entity. */
static void
split_entity(MpSpan entity, MpSpan *head_out, MpSpan *body_out)
{
    MpSpan rest = entity;

    while (rest.length > 0) {
        gsize line = line_length(rest);

        if (is_blank_line(rest, line)) {
            *head_out = (MpSpan){entity.at, (gsize)(rest.at - entity.at)};
            *body_out = after(rest, line);
            return;
        }
        rest = after(rest, line);
    }
    *head_out = entity;
    *body_out = after(entity, entity.length);
}

static gboolean
names_field(MpSpan line, const char *name)
{
    gsize n = strlen(name);

    return line.length > n && g_ascii_strncasecmp((const char *)line.at, name, n) == 0 &&
           (line.at[n] == ':' || line.at[n] == ' ' || line.at[n] == '\t');
}

/* Unfolded value of the field; `*n_out` counts how often it stands there. */
static char *
field_value(MpSpan head, const char *name, guint *n_out)
{
    g_autoptr(GString) value = NULL;
    gboolean is_in = FALSE;

    *n_out = 0;
    while (head.length > 0) {
        gsize line = line_length(head);
        gboolean is_folded = head.at[0] == ' ' || head.at[0] == '\t';

        if (!is_folded) {
            is_in = names_field((MpSpan){head.at, line}, name);
            *n_out += is_in;
            if (is_in && value == NULL)
                value = g_string_new(NULL);
        }
        if (is_in && *n_out == 1)
            g_string_append_len(value, (const char *)head.at, (gssize)MIN(line, MAX_FIELD));
        head = after(head, line);
    }
    if (value == NULL)
        return NULL;
    g_strdelimit(value->str, "\r\n\t", ' ');
    /* A blank before the colon is read as no field by some: names_field counted it, so that a
     * second one is seen, but its value does not hold. */
    if (value->str[strlen(name)] != ':' || strlen(value->str) != value->len)
        return NULL;
    return g_strstrip(g_strdup(value->str + strlen(name) + 1));
}

/* One token or quoted string; moves `*at` behind it. NULL = none. */
static char *
take_value(const char **at)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *p = *at;

    if (*p != '"') {
        gsize n = strcspn(p, " ;\"()<>@,=");

        *at = p + n;
        return n == 0 ? NULL : g_strndup(p, n);
    }
    for (p++; *p != '"'; p++) {
        if (*p == '\\' && p[1] != '\0')
            p++;
        if (*p == '\0')
            return NULL;
        g_string_append_c(text, *p);
    }
    *at = p + 1;
    return g_strdup(text->str);
}

static char **
parameter_place(ContentType *type, const char *name)
{
    if (g_ascii_strcasecmp(name, "boundary") == 0)
        return &type->boundary;
    if (g_ascii_strcasecmp(name, "protocol") == 0)
        return &type->protocol;
    return g_ascii_strcasecmp(name, "smime-type") == 0 ? &type->smime_type : NULL;
}

/* "; name=value" at `*at`. A split or encoded parameter (RFC 2231) is refused, as a doubled one. */
static gboolean
take_parameter(const char **at, ContentType *type)
{
    const char *p = *at + 1;
    g_autofree char *name = NULL;
    g_autofree char *value = NULL;
    char **place;

    p += strspn(p, " ");
    if (*p == '\0') {
        *at = p;
        return TRUE;
    }
    name = g_strndup(p, strcspn(p, " ;=\"()"));
    p += strlen(name);
    p += strspn(p, " ");
    if (*p != '=' || strchr(name, '*') != NULL)
        return FALSE;
    p++;
    p += strspn(p, " ");
    value = take_value(&p);
    if (value == NULL)
        return FALSE;
    place = parameter_place(type, name);
    if (place != NULL && *place != NULL)
        return FALSE;
    if (place != NULL)
        *place = g_steal_pointer(&value);
    *at = p + strspn(p, " ");
    return TRUE;
}

static gboolean
parse_content_type(const char *value, ContentType *type)
{
    gsize n = value == NULL ? 0 : strcspn(value, " ;");
    const char *at;

    if (n == 0)
        return FALSE;
    type->type = g_ascii_strdown(value, (gssize)n);
    at = value + n + strspn(value + n, " ");
    while (*at == ';')
        if (!take_parameter(&at, type))
            return FALSE;
    return *at == '\0';
}

/* --- bodies ---------------------------------------------------------------------------------- */

/* Base64 without a foreign character: two readers skip junk in two ways. */
static GByteArray *
decode_base64(MpSpan body)
{
    g_autofree char *text = g_malloc(body.length + 1);
    gsize n = 0, length = 0;
    guchar *bytes;

    for (gsize i = 0; i < body.length; i++) {
        char c = (char)body.at[i];

        if (strchr("\r\n\t ", c) != NULL && c != '\0')
            continue;
        if (!g_ascii_isalnum(c) && c != '+' && c != '/' && c != '=')
            return NULL;
        text[n++] = c;
    }
    text[n] = '\0';
    if (n == 0 || n % 4 != 0 || strcspn(text, "=") + 2 < n)
        return NULL;
    bytes = g_base64_decode(text, &length);
    return g_byte_array_new_take(bytes, length);
}

static GByteArray *
decode_body(MpSpan head, MpSpan body)
{
    guint n = 0;
    g_autofree char *encoding = field_value(head, "Content-Transfer-Encoding", &n);
    GByteArray *raw;

    if (n > 1 || (n == 1 && encoding == NULL))
        return NULL;
    if (encoding != NULL && g_ascii_strcasecmp(encoding, "base64") == 0)
        return decode_base64(body);
    if (encoding != NULL && g_ascii_strcasecmp(encoding, "binary") != 0)
        return NULL;
    raw = g_byte_array_sized_new((guint)body.length);
    return g_byte_array_append(raw, body.at, (guint)body.length);
}

typedef enum { LINE_OTHER, LINE_NEXT, LINE_LAST, LINE_ODD } LineKind;

static LineKind
boundary_kind(MpSpan span, gsize line, const char *boundary)
{
    gsize n = strlen(boundary);
    const guint8 *rest = span.at + 2 + n;
    gsize left = line < 2 + n ? 0 : line - 2 - n;
    LineKind kind = LINE_NEXT;

    if (line < 2 + n || memcmp(span.at, "--", 2) != 0 || memcmp(span.at + 2, boundary, n) != 0)
        return LINE_OTHER;
    if (left >= 2 && memcmp(rest, "--", 2) == 0) {
        kind = LINE_LAST;
        rest += 2;
        left -= 2;
    }
    for (gsize i = 0; i < left; i++)
        if (rest[i] == '\0' || strchr(" \t\r\n", rest[i]) == NULL)
            return LINE_ODD;
    return kind;
}

static gsize
without_line_end(const guint8 *from, const guint8 *until)
{
    gsize length = (gsize)(until - from);

    if (length > 0 && from[length - 1] == '\n')
        length--;
    if (length > 0 && from[length - 1] == '\r')
        length--;
    return length;
}

static gboolean
is_white(MpSpan span)
{
    for (gsize i = 0; i < span.length; i++)
        if (span.at[i] == '\0' || strchr(" \t\r\n", span.at[i]) == NULL)
            return FALSE;
    return TRUE;
}

/* Exactly two parts between exactly three boundary lines, nothing but white behind them. */
static const char *
cut_parts(MpSpan body, const char *boundary, MpSpan parts[2])
{
    guint n = 0;

    while (body.length > 0) {
        gsize line = line_length(body);
        LineKind kind = boundary_kind(body, line, boundary);

        if (kind == LINE_ODD || (kind == LINE_LAST && n != 2) || (kind == LINE_NEXT && n >= 2))
            return "the signed mail's parts cannot be told apart";
        if (n > 0 && (kind == LINE_NEXT || kind == LINE_LAST))
            parts[n - 1].length = without_line_end(parts[n - 1].at, body.at);
        body = after(body, line);
        if (kind == LINE_LAST)
            return is_white(body) ? NULL : "something stands behind the signed mail's end";
        if (kind == LINE_NEXT)
            parts[n++].at = body.at;
    }
    return "the signed mail has no end";
}

static gboolean
is_one_of(const char *word, const char *a, const char *b)
{
    return word != NULL && (g_ascii_strcasecmp(word, a) == 0 || g_ascii_strcasecmp(word, b) == 0);
}

static const char *
cut_detached(MpSpan body, const ContentType *type, MpSignedRoot *root)
{
    g_auto(ContentType) inner = {0};
    MpSpan parts[2] = {{0}}, head, signature;
    g_autofree char *value = NULL;
    const char *odd;
    guint n = 0;

    if (type->boundary == NULL || type->boundary[0] == '\0' ||
        strlen(type->boundary) > MAX_BOUNDARY)
        return "the signed mail has no usable boundary";
    odd = cut_parts(body, type->boundary, parts);
    if (odd != NULL)
        return odd;
    split_entity(parts[1], &head, &signature);
    value = field_value(head, "Content-Type", &n);
    if (n != 1 || !parse_content_type(value, &inner) ||
        !is_one_of(inner.type, "application/pkcs7-signature", "application/x-pkcs7-signature"))
        return "the second part is no S/MIME signature";
    root->signed_part = parts[0];
    root->cms = decode_body(head, signature);
    return root->cms == NULL ? "the signature's encoding cannot be read" : NULL;
}

gboolean
mp_trust_cut_signed(const guint8 *mail, gsize length, MpSignedRoot *root, const char **reason_out)
{
    g_auto(ContentType) type = {0};
    g_autofree char *value = NULL;
    MpSpan head, body;
    guint n = 0;

    *reason_out = NULL;
    split_entity((MpSpan){mail, length}, &head, &body);
    value = field_value(head, "Content-Type", &n);
    if (n == 0)
        return FALSE;
    if (!parse_content_type(value, &type) || n > 1) {
        /* Only a mail that claims a signature needs a reason why nobody can tell. */
        if (value != NULL && (strstr(value, "signed") != NULL || strstr(value, "pkcs7") != NULL))
            *reason_out = "the mail's Content-Type can be read in more than one way";
        return FALSE;
    }
    if (is_one_of(type.type, "application/pkcs7-mime", "application/x-pkcs7-mime")) {
        if (type.smime_type != NULL && g_ascii_strcasecmp(type.smime_type, "signed-data") != 0) {
            *reason_out = "the mail is encrypted, not signed";
            return FALSE;
        }
        root->is_opaque = TRUE;
        root->cms = decode_body(head, body);
        *reason_out = root->cms == NULL ? "the signature's encoding cannot be read" : NULL;
    } else if (strcmp(type.type, "multipart/signed") == 0 &&
               is_one_of(
                   type.protocol, "application/pkcs7-signature", "application/x-pkcs7-signature")) {
        *reason_out = cut_detached(body, &type, root);
    } else {
        return FALSE;
    }
    return *reason_out == NULL;
}

/* --- the inside of an opaque mail --------------------------------------------------------------
 */

GBytes *
mp_trust_unwrap(const guint8 *mail, gsize length, GBytes *content)
{
    GByteArray *plain = g_byte_array_new();
    gsize inner = 0;
    const guint8 *bytes = g_bytes_get_data(content, &inner);
    gboolean is_kept = TRUE;
    MpSpan head, body;

    split_entity((MpSpan){mail, length}, &head, &body);
    while (head.length > 0) {
        gsize line = line_length(head);

        if (head.at[0] != ' ' && head.at[0] != '\t')
            is_kept = line < 8 || g_ascii_strncasecmp((const char *)head.at, "Content-", 8) != 0;
        if (is_kept)
            g_byte_array_append(plain, head.at, (guint)line);
        head = after(head, line);
    }
    g_byte_array_append(plain, bytes, (guint)inner);
    return g_byte_array_free_to_bytes(plain);
}
