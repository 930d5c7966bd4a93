// SPDX-License-Identifier: Apache-2.0
#include "requester.h"

#include <algorithm>
#include <limits>

#include "sapulse_wire.h"

namespace sapulse::model {
namespace {

using regs::Counter;
using regs::Opcode;
using regs::Status;

constexpr std::uint32_t kProbeTransaction = 0xc000'0000;  // bits 31:30 = 11
constexpr std::uint32_t kNumberMask = 0x3fff'ffff;        // of a transaction
constexpr std::uint32_t kProbeBit = 1U << 30;             // of a transaction of the card's own
// Probes and events that may wait (rtl/prober/prober_queue.sv).
constexpr std::size_t kQueueRoom = 512 - 3;

constexpr std::uint16_t kTextMin = 16;  // plaintext of SEND, bytes
constexpr std::uint8_t kJitterMax = 64;
constexpr std::uint32_t kIntervalEnd = 1U << 30;
constexpr std::uint32_t kSilenceEnd = 1U << 31;
constexpr std::uint8_t kBurstMax = 15;

bool is_bad(regs::ConstProbeWrite command) {
  if (command.enable() > 1) return true;
  if (command.enable() == 0) return false;
  return command.data_alive() > 1 || command.jitter() > kJitterMax || command.length() < wire::telemetry_bytes ||
         command.length() > regs::kEchoDataBytes || command.interval() == 0 || command.interval() >= kIntervalEnd ||
         command.suspect() >= kSilenceEnd || command.detect() == 0 || command.detect() >= kSilenceEnd;
}

ProbeConfig config_of(regs::ConstProbeWrite command) {
  return {.enable = command.enable() != 0,
          .data_alive = command.data_alive() != 0,
          .jitter = command.jitter(),
          .length = command.length(),
          .interval = command.interval(),
          .suspect = command.suspect(),
          .detect = command.detect()};
}

void describe(regs::Event event, const Ping& ping, std::uint64_t now) {
  event.set_sa(ping.sa);
  event.set_cookie(ping.cookie);
  event.set_t_origin(ping.t_origin);
  event.set_time(now);
}

Counter counter_of(Match match) {
  switch (match) {
    case Match::matched:
      return Counter::replies;
    case Match::late:
      return Counter::drop_late;
    case Match::full:
      return Counter::drop_ring_full;
    case Match::unasked:
      break;
  }
  return Counter::drop_unasked;
}

}  // namespace

Requester::Requester(const Shell& shell, AnswerPath& answers)
    : shell_(shell), sender_(shell, answers), prober_(shell.tables.capacity(), shell.clock, *this) {}

bool Requester::known(regs::ConstCommand command) const { return command.sa() < shell_.tables.capacity(); }

void Requester::reset(std::uint64_t cycle) {
  sender_.reset(cycle);
  pings_.reset();
  deadline_.reset();
  prober_.reset(cycle);
  changes_.clear();
}

Executed Requester::execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle) {
  const Opcode opcode = command.opcode();
  const regs::PingCompletion sent(completion.bytes());
  if (opcode == Opcode::ping) return ping(regs::ConstPing(command.bytes()), sent, cycle);
  if (opcode == Opcode::send) return send(regs::ConstSend(command.bytes()), sent, cycle);
  if (opcode == Opcode::probe_write || opcode == Opcode::probe_burst || opcode == Opcode::probe_read) {
    return {probe(command, regs::ProbeCompletion(completion.bytes()), cycle), cycle};
  }
  if (opcode == Opcode::sa_erase && known(command)) prober_.write(command.sa(), {}, cycle);
  return {shell_.tables.execute(command, completion), cycle};
}

Executed Requester::ping(regs::ConstPing command, regs::PingCompletion completion, std::uint64_t cycle) {
  if (!known(command)) return {Status::bad_sa, cycle};
  if (command.length() > regs::kEchoDataBytes) return {Status::bad_argument, cycle};
  const auto transaction = pings_.free_transaction();
  if (!transaction) return {Status::busy, cycle};
  const auto sent = sender_.send({.sa = command.sa(),
                                  .transaction = to_wire(*transaction),
                                  .length = command.length(),
                                  .type = wire::type_echo_request,
                                  .counter = Counter::requests},
                                 cycle);
  if (!sent) return {Status::unusable, cycle};
  // Deadlines beyond the end of time are at the end of time.
  const std::uint64_t uptime = shell_.clock.uptime(sent->cycle);
  const std::uint64_t left = std::numeric_limits<std::uint64_t>::max() - uptime;
  pings_.open({.transaction = *transaction,
               .sa = command.sa(),
               .cookie = command.cookie(),
               .timed = command.length() >= wire::telemetry_bytes,
               .t_origin = sent->t_origin,
               .deadline = uptime + std::min(command.timeout(), left)});
  find_deadline();
  completion.set_transaction(to_wire(*transaction));
  completion.set_n(sent->n);
  return {Status::ok, sent->cycle};
}

Executed Requester::send(regs::ConstSend command, regs::PingCompletion completion, std::uint64_t cycle) {
  if (!known(command)) return {Status::bad_sa, cycle};
  if (command.length() < kTextMin || command.length() > regs::kMessageBodyBytes ||
      command.length() % wire::nested_alignment != 0) {
    return {Status::bad_argument, cycle};
  }
  Message message{.sa = command.sa(),
                  .transaction = command.transaction(),
                  .length = command.length(),
                  .type = command.message(),
                  .code = command.code(),
                  .counter = Counter::sent,
                  .raw = true};
  std::ranges::copy(command.body(), message.body.begin());
  const auto sent = sender_.send(message, cycle);
  if (!sent) return {Status::unusable, cycle};
  completion.set_transaction(command.transaction());
  completion.set_n(sent->n);
  return {Status::ok, sent->cycle};
}

regs::Status Requester::probe(regs::ConstCommand command, regs::ProbeCompletion completion, std::uint64_t cycle) {
  if (!known(command)) return Status::bad_sa;
  if (command.opcode() == Opcode::probe_write) {
    const regs::ConstProbeWrite write(command.bytes());
    if (is_bad(write)) return Status::bad_argument;
    prober_.write(command.sa(), config_of(write), cycle);
  } else if (command.opcode() == Opcode::probe_burst) {
    const std::uint8_t count = regs::ConstProbeBurst(command.bytes()).count();
    if (count == 0 || count > kBurstMax) return Status::bad_argument;
    prober_.burst(command.sa(), count, cycle);
  } else {
    read_probe(command.sa(), completion, cycle);
  }
  return Status::ok;
}

void Requester::read_probe(std::uint32_t sa, regs::ProbeCompletion completion, std::uint64_t cycle) {
  const ProbeReport report = prober_.read(sa, cycle);
  completion.set_state(report.state);
  completion.set_rtt(report.rtt);
  completion.set_probes(report.probes);
  completion.set_replies(report.replies);
  completion.set_heard(report.heard);
}

regs::Counter Requester::match(const Reply& reply, std::uint64_t cycle, std::uint64_t opened) {
  if (!reply.consistent) return Counter::drop_unasked;
  const std::uint32_t transaction = from_wire(reply.transaction);
  if ((transaction & kProbeBit) == 0) return counter_of(match_ping(reply, transaction, opened));
  const std::uint64_t age = reply.t_arrival - reply.t_origin;
  return counter_of(prober_.reply(reply.sa, transaction & kNumberMask, age, cycle));
}

std::uint32_t Requester::to_wire(std::uint32_t transaction) const {
  const std::uint32_t number = transaction + shell_.registers.get(regs::offset::kTransactionSeed);
  return (transaction & ~kNumberMask) | (number & kNumberMask);
}

std::uint32_t Requester::from_wire(std::uint32_t transaction) const {
  const std::uint32_t number = transaction - shell_.registers.get(regs::offset::kTransactionSeed);
  return (transaction & ~kNumberMask) | (number & kNumberMask);
}

Match Requester::match_ping(const Reply& reply, std::uint32_t transaction, std::uint64_t opened) {
  const Match match = pings_.judge(reply, transaction);
  if (match != Match::matched) return match;
  if (!shell_.rings.event_room()) return Match::full;
  EventBytes bytes{};
  const regs::Event event(bytes);
  describe(event, pings_.answer(transaction), shell_.clock.now(opened));
  event.set_transaction(reply.transaction);
  event.set_kind(regs::EventKind::ping_reply);
  event.set_flags(reply.flags);
  event.set_t_arrival(reply.t_arrival);
  event.set_t_receive(reply.t_receive);
  event.set_t_transmit(reply.t_transmit);
  event.set_n(reply.n);
  event.set_data_sequence(reply.data_sequence);
  event.set_frame_length(static_cast<std::uint16_t>(reply.frame_length));
  std::ranges::copy(reply.token, event.token().begin());
  std::ranges::copy(reply.token_nonce, event.token_nonce().begin());
  shell_.rings.deliver(bytes, opened);
  find_deadline();
  return match;
}

void Requester::time_out(const Ping& ping, std::uint64_t cycle) {
  EventBytes bytes{};
  const regs::Event event(bytes);
  const std::uint32_t transaction = ping.transaction;
  describe(event, pings_.time_out(transaction), shell_.clock.now(cycle));
  event.set_transaction(to_wire(transaction));
  event.set_kind(regs::EventKind::ping_timeout);
  shell_.rings.deliver(bytes, cycle);
  find_deadline();
}

void Requester::find_deadline() {
  const Ping* first = pings_.first();
  deadline_ = first != nullptr ? shell_.clock.cycle_at(first->deadline) : std::nullopt;
}

void Requester::reschedule(std::uint64_t cycle) {
  find_deadline();
  prober_.reschedule(cycle);
}

std::optional<std::uint64_t> Requester::next() const {
  std::optional<std::uint64_t> cycle = prober_.next();
  const std::optional<std::uint64_t> event = changes_.empty() ? deadline_ : 0;
  if (!event || !shell_.rings.event_room()) return cycle;
  return std::min(cycle.value_or(*event), *event);
}

void Requester::advance(std::uint64_t cycle) {
  prober_.advance(cycle);
  while (deadline_ && *deadline_ <= cycle && shell_.rings.event_room()) time_out(*pings_.first(), cycle);
  while (!changes_.empty() && shell_.rings.deliver(changes_.front(), cycle)) changes_.pop_front();
}

bool Requester::probe_room(std::uint64_t cycle) const {
  return sender_.free() <= cycle + kQueueRoom * shell_.timing.request_start;
}

void Requester::send_probe(std::uint32_t sa, std::uint32_t number, std::uint32_t length, std::uint64_t cycle) {
  const auto sent = sender_.send({.sa = sa,
                                  .transaction = to_wire(kProbeTransaction | number),
                                  .length = length,
                                  .type = wire::type_echo_request,
                                  .counter = Counter::probes},
                                 cycle);
  if (!sent) shell_.count(Counter::probes_unsent);
}

bool Requester::change_room() const { return changes_.size() < kQueueRoom; }

void Requester::tell_change(std::uint32_t sa, regs::ProbeState previous, const ProbeReport& report,
                            std::uint64_t cycle) {
  EventBytes& bytes = changes_.emplace_back();
  const regs::Event event(bytes);
  event.set_kind(regs::EventKind::probe_state);
  event.set_state(report.state);
  event.set_previous(previous);
  event.set_sa(sa);
  event.set_time(shell_.clock.now(cycle));
  event.set_rtt(report.rtt);
  event.set_heard(report.heard);
  event.set_probes(report.probes);
  event.set_replies(report.replies);
}

}  // namespace sapulse::model
