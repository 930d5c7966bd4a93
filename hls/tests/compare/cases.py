# SPDX-License-Identifier: Apache-2.0
"""Random uses of ap_int.h: statements whose results record.h prints. Nothing in them is undefined in C++ or out of range."""

import random

WIDTHS = (1, 1, 2, 3, 5, 7, 8, 8, 9, 13, 15, 16, 17, 24, 31, 32, 33, 40, 48, 63, 64, 64, 65, 70, 96, 127, 128, 129, 200)
C_TYPES = {"bool": (1, False), "char": (8, True), "signed char": (8, True), "unsigned char": (8, False), "short": (16, True),
           "unsigned short": (16, False), "int": (32, True), "unsigned": (32, False), "long": (64, True),
           "unsigned long": (64, False), "long long": (64, True), "unsigned long long": (64, False)}
ARITHMETIC = ("+", "-", "*", "&", "|", "^")
RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
CONVERSIONS = ("bool", "char", "schar", "uchar", "short", "ushort", "int", "uint", "long", "ulong", "int64", "uint64", "float",
               "double")
REDUCTIONS = ("and", "nand", "or", "nor", "xor", "xnor")


class Case:
    """The body of one function: declarations, then uses of them. `form` is the kind of use, for the summary."""

    def __init__(self, rng: random.Random, number: int):
        self.rng = rng
        self.number = number
        self.form = ""
        self.lines: list[str] = []
        self.names = 0

    # ---- operands: each declares what it needs and returns an expression

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def value(self, width: int) -> int:
        ones = (1 << width) - 1
        return self.rng.choice((0, 1, ones, 1 << width - 1, ones >> 1, self.rng.getrandbits(min(width, 4)),
                                *(self.rng.getrandbits(width) for _ in range(6))))

    def ap_type(self, width: int | None = None) -> tuple[str, int]:
        width = width or self.rng.choice(WIDTHS)
        return f"{self.rng.choice(('ap_uint', 'ap_int'))}<{width}>", width

    def ap(self, width: int | None = None, constant: bool = False, zero: bool = True) -> str:
        return self.ap_variable(width, constant, zero)[0]

    def ap_variable(self, width: int | None = None, constant: bool = False, zero: bool = True) -> tuple[str, int, int]:
        """A variable: its name, width and bits."""
        type_, width = self.ap_type(width)
        name, value = self.name(), self.value(width)
        if not zero:
            value = value or 1
        words = ", ".join(f"{value >> i & (1 << 64) - 1:#x}ull" for i in range(0, width, 64))
        self.lines.append(f"{'const ' if constant else ''}{type_} {name} = of<{type_}>({{{words}}});")
        return name, width, value

    def c(self, zero: bool = True) -> str:
        type_ = self.rng.choice(list(C_TYPES))
        width, _ = C_TYPES[type_]
        name, value = self.name(), self.value(width)
        self.lines.append(f"{type_} {name} = ({type_}){value if zero else value or 1:#x}ull;")
        return name

    def range(self, width: int | None = None, zero: bool = True) -> str:
        name, width, value = self.ap_variable(width, zero=zero)
        high, low = self.rng.randrange(width), self.rng.randrange(width)
        if self.rng.random() < 0.7:
            high, low = max(high, low), min(high, low)
        if not zero and not value >> min(high, low) & (2 << abs(high - low)) - 1:
            high, low = width - 1, 0
        return self.rng.choice((f"{name}.range({high}, {low})", f"{name}({high}, {low})"))

    def bit(self, zero: bool = True) -> str:
        name, width, value = self.ap_variable(constant=self.rng.random() < 0.2, zero=zero)
        index = self.rng.randrange(width) if zero else value.bit_length() - 1
        return f"{name}[{index}]"

    def concatenation(self, zero: bool = True) -> str:
        parts = [self.rng.choice((self.ap, self.ap, self.range, self.bit))(zero=zero) for _ in range(self.rng.choice((2, 2, 2, 3)))]
        if self.rng.random() < 0.15:
            parts[self.rng.choice((0, -1))] = self.c(zero)
        return f"({', '.join(parts)})"

    def any_ap(self, zero: bool = True) -> str:
        return self.rng.choice((self.ap, self.ap, self.ap, self.range, self.bit, self.concatenation))(zero=zero)

    def any(self, zero: bool = True) -> str:
        return self.rng.choice((self.any_ap, self.any_ap, self.c))(zero=zero)

    def pair(self, zero: bool = True) -> tuple[str, str]:
        pair = [self.any_ap(zero), self.any(zero)]
        if self.rng.random() < 0.5:
            pair.reverse()
        return pair[0], pair[1]

    # ---- uses

    def record(self, expression: str) -> None:
        self.lines.append(f"record({self.number}, {expression});")

    def arithmetic(self) -> None:
        a, b = self.pair()
        self.record(f"{a} {self.rng.choice(ARITHMETIC)} {b}")

    def division(self) -> None:
        a, b = self.pair(zero=False)
        self.record(f"{a} {self.rng.choice('/%')} {b}")

    def relation(self) -> None:
        a, b = self.pair()
        self.record(f"{a} {self.rng.choice(RELATIONS)} {b}")

    def amount(self) -> str:
        """How far to shift: every kind of operand, and amounts to both sides of the widths."""
        kind = self.rng.random()
        if kind < 0.3:
            return self.any_ap()
        type_ = self.rng.choice(("int", "short", "signed char", "long", "unsigned", "unsigned long", "ap_int<9>", "ap_uint<9>",
                                 "ap_int<40>", "ap_uint<40>", "ap_int<3>", "ap_uint<3>"))
        value = self.rng.choice((self.rng.randint(0, 8), self.rng.randint(0, 210)))
        if "un" not in type_ and "uint" not in type_ and kind < 0.6:
            value = -value
        if "char" in type_:
            value = max(-128, min(127, value))
        name = self.name()
        self.lines.append(f"{type_} {name} = {value};")
        return name

    def shift(self) -> None:
        self.record(f"{self.any_ap()} {self.rng.choice(('<<', '>>'))} {self.amount()}")

    def unary(self) -> None:
        operator = self.rng.choice(("-", "-", "+", "~", "!"))
        self.record(f"{operator}{self.any_ap()}")

    def nested(self) -> None:
        """Results of operators as operands: their types matter."""
        inner = f"({self.ap()} {self.rng.choice(ARITHMETIC)} {self.any()})"
        outer = self.rng.choice((*ARITHMETIC, *RELATIONS))
        sign = self.rng.choice(("", "-", "~"))
        self.record(f"{sign}{inner} {outer} ({self.any()} {self.rng.choice(ARITHMETIC)} {self.ap()})")

    def compound(self) -> None:
        a = self.ap()
        operator = self.rng.choice((*ARITHMETIC, "/", "%", "<<", ">>"))
        b = self.amount() if operator in ("<<", ">>") else self.any(zero=operator not in "/%")
        self.lines.append(f"{a} {operator}= {b};")
        self.record(a)

    def step(self) -> None:
        a = self.ap()
        self.record(self.rng.choice((f"{a}++", f"{a}--", f"++{a}", f"--{a}")))
        self.record(a)

    def initialisation(self) -> None:
        type_, _ = self.ap_type()
        name = self.name()
        self.lines.append(f"{type_} {name}{self.rng.choice((' = {}', '({})')).format(self.any())};")
        self.record(name)

    def assignment(self) -> None:
        a = self.ap()
        self.lines.append(f"{a} = {self.any()};")
        self.record(a)

    def to_c(self) -> None:
        type_ = self.rng.choice(list(C_TYPES))
        name = self.name()
        self.lines.append(f"{type_} {name} = {self.any_ap()};")
        self.record(name)

    def named_conversion(self) -> None:
        self.record(f"{self.rng.choice((self.ap, self.ap, self.range))()}.to_{self.rng.choice(CONVERSIONS)}()")

    def floating(self) -> None:
        number = self.rng.choice((0.0, 0.25, 0.75, 1.5, 2.0 ** 31, 2.0 ** 63, 2.0 ** 70, 1e30, self.rng.uniform(0, 300),
                                  self.rng.uniform(0, 2.0 ** 40)))
        number *= self.rng.choice((1, -1))
        type_, _ = self.ap_type()
        name = self.name()
        self.lines.append(f"{type_} {name} = {number!r}{self.rng.choice(('', 'f'))};")
        self.record(name)

    def floating_operand(self) -> None:
        number = self.rng.choice((0.5, 1.0, -2.0, 1e10, -3.75))
        operator = self.rng.choice(("+", "-", "*", "/", *RELATIONS))
        pair = [self.ap(None if operator in RELATIONS else self.rng.randint(1, 64)), f"{number!r}{self.rng.choice(('', 'f'))}"]
        self.rng.shuffle(pair)
        self.record(f"{pair[0]} {operator} {pair[1]}")

    def range_write(self) -> None:
        name, width, _ = self.ap_variable()
        high, low = self.rng.randrange(width), self.rng.randrange(width)
        if self.rng.random() < 0.7:
            high, low = max(high, low), min(high, low)
        self.lines.append(f"{name}.range({high}, {low}) = {self.any()};")
        self.record(name)

    def bit_write(self) -> None:
        name, width, _ = self.ap_variable()
        self.lines.append(f"{name}[{self.rng.randrange(width)}] = {self.any()};")
        self.record(name)

    def concatenation_write(self) -> None:
        names = [self.ap_variable() for _ in range(self.rng.choice((2, 2, 3)))]
        parts = []
        for name, width, _ in names:
            low = self.rng.randrange(width)
            high = self.rng.randint(low, width - 1)
            parts.append(self.rng.choice((name, name, f"{name}[{low}]", f"{name}.range({high}, {low})")))
        self.lines.append(f"({', '.join(parts)}) = {self.any()};")
        for name, _, _ in names:
            self.record(name)

    def concatenation_read(self) -> None:
        type_, _ = self.ap_type()
        self.record(f"{type_}({self.concatenation()})")

    def concat_member(self) -> None:
        self.record(f"ap_uint<400>({self.ap()}.concat({self.ap()}))")

    def read_reference(self) -> None:
        type_, _ = self.ap_type()
        self.record(f"{type_}({self.rng.choice((self.range, self.bit))()})")
        self.record(f"{self.range()}.length()")

    def whole_range(self) -> None:
        self.record(f"ap_uint<{self.rng.choice(WIDTHS)}>({self.ap()}.range())")

    def variable_index(self) -> None:
        name, width, _ = self.ap_variable()
        index = self.name()
        self.lines.append(f"{self.ap_type(9)[0]} {index} = {self.rng.randrange(min(width, 256))};")
        if self.rng.random() < 0.5:
            self.record(f"{self.rng.choice(('bool({}[{}])', 'bool({}.bit({}))')).format(name, index)}")
        else:
            low = self.ap_type(9)[0]
            self.record(f"ap_uint<{width}>({name}.range({index}, {low}(0)))")

    def reduction(self) -> None:
        """Not of wide and signed numbers: the vendor's model has faults there that its synthesis has not."""
        width = self.rng.randint(1, 64)
        self.record(f"ap_uint<{width}>({self.ap(width)}).{self.rng.choice(REDUCTIONS)}_reduce()")

    def reference_reduction(self) -> None:
        self.record(f"{self.range()}.{self.rng.choice(('and', 'or', 'xor'))}_reduce()")

    def member(self) -> None:
        name, width, _ = self.ap_variable()
        i = self.rng.randrange(width)
        change = self.rng.choice(("reverse()", f"clear({i})", f"invert({i})", f"set({i})", f"set({i}, {self.rng.choice('01')})",
                                  f"set_bit({i}, {self.rng.choice('01')})", f"lrotate({i})", f"rrotate({i})", "b_not()"))
        self.lines.append(f"{name}.{change};")
        self.record(name)

    def query(self) -> None:
        name, width, _ = self.ap_variable()
        i = self.rng.randrange(width)
        self.record(f"{name}." + self.rng.choice(("sign()", "iszero()", "is_zero()", f"test({i})", f"get_bit({i})", "length()",
                                                  "countLeadingZeros()")))

    def text(self) -> None:
        arguments = self.rng.choice(("", "2", "8", "10", "16", "2, true", "8, true", "10, true", "16, true", "8, false",
                                     "10, false", "16, false"))
        self.record(f"{self.ap()}.to_string({arguments})")

    def text_of_reference(self) -> None:
        self.record(f"{self.range()}.to_string({self.rng.choice(('', '2', '8', '10', '16'))})")

    def from_text(self) -> None:
        type_, width = self.ap_type()
        value = self.value(width)
        sign = self.rng.choice(("", "", "-"))
        digits, prefix, radix = self.rng.choice(((f"{value:b}", "0b", 2), (f"{value:o}", "0o", 8), (f"{value}", "0d", 10),
                                                 (f"{value:x}", "0x", 16), (f"{value:X}", "0X", 16), (f"{value}", "", 10)))
        form = self.rng.choice(("prefix", "radix", "both"))
        text = sign + (prefix if form != "radix" else "") + digits
        self.record(f'{type_}("{text}"{f", {radix}" if form != "prefix" else ""})')

    FORMS = (arithmetic, arithmetic, arithmetic, arithmetic, division, division, relation, relation, relation, shift, shift, shift,
             unary, unary, nested, nested, compound, compound, compound, step, initialisation, initialisation, assignment, to_c,
             named_conversion, floating, floating_operand, range_write, range_write, bit_write, concatenation_write,
             concatenation_read, concatenation_read, concat_member, read_reference, whole_range, variable_index, reduction,
             reference_reduction, member, query, text, text, text_of_reference, from_text)

    def make(self) -> "Case":
        form = self.rng.choice(self.FORMS)
        self.form = form.__name__.replace("_", " ")
        form(self)
        return self


def make_cases(seed: int, count: int) -> list[Case]:
    rng = random.Random(seed)
    return [Case(rng, number).make() for number in range(count)]
