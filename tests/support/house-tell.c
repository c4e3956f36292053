/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the office holds, as text that two ways to the same end give alike: no ids, codes, tries or
 * times of sending. */

#include "support/asserts.h"
#include "support/house-private.h"

static void
tell_case(GString *text, const MpCase *kase)
{
    g_string_append_printf(
        text,
        "case %s %s %s %s %s %s %s letter %s linked from %s due %" G_GINT64_FORMAT "\n",
        kase->number,
        kase->service,
        kase->sop,
        kase->step,
        mp_case_state_to_string(kase->state),
        kase->holder_role ? kase->holder_role : "-",
        kase->requester_address ? kase->requester_address : "-",
        kase->letter_number ? kase->letter_number : "-",
        kase->linked_from ? kase->linked_from : "-",
        kase->due_utc);
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        g_string_append_printf(text,
                               "  applicant %u %s %s\n",
                               applicant->n,
                               applicant->name,
                               mp_outcome_to_string(applicant->outcome));
    }
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);

        g_string_append_printf(
            text, "  document %u %s %s\n", document->n, document->kind, document->sha256);
    }
    for (guint i = 0; i < kase->missing->len; i++)
        g_string_append_printf(
            text, "  missing %s\n", (const char *)g_ptr_array_index(kase->missing, i));
}

static void
tell_events(GString *text, MpStore *store, const char *number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) events = store->case_events(store, number, &error);

    assert_no_gerror(error);
    for (guint i = 0; i < events->len; i++) {
        const MpEvent *event = g_ptr_array_index(events, i);

        g_string_append_printf(text,
                               "  event %s %s %s trust %d %s>%s %s %s\n",
                               event->kind,
                               event->actor,
                               event->address ? event->address : "-",
                               (int)event->trust,
                               event->from_step ? event->from_step : "-",
                               event->to_step ? event->to_step : "-",
                               event->rule ? event->rule : "-",
                               event->note ? event->note : "-");
    }
}

static int
by_number(gconstpointer a, gconstpointer b)
{
    const MpCase *x = *(const MpCase *const *)a;
    const MpCase *y = *(const MpCase *const *)b;

    return strcmp(x->number, y->number);
}

static void
tell_cases(GString *text, MpStore *store)
{
    const MpCaseFilter all = {.limit = 10000};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) cases = store->case_find(store, &all, &error);

    assert_no_gerror(error);
    g_ptr_array_sort(cases, by_number);
    for (guint i = 0; i < cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(cases, i);

        tell_case(text, kase);
        tell_events(text, store, kase->number);
    }
}

static void
tell_ledger(GString *text, MpStore *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = store->ledger_after(store, 0, 10000, &error);

    assert_no_gerror(error);
    for (guint i = 0; i < rows->len; i++) {
        const MpLedgerRow *row = g_ptr_array_index(rows, i);

        g_string_append_printf(text,
                               "mail %u %s %s %s %s %s %s\n",
                               row->uid,
                               row->sha256,
                               mp_ledger_state_to_string(row->state),
                               row->reason ? row->reason : "-",
                               row->kind ? row->kind : "-",
                               row->case_number ? row->case_number : "-",
                               row->is_acknowledged ? "moved" : "stays");
    }
}

static int
by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
append_sorted(GString *text, GPtrArray *lines)
{
    g_ptr_array_sort(lines, by_text);
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(text, "%s\n", (const char *)g_ptr_array_index(lines, i));
}

static void
tell_outbox(GString *text, MpStore *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = store->outbox_list(store, NULL, NULL, 10000, &error);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) timers = store->timers_due(store, G_MAXINT64, 10000, &error);

    assert_no_gerror(error);
    for (guint i = 0; i < entries->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(entries, i);

        g_ptr_array_add(lines,
                        g_strdup_printf("outbox %s %s %s %s%s %u papers: %s",
                                        entry->case_number ? entry->case_number : "-",
                                        entry->template_,
                                        entry->recipient,
                                        mp_outbox_state_to_string(entry->state),
                                        entry->is_held ? " held" : "",
                                        entry->documents->len,
                                        entry->mail->subject));
    }
    for (guint i = 0; i < timers->len; i++) {
        const MpTimerRow *timer = g_ptr_array_index(timers, i);

        g_ptr_array_add(
            lines,
            g_strdup_printf(
                "timer %s %s %" G_GINT64_FORMAT, timer->case_number, timer->name, timer->at_utc));
    }
    append_sorted(text, lines);
}

/* Content of the mails below home/folder; of our own only how many: they carry codes. */
static void
tell_folder(GPtrArray *lines, const MpHouse *house, const char *folder)
{
    static const char *const parts[] = {"new", "cur"};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_build_filename(house->home, folder, parts[i], NULL);
        g_autoptr(GDir) listing = g_dir_open(path, 0, NULL);
        const char *name;

        while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
            g_autofree char *file = g_build_filename(path, name, NULL);
            g_autofree char *bytes = NULL;
            gsize length = 0;

            assert_true(g_file_get_contents(file, &bytes, &length, NULL));
            g_autofree char *hash = mp_text_sha256((const guint8 *)bytes, length);

            g_ptr_array_add(lines, g_strdup_printf("folder %s %s %s", folder, parts[i], hash));
        }
    }
}

static void
tell_folders(GString *text, const MpHouse *house)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) listing = g_dir_open(house->home, 0, NULL);
    g_autofree char *out = g_build_filename(house->home, "keluar", NULL);
    g_autoptr(GDir) boxes = g_dir_open(out, 0, NULL);
    const char *name;

    while (listing != NULL && (name = g_dir_read_name(listing)) != NULL)
        tell_folder(lines, house, name);
    while (boxes != NULL && (name = g_dir_read_name(boxes)) != NULL) {
        g_autofree char *box = g_build_filename("keluar", name, NULL);

        g_ptr_array_add(lines,
                        g_strdup_printf("box %s %u mails", name, mp_house_count(house, box)));
    }
    append_sorted(text, lines);
}

char *
mp_house_tell(const MpHouse *house)
{
    GString *text = g_string_new(NULL);
    MpStore *store = mp_house_store(house);

    tell_cases(text, store);
    tell_ledger(text, store);
    tell_outbox(text, store);
    if (house->town != NULL)
        mp_house_town_tell(house, text);
    else
        tell_folders(text, house);
    store->free(store);
    return g_string_free(text, FALSE);
}

static void
print_lacking(const char *title, const char *text, const char *other)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) others = g_strsplit(other, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++)
        if (!g_strv_contains((const char *const *)others, lines[i]))
            (void)fprintf(stderr, "%s: %s\n", title, lines[i]);
}

gboolean
mp_house_differs(const char *told, const char *want)
{
    if (strcmp(told, want) == 0)
        return FALSE;
    print_lacking("only with the fault", told, want);
    print_lacking("only without", want, told);
    return TRUE;
}

/* --- what must always hold -------------------------------------------------------------------- */

char *
mp_house_message_id(const char *mail)
{
    const char *at = strcasestr(mail, "\nMessage-ID:");

    assert_non_null(at);
    at = strchr(at, '<');
    assert_non_null(at);
    return g_strndup(at + 1, strcspn(at + 1, ">"));
}

static char *
message_id_of(const char *path)
{
    g_autofree char *bytes = NULL;

    assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
    return mp_house_message_id(bytes);
}

static void
collect_box(GHashTable *delivered, const char *out, const char *box)
{
    g_autofree char *path = g_build_filename(out, box, "new", NULL);
    g_autoptr(GDir) listing = g_dir_open(path, 0, NULL);
    const char *name;

    while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autofree char *id = message_id_of(file);

        if (!g_hash_table_add(delivered, g_strconcat(box, " ", id, NULL)))
            fail_msg("%s: lies there twice", file);
    }
}

static void
check_outbox(const MpHouse *house, MpStore *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = store->outbox_list(store, NULL, NULL, 10000, &error);
    g_autoptr(GHashTable) delivered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *out = g_build_filename(house->home, "keluar", NULL);
    g_autoptr(GDir) boxes = g_dir_open(out, 0, NULL);
    const char *name;

    assert_no_gerror(error);
    while (boxes != NULL && (name = g_dir_read_name(boxes)) != NULL)
        collect_box(delivered, out, name);
    for (guint i = 0; i < entries->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(entries, i);
        g_autofree char *key = g_strconcat(entry->recipient, " ", entry->mail->message_id, NULL);

        if (entry->state == MP_OUTBOX_SENT && !g_hash_table_remove(delivered, key))
            fail_msg("outbox %" G_GINT64_FORMAT " is sent but not there: %s", entry->id, key);
    }
    assert_int_equal(g_hash_table_size(delivered), 0);
}

void
mp_house_check(const MpHouse *house)
{
    MpStore *store = mp_house_store(house);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) differences = store->case_compare(store, NULL, &error);
    g_autofree char *why = NULL;
    gint64 broken = 0;

    assert_no_gerror(error);
    if (differences->len > 0)
        fail_msg("rebuild: %s", (const char *)g_ptr_array_index(differences, 0));
    assert_true(store->chain_verify(store, &broken, &why, &error));
    assert_no_gerror(error);
    if (broken != 0)
        fail_msg("chain: event %" G_GINT64_FORMAT ": %s", broken, why);
    mp_house_check_ledger(house, store);
    if (house->town != NULL)
        mp_house_town_check(house, store);
    else
        check_outbox(house, store);
    store->free(store);
}
