/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mailbox and sender as the configuration names them. Secrets are read here, late, and go no
 * further than the port that logs in with them. */

#include "app/commands.h"

static char *
read_secret(const MpConfig *config, const char *section, GError **error)
{
    const char *file = mp_config_string(config, section, "password_file");
    const char *command = mp_config_string(config, section, "password_command");
    g_autofree char *where = NULL;

    if (file[0] != '\0')
        return mp_files_read_secret(file, error);
    if (command[0] != '\0')
        return mp_files_run_secret(command, error);
    where = mp_config_where(config, section, "user");
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_CONFIG,
                "%s: [%s] user has no password; set password_file or password_command",
                where,
                section);
    return NULL;
}

static MpTlsMode
tls_of(const MpConfigUrl *url)
{
    if (g_str_has_suffix(url->scheme, "s"))
        return MP_TLS_IMPLICIT;
    return url->wants_starttls ? MP_TLS_STARTTLS : MP_TLS_NONE;
}

static const char *
or_null(const char *text)
{
    return text == NULL || text[0] == '\0' ? NULL : text;
}

static MpMailbox *
open_imap(const MpConfig *config, const MpConfigUrl *url, const char *folder, GError **error)
{
    g_autofree char *password = read_secret(config, "mailbox", error);
    MpImapOptions options;

    if (password == NULL)
        return NULL;
    options = (MpImapOptions){
        .host = url->host,
        .port = url->port,
        .folder = (char *)folder,
        .tls = tls_of(url),
        .user = (char *)mp_config_string(config, "mailbox", "user"),
        .password = password,
        .ca_file = (char *)or_null(mp_config_string(config, "mailbox", "ca_file")),
        .timeout_ms = mp_config_duration(config, "mailbox", "timeout") * 1000,
        .command_ms = mp_config_duration(config, "mailbox", "command_timeout") * 1000,
        .max_bytes = (gsize)mp_config_limits(config).message_bytes * 4,
        .batch_count = (guint)mp_config_int(config, "mailbox", "batch_mails"),
        .batch_bytes = (gsize)mp_config_size(config, "mailbox", "batch_bytes"),
        .use_idle = mp_config_bool(config, "mailbox", "idle"),
    };
    return mp_mailbox_new_imap(&options, error);
}

MpMailbox *
mp_setup_open_mailbox(const MpSetup *setup, GError **error)
{
    g_autoptr(MpConfigUrl) url = mp_config_url(setup->config, "mailbox");

    if (strcmp(url->scheme, "maildir") == 0)
        return mp_mailbox_new_maildir(
            url->path, (gsize)mp_config_limits(setup->config).message_bytes * 4, error);
    return open_imap(setup->config, url, url->path, error);
}

MpMailbox *
mp_cli_open_folder(const MpSetup *setup, const char *folder, GError **error)
{
    g_autoptr(MpConfigUrl) url = mp_config_url(setup->config, "mailbox");

    if (strcmp(url->scheme, "maildir") != 0)
        return open_imap(setup->config, url, folder, error);
    g_autofree char *parent = g_path_get_dirname(url->path);
    g_autofree char *dotted = g_strdelimit(g_strdup(folder), "/", '.');
    g_autofree char *dir = g_build_filename(parent, dotted, NULL);

    return mp_mailbox_new_maildir(
        dir, (gsize)mp_config_limits(setup->config).message_bytes * 4, error);
}

MpSender *
mp_setup_open_sender(const MpSetup *setup, GError **error)
{
    const MpConfig *config = setup->config;
    g_autoptr(MpConfigUrl) url = mp_config_url(config, "sender");
    const char *user = or_null(mp_config_string(config, "sender", "user"));
    const char *helo = or_null(mp_config_string(config, "sender", "helo"));
    g_autofree char *password = NULL;
    MpSmtpOptions options;

    if (strcmp(url->scheme, "maildir") == 0)
        return mp_sender_new_maildir(url->path, error);
    if (user != NULL) {
        password = read_secret(config, "sender", error);
        if (password == NULL)
            return NULL;
    }
    options = (MpSmtpOptions){
        .host = url->host,
        .port = url->port,
        .tls = tls_of(url),
        .user = (char *)user,
        .password = password,
        .ca_file = (char *)or_null(mp_config_string(config, "sender", "ca_file")),
        .helo = (char *)(helo != NULL ? helo : setup->id_domain),
        .timeout_ms = mp_config_duration(config, "sender", "timeout") * 1000,
    };
    return mp_sender_new_smtp(&options, error);
}
