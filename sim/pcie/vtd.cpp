// SPDX-License-Identifier: Apache-2.0
#include "vtd.h"

namespace sapulse::sim {
namespace {

constexpr std::uint64_t kUnit = 0xfed90000;  // of QEMU's q35
constexpr std::uint64_t kGlobalStatus = kUnit + 0x1c;
constexpr std::uint64_t kRootTable = kUnit + 0x20;
constexpr std::uint64_t kInterruptTable = kUnit + 0xb8;
constexpr std::uint32_t kTranslationEnabled = 1U << 31;

constexpr std::uint64_t kPresent = 1;
constexpr std::uint64_t kReadable = 1;
constexpr std::uint64_t kWritable = 2;
constexpr std::uint64_t kLargePage = 1U << 7;
constexpr std::uint64_t kAddressMask = 0x000f'ffff'ffff'f000;
constexpr std::uint64_t kPassThrough = 2;  // translation type of a context entry
constexpr unsigned kPageBits = 12;
constexpr unsigned kLevelBits = 9;
constexpr unsigned kDeepest = 5;

constexpr unsigned level_shift(unsigned level) { return kPageBits + kLevelBits * (level - 1); }

}  // namespace

std::optional<std::uint64_t> Vtd::translate(std::uint64_t iova, bool write) {
  // Reading the registers costs: only when nothing is known or the walk has failed.
  if (const auto known = root_) {
    if (*known == 0) return iova;
    if (const auto physical = walk(*known, iova, write)) return physical;
  }
  const bool enabled = (chipset_.read32(kGlobalStatus) & kTranslationEnabled) != 0;
  const std::uint64_t root = enabled ? chipset_.read64(kRootTable) & kAddressMask : 0;
  root_ = root;
  return root == 0 ? iova : walk(root, iova, write);
}

std::optional<std::uint64_t> Vtd::walk(std::uint64_t root, std::uint64_t iova, bool write) const {
  const std::uint64_t root_entry = memory_.read64(root + 16 * std::uint64_t{bus_}).value_or(0);
  if ((root_entry & kPresent) == 0) return std::nullopt;
  const std::uint64_t context = (root_entry & kAddressMask) + 16 * std::uint64_t{function_};
  const std::uint64_t low = memory_.read64(context).value_or(0);
  const std::uint64_t high = memory_.read64(context + 8).value_or(0);
  if ((low & kPresent) == 0) return std::nullopt;
  if ((low >> 2 & 3) == kPassThrough) return iova;
  const unsigned levels = static_cast<unsigned>(high & 7) + 2;  // address width field
  if (levels > kDeepest || (levels < kDeepest && iova >> level_shift(levels + 1) != 0)) return std::nullopt;
  std::uint64_t table = low & kAddressMask;
  for (unsigned level = levels; level > 0; --level) {
    const std::uint64_t index = iova >> level_shift(level) & ((1U << kLevelBits) - 1);
    const std::uint64_t entry = memory_.read64(table + 8 * index).value_or(0);
    if ((entry & (write ? kWritable : kReadable)) == 0) return std::nullopt;
    if (level == 1 || (entry & kLargePage) != 0) {
      const std::uint64_t inside = (std::uint64_t{1} << level_shift(level)) - 1;
      return (entry & kAddressMask & ~inside) | (iova & inside);
    }
    table = entry & kAddressMask;
  }
  return std::nullopt;
}

std::optional<MsiMessage> Vtd::remap(const MsiMessage& message) {
  constexpr std::uint64_t kRemappable = 1U << 4;
  constexpr std::uint64_t kSubhandle = 1U << 3;
  constexpr std::uint64_t kExtendedMode = 1U << 11;  // 32-bit APIC IDs
  if ((message.address & kRemappable) == 0) return message;
  std::uint64_t index = (message.address >> 5 & 0x7fff) | (message.address >> 2 & 1) << 15;
  if ((message.address & kSubhandle) != 0) index += message.data & 0xffff;
  const std::uint64_t table = chipset_.read64(kInterruptTable);
  const std::uint64_t entry = memory_.read64((table & kAddressMask) + 16 * index).value_or(0);
  if ((entry & kPresent) == 0) return std::nullopt;
  std::uint64_t destination = entry >> 32;
  if ((table & kExtendedMode) == 0) destination = destination >> 8 & 0xff;
  const std::uint64_t hint = entry >> 3 & 1;
  const std::uint64_t logical = entry >> 2 & 1;
  const std::uint64_t vector = entry >> 16 & 0xff;
  const std::uint64_t delivery = entry >> 5 & 7;
  const std::uint64_t level = entry >> 4 & 1;
  return MsiMessage{0xfee00000 | (destination & 0xff) << 12 | hint << 3 | logical << 2,
                    static_cast<std::uint32_t>(vector | delivery << 8 | level << 15)};
}

}  // namespace sapulse::sim
