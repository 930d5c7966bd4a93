// SPDX-License-Identifier: Apache-2.0
// What a service shows by HTTP.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <span>
#include <string>

#include "http_server.h"
#include "sampler.h"
#include "sapulse/endpoint.h"
#include "sapulse/http_settings.h"
#include "snapshot_exchange.h"

namespace sapulse::metrics {

/// A card; `card`: its name where a service has several, else empty.
struct NamedEndpoint {
  std::string card{};
  Endpoint* endpoint = nullptr;
};

/// | document | what |
/// |---|---|
/// | `/metrics` | for Prometheus |
/// | `/sas.json` | the cards and their SAs, each as `sapulse sa list --json` has it, with `probe` and `statistics` |
/// | `/` | a page with a table of the SAs, which refreshes itself |
///
/// Clients are served in threads of their own, from snapshots that poll() takes. Not thread-safe; the endpoints must
/// outlive it.
class HttpFace {
 public:
  /// Errors: io_error (the address is not to be had).
  static Result<std::unique_ptr<HttpFace>> start(const HttpSettings& settings, std::span<const NamedEndpoint> cards);
  ~HttpFace();
  HttpFace(const HttpFace&) = delete;
  HttpFace& operator=(const HttpFace&) = delete;

  /// Takes a snapshot of a card if clients wait for one. Errors: those of Card.
  Result<void> poll(const Endpoint& card) { return source_of(card).sampler.poll(); }
  /// For event loops: poll() has something to do when the descriptor is readable, and after this time.
  [[nodiscard]] int event_descriptor(const Endpoint& card) { return source_of(card).exchange.event_descriptor(); }
  [[nodiscard]] std::chrono::nanoseconds longest_sleep(const Endpoint& card) {
    return source_of(card).sampler.longest_sleep();
  }
  /// The card has failed: its last snapshot is what there is of it. It must still outlive this object.
  void drop(const Endpoint& card) { source_of(card).exchange.close(); }
  [[nodiscard]] const HttpServer& server() const { return *server_; }

 private:
  struct Source {
    explicit Source(const NamedEndpoint& card)
        : endpoint(card.endpoint), sampler(*card.endpoint, exchange, card.card) {}

    Endpoint* endpoint;
    SnapshotExchange exchange;
    Sampler sampler;
  };

  HttpFace() = default;
  Source& source_of(const Endpoint& card);

  std::list<Source> sources_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace sapulse::metrics
