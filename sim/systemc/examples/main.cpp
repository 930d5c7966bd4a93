// SPDX-License-Identifier: Apache-2.0
// sapulse-platform: two gateways with a card each, one pinging the other over every SA; first with the fast model of
// the card, then cycle accurate. usage: sapulse-platform [PINGS]     exit 1 when a ping was not answered or a rule was
// broken
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "liveness.h"
#include "traffic/config.h"
#include "traffic/generator.h"
#include "traffic/message.h"
#include "traffic/packet.h"

namespace sapulse::systemc::example {
namespace {

constexpr unsigned sa_count = 4;
constexpr std::uint64_t seed = 7;
const sc_core::sc_time link_delay(2, sc_core::SC_US);  // 400 m of fibre

/// The configuration of the other end.
traffic::Config mirrored(const traffic::Config& config) {
  traffic::Config other;
  other.control_spi = config.control_spi;
  for (const traffic::Association& sa : config.sas) {
    traffic::Association turned = sa;
    std::swap(turned.local, turned.peer);
    std::swap(turned.in, turned.out);
    if (!std::ranges::count(other.local, turned.local)) other.local.push_back(turned.local);
    other.sas.push_back(std::move(turned));
  }
  return other;
}

Config parse(const traffic::Config& config, const char* name) {
  auto parsed = parse_config(traffic::to_yaml(config), name, 1024);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  return *std::move(parsed);
}

CardModuleOptions options_for(sim::ModelKind model) {
  CardModuleOptions options;
  options.card.model = model;
  return options;
}

/// One platform with the software of its hosts.
class Demonstration {
 public:
  Demonstration(const char* name, sim::ModelKind model)
      : clocked_(model == sim::ModelKind::rtl),
        platform_(name, options_for(model), link_delay),
        answering_software_((std::string(name) + "_answering").c_str(), [this] { answer_when_started(); }) {}

  /// From an SC_THREAD. Returns seconds of processor time; nothing if something went wrong, which is said.
  std::optional<double> run(std::size_t pings) {
    const std::clock_t begin = std::clock();
    platform_.clock.set_running(clocked_);
    start_.notify();
    std::vector<std::vector<std::uint8_t>> frames;
    for (std::size_t i = 0; i < pings; ++i) frames.push_back(ping(i));
    sc_core::wait(ready_);  // until then the other card passes everything
    const auto liveness = ask(platform_.asking.device, parse(mirrored(config_), "asking"), frames);
    stop_ = true;
    if (!stopped_) sc_core::wait(stopped_event_);
    platform_.clock.set_running(false);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    if (!liveness) {
      fmt::print("{}: {}\n", platform_.name(), liveness.error().message);
      return std::nullopt;
    }
    return tell(*liveness, seconds) ? std::optional(seconds) : std::nullopt;
  }

 private:
  void answer_when_started() {
    sc_core::wait(start_);
    if (auto done = answer(
            platform_.answering.device, parse(config_, "answering"), [this] { ready_.notify(sc_core::SC_ZERO_TIME); },
            stop_);
        !done) {
      fmt::print("{}: {}\n", platform_.name(), done.error().message);
      failed_ = true;
    }
    stopped_ = true;
    ready_.notify(sc_core::SC_ZERO_TIME);  // also when it could not even begin
    stopped_event_.notify();
  }

  bool tell(const Liveness& liveness, double seconds) const {
    auto times = liveness.round_trips;
    std::ranges::sort(times);
    fmt::print(
        "{}: {} of {} pings answered, round trip {} ns in the median, {} transactions, {:.3f} s of processor time\n",
        platform_.name(), liveness.answered, liveness.asked, times.empty() ? 0 : times[times.size() / 2],
        platform_.asking.card.transactions() + platform_.answering.card.transactions(), seconds);
    bool good = !failed_ && liveness.answered == liveness.asked;
    for (const Site* site : {&platform_.asking, &platform_.answering}) {
      good = good && site->card.protocol_violations().empty() && site->card.card().violations().empty();
    }
    return good;
  }

  /// Ping number i, as a frame from the asking side. Its transaction is one of the host's own: bit 31 is 0.
  [[nodiscard]] traffic::Bytes ping(std::size_t i) const {
    const traffic::Association& sa = config_.sas[i % sa_count];
    const auto number = static_cast<unsigned>(i);
    const traffic::Bytes body =
        traffic::echo_body({.sequence = number & 0xffff, .data = traffic::telemetry_request(0)});
    const traffic::Bytes nested = traffic::nested_packet(sa, sa.in, i / sa_count + 1, traffic::padded(body));
    const traffic::Bytes message = traffic::control_message({.subject = sa.in.spi, .transaction = number}, nested);
    return traffic::wrapped_frame({.to = {2, 0, 0, 0, 0, 1}, .from = {2, 0, 0, 0, 0, 2}},
                                  {.from = sa.peer, .to = sa.local}, {.spi = config_.control_spi, .sequence = number},
                                  message);
  }

  bool clocked_;
  const traffic::Config config_ = traffic::sample_config(seed, sa_count);
  Platform platform_;
  Software answering_software_;
  sc_core::sc_event start_;
  sc_core::sc_event ready_;
  sc_core::sc_event stopped_event_;
  bool stop_ = false;
  bool stopped_ = false;
  bool failed_ = false;
};

std::size_t count_of(int argc, char** argv) {
  std::size_t pings = 40;
  if (argc > 1) {
    const std::string_view text(argv[1]);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pings);
    if (error != std::errc{} || end != text.data() + text.size() || pings == 0 || pings > 100'000) {
      throw std::runtime_error(fmt::format("'{}' is not a number of pings from 1 to 100000", text));
    }
  }
  return pings;
}

int run(std::size_t pings) {
  tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1, sc_core::SC_US));
  Demonstration fast("fast", sim::ModelKind::fast);
  Demonstration rtl("rtl", sim::ModelKind::rtl);
  bool good = false;
  const Software director("director", [&] {
    const auto quick = fast.run(pings);
    const auto exact = rtl.run(pings);
    good = quick && exact;
    if (good) fmt::print("the fast model was {:.0f} times as fast\n", *exact / std::max(*quick, 1e-6));
    sc_core::sc_stop();
  });
  sc_core::sc_start();
  return good ? 0 : 1;
}

}  // namespace
}  // namespace sapulse::systemc::example

int sc_main(int argc, char** argv) {
  try {
    return sapulse::systemc::example::run(sapulse::systemc::example::count_of(argc, argv));
  } catch (const std::exception& failure) {
    fmt::print(stderr, "sapulse-platform: {}\n", failure.what());
    return 2;
  }
}
