/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cases walked through the five procedures. A script is a list of "EVENT@actor>step": the event has
 * to be accepted and lead there; "EVENT@actor!refusal" has to be refused and change nothing. An
 * applicant may be named ("SELESAI#2@verifikator>…"); "+kind" after the actor brings a paper. */

#include "walk.h"

typedef struct {
    const char *name;
    const char *sop;
    const char *papers; /* kinds with blanks; "kind!" cannot be read */
    guint applicants;
    gboolean holds_certificate;
    const char *doubt;
    const char *reason;
    const char *script;
    MpCaseState state;
} Row;

#define CHANGE "surat-permohonan sk-mutasi"
#define REVOKE "surat-permohonan sk-pensiun"
#define REGISTER "surat-permohonan ktp"
#define RENEW "surat-permohonan surat-rekomendasi"

static const Row rows[] = {
    {"Demak, change of data, from letter to archive",
     "demak-perubahan-data",
     CHANGE,
     1,
     FALSE,
     NULL,
     NULL,
     "=cek TERUSKAN@verifikator>input AJUKAN@verifikator>bsre-proses notice.changed@bsre>selesai",
     MP_CASE_FINISHED},
    {"Demak, change of data, check and entry in one answer",
     "demak-perubahan-data",
     CHANGE,
     1,
     FALSE,
     NULL,
     NULL,
     "=cek AJUKAN@verifikator>bsre-proses timer.due@system>bsre-laporan "
     "notice.changed@bsre>selesai",
     MP_CASE_FINISHED},
    {"Demak, change of data, one of three rejected by BSrE",
     "demak-perubahan-data",
     CHANGE,
     3,
     FALSE,
     NULL,
     NULL,
     "=cek AJUKAN@verifikator>bsre-proses notice.changed#1@bsre>bsre-proses "
     "notice.changed#1@bsre!no-applicant notice.rejected#2@bsre>bsre-proses "
     "timer.due@system>bsre-laporan SELESAI#3@verifikator>selesai",
     MP_CASE_FINISHED},
    {"Demak, change of data, all rejected is refused",
     "demak-perubahan-data",
     CHANGE,
     1,
     FALSE,
     NULL,
     NULL,
     "=cek AJUKAN@verifikator>bsre-proses notice.rejected@bsre>ditolak",
     MP_CASE_REFUSED},
    {"Demak, change of data, incomplete, then supplemented",
     "demak-perubahan-data",
     "surat-permohonan",
     1,
     FALSE,
     NULL,
     NULL,
     "=dilengkapi supplement@requester+lainnya>dilengkapi supplement@requester+sk-mutasi>cek",
     MP_CASE_OPEN},
    {"an unreadable paper that may be the missing one goes to a person",
     "demak-perubahan-data",
     "surat-permohonan lainnya!",
     1,
     FALSE,
     NULL,
     NULL,
     "=periksa TERUSKAN@verifikator>cek",
     MP_CASE_OPEN},
    {"no answer closes, a reply opens again",
     "demak-perubahan-data",
     "surat-permohonan",
     1,
     FALSE,
     NULL,
     NULL,
     "=dilengkapi timer.expire@system>kedaluwarsa TERUSKAN@verifikator!closed "
     "supplement@requester+sk-mutasi>cek AJUKAN@verifikator>bsre-proses "
     "notice.changed@bsre>selesai",
     MP_CASE_FINISHED},
    {"asked by an official, the answer comes back to him",
     "demak-perubahan-data",
     CHANGE,
     1,
     FALSE,
     NULL,
     NULL,
     "=cek TERUSKAN@verifikator>input LENGKAPI@verifikator>diminta "
     "supplement@requester+lainnya>input",
     MP_CASE_OPEN},
    {"refused by the verifikator",
     "demak-perubahan-data",
     CHANGE,
     2,
     FALSE,
     NULL,
     NULL,
     "=cek TOLAK@verifikator>ditolak supplement@requester+ktp!closed",
     MP_CASE_REFUSED},
    {"withdrawn before anything irreversible",
     "demak-perubahan-data",
     CHANGE,
     2,
     FALSE,
     NULL,
     NULL,
     "=cek withdrawal#1@requester>cek withdrawal@requester>ditarik",
     MP_CASE_WITHDRAWN},
    {"withdrawal after submission stays where it is",
     "demak-perubahan-data",
     CHANGE,
     1,
     FALSE,
     NULL,
     NULL,
     "=cek AJUKAN@verifikator>bsre-proses withdrawal@requester>bsre-proses "
     "notice.changed@bsre>selesai withdrawal@requester!closed",
     MP_CASE_FINISHED},
    {"the wrong official, a stranger's verb, a wrong notice",
     "demak-perubahan-data",
     CHANGE,
     1,
     FALSE,
     NULL,
     NULL,
     "=cek TERUSKAN@kabid!wrong-role SELESAI@verifikator!wrong-step "
     "notice.changed@bsre!wrong-step timer.wake@system!wrong-step AJUKAN@verifikator>bsre-proses "
     "notice.issued@bsre!wrong-step SELESAI#2@verifikator!no-applicant",
     MP_CASE_WAITING},
    {"Demak, revocation, with a notice that the verifikator confirms",
     "demak-pencabutan",
     REVOKE,
     1,
     FALSE,
     NULL,
     NULL,
     "=rekomendasi SETUJU@kepala-dinas>unggah AJUKAN@verifikator>bsre "
     "notice.revoked@bsre>konfirmasi TERUSKAN@verifikator>selesai",
     MP_CASE_FINISHED},
    {"Demak, revocation, the verifikator's own word needs no second one",
     "demak-pencabutan",
     "surat-permohonan surat-keterangan-kematian",
     1,
     FALSE,
     NULL,
     NULL,
     "=rekomendasi SETUJU@kepala-dinas>unggah AJUKAN@verifikator>bsre SELESAI@verifikator>selesai",
     MP_CASE_FINISHED},
    {"Demak, revocation, BSrE refuses",
     "demak-pencabutan",
     REVOKE,
     1,
     FALSE,
     NULL,
     NULL,
     "=rekomendasi SETUJU@kepala-dinas>unggah KEMBALIKAN@verifikator>rekomendasi "
     "TERUSKAN@kepala-dinas>unggah AJUKAN@verifikator>bsre GAGAL@verifikator>ditolak",
     MP_CASE_REFUSED},
    {"Demak, revocation, a known passphrase does not wait for papers",
     "demak-pencabutan",
     "",
     1,
     FALSE,
     NULL,
     "kompromi",
     "=periksa AJUKAN@verifikator>bsre notice.revoked@bsre>konfirmasi SETUJU@verifikator>selesai",
     MP_CASE_FINISHED},
    {"Kudus, registration through all its chain",
     "kudus-pendaftaran",
     REGISTER,
     1,
     FALSE,
     NULL,
     NULL,
     "=disposisi TERUSKAN@kepala-dinas>disposisi-kabid TERUSKAN@kabid>verifikasi "
     "TERUSKAN@kasi>rekomendasi AJUKAN@verifikator>akun notice.activation@bsre>registrasi "
     "notice.passphrase@bsre>passphrase notice.issued@bsre>selesai",
     MP_CASE_FINISHED},
    {"Kudus, BSrE's mails that go to the owner alone are not needed",
     "kudus-pendaftaran",
     REGISTER,
     3,
     FALSE,
     NULL,
     NULL,
     "=disposisi TERUSKAN@kepala-dinas>disposisi-kabid TERUSKAN@kabid>verifikasi "
     "TERUSKAN@kasi>rekomendasi AJUKAN@verifikator>akun SELESAI#1@verifikator>akun "
     "notice.activation#2@bsre>registrasi GAGAL#2@verifikator>registrasi "
     "notice.issued#3@bsre>selesai",
     MP_CASE_FINISHED},
    {"Kudus, sent back step by step",
     "kudus-pendaftaran",
     REGISTER,
     1,
     FALSE,
     NULL,
     NULL,
     "=disposisi TERUSKAN@kepala-dinas>disposisi-kabid KEMBALIKAN@kabid>disposisi "
     "SETUJU@kepala-dinas>disposisi-kabid TERUSKAN@kabid>verifikasi "
     "KEMBALIKAN@kasi>disposisi-kabid",
     MP_CASE_OPEN},
    {"Kudus, a bad number goes to a person first",
     "kudus-pendaftaran",
     REGISTER,
     1,
     FALSE,
     "bad-nip",
     NULL,
     "=periksa TERUSKAN@verifikator>disposisi",
     MP_CASE_OPEN},
    {"no applicant can be read: a person looks, and nothing is finished without one",
     "mamuju-pembaruan",
     RENEW,
     0,
     FALSE,
     NULL,
     NULL,
     "=periksa TERUSKAN@verifikator>disposisi SETUJU@kepala-dinas>tindak-lanjut "
     "SETUJU@kabid>pendataan SETUJU@admin-helpdesk>terima-berkas AJUKAN@verifikator>bsre "
     "SELESAI@verifikator!no-applicant",
     MP_CASE_WAITING},
    {"Pekalongan, no certificate: done with BSrE's notice",
     "pekalongan-perubahan-data",
     "formulir-perubahan-data",
     1,
     FALSE,
     NULL,
     NULL,
     "=cek AJUKAN@verifikator>verifikasi notice.changed@bsre>selesai",
     MP_CASE_FINISHED},
    {"Pekalongan, owns a certificate: closes only after the revocation",
     "pekalongan-perubahan-data",
     "formulir-perubahan-data",
     1,
     TRUE,
     NULL,
     NULL,
     "=cek AJUKAN@verifikator>verifikasi notice.changed@bsre>pencabutan "
     "link.opened@system>pencabutan link.finished@system>selesai-tawaran "
     "confirmed@requester>selesai-tawaran link.opened@system>selesai-tawaran "
     "confirmed@requester!guard",
     MP_CASE_FINISHED},
    {"Pekalongan, the revocation fails: a person decides",
     "pekalongan-perubahan-data",
     "formulir-perubahan-data",
     1,
     TRUE,
     NULL,
     NULL,
     "=cek AJUKAN@verifikator>verifikasi SELESAI@verifikator>pencabutan "
     "link.opened@system>pencabutan link.failed@system>periksa-pencabutan "
     "TERUSKAN@verifikator>selesai",
     MP_CASE_FINISHED},
    {"a complaint is answered, by a higher official in the end",
     "pengaduan",
     "",
     2,
     FALSE,
     NULL,
     NULL,
     "=jawab TERUSKAN@pejabat-pengaduan>lanjutan LENGKAPI@kabid>diminta "
     "supplement@requester+lainnya>lanjutan SELESAI@kabid>selesai",
     MP_CASE_FINISHED},
    {"Pekalongan, rejected by BSrE",
     "pekalongan-perubahan-data",
     "formulir-perubahan-data",
     1,
     TRUE,
     NULL,
     NULL,
     "=cek AJUKAN@verifikator>verifikasi notice.rejected@bsre>ditolak",
     MP_CASE_REFUSED},
};

static void
open_case(Walk *walk, const Row *row)
{
    g_auto(GStrv) kinds = g_strsplit(row->papers, " ", -1);
    g_autoptr(MpCase) facts =
        walk_facts(row->papers[0] != '\0' ? (const char *const *)kinds : NULL, row->applicants);
    MpCaseInput input = {.event = "received",
                         .actor = "requester",
                         .trust = MP_TRUST_ALIGNED,
                         .facts = facts,
                         .holds_certificate = row->holds_certificate};
    g_autofree char *refusal = NULL;

    if (row->doubt != NULL)
        g_ptr_array_add(facts->doubts, g_strdup(row->doubt));
    facts->reason = g_strdup(row->reason);
    refusal = walk_input(walk, &input);
    assert_text(refusal, NULL);
}

static void
do_item(Walk *walk, const char *item)
{
    g_auto(GStrv) halves = g_strsplit_set(item, ">!", 2);
    g_auto(GStrv) who = g_strsplit(halves[0], "@", 2);
    g_auto(GStrv) papers = g_strsplit(who[1], "+", 2);
    g_auto(GStrv) target = g_strsplit(who[0], "#", 2);
    const char *const kinds[] = {papers[1], NULL};
    g_autoptr(MpCase) facts = walk_facts(kinds, 0);
    g_autofree char *address = g_strconcat(papers[0], "@contohkab.go.id", NULL);
    g_autofree char *refusal = NULL;
    MpCaseInput input = {.event = target[0],
                         .actor = papers[0],
                         .address = address,
                         .trust = MP_TRUST_CAPABILITY,
                         .applicant = target[1] != NULL ? (guint)(target[1][0] - '0') : 0,
                         .note = g_str_has_prefix(item, "link.") ? "SE-2026-000124" : "alasan",
                         .facts = facts};

    walk->now += 3 * MP_WALK_MINUTE;
    refusal = walk_input(walk, &input);
    if (strchr(item, '!') != NULL) {
        assert_text(refusal, halves[1]);
        return;
    }
    if (refusal != NULL)
        print_error("%s at %s\n", item, walk->kase->step);
    assert_text(refusal, NULL);
    assert_text(walk->kase->step, halves[1]);
}

static void
test_walk(void **state)
{
    const Row *row = *state;
    Walk *walk = walk_new(row->sop, "2026-11-18T08:30:00");
    g_auto(GStrv) items = g_strsplit(row->script, " ", -1);

    open_case(walk, row);
    assert_text(walk->kase->step, items[0] + 1);
    for (guint i = 1; items[i] != NULL; i++)
        do_item(walk, items[i]);
    assert_int_equal(walk->kase->state, row->state);
    for (guint i = 0; i < walk->kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(walk->kase->applicants, i);

        if (mp_case_state_is_closed(row->state))
            assert_int_not_equal(applicant->outcome, MP_OUTCOME_NONE);
    }
    if (mp_case_state_is_closed(row->state))
        assert_int_equal(g_hash_table_size(walk->timers), 0);
    walk_free(walk);
}

int
main(void)
{
    return run_rows("walks", rows, test_walk);
}
