// SPDX-License-Identifier: Apache-2.0
// Several simulated cards, joined by wires at their line ports, with their hosts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/sim/card.h"
#include "sapulse/sim/wire.h"
#include "sapulse/sim_device.h"

namespace sapulse::sim {

class StepTeam;

/// Number of a node, from 0 in the order of add().
using NodeId = std::size_t;

/// Cards that run on one clock. Every node is joined to every other one by a pair of wires (one a direction); a frame
/// takes the wire to the node whose MAC address it is sent to. Frames to nobody are counted and gone.
///
/// Time passes in advance(), and in the relax() and wait_interrupt() of the nodes' devices, which call it: while one
/// host waits for its card, all cards and the other hosts go on. Register accesses let time pass for their own card
/// only; the others catch up with the next advance(), so the cards' clocks differ by a few cycles at most.
///
/// Deterministic: same cards, calls and seed give the same frames in the same cycles. Not thread-safe; it uses threads
/// of its own inside advance().
class Network {
 public:
  /// Runs a node's host: polls its library. Must not call advance() other than through its own device.
  using Host = std::function<Result<void>()>;
  using MacBytes = std::array<std::byte, 6>;
  /// A frame at a port of a card.
  struct Passage {
    NodeId node;
    Port port;
    Direction direction;
    std::uint64_t cycle;  ///< of the network, in which its last beat leaves, or it begins to come in
    Frame frame;
  };
  /// Sees all frames, in the order of their cycles.
  using Tap = std::function<void(const Passage&)>;

  explicit Network(std::uint64_t seed);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Adds a card; the result is its number. Its clock starts at that of the others. Errors: those of Card::create.
  Result<NodeId> add(const std::string& name, const MacBytes& mac, const CardOptions& options);
  /// The host of a node: called once per step of advance(), unless it is that host that waits. Its first error ends
  /// advance() with it.
  void set_host(NodeId node, Host host);
  void set_tap(Tap tap) { tap_ = std::move(tap); }

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const std::string& name(NodeId node) const { return nodes_.at(node)->name; }
  /// The node's card as a Device: relax() and wait_interrupt() let time pass for the whole network.
  [[nodiscard]] SimDevice& device(NodeId node) { return *nodes_.at(node)->device; }
  [[nodiscard]] Card& card(NodeId node) { return device(node).card(); }
  [[nodiscard]] Wire& wire(NodeId from, NodeId to) { return nodes_.at(from)->wires.at(to); }

  /// Lets `cycles` cycles pass. Errors: of a host, or of a card (device_error, dma_fault: the message names the node).
  Result<void> advance(std::uint64_t cycles);
  /// Cycles since construction: what every card has reached.
  [[nodiscard]] std::uint64_t cycle() const { return cycle_; }
  /// Frames sent to an address that no other node has.
  [[nodiscard]] std::uint64_t unrouted() const { return unrouted_; }

 private:
  struct Node {
    std::string name;
    MacBytes mac;
    std::unique_ptr<SimDevice> device;
    std::uint64_t offset = 0;  // cycle of the network in which the card was made
    std::deque<Wire> wires;    // by destination; that to itself is never used
    Host host;
    bool waiting = false;  // its host is inside advance()
  };

  Result<void> step(std::uint64_t cycles);
  Result<void> run_hosts();
  void collect(NodeId from);
  void deliver(NodeId to);
  void note(NodeId node, Port port, Direction direction, std::uint64_t cycle, const Frame& frame);
  void tell_tap();
  [[nodiscard]] std::uint64_t now(const Node& node) const;

  std::uint64_t seed_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::size_t verilated_ = 0;  // of these
  std::unique_ptr<StepTeam> team_;
  Tap tap_;
  std::multimap<std::uint64_t, Passage> noted_;  // what the tap has not been told; a card may be ahead of the others
  std::uint64_t cycle_ = 0;
  std::uint64_t unrouted_ = 0;
};

}  // namespace sapulse::sim
