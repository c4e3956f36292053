/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of notify/ share: the inside of values, the tree of a parsed template and the one
 * table of names. */

#include "notify/notify.h"

/* --- values ------------------------------------------------------------------------------- */

typedef enum { MP_VALUE_TEXT, MP_VALUE_BOOL, MP_VALUE_LIST, MP_VALUE_MAP } MpValueKind;

struct MpValue {
    MpValueKind kind;
    char *text;
    gboolean is_true;
    GPtrArray *items;
    GHashTable *entries;
};

/* Text that is not empty, TRUE, a list with items, any map. */
gboolean mp_value_is_true(const MpValue *value);

/* --- the table of names --------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *inside; /* "" = everywhere, else the sections it lives in, blank separated */
    MpValueKind kind;
    gboolean is_verbatim; /* never masked: codes and hashes are no identity numbers */
    const char *doc;
} MpName;

/* Ends with name NULL. */
extern const MpName mp_names[];
/* NULL when there is no such name. */
const MpName *mp_names_find(const char *name);
gboolean mp_names_lives_in(const MpName *name, const char *section);

/* --- templates ------------------------------------------------------------------------------ */

/* Bounds of what an office may write; the tests stand at each and one above. */
#define MP_TEMPLATE_BYTES (256 * 1024)
#define MP_TEMPLATE_DEPTH 16
#define MP_TEMPLATE_PARTIALS 8
#define MP_TEMPLATE_OUTPUT (2 * 1024 * 1024)
#define MP_TEMPLATE_STEPS 100000
#define MP_SUBJECT_CHARS 250

typedef enum {
    MP_NODE_TEXT,
    MP_NODE_VARIABLE,
    MP_NODE_SECTION,
    MP_NODE_INVERTED,
    MP_NODE_PARTIAL
} MpNodeKind;

typedef struct {
    MpNodeKind kind;
    char *text; /* literal text, or the name */
    guint line;
    GPtrArray *children; /* MpNode: sections only */
} MpNode;

typedef enum { MP_ESCAPE_NONE, MP_ESCAPE_HTML } MpEscape;

/* One file. `subject` is the parsed first line of a .txt, else NULL. */
typedef struct {
    char *file;
    MpEscape escape;
    GPtrArray *subject;
    GPtrArray *body;
} MpTemplate;

struct MpTemplates {
    GHashTable *files; /* file name → MpTemplate */
};

/* Nodes of `bytes`; CONFIG "file:line: …". */
GPtrArray *mp_template_parse(const char *file,
                             const char *bytes,
                             gsize length,
                             guint first_line,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Partial `name` as seen from `from` (same extension), or NULL. */
const MpTemplate *
mp_templates_partial(const MpTemplates *templates, const MpTemplate *from, const char *name);
/* Text of the nodes; LIMIT when it grows beyond MP_TEMPLATE_OUTPUT or nests too deep. */
char *mp_template_render(const MpTemplates *templates,
                         const MpTemplate *of,
                         const GPtrArray *nodes,
                         const MpValue *context,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- contexts ------------------------------------------------------------------------------- */

/* The list `langkah`. */
MpValue *mp_notify_steps(const MpNotifyOffice *office, const MpSop *sop, const MpCase *kase);

/* --- mails ---------------------------------------------------------------------------------- */

/* `local@domain` of printable ASCII without blanks, <>, quotes, at most 250 bytes. */
gboolean mp_notify_is_plain_id(const char *id);
/* Name for an attachment: last component, one line, nothing hidden, no leading dot or dash. */
char *mp_notify_filename(const char *filename);
/* The plain ids of `references` (the first and the newest), or NULL. */
char *mp_notify_plain_references(const char *references);
/* Both halves of a media type; "application/octet-stream" for what is none or would nest. */
void mp_notify_plain_type(const char *type, char **major_out, char **minor_out);
