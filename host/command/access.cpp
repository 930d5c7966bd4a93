// SPDX-License-Identifier: Apache-2.0
#include "access.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "device_option.h"
#include "sapulse/config.h"
#include "sapulse/secret.h"
#include "server.h"
#include "socket_place.h"
#include "stop_request.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

using service::Json;

constexpr std::size_t kLargestCapacity = 65536;

/// The error of an answer, if it is one.
std::optional<Error> error_of(const Json& line) {
  const auto found = line.find("error");
  if (found == line.end()) return std::nullopt;
  const auto code = errc_of(found->value("code", ""));
  return Error{code.value_or(Errc::device_error), found->value("message", "")};
}

/// It may have keys.
void wipe(Json& text) { zeroise(std::as_writable_bytes(std::span(text.get_ref<std::string&>()))); }

using Clock = std::chrono::steady_clock;

Clock::time_point end_of(const std::optional<std::chrono::nanoseconds>& patience) {
  return patience ? Clock::now() + *patience : Clock::time_point::max();
}

Result<void> ask_service(const AccessOptions& options, const Json& request, const LineHandler& handler) {
  const auto end = end_of(options.patience);
  auto connection = service::Connection::open(options.socket);
  if (!connection) return tl::unexpected(connection.error());
  Json named = request;
  if (!options.named.empty()) named["card"] = options.named;
  auto sent = connection->send(named);
  if (const auto config = named.find("config"); config != named.end()) wipe(*config);
  if (!sent) return sent;
  for (;;) {
    const auto came = connection->wait(stop_descriptor(), end);
    if (!came) return tl::unexpected(came.error());
    if (!*came) return {};  // the user has had enough
    const auto line = connection->receive(end);
    if (!line) return tl::unexpected(line.error());
    if (auto error = error_of(*line)) return tl::unexpected(*error);
    const auto failed = line->find("failed");
    if (failed != line->end())
      complain(fmt::format("card {}: {}", line->value("card", ""), failed->get<std::string>()));
    const bool is_wanted = failed == line->end() || line->contains("sas");
    if ((is_wanted && !handler(*line)) || line->value("last", true)) return {};
  }
}

Result<void> ask_card(const AccessOptions& options, const Json& request, const LineHandler& handler) {
  const auto config = options.read_config();
  if (!config) return tl::unexpected(config.error());
  auto card = options.open_card(*config);
  if (!card) return tl::unexpected(card.error());
  catch_stop_signals();  // until now they end the process at once
  const auto made = make_service(options, **card, *config);
  if (!made) return tl::unexpected(made.error());
  service::Service& service = **made;
  const auto end = end_of(options.patience);
  bool done = false;
  std::optional<Error> failed;
  service.handle(0, request, [&](const Json& line, bool last) {
    if (done) return;
    failed = error_of(line);
    done = failed || !handler(line) || last;
  });
  while (!done && !stop_requested()) {
    auto polled = service.poll();
    if (polled && !done) {
      const auto left = std::chrono::nanoseconds(end - Clock::now());
      if (left.count() <= 0) return failure(Errc::timeout, "not done in time");
      polled = (*card)->sleep(service.next_due(), std::min(service.longest_sleep(), left), service.event_descriptors());
    }
    if (!polled) return polled;
  }
  service.forget(0);
  auto closed = (*card)->close();
  return failed ? tl::unexpected(*failed) : closed;
}

}  // namespace

void AccessOptions::add_device_options(Command& command) {
  add_device_option(command, device);
  command.add_option("--state", state, "directory that keeps SAs and sequence numbers over restarts", {.type = "DIR"});
}

void AccessOptions::add_simulator_option(Command& command) {
  command.add_option("--ns-per-cycle", card.ns_per_cycle, "--device sim: how far its clock moves in a cycle",
                     {.type = "NS", .range = {{1, 65535}}});
}

void AccessOptions::add_socket_option(Command& command) {
  socket = first_there(places_to_look(Surroundings::of_this_process()));
  command.add_option("--socket", socket, "of a running `sapulse serve`", {.type = "PATH", .shows_default = true});
  command.add_option("--card", named, "which one of the service's cards, if it has several", {.type = "NAME"});
}

void AccessOptions::add_to(Command& command) {
  add_socket_option(command);
  command.add_option("--sas", sas, "configuration and SAs (YAML)", {.type = "FILE"});
  add_device_options(command);
  add_simulator_option(command);
}

Result<DeviceAddress> AccessOptions::device_of(const Config& config) const {
  if (device || config.device.empty()) return device.value_or(DeviceAddress{});
  return DeviceAddress::parse(config.device).map_error([&](const Error& error) {
    return Error{error.code, fmt::format("{}: {}", sas, error.message)};
  });
}

Result<Config> AccessOptions::read_config() const {
  auto config = load_config(sas, kLargestCapacity, NextField::allowed);
  if (!config) return config;
  const auto address = device_of(*config);
  if (!address) return tl::unexpected(address.error());
  if (address->is_simulated()) return config;
  if (auto good = check_key_file(sas); !good) return tl::unexpected(good.error());
  const bool names_next = std::ranges::any_of(config->sas, [](const SaParameters& sa) { return sa.next.has_value(); });
  if (!names_next || !state.empty()) return config;
  return load_config(sas, kLargestCapacity, NextField::refused);  // which says where
}

Result<std::unique_ptr<LocalCard>> AccessOptions::open_card(const Config& config) const {
  LocalCardOptions options = card;
  const auto address = device_of(config);
  if (!address) return tl::unexpected(address.error());
  options.device = *address;
  options.endpoint.state = state;
  if (!options.endpoint.report) options.endpoint.report = complain;
  return LocalCard::open(options, config);
}

Result<std::unique_ptr<service::Service>> make_service(const AccessOptions& options, LocalCard& card, Config config,
                                                       std::vector<IpAddress> elsewhere) {
  auto service = std::make_unique<service::Service>(card.endpoint());
  service->set_elsewhere(std::move(elsewhere));
  const bool from_kernel = config.sas_from_kernel;
  service->set_ping_time(card.ping_time());
  service->set_config(std::move(config), [options] { return options.read_config(); });
  if (auto followed = from_kernel ? service->follow_kernel() : Result<void>(); !followed) {
    return tl::unexpected(followed.error());
  }
  return service;
}

Result<void> ask(const AccessOptions& options, const Json& request, const LineHandler& handler) {
  return options.sas.empty() ? ask_service(options, request, handler) : ask_card(options, request, handler);
}

}  // namespace sapulse::command
