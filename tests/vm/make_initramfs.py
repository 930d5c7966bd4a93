#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the initial file system of the test guest: busybox, kernel modules, programs with their shared libraries, scripts."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def fail(message: str) -> None:
    sys.exit(f"make_initramfs: {message}")


def module_name(text: str) -> str:
    return text.replace("-", "_")


class Modules:
    """Kernel modules below a folder, with what they depend on first."""

    def __init__(self, folder: Path) -> None:
        self.files = {module_name(file.stem): file for file in folder.rglob("*.ko")}
        self.order: list[Path] = []

    def add(self, name: str) -> None:
        file = self.files.get(module_name(name))
        if file is None:
            fail(f"the kernel has no module {name}")
        if file in self.order:
            return
        dependencies = re.search(rb"\0depends=([^\0]*)\0", file.read_bytes())
        for dependency in dependencies.group(1).decode().split(",") if dependencies else []:
            if dependency:
                self.add(dependency)
        self.order.append(file)


def libraries(program: Path) -> list[Path]:
    """Shared libraries and the loader that a program needs."""
    listing = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    if "not found" in listing.stdout:
        fail(f"{program}: a shared library is missing:\n{listing.stdout}")
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", listing.stdout)]


def install(root: Path, file: Path, place: Path) -> None:
    target = root / place.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--modules", type=Path, required=True, help="folder of the kernel's modules")
    parser.add_argument("--module", action="append", default=[], help="module to load at boot, in this order")
    parser.add_argument("--program", action="append", type=Path, default=[], help="goes to /bin")
    parser.add_argument("--file", action="append", type=Path, default=[],
                        help="program or shared library that stays at its place")
    parser.add_argument("--scripts", type=Path, required=True, help="folder with init and the suites")
    parser.add_argument("--data", action="append", type=Path, default=[], help="goes to /suites")
    parser.add_argument("--busybox", type=Path, default=Path("/bin/busybox"))
    arguments = parser.parse_args()

    modules = Modules(arguments.modules)
    for module in arguments.module:
        modules.add(module)
    with tempfile.TemporaryDirectory(dir=arguments.output.parent) as folder:
        root = Path(folder)
        root.chmod(0o755)
        for name in ("dev", "proc", "sys", "tmp", "lib/modules"):
            (root / name).mkdir(parents=True)
        for file in modules.order:
            install(root, file, Path("/lib/modules") / file.name)
        (root / "lib/modules/order").write_text("".join(f"{file.name}\n" for file in modules.order))
        install(root, arguments.busybox, Path("/bin/busybox"))
        (root / "bin/sh").symlink_to("busybox")
        places = {Path("/bin") / program.name: program for program in arguments.program}
        for place, program in (places | {file: file for file in arguments.file}).items():
            install(root, program, place)
            for library in libraries(program):
                install(root, library.resolve(), library)
        for file in arguments.data:
            install(root, file, Path("/suites") / file.name)
        for script in arguments.scripts.iterdir():
            install(root, script, Path("/") / script.name if script.name == "init" else Path("/suites") / script.name)
        (root / "init").chmod(0o755)
        names = subprocess.run(["find", "."], cwd=root, capture_output=True, check=True).stdout
        archive = subprocess.run([str(arguments.busybox), "cpio", "-o", "-H", "newc"], cwd=root, input=names,
                                 capture_output=True, check=True).stdout
    arguments.output.write_bytes(archive)


main()
