/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A CA and the good and bad server certificates of the town, by OpenSSL's API: EC keys, made anew
 * for each town in a few milliseconds, so that no private key lies in the source tree. */

#include "support/daemons.h"

#include <gio/gio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

static const char *const cert_names[MP_CERT_N] = {
    "good",
    "wrong-host",
    "expired",
    "self-signed",
    "other-ca",
};

const char *
mp_cert_name(MpCertKind kind)
{
    return cert_names[kind];
}

typedef struct {
    X509 *cert;
    EVP_PKEY *key;
} Issuer;

static gboolean
fail(GError **error, const char *what)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "test certificates: %s", what);
    return FALSE;
}

static gboolean
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;

    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    gboolean done = extension != NULL && X509_add_ext(cert, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return done;
}

/* An unsigned certificate valid from `from_s` to `to_s` seconds around now. */
static X509 *
blank_cert(EVP_PKEY *key, const char *common_name, long from_s, long to_s)
{
    X509 *cert = X509_new();
    guchar serial[8];

    RAND_bytes(serial, sizeof serial);
    serial[0] = (guchar)((serial[0] & 0x7f) | 0x40);
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);

    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    X509_set_version(cert, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(cert), from_s);
    X509_gmtime_adj(X509_getm_notAfter(cert), to_s);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(cert), "CN", MBSTRING_UTF8, (const guchar *)common_name, -1, -1, 0);
    return cert;
}

static gboolean
write_pem(const char *path, X509 *cert, EVP_PKEY *key)
{
    BIO *out = BIO_new_file(path, "w");

    if (out == NULL)
        return FALSE;
    gboolean done = cert != NULL
                        ? PEM_write_bio_X509(out, cert) == 1
                        : PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1;

    return BIO_free(out) == 1 && done;
}

static gboolean
make_ca(const char *path, const char *name, Issuer *ca)
{
    ca->key = EVP_EC_gen("P-256");
    ca->cert = blank_cert(ca->key, name, -3600, 30 * 86400);
    X509_set_issuer_name(ca->cert, X509_get_subject_name(ca->cert));
    return add_extension(ca->cert, ca->cert, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(ca->cert, ca->cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           add_extension(ca->cert, ca->cert, NID_subject_key_identifier, "hash") &&
           X509_sign(ca->cert, ca->key, EVP_sha256()) > 0 && write_pem(path, ca->cert, NULL);
}

static gboolean
make_leaf(const char *dir, MpCertKind kind, const Issuer *ca)
{
    const char *host = kind == MP_CERT_WRONG_HOST ? "mail.lain.example" : "localhost";
    const char *names =
        kind == MP_CERT_WRONG_HOST ? "DNS:mail.lain.example" : "DNS:localhost,IP:127.0.0.1";
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = blank_cert(key, host, -2 * 86400, kind == MP_CERT_EXPIRED ? -86400 : 30 * 86400);
    X509 *issuer = kind == MP_CERT_SELF_SIGNED ? cert : ca->cert;
    EVP_PKEY *signer = kind == MP_CERT_SELF_SIGNED ? key : ca->key;
    g_autofree char *pem = g_strdup_printf("%s/%s.pem", dir, cert_names[kind]);
    g_autofree char *key_path = g_strdup_printf("%s/%s.key", dir, cert_names[kind]);

    X509_set_issuer_name(cert, X509_get_subject_name(issuer));
    gboolean done = add_extension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(cert, issuer, NID_ext_key_usage, "serverAuth") &&
                    add_extension(cert, issuer, NID_subject_alt_name, names) &&
                    X509_sign(cert, signer, EVP_sha256()) > 0 && write_pem(pem, cert, NULL) &&
                    write_pem(key_path, NULL, key);

    X509_free(cert);
    EVP_PKEY_free(key);
    return done;
}

gboolean
mp_certs_make(const char *dir, GError **error)
{
    g_autofree char *ca_path = g_build_filename(dir, "ca.pem", NULL);
    g_autofree char *other_path = g_build_filename(dir, "other-ca.pem", NULL);
    Issuer ca = {NULL, NULL};
    Issuer other = {NULL, NULL};
    gboolean done =
        make_ca(ca_path, "CA Kota Uji", &ca) && make_ca(other_path, "CA Kota Lain", &other);

    for (MpCertKind kind = 0; done && kind < MP_CERT_N; kind++)
        done = make_leaf(dir, kind, kind == MP_CERT_OTHER_CA ? &other : &ca);
    X509_free(ca.cert);
    X509_free(other.cert);
    EVP_PKEY_free(ca.key);
    EVP_PKEY_free(other.key);
    return done ? TRUE : fail(error, "cannot be made or written");
}

static gint64
end_of(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    FILE *file = fopen(path, "r");
    X509 *certificate = file == NULL ? NULL : PEM_read_X509(file, NULL, NULL, NULL);
    struct tm end = {0};

    if (certificate != NULL)
        (void)ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end);
    X509_free(certificate);
    if (file != NULL)
        (void)fclose(file);
    return (gint64)timegm(&end) * G_USEC_PER_SEC;
}

gint64
mp_certs_end(const char *dir)
{
    return MIN(end_of(dir, "good.pem"), end_of(dir, "ca.pem"));
}
