#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explains every letter of a folder, prints the score, and fails below the figures of a table.

    check_letters.py MAILPROC FOLDER FLOOR.tsv
"""
import glob
import os
import re
import subprocess
import sys
import tempfile


def explain(program, folder, answers):
    """One JSON line a letter into `answers`; the program's exit code."""
    files = sorted(glob.glob(os.path.join(folder, "*.eml")))
    config = os.path.join(folder, "mailproc.conf")
    with open(answers, "wb") as out:
        done = subprocess.run([program, "--config", config, "explain", "--json", *files], stdout=out, check=False)
    return done.returncode, len(files)


def figures(report):
    """The percentages of each line of the score, by field."""
    found = {}
    for line in report.splitlines():
        cut = re.match(r"  (\S.*?)\s{2,}([\d.]+) %(?:\s+([\d.]+) %)?", line)
        if cut:
            found[cut.group(1)] = [float(part) for part in cut.groups()[1:] if part]
    return found


def below(found, floor):
    """Sentences for the figures that do not reach the table's."""
    missed = []
    for line in open(floor, encoding="utf-8"):
        if line.startswith("#") or not line.strip():
            continue
        field, *least = line.rstrip("\n").split("\t")
        got = found.get(field, [])
        for number, want in enumerate(least):
            if len(got) <= number or got[number] < float(want):
                missed.append(f"{field}: {got[number] if len(got) > number else 'no figure'}, want {want}")
    return missed


def main():
    program, folder, floor = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as scratch:
        answers = os.path.join(scratch, "answers.jsonl")
        code, wanted = explain(program, folder, answers)
        lines = sum(1 for line in open(answers, "rb") if line.strip())
        score = os.path.join(folder, "score.py")
        report = subprocess.run([sys.executable, score, os.path.join(folder, "expected.jsonl"), answers, "--mails", "20"],
                                stdout=subprocess.PIPE, check=True).stdout.decode()
    print(report)
    missed = below(figures(report), floor)
    if code != 0:
        missed.append(f"explain ended with {code}")
    if lines != wanted:
        missed.append(f"{lines} answers to {wanted} letters")
    for sentence in missed:
        print("below: " + sentence)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
