// SPDX-License-Identifier: Apache-2.0
// What a service shows by HTTP.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "http_server.h"
#include "sampler.h"
#include "sapulse/endpoint.h"
#include "sapulse/http_settings.h"
#include "snapshot_exchange.h"

namespace sapulse::metrics {

/// | document | what |
/// |---|---|
/// | `/metrics` | for Prometheus |
/// | `/sas.json` | the card and its SAs, each as `sapulse sa list --json` has it, with `probe` and `statistics` |
/// | `/` | a page with a table of the SAs, which refreshes itself |
///
/// Clients are served in threads of their own, from snapshots that poll() takes. Not thread-safe; the endpoint must
/// outlive it.
class HttpFace {
 public:
  /// Errors: io_error (the address is not to be had).
  static Result<std::unique_ptr<HttpFace>> start(const HttpSettings& settings, Endpoint& endpoint);
  ~HttpFace();
  HttpFace(const HttpFace&) = delete;
  HttpFace& operator=(const HttpFace&) = delete;

  /// Takes snapshots that clients wait for. Errors: those of Card.
  Result<void> poll() { return sampler_.poll(); }
  /// For event loops: poll() has something to do when the descriptor is readable, and after this time.
  [[nodiscard]] int event_descriptor() const { return exchange_.event_descriptor(); }
  [[nodiscard]] std::chrono::nanoseconds longest_sleep() const { return sampler_.longest_sleep(); }
  [[nodiscard]] const HttpServer& server() const { return *server_; }

 private:
  HttpFace(Endpoint& endpoint) : sampler_(endpoint, exchange_) {}

  SnapshotExchange exchange_;
  Sampler sampler_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace sapulse::metrics
