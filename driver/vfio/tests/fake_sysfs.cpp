// SPDX-License-Identifier: Apache-2.0
#include "fake_sysfs.h"

#include <algorithm>

namespace sapulse::test {
namespace {

constexpr std::string_view kDevices = "bus/pci/devices/";
constexpr std::string_view kDrivers = "bus/pci/drivers/";

}  // namespace

std::optional<FakeSysfs::Attribute> FakeSysfs::attribute(const std::string& path) {
  if (!path.starts_with(kDevices)) return std::nullopt;
  const std::string rest = path.substr(kDevices.size());
  const auto slash = rest.find('/');
  return Attribute{rest.substr(0, slash), slash == std::string::npos ? "" : rest.substr(slash + 1)};
}

std::optional<std::string> FakeSysfs::read(const std::string& path) const {
  for (const auto& [group, name] : group_names) {
    if (path == "kernel/iommu_groups/" + group + "/name") return name;
  }
  const auto at = attribute(path);
  if (!at || !devices.contains(at->address)) return std::nullopt;
  const FakePciDevice& device = devices.at(at->address);
  if (at->name == "vendor") return device.vendor;
  if (at->name == "device") return device.device;
  if (at->name == "driver_override") return device.driver_override;
  return std::nullopt;
}

void FakeSysfs::probe(FakePciDevice& device) {
  const std::string& wanted = device.driver_override == "(null)" ? device.native_driver : device.driver_override;
  if (!device.driver && drivers.contains(wanted) && !deaf.contains(wanted)) device.driver = wanted;
}

Result<void> FakeSysfs::write(const std::string& path, std::string_view text) {
  written.push_back(path + "=" + std::string(text));
  const auto bad = [&] { return failure(Errc::io_error, path + ": cannot write"); };
  if (refused.contains(path)) return bad();
  if (const auto at = attribute(path); at && at->name == "driver_override") {
    devices.at(at->address).driver_override = text == "\n" ? "(null)" : std::string(text.substr(0, text.find('\n')));
    return {};
  }
  const auto device = devices.find(std::string(text));
  if (device == devices.end()) return bad();
  if (path == "bus/pci/drivers_probe") {
    probe(device->second);
    return {};
  }
  if (!path.starts_with(kDrivers)) return bad();
  const std::string driver = path.substr(kDrivers.size(), path.rfind('/') - kDrivers.size());
  if (path.ends_with("/unbind") && device->second.driver == driver) {
    device->second.driver.reset();
    return {};
  }
  if (path.ends_with("/bind") && !device->second.driver) {
    device->second.driver = driver;
    return {};
  }
  return bad();
}

std::optional<std::string> FakeSysfs::link_name(const std::string& path) const {
  const auto at = attribute(path);
  if (!at || !devices.contains(at->address)) return std::nullopt;
  const FakePciDevice& device = devices.at(at->address);
  if (at->name == "driver") return device.driver;
  if (at->name == "iommu_group") return device.group;
  return std::nullopt;
}

std::vector<std::string> FakeSysfs::list(const std::string& path) const {
  std::vector<std::string> names;
  for (const auto& [address, device] : devices) {
    if (path == "bus/pci/devices" || path == "kernel/iommu_groups/" + device.group.value_or("") + "/devices") {
      names.push_back(address);
    }
  }
  return names;
}

bool FakeSysfs::exists(const std::string& path) const {
  if (path.starts_with(kDrivers)) return drivers.contains(path.substr(kDrivers.size()));
  const auto at = attribute(path);
  return at && devices.contains(at->address);
}

}  // namespace sapulse::test
