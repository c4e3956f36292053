/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command language: what officials really write, and what must never count as a command. A row
 * says the commands as "VERB [case] #n until=day | note", lines joined by " / ". */

#include "walk.h"

typedef struct {
    const char *name;
    const char *text;
    const char *want;
    const char *doubts; /* NULL = "" when commands are wanted, else "no-command" */
    const char *asked;  /* suggestions of lines not understood, comma after each */
} Row;

static const Row rows[] = {
    {"one word", "TERUSKAN", "TERUSKAN", NULL, NULL},
    {"a synonym", "Acc", "SETUJU", NULL, NULL},
    {"a mark after the verb is no note", "Acc.", "SETUJU", NULL, NULL},
    {"a picture after the verb is no note", "Acc 🙏", "SETUJU", NULL, NULL},
    {"abbreviation", "UTL", "TERUSKAN", NULL, NULL},
    {"the rest of the line is the note",
     "Kembalikan, SK nya belum ada",
     "KEMBALIKAN | SK nya belum ada",
     NULL,
     NULL},
    {"courtesy before the verb", "OK mas lanjut", "TERUSKAN", NULL, NULL},
    {"mohon dilengkapi", "mohon dilengkapi SK mutasi", "LENGKAPI | SK mutasi", NULL, NULL},
    {"a role addressed", "Kabid: untuk ditindaklanjuti", "TERUSKAN", NULL, NULL},
    {"the first verb of a line counts",
     "ACC, tindak lanjuti",
     "SETUJU | tindak lanjuti",
     NULL,
     NULL},
    {"a sentence as note",
     "Setuju. Segera diproses sesuai ketentuan",
     "SETUJU | Segera diproses sesuai ketentuan",
     NULL,
     NULL},
    {"two commands in two lines",
     "Teruskan ke Kasi\nCatat berkas asli ada di meja saya",
     "TERUSKAN | ke Kasi / CATAT | berkas asli ada di meja saya",
     NULL,
     NULL},
    {"greeting before the command", "Selamat pagi Bapak,\n\nTeruskan", "TERUSKAN", NULL, NULL},
    {"sudah ajukan", "SUDAH AJUKAN AMS", "AJUKAN | AMS", NULL, NULL},
    {"postponed without a day", "tunda sampai apel senin", "TUNDA | sampai apel senin", NULL, NULL},
    {"colon after the verb",
     "KURANG: SK Mutasi, email .go.id",
     "LENGKAPI | SK Mutasi, email .go.id",
     NULL,
     NULL},
    {"the longest phrase wins",
     "DITOLAK BSrE: foto KTP buram",
     "GAGAL | foto KTP buram",
     NULL,
     NULL},
    {"refusal with a negation in its reason",
     "Tolak, tidak lengkap",
     "TOLAK | tidak lengkap",
     NULL,
     NULL},
    {"outcome with a day",
     "SELESAI terbit s.d. 20-11-2028",
     "SELESAI until=2028-11-20 | terbit s.d. 20-11-2028",
     NULL,
     NULL},
    {"outcome of one applicant",
     "SELESAI 2 s.d. 20-11-2028",
     "SELESAI #2 until=2028-11-20 | s.d. 20-11-2028",
     NULL,
     NULL},
    {"a day right after the verb is no applicant",
     "SELESAI 20-11-2028",
     "SELESAI until=2028-11-20 | 20-11-2028",
     NULL,
     NULL},
    {"a spelt day is no applicant",
     "SELESAI 20 November 2028",
     "SELESAI until=2028-11-20 | 20 November 2028",
     NULL,
     NULL},
    {"an applicant and a spelt day",
     "SELESAI 3 sampai 20 November 2028",
     "SELESAI #3 until=2028-11-20 | sampai 20 November 2028",
     NULL,
     NULL},
    {"failure of one applicant", "GAGAL 3 swafoto buram", "GAGAL #3 | swafoto buram", NULL, NULL},
    {"several outcomes in one mail",
     "SELESAI 1\nSELESAI 2\nGAGAL 3 ditolak Dukcapil",
     "SELESAI #1 / SELESAI #2 / GAGAL #3 | ditolak Dukcapil",
     NULL,
     NULL},
    {"a case number on the line",
     "SE-2026-000124 TOLAK sudah pindah",
     "TOLAK SE-2026-000124 | sudah pindah",
     NULL,
     NULL},
    {"a case number in brackets at the end",
     "SETUJU [se-2026-000124]",
     "SETUJU SE-2026-000124",
     NULL,
     NULL},
    {"opposite verbs for two cases",
     "SE-2026-000124 SETUJU\nSE-2026-000125 TOLAK dobel",
     "SETUJU SE-2026-000124 / TOLAK SE-2026-000125 | dobel",
     NULL,
     NULL},
    {"a list with numbers",
     "1. SETUJU\n2. CATAT berkas di meja",
     "SETUJU / CATAT | berkas di meja",
     NULL,
     NULL},
    {"trial run", "COBA TOLAK dobel", "COBA:TOLAK | dobel", NULL, NULL},
    {"question mark alone", "?", "BANTUAN", NULL, NULL},
    {"help in English", "HELP", "BANTUAN", NULL, NULL},
    {"status with a question mark", "STATUS?", "STATUS", NULL, NULL},
    {"approve and pass on are one wish",
     "Setuju\nTeruskan ke Kabid",
     "SETUJU | ke Kabid",
     NULL,
     NULL},
    {"the same line twice is one command", "TERUSKAN\nTERUSKAN", "TERUSKAN", NULL, NULL},
    {"do not forget is no negation",
     "Teruskan, jangan lupa SK-nya",
     "TERUSKAN | jangan lupa SK-nya",
     NULL,
     NULL},
    {"tautkan", "TAUTKAN SE-2026-000124", "TAUTKAN SE-2026-000124", NULL, NULL},
    {"hand over", "ALIH ani@contohkab.go.id", "ALIH | ani@contohkab.go.id", NULL, NULL},

    {"negation before the verb", "jangan diteruskan dulu", "", NULL, NULL},
    {"tidak setuju", "tidak setuju", "", NULL, NULL},
    {"belum acc", "belum acc", "", NULL, NULL},
    {"blm lengkap", "blm lengkap", "", NULL, NULL},
    {"tidak acc with a sentence", "tidak acc, nanti saya tanya Kadis dulu", "", NULL, NULL},
    {"negation after courtesy", "mohon jangan diteruskan", "", NULL, NULL},
    {"negation right after the verb", "acc belum bisa", "", NULL, NULL},
    {"taken back in the same line", "Setuju, tapi jangan diteruskan dulu", "", NULL, NULL},
    {"condition", "lanjut kalau sudah lengkap", "", NULL, NULL},
    {"asked for", "apakah sudah disetujui?", "", NULL, NULL},
    {"asked with the verb in front", "Diteruskan?", "", NULL, NULL},
    {"thanks", "terima kasih 🙏", "", NULL, NULL},
    {"on leave", "Saya cuti s.d. tgl 24, ke Pak Sekdin saja", "", NULL, NULL},
    {"empty", "", "", NULL, NULL},
    {"verb inside a sentence", "Berkas ini menurut saya setuju saja", "", NULL, NULL},
    {"contradiction", "SETUJU\nTOLAK dobel", "", "contradiction", NULL},
    {"push and take back", "TERUSKAN\nBATAL", "", "contradiction", NULL},
    {"year of two digits", "SELESAI s.d. 20-11-28", "", "bad-date", ","},
    {"shortened month", "SELESAI s.d. 20 Nop 2028", "", "bad-date", ","},
    {"a day that is none", "TUNDA sampai 31-11-2026", "", "bad-date", ","},
    {"a day without a year", "TUNDA sampai 24 November", "", "bad-date", ","},
    {"typo in a verb", "TERUSKN", "", NULL, "TERUSKAN,"},
    {"typo with two letters swapped", "Steuju", "", NULL, "SETUJU,"},
    {"typo among good ones keeps its line",
     "CATAT satu\nTLOAK dobel",
     "CATAT | satu",
     "",
     "TOLAK,"},
    {"selesai in prose is asked back", "Selesai rapat saya cek", "", NULL, "SELESAI,"},
    {"a weekday is no verb", "Selasa saya di luar kota", "", NULL, NULL},
};

static char *
describe(const MpCommands *commands)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < commands->commands->len; i++) {
        const MpCommand *command = g_ptr_array_index(commands->commands, i);

        g_string_append(text, i > 0 ? " / " : "");
        g_string_append_printf(text, "%s%s", command->is_trial ? "COBA:" : "", command->verb);
        if (command->case_number != NULL)
            g_string_append_printf(text, " %s", command->case_number);
        if (command->applicant > 0)
            g_string_append_printf(text, " #%u", command->applicant);
        if (command->until != NULL)
            g_string_append_printf(text, " until=%s", command->until);
        if (command->note != NULL)
            g_string_append_printf(text, " | %s", command->note);
    }
    return g_string_free(text, FALSE);
}

static char *
join(const GPtrArray *strings)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < strings->len; i++)
        g_string_append_printf(text, "%s,", (const char *)g_ptr_array_index(strings, i));
    return g_string_free(text, FALSE);
}

static MpVerbs *
load_verbs(void)
{
    gsize length;
    g_autofree char *text = walk_read("rules/commands.tsv", &length);
    g_autoptr(GError) error = NULL;
    MpVerbs *verbs = mp_verbs_parse("rules/commands.tsv", text, length, &error);

    assert_no_gerror(error);
    return verbs;
}

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(MpVerbs) verbs = load_verbs();
    g_autoptr(MpCommands) commands = mp_commands_parse(verbs, row->text, "SE", NULL);
    g_autofree char *got = describe(commands);
    g_autofree char *asked = join(commands->suggestions);
    g_autofree char *doubts = join(commands->doubts);
    g_autofree char *want_doubts =
        row->doubts != NULL ? g_strconcat(row->doubts, row->doubts[0] != '\0' ? "," : "", NULL)
                            : g_strdup(row->want[0] != '\0' ? "" : "no-command,");

    assert_text(got, row->want);
    assert_text(asked, row->asked != NULL ? row->asked : "");
    assert_text(doubts, want_doubts);
    assert_int_equal(commands->not_understood->len, commands->suggestions->len);
}

static void
test_message(void **state G_GNUC_UNUSED)
{
    g_autoptr(MpVerbs) verbs = load_verbs();
    g_autoptr(MpCommands) commands = mp_commands_parse(
        verbs,
        "TOLAK sudah pindah\nPesan: Mohon ajukan lewat\nkabupaten tujuan.\nTERUSKAN",
        "SE",
        NULL);
    g_autofree char *got = describe(commands);

    assert_text(got, "TOLAK | sudah pindah");
    assert_text(commands->message, "Mohon ajukan lewat\nkabupaten tujuan.\nTERUSKAN");
}

static void
test_limit(void **state G_GNUC_UNUSED)
{
    g_autoptr(MpVerbs) verbs = load_verbs();
    MpLimits limits = mp_limits_default();

    for (gint64 n = limits.commands; n <= limits.commands + 1; n++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(MpCommands) commands = NULL;

        for (gint64 i = 0; i < n; i++)
            g_string_append_printf(text, "CATAT nomor %d\n", (int)i);
        commands = mp_commands_parse(verbs, text->str, "SE", &limits);
        assert_int_equal(commands->commands->len, n <= limits.commands ? n : 0);
        assert_int_equal(commands->doubts->len, n <= limits.commands ? 0 : 1);
    }
}

typedef struct {
    const char *name;
    const char *text; /* added below the real table */
    const char *want; /* part of the message */
} Bad;

static const Bad bad[] = {
    {"two cells", "verb\tSETUJU", "three cells"},
    {"unknown class", "verbs\tSETUJU\tx", "is none of verb"},
    {"unknown verb", "against\tSETUJUI\tTOLAK", "verb 'SETUJUI' is unknown"},
    {"verb twice", "verb\tSETUJU\tx", "stands there already"},
    {"courtesy that is a verb", "courtesy\t-\tlanjut", "is a word for TERUSKAN too"},
    {"negation that is in a phrase", "negation\t-\tsudah", "holds the negation 'sudah'"},
    {"contradiction with an unknown verb", "against\tTOLAK\tSETUJUI", "verb 'SETUJUI' is unknown"},
    {"negation of two words", "negation\t-\ttidak boleh", "is not one word"},
};

static void
test_bad(void **state)
{
    const Bad *row = *state;
    gsize length;
    g_autofree char *good = walk_read("rules/commands.tsv", &length);
    g_autofree char *text = g_strconcat(good, row->text, "\n", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpVerbs) verbs = mp_verbs_parse("x/commands.tsv", text, strlen(text), &error);

    assert_null(verbs);
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, "commands.tsv:");
    assert_contains(error->message, row->want);
}

static void
test_absent_verb(void **state G_GNUC_UNUSED)
{
    const char *text = "verb\tSETUJU\tacc\nverb\tTOLAK\tacc\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(MpVerbs) verbs = mp_verbs_parse("c.tsv", text, strlen(text), &error);
    g_autoptr(GError) second = NULL;
    g_autoptr(MpVerbs) few = mp_verbs_parse("c.tsv", "verb\tSETUJU\tacc\n", 16, &second);

    assert_null(verbs);
    assert_text(error->message, "c.tsv:2: 'acc' stands for SETUJU already");
    assert_null(few);
    assert_contains(second->message, "verb TERUSKAN is absent");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_absent_verb),
    };

    return run_rows("commands", rows, test_row) + run_rows("bad tables", bad, test_bad) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
