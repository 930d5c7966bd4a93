// SPDX-License-Identifier: Apache-2.0
// The inside of SaManager.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "command_batches.h"
#include "index_writer.h"
#include "installed_sas.h"
#include "sa_writer.h"
#include "sapulse/card.h"
#include "sapulse/sa.h"
#include "sapulse/store.h"
#include "sequence_source.h"

namespace sapulse {

class SaManager::Impl {
 public:
  Impl(Card& card, DeviceSecret secret, SaStore* store)
      : card_(card),
        commands_(card),
        store_(store),
        sa_writer_(commands_, std::move(secret), store),
        index_writer_(commands_, card.info().index_buckets),
        installed_(card.info().sa_capacity),
        sequence_(SequenceSource::system_clocks(), 0, [](std::uint64_t) { return Result<void>(); }) {
    commands_.set_turn([this] { take_turn(); });
  }

  Result<void> add(std::span<const SaParameters> sas);
  Result<void> remove(std::span<const std::uint32_t> spis);
  Result<void> put(std::span<const SaParameters> sas);
  Result<std::uint32_t> replace(std::uint32_t spi, const SaParameters& sa);
  Result<void> restore();
  Result<void> checkpoint();
  Result<void> changeable() const;
  void set_meanwhile(Meanwhile meanwhile) { meanwhile_ = std::move(meanwhile); }
  Result<SaStatistics> statistics(std::uint32_t spi);
  Result<void> start_statistics(std::uint32_t spi, StatisticsHandler done);
  Result<void> set_path(std::uint32_t spi, const Path& path);
  Result<void> set_place(std::uint32_t spi, const Place& place);
  Result<void> rename(std::uint32_t spi, const std::string& name);
  Result<void> learn_token_nonce(std::uint32_t spi, const TokenNonce& nonce);
  Result<void> set_liveness(std::uint32_t spi, const std::optional<LivenessSettings>& settings);
  Result<void> set_admin_down(std::uint32_t spi, bool down);

  [[nodiscard]] InstalledSas& installed() { return installed_; }
  [[nodiscard]] const InstalledSas& installed() const { return installed_; }
  [[nodiscard]] const std::vector<RefusedSa>& refused() const { return refused_; }
  [[nodiscard]] const DeviceSecret& secret() const { return sa_writer_.secret(); }
  /// SPIs of all installed SAs.
  [[nodiscard]] std::vector<std::uint32_t> spis() const {
    std::vector<std::uint32_t> result;
    result.reserve(installed_.all().size());
    for (const auto& [spi, info] : installed_.all()) result.push_back(spi);
    return result;
  }

 private:
  // Meanwhile
  Result<void> run_beside(const std::function<Result<void>()>& work);
  void take_turn();
  /// To be called for each of many SAs.
  void take_turn_after(std::size_t at) {
    if (at % SaWriter::kSasPerBatch == SaWriter::kSasPerBatch - 1) take_turn();
  }

  [[nodiscard]] Result<const SaInfo*> require(std::uint32_t spi) const;
  Result<void> check_new(std::span<const SaParameters> sas);
  /// What can be known before the card is asked.
  Result<void> check_one(const SaParameters& sa) const;
  Result<void> check_room(std::size_t count) const;
  Result<void> check_installed(std::span<const std::uint32_t> spis) const;
  /// SAs with a token nonce each. Errors: io_error (no random numbers).
  Result<std::vector<SaParameters>> with_token_nonces(std::span<const SaParameters> sas);
  /// Changes the card after the store, which is changed back if the card fails.
  Result<void> change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put,
                      const std::function<Result<void>()>& change_card);
  Result<void> install(std::span<const SaParameters> sas, const SaStarts& starts);
  /// Installs those that the card takes. Errors: the card has failed.
  Result<void> install_if_possible(std::span<const SaParameters> sas, const SaStarts& starts);
  void forget_refused(std::uint32_t spi);
  Result<void> uninstall(std::span<const std::uint32_t> spis);
  /// What an SA says nothing of when it replaces another one.
  [[nodiscard]] SaParameters with_inherited(const SaParameters& sa, const SaInfo* before) const;
  Result<void> check_put(std::span<const SaParameters> sas);
  /// New SAs and those in place of others, all or none.
  Result<void> put_on_card(std::span<const SaParameters> sas, const SaStarts& starts);
  Result<void> show(const SaParameters& sa, std::uint32_t number);
  /// `before`: what stood in the place of the first of them, which are visible by now.
  void undo_put(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers,
                std::span<const std::optional<SaInfo>> before);
  Result<void> replace_by_other(std::uint32_t spi, const SaParameters& sa, const SaStarts& starts);
  /// change() of what `alter` does to a stored SA.
  Result<void> alter_stored(std::uint32_t spi, const std::function<void(SaParameters&)>& alter,
                            const std::function<Result<void>()>& change_card);

  Result<void> erase(std::span<const std::uint32_t> numbers) {
    return sa_writer_.erase(numbers).map([&] { installed_.give_back(numbers); });
  }

  /// Fresh numbers for SAs that are installed now.
  Result<SaStarts> take_starts(std::span<const SaParameters> sas);
  void undo_add(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers);
  /// Makes SAs that have been hidden visible again.
  void bring_back(std::span<const SaInfo> gone);

  Card& card_;
  CommandBatches commands_;
  SaStore* store_;
  Meanwhile meanwhile_;
  bool in_meanwhile_ = false;
  SaWriter sa_writer_;
  IndexWriter index_writer_;
  InstalledSas installed_;
  SequenceSource sequence_;  ///< where there is no store
  std::vector<RefusedSa> refused_;
};

}  // namespace sapulse
