/* SPDX-License-Identifier: GPL-3.0-or-later */

/* XML of office files by libxml2's reader. A DTD is the door to entities and outside files, and no
 * office program writes one: a part with a DTD is refused as a whole. */

#include "document/document-private.h"

#define MAX_XML_BYTES (10 * 1024 * 1024)
#define MAX_DEPTH 200

struct MpXml {
    xmlTextReaderPtr reader;
};

/* libxml2 would print to stderr otherwise. */
static void
swallow(void *data, xmlErrorPtr error)
{
    (void)data;
    (void)error;
}

char *
mp_xml_attribute(MpXml *xml, const char *name)
{
    g_autofree char *value = NULL;

    if (xmlTextReaderMoveToFirstAttribute(xml->reader) != 1)
        return NULL;
    do {
        const char *local = (const char *)xmlTextReaderConstLocalName(xml->reader);

        if (g_strcmp0(local, name) == 0)
            value = g_strdup((const char *)xmlTextReaderConstValue(xml->reader));
    } while (value == NULL && xmlTextReaderMoveToNextAttribute(xml->reader) == 1);
    xmlTextReaderMoveToElement(xml->reader);
    return g_steal_pointer(&value);
}

static gboolean
handle_node(MpXml *xml, const MpXmlHandler *handler, void *data)
{
    const char *name = (const char *)xmlTextReaderConstLocalName(xml->reader);
    const char *text = NULL;
    gboolean is_empty = FALSE;

    switch (xmlTextReaderNodeType(xml->reader)) {
    case XML_READER_TYPE_ELEMENT:
        is_empty = xmlTextReaderIsEmptyElement(xml->reader) == 1;
        handler->start(xml, name, data);
        if (is_empty)
            handler->end(name, data);
        return xmlTextReaderDepth(xml->reader) <= MAX_DEPTH;
    case XML_READER_TYPE_END_ELEMENT:
        handler->end(name, data);
        return TRUE;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
    case XML_READER_TYPE_WHITESPACE:
        text = (const char *)xmlTextReaderConstValue(xml->reader);
        handler->text(text != NULL ? text : "", data);
        return TRUE;
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return FALSE;
    default:
        return TRUE;
    }
}

gboolean
mp_xml_walk(GBytes *bytes, const MpXmlHandler *handler, void *data)
{
    gsize length = 0;
    const char *content = g_bytes_get_data(bytes, &length);
    g_autoptr(MpXmlReader) reader = NULL;
    MpXml xml = {NULL};
    int result = 0;

    if (length == 0 || length > MAX_XML_BYTES || memmem(content, length, "<!DOCTYPE", 9) != NULL)
        return FALSE;
    reader = xmlReaderForMemory(content,
                                (int)length,
                                NULL,
                                NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (reader == NULL)
        return FALSE;
    xmlTextReaderSetStructuredErrorHandler(reader, swallow, NULL);
    xml.reader = reader;
    while ((result = xmlTextReaderRead(reader)) == 1) {
        if (!handle_node(&xml, handler, data))
            return FALSE;
    }
    return result == 0;
}
