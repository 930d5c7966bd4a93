// SPDX-License-Identifier: Apache-2.0
#include "datapath.h"

#include <algorithm>
#include <utility>

#include "reply.h"
#include "sapulse_wire.h"

namespace sapulse::model {
namespace {

using regs::Cause;
using regs::Counter;

// steer counts the full beats of a frame with ten bits.
constexpr std::size_t kLengthLimit = 1023 * kBeatSize;

/// The body that a control message of this type must have.
unsigned subtype_of(unsigned message) {
  if (message == wire::type_echo_request) return wire::subtype_request;
  return message == wire::type_echo_reply ? wire::subtype_reply : wire::subtype_error;
}

Counter refusal(const open_verdict& verdict) {
  if (verdict.status == OPEN_ICV) return Counter::drop_icv;
  return verdict.status == OPEN_PADDING ? Counter::drop_padding : Counter::drop_body;
}

/// Anybody can cause these, or make the host send an error.
bool is_limited_by_source(Cause cause) {
  switch (cause) {
    case Cause::unknown_spi:
    case Cause::unknown_spi_data:
    case Cause::error_clear:
    case Cause::unsupported:
    case Cause::malformed:
    case Cause::version:
    case Cause::echo_return:
      return true;
    default:
      return false;
  }
}

bool is_own_transaction(const record_t& record) { return record.control.transaction[31]; }

/// Beats of a frame that align takes before the one with which it gives the first beat of a cut.
std::uint64_t beats_before_cut(std::uint64_t offset, std::uint64_t length) {
  return std::min((offset + kBeatSize - 1) / kBeatSize, (offset + std::max<std::uint64_t>(length, 1) - 1) / kBeatSize);
}

unsigned nested_length(const record_t& record) { return record.control.length.to_uint() - wire::control_bytes; }

}  // namespace

Datapath::Datapath(const Shell& shell, Transmitters& outputs, AnswerPath& answers, Requester& requester, bool traced)
    : shell_(shell),
      policy_(shell.registers, shell.tables),
      outputs_(outputs),
      answers_(answers),
      requester_(requester),
      traced_(traced) {}

std::vector<FrameTrace> Datapath::take_traces() { return std::exchange(traces_, {}); }

void Datapath::finish(const FrameTrace& trace) {
  if (traced_) traces_.push_back(trace);
}

std::uint64_t Datapath::received_time(const Passage& passage) const {
  return shell_.clock.now(passage.arrival.time.first_cycle + shell_.timing.input_register);
}

void Datapath::line_frame(Arrival arrival, bool enabled) {
  const auto held = KernelChain::hold();
  const record_t record = kernels_.classify(arrival.frame);
  Decision decision = policy_.judge(record, enabled);
  Passage passage{arrival, record, decision, {.number = frames_++}};
  const InputTime& time = arrival.time;
  const Timing& timing = shell_.timing;
  const std::uint64_t record_at = std::min(time.first_cycle + timing.record_beats, time.last_cycle);
  passage.trace[Stage::received] = time.first_cycle;
  passage.trace[Stage::decided] = record_at + timing.input_register + timing.classify_record + timing.policy;

  const std::size_t length = arrival.frame.size();
  const bool bad_length =
      length < record.l4.ip_end.to_uint() || length > regs::kMaxFrameBytes || length >= kLengthLimit;
  const bool copy_limited = over_limit(decision, record, passage.trace.at(Stage::decided)) && decision.copy;
  shell_.count(Counter::line_rx_frames);
  shell_.count(Counter::line_rx_bytes, length);
  if (decision.data_seen && !arrival.bad) {
    shell_.tables[decision.sa].data.note(record.l4.seq.to_uint());
    requester_.note_data(decision.sa, time.last_cycle);
  }
  if (copy_limited && !arrival.bad) shell_.count(Counter::copies_limited);
  if (!decision.pass) {
    end_taken(passage, bad_length);
    return;
  }
  shell_.count(Counter::passed);
  if (record.kind == FRAME_FRAGMENT) shell_.count(Counter::fragments);
  if (decision.take && !arrival.bad && !bad_length) take(passage);
  pass(passage);
}

bool Datapath::take_tokens(const Decision& decision, const record_t& record, std::uint64_t uptime) {
  if (decision.route == Route::echo) return shell_.limits.take(Cause::echo, uptime);
  const RegisterFile& registers = shell_.registers;
  const SourceLimits::Settings settings{.interval = registers.get(regs::offset::kSourceLimitInterval),
                                        .burst = registers.get(regs::offset::kSourceLimitBurst),
                                        .key = registers.get64(regs::offset::kSourceKey)};
  if (is_limited_by_source(decision.cause) && !shell_.sources.take(settings, record.l3.src, uptime)) return false;
  return shell_.limits.take(decision.cause, uptime);
}

bool Datapath::over_limit(Decision& decision, const record_t& record, std::uint64_t cycle) {
  if (!decision.take || decision.route == Route::ping) return false;
  if (take_tokens(decision, record, shell_.clock.uptime(cycle))) return false;
  decision.take = false;
  if (!decision.copy) decision.drop = Counter::drop_limited;
  return true;
}

std::uint64_t Datapath::stretch(const Arrival& arrival) const {
  return arrival.time.last_cycle - arrival.time.first_cycle - shell_.timing.to_last(beats_of(arrival.frame.size()));
}

void Datapath::pass(Passage& passage) {
  const InputTime& time = passage.arrival.time;
  const Timing& timing = shell_.timing;
  const std::uint64_t buffered = time.first_cycle + timing.input_register + timing.rx_buffer;
  const std::uint64_t stretched = stretch(passage.arrival);
  Transmitter::Item item;
  item.ready = std::max(buffered, passage.trace.at(Stage::decided)) + stretched + timing.pass_register;
  item.bad = passage.arrival.bad;
  item.frame = std::move(passage.arrival.frame);
  item.unfinished = std::move(passage.arrival.unfinished);
  item.left = [this, trace = passage.trace](const OutputFrame& frame) mutable {
    shell_.count(Counter::core_tx_frames);
    shell_.count(Counter::core_tx_bytes, frame.bytes.size());
    trace[Stage::sent] = frame.first_cycle;
    finish(trace);
  };
  output(Port::core).push(Source::customer, std::move(item));
}

void Datapath::end_taken(Passage& passage, bool bad_length) {
  const Decision& decision = passage.decision;
  if (passage.arrival.bad) {
    shell_.count(Counter::drop_mac_error);
  } else if (!decision.take || decision.copy) {
    shell_.count(decision.drop);
    if (decision.take && !bad_length) take(passage);
  } else if (bad_length) {
    shell_.count(Counter::drop_ip_length);
  } else if (finds_no_room(passage)) {
    shell_.count(Counter::drop_overflow);
  } else {
    take(passage);
    return;
  }
  finish(passage.trace);
}

Holder Datapath::holder_of(const Passage& passage) const {
  const std::uint64_t key = shell_.registers.get64(regs::offset::kSourceKey);
  const Decision& decision = passage.decision;
  return {SourceLimits::index(key, passage.record.l3.src),
          decision.route == Route::ping ? std::optional(decision.sa) : std::nullopt};
}

bool Datapath::finds_no_room(const Passage& passage) const {
  if (!answers_.crowded()) return false;
  return passage.decision.route == Route::echo || answers_.has_share(holder_of(passage));
}

void Datapath::take(Passage& passage) {
  const Arrival& arrival = passage.arrival;
  const std::size_t beats = beats_of(arrival.frame.size());
  const Timing& timing = shell_.timing;
  // The frame goes on from control_fifo when it is known to be whole: with its last beat, or when rx_buffer had that
  // already.
  const std::uint64_t first =
      std::max(arrival.time.first_cycle + timing.input_register + timing.rx_buffer, passage.trace.at(Stage::decided));
  const std::uint64_t last = std::max(first + timing.to_last(beats), arrival.time.last_cycle + timing.input_register);
  const std::uint64_t known = std::clamp(arrival.time.last_cycle + timing.input_register, first, last);
  const unsigned start = passage.decision.route == Route::exception ? timing.exception_start : 0;
  const std::uint64_t dispatched = std::max(timing.whole_frame(first, known) + timing.steer + start, align_free_);
  align_free_ = dispatched + timing.transfer(beats);
  passage.trace[Stage::dispatched] = dispatched;
  switch (passage.decision.route) {
    case Route::ping:
      ping(passage);
      break;
    case Route::echo:
      echo(passage);
      break;
    case Route::exception:
      deliver(passage, make_exception({passage.record, passage.decision.cause, arrival.frame.size(),
                                       received_time(passage), std::nullopt},
                                      arrival.frame));
  }
}

void Datapath::ping(Passage& passage) {
  const record_t& record = passage.record;
  const unsigned length = nested_length(record);
  const unsigned offset = record.l4.payload.to_uint() + wire::control_bytes;
  const Payload cipher = kernels_.cut(passage.arrival.frame, {offset, length});
  const Association& sa = shell_.tables[passage.decision.sa];
  const Opened opened = kernels_.open({sa.in_key, length}, cipher);
  const Timing& timing = shell_.timing;
  passage.trace[Stage::opened] = passage.trace.at(Stage::dispatched) +
                                 timing.transfer(beats_before_cut(offset, length)) + timing.align_payload +
                                 timing.to_last(cipher.size()) + timing.open_verdict;
  judge_opened(passage, opened);
}

void Datapath::judge_opened(Passage& passage, const Opened& opened) {
  const record_t& record = passage.record;
  const unsigned message = record.control.message.to_uint();
  const bool body_right = opened.verdict.subtype == subtype_of(message);
  const bool good = opened.verdict.status == OPEN_OK && body_right;
  Association& sa = shell_.tables[passage.decision.sa];
  const bool request = message == wire::type_echo_request;
  if (!sa.window.judge(record.control.n.to_uint64(), good)) {
    refuse(passage, good ? Counter::drop_replay : refusal(opened.verdict));
    finish(passage.trace);
  } else if (request ? sa.down && !record.control.no_answer
                     : message != wire::type_echo_reply || !is_own_transaction(record)) {
    deliver_plain(passage, opened.plain);
  } else {
    accept(passage, opened.plain);
  }
}

void Datapath::accept(Passage& passage, const Payload& plain) {
  const control_t& control = passage.record.control;
  const bool reply = control.message == wire::type_echo_reply;
  const bool told =
      shell_.tables[passage.decision.sa].moved(passage.record) && take_copy_token(passage, Cause::peer_moved);
  const bool wanted = !reply || match(passage, plain);
  if (told && wanted) copy(passage, Cause::peer_moved, make_place(passage.record));
  if (!reply && !control.no_answer) {
    answer_ping(passage, plain);
    return;
  }
  if (!reply) shell_.count(Counter::keepalive);
  finish(passage.trace);
}

void Datapath::refuse(Passage& passage, Counter counter) {
  shell_.count(counter);
  const bool copied = counter == Counter::drop_icv || counter == Counter::drop_replay;
  if (!copied || passage.record.control.message != wire::type_echo_request) return;
  const Cause cause = counter == Counter::drop_icv ? Cause::integrity : Cause::replayed;
  if ((shell_.registers.get(regs::offset::kExceptionCopies) >> static_cast<unsigned>(cause) & 1) == 0) return;
  if (take_copy_token(passage, cause)) copy(passage, cause, {});
}

bool Datapath::take_copy_token(const Passage& passage, Cause cause) {
  if (shell_.limits.take(cause, shell_.clock.uptime(passage.trace.at(Stage::opened)))) return true;
  shell_.count(Counter::copies_limited);
  return false;
}

void Datapath::copy(const Passage& passage, Cause cause, std::span<const std::byte> snapshot) {
  const ExceptionSubject subject{passage.record, cause, passage.arrival.frame.size(), received_time(passage),
                                 passage.decision.sa};
  const bool delivered = shell_.rings.deliver(make_exception(subject, snapshot), passage.trace.at(Stage::opened));
  shell_.count(delivered ? Counter::host_copies : Counter::copies_limited);
}

bool Datapath::match(Passage& passage, const Payload& plain) {
  const control_t& control = passage.record.control;
  const Reply reply = read_reply({.sa = passage.decision.sa,
                                  .transaction = control.transaction.to_uint(),
                                  .n = control.n.to_uint64(),
                                  .frame_length = passage.arrival.frame.size(),
                                  .t_arrival = received_time(passage)},
                                 plain);
  const Counter counter = requester_.match(reply, passage.arrival.time.last_cycle, passage.trace.at(Stage::opened));
  shell_.count(counter);
  return counter == Counter::replies;
}

header_job Datapath::header_of(const Passage& passage) const {
  const record_t& record = passage.record;
  header_job job = {};
  job.l2 = record.l2;
  job.l3 = record.l3;
  job.encap = record.l4.encap;
  job.sport = record.l4.sport;
  job.dport = record.l4.dport;
  job.spi = record.l4.spi;
  job.seq = record.l4.seq;
  return job;
}

void Datapath::answer_ping(Passage& passage, const Payload& plain) {
  Association& sa = shell_.tables[passage.decision.sa];
  const std::optional<std::uint64_t> n = sa.take_number();
  if (!n) {
    shell_.count(Counter::drop_sequence);
    finish(passage.trace);
    return;
  }
  const std::uint64_t sealing =
      answers_.begin_sealing(passage.trace.at(Stage::opened) + shell_.timing.window_and_context, plain.size());
  passage.trace[Stage::sealing] = sealing;
  const unsigned length = nested_length(passage.record);
  const respond_job respond = {sa.out_spi,
                               *n,
                               received_time(passage),
                               shell_.clock.now(sealing),
                               sa.data.number,
                               sa.data.seen,
                               sa.token,
                               sa.token_nonce,
                               sa.token_valid};
  const Sealed sealed = kernels_.reply(respond, {sa.out_key, length}, plain);

  header_job header = header_of(passage);
  header.message = wire::type_echo_reply;
  header.subject = sa.out_spi;
  header.transaction = passage.record.control.transaction;
  header.token_nonce = passage.record.control.token_nonce;
  header.length = length;
  send_answer(passage, {header, sealed.payload, sealed.icv, Counter::answered,
                        sealing + shell_.timing.respond_reply + shell_.timing.seal_sealed, holder_of(passage)});
}

void Datapath::echo(Passage& passage) {
  const record_t& record = passage.record;
  const unsigned length = record.echo_length.to_uint();
  const Payload message = kernels_.cut(passage.arrival.frame, {record.l4.payload, length});
  auto* bytes = reinterpret_cast<std::uint8_t*>(&message.front().data);
  bytes[wire::echo_subtype] = wire::subtype_reply;
  bytes[wire::echo_flags] = 0;
  header_job header = header_of(passage);
  header.echo = 1;
  header.spi = wire::spi_echo_reply;
  header.length = length;
  const Timing& timing = shell_.timing;
  const std::uint64_t payload_at = passage.trace.at(Stage::dispatched) +
                                   timing.transfer(beats_before_cut(record.l4.payload.to_uint(), length)) +
                                   timing.align_payload;
  send_answer(passage, {header, message, {0, 0}, Counter::echo_answered, payload_at, holder_of(passage)});
}

void Datapath::send_answer(Passage& passage, const Answer& answer) {
  const auto left = [this, trace = passage.trace](std::uint64_t assembled, const OutputFrame& sent) mutable {
    trace[Stage::assembling] = assembled;
    trace[Stage::sent] = sent.first_cycle;
    finish(trace);
  };
  answers_.send(answer, passage.arrival.time.last_cycle, left, std::move(passage.arrival.frame));
}

void Datapath::deliver_plain(Passage& passage, const Payload& plain) {
  const record_t& record = passage.record;
  Cause cause = Cause::error_protected;
  if (record.control.message == wire::type_echo_request) cause = Cause::sa_down;
  if (record.control.message == wire::type_echo_reply) cause = Cause::reply;
  if (!shell_.limits.take(cause, shell_.clock.uptime(passage.trace.at(Stage::opened)))) {
    shell_.count(Counter::drop_limited);
    finish(passage.trace);
    return;
  }
  Frame text;
  text.reserve(plain.size() * kBeatSize);
  for (const payload_beat& beat : plain) {
    const auto* data = reinterpret_cast<const std::byte*>(&beat.data);
    text.insert(text.end(), data, data + kBeatSize);
  }
  text.resize(nested_length(record) - wire::icv_bytes);
  deliver(
      passage,
      make_exception({record, cause, passage.arrival.frame.size(), received_time(passage), passage.decision.sa}, text));
}

void Datapath::deliver(Passage& passage, const ExceptionBytes& exception) {
  const bool copy = passage.decision.copy;
  const std::uint64_t cycle = passage.trace[Stage::opened].value_or(passage.trace.at(Stage::dispatched));
  if (shell_.rings.deliver(exception, cycle)) {
    shell_.count(copy ? Counter::host_copies : Counter::host);
  } else {
    shell_.count(copy ? Counter::copies_limited : Counter::drop_ring_full);
  }
  if (!copy) finish(passage.trace);
}

void Datapath::core_frame(Arrival arrival) {
  shell_.count(Counter::core_rx_frames);
  shell_.count(Counter::core_rx_bytes, arrival.frame.size());
  const Timing& timing = shell_.timing;
  const std::uint64_t ready = arrival.time.first_cycle + stretch(arrival) + timing.core_fifo + timing.arbiter;
  const auto left = [this](const OutputFrame& sent) {
    shell_.count(Counter::line_tx_frames);
    shell_.count(Counter::line_tx_bytes, sent.bytes.size());
  };
  output(Port::line)
      .push(Source::customer, {std::move(arrival.frame), arrival.bad, ready, left, std::move(arrival.unfinished)});
}

void Datapath::host_frame(Frame frame, std::uint64_t cycle) {
  const auto left = [this](const OutputFrame& sent) {
    shell_.count(Counter::frames_from_host);
    shell_.count(Counter::line_tx_frames);
    shell_.count(Counter::line_tx_bytes, sent.bytes.size());
  };
  output(Port::line).push(Source::host, {std::move(frame), false, cycle, left});
}

}  // namespace sapulse::model
