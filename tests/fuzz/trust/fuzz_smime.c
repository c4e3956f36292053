/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signed mails of any bytes: nobody has the key of the authority made here, so nothing is ever
 * good; a verdict always has its reason in one line, and what is cut off lies inside the mail. */

#include "trust/trust-private.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

static char *authority;

static void
make_authority(void)
{
    X509 *certificate = X509_new();
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    long length;

    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate),
                               "CN",
                               MBSTRING_ASC,
                               (const unsigned char *)"CA",
                               -1,
                               -1,
                               0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_set_pubkey(certificate, key);
    g_assert(X509_sign(certificate, key, EVP_sha256()) > 0);
    PEM_write_bio_X509(bio, certificate);
    length = BIO_get_mem_data(bio, &bytes);
    authority = g_strndup(bytes, (gsize)length);
    BIO_free(bio);
    EVP_PKEY_free(key);
    X509_free(certificate);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(MpSmimeVerdict) verdict = NULL;
    g_auto(MpSignedRoot) root = {0};
    g_autofree char *line = NULL;
    const char *odd = NULL;

    if (authority == NULL)
        make_authority();
    if (mp_trust_cut_signed(data, size, &root, &odd)) {
        g_assert(odd == NULL && root.cms != NULL);
        g_assert(root.is_opaque || (root.signed_part.at >= data &&
                                    root.signed_part.at + root.signed_part.length <= data + size));
    }
    verdict =
        mp_trust_check_smime(data, size, "kabid@contohkab.go.id", authority, strlen(authority), 0);
    if (verdict == NULL)
        return 0;
    line = mp_text_line(verdict->reason);
    g_assert(!verdict->is_good && verdict->content == NULL);
    g_assert(verdict->reason[0] != '\0' && strcmp(line, verdict->reason) == 0);
    return 0;
}
