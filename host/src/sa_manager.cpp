// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "crypto.h"
#include "index_writer.h"
#include "sapulse/card.h"
#include "sapulse/sa.h"

namespace sapulse {
namespace {

/// SAs whose key commands are prepared at a time: their keys are in memory twice meanwhile.
constexpr std::size_t kSasPerBatch = 32;

SaInfo describe(const SaParameters& sa, std::uint32_t number) {
  return {.number = number,
          .name = sa.name,
          .local = sa.local,
          .peer = sa.peer,
          .spi_in = sa.in.spi,
          .spi_out = sa.out.spi};
}

}  // namespace

class SaManager::Impl {
 public:
  Impl(Card& card, DeviceSecret secret)
      : card_(card), secret_(std::move(secret)), writer_(card, card.info().index_buckets) {
    for (std::uint32_t number = card.info().sa_capacity; number-- > 0;) free_.push_back(number);
  }

  Result<void> add(std::span<const SaParameters> sas);
  Result<void> remove(std::span<const std::uint32_t> spis);
  Result<std::uint32_t> replace(std::uint32_t spi, const SaParameters& sa);
  Result<SaStatistics> statistics(std::uint32_t spi);

  [[nodiscard]] const SaInfo* find(std::uint32_t spi) const {
    const auto found = installed_.find(spi);
    return found == installed_.end() ? nullptr : &found->second;
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
  Result<void> check_new(std::span<const SaParameters> sas) const;
  Result<void> check_installed(std::span<const std::uint32_t> spis) const;
  Result<void> write_keys(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers);
  Result<void> append_key_commands(const SaParameters& sa, std::uint32_t number, std::vector<Command>& commands) const;
  Result<void> run(std::span<const Command> commands);
  Result<void> fence() { return run(std::array{Command::fence()}); }
  Result<void> erase(std::span<const std::uint32_t> numbers);
  Result<std::uint32_t> replace_in_place(const SaParameters& sa);

  std::vector<std::uint32_t> take_numbers(std::size_t count);
  void undo_add(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers);
  /// Refuses every change once the card's tables are in an unknown state.
  Result<void> usable() const;
  void lose(const Error& error) {
    if (!lost_) lost_ = error;
  }

  Card& card_;
  DeviceSecret secret_;
  IndexWriter writer_;
  std::vector<std::uint32_t> free_;  ///< SA numbers; all-zero on the card
  std::unordered_map<std::uint32_t, SaInfo> installed_;
  std::optional<Error> lost_;  ///< why the state of the card is unknown
};

Result<void> SaManager::Impl::usable() const {
  if (!lost_) return {};
  return failure(Errc::device_error, fmt::format("{}: the SA tables are in an unknown state since: {}",
                                                 card_.device().name(), lost_->message));
}

Result<void> SaManager::Impl::run(std::span<const Command> commands) {
  const auto completions = card_.execute(commands);
  if (!completions) {
    lose(completions.error());
    return tl::unexpected(completions.error());
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Status status = (*completions)[i].status;
    if (status == Status::kOk) continue;
    return failure(Errc::device_error,
                   fmt::format("{}: command {} for SA {}: {}", card_.device().name(), regs::name(commands[i].opcode()),
                               commands[i].sa(), regs::name(status)));
  }
  return {};
}

Result<void> SaManager::Impl::check_new(std::span<const SaParameters> sas) const {
  std::unordered_set<std::uint32_t> seen;
  for (const SaParameters& sa : sas) {
    if (auto good = validate(sa); !good) return good;
    if (installed_.contains(sa.in.spi) || !seen.insert(sa.in.spi).second) {
      return failure(Errc::exists, fmt::format("SA '{}': an SA with inbound SPI {:#010x} exists", sa.name, sa.in.spi));
    }
  }
  if (sas.size() > free_.size()) {
    return failure(Errc::no_space, fmt::format("{}: {} more SAs do not fit: {} of {} are in use", card_.device().name(),
                                               sas.size(), capacity() - free_.size(), capacity()));
  }
  return {};
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

Result<void> SaManager::Impl::append_key_commands(const SaParameters& sa, std::uint32_t number,
                                                  std::vector<Command>& commands) const {
  const auto in = control_keys(sa.in, sa.plain_salt);
  if (!in) return tl::unexpected(in.error());
  const auto out = control_keys(sa.out, sa.plain_salt);
  if (!out) return tl::unexpected(out.error());
  Block token{};
  if (!secret_.empty()) {
    const auto made = crash_token(secret_, sa.in.spi, sa.local, sa.peer);
    if (!made) return tl::unexpected(made.error());
    token = *made;
  }
  const std::span<const std::uint8_t> no_token;
  commands.push_back(Command::write_in(number, sa.in.spi, *in, secret_.empty() ? no_token : token));
  commands.push_back(Command::write_out(number, sa.out.spi, *out, sa.next));
  return {};
}

Result<void> SaManager::Impl::write_keys(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers) {
  for (std::size_t first = 0; first < sas.size(); first += kSasPerBatch) {
    std::vector<Command> commands;
    commands.reserve(2 * kSasPerBatch);  // never grown: growing would leave copies of keys behind
    for (std::size_t i = first; i < std::min(first + kSasPerBatch, sas.size()); ++i) {
      if (auto made = append_key_commands(sas[i], numbers[i], commands); !made) return made;
    }
    if (auto done = run(commands); !done) return done;
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

Result<void> SaManager::Impl::add(std::span<const SaParameters> sas) {
  if (auto good = usable().and_then([&] { return check_new(sas); }); !good) return good;
  const std::vector<std::uint32_t> numbers = take_numbers(sas.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;
  entries.reserve(sas.size());
  for (std::size_t i = 0; i < sas.size(); ++i) entries.emplace_back(sas[i].in.spi, numbers[i]);
  auto done = write_keys(sas, numbers).and_then([&] { return writer_.insert(entries); });
  if (!done) {
    undo_add(sas, numbers);
    return done;
  }
  for (std::size_t i = 0; i < sas.size(); ++i) installed_.emplace(sas[i].in.spi, describe(sas[i], numbers[i]));
  return {};
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
  for (const std::uint32_t spi : spis) installed_.erase(spi);
  return erase(numbers);
}

Result<std::uint32_t> SaManager::Impl::replace(std::uint32_t spi, const SaParameters& sa) {
  const std::array old{spi};
  if (auto good = usable().and_then([&] { return check_installed(old); }); !good) return tl::unexpected(good.error());
  if (sa.in.spi == spi) return replace_in_place(sa);
  if (auto added = add(std::span(&sa, 1)); !added) return tl::unexpected(added.error());
  if (auto removed = remove(old); !removed) {
    (void)remove(std::array{sa.in.spi});  // the first error is the one to report
    return tl::unexpected(removed.error());
  }
  return installed_.at(sa.in.spi).number;
}

Result<std::uint32_t> SaManager::Impl::replace_in_place(const SaParameters& sa) {
  if (auto good = validate(sa); !good) return tl::unexpected(good.error());
  if (free_.empty()) {
    return failure(Errc::no_space, fmt::format("{}: replacing SA '{}' needs a free SA number, all {} are in use",
                                               card_.device().name(), sa.name, capacity()));
  }
  const std::vector<std::uint32_t> fresh = take_numbers(1);
  const std::array old{installed_.at(sa.in.spi).number};
  auto switched = write_keys(std::span(&sa, 1), fresh).and_then([&] { return writer_.switch_to(sa.in.spi, fresh[0]); });
  if (!switched) {
    if (writer_.failed_hard()) lose(switched.error());
    if (!lost_) (void)erase(fresh);  // records its own failure
    return tl::unexpected(switched.error());
  }
  installed_.insert_or_assign(sa.in.spi, describe(sa, fresh[0]));
  auto fenced = fence();
  if (!fenced) lose(fenced.error());
  if (auto done = fenced.and_then([&] { return erase(old); }); !done) return tl::unexpected(done.error());
  return fresh[0];
}

Result<SaStatistics> SaManager::Impl::statistics(std::uint32_t spi) {
  const SaInfo* info = find(spi);
  if (info == nullptr) return failure(Errc::not_found, fmt::format("no SA with inbound SPI {:#010x}", spi));
  const auto completion = card_.execute(Command::read(info->number));
  if (!completion) return tl::unexpected(completion.error());
  SaStatistics result{.window_top = completion->window_top,
                      .next = completion->next,
                      .accepted = completion->accepted,
                      .replayed = completion->replayed,
                      .rejected = completion->rejected,
                      .data_sequence = std::nullopt,
                      .time = completion->time};
  if (completion->data_sequence_valid) result.data_sequence = completion->data_sequence;
  return result;
}

SaManager::SaManager(Card& card, DeviceSecret secret) : impl_(std::make_unique<Impl>(card, std::move(secret))) {}
SaManager::~SaManager() = default;
SaManager::SaManager(SaManager&&) noexcept = default;
SaManager& SaManager::operator=(SaManager&&) noexcept = default;

Result<std::uint32_t> SaManager::add(const SaParameters& sa) {
  if (auto done = impl_->add(std::span(&sa, 1)); !done) return tl::unexpected(done.error());
  return impl_->find(sa.in.spi)->number;
}

Result<void> SaManager::add(std::span<const SaParameters> sas) { return impl_->add(sas); }

Result<void> SaManager::remove(std::uint32_t spi_in) { return impl_->remove(std::array{spi_in}); }

Result<void> SaManager::remove(std::span<const std::uint32_t> spis_in) { return impl_->remove(spis_in); }

Result<std::uint32_t> SaManager::replace(std::uint32_t spi_in, const SaParameters& sa) {
  return impl_->replace(spi_in, sa);
}

Result<void> SaManager::clear() { return impl_->remove(impl_->spis()); }

Result<SaStatistics> SaManager::statistics(std::uint32_t spi_in) { return impl_->statistics(spi_in); }

const SaInfo* SaManager::find(std::uint32_t spi_in) const { return impl_->find(spi_in); }

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
