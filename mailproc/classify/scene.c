/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The scene of one mail: its texts as rules see them, and the flags that conditions ask for. Quoted
 * text never mixes with new text; text that is handed on ("forwarded") counts as the mail's own
 * where the mail is a forward. */

#include "classify/classify-private.h"

#define SHORT_CHARS 200

/* The word that ends at `end`: one with a full stop inside, or of at most three letters, is an
 * abbreviation (S.Sos., a.n., Drs., Yth.). */
static gboolean
is_abbreviation(const char *text, const char *end)
{
    const char *start = end;
    gsize letters = 0;

    while (start > text && start[-1] != ' ' && start[-1] != '\n') {
        start--;
        if (*start == '.')
            return TRUE;
        letters += (*start & 0xc0) != 0x80;
    }
    return letters <= 3;
}

static gboolean
ends_sentence(const char *text, const char *at)
{
    if (strchr(".!?", *at) == NULL || at[1] != ' ')
        return FALSE;
    if (!g_unichar_isupper(g_utf8_get_char(at + 2)))
        return FALSE;
    return *at != '.' || !is_abbreviation(text, at);
}

char *
mp_scene_sentences(const char *text)
{
    g_auto(GStrv) paragraphs = g_strsplit(text, "\n\n", -1);
    GString *out = g_string_new(NULL);

    for (gsize i = 0; paragraphs[i] != NULL; i++) {
        g_autofree char *line = mp_text_line(paragraphs[i]);

        if (line[0] == '\0')
            continue;
        if (out->len > 0)
            g_string_append_c(out, '\n');
        for (const char *at = line; *at != '\0'; at++) {
            g_string_append_c(out, *at);
            if (ends_sentence(line, at)) {
                g_string_append_c(out, '\n');
                at++; /* the blank */
            }
        }
    }
    return g_string_free(out, FALSE);
}

static gboolean
is_handed_on(const MpMessage *message, const MpForward *forward)
{
    return forward->is_attached || message->is_forward;
}

static char *
forwarded_text(const MpMessage *message)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < message->forwards->len; i++) {
        const MpForward *forward = g_ptr_array_index(message->forwards, i);

        if (is_handed_on(message, forward) && forward->text != NULL)
            g_string_append_printf(out, "%s%s", out->len > 0 ? "\n\n" : "", forward->text);
    }
    return g_string_free(out, FALSE);
}

static char *
forwarded_subject(const MpMessage *message)
{
    for (guint i = message->forwards->len; i > 0; i--) {
        const MpForward *forward = g_ptr_array_index(message->forwards, i - 1);

        if (is_handed_on(message, forward) && forward->subject != NULL)
            return g_strdup(forward->subject);
    }
    return NULL;
}

char *
mp_classify_body(const MpMessage *message)
{
    g_autofree char *handed_on = forwarded_text(message);
    const char *new = message->reply_text != NULL ? message->reply_text : "";

    return g_strconcat(new, handed_on[0] != '\0' ? "\n\n" : "", handed_on, NULL);
}

static char *
file_names(const MpMessage *message)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < message->parts->len; i++) {
        const MpPart *part = g_ptr_array_index(message->parts, i);

        if (!part->is_inline && part->filename != NULL)
            g_string_append_printf(out, "%s ; ", part->filename);
    }
    return g_string_free(out, FALSE);
}

/* A mail of ours is answered: its id is among the references, or its text is quoted. Our ids begin
 * with the case number. */
static gboolean
answers_us(const MpOffice *office, const MpMessage *message)
{
    g_autofree char *quoted =
        message->quoted_text != NULL ? mp_text_lower_ascii(message->quoted_text) : g_strdup("");

    for (guint i = 0; i < message->references->len; i++) {
        g_autofree char *number =
            mp_classify_find_case(g_ptr_array_index(message->references, i), office->case_prefix);

        if (number != NULL)
            return TRUE;
    }
    return office->service_address != NULL && strstr(quoted, office->service_address) != NULL;
}

static gboolean
has_reply_prefix(const char *subject)
{
    static const char *const prefixes[] = {
        "re:", "re :", "bls:", "balas:", "aw:", "sv:", "tr:", NULL};

    for (gsize i = 0; subject != NULL && prefixes[i] != NULL; i++) {
        if (g_ascii_strncasecmp(subject, prefixes[i], strlen(prefixes[i])) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
set_sender(MpScene *scene,
           const MpOffice *office,
           const MpMessage *message,
           const MpSenderProof *proof)
{
    const char *address = mp_message_sender(message);
    g_autofree char *lower = address != NULL ? mp_text_lower_ascii(address) : NULL;
    g_autofree char *domain = address != NULL ? mp_text_domain(address) : NULL;
    const MpAddress *from = message->from->len > 0 ? g_ptr_array_index(message->from, 0) : NULL;

    mp_scene_set(scene, MP_FIELD_SENDER, lower);
    mp_scene_set(scene, MP_FIELD_SENDER_NAME, from != NULL ? from->name : NULL);
    mp_scene_flag(scene, "aligned", proof->level >= MP_TRUST_ALIGNED);
    if (domain == NULL)
        return;
    mp_scene_flag(scene, "official", g_hash_table_contains(office->officials, lower));
    mp_scene_flag(
        scene, "bsre", mp_text_domain_in(domain, (const char *const *)office->bsre_domains));
    mp_scene_flag(
        scene, "own-domain", mp_text_domain_in(domain, (const char *const *)office->own_domains));
}

void
mp_scene_read_mail(MpScene *scene,
                   const MpOffice *office,
                   const MpMessage *message,
                   const MpSenderProof *proof)
{
    g_autofree char *handed_on = forwarded_text(message);
    g_autofree char *inner_subject = forwarded_subject(message);
    g_autofree char *names = file_names(message);
    const char *new = message->reply_text != NULL ? message->reply_text : "";
    gboolean has_quote = message->quoted_text != NULL && message->quoted_text[0] != '\0';

    mp_scene_set(scene, MP_FIELD_SUBJECT, message->subject);
    mp_scene_set(scene, MP_FIELD_NEW, new);
    mp_scene_set(scene, MP_FIELD_NEW_LINES, new);
    mp_scene_set(scene, MP_FIELD_FORWARDED, handed_on);
    mp_scene_set(scene, MP_FIELD_FORWARDED_SUBJECT, inner_subject);
    mp_scene_set(scene, MP_FIELD_QUOTED, message->quoted_text);
    mp_scene_set(scene, MP_FIELD_ATTACHMENTS, names);
    mp_scene_flag(scene, "forward", handed_on[0] != '\0' || inner_subject != NULL);
    mp_scene_flag(scene,
                  "thread",
                  !message->is_forward && (message->in_reply_to != NULL ||
                                           (has_reply_prefix(message->subject) && has_quote)));
    mp_scene_flag(scene, "answers-us", answers_us(office, message));
    mp_scene_flag(scene, "short", g_utf8_strlen(new, -1) <= SHORT_CHARS);
    set_sender(scene, office, message, proof);
}
