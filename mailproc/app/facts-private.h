/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The tables of the codec of facts: one member of a struct a row, with how it is written and read.
 */

#include "app/facts.h"

typedef enum {
    MP_FACT_LINE,    /* char *, one line */
    MP_FACT_TEXT,    /* char *, many lines */
    MP_FACT_WORD,    /* char *, of a closed list */
    MP_FACT_FLAG,    /* gboolean */
    MP_FACT_INTEGER, /* int */
    MP_FACT_COUNT,   /* guint */
    MP_FACT_SIZE,    /* gsize */
    MP_FACT_INSTANT, /* gint64 */
    MP_FACT_CHOICE,  /* enum with names */
    MP_FACT_LINES,   /* GPtrArray of char * */
    MP_FACT_ITEM,    /* pointer to a struct, may be NULL */
    MP_FACT_ITEMS    /* GPtrArray of structs */
} MpFactType;

typedef struct MpFactShape MpFactShape;

typedef struct {
    const char *name;
    MpFactType type;
    gsize offset;
    const MpFactShape *shape;    /* MP_FACT_ITEM, MP_FACT_ITEMS */
    const char *const *words;    /* MP_FACT_WORD */
    const char *(*to_name)(int); /* MP_FACT_CHOICE */
    int n_choices;               /* MP_FACT_CHOICE */
} MpFactMember;

struct MpFactShape {
    const MpFactMember *members;
    gsize n_members;
    gpointer (*make)(void);
    void (*release)(gpointer);
};

/* The shape of MpFacts. Shapes without `make` are parts that are always there: they are read into.
 */
extern const MpFactShape mp_facts_shape;
