// SPDX-License-Identifier: Apache-2.0
// From seal to line TX: answers and messages of the card's own (rtl/datapath/seal_path.sv, answer_path.sv).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "control_share.h"
#include "kernel_chain.h"
#include "occupancy.h"
#include "shell.h"
#include "transmitter.h"

namespace sapulse::model {

/// What leaves: a packet with the header to put in front of it.
struct Answer {
  header_job header;
  Payload payload;
  icv_t icv;                       ///< present: the packet has been sealed, and fences wait for it
  regs::Counter counter;           ///< counts it when it has left
  std::uint64_t payload_at;        ///< cycle in which its first beat reaches reply_mux
  std::optional<Holder> holder{};  ///< who has asked; a message of the card's own has none
};

/// Packets go through seal and assemble one after the other; clear echoes, which are not sealed, pass others before
/// assemble.
class AnswerPath {
 public:
  /// `assembled`: cycle in which assemble gave the first beat.
  using Left = std::function<void(std::uint64_t assembled, const OutputFrame& frame)>;

  AnswerPath(const Shell& shell, Transmitter& line) : shell_(shell), line_(line) {}

  void reset(std::uint64_t cycle);

  /// Occupies seal with a packet of `beats` that is ready in `ready`; returns the cycle in which it begins.
  std::uint64_t begin_sealing(std::uint64_t ready, std::size_t beats);
  /// `now`: cycle of the event that this comes from. `left` is called when its last beat has left. `reused`: a frame
  /// that is not needed any more, for its memory.
  void send(const Answer& answer, std::uint64_t now, Left left, Frame reused = {});

  /// Fences (rtl/sa/epoch_fence.sv): what has been looked up before has left.
  void begin_fence() { epoch_ = !epoch_; }
  [[nodiscard]] bool fence_done() const { return in_flight_[epoch_ ? 0 : 1] == 0; }
  [[nodiscard]] bool idle() const { return answers_ == 0; }
  /// So many answers wait for line TX that clear echoes shall not come in (rtl/datapath/control_path.sv).
  [[nodiscard]] bool crowded() const;
  /// If it is crowded, the holder of a frame finds no room: he has his share.
  [[nodiscard]] bool has_share(const Holder& holder) const { return share_.over(holder); }

 private:
  struct Assembly {
    std::uint64_t begin;  ///< cycle in which assemble gives the first beat
    std::uint64_t end;    ///< and the one behind the last
    std::uint64_t known;  ///< in which it is certain that all of them will come in time
  };
  /// Occupies assemble, when all that it needs is there.
  Assembly assemble(const Answer& answer, std::size_t frame_bytes, std::uint64_t now);

  Shell shell_;
  Transmitter& line_;
  KernelChain kernels_;
  std::uint64_t seal_free_ = 0;  // first cycle in which seal can begin another packet
  Occupancy assemble_;
  struct Latest {
    std::uint64_t ends = 0;
    std::uint64_t leaves = 0;
  };
  Latest latest_;  // the answer that was assembled last, and when it can leave
  bool epoch_ = false;
  std::array<std::uint64_t, 2> in_flight_{};  // sealed ones, by the epoch of their lookup
  std::uint64_t answers_ = 0;
  std::uint64_t beats_ = 0;  // of these
  ControlShare share_;
};

}  // namespace sapulse::model
