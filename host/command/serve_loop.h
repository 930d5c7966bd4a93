// SPDX-License-Identifier: Apache-2.0
// What `sapulse serve` does all the time.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "card_router.h"
#include "http_face.h"
#include "sapulse/endpoint.h"
#include "sapulse/error.h"
#include "server.h"
#include "service.h"
#include "service_manager.h"

namespace sapulse::command {

/// A card, its name (empty: the only one), and what serves it.
struct LoopCard {
  std::string name{};
  service::Service* service = nullptr;
  Endpoint* endpoint = nullptr;
};

/// While something of one card takes long, the others go on.
void make_companions(const std::vector<Endpoint*>& endpoints);

/// Serves all cards and their clients in one thread. One that fails is left out, with a line in the log, while there
/// are others. Not thread-safe; everything must outlive it, also what has failed.
class ServeLoop {
 public:
  /// `http`: nullptr if there is none. `wake`: descriptors that end a sleep, too.
  ServeLoop(std::vector<LoopCard> cards, service::CardRouter& router, service::Server& server, metrics::HttpFace* http,
            std::vector<int> wake);

  /// Does what is due, and sleeps until there is something to do, at most so long. Errors: that of the last card that
  /// has failed, those of Server.
  Result<void> turn(std::chrono::nanoseconds at_most = std::chrono::nanoseconds::max());

 private:
  /// Does what is due at a card.
  Result<void> work(const LoopCard& card);
  /// Takes note of what the sleep has to end by for a card.
  Result<void> prepare(const LoopCard& card);
  void drop(const LoopCard& card, const Error& why);

  std::vector<LoopCard> cards_;  // that have not failed
  service::CardRouter& router_;
  service::Server& server_;
  metrics::HttpFace* http_;
  const std::vector<int> always_;
  ServiceManager manager_;
  std::chrono::nanoseconds longest_{};  // of the next sleep
  std::vector<int> wake_;               // from it
};

}  // namespace sapulse::command
