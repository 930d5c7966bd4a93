// SPDX-License-Identifier: Apache-2.0
// What the guest's test programs ask of the simulation itself, over a serial line of the guest.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sapulse/sim/card.h"

namespace sapulse::sim {

/// Requests and answers are lines of text; words are separated by blanks. In the card's thread.
class ControlChannel {
 public:
  /// Gets the words after the request's name; returns the answer.
  using Handler = std::function<std::string(Card& card, const std::vector<std::string>& words)>;

  /// `socket` stays the caller's.
  explicit ControlChannel(int socket) : socket_(socket) {}

  void add(const std::string& request, Handler handler) { handlers_[request] = std::move(handler); }
  /// Answers what has arrived.
  void attend(Card& card);

 private:
  [[nodiscard]] std::string answer(Card& card, const std::string& line) const;

  int socket_;
  std::string received_;
  std::map<std::string, Handler> handlers_;
};

}  // namespace sapulse::sim
