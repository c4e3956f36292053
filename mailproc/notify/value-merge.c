/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/notify-private.h"

static MpValue *
copy_value(const MpValue *value)
{
    MpValue *copy = NULL;
    GHashTableIter iter;
    gpointer key, item;

    switch (value->kind) {
    case MP_VALUE_TEXT:
        return mp_value_text(value->text);
    case MP_VALUE_BOOL:
        return mp_value_bool(value->is_true);
    case MP_VALUE_LIST:
        copy = mp_value_list();
        for (guint i = 0; i < value->items->len; i++)
            mp_value_append_take(copy, copy_value(g_ptr_array_index(value->items, i)));
        break;
    case MP_VALUE_MAP:
        copy = mp_value_map();
        g_hash_table_iter_init(&iter, value->entries);
        while (g_hash_table_iter_next(&iter, &key, &item))
            mp_value_set_take(copy, key, copy_value(item));
        break;
    }
    return copy;
}

void
mp_value_merge(MpValue *map, const MpValue *from)
{
    GHashTableIter iter;
    gpointer key, item;

    g_return_if_fail(map != NULL && map->kind == MP_VALUE_MAP);
    if (from == NULL || from->kind != MP_VALUE_MAP)
        return;
    g_hash_table_iter_init(&iter, from->entries);
    while (g_hash_table_iter_next(&iter, &key, &item))
        mp_value_set_take(map, key, copy_value(item));
}
