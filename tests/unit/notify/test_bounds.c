/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an office may write stands within bounds: each is tried at its value and one above. */
#include "notify/notify-private.h"
#include "support/asserts.h"

static void
add(MpTemplates *templates, const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;

    if (!mp_templates_add(templates, name, text, strlen(text), &error))
        assert_no_gerror(error);
}

static gboolean
add_nested(guint depth, GError **error)
{
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < depth; i++)
        g_string_append(text, "{{#nomor}}");
    for (guint i = 0; i < depth; i++)
        g_string_append(text, "{{/nomor}}");
    return mp_templates_add(templates, "a.html", text->str, text->len, error);
}

static void
test_depth(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(add_nested(MP_TEMPLATE_DEPTH, &error));
    assert_false(add_nested(MP_TEMPLATE_DEPTH + 1, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
}

static void
test_bytes(void **state)
{
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autofree char *text = g_strnfill(MP_TEMPLATE_BYTES + 1, 'x');
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(mp_templates_add(templates, "a.html", text, MP_TEMPLATE_BYTES, &error));
    assert_false(mp_templates_add(templates, "b.html", text, MP_TEMPLATE_BYTES + 1, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
}

static gboolean
check_chain(guint partials, GError **error)
{
    g_autoptr(MpTemplates) templates = mp_templates_new();

    for (guint i = 1; i <= partials; i++) {
        g_autofree char *file = g_strdup_printf("_p%u.html", i);
        g_autofree char *text = i == partials ? g_strdup("x") : g_strdup_printf("{{> p%u}}", i + 1);

        add(templates, file, text);
    }
    add(templates, "a.html", "{{> p1}}");
    add(templates, "a.txt", "Subjek: x\n");
    return mp_templates_check(templates, NULL, error);
}

static void
test_partials(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    if (!check_chain(MP_TEMPLATE_PARTIALS, &error))
        assert_no_gerror(error);
    assert_false(check_chain(MP_TEMPLATE_PARTIALS + 1, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
}

static gboolean
render_long(gsize bytes, GError **error)
{
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(MpValue) context = mp_value_map();
    g_autofree char *value = g_strnfill(bytes, 'x');
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;

    mp_value_set_text(context, "catatan", value);
    add(templates, "a.txt", "Subjek: x\n{{catatan}}");
    add(templates, "a.html", "x");
    return mp_templates_render(templates, "a", context, &subject, &text, &html, error);
}

static void
test_output(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(render_long(MP_TEMPLATE_OUTPUT, &error));
    assert_false(render_long(MP_TEMPLATE_OUTPUT + 1, &error));
    assert_gerror(error, MP_ERROR_LIMIT);
}

/* Lists in lists that print nothing are not a way to keep the program busy. */
static gboolean
render_many(guint items, GError **error)
{
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(MpValue) context = mp_value_map();
    MpValue *list = mp_value_list();
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;

    for (guint i = 0; i < items; i++)
        mp_value_append_take(list, mp_value_map());
    mp_value_set_take(context, "orang", list);
    add(templates, "a.txt", "Subjek: x\n{{#orang}}{{nama}}{{/orang}}");
    add(templates, "a.html", "x");
    return mp_templates_render(templates, "a", context, &subject, &text, &html, error);
}

static void
test_steps(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(render_many(MP_TEMPLATE_STEPS - 1, &error));
    assert_false(render_many(MP_TEMPLATE_STEPS, &error));
    assert_gerror(error, MP_ERROR_LIMIT);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        {"sections nest so deep and no deeper", test_depth, NULL, NULL, NULL},
        {"a file is so large and no larger", test_bytes, NULL, NULL, NULL},
        {"partials nest so deep and no deeper", test_partials, NULL, NULL, NULL},
        {"a text grows so long and no longer", test_output, NULL, NULL, NULL},
        {"rendering takes so many steps and no more", test_steps, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
