// SPDX-License-Identifier: Apache-2.0
#include "register_file.h"

#include <array>

namespace sapulse::model {
namespace {

constexpr std::size_t kWords = regs::kWindowBytes / 4;

/// What stands at a word of the window.
struct Word {
  bool exists = false;
  bool writable = false;
  bool write_only = false;
  bool low_half = false;
  bool high_half = false;
  std::uint32_t mask = 0;
  std::uint32_t reset = 0;
};

using Map = std::array<Word, kWords>;

void add_element(Map& map, const regs::RegisterInfo& info, std::uint32_t offset) {
  const bool wide = info.width == 64;
  const bool writable = info.access != regs::Access::read_only;
  const std::uint64_t reset = info.reset.value_or(0);
  Word word{.exists = true,
            .writable = writable,
            .write_only = info.access == regs::Access::write_only,
            .low_half = wide,
            .mask = static_cast<std::uint32_t>(info.mask),
            .reset = static_cast<std::uint32_t>(reset)};
  map[offset / 4] = word;
  if (!wide) return;
  word.low_half = false;
  word.high_half = true;
  word.mask = static_cast<std::uint32_t>(info.mask >> 32);
  word.reset = static_cast<std::uint32_t>(reset >> 32);
  map[offset / 4 + 1] = word;
}

const Map& map() {
  static const Map map = [] {
    Map made;
    for (const regs::RegisterInfo& info : regs::kRegisters) {
      for (unsigned i = 0; i < info.count; ++i) add_element(made, info, info.offset + i * info.stride);
    }
    return made;
  }();
  return map;
}

}  // namespace

RegisterFile::RegisterFile() : values_(kWords), pending_(kWords) { reset(); }

void RegisterFile::reset() {
  for (std::size_t i = 0; i < kWords; ++i) {
    values_[i] = map()[i].reset;
    pending_[i] = 0;
  }
}

bool RegisterFile::readable(std::uint32_t offset) const { return map()[offset / 4].exists; }
bool RegisterFile::writable(std::uint32_t offset) const { return map()[offset / 4].writable; }
bool RegisterFile::write_only(std::uint32_t offset) const { return map()[offset / 4].write_only; }

bool RegisterFile::store(std::uint32_t offset, std::uint32_t value) {
  const std::size_t i = offset / 4;
  const Word& word = map()[i];
  if (word.low_half) {
    pending_[i] = value & word.mask;
    return false;
  }
  if (word.high_half) values_[i - 1] = pending_[i - 1];
  values_[i] = value & word.mask;
  return true;
}

}  // namespace sapulse::model
