/* SPDX-License-Identifier: GPL-3.0-or-later */

/* scenario DIR: plays DIR/script twice in fresh offices and holds what came out, byte by byte,
 * against the other run and against DIR/want.txt. MP_UPDATE_GOLDEN=1 writes want.txt instead.
 *
 * A script's lines (times in the office's zone):
 *   # why this scenario exists
 *   set [SECTION] KEY = VALUE             configuration, before the first time
 *   brief                                 mails are told by subject only
 *   at YYYY-MM-DD HH:MM DOING             lets time pass up to then, then does it
 *   jump YYYY-MM-DD HH:MM                 the clock is set wrong, or right again
 * DOING:
 *   mail FILE                             a mail of the scenario's directory arrives
 *   reply WHO [CASE] WORDS                a role or address answers his newest mail with a code
 *   bsre OUTCOME CASE N                   BSrE writes about applicant N
 *   holiday YYYY-MM-DD NAME               a new line of the holidays' file, and SIGHUP
 *   reload, restart, sweep
 *   account CASE                          tells the time used per step
 */

#include "scenario.h"

#include <locale.h>
#include <signal.h>
#include <sys/stat.h>

typedef struct {
    const char *word;
    gboolean (*run)(MpScenario *s, char **arguments, GError **error);
} Doing;

static gboolean
refuse(GError **error, const char *what)
{
    g_set_error_literal(error, MP_ERROR, MP_ERROR_INPUT, what);
    return FALSE;
}

/* --- doings ---------------------------------------------------------------------------------- */

static gboolean
do_mail(MpScenario *s, char **arguments, GError **error)
{
    return arguments[0] == NULL ? refuse(error, "mail FILE")
                                : mp_scenario_mail(s, arguments[0], error);
}

static gboolean
do_reply(MpScenario *s, char **arguments, GError **error)
{
    gboolean names_case;
    g_autofree char *words = NULL;
    g_autofree char *lines = NULL;
    g_auto(GStrv) parts = NULL;

    if (arguments[0] == NULL || arguments[1] == NULL)
        return refuse(error, "reply WHO [CASE] WORDS");
    names_case = g_str_has_prefix(arguments[1], "SE-") && arguments[2] != NULL;
    words = g_strjoinv(" ", arguments + (names_case ? 2 : 1));
    parts = g_strsplit(words, " / ", -1);
    lines = g_strjoinv("\r\n", parts);
    return mp_scenario_reply(s, arguments[0], names_case ? arguments[1] : NULL, lines, error);
}

static gboolean
do_bsre(MpScenario *s, char **arguments, GError **error)
{
    if (g_strv_length(arguments) != 3)
        return refuse(error, "bsre OUTCOME CASE N");
    return mp_scenario_bsre(
        s, arguments[0], arguments[1], (guint)g_ascii_strtoull(arguments[2], NULL, 10), error);
}

static gboolean
do_sweep(MpScenario *s, char **arguments, GError **error)
{
    (void)arguments;
    return mp_scenario_jump(s, mp_scenario_now(s), error);
}

static gboolean
do_reload(MpScenario *s, char **arguments, GError **error)
{
    return mp_scenario_reload(s, error) && do_sweep(s, arguments, error);
}

static gboolean
do_restart(MpScenario *s, char **arguments, GError **error)
{
    return mp_scenario_open(s, error) && do_sweep(s, arguments, error);
}

static gboolean
do_holiday(MpScenario *s, char **arguments, GError **error)
{
    g_autofree char *name = NULL;

    if (arguments[0] == NULL || arguments[1] == NULL)
        return refuse(error, "holiday YYYY-MM-DD NAME");
    name = g_strjoinv(" ", arguments + 1);
    return mp_scenario_holiday(s, arguments[0], name, error) && do_reload(s, arguments, error);
}

static gboolean
do_account(MpScenario *s, char **arguments, GError **error)
{
    return arguments[0] == NULL ? refuse(error, "account CASE")
                                : mp_scenario_tell_account(s, arguments[0], error);
}

static const Doing doings[] = {{"mail", do_mail},
                               {"reply", do_reply},
                               {"bsre", do_bsre},
                               {"sweep", do_sweep},
                               {"reload", do_reload},
                               {"restart", do_restart},
                               {"holiday", do_holiday},
                               {"account", do_account}};

/* --- lines ----------------------------------------------------------------------------------- */

/* The office's zone is known only once its configuration is; before that, the one it will have. */
static gint64
parse_time(const MpScenario *s, const char *day, const char *hour)
{
    g_autofree char *text = g_strdup_printf("%sT%s:00", day, hour);
    g_autofree char *name = g_key_file_get_value(s->config, "office", "timezone", NULL);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(name ? name : "Asia/Jakarta");
    g_autoptr(GDateTime) at = zone == NULL ? NULL : g_date_time_new_from_iso8601(text, zone);

    return at == NULL ? G_MININT64 : g_date_time_to_unix(at) * G_USEC_PER_SEC;
}

static gboolean
play_set(MpScenario *s, const char *line, GError **error)
{
    const char *close = strchr(line, ']'), *equals = close == NULL ? NULL : strchr(close, '=');
    g_autofree char *section = NULL;
    g_autofree char *key = NULL;
    g_autofree char *value = NULL;

    if (equals == NULL || line[strlen("set ")] != '[')
        return refuse(error, "set [SECTION] KEY = VALUE");
    section = g_strndup(line + strlen("set ["), (gsize)(close - line) - strlen("set ["));
    key = g_strstrip(g_strndup(close + 1, (gsize)(equals - close) - 1));
    value = g_strstrip(g_strdup(equals + 1));
    mp_scenario_set(s, section, key, value);
    return TRUE;
}

/* The office opens with the first time of the script. */
static gboolean
be_open(MpScenario *s, gint64 at_utc, GError **error)
{
    if (s->app != NULL)
        return TRUE;
    s->start_utc = at_utc;
    return mp_scenario_open(s, error);
}

static gboolean
play_timed(MpScenario *s, const char *line, GError **error)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    gboolean is_jump = strcmp(words[0], "jump") == 0;
    gint64 at_utc;

    if (g_strv_length(words) < (is_jump ? 3 : 4))
        return refuse(error, "at YYYY-MM-DD HH:MM DOING");
    at_utc = parse_time(s, words[1], words[2]);
    if (at_utc == G_MININT64)
        return refuse(error, "no such time");
    if (!be_open(s, at_utc, error))
        return FALSE;
    if (is_jump) {
        g_string_append_printf(s->out, "\n== %s\n", line);
        return mp_scenario_jump(s, at_utc, error) && mp_scenario_tell_timers(s, error);
    }
    if (at_utc < mp_scenario_now(s))
        return refuse(error, "time runs backwards; use jump");
    if (!mp_scenario_walk(s, at_utc, error))
        return FALSE;
    g_string_append_printf(s->out, "\n== %s\n", line);
    for (gsize i = 0; i < G_N_ELEMENTS(doings); i++)
        if (strcmp(doings[i].word, words[3]) == 0)
            return doings[i].run(s, words + 4, error) && mp_scenario_tell_timers(s, error);
    return refuse(error, "no such doing");
}

static gboolean
play_line(MpScenario *s, const char *line, GError **error)
{
    if (line[0] == '\0' || line[0] == '#')
        return TRUE;
    if (strcmp(line, "brief") == 0) {
        s->is_brief = TRUE;
        return TRUE;
    }
    if (g_str_has_prefix(line, "set "))
        return play_set(s, line, error);
    if (g_str_has_prefix(line, "at ") || g_str_has_prefix(line, "jump "))
        return play_timed(s, line, error);
    return refuse(error, "line is none of set, brief, at, jump");
}

/* All that came out of one run, or NULL with the reason printed. */
static char *
play(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "script", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpScenario) s = mp_scenario_new(dir, &error);

    if (s == NULL || !g_file_get_contents(path, &text, NULL, &error)) {
        g_printerr("%s: %s\n", path, error->message);
        return NULL;
    }
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (!play_line(s, g_strstrip(lines[i]), &error)) {
            g_printerr("%s%s:%u: %s\n",
                       s->out->str,
                       path,
                       i + 1,
                       error == NULL ? "failed without a reason" : error->message);
            return NULL;
        }
    return g_strdup(s->out->str);
}

/* --- comparing ------------------------------------------------------------------------------- */

/* The first line that differs, with what stood around it. */
static gboolean
is_same(const char *what, const char *got, const char *want)
{
    g_auto(GStrv) a = g_strsplit(got, "\n", -1);
    g_auto(GStrv) b = g_strsplit(want, "\n", -1);
    guint at = 0;

    if (strcmp(got, want) == 0)
        return TRUE;
    while (a[at] != NULL && b[at] != NULL && strcmp(a[at], b[at]) == 0)
        at++;
    for (guint i = at < 6 ? 0 : at - 6; i < at; i++)
        g_printerr("  %s\n", a[i]);
    g_printerr("- %s\n+ %s\n%s: line %u differs\n",
               b[at] ? b[at] : "(end)",
               a[at] ? a[at] : "(end)",
               what,
               at + 1);
    return FALSE;
}

static int
run(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "want.txt", NULL);
    g_autofree char *want = NULL;
    g_autofree char *first = play(dir);
    g_autofree char *second = first == NULL ? NULL : play(dir);
    g_autoptr(GError) error = NULL;

    if (second == NULL || !is_same("second run", second, first))
        return 1;
    if (g_getenv("MP_UPDATE_GOLDEN") != NULL && g_file_set_contents(path, first, -1, &error))
        return 0;
    if (error != NULL || !g_file_get_contents(path, &want, NULL, &error)) {
        g_printerr("%s: %s\n", path, error->message);
        return 1;
    }
    return is_same(path, first, want) ? 0 : 1;
}

int
main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    (void)umask(077);
    (void)signal(SIGPIPE, SIG_IGN);
    /* The reader child is this program executed anew, as mailproc does with itself. */
    if (argc == 5 && strcmp(argv[1], "--config") == 0 && strcmp(argv[3], "reader") == 0)
        return mp_reader_main(argv[2], (int)g_ascii_strtoll(argv[4], NULL, 10));
    if (argc != 2) {
        g_printerr("usage: %s DIR\n", argv[0]);
        return 2;
    }
    return run(argv[1]);
}
