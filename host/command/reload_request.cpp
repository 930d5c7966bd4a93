// SPDX-License-Identifier: Apache-2.0
#include "reload_request.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <csignal>

namespace sapulse::command {
namespace {

volatile std::sig_atomic_t descriptor = -1;

extern "C" void request_reload(int) {
  const int error = errno;
  (void)::eventfd_write(descriptor, 1);
  errno = error;
}

}  // namespace

void catch_reload_signal() {
  if (descriptor < 0) descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  struct sigaction action{};
  action.sa_handler = request_reload;
  action.sa_flags = SA_RESTART;  // no line of the log is lost
  sigemptyset(&action.sa_mask);
  sigaction(SIGHUP, &action, nullptr);
}

bool take_reload_request() {
  eventfd_t count = 0;
  return ::eventfd_read(descriptor, &count) == 0 && count != 0;
}

int reload_descriptor() { return descriptor; }

}  // namespace sapulse::command
