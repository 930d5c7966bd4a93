// SPDX-License-Identifier: Apache-2.0
#include "socket_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

namespace sapulse::service {
namespace {

constexpr mode_t kPrivate = 0600;

/// What the file says; 0: nothing yet.
long process_in(const FileDescriptor& file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file.get(), text.data(), text.size(), 0);
  long process = 0;
  if (size > 0) (void)std::from_chars(text.data(), text.data() + size, process);
  return process;
}

bool write_process(const FileDescriptor& file) {
  const std::string text = fmt::format("{}\n", ::getpid());
  return ::ftruncate(file.get(), 0) == 0 &&
         ::pwrite(file.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

}  // namespace

tl::unexpected<Error> is_running_already(const std::filesystem::path& socket, long process) {
  const std::string who = process != 0 ? fmt::format(" (process {})", process) : "";
  return failure(Errc::exists, fmt::format("{}: a service is running there already{}", socket.string(), who));
}

Result<SocketLock> SocketLock::take(const std::filesystem::path& socket) {
  const std::string path = socket.string() + ".lock";
  const auto failed = [&](const char* what) {
    return failure(Errc::io_error, fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
  };
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kPrivate));
  if (!file) return failed("open");
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? is_running_already(socket, process_in(file)) : failed("lock");
  }
  if (!write_process(file)) return failed("write");
  return SocketLock(std::move(file));
}

}  // namespace sapulse::service
