// SPDX-License-Identifier: Apache-2.0
// How `sapulse watch` shows its table: a part of it on a terminal, elsewhere all of it.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>

#include "keyboard.h"
#include "watch_table.h"

namespace sapulse::command {

struct TerminalSize {
  std::size_t lines = 24;
  std::size_t columns = 80;

  /// Of the standard output; nothing if it is none.
  static std::optional<TerminalSize> of_output();
};

/// A part of the table, which the user moves. It is drawn over what was drawn before.
class WatchScreen {
 public:
  /// `has_keys`: somebody may type.
  WatchScreen(WatchOrder order, bool has_colours, bool has_keys)
      : order_(order), has_colours_(has_colours), has_keys_(has_keys) {}

  void draw(std::FILE* out, const WatchTable& table, const TerminalSize& terminal);
  /// What the next drawing shows. False: the user has had enough.
  bool take(Key key);

 private:
  [[nodiscard]] std::string status(const WatchTable& table, std::size_t all, std::size_t shown) const;

  WatchOrder order_;
  bool has_colours_;
  bool has_keys_;
  std::size_t first_ = 0;  // row that is shown
  std::size_t page_ = 1;   // rows
  std::size_t drawn_ = 0;  // lines of the last drawing
};

/// All of the table.
void print_table(std::FILE* out, const WatchTable& table, WatchOrder order);

}  // namespace sapulse::command
