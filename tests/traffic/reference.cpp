// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include <algorithm>
#include <utility>

#include "packet.h"

namespace sapulse::traffic {

namespace {

constexpr std::uint32_t kReserved = 256;
constexpr unsigned kEchoReplySpi = 8;

Verdict dropped(std::string counter) { return {.outcome = Outcome::dropped, .counter = std::move(counter)}; }
Verdict passed() { return {.outcome = Outcome::passed, .counter = "PASSED"}; }
Verdict to_host(std::string cause) { return {.outcome = Outcome::host, .counter = "HOST", .cause = std::move(cause)}; }

/// Headers of an answer: everything swapped, nothing but DSCP, tags and the outer sequence number kept.
Bytes answer_frame(const Dissected& at, std::uint32_t spi, View payload) {
  const Link link{.to = at.link.from, .from = at.link.to, .tags = at.link.tags};
  const Network network{.from = at.network.to, .to = at.network.from, .dscp = at.network.dscp};
  const Wrap wrap{.kind = at.wrap.kind,
                  .from_port = at.wrap.to_port,
                  .to_port = at.wrap.from_port,
                  .spi = spi,
                  .sequence = at.wrap.sequence};
  return wrapped_frame(link, network, wrap, payload);
}

/// Sub-type that a control type carries in its body.
unsigned wanted_subtype(unsigned type) {
  if (type == kEchoRequest) return kSubRequest;
  return type == kEchoReply ? kSubReply : kSubError;
}

/// Counter of the first fault of an opened packet: trailer, lengths, padding, sub-type, in this order; or nullptr.
const char* body_fault(View plaintext, unsigned type) {
  const std::size_t text = plaintext.size() - 2;
  const std::size_t pad = plaintext[text];
  if (plaintext.back() != kNestedMessage || pad > text) return "DROP_PADDING";
  if (text < kBodyHeader + pad || get16(plaintext, 2) != text - pad - kBodyHeader) return "DROP_BODY";
  for (std::size_t i = 0; i < pad; ++i) {
    if (plaintext[text - pad + i] != i + 1) return "DROP_PADDING";
  }
  return plaintext[0] == wanted_subtype(type) ? nullptr : "DROP_BODY";
}

}  // namespace

Bytes Answer::frame(const std::optional<Telemetry>& filled) const {
  if (sa == nullptr) return head;
  Bytes text = plaintext;
  if (filled) write_telemetry(text, *filled);
  Bytes whole = head;
  put(whole, nested_packet(*sa, sa->out, n, text));
  return whole;
}

std::optional<Telemetry> Answer::telemetry_of(View sent) const {
  if (sa == nullptr || sent.size() != head.size() + plaintext.size() + 32) return std::nullopt;
  const auto opened = open_nested(*sa, sa->out, sent.subspan(head.size()));
  if (!opened || !has_telemetry(*opened)) return std::nullopt;
  return read_telemetry(*opened);
}

bool ReplayWindow::fresh(std::uint64_t n) const {
  if (n > top_) return true;
  return top_ - n < kWidth && !seen_[n % kWidth];
}

void ReplayWindow::accept(std::uint64_t n) {
  const std::uint64_t steps = n > top_ ? std::min(n - top_, kWidth) : 0;
  for (std::uint64_t i = 0; i < steps; ++i) seen_[(n - i) % kWidth] = false;
  top_ = std::max(top_, n);
  seen_[n % kWidth] = true;
}

Reference::Reference(Config config) : config_(std::move(config)) {
  for (const Association& sa : config_.sas) install(sa);
}

void Reference::install(const Association& sa) {
  states_[sa.in.spi] = State{.sa = sa, .window = {}, .next = sa.out.next, .data_sequence = std::nullopt};
}

void Reference::remove(std::uint32_t inbound_spi) { states_.erase(inbound_spi); }

Verdict Reference::process(View frame) {
  Verdict verdict = judge(frame);
  commit(verdict);
  return verdict;
}

void Reference::commit(const Verdict& verdict) {
  if (verdict.spi) {
    State& state = states_.at(*verdict.spi);
    state.window.accept(verdict.n);
    if (verdict.outcome == Outcome::answered) ++state.next;
  }
  if (verdict.data_spi) {
    std::optional<std::uint32_t>& highest = states_.at(*verdict.data_spi).data_sequence;
    highest = std::max(highest.value_or(0), verdict.data_sequence);
  }
}

Verdict Reference::judge(View frame) const {
  const Dissected at = dissect(frame);
  if (at.kind == Dissected::Kind::fragment) {
    Verdict verdict = passed();
    verdict.fragment = true;
    return verdict;
  }
  if (at.kind == Dissected::Kind::other || !config_.is_local(at.network.to)) return passed();
  if (at.wrap.spi >= kReserved) return judge_customer(at);
  return judge_reserved(frame, at, config_.action(at.wrap.spi));
}

Verdict Reference::judge_customer(const Dissected& at) const {
  Verdict verdict = passed();
  // SPIs of AH are numbers of their own, and a malformed packet says nothing about its SA.
  if (at.wrap.kind == Encapsulation::ah || at.ip_cause != Malformed::none) return verdict;
  if (states_.contains(at.wrap.spi)) {
    verdict.data_spi = at.wrap.spi;
    verdict.data_sequence = at.wrap.sequence;
  } else if (config_.authoritative) {
    verdict.host_copy = true;
    verdict.cause = "UNKNOWN_SPI_DATA";
    const Offence offence{at.wrap.spi, at.wrap.sequence, at.wrap.spi, 0};
    if (error_fits(at)) verdict.answer = clear_error(at, kUnknownSpi, offence);
  }
  return verdict;
}

Verdict Reference::judge_reserved(View frame, const Dissected& at, Action action) const {
  const auto unless = [](Malformed cause, Verdict verdict) {
    return cause == Malformed::none ? std::move(verdict) : dropped(counter_name(cause));
  };
  switch (action) {
    case Action::pass:
      return passed();
    case Action::drop:
      return dropped("DROP_ACTION");
    case Action::host:
      return unless(at.ip_cause, to_host("HOST_ACTION"));
    case Action::echo_reply:
      return unless(echo_cause(at), to_host("ECHO_REPLY"));
    case Action::control:
      return judge_control(frame, at);
    case Action::echo:
      break;
  }
  Verdict verdict = unless(echo_cause(at), {.outcome = Outcome::echo_answered, .counter = "ECHO_ANSWERED"});
  if (verdict.outcome == Outcome::echo_answered) {
    const Bytes answer = answer_frame(at, kEchoReplySpi, part(frame, at.payload, at.limit - at.payload));
    verdict.answer = Answer{.kind = Answer::Kind::echo, .head = answer};
  }
  return verdict;
}

Verdict Reference::judge_control(View frame, const Dissected& at) const {
  const Malformed cause = control_cause(frame, at);
  if (cause == Malformed::version) return judge_version(frame, at);
  if (cause != Malformed::none) return dropped(counter_name(cause));
  const View header = part(frame, at.payload, kControlBytes);
  const View message = part(frame, at.payload, get16(header, 4));
  const unsigned type = header[1];
  if (type == kErrorClear) return to_host("ERROR_CLEAR");
  if (type >= 128) return to_host("PRIVATE");
  if (type == 0 || type > kErrorProtected) return judge_unsupported(message, at);
  const std::uint32_t subject = get32(header, 8);
  if (const auto state = states_.find(subject); state != states_.end()) return judge_nested(message, at, state->second);
  Verdict verdict = to_host("UNKNOWN_SPI");
  if (type == kEchoRequest && error_fits(at)) {
    const Offence offence{subject, get32(message, kControlBytes + 4), subject, get32(header, 12)};
    verdict.answer = clear_error(at, kUnknownSpi, offence);
  }
  return verdict;
}

/// Of another version only the place of the type is known, so that errors are not answered with errors.
Verdict Reference::judge_version(View frame, const Dissected& at) const {
  Verdict verdict = dropped("DROP_VERSION");
  verdict.host_copy = true;
  const unsigned type = frame[at.payload + 1];
  const bool answerable = type < kEchoReply || type > kErrorProtected;
  const Offence offence{at.wrap.spi, at.wrap.sequence, at.wrap.spi, 0};
  if (answerable && error_fits(at)) verdict.answer = clear_error(at, kUnsupported, offence);
  return verdict;
}

Verdict Reference::judge_unsupported(View message, const Dissected& at) const {
  Verdict verdict = to_host("UNSUPPORTED");
  const Offence offence{at.wrap.spi, at.wrap.sequence, get32(message, 8), get32(message, 12)};
  if (error_fits(at)) verdict.answer = clear_error(at, kUnsupported, offence);
  return verdict;
}

Verdict Reference::judge_nested(View message, const Dissected& at, const State& state) const {
  const View nested = message.subspan(kControlBytes);
  const unsigned type = message[1];
  if (nested.size() % 4 != 0) return dropped("DROP_BODY");
  const auto plaintext = open_nested(state.sa, state.sa.in, nested);
  if (!plaintext) return dropped("DROP_ICV");
  if (const char* const fault = body_fault(*plaintext, type)) return dropped(fault);
  const std::uint64_t n = get64(nested, 8);
  if (!state.window.fresh(n)) return dropped("DROP_REPLAY");
  Verdict verdict;
  verdict.spi = state.sa.in.spi;
  verdict.n = n;
  if (type == kEchoReply && (get32(message, 12) & kOwnTransaction) != 0) {
    // This responder asks nothing.
    verdict.outcome = Outcome::dropped;
    verdict.counter = "DROP_UNASKED";
  } else if (type != kEchoRequest) {
    verdict.outcome = Outcome::host;
    verdict.counter = "HOST";
    verdict.cause = type == kEchoReply ? "REPLY" : "ERROR_PROTECTED";
  } else if (((*plaintext)[1] & 0x80) == 0) {
    verdict.outcome = Outcome::keepalive;
    verdict.counter = "KEEPALIVE";
  } else {
    verdict.outcome = Outcome::answered;
    verdict.counter = "ANSWERED";
    verdict.answer = reply(message, at, state, *plaintext);
  }
  return verdict;
}

Answer Reference::reply(View message, const Dissected& at, const State& state, Bytes plaintext) const {
  Answer answer{.kind = Answer::Kind::reply, .sa = &state.sa, .n = state.next};
  plaintext[0] = kSubReply;
  plaintext[1] = 0;
  answer.telemetry = has_telemetry(plaintext);
  if (answer.telemetry) {
    Telemetry telemetry{.flags = 1};
    if (state.data_sequence) {
      telemetry.flags |= 2;
      telemetry.data_sequence = *state.data_sequence;
    }
    if (config_.secret) {
      telemetry.flags |= 4;
      telemetry.token = crash_token(*config_.secret, state.sa.in.spi, state.sa.local, state.sa.peer);
    }
    write_telemetry(plaintext, telemetry);
  }
  const Control control{.type = kEchoReply, .subject = state.sa.out.spi, .transaction = get32(message, 12)};
  // The nested packet is built last, so put zeros in its place first: lengths and checksums need its size.
  const Bytes blank(plaintext.size() + 32);
  answer.plaintext = std::move(plaintext);
  answer.head = answer_frame(at, config_.control_spi, control_message(control, blank));
  answer.head.resize(answer.head.size() - blank.size());
  return answer;
}

Answer Reference::clear_error(const Dissected& at, unsigned code, const Offence& offence) const {
  Bytes payload(16);
  if (code == kUnknownSpi && config_.secret) {
    payload = crash_token(*config_.secret, offence.spi, at.network.to, at.network.from);
  }
  put32(payload, offence.spi);
  put32(payload, offence.sequence);
  const Control control{
      .type = kErrorClear, .code = code, .flags = 0, .subject = offence.subject, .transaction = offence.transaction};
  const Bytes frame = answer_frame(at, config_.control_spi, control_message(control, payload));
  return {.kind = Answer::Kind::error, .head = frame};
}

/// True unless the error would be longer than the packet that it is about.
bool Reference::error_fits(const Dissected& at) const {
  const std::size_t headers = (is_ipv4(at.network.to) ? 20 : 40) + wrap_bytes({.to = at.network.to}, at.wrap);
  return headers + kControlBytes + kErrorBytes <= at.packet_end - at.ip;
}

}  // namespace sapulse::traffic
