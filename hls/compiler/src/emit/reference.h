// SPDX-License-Identifier: Apache-2.0
// What a proof compares the RTL with: a graph as it is before the schedule, as combinational SystemVerilog without
// stages, registers and memories. Shares nothing with the emitter of RTL but the graph.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// The name of the reference of a module.
std::string reference_name(const std::string& module);

/// A module `<module>_reference`. Streams, registers, arguments, memories and output scalars have the numbers that they
/// have in the graph, reads of memories that of their node.
///   inputs   stream_<n>_word, stream_<n>_empty, stream_<n>_full; register_<n>; argument_<n>, also operands;
///            read_<n>_word
///   outputs  stream_<n>_read: is popped; stream_<n>_wait: waits for room that it has asked for; stream_<n>_write,
///            stream_<n>_data, stream_<n>_reserve: only then room is reserved; register_<n>_next; read_<n>_address;
///            memory_<n>_write, memory_<n>_address, memory_<n>_data; output_<n>_write, output_<n>_data; result
/// A call is an instance `call_<n>` of the reference of the module function, n being its node; so is a read of a table
/// in block RAM, of `<module>_<table>_rom_reference`.
std::string emit_reference(const Graph& graph, const std::string& module);

}  // namespace sapulse::hlsc
