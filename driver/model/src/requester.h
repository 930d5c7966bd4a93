// SPDX-License-Identifier: Apache-2.0
// The card asks: pings and messages for commands of the host, probes, the replies to them, events (rtl/requester).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "message_sender.h"
#include "ping_table.h"
#include "prober.h"
#include "reply.h"
#include "shell.h"

namespace sapulse::model {

class Requester final : private ProberTarget {
 public:
  Requester(const Shell& shell, AnswerPath& answers);

  void reset(std::uint64_t cycle);

  /// Carries out a command other than FENCE and FRAME; those about SAs go on to the tables.
  Executed execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle);
  /// A reply to a request of the card, which has come in in `cycle` and is verified in `opened`; returns the counter in
  /// which it ends.
  regs::Counter match(const Reply& reply, std::uint64_t cycle, std::uint64_t opened);
  /// A customer packet of that SA has come in.
  void note_data(std::uint32_t sa, std::uint64_t cycle) { prober_.note_data(sa, cycle); }
  /// CONTROL.PROBER.
  void set_probing(bool on, std::uint64_t cycle) { prober_.set_running(on, cycle); }
  /// The clock runs at another speed from `cycle` on.
  void reschedule(std::uint64_t cycle);

  /// Next cycle in which there may be something to do.
  [[nodiscard]] std::optional<std::uint64_t> next() const;
  /// Does what is due up to `cycle`.
  void advance(std::uint64_t cycle);

 private:
  [[nodiscard]] bool probe_room(std::uint64_t cycle) const override;
  void send_probe(std::uint32_t sa, std::uint32_t number, std::uint32_t length, std::uint64_t cycle) override;
  [[nodiscard]] bool change_room() const override;
  void tell_change(std::uint32_t sa, regs::ProbeState previous, const ProbeReport& report,
                   std::uint64_t cycle) override;

  /// The SA that the command is about exists.
  [[nodiscard]] bool known(regs::ConstCommand command) const;
  Executed ping(regs::ConstPing command, regs::PingCompletion completion, std::uint64_t cycle);
  Executed send(regs::ConstSend command, regs::PingCompletion completion, std::uint64_t cycle);
  regs::Status probe(regs::ConstCommand command, regs::ProbeCompletion completion, std::uint64_t cycle);
  void read_probe(std::uint32_t sa, regs::ProbeCompletion completion, std::uint64_t cycle);
  /// A transaction of the card's own between its numbers and the wire, where TRANSACTION_SEED is added to them.
  [[nodiscard]] std::uint32_t to_wire(std::uint32_t transaction) const;
  [[nodiscard]] std::uint32_t from_wire(std::uint32_t transaction) const;
  Match match_ping(const Reply& reply, std::uint32_t transaction, std::uint64_t opened);
  void time_out(const Ping& ping, std::uint64_t cycle);
  void find_deadline();

  Shell shell_;
  MessageSender sender_;
  PingTable pings_;
  std::optional<std::uint64_t> deadline_;  // cycle of the first one in the table
  Prober prober_;
  std::deque<EventBytes> changes_;  // events of the prober that wait for room
};

}  // namespace sapulse::model
