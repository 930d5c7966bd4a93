// SPDX-License-Identifier: Apache-2.0
// `sapulse serve`: holds a card, watches its SAs, and lets other commands use it.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "access.h"
#include "http_face.h"
#include "process_secrecy.h"
#include "reactions.h"
#include "server.h"
#include "socket_place.h"
#include "stop_request.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

struct ServeOptions {
  AccessOptions access;
  service::ServerOptions server;
};

/// Writing into a pipe that nobody reads, or beyond a limit of file sizes, is an error like others.
void ignore_signals_of_writes() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) (void)std::signal(signal, SIG_IGN);
}

/// The folder that systemd makes for its units, where somebody else starts the service.
void make_system_folder(const std::filesystem::path& socket) {
  std::error_code none;
  if (socket.parent_path() == kSystemFolder) std::filesystem::create_directory(kSystemFolder, none);
}

/// Until a stop signal comes. `http`: nullptr if there is none.
Result<void> serve(service::Service& service, service::Server& server, metrics::HttpFace* http, Endpoint& endpoint) {
  while (!stop_requested()) {
    auto done = service.poll()
                    .and_then([&] { return http != nullptr ? http->poll() : Result<void>(); })
                    .and_then([&] { return endpoint.prepare_sleep(service.next_due()); })
                    .and_then([&](std::chrono::nanoseconds longest) {
                      std::vector<int> wake = service.event_descriptors();
                      wake.insert(wake.end(), {endpoint.event_descriptor(), stop_descriptor()});
                      longest = std::min(longest, service.longest_sleep());
                      if (http != nullptr) {
                        wake.push_back(http->event_descriptor());
                        longest = std::min(longest, http->longest_sleep());
                      }
                      return server.poll(longest, wake);
                    });
    if (!done) return done;
  }
  return {};
}

/// nullptr if the configuration says nothing of it.
Result<std::unique_ptr<metrics::HttpFace>> start_http(const Config& config, Endpoint& endpoint) {
  if (!config.http) return nullptr;
  auto face = metrics::HttpFace::start(*config.http, endpoint);
  if (face) spdlog::info("metrics and page: {}", (*face)->server().url());
  return face;
}

void log(const std::string& line) { spdlog::info("{}", line); }

int run_serve(ServeOptions& options) {
  ignore_signals_of_writes();
  forbid_core_dumps();
  options.access.card.endpoint.report = [](const std::string& line) { spdlog::warn("{}", line); };
  const auto config = options.access.read_config();
  if (!config) return fail(config.error());
  auto card = options.access.open_card(*config);
  if (!card) return fail(card.error());
  catch_stop_signals();  // until now they end the process at once
  Endpoint& endpoint = (*card)->endpoint();
  service::Service service(endpoint);
  service.set_log(log);
  auto reactions = reactions::Reactions::create(config->reactions, log);
  if (!reactions) return fail(reactions.error());
  service.set_observer([&](const LivenessChange& change) { reactions->take(change); });
  if (auto started = start_kernel_sas(service, *config); !started) return fail(started.error());
  make_system_folder(options.access.socket);
  auto server = service::Server::create(options.access.socket, service, options.server);
  if (!server) return fail(server.error());
  auto http = start_http(*config, endpoint);
  if (!http) return fail(http.error());
  spdlog::info("{}: {} SAs, socket {}", endpoint.card().device().name(), endpoint.sas().size(), options.access.socket);
  if (const auto gap = secrecy_gap()) spdlog::warn("{}", *gap);
  const auto served = serve(service, **server, http->get(), endpoint);
  server->reset();
  http->reset();
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
  options->access.socket = place_of_service(Surroundings::of_this_process());
  serve.add_option("--socket", options->access.socket, "to listen on", {.type = "PATH", .shows_default = true});
  serve.add_option("--socket-group", options->server.group, "whose members may use it, too", {.type = "GROUP"});
  options->access.add_card_options(serve, true);
  serve.on_run([options] { return run_serve(*options); });
}

}  // namespace sapulse::command
