/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any text as subject (its first line) and new text of a mail, against the rules as they are
 * shipped: the verdict keeps to the closed lists, and a machine's mail asks for nothing. */

#include "classify/classify-private.h"

static MpRules *
load_rules(void)
{
    static const char *const names[] = {"10-kata.rules",
                                        "20-tanda.rules",
                                        "30-dokumen.rules",
                                        "40-layanan.rules",
                                        "50-jenis.rules",
                                        "60-bsre.rules",
                                        "70-alasan.rules"};
    static MpRules *rules = NULL;

    if (rules != NULL)
        return rules;
    rules = mp_rules_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(MP_SOURCE_DIR, "rules", names[i], NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;

        g_assert(g_file_get_contents(path, &bytes, &length, NULL));
        g_assert(mp_rules_add(rules, names[i], bytes, length, NULL));
    }
    return rules;
}

static void
check(const MpVerdict *verdict)
{
    g_assert(g_strv_contains(mp_verdict_kinds, verdict->kind));
    g_assert(verdict->service == NULL || g_strv_contains(mp_service_words, verdict->service));
    g_assert(verdict->outcome == NULL || g_strv_contains(mp_outcome_words, verdict->outcome));
    for (guint i = 0; i < verdict->doubts->len; i++)
        g_assert(g_strv_contains(mp_doubt_words, g_ptr_array_index(verdict->doubts, i)));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autofree char *text = mp_text_clean((const char *)data, (gssize)size);
    g_auto(GStrv) halves = g_strsplit(text, "\n", 2);
    g_autoptr(MpMessage) message = mp_message_new();
    g_autoptr(MpOffice) office = mp_office_new();
    g_autoptr(GPtrArray) documents =
        g_ptr_array_new_with_free_func((GDestroyNotify)mp_document_free);
    const MpSenderProof proof = {.level = MP_TRUST_ALIGNED};
    g_autoptr(MpVerdict) person = NULL;
    g_autoptr(MpVerdict) machine = NULL;

    message->from_fields = 1;
    message->from_is_plain = TRUE;
    g_ptr_array_add(message->from, mp_address_new(NULL, "dinkes@contohkab.go.id"));
    message->subject = g_strdup(halves[0] != NULL ? halves[0] : "");
    g_free(message->reply_text);
    message->reply_text = g_strdup(halves[0] != NULL && halves[1] != NULL ? halves[1] : "");
    person = mp_classify_mail(load_rules(), office, message, documents, &proof);
    check(person);
    message->automatic = MP_AUTOMATIC_AUTO_REPLY;
    machine = mp_classify_mail(load_rules(), office, message, documents, &proof);
    g_assert_cmpstr(machine->kind, ==, "auto-reply");
    g_assert(machine->service == NULL && machine->applicants->len == 0);
    return 0;
}
