// SPDX-License-Identifier: Apache-2.0
#include "child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace sapulse::reactions {
namespace {

constexpr std::size_t kChunkBytes = 4096;
constexpr unsigned kFullPipe = 16;  // chunks

tl::unexpected<Error> system_failure(const std::string& what, int error) {
  return failure(Errc::io_error, fmt::format("{}: {}", what, std::strerror(error)));
}

/// A file in memory, so that writing never waits for a reader.
Result<FileDescriptor> file_of(const std::string& content) {
  FileDescriptor file(::memfd_create("change", MFD_CLOEXEC));
  const auto size = static_cast<ssize_t>(content.size());
  if (!file || ::pwrite(file.get(), content.data(), content.size(), 0) != size) return system_failure("memfd", errno);
  return file;
}

struct Pipe {
  FileDescriptor reader;
  FileDescriptor writer;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("pipe", errno);
  // Of the reading end only: programs expect their output to wait.
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return system_failure("pipe", errno);
  return Pipe{.reader = FileDescriptor(ends[0]), .writer = FileDescriptor(ends[1])};
}

/// Owns what posix_spawn() is to do before it starts the program.
class SpawnSettings {
 public:
  SpawnSettings(int input, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions_, "/");
    sigset_t none{};
    sigset_t all{};
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

Result<pid_t> start(const ChildSetup& setup, int output) {
  const auto input = file_of(setup.input);
  if (!input) return tl::unexpected(input.error());
  const SpawnSettings settings(input->get(), output);
  // Of this thread, which does nothing else than starting programs.
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  pid_t process = 0;
  const int error = ::posix_spawn(&process, setup.command.front().c_str(), settings.actions(), settings.attributes(),
                                  pointers_to(setup.command).data(), pointers_to(setup.environment).data());
  if (error != 0) return system_failure(setup.command.front(), error);
  return process;
}

/// Takes what there is to read, and keeps the end of it. False: nothing will follow.
bool read_output(const FileDescriptor& reader, std::string& output) {
  std::array<char, kChunkBytes> chunk{};
  const ssize_t size = ::read(reader.get(), chunk.data(), chunk.size());
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  output.append(chunk.data(), static_cast<std::size_t>(size));
  if (output.size() > kKeptOutput) output.erase(0, output.size() - kKeptOutput);
  return size != 0;
}

/// Reads output until the process has ended.
Result<void> follow(const FileDescriptor& process, const FileDescriptor& reader, const Patience& patience,
                    std::string& output) {
  std::array<pollfd, 2> events{{{process.get(), POLLIN, 0}, {reader.get(), POLLIN, 0}}};
  for (;;) {
    if (auto waited = patience.wait(events); !waited) return waited;
    if (events[1].revents != 0 && !read_output(reader, output)) events[1].fd = -1;
    if (events[0].revents != 0) return {};
  }
}

}  // namespace

Result<ChildResult> run_child(const ChildSetup& setup, const Patience& patience) {
  auto pipe = make_pipe();
  if (!pipe) return tl::unexpected(pipe.error());
  const auto process = start(setup, pipe->writer.get());
  if (!process) return tl::unexpected(process.error());
  pipe->writer = FileDescriptor();
  ChildResult result;
  const FileDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, *process, 0)));
  const auto followed = handle ? follow(handle, pipe->reader, patience, result.output)
                               : Result<void>(system_failure("pidfd_open", errno));
  if (!followed) (void)::kill(-*process, SIGKILL);
  ::waitpid(*process, &result.status, 0);
  if (!followed) return tl::unexpected(followed.error());
  // What it has written last; others that it has left behind may go on for ever.
  for (unsigned i = 0; i < kFullPipe && read_output(pipe->reader, result.output); ++i) {
  }
  return result;
}

}  // namespace sapulse::reactions
