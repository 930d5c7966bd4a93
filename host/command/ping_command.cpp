// SPDX-License-Identifier: Apache-2.0
// `sapulse ping`: encrypted pings of one SA.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access.h"
#include "duration_option.h"
#include "sapulse/registers.h"
#include "stop_request.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

using service::Json;
using std::chrono::nanoseconds;

struct PingCommandOptions {
  AccessOptions access;
  std::string sa;
  std::size_t size = wire::telemetry_bytes;
  std::uint64_t count = 4;
  std::optional<nanoseconds> interval;
  std::optional<nanoseconds> timeout;
  bool mtu_probe = false;
  bool one_way = false;
  bool quiet = false;
  bool json = false;
};

std::string microseconds(const Json& value) {
  return value.is_null() ? "?" : fmt::format("{:.3f} us", value.get<double>() / 1e3);
}

/// Prints results as they come, and what they come to.
class PingPrinter {
 public:
  explicit PingPrinter(const PingCommandOptions& options) : options_(options) {}

  bool operator()(const Json& line) {
    if (options_.json) fmt::print("{}\n", line.dump());
    if (const auto ping = line.find("ping"); ping != line.end()) result(*ping);
    std::fflush(stdout);
    return true;
  }
  [[nodiscard]] bool any_answer() const { return !rtts_.empty(); }
  [[nodiscard]] bool any_sent() const { return sent_ != 0; }

  /// Also of a series that has been broken off.
  void summary() const {
    if (options_.json) return;
    const double lost = sent_ == 0 ? 0 : 100.0 * static_cast<double>(sent_ - rtts_.size()) / static_cast<double>(sent_);
    fmt::print("--- {}: {} sent, {} answered, {:.3g}% lost", options_.sa, sent_, rtts_.size(), lost);
    if (!rtts_.empty()) {
      std::vector<double> sorted = rtts_;
      std::ranges::sort(sorted);
      fmt::print("; rtt min / median / max / jitter {:.3f} / {:.3f} / {:.3f} / {:.3f} us", sorted.front(),
                 sorted[sorted.size() / 2], sorted.back(), jitter());
    }
    fmt::print("\n");
    if (offset_ && !options_.one_way && !options_.quiet) {
      fmt::print("    the peer's clock is {:+.3f} us from ours: an estimate, as if both ways took equally long\n",
                 *offset_);
    }
  }

 private:
  void result(const Json& ping) {
    ++sent_;
    const bool prints = !options_.json && !options_.quiet;
    if (!ping.value("answered", false)) {
      if (prints) fmt::print("no reply from {} within {}\n", options_.sa, microseconds(ping["timeout_ns"]));
      return;
    }
    const double rtt = ping["rtt_ns"].get<double>() / 1e3;
    if (rtt < fastest_) note_offset(ping);
    fastest_ = std::min(fastest_, rtt);
    rtts_.push_back(rtt);
    if (!prints) return;
    fmt::print("reply from {}: {} bytes, rtt {}", options_.sa, ping["frame_bytes"].get<unsigned>(),
               microseconds(ping["rtt_ns"]));
    // Too short for times, or of a peer that does not tell them.
    if (!ping["turnaround_ns"].is_null()) {
      if (options_.one_way) {
        fmt::print(", there {}, back {}", microseconds(ping["forward_ns"]), microseconds(ping["backward_ns"]));
      }
      fmt::print(", peer took {}", microseconds(ping["turnaround_ns"]));
    }
    fmt::print("\n");
  }

  /// How far the peer's clock is ahead if both ways take equally long, as they do best in the fastest ping.
  void note_offset(const Json& ping) {
    if (ping["forward_ns"].is_null() || ping["backward_ns"].is_null()) return;
    offset_ = (ping["forward_ns"].get<double>() - ping["backward_ns"].get<double>()) / 2e3;
  }

  /// Mean difference of neighbours, us (RFC 3550 has a running estimate of it).
  [[nodiscard]] double jitter() const {
    double sum = 0;
    for (std::size_t i = 1; i < rtts_.size(); ++i) sum += std::abs(rtts_[i] - rtts_[i - 1]);
    return rtts_.size() < 2 ? 0 : sum / static_cast<double>(rtts_.size() - 1);
  }

  const PingCommandOptions& options_;
  std::vector<double> rtts_;                                  // us, in the order of their replies
  std::size_t sent_ = 0;                                      // and replied to, or given up
  double fastest_ = std::numeric_limits<double>::infinity();  // us
  std::optional<double> offset_;                              // us
};

int run_mtu_probe(const PingCommandOptions& options) {
  Json request{{"command", "mtu"}, {"sa", options.sa}};
  if (options.timeout) request["timeout_ns"] = options.timeout->count();
  std::uint64_t passed = 0;
  const auto asked = ask(options.access, request, [&](const Json& line) {
    const Json& mtu = line.at("mtu");
    passed = mtu["passed_bytes"].get<std::uint64_t>();
    if (options.json) {
      fmt::print("{}\n", line.dump());
    } else if (passed == 0) {
      fmt::print("{}: no reply of any size ({} pings)\n", options.sa, mtu["pings"].get<unsigned>());
    } else {
      const auto failed = mtu["failed_bytes"].get<std::uint64_t>();
      fmt::print("{}: IP packets of {} bytes pass{} ({} pings)\n", options.sa, passed,
                 failed == 0 ? ", larger ones were not tried" : fmt::format(", of {} do not", failed),
                 mtu["pings"].get<unsigned>());
    }
    return true;
  });
  if (!asked) return fail(asked.error(), options.json);
  return passed == 0 ? exit_device : exit_good;
}

int run_ping(const PingCommandOptions& options) {
  if (options.mtu_probe) return run_mtu_probe(options);
  Json request{{"command", "ping"}, {"sa", options.sa}, {"data_bytes", options.size}, {"count", options.count}};
  if (options.interval) request["interval_ns"] = options.interval->count();
  if (options.timeout) request["timeout_ns"] = options.timeout->count();
  PingPrinter printer(options);
  catch_stop_signals();  // which end the series, not the program
  const auto asked = ask(options.access, request, std::ref(printer));
  if (asked || printer.any_sent()) printer.summary();
  if (!asked) return fail(asked.error(), options.json);
  return printer.any_answer() ? exit_good : exit_device;
}

}  // namespace

void add_ping_command(Command& app) {
  auto options = std::make_shared<PingCommandOptions>();
  Command ping = app.add_command("ping", "ping the peer of an SA, encrypted; exit status 1 without any reply");
  ping.add_option("sa", options->sa, "its name or its inbound SPI", {.required = true});
  options->access.add_to(ping);
  add_capture_option(ping, options->access.capture);
  ping.add_option("-s,--size", options->size, "bytes of data; from 56 on with times",
                  {.shows_default = true, .range = {{0, regs::kEchoDataBytes}}});
  ping.add_option("-c,--count", options->count, "pings", {.shows_default = true, .range = {{1, 1'000'000'000}}});
  add_duration_option(ping, "-i,--interval", options->interval,
                      "from one ping to the next, card's time (default: 1s; --device sim: 6400 cycles)");
  add_duration_option(ping, "-W,--timeout", options->timeout,
                      "how long to wait for a reply (default: 1s; --device sim: 6400 cycles)");
  ping.add_flag("--one-way", options->one_way, "the clocks of both cards agree (PTP): print one-way times");
  ping.add_flag("--mtu-probe", options->mtu_probe, "search the largest IP packet that passes");
  ping.add_flag("-q,--quiet", options->quiet, "print the summary only");
  ping.add_flag("--json", options->json, "one JSON object per line");
  ping.on_run([options] { return run_ping(*options); });
}

}  // namespace sapulse::command
