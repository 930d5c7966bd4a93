// SPDX-License-Identifier: Apache-2.0
#include "summary.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "traffic/dissect.h"

namespace sapulse::demo {

namespace {

using namespace sapulse::traffic;

constexpr std::array<std::pair<const char*, const char*>, 19> kRefusals = {{
    {"DROP_ICV", "forged: integrity check failed"},
    {"DROP_REPLAY", "replayed or too old"},
    {"DROP_PADDING", "bad padding"},
    {"DROP_BODY", "bad body or data length"},
    {"DROP_SEQUENCE", "IV and sequence number differ"},
    {"DROP_NESTED", "bad nested packet"},
    {"DROP_LENGTH", "bad control length"},
    {"DROP_CHECKSUM", "bad control checksum"},
    {"DROP_VERSION", "bad control version"},
    {"DROP_SHORT", "too short"},
    {"DROP_ENCAPSULATION", "bad AH header"},
    {"DROP_ADDRESS", "unusable address"},
    {"DROP_IP_LENGTH", "bad IP or UDP length"},
    {"DROP_IP_CHECKSUM", "bad IPv4 checksum"},
    {"DROP_ACTION", "reserved SPI set to drop"},
    {"DROP_MAC_ERROR", "marked bad by the MAC"},
    {"DROP_OVERFLOW", "control path full"},
    {"DROP_LIMITED", "over the host's rate limit"},
    {"DROP_RING_FULL", "host ring full"},
}};

/// Lines of "text ..... number", in sections.
class Table {
 public:
  void section(const std::string& title) { text_ += fmt::format("\n{}\n", title); }
  void line(const std::string& what, std::uint64_t count) {
    if (count != 0) text_ += fmt::format("  {:.<44} {:>7}\n", what + " ", count);
  }
  void line(const std::string& what, const std::string& value) { text_ += fmt::format("  {:<30} {}\n", what, value); }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// The sort of traffic that a frame is, by its headers alone.
std::string sort_of(const Config& config, const Dissected& at) {
  if (at.kind == Dissected::Kind::fragment) return "IP fragments";
  if (at.kind == Dissected::Kind::other) return "other customer frames";
  if (at.wrap.spi >= 256) return "customer ESP and AH";
  if (!config.is_local(at.network.to)) return "reserved SPIs to other addresses";
  if (config.action(at.wrap.spi) == Action::control) return "encrypted pings and other control messages";
  if (config.action(at.wrap.spi) == Action::echo) return "clear ESP echo requests";
  return "other reserved SPIs";
}

/// How a control message was wrapped.
void count_wrapping(const Dissected& at, std::map<std::string, std::uint64_t>& counts) {
  ++counts[is_ipv4(at.network.to) ? "IPv4" : "IPv6"];
  if (!at.link.tags.empty()) ++counts["VLAN"];
  if (at.wrap.kind == Encapsulation::udp) ++counts["UDP 4500"];
  if (at.wrap.kind == Encapsulation::ah) ++counts["AH"];
}

void came_in(Table& table, const Config& config, const Run& run) {
  std::map<std::string, std::uint64_t> sorts;
  std::map<std::string, std::uint64_t> wrappings;
  for (const Bytes& frame : run.line_in) {
    const Dissected at = dissect(frame);
    const std::string sort = sort_of(config, at);
    ++sorts[sort];
    if (sort.starts_with("encrypted")) count_wrapping(at, wrappings);
  }
  table.section(
      fmt::format("Came in: {} frames from the network, {} from the gateway", run.line_in.size(), run.core_in.size()));
  for (const auto& [sort, count] : sorts) {
    table.line(sort, count);
    if (!sort.starts_with("encrypted")) continue;
    for (const auto& [wrapping, frames] : wrappings) table.line("    over " + wrapping, frames);
  }
}

std::uint64_t value(const Counters& counters, const char* name) {
  const auto found = counters.find(name);
  return found == counters.end() ? 0 : found->second;
}

void became_of(Table& table, const Run& run, const CheckResult& result) {
  table.section("Answered, every answer checked byte for byte with OpenSSL");
  table.line("encrypted replies", result.replies);
  table.line("    of these AES-128", result.replies - result.replies_aes256);
  table.line("    of these AES-256", result.replies_aes256);
  table.line("    of these with telemetry", result.replies_telemetry);
  table.line("clear echo replies", result.echoes);
  table.line("clear errors: unknown SPI or type", result.errors);
  table.line("answers of the host held back by rate limits", result.held_back);
  table.section("Taken without an answer");
  table.line("keepalives that want none", value(run.counters, "KEEPALIVE"));
  table.line("handed to the host", value(run.counters, "HOST"));
  std::uint64_t refused = 0;
  for (const auto& [name, text] : kRefusals) refused += value(run.counters, name);
  table.section(fmt::format("Refused: {}", refused));
  for (const auto& [name, text] : kRefusals) table.line(text, value(run.counters, name));
  table.section("Passed, byte for byte and in order");
  table.line("network to gateway", result.customer_in);
  table.line("gateway to network", result.customer_out);
}

/// A number of the report, or "-" where it has none.
std::string number(const nlohmann::json& report, const nlohmann::json::json_pointer& at) {
  if (!report.contains(at) || !report.at(at).is_number()) return "-";
  const nlohmann::json& found = report.at(at);
  return found.is_number_float() ? fmt::format("{:.2f}", found.get<double>()) : found.dump();
}

void how_fast(Table& table, const nlohmann::json& report) {
  const auto at = [&](const char* path) { return number(report, nlohmann::json::json_pointer(path)); };
  table.section(fmt::format("Speed, at an assumed clock of {} MHz", at("/clock_mhz")));
  table.line("latency, cycles",
             fmt::format("min {}, median {}, p99 {}, max {}", at("/latency_cycles/min"), at("/latency_cycles/median"),
                         at("/latency_cycles/p99"), at("/latency_cycles/max")));
  if (const std::string pings = at("/cycles_per_ping"); pings != "-") table.line("cycles per ping", pings);
  table.line("simulated", fmt::format("{} cycles at {} kHz", at("/cycles"), at("/simulated_khz")));
}

}  // namespace

std::string summary(const Config& config, const Run& run, const CheckResult& result, const nlohmann::json& report,
                    const Files& files) {
  Table table;
  came_in(table, config, run);
  became_of(table, run, result);
  how_fast(table, report);
  table.section("Captures");
  table.line("network side", fmt::format("{} -> {}", files.line_in.string(), files.line_out.string()));
  table.line("gateway side", fmt::format("{} -> {}", files.core_in.string(), files.core_out.string()));
  table.line("report", files.report.string());
  return table.take();
}

}  // namespace sapulse::demo
