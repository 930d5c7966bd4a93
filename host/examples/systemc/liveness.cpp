// SPDX-License-Identifier: Apache-2.0
#include "liveness.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

#include "outer_headers.h"
#include "sa_set.h"

namespace sapulse::systemc::example {
namespace {

using namespace std::chrono_literals;

enum Side : lab::NodeIndex { west, east };
constexpr std::size_t kHoleSa = 1;
constexpr std::size_t kSecretBytes = 32;
// Short, so that a Verilated card gets through it: some 10,000 cycles from probe to probe.
constexpr LivenessSettings kProbing{.mode = ProbeMode::card, .interval = 30us, .multiplier = 3};
const sc_core::sc_time kLinkDelay(2, sc_core::SC_US);  // 400 m of fibre
const sc_core::sc_time kLookInterval(1, sc_core::SC_US);
const sc_core::sc_time kPatience(1, sc_core::SC_MS);

lab::Scenario two_gateways() {
  lab::Scenario scenario;
  scenario.nodes = {{"west"}, {"east"}};
  scenario.links = {
      {.first = west, .second = east, .conditions = {}, .sas = Demonstration::kSaCount, .liveness = kProbing}};
  return scenario;
}

Config config_of(lab::NodeIndex side) {
  std::array<std::uint8_t, kSecretBytes> secret{};
  secret.fill(static_cast<std::uint8_t>(0x51 + side));
  Config config;
  config.card.local = {lab::address_of(side, false)};
  config.secret = DeviceSecret(secret);
  config.card.mac = {lab::mac_of(side)};
  return config;
}

/// Deaths must have their evidence: silence for long enough, or a clear error with the token of the peer.
bool well_founded(const LivenessChange& change) {
  const LivenessEvidence& evidence = change.evidence;
  if (change.to == Liveness::down) {
    return change.reason == LivenessReason::silence && evidence.heard && *evidence.heard >= kProbing.detection_time();
  }
  if (change.to == Liveness::lost) {
    return change.reason == LivenessReason::crash_token && evidence.error && !evidence.error->is_protected &&
           evidence.error->spi == change.spi_out;
  }
  return true;
}

}  // namespace

Demonstration::Demonstration(const char* name, const CardModuleOptions& options)
    : scenario_(two_gateways()),
      clocked_(options.card.model == sim::ModelKind::rtl),
      platform_(name, options, kLinkDelay),
      west_(make_gateway(west)),
      east_(make_gateway(east)),
      west_host_((std::string(name) + "_west_host").c_str(), [this] { host(west_); }),
      east_host_((std::string(name) + "_east_host").c_str(), [this] { host(east_); }) {
  for (Link* link : {&platform_.eastward, &platform_.westward}) {
    link->set_filter([this](std::span<const std::byte> frame) { return vanishes(frame); });
  }
}

Gateway Demonstration::make_gateway(lab::NodeIndex side) {
  Site& site = side == west ? platform_.west : platform_.east;
  return {site.device, config_of(side), [this, side](const LivenessChange& change) { changed(side, change); }};
}

void Demonstration::host(Gateway& gateway) {
  sc_core::wait(start_);
  if (auto done = gateway.run(); !done) {
    tell("", done.error().message);
    failed_ = true;
  }
  --running_;
  stopped_.notify();
}

std::optional<double> Demonstration::run() {
  const std::clock_t begin = std::clock();
  begin_ = sc_core::sc_time_stamp();
  platform_.clock.set_running(clocked_);
  start_.notify(sc_core::SC_ZERO_TIME);
  bool good = tell_story();
  west_.stop();
  east_.stop();
  while (running_ > 0) sc_core::wait(stopped_);
  platform_.clock.set_running(false);
  good = unbroken() && good && !failed_;
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  fmt::print("{}: {}, {} transactions, {:.3f} s of processor time\n", platform_.name(),
             good ? "all as it should be" : "FAILED",
             platform_.west.card.transactions() + platform_.east.card.transactions(), seconds);
  return good ? std::optional(seconds) : std::nullopt;
}

bool Demonstration::tell_story() {
  install_fresh_sas();
  if (!expect("all SAs are up, by the probes of the cards", [&] { return both(Liveness::up, kSaCount); })) return false;

  hole_ = true;
  tell("", fmt::format("black hole in the links for SA {}", kHoleSa));
  if (!expect("both find the SA down, by silence, and no other",
              [&] { return both(Liveness::down, 1) && both(Liveness::up, kSaCount - 1); })) {
    return false;
  }
  hole_ = false;
  tell("", "the black hole is gone");
  if (!expect("all SAs are up again", [&] { return both(Liveness::up, kSaCount); })) return false;
  if (!expect("west knows the crash tokens of all SAs", [&] { return west_.tokens() == kSaCount; })) return false;

  east_.crash();
  tell("east", "crashes: all its SAs are gone, its secret is not");
  if (!expect("west knows that all SAs are lost, by crash tokens",
              [&] { return west_.count(Liveness::lost) == kSaCount; })) {
    return false;
  }
  install_fresh_sas();
  tell("east", "negotiates all SAs anew");
  return expect("all SAs are up again", [&] { return both(Liveness::up, kSaCount); });
}

void Demonstration::install_fresh_sas() {
  std::vector<SaParameters> west;
  std::vector<SaParameters> east;
  for (std::size_t sa = 0; sa < kSaCount; ++sa) {
    const lab::SaPair pair = lab::make_pair(scenario_, 0, sa, random_);
    west.push_back(pair.first);
    east.push_back(pair.second);
  }
  west_.install(west);
  east_.install(east);
}

bool Demonstration::expect(const char* what, const Condition& condition) {
  const sc_core::sc_time end = sc_core::sc_time_stamp() + kPatience;
  while (!condition() && !failed_ && sc_core::sc_time_stamp() < end) sc_core::wait(kLookInterval);
  if (!failed_ && condition()) {
    tell("", what);
    return true;
  }
  tell("", fmt::format("FAILED, not within {}: {}", kPatience.to_string(), what));
  return false;
}

void Demonstration::tell(const std::string& who, const std::string& what) const {
  fmt::print("{:<5}{:>9.1f} us  {:<5} {}\n", platform_.name(), (sc_core::sc_time_stamp() - begin_).to_seconds() * 1e6,
             who, what);
}

void Demonstration::changed(lab::NodeIndex side, const LivenessChange& change) {
  tell(scenario_.nodes[side].name, to_line(change));
  if (well_founded(change)) return;
  tell("", "FAILED, that does not follow from what has been seen");
  failed_ = true;
}

bool Demonstration::vanishes(std::span<const std::byte> frame) const {
  if (!hole_) return false;
  const auto spi = sa_spi(frame);
  return spi == lab::spi_to(west, 0, kHoleSa) || spi == lab::spi_to(east, 0, kHoleSa);
}

bool Demonstration::both(Liveness state, std::size_t sas) const {
  return west_.count(state) == sas && east_.count(state) == sas;
}

bool Demonstration::unbroken() const {
  bool good = true;
  for (const Site* site : {&platform_.west, &platform_.east}) {
    good = good && site->card.protocol_violations().empty() && site->card.card().violations().empty();
  }
  return good;
}

}  // namespace sapulse::systemc::example
