/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names in running text, when no block, row or number names anybody. */

#include "document/document-private.h"

/* Names far down a long text are not what the mail is about. */
#define MAX_PROSE_BYTES (16 * 1024)
#define MAX_WEAK_NAMES 100
#define MAX_NAME_BYTES 160

const char *
mp_text_behind_name_word(const char *text)
{
    const char *best = NULL;

    for (guint i = 0; mp_words_before_name[i] != NULL; i++) {
        gsize n = strlen(mp_words_before_name[i]);

        for (const char *p = text; *p != '\0'; p++) {
            if (g_ascii_strncasecmp(p, mp_words_before_name[i], n) != 0 ||
                (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '.')) ||
                !(p[n] == ' ' || p[n] == '\t' || p[n] == '\n' || p[n] == ':' ||
                  (p[n - 1] == '.' && g_ascii_isupper(p[n]))))
                continue;
            if (best == NULL || p + n > best)
                best = p + n;
        }
    }
    while (best != NULL && (*best == ' ' || *best == ':' || *best == '\n'))
        best++;
    return best;
}

/* The words of a name in a sentence are capitalised; it ends where they end. */
static char *
capitalised_name(const char *text)
{
    g_autofree char *name = mp_name_of(text);
    g_auto(GStrv) words = NULL;
    g_autoptr(GString) out = g_string_new(NULL);

    if (name == NULL)
        return NULL;
    words = g_strsplit(name, " ", -1);
    for (guint i = 0; words[i] != NULL; i++) {
        gunichar c = g_utf8_get_char(words[i]);

        if (!g_unichar_isupper(c) && strchr(words[i], '.') == NULL)
            break;
        if (out->len > 0)
            g_string_append_c(out, ' ');
        g_string_append(out, words[i]);
    }
    while (out->len > 0 && strchr(", ", out->str[out->len - 1]) != NULL)
        g_string_truncate(out, out->len - 1);
    return out->len >= 3 ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

gboolean
mp_text_has_named_number(const char *line)
{
    MpLabel label = MP_LABEL_NONE;

    return mp_text_find_number(line, &label) != NULL;
}

/* TRUE when nothing but punctuation and the words before a number stands here. */
static gboolean
is_end(const char *p)
{
    static const char *const words[] = {"dengan", "nip", "nik", "nomor", "no", NULL};

    while (*p != '\0') {
        gsize n = 0;

        while (*p != '\0' && !g_ascii_isalnum(*p))
            p++;
        while (g_ascii_isalpha(p[n]))
            n++;
        if (*p == '\0')
            return TRUE;
        {
            g_autofree char *word = g_ascii_strdown(p, (gssize)n);

            if (n == 0 || !g_strv_contains(words, word))
                return FALSE;
        }
        p += n;
    }
    return TRUE;
}

char *
mp_text_name_at_end(const char *text)
{
    g_autofree char *line = mp_text_line(text);
    const char *from = line + (strlen(line) > MAX_NAME_BYTES ? strlen(line) - MAX_NAME_BYTES : 0);

    while (((guchar)*from & 0xc0) == 0x80)
        from++;
    for (const char *p = from; *p != '\0'; p++) {
        g_autofree char *name = NULL;

        if ((p > line && p[-1] != ' ' && p[-1] != '(') ||
            !(g_ascii_isupper(*p) || g_str_has_prefix(p, "dr")))
            continue;
        name = capitalised_name(p);
        if (name != NULL && g_str_has_prefix(p, name) && is_end(p + strlen(name)))
            return g_steal_pointer(&name);
    }
    return NULL;
}

static void
add_weak(GPtrArray *found, char *name_take, const char *email)
{
    g_autoptr(MpApplicant) person = mp_applicant_new();

    person->name = name_take;
    person->email = g_strdup(email);
    mp_found_add(found, &person, MP_FOUND_WEAK);
}

/* TRUE when the words at `p` stand there whole: "an." but not "tahun an…". */
static gboolean
is_lead_word(const char *line, const char *p, gsize n)
{
    if (p > line && (g_ascii_isalnum(p[-1]) || p[-1] == '.'))
        return FALSE;
    return p[n] == ' ' || p[n] == ':' || (p[n - 1] == '.' && g_ascii_isupper(p[n]));
}

/* "a.n. Budi, S.Kom., Ani dan Citra": all of them. */
static void
add_chain(const char *p, const char *email, GPtrArray *found)
{
    static const char *const joins[] = {"dan ", "& ", "serta ", ", dan ", "; ", NULL};

    for (guint i = 0; i < 50; i++) {
        char *name = capitalised_name(p);
        const char *at = name != NULL ? strstr(p, name) : NULL;
        const char *next = NULL;

        if (name == NULL || found->len >= MAX_WEAK_NAMES) {
            g_free(name);
            return;
        }
        add_weak(found, name, i == 0 ? email : NULL);
        if (at == NULL)
            return;
        p = at + strlen(((MpFound *)g_ptr_array_index(found, found->len - 1))->applicant->name);
        p += strspn(p, " ,.)");
        for (guint k = 0; joins[k] != NULL && next == NULL; k++) {
            if (g_ascii_strncasecmp(p, joins[k], strlen(joins[k])) == 0)
                next = p + strlen(joins[k]);
        }
        if (next == NULL)
            return;
        p = next;
    }
}

static void
find_names_behind(const char *line, const char *const *leads, const char *email, GPtrArray *found)
{
    for (guint i = 0; leads[i] != NULL; i++) {
        gsize n = strlen(leads[i]);

        for (const char *p = line; (p = strcasestr(p, leads[i])) != NULL; p += n) {
            if (is_lead_word(line, p, n))
                add_chain(p + n, email, found);
        }
    }
}

/* "… Yuni Permata belum bisa …": two capitalised words or more inside a sentence, before a verb. */
static void
find_names_in_prose(const char *line, GPtrArray *found)
{
    for (const char *p = line; *p != '\0'; p++) {
        g_autofree char *name = NULL;
        g_autofree char *next = NULL;
        const char *behind = NULL;

        if (p == line || p[-1] != ' ' || !g_ascii_isupper(*p) || p < line + 2 ||
            strchr(".:!?", p[-2]) != NULL)
            continue;
        name = capitalised_name(p);
        if (name == NULL || strchr(name, ' ') == NULL || !g_str_has_prefix(p, name))
            continue;
        behind = p + strlen(name);
        behind += strspn(behind, " ,");
        next = g_strndup(behind, MIN(strlen(behind), 16));
        if (mp_words_open(next, mp_words_after_name) && found->len < MAX_WEAK_NAMES)
            add_weak(found, g_steal_pointer(&name), NULL);
        p = behind - 1;
    }
}

/* Who is named when no block, row or number names anybody: first "a.n.", then "saya", then prose.
 */
void
mp_text_find_weak_names(const char *text, gboolean is_mail, GPtrArray *found)
{
    g_autofree char *head = g_strndup(text, MIN(strlen(text), MAX_PROSE_BYTES));
    g_autofree char *clean = mp_text_clean(head, -1);
    g_autofree char *line = mp_text_line(clean);
    g_autofree char *email = mp_email_cut(line);

    find_names_behind(line, mp_words_before_name, NULL, found);
    /* "Saya Budi dari Dinas …" only introduces the writer; "sertifikat saya" asks for himself. */
    if (found->len == 0 && is_mail && mp_words_in(line, mp_words_own_certificate))
        find_names_behind(line, mp_words_self, email, found);
    if (found->len == 0 && is_mail)
        find_names_in_prose(line, found);
}
