#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds every #include of mailproc/ against the matrix of rooms.

usage: check_layers.py ROOT

A room includes only the rooms below it, and of each only its one face `room/room.h`; private
headers stay at home; foreign headers stand only where the room may use that library.
"""
import pathlib
import re
import sys

MIDDLE = "base intake message document classify trust case notify outbox report".split()
MAY = {
    "base": [],
    "intake": ["base"],
    "message": ["base"],
    "document": ["base", "message"],
    "classify": ["base", "message", "document"],
    "trust": ["base", "message"],
    "case": ["base"],
    "notify": ["base", "case"],
    "outbox": ["base"],
    "report": ["base", "case"],
    "ports": MIDDLE,
    "app": MIDDLE + ["ports"],
}
# Library of a foreign header by its path, and who may use the library.
LIBRARIES = [
    (r"glib|gobject|gio/g(memory)?inputstream|gio/gio\.h", "glib"),
    (r"gmime/", "gmime"),
    (r"libxml/", "libxml2"),
    (r"unicode/", "icu"),
    (r"json-glib/", "json-glib"),
    (r"poppler|poppler/glib/|cpp/poppler", "poppler"),
    (r"archive(_entry)?\.h", "libarchive"),
    (r"openssl/", "openssl"),
    (r"libpsl\.h", "libpsl"),
    (r"pango/|cairo", "pango"),
    (r"pcre2\.h", "pcre2"),
    (r"libetpan/", "libetpan"),
    (r"curl/", "libcurl"),
    (r"sqlite3\.h", "sqlite"),
    (r"seccomp\.h", "libseccomp"),
    (r"systemd/", "libsystemd"),
    (r"cmocka\.h", "cmocka"),
    (r"(assert|ctype|errno|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdarg|stdalign|stdbool"
     r"|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|time|wchar|wctype)\.h", "c"),
    (r"(sys|netinet|arpa|net|linux)/|(unistd|fcntl|poll|netdb|pwd|grp|dirent|ftw|spawn|sched|syslog"
     r"|termios|utime|semaphore|pthread|dlfcn|getopt|sysexits|malloc|fnmatch|glob)\.h", "posix"),
]
USES = {
    "base": "pcre2 openssl",
    "intake": "",
    "message": "gmime libxml2 icu json-glib",
    "document": "poppler libarchive libxml2 icu openssl",
    "classify": "",
    "trust": "openssl libpsl",
    "case": "",
    "notify": "gmime",
    "outbox": "",
    "report": "pango",
    "ports": "libetpan libcurl sqlite openssl posix",
    "app": "json-glib libseccomp libsystemd posix",
}
# PCRE2 has one wrapper; json-glib in the middle serves the reader's codec alone.
ONLY_IN = {"pcre2": r"^mailproc/base/pattern\.c$"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def library_of(path):
    for pattern, name in LIBRARIES:
        if re.match(pattern, path):
            return name
    return None


def check_own(room, path, file):
    other, _, name = path.partition("/")
    if not name:
        return f"'{path}' has no room in its name: write \"{room}/{path}\""
    if other not in MAY:
        return f"'{path}' is of no room of mailproc"
    if other == room:
        return None
    if other not in MAY[room]:
        return f"{room} may not include {other}"
    if name.endswith("-private.h"):
        return f"'{path}' is private to {other}"
    if other != "app" and name not in (f"{other}.h", "banned.h"):
        return f"'{path}' is not the face of {other}: include {other}/{other}.h"
    return None


def check_foreign(room, path, file):
    library = library_of(path)
    if library is None:
        return f"<{path}> belongs to no library that mailproc uses"
    if library not in ["glib", "c"] + USES[room].split():
        return f"{room} may not use {library} (<{path}>)"
    if library in ONLY_IN and not re.match(ONLY_IN[library], file):
        return f"<{path}> has one wrapper: {ONLY_IN[library]}"
    return None


def includes_of(text):
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1) == '"', found.group(2)


def find_cycle(graph):
    done, path = set(), []

    def walk(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for other in graph.get(node, []):
            cycle = walk(other)
            if cycle:
                return cycle
        path.pop()
        done.add(node)
        return None

    for node in sorted(graph):
        cycle = walk(node)
        if cycle:
            return cycle
    return None


def check_header_names(root, findings):
    for room in MAY:
        for header in sorted((root / "mailproc" / room).glob("*.h")):
            name = header.name
            if room != "app" and name not in (f"{room}.h", "banned.h") and not name.endswith("-private.h"):
                findings.append(f"{header.relative_to(root)}:1: {room} has one face: {room}.h")


def main(root):
    findings, graph = [], {}
    for source in sorted((root / "mailproc").glob("*/*.[ch]")):
        room, file = source.parent.name, str(source.relative_to(root))
        if room not in MAY:
            findings.append(f"{file}:1: '{room}' is no room of mailproc")
            continue
        for number, is_own, path in includes_of(source.read_text(encoding="utf-8")):
            problem = check_own(room, path, file) if is_own else check_foreign(room, path, file)
            if problem:
                findings.append(f"{file}:{number}: {problem}")
            if is_own and source.suffix == ".h":
                graph.setdefault(f"{room}/{source.name}", []).append(path)
    check_header_names(root, findings)
    cycle = find_cycle(graph)
    if cycle:
        findings.append(f"mailproc/{cycle[0]}:1: headers include each other: " + " → ".join(cycle))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1])))
