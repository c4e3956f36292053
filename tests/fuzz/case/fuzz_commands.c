/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command language: any text gives commands within the limit, each with a verb and a line that
 * stands in the text; what is not understood has its suggestion; a contradiction gives nothing. */

#include "case/case.h"

static MpVerbs *
load(void)
{
    g_autofree char *text = NULL;
    gsize length;
    MpVerbs *verbs;

    g_assert(g_file_get_contents(MP_SOURCE_DIR "/rules/commands.tsv", &text, &length, NULL));
    verbs = mp_verbs_parse("commands.tsv", text, length, NULL);
    g_assert(verbs != NULL);
    return verbs;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    static MpVerbs *verbs;
    g_autofree char *text = g_strndup((const char *)data, MIN(size, 20000));
    g_autoptr(MpCommands) commands = NULL;
    MpLimits limits = mp_limits_default();

    if (verbs == NULL)
        verbs = load();
    commands = mp_commands_parse(verbs, text, "SE", &limits);
    g_assert(commands->not_understood->len == commands->suggestions->len);
    g_assert((gint64)commands->commands->len <= limits.commands);
    g_assert(commands->commands->len > 0 || commands->doubts->len > 0);
    for (guint i = 0; i < commands->commands->len; i++) {
        const MpCommand *command = g_ptr_array_index(commands->commands, i);

        g_assert(command->verb != NULL && command->line != NULL);
        g_assert(command->note == NULL || g_utf8_validate(command->note, -1, NULL));
        g_assert(command->until == NULL || strlen(command->until) == 10);
    }
    return 0;
}
