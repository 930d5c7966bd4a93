// SPDX-License-Identifier: Apache-2.0
#include "sapulse/liveness.h"

#include <fmt/format.h>

#include <array>

#include "probe_time.h"

namespace sapulse {
namespace {

constexpr unsigned kMostMultiplier = 255;
constexpr unsigned kMostJitter = 25;

constexpr std::array<std::string_view, kLivenessCount> kStates{"init", "up", "suspect", "down", "lost", "admin-down"};
constexpr std::array<std::string_view, kLivenessReasonCount> kReasons{"started",     "sign-of-life", "silence",
                                                                      "crash-token", "admin",        "peer-admin"};

template <std::size_t Size>
std::string_view name_in(const std::array<std::string_view, Size>& names, std::size_t value) {
  return value < Size ? names[value] : "?";
}

/// In quotes, and nothing in it that could end the line or the quotes.
std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

}  // namespace

std::string_view name(Liveness state) { return name_in(kStates, static_cast<std::size_t>(state)); }
std::string_view name(LivenessReason reason) { return name_in(kReasons, static_cast<std::size_t>(reason)); }
std::string_view name(ProbeMode mode) { return mode == ProbeMode::card ? "card" : "host"; }

std::chrono::nanoseconds LivenessSettings::suspect_time() const {
  const unsigned half = (multiplier + 1) / 2;
  return interval * suspect.value_or(half < multiplier ? half : 0);
}

Result<void> validate(const LivenessSettings& settings) {
  const auto bad = [](std::string what) { return failure(Errc::invalid_argument, "liveness: " + std::move(what)); };
  if (settings.interval < std::chrono::microseconds(1) || to_ticks(settings.interval) > kMostIntervalTicks) {
    return bad(fmt::format("interval of {} ns: must be 1 us .. 18 minutes", settings.interval.count()));
  }
  if (settings.multiplier < 1 || settings.multiplier > kMostMultiplier) {
    return bad(fmt::format("multiplier {}: must be 1..{}", settings.multiplier, kMostMultiplier));
  }
  if (to_ticks(settings.detection_time()) > kMostProbeTicks)
    return bad("multiplier x interval: must be below 36 minutes");
  if (settings.suspect && *settings.suspect >= settings.multiplier) {
    return bad(fmt::format("suspect after {} intervals: must be less than the multiplier, {}", *settings.suspect,
                           settings.multiplier));
  }
  if (settings.jitter_percent > kMostJitter) {
    return bad(fmt::format("jitter of {} %: must be 0..{}", settings.jitter_percent, kMostJitter));
  }
  if (settings.data_bytes < wire::telemetry_bytes || settings.data_bytes > regs::kEchoDataBytes) {
    return bad(fmt::format("{} bytes of data: must be {}..{}", settings.data_bytes, wire::telemetry_bytes,
                           regs::kEchoDataBytes));
  }
  if (settings.mode > ProbeMode::host) return bad("unknown mode");
  return {};
}

std::string to_line(const LivenessChange& change) {
  std::string line =
      fmt::format("sa={} spi_in={:#010x} spi_out={:#010x} peer={} from={} to={} reason={} mode={} time={}",
                  in_quotes(change.name), change.spi_in, change.spi_out, change.peer.to_string(), name(change.from),
                  name(change.to), name(change.reason), name(change.mode), change.time);
  const LivenessEvidence& evidence = change.evidence;
  if (evidence.heard) line += fmt::format(" heard_ns={}", evidence.heard->count());
  if (evidence.rtt) line += fmt::format(" rtt_ns={}", evidence.rtt->count());
  line += fmt::format(" probes={} replies={}", evidence.probes, evidence.replies);
  if (evidence.error) {
    line += fmt::format(" error={} protected={} error_spi={:#010x} error_sequence={}", evidence.error->code,
                        evidence.error->is_protected, evidence.error->spi, evidence.error->sequence);
  }
  return line;
}

}  // namespace sapulse
