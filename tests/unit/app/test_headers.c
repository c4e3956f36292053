/* SPDX-License-Identifier: GPL-3.0-or-later */

/* T-16 on the whole way: what a mail calls itself, its people, its papers and its thread, goes
 * through plan, template and writer without adding a header line. Two hundred payloads in every
 * field at once; each outgoing mail is counted by GMime and by a splitter of this test. */

#include "app/demo.h"
#include "notify/notify.h"
#include "support/asserts.h"
#include "support/planner.h"

#include <gmime/gmime.h>

static const char *const payloads[] = {"x\r\nBcc: e@luar.example",
                                       "x\nBcc: e@luar.example",
                                       "x\rBcc: e@luar.example",
                                       "x\r\n\r\nisi palsu",
                                       "x\n\nisi palsu",
                                       "x>\r\nBcc: e@luar.example",
                                       "x\"\r\nBcc: e@luar.example",
                                       "x\r\n Bcc: e@luar.example",
                                       "x\r\n\tBcc: e@luar.example",
                                       "\r\nBcc: e@luar.example",
                                       "Bcc: e@luar.example\r\n",
                                       "x\v\nBcc: e@luar.example",
                                       "x\xe2\x80\xa8"
                                       "Bcc: e@luar.example",
                                       "x\xe2\x80\xa9"
                                       "Bcc: e@luar.example",
                                       "x\xc2\x85"
                                       "Bcc: e@luar.example",
                                       "x\x01\x02\x03",
                                       "x\x7f",
                                       "x\x1b[31m",
                                       "=?utf-8?q?x=0D=0ABcc:_e@luar.example?=",
                                       "=?utf-8?b?DQpCY2M6IGVAbHVhci5leGFtcGxl?=",
                                       "x; filename=jahat.exe",
                                       "x\"; filename=\"jahat.exe",
                                       "../../etc/passwd",
                                       "{{nomor}}\r\nBcc: e@luar.example",
                                       "x\xe2\x80\xae fdp.exe"};

/* How a payload stands among other words. */
static const char *const shapes[] = {
    "%s", "Surat %s", "%s tanggal", "Surat %s tanggal", "%s%s", "\"%s\"", "<%s>", "\xc3\xa9%s"};

static char *
payload(guint n)
{
    const char *shape = shapes[n / G_N_ELEMENTS(payloads)];
    g_auto(GStrv) parts = g_strsplit(shape, "%s", -1);

    return g_strjoinv(payloads[n % G_N_ELEMENTS(payloads)], parts);
}

static void
put(char **slot, const char *words)
{
    g_free(*slot);
    *slot = g_strdup(words);
}

/* Every text of the facts that a template, a thread or an attachment may carry on. */
static void
poison(MpFacts *facts, const char *words, guint n)
{
    MpMessage *message = facts->message;
    MpLetter *letter = facts->verdict->letter;

    put(&message->subject, words);
    put(&message->message_id, words);
    put(&message->in_reply_to, words);
    g_ptr_array_set_size(message->references, 0);
    g_ptr_array_add(message->references, g_strdup(words));
    put(&((MpAddress *)message->from->pdata[0])->name, words);
    put(&letter->subject, words);
    g_free(letter->number);
    letter->number = g_strdup_printf("%s/%u", words, n);
    for (guint i = 0; i < facts->verdict->applicants->len; i++) {
        MpApplicant *applicant = g_ptr_array_index(facts->verdict->applicants, i);

        put(&applicant->name, words);
        put(&applicant->position, words);
        put(&applicant->unit, words);
    }
    for (guint i = 0; i < facts->documents->len; i++)
        put(&((MpDocument *)facts->documents->pdata[i])->filename, words);
}

/* Names of the header lines up to the first empty line, folded lines left out. */
static GPtrArray *
split_names(const char *bytes)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    while (*bytes != '\r' && *bytes != '\n' && *bytes != '\0') {
        const char *end = strchr(bytes, '\n');

        assert_non_null(end);
        if (*bytes != ' ' && *bytes != '\t')
            g_ptr_array_add(names, g_ascii_strdown(bytes, strcspn(bytes, ":\n")));
        bytes = end + 1;
    }
    return names;
}

static guint
gmime_count(const char *bytes, gsize length, guint *recipients_out)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    InternetAddressList *all;
    guint n;

    assert_non_null(message);
    all = g_mime_message_get_all_recipients(message);
    *recipients_out = (guint)internet_address_list_length(all);
    n = (guint)g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message)));
    g_object_unref(all);
    g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
    return n;
}

static void
check_mail(const MpOutboxEntry *entry)
{
    static const char *const known[] = {"from",
                                        "to",
                                        "subject",
                                        "date",
                                        "message-id",
                                        "in-reply-to",
                                        "references",
                                        "auto-submitted",
                                        "x-auto-response-suppress",
                                        "x-mailproc",
                                        "mime-version",
                                        "content-type",
                                        NULL};
    g_autoptr(GBytes) content = g_bytes_new_static("isi", 3);
    g_autofree MpAttachment *attachments = g_new0(MpAttachment, entry->documents->len + 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) built = NULL;
    g_autoptr(GPtrArray) names = NULL;
    guint recipients = 0;
    gsize length = 0;
    const char *bytes;

    for (guint i = 0; i < entry->documents->len; i++) {
        const MpOutboxDocument *document = g_ptr_array_index(entry->documents, i);

        attachments[i] = (MpAttachment){document->filename, document->type, content};
    }
    built = mp_notify_build(entry->mail, attachments, entry->documents->len, &error);
    assert_no_gerror(error);
    bytes = g_bytes_get_data(built, &length);
    names = split_names(bytes);
    for (guint i = 0; i < names->len; i++)
        assert_true(g_strv_contains(known, g_ptr_array_index(names, i)));
    assert_in_range(names->len, 10, 12);
    /* Content-Type is the part's own in GMime. */
    assert_int_equal(gmime_count(bytes, length, &recipients), names->len - 1);
    assert_int_equal(recipients, 1);
}

static void
test_headers(void **state)
{
    enum { N = G_N_ELEMENTS(payloads) * G_N_ELEMENTS(shapes) };

    g_autoptr(MpTrial) trial = mp_trial_new("[rations]\nopen_per_sender_hour = 1000\n");
    g_autofree char *mail = mp_demo_letter_mail(
        &mp_demo_letters[1], TRIAL_OFFICE, "Mon, 16 Nov 2026 02:00:00 +0000", 900);
    guint mails = 0, documents = 0;

    (void)state;
    assert_int_equal(N, 200);
    mp_trial_take(trial, mail);
    for (guint n = 0; n < N; n++) {
        g_autofree char *words = payload(n);

        poison(trial->facts, words, n);
        mp_trial_plan(trial);
        for (guint i = 0; i < trial->plan->mails->len; i++) {
            const MpOutboxEntry *entry = ((const MpPlanMail *)trial->plan->mails->pdata[i])->entry;

            check_mail(entry);
            documents += entry->documents->len;
            mails++;
        }
    }
    /* To the requester and to the head, with the papers of his step. */
    assert_true(mails >= 2 * N);
    assert_true(documents >= N);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"T-16 two hundred payloads in every field add no header line",
         test_headers,
         NULL,
         NULL,
         NULL},
    };

    g_mime_init();
    return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
