/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case/: a header with a first paragraph that says what it is for, at some length. */

#include "base/base.h"
