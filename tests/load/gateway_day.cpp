// SPDX-License-Identifier: Apache-2.0
#include "gateway_day.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <tuple>
#include <utility>

#include "sapulse/counters.h"
#include "sapulse/registers.h"
#include "support/convert.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::size_t kStable = 32;  // SAs with which strangers are busy: they keep their keys, and have no trouble
constexpr std::uint64_t kTurnCycles = 256;
constexpr std::size_t kFloodPortion = 100;    // frames
constexpr std::size_t kFloodWaiting = 200;    // frames in front of the card
constexpr std::size_t kMostComplaints = 100;  // of one day
constexpr std::size_t kRecorded = 1000;       // answers of peers that are kept at least
constexpr std::int64_t kPatienceCycles = 50'000'000;
const MacAddress kOwnMac({0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x01});
const MacAddress kPeerMac({0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x02});

std::uint64_t ns(nanoseconds time) { return static_cast<std::uint64_t>(time.count()); }

std::shared_ptr<SimDevice> make_device(unsigned capacity) {
  sim::CardOptions options;
  options.model = sim::ModelKind::fast;
  options.sa_capacity = capacity;
  return must(SimDevice::create(options), "card");
}

traffic::Config first_config(const DayOptions& options) {
  traffic::Config config = traffic::sample_config(options.seed, options.sas);
  config.reserved.clear();
  return config;
}

traffic::Config stable_part(traffic::Config config) {
  config.sas.resize(std::min(config.sas.size(), kStable));
  return config;
}

Config card_config(traffic::Config config) {
  config.sas.clear();
  return must(parse_config(traffic::to_yaml(config), "the gateway's", 1), "configuration");
}

SaParameters with_liveness(const traffic::Association& from, const LivenessSettings& liveness) {
  SaParameters sa = parameters(from);
  sa.next.reset();  // the library has to know
  sa.path = Path{.own_mac = kOwnMac, .peer_mac = kPeerMac};
  sa.liveness = liveness;
  return sa;
}

/// Memory of this process, bytes (proc(5), statm).
std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

bool resident_is_flat(const DayReport& report, std::size_t hours) {
  constexpr std::size_t kFragments = 8U << 20;
  if (hours == 0 || report.resident.size() <= hours) return true;
  const std::size_t settled = report.resident[hours - 1];
  return report.resident.back() <= settled + settled / 50 + kFragments;
}

GatewayDay::GatewayDay(DayOptions options)
    : options_(std::move(options)),
      random_(options_.seed),
      config_(first_config(options_)),
      device_(make_device(options_.capacity)),
      peer_(config_, {.loss_permyriad = options_.loss_permyriad}, options_.seed),
      flood_(stable_part(config_), options_.seed),
      trouble_(config_.sas.size()),
      reachable_(config_.sas.size()),
      next_rekeyed_(kStable) {
  for (std::size_t sa = 0; sa < config_.sas.size(); ++sa) place_[config_.sas[sa].in.spi] = sa;
  device_->set_pass_time([this](std::uint64_t cycles) { return pass(cycles); });
  open();
}

std::uint64_t GatewayDay::now() const { return device_->card().cycle() * ns(options_.tick); }

void GatewayDay::set_clock() {
  // 16.32 fixed point: fraction in the low register, committed by the high one.
  must(device_->write32(regs::offset::kTimeIncrement, 0), "clock");
  must(device_->write32(regs::offset::kTimeIncrement + 4, static_cast<std::uint32_t>(options_.tick.count())), "clock");
}

void GatewayDay::open() {
  EndpointOptions options;
  options.card.interrupts = false;
  options.card.command_timeout = options_.tick * kPatienceCycles;
  options.monitor.token_refresh = 12 * options_.liveness.interval;
  options.checkpoint = 10min;
  options.state = options_.state;
  options.report = [this](const std::string& line) { complain("reported: " + line); };
  Config config = card_config(config_);
  config.card.prober = false;  // until the clock is right
  const bool first = report_.counts["starts of the service"]++ == 0;
  if (first) {
    for (const traffic::Association& sa : config_.sas) config.sas.push_back(with_liveness(sa, options_.liveness));
  }
  endpoint_ = must(Endpoint::open(*device_, config, options), "endpoint");
  endpoint_->monitor().set_handler([this](const LivenessChange& change) { note(change); });
  set_clock();
  CardConfig card = endpoint_->card().config();
  card.prober = true;
  must(endpoint_->card().configure(card), "configuration");
  const Counters counters = must(endpoint_->card().counters(), "counters");
  offered_ = counters[regs::Counter::line_rx_frames] + device_->card().pending(sim::Port::line);
}

void GatewayDay::complain(const std::string& line) {
  ++report_.counts["complaints"];
  if (report_.complaints.size() == kMostComplaints) return;
  report_.complaints.push_back(
      fmt::format("hour {:.2f}: {}", static_cast<double>(now()) / static_cast<double>(ns(1h)), line));
}

void GatewayDay::note(const LivenessChange& change) {
  ++report_.counts[fmt::format("SAs {}", name(change.to))];
  if (change.to == Liveness::up || change.to == Liveness::init) return;
  const auto place = place_.find(change.spi_in);
  const Trouble trouble = place == place_.end() ? Trouble::none : trouble_[place->second];
  const bool expected = (change.to == Liveness::down && trouble != Trouble::none) ||
                        (change.to == Liveness::lost && trouble == Trouble::forgotten);
  if (!expected) complain("false alarm: " + to_line(change));
}

Liveness GatewayDay::state(std::size_t sa) const {
  const auto found = endpoint_->monitor().find(config_.sas[sa].in.spi);
  return found ? found->state : Liveness::init;
}

void GatewayDay::turn() {
  must(endpoint_->poll(), "poll");
  must(pass(kTurnCycles), "card");
}

Result<void> GatewayDay::pass(std::uint64_t cycles) {
  device_->card().step(cycles);
  for (const sim::OutputFrame& frame : device_->card().take_output(sim::Port::line)) {
    peer_.receive(to_bytes(frame.bytes), now());
  }
  report_.counts["frames passed to the gateway"] += device_->card().take_output(sim::Port::core).size();
  std::ignore = device_->card().take_input_times(sim::Port::line);  // nobody asks for them
  offer(peer_.arrived(now()));
  if (peer_.answers().size() > 2 * kRecorded) peer_.forget_answers(kRecorded);
  return device_->check();
}

void GatewayDay::offer(std::vector<traffic::Bytes> frames) {
  offered_ += frames.size();
  for (const traffic::Bytes& frame : frames) must(device_->card().send(sim::Port::line, to_frame(frame)), "frame");
}

void GatewayDay::until(const std::function<bool()>& condition, nanoseconds patience, const std::string& what) {
  const std::uint64_t end = now() + ns(patience);
  while (!condition()) {
    if (now() >= end) {
      complain("not in time: " + what);
      return;
    }
    turn();
  }
}

traffic::Association GatewayDay::fresh_keys(std::size_t sa, bool fresh_spi) {
  traffic::Association fresh = config_.sas[sa];
  for (traffic::Direction* half : {&fresh.in, &fresh.out}) {
    half->key = random_.bytes(half->key.size());
    half->salt = random_.bytes(half->salt.size());
    half->integrity = random_.bytes(half->integrity.size());
  }
  if (!fresh_spi) return fresh;
  for (traffic::Direction* half : {&fresh.in, &fresh.out}) {
    // As in sample_config(): the lower half is that of no other SA.
    const std::uint32_t old = half->spi;
    while (half->spi == old) half->spi = static_cast<std::uint32_t>(random_.between(1, 0xfffe) << 16) | (old & 0xffffU);
  }
  return fresh;
}

void GatewayDay::rekey(const std::vector<std::size_t>& chosen, bool fresh_spis) {
  std::vector<SaParameters> fresh;
  std::vector<traffic::Association> old;
  for (const std::size_t sa : chosen) {
    old.push_back(config_.sas[sa]);
    config_.sas[sa] = fresh_keys(sa, fresh_spis);
    reachable_[sa] = now();
    place_[config_.sas[sa].in.spi] = sa;
    fresh.push_back(with_liveness(config_.sas[sa], options_.liveness));
    if (fresh_spis) peer_.rekey(sa, config_.sas[sa]);
  }
  if (!fresh_spis) {
    must(endpoint_->sas().put(fresh), "put");
    for (const std::size_t sa : chosen) peer_.rekey(sa, config_.sas[sa]);
  } else if (chosen.size() == 1) {
    must(endpoint_->sas().replace(old.front().in.spi, fresh.front()), "replace");
  } else {
    must(endpoint_->sas().add(fresh), "add");
    std::vector<std::uint32_t> spis;
    for (const traffic::Association& sa : old) spis.push_back(sa.in.spi);
    must(endpoint_->sas().remove(spis), "remove");
  }
  for (const traffic::Association& sa : old) {
    if (!fresh_spis) continue;
    place_.erase(sa.in.spi);
    peer_.retire(sa.out.spi);
  }
  report_.counts["SAs rekeyed"] += chosen.size();
}

void GatewayDay::rekey_some() {
  std::vector<std::size_t> chosen;
  const std::size_t at_once = random_.one_in(8) ? 1 : options_.rekey_at_once;
  for (std::size_t seen = 0; seen < config_.sas.size() && chosen.size() < at_once; ++seen) {
    if (trouble_[next_rekeyed_] == Trouble::none) chosen.push_back(next_rekeyed_);
    if (++next_rekeyed_ == config_.sas.size()) next_rekeyed_ = kStable;
  }
  rekey(chosen, random_.one_in(2));
  const nanoseconds pause = options_.rekey_every * chosen.size() / config_.sas.size();
  script_.at(now() + ns(pause), [this] { rekey_some(); });
}

std::vector<std::size_t> GatewayDay::of_one_peer() {
  const traffic::Address& peer = config_.sas[random_.between(kStable, config_.sas.size() - 1)].peer;
  std::vector<std::size_t> found;
  for (std::size_t sa = kStable; sa < config_.sas.size(); ++sa) {
    if (config_.sas[sa].peer == peer && trouble_[sa] == Trouble::none) found.push_back(sa);
  }
  return found;
}

void GatewayDay::black_hole() {
  const std::vector<std::size_t> chosen = of_one_peer();
  report_.counts["SAs in black holes"] += chosen.size();
  for (const std::size_t sa : chosen) {
    trouble_[sa] = Trouble::silent;
    peer_.silence(sa, true);
  }
  script_.at(now() + ns(options_.liveness.detection_time() + options_.liveness.interval), [this, chosen] {
    for (const std::size_t sa : chosen) {
      if (state(sa) != Liveness::down) complain(fmt::format("SA {} is {} in a black hole", sa, name(state(sa))));
      trouble_[sa] = Trouble::none;
      peer_.silence(sa, false);
      reachable_[sa] = now();
    }
  });
}

void GatewayDay::reboot_of_a_peer() {
  const std::vector<std::size_t> chosen = of_one_peer();
  report_.counts["SAs forgotten by a peer"] += chosen.size();
  for (const std::size_t sa : chosen) {
    trouble_[sa] = Trouble::forgotten;
    peer_.forget(sa);
  }
  script_.at(now() + ns(options_.liveness.detection_time() + options_.liveness.interval), [this, chosen] {
    for (const std::size_t sa : chosen) {
      if (state(sa) != Liveness::lost && state(sa) != Liveness::down) {
        complain(fmt::format("SA {} is {} though its peer has forgotten it", sa, name(state(sa))));
      }
      trouble_[sa] = Trouble::none;
    }
    rekey(chosen, false);
  });
}

void GatewayDay::restart(bool crash) {
  if (crash) {
    ++report_.counts["crashes"];
    must(device_->reset(), "reset");
  } else {
    must(endpoint_->close(), "close");
  }
  endpoint_.reset();
  open();
  std::ranges::fill(reachable_, now());
}

void GatewayDay::expect_all_up() {
  const std::uint64_t heard_since = now() - ns(options_.liveness.detection_time());
  for (std::size_t sa = 0; sa < config_.sas.size(); ++sa) {
    if (trouble_[sa] != Trouble::none || reachable_[sa] > heard_since || state(sa) == Liveness::up) continue;
    complain(fmt::format("SA {} is {}", sa, name(state(sa))));
  }
}

void GatewayDay::flood() {
  if (peer_.answers().empty()) return complain("no answer to forge");
  const std::string kind = flood_.next_kind(peer_.answers());
  report_.counts["flood: " + kind] += options_.flood;
  for (std::size_t left = options_.flood; left != 0;) {
    if (device_->card().pending(sim::Port::line) < kFloodWaiting) {
      const std::size_t portion = std::min(left, kFloodPortion);
      offer(flood_.make(portion));
      left -= portion;
    }
    turn();
  }
}

void GatewayDay::end_of_hour() {
  Counters counters;
  until(
      [&] {
        counters = must(endpoint_->card().counters(), "counters");
        return counters.unaccounted() == 0 && counters[regs::Counter::line_rx_frames] == offered_;
      },
      1s, "every frame accounted for");
  for (const auto& [counter, frames] : peer_.received()) report_.counts["peers: " + counter] = frames;
  if (report_.counts["peers: DROP_REPLAY"] != 0) complain("a peer has received a number twice");
  for (const sim::Violation& violation : device_->card().violations()) complain("rule broken: " + violation.message);
  report_.resident.push_back(resident_bytes());
  ++report_.hours;
  if (options_.progress) options_.progress(report_);
}

void GatewayDay::plan() {
  const std::uint64_t begin = now();
  for (int hour = 0; hour < options_.length.count(); ++hour) {
    const auto at = [&](std::chrono::minutes minute, std::function<void()> act) {
      script_.at(begin + ns(std::chrono::hours(hour) + minute), std::move(act));
    };
    // Restarts end before the trouble begins, and what the trouble has done is mended before they begin.
    if (hour > 0) at(0min, [this, hour] { restart(hour % 2 == 0); });
    at(20min, [this] { expect_all_up(); });
    at(21min, [this] { black_hole(); });
    at(22min, [this] { reboot_of_a_peer(); });
    for (const auto minute : {23min, 30min, 36min, 43min, 50min}) at(minute, [this] { flood(); });
    at(58min, [this] { expect_all_up(); });
    at(59min, [this] { end_of_hour(); });
  }
  script_.at(now(), [this] { rekey_some(); });
}

const DayReport& GatewayDay::run() {
  plan();
  const std::uint64_t end = now() + ns(options_.length);
  while (now() < end) {
    script_.run(now());
    turn();
  }
  must(endpoint_->close(), "close");
  return report_;
}

}  // namespace sapulse::test
