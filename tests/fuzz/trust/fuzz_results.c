/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Authentication-Results on any bytes: what is accepted has an id in lower case and methods with
 * results, and a sender of our office is proved by nothing but a result under our name. */

#include "trust/trust-private.h"

static void
check_shape(const MpAuthResults *results)
{
    g_autofree char *lower = g_ascii_strdown(results->authserv_id, -1);

    g_assert_cmpstr(results->authserv_id, ==, lower);
    g_assert(results->authserv_id[0] != '\0');
    for (guint i = 0; i < results->methods->len; i++) {
        const MpAuthMethod *method = g_ptr_array_index(results->methods, i);

        g_assert(method->method[0] != '\0' && method->result != NULL);
    }
}

static void
check_assessment(const char *value, const MpAuthResults *results)
{
    char *own[] = {(char *)"contohkab.go.id", NULL};
    const MpTrustOptions options = {
        .authserv_id = (char *)"mx.contohkab.go.id", .own_domains = own, .bsre_domains = own};
    g_autoptr(MpMessage) message = mp_message_new();
    g_autoptr(MpTrustFacts) facts = NULL;

    message->from_fields = 1;
    message->from_is_plain = TRUE;
    g_ptr_array_add(message->from, mp_address_new(NULL, "ani@contohkab.go.id"));
    g_ptr_array_add(message->headers, mp_header_new("Authentication-Results", value));
    facts = mp_trust_assess(message, &options);
    if (facts->level >= MP_TRUST_ALIGNED)
        g_assert(results != NULL && strcmp(results->authserv_id, "mx.contohkab.go.id") == 0);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autofree char *value = g_strndup((const char *)data, size);
    g_autoptr(MpAuthResults) results = mp_trust_parse_results(value);

    if (results != NULL)
        check_shape(results);
    check_assessment(value, results);
    return 0;
}
