// SPDX-License-Identifier: Apache-2.0
#include "index_writer.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace sapulse {

Result<void> IndexWriter::run(std::span<const IndexStep> steps) {
  std::vector<Command> commands;
  commands.reserve(steps.size());
  for (const IndexStep& step : steps) commands.push_back(step.command());
  const auto completions = commands_.execute(commands);
  if (!completions) {
    failed_hard_ = true;
    return tl::unexpected(completions.error());
  }
  std::optional<Error> refused;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Status status = (*completions)[i].status;
    if (status == Status::ok) {
      index_.apply(steps[i]);
    } else if (!refused) {
      const IndexSlot& slot = steps[i].slot;
      refused = Error{Errc::device_error, fmt::format("{}: index_write of bank {}, bucket {}, slot {}: {}", card_name(),
                                                      slot.bank, slot.bucket, slot.slot, regs::name(status))};
    }
  }
  if (refused) return tl::unexpected(*refused);
  return {};
}

Result<void> IndexWriter::run_chain(std::span<const IndexStep> steps) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto done = run(steps.subspan(i, 1));
    if (done) continue;
    if (i > 0 && !failed_hard_) {
      // The entry copied last is in two slots; this step should have overwritten the older one.
      if (auto cleared = run(std::array{IndexStep{steps[i].slot, {}}}); !cleared) failed_hard_ = true;
    }
    return done;
  }
  return {};
}

Result<void> IndexWriter::insert(std::span<const std::pair<std::uint32_t, std::uint32_t>> spis) {
  // Writes into free slots are independent of each other and go out together. The shadow takes them at once, so that
  // the next plan does not choose the same slot; those that fail are taken back.
  std::vector<IndexStep> direct;
  const auto flush = [&]() -> Result<void> {
    for (const IndexStep& step : direct) index_.apply({step.slot, {}});
    auto done = run(direct);
    direct.clear();
    return done;
  };
  for (const auto& [spi, sa] : spis) {
    const auto plan = index_.plan_insert(spi, sa);
    if (!plan) {
      if (auto done = flush(); !done) return done;
      return failure(Errc::no_space, fmt::format("{}: no room in the SPI index for SPI {:#010x}", card_name(), spi));
    }
    if (plan->size() == 1) {
      index_.apply(plan->front());
      direct.push_back(plan->front());
      continue;
    }
    if (auto done = flush().and_then([&] { return run_chain(*plan); }); !done) return done;
  }
  return flush();
}

Result<void> IndexWriter::remove(std::span<const std::uint32_t> spis) {
  std::vector<IndexStep> clears;
  std::vector<IndexStep> restores;
  for (const std::uint32_t spi : spis) {
    for (const IndexSlot& slot : index_.find(spi)) {
      clears.push_back({slot, {}});
      restores.push_back({slot, index_.at(slot)});
    }
  }
  auto done = run(clears);
  if (!done && !failed_hard_ && !run(restores)) failed_hard_ = true;
  return done;
}

Result<void> IndexWriter::switch_to(std::uint32_t spi, std::uint32_t sa) {
  const auto slots = index_.find(spi);
  if (slots.size() != 1) {
    failed_hard_ = true;
    return failure(Errc::device_error,
                   fmt::format("{}: SPI {:#010x} is in {} slots of the index", card_name(), spi, slots.size()));
  }
  return run(std::array{IndexStep{slots.front(), {true, spi, sa}}});
}

}  // namespace sapulse
