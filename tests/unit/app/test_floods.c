/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The threats by what goes out: robots and loops, mails to victims, other people's data, injected
 * words, notices that BSrE never wrote. From bytes to plan on an office in memory. */

#include "app/demo.h"
#include "support/asserts.h"
#include "support/planner.h"

#define KADIS "kadis@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"
#define DISHUB "dishub@contohkab.go.id"
#define OWNER "sulastri.wulandari@contohkab.go.id"
#define EVIL "jahat@luar.example"
#define NIP "197109051996032999"
#define FAIL "dmarc=fail header.from=contohkab.go.id"

static void
assert_unchanged(MpTrial *trial, guint version)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    assert_int_equal(kase->version, version);
}

static guint
version_of(MpTrial *trial)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    return kase->version;
}

/* --- T-10, T-11: strangers beside a case --------------------------------------------------------
 */

static void
test_ticket_trick(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    const MpTrialMail mail = {.from = "Layanan Obrolan <verify@obrolan.example>",
                              .subject = "[" TRIAL_CASE "] Verify your e-mail",
                              .text = "Your sign-up code is 918273.\r\n"
                                      "https://obrolan.example/verify/918273\r\n"};
    g_autoptr(GPtrArray) mails = NULL;
    guint version;

    (void)state;
    mp_trial_open(trial);
    version = version_of(trial);
    mp_trial_send(trial, &mail);
    assert_unchanged(trial, version);
    mails = mp_trial_mails(trial, NULL);
    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);
        g_autofree char *words = mp_trial_words(entry);

        assert_lacks(words, "918273");
        assert_true(g_str_has_suffix(entry->recipient, "@contohkab.go.id"));
    }
}

static void
ask_about(MpTrial *trial, MpFacts **facts, guint n)
{
    MpFacts *before = trial->facts;
    MpVerdict *verdict = (*facts)->verdict;

    g_free(verdict->case_number);
    verdict->case_number = g_strdup_printf("SE-2026-%06u", n);
    trial->facts = *facts;
    mp_trial_plan(trial);
    trial->facts = before;
}

/* A stranger asks for every number, then in the requester's name with himself in Cc: as bytes for
 * the true number, as facts for all the others. */
static void
test_guessed_numbers(void **state)
{
    enum { N = 10000 };

    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    const MpTrialMail own = {.from = EVIL,
                             .subject = "Status permohonan " TRIAL_CASE,
                             .text = "Mohon info sudah sampai mana prosesnya?"};
    const MpTrialMail forged = {.from = "Dishub <" DISHUB ">",
                                .auth = FAIL,
                                .head = "Cc: " EVIL "\r\nReply-To: " EVIL "\r\n",
                                .subject = "Status permohonan " TRIAL_CASE,
                                .text = "Mohon info sudah sampai mana prosesnya?"};
    g_autoptr(MpFacts) asked = NULL;
    guint version, requester;

    (void)state;
    mp_trial_open(trial);
    version = version_of(trial);
    requester = mp_trial_count(trial, DISHUB);
    mp_trial_send(trial, &own);
    assert_text(trial->facts->verdict->kind, "inquiry");
    assert_text(trial->facts->verdict->case_number, TRIAL_CASE);
    asked = g_steal_pointer(&trial->facts);
    mp_trial_send(trial, &forged);
    for (guint i = 2; i <= N; i++) {
        ask_about(trial, &asked, i);
        ask_about(trial, &trial->facts, i);
    }
    assert_int_equal(mp_trial_count(trial, EVIL), 0);
    assert_int_equal(mp_trial_count(trial, DISHUB), requester);
    assert_unchanged(trial, version);
}

/* A true supplement with others in Cc adds nobody. */
static void
test_cc_adds_nobody(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    const MpTrialMail mail = {.from = "Dishub <" DISHUB ">",
                              .head = "Cc: " EVIL ", tetangga@contohkab.go.id\r\n",
                              .subject = "Status permohonan " TRIAL_CASE,
                              .text = "Mohon info sudah sampai mana prosesnya?"};

    (void)state;
    mp_trial_open(trial);
    mp_trial_wait(trial, 24 * 3600); /* the ration of the first day was the acknowledgement */
    mp_trial_send(trial, &mail);
    assert_int_equal(mp_trial_count(trial, EVIL), 0);
    assert_int_equal(mp_trial_count(trial, "tetangga@contohkab.go.id"), 0);
    assert_true(mp_trial_count(trial, DISHUB) >= 2);
}

/* --- T-13: machines ----------------------------------------------------------------------------
 */

typedef struct {
    const char *name, *head, *from, *type, *text;
} RobotRow;

static const RobotRow robot_rows[] = {
    {"T-13 Auto-Submitted", "Auto-Submitted: auto-replied\r\n", KADIS, NULL, NULL},
    {"T-13 Auto-Submitted: auto-generated",
     "Auto-Submitted: auto-generated\r\n",
     DISHUB,
     NULL,
     NULL},
    {"T-13 a null return path", "Return-Path: <>\r\n", DISHUB, NULL, NULL},
    {"T-13 Precedence: bulk", "Precedence: bulk\r\n", DISHUB, NULL, NULL},
    {"T-13 Precedence: junk", "Precedence: junk\r\n", DISHUB, NULL, NULL},
    {"T-13 a mailing list",
     "List-Id: <warga.luar.example>\r\nList-Unsubscribe: <mailto:x@y.id>\r\n",
     DISHUB,
     NULL,
     NULL},
    {"T-13 X-Auto-Response-Suppress with a vacation's subject",
     "X-Autoreply: yes\r\n",
     KADIS,
     NULL,
     NULL},
    {"T-13 a mailer daemon", "Return-Path: <>\r\n", "MAILER-DAEMON@mx.contohkab.go.id", NULL, NULL},
    {"T-13 our own address", "", TRIAL_OFFICE, NULL, NULL},
    {"T-13 another office's program", "X-Mailproc: 1\r\n", DISHUB, NULL, NULL},
    {"T-13 a report",
     "",
     DISHUB,
     "multipart/report; report-type=delivery-status; boundary=RR",
     "--RR\r\nContent-Type: text/plain\r\n\r\nSETUJU\r\n--RR\r\nContent-Type: "
     "message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; "
     "a@b.id\r\nAction: failed\r\nStatus: 5.1.1\r\n--RR--\r\n"},
};

static void
test_robot(void **state)
{
    const RobotRow *row = *state;
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autofree char *code = NULL;
    g_autofree char *text = NULL;
    guint version, mails;

    mp_trial_open(trial);
    code = mp_trial_code(trial, KADIS);
    version = version_of(trial);
    mails = mp_trial_count(trial, NULL);
    text = g_strdup_printf(
        "SETUJU\r\n\r\nPada Senin, Layanan <" TRIAL_OFFICE "> menulis:\r\n> Kode: %s\r\n", code);
    for (guint i = 0; i < 24; i++) {
        g_autofree char *subject = g_strdup_printf("Re: giliran %u", i);
        const MpTrialMail mail = {.from = row->from,
                                  .head = row->head,
                                  .type = row->type,
                                  .subject = subject,
                                  .text = row->text ? row->text : text};

        mp_trial_send(trial, &mail);
        mp_trial_wait(trial, 3600);
    }
    assert_unchanged(trial, version);
    assert_int_equal(mp_trial_n_cases(trial), 1);
    assert_true(mp_trial_count(trial, NULL) <= mails + 3);
    assert_int_equal(mp_trial_count(trial, TRIAL_OFFICE), 0);
}

/* A robot that says nothing of itself: one answer a day, however it varies its mails. */
static void
test_silent_robot(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    guint before;

    (void)state;
    mp_trial_open(trial);
    mp_trial_wait(trial, 24 * 3600);
    before = mp_trial_count(trial, DISHUB);
    for (guint i = 0; i < 14; i++) {
        g_autofree char *subject = g_strdup_printf("Re: %u Status permohonan " TRIAL_CASE, i);
        const MpTrialMail mail = {
            .from = DISHUB, .subject = subject, .text = "Mohon info sudah sampai mana prosesnya?"};

        mp_trial_send(trial, &mail);
        mp_trial_wait(trial, 3600);
    }
    assert_int_equal(mp_trial_count(trial, DISHUB), before + 1);
}

/* --- T-14, T-15: victims ------------------------------------------------------------------------
 */

static const char *const request_text =
    "Yth. Kepala Dinas,\r\nmohon penerbitan sertifikat elektronik baru untuk:\r\n\r\n"
    "Nama : Rangga Prasetya, S.Kom.\r\nNIP : 19900214 201502 1 999\r\nNIK : 3399011402900001\r\n"
    "Email : korban@contohkab.go.id\r\n\r\nTerima kasih.\r\n";

/* Three mails as bytes, one for each thing that our server may say; then as facts, each with a
 * victim of its own in From. */
static void
test_backscatter(void **state)
{
    enum { N = 1000 };

    static const char *const found[] = {
        "dmarc=fail header.from=warga.example", "dmarc=none header.from=warga.example", ""};

    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autoptr(GPtrArray) mails = NULL;

    (void)state;
    for (guint i = 0; i < N; i++) {
        g_autofree char *from = g_strdup_printf("korban%u@warga%u.example", i, i % 77);
        const MpTrialMail mail = {.from = from,
                                  .auth = found[i * G_N_ELEMENTS(found) / N],
                                  .subject = "Permohonan Penerbitan Sertifikat Elektronik",
                                  .text = request_text};

        if (i % (N / G_N_ELEMENTS(found)) == 0) {
            mp_trial_send(trial, &mail);
        } else {
            MpAddress *forged = g_ptr_array_index(trial->facts->message->from, 0);

            g_free(forged->address);
            forged->address = g_strdup(from);
            mp_trial_plan(trial);
        }
    }
    mails = mp_trial_mails(trial, NULL);
    for (guint i = 0; i < mails->len; i++)
        assert_true(g_str_has_suffix(((const MpOutboxEntry *)mails->pdata[i])->recipient,
                                     "@contohkab.go.id"));
    assert_int_equal(mp_trial_count(trial, "korban@contohkab.go.id"), 0);
    /* Twenty an hour, and one for each cap of cases that was reached. */
    assert_true(mp_trial_count(trial, VERIFIKATOR) <= 20 + 3);
}

/* One proved sender, 5,000 letters in an hour that all name one victim. */
static void
test_mail_bomb(void **state)
{
    enum { N = 5000, CAP = 20 };

    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    const MpTrialMail mail = {.from = "pemohon@warga.example",
                              .subject = "Permohonan Penerbitan Sertifikat Elektronik",
                              .head = "Reply-To: korban@contohkab.go.id\r\n",
                              .text = request_text};
    g_autoptr(GPtrArray) mails = NULL;
    guint n_in_hour[N] = {0};

    (void)state;
    mp_trial_send(trial, &mail);
    for (guint i = 1; i < N; i++) {
        MpLetter *letter = trial->facts->verdict->letter;

        g_free(letter->number);
        letter->number = g_strdup_printf("800/%u/2026", i);
        mp_trial_plan(trial);
    }
    mails = mp_trial_mails(trial, NULL);
    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        assert_text(strstr(entry->recipient, "korban"), NULL);
        if (strcmp(entry->recipient, mail.from) == 0)
            n_in_hour[(entry->next_try_utc - trial->now_utc) / G_TIME_SPAN_HOUR]++;
    }
    for (guint i = 0; i < N; i++)
        assert_true(n_in_hour[i] <= CAP);
    assert_int_equal(n_in_hour[0], CAP);
}

/* --- T-40: patterns under attack
 * ------------------------------------------------------------------ */

static void
test_attacked_patterns(void **state)
{
    static const char *const strings[] = {"a",
                                          " ",
                                          ">",
                                          "> ",
                                          "\t ",
                                          ": ",
                                          "Nama : ",
                                          "NIP 1",
                                          "9",
                                          "1.",
                                          "x@",
                                          "a.a.",
                                          "((((",
                                          "\"",
                                          "--",
                                          "SE-2026-0",
                                          "Pada ",
                                          "Dari: ",
                                          "tidak belum ",
                                          "setuju, ",
                                          "http://a.",
                                          "\xe2\x80\xa2",
                                          "[[",
                                          "s.d. "};
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    guint version;

    (void)state;
    mp_trial_open(trial);
    version = version_of(trial);
    for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
        g_autoptr(GString) text = g_string_new("SETUJU ");
        MpTrialMail mail = {.from = KADIS};

        while (text->len < 100 * 1024)
            g_string_append(text, strings[i]);
        mail.text = text->str;
        mp_trial_send(trial, &mail);
        assert_unchanged(trial, version);
    }
}

/* --- T-42, T-43: words and numbers of others
 * ------------------------------------------------------ */

static const char *const payloads[] = {"'); DROP TABLE mp_case; --",
                                       "%n%s%n%s",
                                       "$(reboot)",
                                       "`reboot`",
                                       "{{nomor_kasus}}",
                                       "{{#orang}}{{nama}}{{/orang}}",
                                       "=cmd|' /C calc'!A0",
                                       "<script>alert(1)</script>",
                                       "..\\..\\etc",
                                       "=?utf-8?q?=0D=0ABcc:_korban=40luar.example?="};

static void
test_injection(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(payloads); i++) {
        g_autoptr(MpTrial) trial = mp_trial_new(NULL);
        g_autofree char *from = g_strdup_printf("\"%s\" <" DISHUB ">", "Dishub");
        g_autofree char *subject =
            g_strdup_printf("Permohonan Penerbitan Sertifikat Elektronik %s", payloads[i]);
        g_autofree char *text =
            g_strdup_printf("%s\r\nNama : %s\r\nNIP : 19900214 201502 1 999\r\nJabatan : %s\r\n"
                            "Unit Kerja : %s\r\nNomor : %s\r\n",
                            "Mohon penerbitan sertifikat elektronik baru untuk pegawai kami:",
                            payloads[i],
                            payloads[i],
                            payloads[i],
                            payloads[i]);
        const MpTrialMail mail = {.from = from, .subject = subject, .text = text};
        g_autoptr(GPtrArray) mails = NULL;

        mp_trial_send(trial, &mail);
        mails = mp_trial_mails(trial, NULL);
        for (guint j = 0; j < mails->len; j++) {
            const MpOutboxEntry *entry = g_ptr_array_index(mails, j);

            assert_true(mp_text_is_safe(entry->mail->subject));
            assert_true(g_str_has_suffix(entry->recipient, "@contohkab.go.id"));
            assert_true(entry->mail->html == NULL || strstr(entry->mail->html, "<script>") == NULL);
        }
        assert_true(mp_trial_n_cases(trial) <= 1);
        mp_trial_send(trial, &mail);
    }
}

/* All mails, events' notes and reasons of a whole life: no number is readable in full. */
static void
test_no_full_numbers(void **state)
{
    static const char *const numbers[] = {NIP, "19710905 199603 2 999", "1971090519960329"};
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autofree char *code = NULL;
    g_autofree char *text = NULL;
    g_autofree char *why = NULL;
    g_autoptr(GPtrArray) mails = NULL;

    (void)state;
    mp_trial_open(trial);
    code = mp_trial_code(trial, KADIS);
    text = g_strdup_printf("LENGKAPI SK atas nama NIP " NIP
                           " belum ada\r\n\r\nPada Senin, Layanan <" TRIAL_OFFICE
                           "> menulis:\r\n> Kode: %s\r\n",
                           code);
    mp_trial_send(trial, &(MpTrialMail){.from = KADIS, .text = text});
    mp_trial_send(trial,
                  &(MpTrialMail){.from = EVIL,
                                 .subject = "Status NIP " NIP " " TRIAL_CASE,
                                 .text = "Mohon info NIP " NIP});
    why = mp_why_to_json(trial->facts, trial->plan);
    mails = mp_trial_mails(trial, NULL);
    assert_true(mails->len >= 4);
    for (guint i = 0; i < mails->len; i++) {
        g_autofree char *words = mp_trial_words(g_ptr_array_index(mails, i));

        for (guint j = 0; j < G_N_ELEMENTS(numbers); j++)
            assert_lacks(words, numbers[j]);
    }
    assert_lacks(why, NIP);
}

/* --- T-47: notices -------------------------------------------------------------------------------
 */

static void
say(MpTrial *trial, const char *official, const char *words)
{
    g_autofree char *code = mp_trial_code(trial, official);
    g_autofree char *text = g_strdup_printf(
        "%s\r\n\r\nPada Senin, Layanan <" TRIAL_OFFICE "> menulis:\r\n> Kode: %s\r\n", words, code);

    mp_trial_wait(trial, 600);
    mp_trial_send(trial, &(MpTrialMail){.from = official, .text = text});
}

/* The demo's renewal, for one of another name. */
static void
open_for(MpTrial *trial, const char *applicant)
{
    MpDemoLetter letter = mp_demo_letters[1];
    g_autoptr(GString) body = g_string_new(letter.body);
    g_autofree char *mail = NULL;

    if (applicant != NULL) {
        assert_int_equal(g_string_replace(body, letter.applicant, applicant, 1), 1);
        letter.body = body->str;
        letter.applicant = applicant;
    }
    mail = mp_demo_letter_mail(&letter, TRIAL_OFFICE, "Mon, 16 Nov 2026 09:00:00 +0700", 900);
    mp_trial_take(trial, mail);
}

static MpTrial *
trial_at_bsre(const char *applicant)
{
    MpTrial *trial = mp_trial_new(NULL);
    g_autoptr(MpCase) kase = NULL;

    open_for(trial, applicant);
    say(trial, KADIS, "SETUJU");
    say(trial, "kabid@contohkab.go.id", "TERUSKAN");
    say(trial, "helpdesk@contohkab.go.id", "TERUSKAN");
    say(trial, VERIFIKATOR, "TERUSKAN");
    say(trial, VERIFIKATOR, "AJUKAN");
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, "bsre");
    return trial;
}

typedef struct {
    const char *name, *from, *auth, *head, *subject, *text;
    gboolean closes;
    const char *to;        /* NULL = the office */
    const char *applicant; /* NULL = as in the demo's letter */
} NoticeRow;

#define BSRE "BSrE <noreply@bssn.go.id>"
#define RENEWED(name)                                                                              \
    "Yth. Bapak/Ibu,\r\n\r\nSertifikat elektronik atas nama " name                                 \
    " telah diperbarui dan berlaku sampai dengan 16-11-2028.\r\n\r\nBalai Sertifikasi "            \
    "Elektronik\r\n"
#define RIGHT RENEWED("Dra. Sulastri Wulandari")

static const NoticeRow notice_rows[] = {
    {"T-47 the true notice about the one who waits: closes",
     BSRE,
     NULL,
     NULL,
     NULL,
     RIGHT,
     TRUE,
     NULL,
     NULL},
    {"T-47 the true notice, without the degree: closes",
     BSRE,
     NULL,
     NULL,
     NULL,
     RENEWED("Sulastri Wulandari"),
     TRUE,
     NULL,
     NULL},
    {"T-47 without the degree, to the applicant: closes",
     BSRE,
     NULL,
     NULL,
     NULL,
     RENEWED("Sulastri Wulandari"),
     TRUE,
     OWNER,
     NULL},
    {"T-47 other degrees, to the office",
     BSRE,
     NULL,
     NULL,
     NULL,
     RENEWED("Sulastri Wulandari, S.H."),
     FALSE,
     NULL,
     "Sulastri Wulandari, S.Kom."},
    {"T-47 the same degrees, written otherwise: closes",
     BSRE,
     NULL,
     NULL,
     NULL,
     RENEWED("Sulastri Wulandari, S. Kom"),
     TRUE,
     NULL,
     "Sulastri Wulandari, S.Kom."},
    {"T-47 one of the same name at another address",
     BSRE,
     NULL,
     NULL,
     NULL,
     RIGHT,
     FALSE,
     "sulastri.w@lainkab.example",
     NULL},
    {"T-47 at another address, the own one in the text: closes",
     BSRE,
     NULL,
     NULL,
     NULL,
     RENEWED("Sulastri Wulandari (" OWNER ")"),
     TRUE,
     "sulastri.w@lainkab.example",
     NULL},
    {"T-47 dmarc fail",
     BSRE,
     "dmarc=fail header.from=bssn.go.id",
     NULL,
     NULL,
     RIGHT,
     FALSE,
     NULL,
     NULL},
    {"T-47 no results", BSRE, "", NULL, NULL, RIGHT, FALSE, NULL, NULL},
    {"T-47 right sender, wrong person",
     BSRE,
     NULL,
     NULL,
     NULL,
     RENEWED("Drs. Slamet Riyanto"),
     FALSE,
     NULL,
     NULL},
    {"T-47 a domain that looks like BSrE's",
     "BSrE <noreply@bssn-go.id>",
     NULL,
     NULL,
     NULL,
     RIGHT,
     FALSE,
     NULL,
     NULL},
    {"T-47 a domain that begins like BSrE's",
     "BSrE <noreply@bssn.go.id.luar.example>",
     NULL,
     NULL,
     NULL,
     RIGHT,
     FALSE,
     NULL,
     NULL},
    {"T-47 BSrE's name before a stranger's address",
     "\"noreply@bssn.go.id\" <" EVIL ">",
     NULL,
     NULL,
     NULL,
     RIGHT,
     FALSE,
     NULL,
     NULL},
    {"T-47 an answer would go elsewhere",
     BSRE,
     NULL,
     "Reply-To: " EVIL "\r\n",
     NULL,
     RIGHT,
     FALSE,
     NULL,
     NULL},
    {"T-47 another outcome's service",
     BSRE,
     NULL,
     NULL,
     "Pencabutan Sertifikat Elektronik",
     "Sertifikat elektronik atas nama Dra. Sulastri Wulandari telah dicabut.\r\n",
     FALSE,
     NULL,
     NULL},
    {"T-47 a copy that ARC vouches for",
     BSRE,
     "arc=pass; dmarc=fail header.from=bssn.go.id",
     "ARC-Authentication-Results: i=1; mx.contohkab.go.id; dmarc=pass header.from=bssn.go.id\r\n",
     NULL,
     RIGHT,
     FALSE,
     NULL,
     NULL},
    {"T-47 a copy that the applicant forwards",
     "Sulastri <" OWNER ">",
     NULL,
     NULL,
     "Fwd: Pembaruan Sertifikat Elektronik",
     "---------- Forwarded message ---------\r\nFrom: BSrE <noreply@bssn.go.id>\r\nDate: Mon, 16 "
     "Nov 2026 08:00\r\nSubject: Pembaruan Sertifikat Elektronik\r\nTo: <" OWNER ">\r\n\r\n" RIGHT,
     FALSE,
     NULL,
     NULL},
};

static void
test_notice(void **state)
{
    const NoticeRow *row = *state;
    g_autoptr(MpTrial) trial = trial_at_bsre(row->applicant);
    const MpTrialMail mail = {.from = row->from,
                              .to = row->to,
                              .auth = row->auth,
                              .head = row->head,
                              .subject =
                                  row->subject ? row->subject : "Pembaruan Sertifikat Elektronik",
                              .text = row->text};
    g_autoptr(MpCase) kase = NULL;
    guint owner = mp_trial_count(trial, OWNER), desk = mp_trial_count(trial, VERIFIKATOR);

    mp_trial_wait(trial, 3600);
    mp_trial_send(trial, &mail);
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, row->closes ? "selesai" : "bsre");
    if (row->closes)
        return;
    assert_int_equal(mp_trial_count(trial, OWNER), owner);
    assert_true(mp_trial_count(trial, VERIFIKATOR) > desk);
}

/* Once more after the end: nothing happens, nobody hears twice. */
static void
test_notice_replayed(void **state)
{
    g_autoptr(MpTrial) trial = trial_at_bsre(NULL);
    MpTrialMail mail = {.from = BSRE, .subject = "Pembaruan Sertifikat Elektronik", .text = RIGHT};
    g_autofree char *bytes = mp_trial_mail(trial, &mail);
    guint version, owner;

    (void)state;
    mp_trial_take(trial, bytes);
    version = version_of(trial);
    owner = mp_trial_count(trial, OWNER);
    mp_trial_take(trial, bytes);
    assert_int_equal(trial->plan->end, MP_LEDGER_DUPLICATE);
    mp_trial_wait(trial, 2 * 24 * 3600);
    mail.head = "X-Lain: 1\r\n";
    mp_trial_send(trial, &mail);
    assert_unchanged(trial, version);
    assert_int_equal(mp_trial_count(trial, OWNER), owner);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"T-10 a sign-up mail to a case reaches nobody", test_ticket_trick, NULL, NULL, NULL},
        {"T-11 ten thousand guessed numbers tell nothing", test_guessed_numbers, NULL, NULL, NULL},
        {"T-11 Cc adds nobody", test_cc_adds_nobody, NULL, NULL, NULL},
        {"T-13 a robot that hides gets one answer a day", test_silent_robot, NULL, NULL, NULL},
        {"T-14 a thousand forged first mails are answered to nobody",
         test_backscatter,
         NULL,
         NULL,
         NULL},
        {"T-15 five thousand letters make no bomb", test_mail_bomb, NULL, NULL, NULL},
        {"T-40 long runs of what patterns look for", test_attacked_patterns, NULL, NULL, NULL},
        {"T-42 injected words stay words", test_injection, NULL, NULL, NULL},
        {"T-43 no number goes out in full", test_no_full_numbers, NULL, NULL, NULL},
        {"T-47 a notice once more does nothing", test_notice_replayed, NULL, NULL, NULL},
    };
    int failed = cmocka_run_group_tests_name("floods", tests, NULL, NULL);

    failed += run_rows("robots", robot_rows, test_robot);
    return failed + run_rows("notices", notice_rows, test_notice);
}
