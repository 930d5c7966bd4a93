// SPDX-License-Identifier: Apache-2.0
// Who answers the requests of clients.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

namespace sapulse::service {

using Json = nlohmann::ordered_json;

/// Answers a request: with any number of lines, the last of which is marked. Must not call the handler.
using Reply = std::function<void(const Json& line, bool last)>;

/// What whoever asks may do: look at SAs and counters; or also ping, which uses up sequence numbers, and change SAs.
enum class Access : std::uint8_t { watch, change };

/// One card, or all of a service. Not thread-safe.
class RequestHandler {
 public:
  RequestHandler() = default;
  virtual ~RequestHandler() = default;
  RequestHandler(const RequestHandler&) = delete;
  RequestHandler& operator=(const RequestHandler&) = delete;

  /// Starts a request; `reply` is called now or later. `client`: whoever asks, for forget(). A request that is wrong,
  /// not allowed, or that fails, is answered with {"error": {"code", "message"}}.
  virtual void handle(std::uint64_t client, const Json& request, Reply reply, Access access) = 0;
  /// The client is gone: its replies are not called any more.
  virtual void forget(std::uint64_t client) = 0;
  /// Runs what takes long and touches no card in a thread of its own, while probes go on (Endpoint::run_beside()), and
  /// returns once it has ended.
  virtual void run_beside(const std::function<void()>& work) = 0;
};

}  // namespace sapulse::service
