// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sim/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "step_team.h"

namespace sapulse::sim {
namespace {

// Cycles between two exchanges of frames and looks at the hosts: short against any delay worth simulating, long against
// the cost of bringing the threads together.
constexpr std::uint64_t kStepCycles = 64;

Network::MacBytes destination(const Frame& frame) {
  Network::MacBytes mac{};
  std::copy_n(frame.begin(), std::min(mac.size(), frame.size()), mac.begin());
  return mac;
}

/// Marks a host as waiting while it is inside its device.
class Waiting {
 public:
  explicit Waiting(bool& flag) : flag_(flag), before_(std::exchange(flag, true)) {}
  ~Waiting() { flag_ = before_; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  bool& flag_;
  bool before_;
};

}  // namespace

Network::Network(std::uint64_t seed) : seed_(seed) {}
Network::~Network() = default;

Result<NodeId> Network::add(const std::string& name, const MacBytes& mac, const CardOptions& options) {
  auto device = SimDevice::create(options);
  if (!device) return tl::unexpected(device.error());
  const NodeId id = nodes_.size();
  auto node = std::make_unique<Node>();
  node->name = name;
  node->mac = mac;
  node->device = std::move(*device);
  node->offset = cycle_ - std::min(cycle_, node->device->card().cycle());
  node->device->set_pass_time([this, &waiting = node->waiting](std::uint64_t cycles) {
    const Waiting guard(waiting);
    return advance(cycles);
  });
  nodes_.push_back(std::move(node));
  for (NodeId from = 0; from <= id; ++from) {
    auto& wires = nodes_[from]->wires;
    while (wires.size() <= id) wires.emplace_back(seed_ * 0x10001 + from * 0x100 + wires.size());
  }
  // A fast model takes less time than bringing threads together.
  if (options.model == ModelKind::rtl) ++verilated_;
  team_ = std::make_unique<StepTeam>(
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, std::max<std::size_t>(verilated_, 1)));
  return id;
}

void Network::set_host(NodeId node, Host host) { nodes_.at(node)->host = std::move(host); }

Result<void> Network::advance(std::uint64_t cycles) {
  // Hosts that wait let time pass, too: the end may have been reached in a nested call.
  const std::uint64_t end = cycle_ + cycles;
  while (cycle_ < end) {
    if (auto stepped = step(std::min(kStepCycles, end - cycle_)); !stepped) return stepped;
  }
  return {};
}

std::uint64_t Network::now(const Node& node) const { return node.offset + node.device->card().cycle(); }

Result<void> Network::step(std::uint64_t cycles) {
  const std::uint64_t target = cycle_ + cycles;
  team_->run(nodes_.size(), [&](std::size_t i) {
    Node& node = *nodes_[i];
    if (const std::uint64_t reached = now(node); reached < target) node.device->card().step(target - reached);
  });
  cycle_ = target;
  for (NodeId id = 0; id < nodes_.size(); ++id) collect(id);
  for (NodeId id = 0; id < nodes_.size(); ++id) deliver(id);
  tell_tap();
  for (const auto& node : nodes_) {
    if (auto good = node->device->check(); !good) {
      return failure(good.error().code, fmt::format("{}: {}", node->name, good.error().message));
    }
  }
  return run_hosts();
}

void Network::collect(NodeId from) {
  Node& node = *nodes_[from];
  Card& card = node.device->card();
  for (const Port port : {Port::line, Port::core}) (void)card.take_input_times(port);
  for (OutputFrame& output : card.take_output(Port::line)) {
    note(from, Port::line, Direction::out, node.offset + output.last_cycle, output.bytes);
    const auto mac = destination(output.bytes);
    const auto to =
        std::ranges::find_if(nodes_, [&](const auto& other) { return other.get() != &node && other->mac == mac; });
    if (to == nodes_.end()) {
      ++unrouted_;
      continue;
    }
    node.wires[static_cast<NodeId>(to - nodes_.begin())].offer(node.offset + output.last_cycle,
                                                               std::move(output.bytes));
  }
  for (const OutputFrame& output : card.take_output(Port::core)) {
    note(from, Port::core, Direction::out, node.offset + output.last_cycle, output.bytes);
  }
}

void Network::deliver(NodeId to) {
  for (NodeId from = 0; from < nodes_.size(); ++from) {
    if (from == to) continue;
    for (Frame& frame : nodes_[from]->wires[to].take(cycle_)) {
      note(to, Port::line, Direction::in, cycle_, frame);
      (void)nodes_[to]->device->card().send(Port::line, std::move(frame));  // refuses empty frames only
    }
  }
}

void Network::note(NodeId node, Port port, Direction direction, std::uint64_t cycle, const Frame& frame) {
  if (tap_) noted_.emplace(cycle, Passage{node, port, direction, cycle, frame});
}

void Network::tell_tap() {
  const auto end = noted_.upper_bound(cycle_);
  for (auto next = noted_.begin(); next != end; next = noted_.erase(next)) tap_(next->second);
}

Result<void> Network::run_hosts() {
  for (const auto& node : nodes_) {
    if (!node->host || node->waiting) continue;
    const Waiting guard(node->waiting);
    if (auto done = node->host(); !done) {
      return failure(done.error().code, fmt::format("{}: {}", node->name, done.error().message));
    }
  }
  return {};
}

}  // namespace sapulse::sim
