# SPDX-License-Identifier: Apache-2.0
"""Boolean functions in two forms, with the same methods.

Network: a graph of conjunctions, parities and choices in which equal functions mostly are one node, because conjunctions and
parities are kept flat and sorted: trees of the same operands are the same node, however they were cut. What is left is for a
SAT solver. A literal is twice a node's number, plus one if it is inverted.

Polynomials: sums modulo 2 of products of variables, which are the same exactly if the functions are: for products over GF(2),
of which no solver can say that they are equal.
"""

FALSE, TRUE = 0, 1  # literals of a network


class Network:
    """Operands of a node have lower numbers than it."""

    MOST_CONJUNCTS = 64  # a conjunction that would have more stays a tree
    MOST_TERMS = 4096    # so does a parity

    false, true = FALSE, TRUE

    def __init__(self):
        self.nodes = [("false",)]
        self.numbers = {("false",): 0}

    def make(self, *node):
        number = self.numbers.setdefault(node, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return 2 * number

    def variable(self, name):
        return self.make("variable", name)

    def inverse(self, literal):
        return literal ^ 1

    def conjunction(self, literals):
        operands = set()
        for literal in literals:
            node = self.nodes[literal >> 1]
            if literal & 1 == 0 and node[0] == "and" and len(node[1]) + len(operands) < self.MOST_CONJUNCTS:
                operands.update(node[1])
            else:
                operands.add(literal)
        operands.discard(TRUE)
        if FALSE in operands or any(literal ^ 1 in operands for literal in operands):
            return FALSE
        if len(operands) > 1:
            return self.make("and", tuple(sorted(operands)))
        return operands.pop() if operands else TRUE

    def disjunction(self, literals):
        return self.conjunction([literal ^ 1 for literal in literals]) ^ 1

    def parity(self, literals):
        inverted, terms = 0, set()
        for literal in literals:
            inverted ^= literal & 1
            node = self.nodes[literal >> 1]
            if node[0] == "xor" and len(node[1]) + len(terms) < self.MOST_TERMS:
                terms.symmetric_difference_update(node[1])
            elif literal >> 1:
                terms.symmetric_difference_update((literal & ~1,))
        if len(terms) > 1:
            return self.make("xor", tuple(sorted(terms))) ^ inverted
        return (terms.pop() if terms else FALSE) ^ inverted

    def choice(self, condition, yes, no):
        """condition ? yes : no"""
        if condition & 1:
            condition, yes, no = condition ^ 1, no, yes
        if yes == no or condition == FALSE:
            return no
        if yes ^ 1 == no:
            return self.parity([condition, no])
        if yes in (TRUE, condition):
            return self.disjunction([condition, no])
        if yes in (FALSE, condition ^ 1):
            return self.conjunction([condition ^ 1, no])
        if no in (FALSE, condition):
            return self.conjunction([condition, yes])
        if no in (TRUE, condition ^ 1):
            return self.disjunction([condition ^ 1, yes])
        inverted = yes & 1
        return self.make("choice", condition, yes ^ inverted, no ^ inverted) ^ inverted

    def known_sum(self, _a, _b):
        """A sum is what it is made of."""
        return None

    def operands(self, number):
        node = self.nodes[number]
        return node[1] if node[0] in ("and", "xor") else node[1:] if node[0] == "choice" else ()

    def simulate(self, patterns, value_of):
        """The values of literals in so many assignments at once, as the bits of a number; value_of(number of a node): those of a
        variable."""
        ones, values = (1 << patterns) - 1, []

        def of(literal):
            return values[literal >> 1] ^ (ones if literal & 1 else 0)
        for number, node in enumerate(self.nodes):
            if node[0] == "variable":
                value = value_of(number)
            elif node[0] == "and":
                value = ones
                for literal in node[1]:
                    value &= of(literal)
            elif node[0] == "xor":
                value = 0
                for literal in node[1]:
                    value ^= of(literal)
            elif node[0] == "choice":
                condition = of(node[1])
                value = condition & of(node[2]) | ~condition & of(node[3])
            else:
                value = 0
            values.append(value)
        return of


class Polynomials:
    """A function is the set of its products, a product the set of its variables."""

    false, true = frozenset(), frozenset([frozenset()])

    def variable(self, name):
        return frozenset([frozenset([name])])

    def inverse(self, function):
        return function ^ self.true

    def conjunction(self, functions):
        product = self.true
        for function in functions:
            terms = set()
            for one in product:
                for other in function:
                    terms ^= {one | other}
            product = frozenset(terms)
        return product

    def disjunction(self, functions):
        return self.inverse(self.conjunction([self.inverse(function) for function in functions]))

    def parity(self, functions):
        terms = set()
        for function in functions:
            terms.symmetric_difference_update(function)
        return frozenset(terms)

    def known_sum(self, _a, _b):
        return None

    def choice(self, condition, yes, no):
        return self.parity([no, self.conjunction([condition, self.parity([yes, no])])])
