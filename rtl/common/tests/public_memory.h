// SPDX-License-Identifier: Apache-2.0
// Memories of a Verilated module that are public (fifo_memory.vlt), found by their names, to flip bits in them.
#pragma once

#include <verilated.h>
#include <verilated_sym_props.h>
#include <verilated_syms.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace sapulse::test {

/// A memory, or a register: a memory of one entry.
struct PublicMemory {
  std::string name;    ///< with the instances that it is in
  unsigned width = 0;  ///< bits of an entry
  unsigned entries = 0;
  std::span<std::byte> contents;

  void flip(unsigned entry, unsigned bit) const {
    contents[entry * (contents.size() / entries) + bit / 8] ^= std::byte{1} << (bit % 8);
  }
};

/// All of them, in the order of their names.
inline std::vector<PublicMemory> public_memories(VerilatedContext& context) {
  std::vector<PublicMemory> found;
  for (const auto& [scope_name, scope] : *context.scopeNameMap()) {
    if (scope->varsp() == nullptr) continue;
    for (auto& [name, variable] : *scope->varsp()) {
      const bool is_array = variable.udims() > 0;
      PublicMemory memory;
      memory.name = std::string(scope_name) + "." + name;
      memory.width = static_cast<unsigned>(variable.packed().elements());
      memory.entries = is_array ? static_cast<unsigned>(variable.unpacked().elements()) : 1;
      memory.contents = {static_cast<std::byte*>(variable.datap()), std::size_t{variable.entSize()} * memory.entries};
      found.push_back(memory);
    }
  }
  return found;
}

}  // namespace sapulse::test
