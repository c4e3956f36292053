#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every key of the configuration is read by the program: none is only written down.

usage: check_keys.py ROOT
"""
import pathlib
import re
import sys

ROW = re.compile(r'^\s*\{"([^"]+)", "([^"]+)", MP_CONFIG_', re.M)
LIMIT = re.compile(r"^\s*X\((\w+), [\d *]+, \"", re.M)

# Promised to configurations that exist; the manual says that one connection is used.
KEPT = {("sender", "connections")}


def is_read(key, readers):
    """By its name, or a pattern key by its stem, with or without the dot."""
    stem = key.split(".")[0]
    return f'"{stem}"' in readers or (stem != key and f'"{stem}."' in readers)


def main(root):
    app = root / "mailproc/app"
    table = (app / "config.c").read_text(encoding="utf-8")
    readers = "".join(path.read_text(encoding="utf-8") for path in sorted(app.glob("*.c"))
                      if path.name not in ("config.c", "config-show.c"))
    rooms = "".join(path.read_text(encoding="utf-8") for path in sorted(root.glob("mailproc/*/*.c")))
    keys = [(section, key) for section, key in ROW.findall(table)]
    limits = LIMIT.findall((root / "mailproc/base/base.h").read_text(encoding="utf-8"))
    unread = [f"[{section}] {key}" for section, key in keys
              if (section, key) not in KEPT and not is_read(key, readers)]
    unread += [f"[limits] {name}" for name in limits if not re.search(rf"(->|\.){name}\b", rooms)]
    for name in unread:
        print(f"mailproc/app/config.c: {name}: no code reads it")
    if not keys or not limits:
        print("mailproc/app/config.c: the table was not found")
    return 1 if unread or not keys or not limits else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1])))
