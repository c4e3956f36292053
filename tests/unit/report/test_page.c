/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page and the table of a small quarter, byte by byte (MP_UPDATE_GOLDEN=1 writes them anew),
 * and as a browser draws it. */
#include "letters.h"

#include "report/page-private.h"

#include <cairo.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHOT_WIDTH = 400, SHOT_HEIGHT = 3600, DRAWING_SECONDS = 60 };

/* --- a small quarter over a year's end --- */

static MpReport *
quarter(Office *office)
{
    static const char *const units[] = {
        "Dinas Kesehatan", "Kecamatan Melati", "Dinas Perhubungan & <Jalan>"};
    static const char *const days[] = {"2026-10-05",
                                       "2026-10-06",
                                       "2026-10-20",
                                       "2026-11-03",
                                       "2026-11-16",
                                       "2026-11-17",
                                       "2026-12-01",
                                       "2026-12-15"};
    static const char *const signs[] = {"T08:05:00", "T08:12:00", "T08:15:00", "T08:40:00"};
    g_autoptr(GError) error = NULL;
    MpReport *report =
        office_report(office, "2026-10-01", "2026-12-31", "2026-12-29T09:00:00", &error);
    Told *refused;

    assert_no_gerror(error);
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++)
        report_take(report, office_revocation(office, units[i % 3], days[i], signs[i % 4]));
    refused = office_letter(office, office->revocation, units[0], "2026-11-18T09:00:00");
    told_say(refused, "TOLAK", "kepala-dinas", "2026-11-18T09:07:00");
    report_take(report, refused);
    report_take(report,
                office_letter(office, office->registration, units[1], "2026-12-28T08:00:00"));
    report_take(report,
                office_letter(office, office->registration, units[2], "2026-12-10T08:00:00"));
    report_take(report, office_letter(office, office->revocation, units[0], "2026-09-25T08:00:00"));
    refused = office_letter(office, office->complaint, units[0], "2026-11-20T08:00:00");
    told_say(refused, "SELESAI", "pejabat-pengaduan", "2026-11-23T09:00:00");
    report_take(report, refused);
    report_take(report, office_letter(office, office->complaint, units[1], "2026-12-22T08:00:00"));
    mp_report_add_answer(report, "pencabutan", "443434344");
    mp_report_add_answer(report, "pencabutan", "333333333");
    mp_report_add_answer(report, "pendaftaran", "444444424");
    return report;
}

static void
check_golden(const char *name, const char *got)
{
    g_autofree char *path = g_build_filename(MP_SOURCE_DIR, "tests/data/report", name, NULL);
    g_autofree char *want = NULL;
    g_autoptr(GError) error = NULL;

    if (g_strcmp0(g_getenv("MP_UPDATE_GOLDEN"), "1") == 0)
        assert_true(g_file_set_contents(path, got, -1, &error));
    assert_true(g_file_get_contents(path, &want, NULL, &error));
    assert_no_gerror(error);
    assert_text(got, want);
}

static void
test_golden(void **state)
{
    g_autofree char *html = NULL, *csv = NULL, *text = NULL;

    (void)state;
    for (guint run = 0; run < 2; run++) {
        Office *office = office_new();
        g_autoptr(MpReport) report = quarter(office);
        g_autofree char *html_now = mp_report_to_html(report);
        g_autofree char *csv_now = mp_report_to_csv(report);
        g_autofree char *text_now = mp_report_to_text(report);

        if (run == 1) {
            assert_text(html_now, html);
            assert_text(csv_now, csv);
            assert_text(text_now, text);
        }
        g_free(html);
        g_free(csv);
        g_free(text);
        html = g_steal_pointer(&html_now);
        csv = g_steal_pointer(&csv_now);
        text = g_steal_pointer(&text_now);
        g_clear_pointer(&report, mp_report_free);
        office_free(office);
    }
    check_golden("kuartal.html", html);
    check_golden("kuartal.csv", csv);
    check_golden("kuartal.txt", text);
}

/* --- as a browser draws it --- */

static int
make_dir(void **state)
{
    *state = g_dir_make_tmp("mailproc-page-XXXXXX", NULL);
    return *state == NULL ? -1 : 0;
}

/* Runs a program to its end, 60 s at most; its exit code, -1 when there was none. */
static int
run_program(const char *const *argv)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        (void)!freopen("/dev/null", "r", stdin);
        (void)alarm(DRAWING_SECONDS);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
remove_dir(void **state)
{
    const char *const argv[] = {"rm", "-rf", "--", *state, NULL};
    int code = run_program(argv);

    g_free(*state);
    return code;
}

static cairo_surface_t *
draw_page(const char *dir, const char *html)
{
    g_autofree char *page = g_build_filename(dir, "laporan.html", NULL);
    g_autofree char *png = g_build_filename(dir, "laporan.png", NULL);
    g_autofree char *url = g_strconcat("file://", page, NULL);
    g_autofree char *profile = g_strconcat("--user-data-dir=", dir, "/profil", NULL);
    g_autofree char *shot = g_strconcat("--screenshot=", png, NULL);
    g_autofree char *size = g_strdup_printf("--window-size=%d,%d", SHOT_WIDTH, SHOT_HEIGHT);
    const char *const argv[] = {"chromium",
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-dev-shm-usage",
                                "--hide-scrollbars",
                                "--force-device-scale-factor=1",
                                profile,
                                shot,
                                size,
                                url,
                                NULL};
    cairo_surface_t *surface;

    assert_true(g_file_set_contents(page, html, -1, NULL));
    assert_int_equal(run_program(argv), 0);
    surface = cairo_image_surface_create_from_png(png);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(surface), SHOT_WIDTH);
    assert_int_equal(cairo_image_surface_get_height(surface), SHOT_HEIGHT);
    return surface;
}

static guint32
colour_of(const char *hex)
{
    return (guint32)g_ascii_strtoull(hex + 1, NULL, 16);
}

/* Pixels of exactly this colour. */
static guint
count_pixels(cairo_surface_t *surface, guint32 colour)
{
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    guint n = 0;

    for (int y = 0; y < cairo_image_surface_get_height(surface); y++)
        for (int x = 0; x < cairo_image_surface_get_width(surface); x++) {
            guint32 pixel;

            memcpy(&pixel, data + y * stride + x * 4, sizeof pixel);
            n += (pixel & 0xffffff) == colour;
        }
    return n;
}

static void
test_drawn(void **state)
{
    Office *office = office_new();
    g_autoptr(MpReport) report = quarter(office);
    g_autofree char *html = mp_report_to_html(report);
    cairo_surface_t *surface = draw_page(*state, html);

    /* Paper, ink, the bars of both services, of steps in and out of time, of what waits long. */
    assert_true(count_pixels(surface, 0xffffff) > SHOT_WIDTH * SHOT_HEIGHT / 2);
    assert_true(count_pixels(surface, 0x1b2733) > 2000);
    assert_true(count_pixels(surface, colour_of(mp_report_colour(0))) > 100);
    assert_true(count_pixels(surface, colour_of(mp_report_colour(1))) > 100);
    assert_true(count_pixels(surface, 0x2e8b57) > 100);
    assert_true(count_pixels(surface, 0xb83227) > 100);
    assert_true(count_pixels(surface, colour_of(mp_report_age_colour(3))) > 100);
    cairo_surface_destroy(surface);
    office_free(office);
}

/* The measure itself: a page with nothing on it has no ink. */
static void
test_blank(void **state)
{
    cairo_surface_t *surface =
        draw_page(*state, "<!DOCTYPE html><meta charset=\"utf-8\"><body></body>");

    assert_int_equal(count_pixels(surface, 0xffffff), SHOT_WIDTH * SHOT_HEIGHT);
    cairo_surface_destroy(surface);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test_setup_teardown(test_drawn, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_blank, make_dir, remove_dir)};

    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
