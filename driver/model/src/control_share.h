// SPDX-License-Identifier: Apache-2.0
// What one source, and one SA, holds of the room for frames that wait in the control path
// (rtl/datapath/control_share.sv).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sapulse::model {

/// Who holds the room of a frame; `sa`: only of pings.
struct Holder {
  std::uint32_t source;  ///< number of its bucket, see SourceLimits
  std::optional<std::uint32_t> sa;
};

class ControlShare {
 public:
  /// `beats`: of the frame, or of its answer.
  void take(const Holder& holder, std::size_t beats) {
    by_source_[holder.source % kShares] += units(beats);
    if (holder.sa) by_sa_[*holder.sa % kShares] += units(beats);
  }
  void give(const Holder& holder, std::size_t beats) {
    by_source_[holder.source % kShares] -= units(beats);
    if (holder.sa) by_sa_[*holder.sa % kShares] -= units(beats);
  }
  /// While the control path is crowded, it finds no more room.
  [[nodiscard]] bool over(const Holder& holder) const {
    return by_source_[holder.source % kShares] >= kLimit || (holder.sa && by_sa_[*holder.sa % kShares] >= kLimit);
  }
  void clear() { by_source_ = by_sa_ = {}; }

 private:
  static constexpr std::size_t kShares = 256;
  static constexpr std::size_t kFifoBeats = 512;
  static constexpr std::size_t kFifoFrames = 64;
  /// All of reply_fifo, and a quarter of control_fifo behind it.
  static constexpr std::size_t kLimit = kFifoBeats + kFifoBeats / 4;

  static std::size_t units(std::size_t beats) { return std::max(beats, kFifoBeats / kFifoFrames); }

  std::array<std::size_t, kShares> by_source_{};
  std::array<std::size_t, kShares> by_sa_{};
};

}  // namespace sapulse::model
