/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *automatic;
    const char *mail;
} Row;

static void
test_automatic(void **state)
{
    const Row *row = *state;
    MpMessageOptions options = {.limits = mp_limits_default(),
                                .own_address = (char *)"layanan-tte@contohkab.go.id",
                                .own_id_domain = (char *)"se.contohkab.go.id"};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpMessage) message =
        mp_message_parse((const guint8 *)row->mail, strlen(row->mail), &options, &error);

    assert_no_gerror(error);
    assert_text(mp_automatic_to_string(message->automatic), row->automatic);
    assert_int_equal(message->automatic_reason != NULL, strcmp(row->automatic, "none") != 0);
}

static const Row rows[] = {
    {"Auto-Submitted: auto-replied",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nAuto-Submitted: "
     "auto-replied\nContent-Type: text/plain; charset=utf-8\n\nSaya cuti.\n"},
    {"Auto-Submitted with a comment",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nAuto-Submitted: auto-replied "
     "(zimbra; vacation)\nContent-Type: text/plain; charset=utf-8\n\nSaya cuti.\n"},
    {"Auto-Submitted: no is a person",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nAuto-Submitted: "
     "no\nContent-Type: text/plain; charset=utf-8\n\nSaya cuti besok, tolong hari ini.\n"},
    {"auto-generated alone is no reply",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Aktivasi Akun\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nAuto-Submitted: auto-generated\nContent-Type: "
     "text/plain; charset=utf-8\n\nAktivasi Berhasil.\n"},
    {"X-Autoreply",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nX-Autoreply: yes\nContent-Type: "
     "text/plain; charset=utf-8\n\nTerima kasih.\n"},
    {"X-Autorespond",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nX-Autorespond: x\nContent-Type: "
     "text/plain; charset=utf-8\n\nTerima kasih.\n"},
    {"Precedence: auto_reply",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nPrecedence: "
     "auto_reply\nContent-Type: text/plain; charset=utf-8\n\nTerima kasih.\n"},
    {"Preference: auto_reply",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nPreference: "
     "auto_reply\nContent-Type: text/plain; charset=utf-8\n\nTerima kasih.\n"},
    {"Exchange's inbox rule",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nX-MS-Exchange-Inbox-Rules-Loop: "
     "ani@contohkab.go.id\nContent-Type: text/plain; charset=utf-8\n\nTerima kasih.\n"},
    {"Outlook's subject and suppression",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Automatic reply: [SE-2026-000123] Permohonan "
     "diterima\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<a@contohkab.go.id>\nX-Auto-Response-Suppress: All\nContent-Type: text/plain; "
     "charset=utf-8\n\nTerima kasih atas emailnya.\n"},
    {"subject and null path",
     "auto-reply",
     "Return-Path: <>\nFrom: Ani <ani@contohkab.go.id>\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Balasan otomatis: Permohonan diterima\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nEmail Anda kami terima.\n"},
    {"without any header, wording 1",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Out of office\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nSaya "
     "sedang tidak berada di kantor s.d. 04-12-2026. Email Anda akan saya baca sekembalinya "
     "saya.\n\n(pesan ini dikirim otomatis)\n"},
    {"without any header, wording 2",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Sedang cuti\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nSaya "
     "sedang cuti tahunan sampai dengan 20 November 2026. Akan saya balas setelah kembali.\n"},
    {"without any header, wording 3",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Dinas luar\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nMohon "
     "maaf saya sedang dinas luar. Untuk hal mendesak hubungi sekretariat.\n"},
    {"without any header, wording 4",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Balasan Otomatis: Re: surat\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nTerima kasih. Saat ini saya sedang melaksanakan dinas luar kota dan akan "
     "kembali ke kantor tanggal 20.\n"},
    {"without any header, wording 5",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Auto: Re: [SE-2026-000123] Permohonan diterima\nDate: "
     "Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nI am out of the office until Monday and will respond upon my return. This "
     "is an automated reply.\n"},
    {"without any header, wording 6",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nSaat ini saya sedang cuti. Pesan ini dibalas otomatis. Saya akan membalas "
     "setelah kembali bekerja.\n"},
    {"without any header, wording 7",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nI'm currently on leave and will be back next Monday. This is an automated "
     "response.\n"},
    {"without any header, wording 8",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Automatic reply: surat\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nI am currently out of the office with limited access to e-mail.\n"},
    {"without any header, wording 9",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Cuti: Ani\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nSaya "
     "sedang cuti s.d. 24 November. Keperluan mendesak silakan menghubungi Pak Budi.\n"},
    {"without any header, wording 10",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Abwesenheitsnotiz\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nIch bin "
     "nicht im Büro. I am out of the office.\n"},
    {"without any header, wording 11",
     "auto-reply",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Tidak di tempat\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nKami "
     "sedang tidak berada di tempat. Email ini dijawab otomatis.\n"},
    {"a mailing list",
     "list",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: [opd] Undangan\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nList-Id: <opd.contohkab.go.id>\nContent-Type: "
     "text/plain; charset=utf-8\n\nUndangan rapat.\n"},
    {"a newsletter",
     "list",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Bimtek\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nList-Unsubscribe: "
     "<mailto:x@diklat.example>\nContent-Type: text/plain; charset=utf-8\n\nDaftar segera\n"},
    {"bulk mail",
     "list",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Bimtek\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nPrecedence: bulk\nContent-Type: text/plain; "
     "charset=utf-8\n\nDaftar segera\n"},
    {"a person writes about it, 1",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nSaya cuti s.d. tgl 24, ke Pak Sekdin saja\n"},
    {"a person writes about it, 2",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nTeruskan. Saya sedang dinas luar, nanti dicek Sekdin\n"},
    {"a person writes about it, 3",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nMohon maaf baru membalas, kemarin saya sedang cuti. Berikut SK "
     "mutasinya.\n"},
    {"a person writes about it, 4",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Permohonan SE a.n. pegawai yang sedang cuti\nDate: "
     "Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nMohon diproses permohonan berikut. Yang bersangkutan sedang cuti melahirkan "
     "dan akan kembali bekerja bulan depan. Data: Nama Dewi, NIP 199003112015032999. Terlampir "
     "surat permohonan dan KTP.\n"},
    {"a person writes about it, 5",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Cuti bersama dan layanan\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nApakah layanan tetap buka saat cuti bersama?\n"},
    {"a person writes about it, 6",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Out of office printer\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nThe "
     "printer out of the office is broken. Please fix.\n"},
    {"a person writes about it, 7",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nPak Kadis sedang dinas luar, bisakah saya yang TERUSKAN?\n"},
    {"a person writes about it, 8",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Mohon info balasan otomatis\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nKami selalu mendapat balasan otomatis dari alamat ini. Mohon dibantu "
     "petugas.\n"},
    {"a person writes about it, 9",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nIni pengaduan. Kami hanya mendapat pesan otomatis terus.\n"},
    {"a person writes about it, 10",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Surat tugas dinas luar\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nTerlampir surat tugas dinas luar.\n"},
    {"a person writes about it, 11",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Otomatisasi TTE\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nApakah "
     "bisa otomatis?\n"},
    {"a person writes about it, 12",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nSetuju\n"},
    {"a person writes about it, 13",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nTERUSKAN\n\n> Pesan ini dikirim otomatis, mohon simpan nomornya\n"},
    {"a person writes about it, 14",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nBaik Pak.\n\nPada Sen, 16 Nov 2026 pukul 09.14 Layanan <l@contohkab.go.id> "
     "menulis:\n\n> Pesan ini dikirim otomatis. Saya sedang cuti dan akan membalas setelah "
     "kembali.\n"},
    {"a person writes about it, 15",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Fwd: Out of office\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nPak, "
     "beliau cuti, mohon dialihkan.\n\n---------- Forwarded message ---------\nFrom: Budi "
     "<budi@contohkab.go.id>\nDate: Mon, 16 Nov 2026 09:14\nSubject: Out of office\nTo: "
     "ani@contohkab.go.id\n\nI am out of the office. This is an automated reply.\n"},
    {"a person writes about it, 16",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Re: Automatic reply: surat\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nBaik, kami tunggu Bapak kembali dari cuti ya.\n"},
    {"a person writes about it, 17",
     "none",
     "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Sedang cuti, siapa pengganti?\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <a@contohkab.go.id>\nContent-Type: text/plain; "
     "charset=utf-8\n\nKabid kami sedang cuti, siapa yang bisa memberi disposisi?\n"},
    {"a person whose path is null still writes",
     "none",
     "Return-Path: <>\nFrom: Ani <ani@contohkab.go.id>\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Re: [SE-2026-000123] Permohonan diterima\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<a@contohkab.go.id>\nContent-Type: text/plain; charset=utf-8\n\nTeruskan ke Kabid\n"},
    {"our own mail come back",
     "own",
     "From: Layanan <LAYANAN-TTE@contohkab.go.id>\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "x\n\nTERUSKAN\n"},
    {"a read receipt",
     "auto-reply",
     "From: Ani <ani@contohkab.go.id>\nTo: l@contohkab.go.id\nSubject: Dibaca: x\nContent-Type: "
     "multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: "
     "text/plain\n\nPesan Anda telah dibaca.\n--b\nContent-Type: "
     "message/disposition-notification\n\nFinal-Recipient: "
     "rfc822;ani@contohkab.go.id\nDisposition: manual-action/MDN-sent-manually; "
     "displayed\n\n--b--\n"},
    {"a notice that says it was sent automatically, with suppression",
     "none",
     "Return-Path: <a@b.example>\nFrom: A <a@b.example>\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Penerbitan Sertifikat Elektronik\nX-Auto-Response-Suppress: All\n\nSertifikat elektronik "
     "telah diterbitkan.\n\nEmail ini dikirim otomatis, mohon tidak membalas.\n"},
    {"a notice of a null path",
     "none",
     "Return-Path: <>\nFrom: A <a@b.example>\nTo: layanan-tte@contohkab.go.id\nSubject: Penerbitan "
     "Sertifikat Elektronik\nAuto-Submitted: auto-generated\n\nSertifikat elektronik telah "
     "diterbitkan.\n\nEmail ini dikirim otomatis, mohon tidak membalas.\n"},
    {"a receipt that calls itself an automatic answer",
     "auto-reply",
     "Return-Path: <a@b.example>\nFrom: A <a@b.example>\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Re: x\n\nTerima kasih, email Anda telah kami terima. Pesan ini merupakan balasan "
     "otomatis.\n"},
    {"absence with auto-generated",
     "auto-reply",
     "Return-Path: <a@b.example>\nFrom: A <a@b.example>\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Re: x\nAuto-Submitted: auto-generated\n\nSaya sedang cuti dan akan membalas setelah "
     "kembali.\n"},
    {"a wish about automatic answers is a person's",
     "none",
     "Return-Path: <a@b.example>\nFrom: A <a@b.example>\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Re: x\n\nMohon balasan otomatis dimatikan saja Pak.\n"},
};

int
main(void)
{
    return run_rows("message/automatic", rows, test_automatic);
}
