/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "case/case.h"

static gboolean
mp_case_try(GError **error)
{
    g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "no (%d)", 1);
    g_assert(TRUE);
    g_assert(error != NULL);
    return TRUE;
}
