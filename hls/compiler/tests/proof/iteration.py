# SPDX-License-Identifier: Apache-2.0
"""What of the RTL of a kernel or a module function has to be equal to what of its reference."""

import arithmetic
import canonical
import netlist

CLOCKS = ("ap_clk", "clk")
FAULT = "memory_fault"  # output of kernels whose queues have parity


class Comparison:
    """Pairs of literals with names, and which ports of instances they have covered."""

    title = ""

    def __init__(self, unit, rtl, reference, network):
        self.unit = unit
        self.network = network
        self.rtl = netlist.Netlist(rtl, network, "rtl ")
        self.reference = netlist.Netlist(reference, network, "reference ")
        self.found = []
        self.covered = set()
        self.queues = {s["number"]: f"u_{s['name']}" for s in unit["streams"] if not s["input"]}
        for number, name in enumerate(unit["arguments"]):  # scalar arguments are stable
            if unit["is_kernel"]:
                self.rtl.give(name, None, self.variables(f"argument {number}", self.rtl.bits(name)))

    def variables(self, name, bits):
        return [self.network.variable(f"{name}[{i}]") for i in range(len(bits))]

    def equal(self, name, found, expected, when=None):
        """Notes that two words must be equal, when a condition holds."""
        for i, (one, other) in enumerate(zip(found, expected, strict=True)):
            if when is not None:
                one, other = self.network.conjunction([when, one]), self.network.conjunction([when, other])
            self.found.append((f"{name}[{i}]" if len(found) > 1 else name, one, other))

    def port(self, instance, port, cycle):
        """What an instance of the RTL is given in a cycle."""
        self.covered.add((instance, port))
        return self.rtl.value((instance, port), cycle)

    def bit(self, signal, cycle):
        return self.rtl.value(signal, cycle)[0]

    def both(self, *literals):
        return self.network.conjunction(literals)

    def outputs(self):
        """Output streams with their queues and the stages in which they are written."""
        return [(s, self.queues[s["number"]], s["stage"]) for s in self.unit["streams"] if not s["input"]]

    def check_clocks(self):
        """All registers and instances have the clock of the module."""
        names = [name for name in CLOCKS if name in self.rtl.ports]
        clock = self.rtl.bits(names[0]) if names else [None]
        if self.rtl.clocks - {(clock[0], 1)}:
            raise ValueError(f"{self.unit['module']}: a register has another clock")
        for name, instance in self.rtl.instances.items():
            for port in set(instance.inputs) & set(CLOCKS):
                if instance.connections[port] != clock:
                    raise ValueError(f"{self.unit['module']}: {name} has another clock")
                self.covered.add((name, port))


class Iteration(Comparison):
    """An iteration that starts in cycle 0, whatever happens in front of it and behind it, without a reset."""

    title = "an iteration"

    def pairs(self):
        unit, network = self.unit, self.network
        if unit["is_kernel"]:
            self.rtl.give("ap_rst_n", None, [network.true])
        self.give_shared()
        self.give_reference()
        self.started = self.bit("valid_s0", 0) if unit["is_kernel"] else network.true
        self.compare_calls()
        if unit["is_kernel"]:
            self.compare_start()
            self.compare_state()
            self.compare_memories()
            self.compare_streams()
            self.compare_faults()
            self.compare_scalars()
        else:
            self.equal("result", self.rtl.value("result", unit["last_stage"]), self.reference.value("result", 0))
        self.check_clocks()
        self.check_coverage()
        return self.found

    def give_shared(self):
        """What is the same in RTL and reference, in the stage in which the RTL has it: registers, results, words of memories."""
        for place in self.unit["registers"]:
            name = place["name"]
            self.rtl.give(name, place["stage"], self.variables(f"register {place['number']}", self.rtl.bits(name)))
        for kind in ("calls", "reads"):
            for place in self.unit[kind]:
                signal = (place["instance"], place.get("result", "rdata"))
                self.rtl.give(signal, place["stage"], self.variables(f"{kind} {place['number']}", self.rtl.bits(signal)))

    def give_reference(self):
        """The inputs of the reference, each of which must be known."""
        unit = self.unit
        words = {}
        for place in unit["registers"]:
            words[f"register_{place['number']}"] = self.rtl.value(place["name"], place["stage"])
        for place in unit["reads"]:
            words[f"read_{place['number']}_word"] = self.rtl.value((place["instance"], "rdata"), place["stage"])
        for number, name in enumerate(unit["arguments"]):
            words[f"argument_{number}"] = self.rtl.value(name, 0)
        for stream in unit["streams"]:
            number = stream["number"]
            if stream["input"]:
                words[f"stream_{number}_word"] = [bit for port, _ in stream["ports"] for bit in self.rtl.value(port, 0)]
                words[f"stream_{number}_empty"] = [self.network.inverse(self.bit(f"{stream['name']}_tvalid", 0))]
            else:
                words[f"stream_{number}_full"] = [self.network.inverse(self.bit((self.queues[number], "room"), 0))]
        for name, port in self.reference.ports.items():
            if port["direction"] == "input":
                self.reference.give(name, 0, words[name])
        for place in unit["calls"]:
            signal = (f"call_{place['number']}", "result")
            self.reference.give(signal, 0, self.rtl.value((place["instance"], place["result"]), place["stage"]))

    def expected(self, name, otherwise=None):
        """An output of the reference, which may lack it."""
        self.unchecked.discard(name)
        return self.reference.value(name, 0) if name in self.reference.ports else otherwise

    @property
    def unchecked(self):
        """Outputs of the reference with which nothing has been compared yet."""
        if not hasattr(self, "remaining"):
            self.remaining = {name for name, port in self.reference.ports.items() if port["direction"] == "output"}
        return self.remaining

    def compare_calls(self):
        """Operands of module functions and tables. Results are free, but the same on both sides: calls cannot be each other's
        operands in a ring, so that equal operands everywhere make equal results everywhere."""
        for place in self.unit["calls"]:
            instance, call = place["instance"], self.reference.instances[f"call_{place['number']}"]
            module = self.rtl.instances[instance].module
            if call.module != f"{module}_reference":
                raise ValueError(f"{instance} is a {module}, its reference a {call.module}")
            for k, operand in enumerate(place["operands"]):
                self.equal(f"{instance}.{operand}", self.port(instance, operand, place["stage"] - place["latency"]),
                           self.reference.value((call.name, f"argument_{k}"), 0))

    def compare_start(self):
        """An iteration starts as soon as it can; it takes what it wants."""
        network, needed, no = self.network, [], [self.network.false]
        for stream in self.unit["streams"]:
            number, name = stream["number"], stream["name"]
            if stream["input"]:
                wanted = self.expected(f"stream_{number}_read", no)[0]
                needed.append(network.disjunction([network.inverse(wanted), self.bit(f"{name}_tvalid", 0)]))
                self.equal(f"{name}_tready", self.rtl.value(f"{name}_tready", 0), [self.both(self.started, wanted)])
                continue
            room = self.bit((self.queues[number], "room"), 0)
            waits = self.expected(f"stream_{number}_wait", no)[0]
            always = f"stream_{number}_reserve" not in self.reference.ports
            needed.append(network.disjunction([room, network.false if always else network.inverse(waits)]))
        self.equal("valid_s0", [self.started], [network.conjunction(needed)])

    def compare_state(self):
        """A register that nobody reads may be missing."""
        for place in self.unit["registers"]:
            name, stage = place["name"], place["stage"]
            following = self.expected(f"register_{place['number']}_next")
            before = self.rtl.value(name, stage)
            if following is None:
                following = before
            self.equal(f"{name} in the next iteration", self.rtl.value(name, stage + 1),
                       [self.network.choice(self.started, new, old) for new, old in zip(following, before, strict=True)])
        present = {f"register_{place['number']}" for place in self.unit["registers"]}
        self.remaining = {name for name in self.unchecked
                          if not (name.startswith("register_") and name.removesuffix("_next") not in present)}

    def compare_memories(self):
        """Each read has a memory of its own, and all of them take the same words."""
        for place in self.unit["reads"]:
            instance, stage, number = place["instance"], place["stage"], place["memory"]
            self.equal(f"{instance}.raddr", self.port(instance, "raddr", stage - place["latency"]),
                       self.expected(f"read_{place['number']}_address"))
            writes = self.both(self.started, self.expected(f"memory_{number}_write", [self.network.false])[0])
            self.equal(f"{instance}.we", self.port(instance, "we", stage), [writes])
            for port, what in (("waddr", "address"), ("wdata", "data")):
                found = self.port(instance, port, stage)
                self.equal(f"{instance}.{port}", found, self.expected(f"memory_{number}_{what}", found), writes)

    def compare_streams(self):
        for stream, queue, stage in self.outputs():
            number, name = stream["number"], stream["name"]
            reserved = self.both(self.started, self.expected(f"stream_{number}_reserve", [self.network.true])[0])
            write = self.expected(f"stream_{number}_write")
            self.equal(f"{name}: a slot is reserved", self.port(queue, "issue", 0), [reserved])
            self.equal(f"{name}: a slot needs room", [self.both(reserved, self.bit((queue, "room"), 0))], [reserved])
            self.equal(f"{name}: the end of an iteration", self.port(queue, "done", stage), [reserved])
            self.equal(f"{name}: whether there is a word", self.port(queue, "write", stage), write, reserved)
            self.equal(f"{name}: the word", self.port(queue, "wdata", stage), self.expected(f"stream_{number}_data"),
                       self.both(reserved, write[0]))
            outside = [bit for port, _ in stream["ports"] for bit in self.rtl.value(port, 0)]
            self.equal(f"{name}_tdata", outside, self.rtl.value((queue, "tdata"), 0))
            self.equal(f"{name}_tvalid", self.rtl.value(f"{name}_tvalid", 0), self.rtl.value((queue, "tvalid"), 0))
            self.equal(f"{name}_tready", self.port(queue, "tready", 0), self.rtl.value(f"{name}_tready", 0))
            self.port(queue, "rst_n", 0)  # in reset

    def compare_faults(self):
        """What queues with parity tell is told, whichever it is of."""
        if FAULT in self.rtl.ports:
            told = [self.bit((queue, "fault"), 0) for _, queue, _ in self.outputs()]
            self.equal(FAULT, self.rtl.value(FAULT, 0), [self.network.disjunction(told)])

    def compare_scalars(self):
        for place in self.unit["outputs"]:
            name, number, stage = place["name"], place["number"], place["stage"]
            written = self.both(self.started, self.expected(f"output_{number}_write")[0])
            self.equal(f"{name}_ap_vld", self.rtl.value(f"{name}_ap_vld", stage + 1), [written])
            data, before = self.expected(f"output_{number}_data"), self.rtl.value(name, stage)
            self.equal(name, self.rtl.value(name, stage + 1),
                       [self.network.choice(written, new, old) for new, old in zip(data, before, strict=True)])

    def check_coverage(self):
        """Nothing may be left that has not been compared."""
        self.unchecked.discard("result")
        given = {(name, port) for name, instance in self.rtl.instances.items() for port in instance.inputs
                 if set(instance.connections[port]) - {"0", "1"}}
        calls = {f"call_{place['number']}" for place in self.unit["calls"]}
        left = [f"{name}.{port}" for name, port in given - self.covered] + sorted(self.unchecked)
        left += [name for name in self.reference.instances if name not in calls]
        ends = {"result", FAULT}
        for stream in self.unit["streams"]:
            ends |= {port for port, _ in stream["ports"]} | {f"{stream['name']}_{end}" for end in ("tvalid", "tready")}
        for place in self.unit["outputs"]:
            ends |= {place["name"], f"{place['name']}_ap_vld"}
        left += [name for name, port in self.rtl.ports.items() if port["direction"] == "output" and name not in ends]
        if left:
            raise ValueError(f"{self.unit['module']}: not compared: {', '.join(left)}")


class Reset(Comparison):
    """A reset in cycle 0: nothing of iterations under way comes out behind it, and the state is that of the beginning."""

    title = "a reset"

    def pairs(self):
        network, no = self.network, [self.network.false]
        released = [network.true]
        for cycle in range(self.unit["last_stage"] + 3):
            self.rtl.give("ap_rst_n", cycle, no if cycle == 0 else released)
        self.equal("valid_s0", self.rtl.value("valid_s0", 0), no)
        for stream in self.unit["streams"]:
            if stream["input"]:
                self.equal(f"{stream['name']}_tready", self.rtl.value(f"{stream['name']}_tready", 0), no)
        for place in self.unit["registers"]:
            size, initial = place["initial"].split("'h")
            word = [network.true if int(initial, 16) >> i & 1 else network.false for i in range(int(size))]
            for cycle in range(1, place["stage"] + 2):
                self.equal(f"{place['name']} in cycle {cycle}", self.rtl.value(place["name"], cycle), word)
        for stream, queue, stage in self.outputs():
            self.equal(f"{stream['name']}: reset of the queue", self.port(queue, "rst_n", 0), no)
            self.equal(f"{stream['name']}: its end", self.port(queue, "rst_n", 1), released)
            for cycle in range(1, stage + 1):
                self.equal(f"{stream['name']}: done in cycle {cycle}", self.port(queue, "done", cycle), no)
        for place in self.unit["reads"]:
            for cycle in range(place["stage"] + 1):
                self.equal(f"{place['instance']}.we in cycle {cycle}", self.port(place["instance"], "we", cycle), no)
        for place in self.unit["outputs"]:
            name = place["name"]
            self.equal(f"{name} after a reset", self.rtl.value(name, 1), [network.false] * len(self.rtl.bits(name)))
            for cycle in range(1, place["stage"] + 2):
                self.equal(f"{name}_ap_vld in cycle {cycle}", self.rtl.value(f"{name}_ap_vld", cycle), no)
        return self.found


class Table(Comparison):
    """A table in block RAM, whose two ports give a word one cycle after its address. Behind its words nothing is defined."""

    title = "words"

    def __init__(self, words, rtl, reference):
        names = [f"address[{i}]" for i in range(len(rtl["ports"]["address_a"]["bits"]))]
        super().__init__({"module": "table", "is_kernel": False, "streams": [], "arguments": []}, rtl, reference,
                         canonical.Canonical(names))
        self.address = [self.network.variable(name) for name in names]
        end = [words >> i & 1 for i in range(len(names) + 1)]
        self.inside = arithmetic.less(self.network, [*self.address, self.network.false], end, False)

    def pairs(self):
        self.reference.give("argument_0", 0, self.address)
        for port in "ab":
            self.rtl.give(f"address_{port}", 0, self.address)
            self.equal(f"word_{port}", self.rtl.value(f"word_{port}", 1), self.reference.value("result", 0), self.inside)
        self.check_clocks()
        return self.found
