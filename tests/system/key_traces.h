// SPDX-License-Identifier: Apache-2.0
// What gives a control key away, and whether some memory holds it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "traffic/bytes.h"
#include "traffic/config.h"

namespace sapulse::test {

/// A place where memory gives a key away.
struct KeyTrace {
  std::string what;
  std::size_t offset;  ///< bytes
};

/// Looks for AES keys, their round keys, and H to H^4 with the salt in front: 8 bytes in a row of any of them, in both
/// byte and both bit orders, at any bit.
class KeySearch {
 public:
  void add(const std::string& name, const traffic::ControlKey& key);
  [[nodiscard]] std::vector<KeyTrace> find(std::span<const std::byte> memory) const;

 private:
  void add_block(const std::string& what, const traffic::Bytes& block);

  std::map<std::uint64_t, std::string> windows_;
  std::vector<bool> begins_ = std::vector<bool>(1U << 16);  ///< low 16 bits of windows
};

}  // namespace sapulse::test
