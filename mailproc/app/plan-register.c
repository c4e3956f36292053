/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the register makes the office write: a certificate comes to its end, somebody should perhaps
 * hold none any more. And what it tells a request that comes. */

#include "app/plan-register.h"

#include "app/office.h"
#include "app/plan-private.h"

static gboolean
learn_of(MpPlanning *p, MpCaseApplicant *applicant, const char *today, GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(MpHolder) holder =
        p->planner->store->register_match(p->planner->store, applicant, &local);

    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (holder == NULL || !mp_register_is_active(holder, today))
        return TRUE;
    applicant->holds_certificate = TRUE;
    if (applicant->valid_until == NULL && !holder->is_guess)
        applicant->valid_until = g_strdup(holder->valid_until);
    return TRUE;
}

gboolean
mp_plan_ask_register(MpPlanning *p, MpCase *facts, GError **error)
{
    g_autofree char *today = mp_plan_today(p);

    for (guint i = 0; p->planner->store != NULL && i < facts->applicants->len; i++)
        if (!learn_of(p, g_ptr_array_index(facts->applicants, i), today, error))
            return FALSE;
    return TRUE;
}

/* --- a certificate comes to its end --- */

static MpValue *
holder_map(const MpHolder *holder, const char *why)
{
    MpValue *map = mp_value_map();
    g_autofree char *nip = mp_text_mask(holder->nip);
    g_autofree char *until = mp_calendar_format_iso_day(holder->valid_until);

    mp_value_set_text(map, "nama", holder->name);
    mp_value_set_text(map, "nip", nip);
    mp_value_set_text(map, "jabatan", holder->position);
    mp_value_set_text(map, "unit", holder->unit);
    mp_value_set_text(map, "berlaku_sampai", until);
    mp_value_set_text(map, "hasil_alasan", why);
    return map;
}

/* Who has asked for a renewal already is told by that case. */
static gboolean
is_renewing(MpPlanning *p, const MpHolder *holder, gboolean *renewing_out, GError **error)
{
    const MpCaseFilter filter = {
        .state = "open", .service = "pembaruan", .nip = holder->nip, .limit = 1};
    g_autoptr(GPtrArray) found = NULL;

    *renewing_out = FALSE;
    if (holder->nip == NULL)
        return TRUE;
    found = mp_plan_cases(p, &filter, error);
    if (found == NULL)
        return FALSE;
    *renewing_out = found->len > 0;
    return TRUE;
}

/* The OPD is whoever asked for the certificate. */
static char *
requester_of(MpPlanning *p, const MpHolder *holder, GError **error)
{
    g_autoptr(MpCase) kase = NULL;

    if (holder->case_number == NULL)
        return NULL;
    kase = mp_plan_case(p, holder->case_number, error);
    return kase == NULL ? NULL : g_strdup(kase->requester_address);
}

static gboolean
send_end(MpPlanning *p, const MpHolder *holder, const char *to, const char *left, GError **error)
{
    g_autoptr(MpValue) extra = mp_value_map();
    const MpLetterOrder order = {
        .template_ = "masa-berlaku",
        .to = to,
        .to_name = mp_plan_is_same_address(to, holder->email) ? holder->name : holder->unit,
        .extra = extra};

    if (to == NULL || to[0] == '\0')
        return TRUE;
    mp_value_set_take(extra, "pemohon", holder_map(holder, NULL));
    mp_value_set_text(extra, "lama", left);
    return mp_plan_send(p, &order, error);
}

static char *
days_left(const char *valid_until, const char *today)
{
    int n = 0;
    g_autofree char *day = g_strdup(today);

    while (n <= 30 && strcmp(day, valid_until) < 0) {
        char *next = mp_register_day_after(day, 1);

        g_free(day);
        day = next;
        n++;
    }
    return n == 0 ? g_strdup("hari ini") : g_strdup_printf("%d hari lagi", n);
}

MpPlan *
mp_plan_certificate_end(const MpPlanner *planner, const MpHolder *holder, GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    g_autofree char *today = mp_plan_today(&p);
    g_autofree char *left = days_left(holder->valid_until, today);
    g_autofree char *requester = NULL;
    g_autoptr(GError) local = NULL;
    gboolean renewing = FALSE;

    if (!is_renewing(&p, holder, &renewing, error))
        return NULL;
    if (renewing)
        return g_steal_pointer(&plan);
    requester = requester_of(&p, holder, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    if (!send_end(&p, holder, holder->email, left, error) ||
        (!mp_plan_is_same_address(requester, holder->email) &&
         !send_end(&p, holder, requester, left, error)))
        return NULL;
    return g_steal_pointer(&plan);
}

/* --- who should perhaps hold none any more --- */

static const char *
unit_of(const GPtrArray *holders, guint at)
{
    const MpHolder *holder = g_ptr_array_index(holders, at);

    return holder->unit == NULL ? "" : holder->unit;
}

static gboolean
is_first_of_unit(const GPtrArray *holders, guint at)
{
    for (guint i = 0; i < at; i++)
        if (strcmp(unit_of(holders, i), unit_of(holders, at)) == 0)
            return FALSE;
    return TRUE;
}

/* "surat-3-dinas-kesehatan.pdf" */
static char *
letter_name(guint n, const char *unit)
{
    g_autofree char *lower = mp_text_lower_ascii(unit);

    for (char *at = lower; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at))
            *at = '-';
    return g_strdup_printf("surat-%u-%.60s.pdf", n, lower);
}

typedef struct {
    GArray *files; /* MpAttachment; names and contents live in the two below */
    GPtrArray *names, *contents;
} Letters;

static void
letters_clear(Letters *letters)
{
    g_array_unref(letters->files);
    g_ptr_array_unref(letters->names);
    g_ptr_array_unref(letters->contents);
}

static gboolean
add_letter(MpPlanning *p,
           const GPtrArray *holders,
           const GPtrArray *reasons,
           guint at,
           Letters *letters,
           GError **error)
{
    const MpSetup *setup = p->planner->setup;
    const MpReportOffice office = mp_office_of_papers(setup, NULL);
    const char *unit = unit_of(holders, at);
    g_autofree char *to =
        g_strdup_printf("Kepala %s", unit[0] != '\0' ? unit : "....................");
    g_autoptr(MpValue) context = mp_notify_office_context(&setup->notify, p->planner->now_utc);
    g_autofree char *words = NULL;
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(MpReportLeaver));
    MpAttachment file = {.type = "application/pdf"};

    for (guint i = at; i < holders->len; i++) {
        const MpHolder *holder = g_ptr_array_index(holders, i);
        const MpReportLeaver one = {
            holder->name, holder->nip, holder->position, g_ptr_array_index(reasons, i)};

        if (strcmp(unit_of(holders, i), unit) == 0)
            g_array_append_val(people, one);
    }
    mp_value_set_text(context, "penerima", to);
    words = mp_templates_render_paper(setup->templates, "surat-pencabutan", context, error);
    if (words == NULL)
        return FALSE;
    file.content = mp_report_reminder(&office,
                                      words,
                                      (const MpReportLeaver *)(gpointer)people->data,
                                      people->len,
                                      p->planner->now_utc,
                                      error);
    if (file.content == NULL)
        return FALSE;
    g_ptr_array_add(letters->contents, file.content);
    g_ptr_array_add(letters->names, letter_name(letters->files->len + 1, unit));
    file.filename = g_ptr_array_index(letters->names, letters->names->len - 1);
    g_array_append_val(letters->files, file);
    return TRUE;
}

static MpValue *
watch_context(const GPtrArray *holders, const GPtrArray *reasons)
{
    MpValue *extra = mp_value_map();
    MpValue *people = mp_value_list();
    g_autofree char *count = g_strdup_printf("%u", holders->len);

    for (guint i = 0; i < holders->len; i++)
        mp_value_append_take(
            people, holder_map(g_ptr_array_index(holders, i), g_ptr_array_index(reasons, i)));
    mp_value_set_take(extra, "orang", people);
    mp_value_set_text(extra, "jumlah_orang", count);
    return extra;
}

MpPlan *
mp_plan_watch(const MpPlanner *planner,
              const GPtrArray *holders,
              const GPtrArray *reasons,
              GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    g_autoptr(MpValue) extra = watch_context(holders, reasons);
    Letters letters = {g_array_new(FALSE, FALSE, sizeof(MpAttachment)),
                       g_ptr_array_new_with_free_func(g_free),
                       g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref)};
    gboolean is_fine = TRUE;

    for (guint i = 0; is_fine && i < holders->len; i++)
        if (is_first_of_unit(holders, i))
            is_fine = add_letter(&p, holders, reasons, i, &letters, error);
    is_fine =
        is_fine && mp_plan_ask_person_with(&p,
                                           "pantauan",
                                           extra,
                                           (const MpAttachment *)(gpointer)letters.files->data,
                                           letters.files->len,
                                           error);
    letters_clear(&letters);
    return is_fine ? g_steal_pointer(&plan) : NULL;
}
