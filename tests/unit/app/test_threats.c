/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The threats against authority, each against the whole way from bytes to plan: nobody commands who
 * may not, whatever his mail looks like. All senders here hold a leaked, valid code of kadis, so
 * that nothing but the thing under test stands in their way. */

#include "support/asserts.h"
#include "support/planner.h"

#define KADIS "kadis@contohkab.go.id"
#define EVIL "jahat@luar.example"

/* The words above a quoted notice with its code. */
static char *
answer(const char *words, const char *code)
{
    return g_strdup_printf("%s\r\n\r\nPada Senin, 16 November 2026 pukul 09.00, Layanan "
                           "<" TRIAL_OFFICE "> menulis:\r\n> Permohonan menunggu Bapak/Ibu.\r\n"
                           "> Kode: %s\r\n",
                           words,
                           code);
}

static MpTrial *
open_trial(char **code_out)
{
    MpTrial *trial = mp_trial_new(NULL);

    mp_trial_open(trial);
    *code_out = mp_trial_code(trial, KADIS);
    mp_trial_wait(trial, 3600);
    return trial;
}

static void
assert_stands_at(MpTrial *trial, const char *step)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    assert_text(kase->step, step);
}

/* Since `first`, mail went to officials alone, and none of it shows a code of another. */
static void
assert_only_officials(MpTrial *trial, guint first)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, NULL);

    for (guint i = first; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        if (mp_setup_any_role(trial->app.setup, entry->recipient, "2026-11-16") == NULL)
            fail_msg("%s got '%s'", entry->recipient, entry->template_);
    }
}

/* --- T-01 … T-06: who wrote, and who says so ---------------------------------------------------
 */

typedef struct {
    const char *name;
    const char *from, *auth, *head;
    gboolean has_no_code, advances;
} SenderRow;

#define PASS "dmarc=pass header.from=contohkab.go.id"
#define EVIL_PASS "dmarc=pass header.from=luar.example"
#define OURS "Authentication-Results: mx.contohkab.go.id; "
#define BY_OTHER "Received: from rumah.example by luar.example with ESMTP\r\n"

#define SIGNATURE(tags) "DKIM-Signature: v=1; a=rsa-sha256; s=a; " tags "; bh=AAAA; b=AAAA\r\n"
#define SEALED                                                                                     \
    "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=luar.example; s=a; b=AAAA\r\n"                        \
    "ARC-Message-Signature: i=1; a=rsa-sha256; d=luar.example; s=a; h=from; bh=AAAA; b=AAAA\r\n"   \
    "ARC-Authentication-Results: i=1; luar.example; " PASS "\r\n"

static const SenderRow sender_rows[] = {
    {"T-01 From of the official, dmarc pass, his code: advances", KADIS, PASS, NULL, FALSE, TRUE},
    {"T-01 From of the official, dmarc pass, no code", KADIS, PASS, NULL, TRUE, FALSE},
    {"T-01 From of the official, dmarc fail",
     KADIS,
     "dmarc=fail header.from=contohkab.go.id",
     NULL,
     FALSE,
     FALSE},
    {"T-01 From of the official, dmarc none",
     KADIS,
     "dmarc=none header.from=contohkab.go.id",
     NULL,
     FALSE,
     FALSE},
    {"T-01 From of the official, no results", KADIS, "", NULL, FALSE, FALSE},
    {"T-01 the official as display name, dmarc pass",
     "\"" KADIS "\" <" EVIL ">",
     EVIL_PASS,
     NULL,
     FALSE,
     FALSE},
    {"T-01 the official as display name, dmarc fail",
     "\"" KADIS "\" <" EVIL ">",
     "dmarc=fail header.from=luar.example",
     NULL,
     FALSE,
     FALSE},
    {"T-01 the official as display name, no results",
     "\"" KADIS "\" <" EVIL ">",
     "",
     NULL,
     FALSE,
     FALSE},
    {"T-01 the official as Sender, dmarc pass",
     EVIL,
     EVIL_PASS,
     "Sender: " KADIS "\r\n",
     FALSE,
     FALSE},
    {"T-01 the official as Sender, dmarc fail",
     EVIL,
     "dmarc=fail header.from=luar.example",
     "Sender: " KADIS "\r\n",
     FALSE,
     FALSE},
    {"T-01 the official as Reply-To, dmarc pass",
     EVIL,
     EVIL_PASS,
     "Reply-To: " KADIS "\r\n",
     FALSE,
     FALSE},
    {"T-01 the official as Reply-To, no results",
     EVIL,
     "",
     "Reply-To: " KADIS "\r\n",
     FALSE,
     FALSE},
    {"T-01 the official as Resent-From, dmarc pass",
     EVIL,
     EVIL_PASS,
     "Resent-From: " KADIS "\r\n",
     FALSE,
     FALSE},
    {"T-01 the official as Resent-From, dmarc none",
     EVIL,
     "dmarc=none header.from=luar.example",
     "Resent-From: " KADIS "\r\n",
     FALSE,
     FALSE},
    {"T-02 two From fields", KADIS, PASS, "From: " EVIL "\r\n", FALSE, FALSE},
    {"T-02 two From fields, the official below", EVIL, PASS, "From: " KADIS "\r\n", FALSE, FALSE},
    {"T-02 a blank before the colon of a second From",
     KADIS,
     PASS,
     "From : " EVIL "\r\n",
     FALSE,
     FALSE},
    {"T-02 two mailboxes", KADIS ", " EVIL, PASS, NULL, FALSE, FALSE},
    {"T-02 a group", "Pejabat: " KADIS ";", PASS, NULL, FALSE, FALSE},
    {"T-02 a route", "<@luar.example,@b:" KADIS ">", PASS, NULL, FALSE, FALSE},
    {"T-02 a quoted pair", "kad\\is@contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-02 an address in a comment", EVIL " (" KADIS ")", PASS, NULL, FALSE, FALSE},
    {"T-02 two addresses in brackets", "<" EVIL "> <" KADIS ">", PASS, NULL, FALSE, FALSE},
    {"T-02 a blank in the address", "kadis @contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-03 an encoded word as the address",
     "=?utf-8?q?kadis=40contohkab.go.id?=",
     PASS,
     NULL,
     FALSE,
     FALSE},
    {"T-03 an encoded word as the local part",
     "=?utf-8?q?kadis?=@contohkab.go.id",
     PASS,
     NULL,
     FALSE,
     FALSE},
    {"T-03 an encoded word in brackets",
     "Kadis <=?utf-8?b?a2FkaXNAY29udG9oa2FiLmdvLmlk?=>",
     PASS,
     NULL,
     FALSE,
     FALSE},
    {"T-03 an encoded sign before a foreign host",
     "=?utf-8?q?kadis=40contohkab.go.id?=@luar.example",
     PASS,
     NULL,
     FALSE,
     FALSE},
    {"T-04 a dotless i", "kad\xc4\xb1s@contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-04 a capital I with a dot", "KAD\xc4\xb0S@contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-04 the Kelvin sign",
     "\xe2\x84\xaa"
     "adis@contohkab.go.id",
     PASS,
     NULL,
     FALSE,
     FALSE},
    {"T-04 the long s", "kadi\xc5\xbf@contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-04 full-width letters",
     "\xef\xbd\x8b"
     "adis@contohkab.go.id",
     PASS,
     NULL,
     FALSE,
     FALSE},
    {"T-04 a Cyrillic a",
     "k\xd0\xb0"
     "dis@contohkab.go.id",
     PASS,
     NULL,
     FALSE,
     FALSE},
    {"T-04 a punycode domain", "kadis@xn--contohkb-9za.go.id", PASS, NULL, FALSE, FALSE},
    {"T-05 a tag", "kadis+x@contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-05 a dot", "k.adis@contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-05 a quoted local part", "\"kadis\"@contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-05 a final dot", "kadis@contohkab.go.id.", PASS, NULL, FALSE, FALSE},
    {"T-05 a domain below", "kadis@mail.contohkab.go.id", PASS, NULL, FALSE, FALSE},
    {"T-05 capitals A to Z are the same address: advances",
     "Kadis@ContohKab.GO.ID",
     PASS,
     NULL,
     FALSE,
     TRUE},
    {"T-06 results forged below a foreign Received",
     KADIS,
     "",
     BY_OTHER OURS PASS "\r\n",
     FALSE,
     FALSE},
    {"T-06 a forged pass below our fail",
     KADIS,
     "dmarc=fail header.from=contohkab.go.id",
     OURS PASS "\r\n",
     FALSE,
     FALSE},
    {"T-06 a forged pass below our none",
     KADIS,
     "dmarc=none header.from=contohkab.go.id",
     BY_OTHER OURS PASS "\r\n",
     FALSE,
     FALSE},
    {"T-06 a pass in a comment",
     KADIS,
     "dmarc=fail (dmarc=pass header.from=contohkab.go.id) header.from=contohkab.go.id",
     NULL,
     FALSE,
     FALSE},
    {"T-06 a pass in a quoted string",
     KADIS,
     "dmarc=none reason=\"dmarc=pass header.from=contohkab.go.id\"",
     NULL,
     FALSE,
     FALSE},
    {"T-06 another server's pass",
     KADIS,
     "",
     "Authentication-Results: mx.luar.example; " PASS "\r\n",
     FALSE,
     FALSE},
    {"T-06 our name as the beginning of another",
     KADIS,
     "",
     "Authentication-Results: mx.contohkab.go.id.luar.example; " PASS "\r\n",
     FALSE,
     FALSE},
    {"T-06 no authserv-id", KADIS, "", "Authentication-Results: " PASS "\r\n", FALSE, FALSE},
    {"T-06 a version of the future",
     KADIS,
     "",
     "Authentication-Results: mx.contohkab.go.id 99; " PASS "\r\n",
     FALSE,
     FALSE},
    {"T-06 dkim=pass of a stranger's domain",
     KADIS,
     "dkim=pass header.d=luar.example",
     NULL,
     FALSE,
     FALSE},
    {"T-06 spf=pass alone", KADIS, "spf=pass smtp.mailfrom=" KADIS, NULL, FALSE, FALSE},
    {"T-08 a signature over part of the body, our server says fail",
     KADIS,
     "dkim=fail header.d=contohkab.go.id; dmarc=fail header.from=contohkab.go.id",
     SIGNATURE("d=contohkab.go.id; l=10; h=date"),
     FALSE,
     FALSE},
    {"T-08 a signature that does not cover From, no verdict",
     KADIS,
     "",
     SIGNATURE("d=contohkab.go.id; h=subject:date"),
     FALSE,
     FALSE},
    {"T-08 an expired signature, our server says none",
     KADIS,
     "dkim=policy header.d=contohkab.go.id; dmarc=none header.from=contohkab.go.id",
     SIGNATURE("d=contohkab.go.id; x=1500000000; h=from"),
     FALSE,
     FALSE},
    {"T-08 a key of 512 bits, our server says policy",
     KADIS,
     "dkim=policy (512 bit key; dkim=pass) header.d=contohkab.go.id",
     SIGNATURE("d=contohkab.go.id; h=from"),
     FALSE,
     FALSE},
    {"T-08 many signatures and one verdict for a stranger's",
     KADIS,
     "dkim=fail header.d=contohkab.go.id; dkim=pass header.d=luar.example; "
     "dkim=permerror header.d=contohkab.go.id",
     SIGNATURE("d=contohkab.go.id; h=from") SIGNATURE("d=luar.example; h=from")
         SIGNATURE("d=contohkab.go.id; s=b; h=from"),
     FALSE,
     FALSE},
    {"T-08 any signature beside our server's dmarc=pass changes nothing: advances",
     KADIS,
     PASS,
     SIGNATURE("d=luar.example; l=0; x=1; h=date") SIGNATURE("d=; h=from"),
     FALSE,
     TRUE},
    {"T-08 our server's dkim=pass of the office's own domain: advances",
     KADIS,
     "dkim=pass header.d=contohkab.go.id",
     SIGNATURE("d=contohkab.go.id; l=10; h=date"),
     FALSE,
     TRUE},
    {"T-09 a sealed chain that passes over our dmarc=fail",
     KADIS,
     "arc=pass (i=2); dmarc=fail header.from=contohkab.go.id",
     SEALED,
     FALSE,
     FALSE},
    {"T-09 a sealed chain that passes without a verdict of ours",
     KADIS,
     "arc=pass smtp.remote-ip=192.0.2.1",
     SEALED,
     FALSE,
     FALSE},
    {"T-09 a sealed chain and no results of ours", KADIS, "", SEALED, FALSE, FALSE},
    {"T-09 a sealer that calls itself our server",
     KADIS,
     "arc=pass header.oldest-pass=0; dmarc=none header.from=contohkab.go.id",
     "ARC-Authentication-Results: i=1; mx.contohkab.go.id; " PASS "\r\n" SEALED,
     FALSE,
     FALSE},
    {"T-06 ARC's results",
     KADIS,
     "",
     "ARC-Authentication-Results: i=1; mx.contohkab.go.id; " PASS "\r\n",
     FALSE,
     FALSE},
};

static void
test_sender(void **state)
{
    const SenderRow *row = *state;
    g_autofree char *code = NULL;
    g_autoptr(MpTrial) trial = open_trial(&code);
    g_autofree char *text = answer("SETUJU", row->has_no_code ? "-" : code);
    const MpTrialMail mail = {
        .from = row->from, .auth = row->auth, .head = row->head, .text = text};
    guint first = mp_trial_count(trial, NULL);

    mp_trial_send(trial, &mail);
    assert_stands_at(trial, row->advances ? "tindak-lanjut" : "disposisi");
    if (row->advances)
        return;
    assert_only_officials(trial, first);
    assert_int_equal(trial->plan->changes->len, 0);
    assert_true(trial->plan->actions->len > 0);
}

/* --- T-07, T-12: codes and mails once more ------------------------------------------------------
 */

static void
test_replay(void **state)
{
    g_autofree char *code = NULL;
    g_autoptr(MpTrial) trial = open_trial(&code);
    g_autofree char *text = answer("SETUJU", code);
    const MpTrialMail mail = {.from = KADIS, .text = text};
    g_autofree char *bytes = mp_trial_mail(trial, &mail);
    g_autofree char *received =
        g_strconcat("Received: from x by mx.contohkab.go.id with LMTP\r\n", bytes, NULL);
    guint mails;

    (void)state;
    mp_trial_take(trial, bytes);
    assert_stands_at(trial, "tindak-lanjut");
    mails = mp_trial_count(trial, NULL);
    mp_trial_take(trial, bytes);
    assert_int_equal(trial->plan->end, MP_LEDGER_DUPLICATE);
    mp_trial_take(trial, received);
    assert_int_equal(trial->plan->end, MP_LEDGER_DUPLICATE);
    mp_trial_wait(trial, 30 * 24 * 3600);
    mp_trial_take(trial, bytes);
    assert_int_equal(trial->plan->end, MP_LEDGER_DUPLICATE);
    assert_int_equal(mp_trial_count(trial, NULL), mails);
    assert_stands_at(trial, "tindak-lanjut");
}

/* The same words with a header of their own are another mail: the code is spent then. */
static void
test_code_is_spent(void **state)
{
    static const char *const heads[] = {"X-Tambahan: 1\r\nMessage-ID: <lain@luar.example>\r\n",
                                        "Message-ID: <lain2@luar.example>\r\n"};
    g_autofree char *code = NULL;
    g_autoptr(MpTrial) trial = open_trial(&code);
    g_autofree char *text = answer("SETUJU", code);
    MpTrialMail mail = {.from = KADIS, .text = text};

    (void)state;
    mp_trial_send(trial, &mail);
    for (guint i = 0; i < G_N_ELEMENTS(heads); i++) {
        mp_trial_wait(trial, 3600);
        mail.head = heads[i];
        mail.subject = "Fw: giliran " TRIAL_CASE;
        mp_trial_send(trial, &mail);
        assert_stands_at(trial, "tindak-lanjut");
        assert_int_equal(trial->plan->changes->len, 0);
    }
}

/* Seven days to the second are fine, one second more is asked back. */
static void
test_old_date(void **state)
{
    static const struct {
        const char *date, *step;
    } dates[] = {{"Mon, 09 Nov 2026 02:59:59 +0000", "disposisi"},
                 {"Mon, 09 Nov 2026 03:00:00 +0000", "tindak-lanjut"}};

    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(dates); i++) {
        g_autofree char *code = NULL;
        g_autoptr(MpTrial) trial = open_trial(&code);
        g_autofree char *text = answer("SETUJU", code);
        g_autofree char *head = g_strdup_printf("Date: %s\r\n", dates[i].date);
        const MpTrialMail mail = {.from = KADIS, .head = head, .text = text};

        mp_trial_send(trial, &mail);
        assert_stands_at(trial, dates[i].step);
    }
}

typedef struct {
    const char *name, *from;
} LeakRow;

static const LeakRow leak_rows[] = {
    {"T-12 a stranger answers a forwarded code", EVIL},
    {"T-12 a colleague answers a forwarded code", "kabid@contohkab.go.id"},
    {"T-12 the requester answers with an official's code", "dishub@contohkab.go.id"},
    {"T-12 the applicant answers with an official's code", "sulastri.wulandari@contohkab.go.id"},
};

static void
test_leaked_code(void **state)
{
    const LeakRow *row = *state;
    g_autofree char *code = NULL;
    g_autoptr(MpTrial) trial = open_trial(&code);
    g_autofree char *text = answer("SETUJU " TRIAL_CASE, code);
    g_autofree char *plain = g_strdup(code);
    const MpTrialMail mail = {.from = row->from, .text = text};
    g_autofree char *why = NULL;
    guint first = mp_trial_count(trial, NULL);
    g_auto(GStrv) parts = g_strsplit(code, "-", -1);
    g_autofree char *bare = g_strjoinv("", parts);

    mp_trial_send(trial, &mail);
    assert_stands_at(trial, "disposisi");
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, NULL);
    for (guint i = first; i < mails->len; i++) {
        g_autofree char *words = mp_trial_words(g_ptr_array_index(mails, i));

        assert_lacks(words, code);
        assert_lacks(words, bare);
    }
    why = mp_why_to_json(trial->facts, trial->plan);
    assert_lacks(why, code);
    assert_lacks(why, bare);
}

/* No mail but the official's own has his code, and no two mails share one. */
static void
test_codes_stay_with_their_owner(void **state)
{
    g_autofree char *code = NULL;
    g_autoptr(MpTrial) trial = open_trial(&code);
    g_autofree char *text = answer("SETUJU", code);
    const MpTrialMail mail = {.from = KADIS, .text = text};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) mails = NULL;

    (void)state;
    mp_trial_send(trial, &mail);
    mails = mp_trial_mails(trial, NULL);
    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);
        const char *line = strstr(entry->mail->text, "Kode: ");

        if (line == NULL)
            continue;
        assert_non_null(mp_setup_any_role(trial->app.setup, entry->recipient, "2026-11-16"));
        assert_true(g_hash_table_add(seen, g_strndup(line + 6, 31)));
    }
    assert_true(g_hash_table_size(seen) >= 2);
}

/* --- T-25, T-26: where the words stand ---------------------------------------------------------
 */

typedef struct {
    const char *name, *type,
        *text; /* "@" stands for our mail with the code as a client quotes it, "#" in HTML */
    gboolean advances;
} WordsRow;

#define ALTERNATIVE "multipart/alternative; boundary=AA"
#define PLAIN_PART "--AA\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
#define HTML_PART "\r\n--AA\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
#define MIXED "multipart/mixed; boundary=AA"

static const WordsRow words_rows[] = {
    {"T-25 both parts say the same: advances",
     ALTERNATIVE,
     PLAIN_PART "SETUJU\r\n\r\n@" HTML_PART "<p>SETUJU</p>#\r\n--AA--\r\n",
     TRUE},
    {"T-25 the plain part refuses, the HTML part approves",
     ALTERNATIVE,
     PLAIN_PART "TOLAK berkas tidak benar\r\n\r\n@" HTML_PART "<p>SETUJU</p>#\r\n--AA--\r\n",
     FALSE},
    {"T-25 the plain part approves, the HTML part says something else",
     ALTERNATIVE,
     PLAIN_PART "SETUJU\r\n\r\n@" HTML_PART
                "<p>Terima kasih, kami pelajari dahulu bersama staf</p>\r\n--AA--\r\n",
     FALSE},
    {"T-25 white on white",
     "text/html; charset=utf-8",
     "<p style=\"color:#ffffff;background:#fff\">SETUJU</p><p>Terima kasih.</p>#",
     FALSE},
    {"T-25 display none",
     "text/html; charset=utf-8",
     "<p style=\"display:none\">SETUJU</p><p>Terima kasih.</p>#",
     FALSE},
    {"T-25 no size",
     "text/html; charset=utf-8",
     "<p style=\"font-size:0\">SETUJU</p><p>Terima kasih.</p>#",
     FALSE},
    {"T-24 two Content-Type fields",
     "text/plain; charset=utf-8\r\nContent-Type: text/html; charset=utf-8",
     "SETUJU\r\n\r\n@",
     FALSE},
    {"T-24 two boundaries",
     "multipart/mixed; boundary=AA; boundary=BB",
     "--AA\r\nContent-Type: text/plain\r\n\r\nSETUJU\r\n\r\n@\r\n--AA--\r\n"
     "--BB\r\nContent-Type: text/plain\r\n\r\nTOLAK berkas salah\r\n\r\n@\r\n--BB--\r\n",
     FALSE},
    {"T-24 two encodings",
     "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
     "Content-Transfer-Encoding: 8bit",
     "SETUJU\r\n\r\n@",
     FALSE},
    {"T-24 no boundary",
     "multipart/mixed",
     "--AA\r\nContent-Type: text/plain\r\n\r\nSETUJU\r\n\r\n@\r\n--AA--\r\n",
     FALSE},
    {"T-24 a part behind the closing boundary",
     MIXED,
     PLAIN_PART "Terima kasih.\r\n\r\n--AA--\r\n--AA\r\nContent-Type: text/plain\r\n\r\n"
                "SETUJU\r\n\r\n@\r\n--AA--\r\n",
     FALSE},
    {"T-24 a closing boundary inside a nested part",
     "multipart/mixed; boundary=AA",
     "--AA\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n--BB\r\nContent-Type: "
     "text/plain\r\n\r\nTerima kasih.\r\n--AA--\r\n--BB\r\nContent-Type: text/plain\r\n\r\n"
     "SETUJU\r\n\r\n@\r\n--BB--\r\n",
     FALSE},
    {"T-24 an encoded multipart",
     "multipart/mixed; boundary=AA\r\nContent-Transfer-Encoding: base64",
     "LS1BQQ0KQ29udGVudC1UeXBlOiB0ZXh0L3BsYWluDQoNClNFVFVKVQ0KLS1BQS0tDQo=\r\n",
     FALSE},
    {"T-24 a charset in which the letters are others",
     "text/plain; charset=utf-7",
     "+AFMARQBUAFUASgBV-\r\n\r\n@",
     FALSE},
    {"T-24 two charsets",
     "text/plain; charset=utf-7; charset=us-ascii",
     "+AFMARQBUAFUASgBV-\r\n\r\n@",
     FALSE},
    {"T-24 a header line without a colon ends the header for some",
     "text/plain; charset=utf-8\r\nbukan baris kepala\r\nX-Lain: 1",
     "SETUJU\r\n\r\n@",
     FALSE},
    {"T-24 a boundary in pieces",
     "multipart/mixed; boundary*1=A; boundary*0=A",
     "--AA\r\nContent-Type: text/plain\r\n\r\nSETUJU\r\n\r\n@\r\n--AA--\r\n",
     FALSE},
    {"T-27 direct: an image's address takes in an encrypted part",
     MIXED,
     "--AA\r\nContent-Type: text/html\r\n\r\nSETUJU @<img src=\"http://luar.example/\r\n--AA\r\n"
     "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
     "Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQAxggA=\r\n--AA\r\n"
     "Content-Type: text/html\r\n\r\n\">\r\n--AA--\r\n",
     FALSE},
    {"T-27 an enveloped mail",
     "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
     "Content-Transfer-Encoding: base64",
     "MIAGCSqGSIb3DQEHA6CAMIACAQAxggA=\r\n",
     FALSE},
    {"T-27 a PGP mail",
     "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=AA",
     "--AA\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--AA\r\nContent-Type: "
     "application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0\r\n-----END PGP "
     "MESSAGE-----\r\n--AA--\r\n",
     FALSE},
    {"T-26 the command below the quote's opening",
     NULL,
     "Terima kasih.\r\n\r\nPada Senin, Kabid <kabid@contohkab.go.id> menulis:\r\n> SETUJU\r\n> @",
     FALSE},
    {"T-26 the command in a forwarded block",
     NULL,
     "Untuk diketahui.\r\n\r\n-----Pesan Asli-----\r\nDari: Kabid <kabid@contohkab.go.id>\r\n"
     "Kepada: Kadis\r\nPerihal: giliran\r\n\r\nSETUJU\r\n@",
     FALSE},
    {"T-26 the command in the signature",
     NULL,
     "Terima kasih.\r\n\r\n-- \r\nKadis\r\nSETUJU\r\n@",
     FALSE},
    {"T-26 the command in an attachment",
     MIXED,
     PLAIN_PART "Terlampir.\r\n\r\n@\r\n--AA\r\nContent-Type: text/plain\r\n"
                "Content-Disposition: attachment; filename=a.txt\r\n\r\nSETUJU\r\n--AA--\r\n",
     FALSE},
    {"T-26 the command in an attached mail",
     MIXED,
     PLAIN_PART "Terlampir.\r\n\r\n@\r\n--AA\r\nContent-Type: message/rfc822\r\n\r\nFrom: " KADIS
                "\r\nSubject: ok\r\n\r\nSETUJU\r\n--AA--\r\n",
     FALSE},
    {"T-26 two that contradict each other", NULL, "SETUJU\r\nTOLAK berkas salah\r\n\r\n@", FALSE},
    {"T-26 a negation", NULL, "jangan disetujui dulu\r\n\r\n@", FALSE},
    {"T-26 a negation by another word", NULL, "belum acc\r\n\r\n@", FALSE},
    {"T-26 a verb inside a sentence",
     NULL,
     "Kalau semua sudah setuju nanti saya kabari lagi\r\n\r\n@",
     FALSE},
    {"T-26 one bad line among good ones",
     NULL,
     "SETUJU " TRIAL_CASE "\r\nSETUJUU SE-2026-000099\r\n\r\n@",
     FALSE},
    {"T-26 a greeting above the command: advances",
     NULL,
     "Yth. tim layanan,\r\nSETUJU\r\n\r\n@",
     TRUE},
};

static void
test_words(void **state)
{
    const WordsRow *row = *state;
    g_autofree char *code = NULL;
    g_autoptr(MpTrial) trial = open_trial(&code);
    g_autofree char *quote = answer("", code);
    g_autofree char *html =
        g_strdup_printf("<div>Pada Senin, 16 November 2026 pukul 09.00, Layanan "
                        "&lt;" TRIAL_OFFICE "&gt; menulis:</div><blockquote>"
                        "Permohonan menunggu Bapak/Ibu.<br>Kode: %s"
                        "</blockquote>",
                        code);
    g_autoptr(GString) text = g_string_new(NULL);
    MpTrialMail mail = {.from = KADIS, .type = row->type};
    guint first = mp_trial_count(trial, NULL);

    for (const char *p = row->text; *p != '\0'; p++) {
        if (*p == '@' && !g_ascii_isalnum(p[1]))
            g_string_append(text, quote);
        else if (*p == '#' && p[1] != 'f')
            g_string_append(text, html);
        else
            g_string_append_c(text, *p);
    }
    mail.text = text->str;
    mp_trial_send(trial, &mail);
    assert_stands_at(trial, row->advances ? "tindak-lanjut" : "disposisi");
    if (!row->advances)
        assert_only_officials(trial, first);
}

/* --- T-04: domains that look like the office's own ----------------------------------------------
 */

static const SenderRow alike_rows[] = {
    {"T-04 a digit for a letter is suspect",
     "Kadis <kadis@contohkab.g0.id>",
     "dmarc=pass header.from=contohkab.g0.id",
     NULL,
     FALSE,
     FALSE},
    {"T-04 a dash for a dot is suspect",
     "Kadis <kadis@contohkab-go.id>",
     "dmarc=pass header.from=contohkab-go.id",
     NULL,
     FALSE,
     FALSE},
    {"T-04 a foreign letter in punycode is suspect",
     "Kadis <kadis@xn--contohkb-76g.go.id>",
     "dmarc=pass header.from=xn--contohkb-76g.go.id",
     NULL,
     FALSE,
     FALSE},
    {"T-04 the own domain before a stranger's is suspect",
     "Kadis <kadis@contohkab.go.id.luar.example>",
     "dmarc=pass header.from=contohkab.go.id.luar.example",
     NULL,
     FALSE,
     FALSE},
    {"T-04 the official's address as display name is suspect",
     "\"" KADIS "\" <" EVIL ">",
     EVIL_PASS,
     NULL,
     FALSE,
     FALSE},
};

static void
test_alike(void **state)
{
    const SenderRow *row = *state;
    g_autofree char *code = NULL;
    g_autoptr(MpTrial) trial = open_trial(&code);
    g_autofree char *text = answer("SETUJU " TRIAL_CASE, code);
    const MpTrialMail mail = {.from = row->from, .auth = row->auth, .text = text};
    guint first = mp_trial_count(trial, NULL);

    mp_trial_send(trial, &mail);
    assert_stands_at(trial, "disposisi");
    assert_text(trial->facts->verdict->kind, "suspect");
    assert_true(trial->plan->is_for_quarantine);
    assert_only_officials(trial, first);
    assert_true(mp_trial_count(trial, NULL) > first);
}

/* --- T-27: what nobody here can read ------------------------------------------------------------
 */

typedef struct {
    const char *name, *type, *text;
} EncryptedRow;

static const EncryptedRow encrypted_rows[] = {
    {"T-27 an enveloped mail goes to a person",
     "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
     "Content-Transfer-Encoding: base64",
     "MIAGCSqGSIb3DQEHA6CAMIACAQAxggA="},
    {"T-27 a PGP mail goes to a person",
     "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=AA",
     "--AA\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--AA\r\nContent-Type: "
     "application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0\r\n-----END PGP "
     "MESSAGE-----\r\n--AA--"},
    {"T-27 a PGP text goes to a person",
     NULL,
     "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0RAHASIA91\r\n-----END PGP MESSAGE-----"},
};

static void
test_encrypted(void **state)
{
    const EncryptedRow *row = *state;
    g_autofree char *code = NULL;
    g_autoptr(MpTrial) trial = open_trial(&code);
    guint first = mp_trial_count(trial, NULL);
    guint desk = mp_trial_count(trial, "verifikator@contohkab.go.id");
    g_autoptr(GPtrArray) mails = NULL;

    mp_trial_send(trial,
                  &(MpTrialMail){.from = "kec.melati@contohkab.go.id",
                                 .subject = "Surat",
                                 .type = row->type,
                                 .text = row->text});
    assert_stands_at(trial, "disposisi");
    assert_true(mp_trial_count(trial, "verifikator@contohkab.go.id") == desk + 1);
    mails = mp_trial_mails(trial, NULL);
    assert_int_equal(mails->len, first + 1);
    for (guint i = first; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);
        g_autofree char *words = mp_trial_words(entry);

        assert_contains(words, "terenkripsi");
        assert_lacks(words, "hQEMA0");
        assert_lacks(words, "MIAGCSq");
        assert_int_equal(entry->documents->len, 0);
    }
}

int
main(void)
{
    const struct CMUnitTest codes[] = {
        {"T-07 the same mail again counts once, after any time", test_replay, NULL, NULL, NULL},
        {"T-07 the code of a step that moved does nothing", test_code_is_spent, NULL, NULL, NULL},
        {"T-07 a Date more than seven days old is asked back", test_old_date, NULL, NULL, NULL},
        {"T-12 codes stay with their owner", test_codes_stay_with_their_owner, NULL, NULL, NULL},
    };
    int failed = run_rows("senders", sender_rows, test_sender);

    failed += cmocka_run_group_tests_name("codes", codes, NULL, NULL);
    failed += run_rows("leaks", leak_rows, test_leaked_code);
    failed += run_rows("look-alikes", alike_rows, test_alike);
    failed += run_rows("encrypted", encrypted_rows, test_encrypted);
    return failed + run_rows("words", words_rows, test_words);
}
