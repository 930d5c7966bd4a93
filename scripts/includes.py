#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks which folder includes headers of which: no circles, and no private headers of another folder.

usage: includes.py ROOT

Every C++ file below the folders of ALLOWED belongs to the longest of them that holds it, and may include headers of that folder and
of
those that are listed for it. Prints file and line of each violation. Exit code 1: there are some; 2: the graph itself is wrong.
"""
import pathlib
import re
import sys

# What everybody may include: the interface of a card, and the wire format.
EVERYWHERE = {"driver/include", "hls/include"}
HOST_LIBRARY = {"host/include"}
HOST_PRIVATE = {"host/include", "host/src", "host/frames", "host/limits", "host/text"}

ALLOWED = {
    "driver/include": set(),
    "driver/vfio": set(),
    "driver/xrt": set(),
    "driver/privileges": set(),
    "driver/model": {"hls/kernels"},
    "driver/net": {"driver/model", "driver/privileges"},
    "driver/open": {"driver/net", "driver/vfio", "driver/xrt"},
    "sim": {"driver/model", "driver/vfio", "driver/xrt", "hls/kernels"},
    "host/include": set(),
    "host/text": set(),
    "host/frames": HOST_LIBRARY,
    "host/limits": HOST_LIBRARY,
    "host/capture": {"driver/privileges"},
    "host/capture/tests": {"host/capture", "host/simulator"},  # which has the reader
    "host/src": {"host/include", "host/frames", "host/limits", "host/text"},
    "host/c": {"host/include", "driver/open"},
    "host/vici": HOST_LIBRARY,
    "host/vici/tests": {"host/include", "host/vici", "host/tests"},
    "host/kernel": HOST_LIBRARY | {"host/vici"},
    "host/kernel/tests": {"host/include", "host/kernel", "host/vici", "host/tests"},
    "host/service": HOST_LIBRARY | {"host/kernel"},
    "host/service/tests": {"host/include", "host/service", "host/tests"},
    "host/metrics": HOST_LIBRARY | {"host/service"},
    "host/metrics/tests": {"host/include", "host/metrics", "host/service", "host/tests"},
    "host/reactions": HOST_LIBRARY | {"host/limits", "host/service", "host/vici"},
    "host/reactions/tests": {"host/include", "host/reactions", "host/service", "host/vici", "host/tests"},
    "host/command": {"host/include", "host/text", "host/capture", "host/kernel", "host/service", "host/metrics",
                     "host/reactions", "driver/open", "driver/privileges", "driver/vfio"},
    "host/command/tests": {"host/include", "host/command", "host/kernel", "host/service", "host/metrics", "host/reactions",
                           "host/tests", "driver/open"},
    "host/lab": {"host/include", "host/frames", "host/text", "sim"},
    "host/simulator": {"host/include", "host/capture", "host/frames", "host/service", "host/lab", "host/command", "driver/open",
                       "sim"},
    "host/examples": {"host/include", "host/frames", "host/lab", "driver/open", "sim"},
    # Tests of a folder look into it; those of the library run on the simulated card, too.
    "host/tests": {*HOST_PRIVATE, "host/examples", "host/kernel", "host/service", "host/vici", "driver/model", "sim"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')


def owner(path):
    """The folder of the graph that a file belongs to; none for files outside."""
    return max((folder for folder in ALLOWED if path.startswith(folder + "/")), key=len, default=None)


def sources(root):
    """All C++ files of the graph and of what is included from outside of it, as paths from the root."""
    folders = {folder.split("/")[0] for folder in ALLOWED} | {"hls"}
    return sorted(path.relative_to(root).as_posix() for folder in folders for path in (root / folder).rglob("*")
                  if path.suffix in {".h", ".cpp"})


def headers_of(name, includer, by_name):
    """Files of the repository that an include may mean: that beside the includer, else all whose path ends like this."""
    beside = (pathlib.PurePosixPath(includer).parent / name).as_posix()
    files = by_name.get(name.rsplit("/", 1)[-1], [])
    return [beside] if beside in files else [path for path in files if path.endswith("/" + name)]


def allows(folder, header):
    allowed = {folder, *ALLOWED[folder], *EVERYWHERE}
    return any(header.startswith(other + "/") for other in allowed)


def violations(root):
    files = sources(root)
    by_name = {}
    for path in files:
        by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)
    for path in files:
        folder = owner(path)
        if folder is None:
            continue
        for number, line in enumerate((root / path).read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            headers = headers_of(match.group(1), path, by_name) if match else []
            if headers and not any(allows(folder, header) for header in headers):
                yield f"{path}:{number}: {folder} may not include {headers[0]}"


def circle():
    """A folder that is allowed to include itself through others, with the way; nothing if there is none."""
    def walk(folder, way):
        for other in sorted(ALLOWED.get(folder, ())):
            if other in way:
                return [*way[way.index(other):], other]
            if found := walk(other, [*way, other]):
                return found
        return None
    return next((found for folder in ALLOWED if (found := walk(folder, [folder]))), None)


def main():
    root = pathlib.Path(sys.argv[1])
    for folder in {*ALLOWED, *EVERYWHERE, *(other for allowed in ALLOWED.values() for other in allowed)}:
        if not (root / folder).is_dir():
            print(f"includes: no folder {folder}", file=sys.stderr)
            return 2
    if way := circle():
        print("includes: the graph has a circle: " + " -> ".join(way), file=sys.stderr)
        return 2
    found = list(violations(root))
    print("\n".join(found) if found else "includes: as they should be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
