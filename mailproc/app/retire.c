/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When somebody retires: the age of the class of position, counted from the birth that the NIP
 * tells; the day is the first of the month after. */

#include "app/register.h"

enum { MIN_AGE = 40, MAX_AGE = 80 };

typedef struct {
    char *class_, **words;
    int age;
} Class;

struct MpRetirement {
    GPtrArray *classes; /* Class */
};

static void
class_free(gpointer data)
{
    Class *one = data;

    g_free(one->class_);
    g_strfreev(one->words);
    g_free(one);
}

void
mp_retirement_free(MpRetirement *retirement)
{
    if (retirement == NULL)
        return;
    g_ptr_array_unref(retirement->classes);
    g_free(retirement);
}

static Class *
parse_line(const char *line)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    gint64 age = 0;
    Class *one;

    if (g_strv_length(cells) != 3 || cells[1][0] == '\0' ||
        !g_ascii_string_to_signed(g_strstrip(cells[2]), 10, MIN_AGE, MAX_AGE, &age, NULL))
        return NULL;
    one = g_new0(Class, 1);
    one->class_ = g_strdup(cells[0]);
    one->age = (int)age;
    one->words = g_strsplit(cells[1], ";", -1);
    for (guint i = 0; one->words[i] != NULL; i++) {
        char *folded = g_utf8_casefold(g_strstrip(one->words[i]), -1);

        g_free(one->words[i]);
        one->words[i] = folded;
    }
    return one;
}

MpRetirement *
mp_retirement_parse(const char *name, const char *bytes, GError **error)
{
    MpRetirement *retirement = g_new0(MpRetirement, 1);
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);

    retirement->classes = g_ptr_array_new_with_free_func(class_free);
    for (guint i = 0; lines[i] != NULL; i++) {
        Class *one;

        if (lines[i][0] == '#' || g_strstrip(lines[i])[0] == '\0')
            continue;
        one = parse_line(lines[i]);
        if (one == NULL) {
            g_set_error(error,
                        MP_ERROR,
                        MP_ERROR_CONFIG,
                        "%s:%u: not a class, words and an age between %d and %d",
                        name,
                        i + 1,
                        MIN_AGE,
                        MAX_AGE);
            mp_retirement_free(retirement);
            return NULL;
        }
        g_ptr_array_add(retirement->classes, one);
    }
    return retirement;
}

static gboolean
has_word(const Class *one, const char *position)
{
    for (guint i = 0; one->words[i] != NULL; i++)
        if (strcmp(one->words[i], "*") == 0 ||
            (one->words[i][0] != '\0' && strstr(position, one->words[i]) != NULL))
            return TRUE;
    return FALSE;
}

int
mp_retirement_age(const MpRetirement *retirement, const char *position)
{
    g_autofree char *folded = g_utf8_casefold(position == NULL ? "" : position, -1);

    for (guint i = 0; i < retirement->classes->len; i++) {
        const Class *one = g_ptr_array_index(retirement->classes, i);

        if (has_word(one, folded))
            return one->age;
    }
    return 0;
}

char *
mp_retirement_day(const MpRetirement *retirement, const MpHolder *holder)
{
    g_autofree char *birth = mp_register_birth(holder->nip);
    int age = mp_retirement_age(retirement, holder->position);
    gint64 year, month;

    if (birth == NULL || age == 0)
        return NULL;
    year = g_ascii_strtoll(birth, NULL, 10) + age;
    month = g_ascii_strtoll(birth + 5, NULL, 10) + 1;
    return g_strdup_printf(
        "%04d-%02d-01", (int)(month > 12 ? year + 1 : year), (int)(month > 12 ? 1 : month));
}
