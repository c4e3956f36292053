/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/notify-private.h"

static MpValue *
value_new(MpValueKind kind)
{
    MpValue *value = g_new0(MpValue, 1);

    value->kind = kind;
    return value;
}

MpValue *
mp_value_text(const char *text)
{
    MpValue *value = value_new(MP_VALUE_TEXT);

    value->text = mp_text_clean(text == NULL ? "" : text, -1);
    return value;
}

MpValue *
mp_value_bool(gboolean is_true)
{
    MpValue *value = value_new(MP_VALUE_BOOL);

    value->is_true = is_true;
    return value;
}

MpValue *
mp_value_list(void)
{
    MpValue *value = value_new(MP_VALUE_LIST);

    value->items = g_ptr_array_new_with_free_func((GDestroyNotify)mp_value_free);
    return value;
}

MpValue *
mp_value_map(void)
{
    MpValue *value = value_new(MP_VALUE_MAP);

    value->entries =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)mp_value_free);
    return value;
}

void
mp_value_append_take(MpValue *list, MpValue *item)
{
    g_return_if_fail(list != NULL && list->kind == MP_VALUE_LIST && item != NULL);
    g_ptr_array_add(list->items, item);
}

void
mp_value_set_take(MpValue *map, const char *key, MpValue *value)
{
    g_return_if_fail(map != NULL && map->kind == MP_VALUE_MAP && key != NULL && value != NULL);
    g_hash_table_replace(map->entries, g_strdup(key), value);
}

void
mp_value_set_text(MpValue *map, const char *key, const char *text)
{
    mp_value_set_take(map, key, mp_value_text(text));
}

gboolean
mp_value_is_true(const MpValue *value)
{
    if (value == NULL)
        return FALSE;
    switch (value->kind) {
    case MP_VALUE_TEXT:
        return value->text[0] != '\0';
    case MP_VALUE_BOOL:
        return value->is_true;
    case MP_VALUE_LIST:
        return value->items->len > 0;
    case MP_VALUE_MAP:
        return TRUE;
    }
    return FALSE;
}

void
mp_value_free(MpValue *value)
{
    if (value == NULL)
        return;
    g_free(value->text);
    g_clear_pointer(&value->items, g_ptr_array_unref);
    g_clear_pointer(&value->entries, g_hash_table_unref);
    g_free(value);
}
