/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Members of an archive in memory, by libarchive. Bytes are counted while they are inflated: what
 * headers claim about sizes is not believed. Nothing is ever extracted by name. */

#include "document/document-private.h"

#include <archive_entry.h>

/* Small archives of blank forms shrink more than any ratio allows; below this nothing is a bomb. */
#define RATIO_FREE_BYTES (256 * 1024)

void
mp_member_free(MpMember *member)
{
    if (member == NULL)
        return;
    g_free(member->name);
    g_clear_pointer(&member->content, g_bytes_unref);
    g_free(member);
}

const MpMember *
mp_member_find(GPtrArray *members, const char *name)
{
    for (guint i = 0; i < members->len; i++) {
        const MpMember *member = g_ptr_array_index(members, i);

        if (g_str_equal(member->name, name))
            return member;
    }
    return NULL;
}

typedef struct {
    const MpLimits *limits;
    gsize packed;
    gint64 inflated;
} Counter;

static gboolean
is_over(const Counter *counter)
{
    return counter->inflated > counter->limits->archive_bytes ||
           (counter->inflated > RATIO_FREE_BYTES &&
            counter->inflated / counter->limits->archive_ratio > (gint64)counter->packed);
}

/* READ with the bytes in `content`, BROKEN when only this member cannot be read. */
static MpArchiveResult
read_content(MpArchiveHandle *handle, Counter *counter, GByteArray *content)
{
    guint8 buffer[16 * 1024];

    for (;;) {
        la_ssize_t n = archive_read_data(handle, buffer, sizeof(buffer));

        if (n == 0)
            return MP_ARCHIVE_READ;
        if (n < 0)
            return MP_ARCHIVE_BROKEN;
        counter->inflated += n;
        if (is_over(counter))
            return MP_ARCHIVE_LIMIT;
        g_byte_array_append(content, buffer, (guint)n);
    }
}

static char *
entry_name(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);

    if (name == NULL)
        name = archive_entry_pathname(entry);
    if (name == NULL)
        return g_strdup("");
    if (g_utf8_validate(name, -1, NULL))
        return g_strdup(name);
    return mp_plain_decode((const guint8 *)name, strlen(name));
}

static MpArchiveResult
read_entry(MpArchiveHandle *handle,
           struct archive_entry *entry,
           Counter *counter,
           MpMemberFilter want,
           GPtrArray *members)
{
    g_autoptr(MpMember) member = g_new0(MpMember, 1);
    g_autoptr(GByteArray) content = g_byte_array_new();
    MpArchiveResult result = MP_ARCHIVE_READ;

    member->name = entry_name(entry);
    if (archive_entry_filetype(entry) != AE_IFREG || (want != NULL && !want(member->name)))
        return MP_ARCHIVE_READ;
    if (archive_entry_is_encrypted(entry))
        member->is_locked = TRUE;
    else
        result = read_content(handle, counter, content);
    if (result == MP_ARCHIVE_LIMIT)
        return result;
    if (result == MP_ARCHIVE_BROKEN)
        member->is_locked = TRUE;
    member->content = g_byte_array_free_to_bytes(g_steal_pointer(&content));
    g_ptr_array_add(members, g_steal_pointer(&member));
    return MP_ARCHIVE_READ;
}

static MpArchiveHandle *
open_memory(const guint8 *bytes, gsize length)
{
    g_autoptr(MpArchiveHandle) handle = archive_read_new();

    archive_read_support_format_zip(handle);
    archive_read_support_format_rar(handle);
    archive_read_support_format_rar5(handle);
    archive_read_support_format_7zip(handle);
    archive_read_support_format_tar(handle);
    archive_read_support_filter_gzip(handle);
    archive_read_support_filter_xz(handle);
    archive_read_support_filter_bzip2(handle);
    if (archive_read_open_memory(handle, bytes, length) != ARCHIVE_OK)
        return NULL;
    return g_steal_pointer(&handle);
}

MpArchiveResult
mp_archive_read(GBytes *bytes, const MpLimits *limits, MpMemberFilter want, GPtrArray *members_out)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data(bytes, &length);
    g_autoptr(MpArchiveHandle) handle = NULL;
    Counter counter = {limits, length, 0};
    gint64 entries = 0;

    if (length == 0 || (memcmp(data, "PK", MIN(length, 2)) == 0 && !mp_zip_is_sane(data, length)))
        return MP_ARCHIVE_BROKEN;
    handle = open_memory(data, length);
    if (handle == NULL)
        return MP_ARCHIVE_BROKEN;
    for (;;) {
        struct archive_entry *entry = NULL;
        int result = archive_read_next_header(handle, &entry);

        if (result == ARCHIVE_EOF)
            return MP_ARCHIVE_READ;
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
            return members_out->len == 0 ? MP_ARCHIVE_BROKEN : MP_ARCHIVE_READ;
        if (++entries > limits->archive_entries)
            return MP_ARCHIVE_LIMIT;
        if (read_entry(handle, entry, &counter, want, members_out) == MP_ARCHIVE_LIMIT)
            return MP_ARCHIVE_LIMIT;
    }
}
