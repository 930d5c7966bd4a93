# SPDX-License-Identifier: Apache-2.0
"""Yosys' cells for words as functions of bits, over an algebra (logic.py). Words are lists, the least significant bit first."""


def add(algebra, a, b, carry):
    total = []
    for x, y in zip(a, b, strict=True):
        total.append(algebra.parity([x, y, carry]))
        both, one = algebra.conjunction([x, y]), algebra.parity([x, y])
        carry = algebra.disjunction([both, algebra.conjunction([one, carry])])
    return total, carry


def total(algebra, a, b):
    """The sum, in the form in which the algebra knows it, if there is one."""
    known = algebra.known_sum(a, b)
    return add(algebra, a, b, algebra.false)[0] if known is None else known


def multiply(algebra, a, b):
    total = [algebra.false] * len(a)
    for i, factor in enumerate(b):
        row = [algebra.false] * i + [algebra.conjunction([factor, bit]) for bit in a[:len(a) - i]]
        total, _ = add(algebra, total, row, algebra.false)
    return total


def less(algebra, a, b, is_signed):
    if is_signed:
        a, b = a[:-1] + [algebra.inverse(a[-1])], b[:-1] + [algebra.inverse(b[-1])]
    _, not_less = add(algebra, a, [algebra.inverse(bit) for bit in b], algebra.true)
    return algebra.inverse(not_less)


def shift_right(algebra, a, amount):
    for i, bit in enumerate(amount):
        moved = (a[1 << i:] + [algebra.false] * len(a))[:len(a)]
        a = [algebra.choice(bit, yes, no) for yes, no in zip(moved, a, strict=True)]
    return a


def equal(algebra, a, b):
    return algebra.conjunction([algebra.inverse(algebra.parity([x, y])) for x, y in zip(a, b, strict=True)])


def inverse(algebra, word):
    return [algebra.inverse(bit) for bit in word]


def select(algebra, words, choices, otherwise):
    """The word whose bit of `choices` is set, the lowest first."""
    width = len(otherwise)
    for i in reversed(range(len(choices))):
        word = words[i * width:(i + 1) * width]
        otherwise = [algebra.choice(choices[i], yes, no) for yes, no in zip(word, otherwise, strict=True)]
    return otherwise


BITWISE = {
    "$and": lambda g, x, y: g.conjunction([x, y]),
    "$or": lambda g, x, y: g.disjunction([x, y]),
    "$xor": lambda g, x, y: g.parity([x, y]),
    "$xnor": lambda g, x, y: g.inverse(g.parity([x, y])),
}
# Both operands as wide as the wider one or the result, and the result.
WIDE = {
    "$add": lambda g, a, b, _: total(g, a, b),
    "$sub": lambda g, a, b, _: add(g, a, inverse(g, b), g.true)[0],
    "$mul": lambda g, a, b, _: multiply(g, a, b),
    "$eq": lambda g, a, b, _: [equal(g, a, b)],
    "$ne": lambda g, a, b, _: [g.inverse(equal(g, a, b))],
    "$lt": lambda g, a, b, is_signed: [less(g, a, b, is_signed)],
    "$gt": lambda g, a, b, is_signed: [less(g, b, a, is_signed)],
    "$ge": lambda g, a, b, is_signed: [g.inverse(less(g, a, b, is_signed))],
    "$le": lambda g, a, b, is_signed: [g.inverse(less(g, b, a, is_signed))],
}
REDUCED = {
    "$reduce_and": lambda g, a: g.conjunction(a),
    "$reduce_or": lambda g, a: g.disjunction(a),
    "$reduce_bool": lambda g, a: g.disjunction(a),
    "$reduce_xor": lambda g, a: g.parity(a),
    "$logic_not": lambda g, a: g.inverse(g.disjunction(a)),
}
LOGIC = {
    "$logic_and": lambda g, a, b: g.conjunction([g.disjunction(a), g.disjunction(b)]),
    "$logic_or": lambda g, a, b: g.disjunction([*a, *b]),
}
OTHERS = ("$not", "$pos", "$neg", "$mux", "$pmux", "$shr")


def knows(kind):
    return kind in BITWISE or kind in WIDE or kind in REDUCED or kind in LOGIC or kind in OTHERS


def extended(algebra, word, width, is_signed):
    if len(word) >= width:
        return word[:width]
    return word + [word[-1] if is_signed else algebra.false] * (width - len(word))


def evaluate(cell, operands, algebra):
    """The word at port Y of a cell."""
    kind, parameters = cell["type"], cell["parameters"]
    width = len(cell["connections"]["Y"])
    is_signed = int(parameters.get("A_SIGNED", "0"), 2) and int(parameters.get("B_SIGNED", "1"), 2)
    if kind in ("$mux", "$pmux"):
        return select(algebra, operands["B"], operands["S"], operands["A"])
    a = operands["A"]
    if kind in REDUCED:
        return extended(algebra, [REDUCED[kind](algebra, a)], width, False)
    if kind in ("$not", "$pos", "$neg"):
        a = extended(algebra, a, width, is_signed)
        if kind == "$neg":
            return add(algebra, [algebra.false] * width, inverse(algebra, a), algebra.true)[0]
        return inverse(algebra, a) if kind == "$not" else a
    b = operands["B"]
    if kind == "$shr":
        return extended(algebra, shift_right(algebra, extended(algebra, a, max(len(a), width), is_signed), b), width, False)
    if kind in LOGIC:
        return extended(algebra, [LOGIC[kind](algebra, a, b)], width, False)
    wide = width if kind in BITWISE else max(len(a), len(b), 1 if kind in ("$eq", "$ne", "$lt", "$le", "$gt", "$ge") else width)
    a, b = extended(algebra, a, wide, is_signed), extended(algebra, b, wide, is_signed)
    if kind in BITWISE:
        return [BITWISE[kind](algebra, x, y) for x, y in zip(a, b, strict=True)]
    return extended(algebra, WIDE[kind](algebra, a, b, is_signed), width, False)
