// SPDX-License-Identifier: Apache-2.0
#include "sapulse/event.h"

#include <fmt/format.h>

#include <string_view>

#include "descriptor.h"
#include "probe_time.h"

namespace sapulse {
namespace {

Result<void> check(const regs::ConstEvent& entry) {
  const auto bad = [](std::string_view field, unsigned value) {
    return failure(Errc::parse_error, fmt::format("event with {} {}", field, value));
  };
  if (static_cast<std::size_t>(entry.kind()) >= regs::kEventKindCount) {
    return bad("kind", static_cast<unsigned>(entry.kind()));
  }
  for (const ProbeState state : {entry.state(), entry.previous()}) {
    if (static_cast<std::size_t>(state) >= regs::kProbeStateCount) return bad("state", static_cast<unsigned>(state));
  }
  if (static_cast<std::size_t>(entry.sa_table()) >= regs::kSaTableCount) {
    return bad("table", static_cast<unsigned>(entry.sa_table()));
  }
  return {};
}

Telemetry read_telemetry(const regs::ConstEvent& entry) {
  Telemetry telemetry;
  const unsigned flags = entry.flags();
  if ((flags & wire::telemetry_times_valid) != 0) telemetry.times = {entry.t_receive(), entry.t_transmit()};
  if ((flags & wire::telemetry_data_sequence_valid) != 0) telemetry.data_sequence = entry.data_sequence();
  if ((flags & wire::telemetry_token_valid) != 0) {
    CrashToken& token = telemetry.token.emplace();
    copy_bytes(entry.token(), token.token);
    copy_bytes(entry.token_nonce(), token.nonce);
  }
  return telemetry;
}

}  // namespace

Result<Event> decode_event(std::span<const std::byte> bytes) {
  if (bytes.size() < regs::kEventBytes) {
    return failure(Errc::parse_error, fmt::format("event of {} bytes", bytes.size()));
  }
  const regs::ConstEvent entry{bytes.first<regs::kEventBytes>()};
  if (auto good = check(entry); !good) return tl::unexpected(good.error());

  Event event;
  event.kind = entry.kind();
  event.sa = entry.sa();
  event.time = entry.time();
  event.count = entry.count();
  if (event.kind == EventKind::probe_state) {
    event.previous = entry.previous();
    event.probe = make_probe_status(entry);
    return event;
  }
  if (event.kind == EventKind::table_fault) {
    event.table = entry.sa_table();
    event.entry = entry.entry();
    return event;
  }
  event.cookie = entry.cookie();
  event.transaction = entry.transaction();
  event.t_origin = entry.t_origin();
  if (event.kind == EventKind::ping_timeout) return event;
  event.t_arrival = entry.t_arrival();
  event.n = entry.n();
  event.frame_length = entry.frame_length();
  event.telemetry = read_telemetry(entry);
  return event;
}

}  // namespace sapulse
