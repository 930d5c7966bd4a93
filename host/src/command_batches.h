// SPDX-License-Identifier: Apache-2.0
// Many commands at once, without keeping everybody else from the card.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "sapulse/card.h"
#include "sapulse/command.h"
#include "sapulse/error.h"

namespace sapulse {

/// Executes commands in batches, between which others have their turn.
class CommandBatches {
 public:
  explicit CommandBatches(Card& card) : card_(card) {}

  [[nodiscard]] Card& card() const { return card_; }
  /// `turn`: called between two batches; may use the card.
  void set_turn(std::function<void()> turn) { turn_ = std::move(turn); }

  /// Lets others have their turn now.
  void take_turn() const {
    if (turn_) turn_();
  }
  /// As Card::execute().
  Result<std::vector<Completion>> execute(std::span<const Command> commands) {
    std::vector<Completion> all;
    all.reserve(commands.size());
    while (!commands.empty()) {
      if (!all.empty()) take_turn();
      const auto batch = commands.first(std::min(kCommandsPerBatch, commands.size()));
      const auto completions = card_.execute(batch);
      if (!completions) return tl::unexpected(completions.error());
      all.insert(all.end(), completions->begin(), completions->end());
      commands = commands.subspan(batch.size());
    }
    return all;
  }

 private:
  /// Short against any interval of liveness, long against the round trip to a card.
  static constexpr std::size_t kCommandsPerBatch = 128;

  Card& card_;
  std::function<void()> turn_;
};

}  // namespace sapulse
