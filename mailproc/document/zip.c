/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The directory of a ZIP, read before anything is inflated. Flat bombs let many entries share the
 * same bytes, and doubled directories show one program other members than the next; both are seen
 * here by holding offsets and names of directory and local headers against each other. */

#include "document/document-private.h"

#define END_BYTES 22
#define CENTRAL_BYTES 46
#define LOCAL_BYTES 30

static guint16
le16(const guint8 *p)
{
    return (guint16)(p[0] | p[1] << 8);
}

static guint32
le32(const guint8 *p)
{
    return (guint32)p[0] | (guint32)p[1] << 8 | (guint32)p[2] << 16 | (guint32)p[3] << 24;
}

typedef struct {
    const guint8 *bytes;
    gsize length;
    gsize next;
    guint left;
} Directory;

/* Finds the end record, searched from the back as every reader does. */
static gboolean
directory_open(Directory *directory, const guint8 *bytes, gsize length)
{
    gsize lowest = length > END_BYTES + 65535 ? length - END_BYTES - 65535 : 0;

    for (gsize at = length < END_BYTES ? 0 : length - END_BYTES + 1; at-- > lowest;) {
        if (memcmp(bytes + at, "PK\5\6", 4) == 0) {
            *directory = (Directory){bytes, length, le32(bytes + at + 16), le16(bytes + at + 10)};
            return directory->next < length || directory->left == 0;
        }
    }
    return FALSE;
}

/* The next central header, or NULL at the end; `*is_bad_out` when it cannot be one. */
static const guint8 *
directory_next(Directory *directory, gboolean *is_bad_out)
{
    const guint8 *entry = directory->bytes + directory->next;
    gsize size = 0;

    if (directory->left == 0)
        return NULL;
    if (directory->next > directory->length ||
        directory->length - directory->next < CENTRAL_BYTES || memcmp(entry, "PK\1\2", 4) != 0) {
        *is_bad_out = TRUE;
        return NULL;
    }
    size = CENTRAL_BYTES + (gsize)le16(entry + 28) + le16(entry + 30) + le16(entry + 32);
    if (directory->length - directory->next < size) {
        *is_bad_out = TRUE;
        return NULL;
    }
    directory->next += size;
    directory->left--;
    return entry;
}

gboolean
mp_zip_names(const guint8 *bytes, gsize length, const char *name)
{
    Directory directory;
    gboolean is_bad = FALSE;
    const guint8 *entry = NULL;

    if (!directory_open(&directory, bytes, length))
        return FALSE;
    while ((entry = directory_next(&directory, &is_bad)) != NULL) {
        if (le16(entry + 28) == strlen(name) &&
            memcmp(entry + CENTRAL_BYTES, name, strlen(name)) == 0)
            return TRUE;
    }
    return FALSE;
}

typedef struct {
    guint64 from;
    guint64 to;
} Range;

static int
range_compare(gconstpointer a, gconstpointer b)
{
    const Range *x = a;
    const Range *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

/* Bytes of the member that a central header names, or FALSE when the local header does not fit. */
static gboolean
entry_range(const Directory *directory, const guint8 *entry, Range *range_out)
{
    guint32 at = le32(entry + 42);
    const guint8 *local = directory->bytes + at;
    guint16 name_length = le16(entry + 28);

    if (at == G_MAXUINT32 || le32(entry + 20) == G_MAXUINT32)
        return FALSE; /* zip64: nobody mails members over 4 GiB */
    if (at > directory->length || directory->length - at < LOCAL_BYTES ||
        memcmp(local, "PK\3\4", 4) != 0)
        return FALSE;
    range_out->from = at;
    range_out->to =
        (guint64)at + LOCAL_BYTES + le16(local + 26) + le16(local + 28) + le32(entry + 20);
    if (range_out->to > directory->length)
        return FALSE;
    return le16(local + 26) == name_length && le16(local + 8) == le16(entry + 10) &&
           memcmp(local + LOCAL_BYTES, entry + CENTRAL_BYTES, name_length) == 0;
}

gboolean
mp_zip_is_sane(const guint8 *bytes, gsize length)
{
    Directory directory;
    gboolean is_bad = FALSE;
    const guint8 *entry = NULL;
    g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Range));

    if (!directory_open(&directory, bytes, length))
        return FALSE;
    while ((entry = directory_next(&directory, &is_bad)) != NULL) {
        Range range = {0, 0};

        if (!entry_range(&directory, entry, &range))
            return FALSE;
        g_array_append_val(ranges, range);
    }
    if (is_bad)
        return FALSE;
    g_array_sort(ranges, range_compare);
    for (guint i = 1; i < ranges->len; i++) {
        if (g_array_index(ranges, Range, i).from < g_array_index(ranges, Range, i - 1).to)
            return FALSE;
    }
    return TRUE;
}
