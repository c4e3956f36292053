/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/fake-sender.h"

typedef struct {
    guint at; /* number of the call */
    MpSendResult result;
    char *reply;
} Plan;

typedef struct {
    MpSender face; /* first: an MpSender * is a FakeSender * */
    GPtrArray *mails, *plans;
    MpSendResult always;
    char *always_reply;
    gboolean is_down;
    guint calls, finished;
} FakeSender;

static void
mail_free(gpointer data)
{
    MpFakeMail *mail = data;

    g_free(mail->envelope_from);
    g_free(mail->recipient);
    g_bytes_unref(mail->mail);
    g_free(mail);
}

static void
plan_free(gpointer data)
{
    Plan *plan = data;

    g_free(plan->reply);
    g_free(plan);
}

static gboolean
is_canonical(GBytes *mail)
{
    gsize length = 0;
    const char *bytes = g_bytes_get_data(mail, &length);

    for (gsize i = 0; i < length; i++) {
        if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
            return FALSE;
        if (bytes[i] == '\r' && (i + 1 == length || bytes[i + 1] != '\n'))
            return FALSE;
    }
    return length >= 2 && bytes[length - 1] == '\n';
}

static MpSendResult
result_of(const FakeSender *sender, const MpFakeMail *mail, const char **reply_out)
{
    if ((mail->envelope_from[0] != '\0' && !mp_text_is_plain_address(mail->envelope_from)) ||
        !mp_text_is_plain_address(mail->recipient) || !is_canonical(mail->mail)) {
        *reply_out = "not plain";
        return MP_SEND_REFUSED;
    }
    for (guint i = 0; i < sender->plans->len; i++) {
        const Plan *plan = g_ptr_array_index(sender->plans, i);

        if (plan->at == sender->calls) {
            *reply_out = plan->reply;
            return plan->result;
        }
    }
    if (sender->is_down) {
        *reply_out = "connection refused";
        return MP_SEND_UNREACHABLE;
    }
    *reply_out = sender->always_reply;
    return sender->always;
}

static MpSendResult
fake_send(MpSender *face,
          const char *envelope_from,
          const char *recipient,
          GBytes *mail,
          char **reply_out)
{
    FakeSender *sender = (FakeSender *)face;
    MpFakeMail *kept = g_new0(MpFakeMail, 1);
    const char *reply = NULL;

    sender->calls++;
    kept->envelope_from = g_strdup(envelope_from);
    kept->recipient = g_strdup(recipient);
    kept->mail = g_bytes_ref(mail);
    kept->result = result_of(sender, kept, &reply);
    g_ptr_array_add(sender->mails, kept);
    if (reply == NULL && kept->result == MP_SEND_ACCEPTED)
        reply = "250 2.0.0 ok";
    if (reply_out != NULL)
        *reply_out = g_strdup(reply);
    return kept->result;
}

static gboolean
fake_check(MpSender *face, GError **error)
{
    if (!((FakeSender *)face)->is_down)
        return TRUE;
    g_set_error_literal(error, MP_ERROR, MP_ERROR_UNREACHABLE, "sender: connection refused");
    return FALSE;
}

static void
fake_finish(MpSender *face)
{
    ((FakeSender *)face)->finished++;
}

static void
fake_free(MpSender *face)
{
    FakeSender *sender = (FakeSender *)face;

    g_ptr_array_unref(sender->mails);
    g_ptr_array_unref(sender->plans);
    g_free(sender->always_reply);
    g_free(sender);
}

MpSender *
mp_fake_sender_new(void)
{
    FakeSender *sender = g_new0(FakeSender, 1);

    sender->face.send = fake_send;
    sender->face.check = fake_check;
    sender->face.finish = fake_finish;
    sender->face.free = fake_free;
    sender->mails = g_ptr_array_new_with_free_func(mail_free);
    sender->plans = g_ptr_array_new_with_free_func(plan_free);
    sender->always = MP_SEND_ACCEPTED;
    return &sender->face;
}

void
mp_fake_sender_fail_at(MpSender *face, guint n, MpSendResult result, const char *reply)
{
    FakeSender *sender = (FakeSender *)face;
    Plan *plan = g_new0(Plan, 1);

    plan->at = sender->calls + n;
    plan->result = result;
    plan->reply = g_strdup(reply);
    g_ptr_array_add(sender->plans, plan);
}

void
mp_fake_sender_fail_always(MpSender *face, MpSendResult result, const char *reply)
{
    FakeSender *sender = (FakeSender *)face;

    sender->always = result;
    g_free(sender->always_reply);
    sender->always_reply = g_strdup(reply);
}

void
mp_fake_sender_set_down(MpSender *face, gboolean is_down)
{
    ((FakeSender *)face)->is_down = is_down;
}

const GPtrArray *
mp_fake_sender_mails(MpSender *face)
{
    return ((FakeSender *)face)->mails;
}

guint
mp_fake_sender_arrived(MpSender *face, const char *recipient)
{
    const GPtrArray *mails = ((FakeSender *)face)->mails;
    guint n = 0;

    for (guint i = 0; i < mails->len; i++) {
        const MpFakeMail *mail = g_ptr_array_index(mails, i);

        if ((mail->result == MP_SEND_ACCEPTED || mail->result == MP_SEND_UNCERTAIN) &&
            (recipient == NULL || strcmp(recipient, mail->recipient) == 0))
            n++;
    }
    return n;
}

guint
mp_fake_sender_finished(MpSender *face)
{
    return ((FakeSender *)face)->finished;
}
