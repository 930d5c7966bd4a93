// SPDX-License-Identifier: Apache-2.0
// Asks strongSwan's charon for its CHILD_SAs, without ever waiting for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "vici_message.h"

namespace sapulse::kernel::vici {

/// Connected while a question is open or after an answer. Not thread-safe.
class Client {
 public:
  explicit Client(std::filesystem::path socket) : socket_(std::move(socket)) {}

  /// Starts to ask; nothing if a question is open. Errors: not_found (no charon there), io_error.
  Result<void> ask();
  [[nodiscard]] bool is_asking() const { return state_ != State::idle; }
  /// Goes on; the answer when it is complete. After an error the question is closed. Errors: io_error (charon has
  /// gone), parse_error, unsupported (charon does not know the question).
  Result<std::optional<std::vector<ChildSa>>> poll();

 private:
  enum class State : std::uint8_t { idle, registering, listing };

  Result<void> open();
  Result<void> send(PacketType type, const char* name);
  Result<bool> receive();
  Result<bool> take(const Packet& packet);
  Result<std::optional<std::vector<ChildSa>>> take_all();
  void close();

  std::filesystem::path socket_;
  FileDescriptor descriptor_;
  State state_ = State::idle;
  bool registered_ = false;
  std::vector<std::uint8_t> received_;
  std::vector<ChildSa> found_;
};

}  // namespace sapulse::kernel::vici
