/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the values of each type are written: judged once at load, so that asking cannot fail. */

#include "app/config-private.h"
#include "case/case.h"

typedef gboolean (*ParseFunc)(const MpConfigKey *key,
                              const char *text,
                              MpConfigValue *value,
                              char **problem_out);

static gboolean
say(char **problem_out, const char *problem)
{
    *problem_out = g_strdup(problem);
    return FALSE;
}

static gboolean
has_only(const char *text, const char *extra)
{
    for (; *text != '\0'; text++)
        if (!g_ascii_isalnum(*text) && strchr(extra, *text) == NULL)
            return FALSE;
    return TRUE;
}

/* --- plain texts ------------------------------------------------------------------------------ */

static gboolean
parse_string(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    (void)value;
    if (strcmp(key->key, "case_prefix") == 0) {
        for (const char *at = text; *at != '\0'; at++)
            if (!g_ascii_isupper(*at))
                return say(problem_out, "must be capital letters A to Z");
    }
    if (strlen(text) < (gsize)key->min || (key->max > 0 && strlen(text) > (gsize)key->max)) {
        *problem_out = g_strdup_printf("must have %d to %d letters", (int)key->min, (int)key->max);
        return FALSE;
    }
    return TRUE;
}

static gboolean
parse_address(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    (void)key;
    (void)value;
    return mp_text_is_plain_address(text) ||
           say(problem_out, "is no plain address: write local@domain");
}

static gboolean
parse_mailbox(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    const char *open = strrchr(text, '<');
    g_autofree char *address = NULL;

    (void)key;
    (void)value;
    if (open == NULL)
        return mp_text_is_plain_address(text) ||
               say(problem_out, "is no mailbox: write Name <local@domain>");
    address = g_strdup(open + 1);
    if (!g_str_has_suffix(address, ">"))
        return say(problem_out, "has no '>' at its end: write Name <local@domain>");
    address[strlen(address) - 1] = '\0';
    return mp_text_is_plain_address(address) ||
           say(problem_out, "is no mailbox: write Name <local@domain>");
}

static gboolean
parse_path(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    (void)key;
    (void)value;
    return g_path_is_absolute(text) || say(problem_out, "is no absolute path: begin with /");
}

static gboolean
is_filename(const char *text)
{
    return text[0] != '.' && text[0] != '-' && has_only(text, "._-");
}

static gboolean
parse_filename(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    (void)key;
    (void)value;
    return is_filename(text) ||
           say(problem_out, "is no file name: letters, digits, dots and dashes, no folder");
}

static gboolean
parse_command(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    g_auto(GStrv) words = NULL;
    g_autoptr(GError) local = NULL;

    (void)key;
    (void)value;
    if (!g_shell_parse_argv(text, NULL, &words, &local)) {
        *problem_out = g_strdup_printf("cannot be read as a command: %s", local->message);
        return FALSE;
    }
    return g_path_is_absolute(words[0]) ||
           say(problem_out, "must name its program by an absolute path");
}

static gboolean
parse_zone(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    (void)key;
    (void)value;
    return (g_ascii_isalpha(text[0]) && has_only(text, "/_+-") && strstr(text, "//") == NULL) ||
           say(problem_out, "is no zone of tzdata: write Asia/Jakarta, Asia/Makassar, …");
}

static gboolean
parse_url(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    MpConfigUrl url = {0};
    g_auto(GStrv) schemes = g_strsplit(key->words, " ", -1);
    gboolean is_known;

    (void)value;
    if (!mp_config_parse_url(text, &url, problem_out))
        return FALSE;
    is_known = g_strv_contains((const char *const *)schemes, url.scheme);
    if (!is_known)
        *problem_out =
            g_strdup_printf("begins with '%s:': write one of %s", url.scheme, key->words);
    g_free(url.scheme);
    g_free(url.host);
    g_free(url.path);
    return is_known;
}

/* --- words and numbers -------------------------------------------------------------------------
 */

static gboolean
parse_enum(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    g_auto(GStrv) words = g_strsplit(key->words, " ", -1);
    const char *nearest;

    (void)value;
    if (g_strv_contains((const char *const *)words, text))
        return TRUE;
    nearest = mp_text_nearest(text, (const char *const *)words, 2);
    *problem_out = nearest != NULL ? g_strdup_printf("is '%s': did you mean '%s'?", text, nearest)
                                   : g_strdup_printf("is '%s': write one of %s", text, key->words);
    return FALSE;
}

static gboolean
parse_bool(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    (void)key;
    value->number = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    return value->number != 0 || strcmp(text, "no") == 0 || strcmp(text, "false") == 0 ||
           say(problem_out, "is neither yes nor no");
}

static gboolean
in_range(const MpConfigKey *key, gint64 number, const char *unit, char **problem_out)
{
    if (number >= key->min && number <= key->max)
        return TRUE;
    *problem_out =
        g_strdup_printf("is out of range: %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s",
                        key->min,
                        key->max,
                        unit);
    return FALSE;
}

static gboolean
parse_int(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    if (!g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value->number, NULL))
        return say(problem_out, "is no whole number");
    return in_range(key, value->number, "", problem_out);
}

/* Digits and one unit letter; `units` pairs letters and factors, the first is for no letter. */
typedef struct {
    char letter;
    gint64 factor;
} Unit;

static gboolean
parse_units(const char *text, const Unit *units, gsize n, gint64 *number_out)
{
    gsize length = strlen(text);
    g_autofree char *digits = NULL;
    char letter = length > 0 && !g_ascii_isdigit(text[length - 1]) ? text[length - 1] : '\0';
    gint64 number = 0;

    digits = g_strndup(text, length - (letter != '\0'));
    if (!g_ascii_string_to_signed(digits, 10, 0, G_MAXINT32, &number, NULL))
        return FALSE;
    for (gsize i = 0; i < n; i++) {
        if (units[i].letter == letter) {
            *number_out = number * units[i].factor;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
parse_size(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    static const Unit units[] = {{'\0', 1}, {'K', 1 << 10}, {'M', 1 << 20}, {'G', 1 << 30}};

    if (!parse_units(text, units, G_N_ELEMENTS(units), &value->number))
        return say(problem_out, "is no size: write 512K, 25M or 1G");
    return in_range(key, value->number, " bytes", problem_out);
}

static gboolean
parse_duration(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    static const Unit units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};

    if (!parse_units(text, units, G_N_ELEMENTS(units), &value->number))
        return say(problem_out, "is no duration: write 60s, 15m, 12h or 5d");
    return in_range(key, value->number, " seconds", problem_out);
}

/* --- lists ---------------------------------------------------------------------------------------
 */

static char **
split_items(const char *text)
{
    g_auto(GStrv) raw = g_strsplit(text, ";", -1);
    GPtrArray *items = g_ptr_array_new();

    for (guint i = 0; raw[i] != NULL; i++)
        if (g_strstrip(raw[i])[0] != '\0')
            g_ptr_array_add(items, g_strdup(raw[i]));
    g_ptr_array_add(items, NULL);
    return (char **)g_ptr_array_free(items, FALSE);
}

gboolean
mp_config_is_day(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "-", -1);
    gint64 year = 0, month = 0, day = 0;

    return strlen(text) == 10 && g_strv_length(parts) == 3 && strlen(parts[0]) == 4 &&
           strlen(parts[1]) == 2 && g_ascii_string_to_signed(parts[0], 10, 1, 9999, &year, NULL) &&
           g_ascii_string_to_signed(parts[1], 10, 1, 12, &month, NULL) &&
           g_ascii_string_to_signed(parts[2], 10, 1, 31, &day, NULL) &&
           g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

static gboolean
is_deputy(const char *item)
{
    g_auto(GStrv) words = g_strsplit_set(item, " \t", -1);
    guint n = g_strv_length(words);

    return (n == 1 || (n == 3 && strcmp(words[1], "until") == 0 && mp_config_is_day(words[2]))) &&
           mp_text_is_plain_address(words[0]);
}

static gboolean
is_domain(const char *item)
{
    return strchr(item, '.') != NULL && has_only(item, ".-") && item[0] != '.' &&
           !g_str_has_suffix(item, ".") && strstr(item, "..") == NULL;
}

/* Lists whose items are judged one by one. */
static gboolean
is_item(MpConfigType type, const char *item)
{
    if (type == MP_CONFIG_ADDRESSES)
        return mp_text_is_plain_address(item);
    if (type == MP_CONFIG_DOMAINS)
        return is_domain(item);
    if (type == MP_CONFIG_DEPUTIES)
        return is_deputy(item);
    if (type == MP_CONFIG_FILENAMES)
        return is_filename(item);
    return TRUE;
}

static gboolean
parse_list(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    value->items = split_items(text);
    for (guint i = 0; value->items[i] != NULL; i++) {
        if (!is_item(key->type, value->items[i])) {
            *problem_out = g_strdup_printf(
                "holds '%s': write %s", value->items[i], mp_config_type_form(key->type));
            return FALSE;
        }
    }
    return key->fallback != NULL || value->items[0] != NULL || say(problem_out, "is empty");
}

static gboolean
parse_time(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    gint64 hour = 0, minute = 0;
    g_autofree char *left = g_strndup(text, 2);

    (void)key;
    if (strlen(text) != 5 || text[2] != ':' || !g_ascii_isdigit(text[0]) ||
        !g_ascii_isdigit(text[3]) || !g_ascii_string_to_signed(left, 10, 0, 23, &hour, NULL) ||
        !g_ascii_string_to_signed(text + 3, 10, 0, 59, &minute, NULL))
        return say(problem_out, "is no time of day: write HH:MM, as 08:00");
    value->number = hour * 60 + minute;
    return TRUE;
}

/* --- working hours
 * --------------------------------------------------------------------------------- */

/* mp_calendar_new is the judge of hours everywhere; this only finds out early, with file and line.
 */
static gboolean
parse_hours(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GError) local = NULL;
    g_autoptr(MpCalendar) calendar = mp_calendar_new(utc, text, &local);

    (void)key;
    (void)value;
    if (calendar == NULL)
        *problem_out = g_strdup_printf("has no hours that can be read: %s", local->message);
    return calendar != NULL;
}

static gboolean
parse_period(const MpConfigKey *key, const char *text, MpConfigValue *value, char **problem_out)
{
    g_autofree char *from = g_strndup(text, 10);
    g_autofree char *until = NULL;
    const char *blank = strchr(text, ' ');

    if (strlen(text) < 24 || strncmp(text + 10, "..", 2) != 0 || blank != text + 22)
        return say(problem_out, "is no period: write YYYY-MM-DD..YYYY-MM-DD HOURS");
    until = g_strndup(text + 12, 10);
    if (!mp_config_is_day(from) || !mp_config_is_day(until) || strcmp(from, until) > 0)
        return say(problem_out, "does not run from one real day to the same or a later one");
    return parse_hours(key, blank + 1, value, problem_out);
}

/* --- one value
 * --------------------------------------------------------------------------------------- */

static const ParseFunc parsers[] = {
    [MP_CONFIG_STRING] = parse_string,     [MP_CONFIG_ADDRESS] = parse_address,
    [MP_CONFIG_MAILBOX] = parse_mailbox,   [MP_CONFIG_LIST] = parse_list,
    [MP_CONFIG_ADDRESSES] = parse_list,    [MP_CONFIG_DOMAINS] = parse_list,
    [MP_CONFIG_DEPUTIES] = parse_list,     [MP_CONFIG_BOOL] = parse_bool,
    [MP_CONFIG_INT] = parse_int,           [MP_CONFIG_SIZE] = parse_size,
    [MP_CONFIG_DURATION] = parse_duration, [MP_CONFIG_PATH] = parse_path,
    [MP_CONFIG_FILENAME] = parse_filename, [MP_CONFIG_FILENAMES] = parse_list,
    [MP_CONFIG_SECRET_FILE] = parse_path,  [MP_CONFIG_COMMAND] = parse_command,
    [MP_CONFIG_URL] = parse_url,           [MP_CONFIG_ENUM] = parse_enum,
    [MP_CONFIG_ZONE] = parse_zone,         [MP_CONFIG_TIME] = parse_time,
    [MP_CONFIG_HOURS] = parse_hours,       [MP_CONFIG_PERIOD] = parse_period,
};

G_STATIC_ASSERT(G_N_ELEMENTS(parsers) == MP_CONFIG_TYPE_N);

static gboolean
may_be_empty(const MpConfigKey *key)
{
    return key->fallback != NULL && (key->fallback[0] == '\0' || key->type == MP_CONFIG_STRING) &&
           key->min == 0;
}

gboolean
mp_config_value_parse(const MpConfigKey *key,
                      const char *text,
                      MpConfigValue *value,
                      char **problem_out)
{
    value->key = key;
    value->text = g_strdup(text);
    if (!mp_text_is_safe(text))
        return say(problem_out, "holds a control character");
    if (text[0] == '\0' && !may_be_empty(key) && parsers[key->type] != parse_list)
        return say(problem_out,
                   key->fallback == NULL ? "is empty"
                                         : "is empty: leave the line out for the default");
    if (text[0] == '\0' && parsers[key->type] != parse_list)
        return TRUE;
    return parsers[key->type](key, text, value, problem_out);
}

void
mp_config_value_free(gpointer data)
{
    MpConfigValue *value = data;

    g_free(value->text);
    g_strfreev(value->items);
    g_free(value);
}
