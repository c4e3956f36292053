/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The run of rules over a scene. A rule counts once a run, with the first of its texts that
 * matches, so that the weights of a verdict add up by hand. A pattern over its limit counts nothing
 * and leaves its mark on the tally (decisions.md 15). */

#include "classify/classify-private.h"

#define SAW_CHARS 80

static const char *const target_names[] = {
#define X(id, name) name,
    MP_TARGETS(X)
#undef X
};

MpScene *
mp_scene_new(void)
{
    MpScene *scene = g_new0(MpScene, 1);

    scene->flags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return scene;
}

void
mp_scene_free(MpScene *scene)
{
    if (scene == NULL)
        return;
    for (gsize i = 0; i < MP_FIELD_N; i++)
        g_free(scene->texts[i]);
    g_hash_table_unref(scene->flags);
    g_free(scene);
}

static gboolean
is_running(MpField field)
{
    return field == MP_FIELD_NEW || field == MP_FIELD_FORWARDED || field == MP_FIELD_QUOTED ||
           field == MP_FIELD_NOTICE;
}

void
mp_scene_set(MpScene *scene, MpField field, const char *text)
{
    g_autofree char *clean = NULL;

    if (text != NULL)
        clean = field == MP_FIELD_NEW_LINES ? g_strdup(text)
                : is_running(field)         ? mp_scene_sentences(text)
                                            : mp_text_line(text);
    g_free(scene->texts[field]);
    scene->texts[field] = clean != NULL && clean[0] != '\0' ? g_steal_pointer(&clean) : NULL;
}

void
mp_scene_flag(MpScene *scene, const char *flag, gboolean is_set)
{
    if (is_set)
        g_hash_table_add(scene->flags, g_strdup(flag));
    else
        g_hash_table_remove(scene->flags, flag);
}

gboolean
mp_scene_has(const MpScene *scene, const char *flag)
{
    return g_hash_table_contains(scene->flags, flag);
}

static void
found_free(gpointer data)
{
    MpFound *found = data;

    g_free(found->word);
    g_free(found);
}

void
mp_tally_free(MpTally *tally)
{
    if (tally == NULL)
        return;
    g_ptr_array_unref(tally->words);
    g_ptr_array_unref(tally->hits);
    g_free(tally);
}

static gboolean
is_allowed(const MpRule *rule, const MpScene *scene)
{
    for (gsize i = 0; rule->when != NULL && rule->when[i] != NULL; i++) {
        const char *flag = rule->when[i];
        gboolean want = !g_str_has_prefix(flag, "not ");

        if (mp_scene_has(scene, want ? flag : flag + 4) != want)
            return FALSE;
    }
    return TRUE;
}

/* The first text that matches and is not excepted, or NULL. */
static const char *
find_match(const MpRule *rule,
           const MpScene *scene,
           guint fields,
           MpCaptures *captures,
           gboolean *has_limit)
{
    for (guint i = 0; i < MP_FIELD_N; i++) {
        const char *text = scene->texts[i];
        MpMatch match, except = MP_MATCH_NO;

        if ((rule->fields & fields & (1u << i)) == 0 || text == NULL)
            continue;
        match = mp_pattern_match(rule->pattern, text, strlen(text), 0, captures);
        if (match == MP_MATCH_YES && rule->unless != NULL)
            except = mp_pattern_match(rule->unless, text, strlen(text), 0, NULL);
        *has_limit |= match == MP_MATCH_LIMIT || except == MP_MATCH_LIMIT;
        if (match == MP_MATCH_YES && except == MP_MATCH_NO)
            return text;
    }
    return NULL;
}

static void
add_found(MpTally *tally, const char *word, int weight)
{
    MpFound *found;

    for (guint i = 0; i < tally->words->len; i++) {
        found = g_ptr_array_index(tally->words, i);
        if (strcmp(found->word, word) == 0) {
            found->sum += weight;
            return;
        }
    }
    found = g_new0(MpFound, 1);
    found->word = g_strdup(word);
    found->sum = weight;
    g_ptr_array_add(tally->words, found);
}

static char *
cut_saw(const char *text, const MpCaptures *captures)
{
    g_autofree char *whole = text != NULL ? mp_pattern_group(text, captures, 0) : NULL;
    g_autofree char *line = whole != NULL ? mp_text_line(whole) : g_strdup("");

    if (g_utf8_strlen(line, -1) <= SAW_CHARS)
        return g_steal_pointer(&line);
    return g_strchomp(g_utf8_substring(line, 0, SAW_CHARS));
}

static void
count_rule(MpTally *tally,
           const MpRule *rule,
           MpTarget target,
           const char *text,
           const MpCaptures *captures)
{
    for (guint i = 0; i < rule->gives->len; i++) {
        const MpGive *give = g_ptr_array_index(rule->gives, i);
        g_autofree char *group = NULL;
        g_autofree char *word = NULL;
        MpRuleHit *hit;

        if (give->target != target)
            continue;
        if (give->word[0] == '$' && text != NULL)
            group = mp_pattern_group(text, captures, (guint)(give->word[1] - '0'));
        word =
            give->word[0] == '$' ? mp_text_line(group != NULL ? group : "") : g_strdup(give->word);
        if (word[0] == '\0')
            continue;
        add_found(tally, word, rule->weight);
        hit = mp_rule_hit_new();
        hit->name = g_strdup(rule->name);
        hit->file = g_strdup(rule->file);
        hit->line = rule->line;
        hit->saw = cut_saw(text, captures);
        hit->weight = rule->weight;
        hit->target = g_strconcat(target_names[target], ":", word, NULL);
        g_ptr_array_add(tally->hits, hit);
    }
}

static gboolean
has_target(const MpRule *rule, MpTarget target)
{
    for (guint i = 0; i < rule->gives->len; i++) {
        if (((const MpGive *)g_ptr_array_index(rule->gives, i))->target == target)
            return TRUE;
    }
    return FALSE;
}

MpTally *
mp_rules_run(const MpRules *rules, const MpScene *scene, MpTarget target, guint fields)
{
    MpTally *tally = g_new0(MpTally, 1);

    tally->words = g_ptr_array_new_with_free_func(found_free);
    tally->hits = g_ptr_array_new_with_free_func((GDestroyNotify)mp_rule_hit_free);
    for (guint i = 0; i < rules->rules->len; i++) {
        const MpRule *rule = g_ptr_array_index(rules->rules, i);
        MpCaptures captures;
        const char *text = NULL;

        if (!has_target(rule, target) || !is_allowed(rule, scene))
            continue;
        if (rule->pattern != NULL) {
            text = find_match(rule, scene, fields, &captures, &tally->has_limit);
            if (text == NULL)
                continue;
        }
        count_rule(tally, rule, target, text, &captures);
    }
    return tally;
}

const char *
mp_tally_best(const MpTally *tally, gboolean *is_tied_out)
{
    const MpFound *best = NULL;
    gboolean is_tied = FALSE;

    for (guint i = 0; i < tally->words->len; i++) {
        const MpFound *found = g_ptr_array_index(tally->words, i);

        if (found->sum <= 0)
            continue;
        if (best != NULL && found->sum == best->sum)
            is_tied = TRUE;
        else if (best == NULL || found->sum > best->sum) {
            best = found;
            is_tied = FALSE;
        }
    }
    if (is_tied_out != NULL)
        *is_tied_out = is_tied;
    return best != NULL ? best->word : NULL;
}

int
mp_tally_sum(const MpTally *tally, const char *word)
{
    for (guint i = 0; i < tally->words->len; i++) {
        const MpFound *found = g_ptr_array_index(tally->words, i);

        if (strcmp(found->word, word) == 0)
            return found->sum;
    }
    return 0;
}

void
mp_tally_report(MpTally *tally, const char *word, MpVerdict *verdict)
{
    for (guint i = 0; i < tally->hits->len;) {
        const MpRuleHit *hit = g_ptr_array_index(tally->hits, i);
        const char *colon = strchr(hit->target, ':');

        if (word == NULL || (colon != NULL && strcmp(colon + 1, word) == 0))
            g_ptr_array_add(verdict->hits, g_ptr_array_steal_index(tally->hits, i));
        else
            i++;
    }
    if (tally->has_limit) {
        verdict->has_rule_limit = TRUE;
        mp_text_add_once(verdict->doubts, "rule-limit");
    }
}
