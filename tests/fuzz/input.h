// SPDX-License-Identifier: Apache-2.0
// What a fuzzer has made up, taken apart from the front; behind its end, zeros.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sapulse::fuzz {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::uint8_t number8() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  /// Little-endian, as are all numbers here.
  std::uint16_t number16() {
    const unsigned low = number8();
    return static_cast<std::uint16_t>(low | number8() << 8U);
  }
  std::uint32_t number32() {
    const std::uint32_t low = number16();
    return low | std::uint32_t{number16()} << 16U;
  }
  /// As many as there are, at most `size`.
  std::vector<std::uint8_t> bytes(std::size_t size) {
    const auto taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return {taken.begin(), taken.end()};
  }
  /// Up to the next end of a line, which is taken, too.
  std::string_view line() {
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), rest_.size());
    const std::string_view line = text.substr(0, text.find('\n'));
    rest_ = rest_.subspan(std::min(line.size() + 1, rest_.size()));
    return line;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace sapulse::fuzz
