#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the checks themselves: each folder of cases/CHECK/ is a small tree that must be refused
with the text in its file `want`, or pass where that file is empty.

usage: test_lint.py source|layers|keys|promises|purity|headers
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def judge(name, code, output, want, may_pass=False):
    if not want:
        fine = code == 0 and not output
    else:
        fine = want in output and (code != 0 or may_pass)
    print(f"[{'  OK  ' if fine else 'FAILED'}] {name}")
    if not fine:
        print(f"want «{want}», got exit {code}:\n{output}")
    return fine


def trees(check):
    script, folder = HERE / f"check_{check}.py", HERE / "cases" / check
    for tree in sorted(folder.iterdir()):
        want = (tree / "want").read_text(encoding="utf-8").strip()
        code, output = run(sys.executable, str(script), str(tree))
        yield judge(f"{check}: {tree.name}", code, output, want, may_pass=want == "warning:")
    if check == "source":
        rules = set(re.findall(r'yield [^"\n]*"([a-z-]+)", ', script.read_text(encoding="utf-8")))
        lacking = sorted(rules - {tree.name for tree in folder.iterdir()})
        yield judge("source: each rule has a case", 1 if lacking else 0, " ".join(lacking), "")


def purity():
    samples = [("opens a file", "int open(const char *, int); int f(void) { return open(\"x\", 0); }", "open"),
               ("asks the time", "long g_get_real_time(void); long f(void) { return g_get_real_time(); }",
                "g_get_real_time"),
               ("reads the environment", "char *getenv(const char *); char *f(void) { return getenv(\"x\"); }",
                "getenv"),
               ("logs", "void g_log(void); void f(void) { g_log(); }", "g_log"),
               ("speaks SQL", "int sqlite3_open(void); int f(void) { return sqlite3_open(); }", "sqlite3_open"),
               ("throws dice", "int g_random_int(void); int f(void) { return g_random_int(); }", "g_random_int"),
               ("only works on bytes", "void *g_strdup_printf(void); void *f(void) { return g_strdup_printf(); }", "")]
    for name, code, want in samples:
        with tempfile.TemporaryDirectory() as folder:
            base = pathlib.Path(folder)
            (base / "a.c").write_text(code, encoding="utf-8")
            run("cc", "-w", "-c", str(base / "a.c"), "-o", str(base / "a.o"))
            run("ar", "rc", str(base / "a.a"), str(base / "a.o"))
            yield judge(f"purity: {name}", *run("sh", str(HERE / "check_purity.sh"), str(base / "a.a")), want)


def headers():
    for name, text, want in [("lacks its include", "#pragma once\nMpError a(void);\n", "does not compile alone"),
                             ("brings what it needs", "#pragma once\n#include <glib.h>\ngint a(void);\n", "")]:
        with tempfile.TemporaryDirectory() as folder:
            room = pathlib.Path(folder) / "mailproc" / "base"
            room.mkdir(parents=True)
            (room / "banned.h").write_text("#pragma once\n", encoding="utf-8")
            (room / "base.h").write_text(text, encoding="utf-8")
            yield judge(f"headers: {name}", *run("sh", str(HERE / "check_headers.sh"), folder), want)


if __name__ == "__main__":
    kind = sys.argv[1]
    results = list({"purity": purity, "headers": headers}.get(kind, lambda: trees(kind))())
    sys.exit(0 if results and all(results) else 1)
