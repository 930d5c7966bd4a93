// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "crypto.h"
#include "index_writer.h"
#include "random.h"
#include "sapulse/card.h"
#include "sapulse/control_keys.h"
#include "sapulse/sa.h"
#include "sapulse/store.h"
#include "sequence_source.h"

namespace sapulse {
namespace {

/// SAs whose key commands are prepared at a time: their keys are in memory twice meanwhile.
constexpr std::size_t kSasPerBatch = 32;
/// Both halves, path, administrative state.
constexpr std::size_t kCommandsPerSa = 4;

/// Control sequence numbers that SAs begin with.
struct Starts {
  std::uint64_t next = 1;      ///< to send, of SAs that name none
  std::uint64_t least = 1;     ///< to send, of all
  bool keeps_windows = false;  ///< replay windows are those of the store, not empty
};

/// SAs with a token nonce each. Errors: io_error (no random numbers).
Result<std::vector<SaParameters>> with_token_nonces(std::span<const SaParameters> sas) {
  std::vector<SaParameters> result(sas.begin(), sas.end());
  for (SaParameters& sa : result) {
    // Zero stands for none.
    while (!sa.token_nonce || *sa.token_nonce == TokenNonce{}) {
      if (auto filled = fill_random(sa.token_nonce.emplace()); !filled) return tl::unexpected(filled.error());
    }
  }
  return result;
}

/// The error of a change of several SAs, at the one that failed first.
Error none_of(std::span<const SaParameters> sas, std::size_t at, const Error& error) {
  if (sas.size() == 1) return error;
  return {error.code, fmt::format("SA {} of {} ('{}'): {}; nothing has been changed", at + 1, sas.size(), sas[at].name,
                                  error.message)};
}

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

class SaManager::Impl {
 public:
  Impl(Card& card, DeviceSecret secret, SaStore* store)
      : card_(card),
        secret_(std::move(secret)),
        store_(store),
        writer_(card, card.info().index_buckets),
        sequence_(SequenceSource::system_clocks(), 0, [](std::uint64_t) { return Result<void>(); }) {
    for (std::uint32_t number = card.info().sa_capacity; number-- > 0;) free_.push_back(number);
  }

  Result<void> add(std::span<const SaParameters> sas);
  Result<void> remove(std::span<const std::uint32_t> spis);
  Result<void> put(std::span<const SaParameters> sas);
  Result<std::uint32_t> replace(std::uint32_t spi, const SaParameters& sa);
  Result<void> restore();
  Result<SaStatistics> statistics(std::uint32_t spi);
  Result<void> start_statistics(std::uint32_t spi, StatisticsHandler done);
  Result<void> set_path(std::uint32_t spi, const Path& path);
  Result<void> set_place(std::uint32_t spi, const Place& place);
  Result<void> rename(std::uint32_t spi, const std::string& name);
  Result<void> learn_token_nonce(std::uint32_t spi, const TokenNonce& nonce);
  Result<void> set_liveness(std::uint32_t spi, const std::optional<LivenessSettings>& settings);
  Result<void> set_admin_down(std::uint32_t spi, bool down);
  void set_observer(Observer observer) { observer_ = std::move(observer); }

  [[nodiscard]] const SaInfo* find(std::uint32_t spi) const {
    const auto found = installed_.find(spi);
    return found == installed_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const SaInfo* find_number(std::uint32_t number) const {
    const auto found = spi_of_.find(number);
    return found == spi_of_.end() ? nullptr : find(found->second);
  }
  [[nodiscard]] const std::unordered_map<std::uint32_t, SaInfo>& installed() const { return installed_; }
  [[nodiscard]] const DeviceSecret& secret() const { return secret_; }
  [[nodiscard]] std::size_t capacity() const { return card_.info().sa_capacity; }
  /// SPIs of all installed SAs.
  [[nodiscard]] std::vector<std::uint32_t> spis() const {
    std::vector<std::uint32_t> result;
    result.reserve(installed_.size());
    for (const auto& [spi, info] : installed_) result.push_back(spi);
    return result;
  }

 private:
  [[nodiscard]] Result<const SaInfo*> require(std::uint32_t spi) const;
  Result<void> check_new(std::span<const SaParameters> sas) const;
  /// What can be known before the card is asked.
  Result<void> check_one(const SaParameters& sa) const;
  Result<void> check_room(std::size_t count) const;
  Result<void> check_installed(std::span<const std::uint32_t> spis) const;
  /// Changes the card after the store, which is changed back if the card fails.
  template <class ChangeCard>
  Result<void> change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put,
                      ChangeCard change_card);
  Result<void> install(std::span<const SaParameters> sas, const Starts& starts);
  Result<void> uninstall(std::span<const std::uint32_t> spis);
  /// What an SA says nothing of when it replaces another one.
  [[nodiscard]] SaParameters with_inherited(const SaParameters& sa, const SaInfo* before) const;
  Result<void> check_put(std::span<const SaParameters> sas) const;
  /// New SAs and those in place of others, all or none.
  Result<void> put_on_card(std::span<const SaParameters> sas, const Starts& starts);
  Result<void> show(const SaParameters& sa, std::uint32_t number);
  void undo_put(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers, std::size_t shown);
  Result<void> replace_by_other(std::uint32_t spi, const SaParameters& sa, const Starts& starts);
  /// change() of what `alter` does to a stored SA.
  template <class Alter, class ChangeCard>
  Result<void> alter_stored(std::uint32_t spi, Alter alter, ChangeCard change_card);

  Result<void> write_keys(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers,
                          const Starts& starts);
  Result<void> append_key_commands(const SaParameters& sa, std::uint32_t number, const Starts& starts,
                                   std::vector<Command>& commands) const;
  [[nodiscard]] Result<std::optional<CrashToken>> make_token(const SaParameters& sa) const;
  /// `refused`: gets the position of the command that was refused; 0 if the card has failed altogether.
  Result<void> run(std::span<const Command> commands, std::size_t* refused = nullptr);
  Result<void> fence() { return run(std::array{Command::fence()}); }
  Result<void> erase(std::span<const std::uint32_t> numbers);

  /// Fresh numbers for SAs that are installed now.
  Result<Starts> take_starts(std::span<const SaParameters> sas);
  [[nodiscard]] Result<void> check_requester(const char* what) const;
  std::vector<std::uint32_t> take_numbers(std::size_t count);
  void undo_add(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers);
  void note_installed(const SaParameters& sa, std::uint32_t number);
  void note_removed(std::uint32_t spi);
  /// Refuses every change once the card's tables are in an unknown state.
  Result<void> usable() const;
  void lose(const Error& error) {
    if (!lost_) lost_ = error;
  }

  Card& card_;
  DeviceSecret secret_;
  SaStore* store_;
  IndexWriter writer_;
  SequenceSource sequence_;  ///< where there is no store
  Observer observer_;
  std::vector<std::uint32_t> free_;  ///< SA numbers; all-zero on the card
  std::unordered_map<std::uint32_t, SaInfo> installed_;
  std::unordered_map<std::uint32_t, std::uint32_t> spi_of_;  ///< installed SAs by number
  std::optional<Error> lost_;                                ///< why the state of the card is unknown
};

Result<void> SaManager::Impl::usable() const {
  if (!lost_) return {};
  return failure(Errc::device_error, fmt::format("{}: the SA tables are in an unknown state since: {}",
                                                 card_.device().name(), lost_->message));
}

Result<void> SaManager::Impl::run(std::span<const Command> commands, std::size_t* refused) {
  const auto completions = card_.execute(commands);
  if (!completions) {
    lose(completions.error());
    return tl::unexpected(completions.error());
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Status status = (*completions)[i].status;
    if (status == Status::ok) continue;
    if (refused != nullptr) *refused = i;
    return failure(Errc::device_error,
                   fmt::format("{}: command {} for SA {}: {}", card_.device().name(), regs::name(commands[i].opcode()),
                               commands[i].sa(), regs::name(status)));
  }
  return {};
}

Result<void> SaManager::Impl::check_one(const SaParameters& sa) const {
  if (sa.liveness && sa.liveness->mode == ProbeMode::card && !card_.info().has_prober()) {
    return failure(Errc::unsupported,
                   fmt::format("SA '{}': liveness: {} has no prober: the host has to probe (mode: host)", sa.name,
                               card_.device().name()));
  }
  return validate(sa);
}

Result<void> SaManager::Impl::check_new(std::span<const SaParameters> sas) const {
  std::unordered_set<std::uint32_t> seen;
  for (const SaParameters& sa : sas) {
    if (auto good = check_one(sa); !good) return good;
    if (installed_.contains(sa.in.spi) || !seen.insert(sa.in.spi).second) {
      return failure(Errc::exists, fmt::format("SA '{}': an SA with inbound SPI {:#010x} exists", sa.name, sa.in.spi));
    }
  }
  return check_room(sas.size());
}

Result<void> SaManager::Impl::check_room(std::size_t count) const {
  if (count <= free_.size()) return {};
  return failure(Errc::no_space, fmt::format("{}: {} more SAs do not fit: {} of {} are in use", card_.device().name(),
                                             count, capacity() - free_.size(), capacity()));
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

std::vector<std::uint32_t> SaManager::Impl::take_numbers(std::size_t count) {
  std::vector<std::uint32_t> numbers(free_.rbegin(), free_.rbegin() + static_cast<std::ptrdiff_t>(count));
  free_.resize(free_.size() - count);
  return numbers;
}

Result<Starts> SaManager::Impl::take_starts(std::span<const SaParameters> sas) {
  std::uint64_t wanted = 1;
  bool is_wanted = false;
  for (const SaParameters& sa : sas) {
    wanted = std::max(wanted, sa.next.value_or(1));
    is_wanted = is_wanted || !sa.next;
  }
  if (store_ != nullptr) {
    return store_->take_sequence(wanted).map([](std::uint64_t n) { return Starts{.next = n, .least = n}; });
  }
  // Who names all numbers needs no clock.
  if (!is_wanted) return Starts{};
  return sequence_.take(1).map([](std::uint64_t n) { return Starts{.next = n}; });
}

Result<void> SaManager::Impl::check_requester(const char* what) const {
  if (card_.info().has_requester()) return {};
  return failure(Errc::unsupported,
                 fmt::format("{}: {}: this card does not send requests of its own", card_.device().name(), what));
}

Result<std::optional<CrashToken>> SaManager::Impl::make_token(const SaParameters& sa) const {
  if (secret_.empty() || !sa.token_nonce) return std::nullopt;
  return crash_token(secret_, sa.in.spi, *sa.token_nonce).map([&](const Token& token) {
    return std::optional(CrashToken{.token = token, .nonce = *sa.token_nonce});
  });
}

Result<void> SaManager::Impl::append_key_commands(const SaParameters& sa, std::uint32_t number, const Starts& starts,
                                                  std::vector<Command>& commands) const {
  const auto in = control_keys(sa.in, sa.plain);
  if (!in) return tl::unexpected(in.error());
  const auto out = control_keys(sa.out, sa.plain);
  if (!out) return tl::unexpected(out.error());
  const auto token = make_token(sa);
  if (!token) return tl::unexpected(token.error());
  const std::uint64_t window_top = starts.keeps_windows ? store_->floor(sa.in.spi) : 0;
  commands.push_back(Command::write_in(number, sa.in.spi, *in, *token, window_top));
  commands.push_back(
      Command::write_out(number, sa.out.spi, *out, std::max(sa.next.value_or(starts.next), starts.least)));
  if (!card_.info().has_requester()) return sa.admin_down ? check_requester("administratively down") : Result<void>();
  if (sa.path) commands.push_back(Command::write_path(number, *sa.path, sa.local, sa.peer, TokenNonce{}));
  if (sa.admin_down) commands.push_back(Command::admin(number, true));
  return {};
}

Result<void> SaManager::Impl::write_keys(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers,
                                         const Starts& starts) {
  for (std::size_t first = 0; first < sas.size(); first += kSasPerBatch) {
    std::vector<Command> commands;
    std::vector<std::size_t> owners;                  // of the commands
    commands.reserve(kCommandsPerSa * kSasPerBatch);  // never grown: growing would leave copies of keys behind
    for (std::size_t i = first; i < std::min(first + kSasPerBatch, sas.size()); ++i) {
      if (auto made = append_key_commands(sas[i], numbers[i], starts, commands); !made) {
        return tl::unexpected(none_of(sas, i, made.error()));
      }
      owners.resize(commands.size(), i);
    }
    std::size_t refused = 0;
    if (auto done = run(commands, &refused); !done) return tl::unexpected(none_of(sas, owners[refused], done.error()));
  }
  return {};
}

Result<void> SaManager::Impl::erase(std::span<const std::uint32_t> numbers) {
  std::vector<Command> commands;
  commands.reserve(numbers.size());
  for (const std::uint32_t number : numbers) commands.push_back(Command::erase(number));
  auto done = run(commands);
  if (!done) {
    lose(done.error());
    return done;
  }
  free_.insert(free_.end(), numbers.rbegin(), numbers.rend());
  return {};
}

template <class ChangeCard>
Result<void> SaManager::Impl::change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put,
                                     ChangeCard change_card) {
  if (store_ == nullptr) return change_card();
  std::vector<SaParameters> before;
  std::vector<std::uint32_t> fresh;
  for (const std::uint32_t spi : removed) before.push_back(store_->sas().at(spi));
  for (const SaParameters& sa : put) {
    const auto old = store_->sas().find(sa.in.spi);
    old != store_->sas().end() ? before.push_back(old->second) : fresh.push_back(sa.in.spi);
  }
  if (auto stored = store_->change(removed, put); !stored) return stored;
  auto changed = change_card();
  if (changed) return changed;
  // What is on disk must be what the card has, or will have once it has been opened anew.
  if (auto undone = store_->change(fresh, before); !undone) lose(undone.error());
  return changed;
}

Result<void> SaManager::Impl::add(std::span<const SaParameters> sas) {
  if (auto good = usable().and_then([&] { return check_new(sas); }); !good) return good;
  const auto put = with_token_nonces(sas);
  if (!put) return tl::unexpected(put.error());
  const auto starts = take_starts(*put);
  if (!starts) return tl::unexpected(starts.error());
  return change({}, *put, [&] { return install(*put, *starts); });
}

Result<void> SaManager::Impl::restore() {
  if (store_ == nullptr || !installed_.empty()) {
    return failure(Errc::invalid_argument, "restoring SAs needs a store, and no SA installed yet");
  }
  std::vector<SaParameters> sas;
  sas.reserve(store_->sas().size());
  for (const auto& [spi, sa] : store_->sas()) sas.push_back(sa);
  if (auto good = usable().and_then([&] { return check_room(sas.size()); }); !good) return good;
  auto starts = take_starts(sas);
  if (!starts) return tl::unexpected(starts.error());
  starts->keeps_windows = true;
  return install(sas, *starts);
}

Result<void> SaManager::Impl::install(std::span<const SaParameters> sas, const Starts& starts) {
  const std::vector<std::uint32_t> numbers = take_numbers(sas.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;
  entries.reserve(sas.size());
  for (std::size_t i = 0; i < sas.size(); ++i) entries.emplace_back(sas[i].in.spi, numbers[i]);
  auto done = write_keys(sas, numbers, starts).and_then([&] { return writer_.insert(entries); });
  if (!done) {
    undo_add(sas, numbers);
    return done;
  }
  for (std::size_t i = 0; i < sas.size(); ++i) note_installed(sas[i], numbers[i]);
  return {};
}

void SaManager::Impl::note_installed(const SaParameters& sa, std::uint32_t number) {
  const auto [entry, is_new] = installed_.insert_or_assign(sa.in.spi, describe(sa, number));
  spi_of_[number] = sa.in.spi;
  if (observer_) observer_(Change::installed, entry->second);
}

void SaManager::Impl::note_removed(std::uint32_t spi) {
  const auto entry = installed_.extract(spi);
  spi_of_.erase(entry.mapped().number);
  if (observer_) observer_(Change::removed, entry.mapped());
}

void SaManager::Impl::undo_add(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers) {
  if (writer_.failed_hard()) lose({Errc::device_error, "a change of the SPI index failed half-way"});
  if (lost_) return;
  std::vector<std::uint32_t> visible;
  for (const SaParameters& sa : sas) {
    if (!writer_.index().find(sa.in.spi).empty()) visible.push_back(sa.in.spi);
  }
  const auto undone =
      writer_.remove(visible).and_then([&] { return visible.empty() ? Result<void>() : fence(); }).and_then([&] {
        return erase(numbers);
      });
  if (!undone) lose(undone.error());
}

Result<void> SaManager::Impl::remove(std::span<const std::uint32_t> spis) {
  if (auto good = usable().and_then([&] { return check_installed(spis); }); !good) return good;
  if (spis.empty()) return {};
  return change(spis, {}, [&] { return uninstall(spis); });
}

Result<void> SaManager::Impl::uninstall(std::span<const std::uint32_t> spis) {
  std::vector<std::uint32_t> numbers;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;
  for (const std::uint32_t spi : spis) {
    numbers.push_back(installed_.at(spi).number);
    entries.emplace_back(spi, numbers.back());
  }
  if (auto hidden = writer_.remove(spis); !hidden) {
    if (writer_.failed_hard()) lose(hidden.error());
    return hidden;
  }
  if (auto fenced = fence(); !fenced) {
    if (!lost_) {
      if (auto restored = writer_.insert(entries); !restored) lose(restored.error());
    }
    return fenced;
  }
  for (const std::uint32_t spi : spis) note_removed(spi);
  return erase(numbers);
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
  if (auto good = usable().and_then([&] { return check_installed(old); }); !good) return tl::unexpected(good.error());
  const SaParameters sa = with_inherited(wanted, find(spi));
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

Result<void> SaManager::Impl::replace_by_other(std::uint32_t spi, const SaParameters& sa, const Starts& starts) {
  if (auto added = install(std::span(&sa, 1), starts); !added) return added;
  auto removed = uninstall(std::array{spi});
  if (!removed) (void)uninstall(std::array{sa.in.spi});  // the first error is the one to report
  return removed;
}

Result<void> SaManager::Impl::check_put(std::span<const SaParameters> sas) const {
  std::unordered_set<std::uint32_t> seen;
  for (std::size_t i = 0; i < sas.size(); ++i) {
    auto good = check_one(sas[i]);
    if (good && !seen.insert(sas[i].in.spi).second) {
      good = failure(Errc::exists, fmt::format("inbound SPI {:#010x} is named twice", sas[i].in.spi));
    }
    if (good && i == free_.size()) {
      good = failure(Errc::no_space,
                     fmt::format("{}: each needs a free SA number until the old SAs are gone, and {} of {} are in use",
                                 card_.device().name(), capacity() - free_.size(), capacity()));
    }
    if (!good) return tl::unexpected(none_of(sas, i, good.error()));
  }
  return {};
}

Result<void> SaManager::Impl::put(std::span<const SaParameters> wanted) {
  if (auto good = usable(); !good) return good;
  std::vector<SaParameters> sas;
  sas.reserve(wanted.size());
  for (const SaParameters& sa : wanted) sas.push_back(with_inherited(sa, find(sa.in.spi)));
  if (auto good = check_put(sas); !good) return good;
  const auto put = with_token_nonces(sas);
  if (!put) return tl::unexpected(put.error());
  const auto starts = take_starts(*put);
  if (!starts) return tl::unexpected(starts.error());
  return change({}, *put, [&] { return put_on_card(*put, *starts); });
}

Result<void> SaManager::Impl::show(const SaParameters& sa, std::uint32_t number) {
  if (installed_.contains(sa.in.spi)) return writer_.switch_to(sa.in.spi, number);
  return writer_.insert(std::array{std::pair(sa.in.spi, number)});
}

void SaManager::Impl::undo_put(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers,
                               std::size_t shown) {
  if (writer_.failed_hard()) lose({Errc::device_error, "a change of the SPI index failed half-way"});
  if (lost_) return;
  auto undone = Result<void>();
  for (std::size_t i = 0; i < shown && undone; ++i) {
    const std::uint32_t spi = sas[i].in.spi;
    const SaInfo* before = find(spi);
    undone = before != nullptr ? writer_.switch_to(spi, before->number) : writer_.remove(std::array{spi});
  }
  undone =
      undone.and_then([&] { return shown == 0 ? Result<void>() : fence(); }).and_then([&] { return erase(numbers); });
  if (!undone) lose(undone.error());
}

Result<void> SaManager::Impl::put_on_card(std::span<const SaParameters> sas, const Starts& starts) {
  if (auto room = check_room(sas.size()); !room) return room;
  const std::vector<std::uint32_t> numbers = take_numbers(sas.size());
  std::size_t shown = 0;
  auto done = write_keys(sas, numbers, starts);
  for (; done && shown < sas.size(); ++shown) {
    done = show(sas[shown], numbers[shown]);
    if (done) continue;
    done = tl::unexpected(none_of(sas, shown, done.error()));
    break;
  }
  if (!done) {
    undo_put(sas, numbers, shown);
    return done;
  }
  std::vector<std::uint32_t> old;
  for (std::size_t i = 0; i < sas.size(); ++i) {
    if (const SaInfo* before = find(sas[i].in.spi)) {
      old.push_back(before->number);
      spi_of_.erase(before->number);
    }
    note_installed(sas[i], numbers[i]);
  }
  if (old.empty()) return {};
  auto fenced = fence();
  if (!fenced) lose(fenced.error());
  return fenced.and_then([&] { return erase(old); });
}

template <class Alter, class ChangeCard>
Result<void> SaManager::Impl::alter_stored(std::uint32_t spi, Alter alter, ChangeCard change_card) {
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
  auto good = usable()
                  .and_then([&] { return check_installed(std::array{spi}); })
                  .and_then([&] { return validate(place.path); })
                  .and_then([&] { return check_requester("path"); });
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
               return run(std::array{Command::write_path(info.number, path, info.local, peer, info.peer_token_nonce)});
             })
      .map([&] {
        info.peer = peer;
        info.path = path;
        if (moves && observer_) observer_(Change::moved, info);
      });
}

Result<void> SaManager::Impl::rename(std::uint32_t spi, const std::string& name) {
  auto installed = usable().and_then([&] { return check_installed(std::array{spi}); });
  const auto nothing_on_card = [] { return Result<void>(); };
  return installed
      .and_then([&] { return alter_stored(spi, [&](SaParameters& sa) { sa.name = name; }, nothing_on_card); })
      .map([&] { installed_.at(spi).name = name; });
}

Result<void> SaManager::Impl::learn_token_nonce(std::uint32_t spi, const TokenNonce& nonce) {
  if (auto good = usable().and_then([&] { return check_installed(std::array{spi}); }); !good) return good;
  SaInfo& info = installed_.at(spi);
  if (info.peer_token_nonce == nonce || !info.path) return {};
  return card_.submit(Command::write_path(info.number, *info.path, info.local, info.peer, nonce), {}).map([&] {
    info.peer_token_nonce = nonce;
  });
}

Result<void> SaManager::Impl::set_liveness(std::uint32_t spi, const std::optional<LivenessSettings>& settings) {
  if (auto good = usable().and_then([&] { return check_installed(std::array{spi}); }); !good) return good;
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
  auto good = usable().and_then([&] { return check_installed(std::array{spi}); }).and_then([&] {
    return check_requester("administrative state");
  });
  if (!good) return good;
  SaInfo& info = installed_.at(spi);
  return alter_stored(
             spi, [&](SaParameters& sa) { sa.admin_down = down; },
             [&] { return run(std::array{Command::admin(info.number, down)}); })
      .map([&] { info.admin_down = down; });
}

Result<const SaInfo*> SaManager::Impl::require(std::uint32_t spi) const {
  const SaInfo* info = find(spi);
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
  return impl_->find(sa.in.spi)->number;
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

void SaManager::set_observer(Observer observer) { impl_->set_observer(std::move(observer)); }

Result<SaStatistics> SaManager::statistics(std::uint32_t spi_in) { return impl_->statistics(spi_in); }
Result<void> SaManager::start_statistics(std::uint32_t spi_in, StatisticsHandler done) {
  return impl_->start_statistics(spi_in, std::move(done));
}

const SaInfo* SaManager::find(std::uint32_t spi_in) const { return impl_->find(spi_in); }

const SaInfo* SaManager::find_number(std::uint32_t number) const { return impl_->find_number(number); }

std::vector<SaInfo> SaManager::list() const {
  std::vector<SaInfo> result;
  for (const auto& [spi, info] : impl_->installed()) result.push_back(info);
  std::ranges::sort(result, {}, &SaInfo::number);
  return result;
}

std::size_t SaManager::size() const { return impl_->installed().size(); }

std::size_t SaManager::capacity() const { return impl_->capacity(); }

const DeviceSecret& SaManager::secret() const { return impl_->secret(); }

}  // namespace sapulse
