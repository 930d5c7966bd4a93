// SPDX-License-Identifier: Apache-2.0
// The kernel's view of PCI devices in sysfs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sapulse/error.h"

namespace sapulse {

/// Paths are relative to the root, for instance "bus/pci/devices". Virtual so that tests can play the kernel.
class Sysfs {
 public:
  explicit Sysfs(std::filesystem::path root = "/sys") : root_(std::move(root)) {}
  virtual ~Sysfs() = default;
  Sysfs(const Sysfs&) = delete;
  Sysfs& operator=(const Sysfs&) = delete;

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

  /// First line of an attribute; nothing when it cannot be read.
  [[nodiscard]] virtual std::optional<std::string> read(const std::string& path) const;
  /// One write() of the text. Errors: io_error with file and cause.
  virtual Result<void> write(const std::string& path, std::string_view text);
  /// Last component of what a symbolic link points to; nothing when there is none.
  [[nodiscard]] virtual std::optional<std::string> link_name(const std::string& path) const;
  /// Names in a folder, ascending; empty when there is none.
  [[nodiscard]] virtual std::vector<std::string> list(const std::string& path) const;
  [[nodiscard]] virtual bool exists(const std::string& path) const;

 private:
  std::filesystem::path root_;
};

}  // namespace sapulse
