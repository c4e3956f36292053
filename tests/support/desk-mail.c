/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people of the desk read and answer, and what holds for all that they read. */

#include "support/asserts.h"
#include "support/desk-private.h"

#include <gmime/gmime.h>

enum { CODE_LENGTH = 26 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)

/* --- reading ---------------------------------------------------------------------------------- */

void
mp_desk_mail_free(MpDeskMail *mail)
{
    if (mail == NULL)
        return;
    g_free(mail->from);
    g_free(mail->to);
    g_free(mail->subject);
    g_free(mail->message_id);
    g_free(mail->in_reply_to);
    g_free(mail->auto_submitted);
    g_free(mail->text);
    g_free(mail->html);
    g_free(mail->raw);
    g_free(mail->code);
    g_free(mail);
}

static void
take_part(GMimeObject *parent, GMimeObject *part, gpointer data)
{
    MpDeskMail *mail = data;
    GMimeContentType *type = g_mime_object_get_content_type(part);

    (void)parent;
    if (GMIME_IS_PART(part) && g_mime_part_get_filename(GMIME_PART(part)) != NULL)
        mail->n_attachments++;
    else if (GMIME_IS_TEXT_PART(part) && g_mime_content_type_is_type(type, "text", "html"))
        mail->html = mail->html ? mail->html : g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    else if (GMIME_IS_TEXT_PART(part))
        mail->text = mail->text ? mail->text : g_mime_text_part_get_text(GMIME_TEXT_PART(part));
}

static char *
header_of(GMimeMessage *message, const char *name)
{
    return g_strdup(g_mime_object_get_header(GMIME_OBJECT(message), name));
}

/* "Kode: ABCDE-FGHIJ-…" without its hyphens. */
static char *
code_in(const char *text)
{
    const char *at = text == NULL ? NULL : strstr(text, "Kode:");
    GString *code = g_string_new(NULL);

    for (at = at == NULL ? "" : at + 5; *at == ' '; at++)
        ;
    for (; g_ascii_isalnum(*at) || *at == '-'; at++)
        if (*at != '-')
            g_string_append_c(code, *at);
    return g_string_free(code, code->len != CODE_LENGTH);
}

static MpDeskMail *
read_mail(GBytes *bytes)
{
    g_autoptr(GMimeStream) stream =
        g_mime_stream_mem_new_with_buffer(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
    g_autoptr(GMimeMessage) message = g_mime_parser_construct_message(parser, NULL);
    MpDeskMail *mail = g_new0(MpDeskMail, 1);

    assert_non_null(message);
    mail->raw = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    mail->from = header_of(message, "From");
    mail->to = header_of(message, "To");
    mail->subject = g_strdup(g_mime_message_get_subject(message));
    mail->message_id = g_strdup(g_mime_message_get_message_id(message));
    mail->in_reply_to = header_of(message, "In-Reply-To");
    mail->auto_submitted = header_of(message, "Auto-Submitted");
    if (GMIME_IS_MULTIPART(g_mime_message_get_mime_part(message)))
        g_mime_multipart_foreach(
            GMIME_MULTIPART(g_mime_message_get_mime_part(message)), take_part, mail);
    else
        take_part(NULL, g_mime_message_get_mime_part(message), mail);
    mail->code = code_in(mail->text);
    return mail;
}

GPtrArray *
mp_desk_mails(MpDesk *desk, const char *name)
{
    g_autoptr(GError) error = NULL;
    const char *address = mp_desk_address(desk, name);
    g_autoptr(GPtrArray) bytes = NULL;
    GPtrArray *mails;

    g_mime_init();
    bytes = mp_town_imap_mails(desk->town, address, "INBOX", &error);
    assert_no_gerror(error);
    mails = g_ptr_array_new_with_free_func((GDestroyNotify)mp_desk_mail_free);
    for (guint i = 0; i < bytes->len; i++)
        g_ptr_array_add(mails, read_mail(bytes->pdata[i]));
    return mails;
}

guint
mp_desk_count(MpDesk *desk, const char *name)
{
    return mp_town_count(desk->town, mp_desk_address(desk, name), "INBOX");
}

static gboolean
holds(const MpDeskMail *mail, const char *part)
{
    return part == NULL || (mail->subject != NULL && strstr(mail->subject, part) != NULL) ||
           (mail->text != NULL && strstr(mail->text, part) != NULL);
}

guint
mp_desk_count_with(MpDesk *desk, const char *name, const char *part)
{
    g_autoptr(GPtrArray) mails = mp_desk_mails(desk, name);
    guint n = 0;

    for (guint i = 0; i < mails->len; i++)
        n += holds(mails->pdata[i], part) ? 1 : 0;
    return n;
}

MpDeskMail *
mp_desk_newest(MpDesk *desk, const char *name, const char *part, gboolean with_code)
{
    g_autoptr(GPtrArray) mails = mp_desk_mails(desk, name);

    for (guint i = mails->len; i > 0; i--) {
        const MpDeskMail *mail = mails->pdata[i - 1];

        if (holds(mail, part) && (!with_code || mail->code != NULL))
            return g_ptr_array_steal_index(mails, i - 1);
    }
    mp_desk_tell(desk);
    for (guint i = 0; i < mails->len; i++)
        print_error("%s got: %s\n", name, ((const MpDeskMail *)mails->pdata[i])->subject);
    fail_msg("%s has no mail with '%s'", name, part ? part : "");
    return NULL;
}

/* --- writing ---------------------------------------------------------------------------------- */

char *
mp_desk_date(const MpDesk *desk)
{
    g_autoptr(GDateTime) now = mp_desk_now(desk);

    return g_date_time_format(now, "%a, %d %b %Y %H:%M:%S %z");
}

void
mp_desk_send_raw(MpDesk *desk, MpTownVia via, const char *from, const char *mail, gssize length)
{
    g_autoptr(GError) error = NULL;

    if (desk->now_s != 0) {
        mp_desk_take_in(desk, via, from, mail, length);
        return;
    }
    mp_town_send(desk->town, via, from, desk->address, mail, length, &error);
    assert_no_gerror(error);
    mp_town_settle(desk->town, &error);
    assert_no_gerror(error);
}

void
mp_desk_write(MpDesk *desk, MpTownVia via, const char *from, const char *subject, const char *text)
{
    g_autofree char *date = mp_desk_date(desk);
    g_autofree char *mail = g_strdup_printf(
        "From: <%s>\nTo: <%s>\nDate: %s\nMessage-ID: <m%u-%s@luar.contohkab.go.id>\n"
        "Subject: %s\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n\n%s\n",
        from,
        desk->address,
        date,
        ++desk->n_mails,
        desk->tag,
        subject,
        text);

    mp_desk_send_raw(desk, via, from, mail, -1);
}

static void
append_quote(GString *body, const MpDesk *desk, const MpDeskMail *mail)
{
    g_auto(GStrv) lines = g_strsplit(mail->text ? mail->text : "", "\n", -1);

    g_string_append_printf(body,
                           "\n\nPada Senin, 16 November 2026 pukul 08.00, Layanan TTE <%s> "
                           "menulis:\n",
                           desk->address);
    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(body, "> %s\n", g_strchomp(lines[i]));
}

void
mp_desk_reply(MpDesk *desk, const MpDeskMail *mail, const MpDeskReply *reply)
{
    g_autofree char *date = mp_desk_date(desk);
    g_autoptr(GString) text = g_string_new(NULL);
    const char *from = reply->from != NULL ? reply->from : mail->to;
    const char *at = strrchr(from, '<');
    g_autofree char *address = g_strdup(at == NULL ? from : at + 1);

    g_strdelimit(address, ">", '\0');
    g_string_append_printf(text,
                           "From: <%s>\nTo: <%s>\nDate: %s\n",
                           address,
                           desk->address,
                           reply->date ? reply->date : date);
    if (reply->message_id != NULL)
        g_string_append_printf(text, "Message-ID: <%s>\n", reply->message_id);
    else
        g_string_append_printf(
            text, "Message-ID: <r%u-%s@contohkab.go.id>\n", ++desk->n_mails, desk->tag);
    if (!reply->has_no_thread)
        g_string_append_printf(
            text, "In-Reply-To: <%s>\nReferences: <%s>\n", mail->message_id, mail->message_id);
    g_string_append_printf(text,
                           "Subject: Re: %s\nMIME-Version: 1.0\nContent-Type: %s\n%s\n%s",
                           mail->subject,
                           reply->type ? reply->type : "text/plain; charset=utf-8",
                           reply->head ? reply->head : "",
                           reply->text);
    if (!reply->has_no_quote)
        append_quote(text, desk, mail);
    mp_desk_send_raw(desk, reply->via, reply->envelope ? reply->envelope : address, text->str, -1);
}

void
mp_desk_say(MpDesk *desk, const char *name, const char *words)
{
    g_autoptr(MpDeskMail) mail = mp_desk_newest(desk, name, NULL, TRUE);
    const MpDeskReply reply = {.from = mp_desk_address(desk, name), .text = words};

    mp_desk_reply(desk, mail, &reply);
}

void
mp_desk_step(MpDesk *desk, const char *name, const char *words)
{
    mp_desk_say(desk, name, words);
    mp_desk_once(desk);
}

/* --- what holds for every mail ---------------------------------------------------------------- */

static char *
without_spaces(const char *text)
{
    GString *squeezed = g_string_new(NULL);

    for (; text != NULL && *text != '\0'; text++)
        if (!g_ascii_isspace(*text) && *text != '-' && *text != '.')
            g_string_append_c(squeezed, *text);
    return g_string_free(squeezed, FALSE);
}

static void
check_numbers(const MpDesk *desk, const char *who, const MpDeskMail *mail)
{
    g_autofree char *all = g_strconcat(mail->subject ? mail->subject : "",
                                       "\n",
                                       mail->text ? mail->text : "",
                                       "\n",
                                       mail->html ? mail->html : "",
                                       NULL);
    g_autofree char *squeezed = without_spaces(all);

    for (guint i = 0; i < desk->numbers->len; i++)
        if (strstr(squeezed, g_ptr_array_index(desk->numbers, i)) != NULL)
            fail_msg("mail to %s shows the number %s:\n%s",
                     who,
                     (const char *)g_ptr_array_index(desk->numbers, i),
                     all);
}

/* `codes`: code → whose. */
static void
check_code(const MpDesk *desk, const char *who, const MpDeskMail *mail, GHashTable *codes)
{
    GHashTableIter iter;
    gpointer code, owner;
    g_autofree char *flat = without_spaces(mail->raw);

    if (mail->code != NULL && !g_hash_table_contains(desk->officials, who))
        fail_msg("mail to %s, who is no official, carries a code: %s", who, mail->subject);
    g_hash_table_iter_init(&iter, codes);
    while (g_hash_table_iter_next(&iter, &code, &owner))
        if (strcmp(owner, who) != 0 && strstr(flat, code) != NULL)
            fail_msg("mail to %s carries the code of %s: %s", who, (char *)owner, mail->subject);
}

static gboolean
is_ours(const MpDesk *desk, const MpDeskMail *mail)
{
    return mail->from != NULL && strstr(mail->from, desk->address) != NULL;
}

void
mp_desk_check(MpDesk *desk)
{
    g_autoptr(GHashTable) codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) boxes = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i < desk->people->len; i++) {
        const char *who = g_ptr_array_index(desk->people, i);
        GPtrArray *mails = mp_desk_mails(desk, who);

        g_ptr_array_add(boxes, mails);
        for (guint j = 0; j < mails->len; j++) {
            const MpDeskMail *mail = mails->pdata[j];

            if (is_ours(desk, mail) && mail->code != NULL)
                g_hash_table_replace(codes, g_strdup(mail->code), g_strdup(who));
        }
    }
    for (guint i = 0; i < boxes->len; i++) {
        const GPtrArray *mails = boxes->pdata[i];

        for (guint j = 0; j < mails->len; j++) {
            const MpDeskMail *mail = mails->pdata[j];

            if (!is_ours(desk, mail))
                continue;
            check_numbers(desk, g_ptr_array_index(desk->people, i), mail);
            check_code(desk, g_ptr_array_index(desk->people, i), mail, codes);
        }
    }
}
