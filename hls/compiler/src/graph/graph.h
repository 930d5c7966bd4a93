// SPDX-License-Identifier: Apache-2.0
// Data-flow graph of one iteration of a kernel, or of a module function.
//
// Nodes are hash-consed and made through simplifying constructors. Values are bit vectors; slices and concatenations
// are wiring. Loop-carried dependences (state registers, memories) are pairs of a source node and a sink node with the
// same number (aux), so the node graph itself is acyclic.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "diagnostics.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace sapulse::hlsc {

using llvm::APInt;
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::SmallVectorImpl;

using NodeId = int;
inline constexpr NodeId kNoNode = -1;

enum class Op : std::uint8_t {
  // sources
  constant,
  undef,     ///< uninitialised variable aux; none are left after settle_undefined()
  input,     ///< bits [lo, lo + width) of the head of input stream aux
  empty,     ///< input stream aux has no data
  full,      ///< output stream aux has no room for the iteration
  argument,  ///< scalar argument aux of a kernel: stable, the same in every stage
  operand,   ///< operand aux of a module function: arrives in stage 0
  state,     ///< register aux, value at the start of the iteration
  // operations
  ram_read,  ///< memory aux at address in[0]
  rom,       ///< table aux at address in[0]
  call,      ///< module aux applied to in[0..]
  bit_not,
  bit_and,
  bit_or,
  bit_xor,
  add,
  sub,
  mul,
  equal,
  uless,
  sless,
  mux,  ///< in[0] ? in[1] : in[2]
  // wiring
  slice,   ///< bits [lo, lo + width) of in[0]
  concat,  ///< in[0] is the least significant part; never nested
  // sinks
  state_next,  ///< register aux takes in[0]
  ram_write,   ///< if in[0]: memory aux at address in[1] takes in[2]
  output,      ///< if in[0]: stream aux gets in[1]; in[2], if there: only such iterations reserve room
  read,        ///< if in[0]: stream aux is popped
  result,      ///< result of a module function: in[0]
  check,       ///< assertion aux: in[0] holds
  port,        ///< if in[0]: output aux takes in[1]
  wait,        ///< if in[0]: the iteration waits for room in output stream aux, which it has asked for
};

const char* op_name(Op op);

struct Node {
  Op op = Op::constant;
  unsigned width = 0;  ///< bits; 0 for sinks
  SmallVector<NodeId, 3> in;
  unsigned lo = 0;  ///< Slice, Input: first bit
  int aux = -1;     ///< number of the stream, register, memory, table, module, argument
  APInt value;      ///< Const
  std::string name;
  int location = -1;  ///< index into Graph::locations

  bool is_wire() const { return op == Op::slice || op == Op::concat || op == Op::constant; }
  bool is_sink() const { return op >= Op::state_next; }
  bool is_source() const { return op >= Op::undef && op <= Op::state; }
  bool is_gate() const { return op == Op::bit_and || op == Op::bit_or || op == Op::bit_xor; }
};

/// A scalar of a payload.
struct Field {
  std::string name;
  unsigned width;
  std::uint64_t offset = 0;  ///< bytes from the start of the object in memory
};
struct Stream {
  std::string name;
  bool is_input = false;
  unsigned width = 0;
  std::vector<Field> fields;  ///< least significant first; empty: one value
  unsigned position = 0;      ///< among the parameters of the kernel
  SourceLocation location;
  std::vector<Field> channels = {};  ///< data ports "tdata", "tkeep", .. of AXI4-Stream; empty: tdata alone
  unsigned element = 0;              ///< of an array of streams
};
struct Register {
  std::string name;
  unsigned width;
  APInt initial;
};
struct Memory {
  std::string name;
  unsigned width, depth;
  bool lut_ram;  ///< combinational read; otherwise block RAM with a read latency of one
  SourceLocation location;
};
struct Table {
  std::string name;
  unsigned width;
  std::vector<APInt> words;
  bool block_ram = false;  ///< read by a clock, with a latency of one; otherwise LUTs
};
struct ScalarPort {
  std::string name;
  unsigned width;
};
/// What callers of a module function need to know.
struct SubModule {
  std::string name;    ///< of the SystemVerilog module
  std::string callee;  ///< of the IR function that stands for a call
  std::vector<ScalarPort> operands;
  unsigned width = 0;     ///< of the result
  int latency = 0;        ///< cycles from operands to result
  int input_levels = 0;   ///< LUT levels between operands and the first register (latency 0: and the result)
  int size = 0;           ///< operations
  bool has_task = false;  ///< can be called as a task in simulation
  std::string native;     ///< qualified name of a function that stays C++
  int output_levels = 0;  ///< LUT levels between the last register and the result (latency 0: the same)
  long luts = 0;          ///< of an instance, roughly
  // Instances that several calls share; the latency of such a call includes its registers.
  int instances = 0;            ///< 0: every call has one of its own
  bool holds_operands = false;  ///< a register behind the multiplexer of each operand
  bool is_product = false;      ///< no module: a multiplier
};

/// LSB-first part of a value.
struct Piece {
  NodeId id;
  unsigned width;
};
/// Bits [lo, lo + width).
struct Segment {
  unsigned lo, width;
};

class Graph {
 public:
  std::vector<Node> nodes;
  std::vector<NodeId> sinks;
  std::vector<Stream> streams;
  std::vector<Register> registers;
  std::vector<Memory> memories;
  std::vector<Table> tables;
  std::vector<ScalarPort> arguments;  ///< of a kernel, or operands of a module function
  std::vector<ScalarPort> outputs;    ///< scalars that a kernel writes
  std::vector<SubModule> modules;
  std::vector<SourceLocation> locations;

  /// Attached to nodes made from now on.
  std::string current_name;
  int current_location = -1;

  Node& operator[](NodeId i) { return nodes[i]; }
  const Node& operator[](NodeId i) const { return nodes[i]; }
  NodeId size() const { return static_cast<NodeId>(nodes.size()); }
  unsigned width(NodeId i) const { return nodes[i].width; }
  /// Cycles from the operands of a node to its value.
  int latency(NodeId i) const;
  SourceLocation location(NodeId i) const {
    return nodes[i].location < 0 ? SourceLocation{} : locations[nodes[i].location];
  }
  /// Copies everything but nodes and sinks.
  void take_declarations(const Graph& other);

  // ---- constructors without simplification
  NodeId make(Op op, unsigned width, ArrayRef<NodeId> in, unsigned lo = 0, int aux = -1, const APInt* value = nullptr);
  NodeId sink(Op op, ArrayRef<NodeId> in, int aux);

  // ---- constructors with simplification
  NodeId constant(const APInt& v) { return make(Op::constant, v.getBitWidth(), {}, 0, -1, &v); }
  NodeId constant(unsigned width, std::uint64_t v) { return constant(APInt(width, v)); }
  NodeId zero(unsigned width) { return constant(width, 0); }
  NodeId slice(NodeId i, unsigned lo, unsigned width);
  NodeId bit(NodeId i, unsigned n) { return slice(i, n, 1); }
  NodeId concat(ArrayRef<NodeId> least_significant_first);
  NodeId zext(NodeId i, unsigned width);  ///< or truncation
  NodeId sext(NodeId i, unsigned width);
  NodeId inverse(NodeId i);
  NodeId gate(Op op, ArrayRef<NodeId> in);  ///< And, Or, Xor
  NodeId conj(NodeId a, NodeId b) { return gate(Op::bit_and, {a, b}); }
  NodeId disj(NodeId a, NodeId b) { return gate(Op::bit_or, {a, b}); }
  NodeId parity(NodeId a, NodeId b) { return gate(Op::bit_xor, {a, b}); }
  NodeId add(NodeId a, NodeId b);
  NodeId sub(NodeId a, NodeId b);
  NodeId mul(NodeId a, NodeId b);
  NodeId equal(NodeId a, NodeId b);
  NodeId uless(NodeId a, NodeId b);
  NodeId sless(NodeId a, NodeId b);
  NodeId mux(NodeId condition, NodeId a, NodeId b);
  NodeId shift_left(NodeId a, NodeId amount);
  NodeId shift_right(NodeId a, NodeId amount, bool arithmetic);
  /// The operation of another node on other operands.
  NodeId remake(const Node& like, ArrayRef<NodeId> in);

  // ---- questions
  bool is_const(NodeId i) const { return nodes[i].op == Op::constant; }
  bool is_zero(NodeId i) const { return is_const(i) && nodes[i].value.isZero(); }
  bool is_ones(NodeId i) const { return is_const(i) && nodes[i].value.isAllOnes(); }
  SmallVector<Piece, 8> pieces(NodeId i) const;
  /// Width without leading zeros that are known.
  unsigned active_width(NodeId i) const;
  /// Segments in which every value is a single piece and constants are all zeros or all ones.
  std::vector<Segment> segments(ArrayRef<NodeId> values) const;

 private:
  NodeId gate_by_segments(Op op, ArrayRef<NodeId> in);
  NodeId gate_of_bits(Op op, ArrayRef<NodeId> in);
  NodeId mux_of_bits(NodeId condition, NodeId a, NodeId b);
  NodeId mux_of_muxes(NodeId condition, NodeId a, NodeId b);
  NodeId mux_of_xor(NodeId condition, NodeId a, NodeId b);
  NodeId mux_by_segments(NodeId condition, NodeId a, NodeId b);
  NodeId equal_by_segments(NodeId a, NodeId b);
  NodeId is_one_of_two(NodeId sum);
  unsigned trailing_zeros(NodeId i) const;

  std::unordered_map<std::string, NodeId> unique_;
};

/// "8'h1f".
std::string literal(const APInt& v);

}  // namespace sapulse::hlsc
