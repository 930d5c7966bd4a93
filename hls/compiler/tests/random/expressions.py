# SPDX-License-Identifier: Apache-2.0
"""Random expressions on ap_uint and ap_int for the random kernels."""

import random
from typing import NamedTuple


class Variable(NamedTuple):
    name: str
    width: int
    signed: bool = False


def type_of(width: int, signed: bool = False) -> str:
    return f"{'ap_int' if signed else 'ap_uint'}<{width}>"


class Expressions:
    """Expressions over `pool`, every one of exactly the type asked for: ap_uint<width>(...) or ap_int<width>(...).

    Nothing in them is undefined in C++: indices and ranges are in range.
    """

    WIDTHS = (1, 2, 3, 5, 7, 8, 9, 11, 13, 16, 17, 23, 29, 31, 32, 33, 37, 47, 61, 64, 65, 71)
    MAX_FACTOR = 6  # bits of the operands of a product

    def __init__(self, rng: random.Random, pool: list[Variable]):
        self.rng = rng
        self.pool = pool
        self.tables: list[tuple[str, int]] = []  # name, bits of the index
        self.functions: list[tuple[str, list[int]]] = []  # name, widths of the parameters
        self.products = True

    def width(self) -> int:
        return self.rng.choice(self.WIDTHS)

    def constant(self, width: int) -> str:
        value = self.rng.choice((0, 1, (1 << width) - 1, self.rng.getrandbits(width), self.rng.getrandbits(width)))
        if width <= 32:
            return f"ap_uint<{width}>({value & (1 << width) - 1}u)"
        return f"ap_uint<{width}>({value & (1 << min(width, 64)) - 1}ull)"

    def make(self, width: int, depth: int, signed: bool = False) -> str:
        """An expression of `width` bits and at most `depth` operators on top of each other."""
        form = self.leaf if depth == 0 or self.rng.random() < 0.1 else self.rng.choice(self.forms())
        return f"{type_of(width, signed)}({form(width, max(depth - 1, 0))})"

    def condition(self, depth: int) -> str:
        if self.rng.random() < 0.3:
            return f"{self.make(1, depth)} != 0"
        return self.comparison(1, depth)

    def forms(self):
        """Frequent forms are there more than once."""
        forms = [self.arithmetic, self.arithmetic, self.logic, self.logic, self.constant_shift,
                 self.variable_shift, self.comparison, self.choice, self.choice, self.concatenation, self.extension,
                 self.part, self.variable_part, self.bit, self.complement, self.reduction]
        if self.products:
            forms.append(self.product)
        if self.tables:
            forms.append(self.lookup)
        if self.functions:
            forms.append(self.call)
        return forms

    # ---- the forms: some expression, of about the width

    def leaf(self, width: int, _depth: int) -> str:
        if not self.pool or self.rng.random() < 0.15:
            return self.constant(width)
        return self.rng.choice(self.pool).name

    def near(self, width: int) -> int:
        return width if self.rng.random() < 0.6 else min(self.width(), 2 * width)

    def operand(self, width: int, depth: int) -> str:
        return self.make(self.near(width), depth, self.rng.random() < 0.3)

    def arithmetic(self, width: int, depth: int) -> str:
        return f"{self.operand(width, depth)} {self.rng.choice('+-')} {self.operand(width, depth)}"

    def logic(self, width: int, depth: int) -> str:
        return f"{self.operand(width, depth)} {self.rng.choice('&|^')} {self.operand(width, depth)}"

    def product(self, _width: int, depth: int) -> str:
        factors = (self.make(self.rng.randint(2, self.MAX_FACTOR), depth, self.rng.random() < 0.4) for _ in range(2))
        return " * ".join(factors)

    def constant_shift(self, width: int, depth: int) -> str:
        operator = self.rng.choice(("<<", ">>"))
        return f"{self.operand(width, depth)} {operator} {self.rng.randint(0, width + 1)}"

    def variable_shift(self, width: int, depth: int) -> str:
        operator = self.rng.choice(("<<", ">>"))
        amount_bits = self.rng.randint(1, max(2, width.bit_length() + 1))
        signed = self.rng.random() < 0.3  # a negative distance shifts to the other side
        return f"{self.operand(width, depth)} {operator} {self.make(amount_bits, min(depth, 1), signed)}"

    def comparison(self, _width: int, depth: int) -> str:
        width = self.width()
        operator = self.rng.choice(("==", "!=", "<", "<=", ">", ">="))
        return f"{self.operand(width, depth)} {operator} {self.operand(width, depth)}"

    def choice(self, width: int, depth: int) -> str:
        signed = self.rng.random() < 0.2
        return f"({self.condition(depth)}) ? {self.make(width, depth, signed)} : {self.make(width, depth, signed)}"

    def concatenation(self, width: int, depth: int) -> str:
        if width < 2:
            return self.leaf(width, depth)
        low = self.rng.randint(1, width - 1)
        return f"({self.make(width - low, depth)}, {self.make(low, depth)})"

    def extension(self, width: int, depth: int) -> str:
        return self.make(self.rng.randint(1, width), depth, signed=True)

    def some_variable(self, at_least: int = 1):
        wide = [v for v in self.pool if v.width >= at_least]
        return self.rng.choice(wide) if wide else None

    def part(self, width: int, depth: int) -> str:
        v = self.some_variable()
        if v is None:
            return self.leaf(width, depth)
        low = self.rng.randint(0, v.width - 1)
        high = min(v.width - 1, low + width - 1)
        if self.rng.random() < 0.2:
            high, low = low, high  # the bits in the opposite order
        access = f"{v.name}({high}, {low})" if self.rng.random() < 0.3 else f"{v.name}.range({high}, {low})"
        return f"ap_uint<{width}>({access})"

    def variable_part(self, width: int, depth: int) -> str:
        v = self.some_variable(at_least=12)
        if v is None:
            return self.leaf(width, depth)
        index = f"{self.make(3, depth)}.to_int()"
        return f"ap_uint<4>({v.name}.range({index} + 3, {index}))" if v.width > 64 else f"{v.name}.test({index})"

    def bit(self, width: int, depth: int) -> str:
        v = self.some_variable()
        if v is None:
            return self.leaf(width, depth)
        if v.width >= 8 and self.rng.random() < 0.5:
            return f"ap_uint<1>({v.name}[{self.make(3, depth)}.to_int()])"
        return f"ap_uint<1>({v.name}[{self.rng.randint(0, v.width - 1)}])"

    def complement(self, width: int, depth: int) -> str:
        return f"{self.rng.choice('~-')}{self.operand(width, depth)}"

    def reduction(self, _width: int, depth: int) -> str:
        kind = self.rng.choice(("or_reduce", "and_reduce", "xor_reduce", "nor_reduce", "xnor_reduce"))
        return f"{self.make(self.rng.randint(1, 24), depth)}.{kind}()"

    def lookup(self, _width: int, depth: int) -> str:
        name, index_bits = self.rng.choice(self.tables)
        return f"{name}[{self.make(index_bits, depth)}]"

    def call(self, _width: int, depth: int) -> str:
        name, widths = self.rng.choice(self.functions)
        return f"{name}({', '.join(self.make(w, min(depth, 1)) for w in widths)})"
