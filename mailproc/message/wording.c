/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

gboolean
mp_wording_match(MpWording *wording, const char *text, gssize length, MpCaptures *captures_out)
{
    if (text == NULL)
        return FALSE;
    /* Constant patterns: one that does not compile is a mistake of ours, seen by the first test. */
    if (wording->compiled == NULL)
        wording->compiled = mp_pattern_new(wording->regex, wording->flags, NULL, NULL);
    g_return_val_if_fail(wording->compiled != NULL, FALSE);
    return mp_pattern_match(wording->compiled,
                            text,
                            length < 0 ? strlen(text) : strnlen(text, (gsize)length),
                            0,
                            captures_out) == MP_MATCH_YES;
}
