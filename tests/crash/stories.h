/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What test_crash_points plays: who writes when, who answers, and which commands of the office are
 * killed besides `once`. */

#include "support/house.h"

/* A command that may be killed at any step and is then given again. "@home@" in a word is the
 * office's directory. */
typedef struct {
    const char *words[4];            /* the rest NULL */
    void (*prepare)(MpHouse *house); /* before it, or NULL */
    gboolean loses;                  /* the ledger: a later act finds again what it lacks */
} MpAct;

typedef struct {
    const char *name;
    const char *service, *sop;      /* procedure in place of the usual one, or NULL */
    void (*begin)(MpHouse *house);  /* what comes first */
    void (*second)(MpHouse *house); /* what comes in the second round, or NULL */
    gboolean (*answer)(MpHouse *);  /* people between the rounds; FALSE when nobody had to */
    gint64 round_s;                 /* from one round to the next */
    const MpAct *acts;              /* at the end, or NULL */
    guint n_acts;
    gboolean in_town;  /* on real Dovecot and Postfix */
    const char *holds; /* what the end must tell of */
} MpStory;

/* NULL = no such story. */
const MpStory *mp_story_find(const char *name);
