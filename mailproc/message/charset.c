/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* Names that mail uses for something else than what ICU opens under them. */
static const struct {
    const char *declared;
    const char *meant;
} aliases[] = {
    {"us-ascii", "utf-8"},
    {"ascii", "utf-8"},
    {"ansi_x3.4-1968", "utf-8"},
    {"utf8", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"x-ansi", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "windows-874"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"ks_c_5601-1987", "windows-949"},
    {"euc-kr", "windows-949"},
    {"shift_jis", "windows-31j"},
    {"x-sjis", "windows-31j"},
};

static const char *
meant_charset(const char *declared)
{
    for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++) {
        if (g_ascii_strcasecmp(declared, aliases[i].declared) == 0)
            return aliases[i].meant;
    }
    return declared;
}

/* NULL when ICU has no such charset. `*bad_out` counts the characters that were not in it. */
static char *
convert(const guint8 *bytes, gsize length, const char *charset, gsize *bad_out)
{
    UErrorCode status = U_ZERO_ERROR;
    g_autoptr(MpConverter) converter = ucnv_open(charset, &status);
    g_autofree UChar *wide = NULL;
    g_autofree char *utf8 = NULL;
    int32_t n;

    if (U_FAILURE(status) || converter == NULL || length > G_MAXINT32 / 4)
        return NULL;
    wide = g_new(UChar, length * 2 + 2);
    n = ucnv_toUChars(
        converter, wide, (int32_t)(length * 2 + 2), (const char *)bytes, (int32_t)length, &status);
    if (U_FAILURE(status))
        return NULL;
    *bad_out = 0;
    for (int32_t i = 0; i < n; i++)
        *bad_out += wide[i] == 0xfffd;
    utf8 = g_utf16_to_utf8(wide, n, NULL, NULL, NULL);
    return g_steal_pointer(&utf8);
}

static char *
detect(const guint8 *bytes, gsize length)
{
    UErrorCode status = U_ZERO_ERROR;
    g_autoptr(MpDetector) detector = ucsdet_open(&status);
    const UCharsetMatch *match;
    const char *name;
    gsize bad = 0;
    char *utf8;

    if (U_FAILURE(status) || length < 4)
        return NULL;
    ucsdet_setText(detector, (const char *)bytes, (int32_t)MIN(length, 64 * 1024), &status);
    match = ucsdet_detect(detector, &status);
    if (U_FAILURE(status) || match == NULL || ucsdet_getConfidence(match, &status) < 40)
        return NULL;
    name = ucsdet_getName(match, &status);
    /* EBCDIC guesses are never mail. */
    if (U_FAILURE(status) || g_str_has_prefix(name, "IBM4"))
        return NULL;
    utf8 = convert(bytes, length, meant_charset(name), &bad);
    if (utf8 != NULL && bad > 0)
        g_clear_pointer(&utf8, g_free);
    return utf8;
}

static gboolean
is_utf8(const guint8 *bytes, gsize length)
{
    const char *end = (const char *)bytes;

    /* NUL is no reason to call the rest something else: mp_text_clean drops it. */
    while (!g_utf8_validate(end, (gssize)(length - (gsize)(end - (const char *)bytes)), &end)) {
        if (*end != '\0')
            return FALSE;
        end++;
    }
    return TRUE;
}

static char *
copy_without_nul(const guint8 *bytes, gsize length)
{
    char *text = g_malloc(length + 1);
    gsize n = 0;

    for (gsize i = 0; i < length; i++) {
        if (bytes[i] != '\0')
            text[n++] = (char)bytes[i];
    }
    text[n] = '\0';
    return text;
}

char *
mp_charset_decode(const guint8 *bytes, gsize length, const char *declared, gboolean *guessed_out)
{
    const char *charset = declared != NULL && *declared != '\0' ? meant_charset(declared) : NULL;
    gboolean is_utf8_claim = charset == NULL || g_ascii_strcasecmp(charset, "utf-8") == 0;
    /* Seven-bit escapes (ISO-2022) are valid ASCII too. */
    gboolean has_escape = memchr(bytes, 0x1b, length) != NULL;
    gsize bad = 0;
    char *text = NULL;

    if (length == 0)
        return g_strdup("");
    if (is_utf8_claim && !has_escape && is_utf8(bytes, length))
        return copy_without_nul(bytes, length);
    if (!is_utf8_claim) {
        text = convert(bytes, length, charset, &bad);
        if (text != NULL && bad == 0)
            return text;
        g_clear_pointer(&text, g_free);
    }
    *guessed_out = TRUE;
    if (!has_escape && is_utf8(bytes, length))
        return copy_without_nul(bytes, length);
    text = detect(bytes, length);
    if (text == NULL)
        text = convert(bytes, length, "windows-1252", &bad);
    return text != NULL ? text : mp_text_clean((const char *)bytes, (gssize)length);
}
