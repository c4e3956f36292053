/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The office and its program. */

#include "support/desk.h"

#include "support/asserts.h"
#include "support/desk-private.h"

#include <json-glib/json-glib.h>
#include <sys/stat.h>

static const char *const official_names[] = {
    "kadis", "sekretaris", "kabid", "kasi", "helpdesk", "verifikator", "pengaduan"};
static const char *const role_ids[] = {"kepala-dinas",
                                       "sekretaris",
                                       "kabid",
                                       "kasi",
                                       "admin-helpdesk",
                                       "verifikator",
                                       "pejabat-pengaduan"};

static const struct {
    const char *id, *sop;
} services[] = {{"pendaftaran", "kudus-pendaftaran"},
                {"pembaruan", "mamuju-pembaruan"},
                {"perubahan-data", "demak-perubahan-data"},
                {"pencabutan", "demak-pencabutan"},
                {"pengaduan", "pengaduan"}};

/* --- the configuration ------------------------------------------------------------------------ */

static void
write_file(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    assert_no_gerror(error);
}

static void
add_sections(GString *text, MpDesk *desk, const char *extra)
{
    for (guint i = 0; i < G_N_ELEMENTS(role_ids); i++) {
        const char *address = mp_desk_address(desk, official_names[i]);

        g_hash_table_add(desk->officials, g_strdup(address));
        g_string_append_printf(text, "[role %s]\naddresses = %s\n", role_ids[i], address);
    }
    for (guint i = 0; i < G_N_ELEMENTS(services); i++) {
        g_autofree char *section = g_strdup_printf("[service %s]\n", services[i].id);

        if (extra == NULL || strstr(extra, section) == NULL)
            g_string_append_printf(text, "%ssop = %s.sop\n", section, services[i].sop);
    }
}

/* Keys of a section that stands already go below its head. */
static void
add_extra(GString *text, const char *extra)
{
    g_auto(GStrv) lines = g_strsplit(extra == NULL ? "" : extra, "\n", -1);
    gssize at = -1;

    for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_autofree char *line = g_strconcat(lines[i], "\n", NULL);
        const char *head = lines[i][0] == '[' ? strstr(text->str, line) : NULL;

        if (head != NULL) {
            at = head - text->str + (gssize)strlen(line);
            continue;
        }
        if (lines[i][0] == '[')
            at = (gssize)text->len;
        g_string_insert(text, at, line);
        at += (gssize)strlen(line);
    }
}

/* The calendar of the year in which the test runs: every day a working day like another. */
static char *
make_rules(const MpDesk *desk)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    char *dir = g_build_filename(desk->dir, "rules", NULL);
    g_autofree char *path = NULL, *year = NULL, *command = NULL;
    int code = -1;

    command = g_strdup_printf("cp -r '%s/rules' '%s'", MP_SOURCE_DIR, dir);
    assert_true(g_spawn_command_line_sync(command, NULL, NULL, &code, NULL));
    assert_int_equal(code, 0);
    year = g_date_time_format(now, "%Y");
    path = g_strdup_printf("%s/holidays-%s.tsv", dir, year);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autofree char *text = g_strdup_printf("%s-01-01\tlibur\tTahun Baru\n", year);

        write_file(path, text);
    }
    return dir;
}

static void
write_config(MpDesk *desk, const char *extra)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *secret = g_build_filename(desk->dir, "secret", NULL);
    g_autofree char *rules = make_rules(desk);
    g_autofree char *year = g_date_time_format(now, "%Y");
    g_autoptr(GString) text = g_string_new(NULL);

    write_file(secret, MP_TOWN_PASSWORD "\n");
    g_string_append_printf(text,
                           "[office]\nname = Dinas Komunikasi dan Informatika Kabupaten Contoh\n"
                           "address = %s\ntrusted_domains = contohkab.go.id\nrules_dir = %s\n"
                           "templates_dir = %s/templates\n",
                           desk->address,
                           rules,
                           MP_SOURCE_DIR);
    g_string_append_printf(text,
                           "[mailbox]\nurl = imaps://%s:%u/INBOX\nuser = %s\npassword_file = %s\n"
                           "ca_file = %s\n",
                           MP_TOWN_HOST,
                           desk->town->imaps_port,
                           desk->address,
                           secret,
                           desk->town->ca_file);
    g_string_append_printf(text,
                           "[sender]\nurl = smtps://%s:%u\nuser = %s\npassword_file = %s\n"
                           "ca_file = %s\nfrom = Layanan TTE <%s>\n",
                           MP_TOWN_HOST,
                           desk->town->smtps_port,
                           desk->address,
                           secret,
                           desk->town->ca_file,
                           desk->address);
    g_string_append_printf(
        text, "[store]\ndir = %s/store\n[trust]\nauthserv_id = %s\n", desk->dir, MP_TOWN_MX);
    if (extra == NULL || strstr(extra, "[calendar]") == NULL)
        g_string_append_printf(
            text, "[calendar]\nhours = mon-sun 00:00-23:59\nholidays = holidays-%s.tsv\n", year);
    add_sections(text, desk, extra);
    add_extra(text, extra);
    write_file(desk->config, text->str);
}

MpDesk *
mp_desk_new(MpTown *town, const char *tag, const char *extra)
{
    MpDesk *desk = g_new0(MpDesk, 1);
    g_autofree char *store = NULL;

    desk->town = town;
    desk->tag = g_strdup(tag);
    desk->dir = g_build_filename(town->dir, tag, NULL);
    desk->config = g_build_filename(desk->dir, "mailproc.conf", NULL);
    desk->people = g_ptr_array_new_with_free_func(g_free);
    desk->numbers = g_ptr_array_new_with_free_func(g_free);
    desk->officials = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    desk->address = g_strdup_printf("layanan-%s@contohkab.go.id", tag);
    store = g_build_filename(desk->dir, "store", NULL);
    assert_int_equal(g_mkdir_with_parents(store, 0700), 0);
    write_config(desk, extra);
    return desk;
}

void
mp_desk_close(MpDesk *desk)
{
    mp_desk_check(desk);
    mp_town_remove_tree(desk->dir);
    g_free(desk->tag);
    g_free(desk->dir);
    g_free(desk->config);
    g_free(desk->address);
    g_free(desk->output);
    g_ptr_array_unref(desk->people);
    g_ptr_array_unref(desk->numbers);
    g_hash_table_unref(desk->officials);
    g_clear_pointer(&desk->coming, g_ptr_array_unref);
    g_free(desk);
}

const char *
mp_desk_address(MpDesk *desk, const char *name)
{
    char *address = strchr(name, '@') != NULL
                        ? g_strdup(name)
                        : g_strdup_printf("%s-%s@contohkab.go.id", name, desk->tag);
    guint at = 0;

    if (g_ptr_array_find_with_equal_func(desk->people, address, g_str_equal, &at)) {
        g_free(address);
        return g_ptr_array_index(desk->people, at);
    }
    g_ptr_array_add(desk->people, address);
    return address;
}

/* --- the program ------------------------------------------------------------------------------ */

static const char *
program(const MpDesk *desk)
{
    const char *name = desk->now_s == 0 ? "MP_DESK_PROGRAM" : "MP_DESK_CLOCK_PROGRAM";
    const char *path = g_getenv(name);

    if (path == NULL)
        fail_msg("%s names no program", name);
    return path;
}

static char **
environment(const MpDesk *desk)
{
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, desk->now_s);

    return desk->now_s == 0 ? g_get_environ()
                            : g_environ_setenv(g_get_environ(), "MP_TEST_CLOCK", now, TRUE);
}

int
mp_desk_run(MpDesk *desk, const char *const *arguments)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *out = NULL, *err = NULL;
    g_auto(GStrv) env = environment(desk);
    g_autoptr(GError) error = NULL;
    int status = -1;

    g_ptr_array_add(argv, (gpointer)program(desk));
    g_ptr_array_add(argv, (gpointer) "--config");
    g_ptr_array_add(argv, desk->config);
    for (guint i = 0; arguments[i] != NULL; i++)
        g_ptr_array_add(argv, (gpointer)arguments[i]);
    g_ptr_array_add(argv, NULL);
    g_spawn_sync(NULL,
                 (char **)argv->pdata,
                 env,
                 G_SPAWN_STDIN_FROM_DEV_NULL,
                 NULL,
                 NULL,
                 &out,
                 &err,
                 &status,
                 &error);
    assert_no_gerror(error);
    g_free(desk->output);
    desk->output = g_strconcat(out, err, NULL);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
mp_desk_try(MpDesk *desk)
{
    static const char *const once[] = {"once", NULL};
    g_autoptr(GError) error = NULL;
    int code;

    if (desk->town->postfix != 0)
        mp_town_settle(desk->town, &error);
    assert_no_gerror(error);
    mp_desk_bring_in(desk);
    code = mp_desk_run(desk, once);
    if (desk->town->postfix != 0)
        mp_town_settle(desk->town, &error);
    assert_no_gerror(error);
    return code;
}

void
mp_desk_once(MpDesk *desk)
{
    int code = mp_desk_try(desk);

    if (code != 0)
        print_error("%s\n", desk->output);
    assert_int_equal(code, 0);
}

/* --- cases ------------------------------------------------------------------------------------ */

/* One JSON object a line, sorted, so that the first case is the first line. */
static GPtrArray *
case_lines(MpDesk *desk)
{
    static const char *const list[] = {"case", "list", "--all", "--json", NULL};
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = NULL;

    assert_int_equal(mp_desk_run(desk, list), 0);
    parts = g_strsplit(desk->output, "\n", -1);
    for (guint i = 0; parts[i] != NULL; i++)
        if (parts[i][0] == '{')
            g_ptr_array_add(lines, g_strdup(parts[i]));
    return lines;
}

static int
by_number(gconstpointer a, gconstpointer b)
{
    const char *x = strstr(*(const char *const *)a, "\"number\"");
    const char *y = strstr(*(const char *const *)b, "\"number\"");

    return strcmp(x, y);
}

guint
mp_desk_n_cases(MpDesk *desk)
{
    g_autoptr(GPtrArray) lines = case_lines(desk);

    return lines->len;
}

static char *
join_array(JsonObject *object, const char *member)
{
    JsonArray *array = json_object_get_array_member(object, member);
    GString *joined = g_string_new(NULL);

    for (guint i = 0; i < json_array_get_length(array); i++)
        g_string_append_printf(
            joined, "%s%s", i == 0 ? "" : "; ", json_array_get_string_element(array, i));
    return g_string_free(joined, FALSE);
}

static char *
member_text(JsonObject *object, const char *member)
{
    if (g_str_has_prefix(member, "outcome")) {
        JsonArray *people = json_object_get_array_member(object, "applicants");
        guint n = (guint)g_ascii_strtoull(member + strlen("outcome"), NULL, 10);

        if (n == 0 || n > json_array_get_length(people))
            return NULL;
        return g_strdup(json_object_get_string_member_with_default(
            json_array_get_object_element(people, n - 1), "outcome", NULL));
    }
    if (strcmp(member, "missing") == 0 || strcmp(member, "linked") == 0)
        return join_array(object, member);
    if (strcmp(member, "holder") == 0)
        return g_strdup(json_object_get_string_member_with_default(
            json_object_get_object_member(object, "holder"), "role", NULL));
    return g_strdup(json_object_get_string_member_with_default(object, member, NULL));
}

char *
mp_desk_case(MpDesk *desk, guint n, const char *member)
{
    g_autoptr(GPtrArray) lines = case_lines(desk);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;

    if (n == 0 || n > lines->len)
        return NULL;
    g_ptr_array_sort(lines, by_number);
    json_parser_load_from_data(parser, g_ptr_array_index(lines, n - 1), -1, &error);
    assert_no_gerror(error);
    return member_text(json_node_get_object(json_parser_get_root(parser)), member);
}

void
mp_desk_expect(
    MpDesk *desk, guint n, const char *step, const char *state, const char *file, int line)
{
    g_autofree char *got_step = mp_desk_case(desk, n, "step");
    g_autofree char *got_state = mp_desk_case(desk, n, "state");

    if (g_strcmp0(got_step, step) != 0 || g_strcmp0(got_state, state) != 0)
        mp_desk_tell(desk);
    mp_assert_text(got_step, step, file, line);
    mp_assert_text(got_state, state, file, line);
}

guint
mp_desk_rows(MpDesk *desk, const char *list, const char *part)
{
    const char *const arguments[] = {list, "list", NULL};
    g_auto(GStrv) lines = NULL;
    guint n = 0;

    assert_int_equal(mp_desk_run(desk, arguments), 0);
    lines = g_strsplit(desk->output, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        n += lines[i][0] != '\0' && strstr(lines[i], part) != NULL;
    return n;
}

/* For the reader of a failed test: what became of every mail, and what went out. */
void
mp_desk_tell(MpDesk *desk)
{
    static const char *const lists[][3] = {
        {"mail", "list", NULL}, {"outbox", "list", NULL}, {"case", "list", NULL}};

    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        mp_desk_run(desk, lists[i]);
        print_error("%s\n", desk->output);
    }
}
