/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* case/ */

#include "base/base.h"
