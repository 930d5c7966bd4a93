// SPDX-License-Identifier: Apache-2.0
#include "access.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

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

Result<void> ask_service(const AccessOptions& options, const Json& request, const LineHandler& handler,
                         const Beside* beside) {
  const auto end = end_of(options.patience);
  auto connection = service::Connection::open(options.socket);
  if (!connection) return tl::unexpected(connection.error());
  Json named = request;
  if (!options.named.empty()) named["card"] = options.named;
  auto sent = connection->send(named);
  if (const auto config = named.find("config"); config != named.end()) wipe(*config);
  if (!sent) return sent;
  for (;;) {
    if (beside != nullptr && !connection->has_line()) beside->idle();
    const std::array others{stop_descriptor(), beside != nullptr ? beside->descriptor : -1};
    const auto other = connection->wait(others, end);
    if (!other) return tl::unexpected(other.error());
    if (*other != -1 && *other == stop_descriptor()) return {};  // the user has had enough
    if (*other != -1 && beside != nullptr) {
      if (!beside->take()) return {};
      continue;
    }
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

Result<void> ask_card(const AccessOptions& options, const Json& request, const LineHandler& handler,
                      const Beside* beside) {
  const auto config = options.read_config();
  if (!config) return tl::unexpected(config.error());
  const auto capture = options.open_capture(*config);
  if (!capture) return tl::unexpected(capture.error());
  auto card = options.open_card(*config, capture->get());
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
      std::vector<int> others = service.event_descriptors();
      if (beside != nullptr) {
        done = !beside->take();
        beside->idle();
        others.push_back(beside->descriptor);
      }
      if (!done) polled = (*card)->sleep(service.next_due(), std::min(service.longest_sleep(), left), others);
    }
    if (!polled) return polled;
  }
  service.forget(0);
  auto closed = (*card)->close();
  if (failed) return tl::unexpected(*failed);
  if (!closed || *capture == nullptr) return closed;
  return (*capture)->close();
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
  const auto take = [this](const std::string& text) -> Result<void> {
    socket = text;
    names_socket = true;
    return {};
  };
  command.add_parsed("--socket", take, "of a running `sapulse serve`", {.type = "PATH", .default_text = socket});
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

Result<std::unique_ptr<capture::TrafficCapture>> AccessOptions::open_capture(const Config& config) const {
  if (capture.empty()) return nullptr;
  const auto address = device_of(config);
  if (!address) return tl::unexpected(address.error());
  if (!address->is_software()) {
    return failure(Errc::invalid_argument,
                   "--capture: what passes this card does not come by its host: capture at a mirror port of the switch "
                   "at its line, or with tcpdump on the gateway's interface at its core");
  }
  std::vector<capture::PcapngInterface> interfaces{{.name = "line", .description = address->place}};
  const bool has_core = address->backend == DeviceAddress::Backend::sim || !address->core.empty();
  if (has_core) interfaces.push_back({.name = "core", .description = address->core});
  return command::open_capture(capture, {.read = sas,
                                         .interfaces = std::move(interfaces),
                                         .when_full = capture::WhenFull::leave_out,
                                         .report = card.endpoint.report ? card.endpoint.report : complain});
}

Result<std::unique_ptr<LocalCard>> AccessOptions::open_card(const Config& config,
                                                            capture::TrafficCapture* capture) const {
  LocalCardOptions options = card;
  if (capture != nullptr) {
    options.tap = [capture](const PassingFrame& frame) {
      capture->take(static_cast<std::uint32_t>(frame.port), frame);
    };
  }
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

Result<void> ask(const AccessOptions& options, const Json& request, const LineHandler& handler, const Beside* beside) {
  if (!options.sas.empty() && options.names_socket) {
    return failure(Errc::invalid_argument,
                   "--socket: with --sas the command has a card of its own, and asks no service");
  }
  if (!options.sas.empty()) return ask_card(options, request, handler, beside);
  if (options.capture.empty()) return ask_service(options, request, handler, beside);
  return failure(Errc::invalid_argument,
                 "--capture: the card is the service's: `sapulse serve --capture`, or a card of its own by --sas");
}

}  // namespace sapulse::command
