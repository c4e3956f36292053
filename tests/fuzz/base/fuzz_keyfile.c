/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key files: loaded or refused with an error, and every key that is listed has a value and a line.
 */

#include "base/base.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpKeyFile) file = mp_keyfile_parse("f", (const char *)data, size, &error);
    const char *const *groups;

    g_assert((file == NULL) == (error != NULL));
    if (file == NULL)
        return 0;
    groups = mp_keyfile_groups(file);
    for (guint i = 0; groups[i] != NULL; i++) {
        const char *const *keys = mp_keyfile_keys(file, groups[i]);

        g_assert(mp_keyfile_line(file, groups[i], NULL) > 0);
        for (guint at = 0; keys[at] != NULL; at++) {
            g_auto(GStrv) items = mp_keyfile_list(file, groups[i], keys[at]);

            g_assert(mp_keyfile_value(file, groups[i], keys[at]) != NULL);
            g_assert(items != NULL);
            g_assert(mp_keyfile_line(file, groups[i], keys[at]) > 0);
        }
    }
    return 0;
}
