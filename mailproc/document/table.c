/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People in tables. A header row is one with a name column and another known one; a header may go
 * over two lines, cells may be wrapped over several, and a row that does not fit the columns is
 * still read by its numbers. */

#include "document/document-private.h"

/* Cells by runs of blanks or tabs. */
static char **
fine_cells(const char *line)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    const char *from = line;

    for (const char *p = line;; p++) {
        if (*p != '\0' && *p != '\t' && !g_str_has_prefix(p, "  "))
            continue;
        if (p > from)
            g_ptr_array_add(parts, g_strndup(from, (gsize)(p - from)));
        if (*p == '\0')
            break;
        while (p[1] == ' ' || p[1] == '\t')
            p++;
        from = p + 1;
    }
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&parts), FALSE);
}

char **
mp_table_cells(const char *line, guint want)
{
    char **cells = NULL;

    if (strchr(line, '\t') != NULL)
        cells = g_strsplit(line, "\t", -1);
    else if (strchr(line, '|') != NULL)
        cells = g_strsplit(line, "|", -1);
    if (cells == NULL || (want > 0 && g_strv_length(cells) != want)) {
        g_auto(GStrv) fine = fine_cells(line);

        if (cells == NULL || g_strv_length(fine) == want) {
            g_strfreev(cells);
            cells = g_steal_pointer(&fine);
        }
    }
    for (guint i = 0; cells[i] != NULL; i++) {
        char *cell = mp_text_line(cells[i]);

        g_free(cells[i]);
        cells[i] = cell;
    }
    return cells;
}

static guint
label_columns(char **cells, MpColumns *columns)
{
    guint known = 0;
    guint filled = 0;
    gboolean has_name = FALSE;

    memset(columns, 0, sizeof(*columns));
    for (guint i = 0; cells[i] != NULL && i < MP_MAX_COLUMNS; i++) {
        MpLabel label = strchr(cells[i], ':') == NULL ? mp_label_parse(cells[i]) : MP_LABEL_NONE;

        columns->labels[i] = label;
        columns->n = i + 1;
        filled += *cells[i] != '\0';
        known += label != MP_LABEL_NONE;
        has_name = has_name || label == MP_LABEL_NAME ||
                   (label == MP_LABEL_WAS && strcasestr(cells[i], "nama") != NULL);
    }
    return has_name && known >= 2 && known * 2 > filled ? known : 0;
}

gboolean
mp_table_parse_header(const char *line, MpColumns *columns_out)
{
    g_auto(GStrv) cells = mp_table_cells(line, 0);
    g_auto(GStrv) fine = NULL;
    guint known = label_columns(cells, columns_out);
    MpColumns finer;

    if (strstr(line, "  ") == NULL)
        return known > 0;
    /* "NO  NAMA" so near to each other that they came as one cell. */
    fine = fine_cells(line);
    if (label_columns(fine, &finer) > known) {
        *columns_out = finer;
        return TRUE;
    }
    return known > 0;
}

/* The second line of a header adds words to the first ("PANGKAT/" over "GOL. RUANG"). */
static gboolean
is_header_rest(char **cells, const MpColumns *columns)
{
    guint filled = 0;
    guint labels = 0;

    for (guint i = 0; cells[i] != NULL; i++) {
        filled += *cells[i] != '\0';
        labels += *cells[i] != '\0' && mp_label_parse(cells[i]) != MP_LABEL_NONE;
        if (strpbrk(cells[i], "@") != NULL || mp_label_parse(cells[i]) == MP_LABEL_NAME)
            return FALSE;
    }
    (void)columns;
    return filled > 0 && labels == filled;
}

/* A line of column numbers: "1 2 3 4 5". */
static gboolean
is_column_numbers(char **cells)
{
    guint n = 0;

    for (guint i = 0; cells[i] != NULL; i++) {
        g_autofree char *digits = mp_text_digits(cells[i]);

        if (*cells[i] == '\0')
            continue;
        if (strlen(cells[i]) > 4 || *digits == '\0')
            return FALSE;
        n++;
    }
    return n >= 3;
}

static void
append_cell(char **cell, const char *more, MpLabel label)
{
    char *joined = NULL;

    if (*more == '\0')
        return;
    /* A mail address or number cut by the column's width goes on without a blank. */
    if (**cell == '\0')
        joined = g_strdup(more);
    else if (label == MP_LABEL_EMAIL || (*cell)[strlen(*cell) - 1] == '-')
        joined = g_strconcat(*cell, more, NULL);
    else
        joined = g_strconcat(*cell, " ", more, NULL);
    g_free(*cell);
    *cell = joined;
}

static int
column_of(const MpColumns *columns, MpLabel label)
{
    for (guint i = 0; i < columns->n; i++) {
        if (columns->labels[i] == label)
            return (int)i;
    }
    return -1;
}

static const char *
cell_of(char **cells, int i)
{
    return i >= 0 && (guint)i < g_strv_length(cells) ? cells[i] : "";
}

static gboolean
is_whole_number(const char *cell)
{
    g_autofree char *digits = mp_number_cut(cell, NULL);

    return digits != NULL && strlen(digits) >= 15;
}

/* A row opens a new person when its number, or its name without one above, stands in it. */
static gboolean
opens_row(char **cells, const MpColumns *columns, gboolean has_row)
{
    int row = column_of(columns, MP_LABEL_ROW);
    int name = column_of(columns, MP_LABEL_NAME);
    const char *number = cell_of(cells, row);
    int nip = column_of(columns, MP_LABEL_NIP);
    int nik = column_of(columns, MP_LABEL_NIK);

    if (row >= 0 && *number != '\0')
        return g_ascii_isdigit(*number) && strlen(number) < 6;
    if (row >= 0 && !is_whole_number(cell_of(cells, nip)) && !is_whole_number(cell_of(cells, nik)))
        return FALSE; /* the rest of wrapped cells */
    if (*cell_of(cells, name) == '\0')
        return FALSE;
    if (!has_row)
        return TRUE;
    return nip < 0 && nik < 0 ? *cell_of(cells, name) != '\0'
                              : *cell_of(cells, nip) != '\0' || *cell_of(cells, nik) != '\0';
}

static void
row_finish(MpColumns *columns, char **row, GPtrArray *found)
{
    g_autoptr(MpApplicant) person = mp_applicant_new();

    if (row == NULL)
        return;
    for (guint i = 0; row[i] != NULL && i < columns->n; i++) {
        mp_person_set(person, columns->labels[i], row[i]);
        if (columns->labels[i] == MP_LABEL_NAME)
            mp_text_set_numbers(person, row[i]); /* "Nama / NIP" in one cell */
    }
    /* A column "Nama lama" or a wrong spelling in "Semula" still names the person. */
    if (person->name == NULL && person->was != NULL)
        person->name = mp_name_of(person->was);
    if (person->name == NULL)
        return;
    mp_found_add(found, &person, MP_FOUND_STRONG);
}

static char **
row_merge(char **row, char **cells, const MpColumns *columns)
{
    for (guint i = 0; cells[i] != NULL && i < columns->n; i++)
        append_cell(&row[i], cells[i], columns->labels[i]);
    return row;
}

static char **
row_begin(char **cells, guint n)
{
    char **row = g_new0(char *, n + 1);
    guint have = g_strv_length(cells);

    for (guint i = 0; i < n; i++)
        row[i] = g_strdup(i < have ? cells[i] : "");
    return row;
}

/* TRUE when the line cannot belong to the table any more. */
static gboolean
ends_table(const char *line, char **cells, const MpColumns *columns, gboolean has_row)
{
    guint filled = 0;

    for (guint i = 0; cells[i] != NULL; i++)
        filled += *cells[i] != '\0';
    if (filled == 0)
        return FALSE;
    if (mp_words_open(line, mp_words_closing) || mp_words_open(line, mp_words_copies) ||
        mp_words_open(line, mp_words_body))
        return TRUE;
    return filled == 1 && (!has_row || *cells[0] != '\0') && columns->n > 2 &&
           g_strv_length(cells) == 1 && strlen(line) > 30;
}

static gboolean
is_blank(const char *line)
{
    return line[strspn(line, " \t\r")] == '\0';
}

guint
mp_table_read(
    char **lines, guint at, guint n, const MpLimits *limits, GPtrArray *found, GPtrArray *doubts)
{
    MpColumns columns;
    MpColumns again;
    g_auto(GStrv) row = NULL;
    gint64 rows = 0;
    guint blanks = 0;
    guint i = at + 1;

    if (!mp_table_parse_header(lines[at], &columns))
        return at;
    for (; i < n; i++) {
        g_auto(GStrv) cells = mp_table_cells(lines[i], columns.n);

        blanks = is_blank(lines[i]) ? blanks + 1 : 0;
        if (blanks > 2 || ends_table(lines[i], cells, &columns, row != NULL))
            break;
        if (mp_table_parse_header(lines[i], &again) && again.n + 1 >= columns.n)
            continue; /* the next page prints it again */
        if (blanks > 0 || (row == NULL && is_header_rest(cells, &columns)) ||
            (row == NULL && is_column_numbers(cells)))
            continue;
        if (opens_row(cells, &columns, row != NULL) ||
            (row == NULL && g_strv_length(cells) == columns.n)) {
            row_finish(&columns, row, found);
            g_clear_pointer(&row, g_strfreev);
            if (rows >= limits->table_rows) {
                mp_document_add_doubt(doubts, "limit");
                return i;
            }
            row = row_begin(cells, columns.n);
            rows++;
        } else if (row != NULL && g_strv_length(cells) <= columns.n) {
            row_merge(row, cells, &columns);
        } else {
            break;
        }
    }
    row_finish(&columns, row, found);
    return i - 1;
}

void
mp_applicants_of_table(const char *table,
                       const MpLimits *limits,
                       GPtrArray *found_out,
                       GPtrArray *doubts)
{
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    guint n = g_strv_length(lines);
    MpColumns columns;

    for (guint i = 0; i < n; i++) {
        if (mp_table_parse_header(lines[i], &columns))
            i = mp_table_read(lines, i, n, limits, found_out, doubts);
    }
}
