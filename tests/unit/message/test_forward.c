/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *mail;
    gboolean is_forward;
    guint n;
    const char *from; /* of the first: address, subject, date, text */
    const char *subject;
    const char *date;
    const char *text;
    const char *reply;
} Row;

static void
test_forward(void **state)
{
    const Row *row = *state;
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpMessage) message =
        mp_message_parse((const guint8 *)row->mail, strlen(row->mail), &options, &error);
    const MpForward *first;

    assert_no_gerror(error);
    assert_int_equal(message->is_forward, row->is_forward);
    assert_int_equal(message->forwards->len, row->n);
    assert_text(message->reply_text, row->reply);
    if (row->n == 0)
        return;
    first = g_ptr_array_index(message->forwards, 0);
    assert_int_equal(first->depth, 1);
    assert_text(first->from->address, row->from);
    assert_text(first->subject, row->subject);
    assert_text(first->date, row->date);
    assert_text(first->text, row->text);
}

#define HEAD(subject) "From: Ani <ani@contohkab.go.id>\nSubject: " subject "\n\n"

static const Row rows[] = {
    {"Gmail, Indonesian",
     HEAD("Fwd: Penerbitan") "Mohon dicek\n\n---------- Forwarded message ---------\nDari: BSrE "
                             "<b@bssn.go.id>\nDate: Sen, 16 Nov 2026 pukul 09.14\nSubject: "
                             "Penerbitan\nTo: <ani@contohkab.go.id>\n\nSertifikat terbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "Penerbitan",
     "Sen, 16 Nov 2026 pukul 09.14",
     "Sertifikat terbit.",
     "Mohon dicek"},
    {"Gmail, the new Indonesian words",
     HEAD("Fwd: x") "---------- Pesan terusan ---------\nDari: BSrE <b@bssn.go.id>\nTanggal: Sen, "
                    "16 Nov 2026 09.14\nSubjek: x\nKe: ani@contohkab.go.id\n\nTerbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "x",
     "Sen, 16 Nov 2026 09.14",
     "Terbit.",
     ""},
    {"Outlook, Trs:",
     HEAD("Trs: x") "Ini Pak\n\nDari: BSrE [mailto:b@bssn.go.id]\nDikirim: Senin, 16 November 2026 "
                    "9:14\nKepada: Ani\nPerihal: x\n\nTerbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "x",
     "Senin, 16 November 2026 9:14",
     "Terbit.",
     "Ini Pak"},
    {"WG:",
     HEAD("WG: x") "-----Ursprüngliche Nachricht-----\nVon: BSrE <b@bssn.go.id>\nGesendet: Montag, "
                   "16. November 2026 09:14\nAn: Ani\nBetreff: x\n\nTerbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "x",
     "Montag, 16. November 2026 09:14",
     "Terbit.",
     ""},
    {"Zimbra",
     HEAD("Fw: x") "Ini\n\nDari: \"BSrE\" <b@bssn.go.id>\nKepada: \"Ani\" "
                   "<ani@contohkab.go.id>\nTerkirim: Jumat, 20 November 2026 15.36.52\nPerihal: "
                   "x\n\nTerbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "x",
     "Jumat, 20 November 2026 15.36.52",
     "Terbit.",
     "Ini"},
    {"Apple",
     HEAD(
         "Fwd: x") "Begin forwarded message:\n\n> From: BSrE <b@bssn.go.id>\n> Subject: x\n> Date: "
                   "16 November 2026 09.14.00 WIB\n> To: ani@contohkab.go.id\n> \n> Terbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "x",
     "16 November 2026 09.14.00 WIB",
     "Terbit.",
     ""},
    {"Thunderbird",
     HEAD("Fwd: x") "-------- Pesan Terusan --------\nPerihal: \tx\nTanggal: \tMon, 16 Nov 2026 "
                    "09:14:00 +0700\nDari: \tBSrE <b@bssn.go.id>\nKepada: "
                    "\tani@contohkab.go.id\n\nTerbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "x",
     "Mon, 16 Nov 2026 09:14:00 +0700",
     "Terbit.",
     ""},
    {"Samsung, on one line",
     HEAD("Fwd: x") "-------- Pesan asli --------\nDari: BSrE <b@bssn.go.id> Tanggal: 16/11/2026  "
                    "09.14  (GMT+07:00) Kepada: ani@contohkab.go.id Subjek: x\nTerbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "x",
     "16/11/2026 09.14 (GMT+07:00)",
     "Terbit.",
     ""},
    {"the body alone says so",
     HEAD("Dari BSrE") "Lihat\n\n---------- Forwarded message ---------\nFrom: BSrE "
                       "<b@bssn.go.id>\nDate: Mon, Nov 16, 2026 at 9:14 AM\nSubject: x\nTo: "
                       "<ani@contohkab.go.id>\n\nTerbit.\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "x",
     "Mon, Nov 16, 2026 at 9:14 AM",
     "Terbit.",
     "Lihat"},
    {"a forward of a forward, outer first",
     HEAD("Fwd: Fwd: x") "---------- Forwarded message ---------\nFrom: Budi "
                         "<budi@contohkab.go.id>\nDate: Mon, Nov 16, 2026 at 9:14 AM\nSubject: "
                         "Fwd: x\nTo: <ani@contohkab.go.id>\n\nLuar.\n\n---------- Forwarded "
                         "message ---------\nFrom: BSrE <b@bssn.go.id>\nDate: Sun, Nov 15, 2026 at "
                         "9:14 AM\nSubject: x\nTo: <budi@contohkab.go.id>\n\nDalam.\n",
     TRUE,
     2,
     "budi@contohkab.go.id",
     "Fwd: x",
     "Mon, Nov 16, 2026 at 9:14 AM",
     "Luar.",
     ""},
    {"attached",
     "From: Ani <ani@contohkab.go.id>\nSubject: x\nContent-Type: multipart/mixed; "
     "boundary=b\n\n--b\nContent-Type: text/plain\n\nIni\n--b\nContent-Type: "
     "message/rfc822\n\nFrom: BSrE <b@bssn.go.id>\nSubject: =?utf-8?Q?Pen=65rbitan?=\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\n\nTerbit.\n--b--\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "Penerbitan",
     "Mon, 16 Nov 2026 09:14:00 +0700",
     "Terbit.",
     "Ini"},
    {"attached and encoded",
     "From: Ani <ani@contohkab.go.id>\nSubject: x\nContent-Type: multipart/mixed; "
     "boundary=b\n\n--b\nContent-Type: text/plain\n\nIni\n--b\nContent-Type: "
     "message/rfc822\nContent-Transfer-Encoding: "
     "base64\n\nRnJvbTogYkBic3NuLmdvLmlkClN1YmplY3Q6IHkKRGF0ZTogeAoKVGVyYml0Lgo=\n--b--\n",
     TRUE,
     1,
     "b@bssn.go.id",
     "y",
     "x",
     "Terbit.",
     "Ini"},
    {"a reply that quotes headers is no forward",
     HEAD("Re: x") "Baik\n\nDari: L <l@contohkab.go.id>\nKepada: Ani "
                   "<ani@contohkab.go.id>\nTerkirim: Jumat, 20 November 2026 15.36.52\nPerihal: "
                   "x\n\nTOLAK\n",
     FALSE,
     0,
     NULL,
     NULL,
     NULL,
     NULL,
     "Baik"},
    {"a forwarding subject without a block has no facts",
     HEAD("Fwd: permohonan") "Terlampir.\n",
     TRUE,
     0,
     NULL,
     NULL,
     NULL,
     NULL,
     "Terlampir."},
};

static void
test_parts_of_attached_mail(void **state)
{
    static const char mail[] =
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
        "message/rfc822\n\n"
        "From: c@d.example\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: "
        "application/pdf; name=in.pdf\n\nx\n"
        "--c\nContent-Type: message/rfc822\n\nFrom: e@f.example\nContent-Type: application/pdf; "
        "name=deep.pdf\n\nx\n--c--\n"
        "--b\nContent-Type: application/pdf; name=out.pdf\n\nx\n--b--\n";
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(MpMessage) message =
        mp_message_parse((const guint8 *)mail, sizeof mail - 1, &options, NULL);
    static const guint depths[] = {1, 2, 0};
    static const char *const names[] = {"in.pdf", "deep.pdf", "out.pdf"};

    (void)state;
    assert_int_equal(message->parts->len, 3);
    for (guint i = 0; i < 3; i++) {
        const MpPart *part = g_ptr_array_index(message->parts, i);

        assert_text(part->filename, names[i]);
        assert_int_equal(part->depth, depths[i]);
    }
    assert_int_equal(message->forwards->len, 2);
    assert_int_equal(((const MpForward *)g_ptr_array_index(message->forwards, 1))->depth, 2);
}

int
main(void)
{
    const struct CMUnitTest more[] = {cmocka_unit_test(test_parts_of_attached_mail)};

    return run_rows("message/forward", rows, test_forward) +
           cmocka_run_group_tests_name("message/forward, more", more, NULL, NULL);
}
