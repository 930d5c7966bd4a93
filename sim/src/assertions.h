// SPDX-License-Identifier: Apache-2.0
// Catches what failing assertions of the Verilated design print, in place of Verilator's way of aborting the program.
#pragma once

#include <functional>
#include <string>

namespace sapulse::sim {

/// While it lives, failing assertions in Verilated code on this thread are handed to `report`, one message each.
class AssertionScope {
 public:
  using Report = std::function<void(std::string message)>;

  explicit AssertionScope(const Report& report);
  ~AssertionScope();
  AssertionScope(const AssertionScope&) = delete;
  AssertionScope& operator=(const AssertionScope&) = delete;

 private:
  const Report* previous_;
};

}  // namespace sapulse::sim
