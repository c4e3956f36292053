/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Counts by value, sorted, and the percentiles read from them. */

#include "report/report-private.h"

typedef struct {
    gint64 value;
    guint64 n;
} Entry;

/* Index of the first entry that is not below `value`. */
static guint
find_place(const GArray *entries, gint64 value)
{
    guint low = 0, high = entries->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(entries, Entry, middle).value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void
mp_tally_add(MpTally *tally, gint64 value)
{
    Entry fresh = {.value = value, .n = 1};
    guint place;

    if (tally->entries == NULL)
        tally->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    place = find_place(tally->entries, value);
    if (place < tally->entries->len && g_array_index(tally->entries, Entry, place).value == value)
        g_array_index(tally->entries, Entry, place).n++;
    else
        g_array_insert_val(tally->entries, place, fresh);
    tally->n++;
}

gint64
mp_tally_percentile(const MpTally *tally, guint percent)
{
    guint64 rank, seen = 0;

    if (tally->n == 0)
        return 0;
    rank = (tally->n * percent + 99) / 100;
    for (guint i = 0; i < tally->entries->len; i++) {
        const Entry *entry = &g_array_index(tally->entries, Entry, i);

        seen += entry->n;
        if (seen >= rank)
            return entry->value;
    }
    return mp_tally_max(tally);
}

gint64
mp_tally_max(const MpTally *tally)
{
    return tally->n == 0 ? 0 : g_array_index(tally->entries, Entry, tally->entries->len - 1).value;
}

void
mp_tally_clear(MpTally *tally)
{
    g_clear_pointer(&tally->entries, g_array_unref);
    tally->n = 0;
}
