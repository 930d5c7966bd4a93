// SPDX-License-Identifier: Apache-2.0
#include "supervisor.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>

namespace sapulse::sim::xrt {
namespace {

constexpr auto kPatience = std::chrono::minutes(1);

}  // namespace

Supervisor::~Supervisor() {
  kill(pid_, SIGKILL);  // has ended already unless XRT has gone in the middle
  waitpid(pid_, nullptr, 0);
}

bool Supervisor::run() {
  for (;;) {
    const auto call = xrt_.receive_call();
    if (!call) return !dead_;
    const std::string body = answer(*call);
    const bool closing = call->api == Api::close;
    if (closing && dead_) (void)memory_.send(make_call(Api::close, {}));
    if (!xrt_.send(make_answer(body)) || closing) return !dead_;
  }
}

std::string Supervisor::answer(const Call& call) {
  if (!dead_) {
    const auto sent = card_.send(make_call(call.api, call.body));
    auto body = sent.and_then([&] { return card_.receive_answer(kAnswerHeaderBytes, kPatience); });
    if (body) return *std::move(body);
    bury(body.error().message);
  }
  return failed_body(call.api);
}

void Supervisor::bury(const std::string& why) {
  dead_ = true;
  fmt::print(stderr, "sapulse-xrt-card: the simulated card has died ({}); its registers fail from now on\n", why);
  kill(pid_, SIGKILL);
}

}  // namespace sapulse::sim::xrt
