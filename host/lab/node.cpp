// SPDX-License-Identifier: Apache-2.0
#include "node.h"

#include <algorithm>
#include <random>
#include <utility>

#include "sapulse/registers.h"

namespace sapulse::lab {
namespace {

/// Time limits of the library count on the card's clock: none may be shorter than this many cycles.
constexpr std::int64_t kPatienceCycles = 50'000;
/// Within these the card has told its host of what has happened: hosts look every 1024, and events take up to some 300
/// on the RTL, more where many SAs change at once.
constexpr std::uint64_t kTellCycles = 4096;

CardOptions card_options(std::uint32_t ns_per_cycle) {
  const std::chrono::nanoseconds patience(kPatienceCycles * ns_per_cycle);
  CardOptions options;
  options.ready_timeout = std::max(options.ready_timeout, patience);
  options.command_timeout = std::max(options.command_timeout, patience);
  return options;
}

}  // namespace

Node::Node(sim::Network& network, sim::NodeId id, Config config, std::uint32_t ns_per_cycle, ChangeHandler handler)
    : network_(network),
      id_(id),
      config_(std::move(config)),
      ns_per_cycle_(ns_per_cycle),
      handler_(std::move(handler)) {}

Node::~Node() { stop_host(); }

Result<void> Node::start(std::span<const SaParameters> sas) {
  EndpointOptions options;
  options.card = card_options(ns_per_cycle_);
  // The same scenario shall give the same run, and yet no life of a card be like another.
  std::mt19937_64 random(network_.cycle() + id_);
  options.card.start = CardStart{.time = network_.cycle() * ns_per_cycle_,
                                 .transaction_seed = static_cast<std::uint32_t>(random()),
                                 .source_key = random()};
  options.errors.hash_key.emplace();
  options.monitor.jitter_seed = static_cast<std::uint32_t>(random());
  auto endpoint = Endpoint::open(network_.device(id_), config_, options);
  if (!endpoint) return tl::unexpected(endpoint.error());
  endpoint_ = std::move(*endpoint);
  if (auto set = set_clock(); !set) return set;
  endpoint_->monitor().set_handler(handler_);
  endpoint_->set_exception_observer(
      [this](const Exception&, ErrorVerdict verdict) { ++verdicts_.at(static_cast<std::size_t>(verdict)); });
  if (auto installed = endpoint_->sas().add(sas); !installed) return installed;
  network_.set_host(id_, [this]() -> Result<void> {
    const std::uint64_t now = network_.cycle();
    return endpoint_->poll().map([&](std::size_t) { heard_ = now - std::min(now, kTellCycles); });
  });
  return {};
}

Result<void> Node::set_clock() {
  Card& card = endpoint_->card();
  // 16.32 fixed point: fraction in the low register, committed by the high one.
  return card.device()
      .write32(regs::offset::kTimeIncrement, 0)
      .and_then([&] { return card.device().write32(regs::offset::kTimeIncrement + 4, ns_per_cycle_); })
      .and_then([&] { return card.set_time(network_.cycle() * ns_per_cycle_); });
}

Result<void> Node::crash() {
  network_.set_host(id_, {});
  endpoint_.reset();
  return network_.device(id_).reset();
}

Result<void> Node::install(const SaParameters& sa) {
  SaManager& sas = endpoint_->sas();
  const auto installed = sas.find(sa.in.spi) != nullptr ? sas.replace(sa.in.spi, sa) : sas.add(sa);
  return installed.map([](std::uint32_t) {});
}

Result<void> Node::close() {
  network_.set_host(id_, {});
  return endpoint_->close();
}

std::size_t Node::count(Liveness state) const {
  return static_cast<std::size_t>(std::ranges::count(endpoint_->monitor().list(), state, &LivenessInfo::state));
}

}  // namespace sapulse::lab
