/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rule files. One group is one rule; the group [words] of any file names pieces of patterns that
 * later rules use as {name}, so that a synonym is added in one place. Everything is checked when
 * the file is loaded: an unknown word is an error with file and line, never a rule that does
 * nothing. */

#include "classify/classify-private.h"

#define MAX_RULES 2000
#define MAX_PATTERN 20000

const char *const mp_verdict_kinds[] = {"request",
                                        "supplement",
                                        "command",
                                        "notice",
                                        "inquiry",
                                        "withdrawal",
                                        "complaint",
                                        "bounce",
                                        "auto-reply",
                                        "other",
                                        "suspect",
                                        "unreadable",
                                        NULL};
const char *const mp_service_words[] = {
    "pendaftaran", "pembaruan", "perubahan-data", "pencabutan", NULL};
const char *const mp_outcome_words[] = {"issued",
                                        "rejected",
                                        "renewed",
                                        "changed",
                                        "revoked",
                                        "activation",
                                        "passphrase",
                                        "reminder",
                                        NULL};
const char *const mp_doubt_words[] = {"unread-attachment",
                                      "empty-attachment",
                                      "no-attachment",
                                      "no-applicant",
                                      "service-unclear",
                                      "title-body-conflict",
                                      "early-renewal",
                                      "bad-nip",
                                      "bad-nik",
                                      "nip-nik-differ",
                                      "swapped-number",
                                      "same-name",
                                      "private-email",
                                      "no-command",
                                      "forwarded-notice",
                                      "unauthenticated",
                                      "look-alike-sender",
                                      "private-sender",
                                      "forged-auth",
                                      "charset-guessed",
                                      "mime-ambiguous",
                                      "parts-differ",
                                      "same-id-other-content",
                                      "rule-limit",
                                      "limit",
                                      NULL};

static const char *const field_names[] = {
#define X(id, name) name,
    MP_FIELDS(X)
#undef X
        NULL};
G_STATIC_ASSERT(G_N_ELEMENTS(field_names) == MP_FIELD_N + 1);

static const char *const target_names[] = {
#define X(id, name) name,
    MP_TARGETS(X)
#undef X
        NULL};
G_STATIC_ASSERT(G_N_ELEMENTS(target_names) == MP_TARGET_N + 1);

static const char *const flag_names[] = {"thread",
                                         "answers-us",
                                         "case",
                                         "forward",
                                         "official",
                                         "bsre",
                                         "own-domain",
                                         "aligned",
                                         "documents",
                                         "letter",
                                         "letter-number",
                                         "unread",
                                         "applicants",
                                         "service",
                                         "short",
                                         NULL};

static const char *const key_names[] = {"in", "pattern", "unless", "when", "gives", "weight", NULL};

static void
give_free(gpointer data)
{
    MpGive *give = data;

    g_free(give->word);
    g_free(give);
}

static void
rule_free(gpointer data)
{
    MpRule *rule = data;

    g_free(rule->name);
    g_free(rule->file);
    mp_pattern_free(rule->pattern);
    mp_pattern_free(rule->unless);
    g_strfreev(rule->when);
    g_ptr_array_unref(rule->gives);
    g_free(rule);
}

MpRules *
mp_rules_new(const MpLimits *limits)
{
    MpRules *rules = g_new0(MpRules, 1);

    rules->limits = limits != NULL ? *limits : mp_limits_default();
    rules->rules = g_ptr_array_new_with_free_func(rule_free);
    rules->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return rules;
}

void
mp_rules_free(MpRules *rules)
{
    if (rules == NULL)
        return;
    g_ptr_array_unref(rules->rules);
    g_hash_table_unref(rules->words);
    g_free(rules);
}

guint
mp_rules_count(const MpRules *rules)
{
    return rules->rules->len;
}

static int
index_of(const char *const *words, const char *word)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0)
            return i;
    }
    return -1;
}

/* An error that names the nearest known word. */
static gboolean
refuse_word(const MpKeyFile *file,
            const char *group,
            const char *key,
            const char *what,
            const char *word,
            const char *const *words,
            GError **error)
{
    const char *nearest = mp_text_nearest(word, words, 3);

    return mp_keyfile_refuse(file,
                             group,
                             key,
                             error,
                             "%s '%s' is not known%s%s%s",
                             what,
                             word,
                             nearest != NULL ? "; nearest is '" : "",
                             nearest != NULL ? nearest : "",
                             nearest != NULL ? "'" : "");
}

/* A backslash with what it escapes: `\.`, `\p{Lu}`, `\x{2013}`. */
static gsize
escape_length(const char *at)
{
    const char *end = strchr("pPxoNkg", at[1]) != NULL && at[2] == '{' ? strchr(at, '}') : NULL;

    return end != NULL ? (gsize)(end - at) + 1 : 2;
}

/* Puts the pieces of [words] in for {name}. A { that no letter follows is a repetition. */
static char *
expand(const MpRules *rules,
       const MpKeyFile *file,
       const char *group,
       const char *key,
       const char *pattern,
       GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);

    while (*pattern != '\0') {
        const char *end =
            *pattern == '{' && g_ascii_isalpha(pattern[1]) ? strchr(pattern, '}') : NULL;
        g_autofree char *name = end != NULL ? g_strndup(pattern + 1, end - pattern - 1) : NULL;
        const char *piece = name != NULL ? g_hash_table_lookup(rules->words, name) : NULL;

        if (*pattern == '\\' && pattern[1] != '\0') {
            gsize length = escape_length(pattern);

            g_string_append_len(out, pattern, (gssize)length);
            pattern += length;
        } else if (name == NULL) {
            g_string_append_c(out, *pattern++);
        } else if (piece == NULL) {
            mp_keyfile_refuse(
                file, group, key, error, "no word {%s} stands before this line", name);
            return NULL;
        } else {
            g_string_append_printf(out, "(?:%s)", piece);
            pattern = end + 1;
        }
        if (out->len > MAX_PATTERN) {
            mp_keyfile_refuse(
                file, group, key, error, "the pattern is longer than %d", MAX_PATTERN);
            return NULL;
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* PCRE2's words without the pattern, which the file shows anyway and {words} make long. */
static const char *
cause_of(const GError *error)
{
    const char *at = g_strrstr(error->message, "': ");

    return at != NULL ? at + 3 : error->message;
}

static gboolean
add_words(MpRules *rules, const MpKeyFile *file, const char *group, GError **error)
{
    const char *const *keys = mp_keyfile_keys(file, group);

    for (gsize i = 0; keys[i] != NULL; i++) {
        const char *value = mp_keyfile_value(file, group, keys[i]);
        g_autofree char *piece = NULL;
        g_autoptr(MpPattern) trial = NULL;
        g_autoptr(GError) cause = NULL;

        piece = expand(rules, file, group, keys[i], value, error);
        if (piece == NULL)
            return FALSE;
        trial = mp_pattern_new(piece, MP_PATTERN_CASELESS, &rules->limits, &cause);
        if (trial == NULL)
            return mp_keyfile_refuse(file, group, keys[i], error, "%s", cause_of(cause));
        if (g_hash_table_contains(rules->words, keys[i]))
            return mp_keyfile_refuse(
                file, group, keys[i], error, "word {%s} is already in another file", keys[i]);
        g_hash_table_insert(rules->words, g_strdup(keys[i]), g_steal_pointer(&piece));
    }
    return TRUE;
}

static gboolean
read_pattern(const MpRules *rules,
             const MpKeyFile *file,
             const char *group,
             const char *key,
             MpPattern **pattern_out,
             GError **error)
{
    const char *value = mp_keyfile_value(file, group, key);
    g_autofree char *regex = NULL;
    g_autoptr(GError) cause = NULL;
    MpPattern *pattern;

    if (value == NULL)
        return TRUE;
    if (value[0] == '\0')
        return mp_keyfile_refuse(file, group, key, error, "the pattern is empty");
    regex = expand(rules, file, group, key, value, error);
    if (regex == NULL)
        return FALSE;
    pattern =
        mp_pattern_new(regex, MP_PATTERN_CASELESS | MP_PATTERN_MULTILINE, &rules->limits, &cause);
    if (pattern == NULL)
        return mp_keyfile_refuse(file, group, key, error, "%s", cause_of(cause));
    *pattern_out = pattern;
    return TRUE;
}

static gboolean
read_fields(const MpKeyFile *file, const char *group, MpRule *rule, GError **error)
{
    g_auto(GStrv) names = mp_keyfile_list(file, group, "in");

    for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
        int field = index_of(field_names, names[i]);

        if (field < 0)
            return refuse_word(file, group, "in", "text", names[i], field_names, error);
        rule->fields |= 1u << field;
    }
    if ((rule->fields == 0) != (rule->pattern == NULL))
        return mp_keyfile_refuse(file, group, NULL, error, "'in' and 'pattern' go together");
    return TRUE;
}

/* A flag of the list, or a mark that a rule gives. */
static gboolean
is_known_flag(const MpRules *rules, const char *flag)
{
    if (index_of(flag_names, flag) >= 0 || index_of(mp_document_kinds, flag) >= 0)
        return TRUE;
    for (guint i = 0; i < rules->rules->len; i++) {
        const MpRule *rule = g_ptr_array_index(rules->rules, i);

        for (guint k = 0; k < rule->gives->len; k++) {
            const MpGive *give = g_ptr_array_index(rule->gives, k);

            if (give->target == MP_TARGET_MARK && strcmp(give->word, flag) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

static gboolean
read_when(
    const MpRules *rules, const MpKeyFile *file, const char *group, MpRule *rule, GError **error)
{
    rule->when = mp_keyfile_list(file, group, "when");
    for (gsize i = 0; rule->when != NULL && rule->when[i] != NULL; i++) {
        const char *flag = rule->when[i];

        if (g_str_has_prefix(flag, "not "))
            flag += 4;
        if (!is_known_flag(rules, flag))
            return refuse_word(file, group, "when", "condition", flag, flag_names, error);
    }
    if (rule->pattern == NULL && rule->when == NULL)
        return mp_keyfile_refuse(file, group, NULL, error, "rule has neither pattern nor 'when'");
    return TRUE;
}

static const char *const *
words_of(MpTarget target)
{
    switch (target) {
    case MP_TARGET_KIND:
        return mp_verdict_kinds;
    case MP_TARGET_SERVICE:
        return mp_service_words;
    case MP_TARGET_DOCUMENT:
        return mp_document_kinds;
    case MP_TARGET_OUTCOME:
        return mp_outcome_words;
    case MP_TARGET_DOUBT:
        return mp_doubt_words;
    case MP_TARGET_MARK:
    case MP_TARGET_REASON:
    case MP_TARGET_APPLICANT:
    case MP_TARGET_EMAIL:
    case MP_TARGET_VALID_UNTIL:
    case MP_TARGET_N:
        break;
    }
    return NULL;
}

static gboolean
read_give(const MpKeyFile *file, const char *group, MpRule *rule, const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 2);
    int target = index_of(target_names, g_strstrip(parts[0]));
    const char *word = parts[1] != NULL ? g_strstrip(parts[1]) : "";
    const char *const *words;
    MpGive *give;

    if (target < 0)
        return refuse_word(file, group, "gives", "result", parts[0], target_names, error);
    words = words_of((MpTarget)target);
    if (word[0] == '\0')
        return mp_keyfile_refuse(file, group, "gives", error, "'%s' needs a word", parts[0]);
    if (words != NULL && index_of(words, word) < 0)
        return refuse_word(file, group, "gives", parts[0], word, words, error);
    if (word[0] == '$' && (strlen(word) != 2 || word[1] < '1' || word[1] > '8'))
        return mp_keyfile_refuse(file, group, "gives", error, "'%s' is no $1 to $8", word);
    give = g_new0(MpGive, 1);
    give->target = (MpTarget)target;
    give->word = g_strdup(word);
    g_ptr_array_add(rule->gives, give);
    return TRUE;
}

static gboolean
read_gives(const MpKeyFile *file, const char *group, MpRule *rule, GError **error)
{
    g_auto(GStrv) items = mp_keyfile_list(file, group, "gives");

    for (gsize i = 0; items != NULL && items[i] != NULL; i++) {
        if (!read_give(file, group, rule, items[i], error))
            return FALSE;
    }
    if (rule->gives->len == 0)
        return mp_keyfile_refuse(file, group, NULL, error, "rule has no 'gives'");
    return TRUE;
}

static gboolean
read_weight(const MpKeyFile *file, const char *group, MpRule *rule, GError **error)
{
    const char *value = mp_keyfile_value(file, group, "weight");
    gint64 weight = 10;

    if (value != NULL && !g_ascii_string_to_signed(value, 10, -100, 100, &weight, NULL))
        return mp_keyfile_refuse(
            file, group, "weight", error, "'%s' is no weight from -100 to 100", value);
    rule->weight = (int)weight;
    return TRUE;
}

static gboolean
check_keys(const MpKeyFile *file, const char *group, GError **error)
{
    const char *const *keys = mp_keyfile_keys(file, group);

    for (gsize i = 0; keys[i] != NULL; i++) {
        if (index_of(key_names, keys[i]) < 0)
            return refuse_word(file, group, keys[i], "key", keys[i], key_names, error);
    }
    return TRUE;
}

static gboolean
add_rule(MpRules *rules, const MpKeyFile *file, const char *group, GError **error)
{
    MpRule *rule = g_new0(MpRule, 1);

    rule->name = g_strdup(group);
    rule->file = g_path_get_basename(mp_keyfile_name(file));
    rule->line = mp_keyfile_line(file, group, NULL);
    rule->gives = g_ptr_array_new_with_free_func(give_free);
    if (check_keys(file, group, error) &&
        read_pattern(rules, file, group, "pattern", &rule->pattern, error) &&
        read_pattern(rules, file, group, "unless", &rule->unless, error) &&
        read_fields(file, group, rule, error) && read_when(rules, file, group, rule, error) &&
        read_gives(file, group, rule, error) && read_weight(file, group, rule, error)) {
        g_ptr_array_add(rules->rules, rule);
        return TRUE;
    }
    rule_free(rule);
    return FALSE;
}

gboolean
mp_rules_add(MpRules *rules, const char *name, const char *bytes, gsize length, GError **error)
{
    g_autoptr(MpKeyFile) file = mp_keyfile_parse(name, bytes, length, error);
    const char *const *groups;

    if (file == NULL)
        return FALSE;
    groups = mp_keyfile_groups(file);
    for (gsize i = 0; groups[i] != NULL; i++) {
        if (strcmp(groups[i], "words") == 0) {
            if (!add_words(rules, file, groups[i], error))
                return FALSE;
        } else if (rules->rules->len >= MAX_RULES) {
            return mp_keyfile_refuse(file, groups[i], NULL, error, "more than %d rules", MAX_RULES);
        } else if (!add_rule(rules, file, groups[i], error)) {
            return FALSE;
        }
    }
    return TRUE;
}
