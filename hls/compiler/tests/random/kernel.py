# SPDX-License-Identifier: Apache-2.0
"""A random kernel: two input streams, two output streams, state, a memory, a table and module functions."""

import random

from expressions import Expressions, Variable, type_of

LICENSE = "// SPDX-License-Identifier: Apache-2.0\n"


class Kernel:
    """Values are made in three steps, so that loop-carried paths stay short while the rest fills a pipeline:
    `inputs` (feed-forward, deep), state (one operator between a static variable and a feed-forward value) and `all`
    (feed-forward from everything, deep). A module function is called outside of loop-carried paths only, as its latency
    demands.
    """

    def __init__(self, seed: int):
        self.seed = seed
        self.name = f"random_{seed}"
        self.rng = random.Random(seed)
        rng = self.rng
        self.body: list[str] = []
        self.globals: list[str] = []
        self.pragmas = ""
        self.pool: list[Variable] = []
        self.expressions = Expressions(rng, self.pool)
        self.expressions.products = self.has_products()
        self.members = {
            "first": self.struct_members(),
            "second": self.struct_members(),
            "result": [Variable("data", rng.randint(60, 150)), Variable("delta", rng.randint(2, 40), True),
                       Variable("flag", 1)],
        }
        self.side_width = rng.randint(1, 90)
        self.number = 0
        self.exclusive_inputs = rng.random() < 0.4
        self.make()

    def has_products(self) -> bool:
        """Kernels of even seeds are scheduled for less than the levels of a multiplier."""
        return self.seed % 2 == 1

    # ---- widths of the ports

    def width(self, struct: str) -> int:
        return sum(m.width for m in self.members[struct])

    def inputs(self) -> list[tuple[str, int]]:
        return [("a", self.width("first")), ("b", self.width("second"))]

    def outputs(self) -> list[tuple[str, int]]:
        return [("out", self.width("result")), ("side", self.side_width)]

    # ---- pieces

    def struct_members(self) -> list[Variable]:
        count = self.rng.randint(2, 5)
        return [Variable(f"m{i}", self.rng.choice(Expressions.WIDTHS), self.rng.random() < 0.3) for i in range(count)]

    def emit(self, text: str, indent: int = 1) -> None:
        self.body.append("  " * indent + text)

    def fresh(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def make(self) -> None:
        self.make_table()
        self.make_functions()
        self.make_reads()
        for _ in range(self.rng.randint(4, 7)):
            self.make_local()
        self.make_branch()
        self.make_array()
        self.make_state()
        self.make_memory()
        for _ in range(self.rng.randint(2, 4)):
            self.make_local()
        self.make_branch()
        self.make_writes()

    def make_table(self) -> None:
        index_bits, width = self.rng.randint(2, 6), self.rng.randint(3, 40)
        words = ", ".join(f"{self.rng.getrandbits(width)}ull" for _ in range(1 << index_bits))
        self.globals.append(f"const ap_uint<{width}> table[{1 << index_bits}] = {{{words}}};")
        self.expressions.tables.append(("table", index_bits))
        # Nothing that is read from a table is carried over to the next iteration, which would leave no time for a block RAM.
        if self.rng.random() < 0.5:
            self.pragmas += "#pragma HLS BIND_STORAGE variable = table type = rom_2p impl = bram\n"

    def make_functions(self) -> None:
        for i in range(self.rng.randint(1, 2)):
            widths = [self.rng.randint(2, 40) for _ in range(self.rng.randint(1, 3))]
            inside = Expressions(self.rng, [Variable(f"p{k}", w) for k, w in enumerate(widths)])
            inside.tables = self.expressions.tables
            inside.products = self.has_products()
            parameters = ", ".join(f"const ap_uint<{w}>& p{k}" for k, w in enumerate(widths))
            result = self.rng.randint(2, 40)
            mixed = " ^ ".join([inside.make(result, 3)] + [f"ap_uint<{result}>(p{k})" for k in range(len(widths))])
            self.globals.append(f"[[maybe_unused]] HLS_MODULE ap_uint<{result}> module_{i}({parameters}) {{\n"
                                "#pragma HLS INLINE off\n#pragma HLS PIPELINE II = 1\n"
                                f"  return {mixed};\n}}")
            self.expressions.functions.append((f"module_{i}", widths))

    def make_reads(self) -> None:
        """Which stream is read depends on state alone; an iteration always reads at least one word."""
        rng = self.rng
        self.emit("static ap_uint<1> turn = 0;")
        self.emit(f"static ap_uint<3> pace = {rng.randint(0, 7)};")
        self.emit("const ap_uint<1> both = turn;")
        self.emit("first_t x = {};")
        self.emit("second_t y = {};")
        if self.exclusive_inputs:
            self.emit("if (turn) {\n    y = b.read();\n  } else {\n    x = a.read();\n  }")
        else:
            self.emit("x = a.read();\n  if (turn) y = b.read();")
        self.pool += [Variable(f"x.{m.name}", m.width, m.signed) for m in self.members["first"]]
        self.pool += [Variable(f"y.{m.name}", m.width, m.signed) for m in self.members["second"]]
        self.emit(f"pace = pace + ap_uint<1>(x.m0[0]) + {rng.randint(1, 3)};")
        self.emit(f"turn = ap_uint<1>(pace[{rng.randint(0, 2)}]) ^ ap_uint<1>(x.m1[0]) ^ ap_uint<1>(y.m0[0]);")
        self.pool.append(Variable("both", 1))

    def make_local(self) -> None:
        name, width, signed = self.fresh("v"), self.expressions.width(), self.rng.random() < 0.3
        self.emit(f"{type_of(width, signed)} {name} = {self.expressions.make(width, 3, signed)};")
        self.pool.append(Variable(name, width, signed))

    def locals(self) -> list[Variable]:
        return [v for v in self.pool if v.name.startswith("v")]

    def make_assignment(self, indent: int) -> None:
        rng, e = self.rng, self.expressions
        v = rng.choice(self.locals())
        kind = rng.randint(0, 4)
        if kind == 0:
            low = rng.randint(0, v.width - 1)
            high = rng.randint(low, v.width - 1)
            self.emit(f"{v.name}.range({high}, {low}) = {e.make(high - low + 1, 2)};", indent)
        elif kind == 1:
            self.emit(f"{v.name}[{rng.randint(0, v.width - 1)}] = {e.make(1, 2)};", indent)
        elif kind == 2 and v.width >= 8:
            self.emit(f"{v.name}[{e.make(3, 1)}.to_int()] = {e.make(1, 2)};", indent)
        elif kind == 3:
            self.emit(f"{v.name} {rng.choice('+-&|^')}= {e.operand(v.width, 2)};", indent)
        else:
            self.emit(f"{v.name} = {e.make(v.width, 2, v.signed)};", indent)

    def make_branch(self) -> None:
        self.emit(f"if ({self.expressions.condition(2)}) {{")
        for _ in range(self.rng.randint(1, 3)):
            self.make_assignment(2)
        if self.rng.random() < 0.4:
            self.emit(f"if ({self.expressions.condition(1)}) {{", 2)
            self.make_assignment(3)
            self.emit("}", 2)
        if self.rng.random() < 0.6:
            self.emit("} else {")
            self.make_assignment(2)
        self.emit("}")

    def make_array(self) -> None:
        rng, e = self.rng, self.expressions
        name, width, size = self.fresh("array"), e.width(), rng.choice((2, 4, 8))
        elements = ", ".join(e.make(width, 1) for _ in range(size))
        self.emit(f"ap_uint<{width}> {name}[{size}] = {{{elements}}};")
        self.emit(f"for (int i = 1; i < {size}; i++) {name}[i] = {name}[i] {rng.choice('+-^')} {name}[i - 1];")
        index_bits = size.bit_length() - 1
        if rng.random() < 0.5:
            self.emit(f"{name}[{e.make(index_bits, 1)}] = {e.make(width, 2)};")
        local = self.fresh("v")
        self.emit(f"ap_uint<{width}> {local} = {name}[{e.make(index_bits, 1)}];")
        self.pool += [Variable(local, width)] + [Variable(f"{name}[{i}]", width) for i in range(size)]

    def make_state(self) -> None:
        rng, e = self.rng, self.expressions
        made = []
        for _ in range(rng.randint(1, 4)):
            name, width, signed = self.fresh("state"), e.width(), rng.random() < 0.3
            kind = type_of(width, signed)
            initial = rng.getrandbits(min(width, 31) - 1) if width > 1 else rng.getrandbits(1) if not signed else 0
            self.emit(f"static {kind} {name} = {initial};")
            before = self.fresh("before")
            position = len(self.body)
            updated = f"{kind}({name} {rng.choice('+-^&|')} {e.operand(width, 2)})"
            other = rng.choice((name, e.make(width, 2, signed), f"{kind}({name} << 1)", f"{kind}(~{name})"))
            self.emit(f"{name} = ({e.condition(2)}) ? {updated} : {kind}({other});")
            seen = rng.choice((name, before))
            if seen == before:
                self.body.insert(position, f"  const {kind} {before} = {name};")
            made.append(Variable(seen, width, signed))
        self.pool += made

    def make_memory(self) -> None:
        """One write and one or two reads in an iteration, in either order. A deep memory has a registered address, which
        must not depend on what is read from it."""
        rng, e = self.rng, self.expressions
        depth_bits, width = rng.choice((2, 4, 5, 7)), e.width()
        name = self.fresh("memory")
        self.emit(f"static ap_uint<{width}> {name}[{1 << depth_bits}];")
        address = self.fresh("address")
        self.emit(f"const ap_uint<{depth_bits}> {address} = {e.make(depth_bits, 2)};")
        old, new = self.fresh("v"), self.fresh("v")
        self.emit(f"ap_uint<{width}> {old} = {name}[{address}];")
        to = address if rng.random() < 0.6 else e.make(depth_bits, 1)
        value = e.make(width, 2)
        if rng.random() < 0.5:
            value = f"ap_uint<{width}>({old} {rng.choice('+^')} {value})"
        self.emit(f"if ({e.condition(1)}) {name}[{to}] = {value};")
        self.pool.append(Variable(old, width))
        if rng.random() < 0.5:
            self.emit(f"ap_uint<{width}> {new} = {name}[{e.make(depth_bits, 1)}];".replace(old, address))
            self.pool.append(Variable(new, width))

    def make_writes(self) -> None:
        """Everything that has been calculated is visible in the result."""
        e = self.expressions
        for m in self.members["result"]:
            value = e.make(m.width, 3, m.signed)
            if m.name == "data":
                value = " ^ ".join([value] + [f"ap_uint<{m.width}>(ap_uint<{m.width}>({v.name}) << {7 * i % m.width})"
                                              for i, v in enumerate(self.pool)])
            self.emit(f"const {type_of(m.width, m.signed)} {m.name} = {value};")
        write = "out.write({data, delta, flag});"
        self.emit(write if self.rng.random() < 0.5 else f"if (({e.condition(2)}) || both != 0) {write}")
        # Never constant: hlsc refuses a stream that is never written.
        self.emit(f"if (({e.condition(2)}) != (pace[{self.rng.randint(0, 2)}] || x.m0[0])) "
                  f"side.write({e.make(self.side_width, 3)});")

    # ---- files

    def signature(self) -> str:
        return (f"void {self.name}(hls::stream<first_t>& a, hls::stream<second_t>& b, hls::stream<result_t>& out,\n"
                f"    hls::stream<ap_uint<{self.side_width}>>& side)")

    def header(self) -> str:
        structs = "".join(
            f"struct {name}_t {{\n" + "".join(f"  {type_of(m.width, m.signed)} {m.name};\n" for m in members) + "};\n"
            for name, members in self.members.items())
        return (f"{LICENSE}// Random kernel of seed {self.seed}.\n#pragma once\n\n#include \"hls_stream.h\"\n\n"
                f"namespace {self.name}_types {{\n{structs}{self.signature()};\n}}\n")

    def source(self) -> str:
        body = "\n".join(self.body)
        streams = "".join(f"#pragma HLS INTERFACE axis port = {s}\n" for s in ("a", "b", "out", "side"))
        return (f"{LICENSE}// Random kernel of seed {self.seed}.\n#include \"{self.name}.h\"\n\n"
                f"namespace {self.name}_types {{\nnamespace {{\n" + "\n".join(self.globals) + "\n}\n\n"
                f"{self.signature()} {{\n{streams}#pragma HLS INTERFACE ap_ctrl_none port = return\n"
                f"#pragma HLS PIPELINE II = 1 style = frp\n{self.pragmas}{body}\n}}\n}}\n")
