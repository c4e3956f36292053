/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a procedure's file may not say: each refusal with file and line, the nearest word where one
 * is near. And a sixth procedure that the engine has never seen. */

#include "walk.h"

#define HEAD                                                                                       \
    "[procedure]\nid = x\ntitle = X\nservice = lapor\noffice = O\nsource = S\nsuccess = issued\n"  \
    "start = a\nkeeper = verifikator\n"
#define A "[step a]\naddition = yes\nactor = system\nactivity = A\non received = b\n"
#define B                                                                                          \
    "[step b]\nprinted = 1\nactor = verifikator\nactivity = B\ntime = 15 menit\n"                  \
    "on SELESAI = z\n"
#define Z "[step z]\naddition = yes\nactor = system\nactivity = Z\nend = finished\n"
#define TAKES_UP "on confirmed if offer_open = .; open_link(pendaftaran, ulang)\n"

typedef struct {
    const char *name;
    const char *text;
    const char *want; /* NULL = it loads */
} Row;

static const Row rows[] = {
    {"a procedure of three steps loads", HEAD A B Z, NULL},
    {"no [procedure]", A B Z, "x.sop:1: file has no [procedure]"},
    {"no title", "[procedure]\nid = x\n" A B Z, "x.sop:1: [procedure] has no 'title'"},
    {"unknown key in [procedure]",
     HEAD "ofice = O\n" A B Z,
     "x.sop:10: key 'ofice' is unknown, nearest: office"},
    {"unknown key in a step",
     HEAD A B "times = 3 menit\n" Z,
     "key 'times' is unknown, nearest: time"},
    {"unknown group", HEAD A B Z "[stepp q]\n", "group [stepp q] is none of"},
    {"unknown event",
     HEAD A B "on SELESIA = z\n" Z,
     "event 'SELESIA' is unknown, nearest: SELESAI"},
    {"unknown guard", HEAD A B "on TOLAK if complete = z\n" Z, "guard 'complete' is unknown"},
    {"unknown action", HEAD A B "on TOLAK = z; notify(x)\n" Z, "action 'notify(x)' is unknown"},
    {"action with too few arguments",
     HEAD A B "on TOLAK = z; notice(selesai)\n" Z,
     "is unknown or misused"},
    {"unknown template",
     HEAD A B "on TOLAK = z; notice(beres, requester)\n" Z,
     "template 'beres' is unknown"},
    {"unknown audience",
     HEAD A B "on TOLAK = z; notice(selesai, opd)\n" Z,
     "audience 'opd' is unknown"},
    {"unknown role",
     HEAD A
     "[step b]\nprinted = 1\nactor = kabiro\nactivity = B\ntime = 5 menit\non SELESAI = z\n" Z,
     "role 'kabiro' is unknown"},
    {"unknown paper",
     HEAD A "[step b]\nprinted = 1\nactor = kasi\nactivity = B\ntime = 5 menit\n"
            "papers = kartu-kendali; surat-rekomendsi\non SELESAI = z\n" Z,
     "paper 'surat-rekomendsi' is unknown, nearest: surat-rekomendasi"},
    {"papers where no official acts",
     HEAD A B "[step c]\nprinted = 2\nactor = bsre\nactivity = C\ntime = 5 menit\n"
              "papers = kartu-kendali\non SELESAI = z\n" Z,
     "step 'c' has papers, but no official acts there"},
    {"papers of a step",
     HEAD A "[step b]\nprinted = 1\nactor = kasi\nactivity = B\ntime = 5 menit\n"
            "papers = kartu-kendali; tabel-ams\non SELESAI = z\n" Z,
     NULL},
    {"unknown step", HEAD A B "on TOLAK = y\n" Z, "step 'y' is unknown"},
    {"unknown start",
     "[procedure]\nid = x\ntitle = X\nservice = l\noffice = O\nsource = S\nsuccess = issued\nstart "
     "= q\n" A B Z,
     "start step 'q' is unknown"},
    {"unknown success",
     "[procedure]\nid = x\ntitle = X\nservice = l\noffice = O\nsource = S\nsuccess = "
     "rejected\nstart = a\n" A B Z,
     "success is none of issued"},
    {"a step that is never reached",
     HEAD A B
     "[step c]\nprinted = 2\nactor = verifikator\nactivity = C\ntime = 5 menit\non SELESAI = z\n" Z,
     "step 'c' is never reached"},
    {"a step that never ends",
     HEAD A B "on TOLAK = c\n[step c]\nprinted = 2\nactor = verifikator\nactivity = C\ntime = 5 "
              "menit\non SELESAI = .\n" Z,
     "step 'c' never comes to an end"},
    {"a waiting step without a clock",
     HEAD A "[step b]\nprinted = 1\nactor = verifikator\nactivity = B\non SELESAI = z\n" Z,
     "step 'b' waits without a clock"},
    {"a waiting step that nobody holds",
     HEAD A "[step b]\naddition = yes\nactor = system\nactivity = B\non SELESAI = z\n" Z,
     "nobody holds it"},
    {"a requester who may wait for ever",
     HEAD A "[step b]\naddition = yes\nactor = requester\nactivity = B\non supplement = z\n" Z,
     "waits for the requester for ever"},
    {"two rows under the same guards",
     HEAD A B "on SELESAI if documents_complete = z\n" Z,
     "two rows for 'SELESAI' under the same guards"},
    {"two rows whose guards overlap",
     HEAD A B "on TOLAK if documents_complete = z\non TOLAK if any_success = z\n" Z,
     "two rows for 'TOLAK'"},
    {"two rows whose guards exclude each other",
     HEAD A B "on TOLAK if documents_complete = z\non TOLAK if not documents_complete = z\n" Z,
     NULL},
    {"a letter that no row takes",
     HEAD "[step a]\naddition = yes\nactor = system\nactivity = A\non received if "
          "documents_complete = b\n" B Z,
     "has no row for every letter"},
    {"enter rows in a circle",
     HEAD A B "on TOLAK = c\n[step c]\naddition = yes\nactor = system\nactivity = C\non enter = "
              "d\n[step d]\naddition = yes\nactor = system\nactivity = D\non enter if any_success "
              "= z\non enter if not any_success = c\n" Z,
     "run in a circle"},
    {"an enter row that stays",
     HEAD A B
     "on TOLAK = c\n[step c]\naddition = yes\nactor = system\nactivity = C\non enter = .\n" Z,
     "has to leave its step"},
    {"an end that takes events", HEAD A B Z "on SELESAI = b\n", "is an end and takes no events"},
    {"an end that offers", HEAD A B "on TOLAK = z; offer\n" Z TAKES_UP, NULL},
    {"an end that would offer for ever",
     HEAD A B Z "on confirmed = .; open_link(pendaftaran, ulang)\n",
     "is an end and takes no events"},
    {"an offer that nobody can take up", HEAD A B "on TOLAK = z; offer\n" Z, "offer needs an end"},
    {"back to the start", HEAD A B "on TOLAK = a\n" Z, "row leads back to the start"},
    {"neither printed nor an addition",
     HEAD A "[step b]\nactor = verifikator\nactivity = B\ntime = 5 menit\non SELESAI = z\n" Z,
     "either printed or marked 'addition = yes'"},
    {"both printed and an addition",
     HEAD A "[step b]\nprinted = 1\naddition = yes\nactor = verifikator\nactivity = B\ntime = 5 "
            "menit\non SELESAI = z\n" Z,
     "either printed or marked"},
    {"a time that is none",
     HEAD A
     "[step b]\nprinted = 1\nactor = verifikator\nactivity = B\ntime = 10\non SELESAI = z\n" Z,
     "time is no time like"},
    {"days on the office's clock",
     HEAD A "[step b]\nprinted = 1\nactor = verifikator\nactivity = B\ntime = 1 hari\nclock = "
            "office\non SELESAI = z\n" Z,
     "does not fit the clock"},
    {"a window action without a window",
     HEAD A B "on TOLAK = z; hold_window\n" Z,
     "needs window_days"},
    {"an end that is no closed state",
     HEAD A B "[step z]\naddition = yes\nactor = system\nactivity = Z\nend = open\n",
     "end is none of finished"},
    {"a common group with an unknown step",
     HEAD A B Z "[common k]\nsteps = b; q\non TOLAK = z\n",
     "step 'q' is unknown"},
    {"a tell without an audience", HEAD A B "tell = selesai\n" Z, "is not 'template audience'"},
    {"yes or no", HEAD A B "continues = ja\n" Z, "continues is not yes or no"},
    {"a row that leads nowhere", HEAD A B "on TOLAK =\n" Z, "row leads nowhere"},
    {"reminder days that fall", HEAD "requester_days = 5; 2\n" A B Z, "two rising numbers"},
    {"a step outside the office without a keeper",
     "[procedure]\nid = x\ntitle = X\nservice = l\noffice = O\nsource = S\nsuccess = issued\nstart "
     "= a\n" A "[step b]\nprinted = 1\nactor = bsre\nactivity = B\ntime = 24 jam\nclock = "
     "elapsed\non notice.issued = z\n" Z,
     "has no keeper"},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpSop) sop =
        mp_sop_parse("/etc/x.sop", row->text, strlen(row->text), walk_roles, &error);

    if (row->want == NULL) {
        assert_no_gerror(error);
        assert_non_null(sop);
        return;
    }
    assert_null(sop);
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, "x.sop:");
    assert_contains(error->message, row->want);
}

/* Every prefix of a real file is either a procedure or an error, never a crash. */
static void
test_prefixes(void **state G_GNUC_UNUSED)
{
    gsize length;
    g_autofree char *text = walk_read("rules/sop/demak-pencabutan.sop", &length);

    for (gsize n = 0; n < length; n += 7) {
        g_autofree char *copy = g_memdup2(text, MAX(n, 1));
        g_autoptr(GError) error = NULL;
        g_autoptr(MpSop) sop = mp_sop_parse("p.sop", copy, n, walk_roles, &error);

        assert_true((sop == NULL) == (error != NULL));
    }
}

static void
test_table(void **state G_GNUC_UNUSED)
{
    MpSop *sop = walk_load("pekalongan-perubahan-data");
    g_autofree char *text = mp_sop_to_text(sop);
    g_autofree char *dot = mp_sop_to_dot(sop);
    g_autofree char **borrowed = mp_sop_verbs_at(sop, "verifikasi");
    g_autofree char *list = g_strjoinv(" ", borrowed);

    assert_contains(text, "   5  kepemilikan  [bsre]  BSrE memeriksa apakah pemohon memiliki");
    assert_contains(text, "   +  cek  [verifikator]");
    assert_contains(text, "open_link(pencabutan, identitas berubah)");
    assert_contains(text, "(start)");
    assert_contains(dot, "digraph \"pekalongan-perubahan-data\" {");
    assert_contains(dot, "\"kepemilikan\" -> \"pencabutan\"");
    assert_contains(dot, "\"diminta\" -> \"cek\"");
    assert_text(list, "KEMBALIKAN SELESAI GAGAL");
    mp_sop_free(sop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_table),
    };

    return run_rows("files", rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
