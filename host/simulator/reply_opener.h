// SPDX-License-Identifier: Apache-2.0
// Looks into encrypted replies, so that those of two runs can be compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "capture.h"
#include "sapulse/config.h"
#include "sapulse/control_keys.h"

namespace sapulse::command {

class ReplyOpener {
 public:
  explicit ReplyOpener(const Config& config);

  /// The reply with its nested packet decrypted, without its ICV, and without what depends on the moment: the two times
  /// and the customer sequence number that the responder fills in, and the UDP checksum, which covers the ciphertext.
  /// Nothing unless the frame is an encrypted reply on one of the SAs and its ICV is right.
  [[nodiscard]] std::optional<Frame> open(std::span<const std::byte> reply) const;

 private:
  std::map<std::uint32_t, KeyMaterial>
      by_out_spi_;  ///< of those whose keys could be derived: all, unless OpenSSL fails
};

}  // namespace sapulse::command
