// SPDX-License-Identifier: Apache-2.0
// QEMU as a child process, with sockets to it.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sapulse/error.h"

namespace sapulse::sim {

/// Two ends of a local socket; closed at the end.
class SocketPair {
 public:
  /// `type`: SOCK_STREAM or SOCK_DGRAM. Throws std::system_error.
  explicit SocketPair(int type);
  ~SocketPair();
  SocketPair(const SocketPair&) = delete;
  SocketPair& operator=(const SocketPair&) = delete;

  [[nodiscard]] int ours() const { return ends_[0]; }
  [[nodiscard]] int theirs() const { return ends_[1]; }
  /// After the child has got it, so that its end shows here.
  void close_theirs();

 private:
  std::array<int, 2> ends_{-1, -1};
};

/// What the machine is made of.
struct MachineOptions {
  std::string kernel;
  std::string initrd;
  std::string append;        ///< to the kernel's command line
  unsigned memory = 512;     ///< MiB
  bool reboot = false;       ///< false: a reboot ends the machine, as a panic does
  bool interactive = false;  ///< console on the terminal
  bool edu = false;          ///< QEMU's own device "edu" beside the card, to compare with
};

/// Sockets that the machine is joined to.
struct MachineSockets {
  int proxy;
  int qtest;
  int line;
  int core;
  int control;
};

/// The machine always: q35, TCG, one processor (the proxy loses accesses with more), an IOMMU, the card in `slot`.
std::vector<std::string> machine_arguments(const MachineOptions& options, const MachineSockets& sockets, unsigned slot);

/// Starts a program that dies with us and inherits the files named. Errors: io_error.
Result<pid_t> start_program(const std::vector<std::string>& arguments, const std::vector<int>& files);

/// How a program ended: with status 0, with another one, by a signal.
enum class ProgramEnd : std::uint8_t { well, badly, crashed };

/// Waits for its end.
ProgramEnd wait_program(pid_t program);

}  // namespace sapulse::sim
