/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* Address fields, read by hand: GMime decodes encoded words inside addresses and follows nested
 * groups without a limit. Here an address is what stood in the field, or nothing. */

typedef struct {
    const char *at;
    GString *phrase;  /* display name or a bare address */
    GString *comment; /* last comment */
    GString *angle;   /* what stood between < and > */
    gboolean has_angle;
    gboolean is_quoted;     /* a quoted string took part in the phrase */
    gboolean after_comment; /* a comment stood after some of the phrase */
    gboolean is_split;      /* and the phrase went on after it */
    MpAddressFlags flags;
    GPtrArray *out;
} Scan;

static void
take_quoted(Scan *scan)
{
    scan->is_quoted = TRUE;
    for (scan->at++; *scan->at != '\0' && *scan->at != '"'; scan->at++) {
        if (*scan->at == '\\' && scan->at[1] != '\0')
            scan->at++;
        g_string_append_c(scan->phrase, *scan->at);
    }
    if (*scan->at == '\0')
        scan->flags |= MP_ADDRESS_BROKEN;
    else
        scan->at++;
}

static void
take_comment(Scan *scan)
{
    guint depth = 0;

    g_string_truncate(scan->comment, 0);
    scan->after_comment = scan->phrase->len > 0;
    for (; *scan->at != '\0'; scan->at++) {
        if (*scan->at == '\\' && scan->at[1] != '\0')
            scan->at++;
        else if (*scan->at == '(' && ++depth == 1)
            continue;
        else if (*scan->at == ')' && --depth == 0)
            break;
        g_string_append_c(scan->comment, *scan->at);
    }
    if (*scan->at == '\0')
        scan->flags |= MP_ADDRESS_BROKEN;
    else
        scan->at++;
}

static void
take_angle(Scan *scan)
{
    if (scan->has_angle)
        scan->flags |= MP_ADDRESS_BROKEN;
    scan->has_angle = TRUE;
    g_string_truncate(scan->angle, 0);
    for (scan->at++; *scan->at != '\0' && *scan->at != '>'; scan->at++)
        g_string_append_c(scan->angle, *scan->at);
    if (*scan->at == '\0')
        scan->flags |= MP_ADDRESS_BROKEN;
    else
        scan->at++;
}

static void
flush(Scan *scan)
{
    const char *bare = scan->has_angle ? scan->angle->str : scan->phrase->str;
    g_autofree char *address = g_strstrip(g_strdup(bare));
    const char *label = scan->has_angle ? scan->phrase->str : scan->comment->str;
    g_autofree char *name = NULL;

    if (*address != '\0' || scan->has_angle || *label != '\0') {
        /* "=?" would be an encoded word to a sloppy reader: never an address here. */
        gboolean is_plain = mp_text_is_plain_address(address) && strstr(address, "=?") == NULL &&
                            (scan->has_angle || (!scan->is_quoted && !scan->is_split));

        if (!is_plain)
            scan->flags |= MP_ADDRESS_STRANGE;
        if (*label == '\0' && !is_plain)
            label = address;
        name = mp_header_decode(label);
        g_ptr_array_add(
            scan->out,
            mp_address_new(name != NULL && *name != '\0' ? name : NULL, is_plain ? address : NULL));
    }
    g_string_truncate(scan->phrase, 0);
    g_string_truncate(scan->comment, 0);
    g_string_truncate(scan->angle, 0);
    scan->has_angle = FALSE;
    scan->is_quoted = FALSE;
    scan->after_comment = FALSE;
    scan->is_split = FALSE;
}

static void
take_one(Scan *scan)
{
    switch (*scan->at) {
    case '"':
        take_quoted(scan);
        break;
    case '(':
        take_comment(scan);
        break;
    case '<':
        take_angle(scan);
        break;
    case ':':
        scan->flags |= MP_ADDRESS_GROUP;
        g_string_truncate(scan->phrase, 0);
        scan->at++;
        break;
    case ';':
        scan->flags |= MP_ADDRESS_GROUP;
        flush(scan);
        scan->at++;
        break;
    case ',':
        flush(scan);
        scan->at++;
        break;
    case ')':
    case '>':
        scan->flags |= MP_ADDRESS_BROKEN;
        scan->at++;
        break;
    default:
        scan->is_split |= scan->after_comment && !g_ascii_isspace(*scan->at);
        g_string_append_c(scan->phrase, *scan->at);
        scan->at++;
        break;
    }
}

MpAddressFlags
mp_address_list(const char *value, GPtrArray *addresses)
{
    g_autoptr(GString) phrase = g_string_new(NULL);
    g_autoptr(GString) comment = g_string_new(NULL);
    g_autoptr(GString) angle = g_string_new(NULL);
    Scan scan = {
        .at = value, .phrase = phrase, .comment = comment, .angle = angle, .out = addresses};

    while (*scan.at != '\0')
        take_one(&scan);
    flush(&scan);
    return scan.flags;
}
