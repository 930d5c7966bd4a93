// SPDX-License-Identifier: Apache-2.0
#include "convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "sapulse/error_responder.h"

namespace sapulse::c {
namespace {

template <std::size_t Size>
void copy_text(const std::string& text, char (&target)[Size]) {
  const std::size_t length = std::min(text.size(), Size - 1);
  std::copy_n(text.begin(), length, target);
  target[length] = '\0';
}

Result<IpAddress> to_address(const char* text, const char* field) {
  if (text == nullptr) return failure(Errc::invalid_argument, std::string("SA: ") + field + ": missing");
  return IpAddress::parse(text).map_error([&](const Error& error) {
    return Error{Errc::invalid_argument, std::string("SA: ") + field + ": " + error.message};
  });
}

/// `bytes` may be NULL if there are none. What it means, and its shortest length, is checked with the whole SA.
template <class Secret>
Result<Secret> to_secret(const std::uint8_t* bytes, std::size_t size, const char* field) {
  if (size > Secret::capacity()) {
    return failure(Errc::invalid_argument,
                   fmt::format("SA: {}: {} bytes, at most {}", field, size, Secret::capacity()));
  }
  if (bytes == nullptr && size != 0) return failure(Errc::invalid_argument, fmt::format("SA: {}: missing", field));
  return bytes == nullptr ? Secret() : Secret(std::span(bytes, size));
}

Result<SaDirection> to_direction(const sapulse_direction* given, const char* field) {
  if (given == nullptr) return failure(Errc::invalid_argument, fmt::format("SA: {}: missing", field));
  if (auto good = check_input(given, "sapulse_direction"); !good) return tl::unexpected(good.error());
  const sapulse_direction direction = take(given);
  const auto key = to_secret<Key>(direction.key, direction.key_size, "key");
  const auto salt = to_secret<Salt>(direction.salt, direction.salt_size, "salt");
  const auto integrity = to_secret<Key>(direction.integrity, direction.integrity_size, "integrity");
  for (const auto* error :
       {key ? nullptr : &key.error(), salt ? nullptr : &salt.error(), integrity ? nullptr : &integrity.error()}) {
    if (error != nullptr) return tl::unexpected(*error);
  }
  return SaDirection{.spi = direction.spi, .key = *key, .salt = *salt, .integrity = *integrity};
}

Path to_path(const sapulse_path& path) {
  Path result;
  MacAddress::Bytes mac{};
  std::ranges::copy(path.own_mac, mac.begin());
  result.own_mac = MacAddress(mac);
  std::ranges::copy(path.peer_mac, mac.begin());
  result.peer_mac = MacAddress(mac);
  // More tags than there is room for are kept in number, so that validate() refuses them.
  result.tags.resize(std::min<std::size_t>(path.vlan_tags, wire::vlan_tags_max + 1));
  for (std::size_t i = 0; i < std::min<std::size_t>(result.tags.size(), wire::vlan_tags_max); ++i) {
    result.tags[i] = {static_cast<std::uint16_t>(path.vlan[i] >> 16), static_cast<std::uint16_t>(path.vlan[i])};
  }
  result.encapsulation = static_cast<Encapsulation>(path.encapsulation);
  if (path.own_port != 0) result.own_port = path.own_port;
  if (path.peer_port != 0) result.peer_port = path.peer_port;
  if (path.control_spi != 0) result.control_spi = path.control_spi;
  result.dscp = path.dscp;
  return result;
}

}  // namespace

Result<void> check_size(std::size_t size, std::size_t least, const char* name) {
  if (size >= least) return {};
  return failure(Errc::invalid_argument,
                 fmt::format("{}: size {}: must be set to sizeof the structure, at least {}", name, size, least));
}

Result<void> check_zero(std::span<const std::byte> rest, const char* name) {
  if (std::ranges::all_of(rest, [](std::byte byte) { return byte == std::byte{0}; })) return {};
  return failure(Errc::invalid_argument,
                 fmt::format("{}: members are set that this version of the library does not know", name));
}

sapulse_status to_status(Errc code) {
  switch (code) {
    case Errc::invalid_argument:
      return SAPULSE_INVALID_ARGUMENT;
    case Errc::not_found:
      return SAPULSE_NOT_FOUND;
    case Errc::exists:
      return SAPULSE_EXISTS;
    case Errc::no_space:
      return SAPULSE_NO_SPACE;
    case Errc::incompatible:
      return SAPULSE_INCOMPATIBLE;
    case Errc::device_error:
      return SAPULSE_DEVICE_ERROR;
    case Errc::dma_fault:
      return SAPULSE_DMA_FAULT;
    case Errc::timeout:
      return SAPULSE_TIMEOUT;
    case Errc::io_error:
      return SAPULSE_IO_ERROR;
    case Errc::parse_error:
      return SAPULSE_PARSE_ERROR;
    case Errc::unsupported:
      return SAPULSE_UNSUPPORTED;
  }
  return SAPULSE_INTERNAL;
}

Result<SaParameters> to_parameters(const sapulse_sa& sa) {
  SaParameters result;
  if (sa.name != nullptr) result.name = sa.name;
  const auto local = to_address(sa.local, "local");
  if (!local) return tl::unexpected(local.error());
  const auto peer = to_address(sa.peer, "peer");
  if (!peer) return tl::unexpected(peer.error());
  const auto in = to_direction(sa.in, "in");
  if (!in) return tl::unexpected(in.error());
  const auto out = to_direction(sa.out, "out");
  if (!out) return tl::unexpected(out.error());
  result.local = *local;
  result.peer = *peer;
  result.in = *in;
  result.out = *out;
  if (sa.next != 0) result.next = sa.next;
  result.plain = sa.plain != 0;
  if (sa.path != nullptr) {
    if (auto good = check_input(sa.path, "sapulse_path"); !good) return tl::unexpected(good.error());
    result.path = to_path(take(sa.path));
  }
  return result;
}

LivenessSettings to_settings(const sapulse_watch_settings& settings) {
  LivenessSettings result;
  result.mode = settings.by_host != 0 ? ProbeMode::host : ProbeMode::card;
  // More than a century is refused by validate() as any other long interval is.
  constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
  result.interval = std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(settings.interval_ns, kMost)));
  result.multiplier = settings.multiplier;
  result.jitter_percent = settings.jitter_percent;
  if (settings.data_bytes != 0) result.data_bytes = settings.data_bytes;
  result.data_alive = settings.data_alive != 0;
  return result;
}

sapulse_sa_info to_info(const SaInfo& sa) {
  sapulse_sa_info result{};
  result.number = sa.number;
  result.spi_in = sa.spi_in;
  result.spi_out = sa.spi_out;
  copy_text(sa.name, result.name);
  copy_text(sa.local.to_string(), result.local);
  copy_text(sa.peer.to_string(), result.peer);
  result.has_path = sa.path ? 1 : 0;
  result.admin_down = sa.admin_down ? 1 : 0;
  return result;
}

sapulse_ping_result to_result(const PingResult& ping) {
  sapulse_ping_result result{};
  result.spi_in = ping.spi_in;
  result.answered = ping.answered ? 1 : 0;
  result.transaction = ping.transaction;
  result.n = ping.n;
  if (!ping.answered) return result;
  result.rtt_ns = static_cast<std::uint64_t>(ping.rtt().count());
  const auto forward = ping.forward(), backward = ping.backward(), turnaround = ping.turnaround();
  if (forward && backward && turnaround) {
    result.times_valid = 1;
    result.forward_ns = forward->count();
    result.backward_ns = backward->count();
    result.turnaround_ns = static_cast<std::uint64_t>(turnaround->count());
  }
  if (ping.telemetry.data_sequence) {
    result.data_sequence_valid = 1;
    result.data_sequence = *ping.telemetry.data_sequence;
  }
  if (ping.telemetry.token) {
    result.token_valid = 1;
    std::ranges::copy(ping.telemetry.token->token, result.token);
    std::ranges::copy(ping.telemetry.token->nonce, result.token_nonce);
  }
  result.frame_length = ping.frame_length;
  return result;
}

const char* verdict_name(ErrorVerdict verdict) {
  constexpr std::array<const char*, kErrorVerdictCount> kNames{
      "sent",    "not_applicable", "about_message", "address", "too_long", "installed",
      "limited", "malformed",      "disabled",      "no_path", "unwanted", "cut"};
  const auto position = static_cast<std::size_t>(verdict);
  return position < kNames.size() ? kNames[position] : "?";
}

}  // namespace sapulse::c
