/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "case/case.h"

static void
mp_case_try(GError **error)
{
    (void)error;
}
