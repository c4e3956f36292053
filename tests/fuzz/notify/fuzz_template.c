/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Templates: any bytes are refused with file and line or become a template; what the check lets
 * through renders, and no value of the context gets markup into the HTML. The first byte chooses
 * which files are made of the rest. */

#include "notify/notify.h"

static MpValue *
context_of(void)
{
    MpValue *map = mp_value_map();
    MpValue *list = mp_value_list();

    for (guint i = 0; i < 3; i++) {
        MpValue *item = mp_value_map();

        mp_value_set_text(item, "nama", i == 0 ? "<script>" : "{{nomor}}");
        mp_value_append_take(list, item);
    }
    mp_value_set_take(map, "orang", list);
    mp_value_set_take(map, "pemohon", mp_value_map());
    mp_value_set_take(map, "berhasil", mp_value_bool(TRUE));
    mp_value_set_text(map, "nomor", "SE-2026-000123\r\nBcc: x");
    mp_value_set_text(map, "catatan", "<b>\"&'\n{{#orang}}");
    return map;
}

static gboolean
add(MpTemplates *templates, const char *name, const guint8 *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    gboolean is_fine = mp_templates_add(templates, name, (const char *)data, size, &error);

    g_assert(is_fine == (error == NULL));
    g_assert(is_fine || g_str_has_prefix(error->message, name));
    return is_fine;
}

static void
render(const MpTemplates *templates)
{
    g_autoptr(MpValue) context = context_of();
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;
    g_autoptr(GError) error = NULL;

    if (!mp_templates_render(templates, "a", context, &subject, &text, &html, &error)) {
        g_assert(error != NULL);
        return;
    }
    g_assert(mp_text_is_safe(subject));
    g_assert(g_utf8_validate(text, -1, NULL) && g_utf8_validate(html, -1, NULL));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    static const guint8 subject[] = "Subjek: {{nomor}}\n{{> a}}";
    g_autoptr(MpTemplates) templates = mp_templates_new();
    g_autoptr(GError) error = NULL;
    gboolean is_whole;

    if (size == 0)
        return 0;
    is_whole = data[0] % 2 == 0 ? add(templates, "a.txt", data + 1, size - 1)
                                : add(templates, "a.txt", subject, sizeof subject - 1);
    is_whole = add(templates, "a.html", data + 1, size - 1) && is_whole;
    is_whole = add(templates, "_a.txt", data + 1, size - 1) && is_whole;
    is_whole = add(templates, "_a.html", data + 1, size - 1) && is_whole;
    if (!is_whole)
        return 0;
    if (!mp_templates_check(templates, NULL, &error))
        g_assert(error != NULL);
    render(templates); /* also what was not let through must end */
    return 0;
}
