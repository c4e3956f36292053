/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The house whose mailbox lies on the town's Dovecot and whose notices go out by its Postfix. */

#include "app/config.h"
#include "support/asserts.h"
#include "support/house-private.h"

#define OFFICE "layanan-tte@contohkab.go.id"
#define SENT_FOLDER "mailproc/Terkirim"

static void
replace_line(GString *text, const char *from, const char *to)
{
    assert_int_equal(g_string_replace(text, from, to, 1), 1);
}

char *
mp_house_town_config(const MpHouse *house)
{
    const MpTown *town = house->town;
    g_autofree char *plain = mp_config_default_text(house->home);
    g_autofree char *secret = g_build_filename(house->dir, "secret", NULL);
    g_autofree char *in = g_strdup_printf("url = maildir:%s/masuk\n", house->home);
    g_autofree char *out = g_strdup_printf("url = maildir:%s/keluar\n", house->home);
    g_autofree char *login = g_strdup_printf(
        "user = " OFFICE "\npassword_file = %s\nca_file = %s\n", secret, town->ca_file);
    g_autofree char *imap = g_strdup_printf("url = imaps://" MP_TOWN_HOST
                                            ":%u/INBOX\n%ssent_folder = " SENT_FOLDER "\n",
                                            town->imaps_port,
                                            login);
    g_autofree char *smtp =
        g_strdup_printf("url = smtps://" MP_TOWN_HOST ":%u\n%s", town->smtps_port, login);
    GString *text = g_string_new(plain);

    assert_true(g_file_set_contents_full(
        secret, MP_TOWN_PASSWORD "\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    replace_line(text, in, imap);
    replace_line(text, out, smtp);
    return g_string_free(text, FALSE);
}

void
mp_house_town_put(MpHouse *house, const char *mail, gssize length)
{
    g_autoptr(GError) error = NULL;

    house->n_mails++;
    (void)mp_town_send(
        house->town, MP_TOWN_VIA_LMTP_BARE, "opd@contohkab.go.id", OFFICE, mail, length, &error);
    assert_no_gerror(error);
}

void
mp_house_town_settle(const MpHouse *house)
{
    g_autoptr(GError) error = NULL;

    (void)mp_town_settle(house->town, &error);
    assert_no_gerror(error);
}

GPtrArray *
mp_house_town_folder(const MpHouse *house, const char *folder)
{
    return mp_town_mails(house->town, OFFICE, folder);
}

guint
mp_house_town_count(const MpHouse *house, const char *folder)
{
    return mp_town_count(house->town, OFFICE, strcmp(folder, "masuk") == 0 ? "INBOX" : folder);
}

/* No session is open between two runs of the program, so Dovecot reads the directories anew. */
void
mp_house_town_keep(const MpHouse *house, const char *slot)
{
    mp_house_shell("rm -rf '%s/%s.mail' && cp -a '%s/mail' '%s/%s.mail'",
                   house->dir,
                   slot,
                   house->town->dir,
                   house->dir,
                   slot);
}

void
mp_house_town_lay_back(const MpHouse *house, const char *slot)
{
    mp_house_shell("rm -rf '%s/mail' && cp -a '%s/%s.mail' '%s/mail'",
                   house->town->dir,
                   house->dir,
                   slot,
                   house->town->dir);
}

/* --- what there is ---------------------------------------------------------------------------- */

/* How often each Message-ID lies in a folder. */
static GHashTable *
count_ids(const MpHouse *house, const char *user, const char *folder)
{
    g_autoptr(GPtrArray) mails = mp_town_mails(house->town, user, folder);
    GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < mails->len; i++) {
        gsize length = 0;
        const char *bytes = g_bytes_get_data(g_ptr_array_index(mails, i), &length);
        g_autofree char *mail = g_strndup(bytes, length);
        char *id = mp_house_message_id(mail);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(ids, id));

        g_hash_table_replace(ids, id, GUINT_TO_POINTER(n + 1));
    }
    return ids;
}

static GPtrArray *
list_users(const MpHouse *house)
{
    g_autofree char *dir = g_build_filename(house->town->dir, "mail", NULL);
    g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
    GPtrArray *users = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (listing != NULL && (name = g_dir_read_name(listing)) != NULL)
        if (strcmp(name, OFFICE) != 0)
            g_ptr_array_add(users, g_strdup(name));
    return users;
}

static int
by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_folder(GPtrArray *lines, const MpHouse *house, const char *folder)
{
    g_autoptr(GPtrArray) mails = mp_town_mails(house->town, OFFICE, folder);

    for (guint i = 0; i < mails->len; i++) {
        gsize length = 0;
        const guint8 *bytes = g_bytes_get_data(g_ptr_array_index(mails, i), &length);
        g_autofree char *hash = mp_text_sha256(bytes, length);

        g_ptr_array_add(lines, g_strdup_printf("folder %s %s", folder, hash));
    }
}

void
mp_house_town_tell(const MpHouse *house, GString *text)
{
    static const char *const folders[] = {"INBOX", "mailproc/Selesai", "mailproc/Karantina"};
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) users = list_users(house);
    g_autoptr(GHashTable) copies = count_ids(house, OFFICE, SENT_FOLDER);

    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
        add_folder(lines, house, folders[i]);
    g_ptr_array_add(lines, g_strdup_printf("folder " SENT_FOLDER " %u", g_hash_table_size(copies)));
    for (guint i = 0; i < users->len; i++) {
        const char *user = g_ptr_array_index(users, i);
        g_autoptr(GHashTable) ids = count_ids(house, user, "INBOX");

        g_ptr_array_add(lines, g_strdup_printf("box %s %u mails", user, g_hash_table_size(ids)));
    }
    g_ptr_array_sort(lines, by_text);
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(text, "%s\n", (const char *)g_ptr_array_index(lines, i));
}

static void
check_entry(const MpOutboxEntry *entry, GHashTable *boxes)
{
    GHashTable *ids = g_hash_table_lookup(boxes, entry->recipient);
    guint n = ids == NULL ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(ids, entry->mail->message_id));

    if (entry->state != MP_OUTBOX_SENT)
        return;
    if (n == 0)
        fail_msg(
            "outbox %" G_GINT64_FORMAT " is sent but not with %s", entry->id, entry->recipient);
    if (n > entry->tries)
        fail_msg("outbox %" G_GINT64_FORMAT " lies %u times with %s after %u tries",
                 entry->id,
                 n,
                 entry->recipient,
                 entry->tries);
    (void)g_hash_table_remove(ids, entry->mail->message_id);
}

void
mp_house_town_check(const MpHouse *house, MpStore *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = store->outbox_list(store, NULL, NULL, 10000, &error);
    g_autoptr(GPtrArray) users = list_users(house);
    g_autoptr(GHashTable) boxes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);

    assert_no_gerror(error);
    for (guint i = 0; i < users->len; i++) {
        const char *user = g_ptr_array_index(users, i);

        g_hash_table_insert(boxes, g_strdup(user), count_ids(house, user, "INBOX"));
    }
    for (guint i = 0; i < entries->len; i++)
        check_entry(g_ptr_array_index(entries, i), boxes);
    for (guint i = 0; i < users->len; i++) {
        GHashTable *ids = g_hash_table_lookup(boxes, g_ptr_array_index(users, i));

        if (g_hash_table_size(ids) != 0)
            fail_msg("%s has mail that was never sent", (char *)g_ptr_array_index(users, i));
    }
}
