// SPDX-License-Identifier: Apache-2.0
#include "qemu.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace sapulse::sim {
namespace {

/// Checksums are the guest's own, so that frames are complete when they reach the card.
constexpr const char* kPlainNetwork =
    "csum=off,guest_csum=off,gso=off,guest_tso4=off,guest_tso6=off,guest_ufo=off,host_mtu=9216,romfile=";

void add(std::vector<std::string>& to, std::initializer_list<std::string> more) { to.insert(to.end(), more); }

void add_network(std::vector<std::string>& to, const char* name, int socket, unsigned slot) {
  add(to,
      {"-netdev", fmt::format("dgram,id={},local.type=fd,local.str={}", name, socket), "-device",
       fmt::format("virtio-net-pci,netdev={},addr={},mac=52:54:00:00:00:{:02x},{}", name, slot, slot, kPlainNetwork)});
}

}  // namespace

SocketPair::SocketPair(int type) {
  if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends_.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
}

SocketPair::~SocketPair() {
  close_theirs();
  close(ends_[0]);
}

void SocketPair::close_theirs() {
  if (ends_[1] >= 0) close(std::exchange(ends_[1], -1));
}

std::vector<std::string> machine_arguments(const MachineOptions& options, const MachineSockets& sockets,
                                           unsigned slot) {
  std::vector<std::string> arguments = {"qemu-system-x86_64"};
  // One processor, but room for two: QEMU before 9.1 leaves memory barriers out where there can be only one, though
  // devices run in threads of their own, and so loses notifications of virtio-net once in some dozens of runs.
  add(arguments, {"-machine", "q35,accel=tcg,memory-backend=ram0", "-cpu", "max", "-smp", "1,maxcpus=2"});
  add(arguments, {"-m", std::to_string(options.memory), "-object",
                  fmt::format("memory-backend-memfd,id=ram0,size={}M,share=on", options.memory)});
  add(arguments, {"-nodefaults", "-no-user-config", "-display", "none"});
  add(arguments,
      {"-chardev", options.interactive ? "stdio,id=console,signal=off" : "file,id=console,path=/dev/stdout,append=on"});
  add(arguments, {"-serial", "chardev:console"});
  add(arguments, {"-chardev", fmt::format("socket,id=control,fd={}", sockets.control), "-serial", "chardev:control"});
  if (!options.reboot) add(arguments, {"-no-reboot"});
  add(arguments, {"-device", "intel-iommu,intremap=on,caching-mode=on"});
  add(arguments, {"-device", fmt::format("x-pci-proxy-dev,id=card,fd={},addr={}", sockets.proxy, slot)});
  add(arguments, {"-chardev", fmt::format("socket,id=qtest,fd={}", sockets.qtest), "-object",
                  "qtest,id=qtest0,chardev=qtest,log=none"});
  add_network(arguments, "line", sockets.line, slot + 1);
  add_network(arguments, "core", sockets.core, slot + 2);
  if (options.edu) add(arguments, {"-device", fmt::format("edu,addr={}", slot + 3)});
  // no_timer_check: a busy host may hold the guest up for longer than the kernel's test of its timer allows.
  add(arguments, {"-kernel", options.kernel, "-initrd", options.initrd, "-append",
                  fmt::format("console=ttyS0 quiet intel_iommu=on no_timer_check panic=-1 {}", options.append)});
  return arguments;
}

Result<pid_t> start_program(const std::vector<std::string>& arguments, const std::vector<int>& files) {
  // Everything is made ready before the fork: after it only simple system calls are allowed.
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) return failure(Errc::io_error, fmt::format("fork: {}", std::strerror(errno)));
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int file : files) fcntl(file, F_SETFD, 0);
  execvp(words[0], words.data());
  constexpr int kNotFound = 127;
  _exit(kNotFound);
}

ProgramEnd wait_program(pid_t program) {
  int status = 0;
  while (waitpid(program, &status, 0) < 0) {
    if (errno != EINTR) return ProgramEnd::badly;
  }
  if (WIFSIGNALED(status)) return ProgramEnd::crashed;
  return WEXITSTATUS(status) == 0 ? ProgramEnd::well : ProgramEnd::badly;
}

}  // namespace sapulse::sim
