/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"
#include "trust/trust-private.h"

#define OURS "Authentication-Results: mx.contohkab.go.id; "
#define BY_US "Received: from a.example by mx.contohkab.go.id with ESMTPS; Fri, 20 Nov 2026\n"
#define BY_OTHER "Received: from b.example by relay.example with ESMTP; Fri, 20 Nov 2026\n"

typedef struct {
    const char *name;
    const char *headers; /* one a line */
    const char *from;
    MpTrustLevel level;
    gboolean is_forged;
} Row;

static const Row rows[] = {
    {"dmarc=pass for From's domain is aligned",
     OURS "dmarc=pass header.from=contohkab.go.id\n" BY_US,
     "ani@contohkab.go.id",
     MP_TRUST_ALIGNED,
     FALSE},
    {"results below our own Received count: most servers write them there",
     BY_US OURS "dmarc=pass header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ALIGNED,
     FALSE},
    {"results below a foreign Received are forged",
     BY_US BY_OTHER OURS "dmarc=pass header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     TRUE},
    {"of two in our block the topmost counts, also when it says fail",
     BY_US OURS "dmarc=fail header.from=contohkab.go.id\n" OURS
                "dmarc=pass header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_NONE,
     TRUE},
    {"an unreadable topmost one is not passed over for the next",
     BY_US OURS "dmarc=fail (oops\n" OURS "dmarc=pass header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     TRUE},
    {"another server's id proves nothing",
     BY_US "Authentication-Results: mx.evil.example; dmarc=pass header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     TRUE},
    {"a relay's own results beside ours are normal",
     BY_US OURS "dmarc=pass header.from=contohkab.go.id\n"
                "Authentication-Results: relay.example; dmarc=pass header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ALIGNED,
     FALSE},
    {"no results at all leave the bare address",
     BY_US,
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
    {"dmarc=pass for another domain proves nothing",
     BY_US OURS "dmarc=pass header.from=evil.example\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
    {"dmarc=pass without header.from proves nothing",
     BY_US OURS "dmarc=pass\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
    {"dkim of the same organisation is aligned",
     BY_US OURS "dkim=pass header.d=contohkab.go.id\n",
     "ani@dinkes.contohkab.go.id",
     MP_TRUST_ALIGNED,
     FALSE},
    {"dkim of a neighbour below the same public suffix is not",
     BY_US OURS "dkim=pass header.d=lainkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
    {"dkim of the public suffix itself is not",
     BY_US OURS "dkim=pass header.d=go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
    {"the domain of header.i serves where there is no header.d",
     BY_US OURS "dkim=pass header.i=@mail.contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ALIGNED,
     FALSE},
    {"one good signature among bad ones is enough",
     BY_US OURS "dkim=fail header.d=contohkab.go.id; dkim=pass header.d=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ALIGNED,
     FALSE},
    {"a failed dmarc outweighs a passing signature",
     BY_US OURS "dkim=pass header.d=contohkab.go.id; dmarc=fail header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_NONE,
     FALSE},
    {"dmarc pass and fail in one field are a fail",
     BY_US OURS "dmarc=pass header.from=contohkab.go.id; dmarc=fail header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_NONE,
     FALSE},
    {"a resolver's hiccup is no fail",
     BY_US OURS "dkim=pass header.d=contohkab.go.id; dmarc=temperror header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ALIGNED,
     FALSE},
    {"spf alone proves nothing",
     BY_US OURS "spf=pass smtp.mailfrom=ani@contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
    {"arc proves nothing",
     BY_US OURS "arc=pass header.d=contohkab.go.id; dmarc=fail header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_NONE,
     FALSE},
    {"results that a sealer copied prove nothing",
     BY_US "ARC-Authentication-Results: i=1; mx.contohkab.go.id; dmarc=pass "
           "header.from=contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
    {"submission on our own server proves the very address",
     BY_US OURS "auth=pass smtp.auth=ani@contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ALIGNED,
     FALSE},
    {"submission by a colleague does not prove this address",
     BY_US OURS "auth=pass smtp.auth=budi@contohkab.go.id\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
    {"a pass inside a comment is no pass",
     BY_US OURS "spf=none (dmarc=pass header.from=contohkab.go.id)\n",
     "ani@contohkab.go.id",
     MP_TRUST_ADDRESS,
     FALSE},
};

static MpMessage *
make_message(const char *headers, const char *from)
{
    MpMessage *message = mp_message_new();
    g_auto(GStrv) lines = g_strsplit(headers, "\n", -1);

    for (gsize i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) pair = g_strsplit(lines[i], ": ", 2);

        if (pair[0] != NULL && pair[1] != NULL)
            g_ptr_array_add(message->headers, mp_header_new(pair[0], pair[1]));
    }
    message->from_fields = 1;
    message->from_is_plain = from != NULL;
    g_ptr_array_add(message->from, mp_address_new(NULL, from));
    return message;
}

static MpTrustFacts *
assess(const MpMessage *message, const char *authserv_id)
{
    char *own[] = {(char *)"contohkab.go.id", NULL};
    char *bsre[] = {(char *)"bssn.go.id", NULL};
    const MpTrustOptions options = {
        .authserv_id = (char *)authserv_id, .own_domains = own, .bsre_domains = bsre};

    return mp_trust_assess(message, &options);
}

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(MpMessage) message = make_message(row->headers, row->from);
    g_autoptr(MpTrustFacts) got = assess(message, "mx.contohkab.go.id");

    assert_text(mp_trust_to_string(got->level), mp_trust_to_string(row->level));
    assert_int_equal(got->is_forged_auth, row->is_forged);
    assert_int_equal(got->is_suspect_auth, row->level < MP_TRUST_ALIGNED);
    assert_int_not_equal(got->reasons->len, 0);
}

static void
test_without_authserv_id_nobody_is_aligned_and_nobody_suspect(void **state)
{
    g_autoptr(MpMessage) message =
        make_message(BY_US OURS "dmarc=pass header.from=contohkab.go.id\n", "ani@contohkab.go.id");
    g_autoptr(MpTrustFacts) got = assess(message, "");

    (void)state;
    assert_int_equal(got->level, MP_TRUST_ADDRESS);
    assert_false(got->is_suspect_auth);
    assert_false(got->is_forged_auth);
}

static void
test_from_that_is_not_one_plain_address_has_no_level(void **state)
{
    g_autoptr(MpMessage) message =
        make_message(BY_US OURS "dmarc=pass header.from=contohkab.go.id\n", NULL);
    g_autoptr(MpTrustFacts) got = assess(message, "mx.contohkab.go.id");

    (void)state;
    assert_int_equal(got->level, MP_TRUST_NONE);
    assert_true(got->is_suspect_auth);
}

static void
test_own_hosts_name_the_relays_of_our_block(void **state)
{
    char *hosts[] = {(char *)"mx.contohkab.go.id", (char *)"filter.contohkab.go.id", NULL};
    const MpTrustOptions options = {.authserv_id = (char *)"mx.contohkab.go.id",
                                    .own_hosts = hosts};
    g_autoptr(MpMessage) message = make_message(
        "Received: from mx by filter.contohkab.go.id (Postfix) with LMTP id 1\n" BY_US OURS
        "dmarc=pass header.from=contohkab.go.id\n",
        "ani@contohkab.go.id");
    g_autoptr(MpTrustFacts) got = mp_trust_assess(message, &options);

    (void)state;
    assert_int_equal(got->level, MP_TRUST_ALIGNED);
}

static void
test_reply_to_in_another_organisation_is_told(void **state)
{
    g_autoptr(MpMessage) message = make_message(BY_US, "info@bssn.go.id");
    g_autoptr(MpTrustFacts) before = assess(message, "mx.contohkab.go.id");
    g_autoptr(MpTrustFacts) sister = NULL;
    g_autoptr(MpTrustFacts) after = NULL;

    (void)state;
    assert_false(before->has_foreign_reply_to);
    g_ptr_array_add(message->reply_to, mp_address_new(NULL, "cs@bsre.bssn.go.id"));
    sister = assess(message, "mx.contohkab.go.id");
    assert_false(sister->has_foreign_reply_to);
    g_ptr_array_add(message->reply_to, mp_address_new(NULL, "cs@bsre.example"));
    after = assess(message, "mx.contohkab.go.id");
    assert_true(after->has_foreign_reply_to);
}

static void
test_display_name_that_shows_an_officials_address_is_a_look_alike(void **state)
{
    g_autoptr(MpMessage) message = make_message(BY_US, "x1@gmail.com");
    MpAddress *from = g_ptr_array_index(message->from, 0);
    g_autoptr(MpTrustFacts) got = NULL;

    (void)state;
    from->name = g_strdup("kadis@contohkab.go.id");
    got = assess(message, "mx.contohkab.go.id");
    assert_true(got->is_look_alike);
}

static void
test_own_address_as_display_name_is_none(void **state)
{
    g_autoptr(MpMessage) message = make_message(BY_US, "dinkes@contohkab.go.id");
    MpAddress *from = g_ptr_array_index(message->from, 0);
    g_autoptr(MpTrustFacts) got = NULL;

    (void)state;
    from->name = g_strdup("dinkes@contohkab.go.id");
    got = assess(message, "mx.contohkab.go.id");
    assert_false(got->is_look_alike);
}

static void
test_probe_counts_results_under_our_name(void **state)
{
    g_autoptr(MpMessage) message = make_message(BY_US OURS "dmarc=pass header.from=a.id\n" OURS
                                                           "dkim=pass header.d=probe.example\n",
                                                "ani@contohkab.go.id");

    (void)state;
    assert_int_equal(mp_trust_count_results(message, "mx.contohkab.go.id"), 2);
    assert_int_equal(mp_trust_count_results(message, "mx.example"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_authserv_id_nobody_is_aligned_and_nobody_suspect),
        cmocka_unit_test(test_from_that_is_not_one_plain_address_has_no_level),
        cmocka_unit_test(test_own_hosts_name_the_relays_of_our_block),
        cmocka_unit_test(test_reply_to_in_another_organisation_is_told),
        cmocka_unit_test(test_display_name_that_shows_an_officials_address_is_a_look_alike),
        cmocka_unit_test(test_own_address_as_display_name_is_none),
        cmocka_unit_test(test_probe_counts_results_under_our_name),
    };

    return run_rows("level of a sender", rows, test_row) |
           cmocka_run_group_tests_name("assess", tests, NULL, NULL);
}
