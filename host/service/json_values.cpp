// SPDX-License-Identifier: Apache-2.0
#include "json_values.h"

#include <optional>
#include <string>

namespace sapulse {
namespace {

using nlohmann::ordered_json;

ordered_json nanoseconds(const std::optional<std::chrono::nanoseconds>& time) {
  return time ? ordered_json(time->count()) : ordered_json(nullptr);
}

template <class Value>
ordered_json or_null(const std::optional<Value>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

void add_evidence(ordered_json& json, const LivenessEvidence& evidence) {
  json["rtt_ns"] = nanoseconds(evidence.rtt);
  json["heard_ns"] = nanoseconds(evidence.heard);
  json["probes"] = evidence.probes;
  json["replies"] = evidence.replies;
  json["error"] = nullptr;
  if (const auto& error = evidence.error) {
    json["error"] = {
        {"code", error->code}, {"protected", error->is_protected}, {"spi", error->spi}, {"sequence", error->sequence}};
  }
}

}  // namespace

ordered_json to_json(const Counters& counters) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < Counters::size(); ++i) {
    json[std::string(Counters::name(i))] = counters[static_cast<regs::Counter>(i)];
  }
  return json;
}

ordered_json to_json(const LivenessChange& change, const std::string& card) {
  ordered_json json{{"sa", change.name},
                    {"spi_in", change.spi_in},
                    {"spi_out", change.spi_out},
                    {"peer", change.peer.to_string()},
                    {"from", name(change.from)},
                    {"to", name(change.to)},
                    {"reason", name(change.reason)},
                    {"mode", name(change.mode)},
                    {"time_ns", change.time}};
  add_evidence(json, change.evidence);
  if (!card.empty()) json["card"] = card;
  return json;
}

ordered_json to_json(const LivenessInfo& info) {
  ordered_json json{{"spi_in", info.spi_in},
                    {"state", name(info.state)},
                    {"reason", name(info.reason)},
                    {"since_ns", info.since},
                    {"mode", name(info.settings.mode)},
                    {"interval_ns", info.settings.interval.count()},
                    {"multiplier", info.settings.multiplier},
                    {"token_known", info.token_known},
                    {"changes", info.changes},
                    {"hints", info.hints},
                    {"fault", info.fault.empty() ? ordered_json(nullptr) : ordered_json(info.fault)}};
  add_evidence(json, info.evidence);
  return json;
}

ordered_json to_json(const PingResult& result) {
  ordered_json json{{"spi_in", result.spi_in},
                    {"answered", result.answered},
                    {"transaction", result.transaction},
                    {"n", result.n},
                    {"t_origin_ns", result.t_origin}};
  if (!result.answered) return json;
  json["rtt_ns"] = result.rtt().count();
  json["forward_ns"] = nanoseconds(result.forward());
  json["backward_ns"] = nanoseconds(result.backward());
  json["turnaround_ns"] = nanoseconds(result.turnaround());
  json["frame_bytes"] = result.frame_length;
  json["data_sequence"] = or_null(result.telemetry.data_sequence);
  json["token"] = result.telemetry.token.has_value();
  return json;
}

ordered_json to_json(const PathMtu& mtu) {
  return {{"passed_bytes", mtu.passed}, {"failed_bytes", mtu.failed}, {"pings", mtu.pings}};
}

ordered_json to_json(const ProbeStatus& status) {
  return {{"rtt_ns", nanoseconds(status.rtt)},
          {"heard_ns", status.heard.count()},
          {"probes", status.probes},
          {"replies", status.replies}};
}

ordered_json to_json(const SaInfo& sa) {
  return {
      {"name", sa.name},     {"number", sa.number},   {"local", sa.local.to_string()}, {"peer", sa.peer.to_string()},
      {"spi_in", sa.spi_in}, {"spi_out", sa.spi_out}, {"path", sa.path.has_value()},   {"admin_down", sa.admin_down}};
}

ordered_json with_liveness(Endpoint& endpoint, const SaInfo& sa) {
  ordered_json entry = to_json(sa);
  const auto liveness = endpoint.monitor().find(sa.spi_in);
  entry["liveness"] = liveness ? to_json(*liveness) : ordered_json(nullptr);
  return entry;
}

ordered_json to_json(const SaStatistics& statistics) {
  return {{"window_top", statistics.window_top}, {"next", statistics.next},
          {"accepted", statistics.accepted},     {"replayed", statistics.replayed},
          {"rejected", statistics.rejected},     {"data_sequence", or_null(statistics.data_sequence)}};
}

}  // namespace sapulse
