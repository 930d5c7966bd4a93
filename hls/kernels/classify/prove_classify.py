#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that classify makes of a frame what docs/protocol.md says, in the words of classify_definition.sv.

usage: prove_classify.py --reference FILE --definition DEFINITION.sv [--all | --only TEXT] [--seconds N]

FILE.sv is what `hlsc --reference FILE` has written of the kernel; that the RTL is the same is another proof (prove_kernel.py).
Compared is an iteration with the first, second or third beat of a frame, which may end with it at any byte, after any beats before
it; every byte is free but for those that a case names. Where the record says that there is no SPI, only that counts. The cases:

* no, one, two tags of either type, then another type than those of IP: no SPI
* the same, then IPv4 with each size of the header and any protocol, or with a wrong version or size
* the same, then IPv6 with UDP, ESP, AH or a fragment, or with another header that is not one of options, or a wrong version
* the same, then IPv6 with one header of options of 8 or 16 bytes, or two of 8, and each of these behind it

Without --all only three of them are tried; with --only those whose titles have TEXT in them, which are told one by one.
Exit status: 0 all equal; 1 otherwise. Run by the Python that has pyosys (BUILD/venv).
"""

import argparse
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "compiler/tests/proof"))

import arithmetic  # noqa: E402
import canonical  # noqa: E402
import netlist  # noqa: E402
import solver  # noqa: E402

BEAT = 64  # bytes
COUNT = [f"count[{i}]" for i in range(6)]  # bytes of the last beat, less one
KIND = ("stream_1_data[0]", "stream_1_data[1]")
IPV4, IPV6, TAGS = 0x0800, 0x86DD, (0x8100, 0x88A8)
UDP, ESP, AH, FRAGMENT, HOP_BY_HOP, DESTINATION_OPTIONS = 17, 50, 51, 44, 0, 60


SHORT = ("IPv4 of 5 words, 0 tags, beat 3", "IPv6 with 17, 0 tags, beat 3", "IPv6 with 60 of 8 bytes and 17, 0 tags, beat 3")


class Case:
    """Bytes of a frame that are fixed, and what else is assumed."""

    def __init__(self, title, beat, tags):
        self.title = f"{title}, {tags} tags, beat {beat + 1}"
        self.beat, self.tags = beat, tags
        self.fixed = {}       # by the number of the byte
        self.excluded = []    # (numbers of bytes, the most significant first; values that they do not have; bits that count)
        self.only_kind = False

    @property
    def ip(self):
        return 14 + 4 * self.tags

    def fix(self, at, value, size=1):
        self.fixed.update((at + i, value >> 8 * (size - 1 - i) & 255) for i in range(size))

    def exclude(self, at, values, size=1, mask=0xFFFF):
        self.excluded.append(([at + i for i in range(size)], values, mask))
        self.only_kind = True


def typed(title, beat, tags, ethertype=None):
    case = Case(title, beat, tags)
    if ethertype:
        case.fix(case.ip - 2, ethertype, 2)
    return case


def cases():
    for beat in range(3):
        for tags in range(3):
            case = typed("no IP", beat, tags)
            case.exclude(case.ip - 2, (IPV4, IPV6, *(TAGS if tags < 2 else ())), 2)
            yield case
            case = typed("IPv4 of another version", beat, tags, IPV4)
            case.exclude(case.ip, (0x40,), mask=0xF0)
            yield case
            for words in range(16):
                case = typed(f"IPv4 of {words} words", beat, tags, IPV4)
                case.fix(case.ip, 0x40 | words)
                yield case
            case = typed("IPv6 of another version", beat, tags, IPV6)
            case.fix(case.ip + 6, UDP)
            case.exclude(case.ip, (0x60,), mask=0xF0)
            yield case
            case = version_6("IPv6 with another header", beat, tags)
            case.exclude(case.ip + 6, (UDP, ESP, AH, FRAGMENT, HOP_BY_HOP, DESTINATION_OPTIONS))
            yield case
            for protocol in (UDP, ESP, AH, FRAGMENT):
                case = version_6(f"IPv6 with {protocol}", beat, tags)
                case.fix(case.ip + 6, protocol)
                yield case
                yield from with_options(protocol, beat, tags)


def with_options(protocol, beat, tags):
    for first in (HOP_BY_HOP, DESTINATION_OPTIONS):
        for units in (1, 2):
            case = version_6(f"IPv6 with {first} of {8 * units} bytes and {protocol}", beat, tags)
            case.fix(case.ip + 6, first)
            case.fix(case.ip + 40, protocol)
            case.fix(case.ip + 41, units - 1)
            yield case
        case = version_6(f"IPv6 with {first} and 60 of 8 bytes and {protocol}", beat, tags)
        case.fix(case.ip + 6, first)
        case.fix(case.ip + 40, DESTINATION_OPTIONS)
        case.fix(case.ip + 41, 0)
        case.fix(case.ip + 48, protocol)
        case.fix(case.ip + 49, 0)
        yield case


def version_6(title, beat, tags):
    case = typed(title, beat, tags, IPV6)
    case.fix(case.ip, 0x60)  # the rest of the byte belongs to the DSCP
    return case


class Comparison:
    """A case as pairs of literals."""

    def __init__(self, case, modules):
        self.case = case
        self.network = canonical.Canonical([*COUNT, "last"])
        self.count = [self.network.variable(name) for name in COUNT]
        self.last = self.network.variable("last")
        self.beats = [[self.network.variable(f"beat {b}[{i}]") for i in range(8 * BEAT)] for b in range(3)]
        self.fix_bytes()
        self.sides = [self.values(module) for module in modules]

    def bits(self, byte):
        return self.beats[byte // BEAT][8 * (byte % BEAT):8 * (byte % BEAT) + 8]

    def fix_bytes(self):
        for byte, value in self.case.fixed.items():
            self.set_byte(byte, [value >> i & 1 for i in range(8)])
        for tag in range(self.case.tags):
            which = self.network.variable(f"type of tag {tag}")
            for i in range(2):
                one, other = ((value >> 8 * (1 - i)) & 255 for value in TAGS)
                self.set_byte(12 + 4 * tag + i, [self.network.choice(which, one >> k & 1, other >> k & 1) for k in range(8)])
        if self.case.fixed.get(self.case.ip) == 0x60:
            first = self.bits(self.case.ip)
            self.set_byte(self.case.ip, [self.network.variable(f"dscp[{k}]") for k in range(4)] + first[4:])

    def set_byte(self, byte, bits):
        start = 8 * (byte % BEAT)
        self.beats[byte // BEAT][start:start + 8] = bits

    def kept(self, i):
        """keep[i]: all bytes of a beat that is not the last, else the first ones."""
        number = [i >> k & 1 for k in range(6)]
        return self.network.disjunction([self.network.inverse(self.last),
                                         self.network.inverse(arithmetic.less(self.network, self.count, number, False))])

    def values(self, module):
        beat = self.case.beat
        one = netlist.Netlist(module, self.network, "")
        one.give("register_0", 0, self.beats[1])
        one.give("register_1", 0, self.beats[0])
        one.give("register_2", 0, [beat & 1, beat >> 1])
        one.give("stream_0_word", 0, self.beats[beat] + [self.kept(i) for i in range(BEAT)] +
                 [self.last, self.network.variable("user")])
        return {name: one.value(name, 0) for name, port in one.ports.items() if port["direction"] == "output"}

    def assumed(self):
        network, conditions = self.network, []
        for places, values, mask in self.case.excluded:
            word = [bit for byte in reversed(places) for bit in self.bits(byte)]
            for value in values:
                counts = [i for i in range(len(word)) if mask >> i & 1]
                conditions.append(network.inverse(network.conjunction(
                    [word[i] if value >> i & 1 else network.inverse(word[i]) for i in counts])))
        return network.conjunction(conditions)

    def pairs(self):
        """The record counts if there is one, and all of it if it has an SPI."""
        network, (found, expected) = self.network, self.sides
        record = expected["stream_1_data"]
        written = network.conjunction([self.assumed(), expected["stream_1_write"][0]])
        has_spi = network.conjunction([written, record[1], network.inverse(record[0])])
        result = []
        for port, word in expected.items():
            for i, (one, other) in enumerate(zip(found[port], word, strict=True)):
                name = f"{port}[{i}]"
                when = network.true if port != "stream_1_data" else written if name in KIND else has_spi
                if when == has_spi and self.case.only_kind:
                    continue
                result.append((name, network.conjunction([when, one]), network.conjunction([when, other])))
        return result


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=pathlib.Path, required=True)
    parser.add_argument("--definition", type=pathlib.Path, required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--only", default="")
    return parser.parse_args()


def main():
    options = arguments()
    modules = [netlist.read_modules([file], top, [top], top)[top]
               for file, top in ((options.reference.with_suffix(".sv"), "classify_reference"),
                                 (options.definition, "classify_definition"))]
    good, count = True, 0
    for case in cases():
        if not (options.all or (options.only in case.title if options.only else case.title in SHORT)):
            continue
        comparison = Comparison(case, modules)
        pairs = comparison.pairs()
        found, by_solver, decided = solver.differing(comparison.network, pairs, options.seconds)
        good &= decided and not found
        count += len(pairs)
        if found or not decided or options.only:
            print(f"{case.title}: " + (f"differs: {', '.join(found)}" if found else "not decided" if not decided else
                                       f"{len(pairs)} bits are equal, {by_solver} of them says the solver"), flush=True)
    if good:
        print(f"classify: {count} assertions hold without a bound")
    print(f"classify: {time.process_time():.1f} s")
    sys.exit(not good or not count)


if __name__ == "__main__":
    main()
