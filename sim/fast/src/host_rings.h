// SPDX-License-Identifier: Apache-2.0
// Command, completion and exception rings in host memory, status block and interrupts (rtl/host).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "register_file.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim::fast {

/// What carries the commands out.
class CommandTarget {
 public:
  virtual ~CommandTarget() = default;
  CommandTarget() = default;
  CommandTarget(const CommandTarget&) = delete;
  CommandTarget& operator=(const CommandTarget&) = delete;

  /// A command other than FENCE and FRAME.
  virtual regs::Status execute(regs::ConstCommand command, regs::Completion completion) = 0;
  virtual void send_frame(Frame frame, std::uint64_t cycle) = 0;
  /// From now on fence_done() tells whether every frame looked up before this moment has left.
  virtual void begin_fence() = 0;
  [[nodiscard]] virtual bool fence_done() const = 0;
  [[nodiscard]] virtual std::uint64_t now(std::uint64_t cycle) const = 0;  ///< clock, ns
};

using ExceptionBytes = std::array<std::byte, regs::kExceptionBytes>;

/// Accesses to host memory happen at once and take `latency` cycles. One command, or one burst of exceptions, at a
/// time.
class HostRings {
 public:
  /// Told about accesses outside of the memory.
  using Fault = std::function<void(std::string message)>;
  HostRings(RegisterFile& registers, DmaTarget& memory, CommandTarget& target, unsigned latency, Fault fault);

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

  /// Takes an exception whose last beat is there in `cycle`; false: the ring has no room, or does not run.
  bool deliver(const ExceptionBytes& exception, std::uint64_t cycle);

  /// No command is in flight.
  [[nodiscard]] bool idle() const { return !command_work(); }
  /// A doorbell is implausible.
  [[nodiscard]] bool implausible() const;
  void raise(unsigned interrupt);
  [[nodiscard]] std::uint64_t last_access() const { return last_access_; }

 private:
  using CompletionBytes = std::array<std::byte, regs::kCompletionBytes>;

  [[nodiscard]] bool running(std::uint32_t bit) const;
  [[nodiscard]] bool failed() const;
  [[nodiscard]] std::uint32_t ring_size(std::uint32_t log2_register) const;
  [[nodiscard]] bool command_work() const;
  [[nodiscard]] bool exception_work() const;
  [[nodiscard]] bool completion_room() const;
  void check_doorbells();

  void step_command(std::uint64_t cycle);
  void execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle);
  regs::Status read_frame(regs::ConstFrame command, std::uint64_t cycle);
  void write_completion(std::uint64_t cycle);
  void step_exceptions(std::uint64_t cycle);
  /// Writes the status block, then raises the interrupt of what it tells.
  void tell(unsigned interrupt, std::uint64_t cycle);
  bool write_status(std::uint64_t cycle);
  bool read(std::uint64_t iova, std::span<std::byte> data, std::uint64_t cycle);
  bool write(std::uint64_t iova, std::span<const std::byte> data, std::uint64_t cycle);
  void note_error(bool was_write, std::uint64_t iova, std::size_t bytes);
  void note_access(std::uint64_t cycle);

  RegisterFile& registers_;
  DmaTarget& memory_;
  CommandTarget& target_;
  unsigned latency_;
  Fault fault_;
  std::uint64_t command_at_ = 0;               // when the next command may be looked at
  std::uint64_t exception_at_ = 0;             // when the next exceptions may be written
  bool fencing_ = false;                       // a FENCE waits; its completion is there already
  std::optional<CompletionBytes> completion_;  // of a command that has been executed, not written yet
  std::deque<ExceptionBytes> exceptions_;      // accepted, not written yet
  unsigned untold_ = 0;                        // interrupts that wait for a status block
  bool was_implausible_ = false;
  std::uint64_t last_access_ = 0;
};

}  // namespace sapulse::sim::fast
