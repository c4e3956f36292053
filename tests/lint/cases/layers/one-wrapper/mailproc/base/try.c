/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pcre2.h>
