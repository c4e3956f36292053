/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S/MIME: what is signed by whom, and everything that only looks like it. The authority, the
 * officials' certificates and the signatures are made here, so that no key lies in the tree. */

#include "support/asserts.h"
#include "trust/trust-private.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define OFFICIAL "kabid@contohkab.go.id"
#define AT (G_GINT64_CONSTANT(1795255200) * G_USEC_PER_SEC) /* 21 November 2026, 09.20 WIB */

enum { YEAR_2026 = 1767225600, YEAR_2027 = 1798761600, JUNE_2026 = 1780272000 };

typedef struct {
    X509 *certificate;
    EVP_PKEY *key;
} Identity;

/* Who may sign in these tests. */
enum {
    AUTHORITY,
    OTHER_AUTHORITY,
    KABID,
    SEKRETARIS,
    EXPIRED,
    STRANGER,   /* KABID's address, from the other authority */
    ENCRYPTING, /* for KABID's address, but for key encipherment alone */
    WEB,        /* for KABID's address, but for servers alone */
    SUBJECT,    /* the address in the subject's name alone */
    SHORT_KEY,  /* RSA of 1024 bits */
    N_IDENTITIES
};

static Identity identities[N_IDENTITIES];

static void
add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    if (value == NULL)
        return;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

typedef struct {
    int who, by;
    const char *name, *email, *usage, *extended;
    gint64 until;
} CertificateRow;

static const CertificateRow certificate_rows[] = {
    {AUTHORITY, AUTHORITY, "CA Contoh", NULL, "critical,keyCertSign", NULL, YEAR_2027},
    {OTHER_AUTHORITY, OTHER_AUTHORITY, "CA Lain", NULL, "critical,keyCertSign", NULL, YEAR_2027},
    {KABID, AUTHORITY, "Kabid", OFFICIAL, "digitalSignature", "emailProtection", YEAR_2027},
    {SEKRETARIS,
     AUTHORITY,
     "Sekretaris",
     "sekretaris@contohkab.go.id",
     "digitalSignature",
     "emailProtection",
     YEAR_2027},
    {EXPIRED, AUTHORITY, "Kabid lama", OFFICIAL, "digitalSignature", NULL, JUNE_2026},
    {STRANGER, OTHER_AUTHORITY, "Kabid palsu", OFFICIAL, "digitalSignature", NULL, YEAR_2027},
    {ENCRYPTING, AUTHORITY, "Kabid sandi", OFFICIAL, "keyAgreement", NULL, YEAR_2027},
    {WEB, AUTHORITY, "Kabid web", OFFICIAL, "digitalSignature", "serverAuth", YEAR_2027},
    {SUBJECT, AUTHORITY, OFFICIAL, NULL, "digitalSignature", NULL, YEAR_2027},
    {SHORT_KEY, AUTHORITY, "Kabid pendek", OFFICIAL, "digitalSignature", NULL, YEAR_2027},
};

static void
make_identity(const CertificateRow *row)
{
    Identity *own = &identities[row->who];
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    const Identity *issuer = &identities[row->by];
    g_autofree char *alternative = row->email ? g_strconcat("email:", row->email, NULL) : NULL;

    own->key = row->who == SHORT_KEY ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256");
    own->certificate = certificate;
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1000 + row->who);
    ASN1_TIME_set(X509_getm_notBefore(certificate), YEAR_2026);
    ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)row->until);
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_UTF8, (const unsigned char *)row->name, -1, -1, 0);
    if (row->who == SUBJECT)
        X509_NAME_add_entry_by_txt(
            name, "emailAddress", MBSTRING_ASC, (const unsigned char *)OFFICIAL, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate));
    X509_set_pubkey(certificate, own->key);
    add_extension(certificate,
                  issuer->certificate,
                  NID_basic_constraints,
                  row->who == row->by ? "critical,CA:TRUE" : "CA:FALSE");
    add_extension(certificate, issuer->certificate, NID_key_usage, row->usage);
    add_extension(certificate, issuer->certificate, NID_ext_key_usage, row->extended);
    add_extension(certificate, issuer->certificate, NID_subject_alt_name, alternative);
    assert_true(X509_sign(certificate, issuer->key, EVP_sha256()) > 0);
}

static void
make_identities(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(certificate_rows); i++)
        make_identity(&certificate_rows[i]);
}

static void
drop_identities(void)
{
    for (gsize i = 0; i < N_IDENTITIES; i++) {
        X509_free(identities[i].certificate);
        EVP_PKEY_free(identities[i].key);
    }
}

static char *
pem_of(int who)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes = NULL, *pem;
    long length;

    PEM_write_bio_X509(bio, identities[who].certificate);
    length = BIO_get_mem_data(bio, &bytes);
    pem = g_strndup(bytes, (gsize)length);
    BIO_free(bio);
    return pem;
}

/* --- mails -------------------------------------------------------------------------------------
 */

static const char *const inner =
    "Content-Type: text/plain; charset=utf-8\r\n\r\nSELESAI SE-2026-000001\r\n";

/* DER of a signature by one or two, in base64 lines of 64. */
static char *
sign(const char *content, int who, int second, gboolean is_opaque, const EVP_MD *digest)
{
    BIO *in = BIO_new_mem_buf(content, -1);
    unsigned flags =
        CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | (is_opaque ? 0 : (unsigned)CMS_DETACHED);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, flags);
    unsigned char *der = NULL;
    g_autofree char *raw = NULL;
    GString *text = g_string_new(NULL);
    int length;

    assert_non_null(
        CMS_add1_signer(cms, identities[who].certificate, identities[who].key, digest, flags));
    if (second >= 0)
        assert_non_null(CMS_add1_signer(
            cms, identities[second].certificate, identities[second].key, digest, flags));
    assert_int_equal(CMS_final(cms, in, NULL, flags), 1);
    length = i2d_CMS_ContentInfo(cms, &der);
    raw = g_base64_encode(der, (gsize)length);
    for (gsize i = 0; i < strlen(raw); i += 64)
        g_string_append_printf(text, "%.64s\r\n", raw + i);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    return g_string_free(text, FALSE);
}

#define HEAD                                                                                       \
    "From: Kabid <" OFFICIAL ">\r\nTo: kantor@contohkab.go.id\r\nSubject: Re: giliran\r\n"         \
    "MIME-Version: 1.0\r\n"

static char *
signed_entity(const char *signature, const char *content)
{
    return g_strdup_printf(
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n"
        " micalg=sha-256; boundary=\"BB\"\r\n\r\nThis is an S/MIME signed message\r\n\r\n"
        "--BB\r\n%s\r\n--BB\r\n"
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n--BB--\r\n",
        content,
        signature);
}

static char *
opaque_entity(const char *signature, const char *kind)
{
    return g_strdup_printf("Content-Type: application/pkcs7-mime; smime-type=%s; name=smime.p7m\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\n%s",
                           kind,
                           signature);
}

static char *
without_cr(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);

    return g_strjoinv("\n", lines);
}

static char *
replaced(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, -1);

    assert_true(g_strv_length(parts) > 1);
    return g_strjoinv(to, parts);
}

static char *
wrapped(const char *entity, const char *type)
{
    return g_strdup_printf(
        HEAD "Content-Type: %s; boundary=OO\r\n\r\n--OO\r\n%s\r\n--OO--\r\n", type, entity);
}

typedef enum {
    PLAIN,
    BARE_LF,
    TAMPERED,
    CHANGED_LINE_END,
    IN_MIXED,
    ATTACHED_ONLY,
    WITH_EPILOGUE,
    THIRD_PART,
    TRUNCATED,
    TRAILING_DER,
    JUNK_IN_BASE64,
    TWO_TYPES,
    SPLIT_BOUNDARY,
    ENCRYPTED,
    OPAQUE_IN_DETACHED,
    DETACHED_IN_OPAQUE,
    OVER_OTHER
} Shape;

typedef struct {
    const char *name;
    int who, second;
    gboolean is_opaque;
    Shape shape;
    const char *from;   /* NULL = two From fields */
    const char *reason; /* part of it; "" = good; NULL = no S/MIME at all */
    int authority;
    gint64 at_utc;
} Row;

static char *
entity_of(const Row *row)
{
    gboolean wants_opaque = row->is_opaque || row->shape == OPAQUE_IN_DETACHED;
    const EVP_MD *digest = strstr(row->name, "SHA-1") ? EVP_sha1() : EVP_sha256();
    const char *content =
        row->shape == OVER_OTHER ? "Content-Type: text/plain\r\n\r\nTOLAK\r\n" : inner;
    g_autofree char *signature = sign(
        content, row->who, row->second, wants_opaque && row->shape != DETACHED_IN_OPAQUE, digest);

    if (row->shape == TRUNCATED)
        signature[strlen(signature) / 2 / 66 * 66] = '\0';
    if (row->shape == JUNK_IN_BASE64)
        signature[70] = '!';
    if (row->shape == TRAILING_DER) {
        gsize length = 0;
        g_autofree guchar *der = g_base64_decode(signature, &length);
        g_autofree guchar *longer = g_malloc0(length + 3);

        memcpy(longer, der, length);
        g_free(signature);
        signature = g_base64_encode(longer, length + 3);
    }
    if (row->is_opaque)
        return opaque_entity(signature, row->shape == ENCRYPTED ? "enveloped-data" : "signed-data");
    return signed_entity(signature, inner);
}

static char *
mail_of(const Row *row)
{
    g_autofree char *entity = entity_of(row);
    g_autofree char *whole = g_strconcat(HEAD, entity, NULL);
    g_autofree char *attached = g_strconcat(
        "Content-Type: text/plain\r\n\r\nSELESAI\r\n--OO\r\nContent-Type: message/rfc822\r\n\r\n",
        whole,
        NULL);

    switch (row->shape) {
    case BARE_LF:
        return without_cr(whole);
    case TAMPERED:
        return replaced(whole, "SELESAI SE-2026-000001", "SELESAI SE-2026-000002");
    case CHANGED_LINE_END:
        return replaced(whole, "000001\r\n", "000001 \r\n");
    case IN_MIXED:
        return wrapped(entity, "multipart/mixed");
    case ATTACHED_ONLY:
        return wrapped(attached, "multipart/mixed");
    case WITH_EPILOGUE:
        return g_strconcat(whole, "TOLAK\r\n", NULL);
    case THIRD_PART:
        return replaced(whole, "--BB--", "--BB\r\n\r\nTOLAK\r\n--BB--");
    case TWO_TYPES:
        return g_strconcat("Content-Type: text/html\r\n", whole, NULL);
    case SPLIT_BOUNDARY:
        return replaced(whole, "boundary=\"BB\"", "boundary*0=B; boundary*1=B");
    case PLAIN:
    case TRUNCATED:
    case TRAILING_DER:
    case JUNK_IN_BASE64:
    case ENCRYPTED:
    case OPAQUE_IN_DETACHED:
    case DETACHED_IN_OPAQUE:
    case OVER_OTHER:
        break;
    }
    return g_steal_pointer(&whole);
}

static const Row rows[] = {
    {"a multipart/signed mail of the official is signed",
     KABID,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL,
     "",
     AUTHORITY,
     AT},
    {"an opaque mail of the official is signed",
     KABID,
     -1,
     TRUE,
     PLAIN,
     OFFICIAL,
     "",
     AUTHORITY,
     AT},
    {"a mailbox that keeps bare line ends changes nothing",
     KABID,
     -1,
     FALSE,
     BARE_LF,
     OFFICIAL,
     "",
     AUTHORITY,
     AT},
    {"From in capitals is the same address",
     KABID,
     -1,
     FALSE,
     PLAIN,
     "Kabid@ContohKab.go.id",
     "",
     AUTHORITY,
     AT},
    {"without a time the two instants are left to the caller",
     EXPIRED,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL,
     "",
     AUTHORITY,
     0},
    {"one changed figure breaks it",
     KABID,
     -1,
     FALSE,
     TAMPERED,
     OFFICIAL,
     "changed",
     AUTHORITY,
     AT},
    {"one added blank breaks it",
     KABID,
     -1,
     FALSE,
     CHANGED_LINE_END,
     OFFICIAL,
     "changed",
     AUTHORITY,
     AT},
    {"a signature over other bytes breaks it",
     KABID,
     -1,
     FALSE,
     OVER_OTHER,
     OFFICIAL,
     "changed",
     AUTHORITY,
     AT},
    {"a signed part inside multipart/mixed is not the mail",
     KABID,
     -1,
     FALSE,
     IN_MIXED,
     OFFICIAL,
     NULL,
     AUTHORITY,
     AT},
    {"a signed mail that is only attached is not the mail",
     KABID,
     -1,
     FALSE,
     ATTACHED_ONLY,
     OFFICIAL,
     NULL,
     AUTHORITY,
     AT},
    {"text behind the signed parts is not covered",
     KABID,
     -1,
     FALSE,
     WITH_EPILOGUE,
     OFFICIAL,
     "behind",
     AUTHORITY,
     AT},
    {"a third part is not covered",
     KABID,
     -1,
     FALSE,
     THIRD_PART,
     OFFICIAL,
     "told apart",
     AUTHORITY,
     AT},
    {"two signers are nobody",
     KABID,
     SEKRETARIS,
     FALSE,
     PLAIN,
     OFFICIAL,
     "exactly one signer",
     AUTHORITY,
     AT},
    {"another official's certificate is not From's",
     SEKRETARIS,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL,
     "not for the address",
     AUTHORITY,
     AT},
    {"an address in the subject's name does not count",
     SUBJECT,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL,
     "not for the address",
     AUTHORITY,
     AT},
    {"an address that only begins alike is another",
     KABID,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL ".evil.id",
     "not for the address",
     AUTHORITY,
     AT},
    {"an expired certificate",
     EXPIRED,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL,
     "not valid then",
     AUTHORITY,
     AT},
    {"a certificate of next year",
     KABID,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL,
     "not valid then",
     AUTHORITY,
     (gint64)(YEAR_2026 - 1) * G_USEC_PER_SEC},
    {"the certificate of another authority",
     STRANGER,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL,
     "issuer",
     AUTHORITY,
     AT},
    {"a certificate for encryption alone",
     ENCRYPTING,
     -1,
     FALSE,
     PLAIN,
     OFFICIAL,
     "purpose",
     AUTHORITY,
     AT},
    {"a certificate for servers alone", WEB, -1, FALSE, PLAIN, OFFICIAL, "purpose", AUTHORITY, AT},
    {"a key of 1024 bits", SHORT_KEY, -1, FALSE, PLAIN, OFFICIAL, "key too weak", AUTHORITY, AT},
    {"a SHA-1 digest", KABID, -1, FALSE, PLAIN, OFFICIAL, "digest is too weak", AUTHORITY, AT},
    {"two From fields", KABID, -1, FALSE, PLAIN, NULL, "plain address", AUTHORITY, AT},
    {"nothing to judge it by", KABID, -1, FALSE, PLAIN, OFFICIAL, "no certificates", -1, AT},
    {"half a signature", KABID, -1, FALSE, TRUNCATED, OFFICIAL, "cannot be read", AUTHORITY, AT},
    {"half an opaque mail", KABID, -1, TRUE, TRUNCATED, OFFICIAL, "cannot be read", AUTHORITY, AT},
    {"bytes behind the signature",
     KABID,
     -1,
     FALSE,
     TRAILING_DER,
     OFFICIAL,
     "cannot be read",
     AUTHORITY,
     AT},
    {"a foreign character in the base64",
     KABID,
     -1,
     FALSE,
     JUNK_IN_BASE64,
     OFFICIAL,
     "encoding cannot be read",
     AUTHORITY,
     AT},
    {"two Content-Type fields", KABID, -1, FALSE, TWO_TYPES, OFFICIAL, NULL, AUTHORITY, AT},
    {"a boundary in pieces",
     KABID,
     -1,
     FALSE,
     SPLIT_BOUNDARY,
     OFFICIAL,
     "more than one way",
     AUTHORITY,
     AT},
    {"an encrypted mail", KABID, -1, TRUE, ENCRYPTED, OFFICIAL, "encrypted", AUTHORITY, AT},
    {"content of its own inside a detached signature",
     KABID,
     -1,
     FALSE,
     OPAQUE_IN_DETACHED,
     OFFICIAL,
     "something else",
     AUTHORITY,
     AT},
    {"an opaque mail without content",
     KABID,
     -1,
     TRUE,
     DETACHED_IN_OPAQUE,
     OFFICIAL,
     "something else",
     AUTHORITY,
     AT},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autofree char *mail = mail_of(row);
    g_autofree char *ca = row->authority < 0 ? NULL : pem_of(row->authority);
    g_autoptr(MpSmimeVerdict) verdict = mp_trust_check_smime((const guint8 *)mail,
                                                             strlen(mail),
                                                             row->from,
                                                             ca,
                                                             ca == NULL ? 0 : strlen(ca),
                                                             row->at_utc);

    if (row->reason == NULL) {
        assert_null(verdict);
        return;
    }
    assert_non_null(verdict);
    if (row->reason[0] == '\0')
        assert_text(verdict->reason, "the whole mail is signed by the address in From");
    assert_contains(verdict->reason, row->reason);
    assert_int_equal(verdict->is_good, row->reason[0] == '\0');
    assert_int_equal(verdict->content != NULL, verdict->is_good && row->is_opaque);
}

static MpSmimeVerdict *
check(const char *mail, const char *from)
{
    g_autofree char *ca = pem_of(AUTHORITY);

    return mp_trust_check_smime((const guint8 *)mail, strlen(mail), from, ca, strlen(ca), AT);
}

static void
test_certificate_facts(void **state)
{
    const Row row = {"", KABID, -1, FALSE, PLAIN, OFFICIAL, "", AUTHORITY, AT};
    g_autofree char *mail = mail_of(&row);
    g_autoptr(MpSmimeVerdict) verdict = check(mail, OFFICIAL);
    guint8 digest[EVP_MAX_MD_SIZE];
    guint n = 0;

    (void)state;
    assert_text(verdict->subject, "CN=Kabid");
    assert_text(verdict->issuer, "CN=CA Contoh");
    assert_text(verdict->serial, "03ea");
    assert_text(verdict->email, OFFICIAL);
    assert_int_equal(strlen(verdict->fingerprint), 64);
    assert_int_equal(X509_digest(identities[KABID].certificate, EVP_sha256(), digest, &n), 1);
    assert_int_equal(g_ascii_xdigit_value(verdict->fingerprint[0]), digest[0] >> 4);
    assert_true(verdict->valid_from_utc == (gint64)YEAR_2026 * G_USEC_PER_SEC);
    assert_true(verdict->valid_until_utc == (gint64)YEAR_2027 * G_USEC_PER_SEC);
}

static void
test_instants_at_their_edges(void **state)
{
    const Row row = {"", KABID, -1, FALSE, PLAIN, OFFICIAL, "", AUTHORITY, AT};
    g_autofree char *mail = mail_of(&row);
    g_autoptr(MpTrustFacts) facts = g_new0(MpTrustFacts, 1);

    (void)state;
    facts->reasons = g_ptr_array_new();
    assert_false(mp_trust_is_signed_at(facts, AT));
    facts->smime = check(mail, OFFICIAL);
    assert_true(mp_trust_is_signed_at(facts, facts->smime->valid_from_utc));
    assert_false(mp_trust_is_signed_at(facts, facts->smime->valid_from_utc - 1));
    assert_true(mp_trust_is_signed_at(facts, facts->smime->valid_until_utc));
    assert_false(mp_trust_is_signed_at(facts, facts->smime->valid_until_utc + 1));
}

static void
test_unwrap_gives_the_mail_inside(void **state)
{
    const Row row = {"", KABID, -1, TRUE, PLAIN, OFFICIAL, "", AUTHORITY, AT};
    g_autofree char *mail = mail_of(&row);
    g_autoptr(MpSmimeVerdict) verdict = check(mail, OFFICIAL);
    g_autoptr(GBytes) plain = mp_trust_unwrap((const guint8 *)mail, strlen(mail), verdict->content);
    gsize length = 0;
    const char *bytes = g_bytes_get_data(plain, &length);
    g_autofree char *text = g_strndup(bytes, length);
    g_autofree char *want = g_strconcat(HEAD, inner, NULL);

    (void)state;
    assert_text(text, want);
}

/* A signature cut anywhere, or with any one byte changed, is never good and never a crash. */
static void
test_any_damage_is_refused(void **state)
{
    const Row row = {"", KABID, -1, FALSE, PLAIN, OFFICIAL, "", AUTHORITY, AT};
    g_autofree char *mail = mail_of(&row);
    gsize start = (gsize)(strstr(mail, "--BB\r\n") - mail);
    gsize end = (gsize)(strstr(mail, "--BB--") - mail);

    (void)state;
    for (gsize cut = start; cut < end; cut += 7) {
        g_autofree char *part = g_strndup(mail, cut);
        g_autoptr(MpSmimeVerdict) verdict = check(part, OFFICIAL);

        assert_true(verdict == NULL || !verdict->is_good);
    }
}

static void
test_counts_certificates(void **state)
{
    g_autofree char *one = pem_of(AUTHORITY);
    g_autofree char *other = pem_of(OTHER_AUTHORITY);
    g_autofree char *both = g_strconcat("# office\n", one, "\n", other, NULL);

    (void)state;
    assert_int_equal(mp_trust_count_certificates(both, strlen(both)), 2);
    assert_int_equal(mp_trust_count_certificates("no PEM", 6), 0);
    assert_int_equal(mp_trust_count_certificates(NULL, 0), 0);
}

int
main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_certificate_facts),
        cmocka_unit_test(test_instants_at_their_edges),
        cmocka_unit_test(test_unwrap_gives_the_mail_inside),
        cmocka_unit_test(test_any_damage_is_refused),
        cmocka_unit_test(test_counts_certificates),
    };
    int failed;

    make_identities();
    failed = run_rows("smime", rows, test_row);
    failed += cmocka_run_group_tests_name("smime facts", others, NULL, NULL);
    drop_identities();
    return failed;
}
