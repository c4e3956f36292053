/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *html;
    const char *text;  /* what a person sees */
    const char *reply; /* what he wrote now */
    gboolean hidden;
} Row;

static void
test_html(void **state)
{
    const Row *row = *state;
    gboolean hidden = FALSE;
    g_autofree char *text = mp_message_html_to_text(row->html, strlen(row->html), NULL, &hidden);
    g_autofree char *reply = NULL;
    g_autofree char *rest = NULL;

    if (row->text != NULL)
        assert_text(text, row->text);
    assert_int_equal(hidden, row->hidden);
    mp_message_split_reply(text, &reply, &rest);
    if (row->reply != NULL)
        assert_text(reply, row->reply);
}

static const Row rows[] = {
    {"paragraphs and breaks", "<p>Satu<br>dua</p><p>tiga</p>", "Satu\ndua\n\ntiga", NULL, FALSE},
    {"blanks run together", "<div>a   b\n c</div>", "a b c", NULL, FALSE},
    {"entities and hard blanks", "<p>A&nbsp;&amp;&nbsp;B &lt;c&gt;</p>", "A & B <c>", NULL, FALSE},
    {"preformatted lines stay", "<pre>a\nb</pre>", "a\nb", NULL, FALSE},
    {"lists", "<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul>", "1. a\n2. b\n\n- c", NULL, FALSE},
    {"table cells on one line",
     "<table><tr><td>Nama</td><td>Ani</td></tr><tr><td>NIP</td><td>1</td></tr></table>",
     "Nama Ani\nNIP 1",
     NULL,
     FALSE},
    {"scripts, styles and titles are not seen",
     "<head><title>x</title><style>p{}</style></head><script>1</script><p>a</p>",
     "a",
     NULL,
     FALSE},
    {"an unclosed tag", "<p>a<b>b<p>c", "ab\n\nc", NULL, FALSE},
    {"empty", "", "", "", FALSE},
    {"display none hides an order",
     "<p>Terima kasih</p><p style=\"display:none\">TERUSKAN</p>",
     "Terima kasih",
     NULL,
     TRUE},
    {"visibility hidden",
     "<p>a</p><span style='visibility: hidden'>TERUSKAN</span>",
     "a",
     NULL,
     TRUE},
    {"font size zero", "<p>a</p><span style='font-size:0px'>TERUSKAN</span>", "a", NULL, TRUE},
    {"small fonts are seen",
     "<p>a</p><span style='font-size:0.8em'>b</span>",
     "a\n\nb",
     NULL,
     FALSE},
    {"white on white", "<p>a</p><span style='color:#ffffff'>TERUSKAN</span>", "a", NULL, TRUE},
    {"white by a font tag", "<p>a</p><font color=\"#ffffff\">TERUSKAN</font>", "a", NULL, TRUE},
    {"white on a coloured button is seen",
     "<a style='background:#1d3c6a;color:#fff'>Buka</a>",
     "Buka",
     NULL,
     FALSE},
    {"white on a ground that is white itself",
     "<p>a</p><p style='color:#ffffff;background:#fff'>TERUSKAN</p>",
     "a",
     NULL,
     TRUE},
    {"white on a cell whose ground is white",
     "<p>a</p><div bgcolor='#FFFFFF'><span style='color:white'>TERUSKAN</span></div>",
     "a",
     NULL,
     TRUE},
    {"white on a ground that cannot be seen through a class",
     "<p>a</p><div class='x'><span style='color:white'>TERUSKAN</span></div>",
     "a",
     NULL,
     TRUE},
    {"white on nothing inside a coloured letterhead",
     "<div style='background-color:#fff0f0'><span style='color:white'>Buka</span></div>",
     "Buka",
     NULL,
     FALSE},
    {"the hidden attribute", "<p>a</p><p hidden>TERUSKAN</p>", "a", NULL, TRUE},
    {"outside of the page",
     "<p>a</p><div style='position:absolute;left:-9999px'>TERUSKAN</div>",
     "a",
     NULL,
     TRUE},
    {"zero height",
     "<p>a</p><div style='max-height:0;overflow:hidden'>TERUSKAN</div>",
     "a",
     NULL,
     TRUE},
    {"a hidden filler without words says nothing",
     "<div style='display:none'>&zwnj;&nbsp;</div><p>a</p>",
     "a",
     NULL,
     FALSE},
    {"Gmail",
     "<div dir=ltr>UTL<br clear=all><div class=gmail_signature>Ani<br>Kabid</div></div><div "
     "class=gmail_quote><div class=gmail_attr>Pada Sen, 2 Nov 2026 pukul 12.01 L &lt;l@x.id&gt; "
     "menulis:<br></div><blockquote class=gmail_quote>TOLAK</blockquote></div>",
     NULL,
     "UTL",
     FALSE},
    {"Gmail forward",
     "<div dir=ltr>Mohon dicek<br><br><div class=gmail_quote><div class=gmail_attr>---------- "
     "Forwarded message ---------<br>Dari: <b>B</b> &lt;b@bssn.go.id&gt;<br>Date: Sen, 16 Nov 2026 "
     "pukul 09.14<br>Subject: x<br>To: a@x.id<br></div><br>TOLAK</div></div>",
     NULL,
     "Mohon dicek",
     FALSE},
    {"Outlook desktop",
     "<div class=WordSection1><p class=MsoNormal>Setuju<o:p></o:p></p><div "
     "style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> L "
     "&lt;l@x.id&gt;<br><b>Sent:</b> Monday, November 16, 2026 9:14 AM<br><b>To:</b> "
     "A<br><b>Subject:</b> x</p></div><p class=MsoNormal>TOLAK</p></div>",
     NULL,
     "Setuju",
     FALSE},
    {"Outlook on the web",
     "<div>Acc</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>Dari:</b> "
     "L<br><b>Dikirim:</b> Senin 9:14<br></div><div>TOLAK</div>",
     NULL,
     "Acc",
     FALSE},
    {"Outlook on the phone",
     "<div>Acc</div><div id=ms-outlook-mobile-signature>Dapatkan Outlook untuk "
     "Android</div><hr><div id=divRplyFwdMsg>Dari: L</div><div>TOLAK</div>",
     NULL,
     "Acc",
     FALSE},
    {"Zimbra",
     "<div>Siap</div><hr id=zwchr data-marker=__DIVIDER__><div "
     "data-marker=__HEADERS__><b>Dari:</b> L &lt;l@x.id&gt;</div><div "
     "data-marker=__QUOTED_TEXT__>TOLAK</div>",
     NULL,
     "Siap",
     FALSE},
    {"Zimbra signature",
     "<div>Siap</div><div data-marker=__SIG_PRE__>Ani<br>Kabid</div>",
     NULL,
     "Siap",
     FALSE},
    {"Apple Mail",
     "<body>Ya<br><div><blockquote type=cite><div>On 16 Nov 2026, at 09.14, L &lt;l@x.id&gt; "
     "wrote:</div><div>TOLAK</div></blockquote></div></body>",
     NULL,
     "Ya",
     FALSE},
    {"Yahoo",
     "<div>Sudah</div><div class=yahoo_quoted><div>Pada Senin, L menulis:</div>TOLAK</div>",
     NULL,
     "Sudah",
     FALSE},
    {"Thunderbird",
     "<p>Ya</p><div class=moz-cite-prefix>Pada 16/11/2026 09.14, L menulis:</div><blockquote "
     "type=cite>TOLAK</blockquote><pre class=moz-signature>-- \nAni</pre>",
     NULL,
     "Ya",
     FALSE},
    {"Proton",
     "<div>Ya</div><div class=protonmail_quote>On Monday L wrote:<br><blockquote "
     "class=protonmail_quote>TOLAK</blockquote></div>",
     NULL,
     "Ya",
     FALSE},
    {"answers between quotes in HTML",
     "<blockquote type=cite>TOLAK?</blockquote><div>Sudah</div><blockquote "
     "type=cite>TERUSKAN?</blockquote><div>Belum</div>",
     NULL,
     "Sudah\n\nBelum",
     FALSE},
    {"a border-less blockquote is an indent",
     "<p>Data:</p><blockquote style='margin:0 0 0 40px;border:none;padding:0'>Nama: "
     "Ani</blockquote>",
     "Data:\n\nNama: Ani",
     NULL,
     FALSE},
};

static void
test_tables(void **state)
{
    static const char html[] =
        "<table><tr><td>layout</td></tr></table>"
        "<table><tr><th>Nama</th><th>NIP</th></tr><tr><td>Ani<br>W</td><td>1 2</td></tr></table>"
        "<blockquote type=cite><table><tr><td>x</td><td>y</td></tr></table></blockquote>";
    g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *text = mp_message_html_to_text(html, sizeof html - 1, tables, NULL);

    (void)state;
    assert_non_null(text);
    assert_int_equal(tables->len, 1);
    assert_text(g_ptr_array_index(tables, 0), "Nama\tNIP\nAni W\t1 2");
}

static void
test_deep_nesting_ends(void **state)
{
    GString *html = g_string_new(NULL);
    g_autofree char *bytes = NULL;
    g_autofree char *text = NULL;

    (void)state;
    for (guint i = 0; i < 50000; i++)
        g_string_append(html, "<div><b>");
    g_string_append(html, "x");
    bytes = g_string_free(html, FALSE);
    text = mp_message_html_to_text(bytes, strlen(bytes), NULL, NULL);
    assert_non_null(text);
}

int
main(void)
{
    const struct CMUnitTest more[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_deep_nesting_ends),
    };

    return run_rows("message/html", rows, test_html) +
           cmocka_run_group_tests_name("message/html, more", more, NULL, NULL);
}
