/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/config.h"
#include "outbox/outbox.h"
#include "support/asserts.h"

/* The smallest configuration that loads. */
#define OFFICE "[office]\nname = Kantor\naddress = tte@contohkab.go.id\n"
#define MAILBOX "[mailbox]\nurl = maildir:/var/mail/tte\n"
#define SENDER "[sender]\nurl = maildir:/var/mail/keluar\n"
#define ROLE "[role verifikator]\naddresses = ani@contohkab.go.id\n"
#define SERVICE "[service pembaruan]\nsop = mamuju-pembaruan.sop\n"
#define CALENDAR "[calendar]\nholidays = holidays-2026.tsv\n"
#define REST MAILBOX SENDER ROLE SERVICE CALENDAR
#define ALL OFFICE REST

static MpConfig *
load(const char *text, GError **error)
{
    return mp_config_load_bytes("a.conf", text, strlen(text), error);
}

static MpConfig *
load_fine(const char *text)
{
    g_autoptr(GError) error = NULL;
    MpConfig *config = load(text, &error);

    assert_no_gerror(error);
    return config;
}

/* --- what is refused, and in which words --------------------------------------------------------
 */

typedef struct {
    const char *name, *text, *want;
} Refused;

/* clang-format off */
static const Refused refused[] = {
    {"an unknown key has line and nearest name", OFFICE "timezon = Asia/Jakarta\n" REST, "a.conf:4: unknown key 'timezon' in [office]: did you mean 'timezone'?"},
    {"an unknown key that is like no other has its line", OFFICE "colour = red\n" REST, "a.conf:4: unknown key 'colour' in [office]"},
    {"a doubled key has both lines", OFFICE "name = Lain\n" REST, "a.conf:4: key 'name' stands already at line 2"},
    {"a doubled section has both lines", ALL "[office]\n", "stands already at line 1"},
    {"an unknown section has line and nearest name", ALL "[mailbx]\n", "a.conf:14: unknown section [mailbx]: did you mean [mailbox]?"},
    {"a key before the first section", "name = Kantor\n" ALL, "a.conf:1: "},
    {"a password in the file", ALL "[trust]\npassword = rahasia\n", "secrets are never written here"},
    {"a password of the mailbox in the file", OFFICE MAILBOX "password = rahasia\n" SENDER ROLE SERVICE CALENDAR, "a.conf:6: key 'password' would hold a secret"},
    {"a password in the url", OFFICE "[mailbox]\nurl = imaps://tte:rahasia@mail.contohkab.go.id\n" SENDER ROLE SERVICE CALENDAR, "holds a user or password"},
    {"a required key that is missing", "[office]\nname = Kantor\n" REST, "a.conf:1: [office] lacks the key 'address'"},
    {"a required key that is empty", "[office]\nname =\naddress = a@contohkab.go.id\n" REST, "a.conf:2: [office] name is empty"},
    {"a section that must be there", OFFICE SENDER ROLE SERVICE CALENDAR, "[mailbox] lacks the key 'url'"},
    {"no verifikator", OFFICE MAILBOX SENDER SERVICE CALENDAR, "[role verifikator] is missing"},
    {"no service", OFFICE MAILBOX SENDER ROLE CALENDAR, "no section [service ID]"},
    {"a role without addresses", ALL "[role kabid]\ntitle = Kabid\n", "a.conf:14: [role kabid] lacks the key 'addresses'"},
    {"a role with an empty list", ALL "[role kabid]\naddresses = ;\n", "a.conf:15: [role kabid] addresses is empty"},
    {"a role id with capitals", ALL "[role Kabid]\naddresses = a@contohkab.go.id\n", "needs an id of small letters"},
    {"a role without id", ALL "[role ]\naddresses = a@contohkab.go.id\n", "needs an id of small letters"},
    {"an address that is none", ALL "[role kabid]\naddresses = a@contohkab.go.id; b\n", "addresses holds 'b'"},
    {"an address with a name", ALL "[role kabid]\naddresses = Ani <ani@contohkab.go.id>\n", "addresses holds"},
    {"a deputy without a day after until", ALL "[role kabid]\naddresses = a@contohkab.go.id\ndeputies = b@contohkab.go.id until\n", "write address until YYYY-MM-DD"},
    {"a deputy until a day that does not exist", ALL "[role kabid]\naddresses = a@contohkab.go.id\ndeputies = b@contohkab.go.id until 2026-02-30\n", "a.conf:16: [role kabid] deputies holds"},
    {"a bool that is neither", OFFICE MAILBOX "idle = maybe\n" SENDER ROLE SERVICE CALENDAR, "idle is neither yes nor no"},
    {"a number with letters", ALL "[rations]\ntotal_hour = 80%\n", "a.conf:15: [rations] total_hour is no whole number"},
    {"a number below its least", ALL "[rations]\ntotal_hour = 0\n", "total_hour is out of range: 1 to 1000000"},
    {"a number above its most", ALL "[rations]\ntotal_hour = 1000001\n", "total_hour is out of range: 1 to 1000000"},
    {"a number without a value", ALL "[rations]\ntotal_hour =\n", "leave the line out for the default"},
    {"a size with a wrong letter", ALL "[limits]\nmessage_bytes = 25MB\n", "is no size: write 512K, 25M or 1G"},
    {"a size that overflows", ALL "[limits]\nmessage_bytes = 99999999999G\n", "is no size"},
    {"a size of nothing", ALL "[limits]\nmessage_bytes = 0\n", "out of range: 1 to 1073741824 bytes"},
    {"a negative size", ALL "[limits]\nmessage_bytes = -1\n", "is no size"},
    {"a duration without unit", OFFICE MAILBOX "poll_interval = 60\n" SENDER ROLE SERVICE CALENDAR, "write 60s, 15m, 12h or 5d"},
    {"a duration below its least", OFFICE MAILBOX "poll_interval = 4s\n" SENDER ROLE SERVICE CALENDAR, "out of range: 5 to 86400 seconds"},
    {"a path that is not absolute", ALL "[store]\ndir = var/lib\n", "dir is no absolute path"},
    {"a procedure outside of its folder", ALL "[service pencabutan]\nsop = ../a.sop\n", "sop is no file name"},
    {"a hidden procedure", ALL "[service pencabutan]\nsop = .sop\n", "sop is no file name"},
    {"a command without a full path", OFFICE MAILBOX "password_command = pass show tte\n" SENDER ROLE SERVICE CALENDAR, "by an absolute path"},
    {"a command with an open quote", OFFICE MAILBOX "password_command = /bin/echo 'a\n" SENDER ROLE SERVICE CALENDAR, "cannot be read as a command"},
    {"a word that is not in the list", OFFICE MAILBOX "starttls = perhaps\n" SENDER ROLE SERVICE CALENDAR, "write one of no required"},
    {"a word with a slip", ALL "[trust]\ncommand_level = capabilty\n", "did you mean 'capability'?"},
    {"a level of a verb that is none", ALL "[trust]\nlevel.SELESAI = high\n", "[trust] level.SELESAI is 'high'"},
    {"a level of a verb that does not exist", ALL "[trust]\nlevel.SELSAI = signed\n", "a.conf:15: [trust] level.SELSAI names no verb: did you mean level.SELESAI?"},
    {"a level of a verb in small letters", ALL "[trust]\nlevel.selesai = signed\n", "level.selesai names no verb"},
    {"a pattern key without its name", ALL "[trust]\nlevel. = signed\n", "unknown key 'level.'"},
    {"a zone with a blank", OFFICE "timezone = Asia Jakarta\n" REST, "is no zone of tzdata"},
    {"a case prefix in small letters", OFFICE "case_prefix = se\n" REST, "must be capital letters"},
    {"a case prefix that is too long", OFFICE "case_prefix = ABCDEFGHI\n" REST, "must have 1 to 8 letters"},
    {"a domain that is none", OFFICE "trusted_domains = contohkab\n" REST, "trusted_domains holds 'contohkab'"},
    {"hours that overlap", ALL "[service pencabutan]\nsop = a.sop\nhours = mon 08:00-12:00,11:00-15:00\n", "a.conf:16: [service pencabutan] hours"},
    {"hours of an unknown day", ALL "[service pencabutan]\nsop = a.sop\nhours = senin 08:00-12:00\n", "has no hours that can be read"},
    {"a period that ends before it begins", OFFICE MAILBOX SENDER ROLE SERVICE CALENDAR "period.ramadan = 2026-03-19..2026-02-18 mon-fri 08:00-15:00\n", "does not run from one real day"},
    {"a period without hours", OFFICE MAILBOX SENDER ROLE SERVICE CALENDAR "period.ramadan = 2026-02-18..2026-03-19\n", "is no period"},
    {"a period with bad hours", OFFICE MAILBOX SENDER ROLE SERVICE CALENDAR "period.ramadan = 2026-02-18..2026-03-19 mon-fri 8-15\n", "a.conf:14: [calendar] period.ramadan has no hours"},
    {"a control character", OFFICE "service_title = a\x01" "b\n" REST, "holds a control character"},
    {"bytes that are no UTF-8", OFFICE "service_title = a\xff\n" REST, "a.conf:4: text is not UTF-8"},
    {"an unknown scheme", OFFICE "[mailbox]\nurl = pop3://mail.contohkab.go.id\n" SENDER ROLE SERVICE CALENDAR, "no known scheme"},
    {"a scheme of the other side", OFFICE "[mailbox]\nurl = smtps://mail.contohkab.go.id\n" SENDER ROLE SERVICE CALENDAR, "write one of imaps imap maildir"},
    {"a url without host", OFFICE "[mailbox]\nurl = imaps:///INBOX\n" SENDER ROLE SERVICE CALENDAR, "names no host"},
    {"a url with a bad port", OFFICE "[mailbox]\nurl = imaps://mail.contohkab.go.id:65536\n" SENDER ROLE SERVICE CALENDAR, "port between 1 and 65535"},
    {"a folder with a line end in it", OFFICE "[mailbox]\nurl = imaps://mail.contohkab.go.id/a%0d%0aA1\n" SENDER ROLE SERVICE CALENDAR, "has a folder that cannot be read"},
    {"a Maildir without absolute path", OFFICE "[mailbox]\nurl = maildir:mail\n" SENDER ROLE SERVICE CALENDAR, "names no absolute path"},
    {"clear text to another machine", OFFICE "[mailbox]\nurl = imap://mail.contohkab.go.id\nuser = a\npassword_file = /p\n" SENDER ROLE SERVICE CALENDAR, "a.conf:5: [mailbox] url would speak in clear text: write imaps://"},
    {"a name that only begins like a loopback address", OFFICE "[mailbox]\nurl = imap://127.contohkab.go.id\nuser = a\npassword_file = /p\n" SENDER ROLE SERVICE CALENDAR, "clear text"},
    {"clear text mail to another machine", OFFICE MAILBOX "[sender]\nurl = smtp://mail.contohkab.go.id\n" ROLE SERVICE CALENDAR, "write smtps://"},
    {"STARTTLS inside of TLS", OFFICE "[mailbox]\nurl = imaps://mail.contohkab.go.id\nstarttls = required\nuser = " "a\npassword_file = /p\n" SENDER ROLE SERVICE CALENDAR, "starttls does not go with imaps"},
    {"IMAP without user", OFFICE "[mailbox]\nurl = imaps://mail.contohkab.go.id\n" SENDER ROLE SERVICE CALENDAR, "[mailbox] lacks the key 'user'"},
    {"a user without secret", OFFICE MAILBOX "[sender]\nurl = smtps://mail.contohkab.go.id\nuser = a\n" ROLE SERVICE CALENDAR, "[sender] user has no password_file"},
    {"a secret without user", OFFICE MAILBOX "[sender]\nurl = smtps://mail.contohkab.go.id\npassword_file = /p\n" ROLE SERVICE CALENDAR, "[sender] has a password but no user"},
    {"two secrets", OFFICE MAILBOX "[sender]\nurl = smtps://mail.contohkab.go.id\nuser = a\npassword_file = " "/p\npassword_command = /bin/p\n" ROLE SERVICE CALENDAR, "keep one"},
};

/* clang-format on */

static void
test_refused(void **state)
{
    const Refused *row = *state;
    g_autoptr(GError) error = NULL;
    MpConfig *config = load(row->text, &error);

    assert_null(config);
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
    assert_lacks(error->message, "rahasia");
}

/* --- values
 * ---------------------------------------------------------------------------------------- */

typedef struct {
    const char *name, *section, *key, *text;
    gint64 want;
} Number;

static const Number numbers[] = {
    {"yes is true", "mailbox", "idle", "yes", 1},
    {"false is false", "mailbox", "idle", "false", 0},
    {"plain bytes", "limits", "message_bytes", "1", 1},
    {"kibibytes", "limits", "message_bytes", "3K", 3072},
    {"mebibytes", "limits", "message_bytes", "25M", 26214400},
    {"the largest size", "limits", "message_bytes", "1G", 1073741824},
    {"seconds", "mailbox", "poll_interval", "5s", 5},
    {"minutes", "mailbox", "poll_interval", "15m", 900},
    {"hours", "mailbox", "poll_interval", "2h", 7200},
    {"the longest duration", "mailbox", "poll_interval", "1d", 86400},
    {"the least number", "rations", "total_hour", "1", 1},
    {"the greatest number", "rations", "total_hour", "1000000", 1000000},
};

static void
test_number(void **state)
{
    const Number *row = *state;
    g_autoptr(MpConfig) config = load_fine(ALL);
    g_autoptr(GError) error = NULL;
    gint64 got;

    assert_true(mp_config_set(config, row->section, row->key, row->text, &error));
    assert_no_gerror(error);
    if (strcmp(row->key, "idle") == 0)
        got = mp_config_bool(config, row->section, row->key);
    else if (strcmp(row->key, "total_hour") == 0)
        got = mp_config_int(config, row->section, row->key);
    else if (strcmp(row->key, "poll_interval") == 0)
        got = mp_config_duration(config, row->section, row->key);
    else
        got = mp_config_size(config, row->section, row->key);
    assert_int_equal(got, row->want);
}

typedef struct {
    const char *name, *url;
    gboolean wants_starttls;
    const char *scheme, *host, *path;
    int port;
} Url;

/* clang-format off */
static const Url urls[] = {
    {"IMAP over TLS has its own port", "imaps://mail.contohkab.go.id", FALSE, "imaps", "mail.contohkab.go.id", "INBOX", 993},
    {"a port that is written counts", "imaps://mail.contohkab.go.id:1993/INBOX", FALSE, "imaps", "mail.contohkab.go.id", "INBOX", 1993},
    {"a folder may have blanks and levels", "imaps://h.contohkab.go.id/Surat%20Masuk/TTE", FALSE, "imaps", "h.contohkab.go.id", "Surat Masuk/TTE", 993},
    {"host names have no case", "imaps://Mail.ContohKab.go.id/", FALSE, "imaps", "mail.contohkab.go.id", "INBOX", 993},
    {"clear text with STARTTLS", "imap://mail.contohkab.go.id", TRUE, "imap", "mail.contohkab.go.id", "INBOX", 143},
    {"clear text to this machine", "imap://127.0.0.1:10143/INBOX", FALSE, "imap", "127.0.0.1", "INBOX", 10143},
    {"clear text to localhost", "imap://localhost", FALSE, "imap", "localhost", "INBOX", 143},
    {"a Maildir", "maildir:/var/mail/tte", FALSE, "maildir", NULL, "/var/mail/tte", 0},
    {"a Maildir with slashes", "maildir:///var/mail/tte", FALSE, "maildir", NULL, "/var/mail/tte", 0},
};

/* clang-format on */

static void
test_url(void **state)
{
    const Url *row = *state;
    g_autofree char *text =
        g_strdup_printf(OFFICE "[mailbox]\nurl = %s\n%s%s" SENDER ROLE SERVICE CALENDAR,
                        row->url,
                        row->wants_starttls ? "starttls = required\n" : "",
                        g_str_has_prefix(row->url, "imap") ? "user = a\npassword_file = /p\n" : "");
    g_autoptr(MpConfig) config = load_fine(text);
    g_autoptr(MpConfigUrl) url = mp_config_url(config, "mailbox");

    assert_text(url->scheme, row->scheme);
    assert_text(url->host, row->host);
    assert_text(url->path, row->path);
    assert_int_equal(url->port, row->port);
    assert_int_equal(url->wants_starttls, row->wants_starttls);
}

static void
test_submission_port(void **state)
{
    g_autoptr(MpConfig) plain = load_fine(
        OFFICE MAILBOX
        "[sender]\nurl = smtp://mail.contohkab.go.id\nstarttls = required\n" ROLE SERVICE CALENDAR);
    g_autoptr(MpConfig) written = load_fine(
        OFFICE MAILBOX
        "[sender]\nurl = smtp://mail.contohkab.go.id:25\nstarttls = required\n" ROLE SERVICE
            CALENDAR);
    g_autoptr(MpConfigUrl) first = mp_config_url(plain, "sender");
    g_autoptr(MpConfigUrl) second = mp_config_url(written, "sender");

    (void)state;
    assert_int_equal(first->port, 587);
    assert_int_equal(second->port, 25);
}

static void
test_defaults(void **state)
{
    g_autoptr(MpConfig) config = load_fine(ALL);
    MpLimits got = mp_config_limits(config);
    MpLimits want = mp_limits_default();
    g_autofree char *name = NULL, *address = NULL;

    (void)state;
    assert_memory_equal(&got, &want, sizeof(got));
    assert_text(mp_config_string(config, "store", "dir"), "/var/lib/mailproc");
    assert_text(mp_config_list(config, "bsre", "domains")[0], "bssn.go.id");
    assert_text(mp_config_list(config, "office", "trusted_domains")[0], "contohkab.go.id");
    assert_false(mp_config_is_set(config, "store", "dir"));
    assert_true(mp_config_is_set(config, "office", "name"));
    assert_int_equal(mp_config_duration(config, "role verifikator", "grant_expiry"), 30 * 86400);
    mp_config_from(config, &name, &address);
    assert_text(name, "Layanan Sertifikat Elektronik");
    assert_text(address, "tte@contohkab.go.id");
}

static void
test_outbox_defaults(void **state)
{
    g_autoptr(MpConfig) config = load_fine(ALL);
    MpOutboxPolicy policy = mp_outbox_policy_default();

    (void)state;
    assert_int_equal(mp_config_duration(config, "sender", "retry_first"), policy.base_s);
    assert_int_equal(mp_config_duration(config, "sender", "retry_longest"), policy.cap_s);
    assert_int_equal(mp_config_duration(config, "sender", "give_up"), policy.give_up_s);
    assert_int_equal(mp_config_duration(config, "sender", "uncertain_wait"), policy.uncertain_s);
    assert_text(mp_config_string(config, "sender", "uncertain"),
                policy.repeat_uncertain ? "retry" : "hold");
}

static void
test_limit_is_read(void **state)
{
    g_autoptr(MpConfig) config = load_fine(ALL "[limits]\nparts = 7\nheader_bytes = 2K\n");
    MpLimits limits = mp_config_limits(config);

    (void)state;
    assert_int_equal(limits.parts, 7);
    assert_int_equal(limits.header_bytes, 2048);
    assert_int_equal(limits.depth, mp_limits_default().depth);
}

static void
test_sections_in_file_order(void **state)
{
    g_autoptr(MpConfig) config = load_fine(ALL "[role kabid]\naddresses = b@contohkab.go.id\n[role "
                                               "arsip]\naddresses = c@contohkab.go.id\n");
    const char *const *roles = mp_config_sections(config, "role");
    g_autofree char *where = mp_config_where(config, "role arsip", "addresses");
    g_autofree char *where_section = mp_config_where(config, "role kabid", "title");

    (void)state;
    assert_text(roles[0], "verifikator");
    assert_text(roles[1], "kabid");
    assert_text(roles[2], "arsip");
    assert_null(roles[3]);
    assert_text(where, "a.conf:17");
    assert_text(where_section, "a.conf:14");
    assert_true(mp_config_has_section(config, "service pembaruan"));
    assert_false(mp_config_has_section(config, "service pencabutan"));
}

static void
test_deputies(void **state)
{
    g_autoptr(MpConfig) config =
        load_fine(OFFICE MAILBOX SENDER ROLE
                  "deputies = Cici@contohkab.go.id until 2026-12-24; dede@contohkab.go.id\n" SERVICE
                      CALENDAR);
    g_autoptr(GPtrArray) deputies = mp_config_deputies(config, "verifikator");
    const MpConfigDeputy *first, *second;

    (void)state;
    assert_int_equal(deputies->len, 2);
    first = g_ptr_array_index(deputies, 0);
    second = g_ptr_array_index(deputies, 1);
    assert_text(first->address, "cici@contohkab.go.id");
    assert_text(first->until, "2026-12-24");
    assert_text(second->address, "dede@contohkab.go.id");
    assert_null(second->until);
}

static void
test_periods(void **state)
{
    g_autoptr(MpConfig) config =
        load_fine(ALL "period.ramadan-2027 = 2027-02-08..2027-03-09 mon-fri 08:00-14:30\n"
                      "period.ramadan-2026 = 2026-02-18..2026-03-19 mon-fri 08:00-15:00\n");
    g_autoptr(GPtrArray) periods = mp_config_periods(config);
    const MpConfigPeriod *first;

    (void)state;
    assert_int_equal(periods->len, 2);
    first = g_ptr_array_index(periods, 0);
    assert_text(first->name, "ramadan-2026");
    assert_text(first->from, "2026-02-18");
    assert_text(first->until, "2026-03-19");
    assert_text(first->hours, "mon-fri 08:00-15:00");
}

static void
test_levels(void **state)
{
    g_autoptr(MpConfig) config = load_fine(ALL "[trust]\nlevel.SELESAI = signed\n");
    g_auto(GStrv) verbs = mp_config_pattern_keys(config, "trust", "level");

    (void)state;
    assert_int_equal(mp_config_level(config, "SELESAI"), MP_TRUST_SIGNED);
    assert_int_equal(mp_config_level(config, "TERUSKAN"), MP_TRUST_CAPABILITY);
    assert_text(verbs[0], "SELESAI");
    assert_null(verbs[1]);
}

static void
test_zone(void **state)
{
    g_autoptr(MpConfig) config =
        load_fine(ALL "[service pencabutan]\nsop = a.sop\ntimezone = Asia/Makassar\n"
                      "[service pengaduan]\nsop = b.sop\ntimezone = Asia/Atlantis\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(GTimeZone) office = mp_config_zone(config, "service pembaruan", &error);
    g_autoptr(GTimeZone) own = mp_config_zone(config, "service pencabutan", &error);

    (void)state;
    assert_no_gerror(error);
    assert_text(g_time_zone_get_identifier(office), "Asia/Jakarta");
    assert_text(g_time_zone_get_identifier(own), "Asia/Makassar");
    assert_null(mp_config_zone(config, "service pengaduan", &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, "a.conf:19: zone 'Asia/Atlantis' is not in tzdata");
}

static void
test_from(void **state)
{
    g_autoptr(MpConfig) config =
        load_fine(OFFICE MAILBOX SENDER
                  "from = Layanan TTE <layanan@contohkab.go.id>\n" ROLE SERVICE CALENDAR);
    g_autofree char *name = NULL, *address = NULL;

    (void)state;
    mp_config_from(config, &name, &address);
    assert_text(name, "Layanan TTE");
    assert_text(address, "layanan@contohkab.go.id");
}

static void
test_set_is_checked(void **state)
{
    g_autoptr(MpConfig) config = load_fine(ALL);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_false(mp_config_set(config, "store", "dri", "/x", &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    g_clear_error(&error);
    assert_true(mp_config_set(config, "role kasi", "addresses", "k@contohkab.go.id", &error));
    assert_text(mp_config_sections(config, "role")[1], "kasi");
    assert_text(mp_config_string(config, "role kasi", "title"), "");
}

/* --- show, demo, files
 * ------------------------------------------------------------------------------ */

static void
test_show_loads_again(void **state)
{
    g_autoptr(MpConfig) config = load_fine(
        OFFICE
        "[mailbox]\nurl = imaps://mail.contohkab.go.id\nuser = a\npassword_file = /etc/p\n" SENDER
            ROLE SERVICE CALENDAR "[trust]\nlevel.SELESAI = signed\n");
    g_autofree char *first = mp_config_show(config);
    g_autoptr(MpConfig) again = load_fine(first);
    g_autofree char *second = mp_config_show(again);
    g_auto(GStrv) marks = g_strsplit(first, "# default\n", -1);
    g_autofree char *bare = g_strjoinv("", marks);

    (void)state;
    assert_contains(first, "# default\npoll_interval = 60s\n");
    assert_contains(first, "\npassword_file = /etc/p\n");
    assert_contains(first, "level.SELESAI = signed\n");
    assert_text(second, bare);
}

static void
test_demo_loads(void **state)
{
    g_autoptr(MpConfig) config = mp_config_default("/tmp/demo");

    (void)state;
    assert_non_null(config);
    assert_text(mp_config_string(config, "mailbox", "url"), "maildir:/tmp/demo/masuk");
    assert_int_equal(g_strv_length((char **)(gpointer)mp_config_sections(config, "role")), 7);
}

static void
test_example_loads(void **state)
{
    g_autofree char *path = g_build_filename(MP_SOURCE_DIR, "mailproc.conf.example", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpConfig) config = mp_config_load(path, &error);

    (void)state;
    assert_no_gerror(error);
    assert_non_null(config);
}

static void
test_missing_file(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpConfig) config = mp_config_load("/nonexistent/mailproc.conf", &error);

    (void)state;
    assert_null(config);
    assert_non_null(error);
    assert_contains(error->message, "/nonexistent/mailproc.conf");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"a port that is not written is 587 with STARTTLS", test_submission_port, NULL, NULL, NULL},
        {"keys that are not set have their defaults", test_defaults, NULL, NULL, NULL},
        {"the outbox's own policy is the default", test_outbox_defaults, NULL, NULL, NULL},
        {"limits come from the file", test_limit_is_read, NULL, NULL, NULL},
        {"roles come in the order of the file", test_sections_in_file_order, NULL, NULL, NULL},
        {"deputies have a last day or none", test_deputies, NULL, NULL, NULL},
        {"periods have days and hours", test_periods, NULL, NULL, NULL},
        {"a verb's own level counts before the common one", test_levels, NULL, NULL, NULL},
        {"a service may have a zone of its own", test_zone, NULL, NULL, NULL},
        {"From has a name and an address", test_from, NULL, NULL, NULL},
        {"a value set later is checked too", test_set_is_checked, NULL, NULL, NULL},
        {"what is shown loads again as the same", test_show_loads_again, NULL, NULL, NULL},
        {"the demo's configuration loads", test_demo_loads, NULL, NULL, NULL},
        {"the example loads", test_example_loads, NULL, NULL, NULL},
        {"a file that is not there is named", test_missing_file, NULL, NULL, NULL},
    };

    return run_rows("config: refused", refused, test_refused) +
           run_rows("config: numbers", numbers, test_number) +
           run_rows("config: urls", urls, test_url) +
           cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
