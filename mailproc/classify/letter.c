/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which letter the mail is about, and the people it is about. The letter of request comes first,
 * then form and recommendation, then a letter typed into the mail, then what the mail says of a
 * letter. */

#include "classify/classify-private.h"

static const char *const letter_kinds[] = {
    "surat-permohonan", "formulir-perubahan-data", "surat-rekomendasi", NULL};
/* Texts that name applicants, best first; an SK names other people too. */
static const char *const people_kinds[] = {
    "surat-permohonan", "formulir-perubahan-data", "daftar-pemohon", "surat-rekomendasi", NULL};

/* Lower case without blanks: people put them around the slashes or not. */
static char *
squash(const char *number)
{
    GString *out = g_string_new(NULL);

    for (; *number != '\0'; number++) {
        if (!g_ascii_isspace(*number))
            g_string_append_c(out, g_ascii_tolower(*number));
    }
    return g_string_free(out, FALSE);
}

static gboolean
same_number(const char *a, const char *b)
{
    g_autofree char *left = a != NULL ? squash(a) : NULL;
    g_autofree char *right = b != NULL ? squash(b) : NULL;

    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

static void
take_missing(char **into, char **from)
{
    if (*into == NULL)
        *into = g_steal_pointer(from);
}

/* Adds what `other` knows of the same letter; another letter's number or date stays out. */
static void
merge(MpLetter *letter, MpLetter *other)
{
    gboolean is_other = letter->number != NULL && other->number != NULL &&
                        !same_number(letter->number, other->number);

    if (is_other)
        return;
    if (letter->number == NULL || other->number != NULL) {
        take_missing(&letter->number, &other->number);
        take_missing(&letter->date, &other->date);
    }
    take_missing(&letter->subject, &other->subject);
    take_missing(&letter->title, &other->title);
}

static void
merge_documents(MpLetter *letter, GPtrArray *documents)
{
    for (gsize k = 0; letter_kinds[k] != NULL; k++) {
        for (guint i = 0; i < documents->len; i++) {
            const MpDocument *document = g_ptr_array_index(documents, i);
            g_autoptr(MpLetter) found = NULL;

            if (!document->is_readable || strcmp(document->kind, letter_kinds[k]) != 0)
                continue;
            found = mp_document_find_letter(document->text);
            if (found != NULL)
                merge(letter, found);
        }
        if (letter->number != NULL)
            return; /* a recommendation does not speak for the request */
    }
}

void
mp_classify_find_letter(MpVerdict *verdict, const MpMessage *message, GPtrArray *documents)
{
    g_autofree char *body = mp_classify_body(message);
    g_autofree char *said =
        g_strconcat(message->subject != NULL ? message->subject : "", "\n\n", body, NULL);
    g_autoptr(MpLetter) typed = mp_document_find_letter(body);
    g_autoptr(MpLetter) reference = mp_document_find_reference(said);
    g_autoptr(MpLetter) in_body = mp_document_find_reference(body);

    merge_documents(verdict->letter, documents);
    if (typed != NULL)
        merge(verdict->letter, typed);
    if (reference != NULL)
        merge(verdict->letter, reference);
    /* A subject that names the number alone hides the date that the sentence below gives it. */
    if (in_body != NULL)
        merge(verdict->letter, in_body);
}

static void
add_source(GArray *sources, const char *kind, const char *text, GPtrArray *tables)
{
    MpSource source = {kind, text, tables};

    g_array_append_val(sources, source);
}

static GPtrArray *
read_people(const MpScene *scene,
            const MpOffice *office,
            const MpMessage *message,
            const MpRules *rules,
            GPtrArray *documents,
            GPtrArray *doubts)
{
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(MpSource));
    g_autofree char *body = mp_classify_body(message);

    add_source(sources, "body", body, mp_scene_has(scene, "thread") ? NULL : message->tables);
    for (gsize k = 0; people_kinds[k] != NULL; k++) {
        for (guint i = 0; i < documents->len; i++) {
            MpDocument *document = g_ptr_array_index(documents, i);

            if (document->is_readable && strcmp(document->kind, people_kinds[k]) == 0)
                add_source(sources, document->kind, document->text, document->tables);
        }
    }
    return mp_document_find_applicants((const MpSource *)(void *)sources->data,
                                       sources->len,
                                       (const char *const *)office->own_domains,
                                       &rules->limits,
                                       doubts);
}

/* Where the document room finds nobody, the office's rules may name one: "a.n. …" in a subject. */
static void
add_named(const MpRules *rules, MpVerdict *verdict, const MpScene *scene, guint fields)
{
    g_autoptr(MpTally) tally = mp_rules_run(rules, scene, MP_TARGET_APPLICANT, fields);
    const char *name = mp_tally_best(tally, NULL);
    MpApplicant *applicant;

    if (name == NULL || strlen(name) > 120)
        return;
    applicant = mp_applicant_new();
    applicant->name = g_strdup(name);
    g_ptr_array_add(verdict->applicants, applicant);
    mp_tally_report(tally, name, verdict);
}

/* The address that a notice names beside the person. */
static void
add_stated_address(const MpRules *rules, MpVerdict *verdict, const MpScene *scene)
{
    g_autoptr(MpTally) tally = mp_rules_run(rules, scene, MP_TARGET_EMAIL, MP_FIELD_BIT(NOTICE));
    const char *address = mp_tally_best(tally, NULL);
    MpApplicant *only;

    if (address == NULL || verdict->applicants->len != 1 || !mp_text_is_plain_address(address))
        return;
    only = g_ptr_array_index(verdict->applicants, 0);
    if (only->email == NULL) {
        only->email = mp_text_lower_ascii(address);
        mp_tally_report(tally, address, verdict);
    }
}

/* First words of both names agree: titles stand before and behind. */
static gboolean
is_same_person(const char *name, const char *display)
{
    g_autofree char *bare = g_utf8_casefold(name, -1);
    g_autofree char *other = g_utf8_casefold(display, -1);
    char *comma = strchr(bare, ',');

    if (comma != NULL)
        *comma = '\0';
    g_strstrip(bare);
    return strlen(bare) >= 4 && strstr(other, bare) != NULL;
}

/* Who asks for himself has the address he writes from. */
static void
add_own_address(MpVerdict *verdict, const MpScene *scene)
{
    const char *address = scene->texts[MP_FIELD_SENDER];
    const char *display = scene->texts[MP_FIELD_SENDER_NAME];
    MpApplicant *only;

    if (verdict->applicants->len != 1 || address == NULL || display == NULL)
        return;
    only = g_ptr_array_index(verdict->applicants, 0);
    if (only->email == NULL && only->name != NULL && is_same_person(only->name, display) &&
        mp_scene_has(scene, "writes-for-self")) {
        only->email = g_strdup(address);
        if (!mp_scene_has(scene, "own-domain"))
            mp_text_add_once(verdict->doubts, "private-email");
    }
}

void
mp_classify_find_applicants(const MpRules *rules,
                            MpVerdict *verdict,
                            const MpScene *scene,
                            const MpOffice *office,
                            const MpMessage *message,
                            GPtrArray *documents)
{
    g_autoptr(GPtrArray) found = NULL;

    if (scene->texts[MP_FIELD_NOTICE] != NULL) {
        add_named(rules, verdict, scene, MP_FIELD_BIT(NOTICE) | MP_FIELD_BIT(NOTICE_SUBJECT));
        add_stated_address(rules, verdict, scene);
        return;
    }
    found = read_people(scene, office, message, rules, documents, verdict->doubts);
    if (found->len > 0) {
        g_ptr_array_unref(verdict->applicants);
        verdict->applicants = g_steal_pointer(&found);
    } else {
        add_named(rules,
                  verdict,
                  scene,
                  MP_FIELD_BIT(SUBJECT) | MP_FIELD_BIT(FORWARDED_SUBJECT) | MP_FIELD_BIT(NEW) |
                      MP_FIELD_BIT(FORWARDED));
    }
    add_own_address(verdict, scene);
}
