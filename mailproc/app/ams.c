/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/ams.h"

#include "app/register.h"
#include "notify/notify.h"

typedef struct {
    const MpCase *kase;
    const MpCaseApplicant *applicant;
    guint no;
} Row;

/* --- fields --- */

static char *
give_no(const Row *row)
{
    return g_strdup_printf("%u", row->no);
}

static char *
give_email(const Row *row)
{
    return row->applicant->email == NULL ? NULL : mp_text_lower_ascii(row->applicant->email);
}

static char *
give_service(const Row *row)
{
    return g_strdup(mp_notify_service_title(row->kase->service ? row->kase->service : ""));
}

/* "KTP.jpeg (1,4 MB)": what has to be made smaller before it can be uploaded. */
static char *
give_large(const Row *row)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < row->kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(row->kase->documents, i);
        gsize tenths = (document->bytes * 10 + MP_AMS_DOCUMENT_BYTES - 1) / MP_AMS_DOCUMENT_BYTES;

        if (document->bytes > MP_AMS_DOCUMENT_BYTES)
            g_string_append_printf(list,
                                   "%s%s (%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT " MB)",
                                   list->len > 0 ? "; " : "",
                                   document->filename ? document->filename : document->kind,
                                   tenths / 10,
                                   tenths % 10);
    }
    return g_strdup(list->len > 0 ? list->str : "tidak ada");
}

#define OF_APPLICANT(name, member)                                                                 \
    static char *give_##name(const Row *row) { return g_strdup(row->applicant->member); }
#define OF_CASE(name, member)                                                                      \
    static char *give_##name(const Row *row) { return g_strdup(row->kase->member); }

OF_APPLICANT(name, name)
OF_APPLICANT(nip, nip)
OF_APPLICANT(nik, nik)
OF_APPLICANT(phone, phone)
OF_APPLICANT(position, position)
OF_APPLICANT(unit, unit)
OF_APPLICANT(was, was)
OF_APPLICANT(becomes, becomes)
OF_APPLICANT(until, valid_until)
OF_CASE(letter_number, letter_number)
OF_CASE(letter_date, letter_date)
OF_CASE(number, number)

typedef struct {
    const char *name;
    char *(*give)(const Row *row);
} Field;

static const Field fields[] = {{"no", give_no},
                               {"nama", give_name},
                               {"nip", give_nip},
                               {"nik", give_nik},
                               {"surel", give_email},
                               {"telepon", give_phone},
                               {"jabatan", give_position},
                               {"unit", give_unit},
                               {"semula", give_was},
                               {"menjadi", give_becomes},
                               {"berlaku_sampai", give_until},
                               {"layanan", give_service},
                               {"nomor_surat", give_letter_number},
                               {"tanggal_surat", give_letter_date},
                               {"nomor_permohonan", give_number},
                               {"berkas_besar", give_large}};

/* --- the columns --- */

typedef struct {
    char *head;
    const Field *field;
} Column;

struct MpAms {
    GPtrArray *columns; /* Column */
};

static void
column_free(gpointer data)
{
    Column *column = data;

    g_free(column->head);
    g_free(column);
}

void
mp_ams_free(MpAms *ams)
{
    if (ams == NULL)
        return;
    g_ptr_array_unref(ams->columns);
    g_free(ams);
}

static Column *
parse_line(const char *line)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    Column *column;

    if (g_strv_length(cells) != 2 || cells[0][0] == '\0')
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (strcmp(fields[i].name, cells[1]) != 0)
            continue;
        column = g_new0(Column, 1);
        column->head = g_strdup(cells[0]);
        column->field = &fields[i];
        return column;
    }
    return NULL;
}

MpAms *
mp_ams_parse(const char *name, const char *bytes, GError **error)
{
    g_autoptr(MpAms) ams = g_new0(MpAms, 1);
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);

    ams->columns = g_ptr_array_new_with_free_func(column_free);
    for (guint i = 0; lines[i] != NULL; i++) {
        Column *column;

        if (lines[i][0] == '#' || g_strstrip(lines[i])[0] == '\0')
            continue;
        column = parse_line(lines[i]);
        if (column == NULL) {
            g_set_error(error,
                        MP_ERROR,
                        MP_ERROR_CONFIG,
                        "%s:%u: not a head and a field, with a tab between them",
                        name,
                        i + 1);
            return NULL;
        }
        g_ptr_array_add(ams->columns, column);
    }
    if (ams->columns->len > 0)
        return g_steal_pointer(&ams);
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:1: there are no columns", name);
    return NULL;
}

/* --- the tables --- */

static void
append_head(const MpAms *ams, GString *table)
{
    for (guint i = 0; i < ams->columns->len; i++)
        mp_register_append_cell(table, i, ((const Column *)ams->columns->pdata[i])->head);
    g_string_append(table, "\r\n");
}

static void
append_row(const MpAms *ams, GString *table, const Row *row)
{
    for (guint i = 0; i < ams->columns->len; i++) {
        const Column *column = g_ptr_array_index(ams->columns, i);
        g_autofree char *raw = column->field->give(row);
        g_autofree char *cell = mp_text_line(raw);

        mp_register_append_cell(table, i, cell);
    }
    g_string_append(table, "\r\n");
}

GPtrArray *
mp_ams_tables(const MpAms *ams, const MpCase *kase, GError **error)
{
    g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(g_free);
    GString *table = NULL;
    Row row = {.kase = kase};

    for (guint i = 0; i < kase->applicants->len; i++) {
        row.applicant = g_ptr_array_index(kase->applicants, i);
        if (row.applicant->outcome != MP_OUTCOME_NONE)
            continue;
        if (row.no % MP_AMS_ROWS == 0) {
            if (table != NULL)
                g_ptr_array_add(tables, g_string_free(table, FALSE));
            table = g_string_new(NULL);
            append_head(ams, table);
        }
        row.no++;
        append_row(ams, table, &row);
    }
    if (table == NULL) {
        g_set_error(
            error, MP_ERROR, MP_ERROR_INPUT, "%s: no applicant waits for an outcome", kase->number);
        return NULL;
    }
    g_ptr_array_add(tables, g_string_free(table, FALSE));
    return g_steal_pointer(&tables);
}

char *
mp_ams_filename(const char *path, guint at, guint n)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(path, '.');

    if (n == 1)
        return g_strdup(path);
    if (dot == NULL || dot == path || (slash != NULL && dot <= slash + 1))
        return g_strdup_printf("%s-%u", path, at + 1);
    return g_strdup_printf("%.*s-%u%s", (int)(dot - path), path, at + 1, dot);
}
