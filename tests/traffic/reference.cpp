// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include <algorithm>
#include <utility>

#include "packet.h"

namespace sapulse::traffic {

namespace {

constexpr std::uint32_t kReserved = 256;
constexpr std::size_t kIpv6Addresses = 32;  ///< bytes, at the end of its header
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

/// What the offender wants: errors about a message that wants no answer are not sent.
bool wants_answer(View message) { return (message[3] & kFlagNoAnswer) == 0; }

/// Sub-type that a control type carries in its body.
unsigned wanted_subtype(unsigned type) {
  if (type == type_echo_request) return sub_request;
  return type == type_echo_reply ? sub_reply : sub_error;
}

/// Counter of the first fault of an opened packet: trailer, lengths, padding, sub-type, in this order; or nullptr.
const char* body_fault(View plaintext, unsigned type) {
  const std::size_t text = plaintext.size() - 2;
  const std::size_t pad = plaintext[text];
  if (plaintext.back() != next_nested_message || pad > text) return "DROP_PADDING";
  if (text < kEchoHeader + pad || get16(plaintext, 2) != text - pad - kEchoHeader) return "DROP_BODY";
  for (std::size_t i = 0; i < pad; ++i) {
    if (plaintext[text - pad + i] != i + 1) return "DROP_PADDING";
  }
  // An encrypted echo has no return SPI; the second byte of an error is its code.
  const bool returns = type != type_error_protected && (plaintext[1] & kFlagReturn) != 0;
  return plaintext[0] == wanted_subtype(type) && !returns ? nullptr : "DROP_BODY";
}

}  // namespace

Bytes Answer::frame(const std::optional<Telemetry>& filled) const {
  if (sa == nullptr) return head;
  Bytes text = plaintext;
  if (filled) write_telemetry(text, *filled);
  Bytes whole = head;
  put(whole, nested_packet(*sa, sa->out, n, text));
  if (udp != 0) {
    const View addresses = part(whole, udp - kIpv6Addresses, kIpv6Addresses);
    set16(whole, udp + kUdpChecksumAt, udp_checksum(addresses, View(whole).subspan(udp)));
  }
  return whole;
}

bool Answer::begins(View sent) const {
  if (sent.size() < head.size()) return false;
  Bytes begin(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(head.size()));
  if (udp != 0) set16(begin, udp + kUdpChecksumAt, 0);
  return begin == head;
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
    // Serial numbers wrap around (RFC 1982).
    std::optional<std::uint32_t>& highest = states_.at(*verdict.data_spi).data_sequence;
    if (!highest || is_later(verdict.data_sequence, *highest)) highest = verdict.data_sequence;
  }
}

Verdict Reference::judge(View frame) const {
  const Dissected at = dissect(frame);
  if (at.kind == Dissected::Kind::fragment) {
    Verdict verdict = passed();
    verdict.fragment = true;
    return verdict;
  }
  if (!for_us(at)) return passed();
  if (at.wrap.spi >= kReserved) return judge_customer(at);
  return judge_reserved(frame, at, config_.action(at.wrap.spi));
}

bool Reference::for_us(const Dissected& at) const {
  if (at.kind != Dissected::Kind::spi || at.mapped_destination() || !config_.is_local(at.network.to)) return false;
  if (is_group(at.link.to) || !config_.is_own(at.link.to)) return false;
  return at.wrap.kind != Encapsulation::udp || at.wrap.to_port == config_.udp_port;
}

/// Nothing is ever sent to where such a frame comes from.
bool Reference::unanswerable(const Dissected& at) const {
  return at.unusable_source || config_.is_local(at.network.from);
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
    const Offence offence{.spi = at.wrap.spi, .sequence = at.wrap.sequence, .subject = at.wrap.spi};
    if (error_fits(at) && !unanswerable(at)) verdict.answer = clear_error(at, code_unknown_spi, offence);
  }
  return verdict;
}

Verdict Reference::judge_reserved(View frame, const Dissected& at, Action action) const {
  const bool clear = action == Action::echo || action == Action::echo_reply;
  // AH has no part in clear echoes.
  if (action == Action::pass || (clear && at.wrap.kind == Encapsulation::ah)) return passed();
  if (action == Action::drop) return dropped("DROP_ACTION");
  if (at.ip_cause != Malformed::none) return dropped(counter_name(at.ip_cause));
  if (action == Action::host) return to_host("HOST_ACTION");
  if (unanswerable(at)) return dropped("DROP_ADDRESS");
  return judge_answerable(frame, at, action);
}

Verdict Reference::judge_answerable(View frame, const Dissected& at, Action action) const {
  if (action == Action::control) return judge_control(frame, at);
  const Malformed cause = echo_cause(frame, at, action == Action::echo ? sub_request : sub_reply);
  if (cause != Malformed::none) return dropped(counter_name(cause));
  return action == Action::echo ? judge_echo(frame, at) : to_host("ECHO_REPLY");
}

Verdict Reference::judge_echo(View frame, const Dissected& at) {
  const View message = part(frame, at.payload, at.limit - at.payload);
  const bool returns = (message[1] & kFlagReturn) != 0;
  const View data = part(message, kEchoHeader + (returns ? 4 : 0), get16(message, 2));
  const Bytes reply = echo_message({.subtype = sub_reply,
                                    .identifier = get16(message, 4),
                                    .sequence = get16(message, 6),
                                    .data = Bytes(data.begin(), data.end())});
  Verdict verdict = to_host("ECHO_RETURN");
  if (!returns) verdict = {.outcome = Outcome::echo_answered, .counter = "ECHO_ANSWERED"};
  verdict.answer = Answer{.kind = returns ? Answer::Kind::host_echo : Answer::Kind::echo,
                          .head = answer_frame(at, kEchoReplySpi, reply)};
  return verdict;
}

Verdict Reference::judge_control(View frame, const Dissected& at) const {
  const Malformed cause = control_cause(frame, at);
  if (cause == Malformed::version) return judge_version(frame, at);
  if (cause != Malformed::none) return dropped(counter_name(cause));
  const View header = part(frame, at.payload, kControlBytes);
  const View message = part(frame, at.payload, get16(header, 4));
  const unsigned type = header[1];
  if (type == type_error_clear) return to_host("ERROR_CLEAR");
  if (type >= 128) return to_host("PRIVATE_USE");
  if (type == 0 || type > type_error_protected) return judge_unsupported(message, at);
  const std::uint32_t subject = get32(header, 8);
  if (const auto state = states_.find(subject); state != states_.end()) return judge_nested(message, at, state->second);
  Verdict verdict = to_host("UNKNOWN_SPI");
  if (type == type_echo_request && wants_answer(message) && error_fits(at)) {
    const Offence offence{.spi = subject,
                          .sequence = get32(message, kControlBytes + 4),
                          .subject = subject,
                          .transaction = get32(header, 12),
                          .token_nonce = get64(header, 16)};
    verdict.answer = clear_error(at, code_unknown_spi, offence);
  }
  return verdict;
}

/// Of another version only the place of the type is known, so that errors are not answered with errors.
Verdict Reference::judge_version(View frame, const Dissected& at) const {
  Verdict verdict = dropped("DROP_VERSION");
  verdict.host_copy = true;
  const unsigned type = frame[at.payload + 1];
  const bool answerable = type < type_echo_reply || type > type_error_protected;
  const Offence offence{.spi = at.wrap.spi, .sequence = at.wrap.sequence, .subject = at.wrap.spi};
  if (answerable && error_fits(at)) verdict.answer = clear_error(at, code_unsupported, offence);
  return verdict;
}

Verdict Reference::judge_unsupported(View message, const Dissected& at) const {
  Verdict verdict = to_host("UNSUPPORTED");
  const Offence offence{.spi = at.wrap.spi,
                        .sequence = at.wrap.sequence,
                        .subject = get32(message, 8),
                        .transaction = get32(message, 12),
                        .token_nonce = get64(message, 16)};
  if (wants_answer(message) && error_fits(at)) verdict.answer = clear_error(at, code_unsupported, offence);
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
  if (type == type_echo_reply && (get32(message, 12) & kOwnTransaction) != 0) {
    // This responder asks nothing.
    verdict.outcome = Outcome::dropped;
    verdict.counter = "DROP_UNASKED";
  } else if (type != type_echo_request) {
    verdict.outcome = Outcome::host;
    verdict.counter = "HOST";
    verdict.cause = type == type_echo_reply ? "REPLY" : "ERROR_PROTECTED";
  } else if (!wants_answer(message)) {
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
  plaintext[0] = sub_reply;
  plaintext[1] = 0;
  answer.telemetry = has_telemetry(plaintext);
  if (answer.telemetry) write_telemetry(plaintext, telemetry_of(state));
  const Control control{.type = type_echo_reply,
                        .subject = state.sa.out.spi,
                        .transaction = get32(message, 12),
                        .token_nonce = get64(message, 16)};
  // The nested packet is built last, so put zeros in its place first: lengths and checksums need its size.
  const Bytes blank(plaintext.size() + 32);
  answer.plaintext = std::move(plaintext);
  answer.head = answer_frame(at, config_.control_spi, control_message(control, blank));
  answer.head.resize(answer.head.size() - blank.size());
  if (at.v6 && at.wrap.kind == Encapsulation::udp) {
    answer.udp = 14 + 4 * at.link.tags.size() + 40;
    set16(answer.head, answer.udp + kUdpChecksumAt, 0);
  }
  return answer;
}

/// What a reply tells, but for its times. A token nonce that is not known stays 0.
Telemetry Reference::telemetry_of(const State& state) const {
  Telemetry telemetry{.flags = 1};
  if (state.data_sequence) {
    telemetry.flags |= 2;
    telemetry.data_sequence = *state.data_sequence;
  }
  if (!config_.secret) return telemetry;
  telemetry.flags |= 4;
  if (!state.sa.token_nonce.empty()) {
    telemetry.token_nonce = state.sa.token_nonce;
    telemetry.token = crash_token(*config_.secret, state.sa.in.spi, state.sa.token_nonce);
  }
  return telemetry;
}

/// The token proves to a requester that has told a token nonce of the SA that the SA is lost.
Answer Reference::clear_error(const Dissected& at, unsigned code, const Offence& offence) const {
  Bytes payload(16);
  if (code == code_unknown_spi && config_.secret && offence.token_nonce != 0) {
    Bytes nonce;
    put64(nonce, offence.token_nonce);
    payload = crash_token(*config_.secret, offence.spi, nonce);
  }
  put32(payload, offence.spi);
  put32(payload, offence.sequence);
  const Control control{.type = type_error_clear,
                        .code = code,
                        .flags = 0,
                        .subject = offence.subject,
                        .transaction = offence.transaction,
                        .token_nonce = offence.token_nonce};
  const Bytes frame = answer_frame(at, config_.control_spi, control_message(control, payload));
  return {.kind = Answer::Kind::error, .head = frame, .code = code};
}

/// True unless the error would be longer than the packet that it is about.
bool Reference::error_fits(const Dissected& at) const {
  const std::size_t headers = (is_ipv4(at.network.to) ? 20 : 40) + wrap_bytes({.to = at.network.to}, at.wrap);
  return headers + kControlBytes + kErrorBytes <= at.packet_end - at.ip;
}

}  // namespace sapulse::traffic
