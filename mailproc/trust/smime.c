/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who signed a mail, by OpenSSL's CMS. A verified signature says only that some certificate signed
 * some bytes: the bytes must be the whole mail, the certificate the From's, its chain must end in
 * what the office configured, its use must be signing mail, its digest one that still holds. No
 * clock here: the chain's common time of validity goes out with the verdict. */

#include "trust/trust-private.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

enum {
    MAX_DETACHED = 256 * 1024, /* a signature with its chain is some kilobytes */
    MAX_CERTIFICATES = 20,
    MAX_CHAIN = 8,
    LEVEL_112_BITS = 2, /* RSA 2048, no SHA-1 in the chain */
    MAX_NAME = 200,
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE_CTX, X509_STORE_CTX_free)

typedef STACK_OF(X509) Certificates;

static void
certificates_free(Certificates *certificates)
{
    sk_X509_pop_free(certificates, X509_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Certificates, certificates_free)

MpSmimeVerdict *
mp_smime_verdict_new(void)
{
    MpSmimeVerdict *verdict = g_new0(MpSmimeVerdict, 1);

    verdict->reason = g_strdup("");
    return verdict;
}

void
mp_smime_verdict_free(MpSmimeVerdict *verdict)
{
    if (verdict == NULL)
        return;
    g_free(verdict->reason);
    g_free(verdict->email);
    g_free(verdict->subject);
    g_free(verdict->issuer);
    g_free(verdict->serial);
    g_free(verdict->fingerprint);
    g_clear_pointer(&verdict->content, g_bytes_unref);
    g_free(verdict);
}

static void
say(MpSmimeVerdict *verdict, const char *reason)
{
    g_free(verdict->reason);
    verdict->reason = mp_text_line(reason);
}

/* --- certificates ---------------------------------------------------------------------------- */

/* Adds each certificate of a PEM text to `store` (or only counts them). */
static guint
add_certificates(const char *pem, gsize length, X509_STORE *store)
{
    g_autoptr(BIO) bio = NULL;
    X509 *certificate;
    guint n = 0;

    if (pem == NULL || length == 0 || length > G_MAXINT)
        return 0;
    bio = BIO_new_mem_buf(pem, (int)length);
    while (bio != NULL && (certificate = PEM_read_bio_X509(bio, NULL, NULL, (void *)"")) != NULL) {
        n += store == NULL || X509_STORE_add_cert(store, certificate) == 1;
        X509_free(certificate);
    }
    ERR_clear_error();
    return n;
}

guint
mp_trust_count_certificates(const char *pem, gsize length)
{
    return add_certificates(pem, length, NULL);
}

/* The name as RFC 2253 writes it, control characters escaped. */
static char *
name_text(const X509_NAME *name)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    g_autofree char *text = NULL;
    char *bytes = NULL;
    long length;

    if (bio == NULL ||
        X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
        return NULL;
    length = BIO_get_mem_data(bio, &bytes);
    text = mp_text_clean(bytes, MIN(length, MAX_NAME));
    return mp_text_line(text);
}

static char *
hex_text(const guint8 *bytes, gsize length)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < length; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    return g_string_free(text, FALSE);
}

static void
describe(MpSmimeVerdict *verdict, X509 *signer)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(signer);
    guint8 digest[EVP_MAX_MD_SIZE];
    guint n = 0;

    verdict->subject = name_text(X509_get_subject_name(signer));
    verdict->issuer = name_text(X509_get_issuer_name(signer));
    verdict->serial = hex_text(ASN1_STRING_get0_data(serial),
                               (gsize)CLAMP(ASN1_STRING_length(serial), 0, MAX_NAME / 2));
    if (X509_digest(signer, EVP_sha256(), digest, &n) == 1)
        verdict->fingerprint = hex_text(digest, n);
}

/* Only addresses of the subjectAltName count; those in the subject's name are free text. */
static gboolean
is_for_address(X509 *signer, const char *from)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(signer, NID_subject_alt_name, NULL, NULL);
    gsize length = strlen(from);
    gboolean is_found = FALSE;

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        const ASN1_IA5STRING *text = name->type == GEN_EMAIL ? name->d.rfc822Name : NULL;

        if (text == NULL || ASN1_STRING_length(text) != (int)length)
            continue;
        is_found |=
            g_ascii_strncasecmp((const char *)ASN1_STRING_get0_data(text), from, length) == 0;
    }
    GENERAL_NAMES_free(names);
    return is_found;
}

static gint64
instant_of(const ASN1_TIME *time)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(GDateTime) at = NULL;
    struct tm parts = {0};

    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return 0;
    at = g_date_time_new(zone,
                         parts.tm_year + 1900,
                         parts.tm_mon + 1,
                         parts.tm_mday,
                         parts.tm_hour,
                         parts.tm_min,
                         parts.tm_sec);
    return at == NULL ? 0 : g_date_time_to_unix(at) * G_USEC_PER_SEC;
}

/* The time in which every certificate of the chain is valid; FALSE when there is none. */
static gboolean
take_validity(MpSmimeVerdict *verdict, X509_STORE_CTX *context)
{
    const Certificates *chain = X509_STORE_CTX_get0_chain(context);
    gint64 from = G_MININT64, until = G_MAXINT64;

    for (int i = 0; i < sk_X509_num(chain); i++) {
        const X509 *certificate = sk_X509_value(chain, i);
        gint64 begins = instant_of(X509_get0_notBefore(certificate));
        gint64 ends = instant_of(X509_get0_notAfter(certificate));

        if (begins == 0 || ends == 0)
            return FALSE;
        from = MAX(from, begins);
        until = MIN(until, ends);
    }
    verdict->valid_from_utc = from;
    verdict->valid_until_utc = until;
    return sk_X509_num(chain) > 0 && from <= until;
}

/* NULL, or why the signer's certificate is not one of the office's trust. */
static const char *
check_chain(MpSmimeVerdict *verdict, X509_STORE *store, X509 *signer, Certificates *others)
{
    g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new();
    X509_VERIFY_PARAM *parameters;

    if (context == NULL || X509_STORE_CTX_init(context, store, signer, others) != 1)
        return "the certificates cannot be worked on";
    X509_STORE_CTX_set_default(context, "smime_sign");
    parameters = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SMIME_SIGN);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_depth(parameters, MAX_CHAIN);
    X509_VERIFY_PARAM_set_auth_level(parameters, LEVEL_112_BITS);
    if (X509_verify_cert(context) != 1)
        return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
    return take_validity(verdict, context) ? NULL
                                           : "the chain's certificates were never valid together";
}

/* --- the signature -----------------------------------------------------------------------------
 */

static gboolean
is_weak(int digest)
{
    return digest != NID_sha256 && digest != NID_sha384 && digest != NID_sha512;
}

/* Both the digest of the signer's row and the one inside the signature's algorithm. */
static gboolean
has_weak_digest(CMS_SignerInfo *info)
{
    X509_ALGOR *digest = NULL, *signature = NULL;
    int inside = NID_undef;

    CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, &signature);
    if (digest == NULL || signature == NULL || is_weak(OBJ_obj2nid(digest->algorithm)))
        return TRUE;
    return OBJ_find_sigid_algs(OBJ_obj2nid(signature->algorithm), &inside, NULL) == 1 &&
           inside != NID_undef && is_weak(inside);
}

static GByteArray *
with_crlf(MpSpan part)
{
    GByteArray *out = g_byte_array_sized_new((guint)part.length + 64);
    gsize from = 0;

    for (gsize i = 0; i < part.length; i++) {
        if (part.at[i] != '\n' || (i > 0 && part.at[i - 1] == '\r'))
            continue;
        g_byte_array_append(out, part.at + from, (guint)(i - from));
        g_byte_array_append(out, (const guint8 *)"\r\n", 2);
        from = i + 1;
    }
    return g_byte_array_append(out, part.at + from, (guint)(part.length - from));
}

/* The signed bytes hold under the signer's key; of an opaque mail they are kept. */
static const char *
check_bytes(MpSmimeVerdict *verdict, CMS_ContentInfo *cms, const MpSignedRoot *root)
{
    g_autoptr(GByteArray) bytes = root->is_opaque ? NULL : with_crlf(root->signed_part);
    g_autoptr(BIO) in = bytes == NULL ? NULL : BIO_new_mem_buf(bytes->data, (int)bytes->len);
    g_autoptr(BIO) out = BIO_new(BIO_s_mem());
    char *content = NULL;
    long length;

    if (out == NULL || (bytes != NULL && in == NULL))
        return "the signed bytes cannot be worked on";
    if (CMS_verify(cms, NULL, NULL, in, out, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1)
        return "the mail was changed after it was signed";
    length = BIO_get_mem_data(out, &content);
    if (root->is_opaque)
        verdict->content = g_bytes_new(content, (gsize)MAX(length, 0));
    return NULL;
}

/* The one signer's certificate, of those that came with the mail; borrowed from `cms`. */
static const char *
find_signer(CMS_ContentInfo *cms, const Certificates *others, X509 **signer_out)
{
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
    CMS_SignerInfo *info;

    if (sk_CMS_SignerInfo_num(infos) != 1)
        return "the mail has not exactly one signer";
    if (sk_X509_num(others) > MAX_CERTIFICATES)
        return "the mail brings too many certificates";
    info = sk_CMS_SignerInfo_value(infos, 0);
    if (has_weak_digest(info))
        return "the signature's digest is too weak";
    CMS_set1_signers_certs(cms, NULL, 0);
    CMS_SignerInfo_get0_algs(info, NULL, signer_out, NULL, NULL);
    return *signer_out == NULL ? "the signer's certificate is not in the mail" : NULL;
}

static const char *
judge(MpSmimeVerdict *verdict,
      CMS_ContentInfo *cms,
      const MpSignedRoot *root,
      const char *from,
      X509_STORE *store)
{
    g_autoptr(Certificates) others = CMS_get1_certs(cms);
    X509 *signer = NULL;
    const char *odd = find_signer(cms, others, &signer);

    if (odd != NULL)
        return odd;
    describe(verdict, signer);
    if (from == NULL)
        return "From is not exactly one plain address";
    if (!is_for_address(signer, from))
        return "the certificate is not for the address in From";
    verdict->email = g_strdup(from);
    odd = check_chain(verdict, store, signer, others);
    return odd != NULL ? odd : check_bytes(verdict, cms, root);
}

static CMS_ContentInfo *
read_cms(const MpSignedRoot *root, const char **odd_out)
{
    const guint8 *at = root->cms->data;
    g_autoptr(CMS_ContentInfo) cms = NULL;

    *odd_out = "the signature cannot be read";
    if (!root->is_opaque && root->cms->len > MAX_DETACHED)
        return NULL;
    cms = d2i_CMS_ContentInfo(NULL, &at, (long)root->cms->len);
    if (cms == NULL || at != root->cms->data + root->cms->len)
        return NULL;
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
        OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data)
        return NULL;
    *odd_out = "the signature is over something else than this mail";
    if (!!CMS_is_detached(cms) == root->is_opaque)
        return NULL;
    *odd_out = NULL;
    return g_steal_pointer(&cms);
}

static gboolean
is_in_time(const MpSmimeVerdict *verdict, gint64 at_utc)
{
    return verdict->valid_from_utc <= at_utc && at_utc <= verdict->valid_until_utc;
}

MpSmimeVerdict *
mp_trust_check_smime(const guint8 *mail,
                     gsize length,
                     const char *from,
                     const char *ca_pem,
                     gsize ca_length,
                     gint64 at_utc)
{
    g_auto(MpSignedRoot) root = {0};
    g_autoptr(X509_STORE) store = NULL;
    g_autoptr(CMS_ContentInfo) cms = NULL;
    g_autoptr(MpSmimeVerdict) verdict = NULL;
    const char *odd = NULL;

    if (!mp_trust_cut_signed(mail, length, &root, &odd) && odd == NULL)
        return NULL;
    verdict = mp_smime_verdict_new();
    store = odd == NULL ? X509_STORE_new() : NULL;
    if (odd == NULL && add_certificates(ca_pem, ca_length, store) == 0)
        odd = "no certificates are configured to judge it by";
    if (odd == NULL)
        cms = read_cms(&root, &odd);
    if (odd == NULL)
        odd = judge(verdict, cms, &root, from, store);
    if (odd == NULL && at_utc != 0 && !is_in_time(verdict, at_utc))
        odd = "a certificate of the chain was not valid then";
    ERR_clear_error();
    verdict->is_good = odd == NULL;
    if (odd != NULL)
        g_clear_pointer(&verdict->content, g_bytes_unref);
    say(verdict, odd != NULL ? odd : "the whole mail is signed by the address in From");
    return g_steal_pointer(&verdict);
}

gboolean
mp_trust_is_signed_at(const MpTrustFacts *facts, gint64 at_utc)
{
    return facts->smime != NULL && facts->smime->is_good && is_in_time(facts->smime, at_utc);
}
