/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is meant by a NIP, a NIK or an address, and what of a case belongs to others. */

#include "app/person.h"

#include "app/register.h"

#define OTHER "[orang lain]"

enum { MIN_TELLING = 4 };

/* --- who it is --- */

static gboolean
is_id(const MpPerson *person, const char *value)
{
    for (guint i = 0; value != NULL && i < person->ids->len; i++)
        if (g_ascii_strcasecmp(g_ptr_array_index(person->ids, i), value) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
has_nip(const MpPerson *person)
{
    for (guint i = 0; i < person->ids->len; i++) {
        const char *id = g_ptr_array_index(person->ids, i);

        if (strlen(id) == 18 && strspn(id, "0123456789") == 18)
            return TRUE;
    }
    return FALSE;
}

/* A NIK or an address that a letter wrote beside another's NIP makes nobody that person. */
gboolean
mp_person_is(const MpPerson *person, const MpCaseApplicant *applicant)
{
    if (applicant->nip != NULL && has_nip(person))
        return is_id(person, applicant->nip);
    if (applicant->nip != NULL || applicant->nik != NULL)
        return is_id(person, applicant->nip) || is_id(person, applicant->nik);
    return is_id(person, applicant->email);
}

static gboolean
refuse_shared(const char *identity, GError **error)
{
    g_autofree char *masked = mp_text_mask_all(identity);

    g_set_error(error,
                MP_ERROR,
                MP_ERROR_INPUT,
                "'%s': several people are known by it; give the NIP or NIK of one",
                masked);
    return FALSE;
}

/* Whoever writes a letter names the addresses in it: that one is the applicant's own is known once
 * his outcome is, or by the register. */
static gboolean
refuse_unproved(const char *identity, GError **error)
{
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_INPUT,
                "'%s': no outcome proves whose address it is; give the NIP or NIK",
                identity);
    return FALSE;
}

/* The numbers that belong to what was given. An address that stands for two people means nobody. */
static gboolean
add_numbers(MpPerson *person, const char *identity, GError **error)
{
    const MpCaseApplicant *first = NULL;
    gboolean is_proved = strchr(identity, '@') == NULL || person->ids->len > 1;

    for (guint i = 0; i < person->cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(person->cases, i);

        for (guint j = 0; j < kase->applicants->len; j++) {
            const MpCaseApplicant *one = g_ptr_array_index(kase->applicants, j);

            if (g_strcmp0(one->nip, identity) != 0 && g_strcmp0(one->nik, identity) != 0 &&
                (one->email == NULL || g_ascii_strcasecmp(one->email, identity) != 0))
                continue;
            if (first != NULL && !mp_case_is_same_person(first, one))
                return refuse_shared(identity, error);
            first = one;
            is_proved |= mp_outcome_is_success(one->outcome);
            if (one->nip != NULL)
                mp_text_add_once(person->ids, one->nip);
            if (one->nik != NULL)
                mp_text_add_once(person->ids, one->nik);
        }
    }
    return first == NULL || is_proved || refuse_unproved(identity, error);
}

static gboolean
has_case(const MpPerson *person, const char *number)
{
    for (guint i = 0; i < person->cases->len; i++)
        if (strcmp(((const MpCase *)g_ptr_array_index(person->cases, i))->number, number) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
load_cases(MpPerson *person, const char *identity, GError **error)
{
    MpStore *store = person->app->store;
    g_autoptr(GPtrArray) numbers = store->person_cases(store, identity, error);

    for (guint i = 0; numbers != NULL && i < numbers->len; i++) {
        const char *number = g_ptr_array_index(numbers, i);
        MpCase *kase;

        if (has_case(person, number))
            continue;
        kase = store->case_load(store, number, error);
        if (kase == NULL)
            return FALSE;
        g_ptr_array_add(person->cases, kase);
    }
    return numbers != NULL;
}

/* Addresses under which the person alone appears. */
static void
add_addresses(MpPerson *person)
{
    g_autoptr(GPtrArray) foreign = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < person->cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(person->cases, i);

        for (guint j = 0; j < kase->applicants->len; j++) {
            const MpCaseApplicant *one = g_ptr_array_index(kase->applicants, j);
            g_autofree char *lower = one->email == NULL ? NULL : mp_text_lower_ascii(one->email);

            if (lower != NULL)
                mp_text_add_once(mp_person_is(person, one) ? own : foreign, lower);
        }
    }
    for (guint i = 0; i < own->len; i++)
        if (!g_ptr_array_find_with_equal_func(
                foreign, g_ptr_array_index(own, i), g_str_equal, NULL))
            mp_text_add_once(person->ids, g_ptr_array_index(own, i));
}

/* Who is known by the register alone. */
static gboolean
add_holder(MpPerson *person, const char *identity, GError **error)
{
    gboolean is_address = strchr(identity, '@') != NULL;
    const MpRegisterFilter filter = {
        .text = is_address ? NULL : identity, .email = is_address ? identity : NULL, .limit = 100};
    g_autoptr(GPtrArray) found =
        person->app->store->register_find(person->app->store, &filter, error);
    const MpHolder *first = NULL;

    for (guint i = 0; found != NULL && i < found->len; i++) {
        const MpHolder *holder = g_ptr_array_index(found, i);

        if (g_strcmp0(holder->nip, identity) != 0 &&
            (holder->email == NULL || g_ascii_strcasecmp(holder->email, identity) != 0))
            continue;
        if (first != NULL)
            return refuse_shared(identity, error);
        first = holder;
        if (holder->nip != NULL)
            mp_text_add_once(person->ids, holder->nip);
        if (holder->nik != NULL)
            mp_text_add_once(person->ids, holder->nik);
    }
    return found != NULL;
}

static gboolean
fill_person(MpPerson *person, const char *identity, GError **error)
{
    g_autofree char *digits = mp_text_digits(identity);
    g_autofree char *lower = mp_text_lower_ascii(identity);

    mp_text_add_once(person->ids, strchr(identity, '@') != NULL ? lower : digits);
    if (!add_holder(person, g_ptr_array_index(person->ids, 0), error))
        return FALSE;
    if (!load_cases(person, g_ptr_array_index(person->ids, 0), error) ||
        !add_numbers(person, g_ptr_array_index(person->ids, 0), error))
        return FALSE;
    for (guint i = 1; i < person->ids->len; i++)
        if (!load_cases(person, g_ptr_array_index(person->ids, i), error))
            return FALSE;
    add_addresses(person);
    return TRUE;
}

static void
free_case(gpointer kase)
{
    mp_case_free(kase);
}

MpPerson *
mp_person_find(const MpApp *app, const char *identity, GError **error)
{
    g_autoptr(MpPerson) person = g_new0(MpPerson, 1);

    person->app = app;
    person->ids = g_ptr_array_new_with_free_func(g_free);
    person->others = g_ptr_array_new_with_free_func(g_free);
    person->cases = g_ptr_array_new_with_free_func(free_case);
    return fill_person(person, identity, error) ? g_steal_pointer(&person) : NULL;
}

void
mp_person_free(MpPerson *person)
{
    if (person == NULL)
        return;
    g_ptr_array_unref(person->ids);
    g_ptr_array_unref(person->others);
    g_ptr_array_unref(person->cases);
    g_free(person);
}

/* --- what is left out --- */

static void
add_other(MpPerson *person, const char *word)
{
    if (word != NULL && g_utf8_strlen(word, -1) >= MIN_TELLING && !is_id(person, word))
        mp_text_add_once(person->others, word);
}

gboolean
mp_person_is_requester(const MpPerson *person, const MpCase *kase)
{
    return is_id(person, kase->requester_address);
}

void
mp_person_set_case(MpPerson *person, const MpCase *kase)
{
    g_ptr_array_set_size(person->others, 0);
    if (kase == NULL)
        return;
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *one = g_ptr_array_index(kase->applicants, i);

        if (mp_person_is(person, one))
            continue;
        add_other(person, one->name);
        add_other(person, one->nip);
        add_other(person, one->nik);
        add_other(person, one->email);
        add_other(person, one->phone);
    }
    if (!mp_person_is_requester(person, kase)) {
        add_other(person, kase->requester_address);
        add_other(person, kase->holder_address);
    }
    add_other(person, kase->last_mover);
}

static char *
replace_word(const char *text, const char *word)
{
    GString *out = g_string_new(NULL);
    gsize length = strlen(word);

    while (*text != '\0') {
        if (g_ascii_strncasecmp(text, word, length) == 0) {
            g_string_append(out, OTHER);
            text += length;
        } else {
            g_string_append_c(out, *text++);
        }
    }
    return g_string_free(out, FALSE);
}

/* NULL stays NULL. Numbers that are not the person's own are masked whoever they belong to. */
char *
mp_person_clean(const MpPerson *person, const char *text)
{
    g_autofree char *left = g_strdup(text);

    for (guint i = 0; left != NULL && i < person->others->len; i++) {
        char *next = replace_word(left, g_ptr_array_index(person->others, i));

        g_free(left);
        left = next;
    }
    return left == NULL || is_id(person, left) ? g_steal_pointer(&left) : mp_text_mask_all(left);
}

gboolean
mp_person_is_alone(const MpPerson *person, const MpCase *kase)
{
    if (kase->applicants->len == 0)
        return mp_person_is_requester(person, kase);
    for (guint i = 0; i < kase->applicants->len; i++)
        if (!mp_person_is(person, g_ptr_array_index(kase->applicants, i)))
            return FALSE;
    return TRUE;
}
