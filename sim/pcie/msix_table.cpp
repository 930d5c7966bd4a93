// SPDX-License-Identifier: Apache-2.0
#include "msix_table.h"

#include <linux/pci_regs.h>

#include <algorithm>

namespace sapulse::sim {

void MsixTable::reset() {
  std::ranges::fill(words_, 0);
  for (std::size_t i = PCI_MSIX_ENTRY_VECTOR_CTRL / 4; i < words_.size(); i += kEntryBytes / 4) {
    words_[i] = PCI_MSIX_ENTRY_CTRL_MASKBIT;
  }
  pending_ = 0;
}

std::uint32_t MsixTable::read_word(std::uint32_t offset) const {
  const std::uint32_t word = (offset - kMsixTableOffset) / 4;
  if (word < words_.size()) return words_[word];
  return offset == kMsixPendingOffset ? pending_ : 0;
}

void MsixTable::write_word(std::uint32_t offset, std::uint32_t value) {
  const std::uint32_t word = (offset - kMsixTableOffset) / 4;
  if (word < words_.size()) words_[word] = value;
}

std::uint64_t MsixTable::read(std::uint32_t offset, unsigned bytes) const {
  const std::uint64_t low = read_word(offset);
  return bytes == 8 ? std::uint64_t{read_word(offset + 4)} << 32 | low : low;
}

void MsixTable::write(std::uint32_t offset, std::uint64_t value, unsigned bytes) {
  write_word(offset, static_cast<std::uint32_t>(value));
  if (bytes == 8) write_word(offset + 4, static_cast<std::uint32_t>(value >> 32));
}

bool MsixTable::masked(unsigned vector) const {
  return (words_.at((vector * kEntryBytes + PCI_MSIX_ENTRY_VECTOR_CTRL) / 4) & PCI_MSIX_ENTRY_CTRL_MASKBIT) != 0;
}

MsiMessage MsixTable::message(unsigned vector) const {
  const std::size_t entry = std::size_t{vector} * kEntryBytes / 4;
  const std::uint64_t high = words_.at(entry + PCI_MSIX_ENTRY_UPPER_ADDR / 4);
  return {high << 32 | words_.at(entry + PCI_MSIX_ENTRY_LOWER_ADDR / 4), words_.at(entry + PCI_MSIX_ENTRY_DATA / 4)};
}

void MsixTable::set_pending(unsigned vector, bool pending) {
  const std::uint32_t bit = 1U << vector;
  pending_ = pending ? pending_ | bit : pending_ & ~bit;
}

}  // namespace sapulse::sim
