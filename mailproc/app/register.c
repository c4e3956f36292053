/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register's CSV: cells by RFC 4180, columns by their names, every row checked. */

#include "app/register.h"

enum { NIP_DIGITS = 18, NIK_DIGITS = 16, MAX_CELL_CHARS = 300 };

/* --- columns --- */

/* NULL, or why the cell is wrong. */
typedef char *(*TakeCell)(MpHolder *holder, const char *cell);

static char *
take_name(MpHolder *holder, const char *cell)
{
    holder->name = mp_text_line(cell);
    return NULL;
}

static char *
take_unit(MpHolder *holder, const char *cell)
{
    holder->unit = mp_text_line(cell);
    return NULL;
}

static char *
take_position(MpHolder *holder, const char *cell)
{
    holder->position = mp_text_line(cell);
    return NULL;
}

/* Blanks, dots and dashes between the digits are how people write such numbers. */
static char *
take_number(char **to, const char *cell, const char *what, gsize n)
{
    g_autofree char *digits = mp_text_digits(cell);

    for (const char *at = cell; *at != '\0'; at++)
        if (!g_ascii_isdigit(*at) && strchr(" .-'", *at) == NULL)
            return g_strdup_printf("%s holds something other than digits", what);
    if (strlen(digits) != n)
        return g_strdup_printf(
            "%s has %" G_GSIZE_FORMAT " digits, not %" G_GSIZE_FORMAT, what, strlen(digits), n);
    *to = g_steal_pointer(&digits);
    return NULL;
}

static char *
take_nip(MpHolder *holder, const char *cell)
{
    char *problem = take_number(&holder->nip, cell, "NIP", NIP_DIGITS);
    g_autofree char *birth = NULL;

    if (problem != NULL)
        return problem;
    birth = mp_register_birth(holder->nip);
    return birth == NULL ? g_strdup("NIP does not begin with a day of birth") : NULL;
}

static char *
take_nik(MpHolder *holder, const char *cell)
{
    return take_number(&holder->nik, cell, "NIK", NIK_DIGITS);
}

static char *
take_email(MpHolder *holder, const char *cell)
{
    if (!mp_text_is_plain_address(cell))
        return g_strdup("the address is no plain address");
    holder->email = mp_text_lower_ascii(cell);
    return NULL;
}

static char *
take_state(MpHolder *holder, const char *cell)
{
    static const struct {
        const char *word;
        MpHolderState state;
    } words[] = {{"active", MP_HOLDER_ACTIVE},
                 {"aktif", MP_HOLDER_ACTIVE},
                 {"expired", MP_HOLDER_ACTIVE},
                 {"habis", MP_HOLDER_ACTIVE},
                 {"kedaluwarsa", MP_HOLDER_ACTIVE},
                 {"renewed", MP_HOLDER_ACTIVE},
                 {"diperbarui", MP_HOLDER_ACTIVE},
                 {"revoked", MP_HOLDER_REVOKED},
                 {"dicabut", MP_HOLDER_REVOKED}};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(cell, words[i].word) == 0) {
            holder->state = words[i].state;
            return NULL;
        }
    }
    return g_strdup("the state is none of active, expired, renewed, revoked");
}

/* 2028-11-20, or as offices write it: 20-11-2028, 20/11/2028. */
static char *
take_day(char **to, const char *cell, const char *what)
{
    gboolean is_local = strlen(cell) == 10 && (cell[2] == '-' || cell[2] == '/');
    g_autofree char *day =
        is_local ? g_strdup_printf("%s-%.2s-%.2s", cell + 6, cell + 3, cell) : g_strdup(cell);
    g_autofree char *known = mp_register_day_after(day, 0);

    if (known == NULL)
        return g_strdup_printf("%s is no day (YYYY-MM-DD or DD-MM-YYYY)", what);
    *to = g_steal_pointer(&known);
    return NULL;
}

static char *
take_from(MpHolder *holder, const char *cell)
{
    return take_day(&holder->valid_from, cell, "berlaku_dari");
}

static char *
take_until(MpHolder *holder, const char *cell)
{
    return take_day(&holder->valid_until, cell, "berlaku_sampai");
}

static char *
take_guess(MpHolder *holder, const char *cell)
{
    holder->is_guess = g_ascii_strcasecmp(cell, "ya") == 0 || g_ascii_strcasecmp(cell, "yes") == 0;
    return NULL;
}

/* Where a certificate came from is said by the case itself. */
static char *
take_nothing(G_GNUC_UNUSED MpHolder *holder, G_GNUC_UNUSED const char *cell)
{
    return NULL;
}

static const struct {
    const char *name;
    const char *aliases; /* blank separated, blanks at both ends */
    TakeCell take;
} columns[] = {{"nama", " name ", take_name},
               {"nip", " ", take_nip},
               {"nik", " ", take_nik},
               {"surel", " email e-mail ", take_email},
               {"unit", " opd instansi ", take_unit},
               {"jabatan", " position ", take_position},
               {"status", " state ", take_state},
               {"berlaku_dari", " valid_from ", take_from},
               {"berlaku_sampai", " valid_until ", take_until},
               {"dugaan", " guess ", take_guess},
               {"kasus", " case ", take_nothing}};

static gboolean
is_column(gsize at, const char *head)
{
    g_autofree char *lower = mp_text_lower_ascii(head);
    g_autofree char *word = g_strconcat(" ", lower, " ", NULL);

    return strcmp(columns[at].name, lower) == 0 ||
           (lower[0] != '\0' && strchr(lower, ' ') == NULL &&
            strstr(columns[at].aliases, word) != NULL);
}

/* --- cells --- */

typedef struct {
    const char *name;
    const char *at, *end;
    char separator;
    guint line;   /* of the next byte */
    guint record; /* line where the present record began */
    GPtrArray *problems;
} Reader;

static void
complain(Reader *reader, const char *reason)
{
    g_ptr_array_add(reader->problems,
                    g_strdup_printf("%s:%u: %s", reader->name, reader->record, reason));
}

static void
read_quoted(Reader *reader, GString *cell)
{
    for (reader->at++; reader->at < reader->end; reader->at++) {
        if (*reader->at == '\n')
            reader->line++;
        if (*reader->at != '"') {
            g_string_append_c(cell, *reader->at);
            continue;
        }
        reader->at++;
        if (reader->at >= reader->end || *reader->at != '"')
            return;
        g_string_append_c(cell, '"');
    }
    complain(reader, "a quoted cell does not end");
}

/* Trimmed, and without the apostrophe that kept a spreadsheet from calculating it. */
static char *
finish_cell(const char *raw)
{
    g_autofree char *text = mp_text_line(raw);
    gboolean is_guarded = text[0] == '\'' && text[1] != '\0' && strchr("=+-@'", text[1]) != NULL;

    return g_strdup(is_guarded ? text + 1 : text);
}

/* The cells of one record; NULL at the end. */
static GPtrArray *
read_record(Reader *reader)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) cell = g_string_new(NULL);

    if (reader->at >= reader->end)
        return NULL;
    reader->record = reader->line;
    for (;;) {
        char byte = reader->at < reader->end ? *reader->at : '\n';

        if (byte == '"' && cell->len == 0 && reader->at < reader->end) {
            read_quoted(reader, cell);
            continue;
        }
        if (byte == reader->separator || byte == '\n') {
            g_ptr_array_add(cells, finish_cell(cell->str));
            g_string_truncate(cell, 0);
        } else {
            g_string_append_c(cell, byte);
        }
        reader->at++;
        if (byte == '\n') {
            reader->line++;
            return g_steal_pointer(&cells);
        }
    }
}

static gboolean
is_blank(const GPtrArray *cells)
{
    for (guint i = 0; i < cells->len; i++)
        if (((const char *)g_ptr_array_index(cells, i))[0] != '\0')
            return FALSE;
    return TRUE;
}

/* Which column each place holds; NULL when the head is wrong. */
static GArray *
read_head(Reader *reader)
{
    g_autoptr(GPtrArray) cells = read_record(reader);
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(gsize));
    guint before = reader->problems->len;
    guint seen = 0;

    for (guint i = 0; cells != NULL && i < cells->len; i++) {
        const char *head = g_ptr_array_index(cells, i);
        gsize at = 0;

        while (at < G_N_ELEMENTS(columns) && !is_column(at, head))
            at++;
        if (at == G_N_ELEMENTS(columns)) {
            g_autofree char *reason = g_strdup_printf("no such column: '%.40s'", head);

            complain(reader, reason);
            continue;
        }
        if ((seen & (1U << at)) != 0)
            complain(reader, "a column stands twice");
        seen |= 1U << at;
        g_array_append_val(places, at);
    }
    if ((seen & 1U) == 0 || (seen & (1U << 8)) == 0)
        complain(reader, "the head line must name at least nama and berlaku_sampai");
    return reader->problems->len == before ? g_steal_pointer(&places) : NULL;
}

/* --- rows --- */

static void
free_holder(gpointer holder)
{
    mp_holder_free(holder);
}

static void
check_whole(Reader *reader, const MpHolder *holder, GHashTable *seen)
{
    g_autofree char *key = NULL;

    if (holder->name == NULL)
        complain(reader, "the name is missing");
    if (holder->valid_until == NULL)
        complain(reader, "berlaku_sampai is missing");
    if (holder->valid_from != NULL && holder->valid_until != NULL &&
        strcmp(holder->valid_from, holder->valid_until) > 0)
        complain(reader, "berlaku_dari is after berlaku_sampai");
    if (holder->nip == NULL && holder->nik == NULL && holder->unit == NULL)
        complain(reader, "one of nip, nik and unit is needed beside the name");
    if (holder->nip == NULL || holder->valid_until == NULL)
        return;
    key = g_strconcat(holder->nip, " ", holder->valid_until, NULL);
    if (!g_hash_table_add(seen, g_steal_pointer(&key)))
        complain(reader, "the same certificate stands in the file already");
}

static MpHolder *
read_row(Reader *reader, const GPtrArray *cells, const GArray *places)
{
    MpHolder *holder = mp_holder_new();

    if (cells->len != places->len) {
        g_autofree char *reason =
            g_strdup_printf("%u cells where the head line has %u", cells->len, places->len);

        complain(reader, reason);
        return holder;
    }
    for (guint i = 0; i < cells->len; i++) {
        const char *cell = g_ptr_array_index(cells, i);
        gsize at = g_array_index(places, gsize, i);
        g_autofree char *problem = NULL;

        if (cell[0] == '\0')
            continue;
        if (g_utf8_strlen(cell, -1) > MAX_CELL_CHARS)
            problem = g_strdup_printf("%s is longer than 300 characters", columns[at].name);
        else
            problem = columns[at].take(holder, cell);
        if (problem != NULL)
            complain(reader, problem);
    }
    return holder;
}

static char
find_separator(const char *bytes, gsize length)
{
    const char *end = memchr(bytes, '\n', length);
    gsize head = end == NULL ? length : (gsize)(end - bytes);

    return memchr(bytes, ';', head) != NULL ? ';' : ',';
}

GPtrArray *
mp_register_read_csv(const char *name, const char *bytes, gsize length, GPtrArray *problems)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(free_holder);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GArray) places = NULL;
    Reader reader = {.name = name, .line = 1, .record = 1, .problems = problems};

    if (!g_utf8_validate_len(bytes, length, NULL)) {
        complain(&reader, "the file is not UTF-8");
        return rows;
    }
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    reader.at = bytes;
    reader.end = bytes + length;
    reader.separator = find_separator(bytes, length);
    places = read_head(&reader);
    while (places != NULL) {
        g_autoptr(GPtrArray) cells = read_record(&reader);
        guint before = problems->len;
        MpHolder *holder;

        if (cells == NULL)
            break;
        if (is_blank(cells))
            continue;
        holder = read_row(&reader, cells, places);
        g_ptr_array_add(rows, holder);
        if (problems->len == before)
            check_whole(&reader, holder, seen);
    }
    return rows;
}

/* --- writing --- */

void
mp_register_append_cell(GString *line, gsize place, const char *cell)
{
    gboolean is_formula = cell != NULL && cell[0] != '\0' && strchr("=+-@'\t\r", cell[0]) != NULL;
    g_autofree char *guarded = g_strconcat(is_formula ? "'" : "", cell == NULL ? "" : cell, NULL);
    gboolean is_quoted = strpbrk(guarded, ",;\"\r\n") != NULL;

    if (place > 0)
        g_string_append_c(line, ',');
    if (!is_quoted) {
        g_string_append(line, guarded);
        return;
    }
    g_string_append_c(line, '"');
    for (const char *at = guarded; *at != '\0'; at++) {
        if (*at == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *at);
    }
    g_string_append_c(line, '"');
}

char *
mp_register_csv_head(void)
{
    GString *line = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        mp_register_append_cell(line, i, columns[i].name);
    g_string_append(line, "\r\n");
    return g_string_free(line, FALSE);
}

char *
mp_register_csv_line(const MpHolder *holder, const char *today)
{
    const char *const cells[] = {holder->name,
                                 holder->nip,
                                 holder->nik,
                                 holder->email,
                                 holder->unit,
                                 holder->position,
                                 mp_register_state(holder, today),
                                 holder->valid_from,
                                 holder->valid_until,
                                 holder->is_guess ? "ya" : "tidak",
                                 holder->case_number};
    GString *line = g_string_new(NULL);

    G_STATIC_ASSERT(G_N_ELEMENTS(cells) == G_N_ELEMENTS(columns));
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
        mp_register_append_cell(line, i, cells[i]);
    g_string_append(line, "\r\n");
    return g_string_free(line, FALSE);
}
