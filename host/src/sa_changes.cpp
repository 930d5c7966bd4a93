// SPDX-License-Identifier: Apache-2.0
// SAs that come, go and take each other's place, in the store and on the card.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "random.h"
#include "sa_manager_impl.h"

namespace sapulse {
namespace {

SaInfo describe(const SaParameters& sa, std::uint32_t number) {
  return {.number = number,
          .name = sa.name,
          .local = sa.local,
          .peer = sa.peer,
          .spi_in = sa.in.spi,
          .spi_out = sa.out.spi,
          .path = sa.path,
          .liveness = sa.liveness,
          .admin_down = sa.admin_down};
}

}  // namespace

Result<std::vector<SaParameters>> SaManager::Impl::with_token_nonces(std::span<const SaParameters> sas) {
  // All at once: the operating system takes longer for the question than for the answer.
  std::vector<std::uint8_t> random(sas.size() * sizeof(TokenNonce));
  if (auto filled = fill_random(random); !filled) return tl::unexpected(filled.error());
  std::vector<SaParameters> result;
  result.reserve(sas.size());
  for (std::size_t i = 0; i < sas.size(); ++i) {
    SaParameters& sa = result.emplace_back(sas[i]);
    if (!sa.token_nonce) {
      const auto fresh = std::span(random).subspan(i * sizeof(TokenNonce), sizeof(TokenNonce));
      std::ranges::copy(fresh, sa.token_nonce.emplace().begin());
    }
    // Zero stands for none.
    while (*sa.token_nonce == TokenNonce{}) {
      if (auto filled = fill_random(*sa.token_nonce); !filled) return tl::unexpected(filled.error());
    }
    take_turn_after(result.size());
  }
  return result;
}

Result<void> SaManager::Impl::check_new(std::span<const SaParameters> sas) {
  std::unordered_set<std::uint32_t> seen;
  for (const SaParameters& sa : sas) {
    take_turn_after(seen.size());
    if (auto good = check_one(sa); !good) return good;
    if (installed_.contains(sa.in.spi) || !seen.insert(sa.in.spi).second) {
      return failure(Errc::exists, fmt::format("SA '{}': an SA with inbound SPI {:#010x} exists", sa.name, sa.in.spi));
    }
  }
  return check_room(sas.size());
}

Result<void> SaManager::Impl::check_room(std::size_t count) const {
  if (count <= installed_.free()) return {};
  return failure(Errc::no_space, fmt::format("{}: {} more SAs do not fit: {} of {} are in use", card_.device().name(),
                                             count, installed_.capacity() - installed_.free(), installed_.capacity()));
}

Result<SaStarts> SaManager::Impl::take_starts(std::span<const SaParameters> sas) {
  std::uint64_t wanted = 1;
  bool is_wanted = false;
  for (const SaParameters& sa : sas) {
    wanted = std::max(wanted, sa.next.value_or(1));
    is_wanted = is_wanted || !sa.next;
  }
  if (store_ != nullptr) {
    SaStarts starts;
    auto taken = run_beside(
        [&] { return store_->take_sequence(wanted).map([&](std::uint64_t n) { starts = {.next = n, .least = n}; }); });
    return taken.map([&] { return starts; });
  }
  // Who names all numbers needs no clock.
  if (!is_wanted) return SaStarts{};
  return sequence_.take(1).map([](std::uint64_t n) { return SaStarts{.next = n}; });
}

Result<void> SaManager::Impl::change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put,
                                     const std::function<Result<void>()>& change_card) {
  if (store_ == nullptr) return change_card();
  std::vector<SaParameters> before;
  std::vector<std::uint32_t> fresh;
  for (const std::uint32_t spi : removed) {
    before.push_back(store_->sas().at(spi));
    take_turn_after(before.size());
  }
  for (const SaParameters& sa : put) {
    take_turn_after(before.size() + fresh.size());
    const auto old = store_->sas().find(sa.in.spi);
    old != store_->sas().end() ? before.push_back(old->second) : fresh.push_back(sa.in.spi);
  }
  if (auto stored = run_beside([&] { return store_->change(removed, put); }); !stored) return stored;
  auto changed = change_card();
  if (changed) {
    for (const std::uint32_t spi : removed) forget_refused(spi);
    for (const SaParameters& sa : put) forget_refused(sa.in.spi);
    return changed;
  }
  // What is on disk must be what the card has, or will have once it has been opened anew.
  if (auto undone = run_beside([&] { return store_->change(fresh, before); }); !undone) sa_writer_.lose(undone.error());
  return changed;
}

Result<void> SaManager::Impl::add(std::span<const SaParameters> sas) {
  if (auto good = changeable().and_then([&] { return check_new(sas); }); !good) return good;
  const auto put = with_token_nonces(sas);
  if (!put) return tl::unexpected(put.error());
  const auto starts = take_starts(*put);
  if (!starts) return tl::unexpected(starts.error());
  return change({}, *put, [&] { return install(*put, *starts); });
}

Result<void> SaManager::Impl::restore() {
  if (store_ == nullptr || !installed_.all().empty()) {
    return failure(Errc::invalid_argument, "restoring SAs needs a store, and no SA installed yet");
  }
  std::vector<SaParameters> sas;
  sas.reserve(store_->sas().size());
  for (const auto& [spi, sa] : store_->sas()) sas.push_back(sa);
  if (auto good = changeable(); !good) return good;
  auto starts = take_starts(sas);
  if (!starts) return tl::unexpected(starts.error());
  starts->keeps_windows = true;
  return install_if_possible(sas, *starts);
}

Result<void> SaManager::Impl::install_if_possible(std::span<const SaParameters> sas, const SaStarts& starts) {
  auto installed = check_room(sas.size()).and_then([&] { return install(sas, starts); });
  if (installed || sa_writer_.is_lost()) return installed;
  if (sas.size() == 1) {
    refused_.push_back({.sa = describe(sas.front(), 0), .reason = installed.error().message});
    return {};
  }
  const auto half = sas.size() / 2;
  return install_if_possible(sas.first(half), starts).and_then([&] {
    return install_if_possible(sas.subspan(half), starts);
  });
}

void SaManager::Impl::forget_refused(std::uint32_t spi) {
  std::erase_if(refused_, [&](const RefusedSa& refused) { return refused.sa.spi_in == spi; });
}

Result<void> SaManager::Impl::install(std::span<const SaParameters> sas, const SaStarts& starts) {
  const std::vector<std::uint32_t> numbers = installed_.take_numbers(sas.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;
  entries.reserve(sas.size());
  for (std::size_t i = 0; i < sas.size(); ++i) entries.emplace_back(sas[i].in.spi, numbers[i]);
  auto done = sa_writer_.write(sas, numbers, starts).and_then([&] { return index_writer_.insert(entries); });
  if (!done) {
    undo_add(sas, numbers);
    return done;
  }
  for (std::size_t i = 0; i < sas.size(); ++i) {
    installed_.install(describe(sas[i], numbers[i]));
    take_turn_after(i);
  }
  return {};
}

void SaManager::Impl::undo_add(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers) {
  if (index_writer_.failed_hard()) sa_writer_.lose({Errc::device_error, "a change of the SPI index failed half-way"});
  if (sa_writer_.is_lost()) return;
  std::vector<std::uint32_t> visible;
  for (const SaParameters& sa : sas) {
    if (!index_writer_.index().find(sa.in.spi).empty()) visible.push_back(sa.in.spi);
  }
  const auto undone = index_writer_.remove(visible)
                          .and_then([&] { return visible.empty() ? Result<void>() : sa_writer_.fence(); })
                          .and_then([&] { return erase(numbers); });
  if (!undone) sa_writer_.lose(undone.error());
}

Result<void> SaManager::Impl::remove(std::span<const std::uint32_t> spis) {
  std::vector<std::uint32_t> installed(spis.begin(), spis.end());
  for (const RefusedSa& refused : refused_) std::erase(installed, refused.sa.spi_in);
  if (auto good = changeable().and_then([&] { return check_installed(installed); }); !good) return good;
  if (spis.empty()) return {};
  return change(spis, {}, [&] { return installed.empty() ? Result<void>() : uninstall(installed); });
}

Result<void> SaManager::Impl::uninstall(std::span<const std::uint32_t> spis) {
  // What nobody can find any more is not probed any more either: nobody would answer.
  std::vector<SaInfo> gone;
  Result<void> done;
  while (done && gone.size() < spis.size()) {
    const auto rest = spis.subspan(gone.size());
    const auto batch = rest.first(std::min(SaWriter::kSasPerBatch, rest.size()));
    done = index_writer_.remove(batch);
    if (!done) break;
    for (const std::uint32_t spi : batch) gone.push_back(installed_.remove(spi));
    take_turn();
  }
  if (index_writer_.failed_hard()) sa_writer_.lose(done.error());
  if (done) done = sa_writer_.fence();
  if (!done) {
    if (!sa_writer_.is_lost()) bring_back(gone);
    return done;
  }
  std::vector<std::uint32_t> numbers;
  numbers.reserve(gone.size());
  for (const SaInfo& sa : gone) numbers.push_back(sa.number);
  return erase(numbers);
}

void SaManager::Impl::bring_back(std::span<const SaInfo> gone) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;
  for (const SaInfo& sa : gone) entries.emplace_back(sa.spi_in, sa.number);
  if (auto restored = index_writer_.insert(entries); !restored) return sa_writer_.lose(restored.error());
  for (const SaInfo& sa : gone) installed_.install(sa);
}

SaParameters SaManager::Impl::with_inherited(const SaParameters& sa, const SaInfo* before) const {
  SaParameters result = sa;
  if (before == nullptr) return result;
  if (!result.path) result.path = before->path;
  if (!result.liveness && !result.unwatched) result.liveness = before->liveness;
  result.admin_down = result.admin_down || before->admin_down;
  return result;
}

Result<std::uint32_t> SaManager::Impl::replace(std::uint32_t spi, const SaParameters& wanted) {
  const std::array old{spi};
  if (auto good = changeable().and_then([&] { return check_installed(old); }); !good)
    return tl::unexpected(good.error());
  const SaParameters sa = with_inherited(wanted, installed_.find(spi));
  const bool in_place = sa.in.spi == spi;
  if (auto good = in_place ? check_one(sa) : check_new(std::span(&sa, 1)); !good) return tl::unexpected(good.error());
  const auto put = with_token_nonces(std::span(&sa, 1));
  if (!put) return tl::unexpected(put.error());
  const auto starts = take_starts(*put);
  if (!starts) return tl::unexpected(starts.error());
  const std::span<const std::uint32_t> removed(old.data(), in_place ? 0 : 1);
  auto done = change(removed, *put, [&] {
    return in_place ? put_on_card(*put, *starts) : replace_by_other(spi, put->front(), *starts);
  });
  if (!done) return tl::unexpected(done.error());
  return installed_.at(sa.in.spi).number;
}

Result<void> SaManager::Impl::replace_by_other(std::uint32_t spi, const SaParameters& sa, const SaStarts& starts) {
  if (auto added = install(std::span(&sa, 1), starts); !added) return added;
  auto removed = uninstall(std::array{spi});
  if (!removed) (void)uninstall(std::array{sa.in.spi});  // the first error is the one to report
  return removed;
}

Result<void> SaManager::Impl::check_put(std::span<const SaParameters> sas) {
  std::unordered_set<std::uint32_t> seen;
  for (std::size_t i = 0; i < sas.size(); ++i) {
    take_turn_after(i);
    auto good = check_one(sas[i]);
    if (good && !seen.insert(sas[i].in.spi).second) {
      good = failure(Errc::exists, fmt::format("inbound SPI {:#010x} is named twice", sas[i].in.spi));
    }
    if (good && i == installed_.free()) {
      good =
          failure(Errc::no_space,
                  fmt::format("{}: each needs a free SA number until the old SAs are gone, and {} of {} are in use",
                              card_.device().name(), installed_.capacity() - installed_.free(), installed_.capacity()));
    }
    if (!good) return tl::unexpected(none_of(sas, i, good.error()));
  }
  return {};
}

Result<void> SaManager::Impl::put(std::span<const SaParameters> wanted) {
  if (auto good = changeable(); !good) return good;
  std::vector<SaParameters> sas;
  sas.reserve(wanted.size());
  for (const SaParameters& sa : wanted) {
    sas.push_back(with_inherited(sa, installed_.find(sa.in.spi)));
    take_turn_after(sas.size());
  }
  if (auto good = check_put(sas); !good) return good;
  const auto put = with_token_nonces(sas);
  if (!put) return tl::unexpected(put.error());
  const auto starts = take_starts(*put);
  if (!starts) return tl::unexpected(starts.error());
  return change({}, *put, [&] { return put_on_card(*put, *starts); });
}

Result<void> SaManager::Impl::show(const SaParameters& sa, std::uint32_t number) {
  if (installed_.contains(sa.in.spi)) return index_writer_.switch_to(sa.in.spi, number);
  return index_writer_.insert(std::array{std::pair(sa.in.spi, number)});
}

void SaManager::Impl::undo_put(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers,
                               std::span<const std::optional<SaInfo>> before) {
  if (index_writer_.failed_hard()) sa_writer_.lose({Errc::device_error, "a change of the SPI index failed half-way"});
  if (sa_writer_.is_lost()) return;
  auto undone = Result<void>();
  for (std::size_t i = 0; i < before.size() && undone; ++i) {
    const std::uint32_t spi = sas[i].in.spi;
    if (const auto& old = before[i]) {
      undone = index_writer_.switch_to(spi, old->number);
      installed_.install(*old);
    } else {
      undone = index_writer_.remove(std::array{spi});
      (void)installed_.remove(spi);
    }
  }
  undone = undone.and_then([&] { return before.empty() ? Result<void>() : sa_writer_.fence(); }).and_then([&] {
    return erase(numbers);
  });
  if (!undone) sa_writer_.lose(undone.error());
}

Result<void> SaManager::Impl::put_on_card(std::span<const SaParameters> sas, const SaStarts& starts) {
  if (auto room = check_room(sas.size()); !room) return room;
  const std::vector<std::uint32_t> numbers = installed_.take_numbers(sas.size());
  std::vector<std::optional<SaInfo>> before;  // of those that are visible by now
  auto done = sa_writer_.write(sas, numbers, starts);
  for (std::size_t i = 0; done && i < sas.size(); ++i) {
    done = show(sas[i], numbers[i]);
    if (!done) {
      done = tl::unexpected(none_of(sas, i, done.error()));
      break;
    }
    const SaInfo* old = installed_.find(sas[i].in.spi);
    before.push_back(old != nullptr ? std::optional(*old) : std::nullopt);
    // At once: nobody answers probes under the old keys any more.
    installed_.install(describe(sas[i], numbers[i]));
    take_turn_after(i);
  }
  if (!done) {
    undo_put(sas, numbers, before);
    return done;
  }
  std::vector<std::uint32_t> old;
  for (const auto& sa : before) {
    if (sa) old.push_back(sa->number);
  }
  if (old.empty()) return {};
  auto fenced = sa_writer_.fence();
  if (!fenced) sa_writer_.lose(fenced.error());
  return fenced.and_then([&] { return erase(old); });
}

}  // namespace sapulse
