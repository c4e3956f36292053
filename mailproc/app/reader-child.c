/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader child's own side: load what the office configured, read one mail of our own so that
 * every library has opened what it opens, lock the door (sandbox.c), and then read what the parent
 * sends, one mail after the other. */

#include "app/reader-private.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <syslog.h>
#include <unistd.h>

/* A mail that touches each library once: character sets, HTML, a PDF with text. */
static const char warm_mail[] =
    "From: Pemohon <pemohon@contohkab.go.id>\r\n"
    "Subject: =?windows-1252?Q?Permohonan?= =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n"
    "Date: Fri, 20 Nov 2026 09:14:00 +0700\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n"
    "\r\n"
    "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nisi \xe9\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>isi</p>\r\n"
    "--b\r\nContent-Type: application/pdf\r\n"
    "Content-Disposition: attachment; filename=surat.pdf\r\n\r\n"
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
    "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    "4 0 obj<</Length 37>>stream\n"
    "BT /F1 12 Tf 20 100 Td (Surat) Tj ET \n"
    "endstream endobj\n"
    "trailer<</Root 1 0 R>>\n"
    "%%EOF\n"
    "\r\n--b--\r\n";

/* --- a reader that fails on purpose ----------------------------------------------------------- */

#ifdef MP_CHECKPOINTS
enum { BITE_BYTES = 64 * 1024 * 1024 };

static G_GNUC_NORETURN void
fail_as(const char *how)
{
    if (g_str_has_prefix(how, "abort"))
        abort();
    if (g_str_has_prefix(how, "spin"))
        for (volatile guint n = 0;; n++) {
        }
    while (g_str_has_prefix(how, "eat"))
        memset(g_malloc(BITE_BYTES), 1, BITE_BYTES);
    for (;;)
        (void)sleep(60);
}

/* MP_READER_TEST="HOW WORD": fails on each mail that contains the word. */
static void
maybe_fail(GBytes *mail)
{
    const char *how = g_getenv("MP_READER_TEST");
    const char *word = how == NULL ? NULL : strchr(how, ' ');
    gsize length = 0;
    const char *bytes = g_bytes_get_data(mail, &length);

    if (word != NULL && bytes != NULL && g_strstr_len(bytes, (gssize)length, word + 1) != NULL)
        fail_as(how);
}

static gboolean
wants_sandbox(void)
{
    return g_strcmp0(g_getenv("MP_READER_TEST"), "open") != 0;
}
#else
static void
maybe_fail(G_GNUC_UNUSED GBytes *mail)
{
}

static gboolean
wants_sandbox(void)
{
    return TRUE;
}
#endif

/* --- one mail --------------------------------------------------------------------------------- */

/* CPU time is counted over the process' life: each mail gets its own seconds on top of it. */
static void
allow_cpu(gint64 seconds)
{
    struct rusage used;
    struct rlimit limit;

    if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0)
        return;
    limit.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + seconds + 1);
    (void)setrlimit(RLIMIT_CPU, &limit);
}

static gboolean
answer_refused(int fd, const GError *error)
{
    MpFrame frame = {.kind = MP_FRAME_REFUSED,
                     .code = (guint32)(error->domain == MP_ERROR ? error->code : MP_ERROR_INPUT),
                     .text_bytes = strlen(error->message)};

    return mp_frame_send(fd, &frame, error->message, -1);
}

static gboolean
answer_facts(int fd, const MpFacts *facts)
{
    g_autofree char *json = mp_facts_to_json(facts);
    g_autofree struct iovec *parts = g_new0(struct iovec, facts->documents->len + 1);
    MpFrame frame = {.kind = MP_FRAME_FACTS, .text_bytes = strlen(json)};
    int blob;
    gboolean is_sent;

    for (guint i = 0; i < facts->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(facts->documents, i);
        gsize length = 0;

        if (document->content == NULL)
            continue;
        parts[i].iov_base = (void *)g_bytes_get_data(document->content, &length);
        parts[i].iov_len = length;
        frame.blob_bytes += length;
    }
    blob = mp_frame_make_blob(parts, facts->documents->len);
    if (blob < 0)
        return FALSE;
    is_sent = mp_frame_send(fd, &frame, json, blob);
    close(blob);
    return is_sent;
}

static gboolean
serve_one(int fd, const MpReaderSetup *setup, gint64 cpu_s)
{
    MpFrame frame;
    g_autofree char *text = NULL;
    g_autoptr(GBytes) mail = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = NULL;
    int blob = -1;
    gsize length = 0;
    const guint8 *bytes;

    if (!mp_frame_receive(fd, 0, &frame, &text, &blob))
        return FALSE;
    mail = mp_frame_map_blob_take(blob, frame.blob_bytes);
    if (mail == NULL)
        return FALSE;
    allow_cpu(cpu_s);
    maybe_fail(mail);
    bytes = g_bytes_get_data(mail, &length);
    facts = mp_facts_read(setup, bytes == NULL ? (const guint8 *)"" : bytes, length, &error);
    return facts == NULL ? answer_refused(fd, error) : answer_facts(fd, facts);
}

/* --- all of them ------------------------------------------------------------------------------ */

static void
warm_up(const MpReaderSetup *setup)
{
    g_autoptr(MpFacts) facts =
        mp_facts_read(setup, (const guint8 *)warm_mail, sizeof(warm_mail) - 1, NULL);

    (void)facts;
}

/* One line that says what protection is missing: an old kernel must not go unnoticed. */
static void
complain(guint missing)
{
    const MpApp plain = {0};

    mp_app_log(&plain,
               LOG_WARNING,
               "reader.sandbox",
               "problem",
               "this kernel does not give all of it",
               "limits",
               missing & MP_SANDBOX_LIMITS ? "missing" : "set",
               "privileges",
               missing & MP_SANDBOX_PRIVILEGES ? "missing" : "dropped",
               "landlock",
               missing & MP_SANDBOX_FILES ? "missing" : "on",
               "seccomp",
               missing & MP_SANDBOX_CALLS ? "missing" : "on",
               NULL);
}

int
mp_reader_main(const char *config_path, int fd)
{
    const MpFrame ready = {.kind = MP_FRAME_READY};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpSetup) setup = NULL;
    gint64 cpu_s;
    guint missing;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    setup = mp_setup_load(config_path, MP_SETUP_READING, &error);
    if (setup == NULL)
        return mp_app_fail(error);
    cpu_s = mp_config_duration(setup->config, "limits", "reader_cpu");
    warm_up(setup->reading);
    if (wants_sandbox()) {
        missing =
            mp_sandbox_enter((guint64)mp_config_size(setup->config, "limits", "reader_memory"));
        if (missing != 0)
            complain(missing);
    }
    if (!mp_frame_send(fd, &ready, "", -1))
        return mp_error_exit(MP_ERROR_STORAGE);
    while (serve_one(fd, setup->reading, cpu_s)) {
    }
    return 0;
}
