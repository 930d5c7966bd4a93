// SPDX-License-Identifier: Apache-2.0
#include "sapulse/secret_file.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "file_storage.h"

namespace sapulse {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kFileBytes = 2 * kSecretBytes + 1;  // hex digits and a line break

Result<DeviceSecret> read_secret(int file, const std::filesystem::path& path) {
  if (auto good = check_private(file, path); !good) return tl::unexpected(good.error());
  const auto contents = read_all(file, path);
  if (!contents) return tl::unexpected(contents.error());
  const std::string_view text(reinterpret_cast<const char*>(contents->data()), contents->size());
  const auto secret = text.size() == kFileBytes && text.back() == '\n'
                          ? DeviceSecret::from_hex(text.substr(0, 2 * kSecretBytes))
                          : std::nullopt;
  if (!secret) return failure(Errc::parse_error, path.string() + ": must hold 64 hex digits and a line break");
  return *secret;
}

/// A random secret as the file holds it. Errors: io_error.
Result<SecretBuffer> make_contents() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  SecretBuffer random(kSecretBytes);
  if (RAND_priv_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return failure(Errc::io_error, "no random numbers for a secret");
  }
  SecretBuffer contents;
  contents.reserve(kFileBytes);
  for (const std::uint8_t byte : random) {
    contents.push_back(static_cast<std::uint8_t>(kDigits[byte >> 4]));
    contents.push_back(static_cast<std::uint8_t>(kDigits[byte & 15]));
  }
  contents.push_back('\n');
  return contents;
}

Result<void> sync_parent(const std::filesystem::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const FileDescriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) return tl::unexpected(system_error(parent, "sync"));
  return {};
}

/// Writes a complete file under another name and links it into place: who finds the name finds all of it, and the first
/// of several processes wins.
Result<void> create_secret(const std::filesystem::path& path) {
  const auto contents = make_contents();
  if (!contents) return tl::unexpected(contents.error());
  std::string temporary = path.string() + ".XXXXXX";
  const FileDescriptor file(::mkstemp(temporary.data()));  // mode 0600
  if (!file) return tl::unexpected(system_error(path, "create"));
  const ssize_t count = ::write(file.get(), contents->data(), contents->size());
  const bool written = count == static_cast<ssize_t>(contents->size()) && ::fsync(file.get()) == 0;
  const bool linked = written && (::link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST);
  auto result = linked ? Result<void>() : tl::unexpected(system_error(path, "write"));
  ::unlink(temporary.c_str());
  return result.and_then([&] { return sync_parent(path); });
}

}  // namespace

Result<DeviceSecret> load_or_create_secret(const std::filesystem::path& path) {
  const auto open = [&] {
    return FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  };
  FileDescriptor file = open();
  if (!file && errno == ENOENT) {
    if (auto created = create_secret(path); !created) return tl::unexpected(created.error());
    file = open();
  }
  if (!file) return tl::unexpected(system_error(path, "open"));
  return read_secret(file.get(), path);
}

}  // namespace sapulse
