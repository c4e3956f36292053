/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain text and CSV in whatever charset they come. */

#include "document/document-private.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

static char *
convert(const char *charset, const guint8 *bytes, gsize length)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t want = 0;
    char *out = NULL;

    if (length > G_MAXINT32 / 4)
        return NULL;
    want = ucnv_convert("UTF-8", charset, NULL, 0, (const char *)bytes, (int32_t)length, &status);
    if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
        return NULL;
    status = U_ZERO_ERROR;
    out = g_malloc0((gsize)want + 1);
    ucnv_convert("UTF-8", charset, out, want + 1, (const char *)bytes, (int32_t)length, &status);
    if (U_FAILURE(status)) {
        g_free(out);
        return NULL;
    }
    return out;
}

/* ICU's best guess, when it is sure enough to be better than windows-1252. */
static char *
guess(const guint8 *bytes, gsize length)
{
    UErrorCode status = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&status);
    const UCharsetMatch *match = NULL;
    char *out = NULL;

    if (U_FAILURE(status))
        return NULL;
    ucsdet_setText(detector, (const char *)bytes, (int32_t)MIN(length, 64 * 1024), &status);
    match = ucsdet_detect(detector, &status);
    if (U_SUCCESS(status) && match != NULL && ucsdet_getConfidence(match, &status) >= 50)
        out = convert(ucsdet_getName(match, &status), bytes, length);
    ucsdet_close(detector);
    return out;
}

char *
mp_plain_decode(const guint8 *bytes, gsize length)
{
    char *out = NULL;

    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        return mp_text_clean((const char *)bytes + 3, (gssize)length - 3);
    if (length >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0)
        out = convert("UTF-16LE", bytes + 2, length - 2);
    else if (length >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0)
        out = convert("UTF-16BE", bytes + 2, length - 2);
    if (out == NULL && g_utf8_validate((const char *)bytes, (gssize)length, NULL))
        return g_strndup((const char *)bytes, length);
    if (out == NULL)
        out = guess(bytes, length);
    if (out == NULL)
        out = convert("windows-1252", bytes, length);
    if (out == NULL)
        out = mp_text_clean((const char *)bytes, (gssize)length);
    return out;
}

gboolean
mp_plain_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data(bytes, &length);
    g_autofree char *text = mp_plain_decode(data, length);

    (void)doubts;
    return mp_document_take_text(document, text, limits);
}

/* The delimiter that the first lines hold most evenly; comma when none does. */
static char
find_delimiter(const char *text)
{
    static const char candidates[] = {';', '\t', '|', ','};
    char best = ',';
    guint best_count = 0;
    const char *end = text;

    for (guint lines = 0; lines < 5 && *end != '\0'; end++)
        lines += *end == '\n';
    for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
        guint count = 0;

        for (const char *p = text; p < end; p++)
            count += *p == candidates[i];
        /* Degrees ("S.Kom., M.Si.") bring commas into files split by something else. */
        if (candidates[i] != ',' ? count > 0 && count * 2 > best_count : count > best_count * 3) {
            best = candidates[i];
            best_count = count;
        }
    }
    return best;
}

/* One field; `*p` is left at the delimiter, line end or NUL behind it. */
static void
read_field(const char **p, char delimiter, GString *field)
{
    if (**p == '"') {
        for ((*p)++; **p != '\0'; (*p)++) {
            if (**p == '"' && (*p)[1] == '"')
                (*p)++;
            else if (**p == '"')
                break;
            g_string_append_c(field, **p);
        }
        if (**p == '"')
            (*p)++;
    }
    for (; **p != '\0' && **p != delimiter && **p != '\n'; (*p)++)
        g_string_append_c(field, **p);
}

gboolean
mp_csv_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data(bytes, &length);
    g_autofree char *text = mp_plain_decode(data, length);
    g_autoptr(GString) table = g_string_new(NULL);
    const char *p = text;
    char delimiter = 0;
    gint64 rows = 0;

    if (g_str_has_prefix(p, "sep=") && p[4] != '\0') {
        delimiter = p[4];
        p = strchr(p, '\n') != NULL ? strchr(p, '\n') + 1 : p + strlen(p);
    } else {
        delimiter = find_delimiter(p);
    }
    while (*p != '\0') {
        g_autoptr(GString) field = g_string_new(NULL);
        g_autofree char *line = NULL;

        read_field(&p, delimiter, field);
        line = mp_text_line(field->str);
        g_string_append(table, line);
        if (*p == delimiter)
            g_string_append_c(table, '\t');
        else
            g_string_append_c(table, '\n');
        if (*p == '\n' && ++rows > limits->table_rows) {
            mp_document_add_doubt(doubts, "limit");
            break;
        }
        p += *p != '\0';
    }
    g_ptr_array_add(document->tables, mp_text_clean(table->str, -1));
    return mp_document_take_text(document, table->str, limits);
}
