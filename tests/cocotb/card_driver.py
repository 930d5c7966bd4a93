# SPDX-License-Identifier: Apache-2.0
"""A driver of the card in Python, on bus models of cocotbext-axi: nothing of it is shared with libsapulse but the description of
registers and descriptors."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path

from cocotb.triggers import ClockCycles
from cocotbext.axi import AxiBus, AxiLiteBus, AxiLiteMaster, AxiRam
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "contract"))
from generator.description import load  # noqa: E402

CONTRACT = load(str(TOP / "contract/description"))
PARAMETERS = {parameter.name: parameter.value for parameter in CONTRACT.parameters}
REGISTERS = {register.name: register for register in CONTRACT.registers}
DESCRIPTORS = {descriptor.name: descriptor for descriptor in CONTRACT.descriptors}
ENUMS = {enum.name: {value.name: value.value for value in enum.values} for enum in CONTRACT.enums}

RING_LOG2 = 4
# Places in host memory, bytes.
MEMORY_BYTES = 1 << 20
COMMAND_RING, COMPLETION_RING, EXCEPTION_RING, STATUS_BLOCK = 0x10000, 0x20000, 0x30000, 0x40000
COMMAND_BYTES, COMPLETION_BYTES, EXCEPTION_BYTES = (PARAMETERS[f"{name}_BYTES"] for name in ("COMMAND", "COMPLETION", "EXCEPTION"))
PATIENCE = 2000  # polls
MASK64 = (1 << 64) - 1


def pack(name: str, **values) -> bytes:
    """A descriptor; numbers are little-endian, byte strings stand as they are."""
    descriptor = DESCRIPTORS[name]
    result = bytearray(descriptor.size)
    fields = {field.name: field for field in descriptor.all_fields}
    for key, value in values.items():
        field = fields[key]
        raw = value if isinstance(value, bytes) else value.to_bytes(field.size, "little")
        assert len(raw) <= field.size, f"{name}.{key}: {len(raw)} bytes, {field.size} fit"
        result[field.offset:field.offset + len(raw)] = raw
    return bytes(result)


def unpack(name: str, raw: bytes) -> dict[str, int | bytes]:
    parts = {field.name: (field.kind, raw[field.offset:field.offset + field.size]) for field in DESCRIPTORS[name].all_fields}
    return {key: part if kind == "bytes" else int.from_bytes(part, "little") for key, (kind, part) in parts.items()}


def gf_multiply(x: int, y: int) -> int:
    """NIST SP 800-38D, algorithm 1, on blocks as big-endian numbers."""
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (0xe1 << 120 if y & 1 else 0)
    return product


def hash_powers(key: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    h = int.from_bytes(encryptor.update(bytes(16)), "big")
    powers = [h]
    while len(powers) < 4:
        powers.append(gf_multiply(powers[-1], h))
    return b"".join(power.to_bytes(16, "big") for power in powers)


def crash_token(secret: bytes, spi: int, nonce: bytes) -> bytes:
    mac = CMAC(algorithms.AES(secret))
    mac.update(spi.to_bytes(4, "big") + nonce)
    return mac.finalize()


def bucket_of(spi: int, bank: int, buckets: int) -> int:
    """Reflected CRC with initial value 0 over the SPI, big-endian."""
    crc = 0
    for byte in spi.to_bytes(4, "big"):
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (PARAMETERS[f"HASH_POLY_{bank}"] if crc & 1 else 0)
    return crc % buckets


class Card:
    """Registers through an AXI4-Lite manager, rings in an AXI4 memory."""

    def __init__(self, dut):
        self.dut = dut
        clock = {"clock": dut.aclk, "reset": dut.aresetn, "reset_active_level": False}
        self.registers = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), **clock)
        self.memory = AxiRam(AxiBus.from_prefix(dut, "m_axi"), size=MEMORY_BYTES, **clock)
        self.producer = 0
        self.used_slots: set[tuple[int, int, int]] = set()

    async def read(self, name: str, offset: int = 0) -> int:
        return await self.registers.read_dword(REGISTERS[name].offset + offset)

    async def write(self, name: str, value: int, offset: int = 0):
        await self.registers.write_dword(REGISTERS[name].offset + offset, value)

    async def write64(self, name: str, value: int):
        await self.write(name, value & 0xffffffff)
        await self.write(name, value >> 32, 4)

    async def poll(self, what: str, condition):
        for _ in range(PATIENCE):
            if await condition():
                return
            await ClockCycles(self.dut.aclk, 10)
        raise AssertionError(f"{what}: does not happen")

    async def start(self):
        async def ready():
            return await self.read("STATUS") & 1
        await self.poll("READY", ready)
        for ring, place in (("COMMAND", COMMAND_RING), ("COMPLETION", COMPLETION_RING), ("EXCEPTION", EXCEPTION_RING)):
            await self.write64(f"{ring}_BASE", place)
            await self.write(f"{ring}_LOG2", RING_LOG2)
        await self.write64("STATUS_BLOCK", STATUS_BLOCK)
        await self.write("RING_ENABLE", 3)

    async def execute(self, name: str, **values) -> dict:
        """Carries a command out, for which its opcode is named like its descriptor; its completion."""
        opcode = ENUMS["opcode"][name.upper()]
        slot = self.producer % (1 << RING_LOG2)
        descriptor = name if name in DESCRIPTORS else "command"
        self.memory.write(COMMAND_RING + slot * COMMAND_BYTES, pack(descriptor, opcode=opcode, cookie=self.producer, **values))
        self.producer += 1
        await self.write("COMMAND_PRODUCER", self.producer)

        async def done():
            return await self.read("COMPLETION_PRODUCER") == self.producer
        await self.poll(f"completion of {name}", done)
        await self.write("COMPLETION_CONSUMER", self.producer)
        completion = unpack("completion", self.memory.read(COMPLETION_RING + slot * COMPLETION_BYTES, COMPLETION_BYTES))
        assert completion["opcode"] == opcode and completion["cookie"] == self.producer - 1, completion
        assert completion["status"] == ENUMS["status"]["OK"], completion
        return completion

    async def add_sa(self, number: int, sa: dict, secret: bytes):
        """An SA as tests/vectors/frames.json tells it."""
        for half in ("in", "out"):
            spi, key = sa[half]["spi"], bytes.fromhex(sa[half]["control_key"])
            values = {"sa": number, "spi": spi, "salt": bytes.fromhex(sa[half]["control_salt"]), "aes256": int(len(key) == 32),
                      "key": key, "h": hash_powers(key)}
            if half == "out":
                await self.execute("sa_write_out", next=sa["out"]["next"], **values)
                continue
            nonce = bytes.fromhex(sa["token_nonce"])
            await self.execute("sa_write_in", token_valid=1, token=crash_token(secret, spi, nonce), token_nonce=nonce, **values)
        buckets = await self.read("INDEX_BUCKETS")
        spi = sa["in"]["spi"]
        bank, slot, bucket = next(place for place in self.places(spi, buckets) if place not in self.used_slots)
        self.used_slots.add((bank, slot, bucket))
        await self.execute("index_write", sa=number, bank=bank, slot=slot, valid=1, bucket=bucket, spi=spi)

    @staticmethod
    def places(spi: int, buckets: int):
        for bank in range(PARAMETERS["INDEX_BANKS"]):
            for slot in range(PARAMETERS["INDEX_SLOTS"]):
                yield bank, slot, bucket_of(spi, bank, buckets)

    async def set_local(self, addresses: list[str], macs: list[str]):
        for i, text in enumerate(addresses):
            address = ipaddress.ip_address(text)
            raw = address.packed if address.version == 6 else bytes(10) + b"\xff\xff" + address.packed
            for word in range(4):
                await self.write("LOCAL_ADDRESS", int.from_bytes(raw[4 * word:4 * word + 4], "big"), 32 * i + 4 * word)
            await self.write("LOCAL_ADDRESS", 1, 32 * i + 16)
        for i, text in enumerate(macs):
            raw = bytes.fromhex(text.replace(":", ""))
            await self.write("LOCAL_MAC", int.from_bytes(raw[2:], "big"), 8 * i)
            await self.write("LOCAL_MAC", 1 << 31 | int.from_bytes(raw[:2], "big"), 8 * i + 4)

    async def set_actions(self, actions: dict[int, str]):
        for spi, action in actions.items():
            await self.write("ACTION", ENUMS["action"][action], 4 * spi)

    async def take_exceptions(self) -> int:
        """How many exceptions the card has written so far, all of which are given back."""
        producer = await self.read("EXCEPTION_PRODUCER")
        await self.write("EXCEPTION_CONSUMER", producer)
        return producer
