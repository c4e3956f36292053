/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "case/case.h"

static gboolean
mp_case_try(void)
{
    if (1) {
        if (1) {
            if (1) {
                if (1) {
                    if (1) {
                        return TRUE;
                    }
                }
            }
        }
    }
    return FALSE;
}
