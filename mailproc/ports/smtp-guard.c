/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may go on the wire of SMTP: libcurl passes CR, LF and bare line ends on as they are, so
 * addresses and mail are looked at before it gets them. */

#include "ports/ports-private.h"

#define LINE_BYTES 998

gboolean
mp_smtp_is_path(const char *address)
{
    return mp_text_is_plain_address(address) && strpbrk(address, "<>\"\\() ,;:[]") == NULL;
}

gboolean
mp_smtp_is_canonical(const char *bytes, gsize length)
{
    gsize line = 0;

    if (length < 2 || bytes[length - 2] != '\r' || bytes[length - 1] != '\n')
        return FALSE;
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)bytes[i];

        if (c == '\r' && i + 1 < length && bytes[i + 1] == '\n') {
            i++;
            line = 0;
        } else if (c == 0 || c == '\r' || c == '\n' || c >= 0x80 || ++line > LINE_BYTES) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
mp_smtp_is_host(const char *host)
{
    if (host == NULL || host[0] == '\0' || host[0] == '-' || strlen(host) > 253)
        return FALSE;
    for (const char *p = host; *p != '\0'; p++)
        if (!g_ascii_isalnum(*p) && strchr(".-_", *p) == NULL)
            return FALSE;
    return TRUE;
}

gboolean
mp_smtp_is_ipv6(const char *host)
{
    return host != NULL && strchr(host, ':') != NULL && g_hostname_is_ip_address(host) &&
           strchr(host, '%') == NULL;
}

gboolean
mp_smtp_is_loopback(const char *host)
{
    return g_ascii_strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (g_str_has_prefix(host, "127.") && g_hostname_is_ip_address(host));
}
