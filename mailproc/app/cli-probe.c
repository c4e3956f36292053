/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `check --probe`: whether the office's server strips Authentication-Results that a sender forged
 * in its name. The office sends itself a mail with such a field in it and gives the mail as it
 * arrived. Only a mail that says it is a probe proves anything: without a forged field on the way
 * out there was nothing to strip. */

#include "app/commands.h"

#define PROBE_FIELD "X-Mailproc-Probe"
#define PROBE_DOMAIN "probe.invalid"

static gboolean
carries_forged(const MpMessage *message)
{
    for (guint i = 0; i < message->headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(message->headers, i);

        if (g_ascii_strcasecmp(header->name, "Authentication-Results") == 0 &&
            strstr(header->value, PROBE_DOMAIN) != NULL)
            return TRUE;
    }
    return FALSE;
}

static char *
judge_results(const MpMessage *message, const MpTrustOptions *trust)
{
    guint n = mp_trust_count_results(message, trust->authserv_id);
    g_autoptr(MpTrustFacts) facts = mp_trust_assess(message, trust);

    if (carries_forged(message))
        return g_strdup_printf("the forged results under '%s' arrived: the server must delete them "
                               "from mail that comes in, or nobody may be called proved (empty "
                               "[trust] authserv_id until it does)",
                               trust->authserv_id);
    if (n == 0)
        return g_strdup_printf("no results under '%s': the server writes none, or under another "
                               "name; set [trust] authserv_id to the first word of its field",
                               trust->authserv_id);
    if (n > 1)
        return g_strdup_printf("%u results under '%s', one expected: somebody else writes in your "
                               "server's name",
                               n,
                               trust->authserv_id);
    if (facts->is_forged_auth)
        return g_strdup("your server's results stand below a Received of another host; name that "
                        "host in [trust] own_hosts");
    return NULL;
}

gboolean
mp_cli_probe(const MpSetup *setup, const char *bytes, gsize length, char **said_out, GError **error)
{
    const MpTrustOptions *trust = &setup->reading->trust;
    MpMessageOptions options = setup->reading->message;
    g_autoptr(MpMessage) message = NULL;

    options.limits = setup->reading->limits;
    message = mp_message_parse((const guint8 *)bytes, length, &options, error);
    if (message == NULL)
        return FALSE;
    if (trust->authserv_id == NULL || trust->authserv_id[0] == '\0')
        *said_out = g_strdup("[trust] authserv_id is empty: nobody is proved, there is nothing to "
                             "forge; set it to your server's name first");
    else if (mp_message_header(message, PROBE_FIELD) == NULL)
        *said_out = g_strdup_printf("no " PROBE_FIELD " field: send a mail from outside to %s with "
                                    "the lines '" PROBE_FIELD ": yes' and 'Authentication-Results: "
                                    "%s; dmarc=pass header.from=" PROBE_DOMAIN "', and give the "
                                    "mail as it arrived",
                                    setup->from_address,
                                    trust->authserv_id);
    else
        *said_out = judge_results(message, trust);
    if (*said_out != NULL)
        return FALSE;
    *said_out = g_strdup_printf("the server strips forged results under '%s'", trust->authserv_id);
    return TRUE;
}
