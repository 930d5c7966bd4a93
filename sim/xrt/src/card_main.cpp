// SPDX-License-Identifier: Apache-2.0
// sapulse-xrt-card: the simulated card behind XRT's emulation, which starts it (docs/xrt.md).
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "card_server.h"
#include "supervisor.h"

namespace {

using namespace sapulse;
using namespace sapulse::sim::xrt;

constexpr auto kConnectPatience = std::chrono::seconds(30);

std::string environment(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

int fail(const Error& error) {
  fmt::print(stderr, "sapulse-xrt-card: {}\n", error.message);
  return 1;
}

/// The process of the card.
int serve(Channel calls, Channel& memory) {
  std::unique_ptr<TrafficPort> traffic;
  if (const std::string path = environment("SAPULSE_XRT_TRAFFIC", ""); !path.empty()) {
    auto port = TrafficPort::connect(path);
    if (!port) return fail(port.error());
    traffic = *std::move(port);
  }
  auto server = CardServer::create({}, calls, memory, traffic.get());
  if (!server) return fail(server.error());
  const auto ended = (*server)->run();
  return ended ? 0 : fail(ended.error());
}

int run() {
  // Where XRT listens; it makes these names in the same way.
  const std::string folder = "/tmp/" + environment("USER", "");
  const std::string id = environment("EMULATION_SOCKETID", "xcl_sock");
  auto xrt = Channel::connect(folder + "/" + id, kConnectPatience);
  if (!xrt) return fail(xrt.error());
  auto memory = Channel::connect(folder + "/D2X_unix_sock_" + id, kConnectPatience);
  if (!memory) return fail(memory.error());

  std::array<int, 2> pair{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return fail({Errc::io_error, "cannot make a pair of sockets"});
  }
  std::optional<Channel> near(pair[0]);
  Channel far(pair[1]);
  const pid_t pid = fork();
  if (pid < 0) return fail({Errc::io_error, "cannot start a process"});
  if (pid == 0) {
    near.reset();
    return serve(std::move(far), *memory);
  }
  {
    const Channel closed(std::move(far));  // so that the end of the card shows
  }
  return Supervisor(*xrt, *memory, *std::move(near), pid).run() ? 0 : 1;
}

}  // namespace

int main() { return run(); }
