/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run of the real program through whole cases, and all that leaves it: mails, log lines, words of
 * every command, reports. No NIP or NIK of the run is readable in any of it, and no code of a mail
 * in anything but that mail (T-12, T-43). The commands that hand out evidence and tables for the
 * authority on purpose (case export, case ams) are not run.
 *
 *     test_privacy PROGRAM
 */

#include "support/asserts.h"
#include "support/house.h"

#include <sys/wait.h>

static const char *program;

/* Numbers of the demo's letters and of the mails below, as digits. */
static const char *const numbers[] = {"199002142015021999",
                                      "3399011402900001",
                                      "197109051996032999",
                                      "198803202010012999",
                                      "196612011992031999",
                                      "198506102009012999",
                                      "199105052015031999",
                                      "3399010505910001"};

typedef struct {
    char *name;
    char *text;
} Output;

static GPtrArray *outputs;

static void
output_free(gpointer data)
{
    Output *output = data;

    g_free(output->name);
    g_free(output->text);
    g_free(output);
}

static void
keep(const char *name, const char *text)
{
    Output *output = g_new0(Output, 1);

    output->name = g_strdup(name);
    output->text = g_strdup(text);
    g_ptr_array_add(outputs, output);
}

static void
run_and_keep(MpHouse *house, const char *const *arguments)
{
    int status = mp_house_run(house, arguments, NULL);
    g_autofree char *name = g_strjoinv(" ", (char **)arguments);

    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s: status %d: %s", name, status, house->output);
    keep(name, house->output);
}

#define run(house, ...) run_and_keep((house), (const char *const[]){__VA_ARGS__, NULL})

/* Digits alone, so that blanks, dots and line ends hide nothing. */
static char *
digits_of(const char *text)
{
    GString *digits = g_string_new(NULL);

    for (const char *p = text; *p != '\0'; p++) {
        if (g_ascii_isdigit(*p))
            g_string_append_c(digits, *p);
        else if (strchr(" .-\r\n\t/", *p) == NULL)
            g_string_append_c(digits, 'x');
    }
    return g_string_free(digits, FALSE);
}

static void
assert_no_number(const Output *output)
{
    g_autofree char *digits = digits_of(output->text);

    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        if (strstr(digits, numbers[i]) != NULL)
            fail_msg("%s shows %s", output->name, numbers[i]);
}

/* --- the run -----------------------------------------------------------------------------------
 */

static const char *const proved =
    "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id\r\n";

/* Numbers where people and robots put them: subjects, file names, notes, typos, questions. */
static void
write_odd_mails(MpHouse *house)
{
    static const struct {
        const char *from, *subject, *text;
    } mails[] = {
        {"dinkes@contohkab.go.id",
         "Status NIP 199105052015031999",
         "Mohon info permohonan NIK 3399010505910001 sudah sampai mana?"},
        {"kepala-dinas@contohkab.go.id",
         "SE-2026-000001 NIP 19910505 201503 1 999",
         "TOLAKK 199105052015031999 NIK 3399.0105.0591.0001"},
        {"orang@luar.example", "SE-2026-000001", "TOLAK 199105052015031999 SE-2026-000001"},
        {"disdik@contohkab.go.id",
         "Pembatalan permohonan SE-2026-000002",
         "Mohon permohonan kami dibatalkan, NIP 199105052015031999 salah."},
        {"warga@contohkab.go.id",
         "Pengaduan layanan",
         "Saya mengadukan pelayanan sertifikat elektronik yang lambat, NIK 3399010505910001."},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(mails); i++) {
        g_autofree char *head = g_strdup_printf("%sSubject: %s\r\n", proved, mails[i].subject);

        mp_house_write(house, mails[i].from, head, mails[i].text);
    }
}

static void
work(MpHouse *house, gboolean verbose)
{
    const char *const once[] = {"--verbose", "once", NULL};

    run_and_keep(house, verbose ? once : once + 1);
}

static void
run_cases(MpHouse *house)
{
    for (guint i = 0; i < 4; i++)
        mp_house_letter(house, i, i == 3 ? "SK Pensiun.pdf" : NULL);
    work(house, FALSE);
    write_odd_mails(house);
    work(house, FALSE);
    mp_house_supplement(house, 3, "SK Pensiun.pdf");
    work(house, FALSE);
    mp_house_put(house, "\001\002 bukan surel 199105052015031999", -1);
    for (guint round = 0; round < 16; round++) {
        house->now_s += 25 * 60;
        (void)mp_house_answer(house);
        work(house, FALSE);
    }
    /* Beyond the night: reminders, the digest, the daily note. */
    house->now_s += 24 * 3600;
    work(house, FALSE);
}

/* The mails as they lie in the folder of handled ones. */
static void
explain_mails(MpHouse *house)
{
    g_autofree char *path = g_build_filename(house->home, "mailproc.Selesai", "cur", NULL);
    g_autoptr(GDir) listing = g_dir_open(path, 0, NULL);
    const char *name;
    guint n = 0;

    assert_non_null(listing);
    for (; n < 8 && (name = g_dir_read_name(listing)) != NULL; n++) {
        g_autofree char *file = g_build_filename(path, name, NULL);

        run(house, "explain", file);
        run(house, "explain", "--json", file);
    }
    assert_int_equal(n, 8);
}

static void
ask_everything(MpHouse *house)
{
    run(house, "case", "list", "--all");
    run(house, "case", "list", "--all", "--json");
    run(house, "mail", "list");
    run(house, "mail", "list", "--json");
    run(house, "outbox", "list");
    run(house, "outbox", "list", "--json");
    run(house, "status");
    run(house, "status", "--json");
    run(house, "register", "list");
    run(house, "report");
    run(house, "audit", "verify");
    run(house, "rebuild");
    run(house, "reconcile");
    run(house, "purge", "--plan");
    run(house, "register", "show", "1");
    explain_mails(house);
    for (guint i = 1; i <= 4; i++) {
        g_autofree char *number = g_strdup_printf("SE-2026-%06u", i);

        run(house, "case", "show", number);
        run(house, "case", "show", "--json", number);
    }
    for (guint i = 1; i <= 20; i++) {
        g_autofree char *id = g_strdup_printf("%u", i);

        run(house, "mail", "show", id);
        run(house, "mail", "why", id);
    }
}

/* --- codes -------------------------------------------------------------------------------------
 */

static void
assert_no_code(const Output *output, const char *code)
{
    g_auto(GStrv) groups = g_strsplit(code, "-", -1);
    g_autofree char *bare = g_strjoinv("", groups);

    if (strstr(output->text, code) != NULL || strstr(output->text, bare) != NULL)
        fail_msg("%s shows the code %s", output->name, code);
}

static guint
check_codes(const MpHouse *house)
{
    MpStore *store = mp_house_store(house);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mails = store->outbox_list(store, NULL, NULL, 10000, &error);
    guint n = 0;

    assert_no_gerror(error);
    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);
        const char *line = strstr(entry->mail->text, "Kode: ");
        g_autofree char *code =
            line == NULL ? NULL : g_strndup(line + 6, strcspn(line + 6, "\r\n "));

        for (guint j = 0; code != NULL && j < outputs->len; j++)
            assert_no_code(g_ptr_array_index(outputs, j), code);
        n += code != NULL;
    }
    store->free(store);
    return n;
}

static void
keep_mails(const MpHouse *house)
{
    MpStore *store = mp_house_store(house);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mails = store->outbox_list(store, NULL, NULL, 10000, &error);

    assert_no_gerror(error);
    assert_true(mails->len > 30);
    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);
        g_autofree char *name =
            g_strdup_printf("mail %s to %s", entry->template_, entry->recipient);
        g_autoptr(GString) all = g_string_new(NULL);

        g_string_append_printf(all,
                               "%s\n%s\n%s\n%s\n",
                               entry->mail->subject,
                               entry->mail->text,
                               entry->mail->html ? entry->mail->html : "",
                               entry->reason ? entry->reason : "");
        for (guint j = 0; j < entry->documents->len; j++)
            g_string_append_printf(
                all, "%s\n", ((const MpOutboxDocument *)entry->documents->pdata[j])->filename);
        keep(name, all->str);
    }
    store->free(store);
}

static void
nothing_leaves_the_house(void **state)
{
    MpHouse *house = mp_house_new(program, NULL, NULL);

    (void)state;
    outputs = g_ptr_array_new_with_free_func(output_free);
    run_cases(house);
    ask_everything(house);
    assert_true(check_codes(house) > 10);
    keep_mails(house);
    for (guint i = 0; i < outputs->len; i++)
        assert_no_number(g_ptr_array_index(outputs, i));
    g_ptr_array_unref(outputs);
    mp_house_free(house);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        {"T-12 T-43 no identity number and no code leaves a run",
         nothing_leaves_the_house,
         NULL,
         NULL,
         NULL},
    };

    if (argc != 2)
        return 64;
    program = argv[1];
    return cmocka_run_group_tests_name("privacy", tests, NULL, NULL);
}
