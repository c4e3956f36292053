/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Domains: the organisational one by the public suffix list that libpsl carries compiled in
 * (psl_builtin: static data, no file is opened; psl_latest would read one), and imitations. A name
 * is compared by its skeleton: what a hasty eye reads. Only the letters that matter for domain
 * names are in the table; ASCII look-alikes (0/o, 1/l/i, 5/s, rn/m, vv/w) come on top. */

#include "trust/trust-private.h"

#include <libpsl.h>

#define MIN_TYPO_LABEL 5

typedef struct {
    gunichar from;
    char to;
} Confusable;

/* Cyrillic, Greek, Latin letters with hooks and dots that look like a plain Latin one. */
static const Confusable confusables[] = {
    {0x0430, 'a'}, {0x03b1, 'a'}, {0x0251, 'a'}, {0x0432, 'b'}, {0x0184, 'b'}, {0x0441, 'c'},
    {0x03f2, 'c'}, {0x0501, 'd'}, {0x0435, 'e'}, {0x0454, 'e'}, {0x03b5, 'e'}, {0x0261, 'g'},
    {0x04bb, 'h'}, {0x0456, 'i'}, {0x03b9, 'i'}, {0x0131, 'i'}, {0x0457, 'i'}, {0x0458, 'j'},
    {0x043a, 'k'}, {0x03ba, 'k'}, {0x212a, 'k'}, {0x04cf, 'l'}, {0x0142, 'l'}, {0x043c, 'm'},
    {0x043f, 'n'}, {0x03b7, 'n'}, {0x0578, 'n'}, {0x043e, 'o'}, {0x03bf, 'o'}, {0x0585, 'o'},
    {0x00f8, 'o'}, {0x0440, 'p'}, {0x03c1, 'p'}, {0x051b, 'q'}, {0x0433, 'r'}, {0x0455, 's'},
    {0x00df, 's'}, {0x017f, 's'}, {0x0442, 't'}, {0x03c4, 't'}, {0x03c5, 'u'}, {0x0446, 'u'},
    {0x057d, 'u'}, {0x03bd, 'v'}, {0x0475, 'v'}, {0x0461, 'w'}, {0x03c9, 'w'}, {0x0445, 'x'},
    {0x03c7, 'x'}, {0x0443, 'y'}, {0x03b3, 'y'}, {0x04af, 'y'}, {0x0290, 'z'},
};

char *
mp_trust_organisation(const char *domain)
{
    g_autofree char *lower = domain != NULL ? g_ascii_strdown(domain, -1) : NULL;
    const char *found;

    if (lower == NULL || lower[0] == '\0' || g_str_has_suffix(lower, "."))
        return NULL;
    found = psl_registrable_domain(psl_builtin(), lower);
    return g_strdup(found);
}

static char
plain_letter(gunichar c)
{
    for (gsize i = 0; i < G_N_ELEMENTS(confusables); i++) {
        if (confusables[i].from == c)
            return confusables[i].to;
    }
    return c < 0x80 ? (char)c : '?';
}

static void
replace_all(GString *text, const char *what, const char *with)
{
    g_string_replace(text, what, with, 0);
}

/* The domain as the eye reads it: marks off, foreign letters and digits as the letters they look
 * like. Dots stay. */
static char *
skeleton(const char *domain)
{
    g_autofree char *shown = g_hostname_to_unicode(domain);
    g_autofree char *lower = g_utf8_strdown(shown != NULL ? shown : domain, -1);
    g_autofree char *apart = g_utf8_normalize(lower, -1, G_NORMALIZE_ALL);
    GString *out = g_string_new(NULL);

    for (const char *at = apart != NULL ? apart : ""; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (!g_unichar_ismark(c) && !g_unichar_iszerowidth(c))
            g_string_append_c(out, plain_letter(c));
    }
    replace_all(out, "rn", "m");
    replace_all(out, "vv", "w");
    replace_all(out, "0", "o");
    replace_all(out, "1", "l");
    replace_all(out, "i", "l");
    replace_all(out, "5", "s");
    return g_string_free(out, FALSE);
}

/* Without dots, dashes and underscores: "bssn-go-id.example" holds "bssngoid". */
static char *
squeeze(const char *text)
{
    GString *out = g_string_new(NULL);

    for (; *text != '\0'; text++) {
        if (strchr(".-_", *text) == NULL)
            g_string_append_c(out, *text);
    }
    return g_string_free(out, FALSE);
}

/* The label that names the owner: "bssn" of "mail.bssn.go.id". */
static char *
owner_label(const char *domain, const char **suffix_out)
{
    g_autofree char *organisation = mp_trust_organisation(domain);
    const char *dot = organisation != NULL ? strchr(organisation, '.') : NULL;
    gsize length;

    *suffix_out = NULL;
    if (dot == NULL)
        return NULL;
    length = strlen(dot);
    *suffix_out = domain + strlen(domain) - length;
    return g_strndup(organisation, dot - organisation);
}

/* The owner's label of `real` under another public suffix, or a slip of one letter in a long one.
 */
static gboolean
has_owner_of(const char *domain, const char *real)
{
    const char *suffix, *real_suffix;
    g_autofree char *label = owner_label(domain, &suffix);
    g_autofree char *real_label = owner_label(real, &real_suffix);
    g_autofree char *seen = NULL;
    g_autofree char *real_seen = NULL;

    if (label == NULL || real_label == NULL)
        return FALSE;
    seen = skeleton(label);
    real_seen = skeleton(real_label);
    if (strcmp(seen, real_seen) == 0)
        return TRUE;
    return strlen(real_seen) >= MIN_TYPO_LABEL && mp_text_distance(seen, real_seen, 1) <= 1;
}

static gboolean
imitates(const char *domain, const char *real)
{
    g_autofree char *seen = skeleton(domain);
    g_autofree char *real_seen = skeleton(real);
    g_autofree char *tight = squeeze(seen);
    g_autofree char *real_tight = squeeze(real_seen);
    const char *at = strstr(tight, real_tight);

    /* The whole name inside another: bssn-go-id.example, bssn.go.id.akun.example. A short name
     * would be found everywhere, so it must be long enough to be no accident. */
    if (strcmp(seen, real_seen) == 0 || (at != NULL && strlen(real_tight) >= 7))
        return TRUE;
    return has_owner_of(domain, real);
}

const char *
mp_trust_imitated(const char *domain, const char *const *domains)
{
    if (domain == NULL || domains == NULL || mp_text_domain_in(domain, domains))
        return NULL;
    for (gsize i = 0; domains[i] != NULL; i++) {
        const char *const one[] = {domains[i], NULL};
        g_autofree char *organisation = mp_trust_organisation(domains[i]);

        /* Another house of the same owner (a sister office of the regency) is no imitation. */
        if (organisation != NULL) {
            const char *const owner[] = {organisation, NULL};

            if (mp_text_domain_in(domain, owner))
                continue;
        }
        if (imitates(domain, one[0]))
            return domains[i];
    }
    return NULL;
}
