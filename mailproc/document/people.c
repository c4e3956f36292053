/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People in running text: blocks of labelled fields in any order, numbered lists, lines with a NIP
 * or NIK, names behind "a.n.". The text is walked line by line; what stands above decides whose
 * data a block holds: after "yang bertanda tangan" the signatory's, after "rekomendasi kepada" an
 * applicant's. Below the closing formula only a list ("daftar pegawai …") names applicants. */

#include "document/document-private.h"

typedef enum { ZONE_BODY, ZONE_SIGNATORY, ZONE_CLOSED, ZONE_ANNEX } Zone;

typedef struct {
    GPtrArray *found;
    GPtrArray *signatories; /* MpFound: used when nobody else is named */
    MpApplicant *current;
    guint seen; /* bit set of MpLabel of the current block */
    Zone zone;
    MpLabel pending;     /* label whose value stands on the next line */
    MpLabel last_label;  /* whose value may go on on the next line */
    char *last_name;     /* numbered bare name above the fields */
    guint last_number;   /* its number in the list, 0 = none */
    guint strong_number; /* of the last list item that had facts, 0 = none */
    char *prose;         /* the sentence's line above, or NULL */
    gboolean is_letter;
    gboolean is_listed; /* `last_name` carried a list number or stands below a colon */
    gboolean is_open;   /* only names and fields since a line that ended in a colon */
    gboolean is_ranked; /* the line above is a rank: what follows is a signature's NIP */
} Walker;

static void
flush(Walker *walker)
{
    if (walker->current != NULL) {
        gboolean is_signatory = walker->zone == ZONE_SIGNATORY;

        mp_found_add(
            is_signatory ? walker->signatories : walker->found, &walker->current, MP_FOUND_STRONG);
    }
    g_clear_pointer(&walker->current, mp_applicant_free);
    walker->seen = 0;
    walker->pending = MP_LABEL_NONE;
    walker->last_label = MP_LABEL_NONE;
}

/* A list item that was nothing but a name: a person when it goes on with a list of people, else
 * perhaps one. */
static void
leave_listed(Walker *walker)
{
    g_autoptr(MpApplicant) person = NULL;

    if (walker->last_name == NULL || walker->last_number == 0 || walker->zone == ZONE_CLOSED) {
        g_clear_pointer(&walker->last_name, g_free);
        return;
    }
    person = mp_applicant_new();
    person->name = g_steal_pointer(&walker->last_name);
    mp_found_add(walker->found,
                 &person,
                 walker->strong_number > 0 && walker->last_number == walker->strong_number + 1
                     ? MP_FOUND_STRONG
                     : MP_FOUND_WEAK);
    if (walker->last_number == walker->strong_number + 1)
        walker->strong_number = walker->strong_number > 0 ? walker->last_number : 0;
    walker->last_number = 0;
}

static MpApplicant *
current(Walker *walker)
{
    if (walker->current == NULL) {
        walker->current = mp_applicant_new();
        if (walker->is_listed) {
            walker->current->name = g_steal_pointer(&walker->last_name);
            walker->strong_number = walker->last_number;
            walker->last_number = 0;
        }
        if (walker->current->name != NULL)
            walker->seen = 1U << MP_LABEL_NAME;
        g_clear_pointer(&walker->last_name, g_free);
        walker->is_listed = FALSE;
    }
    return walker->current;
}

/* Fields that one person has only once: seen again, they open the next person. */
static gboolean
is_personal(MpLabel label)
{
    return label == MP_LABEL_NAME || label == MP_LABEL_NIP || label == MP_LABEL_NIK ||
           label == MP_LABEL_NIP_OR_NIK;
}

static void
take_field(Walker *walker, MpLabel label, const char *value)
{
    guint bit = 1U << label;

    if (label == MP_LABEL_ROW)
        return;
    if (walker->is_ranked && label == MP_LABEL_NIP) {
        flush(walker);
        walker->zone = ZONE_CLOSED;
        return;
    }
    if (is_personal(label) && ((walker->seen & bit) != 0 || walker->last_name != NULL))
        flush(walker);
    if (label == MP_LABEL_NAME)
        leave_listed(walker);
    if (walker->current == NULL && !is_personal(label) && walker->last_name == NULL)
        return; /* "Email: …" of a letterhead belongs to nobody */
    mp_person_set(current(walker), label, value);
    walker->seen |= bit;
    walker->pending = *value == '\0' ? label : MP_LABEL_NONE;
    walker->last_label = label;
}

/* Number of a list item, 0 when the line opens with none. */
static guint
list_number(const char *line)
{
    guint number = 0;
    const char *p = line;

    while (g_ascii_isspace(*p) || *p == '(')
        p++;
    for (; g_ascii_isdigit(*p) && number < 10000; p++)
        number = number * 10 + (guint)(*p - '0');
    return *p == '.' || *p == ')' || *p == '\t' || *p == ';' ? number : 0;
}

/* The name before a number, when the sentence broke inside the name or before the number. */
static char *
name_over_lines(const Walker *walker, const char *lead)
{
    g_autofree char *joined = NULL;
    g_autofree char *name = NULL;

    if (walker->prose == NULL)
        return NULL;
    joined = g_strconcat(walker->prose, " ", lead, NULL);
    name = mp_text_name_at_end(joined);
    /* A line that is nothing but a name stands above a signature's NIP. */
    if (name == NULL || strlen(name) + 4 >= strlen(walker->prose))
        return NULL;
    return g_steal_pointer(&name);
}

static void
begin_named(Walker *walker, char *name_take)
{
    flush(walker);
    g_clear_pointer(&walker->last_name, g_free);
    current(walker)->name = name_take;
    walker->seen = 1U << MP_LABEL_NAME;
}

/* "1. Dewi Anggraini, S.STP., NIP 1990… ; NIK 3399… ; Camat ; dewi@…": a name before a number. One
 * line may name several. */
static gboolean
take_number_line(Walker *walker, const char *line)
{
    MpLabel label = MP_LABEL_NONE;
    const char *from = line;
    const char *at = NULL;

    if (walker->is_ranked)
        return FALSE;
    while ((at = mp_text_find_number(from, &label)) != NULL) {
        g_autofree char *lead = g_strndup(from, (gsize)(at - from));
        const char *end = NULL;
        g_autofree char *digits = mp_number_cut(at, &end);
        char *name = mp_name_in_lead(lead);

        if (name == NULL && from == line && walker->current == NULL && !walker->is_listed)
            name = name_over_lines(walker, lead);
        if (name != NULL) {
            begin_named(walker, name);
            walker->strong_number = list_number(line);
        } else if (walker->current == NULL && !walker->is_listed) {
            return from > line; /* "NIP. 1990…" below a signature */
        }
        mp_person_set(current(walker), label, digits);
        walker->seen |= 1U << label;
        from = end > at ? end : at + 1;
    }
    if (from == line)
        return FALSE;
    mp_text_set_rest(walker->current, from);
    walker->last_label = MP_LABEL_OTHER;
    return TRUE;
}

/* "1. Nur Anggraini, S.T." alone on a line, or with a post behind it. */
static gboolean
take_listed_name(Walker *walker, const char *line)
{
    guint number = list_number(line);
    g_autofree char *name = NULL;
    g_autofree char *email = NULL;
    const char *rest = strpbrk(line, ";(");

    if (number == 0)
        return FALSE;
    name = mp_name_of(line);
    if (name == NULL)
        return FALSE;
    flush(walker);
    leave_listed(walker);
    walker->last_name = g_steal_pointer(&name);
    walker->last_number = number;
    walker->is_listed = TRUE;
    email = mp_email_cut(line);
    if (email != NULL || (rest != NULL && strcasestr(rest, "non asn") != NULL))
        mp_text_set_rest(current(walker), rest != NULL ? rest : line);
    return TRUE;
}

static void
take_continuation(Walker *walker, const char *line)
{
    g_autofree char *more = mp_text_line(line);
    MpApplicant *person = walker->current;
    char **field = NULL;

    if (person == NULL || *more == '\0')
        return;
    if (walker->pending != MP_LABEL_NONE) {
        const char *value = *more == ':' ? more + 1 : more;

        mp_person_set(person, walker->pending, value);
        walker->pending = MP_LABEL_NONE;
        return;
    }
    if (walker->last_label == MP_LABEL_UNIT)
        field = &person->unit;
    else if (walker->last_label == MP_LABEL_POSITION)
        field = &person->position;
    else if (walker->last_label == MP_LABEL_NAME && person->name != NULL)
        field = &person->name;
    walker->last_label = MP_LABEL_NONE;
    if (field == NULL || *field == NULL || strlen(more) > 60 ||
        strpbrk(more, "@0123456789") != NULL)
        return;
    if (field == &person->name) {
        g_autofree char *joined = g_strconcat(*field, ", ", more, NULL);
        g_autofree char *name = mp_name_of(joined);

        /* Degrees that did not fit the line. */
        if (name != NULL && strlen(name) > strlen(*field) && strchr(more, '.') != NULL) {
            g_free(*field);
            *field = g_steal_pointer(&name);
        }
        return;
    }
    {
        char *joined = g_strconcat(*field, " ", more, NULL);

        g_free(*field);
        *field = joined;
    }
}

/* A name alone on its line, below a colon or among blocks of fields. */
static gboolean
take_bare_name(Walker *walker, const char *line)
{
    g_autofree char *text = mp_text_line(line);
    g_autofree char *name = mp_name_of(text);

    if (!walker->is_open || walker->pending != MP_LABEL_NONE || name == NULL ||
        strlen(name) != strlen(text) || !g_unichar_isupper(g_utf8_get_char(text)))
        return FALSE;
    if (walker->last_label == MP_LABEL_NAME || walker->last_label == MP_LABEL_UNIT ||
        walker->last_label == MP_LABEL_POSITION)
        return FALSE; /* goes on with the value above */
    flush(walker);
    leave_listed(walker);
    walker->last_name = g_steal_pointer(&name);
    walker->last_number = 0;
    walker->is_listed = TRUE;
    return TRUE;
}

/* The signatory's block is fields and nothing else: the sentence below it speaks of others. */
static gboolean
ends_signatory(const Walker *walker, const char *line)
{
    guint words = 1;

    for (const char *p = line; *p != '\0'; p++)
        words += *p == ' ';
    return walker->zone == ZONE_SIGNATORY && walker->current != NULL &&
           (words >= 6 || g_str_has_suffix(line, ":"));
}

/* Formulas that say whose data follow. TRUE when the line was one. */
static gboolean
take_formula(Walker *walker, const char *line)
{
    gboolean ends_open = g_str_has_suffix(line, ":") || g_str_has_suffix(line, ": ");

    if (mp_line_opens_with_field(line))
        return FALSE;
    if (mp_words_open(line, mp_words_copies) || mp_words_open(line, mp_words_closing)) {
        flush(walker);
        leave_listed(walker);
        walker->zone = ZONE_CLOSED;
        return TRUE;
    }
    if (mp_words_open(line, mp_words_annex)) {
        flush(walker);
        leave_listed(walker);
        walker->zone = ZONE_ANNEX;
        return TRUE;
    }
    if (walker->zone == ZONE_CLOSED)
        return FALSE;
    if (mp_line_opens_signature(line)) {
        flush(walker);
        leave_listed(walker);
        walker->zone = ZONE_CLOSED;
        return TRUE;
    }
    if (mp_words_open(line, mp_words_signatory)) {
        flush(walker);
        leave_listed(walker);
        walker->zone = ZONE_SIGNATORY;
        return TRUE;
    }
    if (ends_signatory(walker, line) ||
        (strlen(line) > 14 && mp_words_in(line, mp_words_applicant))) {
        if (mp_text_has_named_number(line))
            return FALSE;
        flush(walker);
        leave_listed(walker);
        walker->zone = ZONE_BODY;
        walker->is_listed = FALSE;
        return ends_open;
    }
    return FALSE;
}

static gboolean
take_fields(Walker *walker, const char *joined)
{
    g_autoptr(GArray) fields = mp_text_find_fields(joined);
    g_autofree char *lead = NULL;

    if (fields->len == 0)
        return FALSE;
    if (walker->zone == ZONE_CLOSED && walker->is_letter)
        return TRUE;
    lead = g_strndup(joined, g_array_index(fields, MpField, 0).from);
    if (strlen(lead) > 6 && !take_number_line(walker, lead))
        take_listed_name(walker, lead);
    for (guint i = 0; i < fields->len; i++) {
        const MpField *field = &g_array_index(fields, MpField, i);
        g_autofree char *value = mp_text_field_value(joined, fields, i);

        if (walker->zone == ZONE_CLOSED && field->label == MP_LABEL_NAME && walker->found->len == 0)
            walker->zone = ZONE_BODY;
        if (walker->zone == ZONE_CLOSED)
            continue;
        take_field(walker, field->label, value);
        if (field->label == MP_LABEL_NAME && walker->current != NULL)
            mp_text_set_numbers(walker->current, value);
    }
    return TRUE;
}

/* "Nama<tab>Dewi" and "Nama      Dewi": a label without colon beside its value. */
static gboolean
take_cells(Walker *walker, const char *line)
{
    g_auto(GStrv) cells = mp_table_cells(line, 0);
    guint at = 0;
    MpLabel label = MP_LABEL_NONE;

    while (cells[at] != NULL && *cells[at] == '\0')
        at++;
    if (g_strv_length(cells) - at != 2 || walker->zone == ZONE_CLOSED)
        return FALSE;
    label = mp_label_parse(cells[at]);
    if (label == MP_LABEL_NONE || label == MP_LABEL_ROW ||
        strpbrk(cells[at], "0123456789,") != NULL)
        return FALSE;
    take_field(walker, label, cells[at + 1]);
    return TRUE;
}

static void
take_line(Walker *walker, const char *raw)
{
    g_autofree char *joined = mp_text_join_colons(raw);
    const char *line = joined;
    MpLabel label = MP_LABEL_NONE;

    while (g_ascii_isspace(*line))
        line++;
    if (*line == '\0') {
        walker->last_label = MP_LABEL_NONE;
        return;
    }
    if (take_formula(walker, line))
        return;
    if (take_fields(walker, line) || walker->zone == ZONE_CLOSED)
        return;
    if (take_cells(walker, line))
        return;
    if (walker->pending == MP_LABEL_NONE && mp_text_find_number(line, &label) != NULL) {
        take_number_line(walker, line);
        return;
    }
    if (walker->current != NULL && walker->last_label == MP_LABEL_OTHER &&
        strchr(line, '@') != NULL)
        mp_person_set(walker->current, MP_LABEL_EMAIL, line);
    if (!take_listed_name(walker, line) && !take_bare_name(walker, line))
        take_continuation(walker, line);
}

/* What a line leaves for the next one: a colon at its end opens a list, prose closes it. */
static void
take_mark(Walker *walker, const char *raw)
{
    g_autofree char *line = mp_text_line(raw);
    gsize n = strlen(line);

    if (n == 0) {
        g_clear_pointer(&walker->prose, g_free);
        return;
    }
    g_free(walker->prose);
    walker->prose =
        walker->zone == ZONE_CLOSED || mp_text_has_named_number(line) ? NULL : g_strdup(line);
    walker->is_ranked = mp_words_open(line, mp_words_rank) && strchr(line, ':') == NULL && n < 50;
    if (line[n - 1] == ':' || walker->zone == ZONE_ANNEX)
        walker->is_open = TRUE;
    else if (walker->current == NULL && walker->last_name == NULL)
        walker->is_open = FALSE;
}

static void
adopt_signatories(Walker *walker, const char *kind, const char *text, GPtrArray *found)
{
    static const char *const own_kinds[] = {"surat-pernyataan", "formulir-perubahan-data", NULL};

    if (found->len > 0 || kind == NULL ||
        (!g_strv_contains(own_kinds, kind) && !mp_words_in(text, mp_words_own_certificate)))
        return;
    while (walker->signatories->len > 0)
        g_ptr_array_add(found, g_ptr_array_steal_index(walker->signatories, 0));
}

void
mp_applicants_of_text(const char *kind,
                      const char *raw,
                      const MpLimits *limits,
                      GPtrArray *found_out,
                      GPtrArray *doubts)
{
    g_autofree char *text = mp_lines_break(raw != NULL ? raw : "");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)mp_found_free);
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func((GDestroyNotify)mp_found_free);
    guint n = mp_lines_join(lines);
    Walker walker = {.found = found,
                     .signatories = own,
                     .is_letter = g_strcmp0(kind, "body") != 0 && g_strcmp0(kind, "subject") != 0};
    MpColumns columns;

    for (guint i = 0; i < n; i++) {
        if (found->len >= (guint)limits->table_rows) {
            mp_document_add_doubt(doubts, "limit");
            break;
        }
        if (walker.zone != ZONE_CLOSED && mp_table_parse_header(lines[i], &columns)) {
            flush(&walker);
            i = mp_table_read(lines, i, n, limits, found, doubts);
        } else {
            take_line(&walker, lines[i]);
            take_mark(&walker, lines[i]);
        }
    }
    flush(&walker);
    leave_listed(&walker);
    g_free(walker.last_name);
    g_free(walker.prose);
    adopt_signatories(&walker, kind, text, found);
    if (found->len == 0)
        mp_text_find_weak_names(text, !walker.is_letter, found);
    while (found->len > 0)
        g_ptr_array_add(found_out, g_ptr_array_steal_index(found, 0));
}
