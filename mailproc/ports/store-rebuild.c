/* SPDX-License-Identifier: GPL-3.0-or-later */

/* State = fold of events: comparing the snapshot tables with that, and making them anew. */

#include "ports/store-private.h"

typedef struct {
    const char *number;
    GPtrArray *differences; /* char * */
} Comparison;

static void
add_difference(Comparison *comparison, const char *what, const char *stands, const char *events)
{
    g_ptr_array_add(comparison->differences,
                    g_strdup_printf("%s: %s: stands '%s', events say '%s'",
                                    comparison->number,
                                    what,
                                    stands != NULL ? stands : "",
                                    events != NULL ? events : ""));
}

/* `prefix` "applicant 2: " or "". */
static void
compare_fields(Comparison *comparison,
               const char *prefix,
               const MpField *fields,
               const void *stands,
               const void *folded)
{
    for (const MpField *field = fields; field->column != NULL; field++) {
        g_autofree char *a = mp_fields_format(field, stands);
        g_autofree char *b = mp_fields_format(field, folded);

        if (g_strcmp0(a, b) != 0) {
            g_autofree char *what = g_strconcat(prefix, field->column, NULL);

            add_difference(comparison, what, a, b);
        }
    }
}

static void
compare_children(Comparison *comparison,
                 const char *word,
                 const MpField *fields,
                 const GPtrArray *stands,
                 const GPtrArray *folded)
{
    if (stands->len != folded->len) {
        g_autofree char *a = g_strdup_printf("%u", stands->len);
        g_autofree char *b = g_strdup_printf("%u", folded->len);
        g_autofree char *what = g_strconcat(word, "s", NULL);

        add_difference(comparison, what, a, b);
        return;
    }
    for (guint i = 0; i < stands->len; i++) {
        g_autofree char *prefix = g_strdup_printf("%s %u: ", word, i + 1);

        compare_fields(
            comparison, prefix, fields, g_ptr_array_index(stands, i), g_ptr_array_index(folded, i));
    }
}

static char *
join_texts(const GPtrArray *texts)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf(
            out, "%s%s", i > 0 ? "; " : "", (const char *)g_ptr_array_index(texts, i));
    return g_string_free(out, FALSE);
}

static void
compare_cases(Comparison *comparison, const MpCase *stands, const MpCase *folded)
{
    compare_fields(comparison, "", mp_case_fields, stands, folded);
    compare_children(
        comparison, "applicant", mp_applicant_fields, stands->applicants, folded->applicants);
    compare_children(
        comparison, "document", mp_document_fields, stands->documents, folded->documents);
    for (guint i = 0; mp_case_list_name(i) != NULL; i++) {
        g_autofree char *a = join_texts(mp_case_list(stands, i));
        g_autofree char *b = join_texts(mp_case_list(folded, i));

        if (strcmp(a, b) != 0)
            add_difference(comparison, mp_case_list_name(i), a, b);
    }
}

static MpCase *
fold_case(MpStore *store, const char *number, GError **error)
{
    g_autoptr(GPtrArray) events = store->case_events(store, number, error);

    return events != NULL ? mp_case_fold(events, error) : NULL;
}

/* What cannot be folded is a difference; what cannot be read is an error. */
static gboolean
compare_one(MpStore *store, const char *number, GPtrArray *differences, GError **error)
{
    Comparison comparison = {number, differences};
    g_autoptr(GError) unfolded = NULL;
    g_autoptr(MpCase) stands = store->case_load(store, number, &unfolded);
    g_autoptr(MpCase) folded = NULL;

    if (unfolded != NULL) {
        g_propagate_error(error, g_steal_pointer(&unfolded));
        return FALSE;
    }
    if (stands == NULL) {
        g_ptr_array_add(differences, g_strdup_printf("%s: no such case", number));
        return TRUE;
    }
    folded = fold_case(store, number, &unfolded);
    if (folded != NULL) {
        compare_cases(&comparison, stands, folded);
        return TRUE;
    }
    if (!g_error_matches(unfolded, MP_ERROR, MP_ERROR_INPUT)) {
        g_propagate_error(error, g_steal_pointer(&unfolded));
        return FALSE;
    }
    g_ptr_array_add(differences, g_strdup_printf("%s: %s", number, unfolded->message));
    return TRUE;
}

static gboolean
rebuild_one(MpStore *store, const char *number, G_GNUC_UNUSED GPtrArray *unused, GError **error)
{
    g_autoptr(MpCase) folded = fold_case(store, number, error);

    if (folded == NULL) {
        g_prefix_error(error, "case %s: ", number);
        return FALSE;
    }
    return mp_store_write_snapshot(store, folded, error);
}

/* All cases, a thousand numbers at a time, so that memory stays bounded. */
static gboolean
each_case(MpStore *store,
          const char *number,
          gboolean (*act)(MpStore *, const char *, GPtrArray *, GError **),
          GPtrArray *differences,
          GError **error)
{
    g_autofree char *after = g_strdup("");

    if (number != NULL)
        return act(store, number, differences, error);
    for (;;) {
        g_autoptr(GPtrArray) numbers =
            mp_sql_texts(store,
                         "SELECT number FROM cases WHERE number > ? ORDER BY number LIMIT 1000",
                         after,
                         error);

        if (numbers == NULL)
            return FALSE;
        if (numbers->len == 0)
            return TRUE;
        for (guint i = 0; i < numbers->len; i++) {
            if (!act(store, g_ptr_array_index(numbers, i), differences, error))
                return FALSE;
        }
        g_free(after);
        after = g_strdup(g_ptr_array_index(numbers, numbers->len - 1));
    }
}

static GPtrArray *
case_compare(MpStore *store, const char *number, GError **error)
{
    g_autoptr(GPtrArray) differences = g_ptr_array_new_with_free_func(g_free);

    return each_case(store, number, compare_one, differences, error) ? g_steal_pointer(&differences)
                                                                     : NULL;
}

static gboolean
case_rebuild(MpStore *store, const char *number, GError **error)
{
    return mp_store_is_writing(store, error) && each_case(store, number, rebuild_one, NULL, error);
}

void
mp_store_init_rebuild(MpStore *store)
{
    store->case_compare = case_compare;
    store->case_rebuild = case_rebuild;
}
