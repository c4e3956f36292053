/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* An address field of any bytes: an address that is read stands in the field as it is, byte for
 * byte (nothing is decoded), and a field that holds anything odd says so. */

static void
check_address(const char *value, const MpAddress *address)
{
    if (address->address == NULL)
        return;
    if (!mp_text_is_plain_address(address->address) || strstr(value, address->address) == NULL)
        abort();
    if (strstr(address->address, "=?") != NULL ||
        strpbrk(address->address, " \t\r\n<>()\"") != NULL)
        abort();
    for (const char *p = address->address; *p != '\0'; p++)
        if ((guchar)*p >= 0x80)
            abort();
}

/* Exactly one plain mailbox: what alone may carry authority holds one sign of an address. */
static void
check_authority(const char *value, MpAddressFlags flags, const GPtrArray *addresses)
{
    const MpAddress *only = addresses->len == 1 ? g_ptr_array_index(addresses, 0) : NULL;

    if (only == NULL || flags != 0 || only->address == NULL)
        return;
    if (strpbrk(value, "@") == NULL)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *value = g_strndup((const char *)data, size);
    g_autoptr(GPtrArray) addresses =
        g_ptr_array_new_with_free_func((GDestroyNotify)mp_address_free);
    MpAddressFlags flags = mp_address_list(value, addresses);

    for (guint i = 0; i < addresses->len; i++)
        check_address(value, g_ptr_array_index(addresses, i));
    check_authority(value, flags, addresses);
    return 0;
}
