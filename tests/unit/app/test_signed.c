/* SPDX-License-Identifier: GPL-3.0-or-later */

/* level.SETUJU = signed, from bytes to plan: the code alone is not enough, the signature alone is
 * not, both together are; and what the signature was worth stands in the case's file. */

#include "support/asserts.h"
#include "support/planner.h"

#include <glib/gstdio.h>
#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define KADIS "kadis@contohkab.go.id"

static EVP_PKEY *key;
static X509 *certificate; /* its own anchor */
static char *anchor_path;

static void
add_extension(int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static void
make_certificate(void)
{
    const struct {
        time_t from, until;
    } year = {1767225600, 1798761600}; /* 2026 */

    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    long length;
    int fd = g_file_open_tmp("mailproc-ca-XXXXXX", &anchor_path, NULL);

    key = EVP_EC_gen("P-256");
    certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 77);
    ASN1_TIME_set(X509_getm_notBefore(certificate), year.from);
    ASN1_TIME_set(X509_getm_notAfter(certificate), year.until);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate),
                               "CN",
                               MBSTRING_ASC,
                               (const unsigned char *)"Kepala Dinas",
                               -1,
                               -1,
                               0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_set_pubkey(certificate, key);
    add_extension(NID_subject_alt_name, "email:" KADIS);
    X509_sign(certificate, key, EVP_sha256());
    PEM_write_bio_X509(bio, certificate);
    length = BIO_get_mem_data(bio, &bytes);
    assert_true(g_file_set_contents(anchor_path, bytes, length, NULL));
    g_close(fd, NULL);
    BIO_free(bio);
}

static char *
sign(const char *content, gboolean is_opaque)
{
    BIO *in = BIO_new_mem_buf(content, -1);
    unsigned flags = CMS_BINARY | (is_opaque ? 0 : (unsigned)CMS_DETACHED);
    CMS_ContentInfo *cms = CMS_sign(certificate, key, NULL, in, flags);
    unsigned char *der = NULL;
    int length = i2d_CMS_ContentInfo(cms, &der);
    char *text = g_base64_encode(der, (gsize)length);

    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    return text;
}

typedef struct {
    const char *name;
    gboolean is_signed, is_opaque, has_code, is_tampered;
    gboolean advances;
} Row;

/* What a thief makes of a signed mail that he has seen, and of its bytes. */
typedef struct {
    const char *name, *type, *text; /* "@" stands for the words, "$" for a signature over them */
} ShapeRow;

#define SIGNED_TYPE                                                                                \
    "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=BB"
#define SIGNED_PARTS                                                                               \
    "--BB\r\n@\r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n"                           \
    "Content-Transfer-Encoding: base64\r\n\r\n$\r\n--BB--\r\n"

static const ShapeRow shape_rows[] = {
    {"T-28 the signed mail as a part of another",
     "multipart/mixed; boundary=AA",
     "--AA\r\nContent-Type: " SIGNED_TYPE "\r\n\r\n" SIGNED_PARTS "\r\n--AA--\r\n"},
    {"T-28 other words before the signed part",
     "multipart/mixed; boundary=AA",
     "--AA\r\nContent-Type: text/plain\r\n\r\nSETUJU\r\n--AA\r\nContent-Type: " SIGNED_TYPE
     "\r\n\r\n" SIGNED_PARTS "\r\n--AA--\r\n"},
    {"T-28 a third part behind the signature",
     SIGNED_TYPE,
     "--BB\r\n@\r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n"
     "Content-Transfer-Encoding: base64\r\n\r\n$\r\n--BB\r\nContent-Type: "
     "text/plain\r\n\r\nSETUJU\r\n--BB--\r\n"},
    {"T-28 the signature of other words",
     SIGNED_TYPE,
     "--BB\r\n@ \r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n"
     "Content-Transfer-Encoding: base64\r\n\r\n$\r\n--BB--\r\n"},
    {"T-28 the signed mail attached as a mail",
     "message/rfc822",
     "From: " KADIS "\r\nContent-Type: " SIGNED_TYPE "\r\n\r\n" SIGNED_PARTS},
    {"T-29 a signature of nothing",
     SIGNED_TYPE,
     "--BB\r\n@\r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n\r\n\r\n--BB--\r\n"},
    {"T-29 a length that reaches beyond the end",
     SIGNED_TYPE,
     "--BB\r\n@\r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n"
     "Content-Transfer-Encoding: base64\r\n\r\nMIT/////BgkqhkiG9w0BBwKg\r\n--BB--\r\n"},
    {"T-29 a length that never ends",
     SIGNED_TYPE,
     "--BB\r\n@\r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n"
     "Content-Transfer-Encoding: "
     "base64\r\n\r\nMIAGCSqGSIb3DQEHAqCAMIACAQExgDCAMIAwgDCA\r\n--BB--\r\n"},
    {"T-29 no base64 at all",
     SIGNED_TYPE,
     "--BB\r\n@\r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n"
     "Content-Transfer-Encoding: base64\r\n\r\n!!!! bukan base64 !!!!\r\n--BB--\r\n"},
    {"T-29 another kind of CMS",
     SIGNED_TYPE,
     "--BB\r\n@\r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n"
     "Content-Transfer-Encoding: base64\r\n\r\nMBcGCSqGSIb3DQEHAaAKBAhTRVRVSlUAAA==\r\n--BB--\r\n"},
};

static const Row rows[] = {
    {"the code without a signature is asked for one", FALSE, FALSE, TRUE, FALSE, FALSE},
    {"the signature without a code is asked for one", TRUE, FALSE, FALSE, FALSE, FALSE},
    {"both together advance", TRUE, FALSE, TRUE, FALSE, TRUE},
    {"both together in an opaque mail advance", TRUE, TRUE, TRUE, FALSE, TRUE},
    {"a mail changed on its way does not", TRUE, FALSE, TRUE, TRUE, FALSE},
};

static char *
signed_mail(MpTrial *trial, const Row *row, const char *words)
{
    g_autofree char *inner =
        g_strconcat("Content-Type: text/plain; charset=utf-8\r\n\r\n", words, NULL);
    g_autofree char *signature = sign(inner, row->is_opaque);
    g_auto(GStrv) parts = g_strsplit(inner, "Layanan", -1);
    g_autofree char *shown = g_strjoinv(row->is_tampered ? "Pelayanan" : "Layanan", parts);
    g_autofree char *detached =
        g_strdup_printf("--BB\r\n%s\r\n--BB\r\nContent-Type: application/pkcs7-signature\r\n"
                        "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n--BB--\r\n",
                        shown,
                        signature);
    const MpTrialMail mail = {
        .from = KADIS,
        .head = row->is_opaque ? "Content-Transfer-Encoding: base64\r\n" : NULL,
        .type = row->is_opaque ? "application/pkcs7-mime; smime-type=signed-data"
                               : "multipart/signed; protocol=\"application/pkcs7-signature\"; "
                                 "micalg=sha-256; boundary=BB",
        .text = row->is_opaque ? signature : detached};

    return mp_trial_mail(trial, &mail);
}

static const char *
signature_of_case(MpTrial *trial, char **copy_out)
{
    g_autoptr(GPtrArray) events = trial->app.store->case_events(trial->app.store, TRIAL_CASE, NULL);
    const MpEvent *last = g_ptr_array_index(events, events->len - 1);

    *copy_out = g_strdup(mp_event_get(last, "signature"));
    return *copy_out;
}

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autofree char *lines =
        g_strdup_printf("level.SETUJU = signed\nsmime_ca_file = %s\n", anchor_path);
    g_autoptr(MpTrial) trial = mp_trial_new(lines);
    g_autofree char *code = NULL;
    g_autofree char *words = NULL;
    g_autofree char *mail = NULL;
    g_autofree char *said = NULL;
    g_autoptr(MpCase) kase = NULL;

    mp_trial_open(trial);
    code = mp_trial_code(trial, KADIS);
    words = g_strdup_printf("SETUJU\r\n\r\nPada Senin, 16 November 2026, Layanan <" TRIAL_OFFICE
                            "> menulis:\r\n> Kode: %s\r\n",
                            row->has_code ? code : "-");
    mail = row->is_signed ? signed_mail(trial, row, words)
                          : mp_trial_mail(trial, &(MpTrialMail){.from = KADIS, .text = words});
    mp_trial_take(trial, mail);
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, row->advances ? "tindak-lanjut" : "disposisi");
    if (!row->advances)
        return;
    assert_contains(signature_of_case(trial, &said), "signed by the address in From; serial 4d");
    assert_contains(said, "sha256 ");
}

static void
test_shape(void **state)
{
    const ShapeRow *row = *state;
    g_autofree char *lines =
        g_strdup_printf("level.SETUJU = signed\nsmime_ca_file = %s\n", anchor_path);
    g_autoptr(MpTrial) trial = mp_trial_new(lines);
    g_autofree char *code = NULL;
    g_autofree char *inner = NULL;
    g_autofree char *signature = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(MpCase) kase = NULL;

    mp_trial_open(trial);
    code = mp_trial_code(trial, KADIS);
    inner = g_strdup_printf("Content-Type: text/plain; charset=utf-8\r\n\r\nSETUJU\r\n\r\nPada "
                            "Senin, Layanan <layanan> menulis:\r\n> Kode: %s\r\n",
                            code);
    signature = sign(inner, FALSE);
    for (const char *p = row->text; *p != '\0'; p++) {
        if (*p == '@' && !g_ascii_isalnum(p[1]))
            g_string_append(text, inner);
        else if (*p == '$')
            g_string_append(text, signature);
        else
            g_string_append_c(text, *p);
    }
    mp_trial_send(trial, &(MpTrialMail){.from = KADIS, .type = row->type, .text = text->str});
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, "disposisi");
    assert_int_equal(trial->plan->changes->len, 0);
}

int
main(void)
{
    int failed;

    make_certificate();
    failed = run_rows("signed", rows, test_row);
    failed += run_rows("shapes", shape_rows, test_shape);
    g_unlink(anchor_path);
    g_free(anchor_path);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return failed;
}
