/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"
#include "trust/trust-private.h"

/* Written back in one canonical line: "id; method=result key=value …". */
static char *
format(const MpAuthResults *results)
{
    GString *out = g_string_new(results->authserv_id);

    for (guint i = 0; i < results->methods->len; i++) {
        const MpAuthMethod *method = g_ptr_array_index(results->methods, i);

        g_string_append_printf(out, "; %s=%s", method->method, method->result);
        for (guint k = 0; k < method->properties->len; k++) {
            const MpAuthProperty *property = g_ptr_array_index(method->properties, k);

            g_string_append_printf(out, " %s=%s", property->key, property->value);
        }
    }
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *name;
    const char *value;
    const char *want; /* NULL = worthless */
} Row;

static const Row rows[] = {
    {"one method with one property",
     "mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id",
     "mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id"},
    {"a field without results says none", "mx.contohkab.go.id; none", "mx.contohkab.go.id"},
    {"an id alone is a field without results", "mx.contohkab.go.id", "mx.contohkab.go.id"},
    {"the version 1 may stand behind the id", "mx.contohkab.go.id 1; none", "mx.contohkab.go.id"},
    {"another version is not ours to read",
     "mx.contohkab.go.id 2; dmarc=pass header.from=a.id",
     NULL},
    {"id, methods and results have no case",
     "MX.Contohkab.GO.id; DKIM=Pass Header.D=A.id",
     "mx.contohkab.go.id; dkim=pass header.d=A.id"},
    {"a final dot of the id does not count", "mx.contohkab.go.id.; none", "mx.contohkab.go.id"},
    {"comments are no words",
     "mx.a.id (dkim=pass header.d=b.id); (spf=pass) spf=fail (dmarc=pass) smtp.mailfrom=x@b.id",
     "mx.a.id; spf=fail smtp.mailfrom=x@b.id"},
    {"comments nest",
     "mx.a.id; dkim (a (b \\) c) d) = (e) pass header.d = b.id",
     "mx.a.id; dkim=pass header.d=b.id"},
    {"a comment that never closes spoils all", "mx.a.id; dkim=pass (x header.d=b.id", NULL},
    {"folded lines are blanks",
     "mx.a.id;\r\n\tdkim=pass\r\n\t header.d=b.id;\r\n dmarc=fail header.from=b.id",
     "mx.a.id; dkim=pass header.d=b.id; dmarc=fail header.from=b.id"},
    {"a quoted reason may hold a semicolon",
     "mx.a.id; dkim=fail reason=\"bad; dmarc=pass\" header.d=b.id",
     "mx.a.id; dkim=fail header.d=b.id"},
    {"a quoted id is the same id", "\"mx.a.id\"; none", "mx.a.id"},
    {"a quote that never closes spoils all", "mx.a.id; dkim=fail reason=\"x; dmarc=pass", NULL},
    {"a quoted local part belongs to the value",
     "mx.a.id; spf=pass smtp.mailfrom=\"a b\"@c.id",
     "mx.a.id; spf=pass smtp.mailfrom=a b@c.id"},
    {"base64 and addresses keep their signs",
     "mx.a.id; dkim=pass header.b=ab+/c=; spf=pass smtp.mailfrom=a+b=c@d.id",
     "mx.a.id; dkim=pass header.b=ab+/c=; spf=pass smtp.mailfrom=a+b=c@d.id"},
    {"Exchange writes pairs without a ptype",
     "mx.a.id; spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=b.id;dmarc=pass action=none "
     "header.from=b.id;compauth=pass reason=100",
     "mx.a.id; spf=pass smtp.mailfrom=b.id; dmarc=pass header.from=b.id; compauth=pass"},
    {"a method version 1 is the same method",
     "mx.a.id; dkim/1=pass header.d=b.id",
     "mx.a.id; dkim=pass header.d=b.id"},
    {"a method version 2 is not ours to read", "mx.a.id; dkim/2=pass header.d=b.id", NULL},
    {"a field without id begins with a method and is worthless", "dkim=pass header.d=b.id", NULL},
    {"an empty field is worthless", "", NULL},
    {"a semicolon at the end is written by several servers",
     "mx.a.id; dkim=pass header.d=b.id;",
     "mx.a.id; dkim=pass header.d=b.id"},
    {"words after none spoil all", "mx.a.id; none; dkim=pass header.d=b.id", NULL},
    {"a method without result spoils all", "mx.a.id; dkim header.d=b.id", NULL},
    {"a bare word among properties spoils all", "mx.a.id; dkim=pass header.d=b.id oops", NULL},
    {"text before the first semicolon spoils all", "mx.a.id pass; dkim=pass header.d=b.id", NULL},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(MpAuthResults) got = mp_trust_parse_results(row->value);
    g_autofree char *text = got != NULL ? format(got) : NULL;

    assert_text(text, row->want);
}

static void
test_methods_have_a_bound(void **state)
{
    g_autoptr(GString) value = g_string_new("mx.a.id");
    MpAuthResults *got;

    (void)state;
    for (int i = 0; i < 100; i++)
        g_string_append(value, "; dkim=pass header.d=b.id");
    got = mp_trust_parse_results(value->str);
    assert_non_null(got);
    assert_int_equal(got->methods->len, 100);
    mp_trust_results_free(got);
    g_string_append(value, "; dkim=pass header.d=b.id");
    assert_null(mp_trust_parse_results(value->str));
}

static void
test_comments_nest_to_a_bound(void **state)
{
    static const char *const sixteen = "mx.a.id ((((((((((((((((x)))))))))))))))); none";
    static const char *const seventeen = "mx.a.id (((((((((((((((((x))))))))))))))))); none";
    g_autoptr(MpAuthResults) got = mp_trust_parse_results(sixteen);

    (void)state;
    assert_non_null(got);
    assert_null(mp_trust_parse_results(seventeen));
}

static void
test_every_beginning_of_a_field_is_read_without_harm(void **state)
{
    const char *whole = "mx.a.id 1 (c); dkim=pass (x) header.d=b.id reason=\"q\\\"\"; spf=none";

    (void)state;
    for (gsize i = 0; i <= strlen(whole); i++) {
        g_autofree char *part = g_strndup(whole, i);

        mp_trust_results_free(mp_trust_parse_results(part));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_methods_have_a_bound),
        cmocka_unit_test(test_comments_nest_to_a_bound),
        cmocka_unit_test(test_every_beginning_of_a_field_is_read_without_harm),
    };

    return run_rows("Authentication-Results", rows, test_row) |
           cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
