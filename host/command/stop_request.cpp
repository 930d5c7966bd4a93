// SPDX-License-Identifier: Apache-2.0
#include "stop_request.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <string_view>

namespace sapulse::command {
namespace {

volatile std::sig_atomic_t requested = 0;
volatile std::sig_atomic_t descriptor = -1;
volatile std::sig_atomic_t done = 0;

constexpr unsigned kPatienceSeconds = 1;

// Both call what signal handlers may call only.
extern "C" void request_stop(int) {
  const int error = errno;
  requested = 1;
  (void)::eventfd_write(descriptor, 1);
  ::alarm(kPatienceSeconds);
  errno = error;
}

extern "C" void stop_now(int) {
  if (done != 0) ::_exit(0);
  constexpr std::string_view kMessage = "sapulse: ended in the middle of its work\n";
  (void)!::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  ::_exit(1);
}

}  // namespace

void catch_stop_signals() {
  if (descriptor < 0) descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  struct sigaction action{};
  action.sa_handler = request_stop;
  action.sa_flags = SA_RESTART;  // a line that is being written to a terminal gets there; poll() ends all the same
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
  action.sa_handler = stop_now;
  sigaction(SIGALRM, &action, nullptr);
}

bool stop_requested() { return requested != 0; }
int stop_descriptor() { return descriptor; }
void note_work_done() { done = 1; }

}  // namespace sapulse::command
