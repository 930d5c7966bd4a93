// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <optional>

#include "pci_info.h"
#include "sapulse/sysfs.h"
#include "sapulse/vfio_binding.h"
#include "viability.h"

namespace sapulse {
namespace {

constexpr const char* kProbe = "bus/pci/drivers_probe";

/// An empty line takes the override back.
Result<void> set_override(Sysfs& sysfs, const std::string& address, const std::string& driver) {
  return sysfs.write(pci_folder(address) + "/driver_override", driver + "\n");
}

Result<void> release(Sysfs& sysfs, const std::string& address) {
  const auto driver = sysfs.link_name(pci_folder(address) + "/driver");
  if (!driver) return {};
  return sysfs.write(fmt::format("bus/pci/drivers/{}/unbind", *driver), address);
}

/// Best effort: the failure that led here is the one to report.
void restore(Sysfs& sysfs, const std::string& address, const std::string& former_override,
             const std::optional<std::string>& former_driver) {
  (void)set_override(sysfs, address, former_override);
  const auto driver = sysfs.link_name(pci_folder(address) + "/driver");
  if (driver == former_driver) return;
  (void)release(sysfs, address);
  if (former_driver) (void)sysfs.write(fmt::format("bus/pci/drivers/{}/bind", *former_driver), address);
}

Result<void> rebind(Sysfs& sysfs, const std::string& address) {
  return set_override(sysfs, address, kVfioDriver)
      .and_then([&] { return release(sysfs, address); })
      .and_then([&] { return sysfs.write(kProbe, address); })
      .and_then([&]() -> Result<void> {
        if (sysfs.link_name(pci_folder(address) + "/driver") == kVfioDriver) return {};
        return failure(Errc::io_error,
                       fmt::format("{}: {} did not take the device: see the kernel's log", address, kVfioDriver));
      });
}

}  // namespace

Result<void> bind_to_vfio(Sysfs& sysfs, const std::string& address) {
  const auto card = read_card_info(sysfs, address);
  if (!card) return tl::unexpected(card.error());
  if (card->driver == kVfioDriver) return {};
  if (auto iommu = check_iommu(*card); !iommu) return iommu;
  if (!sysfs.exists(fmt::format("bus/pci/drivers/{}", kVfioDriver))) {
    return failure(Errc::io_error, fmt::format("{}: the kernel driver {} is not there: load it (modprobe {})", address,
                                               kVfioDriver, kVfioDriver));
  }
  // The kernel writes "(null)" where there is no override.
  const auto override_now = sysfs.read(pci_folder(address) + "/driver_override").value_or("(null)");
  const std::string former_override = override_now == "(null)" ? "" : override_now;
  auto bound = rebind(sysfs, address);
  if (!bound) restore(sysfs, address, former_override, card->driver);
  return bound;
}

Result<void> unbind_from_vfio(Sysfs& sysfs, const std::string& address) {
  const auto card = read_card_info(sysfs, address);
  if (!card) return tl::unexpected(card.error());
  if (card->driver != kVfioDriver) {
    return failure(Errc::not_found, fmt::format("{}: is not bound to {} but to {}", address, kVfioDriver,
                                                card->driver.value_or("no driver")));
  }
  return set_override(sysfs, address, "").and_then([&] { return release(sysfs, address); }).and_then([&] {
    return sysfs.write(kProbe, address);  // no driver for it is no error
  });
}

}  // namespace sapulse
