/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Head of a letter: Nomor, date, Hal, title; and the letter that running text refers to. A head is
 * read line by line; cells of a line are split by tabs or three blanks, because place and date,
 * "Kepada" and the addressee stand beside Nomor and Hal in many layouts. */

#include "document/document-private.h"

#define HEAD_LINES 60
#define MAX_HAL_LINES 4

/* Line `line` as its cells, blanks squeezed, empty ones dropped; a colon alone joins its label. */
static GPtrArray *
line_cells(const char *line)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
    const char *from = line;

    for (const char *p = line;; p++) {
        gboolean is_gap = *p == '\t' || g_str_has_prefix(p, "   ");

        if (*p != '\0' && !is_gap)
            continue;
        if (p > from) {
            g_autofree char *raw = g_strndup(from, (gsize)(p - from));
            g_autofree char *cell = mp_text_line(raw);

            if (*cell == ':' && cells->len > 0) {
                char *before = g_ptr_array_index(cells, cells->len - 1);

                g_ptr_array_index(cells, cells->len - 1) = g_strconcat(before, " ", cell, NULL);
                g_free(before);
            } else if (*cell != '\0') {
                g_ptr_array_add(cells, g_steal_pointer(&cell));
            }
        }
        if (*p == '\0')
            return cells;
        from = p + 1;
    }
}

static const char *
cell_at(GPtrArray *cells, guint i)
{
    return i < cells->len ? g_ptr_array_index(cells, i) : "";
}

/* Value behind a head label ("Nomor", "Hal"), or NULL. In `cells` from `i` on; the value may stand
 * in the same cell behind a colon or in the next one. */
static char *
head_value(GPtrArray *cells, guint i, const char *const *labels, gboolean needs_colon)
{
    g_autofree char *fold = mp_words_fold(cell_at(cells, i));

    for (; *labels != NULL; labels++) {
        gsize n = strlen(*labels);
        const char *cell = cell_at(cells, i);
        const char *rest = NULL;

        if (strncmp(fold, *labels, n) != 0 || g_ascii_isalnum(fold[n]))
            continue;
        rest = cell + n;
        while (*rest == ' ' || *rest == '.')
            rest++;
        if (*rest != ':' && needs_colon)
            continue;
        while (*rest == ':' || *rest == ' ')
            rest++;
        if (*rest == '\0')
            rest = cell_at(cells, i + 1);
        return mp_text_line(rest);
    }
    return NULL;
}

static gboolean
is_number_char(const char *p)
{
    return g_ascii_isalnum(*p) || strchr("./-_&", *p) != NULL || (guchar)*p >= 0x80;
}

/* Strokes, or letters with other joins ("B-1234.KP"): telephone numbers have neither, and our own
 * case numbers ("SE-2026-000123") are no letters. */
static gboolean
is_letter_number(const char *number)
{
    const char *last = strrchr(number, '-');
    gboolean has_letter = FALSE;

    if (strchr(number, '/') != NULL)
        return mp_text_is_safe(number) && strstr(number, "//") == NULL;
    for (const char *p = number; *p != '\0'; p++)
        has_letter = has_letter || g_ascii_isalpha(*p);
    return has_letter &&
           !(last != NULL && strlen(last + 1) == 6 && strspn(last + 1, "0123456789") == 6);
}

/* A letter number the text opens with: at least one digit, parts joined by / . or -, blanks only
 * around the joins. NULL when it is none ("12", "-", "…/…/2026" without own number). */
static char *
cut_number(const char *text, const char **end_out)
{
    const char *p = text;
    const char *end = text;
    guint joins = 0;
    guint digits = 0;

    while (*p != '\0') {
        const char *q = p;

        while (*q == ' ' || *q == '\t')
            q++;
        if (q > p && *q != '/' && !(p > text && p[-1] == '/'))
            break;
        if (!is_number_char(q) || g_str_has_prefix(q, "\xe2\x80\x93"))
            break;
        joins += *q == '/' || (q > text && *q == '-' && g_ascii_isalnum(q[1]));
        digits += g_ascii_isdigit(*q) != 0;
        p = q + 1;
        end = p;
    }
    while (end > text && strchr(".-_/& ", end[-1]) != NULL)
        end--;
    if (end_out != NULL)
        *end_out = end;
    if (joins == 0 || digits < 2 || end == text || *text == '/')
        return NULL;
    {
        g_autofree char *raw = g_strndup(text, (gsize)(end - text));

        return is_letter_number(raw) ? mp_text_line(raw) : NULL;
    }
}

static gboolean
is_capitals(const char *text)
{
    guint letters = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_islower(c))
            return FALSE;
        letters += g_unichar_isalpha(c) != 0;
    }
    return letters >= 4;
}

static const char *const number_labels[] = {
    "nomor surat", "no surat", "no. surat", "nomor", "nomer", "no.", "no", NULL};
static const char *const subject_labels[] = {"hal", "perihal", "h a l", "tentang", NULL};
static const char *const date_labels[] = {
    "tanggal surat", "tgl surat", "tgl. surat", "tanggal", "tgl", "pada tanggal", NULL};
static const char *const other_labels[] = {
    "sifat", "lampiran", "lamp", "kepada", "yth", "klasifikasi", "derajat", NULL};

/* "Demak, 16 November 2026": a place of one to three capitalised words before the date. */
static char *
place_and_date(const char *cell)
{
    const char *comma = strchr(cell, ',');
    const char *rest = NULL;

    if (comma == NULL || comma - cell > 40 || !g_unichar_isupper(g_utf8_get_char(cell)))
        return NULL;
    for (const char *p = cell; p < comma; p++) {
        if (g_ascii_isdigit(*p) || *p == ':')
            return NULL;
    }
    rest = comma + 1;
    while (*rest == ' ')
        rest++;
    if (g_str_has_prefix(rest, "tanggal ") || g_str_has_prefix(rest, "tgl"))
        rest = strchr(rest, ' ') != NULL ? strchr(rest, ' ') + 1 : rest;
    if (strlen(rest) > 40)
        return NULL;
    return mp_document_parse_date(rest);
}

/* "Contoh 16 November 2026" without its comma: capitalised words, a date, nothing else. */
static char *
place_then_date(const char *cell)
{
    const char *p = cell;
    guint words = 0;

    while (g_ascii_isupper(*p) && words < 4) {
        while (g_ascii_isalpha(*p) || *p == '.' || *p == '-')
            p++;
        p += strspn(p, " ,");
        words++;
    }
    if (words == 0 || !g_ascii_isdigit(*p) || strlen(p) > 20 || strchr(cell, ':') != NULL)
        return NULL;
    return mp_document_parse_date(p);
}

/* Lines that a Hal too long for one line goes on in. */
static char *
read_subject(char **lines, guint n, guint at, char *first)
{
    g_autoptr(GString) subject = g_string_new(first);

    g_free(first);
    for (guint i = at + 1; i < n && i < at + MAX_HAL_LINES; i++) {
        g_autoptr(GPtrArray) cells = line_cells(lines[i]);
        const char *cell = cell_at(cells, 0);
        g_autofree char *other = NULL;
        g_autofree char *number = NULL;
        g_autofree char *day = mp_document_parse_date(cell);

        if (*cell == '\0' || mp_words_open(cell, mp_words_body) || strchr(cell, ':') != NULL ||
            strlen(cell) > 60 || day != NULL)
            break;
        other = head_value(cells, 0, other_labels, FALSE);
        number = head_value(cells, 0, number_labels, FALSE);
        if (other != NULL || number != NULL || g_unichar_islower(g_utf8_get_char(cell)))
            break;
        if (cells->len > 1 && i > at + 1)
            break;
        g_string_append_c(subject, ' ');
        g_string_append(subject, cell);
    }
    return mp_text_line(subject->str);
}

static void
read_head_line(MpLetter *letter, char **lines, guint n, guint at)
{
    g_autoptr(GPtrArray) cells = line_cells(lines[at]);

    for (guint i = 0; i < cells->len; i++) {
        g_autofree char *number = head_value(cells, i, number_labels, FALSE);
        g_autofree char *subject = head_value(cells, i, subject_labels, TRUE);
        g_autofree char *dated = head_value(cells, i, date_labels, TRUE);

        if (number != NULL && letter->number == NULL)
            letter->number = cut_number(number, NULL);
        if (subject != NULL && *subject != '\0' && letter->subject == NULL)
            letter->subject = read_subject(lines, n, at, g_steal_pointer(&subject));
        if (letter->date == NULL)
            letter->date = place_and_date(cell_at(cells, i));
        if (letter->date == NULL)
            letter->date = place_then_date(cell_at(cells, i));
        if (letter->date == NULL && dated != NULL)
            letter->date = mp_document_parse_date(dated);
    }
}

/* Consecutive lines in capitals that open with SURAT, FORMULIR, …; the letterhead stands above. */
static char *
read_title(char **lines, guint n)
{
    for (guint i = 0; i < n && i < HEAD_LINES; i++) {
        g_autofree char *line = mp_text_line(lines[i]);
        g_autoptr(GString) title = NULL;

        if (!is_capitals(line) || !mp_words_open(line, mp_words_title) || strchr(line, ':') != NULL)
            continue;
        title = g_string_new(line);
        for (guint k = i + 1; k < n && k < i + 5; k++) {
            g_autofree char *more = mp_text_line(lines[k]);

            if (!is_capitals(more) || g_str_has_prefix(more, "NOMOR") || strchr(more, ':') != NULL)
                break;
            g_string_append_c(title, ' ');
            g_string_append(title, more);
        }
        return g_string_free(g_steal_pointer(&title), FALSE);
    }
    return NULL;
}

/* Dates that stand at the foot: "Contoh, 9 November 2026" above the signature, "pada tanggal". */
static char *
foot_date(char **lines, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autoptr(GPtrArray) cells = line_cells(lines[i]);

        for (guint k = 0; k < cells->len; k++) {
            char *day = place_and_date(cell_at(cells, k));
            g_autofree char *fold = mp_words_fold(cell_at(cells, k));

            if (day == NULL &&
                (g_str_has_prefix(fold, "ditetapkan di") ||
                 g_str_has_prefix(fold, "dikeluarkan di") ||
                 g_str_has_prefix(fold, "pada tanggal") || g_str_has_prefix(fold, "tanggal :")))
                day = mp_document_parse_date(fold);
            if (day != NULL)
                return day;
        }
    }
    return NULL;
}

MpLetter *
mp_document_find_letter(const char *text)
{
    g_autoptr(MpLetter) letter = mp_letter_new();
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    guint n = g_strv_length(lines);

    for (guint i = 0; i < n && i < HEAD_LINES; i++) {
        if (mp_words_open(lines[i], mp_words_closing))
            break;
        read_head_line(letter, lines, n, i);
    }
    letter->title = read_title(lines, n);
    if (letter->date == NULL)
        letter->date = foot_date(lines, n);
    return g_steal_pointer(&letter);
}

/* --- references in running text ----------------------------------------------------------------
 */

/* The words before a number that tell a letter from a decree, a house or a telephone. */
static gboolean
is_decree_before(const char *text, const char *at)
{
    const char *from = at - MIN(at - text, 48);
    g_autofree char *raw = NULL;
    const char *cut = NULL;

    for (const char *p = from; p < at; p++) {
        if ((p[0] == '.' && p[1] == ' ') || *p == '\n' || *p == ';')
            cut = p + 1;
    }
    if (cut != NULL && cut < at && at - cut > 12)
        from = cut;
    while (from < at && ((guchar)*from & 0xc0) == 0x80)
        from++;
    raw = g_strndup(from, (gsize)(at - from));
    {
        g_autofree char *fold = mp_words_fold(raw);
        const char *letter = g_strrstr(fold, "surat");
        const char *behind = letter != NULL ? letter : fold;

        return mp_words_in(behind, mp_words_decree);
    }
}

/* "tanggal 16 November 2026", "tgl. 20/11/2026", "tertanggal …" soon behind the number. */
static char *
date_behind(const char *text)
{
    static const char *const words[] = {
        "tanggal", "tgl", "tgl.", "tertanggal", "pertanggal", "per tanggal", "tertgl", NULL};
    gsize n = MIN(strlen(text), 60);
    g_autofree char *raw = g_strndup(text, n);
    g_autofree char *near = mp_text_clean(raw, -1);
    g_autofree char *line = mp_text_line(near);
    const char *p = line;

    while (*p == ',' || *p == ' ' || *p == '(')
        p++;
    if (!mp_words_open(p, words))
        return NULL;
    return mp_document_parse_date(p);
}

static gboolean
opens_word(const char *text, const char *p)
{
    return p == text || (!g_ascii_isalnum(p[-1]) && strchr("/.-_@", p[-1]) == NULL);
}

/* Length of the words "Nomor", "No.", "surat" before a number, 0 when the text opens otherwise. */
static gsize
lead_length(const char *p)
{
    static const char *const leads[] = {
        "nomor", "nomer", "bernomor", "no.", "no", "surat", "nmr", NULL};
    gsize length = 0;

    for (guint i = 0; leads[i] != NULL; i++) {
        if (g_ascii_strncasecmp(p, leads[i], strlen(leads[i])) == 0) {
            length = strlen(leads[i]);
            break;
        }
    }
    if (length == 0 || g_ascii_isalpha(p[length]))
        return 0;
    while (p[length] != '\0' && strchr(" .:\n\t", p[length]) != NULL)
        length++;
    return length;
}

/* "surat tanggal 5 November 2026 Nomor …": the day stands before the number. */
static char *
date_before(const char *text, const char *at)
{
    const char *from = at - MIN(at - text, 60);
    g_autofree char *raw = NULL;
    const char *letter = NULL;

    while (from < at && ((guchar)*from & 0xc0) == 0x80)
        from++;
    raw = g_strndup(from, (gsize)(at - from));
    letter = strcasestr(raw, "surat");
    for (const char *p = letter; p != NULL && (p = strcasestr(p + 1, "surat")) != NULL;)
        letter = p;
    if (letter == NULL ||
        (strcasestr(letter, "tanggal") == NULL && strcasestr(letter, "tgl") == NULL))
        return NULL;
    return mp_document_parse_date(letter);
}

/* "surat permohonan Dinas Kesehatan 440/12/2026": the number some words behind. */
static const char *
number_after_words(const char *p)
{
    for (guint words = 0; words < 7 && *p != '\0'; words++) {
        g_autofree char *number = NULL;
        g_autofree char *day = NULL;

        p += strspn(p, " \n\t");
        number = cut_number(p, NULL);
        day = number != NULL ? mp_document_parse_date(number) : NULL;
        if (number != NULL && day == NULL && strchr(number, '/') != NULL)
            return p;
        while (*p != '\0' && strchr(" \n\t.;:?!", *p) == NULL)
            p++;
        if (*p != ' ' && *p != '\n')
            return NULL;
    }
    return NULL;
}

static gboolean
read_reference(MpLetter *letter, const char *text, const char *lead, const char *at)
{
    const char *end = NULL;
    g_autofree char *number = at != NULL ? cut_number(at, &end) : NULL;
    g_autofree char *day = number != NULL ? mp_document_parse_date(number) : NULL;

    if (number == NULL || day != NULL || is_decree_before(text, lead) || is_decree_before(text, at))
        return FALSE;
    letter->number = g_steal_pointer(&number);
    letter->date = date_behind(end);
    if (letter->date == NULL)
        letter->date = date_before(text, at);
    return TRUE;
}

MpLetter *
mp_document_find_reference(const char *text)
{
    g_autoptr(MpLetter) letter = mp_letter_new();

    for (const char *p = text; p != NULL && *p != '\0'; p++) {
        gsize lead = opens_word(text, p) ? lead_length(p) : 0;

        if (lead > 0 && read_reference(letter, text, p, p + lead))
            return g_steal_pointer(&letter);
    }
    for (const char *p = text; p != NULL && (p = strcasestr(p, "surat")) != NULL; p++) {
        const char *behind = p + strlen("surat");

        behind += g_ascii_strncasecmp(behind, "nya", 3) == 0 ? 3 : 0;
        if (*behind == ' ' && read_reference(letter, text, p, number_after_words(behind)))
            return g_steal_pointer(&letter);
    }
    /* A letter named by its day alone: "surat kami tanggal 3 November 2026". */
    for (const char *p = text; p != NULL && (p = strcasestr(p, "surat ")) != NULL; p++) {
        const char *behind = p + strlen("surat ");

        behind += g_ascii_strncasecmp(behind, "kami ", 5) == 0 ? 5 : 0;
        if (!is_decree_before(text, p) && (letter->date = date_behind(behind)) != NULL)
            break;
    }
    return g_steal_pointer(&letter);
}
