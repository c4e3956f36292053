/* SPDX-License-Identifier: GPL-3.0-or-later */
#define MP_LIMITS(X) \
    X(parts, 500, "parts")
