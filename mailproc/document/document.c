/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document/document-private.h"

const char *const mp_document_kinds[] = {
    "surat-permohonan",
    "surat-rekomendasi",
    "sk-mutasi",
    "sk-pengangkatan",
    "sk-pensiun",
    "sk-pemberhentian",
    "surat-keterangan-kematian",
    "surat-pernyataan",
    "ktp",
    "formulir-perubahan-data",
    "daftar-pemohon",
    "lembar-disposisi",
    "lainnya",
    NULL,
};

static const char *const signature_names[] = {
#define X(id, name) name,
    MP_SIGNATURES(X)
#undef X
};
G_STATIC_ASSERT(G_N_ELEMENTS(signature_names) == MP_SIGNATURE_N);

const char *
mp_signature_to_string(MpSignature signature)
{
    g_return_val_if_fail(signature < MP_SIGNATURE_N, "none");
    return signature_names[signature];
}

gboolean
mp_signature_from_string(const char *name, MpSignature *signature_out)
{
    for (guint i = 0; name != NULL && i < MP_SIGNATURE_N; i++) {
        if (g_str_equal(name, signature_names[i])) {
            *signature_out = (MpSignature)i;
            return TRUE;
        }
    }
    return FALSE;
}

void
mp_document_add_doubt(GPtrArray *doubts, const char *doubt)
{
    if (doubts != NULL && doubt != NULL)
        mp_text_add_once(doubts, doubt);
}

gboolean
mp_document_take_text(MpDocument *document, const char *text, const MpLimits *limits)
{
    g_autofree char *clean = mp_text_clean(text, -1);
    const char *p = clean;

    if (g_utf8_strlen(clean, -1) > limits->text_chars)
        *g_utf8_offset_to_pointer(clean, (glong)limits->text_chars) = '\0';
    while (*p != '\0' && !g_unichar_isalnum(g_utf8_get_char(p)))
        p = g_utf8_next_char(p);
    document->is_readable = *p != '\0';
    g_free(document->text);
    document->text = document->is_readable ? g_steal_pointer(&clean) : g_strdup("");
    return document->is_readable;
}

MpDocument *
mp_document_new(void)
{
    MpDocument *document = g_new0(MpDocument, 1);

    document->filename = g_strdup("");
    document->kind = g_strdup("lainnya");
    document->type = g_strdup("application/octet-stream");
    document->sha256 = g_strdup("");
    document->text = g_strdup("");
    document->tables = g_ptr_array_new_with_free_func(g_free);
    return document;
}

void
mp_document_free(MpDocument *document)
{
    if (document == NULL)
        return;
    g_free(document->filename);
    g_free(document->kind);
    g_free(document->type);
    g_free(document->sha256);
    g_free(document->text);
    g_clear_pointer(&document->tables, g_ptr_array_unref);
    g_clear_pointer(&document->content, g_bytes_unref);
    g_free(document);
}

MpLetter *
mp_letter_new(void)
{
    return g_new0(MpLetter, 1);
}

void
mp_letter_free(MpLetter *letter)
{
    if (letter == NULL)
        return;
    g_free(letter->number);
    g_free(letter->date);
    g_free(letter->subject);
    g_free(letter->title);
    g_free(letter);
}

MpApplicant *
mp_applicant_new(void)
{
    return g_new0(MpApplicant, 1);
}

void
mp_applicant_free(MpApplicant *applicant)
{
    if (applicant == NULL)
        return;
    g_free(applicant->name);
    g_free(applicant->nip);
    g_free(applicant->nik);
    g_free(applicant->email);
    g_free(applicant->phone);
    g_free(applicant->position);
    g_free(applicant->unit);
    g_free(applicant->was);
    g_free(applicant->becomes);
    g_free(applicant->valid_until);
    g_free(applicant);
}
