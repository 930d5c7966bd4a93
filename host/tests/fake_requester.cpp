// SPDX-License-Identifier: Apache-2.0
#include "fake_requester.h"

#include <algorithm>

namespace sapulse::test {
namespace {

constexpr std::uint32_t kOfTheCard = 0x80000000;

std::vector<std::byte> copy_of(const regs::ConstCommand& command) {
  return {command.bytes().begin(), command.bytes().end()};
}

FakeRequester::Entry ping_event(const FakePing& ping, EventKind kind, std::uint64_t time) {
  FakeRequester::Entry bytes{};
  const regs::Event event{std::span(bytes)};
  event.set_kind(kind);
  event.set_sa(ping.sa);
  event.set_cookie(ping.cookie);
  event.set_transaction(ping.transaction);
  event.set_time(time);
  event.set_t_origin(ping.t_origin);
  return bytes;
}

void fill_reply(FakeRequester::Entry& bytes, const FakePing& ping, const FakeReply& reply) {
  const regs::Event event{std::span(bytes)};
  const Telemetry& telemetry = reply.telemetry;
  std::uint8_t flags = 0;
  if (telemetry.times) {
    flags |= wire::telemetry_times_valid;
    event.set_t_receive(telemetry.times->receive);
    event.set_t_transmit(telemetry.times->transmit);
  }
  if (telemetry.data_sequence) {
    flags |= wire::telemetry_data_sequence_valid;
    event.set_data_sequence(*telemetry.data_sequence);
  }
  if (telemetry.token) {
    flags |= wire::telemetry_token_valid;
    std::ranges::copy(std::as_bytes(std::span(telemetry.token->token)), event.token().begin());
    std::ranges::copy(std::as_bytes(std::span(telemetry.token->nonce)), event.token_nonce().begin());
  }
  event.set_flags(flags);
  event.set_t_arrival(ping.t_origin + reply.delay);
  event.set_n(reply.n);
  event.set_frame_length(static_cast<std::uint16_t>(110 + ping.length));
}

}  // namespace

FakeRequester::Entry fault_event(SaTable table, std::uint32_t entry, std::uint64_t time) {
  FakeRequester::Entry bytes{};
  const regs::Event event{std::span(bytes)};
  event.set_kind(EventKind::table_fault);
  event.set_sa_table(table);
  event.set_entry(entry);
  event.set_time(time);
  return bytes;
}

FakeRequester::Entry probe_event(std::uint32_t sa, ProbeState state, ProbeState previous, std::uint64_t time) {
  FakeRequester::Entry bytes{};
  const regs::Event event{std::span(bytes)};
  event.set_kind(EventKind::probe_state);
  event.set_sa(sa);
  event.set_state(state);
  event.set_previous(previous);
  event.set_time(time);
  event.set_rtt(5000);
  event.set_heard(10);
  event.set_probes(7);
  event.set_replies(3);
  return bytes;
}

void FakeRequester::reset() {
  paths.clear();
  probes.clear();
  down.clear();
  next_.clear();
  events_.clear();
  outstanding_ = 0;
}

void FakeRequester::erase(std::uint32_t sa) {
  paths.erase(sa);
  probes.erase(sa);
  down.erase(sa);
  next_.erase(sa);
}

Status FakeRequester::dispatch(const regs::ConstCommand& command, const regs::Completion& completion,
                               std::uint64_t now) {
  const std::uint32_t sa = command.sa();
  switch (command.opcode()) {
    case Opcode::path_write:
      paths[sa] = copy_of(command);
      return Status::ok;
    case Opcode::ping:
      return ping(command, completion, now);
    case Opcode::send:
      return send(command, completion);
    case Opcode::sa_admin:
      regs::ConstSaAdmin{command.bytes()}.down() != 0 ? (void)down.insert(sa) : (void)down.erase(sa);
      return Status::ok;
    case Opcode::probe_write:
      regs::ConstProbeWrite{command.bytes()}.enable() != 0 ? (void)(probes[sa] = copy_of(command))
                                                           : (void)probes.erase(sa);
      return Status::ok;
    case Opcode::probe_burst:
      bursts.emplace_back(sa, regs::ConstProbeBurst{command.bytes()}.count());
      return Status::ok;
    case Opcode::probe_read:
      return probe_read(command, completion);
    default:
      return Status::bad_opcode;
  }
}

Status FakeRequester::ping(const regs::ConstCommand& command, const regs::Completion& completion, std::uint64_t now) {
  const regs::ConstPing body{command.bytes()};
  if (body.length() > regs::kEchoDataBytes) return Status::bad_argument;
  if (!usable(command.sa())) return Status::unusable;
  if (outstanding_ >= most_pings) return Status::busy;
  const FakePing ping{.sa = command.sa(),
                      .cookie = command.cookie(),
                      .transaction = kOfTheCard | ++transactions_,
                      .n = next_[command.sa()]++,
                      .t_origin = now,
                      .deadline = now + body.timeout(),
                      .length = body.length()};
  pings.push_back(ping);
  ++outstanding_;
  const auto reply = answer ? answer(ping) : std::nullopt;
  const bool in_time = reply && reply->delay < body.timeout();
  const std::uint64_t end = in_time ? now + reply->delay : ping.deadline;
  Entry event = ping_event(ping, in_time ? EventKind::ping_reply : EventKind::ping_timeout, end);
  if (in_time) fill_reply(event, ping, *reply);
  events_.emplace(end, event);
  const regs::PingCompletion done{completion.bytes()};
  done.set_transaction(ping.transaction);
  done.set_n(ping.n);
  return Status::ok;
}

Status FakeRequester::send(const regs::ConstCommand& command, const regs::Completion& completion) {
  const regs::ConstSend body{command.bytes()};
  if (body.length() < 16 || body.length() > regs::kMessageBodyBytes || body.length() % 4 != 0) {
    return Status::bad_argument;
  }
  if (!usable(command.sa())) return Status::unusable;
  FakeMessage message{.sa = command.sa(),
                      .type = body.message(),
                      .code = body.code(),
                      .transaction = body.transaction(),
                      .plaintext = {}};
  for (const std::byte byte : body.body().first(body.length())) {
    message.plaintext.push_back(std::to_integer<std::uint8_t>(byte));
  }
  messages.push_back(message);
  regs::PingCompletion{completion.bytes()}.set_n(next_[command.sa()]++);
  return Status::ok;
}

Status FakeRequester::probe_read(const regs::ConstCommand& command, const regs::Completion& completion) const {
  const regs::ProbeCompletion status{completion.bytes()};
  status.set_state(probes.contains(command.sa()) ? ProbeState::up : ProbeState::idle);
  status.set_rtt(4321);
  status.set_probes(9);
  status.set_replies(8);
  status.set_heard(2);
  return Status::ok;
}

std::vector<FakeRequester::Entry> FakeRequester::take_events(std::uint64_t now) {
  std::vector<Entry> due;
  const auto end = events_.upper_bound(now);
  for (auto event = events_.begin(); event != end; ++event) due.push_back(event->second);
  events_.erase(events_.begin(), end);
  outstanding_ -= due.size();
  return due;
}

}  // namespace sapulse::test
