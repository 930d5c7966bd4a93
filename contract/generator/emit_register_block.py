# SPDX-License-Identifier: Apache-2.0
"""Description -> SystemVerilog module that decodes and keeps the registers (see register_ports for what it has of each)."""

from __future__ import annotations

from .description import Description
from .register_ports import Window, has_rise, is_kept, port_name, port_type, reg2hw_members, windows
from .registers import Register
from .systemverilog import identifier, slice_of

PAGE_BYTES = 256

HEAD = """// SPDX-License-Identifier: Apache-2.0
// The registers of the card: decodes accesses of the bus, keeps what the hardware does not keep itself.
// Generated from contract/description/registers.yaml: do not edit.
//
// bus     answers two cycles after an access has begun, an external array as long after that as its module takes
// reg2hw  what the registers tell the hardware; a cycle after the access. Accesses to external arrays: in the same cycle
// hw2reg  what the hardware tells the registers
`default_nettype none

module {name}_register_block (
    input wire clk,
    input wire rst,

    register_bus_if.subordinate bus,

    output {name}_pkg::reg2hw_t reg2hw,
    input  {name}_pkg::hw2reg_t hw2reg
);
"""


class Emitter:
    """Writes the module for one register after the other; `package` begins names of the package."""

    def __init__(self, description: Description):
        self.package = f"{description.name}_pkg::"
        self.registers = description.registers
        self.lines: list[str] = [HEAD.format(name=description.name).rstrip("\n")]
        self.kept: dict[str, str] = {}  # member of reg2hw -> what drives it

    # ------------------------------------------------------------------------------------------------------------ pieces
    def type_of(self, register: Register) -> str:
        return self.package + port_type(register) if register.fields else port_type(register)

    def address(self, register: Register, suffix: str = "") -> str:
        return f"{self.package}REG_{register.name}{suffix}"

    def write_strobe(self, register: Register, suffix: str = "") -> str:
        name = f"write_{register.name.lower()}{suffix.lower()}"
        self.lines.append(f"  wire {name} = bus.write && bus.address == {self.address(register, suffix)};")
        return name

    def flop(self, kind: str, name: str, body: list[str]) -> None:
        self.lines += [f"  {kind} {name};", "  always_ff @(posedge clk) begin", *[f"    {line}" for line in body], "  end"]

    @staticmethod
    def literal(value: int, bits: int) -> str:
        return f"{bits}'h{value:x}"

    def written(self, register: Register) -> str:
        """What a write of a 32-bit register leaves of bus.wdata."""
        data = slice_of("bus.wdata", register.bits - 1, 0) if register.bits < 32 else "bus.wdata"
        full = (1 << register.bits) - 1
        return data if register.mask == full else f"{data} & {self.literal(register.mask, register.bits)}"

    def written_high(self, register: Register, low: str) -> str:
        high = slice_of("bus.wdata", register.bits - 33, 0) if register.bits < 64 else "bus.wdata"
        full = (1 << register.bits) - 1
        data = f"{{{high}, {low}}}"
        return data if register.mask == full else f"{data} & {self.literal(register.mask, register.bits)}"

    # --------------------------------------------------------------------------------------------------------- registers
    def reset_of(self, register: Register) -> str:
        if register.reset is None:
            return f"hw2reg.{register.name.lower()}_reset"
        return self.literal(register.reset, register.bits)

    def clear_of(self, register: Register) -> str:
        if register.cleared_by is None:
            return "rst"
        name, bit = register.cleared_by
        return f"rst || rise_{name.lower()}.{identifier(bit.lower())}"

    def keep32(self, register: Register) -> None:
        name = register.name.lower()
        strobe = self.write_strobe(register)
        self.flop(self.type_of(register), f"{name}_q",
                  [f"if ({self.clear_of(register)}) {name}_q <= {self.reset_of(register)};",
                   f"else if ({strobe}) {name}_q <= {self.written(register)};"])
        if has_rise(register):
            self.rise(register, strobe)

    def rise(self, register: Register, strobe: str) -> None:
        name = register.name.lower()
        mask = sum(bits.mask for bits in register.fields if bits.rise)
        data = self.written(register)
        if mask != register.mask:
            data += f" & {self.literal(mask, register.bits)}"
        self.lines += [f"  {self.type_of(register)} rise_{name};", f"  assign rise_{name} = {strobe} ? {data} & ~{name}_q : '0;"]
        self.flop(self.type_of(register), f"rise_{name}_q", [f"rise_{name}_q <= rst ? '0 : rise_{name};"])
        self.kept[f"{name}_rise"] = f"rise_{name}_q"

    def keep64(self, register: Register) -> None:
        name = register.name.lower()
        low, high = self.write_strobe(register), self.write_strobe(register, "_HIGH")
        self.lines.append(f"  logic [31:0] {name}_low_q;")
        self.flop(self.type_of(register), f"{name}_q",
                  [f"if ({low}) {name}_low_q <= bus.wdata;",
                   f"if ({high}) {name}_q <= {self.written_high(register, f'{name}_low_q')};",
                   "if (rst) begin", f"  {name}_low_q <= 32'h0;", f"  {name}_q <= {self.reset_of(register)};", "end"])

    def keep(self, register: Register) -> None:
        """A register whose value, or last written value, is in the block."""
        name = register.name.lower()
        (self.keep64 if register.width == 64 else self.keep32)(register)
        self.kept[port_name(register)] = f"{name}_q"
        if register.hardware:
            strobe = f"write_{name}_high" if register.width == 64 else f"write_{name}"
            self.flop("logic", f"{name}_written_q", [f"{name}_written_q <= !rst && {strobe};"])
            self.kept[f"{name}_written"] = f"{name}_written_q"

    def clear_ones(self, register: Register) -> None:
        name = register.name.lower()
        strobe = self.write_strobe(register)
        self.flop(self.type_of(register), f"{name}_clear_q",
                  [f"{name}_clear_q <= !rst && {strobe} ? {self.written(register)} : '0;"])
        self.kept[f"{name}_clear"] = f"{name}_clear_q"

    def latch(self, register: Register) -> None:
        name = register.name.lower()
        read = f"bus.read && bus.address == {self.address(register)}"
        self.flop(self.type_of(register), f"{name}_latch_q",
                  [f"if (rst) {name}_latch_q <= '0;", f"else if ({read}) {name}_latch_q <= hw2reg.{port_name(register)};"])

    def register(self, register: Register) -> None:
        """What the block has of a register beside its decode."""
        if register.external or register.access == "ro" and not register.latch:
            return
        self.lines += ["", f"  // {register.name}"]
        if register.access in ("rw", "wo"):
            self.keep(register)
        elif register.access == "w1c":
            self.clear_ones(register)
        if register.latch:
            self.latch(register)

    # ----------------------------------------------------------------------------------------------------------- windows
    def window(self, window: Window) -> None:
        register, name = window.register, window.name.lower()
        size, step = register.window_bytes.bit_length() - 1, register.stride.bit_length() - 1
        index = slice_of("bus.address", step + window.index_bits - 1, step)
        terms = [f"bus.address[15:{size}] == {self.literal(register.offset >> size, 16 - size)}"]
        if register.count < 1 << window.index_bits:
            terms.append(f"{index} < {window.index_bits}'d{register.count}")
        words = register.element_bytes // 4
        if words < register.stride // 4:
            terms.append(f"bus.address[{step - 1}:2] < {step - 2}'d{words}")
        self.lines += ["", f"  // {window.name}", f"  wire select_{name} = {' && '.join(terms)};"]
        answers = f"select_{name} && !bus.writing" if register.access == "ro" else f"select_{name}"
        self.flop("logic", f"select_{name}_q", [f"select_{name}_q <= {answers};"])
        members = [f"index: {index}"]
        if window.word_bits:
            members.append(f"word: {slice_of('bus.address', 1 + window.word_bits, 2)}")
        if register.access == "ro":
            members.append(f"read: bus.read && select_{name}")
        else:
            data = "bus.wdata" if window.data_bits == 32 else f"bus.wdata[{window.data_bits - 1}:0]"
            members += [f"wdata: {data}", f"write: bus.write && select_{name}"]
        self.kept[port_name(register)] = f"'{{{', '.join(members)}}}"

    # ----------------------------------------------------------------------------------------------------------- answers
    def value(self, register: Register) -> str:
        if register.constant:
            return self.package + register.constant
        if register.latch:
            return f"{register.name.lower()}_latch_q"
        return f"{register.name.lower()}_q" if is_kept(register) else f"hw2reg.{port_name(register)}"

    def words(self, register: Register) -> list[str]:
        """What a read gets, the low half first."""
        if register.access == "wo":
            return ["32'h0"] * (register.width // 32)
        value = self.value(register)
        return [f"32'({value})"] if register.width == 32 else [f"{value}[31:0]", f"32'({value}[{register.bits - 1}:32])"]

    def answer(self, register: Register) -> list[str]:
        hit, page = "readable" if register.access == "ro" else "1'b1", register.offset // PAGE_BYTES
        return [f"{self.address(register, suffix)}: page{page} = {{{hit}, {word}}};"
                for suffix, word in zip(("", "_HIGH"), self.words(register))]

    def page(self, page: int, registers: list[Register]) -> None:
        self.lines += ["", f"  logic [32:0] page{page}, page{page}_q;", "  always_comb begin", "    case (bus.address)"]
        for register in registers:
            self.lines += [f"      {line}" for line in self.answer(register)]
        self.lines += [f"      default: page{page} = 33'h0;", "    endcase", "  end",
                       f"  always_ff @(posedge clk) page{page}_q <= page{page};"]

    def answers(self) -> None:
        """Registers in pages of their own and arrays, each 0 for what it has not; in a second cycle together."""
        self.lines += ["", f"  // Answers {{hit, rdata}}: of each page of {PAGE_BYTES} bytes in one cycle, of all in the next.",
                       "  wire readable = !bus.writing;"]
        pages: dict[int, list[Register]] = {}
        for register in self.registers:
            if not register.external:
                pages.setdefault(register.offset // PAGE_BYTES, []).append(register)
        for page in sorted(pages):
            self.page(page, pages[page])
        parts = [f"page{page}_q" for page in sorted(pages)]
        for window in windows(self.registers):
            member = f"hw2reg.{port_name(window.register)}"
            parts.append(f"(select_{window.name.lower()}_q ? {{1'b1, 32'({member})}} : 33'h0)")
        self.lines += ["", "  always_ff @(posedge clk) begin"]
        self.lines += ["    {bus.hit, bus.rdata} <= " + "\n        | ".join(parts) + ";", "  end"]
        busy = [f"hw2reg.{w.name.lower()}_busy" for w in windows(self.registers) if w.register.access == "ro"] or ["1'b0"]
        self.lines.append(f"  assign bus.busy = {' || '.join(busy)};")

    def outputs(self) -> None:
        members = [f"      {identifier(name)}: {self.kept[name]}" for _, name, _ in reg2hw_members(self.registers)]
        self.lines += ["", "  assign reg2hw = '{", ",\n".join(members), "  };"]


def rises_first(register: Register) -> bool:
    return not has_rise(register)


def emit(description: Description) -> str:
    out = Emitter(description)
    # A register that clears others stands before them.
    for register in sorted(description.registers, key=rises_first):
        out.register(register)
    for window in windows(description.registers):
        out.window(window)
    out.answers()
    out.outputs()
    return "\n".join(out.lines + ["", "endmodule", "", "`default_nettype wire", ""])
