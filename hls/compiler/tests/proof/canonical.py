# SPDX-License-Identifier: Apache-2.0
"""A network (logic.py) in which more functions that are equal are the same node: all functions of a few variables, and sums of
words whatever the order in which they are added, if nothing overflows."""

import arithmetic
import logic


class Canonical(logic.Network):
    """Functions of the variables `few` alone are told by their values."""

    MOST_SHIFT = 8  # bits below a sum that are looked through

    def __init__(self, few):
        super().__init__()
        self.rows = 1 << len(few)
        self.few = {name: k for k, name in enumerate(few)}
        self.values = {logic.FALSE: 0}  # of a node: its value in row i is bit i
        self.of_values = {0: logic.FALSE, (1 << self.rows) - 1: logic.TRUE}
        self.terms = {}                 # of a word that is a sum
        self.sums = {}                  # of terms

    def values_of(self, literal):
        values = self.values.get(literal & ~1)
        return None if values is None else values ^ ((1 << self.rows) - 1 if literal & 1 else 0)

    def make(self, *node):
        values = self.row_values(node)
        if values is not None and values in self.of_values:
            return self.of_values[values]
        literal = super().make(*node)
        if values is not None:
            self.values[literal] = values
            self.of_values[values] = literal
            self.of_values[values ^ ((1 << self.rows) - 1)] = literal ^ 1
        return literal

    def row_values(self, node):
        if node[0] == "variable":
            k = self.few.get(node[1])
            return None if k is None else sum(1 << row for row in range(self.rows) if row >> k & 1)
        operands = [self.values_of(literal) for literal in (node[1] if node[0] in ("and", "xor") else node[1:])]
        if None in operands:
            return None
        if node[0] == "choice":
            return operands[0] & operands[1] | ~operands[0] & operands[2]
        values = operands[0]
        for other in operands[1:]:
            values = values & other if node[0] == "and" else values ^ other
        return values

    # ---- sums

    def known_sum(self, a, b):
        """a + b as wide as both, or None if it may overflow."""
        terms = merged(self.terms_of(a) + self.terms_of(b))
        if len(terms) < 2 or most(terms) >> len(a):
            return None
        total = self.sum_of(terms)
        self.terms[trimmed(total)] = terms
        return total + [logic.FALSE] * (len(a) - len(total))

    def terms_of(self, word):
        """The words whose sum it is; the lowest bits may have been left out of an addition to which they add nothing."""
        word = trimmed(word)
        if word in self.terms:
            return self.terms[word]
        for k in range(1, self.MOST_SHIFT + 1):
            terms = self.terms.get(trimmed(word[k:]), ())
            if sum(not is_constant(term) for term in terms) == 1:
                return tuple((logic.FALSE,) * k + term if is_constant(term) else word[:k] + term for term in terms)
        return (word,) if word else ()

    def sum_of(self, terms):
        if len(terms) == 1:
            return list(terms[0])
        if terms not in self.sums:
            before, last = self.sum_of(terms[:-1]), list(terms[-1])
            width = max(len(before), len(last)) + 1
            total, _ = arithmetic.add(self, (before + [logic.FALSE] * width)[:width], (last + [logic.FALSE] * width)[:width],
                                      logic.FALSE)
            self.sums[terms] = total[:most(terms).bit_length()]
        return self.sums[terms]


def trimmed(word):
    """Without leading zeros, as a key."""
    width = len(word)
    while width and word[width - 1] == logic.FALSE:
        width -= 1
    return tuple(word[:width])


def is_constant(term):
    return all(bit in (logic.FALSE, logic.TRUE) for bit in term)


def most(terms):
    """No sum of them is larger."""
    return sum((1 << len(term)) - 1 for term in terms)


def merged(terms):
    """In order, with one constant."""
    constant = sum(bit << i for term in terms if is_constant(term) for i, bit in enumerate(term))
    words = [term for term in terms if not is_constant(term)]
    if constant:
        words.append(tuple(constant >> i & 1 for i in range(constant.bit_length())))
    return tuple(sorted(words))
