/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When two mails are one. */

#include "intake/intake.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    gboolean uid_known;
    const char *message_id, *content_hash, *known_hash;
    gboolean hash_known;
    MpIntakeVerdict want;
} Judgement;

static const Judgement judgements[] = {
    {"never seen", FALSE, "a@b", "h1", NULL, FALSE, MP_INTAKE_NEW},
    {"same UID again, after a crash", TRUE, "a@b", "h1", "h1", TRUE, MP_INTAKE_SAME_UID},
    {"same UID with other bytes is still the same UID",
     TRUE,
     "a@b",
     "h2",
     "h1",
     FALSE,
     MP_INTAKE_SAME_UID},
    {"same id and content under another UID", FALSE, "a@b", "h1", "h1", TRUE, MP_INTAKE_SAME_MAIL},
    {"same id with other content is not dropped",
     FALSE,
     "a@b",
     "h2",
     "h1",
     FALSE,
     MP_INTAKE_OTHER_BODY},
    {"the changed mail delivered once more", FALSE, "a@b", "h2", "h1", TRUE, MP_INTAKE_SAME_MAIL},
    {"other id with a known content is new", FALSE, "c@d", "h1", NULL, TRUE, MP_INTAKE_NEW},
    {"no id, content known", FALSE, NULL, "h1", NULL, TRUE, MP_INTAKE_SAME_MAIL},
    {"no id, content new", FALSE, NULL, "h1", NULL, FALSE, MP_INTAKE_NEW},
    {"empty id is none", FALSE, "", "h1", NULL, TRUE, MP_INTAKE_SAME_MAIL},
    {"no content hash proves nothing", FALSE, "a@b", NULL, "h1", FALSE, MP_INTAKE_OTHER_BODY},
};

static void
judgement_row(void **state)
{
    const Judgement *row = *state;

    assert_int_equal(
        mp_intake_judge(
            row->uid_known, row->message_id, row->content_hash, row->known_hash, row->hash_known),
        row->want);
}

int
main(void)
{
    return run_rows("judgements", judgements, judgement_row);
}
