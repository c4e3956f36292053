/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* case/: a header with a first paragraph that says what it is for, at some length. */

#include "base/base.h"

/* TRUE where it can be done. */
gboolean mp_case_try(int n, GError **error);
