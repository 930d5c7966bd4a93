// SPDX-License-Identifier: Apache-2.0
// Several cards behind one socket.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "request_handler.h"
#include "sapulse/error.h"
#include "service.h"

namespace sapulse::service {

/// Hands each request to the card that it is for: the one that its field `card` names, else the only one that has the
/// SA that it names, else all, whose answers then make one. Lines say in `card` which card they come from, and so does
/// each SA and each change in them. With one card only, requests and answers are those of its service.
class CardRouter final : public RequestHandler {
 public:
  /// Names differ, unless there is one card only. The service must outlive this object.
  void add(std::string name, Service& service);
  /// The card has failed: its service is not asked any more. Who waits for it, or asks for all from now on, gets a line
  /// with its name in `card`, and why in `failed`.
  void drop(const std::string& name, const std::string& why);

  void handle(std::uint64_t client, const Json& request, Reply reply, Access access = Access::change) override;
  void forget(std::uint64_t client) override;
  void run_beside(const std::function<void()>& work) override;

 private:
  struct Card {
    std::string name;
    Service* service;
    std::string failed{};  // why; empty: it works
  };
  /// A request that cards are working on.
  struct Open {
    std::uint64_t client;
    Reply reply;
    std::set<const Card*> unanswered;
    std::set<const Card*> listing;  // those whose list of SAs is not complete
  };

  [[nodiscard]] std::string names() const;
  /// The cards that a request is for. Errors: not_found, invalid_argument.
  [[nodiscard]] Result<std::vector<const Card*>> find(const Json& request) const;
  [[nodiscard]] Result<std::vector<const Card*>> find_by_sa(const std::string& sa) const;
  void take(const std::shared_ptr<Open>& open, const Card& card, Json line, bool last);
  static void tell_failed(Open& open, const Card& card);
  void forget_answered();

  std::list<Card> cards_;
  std::list<std::shared_ptr<Open>> open_;
};

}  // namespace sapulse::service
