// SPDX-License-Identifier: Apache-2.0
// `sapulse serve`: holds a card, watches its SAs, and lets other commands use it.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "access.h"
#include "process_secrecy.h"
#include "server.h"
#include "stop_request.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

struct ServeOptions {
  AccessOptions access;
};

Result<void> serve(service::Service& service, service::Server& server, LocalCard& card) {
  Endpoint& endpoint = card.endpoint();
  while (!stop_requested()) {
    auto done = service.poll()
                    .and_then([&] { return endpoint.prepare_sleep(service.next_due()); })
                    .and_then([&](std::chrono::nanoseconds longest) {
                      std::vector<int> wake = service.event_descriptors();
                      wake.insert(wake.end(), {endpoint.event_descriptor(), stop_descriptor()});
                      return server.poll(std::min(longest, service.longest_sleep()), wake);
                    });
    if (!done) return done;
  }
  return {};
}

int run_serve(const ServeOptions& options) {
  catch_stop_signals();
  forbid_core_dumps();
  const auto config = options.access.read_config();
  if (!config) return fail(config.error());
  auto card = options.access.open_card(*config);
  if (!card) return fail(card.error());
  Endpoint& endpoint = (*card)->endpoint();
  service::Service service(endpoint);
  service.set_log([](const std::string& line) { spdlog::info("{}", line); });
  if (auto started = start_kernel_sas(service, *config); !started) return fail(started.error());
  auto server = service::Server::create(options.access.socket, service);
  if (!server) return fail(server.error());
  spdlog::info("{}: {} SAs, socket {}", endpoint.card().device().name(), endpoint.sas().size(), options.access.socket);
  if (const auto gap = secrecy_gap()) spdlog::warn("{}", *gap);
  const auto served = serve(service, **server, **card);
  server->reset();
  const auto closed = (*card)->close();
  if (!served) return fail(served.error());
  if (!closed) return fail(closed.error());
  spdlog::info("stopped");
  return exit_good;
}

}  // namespace

void add_serve_command(Command& app) {
  auto options = std::make_shared<ServeOptions>();
  Command serve = app.add_command("serve", "hold a card, watch its SAs, and let other commands use it");
  options->access.socket = AccessOptions::default_socket();
  serve.add_option("--socket", options->access.socket, "to listen on", {.type = "PATH", .shows_default = true});
  options->access.add_card_options(serve, true);
  serve.on_run([options] { return run_serve(*options); });
}

}  // namespace sapulse::command
