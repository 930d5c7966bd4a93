# SPDX-License-Identifier: Apache-2.0
"""The ports of the core driven by bus models of other people (cocotbext-axi), with pauses at random: AXI4-Lite registers, AXI4 host
memory, AXI4-Stream lines. Answers are those of tests/vectors/frames.json. SAPULSE_TEST_SEED: of everything random."""

import itertools
import json
import logging
import os
import random

import cocotb
from card_driver import CONTRACT, REGISTERS, TOP, Card
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles
from cocotbext.axi import AxiResp, AxiStreamBus, AxiStreamFrame, AxiStreamSink, AxiStreamSource
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEED = int(os.environ.get("SAPULSE_TEST_SEED", "2001"))
REST = 400  # cycles, longer than anything takes inside of the card
ETHERNET, IPV4, IPV6, ESP, CONTROL = 14, 20, 40, 8, 24  # bytes of headers
# The card tells the host of these, who answers.
OF_THE_HOST = ("unknown SPI", "clear echo R, return SPI")


def pauses(seed, percent):
    generator = random.Random(seed)
    while True:
        yield generator.randrange(100) < percent


class Bench:
    """The card with a model at each of its ports."""

    def __init__(self, dut, percent):
        self.dut = dut
        dut._log.info("seed %d (SAPULSE_TEST_SEED overrides it)", SEED)
        for bus in ("s_axil", "m_axi", "s_axis_line", "s_axis_core", "m_axis_line", "m_axis_core"):
            logging.getLogger(f"cocotb.cocotb_top.{bus}").setLevel(logging.WARNING)
        cocotb.start_soon(Clock(dut.aclk, 3, units="ns").start())
        dut.aresetn.value = 0
        dut.git_hash.value = 0x12345678
        clock = (dut.aclk, dut.aresetn, False)
        self.card = Card(dut)
        self.line_in = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis_line"), *clock)
        self.core_in = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis_core"), *clock)
        self.line_out = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis_line"), *clock)
        self.core_out = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis_core"), *clock)
        registers, memory = self.card.registers, self.card.memory
        channels = [registers.write_if.aw_channel, registers.write_if.w_channel, registers.write_if.b_channel,
                    registers.read_if.ar_channel, registers.read_if.r_channel,
                    memory.write_if.aw_channel, memory.write_if.w_channel, memory.write_if.b_channel,
                    memory.read_if.ar_channel, memory.read_if.r_channel,
                    self.line_in, self.core_in, self.line_out, self.core_out]
        if percent:
            for i, channel in enumerate(channels):
                channel.set_pause_generator(pauses(SEED + i, percent))

    async def start(self):
        await ClockCycles(self.dut.aclk, 8)
        self.dut.aresetn.value = 1
        await ClockCycles(self.dut.aclk, 8)
        await self.card.start()

    async def settle(self):
        await ClockCycles(self.dut.aclk, REST)
        while not (self.line_in.idle() and self.core_in.idle()):
            await ClockCycles(self.dut.aclk, REST)

    @staticmethod
    def take(sink):
        return [bytes(sink.recv_nowait().tdata) for _ in range(sink.count())]


@cocotb.test()
async def registers_answer_as_the_contract_says(dut):
    bench = Bench(dut, 40)
    await bench.start()
    card, generator = bench.card, random.Random(SEED)
    assert await card.read("ID") == CONTRACT.id
    assert await card.read("VERSION") == CONTRACT.version_word
    assert await card.read("GIT_HASH") == 0x12345678
    for _ in range(100):
        value = generator.getrandbits(32)
        await card.write("SCRATCH", value)
        assert await card.read("SCRATCH") == value
    taken = set(itertools.chain.from_iterable(register.occupied() for register in CONTRACT.registers))
    for _ in range(100):
        offset = generator.randrange(0, CONTRACT.window_bytes, 4)
        found = await card.registers.read(offset, 4)
        assert found.resp == (AxiResp.OKAY if offset in taken else AxiResp.SLVERR), f"{offset:#x}"
    scratch = REGISTERS["SCRATCH"].offset
    await card.write("SCRATCH", 1)
    assert (await card.registers.write(REGISTERS["ID"].offset, b"\1\2\3\4")).resp == AxiResp.SLVERR
    assert (await card.registers.write(scratch + 1, b"\2")).resp == AxiResp.SLVERR, "a write of one byte"
    assert await card.read("SCRATCH") == 1


@cocotb.test()
async def commands_complete_in_order(dut):
    bench = Bench(dut, 30)
    await bench.start()
    for _ in range(40):  # more than the ring has entries
        await bench.card.execute("nop")
    assert await bench.card.read("COMMAND_CONSUMER") == 40


@cocotb.test()
async def customer_frames_pass_unchanged(dut):
    bench = Bench(dut, 25)
    await bench.start()
    generator = random.Random(SEED)
    frames = [bytes(12) + b"\x88\xb5" + generator.randbytes(generator.choice((46, 49, 50, 51, 113, 114, 115, 1486)))
              for _ in range(60)]
    for frame in frames:
        await bench.line_in.send(AxiStreamFrame(frame, tuser=0))
        await bench.core_in.send(AxiStreamFrame(frame[::-1], tuser=0))
    await bench.settle()
    assert bench.take(bench.core_out) == frames
    assert bench.take(bench.line_out) == [frame[::-1] for frame in frames]


def without_times(frame, sas):
    """A reply with a telemetry block, without VLAN tags and UDP, opened: what is in front of its ciphertext, and its text without
    what a simulated clock fills in, and without what the card has seen of customers. None if there is no such SA."""
    if frame[12:14] == b"\x08\x00":
        start, end = ETHERNET + IPV4, ETHERNET + int.from_bytes(frame[ETHERNET + 2:ETHERNET + 4], "big")
    else:
        start, end = ETHERNET + IPV6, ETHERNET + IPV6 + int.from_bytes(frame[ETHERNET + 4:ETHERNET + 6], "big")
    start += ESP + CONTROL
    spi = int.from_bytes(frame[start:start + 4], "big")
    out = next((sa["out"] for sa in sas if sa["out"]["spi"] == spi), None)
    if out is None:
        return None
    key, salt = (bytes.fromhex(out[name]) for name in ("control_key", "control_salt"))
    sealed = frame[start:end]
    text = bytearray(AESGCM(key).decrypt(salt + sealed[8:16], sealed[16:], sealed[:8]))
    block = text.index(b"\x53\x50\1")
    text[block + 3] &= ~2
    text[block + 12:block + 32] = bytes(20)
    return frame[:start + 16], bytes(text)


@cocotb.test()
async def vectors_get_their_answers(dut):
    bench = Bench(dut, 20)
    await bench.start()
    vectors = json.loads((TOP / "tests/vectors/frames.json").read_text(encoding="utf-8"))
    card = bench.card
    await card.set_local(vectors["local"], vectors["mac"])
    await card.set_actions({vectors["control_spi"]: "CONTROL", 7: "ECHO", 8: "ECHO_REPLY"})
    for number, sa in enumerate(vectors["sas"]):
        await card.add_sa(number, sa, bytes.fromhex(vectors["secret"]))
    await card.write("CONTROL", 1)
    told = 0
    answered = 0
    for case in vectors["cases"]:
        await bench.line_in.send(AxiStreamFrame(bytes.fromhex(case["in"]), tuser=0))
        await bench.settle()
        exceptions, told = -told, await card.take_exceptions()
        exceptions += told
        line, core = bench.take(bench.line_out), bench.take(bench.core_out)
        wanted = [bytes.fromhex(frame) for frame in case["line_out"]]
        if case["name"].startswith(OF_THE_HOST) and wanted:
            wanted = []
            assert exceptions == 1, case["name"]
        assert core == [bytes.fromhex(frame) for frame in case["core_out"]], case["name"]
        if line != wanted:
            assert len(line) == len(wanted) == 1 and "t_receive" in case["note"], f"{case['name']}: {[f.hex() for f in line]}"
            found = without_times(line[0], vectors["sas"])
            assert found is not None and found == without_times(wanted[0], vectors["sas"]), case["name"]
        answered += len(line)
    dut._log.info("%d frames, %d answers, %d told to the host", len(vectors["cases"]), answered, told)
    assert answered > 50 and told > 0
