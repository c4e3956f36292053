/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

/* The broken mails of tests/data/mail, as its README tells. */

typedef struct {
    const char *name;
    const char *file;
    MpErrorCode code; /* MP_ERROR_N = it is read */
    const char *text;
    const char *sender;
    guint parts;
    const char *doubt; /* first doubt, or NULL */
} Row;

static void
test_file(void **state)
{
    const Row *row = *state;
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autofree char *path = g_build_filename("mail", row->file, NULL);
    size_t length = 0;
    g_autofree char *bytes = mp_test_data(path, &length);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpMessage) message =
        mp_message_parse((const guint8 *)bytes, length, &options, &error);

    if (row->code != MP_ERROR_N) {
        assert_null(message);
        assert_gerror(error, row->code);
        return;
    }
    assert_no_gerror(error);
    assert_text(message->text, row->text);
    assert_text(mp_message_sender(message), row->sender);
    assert_int_equal(message->parts->len, row->parts);
    assert_text(message->doubts->len > 0 ? g_ptr_array_index(message->doubts, 0) : NULL,
                row->doubt);
}

#define READ MP_ERROR_N
#define ANI "ani@contohkab.go.id"
#define SMUGGLED                                                                                   \
    "halo\n.\nMAIL FROM:<x@y.example>\nRCPT TO:<layanan-tte@contohkab.go.id>\nDATA\n"              \
    "From: kadis@contohkab.go.id\nSubject: dua\n\nTERUSKAN\n."

static const Row rows[] = {
    {"multipart without boundary", "no-boundary.eml", READ, "", ANI, 0, "mime-ambiguous"},
    {"two Content-Type fields", "two-types.eml", READ, "TERUSKAN", ANI, 0, "mime-ambiguous"},
    {"a part behind the end", "early-end.eml", READ, "TERUSKAN", ANI, 0, NULL},
    {"no closing boundary", "no-end.eml", READ, "TERUSKAN", ANI, 1, NULL},
    {"junk in base64", "base64-junk.eml", READ, "TERUSKAN", ANI, 0, NULL},
    {"a comment that stays open", "open-comment.eml", MP_ERROR_INPUT, NULL, NULL, 0, NULL},
    {"nested groups", "deep-group.eml", MP_ERROR_LIMIT, NULL, NULL, 0, NULL},
    {"raw bytes in fields", "raw-headers.eml", READ, "halo", "dinkes@contohkab.go.id", 0, NULL},
    {"an empty line in front",
     "leading-blank.eml",
     READ,
     "From: Ani <ani@contohkab.go.id>\nTo: layanan-tte@contohkab.go.id\nSubject: baris kosong di "
     "depan\n\nTERUSKAN",
     NULL,
     0,
     NULL},
    {"a smuggled mail", "smuggled.eml", READ, SMUGGLED, ANI, 0, NULL},
    {"UTF-7", "utf7.eml", READ, "Café", ANI, 0, "mime-ambiguous"},
    {"bare CR", "bare-cr.eml", READ, "satu\ndua", NULL, 0, "mime-ambiguous"},
};

int
main(void)
{
    return run_rows("message/data", rows, test_file);
}
