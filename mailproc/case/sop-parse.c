/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A .sop file to a procedure: [procedure], one [step ID] a step, [common NAME] for rows that
 * several steps share. A row is "on EVENT if guard, not guard = next; action; action(argument)". */

#include "case/sop-private.h"

typedef struct {
    MpSop *sop;
    const MpKeyFile *file;
    GError **error;
} Parse;

static const char *const procedure_keys[] = {"id",
                                             "title",
                                             "service",
                                             "office",
                                             "source",
                                             "zone",
                                             "hours",
                                             "requirements",
                                             "window_days",
                                             "reminder_percent",
                                             "requester_days",
                                             "expire_days",
                                             "total",
                                             "success",
                                             "start",
                                             "keeper",
                                             "escalate",
                                             NULL};
static const char *const step_keys[] = {"printed",
                                        "actor",
                                        "activity",
                                        "requires",
                                        "time",
                                        "clock",
                                        "alarm",
                                        "continues",
                                        "keeper",
                                        "escalate",
                                        "tell",
                                        "papers",
                                        "output",
                                        "addition",
                                        "end",
                                        NULL};

/* Every key is known; "on …" keys are rows and judged later. */
static gboolean
check_keys(Parse *parse, const char *group, const char *const *known)
{
    const char *const *keys = mp_keyfile_keys(parse->file, group);

    for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
        const char *nearest;

        if (g_str_has_prefix(keys[i], "on ") || g_strv_contains(known, keys[i]))
            continue;
        nearest = mp_text_nearest(keys[i], known, 3);
        return mp_keyfile_refuse(parse->file,
                                 group,
                                 keys[i],
                                 parse->error,
                                 "key '%s' is unknown%s%s",
                                 keys[i],
                                 nearest != NULL ? ", nearest: " : "",
                                 nearest != NULL ? nearest : "");
    }
    return TRUE;
}

/* Reads a whole number of `min`…`max`, or leaves the default when the key is absent. */
static gboolean
read_int(Parse *parse, const char *group, const char *key, int min, int max, int *value_out)
{
    const char *text = mp_keyfile_value(parse->file, group, key);
    gint64 value;

    if (text == NULL)
        return TRUE;
    if (!g_ascii_string_to_signed(text, 10, min, max, &value, NULL))
        return mp_keyfile_refuse(
            parse->file, group, key, parse->error, "%s is no number from %d to %d", key, min, max);
    *value_out = (int)value;
    return TRUE;
}

static gboolean
read_yes(Parse *parse, const char *group, const char *key, gboolean *value_out)
{
    const char *text = mp_keyfile_value(parse->file, group, key);

    if (text != NULL && strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
        return mp_keyfile_refuse(parse->file, group, key, parse->error, "%s is not yes or no", key);
    *value_out = g_strcmp0(text, "yes") == 0;
    return TRUE;
}

static char *
copy_value(Parse *parse, const char *group, const char *key)
{
    const char *value = mp_keyfile_value(parse->file, group, key);

    return value != NULL && value[0] != '\0' ? g_strdup(value) : NULL;
}

static char **
copy_list(Parse *parse, const char *group, const char *key)
{
    char **list = mp_keyfile_list(parse->file, group, key);

    return list != NULL ? list : g_new0(char *, 1);
}

/* "2; 5" */
static gboolean
read_requester_days(Parse *parse)
{
    g_auto(GStrv) days = mp_keyfile_list(parse->file, "procedure", "requester_days");
    gint64 first, second;

    if (days == NULL)
        return TRUE;
    if (g_strv_length(days) != 2 || !g_ascii_string_to_signed(days[0], 10, 1, 60, &first, NULL) ||
        !g_ascii_string_to_signed(days[1], 10, first + 1, 90, &second, NULL))
        return mp_keyfile_refuse(parse->file,
                                 "procedure",
                                 "requester_days",
                                 parse->error,
                                 "requester_days is not two rising numbers of days");
    parse->sop->requester_days[0] = (int)first;
    parse->sop->requester_days[1] = (int)second;
    return TRUE;
}

static gboolean
check_needed(Parse *parse, const char *group, const char *const *needed)
{
    for (guint i = 0; needed[i] != NULL; i++) {
        const char *value = mp_keyfile_value(parse->file, group, needed[i]);

        if (value == NULL || value[0] == '\0')
            return mp_keyfile_refuse(
                parse->file, group, NULL, parse->error, "[%s] has no '%s'", group, needed[i]);
    }
    return TRUE;
}

static gboolean
parse_procedure(Parse *parse)
{
    static const char *const needed[] = {
        "id", "title", "service", "office", "source", "success", "start", NULL};
    const char *group = "procedure";
    MpSop *sop = parse->sop;

    if (!mp_keyfile_has_group(parse->file, group)) {
        mp_sop_refuse(sop, 1, parse->error, "file has no [procedure]");
        return FALSE;
    }
    if (!check_keys(parse, group, procedure_keys) || !check_needed(parse, group, needed))
        return FALSE;
    sop->id = copy_value(parse, group, "id");
    sop->title = copy_value(parse, group, "title");
    sop->service = copy_value(parse, group, "service");
    sop->office = copy_value(parse, group, "office");
    sop->source = copy_value(parse, group, "source");
    sop->zone = copy_value(parse, group, "zone");
    sop->hours = copy_value(parse, group, "hours");
    sop->total_text = copy_value(parse, group, "total");
    sop->start = copy_value(parse, group, "start");
    sop->keeper = copy_value(parse, group, "keeper");
    sop->escalate = copy_value(parse, group, "escalate");
    sop->requirements = copy_list(parse, group, "requirements");
    sop->reminder_percent = 80;
    sop->requester_days[0] = 2;
    sop->requester_days[1] = 5;
    sop->expire_days = 10;
    if (!mp_outcome_from_string(mp_keyfile_value(parse->file, group, "success"), &sop->success) ||
        (sop->success != MP_OUTCOME_NONE && !mp_outcome_is_success(sop->success)))
        return mp_keyfile_refuse(parse->file,
                                 group,
                                 "success",
                                 parse->error,
                                 "success is none of issued, renewed, changed, revoked, none");
    return read_int(parse, group, "window_days", 0, 366, &sop->window_days) &&
           read_int(parse, group, "reminder_percent", 10, 100, &sop->reminder_percent) &&
           read_int(parse, group, "expire_days", 1, 366, &sop->expire_days) &&
           read_requester_days(parse);
}

/* "15 menit", "24 jam", "1 hari kerja"; in minutes, or days for MP_TIME_DAYS. */
static gboolean
read_time(Parse *parse,
          const char *group,
          const char *key,
          const char *clock,
          MpTimeKind *kind_out,
          gint64 *amount_out)
{
    const char *text = mp_keyfile_value(parse->file, group, key);
    g_auto(GStrv) words = NULL;
    gint64 number;
    gint64 unit;

    if (text == NULL)
        return TRUE;
    words = g_strsplit(text, " ", 2);
    unit = g_strv_length(words) != 2            ? -1
           : strcmp(words[1], "menit") == 0     ? 1
           : strcmp(words[1], "jam") == 0       ? 60
           : g_str_has_prefix(words[1], "hari") ? 0
                                                : -1;
    if (unit < 0 || !g_ascii_string_to_signed(words[0], 10, 1, 10000, &number, NULL))
        return mp_keyfile_refuse(
            parse->file, group, key, parse->error, "%s is no time like '15 menit', '24 jam'", key);
    if (unit == 0 && (clock == NULL || strcmp(clock, "days") == 0)) {
        *kind_out = MP_TIME_DAYS;
        *amount_out = number;
        return TRUE;
    }
    if (unit > 0 && g_strcmp0(clock, "elapsed") == 0)
        *kind_out = MP_TIME_ELAPSED;
    else if (unit > 0 && (clock == NULL || strcmp(clock, "office") == 0))
        *kind_out = MP_TIME_OFFICE;
    else
        return mp_keyfile_refuse(parse->file,
                                 group,
                                 key,
                                 parse->error,
                                 "%s does not fit the clock (office, elapsed, days)",
                                 key);
    *amount_out = number * unit;
    return TRUE;
}

static gboolean
read_end(Parse *parse, const char *group, MpSopStep *step)
{
    const char *end = mp_keyfile_value(parse->file, group, "end");

    if (end == NULL)
        return TRUE;
    if (!mp_case_state_from_string(end, &step->end_state) ||
        !mp_case_state_is_closed(step->end_state))
        return mp_keyfile_refuse(parse->file,
                                 group,
                                 "end",
                                 parse->error,
                                 "end is none of finished, refused, withdrawn, expired");
    step->is_end = TRUE;
    return TRUE;
}

/* Takes "on EVENT if a, not b" = "next; action" apart. NULL with an error. */
static MpSopRow *
parse_row(Parse *parse, const char *group, const char *key)
{
    g_autoptr(MpSopRow) row = mp_sop_row_new();
    g_auto(GStrv) halves = g_strsplit(key + 3, " if ", 2);
    g_auto(GStrv) values = mp_keyfile_list(parse->file, group, key);

    row->line = mp_keyfile_line(parse->file, group, key);
    row->event = g_strdup(g_strstrip(halves[0]));
    if (!mp_sop_is_event(row->event)) {
        const char *nearest = mp_text_nearest(row->event, mp_sop_event_names(), 3);

        mp_sop_refuse(parse->sop,
                      row->line,
                      parse->error,
                      "event '%s' is unknown%s%s",
                      row->event,
                      nearest != NULL ? ", nearest: " : "",
                      nearest != NULL ? nearest : "");
        return NULL;
    }
    row->guards = halves[1] != NULL ? g_strsplit(halves[1], ",", -1) : g_new0(char *, 1);
    for (guint i = 0; row->guards[i] != NULL; i++) {
        gboolean negated;

        g_strstrip(row->guards[i]);
        if (!mp_guard_exists(mp_sop_guard_name(row->guards[i], &negated))) {
            mp_sop_refuse(
                parse->sop, row->line, parse->error, "guard '%s' is unknown", row->guards[i]);
            return NULL;
        }
    }
    if (values == NULL || values[0] == NULL) {
        mp_sop_refuse(parse->sop, row->line, parse->error, "row leads nowhere");
        return NULL;
    }
    row->next = g_strdup(values[0]);
    row->actions = g_strdupv(values + 1);
    return g_steal_pointer(&row);
}

/* The "on" rows of a group, for each of `steps`. */
static gboolean
parse_rows(Parse *parse, const char *group, const char *const *steps)
{
    const char *const *keys = mp_keyfile_keys(parse->file, group);

    for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
        g_autoptr(MpSopRow) row = NULL;

        if (!g_str_has_prefix(keys[i], "on "))
            continue;
        row = parse_row(parse, group, keys[i]);
        if (row == NULL)
            return FALSE;
        for (guint n = 0; steps[n] != NULL; n++)
            g_ptr_array_add(parse->sop->rows, mp_sop_row_copy(row, steps[n]));
    }
    return TRUE;
}

static gboolean
parse_step(Parse *parse, const char *group)
{
    static const char *const needed[] = {"actor", "activity", NULL};
    MpSopStep *step = mp_sop_step_new();
    const char *steps[2] = {NULL, NULL};
    const char *clock = mp_keyfile_value(parse->file, group, "clock");
    const char *own_clock;

    g_ptr_array_add(parse->sop->steps, step);
    step->id = g_strdup(group + strlen("step "));
    step->line = mp_keyfile_line(parse->file, group, NULL);
    if (!check_keys(parse, group, step_keys) || !check_needed(parse, group, needed))
        return FALSE;
    step->printed = copy_value(parse, group, "printed");
    step->actor = copy_value(parse, group, "actor");
    step->activity = copy_value(parse, group, "activity");
    step->output = copy_value(parse, group, "output");
    step->keeper = copy_value(parse, group, "keeper");
    step->escalate = copy_value(parse, group, "escalate");
    step->time_text = copy_value(parse, group, "time");
    step->requires_ = copy_list(parse, group, "requires");
    step->tells = copy_list(parse, group, "tell");
    step->papers = copy_list(parse, group, "papers");
    own_clock = step->time_text == NULL ? clock : NULL;
    if (!read_yes(parse, group, "addition", &step->is_addition) ||
        !read_yes(parse, group, "continues", &step->continues) ||
        !read_time(parse, group, "time", clock, &step->time_kind, &step->minutes) ||
        !read_time(parse, group, "alarm", own_clock, &step->alarm_kind, &step->alarm_minutes) ||
        !read_end(parse, group, step))
        return FALSE;
    if (step->keeper == NULL)
        step->keeper = g_strdup(parse->sop->keeper);
    if (step->escalate == NULL)
        step->escalate = g_strdup(parse->sop->escalate);
    steps[0] = step->id;
    return parse_rows(parse, group, steps);
}

static gboolean
parse_common(Parse *parse, const char *group)
{
    static const char *const known[] = {"steps", NULL};
    g_auto(GStrv) steps = mp_keyfile_list(parse->file, group, "steps");

    if (!check_keys(parse, group, known) || !check_needed(parse, group, known))
        return FALSE;
    for (guint i = 0; steps[i] != NULL; i++) {
        g_autofree char *name = g_strconcat("step ", steps[i], NULL);

        if (!mp_keyfile_has_group(parse->file, name))
            return mp_keyfile_refuse(
                parse->file, group, "steps", parse->error, "step '%s' is unknown", steps[i]);
    }
    return parse_rows(parse, group, (const char *const *)steps);
}

static gboolean
parse_groups(Parse *parse)
{
    const char *const *groups = mp_keyfile_groups(parse->file);

    for (guint i = 0; groups[i] != NULL; i++) {
        gboolean ok = TRUE;

        if (g_str_has_prefix(groups[i], "step ") && groups[i][5] != '\0')
            ok = parse_step(parse, groups[i]);
        else if (g_str_has_prefix(groups[i], "common "))
            ok = parse_common(parse, groups[i]);
        else if (strcmp(groups[i], "procedure") != 0)
            ok = mp_keyfile_refuse(parse->file,
                                   groups[i],
                                   NULL,
                                   parse->error,
                                   "group [%s] is none of procedure, step ID, common NAME",
                                   groups[i]);
        if (!ok)
            return FALSE;
    }
    return TRUE;
}

static void
free_step(gpointer data)
{
    mp_sop_step_free(data);
}

static void
free_row(gpointer data)
{
    mp_sop_row_free(data);
}

MpSop *
mp_sop_parse(
    const char *name, const char *bytes, gsize length, const char *const *roles, GError **error)
{
    g_autofree char *base = g_path_get_basename(name);
    g_autoptr(MpKeyFile) file = mp_keyfile_parse(base, bytes, length, error);
    g_autoptr(MpSop) sop = NULL;
    Parse parse;

    if (file == NULL)
        return NULL;
    sop = g_new0(MpSop, 1);
    sop->file = g_steal_pointer(&base);
    sop->steps = g_ptr_array_new_with_free_func(free_step);
    sop->rows = g_ptr_array_new_with_free_func(free_row);
    parse = (Parse){sop, file, error};
    if (!parse_procedure(&parse) || !parse_groups(&parse) || !mp_sop_check(sop, roles, error))
        return NULL;
    return g_steal_pointer(&sop);
}
