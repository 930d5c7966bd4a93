// SPDX-License-Identifier: Apache-2.0
#include "lab.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "outer_headers.h"

namespace sapulse::lab {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint64_t kChunkCycles = 1024;
// Cycles are long in a lab: with the latency of real memory in cycles, hosts would be slower than any host is.
constexpr unsigned kMemoryLatencyMin = 4;
constexpr unsigned kMemoryLatencyMax = 16;
constexpr std::size_t kSecretBytes = 32;

DeviceSecret random_device_secret(std::mt19937_64& random) {
  std::array<std::uint8_t, kSecretBytes> bytes{};
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 56);
  return DeviceSecret(bytes);
}

sim::Network::MacBytes mac_bytes(NodeIndex node) {
  sim::Network::MacBytes bytes{};
  std::ranges::copy(std::as_bytes(std::span(mac_of(node).bytes())), bytes.begin());
  return bytes;
}

std::string plural(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

/// Frames of an attacker that are still to be sent.
struct Lab::Attack {
  Attack(const Scenario& scenario, const Forge& what, std::uint64_t seed, std::uint64_t first)
      : forge(what), attacker(scenario, what, seed), next_cycle(first) {}

  Forge forge;
  Attacker attacker;
  std::uint64_t next_cycle;
  std::uint64_t sent = 0;
};

Result<std::unique_ptr<Lab>> Lab::create(const Scenario& scenario, sim::ModelKind model, Observer observer,
                                         Progress progress, Tap tap) {
  std::unique_ptr<Lab> lab(new Lab(scenario, std::move(observer), std::move(progress), std::move(tap)));
  if (auto built = lab->build(model).and_then([&] { return lab->start_all(); }); !built) {
    return tl::unexpected(built.error());
  }
  return lab;
}

Lab::Lab(const Scenario& scenario, Observer observer, Progress progress, Tap tap)
    : scenario_(scenario),
      observer_(std::move(observer)),
      progress_(std::move(progress)),
      tap_(std::move(tap)),
      random_(scenario.seed),
      network_(scenario.seed) {}

/// A card that is closed lets time pass for the whole network, whose wires and hosts use what is in here.
Lab::~Lab() {
  for (const auto& node : nodes_) node->stop_host();
  nodes_.clear();
}

Result<void> Lab::build(sim::ModelKind model) {
  for (NodeIndex i = 0; i < scenario_.nodes.size(); ++i) {
    sim::CardOptions options;
    options.model = model;
    options.sa_capacity = scenario_.sa_capacity;
    options.seed = scenario_.seed * scenario_.nodes.size() + i;
    options.memory_latency_min = kMemoryLatencyMin;
    options.memory_latency_max = kMemoryLatencyMax;
    const auto id = network_.add(name(i), mac_bytes(i), options);
    if (!id) return tl::unexpected(id.error());
    Config config;
    config.card.local = {address_of(i, false), address_of(i, true)};
    config.secret = random_device_secret(random_);
    config.card.mac = {mac_of(i)};
    nodes_.push_back(std::make_unique<Node>(network_, *id, std::move(config), scenario_.ns_per_cycle,
                                            [this, i](const LivenessChange& change) { changed(i, change); }));
  }
  for (std::size_t i = 0; i < scenario_.links.size(); ++i) {
    const LinkSpec& link = scenario_.links[i];
    if (auto set = set_conditions(link, link.conditions); !set) return set;
    holes_.emplace_back(link.sas, false);
    watch_wires(i);
  }
  return {};
}

Result<void> Lab::start_all() {
  std::vector<std::vector<SaParameters>> sas(nodes_.size());
  for (std::size_t link = 0; link < scenario_.links.size(); ++link) {
    for (std::size_t sa = 0; sa < scenario_.links[link].sas; ++sa) {
      const SaPair pair = make_pair(scenario_, link, sa, random_);
      sas[scenario_.links[link].first].push_back(pair.first);
      sas[scenario_.links[link].second].push_back(pair.second);
    }
  }
  for (NodeIndex i = 0; i < nodes_.size(); ++i) {
    if (auto started = nodes_[i]->start(sas[i]); !started) {
      return failure(started.error().code, fmt::format("{}: {}", name(i), started.error().message));
    }
  }
  start_cycle_ = network_.cycle();
  ready_ = true;
  if (tap_) network_.set_tap([this](const sim::Network::Passage& passage) { tell_tap(passage); });
  return {};
}

Result<LabReport> Lab::run() {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  note_starts();
  auto done = run_events().map([&] { return std::chrono::duration<double>(Clock::now() - start).count(); });
  auto result = done.and_then([this](double seconds) { return report(seconds); });
  tell_until(nanoseconds::max());
  return result;
}

Result<void> Lab::run_events() {
  for (const ScenarioEvent& event : scenario_.events) {
    if (auto advanced = advance_to(event.at); !advanced) return advanced;
    if (!std::holds_alternative<Expect>(event.action)) event_times_.push_back(now());
    const auto done = std::visit([this](const auto& action) { return act(action); }, event.action);
    if (!done) return done;
  }
  return advance_to(scenario_.duration);
}

/// The first nodes have begun to watch before the last one was ready.
void Lab::note_starts() {
  for (NodeIndex i = 0; i < nodes_.size(); ++i) {
    std::string states;
    for (std::size_t state = 0; state < kLivenessCount; ++state) {
      const std::size_t sas = nodes_[i]->count(static_cast<Liveness>(state));
      if (sas != 0) {
        states += fmt::format("{}{} {}", states.empty() ? "" : ", ", sas, sapulse::name(static_cast<Liveness>(state)));
      }
    }
    note(name(i), fmt::format("starts with {}: {}", plural(nodes_[i]->endpoint().sas().size(), "SA"), states));
  }
}

Result<void> Lab::advance_to(nanoseconds time) {
  const std::uint64_t end = start_cycle_ + cycles(time);
  while (network_.cycle() < end) {
    const std::uint64_t chunk = std::min(kChunkCycles, end - network_.cycle());
    attack(network_.cycle() + chunk);
    if (auto advanced = network_.advance(chunk); !advanced) return advanced;
    tell_timeline();
    if (progress_) progress_(now());
  }
  return {};
}

void Lab::attack(std::uint64_t end_cycle) {
  for (const auto& attack : attacks_) {
    const NodeIndex peer =
        scenario_.links[attack->forge.link].first + scenario_.links[attack->forge.link].second - attack->forge.victim;
    const std::uint64_t period = std::max<std::uint64_t>(cycles(attack->forge.every), 1);
    for (; attack->next_cycle < end_cycle && attack->sent < attack->forge.count; attack->next_cycle += period) {
      sim::Frame frame = attack->attacker.next();
      if (frame.empty()) continue;
      network_.wire(peer, attack->forge.victim).inject(attack->next_cycle, std::move(frame));
      if (++attack->sent == attack->forge.count)
        note("", fmt::format("attacker: {} sent", plural(attack->sent, "frame")));
    }
  }
}

Result<void> Lab::act(const Crash& crash) {
  Node& node = *nodes_[crash.node];
  note(name(crash.node), fmt::format("crashes: forgets {}{}", plural(node.endpoint().sas().size(), "SA"),
                                     crash.keeps_secret ? ", keeps its secret" : " and its secret"));
  if (!crash.keeps_secret) node.set_secret(random_device_secret(random_));
  return node.crash().and_then([&] { return node.start({}); });
}

Result<void> Lab::act(const Rekey& rekey) {
  note(name(rekey.node), "negotiates all SAs anew, with fresh keys");
  for (std::size_t link = 0; link < scenario_.links.size(); ++link) {
    const LinkSpec& spec = scenario_.links[link];
    if (spec.first != rekey.node && spec.second != rekey.node) continue;
    for (std::size_t sa = 0; sa < spec.sas; ++sa) {
      const SaPair pair = make_pair(scenario_, link, sa, random_);
      const auto done =
          nodes_[spec.first]->install(pair.first).and_then([&] { return nodes_[spec.second]->install(pair.second); });
      if (!done) return done;
    }
  }
  return {};
}

Result<void> Lab::act(const BlackHole& hole) {
  std::vector<bool>& holes = holes_[hole.link];
  if (hole.sa) {
    holes[*hole.sa] = hole.present;
  } else {
    holes.assign(holes.size(), hole.present);
  }
  const LinkSpec& link = scenario_.links[hole.link];
  note("", fmt::format("{} black hole for {} between {} and {}", hole.present ? "a" : "no more",
                       hole.sa ? fmt::format("SA {}", *hole.sa) : "all SAs", name(link.first), name(link.second)));
  return {};
}

Result<void> Lab::act(const SetLink& set) {
  const LinkSpec& link = scenario_.links[set.link];
  const LinkConditions& to = set.conditions;
  note("", fmt::format("link {}-{}: {}delay {} us, spread {} us, loss {:g} %, duplication {:g} %", name(link.first),
                       name(link.second), to.cut ? "cut, " : "", static_cast<double>(to.delay.count()) / 1e3,
                       static_cast<double>(to.spread.count()) / 1e3, to.loss * 100, to.duplication * 100));
  return set_conditions(link, to);
}

Result<void> Lab::act(const Forge& forge) {
  constexpr std::array kKinds{"errors with random tokens", "recorded frames again",
                              "recorded frames with a bit changed"};
  note("", fmt::format("attacker: sends {} to {}, {}", kKinds.at(static_cast<std::size_t>(forge.kind)),
                       name(forge.victim), plural(forge.count, "frame")));
  attacks_.push_back(std::make_unique<Attack>(scenario_, forge, random_(), network_.cycle()));
  return {};
}

Result<void> Lab::act(const Admin& admin) {
  note(name(admin.node), fmt::format("takes SA {} administratively {}", admin.sa, admin.down ? "down" : "up"));
  return nodes_[admin.node]->endpoint().monitor().set_admin_down(spi_to(admin.node, admin.link, admin.sa), admin.down);
}

Result<void> Lab::act(const SetMode& set) {
  const LinkSpec& link = scenario_.links[set.link];
  note("", fmt::format("SAs of {}-{} are probed by the {} from now on", name(link.first), name(link.second),
                       sapulse::name(set.mode)));
  for (const NodeIndex node : {link.first, link.second}) {
    for (std::size_t sa = 0; sa < link.sas; ++sa) {
      auto done = nodes_[node]->endpoint().monitor().set_mode(spi_to(node, set.link, sa), set.mode);
      if (!done) return done;
    }
  }
  return {};
}

Result<void> Lab::act(const Expect& expect) {
  const std::size_t found = nodes_[expect.node]->count(expect.state);
  const bool met = found == expect.sas;
  if (!met) ++unmet_;
  note(name(expect.node),
       fmt::format("{}: {} {}{}", met ? "as expected" : "NOT AS EXPECTED", plural(found, "SA"),
                   sapulse::name(expect.state), met ? "" : fmt::format(" instead of {}", expect.sas)));
  return {};
}

void Lab::note(const std::string& node, std::string text) {
  add({.time = now(),
       .node = node,
       .text = std::move(text),
       .change = std::nullopt,
       .since_event = since_event(now())});
}

void Lab::add(TimelineEntry entry) { held_back_.emplace(entry.time, std::move(entry)); }

void Lab::tell_timeline() {
  std::uint64_t heard = network_.cycle();
  for (const auto& node : nodes_) heard = std::min(heard, node->heard());
  // Hosts may still hear of what has happened before the start.
  if (heard > start_cycle_) tell_until(time_of(heard));
}

void Lab::tell_until(nanoseconds time) {
  const auto end = held_back_.upper_bound(time);
  for (auto next = held_back_.begin(); next != end; next = held_back_.erase(next)) observer_(next->second);
}

nanoseconds Lab::since_event(nanoseconds time) const {
  const auto next = std::ranges::upper_bound(event_times_, time);
  return next == event_times_.begin() ? nanoseconds(0) : time - *std::prev(next);
}

void Lab::changed(NodeIndex node, const LivenessChange& change) {
  if (!ready_) return;  // the first nodes wait for the last one
  ++changes_;
  const nanoseconds time(static_cast<std::int64_t>(change.time) -
                         static_cast<std::int64_t>(start_cycle_ * scenario_.ns_per_cycle));
  add({.time = time, .node = name(node), .text = {}, .change = change, .since_event = since_event(time)});
}

Result<void> Lab::set_conditions(const LinkSpec& link, const LinkConditions& conditions) {
  const sim::WireConditions wire{.delay = cycles(conditions.delay),
                                 .spread = cycles(conditions.spread),
                                 .loss = conditions.loss,
                                 .duplication = conditions.duplication,
                                 .cut = conditions.cut};
  return network_.wire(link.first, link.second).set_conditions(wire).and_then([&] {
    return network_.wire(link.second, link.first).set_conditions(wire);
  });
}

void Lab::watch_wires(std::size_t link) {
  const LinkSpec& spec = scenario_.links[link];
  for (const auto& [from, to] : {std::pair(spec.first, spec.second), std::pair(spec.second, spec.first)}) {
    network_.wire(from, to).set_filter([this, link, to = to](std::span<const std::byte> frame) {
      for (const auto& attack : attacks_) {
        if (attack->forge.link == link && attack->forge.victim == to) attack->attacker.record(frame);
      }
      const auto spi = sa_spi(frame);
      if (!spi) return false;
      const std::size_t sa = sa_number(*spi);
      return sa < holes_[link].size() && holes_[link][sa];
    });
  }
}

void Lab::tell_tap(const sim::Network::Passage& passage) {
  const auto time = static_cast<std::uint64_t>(time_of(passage.cycle).count());
  tap_(passage.node, {passage.port, passage.direction, time, passage.frame});
}

std::uint64_t Lab::cycles(nanoseconds time) const {
  return static_cast<std::uint64_t>(time.count()) / scenario_.ns_per_cycle;
}

nanoseconds Lab::time_of(std::uint64_t cycle) const {
  return nanoseconds((cycle - std::min(start_cycle_, cycle)) * scenario_.ns_per_cycle);
}

Result<LabReport> Lab::report(double seconds) {
  LabReport result{
      .cycles = network_.cycle(), .seconds = seconds, .nodes = {}, .wires = {}, .changes = changes_, .unmet = unmet_};
  for (NodeIndex i = 0; i < nodes_.size(); ++i) {
    Endpoint& endpoint = nodes_[i]->endpoint();
    auto counters = endpoint.card().counters();
    if (!counters) return tl::unexpected(counters.error());
    NodeReport node{.name = name(i),
                    .states = {},
                    .monitor = endpoint.monitor().counts(),
                    .verdicts = nodes_[i]->verdicts(),
                    .counters = *counters};
    for (const LivenessInfo& sa : endpoint.monitor().list()) ++node.states[sa.state];
    result.nodes.push_back(std::move(node));
  }
  for (const LinkSpec& link : scenario_.links) {
    for (const auto& [from, to] : {std::pair(link.first, link.second), std::pair(link.second, link.first)}) {
      result.wires.push_back({name(from), name(to), network_.wire(from, to).count()});
    }
  }
  for (const auto& node : nodes_) {
    if (auto closed = node->close(); !closed) return tl::unexpected(closed.error());
  }
  return result;
}

}  // namespace sapulse::lab
