// SPDX-License-Identifier: Apache-2.0
// Starts the messages that the card originates, one at a time (rtl/requester/request_start.sv).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "answer_path.h"
#include "kernel_chain.h"
#include "shell.h"

namespace sapulse::model {

/// A message to be sent.
struct Message {
  std::uint32_t sa;
  std::uint32_t transaction;
  std::uint32_t length;  ///< bytes of echo data, or of plaintext
  std::uint8_t type;     ///< of the control header
  std::uint8_t code = 0;
  regs::Counter counter;  ///< counts it when it has left
  bool raw = false;       ///< the plaintext is `body`; otherwise it is an echo request
  std::array<std::byte, regs::kMessageBodyBytes> body{};
};

struct Sent {
  std::uint64_t cycle;
  std::uint64_t n;
  std::uint64_t t_origin;  ///< clock, ns
};

class MessageSender {
 public:
  MessageSender(const Shell& shell, AnswerPath& answers) : shell_(shell), answers_(answers) {}

  void reset(std::uint64_t cycle) { free_ = cycle; }
  /// Nothing: there is no path, or no control sequence number; nothing has been sent and no number is used up.
  std::optional<Sent> send(const Message& message, std::uint64_t cycle);
  /// First cycle in which another message could begin.
  [[nodiscard]] std::uint64_t free() const { return free_; }

 private:
  Shell shell_;
  AnswerPath& answers_;
  KernelChain kernels_;
  std::uint64_t free_ = 0;
};

}  // namespace sapulse::model
