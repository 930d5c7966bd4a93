// SPDX-License-Identifier: Apache-2.0
#include "pci_info.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "sapulse/pci_identity.h"

namespace sapulse {
namespace {

constexpr const char* kDevices = "bus/pci/devices";

std::uint32_t read_number(const Sysfs& sysfs, const std::string& path) {
  return static_cast<std::uint32_t>(std::strtoul(sysfs.read(path).value_or("0").c_str(), nullptr, 16));
}

std::string name_cards(const Sysfs& sysfs) {
  const auto cards = list_cards(sysfs);
  return cards.empty() ? "there is no sapulse card" : fmt::format("sapulse cards: {}", fmt::join(cards, ", "));
}

}  // namespace

bool PciInfo::is_card() const { return vendor == pci::kVendor && device == pci::kDevice; }

std::string pci_folder(const std::string& address) { return fmt::format("{}/{}", kDevices, address); }

Result<PciInfo> read_pci_info(const Sysfs& sysfs, const std::string& address) {
  const std::string folder = pci_folder(address);
  if (address.empty() || address.find('/') != std::string::npos || !sysfs.exists(folder)) {
    return failure(Errc::not_found, fmt::format("{}: no such PCI device; {}", address, name_cards(sysfs)));
  }
  return PciInfo{.address = address,
                 .vendor = read_number(sysfs, folder + "/vendor"),
                 .device = read_number(sysfs, folder + "/device"),
                 .driver = sysfs.link_name(folder + "/driver"),
                 .group = sysfs.link_name(folder + "/iommu_group")};
}

Result<PciInfo> read_card_info(const Sysfs& sysfs, const std::string& address) {
  auto info = read_pci_info(sysfs, address);
  if (!info || info->is_card()) return info;
  return failure(Errc::not_found,
                 fmt::format("{}: is {:04x}:{:04x}, not a sapulse card ({:04x}:{:04x}); {}", address, info->vendor,
                             info->device, pci::kVendor, pci::kDevice, name_cards(sysfs)));
}

std::vector<std::string> list_cards(const Sysfs& sysfs) {
  std::vector<std::string> cards;
  for (const std::string& address : sysfs.list(kDevices)) {
    const auto info = read_pci_info(sysfs, address);
    if (info && info->is_card()) cards.push_back(address);
  }
  return cards;
}

}  // namespace sapulse
