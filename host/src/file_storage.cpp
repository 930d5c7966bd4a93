// SPDX-License-Identifier: Apache-2.0
#include "file_storage.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace sapulse {
namespace {

constexpr mode_t kPrivateFile = 0600;
constexpr mode_t kPrivateDirectory = 0700;
constexpr mode_t kOthers = 077;
constexpr const char* kLockName = "lock";
constexpr std::size_t kReadChunk = 65536;

std::filesystem::path parent_of(const std::filesystem::path& path) {
  const auto parent = std::filesystem::absolute(path).lexically_normal();
  return (parent.has_filename() ? parent : parent.parent_path()).parent_path();
}

Result<void> check_directory(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return tl::unexpected(system_error(path, "stat"));
  if (!S_ISDIR(status.st_mode)) return failure(Errc::io_error, path.string() + ": not a directory");
  if (status.st_uid != ::geteuid()) return failure(Errc::io_error, path.string() + ": belongs to another user");
  if ((status.st_mode & kOthers) != 0) {
    return failure(Errc::invalid_argument,
                   fmt::format("{}: mode {:04o} lets others in: must be 0700", path.string(), status.st_mode & 07777));
  }
  return {};
}

}  // namespace

int FileCalls::open(const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); }
ssize_t FileCalls::write(int file, std::span<const std::uint8_t> bytes) {
  return ::write(file, bytes.data(), bytes.size());
}
int FileCalls::sync(int file) { return ::fsync(file); }
int FileCalls::truncate(int file, off_t size) { return ::ftruncate(file, size); }
int FileCalls::rename(const char* from, const char* to) { return std::rename(from, to); }
int FileCalls::remove(const char* path) { return ::unlink(path); }

Result<void> sync_directory(const std::filesystem::path& directory, FileCalls& calls) {
  const FileDescriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file) return tl::unexpected(system_error(directory, "open"));
  if (calls.sync(file.get()) != 0) return tl::unexpected(system_error(directory, "sync"));
  return {};
}

Error system_error(const std::filesystem::path& path, const char* what) {
  const std::error_code code(errno, std::generic_category());
  return {Errc::io_error, fmt::format("{}: {}: {}", path.string(), what, code.message())};
}

Result<void> check_private(int file, const std::filesystem::path& path) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return tl::unexpected(system_error(path, "stat"));
  if (!S_ISREG(status.st_mode)) return failure(Errc::io_error, path.string() + ": not a regular file");
  if (status.st_uid != ::geteuid()) return failure(Errc::io_error, path.string() + ": belongs to another user");
  if ((status.st_mode & kOthers) != 0) {
    return failure(Errc::invalid_argument, fmt::format("{}: mode {:04o} lets others read or write it: must be 0600",
                                                       path.string(), status.st_mode & 07777));
  }
  return {};
}

Result<SecretBuffer> read_all(int file, const std::filesystem::path& path) {
  SecretBuffer contents;
  while (true) {
    const std::size_t size = contents.size();
    contents.resize(size + kReadChunk);
    const ssize_t count = ::pread(file, contents.data() + size, kReadChunk, static_cast<off_t>(size));
    if (count < 0 && errno != EINTR) return tl::unexpected(system_error(path, "read"));
    contents.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return contents;
  }
}

Result<FileStorage> FileStorage::open(const std::filesystem::path& directory, FileCalls& calls) {
  if (::mkdir(directory.c_str(), kPrivateDirectory) == 0) {
    if (auto synced = sync_directory(parent_of(directory), calls); !synced) return tl::unexpected(synced.error());
  } else if (errno != EEXIST) {
    return tl::unexpected(system_error(directory, "make directory"));
  }
  if (auto good = check_directory(directory); !good) return tl::unexpected(good.error());
  const auto path = directory / kLockName;
  FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kPrivateFile));
  if (!lock) return tl::unexpected(system_error(path, "open"));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return tl::unexpected(system_error(path, "lock"));
    return failure(Errc::io_error, directory.string() + ": in use by another process");
  }
  return FileStorage(directory, calls, std::move(lock));
}

Result<std::optional<SecretBuffer>> FileStorage::read(const std::string& name) const {
  const auto file_path = path(name);
  const FileDescriptor file(::open(file_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) {
    if (errno == ENOENT) return std::optional<SecretBuffer>();
    return tl::unexpected(system_error(file_path, "open"));
  }
  if (auto good = check_private(file.get(), file_path); !good) return tl::unexpected(good.error());
  return read_all(file.get(), file_path).map([](SecretBuffer&& contents) {
    return std::optional(std::move(contents));
  });
}

Result<void> FileStorage::replace(const std::string& name, std::span<const std::uint8_t> contents) {
  const auto target = path(name);
  const auto temporary = path(name + ".new");
  {
    const FileDescriptor file(
        calls_->open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kPrivateFile));
    if (!file) return tl::unexpected(system_error(temporary, "open"));
    if (auto written = write_all(file.get(), temporary, contents); !written) return written;
    if (calls_->sync(file.get()) != 0) return tl::unexpected(system_error(temporary, "sync"));
  }
  if (calls_->rename(temporary.c_str(), target.c_str()) != 0) return tl::unexpected(system_error(target, "rename"));
  torn_.erase(name);
  names_synced_ = false;
  return sync_names();
}

Result<void> FileStorage::append(const std::string& name, std::size_t size, std::span<const std::uint8_t> bytes) {
  if (auto synced = sync_names(); !synced) return synced;
  const auto file_path = path(name);
  const FileDescriptor file(
      calls_->open(file_path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW, kPrivateFile));
  if (!file) return tl::unexpected(system_error(file_path, "open"));
  const auto cut = [&] {
    return calls_->truncate(file.get(), static_cast<off_t>(size)) == 0 && calls_->sync(file.get()) == 0;
  };
  if (torn_.contains(name)) {
    if (!cut()) return tl::unexpected(system_error(file_path, "undo of a failed write"));
    torn_.erase(name);
  }
  auto done = write_all(file.get(), file_path, bytes);
  if (done && calls_->sync(file.get()) != 0) done = tl::unexpected(system_error(file_path, "sync"));
  if (!done && !cut()) torn_.insert(name);
  return done;
}

Result<void> FileStorage::truncate(const std::string& name, std::size_t size) {
  const auto file_path = path(name);
  const FileDescriptor file(calls_->open(file_path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW, kPrivateFile));
  if (!file) return tl::unexpected(system_error(file_path, "open"));
  if (calls_->truncate(file.get(), static_cast<off_t>(size)) != 0 || calls_->sync(file.get()) != 0) {
    return tl::unexpected(system_error(file_path, "cut"));
  }
  return {};
}

std::size_t FileStorage::size(const std::string& name) const {
  std::error_code none;
  const auto size = std::filesystem::file_size(path(name), none);
  return none ? 0 : size;
}

Result<void> FileStorage::remove(const std::string& name) {
  const auto file_path = path(name);
  if (calls_->remove(file_path.c_str()) != 0 && errno != ENOENT)
    return tl::unexpected(system_error(file_path, "remove"));
  names_synced_ = false;
  return sync_names();
}

Result<void> FileStorage::write_all(int file, const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = calls_->write(file, bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return tl::unexpected(system_error(path, "write"));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> FileStorage::sync_names() {
  if (names_synced_) return {};
  auto synced = sync_directory(directory_, *calls_);
  names_synced_ = synced.has_value();
  return synced;
}

}  // namespace sapulse
