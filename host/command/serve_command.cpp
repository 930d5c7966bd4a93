// SPDX-License-Identifier: Apache-2.0
// `sapulse serve`: holds a card, watches its SAs, and lets other commands use it.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <string>

#include "access.h"
#include "server.h"
#include "stop_request.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

// Short against any interval of liveness, long against the work of one turn.
constexpr auto kCardPatience = std::chrono::milliseconds(1);

struct ServeOptions {
  AccessOptions access;
};

Result<void> serve(service::Service& service, service::Server& server, LocalCard& card) {
  while (!stop_requested()) {
    auto done = service.poll().and_then([&] { return server.poll(std::chrono::milliseconds(0)); }).and_then([&] {
      return card.wait(kCardPatience);
    });
    if (!done) return done;
  }
  return {};
}

int run_serve(const ServeOptions& options) {
  catch_stop_signals();
  auto card = options.access.open_card();
  if (!card) return fail(card.error());
  Endpoint& endpoint = (*card)->endpoint();
  service::Service service(endpoint);
  service.set_log([](const std::string& line) { spdlog::info("{}", line); });
  auto server = service::Server::create(options.access.socket, service);
  if (!server) return fail(server.error());
  spdlog::info("{}: {} SAs, socket {}", endpoint.card().device().name(), endpoint.sas().size(), options.access.socket);
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
