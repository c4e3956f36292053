/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

const char *
mp_automatic_to_string(MpAutomatic automatic)
{
    static const char *const names[] = {
#define X(id, name) [MP_AUTOMATIC_##id] = (name),
        MP_AUTOMATICS(X)
#undef X
    };

    g_return_val_if_fail((guint)automatic < G_N_ELEMENTS(names), NULL);
    return names[automatic];
}

MpAddress *
mp_address_new(const char *name, const char *address)
{
    MpAddress *made = g_new0(MpAddress, 1);

    made->name = g_strdup(name);
    made->address = g_strdup(address);
    return made;
}

void
mp_address_free(MpAddress *address)
{
    if (address == NULL)
        return;
    g_free(address->name);
    g_free(address->address);
    g_free(address);
}

MpHeader *
mp_header_new(const char *name, const char *value)
{
    MpHeader *made = g_new0(MpHeader, 1);

    made->name = g_strdup(name);
    made->value = g_strdup(value);
    return made;
}

void
mp_header_free(MpHeader *header)
{
    if (header == NULL)
        return;
    g_free(header->name);
    g_free(header->value);
    g_free(header);
}

MpPart *
mp_part_new(void)
{
    return g_new0(MpPart, 1);
}

void
mp_part_free(MpPart *part)
{
    if (part == NULL)
        return;
    g_free(part->filename);
    g_free(part->declared_type);
    g_free(part->content_id);
    g_clear_pointer(&part->content, g_bytes_unref);
    g_free(part);
}

MpForward *
mp_forward_new(void)
{
    return g_new0(MpForward, 1);
}

void
mp_forward_free(MpForward *forward)
{
    if (forward == NULL)
        return;
    mp_address_free(forward->from);
    g_free(forward->date);
    g_free(forward->subject);
    g_free(forward->message_id);
    g_free(forward->text);
    g_free(forward);
}

MpBounced *
mp_bounced_new(void)
{
    return g_new0(MpBounced, 1);
}

void
mp_bounced_free(MpBounced *bounced)
{
    if (bounced == NULL)
        return;
    g_free(bounced->address);
    g_free(bounced->status);
    g_free(bounced->diagnostic);
    g_free(bounced->original_message_id);
    g_free(bounced);
}

MpMessage *
mp_message_new(void)
{
    MpMessage *message = g_new0(MpMessage, 1);

    message->headers = g_ptr_array_new_with_free_func((GDestroyNotify)mp_header_free);
    message->references = g_ptr_array_new_with_free_func(g_free);
    message->from = g_ptr_array_new_with_free_func((GDestroyNotify)mp_address_free);
    message->reply_to = g_ptr_array_new_with_free_func((GDestroyNotify)mp_address_free);
    message->to = g_ptr_array_new_with_free_func((GDestroyNotify)mp_address_free);
    message->tables = g_ptr_array_new_with_free_func(g_free);
    message->parts = g_ptr_array_new_with_free_func((GDestroyNotify)mp_part_free);
    message->forwards = g_ptr_array_new_with_free_func((GDestroyNotify)mp_forward_free);
    message->bounced = g_ptr_array_new_with_free_func((GDestroyNotify)mp_bounced_free);
    message->doubts = g_ptr_array_new_with_free_func(g_free);
    return message;
}

void
mp_message_free(MpMessage *message)
{
    if (message == NULL)
        return;
    g_ptr_array_unref(message->headers);
    g_ptr_array_unref(message->references);
    g_ptr_array_unref(message->from);
    g_ptr_array_unref(message->reply_to);
    g_ptr_array_unref(message->to);
    g_ptr_array_unref(message->tables);
    g_ptr_array_unref(message->parts);
    g_ptr_array_unref(message->forwards);
    g_ptr_array_unref(message->bounced);
    g_ptr_array_unref(message->doubts);
    g_free(message->message_id);
    g_free(message->in_reply_to);
    g_free(message->return_path);
    g_free(message->subject);
    g_free(message->text);
    g_free(message->reply_text);
    g_free(message->quoted_text);
    g_free(message->automatic_reason);
    g_free(message->content_hash);
    g_free(message);
}

const char *
mp_message_header(const MpMessage *message, const char *name)
{
    return mp_header_find(message->headers, name);
}

const char *
mp_message_sender(const MpMessage *message)
{
    const MpAddress *only;

    if (!message->from_is_plain || message->from->len != 1)
        return NULL;
    only = g_ptr_array_index(message->from, 0);
    return only->address;
}
