// SPDX-License-Identifier: Apache-2.0
// Commands and completions of the card's command ring.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "sapulse/address.h"
#include "sapulse/event.h"
#include "sapulse/liveness.h"
#include "sapulse/path.h"
#include "sapulse/registers.h"
#include "sapulse/secret.h"

#pragma GCC visibility push(default)
namespace sapulse {

using regs::Opcode;
using regs::Status;

/// Key material of one direction as the card wants it.
struct KeyMaterial {
  Key key;                      ///< control key, 16 or 32 bytes
  Salt salt;                    ///< control salt, 4 bytes
  SecretBytes<64> hash_powers;  ///< H, H^2, H^3, H^4, 16 bytes each (NIST SP 800-38D section 6.4)
};

/// One slot of the SPI index.
struct IndexSlot {
  std::uint8_t bank = 0;
  std::uint8_t slot = 0;
  std::uint32_t bucket = 0;

  friend bool operator==(const IndexSlot&, const IndexSlot&) = default;
};

/// A command descriptor. May hold keys, so it is zeroised when destroyed.
class Command {
 public:
  static Command nop();
  /// Inbound half of an SA. `token`: sent in replies, if any. `window_top`: highest control sequence number that counts
  /// as accepted; 0: none.
  static Command write_in(std::uint32_t sa, std::uint32_t spi, const KeyMaterial& keys,
                          const std::optional<CrashToken>& token, std::uint64_t window_top);
  /// Outbound half; `next` is the first control sequence number to use, at least 1.
  static Command write_out(std::uint32_t sa, std::uint32_t spi, const KeyMaterial& keys, std::uint64_t next);
  /// Lets a slot of the index name an SA.
  static Command write_index(const IndexSlot& slot, std::uint32_t spi, std::uint32_t sa);
  static Command clear_index(const IndexSlot& slot);
  static Command read(std::uint32_t sa);
  static Command erase(std::uint32_t sa);
  static Command fence();
  /// `iova`: 64-byte aligned; `length`: 14..9216 bytes.
  static Command frame(std::uint64_t iova, std::uint16_t length);

  /// How the peer of an SA is reached; `nonce`: what the peer has told for it, zero if nothing.
  static Command write_path(std::uint32_t sa, const Path& path, const IpAddress& own, const IpAddress& peer,
                            const TokenNonce& nonce);
  /// Encrypted echo request with `data_bytes` (0..9000) of data.
  static Command ping(std::uint32_t sa, std::uint16_t data_bytes, std::chrono::nanoseconds timeout);
  /// Control message of this type and code. `plaintext`: body and trailer, 16..48 bytes, a multiple of 4.
  static Command send(std::uint32_t sa, std::uint8_t type, std::uint8_t code, std::uint32_t transaction,
                      std::span<const std::uint8_t> plaintext);
  static Command admin(std::uint32_t sa, bool down);
  /// Lets the prober begin anew; the settings must be valid.
  static Command start_probe(std::uint32_t sa, const LivenessSettings& settings);
  static Command stop_probe(std::uint32_t sa);
  /// `count`: 1..15.
  static Command burst(std::uint32_t sa, std::uint8_t count);
  static Command read_probe(std::uint32_t sa);

  /// Any command, given as its descriptor.
  static Command raw(std::span<const std::byte, regs::kCommandBytes> descriptor);

  [[nodiscard]] Opcode opcode() const;
  [[nodiscard]] std::uint32_t sa() const;
  /// The descriptor, cookie 0.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

  Command(const Command&) = default;
  Command& operator=(const Command&) = default;
  ~Command() { zeroise(bytes_); }

 private:
  Command(Opcode opcode, std::uint32_t sa);
  std::array<std::byte, regs::kCommandBytes> bytes_{};
};

/// A completion, decoded. Numbers are host values; fields that belong to another command are 0.
struct Completion {
  Opcode opcode{};
  Status status{};
  std::uint32_t cookie = 0;
  std::uint32_t sa = 0;
  // SA_READ
  std::uint64_t window_top = 0;
  std::uint64_t next = 0;
  std::uint32_t accepted = 0;
  std::uint32_t replayed = 0;
  std::uint32_t rejected = 0;
  std::uint32_t data_sequence = 0;
  bool data_sequence_valid = false;
  // PING, SEND
  std::uint32_t transaction = 0;
  std::uint64_t n = 0;  ///< control sequence number of the message
  // PROBE_READ
  ProbeStatus probe;
  std::uint64_t time = 0;  ///< clock of the card at completion, ns
};

}  // namespace sapulse
#pragma GCC visibility pop
