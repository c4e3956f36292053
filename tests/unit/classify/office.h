/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An invented office with the rules that are shipped, and mails made by hand. */

#include "classify/classify.h"
#include "support/asserts.h"

/* Loads rules/ *.rules of the source tree in name order; fails the test when one is refused. */
static inline MpRules *
office_load_rules(void)
{
    static const char *const names[] = {"10-kata.rules",
                                        "20-tanda.rules",
                                        "30-dokumen.rules",
                                        "40-layanan.rules",
                                        "50-jenis.rules",
                                        "60-bsre.rules",
                                        "70-alasan.rules"};
    MpRules *rules = mp_rules_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(MP_SOURCE_DIR, "rules", names[i], NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;
        g_autoptr(GError) error = NULL;

        if (!g_file_get_contents(path, &bytes, &length, &error) ||
            !mp_rules_add(rules, names[i], bytes, length, &error))
            assert_no_gerror(error);
    }
    return rules;
}

/* The same, loaded once a program: compiling them takes longer than any test. */
static inline const MpRules *
office_rules(void)
{
    static MpRules *rules = NULL;

    if (rules == NULL)
        rules = office_load_rules();
    return rules;
}

static inline MpOffice *
office_new(void)
{
    MpOffice *office = mp_office_new();

    office->service_address = g_strdup("layanan-tte@contohkab.go.id");
    g_strfreev(office->own_domains);
    office->own_domains = g_strsplit("contohkab.go.id", ";", -1);
    g_strfreev(office->bsre_domains);
    office->bsre_domains = g_strsplit("bssn.go.id", ";", -1);
    g_hash_table_insert(
        office->officials, g_strdup("kadis@contohkab.go.id"), g_strdup("kepala-dinas"));
    office->has_authserv = TRUE;
    return office;
}

static inline void
office_set(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

/* A mail that somebody wrote: no quotes, nothing attached. */
static inline MpMessage *
office_mail(const char *name, const char *address, const char *subject, const char *text)
{
    MpMessage *message = mp_message_new();

    message->from_fields = 1;
    message->from_is_plain = TRUE;
    g_ptr_array_add(message->from, mp_address_new(name, address));
    office_set(&message->subject, subject);
    office_set(&message->text, text);
    office_set(&message->reply_text, text);
    office_set(&message->quoted_text, "");
    return message;
}

/* Makes the mail an answer to a mail of ours with this text. */
static inline void
office_quote(MpMessage *message, const char *quoted)
{
    office_set(&message->in_reply_to, "SE-2026-000123.kasi@contohkab.go.id");
    g_ptr_array_add(message->references, g_strdup("SE-2026-000123.kasi@contohkab.go.id"));
    office_set(&message->quoted_text, quoted);
}

/* A document of that name; `text` NULL = a scan. */
static inline void
office_attach(GPtrArray *documents, const char *filename, const char *text)
{
    MpDocument *document = mp_document_new();

    office_set(&document->filename, filename);
    office_set(&document->kind, "lainnya");
    office_set(&document->text, text != NULL ? text : "");
    document->bytes = 1000;
    document->is_readable = text != NULL;
    g_ptr_array_add(documents, document);
}

static inline GPtrArray *
office_documents(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)mp_document_free);
}

static inline gboolean
office_has_doubt(const MpVerdict *verdict, const char *doubt)
{
    return g_ptr_array_find_with_equal_func(verdict->doubts, doubt, g_str_equal, NULL);
}
