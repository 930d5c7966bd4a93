// SPDX-License-Identifier: Apache-2.0
#include "simulated_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "other_side.h"

namespace sapulse::command {
namespace {

constexpr sim::NodeId kOwnNode = 0;
constexpr sim::NodeId kPeerNode = 1;
constexpr std::uint64_t kWireCycles = 100;  // 0.3 us: the two cards are side by side
// Many round trips, and little of the computer's time.
constexpr std::uint64_t kPingCycles = 6400;
constexpr std::chrono::nanoseconds kPingTime = std::chrono::microseconds(20);  // that many at the assumed clock

sim::Network::MacBytes bytes_of(const MacAddress& mac) {
  sim::Network::MacBytes bytes{};
  std::ranges::copy(std::as_bytes(std::span(mac.bytes())), bytes.begin());
  return bytes;
}

}  // namespace

SimulatedCard::SimulatedCard(const LocalCardOptions& options)
    : ping_time_(options.ns_per_cycle == 0 ? kPingTime : std::chrono::nanoseconds(kPingCycles * options.ns_per_cycle)),
      network_(1) {}

Result<std::unique_ptr<LocalCard>> SimulatedCard::open(const LocalCardOptions& options, Config config) {
  std::unique_ptr<SimulatedCard> card(new SimulatedCard(options));
  if (auto built = card->build(config); !built) return tl::unexpected(built.error());
  if (options.tap) card->tap(options);
  if (auto started = card->start_peer(options, config); !started) return tl::unexpected(started.error());
  // Owned by the network.
  const std::shared_ptr<SimDevice> node(std::shared_ptr<void>(), &card->network_.device(kOwnNode));
  auto device = BackgroundDevice::create(node);
  if (!device) return tl::unexpected(device.error());
  card->device_ = std::move(*device);
  auto endpoint = Endpoint::open(*card->device_, config, options.endpoint);
  if (!endpoint) return tl::unexpected(endpoint.error());
  card->endpoint_ = std::move(*endpoint);
  if (auto set = set_increment(*card->device_, options.ns_per_cycle); !set) return tl::unexpected(set.error());
  return card;
}

Result<void> SimulatedCard::build(Config& config) {
  const JoinedMacs macs = JoinedMacs::of(config);
  lead_paths(config, macs);
  sim::CardOptions options;
  for (const auto& [name, mac] : {std::pair("card", macs.own), std::pair("peer", macs.peer)}) {
    options.seed += 1;
    if (auto added = network_.add(name, bytes_of(mac), options); !added) return tl::unexpected(added.error());
  }
  for (const auto& [from, to] : {std::pair(kOwnNode, kPeerNode), std::pair(kPeerNode, kOwnNode)}) {
    if (auto set = network_.wire(from, to).set_conditions({.delay = kWireCycles}); !set)
      return tl::unexpected(set.error());
  }
  return {};
}

void SimulatedCard::tap(const LocalCardOptions& options) {
  network_.set_tap([this, tap = options.tap, step = options.ns_per_cycle](const sim::Network::Passage& passage) {
    if (passage.node != kOwnNode) return;
    const std::uint64_t cycle = passage.cycle;
    tap({passage.port, passage.direction, step == 0 ? network_.card(kOwnNode).nanoseconds(cycle) : cycle * step,
         passage.frame});
  });
}

Result<void> SimulatedCard::start_peer(const LocalCardOptions& options, const Config& config) {
  const auto other_side = other_side_of(config);
  if (!other_side) return tl::unexpected(other_side.error());
  auto peer = Endpoint::open(network_.device(kPeerNode), *other_side);
  if (!peer) return tl::unexpected(peer.error());
  peer_ = std::move(*peer);
  network_.set_host(kPeerNode, [this]() -> Result<void> { return peer_->poll().map([](std::size_t) {}); });
  return set_increment(network_.device(kPeerNode), options.ns_per_cycle);
}

void SimulatedCard::stop_peer() {
  if (device_) device_->barrier();  // from here on the network stands still
  network_.set_host(kPeerNode, {});
}

/// A card that is closed lets time pass for both.
SimulatedCard::~SimulatedCard() { stop_peer(); }

Result<void> SimulatedCard::close() {
  stop_peer();
  auto closed = endpoint_->close();
  if (peer_ && closed) return peer_->close();
  return closed;
}

}  // namespace sapulse::command
