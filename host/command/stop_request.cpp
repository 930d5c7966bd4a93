// SPDX-License-Identifier: Apache-2.0
#include "stop_request.h"

#include <csignal>
#include <initializer_list>

namespace sapulse::command {
namespace {

volatile std::sig_atomic_t requested = 0;

extern "C" void request_stop(int) { requested = 1; }

}  // namespace

void catch_stop_signals() {
  struct sigaction action{};
  action.sa_handler = request_stop;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

bool stop_requested() { return requested != 0; }

}  // namespace sapulse::command
