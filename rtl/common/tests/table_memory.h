// SPDX-License-Identifier: Apache-2.0
// A memory (sa_ram) in a Verilated module, to flip bits in it. table_memory.vlt makes it reachable.
#pragma once

#include <verilated.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sapulse/registers.h"

namespace sapulse::test {

/// The memory of one table, or of a part of it.
struct TableMemory {
  std::string_view name;
  regs::SaTable table{};
  unsigned width = 0;  ///< bits of an entry, with its parity bit, which is bit 0
  unsigned entries = 0;
  std::span<std::byte> contents;
  unsigned number_scale = 1;  ///< an entry is told as number_scale * entry + number_offset
  unsigned number_offset = 0;

  [[nodiscard]] unsigned number(unsigned entry) const { return number_scale * entry + number_offset; }
  void flip(unsigned entry, unsigned bit) const { of(entry)[bit / 8] ^= std::byte{1} << (bit % 8); }

  /// Its parity is wrong.
  [[nodiscard]] bool is_damaged(unsigned entry) const {
    int ones = 0;
    for (const std::byte byte : of(entry)) ones += std::popcount(std::to_integer<unsigned>(byte));
    return ones % 2 != 0;
  }

 private:
  [[nodiscard]] std::span<std::byte> of(unsigned entry) const {
    const std::size_t size = contents.size() / entries;
    return contents.subspan(entry * size, size);
  }
};

/// Verilator keeps an entry in one word, or in several of 32 bits, lowest first; unused bits are 0.
template <class Word, std::size_t Entries>
TableMemory table_memory(std::string_view name, regs::SaTable table, unsigned width,
                         VlUnpacked<Word, Entries>& memory) {
  static_assert(std::endian::native == std::endian::little);
  TableMemory result;
  result.name = name;
  result.table = table;
  result.width = width;
  result.entries = Entries;
  result.contents = std::as_writable_bytes(std::span<Word>(&memory[0], Entries));
  return result;
}

}  // namespace sapulse::test
