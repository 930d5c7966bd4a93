// SPDX-License-Identifier: Apache-2.0
// The transmit side of a port: when frames leave the card.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "sapulse/model/frame.h"
#include "timing.h"

namespace sapulse::model {

/// Which kind of frame leaves: customers first, but for the share of the two kinds of control frames, which take turns
/// (rtl/datapath/tx_arbiter.sv).
enum class Source : std::uint8_t { customer, answer, host };
inline constexpr std::size_t kSourceCount = 3;

/// Frames that leave the card, whole frames one after the other. A sink that stalls slows them down.
class Transmitter {
 public:
  struct Item {
    Frame frame;
    bool bad = false;
    std::uint64_t ready = 0;                         ///< first cycle in which its first beat can leave
    std::function<void(const OutputFrame&)> left{};  ///< called when its last beat has left
    Unfinished unfinished{};
  };

  /// `share`: bytes of customer frames that go ahead of a waiting control frame.
  Transmitter(const Timing& timing, unsigned stall_percent, std::function<std::uint64_t()> share)
      : timing_(timing), stall_percent_(stall_percent), share_(std::move(share)) {}

  /// Frames of a source leave in the order in which they are ready.
  void push(Source source, Item item);
  /// Held, whoever takes the frames takes none. A frame that has begun to leave has not.
  void hold(bool held, std::uint64_t cycle);
  /// Lets everything leave whose last beat leaves up to `cycle`.
  void advance(std::uint64_t cycle);
  /// Cycle in which the next frame has left, as things are.
  [[nodiscard]] std::optional<std::uint64_t> next() const;
  /// Whether a frame is on its way out, or could be.
  [[nodiscard]] bool active(std::uint64_t cycle) const;
  [[nodiscard]] bool empty() const;
  /// Frames inside are lost.
  void reset(std::uint64_t cycle);
  [[nodiscard]] std::vector<OutputFrame> take_frames();
  [[nodiscard]] const PortCount& count() const { return count_; }
  [[nodiscard]] std::uint64_t last_activity() const { return last_activity_; }

 private:
  /// The queue to serve next and the cycle in which that frame begins.
  struct Choice {
    std::size_t queue;
    std::uint64_t start;
  };
  [[nodiscard]] std::optional<Choice> choose() const;
  /// Whether the first frame of that source could begin in `cycle`.
  [[nodiscard]] bool waits(Source source, std::uint64_t cycle) const;
  /// Whether the first frame of that kind could, with what waits of the customers.
  [[nodiscard]] bool may_begin(Source control, std::uint64_t cycle) const;
  /// Of those that may begin, the one whose turn it is.
  [[nodiscard]] std::optional<Source> next_control(std::uint64_t cycle) const;
  void account(const Choice& choice);
  /// Cycles that the frame takes to leave.
  [[nodiscard]] std::uint64_t transfer(const Choice& choice) const;
  [[nodiscard]] std::uint64_t last_beat(const Choice& choice) const;

  const Timing& timing_;
  unsigned stall_percent_;
  std::function<std::uint64_t()> share_;
  std::array<std::uint64_t, kSourceCount> ahead_{};  // bytes of customers that have gone ahead of the frame that waits
  bool overtaken_ = false;                           // the last frame was no customer's
  Source last_control_ = Source::host;
  std::array<std::deque<Item>, kSourceCount> queues_;
  bool held_ = false;
  std::uint64_t free_ = 0;  // first cycle in which the next frame may begin
  std::vector<OutputFrame> frames_;
  PortCount count_;
  std::uint64_t last_activity_ = 0;
};

/// By Port.
using Transmitters = std::array<Transmitter, kPortCount>;

}  // namespace sapulse::model
