// SPDX-License-Identifier: Apache-2.0
// Plays the kernel's PCI bus for the tests of what needs sysfs alone.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sapulse/sysfs.h"

namespace sapulse::test {

struct FakePciDevice {
  std::string vendor = "0x10ee";
  std::string device = "0x5350";
  std::optional<std::string> driver{};
  std::optional<std::string> group = "7";
  std::string driver_override = "(null)";
  std::string native_driver{};  ///< that takes it when nothing is overridden; empty: none
};

/// Devices by PCI address; writes to bind, unbind, drivers_probe and driver_override do what the kernel does.
class FakeSysfs final : public Sysfs {
 public:
  std::map<std::string, FakePciDevice> devices;
  std::map<std::string, std::string> group_names;  ///< of IOMMU groups that have one
  std::set<std::string> drivers = {"vfio-pci"};
  std::set<std::string> deaf;        ///< drivers whose probe fails
  std::set<std::string> refused;     ///< paths that cannot be written
  std::vector<std::string> written;  ///< "path=text"

  [[nodiscard]] std::optional<std::string> read(const std::string& path) const override;
  Result<void> write(const std::string& path, std::string_view text) override;
  [[nodiscard]] std::optional<std::string> link_name(const std::string& path) const override;
  [[nodiscard]] std::vector<std::string> list(const std::string& path) const override;
  [[nodiscard]] bool exists(const std::string& path) const override;

 private:
  struct Attribute {
    std::string address;
    std::string name;
  };
  static std::optional<Attribute> attribute(const std::string& path);
  void probe(FakePciDevice& device);
};

}  // namespace sapulse::test
