/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The town: a private Dovecot (IMAP, IMAPS, LMTP, SASL) and a private Postfix (MX, submission,
 * SMTPS) on free loopback ports below one temp dir, with a CA of its own. Owned by the group
 * setup/teardown of a test program (a failing assert is a longjmp). A server that is missing or
 * does not come up is an error, never a skip. Needs root (Postfix) and touches no system service.
 *
 * Every address below go.id and .example is a mailbox that exists the moment somebody names it;
 * its login is the whole address, its password MP_TOWN_PASSWORD. Local parts with a meaning:
 *   tidak-ada…  refused by the MX at RCPT (550 5.1.1)
 *   mati…       accepted, then bounced to the envelope sender (5.2.1)
 *   sibuk…      put off at RCPT (450 4.2.1)
 * Any other domain is refused as relaying. Mail bodies are bytes as they go over the wire (CRLF is
 * not required of the caller: bare LF becomes CRLF).
 */

#include <glib.h>

#define MP_TOWN_PASSWORD "rahasia-kota"
#define MP_TOWN_HOST "localhost"        /* what the certificate is for, besides 127.0.0.1 */
#define MP_TOWN_MX "mx.contohkab.go.id" /* authserv-id, and `by` of every Received */

typedef enum {
    MP_TOWN_DOVECOT = 1 << 0,
    MP_TOWN_POSTFIX = 1 << 1, /* delivers to Dovecot: give both */
    MP_TOWN_ALL = MP_TOWN_DOVECOT | MP_TOWN_POSTFIX,
    MP_TOWN_NO_MOVE = 1 << 2, /* Dovecot without MOVE, so that clients copy */
} MpTownFlags;

typedef struct {
    char *dir;               /* temp dir; everything of the town is below */
    char *ca_file;           /* PEM of the town's CA */
    char *other_ca_file;     /* PEM of a CA that signed nothing here */
    guint16 imap_port;       /* plain, STARTTLS offered */
    guint16 imaps_port;      /* implicit TLS */
    guint16 lmtp_port;       /* Dovecot's LMTP, plain */
    guint16 mx_port;         /* SMTP without login, as the world sees it; STARTTLS offered */
    guint16 submission_port; /* STARTTLS and login required */
    guint16 smtps_port;      /* implicit TLS and login required */
    guint16 auth_port;       /* Dovecot's SASL for Postfix */
    MpTownFlags flags;
    GPid dovecot, postfix; /* 0 = not running */
} MpTown;

/* Ready to be spoken to when it returns (about 0.2 s). */
MpTown *mp_town_start(MpTownFlags flags, GError **error);
/* Ends the servers by pid, removes the directory. NULL is fine. */
void mp_town_stop(MpTown *town);

/* SIGTERM and a start on the same ports and mailboxes; sessions die. */
gboolean mp_town_restart_dovecot(MpTown *town, GError **error);
gboolean mp_town_stop_dovecot(MpTown *town, GError **error);
gboolean mp_town_start_dovecot(MpTown *town, GError **error);
gboolean mp_town_stop_postfix(MpTown *town, GError **error);
gboolean mp_town_start_postfix(MpTown *town, GError **error);

/* --- sending ---------------------------------------------------------------------------------- */

typedef enum {
    /* Sent through the MX with `Authentication-Results: mx.contohkab.go.id; dmarc=pass
     * header.from=DOMAIN` (domain of the envelope sender) written on top, as the office's MX
     * would after checking. */
    MP_TOWN_VIA_MX,
    MP_TOWN_VIA_MX_BARE, /* through the MX, nothing added: an unproven sender */
    MP_TOWN_VIA_LMTP,    /* straight into the mailbox, with the header: quickest */
    MP_TOWN_VIA_LMTP_BARE,
} MpTownVia;

/* One mail to one recipient. `from` is the envelope sender ("" = null path). The error of a refusal
 * holds the server's words. */
gboolean mp_town_send(MpTown *town,
                      MpTownVia via,
                      const char *from,
                      const char *recipient,
                      const char *mail,
                      gssize length,
                      GError **error);
/* Every mail in Postfix's queue is delivered, bounced or put off (deferred); 15 s at most. */
gboolean mp_town_settle(MpTown *town, GError **error);

/* --- reading ---------------------------------------------------------------------------------- */

/* Mails of a folder ("INBOX", "mailproc/Selesai") from the Maildir on disk, as GBytes, oldest
 * first; an absent folder is empty. Line ends as stored (LF). */
GPtrArray *mp_town_mails(MpTown *town, const char *user, const char *folder);
guint mp_town_count(MpTown *town, const char *user, const char *folder);
/* Waits until the folder holds at least `want` mails. */
gboolean
mp_town_wait_count(MpTown *town, const char *user, const char *folder, guint want, GError **error);
/* The newest mail of the folder that holds `part` somewhere (NULL = any), or NULL. */
char *mp_town_newest(MpTown *town, const char *user, const char *folder, const char *part);

/* Mails of a folder by real IMAP over TLS (UID FETCH 1:* BODY.PEEK[]), as GBytes. */
GPtrArray *mp_town_imap_mails(MpTown *town, const char *user, const char *folder, GError **error);
/* Logs in over TLS and sends the commands (NULL-terminated, no tags, no line ends) one after the
 * other; everything the server said. A command that is not answered OK is an error. */
char *mp_town_imap(MpTown *town, const char *user, const char *const *commands, GError **error);

/* --- certificates and ports, also for scripted servers --- */

typedef enum {
    MP_CERT_GOOD,        /* localhost and 127.0.0.1, by the CA */
    MP_CERT_WRONG_HOST,  /* mail.lain.example, by the CA */
    MP_CERT_EXPIRED,     /* ended yesterday */
    MP_CERT_SELF_SIGNED, /* right name, no CA */
    MP_CERT_OTHER_CA,    /* right name, by another CA */
    MP_CERT_N
} MpCertKind;

/* Makes DIR/ca.pem, DIR/other-ca.pem and, for each kind, DIR/KIND.pem and DIR/KIND.key
 * (good, wrong-host, expired, self-signed, other-ca). */
gboolean mp_certs_make(const char *dir, GError **error);
const char *mp_cert_name(MpCertKind kind);

/* A loopback port that was free just now. */
guint16 mp_town_free_port(void);
/* When the good certificate ends, or its CA where that comes first; microseconds. */
gint64 mp_certs_end(const char *dir);
/* Removes a directory and all below it. */
void mp_town_remove_tree(const char *dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpTown, mp_town_stop)
