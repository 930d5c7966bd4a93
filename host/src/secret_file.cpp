// SPDX-License-Identifier: Apache-2.0
#include "sapulse/secret_file.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "checksum.h"
#include "file_storage.h"

namespace sapulse {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kDigits = 2 * kSecretBytes;
constexpr std::size_t kFileBytes = kDigits + 1 + 2 * kChecksumBytes + 1;  // two lines

/// Whether the second line is the checksum of the first.
bool is_whole(std::string_view text) {
  return text.size() == kFileBytes && text.back() == '\n' && text[kDigits] == '\n' &&
         text.substr(kDigits + 1, 2 * kChecksumBytes) == checksum_text(text.substr(0, kDigits));
}

Result<DeviceSecret> read_secret(int file, const std::filesystem::path& path) {
  if (auto good = check_private(file, path); !good) return tl::unexpected(good.error());
  const auto contents = read_all(file, path);
  if (!contents) return tl::unexpected(contents.error());
  const std::string_view text(reinterpret_cast<const char*>(contents->data()), contents->size());
  const auto secret = is_whole(text) ? DeviceSecret::from_hex(text.substr(0, kDigits)) : std::nullopt;
  if (!secret) {
    return failure(Errc::parse_error, path.string() +
                                          ": damaged: must hold 64 hex digits and, in a line of its own, "
                                          "their checksum");
  }
  return *secret;
}

/// A random secret as the file holds it. Errors: io_error.
Result<SecretBuffer> make_contents() {
  constexpr std::string_view kHex = "0123456789abcdef";
  SecretBuffer random(kSecretBytes);
  if (RAND_priv_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return failure(Errc::io_error, "no random numbers for a secret");
  }
  SecretBuffer contents;
  contents.reserve(kFileBytes);
  for (const std::uint8_t byte : random) {
    contents.push_back(static_cast<std::uint8_t>(kHex[byte >> 4]));
    contents.push_back(static_cast<std::uint8_t>(kHex[byte & 15]));
  }
  const std::string sum = checksum_text({reinterpret_cast<const char*>(contents.data()), contents.size()});
  contents.push_back('\n');
  contents.insert(contents.end(), sum.begin(), sum.end());
  contents.push_back('\n');
  return contents;
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
  static FileCalls calls;
  return result.and_then([&] { return sync_directory(std::filesystem::absolute(path).parent_path(), calls); });
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
