// SPDX-License-Identifier: Apache-2.0
// Somebody on the path who has no keys: forges errors, and replies out of what the peer has sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "traffic/bytes.h"
#include "traffic/config.h"
#include "traffic/random.h"

namespace sapulse::test {

class Forger {
 public:
  /// `recorded`: replies of the peer, at least one.
  Forger(const traffic::Config& config, const std::vector<traffic::Bytes>& recorded, std::uint64_t seed);

  /// Three of four are clear errors `unknown SPI` with a token that is made up, the others replies with a bit changed
  /// behind their SPI.
  std::vector<traffic::Bytes> make(std::size_t frames);

  [[nodiscard]] std::uint64_t errors() const { return errors_; }
  [[nodiscard]] std::uint64_t replies() const { return replies_; }

 private:
  /// A frame, and where what is changed begins.
  struct Original {
    traffic::Bytes frame;
    std::size_t at;
  };

  traffic::Bytes error();
  traffic::Bytes reply();

  std::vector<Original> templates_;  ///< errors about each SA, without a token
  std::vector<Original> recorded_;
  traffic::Random random_;
  std::uint64_t errors_ = 0;
  std::uint64_t replies_ = 0;
};

}  // namespace sapulse::test
