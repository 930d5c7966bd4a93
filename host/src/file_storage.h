// SPDX-License-Identifier: Apache-2.0
// Files of a directory, written so that a crash leaves the old or the new contents.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "secret_buffer.h"

namespace sapulse {

/// The system calls that change something on disk; tests let the program die in the middle of them. Return values and
/// errno are those of the system calls.
class FileCalls {
 public:
  virtual ~FileCalls() = default;
  virtual int open(const char* path, int flags, mode_t mode);
  virtual ssize_t write(int file, std::span<const std::uint8_t> bytes);
  virtual int sync(int file);
  virtual int truncate(int file, off_t size);
  virtual int rename(const char* from, const char* to);
  virtual int remove(const char* path);
};

/// Makes the names in a directory durable. Errors: io_error.
Result<void> sync_directory(const std::filesystem::path& directory, FileCalls& calls);

/// Fails unless an open file is a regular one of this user that nobody else can read or write. Errors: io_error.
Result<void> check_private(int file, const std::filesystem::path& path);

/// Reads an open file from its start. Errors: io_error.
Result<SecretBuffer> read_all(int file, const std::filesystem::path& path);

/// io_error with the path, what was tried and what errno says.
Error system_error(const std::filesystem::path& path, const char* what);

/// A private directory (0700) with private files (0600). Errors of all functions: io_error.
class FileStorage {
 public:
  /// Makes the directory if there is none, and locks it against other processes.
  static Result<FileStorage> open(const std::filesystem::path& directory, FileCalls& calls);

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return directory_ / name; }

  /// Contents of a file; nothing if there is none.
  [[nodiscard]] Result<std::optional<SecretBuffer>> read(const std::string& name) const;
  /// Replaces a file: its new contents are on disk when this returns; before, the old ones are. When it fails, either
  /// may be there: see size().
  Result<void> replace(const std::string& name, std::span<const std::uint8_t> contents);
  /// Appends to a file of `size` bytes, which must exist. On disk when this returns. When it fails, the file has been
  /// cut back to `size`, or will be before anything else is appended.
  Result<void> append(const std::string& name, std::size_t size, std::span<const std::uint8_t> bytes);
  /// Cuts a file; on disk when this returns.
  Result<void> truncate(const std::string& name, std::size_t size);
  /// Bytes of a file; 0 if there is none.
  [[nodiscard]] std::size_t size(const std::string& name) const;
  /// Removes a file if there is one.
  Result<void> remove(const std::string& name);

 private:
  FileStorage(std::filesystem::path directory, FileCalls& calls, FileDescriptor lock)
      : directory_(std::move(directory)), calls_(&calls), lock_(std::move(lock)) {}
  Result<void> write_all(int file, const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
  Result<void> sync_names();

  std::filesystem::path directory_;
  FileCalls* calls_;
  FileDescriptor lock_;
  bool names_synced_ = true;    ///< false: after a crash, an older file could have the name of a newer one
  std::set<std::string> torn_;  ///< files that a failed append has left too long
};

}  // namespace sapulse
