// SPDX-License-Identifier: Apache-2.0
// What a card is configured with, as the SAS.yaml file of `sapulse sim` says it.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bytes.h"

namespace sapulse::traffic {

/// What happens to a frame of a reserved SPI to a local address (protocol section 1).
enum class Action { pass, drop, control, echo, echo_reply, host };

std::string to_string(Action action);
Action parse_action(const std::string& text);

/// One direction of an SA.
struct Direction {
  std::uint32_t spi = 0;
  Bytes key{};             ///< encryption key of the SA, without salt
  Bytes salt{};            ///< 4 bytes where the SA's cipher has one (AEAD), else empty
  Bytes integrity{};       ///< integrity key, of SAs whose cipher is no AEAD
  std::uint64_t next = 1;  ///< outbound: first control sequence number to send
};

/// Keys of the control channel, one direction.
struct ControlKey {
  Bytes key;   ///< 16 or 32 bytes
  Bytes salt;  ///< 4 bytes
};

/// An SA pair.
struct Association {
  std::string name{};
  Address local{};
  Address peer{};
  Direction in;
  Direction out;
  bool plain = false;   ///< the control channel uses key and salt as they are
  Bytes token_nonce{};  ///< 8 bytes; empty: drawn by the card's host, and not known here

  /// Keys of the control channel of one direction (protocol section 4).
  [[nodiscard]] ControlKey control_key(const Direction& direction) const;
};

struct Config {
  std::vector<Address> local;
  unsigned control_spi = 253;
  unsigned udp_port = 4500;  ///< destination port of encapsulated ESP
  bool authoritative = false;
  std::optional<Bytes> secret;          ///< 32 bytes
  std::vector<Mac> macs;                ///< none: any unicast address is the card's
  std::map<unsigned, Action> reserved;  ///< other actions than the default ones, by SPI
  std::vector<Association> sas;

  /// Action of an SPI of 0..255, defaults included.
  [[nodiscard]] Action action(std::uint32_t spi) const;
  [[nodiscard]] bool is_local(const Address& address) const;
  [[nodiscard]] bool is_own(const Mac& mac) const;
};

/// Reads and writes SAS.yaml. A lenient reader: it trusts files that `sapulse sim` has accepted.
/// Throws std::runtime_error naming the file.
Config load_config(const std::filesystem::path& file);
void save_config(const std::filesystem::path& file, const Config& config);
std::string to_yaml(const Config& config);
/// The content of such a file. Throws what the reader of YAML throws.
Config from_yaml(const std::string& text);

/// Crash token of an inbound SA with a token nonce of 8 bytes (protocol section 7).
Bytes crash_token(View secret, std::uint32_t spi, View token_nonce);

}  // namespace sapulse::traffic
