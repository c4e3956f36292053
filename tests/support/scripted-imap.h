/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An IMAP server that lies on request. By itself it behaves: one user, INBOX with some mails, UID
 * MOVE, UID COPY with COPYUID, IDLE that never tells anything. Rules make it answer a command
 * otherwise. It runs in a thread of the test; start it before the client, stop it in teardown. */

#include "support/daemons.h"

#define MP_SCRIPTED_PASSWORD "rahasia-naskah"

typedef enum {
    MP_SAY_INSTEAD, /* only the text, then go on */
    MP_SAY_BEFORE,  /* the text, then what it would say by itself */
    MP_SAY_CLOSE,   /* the text, then the connection ends */
    MP_SAY_STALL,   /* the text, then nothing more until the client goes */
    MP_SAY_DRIP,    /* the text over and over, byte by byte, 10 ms each, until the client goes */
    MP_SAY_FLOOD,   /* the text over and over, as fast as the client takes it */
    MP_SAY_SILENT,  /* as by itself, but nothing is done: a MOVE that moves nothing */
} MpSayHow;

typedef struct {
    const char *on; /* beginning of the command after its tag, "" = the greeting */
    guint skip;     /* so many such commands are answered rightly first */
    guint times;    /* then so many by this rule; 0 = for ever */
    MpSayHow how;
    const char *text; /* $T is the tag; NULL = nothing */
    gsize length;     /* of text with NULs; 0 = strlen */
} MpSayRule;

typedef enum { MP_SCRIPT_PLAIN, MP_SCRIPT_TLS, MP_SCRIPT_STARTTLS } MpScriptTls;

typedef struct {
    MpScriptTls tls;
    MpCertKind cert;
    int max_tls;            /* 0 = any, else TLS1_1_VERSION … */
    const char *capability; /* NULL = the usual; after login too */
    guint mails;            /* UIDs 1 … n */
    const MpSayRule *rules; /* ends with on == NULL */
    gsize cut_after; /* the first connection ends after so many bytes of the server; 0 = no */
} MpScript;

typedef struct MpScripted MpScripted;

/* `certs_dir` as made by mp_certs_make. */
MpScripted *mp_scripted_start(const MpScript *script, const char *certs_dir);
guint16 mp_scripted_port(const MpScripted *server);
/* All the client said over all connections; the caller frees. */
char *mp_scripted_heard(MpScripted *server);
/* Whether mail `uid` was moved (or copied and expunged); how many bytes were said. */
gboolean mp_scripted_is_moved(MpScripted *server, guint uid);
gboolean mp_scripted_is_copied(MpScripted *server, guint uid);
gsize mp_scripted_said(MpScripted *server);
guint mp_scripted_connections(MpScripted *server);
/* Mail `uid` as the server holds it; the caller frees. */
char *mp_scripted_mail(guint uid);
void mp_scripted_stop(MpScripted *server);
