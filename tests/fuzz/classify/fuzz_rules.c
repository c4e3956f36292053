/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A rules file of any bytes: refused with file and line, or loaded and run without harm. */

#include "classify/classify-private.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(MpRules) rules = mp_rules_new(NULL);
    g_autoptr(MpScene) scene = mp_scene_new();
    g_autoptr(GError) error = NULL;

    if (size > 20000)
        return 0;
    if (!mp_rules_add(rules, "uji.rules", (const char *)data, size, &error)) {
        g_assert(g_error_matches(error, MP_ERROR, MP_ERROR_CONFIG));
        g_assert(g_str_has_prefix(error->message, "uji.rules:"));
        return 0;
    }
    mp_scene_set(scene, MP_FIELD_NEW, "Mohon diperpanjang TTE a.n. Tuti, S.Kom. Terima kasih.");
    for (int target = 0; target < MP_TARGET_N; target++) {
        g_autoptr(MpTally) tally = mp_rules_run(rules, scene, (MpTarget)target, ~0u);

        g_assert(tally->hits->len >= tally->words->len || tally->words->len == 0);
    }
    return 0;
}
