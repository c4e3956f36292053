/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "case/case.h"

gboolean
mp_case_try(int n, GError **error)
{
    if (n < 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "number \"%d\" is below 0; goto 1", n);
        return FALSE;
    }
    return mp_limit(g_array_new(TRUE, FALSE, 4)); /* never goto */
}
