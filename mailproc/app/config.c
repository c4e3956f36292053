/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of every key, and the plain questions asked of it. How values are written is in
 * config-value.c, how a file is held against the table in config-load.c. */

#include "app/config-private.h"

#define LEVELS "none address aligned capability signed"
#define SECOND G_GINT64_CONSTANT(1)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define KIB G_GINT64_CONSTANT(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/* section, key, type, default (NULL = must be set), least, most, words, documentation. One row a
 * line is what makes a table readable, so the formatter stays out of it. */
/* clang-format off */
static const MpConfigKey rows[] = {
    {"office", "name", MP_CONFIG_STRING, NULL, 0, 0, NULL, "name of the office, as it stands in every notice"},
    {"office", "address", MP_CONFIG_ADDRESS, NULL, 0, 0, NULL, "address of the official mailbox"},
    {"office", "service_title", MP_CONFIG_STRING, "Layanan Sertifikat Elektronik", 0, 0, NULL, "what the service calls itself in notices"},
    {"office", "timezone", MP_CONFIG_ZONE, "Asia/Jakarta", 0, 0, NULL, "zone of the office's clock"},
    {"office", "case_prefix", MP_CONFIG_STRING, "SE", 1, 8, NULL, "capital letters in front of case numbers"},
    {"office", "trusted_domains", MP_CONFIG_DOMAINS, "", 0, 0, NULL, "whose addresses are the region's own; empty = the domain of address"},
    {"office", "rules_dir", MP_CONFIG_PATH, "", 0, 0, NULL, "folder of rules, procedures, verbs and holidays; empty = the installed ones"},
    {"office", "templates_dir", MP_CONFIG_PATH, "", 0, 0, NULL, "folder of the notices' templates; empty = the installed ones"},

    {"mailbox", "url", MP_CONFIG_URL, NULL, 0, 0, "imaps imap maildir", "mailbox that is read; imap:// only with starttls = required or to a loopback address"},
    {"mailbox", "user", MP_CONFIG_STRING, "", 0, 255, NULL, "name to log in with"},
    {"mailbox", "password_file", MP_CONFIG_SECRET_FILE, "", 0, 0, NULL, "file whose first line is the password; only its owner may read it"},
    {"mailbox", "password_command", MP_CONFIG_COMMAND, "", 0, 0, NULL, "command that prints the password, in place of password_file"},
    {"mailbox", "ca_file", MP_CONFIG_PATH, "", 0, 0, NULL, "certificates to trust; empty = the system's"},
    {"mailbox", "starttls", MP_CONFIG_ENUM, "no", 0, 0, "no required", "whether an imap:// connection must turn to TLS before anything is said"},
    {"mailbox", "handled_folder", MP_CONFIG_STRING, "mailproc/Selesai", 0, 255, NULL, "folder for handled mail, made if missing; empty = mail stays in place"},
    {"mailbox", "quarantine_folder", MP_CONFIG_STRING, "mailproc/Karantina", 0, 255, NULL, "folder for mail that cannot be worked; empty = mail stays in place"},
    {"mailbox", "sent_folder", MP_CONFIG_STRING, "", 0, 255, NULL, "folder that gets a copy of each sent mail; empty = none"},
    {"mailbox", "poll_interval", MP_CONFIG_DURATION, "60s", 5 * SECOND, DAY, NULL, "longest time between two looks at the mailbox"},
    {"mailbox", "idle", MP_CONFIG_BOOL, "yes", 0, 0, NULL, "whether to wait with IDLE between two looks, where the server can"},
    {"mailbox", "timeout", MP_CONFIG_DURATION, "30s", SECOND, HOUR, NULL, "longest silence of the server while it is read from"},
    {"mailbox", "command_timeout", MP_CONFIG_DURATION, "5m", SECOND, DAY, NULL, "longest time of one IMAP command"},
    {"mailbox", "batch_mails", MP_CONFIG_INT, "100", 1, 1000, NULL, "mails asked for in one FETCH"},
    {"mailbox", "batch_bytes", MP_CONFIG_SIZE, "16M", 64 * KIB, GIB, NULL, "bytes asked for in one FETCH"},

    {"sender", "url", MP_CONFIG_URL, NULL, 0, 0, "smtps smtp maildir", "where mail is handed over; smtp:// only with starttls = required or to a loopback address"},
    {"sender", "user", MP_CONFIG_STRING, "", 0, 255, NULL, "name to log in with; empty = no login"},
    {"sender", "password_file", MP_CONFIG_SECRET_FILE, "", 0, 0, NULL, "file whose first line is the password; only its owner may read it"},
    {"sender", "password_command", MP_CONFIG_COMMAND, "", 0, 0, NULL, "command that prints the password, in place of password_file"},
    {"sender", "from", MP_CONFIG_MAILBOX, "", 0, 0, NULL, "From of every notice; empty = service_title and address of [office]"},
    {"sender", "ca_file", MP_CONFIG_PATH, "", 0, 0, NULL, "certificates to trust; empty = the system's"},
    {"sender", "starttls", MP_CONFIG_ENUM, "no", 0, 0, "no required", "whether an smtp:// connection must turn to TLS before anything is said"},
    {"sender", "helo", MP_CONFIG_STRING, "", 0, 255, NULL, "name said in EHLO; empty = the domain of from"},
    {"sender", "connections", MP_CONFIG_INT, "2", 1, 16, NULL, "connections to the server at the same time, at most; one is used"},
    {"sender", "timeout", MP_CONFIG_DURATION, "60s", SECOND, HOUR, NULL, "longest silence of the server"},
    {"sender", "retry_first", MP_CONFIG_DURATION, "5m", SECOND, DAY, NULL, "wait before the second try; grows with the square of the tries"},
    {"sender", "retry_longest", MP_CONFIG_DURATION, "4h", MINUTE, 7 * DAY, NULL, "longest wait between two tries"},
    {"sender", "give_up", MP_CONFIG_DURATION, "5d", HOUR, 30 * DAY, NULL, "age at which an undelivered mail is given up and told to the verifikator"},
    {"sender", "uncertain", MP_CONFIG_ENUM, "retry", 0, 0, "retry hold", "what becomes of a mail whose connection was lost after its end: once more, or kept for a person"},
    {"sender", "uncertain_wait", MP_CONFIG_DURATION, "15m", MINUTE, DAY, NULL, "wait before that one repeat"},
    {"sender", "attach_bytes", MP_CONFIG_SIZE, "10M", 0, GIB, NULL, "documents of a mail together; beyond it only their names are listed"},
    {"sender", "pause_after", MP_CONFIG_INT, "5", 0, 1000, NULL, "refusals in a row after which all mail to that recipient domain rests; 0 = never"},
    {"sender", "pause_first", MP_CONFIG_DURATION, "15m", SECOND, DAY, NULL, "first rest of such a domain; each refusal that follows doubles it"},
    {"sender", "pause_longest", MP_CONFIG_DURATION, "4h", SECOND, 7 * DAY, NULL, "longest rest of such a domain"},

    {"store", "dir", MP_CONFIG_PATH, "/var/lib/mailproc", 0, 0, NULL, "folder of mailproc.sqlite and the yearly archives (0700)"},
    {"store", "min_free", MP_CONFIG_SIZE, "64M", 0, 1024 * GIB, NULL, "space left there below which no mail is taken; it stays in the mailbox"},

    {"trust", "authserv_id", MP_CONFIG_STRING, "", 0, 255, NULL, "whose Authentication-Results count; empty = nobody's, and nobody is aligned"},
    {"trust", "own_hosts", MP_CONFIG_LIST, "", 0, 0, NULL, "the office's relays as they name themselves in Received; empty = authserv_id alone"},
    {"trust", "command_level", MP_CONFIG_ENUM, "capability", 0, 0, LEVELS, "least level of trust for a verb that moves a case"},
    {"trust", "level.VERB", MP_CONFIG_ENUM, "", 0, 0, LEVELS, "least level for one verb, in place of command_level"},
    {"trust", "smime_ca_file", MP_CONFIG_PATH, "", 0, 0, NULL, "certificates (PEM) that S/MIME signatures must lead to; empty = nobody is signed"},
    {"trust", "ack_unverified", MP_CONFIG_BOOL, "no", 0, 0, NULL, "whether strangers are acknowledged although no authserv_id proves who they are"},

    {"role ID", "addresses", MP_CONFIG_ADDRESSES, NULL, 0, 0, NULL, "who has the role"},
    {"role ID", "deputies", MP_CONFIG_DEPUTIES, "", 0, 0, NULL, "who acts for them, each up to a day"},
    {"role ID", "title", MP_CONFIG_STRING, "", 0, 0, NULL, "what notices call the role; empty = a known title, or the id"},
    {"role ID", "grant_expiry", MP_CONFIG_DURATION, "30d", HOUR, 366 * DAY, NULL, "how long the code in a mail to this role allows a command"},

    {"service ID", "sop", MP_CONFIG_FILENAME, NULL, 0, 0, NULL, "procedure file in rules_dir/sop"},
    {"service ID", "timezone", MP_CONFIG_ZONE, "", 0, 0, NULL, "zone of this service's clock; empty = the procedure's, else the office's"},
    {"service ID", "hours", MP_CONFIG_HOURS, "", 0, 0, NULL, "working hours of this service; empty = the procedure's, else those of [calendar]"},
    {"service ID", "holidays", MP_CONFIG_FILENAMES, "", 0, 0, NULL, "holiday files of this service; empty = those of [calendar]"},

    {"bsre", "domains", MP_CONFIG_DOMAINS, "bssn.go.id", 0, 0, NULL, "whose notices are BSrE's"},

    {"calendar", "hours", MP_CONFIG_HOURS, "mon-thu 08:00-12:00,13:00-15:45; fri 08:00-11:00", 0, 0, NULL, "working hours"},
    {"calendar", "holidays", MP_CONFIG_FILENAMES, NULL, 0, 0, NULL, "holiday files in rules_dir; the current year must be among them"},
    {"calendar", "year_notice", MP_CONFIG_DURATION, "31d", 0, 366 * DAY, NULL, "how long before the end of the year it is an alarm that the holidays of the next one are missing; 0 = only when that year has begun"},
    {"calendar", "period.NAME", MP_CONFIG_PERIOD, "", 0, 0, NULL, "other hours between two days, as in Ramadan"},

    {"reminders", "digest", MP_CONFIG_BOOL, "yes", 0, 0, NULL, "whether each official with open work gets one list of it every working day, in place of that morning's single reminders"},
    {"reminders", "digest_time", MP_CONFIG_TIME, "08:00", 0, 0, NULL, "when that list goes out; at the office's next opening where it is closed then"},

    {"papers", "full_nip", MP_CONFIG_BOOL, "no", 0, 0, NULL, "whether the draft of a recommendation holds the whole NIP; else it is masked as everywhere"},
    {"papers", "attach_ams", MP_CONFIG_BOOL, "no", 0, 0, NULL, "whether the AMS table, with whole identity numbers, goes with the mail of the step that asks for it"},

    {"retention", "erase_ktp", MP_CONFIG_ENUM, "after-check", 0, 0, "after-check with-case", "when copies of identity cards are destroyed: once no step needs them any more, or with their case"},

    {"watch", "daily_note", MP_CONFIG_BOOL, "yes", 0, 0, NULL, "whether a note about the service goes out every day, with the head of the audit chain"},
    {"watch", "daily_time", MP_CONFIG_TIME, "07:00", 0, 0, NULL, "when that note goes out"},
    {"watch", "addresses", MP_CONFIG_ADDRESSES, "", 0, 0, NULL, "who gets the note and the alarms; empty = the verifikator"},
    {"watch", "alarms", MP_CONFIG_BOOL, "yes", 0, 0, NULL, "whether what goes wrong is told once by mail, and once when it is well again"},
    {"watch", "sweep_age", MP_CONFIG_DURATION, "15m", MINUTE, 7 * DAY, NULL, "age of the last good look at the mailbox that is an alarm"},
    {"watch", "outbox_age", MP_CONFIG_DURATION, "1h", MINUTE, 7 * DAY, NULL, "age of a mail on its way that is an alarm"},
    {"watch", "disk_free", MP_CONFIG_SIZE, "1G", 0, 1024 * GIB, NULL, "space left for the store below which it is an alarm"},
    {"watch", "tls_expiry", MP_CONFIG_DURATION, "14d", HOUR, 90 * DAY, NULL, "time left to a server's certificate below which it is an alarm"},

    {"report", "schedule", MP_CONFIG_ENUM, "none", 0, 0, "none monthly quarterly", "after which periods their report goes out by mail, on the first working day"},
    {"report", "time", MP_CONFIG_TIME, "09:00", 0, 0, NULL, "when that mail goes out; when the office opens, where that is later"},
    {"report", "recipients", MP_CONFIG_ADDRESSES, "", 0, 0, NULL, "who gets it; empty = the head of office"},
    {"report", "survey", MP_CONFIG_BOOL, "yes", 0, 0, NULL, "whether closing notices ask for nine figures of satisfaction"},

    {"standard", "legal_basis", MP_CONFIG_STRING, "", 0, 2000, NULL, "legal basis of the service; empty = told as not filled in"},
    {"standard", "fee", MP_CONFIG_STRING, "Gratis (tidak dipungut biaya)", 0, 2000, NULL, "what the service costs"},
    {"standard", "product", MP_CONFIG_STRING, "", 0, 2000, NULL, "what comes out of the service; empty = the title of its procedure"},
    {"standard", "facilities", MP_CONFIG_STRING, "", 0, 2000, NULL, "rooms, devices and networks the service needs; empty = told as not filled in"},
    {"standard", "competence", MP_CONFIG_STRING, "", 0, 2000, NULL, "what those who work on it must know; empty = told as not filled in"},
    {"standard", "supervision", MP_CONFIG_STRING, "", 0, 2000, NULL, "who supervises it inside the office; empty = told as not filled in"},
    {"standard", "staff", MP_CONFIG_STRING, "", 0, 2000, NULL, "how many work on it; empty = everybody who has a role in its procedure"},
    {"standard", "assurance", MP_CONFIG_STRING, "", 0, 2000, NULL, "what is promised of the service; empty = told as not filled in"},
    {"standard", "safety", MP_CONFIG_STRING, "", 0, 2000, NULL, "what is promised of safety and secrecy; empty = told as not filled in"},
    {"standard", "evaluation", MP_CONFIG_STRING, "Evaluasi kinerja dilakukan oleh pimpinan setiap tiga bulan", 0, 2000, NULL, "how and how often it is evaluated"},

    {"rations", "acknowledgements_per_day", MP_CONFIG_INT, "1", 0, 100, NULL, "mails a day that one unproved sender can cause in one case"},
    {"rations", "per_address_hour", MP_CONFIG_INT, "20", 1, 10000, NULL, "mails an hour to one address"},
    {"rations", "per_domain_hour", MP_CONFIG_INT, "200", 1, 100000, NULL, "mails an hour to one domain"},
    {"rations", "total_hour", MP_CONFIG_INT, "1000", 1, 1000000, NULL, "mails an hour in all"},
    {"rations", "open_per_sender_hour", MP_CONFIG_INT, "30", 1, 100000, NULL, "cases an hour that one address can open; further requests wait in quarantine"},
    {"rations", "open_per_domain_hour", MP_CONFIG_INT, "40", 1, 100000, NULL, "cases an hour from one domain that is not proved or not among trusted_domains"},
    {"rations", "open_total_hour", MP_CONFIG_INT, "60", 1, 1000000, NULL, "cases an hour from all such domains together"},
    {"rations", "final_per_hour", MP_CONFIG_INT, "20", 1, 10000, NULL, "commands an hour by which one official may bring an outcome, an end or a destruction"},

    {"limits", "reader_cpu", MP_CONFIG_DURATION, "10s", SECOND, HOUR, NULL, "processor time for reading one mail"},
    {"limits", "reader_wall", MP_CONFIG_DURATION, "30s", SECOND, HOUR, NULL, "time for reading one mail"},
    {"limits", "reader_memory", MP_CONFIG_SIZE, "512M", 64 * MIB, 64 * GIB, NULL, "memory of the process that reads mail"},
};
/* clang-format on */

static const MpLimits limit_defaults = {
#define X(name, value, doc) .name = (value),
    MP_LIMITS(X)
#undef X
};

typedef struct {
    const char *name, *doc;
    gsize offset;
} LimitRow;

static const LimitRow limit_rows[] = {
#define X(name, value, doc) {#name, doc, G_STRUCT_OFFSET(MpLimits, name)},
    MP_LIMITS(X)
#undef X
};

static char *
format_size(gint64 bytes)
{
    static const struct {
        gint64 unit;
        char letter;
    } units[] = {{GIB, 'G'}, {MIB, 'M'}, {KIB, 'K'}};

    for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
        if (bytes >= units[i].unit && bytes % units[i].unit == 0)
            return g_strdup_printf(
                "%" G_GINT64_FORMAT "%c", bytes / units[i].unit, units[i].letter);
    return g_strdup_printf("%" G_GINT64_FORMAT, bytes);
}

/* The rows above and one row a limit of base/base.h, whose defaults are numbers there. */
static const GArray *
all_rows(void)
{
    static gsize made = 0;

    if (g_once_init_enter(&made)) {
        GArray *all = g_array_new(FALSE, FALSE, sizeof(MpConfigKey));

        g_array_append_vals(all, rows, G_N_ELEMENTS(rows));
        for (gsize i = 0; i < G_N_ELEMENTS(limit_rows); i++) {
            const LimitRow *limit = &limit_rows[i];
            gboolean is_size = g_str_has_suffix(limit->name, "_bytes");
            gint64 value = G_STRUCT_MEMBER(gint64, &limit_defaults, limit->offset);
            MpConfigKey row = {
                "limits", limit->name, MP_CONFIG_INT, NULL, 1, GIB, NULL, limit->doc};

            row.type = is_size ? MP_CONFIG_SIZE : MP_CONFIG_INT;
            row.fallback =
                is_size ? format_size(value) : g_strdup_printf("%" G_GINT64_FORMAT, value);
            g_array_append_val(all, row);
        }
        g_once_init_leave(&made, (gsize)all);
    }
    return (const GArray *)made;
}

const MpConfigKey *
mp_config_keys(gsize *n_out)
{
    const GArray *all = all_rows();

    *n_out = all->len;
    return (const MpConfigKey *)(gpointer)all->data;
}

static const struct {
    const char *name, *form;
} types[] = {

#define X(id, name, form) [MP_CONFIG_##id] = {name, form},
    MP_CONFIG_TYPES(X)
#undef X
};

G_STATIC_ASSERT(G_N_ELEMENTS(types) == MP_CONFIG_TYPE_N);

const char *
mp_config_type_name(MpConfigType type)
{
    g_return_val_if_fail(type < MP_CONFIG_TYPE_N, NULL);
    return types[type].name;
}

const char *
mp_config_type_form(MpConfigType type)
{
    g_return_val_if_fail(type < MP_CONFIG_TYPE_N, NULL);
    return types[type].form;
}

gboolean
mp_config_is_set(const MpConfig *config, const char *section, const char *key)
{
    const MpConfigValue *value = mp_config_value(config, section, key);

    return value != NULL && value->is_set;
}

const char *
mp_config_string(const MpConfig *config, const char *section, const char *key)
{
    const MpConfigValue *value = mp_config_value(config, section, key);

    g_return_val_if_fail(value != NULL, NULL);
    return value->text;
}

static gint64
number_of(const MpConfig *config, const char *section, const char *key, MpConfigType type)
{
    const MpConfigValue *value = mp_config_value(config, section, key);

    g_return_val_if_fail(value != NULL && value->key->type == type, 0);
    return value->number;
}

gboolean
mp_config_bool(const MpConfig *config, const char *section, const char *key)
{
    return number_of(config, section, key, MP_CONFIG_BOOL) != 0;
}

gint64
mp_config_int(const MpConfig *config, const char *section, const char *key)
{
    return number_of(config, section, key, MP_CONFIG_INT);
}

gint64
mp_config_size(const MpConfig *config, const char *section, const char *key)
{
    return number_of(config, section, key, MP_CONFIG_SIZE);
}

gint64
mp_config_duration(const MpConfig *config, const char *section, const char *key)
{
    return number_of(config, section, key, MP_CONFIG_DURATION);
}

gint64
mp_config_minute(const MpConfig *config, const char *section, const char *key)
{
    return number_of(config, section, key, MP_CONFIG_TIME);
}

const char *const *
mp_config_list(const MpConfig *config, const char *section, const char *key)
{
    const MpConfigValue *value = mp_config_value(config, section, key);

    g_return_val_if_fail(value != NULL && value->items != NULL, NULL);
    return (const char *const *)value->items;
}

MpLimits
mp_config_limits(const MpConfig *config)
{
    MpLimits limits = limit_defaults;

    for (gsize i = 0; i < G_N_ELEMENTS(limit_rows); i++) {
        const MpConfigValue *value = mp_config_value(config, "limits", limit_rows[i].name);

        if (value != NULL)
            G_STRUCT_MEMBER(gint64, &limits, limit_rows[i].offset) = value->number;
    }
    return limits;
}
