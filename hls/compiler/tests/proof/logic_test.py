#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Functions of logic.py, arithmetic.py and solver.py against what they are for values of their variables."""

import itertools
import random
import unittest

import arithmetic
import canonical
import logic
import solver

VARIABLES = 5


def table(network, literal):
    """The values of a function of the variables 0 to 4, by evaluating its graph."""
    def of(one, values):
        node = network.nodes[one >> 1]
        if node[0] == "variable":
            value = values[node[1]]
        elif node[0] == "and":
            value = all(of(operand, values) for operand in node[1])
        elif node[0] == "xor":
            value = sum(of(operand, values) for operand in node[1]) % 2
        elif node[0] == "choice":
            value = of(node[2], values) if of(node[1], values) else of(node[3], values)
        else:
            value = False
        return bool(value) != bool(one & 1)
    return [of(literal, values) for values in itertools.product([False, True], repeat=VARIABLES)]


def polynomial(function):
    return [sum(all(values[name] for name in product) for product in function) % 2 == 1
            for values in itertools.product([False, True], repeat=VARIABLES)]


def make(algebra, generator, depth, values):
    """A random function, and its values."""
    if depth == 0 or generator.random() < 0.1:
        k = generator.randrange(VARIABLES + 2)
        if k >= VARIABLES:
            return (algebra.true if k > VARIABLES else algebra.false), [k > VARIABLES] * len(values)
        return algebra.variable(k), [v[k] for v in values]
    parts = [make(algebra, generator, depth - 1, values) for _ in range(3)]
    functions, tables = zip(*parts)
    rows = list(zip(*tables))
    kind = generator.randrange(5)
    if kind == 0:
        return algebra.conjunction(functions), [all(row) for row in rows]
    if kind == 1:
        return algebra.disjunction(functions), [any(row) for row in rows]
    if kind == 2:
        return algebra.parity(functions), [sum(row) % 2 == 1 for row in rows]
    if kind == 3:
        return algebra.inverse(functions[0]), [not row[0] for row in rows]
    return algebra.choice(*functions), [row[1] if row[0] else row[2] for row in rows]


class LogicTest(unittest.TestCase):
    def test_what_is_simplified_stays_the_same(self):
        values = list(itertools.product([False, True], repeat=VARIABLES))
        for algebra, evaluate in ((logic.Network, table), (logic.Polynomials, lambda _, function: polynomial(function))):
            for most in (64, 3):  # conjunctions and parities that are cut
                generator = random.Random(most)
                one = algebra()
                one.MOST_CONJUNCTS = one.MOST_TERMS = most
                for _ in range(300):
                    function, expected = make(one, generator, 4, values)
                    self.assertEqual(evaluate(one, function), expected)

    def test_trees_of_the_same_operands_are_the_same(self):
        n = logic.Network()
        a, b, c, d = map(n.variable, "abcd")
        self.assertEqual(n.parity([n.parity([a, b]), n.parity([c, d])]), n.parity([n.parity([n.parity([d, a]), c]), b]))
        self.assertEqual(n.conjunction([n.conjunction([a, b]), c]), n.conjunction([a, n.conjunction([c, b])]))
        self.assertEqual(n.choice(a ^ 1, b, c), n.choice(a, c, b))

    def test_words(self):
        generator = random.Random(1)
        n = logic.Network()
        cells = {"$add": lambda a, b: a + b, "$sub": lambda a, b: a - b, "$mul": lambda a, b: a * b, "$eq": lambda a, b: a == b,
                 "$ne": lambda a, b: a != b, "$lt": lambda a, b: a < b, "$le": lambda a, b: a <= b, "$gt": lambda a, b: a > b,
                 "$ge": lambda a, b: a >= b, "$and": lambda a, b: a & b, "$or": lambda a, b: a | b, "$xor": lambda a, b: a ^ b}
        for kind, operation in cells.items():
            for is_signed in (0, 1):
                for _ in range(60):
                    widths = [generator.randrange(1, 7) for _ in range(3)]
                    a, b = (generator.randrange(1 << width) for width in widths[:2])
                    bits = [[value >> i & 1 for i in range(width)] for value, width in zip((a, b), widths[:2])]
                    cell = {"type": kind, "parameters": {"A_SIGNED": str(is_signed), "B_SIGNED": str(is_signed)},
                            "connections": {"Y": list(range(widths[2]))}}
                    signed = [v - (1 << w) if is_signed and v >> (w - 1) else v for v, w in zip((a, b), widths[:2])]
                    found = arithmetic.evaluate(cell, {"A": bits[0], "B": bits[1]}, n)
                    self.assertEqual(sum(bit << i for i, bit in enumerate(found)), operation(*signed) % (1 << widths[2]),
                                     (kind, is_signed, widths, a, b))

    def test_choices(self):
        n = logic.Network()
        cell = {"type": "$pmux", "parameters": {}, "connections": {"Y": [0, 1]}}
        for choice, expected in ((0, 0), (1, 1), (2, 2), (3, 1)):  # of several, the lowest
            operands = {"A": [0, 0], "B": [1, 0, 0, 1], "S": [choice & 1, choice >> 1]}
            self.assertEqual(arithmetic.evaluate(cell, operands, n), [expected & 1, expected >> 1])

    def test_the_solver_tells_apart(self):
        n = logic.Network()
        a, b, c = map(n.variable, "abc")
        one = n.choice(a, n.conjunction([b, c]), n.disjunction([b, c]))
        same = n.disjunction([n.conjunction([b, c]), n.conjunction([a ^ 1, n.parity([b, c])])])
        self.assertNotEqual(one, same)
        self.assertEqual(solver.differing(n, [("same", one, same)], 10), ([], 1, True))
        self.assertEqual(solver.differing(n, [("same", one, same), ("other", one, same ^ 1)], 10), (["other"], 2, True))
        many = [n.variable(i) ^ (i % 3 == 0) for i in range(40)]  # random values will not find it
        self.assertEqual(solver.differing(n, [("same", one, same), ("rare", n.conjunction(many), logic.FALSE)], 10),
                         (["rare"], 2, True))

    def test_functions_of_few_variables_are_the_same(self):
        n = canonical.Canonical("abc")
        a, b, c, d = map(n.variable, "abcd")
        one = n.choice(a, n.conjunction([b, c]), n.disjunction([b, c]))
        self.assertEqual(one, n.disjunction([n.conjunction([b, c]), n.conjunction([a ^ 1, n.parity([b, c])])]))
        self.assertNotEqual(one, n.conjunction([one, d]))

    def test_sums_are_the_same_in_any_order(self):
        n = canonical.Canonical("")
        words = [[n.variable(f"{name}{i}") for i in range(4)] + [logic.FALSE] * 4 for name in "abc"]
        five, eight = [1, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0]

        def total(*parts):
            result = parts[0]
            for part in parts[1:]:
                result = arithmetic.total(n, result, part)
            return result
        self.assertEqual(total(*words, five, eight), total(eight, total(words[2], five), total(*words[:2])))
        # 8 added to the bits from the third on
        high = total(words[0][3:] + [logic.FALSE] * 3, [1] + [logic.FALSE] * 7)
        self.assertEqual(total(words[0], eight, five), total(words[0][:3] + high[:5], five))
        # values, where it overflows as well
        for a, b in ((3, 4), (200, 100)):
            bits = [[value >> i & 1 for i in range(8)] for value in (a, b)]
            self.assertEqual(sum(bit << i for i, bit in enumerate(total(*bits))), (a + b) % 256)


if __name__ == "__main__":
    unittest.main()
