/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The facts of one person, set from labelled values. */

#include "document/document-private.h"

void
mp_found_free(MpFound *found)
{
    if (found == NULL)
        return;
    mp_applicant_free(found->applicant);
    g_free(found);
}

void
mp_found_add(GPtrArray *found, MpApplicant **person_take, MpFoundStrength strength)
{
    MpApplicant *person = *person_take;
    MpFound *one = NULL;

    if (person == NULL || (person->name == NULL && person->nip == NULL && person->nik == NULL))
        return;
    one = g_new0(MpFound, 1);
    one->applicant = g_steal_pointer(person_take);
    one->strength = strength;
    g_ptr_array_add(found, one);
}

static void
set_once(char **field, char *value_take)
{
    if (*field == NULL && value_take != NULL && *value_take != '\0')
        *field = value_take;
    else
        g_free(value_take);
}

/* A value that only says that there is none: "-", "non ASN". */
static gboolean
is_none(const char *value)
{
    static const char *const words[] = {"-",
                                        "--",
                                        ".",
                                        "tidak ada",
                                        "belum ada",
                                        "nihil",
                                        "non asn",
                                        "non-asn",
                                        "n/a",
                                        "...",
                                        "\xe2\x80\x93",
                                        NULL};
    g_autofree char *fold = mp_words_fold(value);

    return *fold == '\0' || g_strv_contains(words, fold);
}

char *
mp_name_of(const char *value)
{
    g_autofree char *name = mp_name_cut(value);

    return name != NULL && mp_name_is_plausible(name) ? g_steal_pointer(&name) : NULL;
}

static void
set_changed(MpApplicant *person, char **field, const char *value)
{
    g_autofree char *email = mp_email_cut(value);

    set_once(field, mp_text_line(value));
    /* In a change of address the new one is where the person can be reached. */
    if (field == &person->becomes && email != NULL) {
        g_free(person->email);
        person->email = g_steal_pointer(&email);
    }
}

static void
set_either_number(MpApplicant *person, const char *value)
{
    char *digits = mp_number_cut(value, NULL);

    set_once(digits != NULL && strlen(digits) <= 16 ? &person->nik : &person->nip, digits);
}

static gboolean
has_phone_digits(const char *value)
{
    g_autofree char *digits = mp_text_digits(value);

    return strlen(digits) >= 6 && strlen(digits) <= 30;
}

void
mp_person_set(MpApplicant *person, MpLabel label, const char *value)
{
    if (value == NULL || is_none(value))
        return;
    if (label == MP_LABEL_NAME)
        set_once(&person->name, mp_name_of(value));
    else if (label == MP_LABEL_NIP)
        set_once(&person->nip, mp_number_cut(value, NULL));
    else if (label == MP_LABEL_NIK)
        set_once(&person->nik, mp_number_cut(value, NULL));
    else if (label == MP_LABEL_NIP_OR_NIK)
        set_either_number(person, value);
    else if (label == MP_LABEL_EMAIL)
        set_once(&person->email, mp_email_cut(value));
    else if (label == MP_LABEL_PHONE && has_phone_digits(value))
        set_once(&person->phone, mp_text_line(value));
    else if (label == MP_LABEL_POSITION)
        set_once(&person->position, mp_text_line(value));
    else if (label == MP_LABEL_UNIT)
        set_once(&person->unit, mp_text_line(value));
    else if (label == MP_LABEL_WAS)
        set_changed(person, &person->was, value);
    else if (label == MP_LABEL_BECOMES)
        set_changed(person, &person->becomes, value);
    else if (label == MP_LABEL_VALID_UNTIL)
        set_once(&person->valid_until, mp_document_parse_date(value));
}
