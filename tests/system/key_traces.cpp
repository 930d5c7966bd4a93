// SPDX-License-Identifier: Apache-2.0
#define OPENSSL_SUPPRESS_DEPRECATED  // EVP does not give round keys away
#include "key_traces.h"

#include <fmt/format.h>
#include <openssl/aes.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace sapulse::test {

namespace {

using traffic::Bytes;
using Block = std::array<std::uint8_t, 16>;

static_assert(std::endian::native == std::endian::little, "a window is read as a number");

std::uint8_t mirrored(std::uint8_t byte) {
  std::uint8_t result = 0;
  for (unsigned bit = 0; bit < 8; ++bit) result |= static_cast<std::uint8_t>((byte >> bit & 1U) << (7 - bit));
  return result;
}

/// Product in GF(2^128) (NIST SP 800-38D, algorithm 1).
Block multiply(const Block& x, Block v) {
  Block z{};
  for (unsigned bit = 0; bit < 128; ++bit) {
    if ((x[bit / 8] >> (7 - bit % 8) & 1) != 0) {
      for (unsigned i = 0; i < 16; ++i) z[i] ^= v[i];
    }
    const bool carry = (v[15] & 1) != 0;
    for (unsigned i = 15; i > 0; --i) v[i] = static_cast<std::uint8_t>(v[i] >> 1 | v[i - 1] << 7);
    v[0] = static_cast<std::uint8_t>(v[0] >> 1 ^ (carry ? 0xe1 : 0));
  }
  return z;
}

}  // namespace

void KeySearch::add_block(const std::string& what, const Bytes& block) {
  Bytes form = block;
  for (const bool bits : {false, true}) {
    for (const bool bytes : {false, true}) {
      form = block;
      if (bits) std::ranges::transform(form, form.begin(), mirrored);
      if (bytes) std::ranges::reverse(form);
      for (std::size_t at = 0; at + 8 <= form.size(); at += 4) {
        std::uint64_t window = 0;
        std::memcpy(&window, form.data() + at, sizeof(window));
        windows_[window] =
            fmt::format("{}{}{}, byte {}", what, bits ? ", bits mirrored" : "", bytes ? ", reversed" : "", at);
        begins_[window & 0xffff] = true;
      }
    }
  }
}

void KeySearch::add(const std::string& name, const traffic::ControlKey& key) {
  add_block(name + " key", key.key);
  AES_KEY schedule;
  AES_set_encrypt_key(key.key.data(), static_cast<int>(8 * key.key.size()), &schedule);
  for (int round = 0; round <= schedule.rounds; ++round) {
    Bytes round_key;
    for (int word = 0; word < 4; ++word) {
      const std::uint32_t value = schedule.rd_key[4 * round + word];
      for (int byte = 0; byte < 4; ++byte) round_key.push_back(static_cast<std::uint8_t>(value >> 8 * byte));
    }
    if (round == 0 && !std::ranges::equal(round_key, std::span(key.key).first(round_key.size()))) {
      throw std::runtime_error("this OpenSSL keeps round keys in another order of bytes");
    }
    add_block(fmt::format("{} round key {}", name, round), round_key);
  }
  Block h{};
  AES_encrypt(h.data(), h.data(), &schedule);
  Block power = h;
  for (int i = 1; i <= 4; ++i, power = multiply(power, h)) {
    Bytes block = i == 1 ? key.salt : Bytes{};
    block.insert(block.end(), power.begin(), power.end());
    add_block(fmt::format("{} H^{}", name, i), block);
  }
}

std::vector<KeyTrace> KeySearch::find(std::span<const std::byte> memory) const {
  std::vector<KeyTrace> traces;
  for (std::size_t at = 0; at + 9 <= memory.size(); ++at) {
    std::uint64_t low = 0;
    std::memcpy(&low, memory.data() + at, sizeof(low));
    const auto high = std::to_integer<std::uint64_t>(memory[at + 8]);
    for (unsigned shift = 0; shift < 8; ++shift) {
      const std::uint64_t window = shift == 0 ? low : low >> shift | high << (64 - shift);
      if (!begins_[window & 0xffff]) continue;
      if (const auto found = windows_.find(window); found != windows_.end()) traces.push_back({found->second, at});
    }
  }
  return traces;
}

}  // namespace sapulse::test
