// SPDX-License-Identifier: Apache-2.0
#include "watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "outer_headers.h"
#include "support/convert.h"
#include "traffic/requester.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kMostSas = 65536;
const MacAddress kOwnMac({0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x01});
const MacAddress kPeerMac({0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x02});
const traffic::Bytes kSecret(32, 0x5a);
constexpr std::uint64_t kPeerTakes = 500;  // ns of its clock

}  // namespace

Watch::Watch(Rig& rig, const traffic::Config& config, const LivenessSettings& settings)
    : rig_(rig), config_(config), peer_(traffic::peer_of(config, kSecret)) {
  Config parsed = must(parse_config(traffic::to_yaml(config), "test", kMostSas), "configuration");
  for (SaParameters& sa : parsed.sas) {
    sa.path = Path{.own_mac = kOwnMac, .peer_mac = kPeerMac};
    sa.liveness = settings;
  }
  endpoint_ = must(Endpoint::open(rig.device(), parsed), "endpoint");
  endpoint_->monitor().set_handler([this](const LivenessChange& change) { changes_.push_back(change); });
}

void Watch::poll() {
  must(endpoint_->poll(), "poll");
  must(rig_.device().relax(), "card");
  for (const traffic::Bytes& frame : rig_.take(Side::line)) answer(frame);
}

void Watch::answer(const traffic::Bytes& frame) {
  if (const auto spi = sa_spi(std::as_bytes(std::span(frame))); spi && silent_.contains(*spi)) return;
  const traffic::Verdict verdict = peer_.process(frame);
  if (!verdict.answer) return;
  std::optional<traffic::Telemetry> telemetry;
  if (verdict.answer->telemetry) {
    telemetry = traffic::read_telemetry(verdict.answer->plaintext);
    telemetry->t_receive = peer_time_ += 1000;
    telemetry->t_transmit = peer_time_ + kPeerTakes;
  }
  answers_.push_back(verdict.answer->frame(telemetry));
  rig_.send(Side::line, answers_.back());
}

void Watch::until(const std::function<bool()>& condition, const char* what) {
  const std::uint64_t start = must(endpoint_->card().time(), "time");
  while (!condition()) {
    constexpr unsigned kPollsPerLook = 16;  // looking at the clock costs register accesses
    for (unsigned i = 0; i < kPollsPerLook && !condition(); ++i) poll();
    if (must(endpoint_->card().time(), "time") - start > static_cast<std::uint64_t>(patience.count())) {
      throw std::runtime_error(fmt::format("{}: not within {} ns", what, patience.count()));
    }
  }
}

void Watch::pass(std::chrono::nanoseconds time) {
  const std::uint64_t end = must(endpoint_->card().time(), "time") + static_cast<std::uint64_t>(time.count());
  until([&] { return must(endpoint_->card().time(), "time") >= end; }, "time passes");
}

void Watch::silence(std::size_t sa, bool silent) {
  const std::uint32_t spi = config_.sas.at(sa).out.spi;
  if (silent) {
    silent_.insert(spi);
  } else {
    silent_.erase(spi);
  }
}

void Watch::lose_secret() {
  const traffic::Bytes other(kSecret.size(), 0xa5);
  peer_ = traffic::Reference(traffic::peer_of(config_, other));
}

bool Watch::all(Liveness state) const {
  const auto list = endpoint_->monitor().list();
  return std::ranges::all_of(list, [&](const LivenessInfo& sa) { return sa.state == state; });
}

void Watch::close() { must(endpoint_->close(), "close"); }

}  // namespace sapulse::test
