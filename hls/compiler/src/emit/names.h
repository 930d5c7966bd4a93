// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

namespace sapulse::hlsc {

/// Whether a word is reserved in SystemVerilog (IEEE 1800-2017, annex B).
bool is_reserved_word(const std::string& word);

/// Hands out identifiers that are unique within a module.
class Names {
 public:
  /// Takes a name that must not be changed.
  void reserve(const std::string& name) { used_.insert(name); }
  /// The wish, or something like it.
  std::string unique(const std::string& wish);

 private:
  std::set<std::string> used_;
};

}  // namespace sapulse::hlsc
