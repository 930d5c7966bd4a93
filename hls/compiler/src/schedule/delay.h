// SPDX-License-Identifier: Apache-2.0
// The delay model: LUT6 levels per bit. All constants about delays are here.
//
// Small cones are packed greedily into 6-input LUTs, bit by bit, because word-level delays see ladders of shifts and
// XORs as a hundred levels deep. The estimate is within one level of what Yosys maps; it is no timing closure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

namespace delay {

inline constexpr unsigned kLutInputs = 6;
inline constexpr unsigned kWideMuxInputs = kLutInputs + 2;  ///< of four LUTs behind the multiplexers of a slice
/// One LUT6 with its net, and clock-to-output, setup and uncertainty; rough figures for UltraScale+ -2.
inline constexpr double kLevelNs = 0.45;
inline constexpr double kOverheadNs = 1.2;
/// LUT levels that fit a clock period: 322.27 MHz -> 4, 250 MHz -> 6; at least 1.
int levels_for(double megahertz);
/// The fastest clock, in whole MHz, whose period so many LUT levels fit.
int megahertz_for(int levels);

/// Clock to data of a block RAM without a register at its output; of a memory, with the forwarding multiplexer.
inline constexpr int kBlockRamOutput = 2;
inline constexpr int kLutRamRead = 3;
inline constexpr int kMultiply = 8;
inline constexpr int kCarryBitsPerLevel = 24;
inline constexpr int kCompareBitsPerLevel = 48;
inline constexpr int kCompareBitsInALevel =
    8;                                  ///< one CARRY8 behind its LUTs; beyond, getting off the chain costs a level
int rom_levels(unsigned address_bits);  ///< 6 bits: one LUT6, 8 bits: with wide multiplexers

}  // namespace delay

/// Levels of all bits of a graph that is being scheduled.
class Timing {
 public:
  /// @param stage of every node, kept up to date by the caller; -1: not placed
  Timing(const Graph& g, const std::vector<int>& stage) : g_(g), stage_(stage) { grow(); }
  /// To be called after nodes have been added.
  void grow();

  /// Cycles from the operands of a node to its value.
  int latency(NodeId i) const { return g_.latency(i); }
  /// Stage in which a node uses its operands.
  int input_stage(NodeId i) const { return stage_[i] - latency(i); }
  /// Computes the levels of the bits of node i as if it stood in a stage; returns the worst level on its way.
  int evaluate(NodeId i, int stage);
  /// Worst level of a value as seen in a stage.
  int level_of(NodeId value, int stage);

  /// Global numbers of the bits of a value, -1 for constants.
  const std::vector<int>& bits(NodeId value);
  NodeId owner(int bit) const { return owner_[bit]; }
  std::size_t bit_count() const { return owner_.size(); }
  void set_demand(std::vector<APInt> demand) { demand_ = std::move(demand); }
  const APInt& demand(NodeId i) const { return demand_[i]; }

  /// A bit: its level and the LUT that produces it.
  struct Signal {
    std::uint8_t level = 0, inputs = 0;
    std::array<int, delay::kLutInputs> cut{};
    bool operator==(const Signal& o) const {
      return level == o.level && inputs == o.inputs && std::equal(cut.begin(), cut.begin() + inputs, o.cut.begin());
    }
  };
  /// How the bit of an associative gate that has the most levels is made of LUTs. An item is an operand, by its number,
  /// or a group of items: the number of operands and that of the group. The last group is the result; operands that the
  /// bit does not depend on are in none.
  std::vector<std::vector<int>> grouping(NodeId gate);
  std::vector<Signal> save(NodeId i) const;
  void restore(NodeId i, const std::vector<Signal>& saved);

 private:
  struct Cone {
    int level;
    int id;  ///< of its output, when it becomes the input of another LUT
    SmallVector<int, delay::kLutInputs> cut;
    int item = 0;  ///< operand or group of operands of the gate that is being packed
  };
  using Groups = std::vector<std::vector<int>>;
  static bool merge(SmallVectorImpl<int>& into, ArrayRef<int> cut);
  static bool isLeaf(Op op);
  Signal signal_at(int bit, int stage) const;
  Cone cone_at(int bit, int stage) const;
  Signal pack_gate(std::vector<Cone> operands, Groups* groups = nullptr);
  std::vector<Cone> cones_of_gate(NodeId i, unsigned bit, int stage);
  Cone pack_function(ArrayRef<int> bits, int stage);
  int put(int bit, const Cone& c);
  int opaque_bit(int bit, int level);
  int opaque(NodeId i, int level);
  int evaluate_gate(NodeId i, int stage);
  int evaluate_mux(NodeId i, int stage);
  int evaluate_sum(NodeId i, int stage);
  int evaluate_equal(NodeId i, int stage);
  int evaluate_call(NodeId i, int stage);
  int input_level(NodeId i, int stage);

  const Graph& g_;
  const std::vector<int>& stage_;
  std::vector<int> base_;  ///< first global bit of a node
  std::vector<NodeId> owner_;
  std::vector<Signal> signals_;
  std::vector<std::vector<int>> bits_;
  std::vector<APInt> demand_;
  int anonymous_ = -2;  ///< numbers of LUTs inside of nodes; never reused, or different LUTs would look alike
};

}  // namespace sapulse::hlsc
