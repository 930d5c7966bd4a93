// SPDX-License-Identifier: Apache-2.0
#include "served_card.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "device_option.h"

namespace sapulse::command {
namespace {

void write_log(service::LogLevel level, const std::string& line) {
  spdlog::log(level == service::LogLevel::warning ? spdlog::level::warn : spdlog::level::info, "{}", line);
}

/// For its owner only. Whether it is there, the first card's state tells.
void make_folder(const std::filesystem::path& folder) {
  std::error_code none;
  if (!std::filesystem::create_directory(folder, none)) return;
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, none);
}

using Cards = std::vector<std::unique_ptr<ServedCard>>;

/// Both would answer for it, and use the same sequence numbers.
Result<void> check_addresses(const Cards& cards) {
  std::map<IpAddress, std::string> owners;
  for (const auto& card : cards) {
    for (const IpAddress& address : card->config().card.local) {
      const auto [owner, is_new] = owners.emplace(address, card->name());
      if (is_new || owner->second == card->name()) continue;
      return failure(Errc::invalid_argument,
                     fmt::format("local: {} is of card '{}' and of card '{}', but packets to it come to one of them",
                                 address.to_string(), owner->second, card->name()));
    }
  }
  return {};
}

/// Once the last card is open.
Result<void> drop_privileges(const Cards& cards) {
  if (std::ranges::none_of(cards, &ServedCard::is_on_network,
                           [](const auto& card) -> const ServedCard& { return *card; })) {
    return {};
  }
  const bool reads_kernel = std::ranges::any_of(cards, [](const auto& card) { return card->config().sas_from_kernel; });
  return drop_network_capabilities(reads_kernel ? NetAdmin::keep : NetAdmin::drop);
}

}  // namespace

Result<std::unique_ptr<ServedCard>> ServedCard::open(AccessOptions options, std::string name) {
  std::unique_ptr<ServedCard> opened(new ServedCard(std::move(options), std::move(name)));
  ServedCard& own = *opened;
  own.options_.card.endpoint.report = [&own](const std::string& line) { spdlog::warn("{}", own.named(line)); };
  auto config = own.options_.read_config();
  if (!config) return tl::unexpected(config.error());
  own.config_ = std::move(*config);
  auto capture = own.options_.open_capture(own.config_);
  if (!capture) return tl::unexpected(capture.error());
  own.capture_ = std::move(*capture);
  auto card = own.options_.open_card(own.config_, own.capture_.get());
  if (!card) return tl::unexpected(card.error());
  own.card_ = std::move(*card);
  return opened;
}

Result<void> ServedCard::begin(const std::vector<std::unique_ptr<ServedCard>>& all) {
  std::vector<IpAddress> elsewhere;
  for (const auto& other : all) {
    if (other.get() == this) continue;
    const auto& local = other->config().card.local;
    elsewhere.insert(elsewhere.end(), local.begin(), local.end());
  }
  auto made = make_service(options_, *card_, config_, std::move(elsewhere));
  if (!made) return tl::unexpected(made.error());
  service_ = std::move(*made);
  // Their threads have the privileges that are left now.
  auto reactions = reactions::Reactions::create(
      config_.reactions, [this](const std::string& line) { spdlog::info("{}", named(line)); }, name_);
  if (!reactions) return tl::unexpected(reactions.error());
  reactions_ = std::move(*reactions);
  service_->set_log([this](service::LogLevel level, const std::string& line) { write_log(level, named(line)); });
  service_->set_observer([this](const LivenessChange& change) { reactions_->take(change); });
  warn_of_ignored();
  return {};
}

bool ServedCard::is_on_network() const {
  const auto address = options_.device_of(config_);
  return address && address->backend == DeviceAddress::Backend::net;
}

std::string ServedCard::describe() {
  return named(fmt::format("{}: {} SAs", endpoint().card().device().name(), endpoint().sas().size()));
}

void ServedCard::reload() {
  const auto done = service_->reload();
  if (!done) {
    spdlog::error("{}", named("the configuration has not been reloaded: " + done.error().message));
    return;
  }
  spdlog::info("{}",
               named(fmt::format("reloaded: {} SAs added, {} with new keys, {} adjusted, {} not touched, {} removed",
                                 done->added, done->rekeyed, done->adjusted, done->kept, done->removed)));
}

void ServedCard::warn_of_ignored() {
  const SaStore* store = endpoint().store();
  const std::size_t ignored = store != nullptr ? service::count_ignored(*store, config_) : 0;
  if (ignored == 0) return;
  spdlog::warn("{}",
               named(fmt::format("{} SAs of {} are not watched, or with other keys: SAs are those of {}; `sapulse "
                                 "sa import {}` takes them",
                                 ignored, options_.sas, options_.state, options_.sas)));
}

Result<std::vector<std::unique_ptr<ServedCard>>> open_cards(const AccessOptions& options,
                                                            const std::vector<std::string>& files) {
  if (files.size() > 1 && options.device) {
    return failure(Errc::invalid_argument, "--device: is for one file; with several, each names its own `device`");
  }
  if (files.size() > 1 && !options.capture.empty()) {
    return failure(Errc::invalid_argument, "--capture: is for one card; with several, serve that one alone");
  }
  if (files.size() > 1 && !options.state.empty()) make_folder(options.state);
  std::vector<std::unique_ptr<ServedCard>> cards;
  for (const std::string& file : files) {
    AccessOptions own = options;
    own.sas = file;
    own.card.keeps_privileges = true;  // until all are open
    const std::string name = files.size() > 1 ? std::filesystem::path(file).stem().string() : "";
    if (!name.empty() && !own.state.empty()) own.state = std::filesystem::path(own.state) / name;
    if (std::ranges::any_of(cards, [&](const auto& card) { return card->name() == name; })) {
      return failure(Errc::invalid_argument,
                     fmt::format("{}: there is another card '{}': cards are called like their files", file, name));
    }
    auto card = ServedCard::open(std::move(own), name);
    if (!card) return tl::unexpected(card.error());
    cards.push_back(std::move(*card));
  }
  return check_addresses(cards).and_then([&] { return drop_privileges(cards); }).map([&] { return std::move(cards); });
}

}  // namespace sapulse::command
