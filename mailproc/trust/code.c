/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Capability codes: 128 random bits as 26 characters of RFC 4648 base32 (the last one carries three
 * bits). They are read generously, because people copy them by hand and clients wrap them; whether
 * a code is good is the store's answer, so a wrong reading is only an unknown code. */

#include "trust/trust-private.h"

#define CODE_LENGTH 26
#define GROUP 5
#define MAX_CODES 50

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *
mp_trust_format_code(const guint8 random[16])
{
    char *code = g_malloc0(CODE_LENGTH + 1);
    guint bits = 0, n_bits = 0;
    gsize out = 0;

    for (gsize i = 0; i < 16; i++) {
        bits = (bits << 8) | random[i];
        n_bits += 8;
        while (n_bits >= 5) {
            n_bits -= 5;
            code[out++] = alphabet[(bits >> n_bits) & 31];
        }
        bits &= 31;
    }
    code[out] = alphabet[(bits << (5 - n_bits)) & 31];
    return code;
}

char *
mp_trust_group_code(const char *code)
{
    GString *out = g_string_new(NULL);

    g_return_val_if_fail(code != NULL, NULL);
    for (gsize i = 0; code[i] != '\0'; i++) {
        if (i > 0 && i % GROUP == 0)
            g_string_append_c(out, '-');
        g_string_append_c(out, code[i]);
    }
    return g_string_free(out, FALSE);
}

/* The base32 character that `c` stands for, 0 when none: digits that are not in the alphabet are
 * slips for the letters they look like. */
static char
canonical(char c)
{
    if (c == '0')
        return 'O';
    if (c == '1')
        return 'I';
    if (c == '8')
        return 'B';
    c = g_ascii_toupper(c);
    return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}

/* What may stand between the characters of a code after a client wrapped or quoted it. */
static gboolean
is_filler(gunichar c)
{
    return c == '-' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '>' || c == '*' ||
           c == 0xa0 || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xad;
}

/* The 26 characters at `text`, or NULL. Nothing alphanumeric may follow at once. */
static char *
read_code(const char *text)
{
    g_autoptr(GString) code = g_string_new(NULL);
    guint filled = 0;

    while (code->len < CODE_LENGTH && *text != '\0') {
        gunichar c = g_utf8_get_char_validated(text, -1);
        char letter = c < 0x80 ? canonical((char)c) : '\0';

        if (letter != '\0') {
            g_string_append_c(code, letter);
            filled = 0;
        } else if (code->len % GROUP != 0 || !is_filler(c) || ++filled > 24)
            return NULL; /* fillers stand between groups: prose is no code */
        text = g_utf8_next_char(text);
    }
    if (code->len != CODE_LENGTH || g_ascii_isalnum(*text))
        return NULL;
    return g_string_free(g_steal_pointer(&code), FALSE);
}

static void
add_code(GPtrArray *codes, char *code_take)
{
    g_autofree char *code = code_take;

    if (code != NULL && codes->len < MAX_CODES)
        mp_text_add_once(codes, code);
}

/* `local.part.CODE@domain` */
static void
find_in_id(const char *id, GPtrArray *codes)
{
    const char *at = strrchr(id, '@');
    const char *dot = at != NULL ? g_strrstr_len(id, at - id, ".") : NULL;
    g_autofree char *last = dot != NULL ? g_strndup(dot + 1, at - dot - 1) : NULL;

    if (last != NULL && strlen(last) == CODE_LENGTH)
        add_code(codes, read_code(last));
}

char *
mp_trust_hide_code(const char *id)
{
    g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func(g_free);
    const char *at = id != NULL ? strrchr(id, '@') : NULL;

    if (at == NULL)
        return g_strdup(id);
    find_in_id(id, codes);
    return codes->len == 0 ? g_strdup(id)
                           : g_strdup_printf("%.*s[kode]%s", (int)(at - id) - CODE_LENGTH, id, at);
}

/* Behind each "Kode:", whatever a client put between the word and the code. */
static void
find_in_text(const char *text, GPtrArray *codes)
{
    for (const char *at = text; *at != '\0'; at++) {
        const char *rest;

        if (g_ascii_strncasecmp(at, "kode", 4) != 0 || (at > text && g_ascii_isalnum(at[-1])))
            continue;
        rest = at + 4 + strspn(at + 4, " \t*");
        if (*rest == ':')
            add_code(codes, read_code(rest + 1));
    }
}

GPtrArray *
mp_trust_find_codes(const MpMessage *message)
{
    GPtrArray *codes = g_ptr_array_new_with_free_func(g_free);

    g_return_val_if_fail(message != NULL, codes);
    if (message->in_reply_to != NULL)
        find_in_id(message->in_reply_to, codes);
    for (guint i = message->references->len; i > 0; i--)
        find_in_id(g_ptr_array_index(message->references, i - 1), codes);
    if (message->text != NULL)
        find_in_text(message->text, codes);
    if (message->quoted_text != NULL)
        find_in_text(message->quoted_text, codes);
    return codes;
}

char *
mp_trust_hash_code(const char *code)
{
    g_autoptr(GString) plain = g_string_new(NULL);

    g_return_val_if_fail(code != NULL, NULL);
    for (; *code != '\0'; code++) {
        char letter = canonical(*code);

        if (letter != '\0')
            g_string_append_c(plain, letter);
    }
    return mp_text_sha256(plain->str, plain->len);
}
