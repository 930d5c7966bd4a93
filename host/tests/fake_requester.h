// SPDX-License-Identifier: Apache-2.0
// The part of the fake card that asks: paths, pings, messages, prober settings. Answers come from the test.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sapulse/command.h"
#include "sapulse/event.h"
#include "sapulse/registers.h"

namespace sapulse::test {

/// A ping that the card has sent.
struct FakePing {
  std::uint32_t sa = 0;
  std::uint32_t cookie = 0;
  std::uint32_t transaction = 0;
  std::uint64_t n = 0;
  std::uint64_t t_origin = 0;
  std::uint64_t deadline = 0;
  std::uint16_t length = 0;
};

/// A message that the card has sealed and sent.
struct FakeMessage {
  std::uint32_t sa = 0;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint32_t transaction = 0;
  std::vector<std::uint8_t> plaintext;
};

/// How the peer answers.
struct FakeReply {
  std::uint64_t delay = 5000;  ///< until it arrives, ns
  std::uint64_t n = 1;
  Telemetry telemetry;
};

class FakeRequester {
 public:
  using Entry = std::array<std::byte, regs::kEventBytes>;

  void reset();
  void erase(std::uint32_t sa);
  void write_out(std::uint32_t sa, std::uint64_t next) { next_[sa] = next; }
  [[nodiscard]] std::uint64_t next(std::uint32_t sa) const { return next_.contains(sa) ? next_.at(sa) : 0; }

  Status dispatch(const regs::ConstCommand& command, const regs::Completion& completion, std::uint64_t now);
  /// Events that are due, oldest first.
  [[nodiscard]] std::vector<Entry> take_events(std::uint64_t now);

  /// What the peer makes of a ping; nothing: no answer. Without it, nobody answers.
  std::function<std::optional<FakeReply>(const FakePing&)> answer;
  std::size_t most_pings = regs::kPings;

  std::map<std::uint32_t, std::vector<std::byte>> paths;   ///< PATH_WRITE by SA
  std::map<std::uint32_t, std::vector<std::byte>> probes;  ///< PROBE_WRITE of those that are on
  std::set<std::uint32_t> down;                            ///< SA_ADMIN
  std::vector<std::pair<std::uint32_t, unsigned>> bursts;  ///< PROBE_BURST: SA, count
  std::vector<FakePing> pings;                             ///< all that were sent
  std::vector<FakeMessage> messages;                       ///< SEND
  std::map<std::uint32_t, std::uint64_t> window_tops;      ///< SA_READ
  std::uint32_t data_sequence = 44;                        ///< SA_READ, of SAs with odd numbers

 private:
  Status ping(const regs::ConstCommand& command, const regs::Completion& completion, std::uint64_t now);
  Status send(const regs::ConstCommand& command, const regs::Completion& completion);
  Status probe_read(const regs::ConstCommand& command, const regs::Completion& completion) const;
  [[nodiscard]] bool usable(std::uint32_t sa) const { return paths.contains(sa) && next(sa) != 0; }

  std::map<std::uint32_t, std::uint64_t> next_;
  std::multimap<std::uint64_t, Entry> events_;  ///< by time
  std::size_t outstanding_ = 0;
  std::uint32_t transactions_ = 0;
};

/// A damaged entry has been read.
FakeRequester::Entry fault_event(SaTable table, std::uint32_t entry, std::uint64_t time);

/// An event of the prober.
FakeRequester::Entry probe_event(std::uint32_t sa, ProbeState state, ProbeState previous, std::uint64_t time);

}  // namespace sapulse::test
