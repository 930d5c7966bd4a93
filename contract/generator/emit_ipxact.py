# SPDX-License-Identifier: Apache-2.0
"""Description -> IP-XACT component (IEEE 1685-2014) with the memory map of the registers."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from .description import Description
from .emit_systemrdl import unnamed
from .registers import BitField, Register, Word

NAMESPACE = "http://www.accellera.org/XMLSchema/IPXACT/1685-2014"
ACCESS = {"ro": "read-only", "rw": "read-write", "wo": "write-only", "w1c": "read-write"}

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Register map of the card, IP-XACT (IEEE 1685-2014). Generated from contract/description: do not edit. -->
"""


def child(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"ipxact:{tag}")
    element.text = text
    return element


def named(parent: ET.Element, tag: str, name: str, doc: str) -> ET.Element:
    element = child(parent, tag)
    child(element, "name", name)
    if doc:
        child(element, "description", doc)
    return element


def add_field(parent: ET.Element, bits: BitField, register: Register) -> None:
    element = named(parent, "field", bits.name, bits.doc)
    child(element, "bitOffset", str(bits.lsb))
    if register.reset is not None:
        value = register.reset >> bits.lsb & (1 << bits.width) - 1
        child(child(child(element, "resets"), "reset"), "value", f"'h{value:x}")
    child(element, "bitWidth", str(bits.width))
    child(element, "access", ACCESS[register.access])
    if register.access == "w1c":
        child(element, "modifiedWriteValue", "oneToClear")


def add_dimension(element: ET.Element, register: Register, bytes_of_element: int) -> None:
    """IP-XACT has no stride: elements follow each other."""
    if register.is_array:
        if register.stride != bytes_of_element:
            raise ValueError(f"register {register.name}: IP-XACT cannot tell of a stride of {register.stride} bytes")
        child(element, "dim", str(register.count))


def add_register(parent: ET.Element, register: Register) -> None:
    element = named(parent, "register", register.name, register.doc)
    add_dimension(element, register, register.width // 8)
    child(element, "addressOffset", f"'h{register.offset:x}")
    child(element, "size", str(register.width))
    for bits in register.fields or unnamed(register.mask):
        add_field(element, bits, register)


def add_word(parent: ET.Element, register: Register, word: Word) -> None:
    element = named(parent, "register", word.name, "")
    child(element, "addressOffset", f"'h{word.offset:x}")
    child(element, "size", "32")
    for bits in unnamed(word.mask):
        add_field(element, bits, register)


def add_register_file(parent: ET.Element, register: Register) -> None:
    element = named(parent, "registerFile", register.name, register.doc)
    add_dimension(element, register, register.stride)
    child(element, "addressOffset", f"'h{register.offset:x}")
    child(element, "range", f"'h{register.stride:x}")
    for word in register.words:
        add_word(element, register, word)


def emit(description: Description) -> str:
    component = ET.Element("ipxact:component", {"xmlns:ipxact": NAMESPACE})
    version = ".".join(str(int(part)) for part in description.version)
    for tag in ("vendor", "library", "name"):
        child(component, tag, description.name)
    child(component, "version", version)
    memory = named(child(component, "memoryMaps"), "memoryMap", description.name, "")
    block = named(memory, "addressBlock", description.name, "")
    child(block, "baseAddress", "'h0")
    child(block, "range", f"'h{description.window_bytes:x}")
    child(block, "width", "32")
    for register in description.registers:
        (add_register_file if register.words else add_register)(block, register)
    child(memory, "addressUnitBits", "8")
    ET.indent(component)
    return HEAD + ET.tostring(component, encoding="unicode") + "\n"
