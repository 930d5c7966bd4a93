// SPDX-License-Identifier: Apache-2.0
// The pings that are outstanding (rtl/requester/ping_table.sv).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "reply.h"
#include "sapulse/registers.h"

namespace sapulse::model {

struct Ping {
  std::uint32_t transaction = 0;
  std::uint32_t sa = 0;
  std::uint32_t cookie = 0;
  bool timed = false;          ///< it carries a telemetry block, so that its reply must echo t_origin
  std::uint64_t t_origin = 0;  ///< clock, ns
  std::uint64_t deadline = 0;  ///< uptime, ns
};

/// A transaction is {2'b10, generation, index}. An index is used again with the next generation, the one freed longest
/// ago first.
class PingTable {
 public:
  PingTable() { reset(); }
  void reset();

  /// The transaction of the next ping; nothing if as many as there may be are outstanding.
  [[nodiscard]] std::optional<std::uint32_t> free_transaction() const;
  /// The ping with the free transaction has been sent.
  void open(const Ping& ping);

  /// What a reply to this transaction would be: matched, late or unasked. Changes nothing.
  [[nodiscard]] Match judge(const Reply& reply, std::uint32_t transaction) const;
  /// An outstanding ping ends, answered or timed out.
  Ping answer(std::uint32_t transaction) { return close(transaction, State::answered); }
  Ping time_out(std::uint32_t transaction) { return close(transaction, State::timed_out); }

  /// The outstanding ping whose deadline is first.
  [[nodiscard]] const Ping* first() const;

 private:
  enum class State : std::uint8_t { never, open, answered, timed_out };
  struct Entry {
    State state = State::never;
    Ping ping;
  };
  [[nodiscard]] static std::uint32_t index(std::uint32_t transaction) { return transaction % regs::kPings; }
  [[nodiscard]] static std::uint32_t generation(std::uint32_t transaction);
  Ping close(std::uint32_t transaction, State state);

  std::vector<Entry> entries_;
  std::deque<std::uint32_t> free_;                             // transactions
  std::set<std::pair<std::uint64_t, std::uint32_t>> waiting_;  // deadline and index of those outstanding
};

}  // namespace sapulse::model
