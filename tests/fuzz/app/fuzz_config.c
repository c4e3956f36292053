/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A configuration from anywhere is loaded or refused; what loads can be asked and shown, and what
 * is shown loads again. */

#include "app/config.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpConfig) config = mp_config_load_bytes("f", (const char *)data, size, &error);
    g_autoptr(MpConfig) again = NULL;
    g_autoptr(GPtrArray) deputies = NULL, periods = NULL;
    g_autofree char *shown = NULL, *name = NULL, *address = NULL;

    g_assert((config == NULL) == (error != NULL));
    if (config == NULL)
        return 0;
    deputies = mp_config_deputies(config, "verifikator");
    periods = mp_config_periods(config);
    mp_config_from(config, &name, &address);
    g_assert(mp_text_is_plain_address(address));
    shown = mp_config_show(config);
    again = mp_config_load_bytes("f", shown, strlen(shown), &error);
    g_assert_no_error(error);
    return 0;
}
