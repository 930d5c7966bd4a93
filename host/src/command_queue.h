// SPDX-License-Identifier: Apache-2.0
// Command ring and completion ring.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>

#include "register_access.h"
#include "sapulse/card.h"
#include "sapulse/command.h"
#include "sapulse/error.h"
#include "status_block.h"

namespace sapulse {

/// The two rings: commands go in, completions come back in order. Never more commands are in flight than either ring
/// holds.
class CommandQueue {
 public:
  /// Allocates rings of `entries` (a power of two) and tells the card where they are; the caller enables them.
  /// Errors: no_space, device_error.
  static Result<std::unique_ptr<CommandQueue>> create(RegisterAccess& registers, StatusBlock& status, unsigned entries);

  /// Zeroises the rings: commands carry keys.
  ~CommandQueue();
  CommandQueue(const CommandQueue&) = delete;
  CommandQueue& operator=(const CommandQueue&) = delete;

  [[nodiscard]] bool full() const { return pending_.size() == entries_; }
  [[nodiscard]] std::size_t in_flight() const { return pending_.size(); }

  /// Writes a command into the ring; the card sees it after kick(). Errors: no_space (full).
  Result<void> push(const Command& command, Card::CompletionHandler done);
  /// Tells the card about the commands pushed so far.
  Result<void> kick();

  /// Number of completions that wait to be reaped. Errors: device_error (more than there are commands).
  Result<std::uint32_t> completed();
  /// Takes the completions that have arrived and calls their handlers; returns how many. Errors: device_error (a
  /// completion that does not belong to the oldest command).
  Result<std::size_t> reap();

 private:
  struct Pending {
    Opcode opcode;
    std::uint32_t cookie;
    Card::CompletionHandler done;
  };

  CommandQueue(RegisterAccess& registers, StatusBlock& status, unsigned entries, std::unique_ptr<DmaBuffer> commands,
               std::unique_ptr<DmaBuffer> completions);
  Result<void> program();
  std::span<std::byte, regs::kCommandBytes> command_slot(std::uint32_t index);
  std::span<const std::byte, regs::kCompletionBytes> completion_slot(std::uint32_t index);
  Result<Completion> take_oldest();

  RegisterAccess& registers_;
  StatusBlock& status_;
  unsigned entries_;
  std::unique_ptr<DmaBuffer> commands_;
  std::unique_ptr<DmaBuffer> completions_;
  std::deque<Pending> pending_;
  std::uint32_t producer_ = 0;   ///< commands pushed so far, modulo 2^32; also the cookie of the next one
  std::uint32_t announced_ = 0;  ///< last value of the doorbell
  std::uint32_t consumer_ = 0;   ///< completions taken so far, modulo 2^32
};

}  // namespace sapulse
