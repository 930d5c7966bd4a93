// SPDX-License-Identifier: Apache-2.0
// What programs can ask of a card that is held by a service: requests and answers are JSON objects (docs/service.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reload.h"
#include "request_handler.h"
#include "sapulse/address.h"
#include "sapulse/config.h"
#include "sapulse/endpoint.h"
#include "sapulse/error.h"
#include "sapulse/liveness.h"

namespace sapulse::service {

/// A warning is for an operator to look at: an SA that may be lost.
enum class LogLevel : std::uint8_t { info, warning };
using Log = std::function<void(LogLevel level, const std::string& line)>;

/// Executes requests on an endpoint. Keys never appear in an answer. Not thread-safe; the endpoint must outlive it,
/// and its pings may end afterwards.
class Service final : public RequestHandler {
 public:
  explicit Service(Endpoint& endpoint);
  ~Service() override;

  /// Replies come now or from poll().
  void handle(std::uint64_t client, const Json& request, Reply reply, Access access = Access::change) override;
  void forget(std::uint64_t client) override;
  void run_beside(const std::function<void()>& work) override;

  /// Addresses that other cards answer for: the kernel's SAs of these are theirs.
  void set_elsewhere(std::vector<IpAddress> addresses);
  /// Whether one of the card's SAs has this name or inbound SPI.
  [[nodiscard]] bool has_sa(const std::string& sa) const;

  /// How long pings wait for replies, and how far they are apart, where a request does not say; a second at first.
  void set_ping_time(std::chrono::nanoseconds time);

  /// Takes the kernel's SAs and follows them from now on: they come and go with poll(). SAs that are installed already
  /// and are none of the kernel's go. Errors: those of KernelSas::open().
  Result<void> follow_kernel();

  /// The configuration that the endpoint was opened with, and how it is read again when somebody wants the service to
  /// go on with the new one. Sets also how SAs of the kernel are to be taken when somebody asks for it.
  void set_config(Config config, std::function<Result<Config>()> read_again);
  /// Reads the configuration again, and goes on with it. Errors: those of reading it and of service::reload();
  /// unsupported (before set_config()).
  Result<Reloaded> reload();

  /// Gets one line for each change of state, with its evidence, and for what else has happened.
  void set_log(Log log);

  /// Gets each change of state as it is told to those who watch. Must not call the service.
  void set_observer(std::function<void(const LivenessChange& change)> observer);

  /// Handles what the card has to tell. Errors: those of Endpoint::poll().
  Result<void> poll();
  /// When poll() has something of the service's own to do, ns of the card's clock; nothing: never.
  [[nodiscard]] std::optional<std::uint64_t> next_due() const;
  /// For event loops, beside what the endpoint has for them: poll() also has something to do when one of these is
  /// readable (the kernel has told something), or after this time, which may be 0.
  [[nodiscard]] std::vector<int> event_descriptors() const;
  [[nodiscard]] std::chrono::nanoseconds longest_sleep() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// {"error": {...}} as handle() answers.
Json error_line(const Error& error);

}  // namespace sapulse::service
