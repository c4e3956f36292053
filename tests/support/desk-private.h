/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What desk.c and desk-mail.c of the office harness share: telling what the program knows, and the
 * dates that letters and answers carry. Nothing else includes this. */

#include "support/desk.h"

/* Prints what the program knows, before a test fails. */
void mp_desk_tell(MpDesk *desk);
/* The desk's time. */
GDateTime *mp_desk_now(const MpDesk *desk);
/* "Sat, 21 Nov 2026 10:00:00 +0700" */
char *mp_desk_date(const MpDesk *desk);
/* "21 November 2026", this many days from now. */
char *mp_desk_day(const MpDesk *desk, gint days);
/* With a hand-set clock: a mail sets out to the office; all that did come into its mailbox. */
void
mp_desk_take_in(MpDesk *desk, MpTownVia via, const char *from, const char *mail, gssize length);
void mp_desk_bring_in(MpDesk *desk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDeskMail, mp_desk_mail_free)
