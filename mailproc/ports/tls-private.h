/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the two TLS connections of ports/ (IMAP by our own stream, SMTP by libcurl) share.
 */

#include <glib.h>
#include <openssl/x509.h>

/* notAfter in microseconds; 0 when it cannot be read. */
gint64 mp_tls_end_of(X509 *certificate);
/* The same of a certificate in PEM. */
gint64 mp_tls_end_of_pem(const char *pem);
