// SPDX-License-Identifier: Apache-2.0
// Asks strongSwan's charon for its CHILD_SAs, and tells it what to do with them, without ever waiting for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "vici_message.h"

namespace sapulse::vici {

/// Connected while a question is open or after an answer. Not thread-safe.
class Client {
 public:
  explicit Client(std::filesystem::path socket) : socket_(std::move(socket)) {}

  /// Starts to ask; nothing if a question is open. Errors: not_found (no charon there), io_error.
  Result<void> ask();
  /// Starts to give an order ("rekey", ...), as ask() does; poll() then returns an empty list, and response() has what
  /// charon says. No question may be open.
  Result<void> order(const std::string& command, const Section& content);
  /// Of the last answer.
  [[nodiscard]] const Section& response() const { return response_; }
  [[nodiscard]] bool is_asking() const { return state_ != State::idle; }
  /// Readable when poll() has something to do; -1 while there is no connection.
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  /// Goes on; the answer when it is complete. After an error the question is closed. Errors: io_error (charon has
  /// gone), parse_error, unsupported (charon does not know the question).
  Result<std::optional<std::vector<ChildSa>>> poll();

 private:
  enum class State : std::uint8_t { idle, registering, listing, ordering };

  Result<void> open();
  Result<void> send(PacketType type, const std::string& name, const Section& content = {});
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
  Section response_;
};

}  // namespace sapulse::vici
