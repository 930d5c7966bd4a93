// SPDX-License-Identifier: Apache-2.0
#include "pci_card.h"

#include <algorithm>
#include <bit>

#include "sapulse/registers.h"

namespace sapulse::sim {
namespace {

constexpr std::uint64_t kNobodyAnswers = ~std::uint64_t{0};
constexpr std::uint32_t kRefused = ~std::uint32_t{0};

constexpr unsigned interrupt_count() {
  const auto* const info =
      std::ranges::find(regs::kRegisters, regs::offset::kInterruptStatus, &regs::RegisterInfo::offset);
  return static_cast<unsigned>(std::bit_width(info->mask));
}

}  // namespace

PciCard::PciCard(CardThread& thread, Chipset& chipset, GuestMemory& memory, Vtd& iommu, GuestDma& dma,
                 const PciPlace& place)
    : thread_(thread),
      chipset_(chipset),
      memory_(memory),
      iommu_(iommu),
      dma_(dma),
      place_(place),
      config_(interrupt_count()),
      msix_(interrupt_count()),
      pins_(config_, msix_, interrupt_count()) {
  thread.add_attendant([this](Card& card) { signal(card); });
}

void PciCard::memory_changed(const std::vector<GuestMemory::Region>& regions) { memory_.replace(regions); }

std::uint32_t PciCard::config_read(std::uint32_t offset, unsigned bytes) {
  const std::scoped_lock lock(mutex_);
  return config_.read(offset, bytes);
}

void PciCard::config_write(std::uint32_t offset, std::uint32_t value, unsigned bytes) {
  bool reset_wanted = false;
  {
    const std::scoped_lock lock(mutex_);
    reset_wanted = config_.write(offset, value, bytes);
    dma_.set_bus_master(config_.bus_master());
  }
  if (reset_wanted) reset();
}

PciCard::Target PciCard::decode(std::uint64_t address) const {
  const std::scoped_lock lock(mutex_);
  if (gone_ || !config_.memory_enabled()) return {-1, 0};
  const auto inside = [&](unsigned bar, std::uint64_t bytes) {
    return address >= config_.bar(bar) && address - config_.bar(bar) < bytes;
  };
  for (const unsigned bar : {kRegisterBar, kMsixBar}) {
    if (inside(bar, bar == kRegisterBar ? regs::kWindowBytes : kMsixBarBytes)) {
      return {static_cast<int>(bar), static_cast<std::uint32_t>(address - config_.bar(bar))};
    }
  }
  return {-1, 0};
}

/// A refused access ends as an unsupported request, which reads as all ones.
std::uint32_t PciCard::read_register(std::uint32_t offset) {
  return thread_.call([offset](Card& card) { return card.read32(offset).value_or(kRefused); });
}

std::uint64_t PciCard::bar_read(std::uint64_t address, unsigned bytes) {
  const Target target = decode(address);
  if (target.bar < 0 || target.offset % 4 != 0 || (bytes != 4 && bytes != 8)) return kNobodyAnswers;
  if (target.bar == kMsixBar) {
    const std::scoped_lock lock(mutex_);
    return msix_.read(target.offset, bytes);
  }
  const std::uint64_t low = read_register(target.offset);
  return bytes == 8 ? std::uint64_t{read_register(target.offset + 4)} << 32 | low : low;
}

void PciCard::bar_write(std::uint64_t address, std::uint64_t value, unsigned bytes) {
  const Target target = decode(address);
  if (target.bar < 0 || target.offset % 4 != 0 || (bytes != 4 && bytes != 8)) return;
  if (target.bar == kMsixBar) {
    const std::scoped_lock lock(mutex_);
    msix_.write(target.offset, value, bytes);
    return;
  }
  // Posted, as on the bus: an error shows nowhere.
  thread_.wait_for_room();
  for (unsigned i = 0; i < bytes; i += 4) {
    const std::uint32_t offset = target.offset + i;
    const auto word = static_cast<std::uint32_t>(value >> 8 * i);
    thread_.post([this, offset, word](Card& card) {
      (void)card.write32(offset, word);
      if (offset != regs::offset::kInterruptStatus) return;
      const std::scoped_lock lock(mutex_);
      pins_.acknowledge(word);
    });
  }
}

void PciCard::machine_reset() { reset(); }

void PciCard::reset() {
  ++resets_;
  {
    const std::scoped_lock lock(mutex_);
    config_.reset();
    msix_.reset();
    dma_.set_bus_master(false);
  }
  thread_.post([this](Card& card) {
    if (!deaf_) card.reset();
    iommu_.forget();
    const std::scoped_lock lock(mutex_);
    pins_.reset();
  });
}

void PciCard::signal(Card& card) {
  InterruptPins::Signals signals;
  {
    const std::scoped_lock lock(mutex_);
    signals = pins_.update(card.interrupts());
  }
  // Without the lock: QEMU may be waiting for an answer of ours.
  if (signals.line_changed) chipset_.set_line(place_.line, signals.line);
  for (const MsiMessage& message : signals.messages) {
    const auto remapped = iommu_.remap(message);
    if (remapped) chipset_.write32(remapped->address, remapped->data);
  }
}

}  // namespace sapulse::sim
