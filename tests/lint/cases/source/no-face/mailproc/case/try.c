/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "case/case.h"

gboolean
mp_case_try(void)
{
    return TRUE;
}
