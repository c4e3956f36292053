/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *text;
    const char *reply;
    const char *old; /* a word of the old part that must not leak, or NULL */
} Row;

static void
test_split(void **state)
{
    const Row *row = *state;
    g_autofree char *reply = NULL;
    g_autofree char *rest = NULL;

    mp_message_split_reply(row->text, &reply, &rest);
    assert_text(reply, row->reply);
    if (row->old != NULL) {
        assert_lacks(reply, row->old);
        assert_contains(rest, row->old);
    }
}

static const Row rows[] = {
    {"a text without quote or signature stays whole",
     "Teruskan ke Kabid",
     "Teruskan ke Kabid",
     NULL},
    {"two orders on two lines stay two lines",
     "Teruskan ke Kasi\nCatat berkas asli ada di meja saya\n\nDikirim dari iPhone saya",
     "Teruskan ke Kasi\nCatat berkas asli ada di meja saya",
     NULL},
    {"Gmail, Indonesian, attribution on two lines",
     "UTL\n\nPada Sen, 2 Nov 2026 pukul 12.01 Layanan <sertifikat@contohkab.go.id>\nmenulis:\n\n> "
     "TERUSKAN atau TOLAK",
     "UTL",
     "TOLAK"},
    {"iPhone, Indonesian",
     "Kembalikan, SK nya belum ada\n\nDikirim dari iPhone saya\n\nPada 2 Nov 2026, pukul 08.20, "
     "Layanan <l@contohkab.go.id> menulis:\n\n> TOLAK",
     "Kembalikan, SK nya belum ada",
     "TOLAK"},
    {"Indonesian with 'Pada tanggal'",
     "Siap\n\nPada tanggal 16 November 2026 09.14, Layanan SE menulis:\n> TOLAK",
     "Siap",
     "TOLAK"},
    {"Indonesian Yahoo without marks below",
     "Sudah kami kirim\n\nPada Senin, 16 November 2026 pukul 09.14.11 WIB, Layanan "
     "<l@contohkab.go.id> menulis:\n\nMohon balas TOLAK",
     "Sudah kami kirim",
     "TOLAK"},
    {"Outlook divider, English",
     "Terima kasih infonya.\n\n-----Original Message-----\nFrom: Layanan "
     "<l@contohkab.go.id>\nSent: Monday, November 16, 2026 9:14 AM\nTo: Ani\nSubject: x\n\nBalas "
     "TOLAK",
     "Terima kasih infonya.",
     "TOLAK"},
    {"Outlook divider, Indonesian",
     "Baik\n\n-----Pesan Asli-----\nDari: Layanan\nTerkirim: 16 November 2026 9:14\nKepada: "
     "Ani\nPerihal: x\n\nTOLAK",
     "Baik",
     "TOLAK"},
    {"Outlook header block without divider",
     "Setuju\n\nFrom: Layanan <l@contohkab.go.id>\nSent: Monday, November 16, 2026 9:14 AM\nTo: "
     "Ani <ani@contohkab.go.id>\nSubject: x\n\nTOLAK",
     "Setuju",
     "TOLAK"},
    {"Outlook header block, display names only",
     "Setuju\n\nDari: Layanan Sertifikat\nDikirim: Senin, 16 November 2026 9:14\nKepada: "
     "Ani\nSubjek: x\n\nTOLAK",
     "Setuju",
     "TOLAK"},
    {"Outlook mobile with a line of underscores",
     "Acc\n\nDapatkan Outlook untuk Android\n________________________________\nDari: Layanan "
     "<l@contohkab.go.id>\nDikirim: Senin, November 16, 2026 9:14:00 AM\nKepada: Ani "
     "<ani@contohkab.go.id>\nSubjek: x\n\nTOLAK",
     "Acc",
     "TOLAK"},
    {"Outlook header labels in bold stars",
     "Lanjut\n\n*From:* Layanan <l@contohkab.go.id>\n*Sent:* Monday, November 16, 2026 9:14 "
     "AM\n*To:* Ani\n*Subject:* x\n\nTOLAK",
     "Lanjut",
     "TOLAK"},
    {"Zimbra header block",
     "terima kasih\n\nDari: \"Layanan\" <l@contohkab.go.id>\nKepada: \"Ani\" "
     "<ani@contohkab.go.id>\nTerkirim: Senin, 16 November 2026 11.41.46\nPerihal: x\n\nTOLAK",
     "terima kasih",
     "TOLAK"},
    {"Samsung, all headers on one line",
     "tunda\n\nDikirim dari Galaxy saya\n\n-------- Pesan asli --------\nDari: Layanan "
     "<l@contohkab.go.id> Tanggal: 16/11/2026  10.10  (GMT+07:00) Kepada: a@contohkab.go.id "
     "Subjek: x\nTOLAK",
     "tunda",
     "TOLAK"},
    {"Samsung without divider",
     "tunda\n\nDari: Layanan <l@contohkab.go.id> Tanggal: 16/11/2026  10.10  (GMT+07:00) Kepada: "
     "a@contohkab.go.id Subjek: x\nTOLAK",
     "tunda",
     "TOLAK"},
    {"SquirrelMail, a bare name and a verb",
     "Acc\n\n\nLayanan Sertifikat menulis:\n> TOLAK",
     "Acc",
     "TOLAK"},
    {"Roundcube", "Siap\n\nPada 2026-12-10 07:06, Layanan menulis:\n> TOLAK", "Siap", "TOLAK"},
    {"Gmail, English",
     "Approved, thanks\n\nOn Mon, Nov 16, 2026 at 9:14 AM Layanan <l@contohkab.go.id> wrote:\n\n> "
     "TOLAK",
     "Approved, thanks",
     "TOLAK"},
    {"Gmail, English, wrapped over three lines",
     "Approved\n\nOn Mon, Nov 16, 2026 at 9:14 AM Layanan Sertifikat\nElektronik Kabupaten Contoh "
     "<l@contohkab.go.id>\nwrote:\n\n> TOLAK",
     "Approved",
     "TOLAK"},
    {"Apple Mail, English",
     "Fine\n\n> On 16 Nov 2026, at 09.14, Layanan <l@contohkab.go.id> wrote:\n> \n> TOLAK",
     "Fine",
     "TOLAK"},
    {"Thunderbird, English, no address",
     "Fine by me\n\nOn 16/11/2026 09:14, Layanan wrote:\n> TOLAK",
     "Fine by me",
     "TOLAK"},
    {"attribution with the verb 'sent'",
     "Test reply\n\nOn 11-Apr-2026, at 6:54 PM, Layanan <l@contohkab.go.id> sent:\n\n> TOLAK",
     "Test reply",
     "TOLAK"},
    {"Gmail without a verb, ISO date",
     "Test reply\n\n2026-11-16 9:14 GMT+07:00 Layanan <l@contohkab.go.id>:\n\n> TOLAK",
     "Test reply",
     "TOLAK"},
    {"Zoho, dashes on both sides",
     "Ok\n\n---- On Mon, 16 Nov 2026 09:14:00 +0700 Layanan <l@contohkab.go.id> wrote "
     "----\n\nTOLAK",
     "Ok",
     "TOLAK"},
    {"Horde, quoting", "Ok\n\nQuoting Layanan <l@contohkab.go.id>:\n\n> TOLAK", "Ok", "TOLAK"},
    {"Lotus Notes", "Ok\n\nLayanan/Contoh wrote on 16/11/2026 09:14:00:\n\n> TOLAK", "Ok", "TOLAK"},
    {"German, Gmail",
     "Ja\n\nAm Mo., 16. Nov. 2026 um 09:14 Uhr schrieb Layanan <l@contohkab.go.id>:\n\n> TOLAK",
     "Ja",
     "TOLAK"},
    {"German, Thunderbird",
     "Ja\n\nAm 16.11.2026 um 09:14 schrieb Layanan:\n> TOLAK",
     "Ja",
     "TOLAK"},
    {"German, Outlook",
     "Ja\n\n-----Ursprüngliche Nachricht-----\nVon: Layanan <l@contohkab.go.id>\nGesendet: Montag, "
     "16. November 2026 09:14\nAn: Ani\nBetreff: x\n\nTOLAK",
     "Ja",
     "TOLAK"},
    {"German, GMX with Sent first",
     "Ja\n\nGesendet: Montag, 16. November 2026 um 09:14 Uhr\nVon: Layanan "
     "<l@contohkab.go.id>\nAn: ani@contohkab.go.id\nBetreff: x\n\nTOLAK",
     "Ja",
     "TOLAK"},
    {"German, perfect tense",
     "Ja\n\nLayanan <l@contohkab.go.id> hat am 16.11.2026 09:14 geschrieben:\n\nTOLAK",
     "Ja",
     "TOLAK"},
    {"French, Gmail",
     "Oui\n\nLe lun. 16 nov. 2026 à 09:14, Layanan <l@contohkab.go.id> a écrit :\n\n> TOLAK",
     "Oui",
     "TOLAK"},
    {"French, Outlook",
     "Oui\n\nDe : Layanan <l@contohkab.go.id>\nEnvoyé : lundi 16 novembre 2026 09:14\nÀ : "
     "Ani\nObjet : x\n\nTOLAK",
     "Oui",
     "TOLAK"},
    {"Spanish, Gmail",
     "Sí\n\nEl lun, 16 nov 2026 a las 9:14, Layanan (<l@contohkab.go.id>) escribió:\n\n> TOLAK",
     "Sí",
     "TOLAK"},
    {"Spanish, Outlook",
     "Sí\n\nDe: Layanan <l@contohkab.go.id>\nEnviado el: lunes, 16 de noviembre de 2026 "
     "9:14\nPara: Ani\nAsunto: x\n\nTOLAK",
     "Sí",
     "TOLAK"},
    {"Portuguese, Gmail",
     "Sim\n\nEm seg., 16 de nov. de 2026 às 09:14, Layanan <l@contohkab.go.id>\nescreveu:\n\n> "
     "TOLAK",
     "Sim",
     "TOLAK"},
    {"Portuguese, Outlook",
     "Sim\n\n-----Mensagem original-----\nDe: Layanan [mailto:l@contohkab.go.id]\nEnviada em: "
     "segunda-feira, 16 de novembro de 2026 09:14\nPara: Ani\nAssunto: x\n\nTOLAK",
     "Sim",
     "TOLAK"},
    {"Dutch, Gmail",
     "Ja\n\nOp ma 16 nov. 2026 om 09:14 schreef Layanan <l@contohkab.go.id>:\n\n> TOLAK",
     "Ja",
     "TOLAK"},
    {"Dutch, Apple",
     "Ja\n\nOp 16 nov. 2026, om 09:14 heeft Layanan <l@contohkab.go.id> het volgende "
     "geschreven:\n\n> TOLAK",
     "Ja",
     "TOLAK"},
    {"Dutch, Outlook",
     "Ja\n\nVan: Layanan <l@contohkab.go.id>\nVerzonden: maandag 16 november 2026 09:14\nAan: "
     "Ani\nOnderwerp: x\n\nTOLAK",
     "Ja",
     "TOLAK"},
    {"Italian, Gmail",
     "Sì\n\nIl giorno lun 16 nov 2026 alle ore 09:14 Layanan <l@contohkab.go.id>\nha scritto:\n\n> "
     "TOLAK",
     "Sì",
     "TOLAK"},
    {"Italian, Outlook",
     "Sì\n\nDa: Layanan <l@contohkab.go.id>\nInviato: lunedì 16 novembre 2026 09:14\nA: "
     "Ani\nOggetto: x\n\nTOLAK",
     "Sì",
     "TOLAK"},
    {"Japanese, Gmail without a verb",
     "はい\n\n2026年11月16日(月) 9:14 Layanan <l@contohkab.go.id>:\n\n> TOLAK",
     "はい",
     "TOLAK"},
    {"Japanese, Outlook",
     "はい\n\n差出人: Layanan <l@contohkab.go.id>\n送信日時: 2026年11月16日 9:14\n宛先: Ani\n件名: "
     "x\n\nTOLAK",
     "はい",
     "TOLAK"},
    {"Chinese, Gmail",
     "好\n\nLayanan <l@contohkab.go.id> 于2026年11月16日周一 09:14写道：\n\n> TOLAK",
     "好",
     "TOLAK"},
    {"Korean, Gmail",
     "네\n\n2026년 11월 16일 (월) 오전 9:14, Layanan <l@contohkab.go.id>님이 작성:\n\n> TOLAK",
     "네",
     "TOLAK"},
    {"Swedish, Gmail",
     "Ja\n\nDen mån 16 nov. 2026 kl 09:14 skrev Layanan <l@contohkab.go.id>:\n\n> TOLAK",
     "Ja",
     "TOLAK"},
    {"Swedish, Outlook",
     "Ja\n\nFrån: Layanan <l@contohkab.go.id>\nSkickat: den 16 november 2026 09:14\nTill: "
     "Ani\nÄmne: x\n\nTOLAK",
     "Ja",
     "TOLAK"},
    {"Danish, Gmail",
     "Ja\n\nDen man. 16. nov. 2026 kl. 09.14 skrev Layanan <l@contohkab.go.id>:\n\n> TOLAK",
     "Ja",
     "TOLAK"},
    {"Norwegian, Gmail",
     "Ja\n\nman. 16. nov. 2026 kl. 09:14 skrev Layanan <l@contohkab.go.id>:\n\n> TOLAK",
     "Ja",
     "TOLAK"},
    {"Finnish, Gmail",
     "Joo\n\nma 16. marrask. 2026 klo 9.14 Layanan (l@contohkab.go.id) kirjoitti:\n\n> TOLAK",
     "Joo",
     "TOLAK"},
    {"Polish, Thunderbird",
     "Tak\n\nW dniu 16.11.2026 o 09:14, Layanan pisze:\n> TOLAK",
     "Tak",
     "TOLAK"},
    {"Polish, Gmail",
     "Tak\n\npon., 16 lis 2026 o 09:14 Layanan <l@contohkab.go.id> napisał(a):\n\n> TOLAK",
     "Tak",
     "TOLAK"},
    {"Czech, Gmail",
     "Ano\n\npo 16. 11. 2026 v 9:14 odesílatel Layanan <l@contohkab.go.id> napsal:\n\n> TOLAK",
     "Ano",
     "TOLAK"},
    {"Russian, Gmail",
     "Да\n\nпн, 16 нояб. 2026 г. в 09:14, Layanan <l@contohkab.go.id>:\n\n> TOLAK",
     "Да",
     "TOLAK"},
    {"Turkish, Gmail",
     "Evet\n\nLayanan <l@contohkab.go.id>, 16 Kas 2026 Pzt, 09:14 tarihinde şunu yazdı:\n\n> TOLAK",
     "Evet",
     "TOLAK"},
    {"Vietnamese, Gmail",
     "Vâng\n\nVào Th 2, 16 thg 11, 2026 vào lúc 09:14 Layanan <l@contohkab.go.id> đã viết:\n\n> "
     "TOLAK",
     "Vâng",
     "TOLAK"},
    {"Malay, Gmail",
     "Ya\n\nPada Isn, 16 Nov 2026 pada 9:14 PG Layanan <l@contohkab.go.id> menulis:\n\n> TOLAK",
     "Ya",
     "TOLAK"},
    {"Javanese thanks above a Gmail quote",
     "Matur nuwun\n\nPada tgl 16/11/2026 9.14, Layanan menulis:\n> TOLAK",
     "Matur nuwun",
     "TOLAK"},
    {"a divider in a language that no list knows",
     "Ok\n\n----- Bericht oorsprong xyz -----\nFrom: Layanan <l@contohkab.go.id>\nDate: 16 Nov "
     "2026 09:14\nTo: a@contohkab.go.id\n\nTOLAK",
     "Ok",
     "TOLAK"},
    {"a forward below a comment",
     "Mohon dicek Pak\n\n---------- Forwarded message ---------\nDari: BSrE <b@bssn.go.id>\nDate: "
     "Sen, 16 Nov 2026 pukul 09.14\nSubject: x\nTo: <a@contohkab.go.id>\n\nTOLAK",
     "Mohon dicek Pak",
     "TOLAK"},
    {"an Indonesian forward",
     "Ini Pak\n\n---------- Pesan terusan ---------\nDari: BSrE <b@bssn.go.id>\nTanggal: Sen, 16 "
     "Nov 2026\nPerihal: x\n\nTOLAK",
     "Ini Pak",
     "TOLAK"},
    {"'Diteruskan:' opens a forward",
     "Ini Pak\n\nDiteruskan:\n\nDari: b@bssn.go.id\n\nTOLAK",
     "Ini Pak",
     "TOLAK"},
    {"Apple forward",
     "Lihat di bawah\n\nBegin forwarded message:\n\nFrom: BSrE <b@bssn.go.id>\nSubject: x\nDate: "
     "16 November 2026 09.14.00 WIB\nTo: a@contohkab.go.id\n\nTOLAK",
     "Lihat di bawah",
     "TOLAK"},
    {"a forward without a word of its own",
     "---------- Forwarded message ---------\nFrom: BSrE <b@bssn.go.id>\nDate: Mon, Nov 16, 2026 "
     "at 9:14 AM\nSubject: x\nTo: <a@contohkab.go.id>\n\nTOLAK",
     "",
     "TOLAK"},
    {"double-spaced Outlook headers",
     "Setuju\n\nFrom: Layanan <l@contohkab.go.id>\n\nSent: Monday, November 16, 2026 9:14 "
     "AM\n\nTo: Ani\n\nSubject: x\n\nTOLAK",
     "Setuju",
     "TOLAK"},
    {"recipients that run over several lines",
     "Setuju\n\nFrom: Layanan <l@contohkab.go.id>\nSent: Monday, November 16, 2026 9:14 AM\nTo: "
     "Ani <ani@contohkab.go.id>; Budi <budi@contohkab.go.id>;\nCici "
     "<cici@contohkab.go.id>\nSubject: x\n\nTOLAK",
     "Setuju",
     "TOLAK"},
    {"marks with initials", "Ya\n\nLayanan wrote on 16/11/2026:\nLS> TOLAK", "Ya", "TOLAK"},
    {"a quote line that lost its mark when wrapped",
     "Teruskan\n\nOn 16/11/2026 09:14, Layanan wrote:\n> Balas dengan satu kata saja yaitu salah "
     "satu dari kata perintah\nTOLAK alasan\n> atau yang lain",
     "Teruskan",
     "TOLAK"},
    {"marks without attribution", "Ya\n> TOLAK", "Ya", "TOLAK"},
    {"nested quotes of three writers",
     "ACC\n\nPada 3 Nov 2026, pukul 11.46, Layanan <l@contohkab.go.id> menulis:\n\n> Balas "
     "TOLAK\n>\n> Pada 2 Nov 2026, pukul 11.00, Ani <a@contohkab.go.id> menulis:\n>\n> > SETUJU",
     "ACC",
     "TOLAK"},
    {"answers between quoted lines are kept",
     "Pada Sen, 16 Nov 2026 pukul 09.14 Layanan <l@contohkab.go.id> menulis:\n\n> SK sudah ada? "
     "TOLAK bila tidak\n\nSudah\n\n> KTP sudah ada?\n\nBelum, menyusul",
     "Sudah\n\nBelum, menyusul",
     "TOLAK"},
    {"an answer below the quote is kept",
     "On 16/11/2026 09:14, Layanan wrote:\n> TOLAK atau TERUSKAN?\n\nTeruskan saja",
     "Teruskan saja",
     "TOLAK"},
    {"a list footer below a bottom answer is cut",
     "On 16/11/2026 09:14, Layanan wrote:\n> TOLAK?\n\nTeruskan "
     "saja\n_______________________________________________\nopd mailing list\nopd@contohkab.go.id",
     "Teruskan saja",
     "TOLAK"},
    {"a nota dinas is not a mail header",
     "Dari : Kepala Dinas Kesehatan\nKepada : Yth. Kepala Dinas Kominfo\nTanggal : 16 November "
     "2026\nPerihal : Permohonan\n\nMohon diproses",
     "Dari : Kepala Dinas Kesehatan\nKepada : Yth. Kepala Dinas Kominfo\nTanggal : 16 November "
     "2026\nPerihal : Permohonan\n\nMohon diproses",
     NULL},
    {"a letter head is not a mail header",
     "Nomor : 800/1123/2026\nSifat : Biasa\nLampiran : 1 berkas\nHal : Permohonan\n\nDengan "
     "hormat,",
     "Nomor : 800/1123/2026\nSifat : Biasa\nLampiran : 1 berkas\nHal : Permohonan\n\nDengan "
     "hormat,",
     NULL},
    {"someone wrote something is no attribution",
     "Pak Camat menulis:\nSetuju",
     "Pak Camat menulis:\nSetuju",
     NULL},
    {"an appointment is no header block",
     "Invitation:\n\nDate: Wednesday 3, October 2026\nTime: 7 : 00am\nAddress: 130 Fox "
     "St\n\nPlease bring your ID.",
     "Invitation:\n\nDate: Wednesday 3, October 2026\nTime: 7 : 00am\nAddress: 130 Fox "
     "St\n\nPlease bring your ID.",
     NULL},
    {"'On your host' is no attribution",
     "On your remote host you can run:\n\n     telnet 127.0.0.1 52698\n\nThis should connect.",
     "On your remote host you can run:\n\n     telnet 127.0.0.1 52698\n\nThis should connect.",
     NULL},
    {"dashes in a line are no signature",
     "Stuff happened.\n\nAnd here is a fix -- this is no signature.\n\nkthxbai",
     "Stuff happened.\n\nAnd here is a fix -- this is no signature.\n\nkthxbai",
     NULL},
    {"fields of an applicant are kept",
     "Mohon diproses:\n\nNama : Rangga Prasetya, S.Kom.\nNIP : 199003112015031999\nJabatan : "
     "Pranata Komputer\nEmail : rangga@contohkab.go.id",
     "Mohon diproses:\n\nNama : Rangga Prasetya, S.Kom.\nNIP : 199003112015031999\nJabatan : "
     "Pranata Komputer\nEmail : rangga@contohkab.go.id",
     NULL},
    {"people announced by a colon are no signature",
     "KTP yang kami susulkan a.n.:\n\nRangga Prasetya, S.Kom.\nDinas Kesehatan",
     "KTP yang kami susulkan a.n.:\n\nRangga Prasetya, S.Kom.\nDinas Kesehatan",
     NULL},
    {"thanks alone are the message", "Terima kasih", "Terima kasih", NULL},
    {"thanks in a sentence are the message",
     "Berikut kami susulkan SK mutasinya. Terima kasih.",
     "Berikut kami susulkan SK mutasinya. Terima kasih.",
     NULL},
    {"a polite opening is no closing",
     "Dengan hormat,\n\nMohon info prosesnya.",
     "Dengan hormat,\n\nMohon info prosesnya.",
     NULL},
    {"a person's 'sent from' with a sentence is no advert",
     "Here is another email\n\nSent from my desk, is much easier than my mobile phone.",
     "Here is another email\n\nSent from my desk, is much easier than my mobile phone.",
     NULL},
    {"a list with dashes stays",
     "Yang kurang:\n- SK Mutasi\n- KTP",
     "Yang kurang:\n- SK Mutasi\n- KTP",
     NULL},
};

int
main(void)
{
    return run_rows("message/reply", rows, test_split);
}
