// SPDX-License-Identifier: Apache-2.0
// AES-GCM of control packets by a library, some packets at a time: what distinguishes responders made of software.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sapulse_wire.h"
#include "traffic/config.h"

namespace sapulse::bench {

inline constexpr std::size_t kBurst = 32;  ///< packets that are worked on together, as drivers receive them

/// A nested packet, sealed or opened where it is.
struct CipherJob {
  std::uint32_t sa = 0;            ///< index of the association
  std::uint8_t* packet = nullptr;  ///< from the SPI to the ICV
  std::size_t text_bytes = 0;      ///< of the ciphertext
  bool is_authentic = false;       ///< after open()
  [[nodiscard]] std::uint8_t* text() const { return packet + wire::nested_ciphertext; }
  [[nodiscard]] std::uint8_t* icv() const { return text() + text_bytes; }
};

/// Holds the key schedules of all associations. Its functions throw std::runtime_error when the library refuses.
class PingCipher {
 public:
  PingCipher() = default;
  virtual ~PingCipher() = default;
  PingCipher(const PingCipher&) = delete;
  PingCipher& operator=(const PingCipher&) = delete;

  /// Decrypts with the keys of the inbound SAs; at most kBurst packets.
  virtual void open(std::span<CipherJob> jobs) = 0;
  /// Encrypts with those of the outbound SAs, and writes the ICVs.
  virtual void seal(std::span<CipherJob> jobs) = 0;
};

std::unique_ptr<PingCipher> make_openssl_cipher(const traffic::Config& config);
/// By the burst interface of Intel's library, with what the processor has.
std::unique_ptr<PingCipher> make_ipsec_mb_cipher(const traffic::Config& config);

}  // namespace sapulse::bench
