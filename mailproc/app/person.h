/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One person as the store knows it, for the answer to a request for one's own data: the numbers and
 * addresses that mean this person and nobody else, and a sieve for what belongs to others.
 */

#include "app/app.h"

typedef struct {
    const MpApp *app;
    GPtrArray *ids;    /* char *: NIP, NIK and addresses; the first is what was asked for */
    GPtrArray *cases;  /* MpCase: where one of them stands */
    GPtrArray *others; /* char *: words of the case at hand that mean somebody else */
} MpPerson;

/* INPUT when several people are known by `identity` (an office's shared address). A person of whom
 * nothing is known has no cases and one id. */
MpPerson *
mp_person_find(const MpApp *app, const char *identity, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_person_is(const MpPerson *person, const MpCaseApplicant *applicant);
gboolean mp_person_is_requester(const MpPerson *person, const MpCase *kase);
/* Nobody but the person is in the letter: papers and mails of the case are the person's own. */
gboolean mp_person_is_alone(const MpPerson *person, const MpCase *kase);
/* From now on texts of this case (NULL = of none) are cleaned. */
void mp_person_set_case(MpPerson *person, const MpCase *kase);
/* The text without what means others; numbers that are not the person's own are masked. */
char *mp_person_clean(const MpPerson *person, const char *text);
void mp_person_free(MpPerson *person);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpPerson, mp_person_free)
