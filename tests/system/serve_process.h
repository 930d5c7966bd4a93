// SPDX-License-Identifier: Apache-2.0
// `sapulse serve` as users start it, without hardware.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "sapulse/file_descriptor.h"
#include "server.h"

namespace sapulse::test {

struct ServePlaces {
  std::filesystem::path sas;
  std::filesystem::path socket;
  std::filesystem::path state{};  ///< empty: none
  std::string device{};           ///< empty: that which nobody has to name
};

/// The process; killed when this object goes. Faults of the test's own surroundings are thrown as runtime_error.
class ServeProcess {
 public:
  /// Does not wait for anything.
  explicit ServeProcess(ServePlaces places);
  ~ServeProcess();
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  /// Waits until it says that it serves. Throws, with what it has printed, if it ends instead.
  void wait_until_it_serves() { wait_until_it_says(", socket "); }
  /// Waits until this is in what it prints, after that which has been waited for before. Throws likewise.
  void wait_until_it_says(const std::string& text);
  /// Waits until a file is there that it makes while it starts. Throws if it ends instead.
  void wait_for_file(const std::filesystem::path& file) const;

  [[nodiscard]] service::Connection connect() const;
  /// The first line of the answer, on a connection of its own.
  [[nodiscard]] service::Json ask(const service::Json& request) const;

  /// Sends a signal that ends it; the status as of waitpid().
  int end(int signal);
  /// Sends one that does not.
  void send(int signal) const;
  /// Ends it with SIGTERM; the exit status, or 128 and the signal that has ended it.
  int terminate();

  [[nodiscard]] pid_t id() const { return process_; }
  /// Time on a processor of the thread that serves, not of those that simulate.
  [[nodiscard]] std::chrono::nanoseconds processor_time() const;

 private:
  ServePlaces places_;
  pid_t process_ = -1;
  FileDescriptor output_;  // what it prints
  std::string printed_;    // of it, after what has been waited for
};

/// The first line of the answer.
service::Json ask(service::Connection& connection, const service::Json& request);

}  // namespace sapulse::test
