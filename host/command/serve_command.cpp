// SPDX-License-Identifier: Apache-2.0
// `sapulse serve`: holds cards, watches their SAs, and lets other commands use them.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access.h"
#include "card_router.h"
#include "http_face.h"
#include "process_secrecy.h"
#include "reload_request.h"
#include "serve_loop.h"
#include "served_card.h"
#include "server.h"
#include "service_manager.h"
#include "socket_place.h"
#include "stop_request.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

struct ServeOptions {
  AccessOptions access;  // but for the configuration
  std::vector<std::string> files;
  service::ServerOptions server;
  spdlog::level::level_enum log_level = spdlog::level::info;
};

using Cards = std::vector<std::unique_ptr<ServedCard>>;

/// Writing into a pipe that nobody reads, or beyond a limit of file sizes, is an error like others.
void ignore_signals_of_writes() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) (void)std::signal(signal, SIG_IGN);
}

/// The folder that systemd makes for its units, where somebody else starts the service.
void make_system_folder(const std::filesystem::path& socket) {
  std::error_code none;
  if (socket.parent_path() == kSystemFolder) std::filesystem::create_directory(kSystemFolder, none);
}

/// nullptr if no configuration says something of it. Errors: invalid_argument (several do), those of HttpFace.
Result<std::unique_ptr<metrics::HttpFace>> start_http(const Cards& cards) {
  std::vector<metrics::NamedEndpoint> all;
  const HttpSettings* settings = nullptr;
  for (const auto& card : cards) {
    all.push_back({.card = card->name(), .endpoint = &card->endpoint()});
    const std::optional<HttpSettings>& http = card->config().http;
    if (!http) continue;
    if (settings != nullptr) {
      return failure(Errc::invalid_argument,
                     fmt::format("{}: http: another card's file has it: it is for all", card->name()));
    }
    settings = &*http;
  }
  if (settings == nullptr) return nullptr;
  auto face = metrics::HttpFace::start(*settings, all);
  if (face) spdlog::info("metrics and page: {}", (*face)->server().url());
  return face;
}

/// Until a stop signal comes.
Result<void> serve(const Cards& cards, ServeLoop& loop) {
  Result<void> done;
  while (done && !stop_requested()) {
    if (take_reload_request()) {
      for (const auto& card : cards) card->reload();
    }
    done = loop.turn();
  }
  return done;
}

Result<void> close(const Cards& cards) {
  // None of them goes on any more while another one writes its state.
  for (const auto& card : cards) card->endpoint().set_companions({});
  Result<void> closed;
  for (const auto& card : cards) {
    if (auto done = card->close(); !done) closed = done;
  }
  return closed;
}

int run_serve(ServeOptions& options) {
  ignore_signals_of_writes();
  forbid_core_dumps();
  spdlog::set_level(options.log_level);
  auto cards = open_cards(options.access, options.files);
  if (!cards) return fail(cards.error());
  catch_stop_signals();  // until now they end the process at once
  catch_reload_signal();
  std::vector<Endpoint*> endpoints;
  for (const auto& card : *cards) endpoints.push_back(&card->endpoint());
  make_companions(endpoints);
  service::CardRouter router;
  std::vector<LoopCard> served;
  for (const auto& card : *cards) {
    if (auto begun = card->begin(*cards); !begun) return fail(begun.error());
    router.add(card->name(), card->service());
    served.push_back({.name = card->name(), .service = &card->service(), .endpoint = &card->endpoint()});
  }
  make_system_folder(options.access.socket);
  auto server = service::Server::create(options.access.socket, router, options.server);
  if (!server) return fail(server.error());
  auto http = start_http(*cards);
  if (!http) return fail(http.error());
  std::string all;
  for (const auto& card : *cards) all += (all.empty() ? "" : "; ") + card->describe();
  spdlog::info("{}, socket {}", all, options.access.socket);
  if (const auto gap = secrecy_gap()) spdlog::warn("{}", *gap);
  ServiceManager::ready(all);
  ServeLoop loop(std::move(served), router, **server, http->get(), {stop_descriptor(), reload_descriptor()});
  const auto ended = serve(*cards, loop);
  ServiceManager::stopping();
  server->reset();
  http->reset();
  const auto closed = close(*cards);
  if (!ended) return fail(ended.error());
  if (!closed) return fail(closed.error());
  note_work_done();
  spdlog::info("stopped");
  return exit_good;
}

}  // namespace

void add_serve_command(Command& app) {
  auto options = std::make_shared<ServeOptions>();
  Command serve = app.add_command("serve", "hold a card, or several, watch its SAs, and let other commands use it");
  options->access.socket = place_of_service(Surroundings::of_this_process());
  serve.add_option("--socket", options->access.socket, "to listen on", {.type = "PATH", .shows_default = true});
  serve.add_option("--socket-group", options->server.group, "whose members may use it, too", {.type = "GROUP"});
  serve.add_option("--watch-group", options->server.watch_group, "whose members may look, but neither ping nor change",
                   {.type = "GROUP"});
  serve.add_choice<spdlog::level::level_enum>("--log-level", options->log_level,
                                              {{"info", spdlog::level::info},
                                               {"warning", spdlog::level::warn},
                                               {"error", spdlog::level::err},
                                               {"off", spdlog::level::off}},
                                              "least important lines that are logged: every change, what may be lost, "
                                              "faults");
  serve.add_list("--sas", options->files, "configuration and SAs (YAML); once for each card",
                 {.type = "FILE", .required = true});
  options->access.add_device_options(serve);
  options->access.add_simulator_option(serve);
  add_capture_option(serve, options->access.capture);
  serve.on_run([options] { return run_serve(*options); });
}

}  // namespace sapulse::command
