// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>

#include "json_values.h"
#include "version.h"

namespace sapulse::command {
namespace {

using nlohmann::ordered_json;

ordered_json count(const sim::PortCount& port) { return {{"frames", port.frames}, {"bytes", port.bytes}}; }

/// Nearest-rank percentile of ascending values.
std::uint64_t percentile(std::span<const std::uint64_t> values, std::size_t percent) {
  const std::size_t rank = (values.size() * percent + 99) / 100;
  return values[rank == 0 ? 0 : rank - 1];
}

ordered_json latency(std::span<const std::uint64_t> values) {
  ordered_json json{
      {"samples", values.size()}, {"min", nullptr}, {"median", nullptr}, {"p99", nullptr}, {"max", nullptr}};
  if (values.empty()) return json;
  json["min"] = values.front();
  json["median"] = percentile(values, 50);
  json["p99"] = percentile(values, 99);
  json["max"] = values.back();
  return json;
}

ordered_json left_out_of(const Capture& capture) {
  return {{"too_short", capture.too_short}, {"too_long", capture.too_long}, {"incomplete", capture.incomplete}};
}

}  // namespace

std::optional<double> steady_cycles_per_reply(std::span<const std::uint64_t> reply_cycles) {
  constexpr std::size_t kEnough = 8;
  if (reply_cycles.size() < kEnough) return std::nullopt;
  const std::size_t first = reply_cycles.size() / 4;
  const std::size_t last = reply_cycles.size() - 1 - first;
  return static_cast<double>(reply_cycles[last] - reply_cycles[first]) / static_cast<double>(last - first);
}

/// Cycles, or "line-rate".
ordered_json gap_of(const SimOptions& options) {
  unsigned cycles = 0;
  const char* const end = options.gap.data() + options.gap.size();
  const bool is_number = std::from_chars(options.gap.data(), end, cycles).ec == std::errc();
  return is_number ? ordered_json(cycles) : ordered_json(options.gap);
}

ordered_json make_report(const SimOptions& options, const SimFigures& figures,
                         const std::array<Capture, sim::kPortCount>& left_out) {
  const auto& line = figures.ports[static_cast<std::size_t>(sim::Port::line)];
  const auto& core = figures.ports[static_cast<std::size_t>(sim::Port::core)];
  ordered_json report{
      {"version", kVersion},
      {"seed", options.seed},
      {"sa_capacity", options.sa_capacity},
      {"clock_mhz", options.clock_mhz},
      {"clock_assumed", true},
      {"gap", gap_of(options)},
      {"stall_percent", options.stall_percent},
      {"cycles", figures.cycles},
      {"ports",
       {{"line_rx", count(line.rx)},
        {"line_tx", count(line.tx)},
        {"core_rx", count(core.rx)},
        {"core_tx", count(core.tx)}}},
      {"counters", to_json(figures.counters)},
      {"replies", figures.reply_cycles.size()},
      {"latency_cycles", latency(figures.latencies)},
      {"cycles_per_ping", nullptr},
      {"simulated_khz", figures.seconds > 0 ? static_cast<double>(figures.cycles) / figures.seconds / 1000 : 0},
      {"left_out", {{"line_in", left_out_of(left_out[0])}, {"core_in", left_out_of(left_out[1])}}}};
  if (const auto cycles = steady_cycles_per_reply(figures.reply_cycles)) report["cycles_per_ping"] = *cycles;
  return report;
}

Result<void> write_report(const std::filesystem::path& file, const ordered_json& report) {
  std::ofstream stream(file);
  stream << report.dump(2) << '\n';
  stream.close();
  if (!stream) return failure(Errc::io_error, fmt::format("{}: {}", file.string(), std::strerror(errno)));
  return {};
}

}  // namespace sapulse::command
