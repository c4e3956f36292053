/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *mail;
    const char *address;
    const char *status;
    gboolean is_permanent;
    const char *original_id;
} Row;

static void
test_bounce(void **state)
{
    const Row *row = *state;
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpMessage) message =
        mp_message_parse((const guint8 *)row->mail, strlen(row->mail), &options, &error);
    const MpBounced *bounced;

    assert_no_gerror(error);
    assert_text(mp_automatic_to_string(message->automatic), "bounce");
    assert_int_equal(message->bounced->len, 1);
    bounced = g_ptr_array_index(message->bounced, 0);
    assert_text(bounced->address, row->address);
    assert_text(bounced->status, row->status);
    assert_int_equal(bounced->is_permanent, row->is_permanent);
    assert_text(bounced->original_message_id, row->original_id);
    assert_int_equal(message->forwards->len, 0);
    assert_int_equal(message->parts->len, 0);
}

static const Row rows[] = {
    {"Postfix report of an unknown user",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mx.contohkab.go.id (Mail Delivery System)\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undelivered Mail Returned to Sender\nDate: Mon, 16 Nov "
     "2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: "
     "multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: "
     "text/plain\n\ncould not be delivered\n--b\nContent-Type: "
     "message/delivery-status\n\nReporting-MTA: dns; mx.contohkab.go.id\n\nFinal-Recipient: "
     "rfc822; ani@dinkes.contohkab.go.id\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; "
     "550 5.1.1 unknown\n\n--b\nContent-Type: message/rfc822\n\nFrom: Layanan "
     "<layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] "
     "Selesai\nMessage-ID: <se-2026-000123.abc@contohkab.go.id>\n\n\nisi TOLAK\n--b--\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"Postfix report of a delay",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mx.contohkab.go.id (Mail Delivery System)\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Delayed Mail (still being retried)\nDate: Mon, 16 Nov "
     "2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: "
     "multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: "
     "text/plain\n\nTHIS IS A WARNING ONLY\n--b\nContent-Type: "
     "message/delivery-status\n\nReporting-MTA: dns; mx.contohkab.go.id\n\nFinal-Recipient: "
     "rfc822; ani@dinkes.contohkab.go.id\nAction: delayed\nStatus: 4.4.1\n\n--b\nContent-Type: "
     "text/rfc822-headers\n\nFrom: Layanan <layanan-tte@contohkab.go.id>\nTo: "
     "<ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] Selesai\nMessage-ID: "
     "<se-2026-000123.abc@contohkab.go.id>\n\n\nisi TOLAK\n--b--\n",
     "ani@dinkes.contohkab.go.id",
     "4.4.1",
     FALSE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"failed for a full mailbox is not permanent",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mx.contohkab.go.id (Mail Delivery System)\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undelivered Mail Returned to Sender\nDate: Mon, 16 Nov "
     "2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: "
     "multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: "
     "text/plain\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
     "mx.contohkab.go.id\n\nFinal-Recipient: rfc822; ani@dinkes.contohkab.go.id\nAction: "
     "failed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 over quota\n\n--b\nContent-Type: "
     "message/rfc822\n\nFrom: Layanan <layanan-tte@contohkab.go.id>\nTo: "
     "<ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] Selesai\nMessage-ID: "
     "<se-2026-000123.abc@contohkab.go.id>\n\n\nisi TOLAK\n--b--\n",
     "ani@dinkes.contohkab.go.id",
     "4.2.2",
     FALSE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"the address we wrote to wins over the alias behind it",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mx.contohkab.go.id (Mail Delivery System)\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undelivered\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; "
     "report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: "
     "text/plain\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
     "mx\n\nOriginal-Recipient: rfc822;ani@dinkes.contohkab.go.id\nFinal-Recipient: "
     "rfc822;x123@intern.example\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: "
     "message/rfc822\n\nFrom: Layanan <layanan-tte@contohkab.go.id>\nTo: "
     "<ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] Selesai\nMessage-ID: "
     "<se-2026-000123.abc@contohkab.go.id>\n\n\nisi TOLAK\n--b--\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"a general status is made precise by the diagnostic",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mx.contohkab.go.id (Mail Delivery System)\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undelivered\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; "
     "report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: "
     "text/plain\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
     "mx.contohkab.go.id\n\nFinal-Recipient: rfc822; ani@dinkes.contohkab.go.id\nAction: "
     "failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.7.1 blocked\n\n--b\nContent-Type: "
     "message/rfc822\n\nFrom: Layanan <layanan-tte@contohkab.go.id>\nTo: "
     "<ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] Selesai\nMessage-ID: "
     "<se-2026-000123.abc@contohkab.go.id>\n\n\nisi TOLAK\n--b--\n",
     "ani@dinkes.contohkab.go.id",
     "5.7.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"address in brackets and without blanks",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mx.contohkab.go.id (Mail Delivery System)\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undelivered\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; "
     "report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: "
     "text/plain\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
     "mx\n\nFinal-Recipient: rfc822;<ani@dinkes.contohkab.go.id>\nAction: Failed\nStatus: 5.1.1 "
     "(bad mailbox)\n\n--b\nContent-Type: message/rfc822\n\nFrom: Layanan "
     "<layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] "
     "Selesai\nMessage-ID: <se-2026-000123.abc@contohkab.go.id>\n\n\nisi TOLAK\n--b--\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"a report without a returned mail points by In-Reply-To",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mx.contohkab.go.id (Mail Delivery System)\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undelivered\nDate: Mon, 16 Nov 2026 09:14:00 "
     "+0700\nMessage-ID: <b1@mx.example>\nIn-Reply-To: "
     "<se-2026-000123.abc@contohkab.go.id>\nMIME-Version: 1.0\nContent-Type: multipart/report; "
     "report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: "
     "text/plain\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
     "mx.contohkab.go.id\n\nFinal-Recipient: rfc822; ani@dinkes.contohkab.go.id\nAction: "
     "failed\nStatus: 5.1.1\n\n--b--\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"Exim in words",
     "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mail.example>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Mail delivery failed: returning message to "
     "sender\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: "
     "1.0\nContent-Type: text/plain; charset=utf-8\n\nThis message was created automatically by "
     "mail delivery software.\n\nA message that you sent could not be delivered to one or more of "
     "its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  "
     "ani@dinkes.contohkab.go.id\n    SMTP error from remote mail server after RCPT "
     "TO:<ani@dinkes.contohkab.go.id>:\n    550 5.1.1 User unknown\n\n------ This is a copy of the "
     "message, including all the headers. ------\n\nFrom: Layanan "
     "<layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] "
     "Selesai\nMessage-ID: <se-2026-000123.abc@contohkab.go.id>\n\nTOLAK\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"Exim warns of a delay",
     "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mail.example>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Warning: message 1abc delayed 24 hours\nDate: Mon, 16 "
     "Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: "
     "text/plain; charset=utf-8\n\nThis message was created automatically by mail delivery "
     "software.\nA message that you sent has not yet been delivered to one or more of "
     "its\nrecipients after more than 24 hours on the queue.\n\nThe address to which the message "
     "has not yet been delivered is:\n\n  ani@dinkes.contohkab.go.id\n\nNo action is required on "
     "your part. Delivery attempts will continue for some time.\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     FALSE,
     NULL},
    {"qmail in words",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mail.example\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "failure notice\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nHi. This is "
     "the qmail-send program at mail.example.\nI'm afraid I wasn't able to deliver your message to "
     "the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work "
     "out.\n\n<ani@dinkes.contohkab.go.id>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- "
     "Below this line is a copy of the message.\n\nReturn-Path: "
     "<layanan-tte@contohkab.go.id>\nFrom: Layanan <layanan-tte@contohkab.go.id>\nTo: "
     "<ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] Selesai\nMessage-ID: "
     "<se-2026-000123.abc@contohkab.go.id>\n\nTOLAK\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"qmail gives up after days in the queue",
     "Return-Path: <>\nFrom: MAILER-DAEMON@mail.example\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "failure notice\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nHi. This is "
     "the qmail-send program at mail.example.\nI'm afraid I wasn't able to deliver your message to "
     "the following addresses.\nThis is a permanent error; I've given "
     "up.\n\n<ani@dinkes.contohkab.go.id>:\nI'm not going to try again; this message has been in "
     "the queue too long.\n\n--- Below this line is a copy of the message.\n\nFrom: Layanan "
     "<layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] "
     "Selesai\nMessage-ID: <se-2026-000123.abc@contohkab.go.id>\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"sendmail in words",
     "Return-Path: <>\nFrom: Mail Delivery Subsystem <MAILER-DAEMON@mail.example>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Returned mail: see transcript for details\nDate: Mon, "
     "16 Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: "
     "text/plain; charset=utf-8\n\nThe original message was received at Mon, 16 Nov 2026\n\n   "
     "----- The following addresses had permanent fatal errors "
     "-----\n<ani@dinkes.contohkab.go.id>\n    (reason: 550 5.1.1 User unknown)\n\n   ----- "
     "Transcript of session follows -----\n550 5.1.1 <ani@dinkes.contohkab.go.id>... User "
     "unknown\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     NULL},
    {"sendmail warns of a delay",
     "Return-Path: <>\nFrom: Mail Delivery Subsystem <MAILER-DAEMON@mail.example>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Warning: could not send message for past 4 "
     "hours\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: "
     "1.0\nContent-Type: text/plain; charset=utf-8\n\n    "
     "**********************************************\n    **      THIS IS A WARNING MESSAGE ONLY   "
     "   **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    "
     "**********************************************\n\n   ----- The following addresses had "
     "transient non-fatal errors -----\n<ani@dinkes.contohkab.go.id>\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     FALSE,
     NULL},
    {"Exchange in words",
     "Return-Path: <>\nFrom: Microsoft Outlook <postmaster@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undeliverable: [SE-2026-000123] Selesai\nDate: Mon, 16 "
     "Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: "
     "text/plain; charset=utf-8\n\nDelivery has failed to these recipients or "
     "groups:\n\nani@dinkes.contohkab.go.id\nThe email address you entered couldn't be found. "
     "Please check the recipient's email address and try to resend the message.\n\nDiagnostic "
     "information for administrators:\nGenerating server: EXC01.contohkab.go.id\n\nRemote Server "
     "returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.10",
     TRUE,
     NULL},
    {"Exchange, old form",
     "Return-Path: <>\nFrom: System Administrator <postmaster@contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undeliverable: Selesai\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; "
     "charset=utf-8\n\nYour message\n\n  To:      ani@dinkes.contohkab.go.id\n  Subject: Selesai\n "
     " Sent:    Mon, 16 Nov 2026 09:14:00 +0700\n\ndid not reach the following "
     "recipient(s):\n\nani@dinkes.contohkab.go.id on Mon, 16 Nov 2026 09:14:05 +0700\n    The "
     "recipient name is not recognized\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     TRUE,
     NULL},
    {"Gmail in words with its header",
     "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Delivery Status Notification (Failure)\nDate: Mon, 16 "
     "Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nX-Failed-Recipients: "
     "ani@dinkes.contohkab.go.id\nIn-Reply-To: <se-2026-000123.abc@contohkab.go.id>\nMIME-Version: "
     "1.0\nContent-Type: text/plain; charset=utf-8\n\n** Address not found **\n\nYour message "
     "wasn't delivered to ani@dinkes.contohkab.go.id because the address couldn't be found.\n\nThe "
     "response was:\n\n550 5.1.1 The email account does not exist.\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"Gmail waits",
     "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Delivery Status Notification (Delay)\nDate: Mon, 16 "
     "Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nX-Failed-Recipients: "
     "ani@dinkes.contohkab.go.id\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n** "
     "Delivery incomplete **\n\nThere was a temporary problem delivering your message to "
     "ani@dinkes.contohkab.go.id. Gmail will retry for 46 more hours. You'll be notified if the "
     "delivery fails permanently.\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     FALSE,
     NULL},
    {"Zimbra in words",
     "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mail.contohkab.go.id>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Undelivered Mail Returned to Sender\nDate: Mon, 16 Nov "
     "2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: "
     "text/plain; charset=utf-8\n\nThis is the mail system at host mail.contohkab.go.id.\n\nI'm "
     "sorry to have to inform you that your message could not\nbe delivered to one or more "
     "recipients.\n\n<ani@dinkes.contohkab.go.id>: host mail.dinkes[192.0.2.4] said: 552 5.2.2\n   "
     " Mailbox full (in reply to RCPT TO command)\n",
     "ani@dinkes.contohkab.go.id",
     "5.2.2",
     TRUE,
     NULL},
    {"a plain postmaster mail",
     "Return-Path: <>\nFrom: postmaster@mail.contohkab.go.id\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Mail could not be delivered\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; "
     "charset=utf-8\n\nYour message to ani@dinkes.contohkab.go.id was undeliverable.\n\nReason: "
     "mailbox unavailable (5.1.1)\n\n--- header of your message ---\n\nFrom: Layanan "
     "<layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: [SE-2026-000123] "
     "Selesai\nMessage-ID: <se-2026-000123.abc@contohkab.go.id>\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"Indonesian, permanent",
     "Return-Path: <>\nFrom: Sistem Surel <postmaster@surel.example>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Surel tidak dapat dikirim\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; "
     "charset=utf-8\n\nMohon maaf, pesan Anda tidak dapat disampaikan ke alamat "
     "berikut:\n\nani@dinkes.contohkab.go.id\n\nAlasan: alamat tidak ditemukan.\n\n--- Pesan asli "
     "---\nFrom: Layanan <layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: "
     "[SE-2026-000123] Selesai\nMessage-ID: <se-2026-000123.abc@contohkab.go.id>\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"Indonesian, delayed",
     "Return-Path: <>\nFrom: Mail Delivery System <mailer-daemon@surel.example>\nTo: "
     "layanan-tte@contohkab.go.id\nSubject: Pengiriman pesan tertunda\nDate: Mon, 16 Nov 2026 "
     "09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; "
     "charset=utf-8\n\nPesan Anda kepada ani@dinkes.contohkab.go.id belum dapat disampaikan dan "
     "akan dicoba lagi selama 3 hari. Anda tidak perlu mengirim ulang.\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     FALSE,
     NULL},
    {"Indonesian, a full mailbox of a dead path",
     "Return-Path: <>\nFrom: postmaster@surel.example\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Gagal terkirim: Selesai\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nPengiriman ke "
     "ani@dinkes.contohkab.go.id gagal. Kotak surat penerima penuh.\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     TRUE,
     NULL},
    {"German in words",
     "Return-Path: <>\nFrom: Mailer-Daemon@mail.example\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Unzustellbar: Selesai\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nIhre "
     "Nachricht an ani@dinkes.contohkab.go.id konnte nicht zugestellt werden.\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     TRUE,
     NULL},
    {"Yahoo in words",
     "Return-Path: <>\nFrom: MAILER-DAEMON@yahoo.com\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Failure Notice\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nSorry, we "
     "were unable to deliver your message to the following "
     "address.\n\n<ani@dinkes.contohkab.go.id>:\n550: 5.1.1 <ani@dinkes.contohkab.go.id>: "
     "Recipient address rejected: User unknown\n\n---------- Forwarded message ----------\nFrom: "
     "Layanan <layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: "
     "[SE-2026-000123] Selesai\nMessage-ID: <se-2026-000123.abc@contohkab.go.id>\n",
     "ani@dinkes.contohkab.go.id",
     "5.1.1",
     TRUE,
     "se-2026-000123.abc@contohkab.go.id"},
    {"Courier in words",
     "Return-Path: <>\nFrom: \"Courier mail server at mail.example\" "
     "<postmaster@mail.example>\nTo: layanan-tte@contohkab.go.id\nSubject: NOTICE: mail delivery "
     "status.\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: "
     "1.0\nContent-Type: text/plain; charset=utf-8\n\nThis is a delivery status notification from "
     "mail.example,\nrunning the Courier mail server.\n\nThe original message was received on Mon, "
     "16 Nov 2026 09:14:00 "
     "+0700\n\n---------------------------------------------------------------------------\n\n     "
     "                      UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot "
     "be delivered:\n\n<ani@dinkes.contohkab.go.id>:\n   550 User unknown.\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     TRUE,
     NULL},
    {"MDaemon in words",
     "Return-Path: <>\nFrom: MDaemon@mail.example\nTo: layanan-tte@contohkab.go.id\nSubject: "
     "Permanent Delivery Failure\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
     "<b1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nThe attached "
     "message had PERMANENT fatal delivery errors!\n\nDelivery failed: user unknown\n\nFailed "
     "address: ani@dinkes.contohkab.go.id\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     TRUE,
     NULL},
    {"nobody named: the returned mail tells",
     "Return-Path: <>\nFrom: MAILER-DAEMON (Mail Delivery System)\nSubject: Returned "
     "mail\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nUser unknown\n--b\nContent-Type: "
     "message/rfc822\n\nFrom: l@contohkab.go.id\nTo: Ani <ani@dinkes.contohkab.go.id>\nMessage-ID: "
     "<se-1@contohkab.go.id>\nSubject: x\n\ny\n--b--\n",
     "ani@dinkes.contohkab.go.id",
     NULL,
     TRUE,
     "se-1@contohkab.go.id"},
};

static MpMessage *
parse(const char *mail)
{
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(GError) error = NULL;
    MpMessage *message = mp_message_parse((const guint8 *)mail, strlen(mail), &options, &error);

    assert_no_gerror(error);
    return message;
}

/* The delivered one is no bounce. */
static void
test_two_recipients(void **state)
{
    g_autoptr(MpMessage) message = parse(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.contohkab.go.id (Mail Delivery System)\nTo: "
        "layanan-tte@contohkab.go.id\nSubject: Undelivered\nDate: Mon, 16 Nov 2026 09:14:00 "
        "+0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; "
        "report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: "
        "text/plain\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
        "mx.contohkab.go.id\n\nFinal-Recipient: rfc822; ani@dinkes.contohkab.go.id\nAction: "
        "failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; budi@dinkes.contohkab.go.id\nAction: "
        "delayed\nStatus: 4.2.2\n\nFinal-Recipient: rfc822; cici@dinkes.contohkab.go.id\nAction: "
        "delivered\nStatus: 2.0.0\n\n--b\nContent-Type: message/rfc822\n\nFrom: Layanan "
        "<layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: "
        "[SE-2026-000123] Selesai\nMessage-ID: <se-2026-000123.abc@contohkab.go.id>\n\n\nisi "
        "TOLAK\n--b--\n");
    const MpBounced *second;

    (void)state;
    assert_int_equal(message->bounced->len, 2);
    second = g_ptr_array_index(message->bounced, 1);
    assert_text(second->address, "budi@dinkes.contohkab.go.id");
    assert_false(second->is_permanent);
}

static void
test_forwarded_by_a_person(void **state)
{
    g_autoptr(MpMessage) message = parse(
        "Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
        "layanan-tte@contohkab.go.id\nSubject: Fwd: Undelivered Mail Returned to Sender\nDate: "
        "Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: "
        "1.0\nContent-Type: text/plain; charset=utf-8\n\nPak, surel saya gagal terus, mohon "
        "dibantu.\n\n---------- Forwarded message ---------\nFrom: Mail Delivery System "
        "<MAILER-DAEMON@mx.example>\nDate: Mon, 16 Nov 2026 09:14\nSubject: Undelivered Mail "
        "Returned to Sender\nTo: ani@contohkab.go.id\n\nYour message could not be delivered to "
        "budi@contohkab.go.id\n");

    (void)state;
    assert_text(mp_automatic_to_string(message->automatic), "none");
    assert_true(message->is_forward);
    assert_text(message->reply_text, "Pak, surel saya gagal terus, mohon dibantu.");
}

static void
test_person_asks_about_delivery(void **state)
{
    g_autoptr(MpMessage) message =
        parse("Return-Path: <ani@contohkab.go.id>\nFrom: Ani <ani@contohkab.go.id>\nTo: "
              "layanan-tte@contohkab.go.id\nSubject: surel tidak terkirim\nDate: Mon, 16 Nov 2026 "
              "09:14:00 +0700\nMessage-ID: <b1@mx.example>\nMIME-Version: 1.0\nContent-Type: "
              "text/plain; charset=utf-8\n\nPak, surel kami ke budi@contohkab.go.id tidak dapat "
              "terkirim, kotak suratnya penuh?\n");

    (void)state;
    assert_text(mp_automatic_to_string(message->automatic), "none");
}

static void
test_feedback_report(void **state)
{
    g_autoptr(MpMessage) message = parse(
        "Return-Path: <>\nFrom: feedback@isp.example\nTo: layanan-tte@contohkab.go.id\nSubject: "
        "FW: Selesai\nDate: Mon, 16 Nov 2026 09:14:00 +0700\nMessage-ID: "
        "<b1@mx.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; "
        "report-type=feedback-report; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nThis is "
        "an email abuse report.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: "
        "abuse\nUser-Agent: x/1\nVersion: 1\n\n--b\nContent-Type: message/rfc822\n\nFrom: Layanan "
        "<layanan-tte@contohkab.go.id>\nTo: <ani@dinkes.contohkab.go.id>\nSubject: "
        "[SE-2026-000123] Selesai\nMessage-ID: "
        "<se-2026-000123.abc@contohkab.go.id>\n\nTOLAK\n--b--\n");

    (void)state;
    assert_text(mp_automatic_to_string(message->automatic), "feedback");
    assert_int_equal(message->forwards->len, 0);
}

int
main(void)
{
    const struct CMUnitTest more[] = {
        cmocka_unit_test(test_two_recipients),
        cmocka_unit_test(test_forwarded_by_a_person),
        cmocka_unit_test(test_person_asks_about_delivery),
        cmocka_unit_test(test_feedback_report),
    };

    return run_rows("message/bounce", rows, test_bounce) +
           cmocka_run_group_tests_name("message/bounce, more", more, NULL, NULL);
}
