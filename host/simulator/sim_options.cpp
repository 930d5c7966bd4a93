// SPDX-License-Identifier: Apache-2.0
#include "sim_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace sapulse::command {
namespace {

constexpr unsigned kGapLimit = 1'000'000;
// The clocks that a card can be built for.
constexpr double kClockMinMhz = 4;
constexpr double kClockMaxMhz = 1000;

/// Two of the files are the same one, and one of them would be written.
std::optional<std::string> find_clash(const SimOptions& options) {
  std::vector<std::pair<const char*, std::string>> written;
  std::vector<std::pair<const char*, std::string>> all;
  const auto add = [&](const char* option, const std::string& file, bool output) {
    if (file.empty()) return;
    std::error_code status;
    const std::string path = std::filesystem::weakly_canonical(std::filesystem::absolute(file), status).string();
    all.emplace_back(option, path);
    if (output) written.emplace_back(option, path);
  };
  add("--sas", options.sas, false);
  add("--line-in", options.line_in, false);
  add("--core-in", options.core_in, false);
  add("--line-out", options.line_out, true);
  add("--core-out", options.core_out, true);
  add("--report", options.report, true);
  add("--trace", options.trace, true);
  add("--log-transactions", options.log_transactions, true);
  add("--latency-plot", options.latency_plot, true);
  for (const auto& [option, path] : written) {
    if (path.starts_with("/dev/")) continue;
    for (const auto& [other, other_path] : all) {
      if (std::string_view(option) != other && path == other_path) {
        return fmt::format("{} and {} name the same file", option, other);
      }
    }
  }
  return std::nullopt;
}

Result<sim::Pacing> parse_gap(const std::string& text) {
  sim::Pacing pacing;
  if (text == "line-rate") {
    pacing.line_rate = true;
    return pacing;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pacing.gap);
  if (error != std::errc{} || end != text.data() + text.size() || pacing.gap > kGapLimit) {
    return failure(Errc::invalid_argument,
                   fmt::format("--gap: '{}' is neither a number of cycles up to {} nor line-rate", text, kGapLimit));
  }
  return pacing;
}

}  // namespace

void SimOptions::add_to(Command& command) {
  command.add_option("--sas", sas, "SAs and configuration of the card, YAML", {.type = "SAS.yaml", .required = true});
  command.add_option("--line-in", line_in, "frames from the network, pcap or pcapng, also .gz",
                     {.type = "PCAP", .required = true});
  command.add_option("--core-in", core_in, "frames from the gateway, pcap or pcapng, also .gz", {.type = "PCAP"});
  command.add_option("--line-out", line_out, "frames to the network, pcap", {.type = "PCAP", .required = true});
  command.add_option("--core-out", core_out, "frames to the gateway, pcap", {.type = "PCAP", .required = true});
  command.add_option("--gap", gap, "idle cycles between frames, or line-rate (100 Gb/s Ethernet)",
                     {.type = "CYCLES|line-rate", .shows_default = true});
  command.add_option("--stall", stall_percent, "cycles in which the outputs are not ready, 0 to 99 %",
                     {.type = "PERCENT", .shows_default = true});
  command.add_option("--seed", seed, "of everything random in the simulation", {.type = "N", .shows_default = true});
  command.add_option("--clock-mhz", clock_mhz, "assumed clock: turns cycles into time",
                     {.type = "MHZ", .shows_default = true});
  command.add_option("--sa-capacity", sa_capacity,
                     fmt::format("SAs that the card can hold: {}", fmt::join(sim::Card::capacities(), ", ")),
                     {.type = "N", .shows_default = true});
  command.add_choice<SimModel>("--model", model,
                               {{"rtl", SimModel::rtl}, {"fast", SimModel::fast}, {"lockstep", SimModel::lockstep}},
                               "Verilated card, fast model, or both compared with each other");
  command.add_choice<sim::KernelKind>("--kernels", kernels,
                                      {{"view", sim::KernelKind::view}, {"rtl", sim::KernelKind::rtl}},
                                      "kernels of the Verilated card: simulation views, or RTL");
  command.add_option("--report", report, "figures of the run, JSON", {.type = "JSON"});
  command.add_option("--log-transactions", log_transactions,
                     "cycles in which each line frame reached each block, JSON lines", {.type = "JSONL"});
  command.add_option("--latency-plot", latency_plot, "the same as a picture", {.type = "SVG"});
  command.add_option("--trace", trace, "waveform of every signal (slow, large)", {.type = "FST"});
}

Result<sim::CardOptions> SimOptions::card_options() const {
  sim::CardOptions options;
  const auto pacing = parse_gap(gap);
  if (!pacing) return tl::unexpected(pacing.error());
  options.pacing = *pacing;
  options.sa_capacity = sa_capacity;
  options.seed = seed;
  options.clock_mhz = clock_mhz;
  options.sink_stall_percent = stall_percent;
  options.trace = trace;
  options.trace_frames = !log_transactions.empty() || !latency_plot.empty();
  options.kernels = kernels;
  options.model = model == SimModel::fast ? sim::ModelKind::fast : sim::ModelKind::rtl;
  if (!(clock_mhz >= kClockMinMhz && clock_mhz <= kClockMaxMhz)) {
    return failure(Errc::invalid_argument,
                   fmt::format("--clock-mhz: {} is not between {} and {}", clock_mhz, kClockMinMhz, kClockMaxMhz));
  }
  if (stall_percent > 99) {
    return failure(Errc::invalid_argument, fmt::format("--stall: {} is not between 0 and 99", stall_percent));
  }
  const auto capacities = sim::Card::capacities();
  if (std::ranges::find(capacities, sa_capacity) == capacities.end()) {
    return failure(Errc::invalid_argument,
                   fmt::format("--sa-capacity: {} is not one of {}", sa_capacity, fmt::join(capacities, ", ")));
  }
  if (model == SimModel::fast && !trace.empty()) {
    return failure(Errc::invalid_argument, "--trace: the fast model has no signals; use --model rtl");
  }
  for (const auto& [option, file] : {std::pair("--sas", sas),
                                     {"--line-in", line_in},
                                     {"--core-in", core_in},
                                     {"--line-out", line_out},
                                     {"--core-out", core_out},
                                     {"--report", report},
                                     {"--log-transactions", log_transactions},
                                     {"--latency-plot", latency_plot},
                                     {"--trace", trace}}) {
    if (file == "-")
      return failure(Errc::invalid_argument, fmt::format("{}: - is no file; there is /dev/stdin, /dev/stdout", option));
  }
  // Whatever writes it replaces what is there, be it a device node.
  if (!trace.empty() && std::filesystem::exists(trace) && !std::filesystem::is_regular_file(trace)) {
    return failure(Errc::invalid_argument, fmt::format("--trace: {} is not a regular file", trace));
  }
  if (const auto clash = find_clash(*this)) return failure(Errc::invalid_argument, *clash);
  return options;
}

}  // namespace sapulse::command
