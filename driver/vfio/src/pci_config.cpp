// SPDX-License-Identifier: Apache-2.0
#include "pci_config.h"

#include <endian.h>
#include <fmt/format.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sapulse {

Result<PciConfig> PciConfig::open(int device, std::string name) {
  vfio_region_info region{};
  region.argsz = sizeof region;
  region.index = VFIO_PCI_CONFIG_REGION_INDEX;
  if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region) != 0) {
    return failure(Errc::io_error, fmt::format("{}: PCI configuration space: {}", name, std::strerror(errno)));
  }
  return PciConfig(device, region.offset, std::move(name));
}

Result<void> PciConfig::enable_memory() { return change_command(0, PCI_COMMAND_MEMORY); }

Result<void> PciConfig::set_bus_master(bool on) {
  return on ? change_command(0, PCI_COMMAND_MASTER) : change_command(PCI_COMMAND_MASTER, 0);
}

Result<void> PciConfig::change_command(std::uint16_t clear, std::uint16_t set) {
  const auto at = static_cast<off_t>(offset_ + PCI_COMMAND);
  std::uint16_t command = 0;
  if (pread(device_, &command, sizeof command, at) == sizeof command) {
    command = htole16(static_cast<std::uint16_t>((le16toh(command) & ~clear) | set));
    if (pwrite(device_, &command, sizeof command, at) == sizeof command) return {};
  }
  return failure(Errc::io_error, fmt::format("{}: PCI command register: {}", name_, std::strerror(errno)));
}

}  // namespace sapulse
