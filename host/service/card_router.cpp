// SPDX-License-Identifier: Apache-2.0
#include "card_router.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sapulse::service {
namespace {

/// Commands that can be for all cards at once.
constexpr std::array<std::string_view, 7> kForAll{
    "info", "stats", "sa-list", "sa-unwatched", "watch", "sa-import-kernel", "reload"};

std::string text(const Json& request, const char* field) {
  const auto found = request.is_object() ? request.find(field) : request.end();
  return found != request.end() && found->is_string() ? found->get<std::string>() : "";
}

void name_card(Json& line, const std::string& card) {
  line["card"] = card;
  for (const char* list : {"sas", "unwatched"}) {
    if (!line.contains(list)) continue;
    for (Json& sa : line[list]) sa["card"] = card;
  }
  for (const char* one : {"status", "change"}) {
    if (line.contains(one)) line[one]["card"] = card;
  }
}

}  // namespace

void CardRouter::add(std::string name, Service& service) {
  cards_.push_back({.name = std::move(name), .service = &service});
}

void CardRouter::drop(const std::string& name, const std::string& why) {
  const auto card = std::ranges::find(cards_, name, &Card::name);
  if (card == cards_.end()) return;
  card->failed = why;
  for (const auto& open : open_) {
    if (open->unanswered.contains(&*card)) tell_failed(*open, *card);
  }
  forget_answered();
}

void CardRouter::forget_answered() {
  std::erase_if(open_, [](const auto& open) { return open->unanswered.empty(); });
}

void CardRouter::tell_failed(Open& open, const Card& card) {
  open.unanswered.erase(&card);
  Json line{{"card", card.name}, {"failed", card.failed}};
  if (open.listing.erase(&card) != 0) {
    line["sas"] = Json::array();
    if (!open.listing.empty()) line["more"] = true;
  }
  open.reply(line, open.unanswered.empty());
}

std::string CardRouter::names() const {
  std::vector<std::string> all;
  for (const Card& card : cards_) all.push_back(card.name);
  return fmt::format("{}", fmt::join(all, ", "));
}

Result<std::vector<const CardRouter::Card*>> CardRouter::find(const Json& request) const {
  if (const std::string name = text(request, "card"); !name.empty()) {
    const auto found = std::ranges::find(cards_, name, &Card::name);
    if (found != cards_.end()) return std::vector{&*found};
    return failure(Errc::not_found, fmt::format("card: there is no '{}', but {}", name, names()));
  }
  if (const std::string sa = text(request, "sa"); !sa.empty()) return find_by_sa(sa);
  const std::string command = text(request, "command");
  if (command == "sa-add") {
    return failure(Errc::invalid_argument, fmt::format("card: which one is it for: {}?", names()));
  }
  std::vector<const Card*> all;
  for (const Card& card : cards_) all.push_back(&card);
  // What is wrong with any other request, one of them says.
  if (std::ranges::find(kForAll, command) == kForAll.end()) {
    const auto working = std::ranges::find(all, true, [](const Card* card) { return card->failed.empty(); });
    return std::vector{working != all.end() ? *working : all.front()};
  }
  return all;
}

Result<std::vector<const CardRouter::Card*>> CardRouter::find_by_sa(const std::string& sa) const {
  std::vector<const Card*> having;
  std::vector<std::string> their_names;
  for (const Card& card : cards_) {
    if (!card.failed.empty() || !card.service->has_sa(sa)) continue;
    having.push_back(&card);
    their_names.push_back(card.name);
  }
  if (having.size() == 1) return having;
  if (having.empty()) {
    return failure(Errc::not_found, fmt::format("sa: no SA of {} is called '{}' or has that inbound SPI", names(), sa));
  }
  return failure(Errc::invalid_argument,
                 fmt::format("sa: several cards have '{}': {}; name the card", sa, fmt::join(their_names, ", ")));
}

void CardRouter::handle(std::uint64_t client, const Json& request, Reply reply, Access access) {
  if (cards_.size() == 1) return cards_.front().service->handle(client, request, std::move(reply), access);
  const auto found = find(request);
  if (!found) return reply(error_line(found.error()), true);
  const auto open = open_.emplace_back(std::make_shared<Open>(
      Open{.client = client, .reply = std::move(reply), .unanswered = {found->begin(), found->end()}, .listing = {}}));
  const std::string command = text(request, "command");
  if (command == "sa-list" || command == "watch") open->listing = open->unanswered;
  for (const Card* card : *found) {
    if (!card->failed.empty()) tell_failed(*open, *card);
  }
  forget_answered();
  for (const Card* card : *found) {
    if (!card->failed.empty()) continue;
    const auto answer = [this, open, card](const Json& line, bool last) { take(open, *card, line, last); };
    card->service->handle(client, request, answer, access);
  }
}

void CardRouter::take(const std::shared_ptr<Open>& open, const Card& card, Json line, bool last) {
  if (!open->unanswered.contains(&card)) return;
  name_card(line, card.name);
  if (last || (line.contains("sas") && !line.contains("more"))) open->listing.erase(&card);
  if (line.contains("sas") && !open->listing.empty()) line["more"] = true;
  if (last) open->unanswered.erase(&card);
  open->reply(line, open->unanswered.empty());
  forget_answered();
}

void CardRouter::forget(std::uint64_t client) {
  for (const Card& card : cards_) card.service->forget(client);
  open_.remove_if([client](const auto& open) { return open->client == client; });
}

void CardRouter::run_beside(const std::function<void()>& work) {
  const auto working = std::ranges::find(cards_, true, [](const Card& card) { return card.failed.empty(); });
  working != cards_.end() ? working->service->run_beside(work) : work();
}

}  // namespace sapulse::service
