# SPDX-License-Identifier: Apache-2.0
"""Module functions and tables against definitions in other words."""

import logic
import netlist


def prove(options, references, decide):
    """Compares the reference of each function NAME with the MODULE of the file of definitions that has the same operands in the
    same order. A MODULE with a star is compared as polynomials over GF(2)."""
    pairs = dict(definition.split("=") for definition in options.define)
    names = [module.rstrip("*") for module in pairs.values()]
    modules = {}
    for name in dict.fromkeys(names):
        modules |= netlist.read_modules([options.definitions], name, [name], " ".join(set(names)))
    same = {f"{function}_reference": module.rstrip("*") for function, module in pairs.items()}
    return all([compare(function, module, references, modules, same, options, decide) for function, module in pairs.items()])


def compare(function, module, references, modules, same, options, decide):
    algebra = logic.Polynomials() if module.endswith("*") else logic.Network()
    module = module.rstrip("*")
    results = []
    for text in (references[f"{function}_reference"], modules[module]):
        one = netlist.Netlist(text, algebra, "")
        give_operands(one, algebra)
        give_calls(one, algebra, same)
        results.append(one.value("result", 0))
    named = [(f"result[{i}]", a, b) for i, (a, b) in enumerate(zip(*results, strict=True))]
    title = f"{function} is {module}"
    if isinstance(algebra, logic.Network):
        return decide(title, algebra, named, options.seconds)
    wrong = [name for name, a, b in named if a != b]
    print(f"{title}: differs: {', '.join(wrong)}" if wrong else f"{title}: {len(named)} polynomials are equal")
    return not wrong


def give_operands(one, algebra):
    """The same variables on both sides; the ports of a reference are ordered by the numbers in their names."""
    inputs = [name for name, port in one.ports.items() if port["direction"] == "input"]
    inputs.sort(key=lambda name: int(name.removeprefix("argument_")) if name.startswith("argument_") else inputs.index(name))
    for k, name in enumerate(inputs):
        one.give(name, 0, [algebra.variable(f"operand {k}[{i}]") for i in range(len(one.bits(name)))])


def give_calls(one, algebra, same):
    """The result of a function is some value, the same for the same operands."""
    for name, instance in one.instances.items():
        function = same.get(instance.module, instance.module)
        operands = [one.value((name, port), 0) for port in sorted(instance.inputs)]
        for port in instance.outputs:
            one.give((name, port), 0, [algebra.variable(f"{function} of {operands}[{i}]")
                                       for i in range(len(instance.connections[port]))])
