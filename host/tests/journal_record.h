// SPDX-License-Identifier: Apache-2.0
// Records of the journal with any content, for tests.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checksum.h"

namespace sapulse::test {

inline constexpr std::size_t kRecordHead = 4 + kChecksumBytes;  ///< before the content of a record, bytes
inline constexpr std::size_t kRecordTail = kChecksumBytes + 1;  ///< behind it

/// A record whose checksums are right, whatever its content.
inline std::vector<std::uint8_t> record_of(std::span<const std::uint8_t> content) {
  std::vector<std::uint8_t> record;
  const auto append = [&record](const auto& bytes) { record.insert(record.end(), bytes.begin(), bytes.end()); };
  for (int shift = 24; shift >= 0; shift -= 8) record.push_back(static_cast<std::uint8_t>(content.size() >> shift));
  append(checksum(record));
  append(content);
  append(checksum(content));
  record.push_back('\n');
  return record;
}

/// What is in a record.
inline std::vector<std::uint8_t> content_of(std::span<const std::uint8_t> record) {
  const auto content = record.subspan(kRecordHead, record.size() - kRecordHead - kRecordTail);
  return {content.begin(), content.end()};
}

}  // namespace sapulse::test
