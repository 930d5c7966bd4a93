// SPDX-License-Identifier: Apache-2.0
// Changes of the SPI index on the card.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "command_batches.h"
#include "sapulse/error.h"
#include "spi_index.h"

namespace sapulse {

/// Keeps the index of a card and its shadow equal. A function that fails with another error than that of a refused
/// command leaves the card in an unknown state; failed_hard() tells.
class IndexWriter {
 public:
  IndexWriter(CommandBatches& commands, std::uint32_t buckets) : commands_(commands), index_(buckets) {}

  /// Makes SAs visible: pairs of inbound SPI (not in the index) and SA number. Those before the one that failed stay.
  /// Errors: no_space, device_error.
  Result<void> insert(std::span<const std::pair<std::uint32_t, std::uint32_t>> spis);

  /// Hides SPIs that are in the index; all of them or none. Errors: device_error.
  Result<void> remove(std::span<const std::uint32_t> spis);

  /// Lets an SPI that is in the index name another SA, in one write. Errors: device_error.
  Result<void> switch_to(std::uint32_t spi, std::uint32_t sa);

  [[nodiscard]] const SpiIndex& index() const { return index_; }
  [[nodiscard]] bool failed_hard() const { return failed_hard_; }

 private:
  /// Executes steps that do not depend on each other; the shadow follows those that succeeded. The first refused one is
  /// the error.
  Result<void> run(std::span<const IndexStep> steps);
  /// Executes steps of which each needs the one before.
  Result<void> run_chain(std::span<const IndexStep> steps);

  [[nodiscard]] std::string card_name() const { return commands_.card().device().name(); }

  CommandBatches& commands_;
  SpiIndex index_;
  bool failed_hard_ = false;
};

}  // namespace sapulse
