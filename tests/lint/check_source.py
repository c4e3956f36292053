#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of style that a script can judge.

usage: check_source.py ROOT

Prints "file:line: rule: what"; a `warning` alone does not fail. ROOT/tests/lint/allow.tsv names
exceptions, one a line: path, rule, reason; one that is not needed any more is a finding itself.
"""
import fnmatch
import pathlib
import re
import subprocess
import sys

CORE = "base intake message document classify trust case notify outbox report".split()
LINES_WARN, LINES_MOST, FILE_MOST, HEADER_MOST, NESTING_MOST = 60, 80, 500, 150, 4
FOREIGN_PLACES = ["work/" + "shared", "/tmp/" + "w/"]  # in two pieces: this file is checked too
POISON = ["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK", "TB" + "D"]
POISON_CASELESS = ["place" + "holder", "not " + "implemented", "stub" + "bed", "lorem " + "ipsum"]
TEXT = (".c", ".h", ".py", ".sh", ".txt", ".md", ".rules", ".sop", ".tsv", ".html", ".conf", ".example",
        ".1", ".5", ".service", ".json", ".jsonl", ".cmake", ".in")
LOGS = re.compile(r"\b(g_log\w*|g_warning|g_message|g_critical|g_debug|g_info|g_print(?:err)?|printf|fprintf"
                  r"|puts|fputs|perror|syslog)\s*\(")
SQL = re.compile(r"\bsqlite3_\w+|\"\s*(?:SELECT\s.+|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET"
                 r"|DELETE\s+FROM|CREATE\s+TABLE|PRAGMA)\b")
BOOL_CALL = re.compile(r"(\w+)\s*\(([^();{}]*\b(?:TRUE|FALSE)\s*,\s*(?:TRUE|FALSE)\b[^();{}]*)\)")
BANNED = re.compile(r"(?<![\w.>])(ctime|system|popen|strtol|gets|alloca)\s*\(")
BOOL_FINE = ("g_array_", "g_byte_array", "archive_", "g_variant_", "X")
NIP = re.compile(r"(?<![\w.+/=-])((?:19[3-9]\d|20[01]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
                 r"[ .]?(?:19|20)\d\d\d\d[ .]?[12][ .]?\d{3})(?![\w+/=])")
NIK = re.compile(r"(?<![\w.+/=-])((?:[1-9]\d)\d{4}(?:[0-2]\d|3[01]|[4-6]\d|7[01])(?:0[1-9]|1[0-2])\d{2}\d{4})"
                 r"(?![\w+/=])")
PHONE = re.compile(r"(?<![\w.-])(?:\+62|0)8\d\d[- .]?(\d{4})[- .]?\d{3,4}(?![\w-])")
DOMAIN = re.compile(r"@([a-z0-9.-]+\.go\.id)\b")


class Source:
    """A C file: raw lines, and the same text with comments and literals blanked."""

    def __init__(self, root, path):
        self.name = str(path.relative_to(root))
        self.raw = path.read_text(encoding="utf-8")
        self.bare = blank(self.raw, keep_strings=False)
        self.code = blank(self.raw, keep_strings=True)
        parts = self.name.split("/")
        self.room = parts[1] if parts[0] == "mailproc" and len(parts) == 3 else None
        self.is_header = self.name.endswith(".h")
        self.functions = list(find_functions(self.bare))


def blank(text, keep_strings):
    token = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def wipe(match):
        found = match.group(0)
        if found[0] in "\"'" and keep_strings:
            return found
        return re.sub(r"[^\n]", " ", found)

    return token.sub(wipe, text)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def find_functions(bare):
    """(name, line, head, body, is_static) of each definition as the formatter lays it out."""
    for match in re.finditer(r"^([a-z_A-Z][\w \t*]*)\n([a-z_]\w*)\(([^{};]*)\)\n\{\n(.*?)^\}", bare, re.S | re.M):
        head, name, arguments, body = match.groups()
        yield name, line_at(bare, match.start(2)), f"{head} ({arguments})", body, "static" in head.split()


def check_functions(source):
    for name, line, head, body, is_static in source.functions:
        lines = body.count("\n") + 2 + head.count("\n")
        if lines > LINES_MOST:
            yield line, "function-length", f"'{name}' has {lines} lines, at most {LINES_MOST}"
        elif lines > LINES_WARN:
            yield line, "warning", f"'{name}' has {lines} lines, better {LINES_WARN}"
        depth = deepest = 0
        for char in body:
            depth += (char == "{") - (char == "}")
            deepest = max(deepest, depth)
        if deepest > NESTING_MOST:
            yield line, "nesting", f"'{name}' nests {deepest} deep, at most {NESTING_MOST}"
        if head.split()[:-1] and re.match(r"(static )?void \(", head) and re.search(r"GError\s*\*\*", head):
            yield line, "void-error", f"'{name}' has a GError but returns nothing: return gboolean"


def check_set_error(source):
    """After g_set_error the function returns, at most one clean-up call later."""
    for match in re.finditer(r"\bg_set_error(?:_literal)?\s*\(", source.bare):
        depth, at = 1, match.end()
        while at < len(source.bare) and depth:
            depth += (source.bare[at] == "(") - (source.bare[at] == ")")
            at += 1
        rest = re.sub(r"^\s*;", "", source.bare[at:]).lstrip()
        if not re.match(r"(else\b|return\b|[\w>.-]+\([^;{}]*\);\s*return\b|\}\s*(else\b|return\b))", rest):
            yield line_at(source.bare, match.start()), "set-error", "g_set_error is not followed by return"


def check_words(source):
    for number, line in enumerate(source.bare.splitlines(), 1):
        if re.search(r"\bgoto\b", line):
            yield number, "goto", "goto: split the function in two"
        if source.room in CORE and LOGS.search(line):
            yield number, "log-in-core", f"the middle says nothing: {LOGS.search(line).group(1)}"
        for call in BANNED.finditer(line):
            yield number, "banned-call", f"{call.group(1)}() has a safe replacement in GLib"
        for call in BOOL_CALL.finditer(line):
            if not call.group(1).startswith(BOOL_FINE):
                yield number, "bool-pair", f"{call.group(1)} takes two truths in a row: use an enum"
    if source.room and source.room != "ports":
        for number, line in enumerate(source.code.splitlines(), 1):
            if SQL.search(line):
                yield number, "sql", "SQL and SQLite stand in ports/ alone"


def check_size(source):
    lines = source.raw.count("\n")
    if source.is_header and lines > HEADER_MOST:
        yield 1, "header-length", f"{lines} lines, at most {HEADER_MOST}"
    if not source.is_header and lines > FILE_MOST:
        yield 1, "file-length", f"{lines} lines, at most {FILE_MOST}"


def check_header(source):
    if not source.is_header:
        return
    if "#pragma once" not in source.raw:
        yield 1, "header-guard", "#pragma once is missing"
    before = re.split(r"^\s*#\s*include", source.raw, maxsplit=1, flags=re.M)[0]
    comments = re.findall(r"/\*(.*?)\*/", before.split("#pragma once")[-1], re.S)
    if not any(len(re.sub(r"[\s*]+", " ", text)) > 60 for text in comments):
        yield 1, "header-paragraph", "the first paragraph, what this is for, is missing"


def check_faces(root, sources):
    """Each function that is not static is declared in its room's header, and the other way round."""
    for room in CORE + ["ports", "app"]:
        own = [source for source in sources if source.room == room]
        declared = {}
        for source in own:
            if source.is_header:
                for match in re.finditer(r"\b(mp_\w+)\s*\(", re.sub(r"^\s*#.*$", "", source.bare, flags=re.M)):
                    declared.setdefault(match.group(1), (source.name, line_at(source.bare, match.start())))
        defined = set()
        for source in own:
            for name, line, _, _, is_static in source.functions:
                defined.add(name)
                if not is_static and name not in declared and name != "main":
                    yield source.name, line, "no-face", f"'{name}' is neither static nor in a header of {room}"
        text = "".join(source.bare for source in own if not source.is_header)
        for name, (file, line) in sorted(declared.items()):
            if name not in defined and not re.search(rf"^{name}\(", text, re.M):
                yield file, line, "undefined", f"'{name}' is declared, but {room} does not define it"


def check_text(name, text):
    if name.endswith((".c", ".h", ".py", ".sh", "CMakeLists.txt")) and \
            "SPDX-License-Identifier: GPL-3.0-or-later" not in "".join(text.splitlines(True)[:2]):
        yield 1, "spdx", "the licence line is missing"
    for number, line in enumerate(text.splitlines(), 1):
        for word in POISON:
            if re.search(rf"\b{word}\b", line):
                yield number, "unfinished", f"'{word}': finish it or leave it out"
        for word in POISON_CASELESS:
            if re.search(rf"\b{word}", line, re.I):
                yield number, "unfinished", f"'{word}': finish it or leave it out"
        for place in FOREIGN_PLACES:
            if place in line:
                yield number, "foreign-place", f"'{place}' is outside of the project"


def check_invented(name, text):
    """People in tests, rules and papers must be nobody."""
    for number, line in enumerate(text.splitlines(), 1):
        for match in NIP.finditer(line):
            if not re.sub(r"\D", "", match.group(1)).endswith(("999", "000")):  # 000 is given to nobody
                yield number, "real-nip", f"'{match.group(1)}' could be someone's: serial 999"
        for match in NIK.finditer(line):
            if not match.group(1).startswith("3399") and not NIP.search(line):
                yield number, "real-nik", f"'{match.group(1)}' could be someone's: area 3399xx"
        for match in PHONE.finditer(line):
            if match.group(1) != "0000":
                yield number, "real-phone", f"'{match.group(0)}' could be someone's: middle group 0000"
        for match in DOMAIN.finditer(line):
            if "contoh" not in match.group(1) and not re.search(r"(^|\.)bssn\.go\.id$|palsu", match.group(1)):
                yield number, "real-domain", f"'{match.group(1)}' is someone's: use contohkab.go.id"


def tracked(root):
    """Files of the project: git's where there is a repository, else everything below."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True, check=False)
    names = listed.stdout.splitlines() if listed.returncode == 0 and (root / ".git").exists() else \
        [str(path.relative_to(root)) for path in sorted(root.rglob("*")) if path.is_file()]
    return [name for name in names if not name.startswith(("tests/lint/cases/", "build")) and
            (root / name).is_file()]


def read_allowed(root):
    allowed, path = [], root / "tests/lint/allow.tsv"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], 1):
        if line and not line.startswith("#"):
            fields = line.split("\t")
            if len(fields) != 3 or len(fields[2]) < 10:
                sys.exit(f"{path}:{number}: write path, rule and reason, divided by tabs")
            allowed.append((number, fields[0], fields[1]))
    return allowed


def findings_of(root):
    sources = []
    for name in tracked(root):
        path = root / name
        if not name.endswith(TEXT) and path.name not in ("CMakeLists.txt", "run", "LICENSE"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.name != "LICENSE" and not name.startswith("tests/data/"):
            yield from ((name, *found) for found in check_text(name, text))
        if not name.startswith("tests/lint/") and path.name != "LICENSE":
            yield from ((name, *found) for found in check_invented(name, text))
        if name.endswith((".c", ".h")):
            sources.append(Source(root, path))
    for source in sources:
        for check in (check_functions, check_set_error, check_words, check_size, check_header):
            yield from ((source.name, *found) for found in check(source))
    yield from check_faces(root, sources)


def main(root):
    allowed, used, failed = read_allowed(root), set(), False
    for name, line, rule, what in findings_of(root):
        fits = [number for number, path, kind in allowed if kind == rule and fnmatch.fnmatch(name, path)]
        used.update(fits)
        if fits:
            continue
        print(f"{name}:{line}: {rule}: {what}")
        failed = failed or rule != "warning"
    for number, path, rule in allowed:
        if number not in used:
            print(f"tests/lint/allow.tsv:{number}: stale: {path} needs no exception from {rule}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
