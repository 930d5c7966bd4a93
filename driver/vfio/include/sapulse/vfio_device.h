// SPDX-License-Identifier: Apache-2.0
// A card behind the kernel's VFIO (docs/vfio.md): what runs on a gateway.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sapulse/device.h"

namespace sapulse {

/// How the card tells the host that something has happened.
enum class InterruptMode : std::uint8_t {
  automatic,  ///< the best that kernel and card offer: MSI-X, then MSI, then INTx, then polling
  msix,       ///< one eventfd per interrupt
  msi,        ///< as many eventfds as the kernel grants; interrupts may share one
  intx,       ///< one level-triggered line for all
  polling     ///< none: wait_interrupt() looks at the card
};

/// How DMA memory is given to the card.
enum class IommuInterface : std::uint8_t {
  automatic,  ///< iommufd where the kernel offers it for this device (Linux 6.6 or later), else the group
  group,      ///< /dev/vfio/GROUP and a type1v2 container
  iommufd     ///< /dev/vfio/devices/vfioN and /dev/iommu
};

/// Where the kernel's files are; other places are for tests.
struct VfioPaths {
  std::filesystem::path sys = "/sys";
  std::filesystem::path dev = "/dev";
};

struct VfioOptions {
  std::string address{};  ///< "0000:41:00.0"; empty: the only card in the system
  InterruptMode interrupts = InterruptMode::automatic;
  IommuInterface iommu = IommuInterface::automatic;
  VfioPaths paths{};
};

/// PCI addresses of all sapulse cards, ascending, bound to whatever driver. Errors: io_error.
[[nodiscard]] Result<std::vector<std::string>> find_cards(const VfioPaths& paths = {});

/// Device over VFIO. Not thread-safe. One process at a time has a card.
///
/// While it is open the card may reach the DMA buffers and nothing else. However the process ends, the kernel then
/// takes bus mastering away, resets the card and unmaps the memory, in this order; the next open() finds a card in
/// reset state.
///
/// A register that does not exist reads as all ones on PCI, as does everything when the card is gone: read32() tells
/// these from data and returns device_error. Writes are posted: an error of theirs does not show.
class VfioDevice final : public Device {
 public:
  /// Errors: not_found (no card, or several and no address), io_error (everything that keeps the kernel from handing
  /// the card over; one line with the remedy), no_space (locked memory), incompatible (no register window).
  [[nodiscard]] static Result<std::unique_ptr<VfioDevice>> open(const VfioOptions& options = {});
  ~VfioDevice() override;

  /// PCI address.
  [[nodiscard]] std::string name() const override;
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  /// Each buffer is a mapping of its own, so that freeing it takes it out of the card's reach at once; those of 2 MiB
  /// and more use huge pages where the system has them. Must not outlive the device.
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override;
  void barrier() override;
  /// Sleeps in the kernel. The timeout is one of the card's clock, as in every backend.
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  /// Also reports device_error once the kernel has signalled an error of the device or wants it back.
  Result<void> relax() override;
  Result<void> reset() override;

  /// The mode in use; never automatic.
  [[nodiscard]] InterruptMode interrupt_mode() const;
  /// "group 7, type1v2" or "iommufd".
  [[nodiscard]] std::string iommu() const;

 private:
  class Impl;
  explicit VfioDevice(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sapulse
