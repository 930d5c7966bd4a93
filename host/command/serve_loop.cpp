// SPDX-License-Identifier: Apache-2.0
#include "serve_loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace sapulse::command {

void make_companions(const std::vector<Endpoint*>& endpoints) {
  for (Endpoint* endpoint : endpoints) {
    std::vector<Endpoint*> others = endpoints;
    std::erase(others, endpoint);
    endpoint->set_companions(std::move(others));
  }
}

ServeLoop::ServeLoop(std::vector<LoopCard> cards, service::CardRouter& router, service::Server& server,
                     metrics::HttpFace* http, std::vector<int> wake)
    : cards_(std::move(cards)), router_(router), server_(server), http_(http), always_(std::move(wake)) {}

Result<void> ServeLoop::turn(std::chrono::nanoseconds at_most) {
  longest_ = std::min(at_most, manager_.alive());
  wake_ = always_;
  // What is done for one card may take long, and the others have gone on meanwhile: all of it comes first.
  for (const auto step : {&ServeLoop::work, &ServeLoop::prepare}) {
    for (const LoopCard& card : std::vector(cards_)) {
      const auto done = (this->*step)(card);
      if (done) continue;
      if (cards_.size() == 1) return done;
      drop(card, done.error());
    }
  }
  return server_.poll(longest_, wake_);
}

Result<void> ServeLoop::work(const LoopCard& card) {
  return card.service->poll().and_then([&] { return http_ != nullptr ? http_->poll(*card.endpoint) : Result<void>(); });
}

Result<void> ServeLoop::prepare(const LoopCard& card) {
  const service::Service& service = *card.service;
  Endpoint& endpoint = *card.endpoint;
  return endpoint.prepare_sleep(service.next_due()).map([&](std::chrono::nanoseconds longest) {
    const std::vector<int> descriptors = service.event_descriptors();
    wake_.insert(wake_.end(), descriptors.begin(), descriptors.end());
    wake_.push_back(endpoint.event_descriptor());
    longest_ = std::min({longest_, longest, service.longest_sleep()});
    if (http_ == nullptr) return;
    wake_.push_back(http_->event_descriptor(endpoint));
    longest_ = std::min(longest_, http_->longest_sleep(endpoint));
  });
}

void ServeLoop::drop(const LoopCard& card, const Error& why) {
  spdlog::error("{}: the card has failed, the others go on: {}", card.name, why.message);
  router_.drop(card.name, why.message);
  if (http_ != nullptr) http_->drop(*card.endpoint);
  std::erase_if(cards_, [&](const LoopCard& other) { return other.endpoint == card.endpoint; });
  std::vector<Endpoint*> left;
  left.reserve(cards_.size());
  for (const LoopCard& other : cards_) left.push_back(other.endpoint);
  make_companions(left);
}

}  // namespace sapulse::command
