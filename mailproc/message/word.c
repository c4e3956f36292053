/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* Encoded words (RFC 2047), kinder than the standard: programs cut them inside a character, glue
 * them to text and leave blanks in them. Bytes of neighbouring words in one charset are put
 * together before they are decoded; what is no encoded word stays as it is. */

typedef struct {
    char charset[41];
    gboolean is_base64;
    const char *payload;
    gsize length;
    const char *end; /* behind ?= */
} Word;

typedef struct {
    GString *out;
    GByteArray *bytes; /* of the words so far in `charset` */
    char charset[41];
    gint state; /* base64 goes on in the next word when the last one had no padding */
    guint save;
} Decoder;

static gboolean
find_word(const char *at, Word *word)
{
    const char *charset = at + 2;
    const char *encoding = strchr(charset, '?');
    const char *close;
    gsize n;

    if (encoding == NULL || encoding[1] == '\0' || encoding[2] != '?')
        return FALSE;
    word->is_base64 = encoding[1] == 'B' || encoding[1] == 'b';
    if (!word->is_base64 && encoding[1] != 'Q' && encoding[1] != 'q')
        return FALSE;
    n = strcspn(charset, "*?");
    if (n == 0 || n >= sizeof word->charset || strcspn(charset, " \t") < n)
        return FALSE;
    memcpy(word->charset, charset, n);
    word->charset[n] = '\0';
    word->payload = encoding + 3;
    close = strstr(word->payload, "?=");
    if (close == NULL)
        return FALSE;
    word->length = (gsize)(close - word->payload);
    word->end = close + 2;
    return TRUE;
}

static void
flush(Decoder *decoder)
{
    gboolean guessed = FALSE;
    g_autofree char *text = NULL;

    if (decoder->bytes->len > 0) {
        text = mp_charset_decode(
            decoder->bytes->data, decoder->bytes->len, decoder->charset, &guessed);
        g_string_append(decoder->out, text);
        g_byte_array_set_size(decoder->bytes, 0);
    }
    decoder->charset[0] = '\0';
    decoder->state = 0;
    decoder->save = 0;
}

static void
add_base64(Decoder *decoder, const Word *word)
{
    g_autofree guchar *bytes = g_malloc(word->length / 4 * 3 + 6);
    gsize n =
        g_base64_decode_step(word->payload, word->length, bytes, &decoder->state, &decoder->save);

    g_byte_array_append(decoder->bytes, bytes, (guint)n);
    if (word->length > 0 && word->payload[word->length - 1] == '=') {
        decoder->state = 0;
        decoder->save = 0;
    }
}

static void
add_quoted(Decoder *decoder, const Word *word)
{
    for (gsize i = 0; i < word->length; i++) {
        guint8 byte = (guint8)word->payload[i];

        if (byte == '_') {
            byte = ' ';
        } else if (byte == '=' && i + 2 < word->length && g_ascii_isxdigit(word->payload[i + 1]) &&
                   g_ascii_isxdigit(word->payload[i + 2])) {
            byte = (guint8)(g_ascii_xdigit_value(word->payload[i + 1]) * 16 +
                            g_ascii_xdigit_value(word->payload[i + 2]));
            i += 2;
        }
        g_byte_array_append(decoder->bytes, &byte, 1);
    }
}

static void
add_word(Decoder *decoder, const Word *word)
{
    if (g_ascii_strcasecmp(decoder->charset, word->charset) != 0) {
        flush(decoder);
        g_strlcpy(decoder->charset, word->charset, sizeof decoder->charset);
    }
    if (word->is_base64)
        add_base64(decoder, word);
    else
        add_quoted(decoder, word);
}

char *
mp_word_decode(const char *value)
{
    g_autoptr(GString) out = g_string_sized_new(strlen(value) + 1);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Decoder decoder = {.out = out, .bytes = bytes};
    gboolean after_word = FALSE;
    const char *at = value;

    while (*at != '\0') {
        const char *start = strstr(at, "=?");
        Word word;

        if (start == NULL)
            break;
        if (!find_word(start, &word)) {
            flush(&decoder);
            g_string_append_len(out, at, (gssize)(start + 2 - at));
            at = start + 2;
            after_word = FALSE;
            continue;
        }
        /* Blanks between two words belong to the folding. */
        if (!after_word || strspn(at, " \t") < (gsize)(start - at)) {
            flush(&decoder);
            g_string_append_len(out, at, (gssize)(start - at));
        }
        add_word(&decoder, &word);
        after_word = TRUE;
        at = word.end;
    }
    flush(&decoder);
    g_string_append(out, at);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
