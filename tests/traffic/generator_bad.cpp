// SPDX-License-Identifier: Apache-2.0
// Frames that must not be answered, one maker for each reason.
#include <algorithm>
#include <array>

#include "generator.h"

namespace sapulse::traffic {

namespace {

constexpr std::size_t kNestedAt = kControlBytes;  // from the control header

bool is_v4_at(const Bytes& frame, std::size_t ip) { return get8(frame, ip) >> 4 == 4; }

}  // namespace

const std::vector<Generator::Kind>& Generator::bad_table() {
  static const std::vector<Kind> table = {
      {"forged ICV", &Generator::forged, 12},
      {"wrong key", &Generator::wrong_key, 2},
      {"replay", &Generator::replayed, 12},
      {"too old", &Generator::too_old, 4},
      {"bad padding", &Generator::bad_padding, 5},
      {"bad sub-type", &Generator::bad_body, 3},
      {"return SPI in the body", &Generator::return_spi_in_body, 2},
      {"bad data length", &Generator::bad_data_length, 4},
      {"odd size", &Generator::odd_size, 2},
      {"IV and sequence differ", &Generator::bad_sequence, 4},
      {"reserved SPI to drop", &Generator::dropped_reserved, 2},
      {"bad IP checksum", &Generator::bad_ip_checksum, 3},
      {"bad IP length", &Generator::bad_ip_length, 4},
      {"unusable source", &Generator::unusable_source, 6},
      {"bad clear echo", &Generator::bad_echo, 3},
      {"clear echo without UDP checksum", &Generator::unchecked_echo, 1},
      {"bad encapsulation", &Generator::bad_encapsulation, 3},
      {"too short", &Generator::too_short, 4},
      {"bad version", &Generator::bad_version, 3},
      {"bad control checksum", &Generator::bad_checksum, 3},
      {"bad control length", &Generator::bad_length, 3},
      {"bad nested packet", &Generator::bad_nested, 4},
  };
  return table;
}

/// Makes the IPv4 checksum right again after an edit.
void Generator::fix(Draft& draft) {
  if (is_v4_at(draft.frame, draft.ip)) fix_ipv4_checksum(draft.frame, draft.ip);
}

Bytes Generator::dropped_reserved() {
  const Association& sa = config_.sas.at(any_sa());
  return draft(link(), network(sa.peer, sa.local), wrap(9), random_.bytes(data_size())).frame;
}

Bytes Generator::bad_ip_checksum() {
  Draft ping = good_ping();
  if (!is_v4_at(ping.frame, ping.ip)) return bad_ip_length();
  ping.frame.at(ping.ip + 10 + random_.below(2)) ^= static_cast<std::uint8_t>(random_.between(1, 255));
  return ping.frame;
}

Bytes Generator::bad_ip_length() {
  Draft ping = good_ping();
  const bool v4 = is_v4_at(ping.frame, ping.ip);
  const std::size_t udp_at = ping.outer - 8;
  const bool in_udp = get8(ping.frame, ping.ip + (v4 ? 9 : 6)) == next_udp;
  if (in_udp && random_.one_in(2)) {
    set16(ping.frame, udp_at + 4,
          random_.one_in(2) ? random_.below(8) : ping.frame.size() - udp_at + random_.between(1, 99));
    return ping.frame;
  }
  const std::size_t room = ping.frame.size() - ping.ip - (v4 ? 0 : 40);
  set16(ping.frame, ping.ip + (v4 ? 2 : 4), room + random_.between(1, 2000));
  fix(ping);
  return ping.frame;
}

/// A control message or clear echo that must not be answered because of where it comes from.
Bytes Generator::unusable_source() {
  Draft made = random_.one_in(4) ? clear_echo_draft(echo(), {}) : good_ping();
  if (random_.one_in(4)) {
    made.frame[6] |= 1;
    return made.frame;
  }
  const bool v4 = is_v4_at(made.frame, made.ip);
  const Address source = v4 ? unusable_ipv4() : unusable_ipv6();
  const auto at = made.frame.begin() + static_cast<std::ptrdiff_t>(made.ip + (v4 ? 12 : 8));
  std::ranges::copy(v4 ? View(source).last(4) : View(source), at);
  fix(made);
  return made.frame;
}

Address Generator::unusable_ipv4() {
  static const std::array<Address, 7> sources = {parse_address("0.0.0.0"),        parse_address("0.1.2.3"),
                                                 parse_address("127.0.0.1"),      parse_address("127.9.8.7"),
                                                 parse_address("224.0.0.1"),      parse_address("239.1.2.3"),
                                                 parse_address("255.255.255.255")};
  return random_.one_in(8) ? own_address(true) : random_.pick(sources);
}

Address Generator::unusable_ipv6() {
  static const std::array<Address, 5> sources = {parse_address("::"), parse_address("::1"), parse_address("ff02::1"),
                                                 parse_address("ff0e::5"), parse_address("198.51.100.1")};
  return random_.one_in(8) ? own_address(false) : random_.pick(sources);
}

/// A local address of that IP version, where there is one.
Address Generator::own_address(bool v4) const {
  const auto own = std::ranges::find(config_.local, v4, is_ipv4);
  return own == config_.local.end() ? Address{} : *own;
}

Bytes Generator::bad_echo() {
  Echo request = echo();
  request.data = random_.bytes(data_size());
  switch (random_.below(3)) {
    case 0:  // sub-type
      request.subtype = random_.between(4, 255);
      return clear_echo_draft(request, {}).frame;
    case 1: {  // data that is not there
      Draft made = clear_echo_draft(request, {});
      set16(made.frame, made.control + 2, request.data.size() + random_.between(1, 60));
      return made.frame;
    }
    default:  // nor is the return SPI
      request.flags = kFlagReturn;
      return clear_echo_draft(request, random_.bytes(random_.below(4))).frame;
  }
}

/// Over UDP and IPv6, if there is an SA over IPv6.
Bytes Generator::unchecked_echo() {
  const auto sa = std::ranges::find(config_.sas, false, [](const Association& each) { return is_ipv4(each.local); });
  if (sa == config_.sas.end()) return bad_echo();
  const Wrap wrapping{.kind = Encapsulation::udp, .to_port = config_.udp_port, .spi = 7};
  Draft made = draft(link(), network(sa->peer, sa->local), wrapping, echo_message(echo()));
  set16(made.frame, made.outer - 2, 0);
  return made.frame;
}

Bytes Generator::bad_encapsulation() {
  const std::size_t sa = any_sa();
  const Association& pair = config_.sas.at(sa);
  const Network ip = network(pair.peer, pair.local);
  Draft ah = draft(link(), ip, {.kind = Encapsulation::ah, .spi = config_.control_spi},
                   control_message({.subject = pair.in.spi}, nested(sa, {.echo = echo(), .n = take_number(sa)})));
  ah.frame.at(ah.outer + random_.below(2)) ^= static_cast<std::uint8_t>(random_.between(1, 255));
  return ah.frame;
}

Bytes Generator::too_short() {
  const Association& sa = config_.sas.at(any_sa());
  const bool control = random_.one_in(2);
  const std::size_t size = random_.between(1, (control ? kControlBytes : kEchoHeader) - 1);
  Wrap wrapping = wrap(control ? config_.control_spi : 7);
  if (!control && wrapping.kind == Encapsulation::ah) wrapping.kind = Encapsulation::esp;
  return draft(link(), network(sa.peer, sa.local), wrapping, random_.bytes(size)).frame;
}

Bytes Generator::bad_version() {
  Draft ping = good_ping();
  ping.frame.at(ping.control) ^= static_cast<std::uint8_t>(random_.between(1, 255));
  fix_control_checksum(ping.frame, ping.control);
  return ping.frame;
}

Bytes Generator::bad_checksum() {
  Draft ping = good_ping();
  ping.frame.at(ping.control + random_.between(1, kControlBytes - 1)) ^=
      static_cast<std::uint8_t>(1U << random_.below(8));
  return ping.frame;
}

Bytes Generator::bad_length() {
  Draft ping = good_ping();
  const std::size_t room = ping.frame.size() - ping.control;
  set16(ping.frame, ping.control + 4,
        random_.one_in(2) ? random_.below(kControlBytes) : room + random_.between(1, 999));
  fix_control_checksum(ping.frame, ping.control);
  return ping.frame;
}

Bytes Generator::bad_nested() {
  Draft ping = good_ping();
  switch (random_.below(3)) {
    case 0:
      ping.frame.at(ping.control + 3) &= 0xfe;
      break;
    case 1:
      set16(ping.frame, ping.control + 4, kControlBytes + random_.below(kNestedMin));
      break;
    default:
      ping.frame.at(ping.control + 8 + random_.below(4)) ^= static_cast<std::uint8_t>(1U << random_.below(8));
  }
  fix_control_checksum(ping.frame, ping.control);
  return ping.frame;
}

Bytes Generator::bad_sequence() {
  if (random_.one_in(3)) {
    const std::size_t sa = any_sa();
    return ping_draft(sa, {.echo = echo(), .n = 0}).frame;
  }
  Draft ping = good_ping();
  ping.frame.at(ping.control + kNestedAt + 4 + random_.below(4)) ^= static_cast<std::uint8_t>(1U << random_.below(8));
  return ping.frame;
}

Bytes Generator::forged() {
  Draft ping = good_ping();
  // Anywhere in the upper half of the IV, the ciphertext or the ICV: what the control header says stays as it is.
  const std::size_t from = ping.control + kNestedAt + 8;
  std::size_t size = get16(ping.frame, ping.control + 4) - kNestedAt - 8;
  std::size_t at = random_.below(size);
  if (at >= 4 && at < 8) at = size - 1;
  ping.frame.at(from + at) ^= static_cast<std::uint8_t>(1U << random_.below(8));
  return ping.frame;
}

/// Sealed with the keys of customer traffic instead of those of the control channel, or the other way round.
Bytes Generator::wrong_key() {
  const std::size_t at = any_sa();
  Association sa = config_.sas.at(at);
  sa.plain = !sa.plain;
  if (sa.in.salt.empty()) sa.in.salt = random_.bytes(4);
  const Bytes packet = nested_packet(sa, sa.in, take_number(at), padded(echo_message(echo())));
  return control_frame(at, {.subject = sa.in.spi}, packet).frame;
}

Bytes Generator::bad_padding() {
  Echo request = echo();
  request.data = random_.bytes(4 * random_.below(20) + 3);
  Bytes text = padded(echo_message(request), 4 * random_.below(4));
  switch (random_.below(3)) {
    case 0:  // next header
      text.back() ^= static_cast<std::uint8_t>(random_.between(1, 255));
      break;
    case 1:  // pad length beyond the plaintext
      text[text.size() - 2] = static_cast<std::uint8_t>(text.size() - 1 + random_.below(255 - text.size()));
      break;
    default:  // padding content
      text[text.size() - 3] ^= static_cast<std::uint8_t>(1U << random_.below(8));
  }
  return sealed_frame(any_sa(), text);
}

Bytes Generator::bad_body() {
  Echo request = echo();
  request.data = random_.bytes(data_size());
  Bytes text = padded(echo_message(request));
  text[0] = static_cast<std::uint8_t>(random_.one_in(2) ? sub_reply : random_.between(4, 255));
  return sealed_frame(any_sa(), text);
}

Bytes Generator::return_spi_in_body() {
  Echo request = echo();
  request.data = random_.bytes(4 + data_size());
  request.flags = kFlagReturn;
  return sealed_frame(any_sa(), padded(echo_message(request)));
}

Bytes Generator::bad_data_length() {
  Echo request = echo();
  request.data = random_.bytes(1 + data_size());
  Bytes body = echo_message(request);
  if (random_.one_in(4)) body.resize(random_.below(kEchoHeader));  // not even the header
  Bytes text = padded(body);
  if (text.size() >= 4) set16(text, 2, request.data.size() + (random_.one_in(2) ? 1 : 0xffff));
  return sealed_frame(any_sa(), text);
}

Bytes Generator::odd_size() {
  Bytes text = padded(echo_message(echo()));
  const std::size_t more = random_.between(1, 3);
  Bytes odd(more);
  put(odd, text);
  return sealed_frame(any_sa(), odd);
}

Bytes Generator::replayed() {
  const std::deque<Bytes>& sent = flows_.at(any_sa()).sent;
  if (!mixture_.replays || sent.empty()) return forged();
  return random_.pick(sent);
}

Bytes Generator::too_old() {
  const std::size_t sa = any_sa();
  const std::uint64_t next = flows_.at(sa).next;
  if (!mixture_.replays || next < 200) return replayed();
  return ping_draft(sa, {.echo = echo(), .n = next - random_.between(130, 190)}).frame;
}

}  // namespace sapulse::traffic
