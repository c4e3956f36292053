/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the house share: the part of each that differs in a town (house-town.c).
 * Nothing else includes this. */

#include "support/house.h"

/* The demo's configuration with the town's servers. */
char *mp_house_town_config(const MpHouse *house);
void mp_house_town_put(MpHouse *house, const char *mail, gssize length);
/* Postfix has nothing left to do. */
void mp_house_town_settle(const MpHouse *house);
guint mp_house_town_count(const MpHouse *house, const char *folder);
/* The mails of a folder of the office ("mailproc/Selesai"), as GBytes. */
GPtrArray *mp_house_town_folder(const MpHouse *house, const char *folder);
/* All mailboxes of the town. */
void mp_house_town_keep(const MpHouse *house, const char *slot);
void mp_house_town_lay_back(const MpHouse *house, const char *slot);
/* The office's folders by content, everybody else's mail by how many Message-IDs there are. */
void mp_house_town_tell(const MpHouse *house, GString *text);
/* Each notice that counts as sent lies with its recipient, and nothing else does; more than once
 * only with the same Message-ID and after a try that ended uncertain. */
void mp_house_town_check(const MpHouse *house, MpStore *store);
/* Each mail is recorded, ignored, quarantined or waits. */
void mp_house_check_ledger(const MpHouse *house, MpStore *store);
/* Message-ID of a mail's bytes, without brackets. */
char *mp_house_message_id(const char *mail);
