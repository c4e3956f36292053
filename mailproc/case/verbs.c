/* SPDX-License-Identifier: GPL-3.0-or-later */

/* rules/commands.tsv: verbs and their other words, courtesy words before them, words that undo
 * them. The verbs themselves are a closed list; everything else about the language is data. */

#include "case/command-private.h"

#define MAX_PHRASE_WORDS 6

typedef struct {
    const char *verb;
    char **words;
    guint count;
} Phrase;

struct MpVerbs {
    GPtrArray *phrases; /* Phrase */
    GHashTable *courtesy, *negation, *condition;
    GHashTable *follow;  /* "VERB word" */
    GHashTable *follows; /* verbs that have a follow line */
    GHashTable *against; /* "VERB VERB", both ways */
};

/* Every verb there is. */
static const char *const all_verbs[] = {"SETUJU", "TERUSKAN", "LENGKAPI", "KEMBALIKAN", "TOLAK",
                                        "TUNDA",  "AJUKAN",   "SELESAI",  "GAGAL",      "CATAT",
                                        "ALIH",   "TAUTKAN",  "STATUS",   "DAFTAR",     "BATAL",
                                        "COBA",   "BANTUAN",  "BENAR",    "MUSNAHKAN",  NULL};

static void
phrase_free(gpointer data)
{
    Phrase *phrase = data;

    g_strfreev(phrase->words);
    g_free(phrase);
}

static GHashTable *
new_set(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static MpVerbs *
verbs_new(void)
{
    MpVerbs *verbs = g_new0(MpVerbs, 1);

    verbs->phrases = g_ptr_array_new_with_free_func(phrase_free);
    verbs->courtesy = new_set();
    verbs->negation = new_set();
    verbs->condition = new_set();
    verbs->follow = new_set();
    verbs->follows = new_set();
    verbs->against = new_set();
    return verbs;
}

void
mp_verbs_free(MpVerbs *verbs)
{
    if (verbs == NULL)
        return;
    g_ptr_array_unref(verbs->phrases);
    g_hash_table_unref(verbs->courtesy);
    g_hash_table_unref(verbs->negation);
    g_hash_table_unref(verbs->condition);
    g_hash_table_unref(verbs->follow);
    g_hash_table_unref(verbs->follows);
    g_hash_table_unref(verbs->against);
    g_free(verbs);
}

static const char *
find_verb(const char *name)
{
    for (guint i = 0; all_verbs[i] != NULL; i++) {
        if (strcmp(all_verbs[i], name) == 0)
            return all_verbs[i];
    }
    return NULL;
}

typedef struct {
    MpVerbs *verbs;
    const char *name;
    guint line;
    GError **error;
} Load;

static gboolean refuse(const Load *load, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
refuse(const Load *load, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(
        load->error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", load->name, load->line, message);
    return FALSE;
}

static gboolean
same_words(const Phrase *phrase, char **words)
{
    return g_strv_equal((const char *const *)phrase->words, (const char *const *)words);
}

static gboolean
add_phrase(const Load *load, const char *verb, const char *text)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);
    g_auto(GStrv) words = g_strsplit(lower, " ", -1);
    Phrase *phrase;

    if (words[0] == NULL || g_strv_length(words) > MAX_PHRASE_WORDS)
        return refuse(load, "'%s' has no words or more than %d", text, MAX_PHRASE_WORDS);
    for (guint i = 0; words[i] != NULL; i++) {
        for (const char *p = words[i]; *p != '\0' || p == words[i]; p++) {
            if (!g_ascii_isalnum(*p))
                return refuse(load, "'%s' is not words of letters and digits", text);
        }
    }
    for (guint i = 0; i < load->verbs->phrases->len; i++) {
        const Phrase *other = g_ptr_array_index(load->verbs->phrases, i);

        if (same_words(other, words))
            return refuse(load, "'%s' stands for %s already", text, other->verb);
    }
    phrase = g_new0(Phrase, 1);
    phrase->verb = verb;
    phrase->count = g_strv_length(words);
    phrase->words = g_steal_pointer(&words);
    g_ptr_array_add(load->verbs->phrases, phrase);
    return TRUE;
}

static gboolean
add_verb(const Load *load, const char *verb, char **items)
{
    g_autofree char *lower = g_ascii_strdown(verb, -1);

    for (guint i = 0; i < load->verbs->phrases->len; i++) {
        const Phrase *other = g_ptr_array_index(load->verbs->phrases, i);

        if (other->verb == verb)
            return refuse(load, "verb %s stands there already", verb);
    }
    if (!add_phrase(load, verb, lower))
        return FALSE;
    for (guint i = 0; items[i] != NULL; i++) {
        if (!add_phrase(load, verb, items[i]))
            return FALSE;
    }
    return TRUE;
}

static void
add_pairs(GHashTable *set, const char *verb, char **items, gboolean both)
{
    for (guint i = 0; items[i] != NULL; i++) {
        g_hash_table_add(set, g_strconcat(verb, " ", items[i], NULL));
        if (both)
            g_hash_table_add(set, g_strconcat(items[i], " ", verb, NULL));
    }
}

static gboolean
add_against(const Load *load, const char *verb, char **items)
{
    for (guint i = 0; items[i] != NULL; i++) {
        if (find_verb(items[i]) == NULL)
            return refuse(load, "verb '%s' is unknown", items[i]);
    }
    add_pairs(load->verbs->against, verb, items, TRUE);
    return TRUE;
}

static gboolean
add_set(const Load *load, GHashTable *set, char **items)
{
    for (guint i = 0; items[i] != NULL; i++) {
        if (strchr(items[i], ' ') != NULL)
            return refuse(load, "'%s' is not one word", items[i]);
        g_hash_table_add(set, g_ascii_strdown(items[i], -1));
    }
    return TRUE;
}

static char **
split_items(const char *cell)
{
    g_autoptr(GPtrArray) items = mp_case_strings_split(strcmp(cell, "-") != 0 ? cell : "");

    g_ptr_array_add(items, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&items), FALSE);
}

/* class, name, items: "verb TAB SETUJU TAB acc; disetujui", "courtesy TAB - TAB mohon; pak". */
static gboolean
add_line(const Load *load, char *line)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    g_auto(GStrv) items = NULL;
    MpVerbs *verbs = load->verbs;
    const char *verb;

    if (g_strv_length(cells) != 3)
        return refuse(load, "line has not the three cells class, name, words");
    items = split_items(cells[2]);
    if (strcmp(cells[0], "courtesy") == 0)
        return add_set(load, verbs->courtesy, items);
    if (strcmp(cells[0], "negation") == 0)
        return add_set(load, verbs->negation, items);
    if (strcmp(cells[0], "condition") == 0)
        return add_set(load, verbs->condition, items);
    verb = find_verb(cells[1]);
    if (verb == NULL)
        return refuse(load, "verb '%s' is unknown", cells[1]);
    if (strcmp(cells[0], "verb") == 0)
        return add_verb(load, verb, items);
    if (strcmp(cells[0], "against") == 0)
        return add_against(load, verb, items);
    if (strcmp(cells[0], "follow") == 0) {
        g_hash_table_add(verbs->follows, g_strdup(verb));
        add_pairs(verbs->follow, verb, items, FALSE);
        return TRUE;
    }
    return refuse(load,
                  "class '%s' is none of verb, courtesy, negation, condition, against, follow",
                  cells[0]);
}

/* A phrase with a negation in it would turn a no into a yes; a courtesy word that is a verb too
 * would hide it. */
static gboolean
check_words(const Load *load)
{
    for (guint i = 0; i < load->verbs->phrases->len; i++) {
        const Phrase *phrase = g_ptr_array_index(load->verbs->phrases, i);

        for (guint w = 0; w < phrase->count; w++) {
            if (g_hash_table_contains(load->verbs->negation, phrase->words[w]))
                return refuse(
                    load, "a word for %s holds the negation '%s'", phrase->verb, phrase->words[w]);
        }
        if (phrase->count == 1 && (g_hash_table_contains(load->verbs->courtesy, phrase->words[0]) ||
                                   g_hash_table_contains(load->verbs->condition, phrase->words[0])))
            return refuse(load, "'%s' is a word for %s too", phrase->words[0], phrase->verb);
    }
    return TRUE;
}

static gboolean
check_all_there(const Load *load)
{
    for (guint v = 0; all_verbs[v] != NULL; v++) {
        gboolean found = FALSE;

        for (guint i = 0; i < load->verbs->phrases->len && !found; i++)
            found =
                ((const Phrase *)g_ptr_array_index(load->verbs->phrases, i))->verb == all_verbs[v];
        if (!found)
            return refuse(load, "verb %s is absent", all_verbs[v]);
    }
    if (g_hash_table_size(load->verbs->negation) == 0)
        return refuse(load, "no negation words are given");
    return TRUE;
}

MpVerbs *
mp_verbs_parse(const char *name, const char *bytes, gsize length, GError **error)
{
    g_autofree char *base = g_path_get_basename(name);
    g_autofree char *text = g_strndup(bytes, length);
    g_autoptr(MpVerbs) verbs = verbs_new();
    Load load = {verbs, base, 1, error};
    g_auto(GStrv) lines = NULL;

    if (strlen(text) != length || !g_utf8_validate(text, -1, NULL)) {
        refuse(&load, "file is no UTF-8 text");
        return NULL;
    }
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        load.line = i + 1;
        if (g_str_has_suffix(lines[i], "\r"))
            lines[i][strlen(lines[i]) - 1] = '\0';
        if (lines[i][0] == '\0' || lines[i][0] == '#')
            continue;
        if (!add_line(&load, lines[i]))
            return NULL;
    }
    if (!check_words(&load) || !check_all_there(&load))
        return NULL;
    return g_steal_pointer(&verbs);
}

/* --- questions --- */

static gboolean
phrase_begins(const Phrase *phrase, const GArray *words, guint at)
{
    if (at + phrase->count > words->len)
        return FALSE;
    for (guint i = 0; i < phrase->count; i++) {
        if (strcmp(phrase->words[i], g_array_index(words, MpWord, at + i).text) != 0)
            return FALSE;
    }
    return TRUE;
}

const char *
mp_verbs_match(const MpVerbs *verbs, const GArray *words, guint at, guint *taken_out)
{
    const char *verb = NULL;

    *taken_out = 0;
    for (guint i = 0; i < verbs->phrases->len; i++) {
        const Phrase *phrase = g_ptr_array_index(verbs->phrases, i);

        if (phrase->count > *taken_out && phrase_begins(phrase, words, at)) {
            verb = phrase->verb;
            *taken_out = phrase->count;
        }
    }
    return verb;
}

gboolean
mp_verbs_is_courtesy(const MpVerbs *verbs, const char *word)
{
    return g_hash_table_contains(verbs->courtesy, word);
}

gboolean
mp_verbs_is_negation(const MpVerbs *verbs, const char *word)
{
    return g_hash_table_contains(verbs->negation, word);
}

gboolean
mp_verbs_is_condition(const MpVerbs *verbs, const char *word)
{
    return g_hash_table_contains(verbs->condition, word);
}

gboolean
mp_verbs_may_follow(const MpVerbs *verbs, const char *verb, const char *word)
{
    g_autofree char *pair = g_strconcat(verb, " ", word, NULL);

    return !g_hash_table_contains(verbs->follows, verb) ||
           g_hash_table_contains(verbs->follow, pair);
}

gboolean
mp_verbs_contradict(const MpVerbs *verbs, const char *a, const char *b)
{
    g_autofree char *pair = g_strconcat(a, " ", b, NULL);

    return g_hash_table_contains(verbs->against, pair);
}

/* The verbs with the smallest distance of any of their single words; nearest first, in the order of
 * the table where two are equally near. */
char *
mp_verbs_near(const MpVerbs *verbs, const char *word, guint limit)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();

    for (guint distance = 0; distance <= limit; distance++) {
        for (guint i = 0; i < verbs->phrases->len; i++) {
            const Phrase *phrase = g_ptr_array_index(verbs->phrases, i);

            if (phrase->count == 1 && !g_ptr_array_find(found, phrase->verb, NULL) &&
                mp_text_distance(word, phrase->words[0], limit) == distance)
                g_ptr_array_add(found, (gpointer)phrase->verb);
        }
    }
    g_ptr_array_add(found, NULL);
    return g_strjoinv(" ", (char **)found->pdata);
}
