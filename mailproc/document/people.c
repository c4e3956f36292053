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
    MpLabel pending;    /* label whose value stands on the next line */
    MpLabel last_label; /* whose value may go on on the next line */
    char *last_name;    /* numbered bare name above the fields */
    gboolean is_letter;
    gboolean is_listed; /* `last_name` carried a list number or a colon stood above */
} Walker;

/* --- facts of one person -----------------------------------------------------------------------
 */

void
mp_found_free(MpFound *found)
{
    if (found == NULL)
        return;
    mp_applicant_free(found->applicant);
    g_free(found);
}

void
mp_found_add(GPtrArray *found, MpApplicant **person_take, MpFoundStrength strength)
{
    MpApplicant *person = *person_take;
    MpFound *one = NULL;

    if (person == NULL || (person->name == NULL && person->nip == NULL && person->nik == NULL))
        return;
    one = g_new0(MpFound, 1);
    one->applicant = g_steal_pointer(person_take);
    one->strength = strength;
    g_ptr_array_add(found, one);
}

static void
set_once(char **field, char *value_take)
{
    if (*field == NULL && value_take != NULL && *value_take != '\0')
        *field = value_take;
    else
        g_free(value_take);
}

/* A value that only says that there is none: "-", "non ASN". */
static gboolean
is_none(const char *value)
{
    static const char *const words[] = {"-",
                                        "--",
                                        ".",
                                        "tidak ada",
                                        "belum ada",
                                        "nihil",
                                        "non asn",
                                        "non-asn",
                                        "n/a",
                                        "...",
                                        "\xe2\x80\x93",
                                        NULL};
    g_autofree char *fold = mp_words_fold(value);

    return *fold == '\0' || g_strv_contains(words, fold);
}

static char *
name_of(const char *value)
{
    g_autofree char *name = mp_name_cut(value);

    return name != NULL && mp_name_is_plausible(name) ? g_steal_pointer(&name) : NULL;
}

static void
set_changed(MpApplicant *person, char **field, const char *value)
{
    g_autofree char *email = mp_email_cut(value);

    set_once(field, mp_text_line(value));
    /* In a change of address the new one is where the person can be reached. */
    if (field == &person->becomes && email != NULL) {
        g_free(person->email);
        person->email = g_steal_pointer(&email);
    }
}

static void
set_either_number(MpApplicant *person, const char *value)
{
    char *digits = mp_number_cut(value, NULL);

    set_once(digits != NULL && strlen(digits) <= 16 ? &person->nik : &person->nip, digits);
}

static gboolean
has_phone_digits(const char *value)
{
    g_autofree char *digits = mp_text_digits(value);

    return strlen(digits) >= 6 && strlen(digits) <= 30;
}

void
mp_person_set(MpApplicant *person, MpLabel label, const char *value)
{
    if (is_none(value))
        return;
    if (label == MP_LABEL_NAME)
        set_once(&person->name, name_of(value));
    else if (label == MP_LABEL_NIP)
        set_once(&person->nip, mp_number_cut(value, NULL));
    else if (label == MP_LABEL_NIK)
        set_once(&person->nik, mp_number_cut(value, NULL));
    else if (label == MP_LABEL_NIP_OR_NIK)
        set_either_number(person, value);
    else if (label == MP_LABEL_EMAIL)
        set_once(&person->email, mp_email_cut(value));
    else if (label == MP_LABEL_PHONE && has_phone_digits(value))
        set_once(&person->phone, mp_text_line(value));
    else if (label == MP_LABEL_POSITION)
        set_once(&person->position, mp_text_line(value));
    else if (label == MP_LABEL_UNIT)
        set_once(&person->unit, mp_text_line(value));
    else if (label == MP_LABEL_WAS)
        set_changed(person, &person->was, value);
    else if (label == MP_LABEL_BECOMES)
        set_changed(person, &person->becomes, value);
    else if (label == MP_LABEL_VALID_UNTIL)
        set_once(&person->valid_until, mp_document_parse_date(value));
}

/* --- blocks ------------------------------------------------------------------------------------
 */

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

static MpApplicant *
current(Walker *walker)
{
    if (walker->current == NULL) {
        walker->current = mp_applicant_new();
        if (walker->is_listed)
            walker->current->name = g_steal_pointer(&walker->last_name);
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
    if (is_personal(label) && (walker->seen & bit) != 0)
        flush(walker);
    if (walker->current == NULL && !is_personal(label) && walker->last_name == NULL)
        return; /* "Email: …" of a letterhead belongs to nobody */
    mp_person_set(current(walker), label, value);
    walker->seen |= bit;
    walker->pending = *value == '\0' ? label : MP_LABEL_NONE;
    walker->last_label = label;
}

/* --- lines -------------------------------------------------------------------------------------
 */

typedef struct {
    MpLabel label;
    gsize from; /* of the label's words */
    gsize value;
} Field;

/* The colon's label reaches back to the line's start, a tab, a wide blank or punctuation. */
static gsize
label_start(const char *line, gsize colon)
{
    gsize at = colon;

    while (at > 0) {
        const char *p = line + at - 1;

        if (*p == '\t' || strchr(",;|(", *p) != NULL || g_str_has_prefix(p, "  "))
            break;
        if (at >= 3 && (g_str_has_prefix(line + at - 3, "\xe2\x80\x93") ||
                        g_str_has_prefix(line + at - 3, "\xe2\x80\x94")))
            break;
        if (at >= 3 && g_str_has_prefix(line + at - 3, " - "))
            break;
        at--;
    }
    return at;
}

/* Blanks and tabs before colons dropped: "Nama \t : X" and the cells "Nama", ":", "X" are one. */
static char *
join_colons(const char *line)
{
    GString *out = g_string_new(NULL);

    for (const char *p = line; *p != '\0'; p++) {
        const char *q = p;

        while (*q == ' ' || *q == '\t' || g_str_has_prefix(q, "\xc2\xa0"))
            q += (guchar)*q == 0xc2 ? 2 : 1;
        if (q > p && *q == ':' && out->len > 0)
            p = q;
        g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}

static GArray *
find_fields(const char *line)
{
    GArray *fields = g_array_new(FALSE, FALSE, sizeof(Field));

    for (const char *colon = strchr(line, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        gsize at = (gsize)(colon - line);
        gsize from = label_start(line, at);
        g_autofree char *words = g_strndup(line + from, at - from);
        Field field = {mp_label_parse(words), from, at + 1};

        if (field.label != MP_LABEL_NONE)
            g_array_append_val(fields, field);
    }
    return fields;
}

static char *
field_value(const char *line, GArray *fields, guint i)
{
    const Field *field = &g_array_index(fields, Field, i);
    gsize end = i + 1 < fields->len ? g_array_index(fields, Field, i + 1).from : strlen(line);
    g_autofree char *raw = g_strndup(line + field->value, end - field->value);
    char *value = mp_text_line(raw);

    while (*value != '\0' && strchr(",;|-(", value[strlen(value) - 1]) != NULL)
        value[strlen(value) - 1] = '\0';
    return g_strchomp(value);
}

/* "NIP 1990…", "NIK. 3399…", "(NIP: …)" inside a text; where it stands, or NULL. */
static const char *
find_number_word(const char *line, MpLabel *label_out)
{
    static const struct {
        const char *word;
        MpLabel label;
    } words[] = {{"nippk", MP_LABEL_NIP}, {"nip", MP_LABEL_NIP}, {"nik", MP_LABEL_NIK}};

    for (const char *p = line; *p != '\0'; p++) {
        if (p > line && g_ascii_isalpha(p[-1]))
            continue;
        for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
            gsize n = strlen(words[i].word);
            g_autofree char *digits = NULL;

            if (g_ascii_strncasecmp(p, words[i].word, n) != 0 || g_ascii_isalpha(p[n]))
                continue;
            digits = mp_number_cut(p + n, NULL);
            if (digits == NULL)
                continue;
            *label_out = words[i].label;
            return p;
        }
    }
    return NULL;
}

/* A run of 16 or 18 digits without a word before it. */
static const char *
find_bare_number(const char *line, MpLabel *label_out)
{
    for (const char *p = line; *p != '\0'; p++) {
        g_autofree char *digits = NULL;

        if (!g_ascii_isdigit(*p) || (p > line && (g_ascii_isalnum(p[-1]) || p[-1] == '/')))
            continue;
        digits = mp_number_cut(p, NULL);
        if (digits != NULL && (strlen(digits) == 18 || strlen(digits) == 16)) {
            *label_out = strlen(digits) == 18 ? MP_LABEL_NIP : MP_LABEL_NIK;
            return p;
        }
    }
    return NULL;
}

static const char *
find_number(const char *line, MpLabel *label_out)
{
    const char *at = find_number_word(line, label_out);

    return at != NULL ? at : find_bare_number(line, label_out);
}

/* Post named in a list item: the first part that is neither number, address nor name. */
static void
set_rest(MpApplicant *person, const char *rest)
{
    g_auto(GStrv) parts = g_strsplit_set(rest, ";,|\t", -1);

    set_once(&person->email, mp_email_cut(rest));
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *part = mp_text_line(parts[i]);

        if (strpbrk(part, "0123456789@:") == NULL && strlen(part) > 4 && person->position == NULL)
            person->position = g_steal_pointer(&part);
    }
}

/* Reads every number of the line into the person; what is left behind the last one. */
static const char *
set_numbers(MpApplicant *person, const char *line)
{
    MpLabel label = MP_LABEL_NONE;
    const char *at = NULL;

    while ((at = find_number(line, &label)) != NULL) {
        const char *end = NULL;
        g_autofree char *digits = mp_number_cut(at, &end);

        mp_person_set(person, label, digits);
        line = end > at ? end : at + 1;
    }
    return line;
}

/* "1. Dewi Anggraini, S.STP., NIP 1990… ; NIK 3399… ; Camat ; dewi@…": a name before a number. */
static gboolean
take_number_line(Walker *walker, const char *line)
{
    MpLabel label = MP_LABEL_NONE;
    const char *at = find_number(line, &label);
    g_autofree char *lead = NULL;
    g_autofree char *name = NULL;
    const char *before = NULL;

    if (at == NULL)
        return FALSE;
    lead = g_strndup(line, (gsize)(at - line));
    before = mp_text_behind_name_word(lead);
    name = name_of(before != NULL ? before : lead);
    if (name == NULL && walker->current == NULL && !walker->is_listed)
        return FALSE; /* "NIP. 1990…" below a signature */
    if (name != NULL)
        flush(walker);
    if (name != NULL) {
        MpApplicant *person = NULL;

        g_clear_pointer(&walker->last_name, g_free);
        person = current(walker);
        person->name = g_steal_pointer(&name);
        walker->seen = 1U << MP_LABEL_NAME;
    }
    set_rest(walker->current != NULL ? walker->current : current(walker),
             set_numbers(current(walker), line));
    walker->seen |= 1U << label;
    walker->last_label = MP_LABEL_OTHER;
    return TRUE;
}

static gboolean
has_list_number(const char *line)
{
    const char *p = line;

    while (g_ascii_isspace(*p))
        p++;
    if (!g_ascii_isdigit(*p))
        return FALSE;
    while (g_ascii_isdigit(*p))
        p++;
    return *p == '.' || *p == ')' || *p == '\t';
}

/* "1. Nur Anggraini, S.T." alone on a line, or with a post behind it. */
static gboolean
take_listed_name(Walker *walker, const char *line)
{
    g_autofree char *name = NULL;

    if (!has_list_number(line))
        return FALSE;
    name = name_of(line);
    if (name == NULL)
        return FALSE;
    flush(walker);
    g_free(walker->last_name);
    walker->last_name = g_steal_pointer(&name);
    walker->is_listed = TRUE;
    {
        g_autofree char *email = mp_email_cut(line);
        const char *rest = strchr(line, '(');

        if (email != NULL || (rest != NULL && strcasestr(rest, "non asn") != NULL))
            set_rest(current(walker), strpbrk(line, ";(") != NULL ? strpbrk(line, ";(") : line);
    }
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
        g_autofree char *joined = g_strconcat(*field, " ", more, NULL);
        g_autofree char *name = name_of(joined);

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

/* Formulas that say whose data follow. TRUE when the line was one. */
static gboolean
take_formula(Walker *walker, const char *line)
{
    gboolean ends_open = g_str_has_suffix(line, ":") || g_str_has_suffix(line, ": ");

    if (mp_words_open(line, mp_words_copies) || mp_words_open(line, mp_words_closing)) {
        flush(walker);
        walker->zone = ZONE_CLOSED;
        return TRUE;
    }
    if (mp_words_open(line, mp_words_annex)) {
        flush(walker);
        walker->zone = ZONE_ANNEX;
        return TRUE;
    }
    if (walker->zone == ZONE_CLOSED)
        return FALSE;
    if (mp_words_open(line, mp_words_signatory)) {
        flush(walker);
        walker->zone = ZONE_SIGNATORY;
        return TRUE;
    }
    if (strlen(line) > 14 && mp_words_in(line, mp_words_applicant)) {
        flush(walker);
        walker->zone = ZONE_BODY;
        walker->is_listed = FALSE;
        return ends_open;
    }
    return FALSE;
}

static gboolean
take_fields(Walker *walker, const char *joined)
{
    g_autoptr(GArray) fields = find_fields(joined);
    g_autofree char *lead = NULL;

    if (fields->len == 0)
        return FALSE;
    if (walker->zone == ZONE_CLOSED && walker->is_letter)
        return TRUE;
    lead = g_strndup(joined, g_array_index(fields, Field, 0).from);
    if (strlen(lead) > 6 && !take_number_line(walker, lead))
        take_listed_name(walker, lead);
    for (guint i = 0; i < fields->len; i++) {
        const Field *field = &g_array_index(fields, Field, i);
        g_autofree char *value = field_value(joined, fields, i);

        if (walker->zone == ZONE_CLOSED && field->label == MP_LABEL_NAME && walker->found->len == 0)
            walker->zone = ZONE_BODY;
        if (walker->zone == ZONE_CLOSED)
            continue;
        take_field(walker, field->label, value);
        if (field->label == MP_LABEL_NAME && walker->current != NULL)
            set_numbers(walker->current, value);
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
    g_autofree char *joined = join_colons(raw);
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
    if (walker->pending == MP_LABEL_NONE && find_number(line, &label) != NULL) {
        take_number_line(walker, line);
        return;
    }
    if (!take_listed_name(walker, line))
        take_continuation(walker, line);
}

const char *
mp_text_behind_name_word(const char *text)
{
    const char *best = NULL;

    for (guint i = 0; mp_words_before_name[i] != NULL; i++) {
        gsize n = strlen(mp_words_before_name[i]);

        for (const char *p = text; *p != '\0'; p++) {
            if (g_ascii_strncasecmp(p, mp_words_before_name[i], n) != 0 ||
                (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '.')) ||
                !(p[n] == ' ' || p[n] == '\t' || p[n] == '\n' || p[n] == ':' ||
                  (p[n - 1] == '.' && g_ascii_isupper(p[n]))))
                continue;
            if (best == NULL || p + n > best)
                best = p + n;
        }
    }
    while (best != NULL && (*best == ' ' || *best == ':' || *best == '\n'))
        best++;
    return best;
}

/* --- names in running text ---------------------------------------------------------------------
 */

/* The words of a name in a sentence are capitalised; it ends where they end. */
static char *
capitalised_name(const char *text)
{
    g_autofree char *name = name_of(text);
    g_auto(GStrv) words = NULL;
    g_autoptr(GString) out = g_string_new(NULL);

    if (name == NULL)
        return NULL;
    words = g_strsplit(name, " ", -1);
    for (guint i = 0; words[i] != NULL; i++) {
        gunichar c = g_utf8_get_char(words[i]);

        if (!g_unichar_isupper(c) && strchr(words[i], '.') == NULL)
            break;
        if (out->len > 0)
            g_string_append_c(out, ' ');
        g_string_append(out, words[i]);
    }
    while (out->len > 0 && strchr(", ", out->str[out->len - 1]) != NULL)
        g_string_truncate(out, out->len - 1);
    return out->len >= 3 ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

static void
find_weak_names(const char *text, GPtrArray *found)
{
    g_autofree char *line = mp_text_line(text);

    for (guint i = 0; mp_words_before_name[i] != NULL; i++) {
        gsize n = strlen(mp_words_before_name[i]);

        for (const char *p = line; (p = strcasestr(p, mp_words_before_name[i])) != NULL; p += n) {
            g_autoptr(MpApplicant) person = NULL;

            if ((p > line && (g_ascii_isalnum(p[-1]) || p[-1] == '.')) ||
                !(p[n] == ' ' || p[n] == ':' || g_ascii_isupper(p[n])) ||
                (g_ascii_isalpha(p[n - 1]) && g_ascii_isalpha(p[n])))
                continue;
            person = mp_applicant_new();
            person->name = capitalised_name(p + n);
            mp_found_add(found, &person, MP_FOUND_WEAK);
        }
    }
}

/* --- the whole text ----------------------------------------------------------------------------
 */

static void
adopt_signatories(Walker *walker, const char *kind, GPtrArray *found)
{
    static const char *const own_kinds[] = {"surat-pernyataan", "formulir-perubahan-data", NULL};

    if (found->len > 0 || kind == NULL || !g_strv_contains(own_kinds, kind))
        return;
    while (walker->signatories->len > 0)
        g_ptr_array_add(found, g_ptr_array_steal_index(walker->signatories, 0));
}

void
mp_applicants_of_text(const char *kind, const char *text, GPtrArray *found_out)
{
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)mp_found_free);
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func((GDestroyNotify)mp_found_free);
    guint n = g_strv_length(lines);
    Walker walker = {.found = found,
                     .signatories = own,
                     .is_letter = g_strcmp0(kind, "body") != 0 && g_strcmp0(kind, "subject") != 0};
    MpColumns columns;

    for (guint i = 0; i < n; i++) {
        if (walker.zone != ZONE_CLOSED && mp_table_parse_header(lines[i], &columns)) {
            flush(&walker);
            i = mp_table_read(lines, i, n, 1000, found);
        } else {
            take_line(&walker, lines[i]);
        }
    }
    flush(&walker);
    g_free(walker.last_name);
    adopt_signatories(&walker, kind, found);
    if (found->len == 0)
        find_weak_names(text != NULL ? text : "", found);
    while (found->len > 0)
        g_ptr_array_add(found_out, g_ptr_array_steal_index(found, 0));
}

void
mp_applicants_of_table(const char *table, guint max_rows, GPtrArray *found_out)
{
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    guint n = g_strv_length(lines);
    MpColumns columns;

    for (guint i = 0; i < n; i++) {
        if (mp_table_parse_header(lines[i], &columns))
            i = mp_table_read(lines, i, n, max_rows, found_out);
    }
}
