/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes with a mail: papers that came, papers and tables of our own making. Bytes of ours are
 * planned like all the rest: the pipeline puts them into the archive before a row names them. */

#include "app/plan-attach.h"

#include "app/office.h"

/* --- of our own making --- */

static gboolean
has_file(const MpPlan *plan, const char *entry)
{
    for (guint i = 0; i < plan->files->len; i++)
        if (strcmp(((const MpPlanFile *)g_ptr_array_index(plan->files, i))->entry, entry) == 0)
            return TRUE;
    return FALSE;
}

void
mp_plan_attach(MpPlanning *p, MpOutboxEntry *entry, const MpAttachment *file)
{
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(file->content, &length);
    g_autofree char *sha256 = mp_text_sha256(bytes == NULL ? (const guint8 *)"" : bytes, length);
    g_autofree char *name = g_strconcat("doc/", sha256, NULL);
    MpOutboxDocument *attached = g_new0(MpOutboxDocument, 1);

    attached->filename = g_strdup(file->filename);
    attached->type = g_strdup(file->type);
    attached->sha256 = g_steal_pointer(&sha256);
    attached->bytes = length;
    g_ptr_array_add(entry->documents, attached);
    if (!has_file(p->plan, name)) {
        MpPlanFile *planned = g_new0(MpPlanFile, 1);

        planned->entry = g_steal_pointer(&name);
        planned->content = g_bytes_ref(file->content);
        g_ptr_array_add(p->plan->files, planned);
    }
}

/* A paper that cannot be drawn keeps no official from working: the mail goes without it. Want of
 * memory is no property of the paper: the plan is made again. */
static gboolean
attach_paper(MpPlanning *p,
             const MpLetterOrder *order,
             const char *name,
             const GPtrArray *events,
             MpOutboxEntry *entry,
             GError **error)
{
    g_autofree char *filename = g_strdup_printf("%s-%s.pdf", name, order->kase->number);
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) pdf =
        mp_office_draw(p->planner->setup, name, order->kase, events, p->planner->now_utc, &why);
    const MpAttachment file = {filename, "application/pdf", pdf};

    if (pdf != NULL) {
        mp_plan_attach(p, entry, &file);
        return TRUE;
    }
    if (g_error_matches(why, MP_ERROR, MP_ERROR_STORAGE)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    mp_plan_note(p, "no-paper", order->kase->number, "%s: %s", name, why->message);
    return TRUE;
}

static void
attach_table(MpPlanning *p, const MpLetterOrder *order, MpOutboxEntry *entry)
{
    const MpSetup *setup = p->planner->setup;
    g_autofree char *path = g_strdup_printf("tabel-ams-%s.csv", order->kase->number);
    g_autoptr(GPtrArray) tables = NULL;

    if (!mp_config_bool(setup->config, "papers", "attach_ams"))
        return;
    tables = mp_ams_tables(setup->ams, order->kase, NULL);
    for (guint i = 0; tables != NULL && i < tables->len; i++) {
        const char *text = g_ptr_array_index(tables, i);
        g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
        g_autofree char *filename = mp_ams_filename(path, i, tables->len);

        mp_plan_attach(p, entry, &(MpAttachment){filename, "text/csv", bytes});
    }
}

static gboolean
attach_papers(MpPlanning *p,
              const MpLetterOrder *order,
              const MpSop *sop,
              MpOutboxEntry *entry,
              GError **error)
{
    const MpSopStep *step = mp_sop_step(sop, order->kase->step);
    g_autoptr(GPtrArray) events = NULL;

    if (step == NULL || step->papers[0] == NULL)
        return TRUE;
    events = mp_plan_events(p, order->kase->number, error);
    if (events == NULL)
        return FALSE;
    for (guint i = 0; step->papers[i] != NULL; i++)
        if (strcmp(step->papers[i], "tabel-ams") == 0)
            attach_table(p, order, entry);
        else if (!attach_paper(p, order, step->papers[i], events, entry, error))
            return FALSE;
    return TRUE;
}

/* --- papers that came --- */

static gboolean
step_requires(const MpSop *sop, const MpCase *kase, const char *kind)
{
    const MpSopStep *step = mp_sop_step(sop, kase->step);

    for (guint i = 0; step != NULL && step->requires_ != NULL && step->requires_[i] != NULL; i++) {
        g_auto(GStrv) kinds = g_strsplit(step->requires_[i], "|", -1);

        if (g_strv_contains((const char *const *)kinds, kind))
            return TRUE;
    }
    return FALSE;
}

static void
list_name(MpValue *names, const char *filename, gboolean is_gone)
{
    MpValue *name = mp_value_map();
    g_autofree char *text =
        is_gone ? g_strdup_printf("%s %s", filename ? filename : "", MP_ERASED) : NULL;

    mp_value_set_text(name, "nama_lampiran", is_gone ? text : filename);
    mp_value_append_take(names, name);
}

/* A copy of an identity card goes only to the role whose step asks for it (decisions.md 14). */
static void
attach_documents(const MpLetterOrder *order, const MpSop *sop, MpOutboxEntry *entry, MpValue *names)
{
    for (guint i = 0; i < order->kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(order->kase->documents, i);
        MpOutboxDocument *attached;

        if (strcmp(document->kind, "ktp") == 0 && !step_requires(sop, order->kase, "ktp"))
            continue;
        if (document->sha256 == NULL) {
            list_name(names, document->filename, TRUE);
            continue;
        }
        attached = g_new0(MpOutboxDocument, 1);
        attached->filename = g_strdup(document->filename);
        attached->type = g_strdup(document->type);
        attached->sha256 = g_strdup(document->sha256);
        attached->bytes = document->bytes;
        g_ptr_array_add(entry->documents, attached);
    }
}

/* --- all of it --- */

gboolean
mp_plan_attach_all(MpPlanning *p,
                   const MpLetterOrder *order,
                   const MpSop *sop,
                   MpOutboxEntry *entry,
                   MpValue *context,
                   GError **error)
{
    gint64 room = mp_config_size(p->planner->setup->config, "sender", "attach_bytes");
    gboolean wants_documents = order->wants_documents && sop != NULL;
    MpValue *names;
    gint64 total = 0;

    if (!wants_documents && order->n_files == 0)
        return TRUE;
    names = mp_value_list();
    if (wants_documents)
        attach_documents(order, sop, entry, names);
    mp_value_set_take(context, "lampiran", names);
    if (wants_documents && !attach_papers(p, order, sop, entry, error))
        return FALSE;
    for (gsize i = 0; i < order->n_files; i++)
        mp_plan_attach(p, entry, &order->files[i]);
    for (guint i = 0; i < entry->documents->len; i++) {
        const MpOutboxDocument *document = g_ptr_array_index(entry->documents, i);

        list_name(names, document->filename, FALSE);
        total += (gint64)document->bytes;
    }
    if (total > room)
        g_ptr_array_set_size(entry->documents, 0);
    mp_value_set_take(context, "lampiran_hanya_daftar", mp_value_bool(total > room));
    return TRUE;
}
