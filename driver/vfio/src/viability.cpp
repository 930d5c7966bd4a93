// SPDX-License-Identifier: Apache-2.0
#include "viability.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <cstring>

namespace sapulse {
namespace {

/// Devices of an IOMMU group share their address space: all must be with vfio, or without a driver. Bridges need none
/// of it.
bool is_harmless(const std::string& driver) {
  return driver == kVfioDriver || driver == "pcieport" || driver == "pci-stub";
}

constexpr const char* kEnableIommu =
    "enable it in the firmware (VT-d, AMD-Vi) and boot the kernel with intel_iommu=on on Intel processors";

/// The kernel can be told to hand devices out that reach all memory; its groups have files of another name.
std::string without_iommu(const PciInfo& card) {
  return fmt::format(
      "{}: the kernel offers it without IOMMU only (/dev/vfio/noiommu-{}), where the card would reach all "
      "memory: {}",
      card.address, card.group.value_or(""), kEnableIommu);
}

Result<void> check_group(const Sysfs& sysfs, const std::string& card, const std::string& group) {
  for (const std::string& other : sysfs.list(fmt::format("kernel/iommu_groups/{}/devices", group))) {
    const auto driver = sysfs.link_name(pci_folder(other) + "/driver");
    if (!driver || is_harmless(*driver)) continue;
    return failure(Errc::io_error,
                   fmt::format("{}: its IOMMU group {} also holds {}, which driver {} uses: unbind that one (echo {} > "
                               "{}/bus/pci/drivers/{}/unbind) or put the card into another slot",
                               card, group, other, *driver, other, sysfs.root().string(), *driver));
  }
  return {};
}

}  // namespace

Result<PciInfo> choose_card(const Sysfs& sysfs, const std::string& address) {
  if (!address.empty()) return read_card_info(sysfs, address);
  const auto cards = list_cards(sysfs);
  if (cards.size() == 1) return read_card_info(sysfs, cards.front());
  if (cards.empty()) return failure(Errc::not_found, "there is no sapulse card on the PCI bus");
  return failure(Errc::not_found,
                 fmt::format("there are {} sapulse cards: name one of {}", cards.size(), fmt::join(cards, ", ")));
}

Result<void> check_iommu(const PciInfo& card) {
  if (card.group) return {};
  return failure(Errc::io_error, fmt::format("{}: no IOMMU: {}", card.address, kEnableIommu));
}

Result<void> check_viable(const Sysfs& sysfs, const PciInfo& card) {
  if (auto iommu = check_iommu(card); !iommu) return iommu;
  if (card.driver != kVfioDriver) {
    return failure(Errc::io_error, fmt::format("{}: {}, not to {}: run 'sapulse bind {}'", card.address,
                                               card.driver ? "bound to driver " + *card.driver : "bound to no driver",
                                               kVfioDriver, card.address));
  }
  const std::string group = card.group.value_or("");
  if (sysfs.read(fmt::format("kernel/iommu_groups/{}/name", group)) == "vfio-noiommu") {
    return failure(Errc::io_error, without_iommu(card));
  }
  return check_group(sysfs, card.address, group);
}

Error explain_open(const std::filesystem::path& file, const PciInfo& card, int error) {
  const std::string place = file.string();
  switch (error) {
    case ENOENT: {
      std::error_code none;
      if (card.group && std::filesystem::exists(file.parent_path() / ("noiommu-" + *card.group), none) &&
          file.filename() == *card.group) {
        return {Errc::io_error, without_iommu(card)};
      }
      return {Errc::io_error, fmt::format("{}: {} does not exist: load the kernel module (modprobe {})", card.address,
                                          place, kVfioDriver)};
    }
    case EACCES:
    case EPERM:
      return {
          Errc::io_error,
          fmt::format("{}: no permission for {}: give it to your group (chgrp GROUP {}; chmod g+rw {}), for good by "
                      "a udev rule",
                      card.address, place, place, place)};
    case EBUSY:
      return {Errc::io_error, fmt::format("{}: another process uses the card ({} is busy): end that process first",
                                          card.address, place)};
    default:
      return {Errc::io_error, fmt::format("{}: cannot open {}: {}", card.address, place, std::strerror(error))};
  }
}

}  // namespace sapulse
