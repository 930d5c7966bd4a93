// SPDX-License-Identifier: Apache-2.0
#include "checksum.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>

namespace sapulse {

std::array<std::uint8_t, kChecksumBytes> checksum(std::span<const std::uint8_t> bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> full{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), full.data(), &size, EVP_sha256(), nullptr);
  std::array<std::uint8_t, kChecksumBytes> result{};
  std::copy_n(full.begin(), result.size(), result.begin());
  return result;
}

std::string checksum_text(std::string_view text) {
  const auto sum = checksum({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return fmt::format("{:02x}", fmt::join(sum, ""));
}

}  // namespace sapulse
