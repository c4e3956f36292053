/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading commands from what an official wrote: one a line, the verb opens the line after courtesy
 * words at most. A verb that is negated, conditional or asked about is none. Nothing here acts. */

#include "case/command-private.h"

#define MAX_LINE_BYTES 2000
#define MAX_APPLICANT 999

typedef struct {
    const MpVerbs *verbs;
    const char *prefix;
    MpCommands *out;
    const char *written; /* the line as it was written, case number included */
} Read;

/* --- values --- */

static void
command_free(gpointer data)
{
    MpCommand *command = data;

    g_free(command->verb);
    g_free(command->case_number);
    g_free(command->until);
    g_free(command->note);
    g_free(command->line);
    g_free(command);
}

static MpCommands *
commands_new(void)
{
    MpCommands *commands = g_new0(MpCommands, 1);

    commands->commands = g_ptr_array_new_with_free_func(command_free);
    commands->not_understood = g_ptr_array_new_with_free_func(g_free);
    commands->suggestions = g_ptr_array_new_with_free_func(g_free);
    commands->doubts = g_ptr_array_new_with_free_func(g_free);
    return commands;
}

void
mp_commands_free(MpCommands *commands)
{
    if (commands == NULL)
        return;
    g_ptr_array_unref(commands->commands);
    g_ptr_array_unref(commands->not_understood);
    g_ptr_array_unref(commands->suggestions);
    g_free(commands->message);
    g_ptr_array_unref(commands->doubts);
    g_free(commands);
}

/* --- words --- */

static void
clear_word(gpointer data)
{
    g_free(((MpWord *)data)->text);
}

GArray *
mp_words_of(const char *line)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(MpWord));

    g_array_set_clear_func(words, clear_word);
    for (const char *p = line; *p != '\0';) {
        const char *start = p;
        MpWord word;

        while (*p != '\0' && g_unichar_isalnum(g_utf8_get_char(p)))
            p = g_utf8_next_char(p);
        if (p == start) {
            p = g_utf8_next_char(p);
            continue;
        }
        word.start = (gsize)(start - line);
        word.end = (gsize)(p - line);
        word.text = g_ascii_strdown(start, p - start);
        g_array_append_val(words, word);
    }
    return words;
}

static const char *
word_at(const GArray *words, guint i)
{
    return i < words->len ? g_array_index(words, MpWord, i).text : "";
}

/* Is there any mark between word `i` and the one before it, or blanks alone? */
static gboolean
has_mark_before(const char *line, const GArray *words, guint i, const char *marks)
{
    const MpWord *before = &g_array_index(words, MpWord, i - 1);
    const MpWord *word = &g_array_index(words, MpWord, i);

    for (gsize at = before->end; at < word->start; at++) {
        if (marks != NULL ? strchr(marks, line[at]) != NULL : !g_ascii_isspace(line[at]))
            return TRUE;
    }
    return FALSE;
}

/* --- case numbers --- */

/* Cuts the first "SE-2026-000123", with or without brackets, out of the line. */
static char *
take_case_number(GString *line, const char *prefix)
{
    gsize length = strlen(prefix);

    for (char *p = line->str; *p != '\0'; p++) {
        const char *digits;
        gsize start = (gsize)(p - line->str), end;
        char *number;

        if (g_ascii_strncasecmp(p, prefix, length) != 0 || p[length] != '-' ||
            (p > line->str && g_ascii_isalnum(p[-1])))
            continue;
        digits = p + length + 1;
        if (strspn(digits, "0123456789") != 4 || digits[4] != '-' ||
            strspn(digits + 5, "0123456789") != 6 || g_ascii_isalnum(digits[11]))
            continue;
        number = g_ascii_strup(p, (gssize)length + 12);
        end = start + length + 12;
        if (start > 0 && line->str[start - 1] == '[' && line->str[end] == ']') {
            start--;
            end++;
        }
        g_string_erase(line, (gssize)start, (gssize)(end - start));
        return number;
    }
    return NULL;
}

/* --- one line --- */

static gboolean
has_letters(const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        if (g_unichar_isalnum(g_utf8_get_char(p)))
            return TRUE;
    }
    return FALSE;
}

/* The rest of the line after the verb, without the marks between them; NULL when it says nothing.
 */
static char *
note_from(const char *line, gsize at)
{
    const char *rest = line + at;
    g_autofree char *note = NULL;

    if (!has_letters(rest))
        return NULL;
    rest += strspn(rest, " \t,;:.-!");
    note = mp_text_line(rest);
    return g_steal_pointer(&note);
}

/* Verbs that push a case on: for them any doubt in the rest of the line stops the command. */
static gboolean
goes_ahead(const char *verb)
{
    static const char *const ahead[] = {"SETUJU", "TERUSKAN", "AJUKAN", "SELESAI", NULL};

    return g_strv_contains(ahead, verb);
}

static gboolean
only_informs(const char *verb)
{
    static const char *const informing[] = {"STATUS", "DAFTAR", "BANTUAN", "CATAT", NULL};

    return g_strv_contains(informing, verb);
}

/* "Setuju tapi jangan diteruskan", "lanjut kalau lengkap", "acc belum". */
static gboolean
is_taken_back(const Read *read, const char *line, const GArray *words, guint from)
{
    for (guint i = from; i < words->len; i++) {
        const char *word = word_at(words, i);
        guint taken;

        if (mp_verbs_is_condition(read->verbs, word) && !has_mark_before(line, words, i, ".;!"))
            return TRUE;
        if (!mp_verbs_is_negation(read->verbs, word))
            continue;
        if (i == from && !has_mark_before(line, words, i, NULL))
            return TRUE;
        if (i + 1 == words->len || mp_verbs_match(read->verbs, words, i + 1, &taken) != NULL ||
            strcmp(word_at(words, i + 1), "dulu") == 0)
            return TRUE;
    }
    return FALSE;
}

static void
not_understood(Read *read, const char *suggestion)
{
    g_ptr_array_add(read->out->not_understood, g_strdup(read->written));
    g_ptr_array_add(read->out->suggestions, g_strdup(suggestion != NULL ? suggestion : ""));
}

static gboolean
is_upper(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (g_ascii_islower(*p))
            return FALSE;
    }
    return TRUE;
}

/* A word that is nearly a verb, alone on its line or shouted: more room; in prose: less. */
static void
suggest(Read *read, const char *line, const GArray *words, guint at)
{
    const MpWord *word = &g_array_index(words, MpWord, at);
    g_autofree char *written = g_strndup(line + word->start, word->end - word->start);
    gsize length = strlen(word->text);
    guint limit = length < 4 ? 0 : length < 7 && at + 1 < words->len && !is_upper(written) ? 1 : 2;
    g_autofree char *verbs = NULL;

    if (limit == 0)
        return;
    verbs = mp_verbs_near(read->verbs, word->text, limit);
    if (verbs[0] != '\0')
        not_understood(read, verbs);
}

/* "SELESAI 2 …": the number is the target, not part of the note. */
static guint
take_applicant(const char *verb, const GArray *words, guint *at)
{
    static const char *const targeted[] = {"SELESAI", "GAGAL", NULL};
    const char *text = word_at(words, *at);
    gint64 number;

    if (!g_strv_contains(targeted, verb) || strspn(text, "0123456789") != strlen(text) ||
        !g_ascii_string_to_signed(text, 10, 1, MAX_APPLICANT, &number, NULL))
        return 0;
    (*at)++;
    return (guint)number;
}

/* A number that opens a date ("SELESAI 20-11-2028") is no applicant. */
static gboolean
opens_date(const char *line, const GArray *words, guint at)
{
    g_autofree char *day = NULL;

    return at < words->len &&
           mp_date_at(line + g_array_index(words, MpWord, at).start, &day) != MP_DATE_NONE;
}

static gboolean
take_date(Read *read, MpCommand *command)
{
    static const char *const dated[] = {"SELESAI", "TUNDA", NULL};

    if (command->note == NULL || !g_strv_contains(dated, command->verb))
        return TRUE;
    if (mp_date_find(command->note, &command->until) != MP_DATE_BAD)
        return TRUE;
    mp_text_add_once(read->out->doubts, "bad-date");
    return FALSE;
}

/* The command whose verb ended before word `at`. */
static void
add_command(Read *read,
            const char *line,
            const GArray *words,
            const char *verb,
            guint at,
            char *case_number,
            gboolean is_trial)
{
    MpCommand *command = g_new0(MpCommand, 1);
    guint last = at;

    command->verb = g_strdup(verb);
    command->case_number = case_number;
    command->line = g_strdup(read->written);
    command->is_trial = is_trial;
    if (at < words->len && !opens_date(line, words, at))
        command->applicant = take_applicant(verb, words, &last);
    command->note = note_from(line, g_array_index(words, MpWord, last - 1).end);
    if (take_date(read, command)) {
        g_ptr_array_add(read->out->commands, command);
    } else {
        not_understood(read, NULL);
        command_free(command);
    }
}

static gboolean
is_number(const char *word)
{
    return word[0] != '\0' && strspn(word, "0123456789") == strlen(word);
}

/* Is what follows the verb something that makes it no command? */
static gboolean
is_no_command(Read *read, const char *line, const GArray *words, const char *verb, guint at)
{
    if (g_str_has_suffix(line, "?") && !only_informs(verb))
        return TRUE;
    if (goes_ahead(verb) && is_taken_back(read, line, words, at))
        return TRUE;
    if (at < words->len && !has_mark_before(line, words, at, NULL) &&
        !is_number(word_at(words, at)) &&
        !mp_verbs_may_follow(read->verbs, verb, word_at(words, at))) {
        not_understood(read, verb);
        return TRUE;
    }
    return FALSE;
}

static void
read_line(Read *read, const char *text)
{
    g_autoptr(GString) line = g_string_new(text);
    g_autofree char *case_number = take_case_number(line, read->prefix);
    g_autoptr(GArray) words = NULL;
    gboolean is_trial = FALSE;
    guint at = 0, taken;
    const char *verb;

    words = mp_words_of(line->str);
    if (words->len == 0) {
        if (strchr(text, '?') != NULL && strspn(text, "? \t") == strlen(text))
            g_ptr_array_add(read->out->commands, g_new0(MpCommand, 1));
        return;
    }
    /* "1. TERUSKAN": the number of a list is no word of the language. */
    if (is_number(word_at(words, 0)) && words->len > 1)
        at++;
    while (at < words->len && mp_verbs_is_courtesy(read->verbs, word_at(words, at)))
        at++;
    verb = mp_verbs_match(read->verbs, words, at, &taken);
    if (verb != NULL && strcmp(verb, "COBA") == 0 && at + taken < words->len) {
        is_trial = TRUE;
        at += taken;
        verb = mp_verbs_match(read->verbs, words, at, &taken);
    }
    if (verb == NULL) {
        if (at < words->len && !mp_verbs_is_negation(read->verbs, word_at(words, at)))
            suggest(read, line->str, words, at);
        return;
    }
    if (is_no_command(read, line->str, words, verb, at + taken))
        return;
    add_command(read, line->str, words, verb, at + taken, g_steal_pointer(&case_number), is_trial);
}

/* --- the whole mail --- */

static gboolean
same_target(const MpCommand *a, const MpCommand *b)
{
    return g_strcmp0(a->case_number, b->case_number) == 0 && a->applicant == b->applicant &&
           a->is_trial == b->is_trial;
}

/* "Acc" and on the next line "Teruskan" is one wish; so is the same line twice. */
static gboolean
says_the_same(const MpCommand *a, const MpCommand *b)
{
    gboolean both_push = (strcmp(a->verb, "SETUJU") == 0 || strcmp(a->verb, "TERUSKAN") == 0) &&
                         (strcmp(b->verb, "SETUJU") == 0 || strcmp(b->verb, "TERUSKAN") == 0);

    return same_target(a, b) &&
           (both_push || (strcmp(a->verb, b->verb) == 0 && g_strcmp0(a->note, b->note) == 0));
}

static void
merge_equals(MpCommands *out)
{
    for (guint i = 1; i < out->commands->len;) {
        MpCommand *before = g_ptr_array_index(out->commands, i - 1);
        MpCommand *command = g_ptr_array_index(out->commands, i);

        if (!says_the_same(before, command)) {
            i++;
            continue;
        }
        if (before->note == NULL)
            before->note = g_steal_pointer(&command->note);
        g_ptr_array_remove_index(out->commands, i);
    }
}

static void
check_contradictions(const Read *read)
{
    GPtrArray *commands = read->out->commands;
    gboolean found = FALSE;

    for (guint i = 0; i < commands->len && !found; i++) {
        for (guint n = i + 1; n < commands->len && !found; n++) {
            const MpCommand *a = g_ptr_array_index(commands, i);
            const MpCommand *b = g_ptr_array_index(commands, n);

            found = same_target(a, b) && mp_verbs_contradict(read->verbs, a->verb, b->verb);
        }
    }
    if (!found)
        return;
    g_ptr_array_set_size(commands, 0);
    mp_text_add_once(read->out->doubts, "contradiction");
}

/* "pesan: …" opens the part for the applicant, to the end of the text. */
static gboolean
take_message(Read *read, char **lines, guint at)
{
    g_autofree char *line = g_strdup(lines[at]);
    g_autofree char *rest = NULL;

    g_strstrip(line);
    if (g_ascii_strncasecmp(line, "pesan", 5) != 0 || line[5 + strspn(line + 5, " ")] != ':')
        return FALSE;
    rest = g_strjoinv("\n", lines + at + 1);
    {
        g_autofree char *whole =
            g_strconcat(strchr(line, ':') + 1, rest[0] != '\0' ? "\n" : "", rest, NULL);
        g_autofree char *clean = mp_text_clean(g_strstrip(whole), -1);

        if (clean[0] != '\0')
            read->out->message = g_steal_pointer(&clean);
    }
    return TRUE;
}

/* The lone "?" was kept as an empty command. */
static void
name_questions(MpCommands *out)
{
    for (guint i = 0; i < out->commands->len; i++) {
        MpCommand *command = g_ptr_array_index(out->commands, i);

        if (command->verb != NULL)
            continue;
        command->verb = g_strdup("BANTUAN");
        command->line = g_strdup("?");
    }
}

MpCommands *
mp_commands_parse(const MpVerbs *verbs,
                  const char *reply_text,
                  const char *prefix,
                  const MpLimits *limits)
{
    MpLimits defaults = mp_limits_default();
    g_autofree char *text = mp_text_clean(reply_text != NULL ? reply_text : "", -1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    Read read = {verbs, prefix, commands_new(), NULL};
    gint64 most = limits != NULL ? limits->commands : defaults.commands;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = mp_text_line(lines[i]);

        if (take_message(&read, lines, i))
            break;
        read.written = line;
        if (strlen(line) <= MAX_LINE_BYTES)
            read_line(&read, line);
        if ((gint64)read.out->commands->len > most) {
            g_ptr_array_set_size(read.out->commands, 0);
            mp_text_add_once(read.out->doubts, "limit");
            break;
        }
    }
    name_questions(read.out);
    merge_equals(read.out);
    check_contradictions(&read);
    if (read.out->commands->len == 0 && read.out->doubts->len == 0)
        mp_text_add_once(read.out->doubts, "no-command");
    return read.out;
}
