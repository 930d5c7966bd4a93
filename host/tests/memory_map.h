// SPDX-License-Identifier: Apache-2.0
// The memory of a process as a core dump or a debugger sees it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace sapulse::test {

/// A mapping of a process.
struct Mapping {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::string permissions;  ///< "rw-p"
  std::string name;         ///< file, "[heap]", "[stack]", or empty
  bool locked = false;      ///< kept out of swap
  bool dumped = true;       ///< part of core dumps

  [[nodiscard]] bool is_writable() const { return permissions.size() > 1 && permissions[1] == 'w'; }
  [[nodiscard]] bool holds(const void* address) const {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return at >= start && at < end;
  }
};

/// All mappings of a process (0: this one), in the order of their addresses. Throws std::runtime_error.
std::vector<Mapping> mappings(pid_t process = 0);

/// Calls `see` with the contents of the mappings that `wanted` chooses, as far as they can be read. Throws
/// std::runtime_error if the memory of the process cannot be opened.
void read_memory(pid_t process, const std::function<bool(const Mapping&)>& wanted,
                 const std::function<void(const Mapping&, std::span<const std::uint8_t>)>& see);

}  // namespace sapulse::test
