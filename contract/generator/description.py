# SPDX-License-Identifier: Apache-2.0
"""The description of the contract as a whole.

`load` reads a folder of YAML files, each with some of the topics, and returns a Description or raises DescriptionError, whose
message names the entry at fault.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import yaml

from .descriptors import Descriptor, parse_descriptors
from .entry import LOWER_NAME, DescriptionError, Entry, WrittenNumber, require, require_unique
from .enums import Enum, Parameter, parse_enum, parse_parameter
from .payloads import Payload, parse_payloads
from .registers import Register, parse_registers
from .wire import WireSection, parse_wire, wire_values


@dataclass(frozen=True)
class Description:
    """`enums` are those of registers and descriptors, `payload_enums` those of payloads."""

    name: str
    version: tuple[int, int, int]
    id: int
    window_bytes: int
    parameters: list[Parameter]
    enums: list[Enum]
    registers: list[Register]
    descriptors: list[Descriptor]
    wire: list[WireSection]
    payload_enums: list[Enum]
    payloads: list[Payload]

    @property
    def version_word(self) -> int:
        return version_word(self.version)


TOP_KEYS = {"name", "version", "id", "window_bytes", "parameters", "enums", "registers", "descriptors", "wire", "payload_enums",
            "payloads"}


def version_word(version: tuple[int, int, int]) -> int:
    major, minor, patch = version
    return major << 24 | minor << 16 | patch


def parse_version(raw: object) -> tuple[int, int, int]:
    entry = Entry(raw, "version", {"major", "minor", "patch"})
    version = tuple(entry.integer(key) for key in ("major", "minor", "patch"))
    require(version[0] < 256 and version[1] < 256 and version[2] < 65536, "version", "does not fit 8.8.16 bits")
    return version


def parse(raw: object, settings: dict[str, int] | None = None) -> Description:
    """Checks a parsed YAML document; `settings` replaces values of parameters. Raises DescriptionError."""
    settings = settings or {}
    top = Entry(raw, "description", TOP_KEYS)
    version, device_id = parse_version(top.raw.get("version")), top.integer("id")
    wire = parse_wire(top.entries("wire"))
    parameters = [parse_parameter(item, settings, wire_values(wire)) for item in top.entries("parameters")]
    require_unique(parameters, "parameters")
    values = {p.name: p.value for p in parameters}
    for name in settings:
        require(name in values, "settings", f"no parameter {name}")
    enums = [parse_enum(item) for item in top.entries("enums")]
    payload_enums = [parse_enum(item) for item in top.entries("payload_enums")]
    require_unique(enums + payload_enums, "enums")
    by_name = {e.name: e for e in enums}
    constants = values | {e.count_name: len(e.values) for e in enums} | {
        "DEVICE_ID": device_id, "DEVICE_VERSION": version_word(version)}
    return Description(
        name=top.name(LOWER_NAME), version=version, id=device_id, window_bytes=top.integer("window_bytes"), parameters=parameters,
        enums=enums, registers=parse_registers(top.entries("registers"), top.integer("window_bytes"), by_name, constants),
        descriptors=parse_descriptors(top.entries("descriptors"), by_name, values), wire=wire,
        payload_enums=payload_enums,
        payloads=parse_payloads(top.entries("payloads"), {e.name: e for e in payload_enums}, values))


class Loader(yaml.SafeLoader):
    """Remembers how numbers are written."""


def construct_number(loader: Loader, node: yaml.Node) -> WrittenNumber:
    number = WrittenNumber(loader.construct_yaml_int(node))
    number.text = node.value
    return number


Loader.add_constructor("tag:yaml.org,2002:int", construct_number)


def load_file(path: str) -> dict:
    with open(path, encoding="utf-8") as stream:
        try:
            raw = yaml.load(stream, Loader)
        except yaml.YAMLError as error:
            raise DescriptionError(f"{path}: {' '.join(str(error).split())}") from error
    require(isinstance(raw, dict), path, "must be a mapping")
    return raw


def load(folder: str, settings: dict[str, int] | None = None) -> Description:
    """Reads and checks all files of the folder. Raises DescriptionError, or OSError."""
    merged: dict = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".yaml"):
            raw = load_file(os.path.join(folder, name))
            for key in raw:
                require(key not in merged, name, f"{key} stands in another file, too")
            merged |= raw
    return parse(merged, settings)
