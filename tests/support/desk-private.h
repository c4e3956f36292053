/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Between desk.c and desk-mail.c. */

#include "support/desk.h"

/* Prints what the program knows, before a test fails. */
void mp_desk_tell(MpDesk *desk);
/* "Sat, 21 Nov 2026 10:00:00 +0700" */
char *mp_desk_date(void);
/* "21 November 2026", this many days from now. */
char *mp_desk_day(gint days);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDeskMail, mp_desk_mail_free)
