// SPDX-License-Identifier: Apache-2.0
// The rings in host memory: commands and completions, exceptions, events (rtl/host).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "dma_port.h"
#include "entry_ring.h"
#include "sapulse/model/frame.h"
#include "timing.h"

namespace sapulse::model {

/// How a command has ended.
struct Executed {
  regs::Status status;
  std::uint64_t done;  ///< cycle
};

/// What carries the commands out.
class CommandTarget {
 public:
  virtual ~CommandTarget() = default;
  CommandTarget() = default;
  CommandTarget(const CommandTarget&) = delete;
  CommandTarget& operator=(const CommandTarget&) = delete;

  /// A command other than FENCE and FRAME, in `cycle`.
  virtual Executed execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle) = 0;
  virtual void send_frame(Frame frame, std::uint64_t cycle) = 0;
  /// From now on fence_done() tells whether every frame looked up before this moment has left.
  virtual void begin_fence() = 0;
  [[nodiscard]] virtual bool fence_done() const = 0;
  [[nodiscard]] virtual std::uint64_t now(std::uint64_t cycle) const = 0;  ///< clock, ns
};

using ExceptionBytes = std::array<std::byte, regs::kExceptionBytes>;
using EventBytes = std::array<std::byte, regs::kEventBytes>;

/// Accesses to host memory happen at once and take their time. One command, and one burst of each ring, at a
/// time.
class HostRings {
 public:
  HostRings(RegisterFile& registers, DmaTarget& memory, CommandTarget& target, const Timing& timing,
            DmaPort::Fault fault);

  void reset(std::uint64_t cycle);

  /// A register of the rings has been written.
  void poke(std::uint64_t cycle);
  /// RING_ENABLE changes from `before` to what the register file holds: rising bits restart their ring.
  void enable(std::uint32_t before, std::uint64_t cycle);
  void clear_error(std::uint64_t cycle);

  /// Next cycle in which there is something to do.
  [[nodiscard]] std::optional<std::uint64_t> next() const;
  /// Does what is due up to `cycle`.
  void advance(std::uint64_t cycle);

  /// Numbers an entry whose last beat is there in `cycle`, and takes it; false: the ring has no room, or does not run.
  bool deliver(ExceptionBytes exception, std::uint64_t cycle);
  bool deliver(EventBytes event, std::uint64_t cycle);
  /// The event ring has room for one more.
  [[nodiscard]] bool event_room() const { return events_.room(); }

  /// No command is in flight.
  [[nodiscard]] bool idle() const { return !command_work(); }
  /// A doorbell is implausible.
  [[nodiscard]] bool implausible() const;
  [[nodiscard]] std::uint64_t last_access() const { return dma_.last_access(); }

 private:
  using CompletionBytes = std::array<std::byte, regs::kCompletionBytes>;

  [[nodiscard]] bool commands_run() const;
  [[nodiscard]] std::uint32_t ring_size(std::uint32_t log2_register) const;
  [[nodiscard]] bool command_work() const;
  [[nodiscard]] bool completion_room() const;
  void check_doorbells();

  void step_command(std::uint64_t cycle);
  Executed execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle);
  regs::Status read_frame(regs::ConstFrame command, std::uint64_t cycle);
  void write_completion(const CompletionBytes& completion, std::uint64_t cycle);

  RegisterFile& registers_;
  CommandTarget& target_;
  const Timing& timing_;
  DmaPort dma_;
  EntryRing exceptions_;
  EntryRing events_;
  std::uint64_t command_at_ = 0;               // when the next command may be looked at
  bool fencing_ = false;                       // a FENCE waits; its completion is there already
  std::optional<CompletionBytes> completion_;  // of a command that has been executed, not written yet
  bool was_implausible_ = false;
};

}  // namespace sapulse::model
