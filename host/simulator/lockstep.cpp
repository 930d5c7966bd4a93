// SPDX-License-Identifier: Apache-2.0
#include "lockstep.h"

#include <fmt/format.h>

#include <algorithm>

#include "sapulse/registers.h"

namespace sapulse::command {
namespace {

constexpr std::size_t kBeatBytes = regs::kBeatBytes;
constexpr std::size_t kDifferenceLimit = 20;
enum KindIndex : std::size_t { kind_customer, kind_reply, kind_echo, kind_host };

std::span<const std::byte> beat_of(std::span<const std::byte> frame, std::size_t beat) {
  const std::size_t begin = std::min(frame.size(), beat * kBeatBytes);
  return frame.subspan(begin, std::min(kBeatBytes, frame.size() - begin));
}

std::string hex(std::span<const std::byte> bytes) {
  if (bytes.empty()) return "nothing";
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

KindIndex kind_of(const std::optional<ExchangeKey>& exchange) {
  if (!exchange || !exchange->reply) return kind_host;
  return exchange->clear ? kind_echo : kind_reply;
}

/// Exceptions of a cause, without what depends on time.
std::vector<Exception> exceptions_of(const SimFigures& figures, Cause cause) {
  std::vector<Exception> exceptions;
  for (const Exception& exception : figures.exceptions) {
    if (exception.cause != cause) continue;
    exceptions.push_back(exception);
    exceptions.back().time = 0;
    exceptions.back().count = 0;
  }
  return exceptions;
}

}  // namespace

std::string first_difference(std::span<const std::byte> a, std::span<const std::byte> b, std::span<const std::byte> rtl,
                             std::span<const std::byte> fast) {
  const auto [at, other] = std::ranges::mismatch(a, b);
  if (at == a.end() && other == b.end()) return {};
  const auto beat = static_cast<std::size_t>(at - a.begin()) / kBeatBytes;
  return fmt::format("{} and {} bytes, first different beat {}: rtl {}, fast {}", a.size(), b.size(), beat,
                     hex(beat_of(rtl, beat)), hex(beat_of(fast, beat)));
}

Frame Lockstep::comparable(const Frame& frame) const { return opener_.open(frame).value_or(frame); }

std::array<Lockstep::Kind, 4> Lockstep::sort(const Recording& run, std::span<const Frame> core_in) const {
  std::array<Kind, 4> kinds{Kind{"line, customer", {}}, Kind{"line, encrypted reply", {}},
                            Kind{"line, clear echo reply", {}}, Kind{"line, from the host", {}}};
  std::size_t customers = 0;
  for (const Frame& frame : run.frames[static_cast<std::size_t>(sim::Port::line)]) {
    KindIndex kind = kind_customer;
    if (customers < core_in.size() && frame == core_in[customers]) {
      ++customers;
    } else {
      kind = kind_of(parser_.parse(frame));
    }
    kinds[kind].frames.push_back(&frame);
  }
  return kinds;
}

void Lockstep::compare_kind(const Kind& rtl, const Kind& fast, std::vector<std::string>& differences) const {
  if (rtl.frames.size() != fast.frames.size()) {
    differences.push_back(fmt::format("{}: rtl {} frames, fast {}", rtl.name, rtl.frames.size(), fast.frames.size()));
  }
  std::size_t found = 0;
  for (std::size_t i = 0; i < std::min(rtl.frames.size(), fast.frames.size()) && found < kDifferenceLimit; ++i) {
    const Frame& a = *rtl.frames[i];
    const Frame& b = *fast.frames[i];
    const std::string difference = first_difference(comparable(a), comparable(b), a, b);
    if (difference.empty()) continue;
    ++found;
    differences.push_back(fmt::format("{}, frame {}: {}", rtl.name, i, difference));
  }
}

void Lockstep::compare_exceptions(const SimFigures& rtl, const SimFigures& fast,
                                  std::vector<std::string>& differences) {
  for (std::size_t i = 0; i < regs::kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    const auto a = exceptions_of(rtl, cause);
    const auto b = exceptions_of(fast, cause);
    const auto at = std::ranges::mismatch(a, b);
    if (at.in1 == a.end() && at.in2 == b.end()) continue;
    differences.push_back(fmt::format("exceptions {}: rtl {}, fast {}, first different one {}", regs::name(cause),
                                      a.size(), b.size(), at.in1 - a.begin()));
  }
}

std::vector<std::string> Lockstep::compare(const Recording& rtl, const Recording& fast,
                                           std::span<const Frame> core_in) const {
  std::vector<std::string> differences;
  constexpr auto kCore = static_cast<std::size_t>(sim::Port::core);
  const auto pointers = [](const std::vector<Frame>& frames) {
    std::vector<const Frame*> all(frames.size());
    std::ranges::transform(frames, all.begin(), [](const Frame& frame) { return &frame; });
    return all;
  };
  compare_kind({"core", pointers(rtl.frames[kCore])}, {"core", pointers(fast.frames[kCore])}, differences);
  const auto rtl_kinds = sort(rtl, core_in);
  const auto fast_kinds = sort(fast, core_in);
  for (std::size_t i = 0; i < rtl_kinds.size(); ++i) compare_kind(rtl_kinds[i], fast_kinds[i], differences);
  compare_exceptions(rtl.figures, fast.figures, differences);
  for (std::size_t i = 0; i < Counters::size(); ++i) {
    const auto counter = static_cast<regs::Counter>(i);
    if (rtl.figures.counters[counter] == fast.figures.counters[counter]) continue;
    differences.push_back(fmt::format("counter {}: rtl {}, fast {}", Counters::name(i), rtl.figures.counters[counter],
                                      fast.figures.counters[counter]));
  }
  return differences;
}

}  // namespace sapulse::command
