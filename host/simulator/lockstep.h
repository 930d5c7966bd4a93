// SPDX-License-Identifier: Apache-2.0
// Compares what two models of the card make of the same traffic.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "reply_opener.h"
#include "sim_run.h"

namespace sapulse::command {

/// What came out of a run.
struct Recording {
  std::array<std::vector<Frame>, sim::kPortCount> frames;  ///< by Port, in the order in which they left
  SimFigures figures;
};

/// Rules: frames of the core port are equal, one after the other. Those of the line port are equal within each kind:
/// customer frames, encrypted replies, clear echo replies, frames of the host; how the kinds interleave is a matter of
/// time. Encrypted replies are compared opened (ReplyOpener). Exceptions of each cause are equal but for their time and
/// number. All counters are equal.
class Lockstep {
 public:
  explicit Lockstep(const Config& config) : parser_(config), opener_(config) {}

  /// One line for each difference, at most 20 of a kind; empty when there is none. `core_in`: what went into the core
  /// port, to tell customer frames from others.
  [[nodiscard]] std::vector<std::string> compare(const Recording& rtl, const Recording& fast,
                                                 std::span<const Frame> core_in) const;

 private:
  struct Kind {
    const char* name;
    std::vector<const Frame*> frames;
  };
  [[nodiscard]] std::array<Kind, 4> sort(const Recording& run, std::span<const Frame> core_in) const;
  void compare_kind(const Kind& rtl, const Kind& fast, std::vector<std::string>& differences) const;
  static void compare_exceptions(const SimFigures& rtl, const SimFigures& fast, std::vector<std::string>& differences);
  [[nodiscard]] Frame comparable(const Frame& frame) const;

  ExchangeParser parser_;
  ReplyOpener opener_;
};

/// Where `a` and `b` differ, with the beat of `rtl` and `fast` there (what is shown is what was on the wire, never what
/// was opened); empty if they do not.
std::string first_difference(std::span<const std::byte> a, std::span<const std::byte> b, std::span<const std::byte> rtl,
                             std::span<const std::byte> fast);

}  // namespace sapulse::command
