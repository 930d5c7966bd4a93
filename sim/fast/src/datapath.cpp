// SPDX-License-Identifier: Apache-2.0
#include "datapath.h"

#include <algorithm>
#include <utility>

#include "latency.h"
#include "sapulse_wire.h"

namespace sapulse::sim::fast {
namespace {

using regs::Cause;
using regs::Counter;

// steer counts the full beats of a frame with ten bits.
constexpr std::size_t length_limit = 1023 * beat_size;

/// The body that a control message of this type must have.
unsigned subtype_of(unsigned message) {
  if (message == wire::type_echo_request) return wire::subtype_request;
  return message == wire::type_echo_reply ? wire::subtype_reply : wire::subtype_error;
}

Counter refusal(const open_verdict& verdict) {
  if (verdict.status == OPEN_ICV) return Counter::kDropIcv;
  return verdict.status == OPEN_PADDING ? Counter::kDropPadding : Counter::kDropBody;
}

/// A reply to a request of the card's own, of which this model makes none.
bool is_own_transaction(const record_t& record) { return record.control.transaction[31]; }

unsigned nested_length(const record_t& record) { return record.control.length.to_uint() - wire::control_bytes; }

}  // namespace

Datapath::Datapath(const Shell& shell, unsigned sink_stall_percent, bool traced)
    : shell_(shell),
      policy_(shell.registers, shell.tables),
      outputs_{Transmitter{sink_stall_percent}, Transmitter{sink_stall_percent}},
      traced_(traced) {}

void Datapath::reset(std::uint64_t cycle) {
  for (Transmitter& output : outputs_) output.reset(cycle);
  align_free_ = seal_free_ = assemble_free_ = cycle;
  epoch_ = false;
  in_flight_ = {};
  answers_ = 0;
}

void Datapath::advance(std::uint64_t cycle) {
  for (Transmitter& output : outputs_) output.advance(cycle);
}

std::vector<FrameTrace> Datapath::take_traces() { return std::exchange(traces_, {}); }

void Datapath::finish(const FrameTrace& trace) {
  if (traced_) traces_.push_back(trace);
}

std::uint64_t Datapath::received_time(const Passage& passage) const {
  return shell_.clock.now(passage.arrival.time.first_cycle + latency::input_register);
}

void Datapath::line_frame(const Receiver::Arrival& arrival, bool enabled) {
  const record_t record = kernels_.classify(arrival.frame);
  Decision decision = policy_.judge(record, enabled);
  Passage passage{arrival, record, decision, {.number = frames_++}};
  const InputTime& time = arrival.time;
  const std::uint64_t record_at = std::min(time.first_cycle + latency::record_beats, time.last_cycle);
  passage.trace[Stage::received] = time.first_cycle;
  passage.trace[Stage::decided] =
      record_at + latency::input_register + kernel_latency::classify_record + latency::policy;

  const std::size_t length = arrival.frame.size();
  const bool bad_length =
      length < record.l4.ip_end.to_uint() || length > regs::kMaxFrameBytes || length >= length_limit;
  const bool copy_limited = over_limit(decision, passage.trace.at(Stage::decided)) && decision.copy;
  count(Counter::kLineRxFrames);
  shell_.counters[static_cast<std::size_t>(Counter::kLineRxBytes)] += length;
  if (decision.data_seen && !arrival.bad) shell_.tables[decision.sa].data.note(record.l4.seq.to_uint());
  if (copy_limited && !arrival.bad) count(Counter::kCopiesLimited);
  if (!decision.pass) {
    end_taken(passage, bad_length);
    return;
  }
  count(Counter::kPassed);
  if (record.kind == FRAME_FRAGMENT) count(Counter::kFragments);
  if (decision.take && !arrival.bad && !bad_length) take(passage);
  pass(passage);
}

bool Datapath::over_limit(Decision& decision, std::uint64_t cycle) {
  if (!decision.take || decision.route != Route::exception) return false;
  if (shell_.limits.take(decision.cause, shell_.clock.uptime(cycle))) return false;
  decision.take = false;
  if (!decision.copy) decision.drop = Counter::kDropLimited;
  return true;
}

void Datapath::pass(Passage& passage) {
  const InputTime& time = passage.arrival.time;
  const std::uint64_t buffered = time.first_cycle + latency::input_register + latency::rx_buffer;
  // A frame that comes in with pauses leaves with them.
  const std::uint64_t stretched = time.last_cycle - time.first_cycle + 1 - beats_of(passage.arrival.frame.size());
  Transmitter::Item item;
  item.ready = std::max(buffered, passage.trace.at(Stage::decided) + 1) + stretched + latency::pass_register;
  item.bad = passage.arrival.bad;
  item.frame = passage.arrival.frame;
  item.left = [this, trace = passage.trace](const OutputFrame& frame) mutable {
    count(Counter::kCoreTxFrames);
    shell_.counters[static_cast<std::size_t>(Counter::kCoreTxBytes)] += frame.bytes.size();
    trace[Stage::sent] = frame.first_cycle;
    finish(trace);
  };
  output(Port::core).push(Source::customer, std::move(item));
}

void Datapath::end_taken(Passage& passage, bool bad_length) {
  const Decision& decision = passage.decision;
  if (passage.arrival.bad) {
    count(Counter::kDropMacError);
  } else if (!decision.take || decision.copy) {
    count(decision.drop);
    if (decision.take && !bad_length) take(passage);
  } else if (bad_length) {
    count(Counter::kDropIpLength);
  } else {
    take(passage);
    return;
  }
  finish(passage.trace);
}

void Datapath::take(Passage& passage) {
  const Receiver::Arrival& arrival = passage.arrival;
  const std::size_t beats = beats_of(arrival.frame.size());
  // The whole frame is in control_fifo before it goes on.
  const std::uint64_t steered =
      std::max({arrival.time.first_cycle + latency::input_register + latency::rx_buffer + beats - 1,
                passage.trace.at(Stage::decided) + beats, arrival.time.last_cycle + latency::input_register});
  const std::uint64_t dispatched = std::max(steered + latency::steer + latency::control_fifo, align_free_);
  align_free_ = dispatched + beats;
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
  const Payload cipher = kernels_.cut(passage.arrival.frame, {record.l4.payload + wire::control_bytes, length});
  const Association& sa = shell_.tables[passage.decision.sa];
  const Opened opened = kernels_.open({sa.in_key, length}, cipher);
  passage.trace[Stage::opened] = passage.trace.at(Stage::dispatched) + kernel_latency::align_payload + cipher.size() +
                                 kernel_latency::open_verdict;
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
    refuse(passage, good ? Counter::kDropReplay : refusal(opened.verdict));
  } else if (message == wire::type_echo_reply && is_own_transaction(record)) {
    count(Counter::kDropUnasked);
  } else if (!request || sa.down) {
    deliver_plain(passage, opened.plain);
    return;
  } else if (opened.verdict.reply_wanted) {
    answer_ping(passage, opened.plain);
    return;
  } else {
    count(Counter::kKeepalive);
  }
  finish(passage.trace);
}

void Datapath::refuse(Passage& passage, Counter counter) {
  count(counter);
  const bool copied = counter == Counter::kDropIcv || counter == Counter::kDropReplay;
  if (!copied || passage.record.control.message != wire::type_echo_request) return;
  const Cause cause = counter == Counter::kDropIcv ? Cause::kIntegrity : Cause::kReplayed;
  if ((shell_.registers.get(regs::offset::kExceptionCopies) >> static_cast<unsigned>(cause) & 1) == 0) return;
  const std::uint64_t cycle = passage.trace.at(Stage::opened);
  const ExceptionSubject subject{passage.record, cause, passage.arrival.frame.size(), received_time(passage),
                                 passage.decision.sa};
  const bool delivered =
      shell_.limits.take(cause, shell_.clock.uptime(cycle)) && shell_.rings.deliver(make_exception(subject, {}), cycle);
  count(delivered ? Counter::kHostCopies : Counter::kCopiesLimited);
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
    count(Counter::kDropSequence);
    finish(passage.trace);
    return;
  }
  const std::uint64_t sealing = std::max(passage.trace.at(Stage::opened) + latency::window_and_context, seal_free_);
  seal_free_ = sealing + plain.size();
  passage.trace[Stage::sealing] = sealing;
  const unsigned length = nested_length(passage.record);
  const respond_job respond = {
      sa.out_spi,   *n,       received_time(passage), shell_.clock.now(sealing), sa.data.number,
      sa.data.seen, sa.token, sa.token_valid};
  const Sealed sealed = kernels_.reply(respond, {sa.out_key, length}, plain);

  header_job header = header_of(passage);
  header.message = wire::type_echo_reply;
  header.subject = sa.out_spi;
  header.transaction = passage.record.control.transaction;
  header.length = length;
  const std::uint64_t payload_at =
      sealing + kernel_latency::respond_reply + kernel_latency::seal_sealed + latency::reply_mux;
  passage.trace[Stage::assembling] = std::max(payload_at + kernel_latency::assemble_frame, assemble_free_);
  send_answer(passage, kernels_.assemble(header, sealed.payload, sealed.icv), Counter::kAnswered, true);
}

void Datapath::echo(Passage& passage) {
  const record_t& record = passage.record;
  const unsigned length = record.l4.limit.to_uint() - record.l4.payload.to_uint();
  const Payload payload = kernels_.cut(passage.arrival.frame, {record.l4.payload, length});
  header_job header = header_of(passage);
  header.echo = 1;
  header.spi = wire::spi_echo_reply;
  header.length = length;
  const std::uint64_t header_at = passage.trace.at(Stage::dispatched) + latency::reply_mux + kernel_latency::header_out;
  passage.trace[Stage::assembling] = std::max(header_at + kernel_latency::assemble_frame, assemble_free_);
  send_answer(passage, kernels_.assemble(header, payload, {0, 0}), Counter::kEchoAnswered, false);
}

void Datapath::send_answer(Passage& passage, Frame frame, Counter counter, bool entered) {
  const std::uint64_t assembling = passage.trace.at(Stage::assembling);
  assemble_free_ = assembling + beats_of(frame.size());
  // Answers leave as whole frames; the ICV of a sealed one comes after its last beat.
  const std::uint64_t icv = entered ? kernel_latency::seal_icv - kernel_latency::seal_sealed : 0;
  const std::uint64_t ready = assemble_free_ + icv + latency::reply_fifo + latency::arbiter;
  const bool epoch = epoch_;
  ++answers_;
  if (entered) ++in_flight_[epoch ? 1 : 0];
  const auto left = [this, counter, entered, epoch, trace = passage.trace](const OutputFrame& sent) mutable {
    count(counter);
    --answers_;
    if (entered) --in_flight_[epoch ? 1 : 0];
    count(Counter::kLineTxFrames);
    shell_.counters[static_cast<std::size_t>(Counter::kLineTxBytes)] += sent.bytes.size();
    trace[Stage::sent] = sent.first_cycle;
    finish(trace);
  };
  output(Port::line).push(Source::answer, {std::move(frame), false, ready, left});
}

void Datapath::deliver_plain(Passage& passage, const Payload& plain) {
  const record_t& record = passage.record;
  Cause cause = Cause::kErrorProtected;
  if (record.control.message == wire::type_echo_request) cause = Cause::kSaDown;
  if (record.control.message == wire::type_echo_reply) cause = Cause::kReply;
  if (!shell_.limits.take(cause, shell_.clock.uptime(passage.trace.at(Stage::opened)))) {
    count(Counter::kDropLimited);
    finish(passage.trace);
    return;
  }
  Frame text;
  text.reserve(plain.size() * beat_size);
  for (const payload_beat& beat : plain) {
    const auto* data = reinterpret_cast<const std::byte*>(&beat.data);
    text.insert(text.end(), data, data + beat_size);
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
    count(copy ? Counter::kHostCopies : Counter::kHost);
  } else {
    count(copy ? Counter::kCopiesLimited : Counter::kDropRingFull);
  }
  if (!copy) finish(passage.trace);
}

void Datapath::core_frame(Receiver::Arrival arrival) {
  count(Counter::kCoreRxFrames);
  shell_.counters[static_cast<std::size_t>(Counter::kCoreRxBytes)] += arrival.frame.size();
  const std::uint64_t stretched =
      arrival.time.last_cycle - arrival.time.first_cycle + 1 - beats_of(arrival.frame.size());
  const std::uint64_t ready = arrival.time.first_cycle + stretched + latency::core_fifo + latency::arbiter;
  const auto left = [this](const OutputFrame& sent) {
    count(Counter::kLineTxFrames);
    shell_.counters[static_cast<std::size_t>(Counter::kLineTxBytes)] += sent.bytes.size();
  };
  output(Port::line).push(Source::customer, {std::move(arrival.frame), arrival.bad, ready, left});
}

void Datapath::host_frame(Frame frame, std::uint64_t cycle) {
  const auto left = [this](const OutputFrame& sent) {
    count(Counter::kFramesFromHost);
    count(Counter::kLineTxFrames);
    shell_.counters[static_cast<std::size_t>(Counter::kLineTxBytes)] += sent.bytes.size();
  };
  output(Port::line).push(Source::host, {std::move(frame), false, cycle, left});
}

}  // namespace sapulse::sim::fast
