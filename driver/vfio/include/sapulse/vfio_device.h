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
///
/// name() is the PCI address. Each DMA buffer is a mapping of its own, so that freeing it takes it out of the card's
/// reach at once; those of 2 MiB and more use huge pages where the system has them; none may outlive the device.
/// wait_interrupt() sleeps in the kernel; its timeout is one of the card's clock, as in every backend. relax() also
/// reports device_error once the kernel has signalled an error of the device or wants it back.
class VfioDevice : public Device {
 public:
  /// Errors: not_found (no card, or several and no address), io_error (everything that keeps the kernel from handing
  /// the card over; one line with the remedy), no_space (locked memory), incompatible (no register window).
  [[nodiscard]] static Result<std::unique_ptr<VfioDevice>> open(const VfioOptions& options = {});

  /// The mode in use; never automatic.
  [[nodiscard]] virtual InterruptMode interrupt_mode() const = 0;
  /// "group 7, type1v2" or "iommufd".
  [[nodiscard]] virtual std::string iommu() const = 0;
};

}  // namespace sapulse
