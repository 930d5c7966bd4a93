// SPDX-License-Identifier: Apache-2.0
// Single keys of a terminal.
#pragma once

#include <termios.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace sapulse::command {

enum class Key : std::uint8_t { up, down, page_up, page_down, home, end, sort, quit };

/// What has been typed, as a terminal sends it; the rest is left out. Thread-safe.
[[nodiscard]] std::vector<Key> keys_of(std::string_view typed);

/// The standard input, which gives every key at once and does not show it.
class Keyboard {
 public:
  /// nullptr: it is no terminal, or somebody else has it.
  [[nodiscard]] static std::unique_ptr<Keyboard> open();
  /// The terminal is as it was before.
  ~Keyboard();
  Keyboard(const Keyboard&) = delete;
  Keyboard& operator=(const Keyboard&) = delete;

  /// For poll().
  [[nodiscard]] static int descriptor();
  /// What has been typed since the last call; does not wait.
  [[nodiscard]] std::vector<Key> take();

 private:
  explicit Keyboard(const termios& before) : before_(before) {}

  termios before_;
};

}  // namespace sapulse::command
