/* SPDX-License-Identifier: GPL-3.0-or-later */
int f(MpLimits *limits) { return limits->parts; }
