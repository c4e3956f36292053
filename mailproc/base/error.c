/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base.h"

static const struct {
    const char *name;
    const char *cure;
    int exit;
} errors[] = {

#define X(code, name, cure, exit) {name, cure, exit},
    MP_ERRORS(X)
#undef X
};

G_STATIC_ASSERT(G_N_ELEMENTS(errors) == MP_ERROR_N);

GQuark
mp_error_quark(void)
{
    return g_quark_from_static_string("mp-error");
}

const char *
mp_error_name(MpErrorCode code)
{
    g_return_val_if_fail(code < MP_ERROR_N, "unknown");
    return errors[code].name;
}

const char *
mp_error_cure(MpErrorCode code)
{
    g_return_val_if_fail(code < MP_ERROR_N, "");
    return errors[code].cure;
}

int
mp_error_exit(MpErrorCode code)
{
    g_return_val_if_fail(code < MP_ERROR_N, 74);
    return errors[code].exit;
}

int
mp_error_exit_of(const GError *error)
{
    if (error == NULL)
        return 0;
    if (error->domain == MP_ERROR && error->code >= 0 && error->code < MP_ERROR_N)
        return errors[error->code].exit;
    return errors[MP_ERROR_STORAGE].exit;
}

static const char *const trusts[] = {
#define X(id, name) name,
    MP_TRUSTS(X)
#undef X
};

G_STATIC_ASSERT(G_N_ELEMENTS(trusts) == MP_TRUST_N);

const char *
mp_trust_to_string(MpTrustLevel level)
{
    g_return_val_if_fail(level < MP_TRUST_N, "none");
    return trusts[level];
}

gboolean
mp_trust_from_string(const char *name, MpTrustLevel *level_out)
{
    for (guint i = 0; i < MP_TRUST_N; i++)
        if (g_strcmp0(name, trusts[i]) == 0) {
            *level_out = (MpTrustLevel)i;
            return TRUE;
        }
    return FALSE;
}

MpLimits
mp_limits_default(void)
{
    MpLimits limits = {
#define X(name, value, doc) .name = (value),
        MP_LIMITS(X)
#undef X
    };

    return limits;
}
