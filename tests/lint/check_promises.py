#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every promise of tests/promises.tsv is proved by a test that carries its id in its name.

A row is: id, what is promised, and "-" or the reason why it is not offered. A named test is a string
literal that begins with the id, or with several, in a C source below tests/. Ids that no row has are
refused too: a test cannot prove what nobody promised.

usage: check_promises.py ROOT
"""
import pathlib
import re
import sys

TABLE = "tests/promises.tsv"
NAMED = re.compile(r'"((?:[FT]-\d\d[ ,:])+)')
ID = re.compile(r"[FT]-\d\d")


def rows_of(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            yield number, line.split("\t")


def tests_of(root):
    names = {}
    for path in sorted((root / "tests").rglob("*.c")):
        if "/lint/cases/" in path.as_posix().removeprefix(root.as_posix()):
            continue
        for opening in NAMED.findall(path.read_text(encoding="utf-8", errors="replace")):
            for name in ID.findall(opening):
                names.setdefault(name, path.relative_to(root).as_posix())
    return names


def problems(root):
    tests, known = tests_of(root), {}
    for number, cells in rows_of(root / TABLE):
        if len(cells) != 3 or not all(cells):
            yield f"{TABLE}:{number}: a row has an id, a promise, and a reason or '-'"
            continue
        name, _, reason = cells
        if name in known:
            yield f"{TABLE}:{number}: {name} stands twice"
        known[name] = reason
        if reason == "-" and name not in tests:
            yield f"{TABLE}:{number}: {name}: no test has it in its name"
        if reason != "-" and name in tests:
            yield f"{TABLE}:{number}: {name}: is said not to be offered, but {tests[name]} tests it"
    for name in sorted(set(tests) - set(known)):
        yield f"{tests[name]}: {name}: no such promise in {TABLE}"


def main(root):
    found = list(problems(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
