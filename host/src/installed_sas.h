// SPDX-License-Identifier: Apache-2.0
// Which SAs a card has, under which numbers.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sapulse/sa.h"

namespace sapulse {

/// Tells an observer of what comes and goes.
class InstalledSas {
 public:
  explicit InstalledSas(std::uint32_t capacity) : capacity_(capacity) {
    for (std::uint32_t number = capacity; number-- > 0;) free_.push_back(number);
  }

  void set_observer(SaManager::Observer observer) { observer_ = std::move(observer); }

  // Numbers
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t free() const { return free_.size(); }
  /// The lowest that are free; there must be that many.
  std::vector<std::uint32_t> take_numbers(std::size_t count);
  /// Those of SAs that have been overwritten on the card.
  void give_back(std::span<const std::uint32_t> numbers) {
    free_.insert(free_.end(), numbers.rbegin(), numbers.rend());
  }

  // SAs
  [[nodiscard]] const SaInfo* find(std::uint32_t spi) const;
  [[nodiscard]] const SaInfo* find_number(std::uint32_t number) const;
  [[nodiscard]] const std::unordered_map<std::uint32_t, SaInfo>& all() const { return all_; }
  [[nodiscard]] bool contains(std::uint32_t spi) const { return all_.contains(spi); }
  [[nodiscard]] SaInfo& at(std::uint32_t spi) { return all_.at(spi); }
  /// One has been installed, also in place of another with its inbound SPI.
  void install(const SaInfo& sa);
  SaInfo remove(std::uint32_t spi);
  void tell_moved(const SaInfo& sa) const {
    if (observer_) observer_(SaManager::Change::moved, sa);
  }

 private:
  std::uint32_t capacity_;
  SaManager::Observer observer_;
  std::vector<std::uint32_t> free_;                          ///< SA numbers; all-zero on the card
  std::unordered_map<std::uint32_t, SaInfo> all_;            ///< by inbound SPI
  std::unordered_map<std::uint32_t, std::uint32_t> spi_of_;  ///< by number
};

}  // namespace sapulse
