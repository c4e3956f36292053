/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labelled values and identity numbers inside a line. */

#include "document/document-private.h"

/* The colon's label reaches back to the line's start, a tab, a wide blank or punctuation. */
static gsize
label_start(const char *line, gsize colon)
{
    gsize at = colon;
    guint depth = 0;

    while (at > 0) {
        const char *p = line + at - 1;

        /* "Nama lengkap (dengan gelar):" */
        depth += *p == ')';
        if (*p == ':' || *p == '=')
            break;
        if (depth > 0) {
            depth -= *p == '(';
            at--;
            continue;
        }
        if (*p == '\t' || strchr(",;|(", *p) != NULL || g_str_has_prefix(p, "  "))
            break;
        if (at >= 3 && (g_str_has_prefix(line + at - 3, "\xe2\x80\x93") ||
                        g_str_has_prefix(line + at - 3, "\xe2\x80\x94")))
            break;
        if (at >= 3 &&
            (g_str_has_prefix(line + at - 3, " - ") || g_str_has_prefix(line + at - 3, " / ")))
            break;
        at--;
    }
    return at;
}

/* Blanks and tabs before colons dropped: "Nama \t : X" and the cells "Nama", ":", "X" are one. */
char *
mp_text_join_colons(const char *line)
{
    GString *out = g_string_new(NULL);

    for (const char *p = line; *p != '\0'; p++) {
        const char *q = p;

        while (*q == ' ' || *q == '\t' || g_str_has_prefix(q, "\xc2\xa0"))
            q += (guchar)*q == 0xc2 ? 2 : 1;
        if (q > p && (*q == ':' || *q == '=') && out->len > 0)
            p = q;
        g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}

GArray *
mp_text_find_fields(const char *line)
{
    GArray *fields = g_array_new(FALSE, FALSE, sizeof(MpField));

    for (const char *colon = strpbrk(line, ":="); colon != NULL; colon = strpbrk(colon + 1, ":=")) {
        gsize at = (gsize)(colon - line);
        gsize from = label_start(line, at);
        g_autofree char *words = g_strndup(line + from, at - from);
        MpField field = {mp_label_parse(words), from, at + 1};

        if (field.label != MP_LABEL_NONE)
            g_array_append_val(fields, field);
    }
    return fields;
}

char *
mp_text_field_value(const char *line, GArray *fields, guint i)
{
    const MpField *field = &g_array_index(fields, MpField, i);
    gsize end = i + 1 < fields->len ? g_array_index(fields, MpField, i + 1).from : strlen(line);
    g_autofree char *raw = g_strndup(line + field->value, end - field->value);
    char *value = mp_text_line(raw);

    while (*value != '\0' && strchr(",;|-(/", value[strlen(value) - 1]) != NULL)
        value[strlen(value) - 1] = '\0';
    return g_strchomp(value);
}

/* "NIP 1990…", "NIK. 3399…", "(NIP: …)" inside a text; where it stands, or NULL. */
static const char *
find_number_word(const char *line, MpLabel *label_out)
{
    static const struct {
        const char *word;
        MpLabel label;
    } words[] = {{"nippk", MP_LABEL_NIP}, {"nip", MP_LABEL_NIP}, {"nik", MP_LABEL_NIK}};

    for (const char *p = line; *p != '\0'; p++) {
        if (p > line && g_ascii_isalpha(p[-1]))
            continue;
        for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
            gsize n = strlen(words[i].word);
            g_autofree char *digits = NULL;

            if (g_ascii_strncasecmp(p, words[i].word, n) != 0 || g_ascii_isalpha(p[n]))
                continue;
            digits = mp_number_cut(p + n, NULL);
            if (digits == NULL)
                continue;
            *label_out = words[i].label;
            return p;
        }
    }
    return NULL;
}

/* A run of 16 or 18 digits without a word before it. */
static const char *
find_bare_number(const char *line, MpLabel *label_out)
{
    for (const char *p = line; *p != '\0'; p++) {
        g_autofree char *digits = NULL;

        if (!g_ascii_isdigit(*p) || (p > line && (g_ascii_isalnum(p[-1]) || p[-1] == '/')))
            continue;
        digits = mp_number_cut(p, NULL);
        if (digits != NULL && (strlen(digits) == 18 || strlen(digits) == 16)) {
            *label_out = strlen(digits) == 18 ? MP_LABEL_NIP : MP_LABEL_NIK;
            return p;
        }
    }
    return NULL;
}

const char *
mp_text_find_number(const char *line, MpLabel *label_out)
{
    const char *at = find_number_word(line, label_out);

    return at != NULL ? at : find_bare_number(line, label_out);
}

/* Post named in a list item: the first part that is neither number, address nor name. */
void
mp_text_set_rest(MpApplicant *person, const char *rest)
{
    g_auto(GStrv) parts = g_strsplit_set(rest, ";,|\t", -1);

    mp_person_set(person, MP_LABEL_EMAIL, rest);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *part = mp_text_line(parts[i]);

        if (strpbrk(part, "0123456789@:") == NULL && strlen(part) > 4 && person->position == NULL)
            person->position = g_steal_pointer(&part);
    }
}

/* Reads every number of the line into the person; what is left behind the last one. */
const char *
mp_text_set_numbers(MpApplicant *person, const char *line)
{
    MpLabel label = MP_LABEL_NONE;
    const char *at = NULL;

    while ((at = mp_text_find_number(line, &label)) != NULL) {
        const char *end = NULL;
        g_autofree char *digits = mp_number_cut(at, &end);

        mp_person_set(person, label, digits);
        line = end > at ? end : at + 1;
    }
    return line;
}
