// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "sa_manager_impl.h"
#include "sapulse/sa.h"

namespace sapulse {
namespace {

/// Sets something as long as it lives.
class Flag {
 public:
  explicit Flag(bool& flag) : flag_(flag) { flag_ = true; }
  ~Flag() { flag_ = false; }
  Flag(const Flag&) = delete;
  Flag& operator=(const Flag&) = delete;

 private:
  bool& flag_;
};

SaStatistics statistics_of(const Completion& completion) {
  SaStatistics result{.window_top = completion.window_top,
                      .next = completion.next,
                      .accepted = completion.accepted,
                      .replayed = completion.replayed,
                      .rejected = completion.rejected,
                      .data_sequence = std::nullopt,
                      .time = completion.time};
  if (completion.data_sequence_valid) result.data_sequence = completion.data_sequence;
  return result;
}

}  // namespace

Result<void> SaManager::Impl::changeable() const {
  if (!in_meanwhile_) return sa_writer_.usable();
  return failure(Errc::invalid_argument, "a change of SAs is under way, and no other can be made meanwhile");
}

Result<void> SaManager::Impl::run_beside(const std::function<Result<void>()>& work) {
  if (!meanwhile_.run_beside) return work();
  Result<void> done;
  const Flag flag(in_meanwhile_);
  meanwhile_.run_beside([&] { done = work(); });
  return done;
}

void SaManager::Impl::take_turn() {
  if (!meanwhile_.take_turn) return;
  const Flag flag(in_meanwhile_);
  meanwhile_.take_turn();
}

Result<void> SaManager::Impl::check_one(const SaParameters& sa) const {
  if (sa.liveness && sa.liveness->mode == ProbeMode::card && !card_.info().has_prober()) {
    return failure(Errc::unsupported,
                   fmt::format("SA '{}': liveness: {} has no prober: the host has to probe (mode: host)", sa.name,
                               card_.device().name()));
  }
  return validate(sa);
}

Result<void> SaManager::Impl::check_installed(std::span<const std::uint32_t> spis) const {
  std::unordered_set<std::uint32_t> seen;
  for (const std::uint32_t spi : spis) {
    if (!installed_.contains(spi)) return failure(Errc::not_found, fmt::format("no SA with inbound SPI {:#010x}", spi));
    if (!seen.insert(spi).second) {
      return failure(Errc::invalid_argument, fmt::format("inbound SPI {:#010x} is named twice", spi));
    }
  }
  return {};
}

Result<void> SaManager::Impl::checkpoint() {
  if (store_ == nullptr) return failure(Errc::invalid_argument, "a checkpoint needs a store");
  if (auto good = changeable(); !good) return good;
  std::vector<Command> commands;
  for (const auto& [spi, sa] : installed_.all()) commands.push_back(Command::read(sa.number));
  const auto completions = commands_.execute(commands);
  if (!completions) return tl::unexpected(completions.error());
  std::unordered_map<std::uint32_t, std::uint64_t> floors;
  for (const RefusedSa& refused : refused_) floors[refused.sa.spi_in] = store_->floor(refused.sa.spi_in);
  auto completion = completions->begin();
  for (const auto& [spi, sa] : installed_.all()) {
    // The window of the card may have been lost since the last checkpoint; the floor never sinks.
    floors[spi] = std::max((completion++)->window_top, store_->floor(spi));
  }
  return run_beside([&] { return store_->extend_sequence().and_then([&] { return store_->checkpoint(floors); }); });
}

Result<void> SaManager::Impl::alter_stored(std::uint32_t spi, const std::function<void(SaParameters&)>& alter,
                                           const std::function<Result<void>()>& change_card) {
  if (store_ == nullptr) return change_card();
  SaParameters sa = store_->sas().at(spi);
  alter(sa);
  return change({}, std::span(&sa, 1), change_card);
}

Result<void> SaManager::Impl::set_path(std::uint32_t spi, const Path& path) {
  return check_installed(std::array{spi}).and_then([&] {
    return set_place(spi, {.peer = installed_.at(spi).peer, .path = path});
  });
}

Result<void> SaManager::Impl::set_place(std::uint32_t spi, const Place& place) {
  auto good = changeable()
                  .and_then([&] { return check_installed(std::array{spi}); })
                  .and_then([&] { return validate(place.path); })
                  .and_then([&] { return sa_writer_.check_requester("path"); });
  if (!good) return good;
  SaInfo& info = installed_.at(spi);
  const auto& [peer, path] = place;
  if (!peer.is_unicast() || peer.is_v4() != info.local.is_v4()) {
    return failure(Errc::invalid_argument,
                   fmt::format("SA '{}': peer {}: must be the address of one host, of the IP version of {}", info.name,
                               peer.to_string(), info.local.to_string()));
  }
  const bool moves = peer != info.peer;
  return alter_stored(
             spi, [&](SaParameters& sa) { sa.peer = peer, sa.path = path; },
             [&] {
               return sa_writer_.run(
                   std::array{Command::write_path(info.number, path, info.local, peer, info.peer_token_nonce)});
             })
      .map([&] {
        info.peer = peer;
        info.path = path;
        if (moves) installed_.tell_moved(info);
      });
}

Result<void> SaManager::Impl::rename(std::uint32_t spi, const std::string& name) {
  auto installed = changeable().and_then([&] { return check_installed(std::array{spi}); });
  const auto nothing_on_card = [] { return Result<void>(); };
  return installed
      .and_then([&] { return alter_stored(spi, [&](SaParameters& sa) { sa.name = name; }, nothing_on_card); })
      .map([&] { installed_.at(spi).name = name; });
}

Result<void> SaManager::Impl::learn_token_nonce(std::uint32_t spi, const TokenNonce& nonce) {
  if (auto good = sa_writer_.usable().and_then([&] { return check_installed(std::array{spi}); }); !good) return good;
  SaInfo& info = installed_.at(spi);
  if (info.peer_token_nonce == nonce || !info.path) return {};
  return card_.submit(Command::write_path(info.number, *info.path, info.local, info.peer, nonce), {}).map([&] {
    info.peer_token_nonce = nonce;
  });
}

Result<void> SaManager::Impl::set_liveness(std::uint32_t spi, const std::optional<LivenessSettings>& settings) {
  if (auto good = changeable().and_then([&] { return check_installed(std::array{spi}); }); !good) return good;
  SaInfo& info = installed_.at(spi);
  if (settings) {
    if (auto good = validate(*settings); !good) return good;
    if (!info.path) {
      return failure(Errc::not_found, fmt::format("SA '{}': liveness needs a path to the peer", info.name));
    }
  }
  // The card's prober is the monitor's business.
  return alter_stored(
             spi, [&](SaParameters& sa) { sa.liveness = settings; }, [] { return Result<void>(); })
      .map([&] { info.liveness = settings; });
}

Result<void> SaManager::Impl::set_admin_down(std::uint32_t spi, bool down) {
  auto good = changeable().and_then([&] { return check_installed(std::array{spi}); }).and_then([&] {
    return sa_writer_.check_requester("administrative state");
  });
  if (!good) return good;
  SaInfo& info = installed_.at(spi);
  return alter_stored(
             spi, [&](SaParameters& sa) { sa.admin_down = down; },
             [&] { return sa_writer_.run(std::array{Command::admin(info.number, down)}); })
      .map([&] { info.admin_down = down; });
}

Result<const SaInfo*> SaManager::Impl::require(std::uint32_t spi) const {
  const SaInfo* info = installed_.find(spi);
  if (info == nullptr) return failure(Errc::not_found, fmt::format("no SA with inbound SPI {:#010x}", spi));
  return info;
}

Result<SaStatistics> SaManager::Impl::statistics(std::uint32_t spi) {
  return require(spi)
      .and_then([&](const SaInfo* info) { return card_.execute(Command::read(info->number)); })
      .map(statistics_of);
}

Result<void> SaManager::Impl::start_statistics(std::uint32_t spi, StatisticsHandler done) {
  return require(spi).and_then([&](const SaInfo* info) {
    return card_.submit(Command::read(info->number), [done = std::move(done)](const Completion& completion) {
      if (completion.status == Status::ok) return done(statistics_of(completion));
      done(failure(Errc::device_error, fmt::format("SA_READ: {}", regs::name(completion.status))));
    });
  });
}

SaManager::SaManager(Card& card, DeviceSecret secret, SaStore* store)
    : impl_(std::make_unique<Impl>(card, std::move(secret), store)) {}
SaManager::~SaManager() = default;
SaManager::SaManager(SaManager&&) noexcept = default;
SaManager& SaManager::operator=(SaManager&&) noexcept = default;

Result<std::uint32_t> SaManager::add(const SaParameters& sa) {
  if (auto done = impl_->add(std::span(&sa, 1)); !done) return tl::unexpected(done.error());
  return impl_->installed().find(sa.in.spi)->number;
}

Result<void> SaManager::add(std::span<const SaParameters> sas) { return impl_->add(sas); }

Result<void> SaManager::put(std::span<const SaParameters> sas) { return impl_->put(sas); }

Result<void> SaManager::remove(std::uint32_t spi_in) { return impl_->remove(std::array{spi_in}); }

Result<void> SaManager::remove(std::span<const std::uint32_t> spis_in) { return impl_->remove(spis_in); }

Result<std::uint32_t> SaManager::replace(std::uint32_t spi_in, const SaParameters& sa) {
  return impl_->replace(spi_in, sa);
}

Result<void> SaManager::clear() { return impl_->remove(impl_->spis()); }

Result<void> SaManager::restore() { return impl_->restore(); }

const std::vector<RefusedSa>& SaManager::refused() const { return impl_->refused(); }

Result<void> SaManager::checkpoint() { return impl_->checkpoint(); }

Result<void> SaManager::changeable() const { return impl_->changeable(); }

void SaManager::set_meanwhile(Meanwhile meanwhile) { impl_->set_meanwhile(std::move(meanwhile)); }

Result<void> SaManager::set_path(std::uint32_t spi_in, const Path& path) { return impl_->set_path(spi_in, path); }

Result<void> SaManager::set_place(std::uint32_t spi_in, const Place& place) { return impl_->set_place(spi_in, place); }

Result<void> SaManager::rename(std::uint32_t spi_in, const std::string& name) { return impl_->rename(spi_in, name); }

Result<void> SaManager::learn_token_nonce(std::uint32_t spi_in, const TokenNonce& nonce) {
  return impl_->learn_token_nonce(spi_in, nonce);
}

Result<void> SaManager::set_liveness(std::uint32_t spi_in, const std::optional<LivenessSettings>& settings) {
  return impl_->set_liveness(spi_in, settings);
}

Result<void> SaManager::set_admin_down(std::uint32_t spi_in, bool down) { return impl_->set_admin_down(spi_in, down); }

void SaManager::set_observer(Observer observer) { impl_->installed().set_observer(std::move(observer)); }

Result<SaStatistics> SaManager::statistics(std::uint32_t spi_in) { return impl_->statistics(spi_in); }
Result<void> SaManager::start_statistics(std::uint32_t spi_in, StatisticsHandler done) {
  return impl_->start_statistics(spi_in, std::move(done));
}

const SaInfo* SaManager::find(std::uint32_t spi_in) const { return impl_->installed().find(spi_in); }

const SaInfo* SaManager::find_number(std::uint32_t number) const { return impl_->installed().find_number(number); }

std::vector<SaInfo> SaManager::list() const {
  std::vector<SaInfo> result;
  for (const auto& [spi, info] : impl_->installed().all()) result.push_back(info);
  std::ranges::sort(result, {}, &SaInfo::number);
  return result;
}

std::size_t SaManager::size() const { return impl_->installed().all().size(); }

std::size_t SaManager::capacity() const { return impl_->installed().capacity(); }

const DeviceSecret& SaManager::secret() const { return impl_->secret(); }

}  // namespace sapulse
