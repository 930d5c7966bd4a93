# SPDX-License-Identifier: Apache-2.0
"""Decides which pairs of literals of a network (logic.py) are equal for all values of its variables, by ABC."""

import pathlib
import random
import re
import subprocess
import tempfile

import pyosys

ABC = pathlib.Path(pyosys.__file__).parent / "yosys-abc"
PATTERNS = 512  # random assignments that are tried before the solver is asked
CONFLICTS = 100000  # for a node


def differing(network, pairs, seconds):
    """Names of the pairs (name, literal, literal) that differ, as far as they have been found, the number of those that are not
    simply the same literal, and whether the others are shown to be equal."""
    unlike = [pair for pair in pairs if pair[1] != pair[2]]
    if not unlike:
        return [], 0, True
    generator = random.Random(1)
    value = network.simulate(PATTERNS, lambda _: generator.getrandbits(PATTERNS))
    found = [name for name, one, other in unlike if value(one) != value(other)]
    if found:
        return found, len(unlike), True
    graph = Graph(network, [pair[1:] for pair in unlike])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "pairs.aig"
        path.write_bytes(graph.aiger())
        text = subprocess.run([ABC, "-c", f"&r {path}; &cec -m -C {CONFLICTS} -T {seconds}"], capture_output=True, text=True,
                              check=False).stdout
    if "Networks are equivalent" in text:
        return [], len(unlike), True
    example = re.search(r"INPUT: a = \d+'h(\w+)", text)
    if example:
        bits = int(example[1], 16)
        value = network.simulate(1, lambda number: bits >> graph.literals[number] // 2 - 1 & 1 if number in graph.literals else 0)
        return [name for name, one, other in unlike if value(one) != value(other)], len(unlike), True
    return [], len(unlike), False


class Graph:
    """The and-inverter graph of the exclusive ors of pairs, as far as it is needed for them."""

    def __init__(self, network, pairs):
        self.network = network
        self.ands = []
        self.shared = {}
        self.inputs = 0
        numbers = self.cone(pairs)
        # inputs come first in AIGER
        self.literals = {0: 0}
        for number in numbers:
            if network.nodes[number][0] == "variable":
                self.inputs += 1
                self.literals[number] = 2 * self.inputs
        for number in numbers:
            if number not in self.literals:
                self.literals[number] = self.translate(network.nodes[number])
        self.outputs = [self.parity(self.of(one), self.of(other)) for one, other in pairs]

    def cone(self, pairs):
        seen, work = {0}, [literal >> 1 for pair in pairs for literal in pair]
        while work:
            number = work.pop()
            if number not in seen:
                seen.add(number)
                work.extend(literal >> 1 for literal in self.network.operands(number))
        return sorted(seen)

    def of(self, literal):
        return self.literals[literal >> 1] ^ (literal & 1)

    def translate(self, node):
        if node[0] == "choice":
            condition, yes, no = map(self.of, node[1:])
            return self.both(self.both(condition, yes) ^ 1, self.both(condition ^ 1, no) ^ 1) ^ 1
        operation = self.both if node[0] == "and" else self.parity
        operands = [self.of(literal) for literal in node[1]]
        while len(operands) > 1:
            operands = [operation(*operands[i:i + 2]) if i + 1 < len(operands) else operands[i]
                        for i in range(0, len(operands), 2)]
        return operands[0]

    def both(self, one, other):
        one, other = max(one, other), min(one, other)
        if other == 0 or one == other ^ 1:
            return 0
        if other == 1 or one == other:
            return one
        if (one, other) not in self.shared:
            self.ands.append((one, other))
            self.shared[one, other] = 2 * (self.inputs + len(self.ands))
        return self.shared[one, other]

    def parity(self, one, other):
        return self.both(self.both(one, other) ^ 1, self.both(one ^ 1, other ^ 1) ^ 1)

    def aiger(self):
        def delta(number):
            code = bytearray()
            while number >= 128:
                code.append(number & 127 | 128)
                number >>= 7
            return bytes(code + bytearray([number]))
        size = self.inputs + len(self.ands)
        text = f"aig {size} {self.inputs} 0 {len(self.outputs)} {len(self.ands)}\n" + "".join(f"{o}\n" for o in self.outputs)
        gates = b"".join(delta(2 * (self.inputs + i + 1) - one) + delta(one - other) for i, (one, other) in enumerate(self.ands))
        return text.encode("ascii") + gates
