/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events, their canonical bytes, their fold; and the commands every step takes. */

#include "walk.h"

static const char *const change[] = {"surat-permohonan", "sk-mutasi", NULL};

static void
test_bytes(void **state G_GNUC_UNUSED)
{
    g_autoptr(MpEvent) event = mp_event_new("note", 1);
    g_autoptr(MpEvent) copy = mp_event_new("note", 1);
    g_autofree char *text = NULL;
    g_autofree char *again = NULL;
    g_autoptr(GError) error = NULL;

    mp_event_set(event, "zeta", "a\\b\nc\rd=e");
    mp_event_set(event, "alpha", "");
    mp_event_set(event, "none", NULL);
    text = mp_event_format_data(event);
    assert_text(text, "alpha=\nzeta=a\\\\b\\nc\\rd=e\n");
    assert_true(mp_event_parse_data(copy, text, &error));
    again = mp_event_format_data(copy);
    assert_text(again, text);
    assert_text(mp_event_get(copy, "zeta"), "a\\b\nc\rd=e");
    assert_true(mp_event_key_is_personal("nip"));
    assert_false(mp_event_key_is_personal("due"));
}

typedef struct {
    const char *name;
    const char *text;
} Bad;

static const Bad bad[] = {
    {"no line end", "a=b"},
    {"no key", "=b\n"},
    {"no equals sign", "ab\n"},
    {"the sign stands on the next line", "ab\nc=d\n"},
    {"an escape that is none", "a=\\x\n"},
    {"an escape cut off", "a=b\\\n"},
};

static void
test_bad(void **state)
{
    const Bad *row = *state;
    g_autoptr(MpEvent) event = mp_event_new("note", 1);
    g_autoptr(GError) error = NULL;

    mp_event_set(event, "kept", "yes");
    assert_false(mp_event_parse_data(event, row->text, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_text(mp_event_get(event, "kept"), "yes");
}

typedef struct {
    const char *name;
    const char *kind, *from, *to;
    const char *data;
    const char *want;
} Broken;

static const Broken broken[] = {
    {"an unknown kind", "jumped", NULL, NULL, "", "its kind is unknown"},
    {"a second opening", "opened", NULL, "a", "number=X\n", "open already"},
    {"a move from another step", "moved", "b", "c", "state=open\n", "where the case is not"},
    {"a move into a closed state", "moved", "a", "c", "state=finished\n", "its state is none"},
    {"a due time that is no number",
     "moved",
     "a",
     "c",
     "state=open\ndue=soon\n",
     "a number is none"},
    {"an applicant who leaves a gap", "applicant", NULL, NULL, "n=3\n", "leaves a gap"},
    {"an outcome of nobody", "outcome", NULL, NULL, "n=2\noutcome=issued\n", "no applicant"},
    {"an outcome that is none",
     "outcome",
     NULL,
     NULL,
     "n=1\noutcome=lost\n",
     "its outcome is none"},
    {"an end in an open state", "closed", NULL, NULL, "state=open\n", "its state is none"},
    {"opening again what is open", "reopened", NULL, NULL, "", "is not closed"},
    {"the end of a link that is none", "link-closed", NULL, NULL, "number=Y\n", "not linked"},
    {"a link to nowhere", "linked", NULL, NULL, "", "names no case"},
    {"a document of negative size", "document", NULL, NULL, "bytes=-1\n", "size is negative"},
};

static MpCase *
open_case(void)
{
    MpCase *kase = mp_case_new();
    g_autoptr(MpEvent) opened = mp_event_new("opened", 1);
    g_autoptr(MpEvent) applicant = mp_event_new("applicant", 1);

    opened->to_step = g_strdup("a");
    mp_event_set(opened, "number", "X");
    mp_event_set(applicant, "n", "1");
    assert_true(mp_case_apply(kase, opened, NULL));
    assert_true(mp_case_apply(kase, applicant, NULL));
    return kase;
}

static void
test_broken(void **state)
{
    const Broken *row = *state;
    g_autoptr(MpCase) kase = open_case();
    g_autoptr(MpEvent) event = mp_event_new(row->kind, 2);
    g_autoptr(GError) error = NULL;

    event->from_step = g_strdup(row->from);
    event->to_step = g_strdup(row->to);
    assert_true(mp_event_parse_data(event, row->data, NULL));
    assert_false(mp_case_apply(kase, event, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_contains(error->message, row->want);
    assert_text(kase->step, "a");
    assert_int_equal(kase->version, 1);
    assert_int_equal(kase->applicants->len, 1);
}

static void
test_empty(void **state G_GNUC_UNUSED)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    assert_null(mp_case_fold(none, &error));
    assert_gerror(error, MP_ERROR_INPUT);
}

/* --- commands of every step --- */

static char *
say(Walk *walk, const char *event, const char *actor, const char *note)
{
    static const char *const officials[] = {"budi@contohkab.go.id", NULL};
    g_autofree char *address = g_strconcat(actor, "@contohkab.go.id", NULL);
    MpCaseInput input = {
        .event = event, .actor = actor, .address = address, .note = note, .officials = officials};

    return walk_input(walk, &input);
}

static void
expect(Walk *walk, const char *event, const char *actor, const char *note, const char *refusal)
{
    g_autofree char *got = say(walk, event, actor, note);

    assert_text(got, refusal);
}

static void
test_undo(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");

    walk_receive(walk, change, 1);
    expect(walk, "BATAL", "verifikator", NULL, "nothing-to-undo");
    walk_say(walk, "TERUSKAN", "verifikator");
    assert_step(walk, "input");
    expect(walk, "BATAL", "kabid", NULL, "nothing-to-undo");
    expect(walk, "BATAL", "verifikator", NULL, NULL);
    assert_step(walk, "cek");
    expect(walk, "BATAL", "verifikator", NULL, "nothing-to-undo");
    walk_say(walk, "AJUKAN", "verifikator");
    expect(walk, "BATAL", "verifikator", NULL, NULL);
    assert_step(walk, "cek");
    walk_say(walk, "AJUKAN", "verifikator");
    walk_say(walk, "SELESAI", "verifikator");
    assert_int_equal(walk->kase->state, MP_CASE_FINISHED);
    expect(walk, "BATAL", "verifikator", NULL, "irreversible");
    walk_free(walk);
}

static void
test_hand_over(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");
    guint version;

    walk_receive(walk, change, 1);
    version = walk->kase->version;
    expect(walk, "ALIH", "kabid", "budi@contohkab.go.id", "wrong-role");
    expect(walk, "ALIH", "verifikator", "Budi", "unknown-target");
    expect(walk, "ALIH", "verifikator", "budi@gmail.example", "unknown-target");
    expect(walk, "ALIH", "verifikator", "Budi@contohkab.go.id sementara", NULL);
    assert_text(walk->notices->str, "giliran>budi@contohkab.go.id ");
    assert_text(walk->kase->holder_address, "budi@contohkab.go.id");
    /* The grant that the first holder has is old now. */
    assert_int_equal(walk->kase->version, version + 1);
    expect(walk, "TERUSKAN", "verifikator", NULL, "wrong-role");
    {
        MpCaseInput input = {
            .event = "TERUSKAN", .actor = "verifikator", .address = "budi@contohkab.go.id"};

        assert_null(walk_input(walk, &input));
    }
    assert_step(walk, "input");
    assert_null(walk->kase->holder_address);
    walk_free(walk);
}

static void
test_notes(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-18T09:00:00");
    static const char *const papers[] = {"surat-rekomendasi!", NULL};
    const MpCaseApplicant *applicant;

    walk_receive(walk, papers, 0);
    assert_step(walk, "periksa");
    expect(walk, "CATAT", "verifikator", NULL, "needs-reason");
    expect(walk, "CATAT", "verifikator", "berkas asli di meja", NULL);
    assert_int_equal(walk->kase->applicants->len, 0);
    expect(walk,
           "CATAT",
           "verifikator",
           "pemohon: Rangga Prasetya, S.Kom.; NIP 19900101 201101 1 999; "
           "rangga.prasetya@contohkab.go.id",
           NULL);
    assert_int_equal(walk->kase->applicants->len, 1);
    applicant = g_ptr_array_index(walk->kase->applicants, 0);
    assert_text(applicant->name, "Rangga Prasetya, S.Kom.");
    assert_text(applicant->nip, "199001012011011999");
    assert_text(applicant->email, "rangga.prasetya@contohkab.go.id");
    expect(walk, "CATAT", "verifikator", "PEMOHON 1: Rangga Prasetyo", NULL);
    applicant = g_ptr_array_index(walk->kase->applicants, 0);
    assert_text(applicant->name, "Rangga Prasetyo");
    assert_text(applicant->nip, "199001012011011999");
    expect(walk, "CATAT", "verifikator", "pemohon 5: Siapa", "no-applicant");
    expect(walk, "CATAT", "kabid", "pemohon 1: kabid@contohkab.go.id", "wrong-role");
    expect(walk, "CATAT", "kabid", "sudah saya baca", NULL);
    expect(walk, "CATAT", "verifikator", "ULANG nama: Rangga Prasetya", NULL);
    applicant = g_ptr_array_index(walk->kase->applicants, 0);
    assert_text(applicant->name, "Rangga Prasetya");
    expect(walk, "CATAT", "verifikator", "pemohon: Dewi Anggraini, S.STP", NULL);
    assert_int_equal(walk->kase->applicants->len, 2);
    expect(walk, "CATAT", "verifikator", "ulang nama: Siapa?", "no-applicant");
    expect(walk, "CATAT", "verifikator", "ulang nama 2: Dewi A.", NULL);
    applicant = g_ptr_array_index(walk->kase->applicants, 1);
    assert_text(applicant->name, "Dewi A.");
    walk_free(walk);
}

static void
test_reasons(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");

    walk_receive(walk, change, 1);
    expect(walk, "TOLAK", "verifikator", NULL, "needs-reason");
    expect(walk, "TOLAK", "verifikator", "  ", "needs-reason");
    expect(walk, "LENGKAPI", "verifikator", NULL, "needs-reason");
    /* Figures that the planner has not counted are its fault, no missing reason. */
    expect(walk, "survey", "requester", NULL, "broken");
    expect(walk, "TOLAK", "verifikator", "SK milik orang lain", NULL);
    assert_text(walk->notices->str, "ditolak>requester ");
    assert_text(walk->kase->reason, "SK milik orang lain");
    walk_free(walk);
}

static void
test_no_case(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");

    expect(walk, "SETUJU", "verifikator", NULL, "no-case");
    assert_null(walk->kase);
    walk_free(walk);
}

static void
test_links(void **state G_GNUC_UNUSED)
{
    static const char *const form[] = {"formulir-perubahan-data", NULL};
    Walk *walk = walk_new("pekalongan-perubahan-data", "2026-11-18T09:00:00");
    g_autoptr(MpDecision) decision = NULL;
    MpCaseInput input = {.event = "notice.changed", .actor = "bsre", .holds_certificate = TRUE};
    const MpCaseLink *link;

    walk_receive(walk, form, 2);
    walk_say(walk, "AJUKAN", "verifikator");
    decision =
        mp_case_step(walk->sop, walk->kase, "SE-2026-000123", &input, walk->calendar, walk->now);
    assert_true(decision->is_accepted);
    assert_int_equal(decision->links->len, 1);
    link = g_ptr_array_index(decision->links, 0);
    assert_text(link->service, "pencabutan");
    assert_text(link->reason, "identitas berubah");
    assert_int_equal(link->applicants->len, 2);
    walk_free(walk);
}

static void
test_four_eyes(void **state G_GNUC_UNUSED)
{
    const char *text = "[procedure]\nid = x\ntitle = X\nservice = l\noffice = O\nsource = S\n"
                       "success = issued\nstart = a\nkeeper = verifikator\n"
                       "[step a]\naddition = yes\nactor = system\nactivity = A\non received = b\n"
                       "[step b]\nprinted = 1\nactor = verifikator\nactivity = B\ntime = 5 menit\n"
                       "on TERUSKAN = c\n"
                       "[step c]\nprinted = 2\nactor = verifikator\nactivity = C\ntime = 5 menit\n"
                       "on SELESAI if different_person = z\n"
                       "[step z]\naddition = yes\nactor = system\nactivity = Z\nend = finished\n";
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-18T09:00:00");
    MpCaseInput input = {
        .event = "SELESAI", .actor = "verifikator", .address = "Verifikator@contohkab.go.id"};
    g_autofree char *refusal = NULL;

    mp_sop_free(walk->sop);
    walk->sop = mp_sop_parse("x.sop", text, strlen(text), walk_roles, NULL);
    assert_non_null(walk->sop);
    walk_receive(walk, change, 1);
    walk_say(walk, "TERUSKAN", "verifikator");
    refusal = walk_input(walk, &input);
    assert_text(refusal, "guard");
    assert_int_equal(walk->kase->state, MP_CASE_OPEN);
    input.address = "cici@contohkab.go.id";
    assert_null(walk_input(walk, &input));
    assert_int_equal(walk->kase->state, MP_CASE_FINISHED);
    walk_free(walk);
}

/* --- accounts --- */

static void
test_account(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-20T11:20:00");
    static const char *const papers[] = {"surat-rekomendasi", NULL};
    g_autoptr(GPtrArray) uses = NULL;
    g_autoptr(GPtrArray) story = NULL;
    g_autoptr(GPtrArray) due = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *progress = NULL;

    walk_receive(walk, papers, 1);
    walk->now += 4 * MP_WALK_MINUTE;
    walk_say(walk, "SETUJU", "kepala-dinas");
    walk->now = walk_time(walk->calendar, "2026-11-20T13:02");
    due = mp_case_explain_due(walk->sop, walk->kase, walk->calendar);
    progress = mp_case_progress(walk->kase, "Kepala Bidang Persandian", walk->calendar);
    assert_text(progress,
                "Bola di: Kepala Bidang Persandian, sejak Jumat, 20 November 2026 pukul 11.24 "
                "WITA, batas Jumat, 20 November 2026 pukul 11.29 WITA.");
    walk_say(walk, "TERUSKAN", "kabid");
    uses =
        mp_case_account(walk->sop, walk->events, walk->calendar, walk->now + 60 * MP_WALK_MINUTE);
    for (guint i = 0; i < uses->len; i++) {
        const MpCaseUse *use = g_ptr_array_index(uses, i);
        g_autofree char *line = mp_case_use_to_text(use);

        if (use->step->printed != NULL)
            g_string_append_printf(
                text, "%s: %s%s\n", use->step->id, line, use->is_over ? " !" : "");
    }
    /* Friday's break from 11.30 to 13.00 belongs to nobody. */
    assert_text(text->str,
                "disposisi: 4 menit dari 5 menit\n"
                "tindak-lanjut: 8 menit dari 5 menit !\n"
                "pendataan: 1 jam dari 10 menit !\n");
    story = mp_case_story(walk->sop, walk->events, walk->calendar);
    assert_contains(g_ptr_array_index(story, 0),
                    "Jumat, 20 November 2026 pukul 11.20 WITA: dibuka: SE-2026-000123");
    assert_int_equal(due->len, 3);
    assert_text(g_ptr_array_index(due, 1), "Jumat, 20 November 2026: 5 menit kerja");
    walk_free(walk);
}

static void
test_account_sleep(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-18T08:00:00");
    static const char *const papers[] = {"surat-rekomendasi", NULL};
    MpCaseInput input = {.event = "TUNDA",
                         .actor = "kepala-dinas",
                         .address = "kepala-dinas@contohkab.go.id",
                         .until = "2026-11-24"};
    g_autoptr(GPtrArray) uses = NULL;
    const MpCaseUse *use;

    walk_receive(walk, papers, 1);
    walk->now += 2 * MP_WALK_MINUTE;
    assert_null(walk_input(walk, &input));
    walk->now = walk_time(walk->calendar, "2026-11-24T07:30");
    walk_say(walk, "timer.wake", "system");
    walk->now += 1 * MP_WALK_MINUTE;
    walk_say(walk, "SETUJU", "kepala-dinas");
    uses = mp_case_account(walk->sop, walk->events, walk->calendar, walk->now);
    use = g_ptr_array_index(uses, 1);
    assert_text(use->step->id, "disposisi");
    assert_int_equal(use->used_minutes, 3);
    assert_int_equal(use->visits, 1);
    walk_free(walk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_undo),
        cmocka_unit_test(test_hand_over),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_no_case),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_four_eyes),
        cmocka_unit_test(test_account),
        cmocka_unit_test(test_account_sleep),
    };

    return run_rows("bad data", bad, test_bad) + run_rows("broken events", broken, test_broken) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
