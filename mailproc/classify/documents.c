/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kind of each document: what it says first, then what it is called, then its place in the
 * mail. A name is read as words: "sk_pensiun-rina (2).pdf" is "sk pensiun rina". */

#include "classify/classify-private.h"

#define HEAD_LINES 14
#define TEXT_FIELDS                                                                                \
    (MP_FIELD_BIT(DOC_TITLE) | MP_FIELD_BIT(DOC_HAL) | MP_FIELD_BIT(DOC_HEAD) |                    \
     MP_FIELD_BIT(DOC_TEXT))

/* File name without extensions, separators as blanks, "(2)" and "pdf.pdf" gone. */
static char *
name_in_words(const char *filename)
{
    static const char *const extensions[] = {".pdf",
                                             ".docx",
                                             ".doc",
                                             ".xlsx",
                                             ".xls",
                                             ".csv",
                                             ".jpg",
                                             ".jpeg",
                                             ".png",
                                             ".zip",
                                             ".tif",
                                             ".tiff",
                                             ".odt",
                                             ".rtf",
                                             ".heic",
                                             NULL};
    g_autofree char *name = g_strdup(filename != NULL ? filename : "");
    gboolean is_cut = TRUE;

    while (is_cut) {
        is_cut = FALSE;
        for (gsize i = 0; extensions[i] != NULL; i++) {
            gsize length = strlen(name), cut = strlen(extensions[i]);

            if (length > cut && g_ascii_strcasecmp(name + length - cut, extensions[i]) == 0) {
                name[length - cut] = '\0';
                is_cut = TRUE;
            }
        }
    }
    for (char *at = name; *at != '\0'; at++) {
        if (strchr("_-.()[]+,", *at) != NULL)
            *at = ' ';
    }
    return mp_text_line(name);
}

static char *
head_of(const char *text)
{
    const char *at = text;

    for (guint lines = 0; *at != '\0' && lines < HEAD_LINES; at++) {
        if (*at == '\n' && at > text && at[-1] != '\n')
            lines++;
    }
    return g_strndup(text, (gsize)(at - text));
}

static void
set_document(MpScene *scene, const MpDocument *document)
{
    g_autofree char *name = name_in_words(document->filename);
    g_autoptr(MpLetter) letter = NULL;
    g_autofree char *head = NULL;
    gboolean is_readable = document->is_readable && document->text != NULL;

    mp_scene_set(scene, MP_FIELD_DOC_NAME, name);
    if (is_readable) {
        letter = mp_document_find_letter(document->text);
        head = head_of(document->text);
    }
    mp_scene_set(scene, MP_FIELD_DOC_TITLE, letter != NULL ? letter->title : NULL);
    mp_scene_set(scene, MP_FIELD_DOC_HAL, letter != NULL ? letter->subject : NULL);
    mp_scene_set(scene, MP_FIELD_DOC_HEAD, head);
    mp_scene_set(scene, MP_FIELD_DOC_TEXT, is_readable ? document->text : NULL);
}

/* Sets the kind by the best word of a run; FALSE when the run says nothing. */
static gboolean
decide_kind(const MpRules *rules,
            const MpScene *scene,
            guint fields,
            MpDocument *document,
            MpVerdict *verdict)
{
    g_autoptr(MpTally) tally = mp_rules_run(rules, scene, MP_TARGET_DOCUMENT, fields);
    const char *kind = mp_tally_best(tally, NULL);

    if (kind != NULL) {
        g_free(document->kind);
        document->kind = g_strdup(kind);
    }
    mp_tally_report(tally, kind != NULL ? kind : "", verdict);
    return kind != NULL;
}

void
mp_classify_documents(const MpRules *rules,
                      GPtrArray *documents,
                      const MpMessage *message,
                      MpVerdict *verdict)
{
    g_autoptr(MpScene) scene = mp_scene_new();

    (void)message;
    for (guint i = 0; i < documents->len; i++) {
        MpDocument *document = g_ptr_array_index(documents, i);
        gboolean is_known = FALSE;

        g_free(document->kind);
        document->kind = g_strdup("lainnya");
        if (document->is_empty) {
            mp_text_add_once(verdict->doubts, "empty-attachment");
            continue;
        }
        set_document(scene, document);
        if (document->is_readable)
            is_known = decide_kind(rules, scene, TEXT_FIELDS, document, verdict);
        if (!is_known)
            is_known = decide_kind(rules, scene, MP_FIELD_BIT(DOC_NAME), document, verdict);
        if (!is_known && !document->is_readable)
            mp_text_add_once(verdict->doubts, "unread-attachment");
    }
}
