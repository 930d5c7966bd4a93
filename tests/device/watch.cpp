// SPDX-License-Identifier: Apache-2.0
#include "watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sapulse/registers.h"
#include "support/convert.h"

namespace sapulse::test {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kMostSas = 65536;
const MacAddress kOwnMac({0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x01});
const MacAddress kPeerMac({0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x02});

/// Limits of waiting count on the card's clock: none may be less than this many cycles.
constexpr std::int64_t kPatienceCycles = 50'000;

Config library_config(const traffic::Config& config, const LivenessSettings& liveness) {
  Config parsed = must(parse_config(traffic::to_yaml(config), "test", kMostSas, NextField::allowed), "configuration");
  parsed.card.prober = false;  // until there is a peer that answers
  for (SaParameters& sa : parsed.sas) {
    sa.path = Path{.own_mac = kOwnMac, .peer_mac = kPeerMac};
    sa.liveness = liveness;
  }
  return parsed;
}

std::size_t index(Liveness state) { return static_cast<std::size_t>(state); }

}  // namespace

Watch::Watch(Rig& rig, const traffic::Config& config, const WatchOptions& options)
    : rig_(rig), config_(config), patience_(options.patience), peer_(config, options.link, options.seed) {
  EndpointOptions endpoint;
  endpoint.card.interrupts = false;  // as in Session
  endpoint.card.command_timeout =
      std::max(endpoint.card.command_timeout, nanoseconds(kPatienceCycles * options.ns_per_cycle));
  endpoint_ = must(Endpoint::open(rig.device(), library_config(config, options.liveness), endpoint), "endpoint");
  in_state_[index(Liveness::init)] = config.sas.size();
  endpoint_->monitor().set_handler([this](const LivenessChange& change) {
    --in_state_.at(index(change.from));
    ++in_state_.at(index(change.to));
    changes_.push_back(change);
  });
  if (options.ns_per_cycle != 0) set_clock(options.ns_per_cycle);
  set_probing(true);
}

void Watch::set_clock(std::uint32_t ns_per_cycle) {
  // 16.32 fixed point: fraction in the low register, committed by the high one.
  must(rig_.device().write32(regs::offset::kTimeIncrement, 0), "clock");
  must(rig_.device().write32(regs::offset::kTimeIncrement + 4, ns_per_cycle), "clock");
}

void Watch::set_probing(bool on) {
  CardConfig card = endpoint_->card().config();
  card.prober = on;
  must(endpoint_->card().configure(card), "configuration");
}

void Watch::poll() {
  must(endpoint_->poll(), "poll");
  must(rig_.device().relax(), "card");
  const std::uint64_t now = peer_.link().delay > nanoseconds::zero() ? time() : 0;
  for (const traffic::Bytes& frame : rig_.take(Side::line)) peer_.receive(frame, now);
  const std::vector<traffic::Bytes> arrived = peer_.arrived(now);
  if (!arrived.empty()) rig_.send(Side::line, arrived);
}

void Watch::until(const std::function<bool()>& condition, const char* what) {
  const std::uint64_t start = time();
  while (!condition()) {
    constexpr unsigned kPollsPerLook = 16;  // looking at the clock costs register accesses
    for (unsigned i = 0; i < kPollsPerLook && !condition(); ++i) poll();
    if (time() - start > static_cast<std::uint64_t>(patience_.count())) {
      throw std::runtime_error(fmt::format("{}: not within {} ns", what, patience_.count()));
    }
  }
}

void Watch::pass(nanoseconds time_to_pass) {
  const std::uint64_t end = time() + static_cast<std::uint64_t>(time_to_pass.count());
  while (time() < end) poll();
}

std::uint64_t Watch::time() { return must(endpoint_->card().time(), "time"); }

bool Watch::all(Liveness state) const { return in_state_.at(index(state)) == config_.sas.size(); }

bool Watch::all_tokens_known() const {
  return std::ranges::all_of(endpoint_->monitor().list(), &LivenessInfo::token_known);
}

void Watch::close() { must(endpoint_->close(), "close"); }

}  // namespace sapulse::test
