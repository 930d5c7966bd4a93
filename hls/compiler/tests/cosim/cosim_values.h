// SPDX-License-Identifier: Apache-2.0
// Outputs that are no streams: a port keeps what was written last, and a pulse beside it tells when.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cosim.h"

namespace cosim {

/// What a native kernel wrote to a scalar.
struct Writes {
  std::vector<Word> values;
  std::vector<bool> is_last;  ///< of their call; what a later write of the same iteration replaces, no port shows
};

/// Ways in which values of a port can be those of a native run: each in its order, and the last one of each call.
class Matches {
 public:
  explicit Matches(const Writes& native) : native_(native) { next_[0] = 0; }

  bool take(const Word& w) {
    std::map<std::size_t, std::size_t> next;
    for (auto [calls, i] : next_) {
      for (bool ends = false; i < native_.values.size() && !ends; i++) {
        ends = native_.is_last[i];
        if (native_.values[i] != w) continue;
        const auto [it, is_new] = next.try_emplace(calls + (ends ? 1 : 0), i + 1);
        if (!is_new) it->second = std::min(it->second, i + 1);
      }
    }
    if (next.empty()) return false;
    next_ = std::move(next);
    return true;
  }

  /// What has to come next, in one of the ways; null: nothing has to.
  const Word* expected() const {
    const auto i = std::find(native_.is_last.begin() + static_cast<std::ptrdiff_t>(next_.rbegin()->second),
                             native_.is_last.end(), true);
    return i == native_.is_last.end() ? nullptr
                                      : &native_.values[static_cast<std::size_t>(i - native_.is_last.begin())];
  }
  bool is_at_end() const { return next_.rbegin()->second == native_.values.size(); }

 private:
  const Writes& native_;
  std::map<std::size_t, std::size_t> next_;  ///< by calls that are complete, the first value that may come
};

/// What a port showed, against the native run; "" if that may be.
/// @param least values of the port that the native run cannot be without
/// @param goes_on the port may have shown more than the native run wrote
inline std::string difference(const std::string& name, const Writes& native, const std::vector<Word>& rtl,
                              std::size_t least, bool goes_on) {
  Matches matches(native);
  for (std::size_t i = 0; i < rtl.size(); i++) {
    if (matches.take(rtl[i])) continue;
    if (matches.is_at_end() && goes_on && i >= least) return "";
    const Word* expected = matches.expected();
    return "output " + name + ", value " + std::to_string(i) + ": expected " +
           (expected ? hex(*expected) : "no more values") + ", got " + hex(rtl[i]);
  }
  const Word* missing = matches.expected();
  return missing ? "output " + name + ": after " + std::to_string(rtl.size()) + " values expected " + hex(*missing)
                 : "";
}

/// A port that shows them.
template <class Model>
class OutputPort : public Device<Model> {
 public:
  template <class Data, class Valid>
  OutputPort(std::string name, std::size_t bits, Data data, Valid valid)
      : name_(std::move(name)),
        get_([data, bits](Model& m) { return get_pin(data(m), (bits + 31) / 32); }),
        valid_([valid](Model& m) { return valid(m) != 0; }) {}

  /// What it has to show; without that it is only recorded.
  /// @param goes_on it may show more
  void expect(const Writes& native, bool goes_on) {
    native_ = native;
    calls_ = static_cast<std::size_t>(std::count(native.is_last.begin(), native.is_last.end(), true));
    goes_on_ = goes_on;
    is_compared_ = true;
  }

  const std::string& name() const { return name_; }
  const std::vector<Word>& values() const { return values_; }

  void reset(Model&) override {
    values_.clear();
    held_.clear();
    fault_.clear();
    cycles_ = 0;
  }
  void drive(Model&, const Mode&) override {}

  bool observe(Model& m) override {
    Word w = get_(m);
    const bool is_valid = valid_(m);
    if (!held_.empty() && w != held_ && !is_valid) fault_ = "output " + name_ + ": changed without ap_vld";
    held_ = std::move(w);
    if (is_valid) values_.push_back(held_);
    cycles_++;
    if (!is_compared_) return false;
    if (is_valid && values_.size() > native_.values.size() && !goes_on_)
      fault_ = "output " + name_ + ": more values than the native kernel wrote: " + hex(held_);
    // A kernel that nothing stops goes on writing; it is given time for what the native run wrote.
    return goes_on_ ? values_.size() < calls_ && cycles_ < kPatience : is_valid;
  }

  std::string fault() const override { return fault_; }
  std::string fault_at_end(Model&) const override {
    return is_compared_ ? difference(name_, native_, values_, 0, goes_on_) : "";
  }

 private:
  static constexpr std::uint64_t kPatience = 65536;  ///< cycles

  std::string name_;
  std::function<Word(Model&)> get_;
  std::function<bool(Model&)> valid_;
  Writes native_;
  std::size_t calls_ = 0;  ///< that wrote
  bool is_compared_ = false, goes_on_ = false;
  std::vector<Word> values_;
  Word held_;
  std::string fault_;
  std::uint64_t cycles_ = 0;
};

}  // namespace cosim
