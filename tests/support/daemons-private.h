/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the town harness (daemons*.c, scripted-imap.c) share: how they fail, how they
 * reach a server of the town, where a mailbox lies on disk, and the texts of the configurations.
 * Tests include daemons.h instead. */

#include "support/daemons.h"

/* Sets a G_IO_ERROR_FAILED "town: …" and returns FALSE. */
gboolean mp_town_fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Blocking TCP connection to 127.0.0.1 with 10 s limits on each read and write; -1 when refused. */
int mp_town_connect(guint16 port);
/* Path of a user's Maildir folder. */
char *mp_town_maildir(const MpTown *town, const char *user, const char *folder);

/* Configurations with @dir@, @host@, @password@ and the port names as @words@. */
extern const char mp_town_dovecot_conf[], mp_town_postfix_main[], mp_town_postfix_master[];
