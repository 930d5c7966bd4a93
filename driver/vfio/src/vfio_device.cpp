// SPDX-License-Identifier: Apache-2.0
#include "sapulse/vfio_device.h"

#include <fmt/format.h>
#include <linux/vfio.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "dma_memory.h"
#include "interrupts.h"
#include "iommu_space.h"
#include "pci_config.h"
#include "proven_reset.h"
#include "registers_bar.h"
#include "sapulse/registers.h"
#include "viability.h"

namespace sapulse {
namespace {

constexpr std::uint32_t kAllOnes = 0xffffffff;  ///< what PCI reads where nothing answers
constexpr unsigned kRelaxesPerNotice = 256;     ///< looking for notices of the kernel costs system calls
/// Looks at a clock that has not moved, at least a millisecond apart, before it is taken to stand still.
constexpr unsigned kClockPatience = 1000;

/// Interrupts of the card, from the register description.
constexpr unsigned interrupt_count() {
  const auto* const info =
      std::ranges::find(regs::kRegisters, regs::offset::kInterruptStatus, &regs::RegisterInfo::offset);
  return static_cast<unsigned>(std::bit_width(info->mask));
}

Result<std::unique_ptr<IommuSpace>> open_space(const VfioOptions& options, const Sysfs& sysfs, const PciInfo& card) {
  const bool iommufd = options.iommu == IommuInterface::iommufd ||
                       (options.iommu == IommuInterface::automatic && has_iommufd(options.paths, sysfs, card));
  return iommufd ? open_iommufd_space(options.paths, sysfs, card) : open_group_space(options.paths, card);
}

/// By whatever means the kernel has for this card: of its function, its power state, or its bus.
Result<void> reset_card(const std::string& name, int device, RegistersBar& registers) {
  const ScratchRegister scratch{.read = [&] { return registers.read(regs::offset::kScratch); },
                                .write = [&](std::uint32_t value) { registers.write(regs::offset::kScratch, value); }};
  return reset_with_proof(name, scratch, [&]() -> Result<void> {
    if (ioctl(device, VFIO_DEVICE_RESET) == 0) return {};
    return failure(Errc::device_error, fmt::format("{}: reset: {}", name, std::strerror(errno)));
  });
}

class OpenDevice final : public VfioDevice {
 public:
  OpenDevice(std::string name, std::unique_ptr<IommuSpace> space, PciConfig config, RegistersBar registers,
             Interrupts interrupts)
      : name_(std::move(name)),
        space_(std::move(space)),
        memory_(*space_),
        config_(std::move(config)),
        registers_(std::move(registers)),
        interrupts_(std::move(interrupts)) {}
  // Whatever the card is doing ends here; the kernel resets it when the file is closed.
  ~OpenDevice() override { (void)config_.set_bus_master(false); }

  [[nodiscard]] std::string name() const override { return name_; }
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override {
    return memory_.allocate(bytes, alignment);
  }
  void barrier() override { full_barrier(); }
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  [[nodiscard]] int event_descriptor() const override { return interrupts_.descriptor(); }
  Result<void> clear_event() override {
    interrupts_.arm_all();
    return check_notice();
  }
  Result<void> relax() override;
  Result<void> reset() override;

  [[nodiscard]] InterruptMode interrupt_mode() const override { return interrupts_.mode(); }
  [[nodiscard]] std::string iommu() const override { return space_->describe(); }

 private:
  Result<void> check_offset(std::uint32_t offset) const;
  Result<void> check_notice();
  Result<bool> raised(unsigned vector);
  Result<std::uint64_t> read_time();

  std::string name_;
  std::unique_ptr<IommuSpace> space_;
  DmaAllocator memory_;
  PciConfig config_;
  RegistersBar registers_;
  Interrupts interrupts_;
  unsigned relaxes_ = 0;
};

Result<void> OpenDevice::check_offset(std::uint32_t offset) const {
  if (offset < regs::kWindowBytes && offset % 4 == 0) return {};
  return failure(Errc::invalid_argument,
                 fmt::format("{}: register {:#x}: not a multiple of 4 below {:#x}", name_, offset, regs::kWindowBytes));
}

Result<std::uint32_t> OpenDevice::read32(std::uint32_t offset) {
  if (auto good = check_offset(offset); !good) return tl::unexpected(good.error());
  const std::uint32_t value = registers_.read(offset);
  if (value != kAllOnes) return value;
  // Data, a refused access, or no card any more: its identification is never all ones.
  if (registers_.read(regs::offset::kId) == kAllOnes) {
    return failure(Errc::device_error,
                   fmt::format("{}: the card does not answer: every register reads as all ones", name_));
  }
  if (RegistersBar::exists(offset)) return value;
  return failure(Errc::device_error, fmt::format("{}: read of register {:#06x}: there is none", name_, offset));
}

Result<void> OpenDevice::write32(std::uint32_t offset, std::uint32_t value) {
  if (auto good = check_offset(offset); !good) return good;
  registers_.write(offset, value);
  return {};
}

Result<void> OpenDevice::check_notice() {
  const std::string& notice = interrupts_.notice();
  if (notice.empty()) return {};
  return failure(Errc::device_error, fmt::format("{}: {}", name_, notice));
}

Result<bool> OpenDevice::raised(unsigned vector) {
  const auto pending = read32(regs::offset::kInterruptStatus);
  if (!pending) return tl::unexpected(pending.error());
  const auto enabled = read32(regs::offset::kInterruptEnable);
  if (!enabled) return tl::unexpected(enabled.error());
  return ((*pending & *enabled) >> vector & 1) != 0;
}

Result<std::uint64_t> OpenDevice::read_time() {
  const auto low = read32(regs::offset::kTime);
  if (!low) return tl::unexpected(low.error());
  const auto high = read32(regs::offset::kTime + 4);
  if (!high) return tl::unexpected(high.error());
  return std::uint64_t{*high} << 32 | *low;
}

Result<bool> OpenDevice::wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) {
  using std::chrono::milliseconds;
  if (vector >= interrupt_count()) {
    return failure(Errc::invalid_argument,
                   fmt::format("{}: interrupt {} does not exist; there are {}", name_, vector, interrupt_count()));
  }
  const auto wanted = static_cast<std::uint64_t>(std::max<std::chrono::nanoseconds::rep>(timeout.count(), 0));
  const auto start = read_time();
  if (!start) return tl::unexpected(start.error());
  std::uint64_t last = *start;
  for (unsigned still = 0; still < kClockPatience;) {
    // Armed before looking: what happens in between ends the sleep. Events only wake; the card's registers tell.
    interrupts_.arm(vector);
    if (auto notice = check_notice(); !notice) return tl::unexpected(notice.error());
    if (auto now = raised(vector); !now || *now) return now;
    const auto time = read_time();
    if (!time) return tl::unexpected(time.error());
    if (*time - *start >= wanted) return false;
    still = *time == last ? still + 1 : 0;
    last = *time;
    const std::chrono::nanoseconds rest(wanted - (*time - *start));
    interrupts_.sleep(vector, std::clamp(std::chrono::ceil<milliseconds>(rest), milliseconds(1), milliseconds(1000)));
  }
  return failure(Errc::device_error, fmt::format("{}: the clock of the card stands still", name_));
}

Result<void> OpenDevice::relax() {
  if (++relaxes_ % kRelaxesPerNotice == 0) {
    sched_yield();
    return check_notice();
  }
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
  return {};
}

Result<void> OpenDevice::reset() { return reset_card(name_, space_->device(), registers_); }

}  // namespace

Result<std::vector<std::string>> find_cards(const VfioPaths& paths) {
  const Sysfs sysfs(paths.sys);
  if (!sysfs.exists("bus/pci/devices")) {
    return failure(Errc::io_error, fmt::format("{}/bus/pci/devices: no PCI bus", paths.sys.string()));
  }
  return list_cards(sysfs);
}

Result<std::unique_ptr<VfioDevice>> VfioDevice::open(const VfioOptions& options) {
  const Sysfs sysfs(options.paths.sys);
  const auto card = choose_card(sysfs, options.address);
  if (!card) return tl::unexpected(card.error());
  if (auto viable = check_viable(sysfs, *card); !viable) return tl::unexpected(viable.error());
  auto space = open_space(options, sysfs, *card);
  if (!space) return tl::unexpected(space.error());
  const int device = (*space)->device();

  auto config = PciConfig::open(device, card->address);
  if (!config) return tl::unexpected(config.error());
  if (auto enabled = config->enable_memory(); !enabled) return tl::unexpected(enabled.error());
  auto registers = RegistersBar::map(device, card->address);
  if (!registers) return tl::unexpected(registers.error());
  // Opening the file has made the kernel reset the card, but nobody has seen that: keys and rings of an earlier life
  // are gone only if a reset reaches the core.
  if (auto gone = reset_card(card->address, device, *registers); !gone) return tl::unexpected(gone.error());
  auto interrupts = Interrupts::enable(device, card->address, options.interrupts, interrupt_count());
  if (!interrupts) return tl::unexpected(interrupts.error());
  // Nothing of an earlier life can reach memory.
  if (auto master = config->set_bus_master(true); !master) return tl::unexpected(master.error());
  return std::make_unique<OpenDevice>(card->address, *std::move(space), *std::move(config), *std::move(registers),
                                      *std::move(interrupts));
}

}  // namespace sapulse
