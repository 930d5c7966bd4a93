// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sysfs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "sapulse/file_descriptor.h"

namespace sapulse {

std::optional<std::string> Sysfs::read(const std::string& path) const {
  std::ifstream file(root_ / path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

Result<void> Sysfs::write(const std::string& path, std::string_view text) {
  const std::string file = (root_ / path).string();
  const FileDescriptor descriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (descriptor && ::write(descriptor.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return {};
  return failure(Errc::io_error, fmt::format("{}: cannot write: {}", file, std::strerror(errno)));
}

std::optional<std::string> Sysfs::link_name(const std::string& path) const {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(root_ / path, error);
  if (error) return std::nullopt;
  return target.filename().string();
}

std::vector<std::string> Sysfs::list(const std::string& path) const {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root_ / path, error)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

bool Sysfs::exists(const std::string& path) const {
  std::error_code error;
  return std::filesystem::exists(root_ / path, error);
}

}  // namespace sapulse
