# SPDX-License-Identifier: Apache-2.0
"""All random kernels in one module, so that Verilator and the C++ compiler run once, and its test."""

from kernel import LICENSE, Kernel


def ports_of(kernel: Kernel) -> list[tuple[str, str, str]]:
    """(direction, range, port of the kernel)"""
    ports = []
    for streams, forward, backward in ((kernel.inputs(), "input", "output"), (kernel.outputs(), "output", "input")):
        for name, width in streams:
            ports.append((forward, f"[{width - 1}:0] ", f"{name}_tdata"))
            ports.append((forward, "", f"{name}_tvalid"))
            ports.append((backward, "", f"{name}_tready"))
    return ports


def wrapper_of(kernels: list[Kernel]) -> str:
    ports = "".join(f",\n    {direction} wire {bits}{k.name}_{port}"
                    for k in kernels for direction, bits, port in ports_of(k))
    instances = "".join(
        f"`ifdef LOCKSTEP\n  {k.name}_lockstep\n`else\n  {k.name}\n`endif\n    i_{k.name} (.ap_clk, .ap_rst_n"
        + "".join(f",\n      .{port}({k.name}_{port})" for _, _, port in ports_of(k)) + ");\n" for k in kernels)
    return (f"{LICENSE}`default_nettype none\n\nmodule random_kernels (\n    input wire ap_clk,\n"
            f"    input wire ap_rst_n{ports}\n);\n{instances}endmodule\n\n`default_nettype wire\n")


def test_of(kernels: list[Kernel]) -> str:
    includes = "".join(f"#include \"{k.name}.h\"\n" for k in kernels)
    quiet = "".join(f"    m.{k.name}_{name}_tvalid = 0;\n" for k in kernels for name, _ in k.inputs())
    tests = "".join(
        f"template <class Model>\nvoid seed_{k.seed}() {{\n"
        f"  using namespace {k.name}_types;\n"
        f"  random_kernel_test<Model, first_t, second_t, result_t, ap_uint<{k.side_width}>> test("
        f"\"{k.name}\", {k.name});\n"
        f"  test.bench.setup(quiet<Model>);\n"
        f"  COSIM_SOURCE(test.bench, {k.name}_a, test.a);\n"
        f"  COSIM_SOURCE(test.bench, {k.name}_b, test.b);\n"
        f"  COSIM_SINK(test.bench, {k.name}_out, test.out);\n"
        f"  COSIM_SINK(test.bench, {k.name}_side, test.side);\n"
        f"  test.check();\n}}\n"
        f"TEST(RandomKernel, Seed{k.seed}) {{ seed_{k.seed}<Vrandom_every_cycle>(); }}\n"
        f"TEST(RandomKernel, Seed{k.seed}Slower) {{ seed_{k.seed}<Vrandom_slower>(); }}\n\n" for k in kernels)
    return (f"{LICENSE}#include \"Vrandom_every_cycle.h\"\n#include \"Vrandom_slower.h\"\n{includes}"
            f"#include \"random_kernel_test.h\"\n\nnamespace {{\n\n"
            f"template <class Model>\nvoid quiet(Model& m) {{\n{quiet}}}\n\n{tests}}}  // namespace\n")
