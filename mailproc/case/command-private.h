/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The words of the command language: what table, reader and dates share. */

#include "case/case-private.h"

/* --- the command language --- */

typedef enum { MP_DATE_NONE, MP_DATE_GOOD, MP_DATE_BAD } MpDateFound;

/* The first day written in `text`: "20-11-2028", "20/11/2028", "2028-11-20", "20 November 2028".
 * BAD is something that looks like a day but is none beyond doubt ("20-11-28", "20 Nop 2028"). */
MpDateFound mp_date_find(const char *text, char **iso_day_out);
/* The same right at the beginning of `text`. */
MpDateFound mp_date_at(const char *text, char **iso_day_out);

/* One word of a line; bytes, half open. */
typedef struct {
    gsize start, end;
    char *text; /* ASCII lower case */
} MpWord;

/* The words of a line (MpWord). */
GArray *mp_words_of(const char *line);
/* Longest phrase that begins at word `at`: its verb, and how many words it takes; else NULL. */
const char *mp_verbs_match(const MpVerbs *verbs, const GArray *words, guint at, guint *taken_out);
gboolean mp_verbs_is_courtesy(const MpVerbs *verbs, const char *word);
gboolean mp_verbs_is_negation(const MpVerbs *verbs, const char *word);
gboolean mp_verbs_is_condition(const MpVerbs *verbs, const char *word);
/* May `word` follow the verb without a mark between them? */
gboolean mp_verbs_may_follow(const MpVerbs *verbs, const char *verb, const char *word);
gboolean mp_verbs_contradict(const MpVerbs *verbs, const char *a, const char *b);
/* Verbs that have a single word within `limit` of this one, nearest first, a blank between; "". */
char *mp_verbs_near(const MpVerbs *verbs, const char *word, guint limit);
