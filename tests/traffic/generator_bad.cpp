// SPDX-License-Identifier: Apache-2.0
// Frames that must not be answered, one maker for each reason.
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
      {"wrong salt", &Generator::wrong_salt, 2},
      {"replay", &Generator::replayed, 12},
      {"too old", &Generator::too_old, 4},
      {"bad padding", &Generator::bad_padding, 5},
      {"bad sub-type", &Generator::bad_body, 3},
      {"bad data length", &Generator::bad_data_length, 4},
      {"odd size", &Generator::odd_size, 2},
      {"IV and sequence differ", &Generator::bad_sequence, 4},
      {"reserved SPI to drop", &Generator::dropped_reserved, 2},
      {"bad IP checksum", &Generator::bad_ip_checksum, 3},
      {"bad IP length", &Generator::bad_ip_length, 4},
      {"bad address", &Generator::bad_address, 3},
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
  const bool in_udp = get8(ping.frame, ping.ip + (v4 ? 9 : 6)) == kUdp;
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

Bytes Generator::bad_address() {
  Draft ping = good_ping();
  if (random_.one_in(3)) {
    ping.frame[0] |= 1;
    return ping.frame;
  }
  if (is_v4_at(ping.frame, ping.ip)) {
    constexpr std::array<std::uint32_t, 4> sources = {0, 0xffffffff, 0xe0000001, 0xefffffff};
    set32(ping.frame, ping.ip + 12, random_.pick(sources));
  } else if (random_.one_in(2)) {
    ping.frame.at(ping.ip + 8) = 0xff;
  } else {
    std::fill_n(ping.frame.begin() + static_cast<std::ptrdiff_t>(ping.ip + 8), 16, std::uint8_t{0});
  }
  fix(ping);
  return ping.frame;
}

Bytes Generator::bad_encapsulation() {
  const std::size_t sa = any_sa();
  const Association& pair = config_.sas.at(sa);
  const Network ip = network(pair.peer, pair.local);
  Draft ah = draft(link(), ip, {.kind = Encapsulation::ah, .spi = config_.control_spi},
                   control_message({.subject = pair.in.spi}, nested(sa, {.echo = echo(), .n = take_number(sa)})));
  if (random_.one_in(3)) return draft(link(), ip, {.kind = Encapsulation::ah, .spi = 7}, random_.bytes(20)).frame;
  ah.frame.at(ah.outer + random_.below(2)) ^= static_cast<std::uint8_t>(random_.between(1, 255));
  return ah.frame;
}

Bytes Generator::too_short() {
  const Association& sa = config_.sas.at(any_sa());
  const bool control = random_.one_in(2);
  const std::size_t size = random_.below(control ? kControlBytes : 4);
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
  ping.frame.at(ping.control + random_.between(1, 15)) ^= static_cast<std::uint8_t>(1U << random_.below(8));
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

Bytes Generator::wrong_salt() {
  const std::size_t at = any_sa();
  Association sa = config_.sas.at(at);
  sa.plain_salt = !sa.plain_salt;
  const Bytes packet = nested_packet(sa, sa.in, take_number(at), padded(echo_body(echo())));
  return control_frame(at, {.subject = sa.in.spi}, packet).frame;
}

Bytes Generator::bad_padding() {
  Echo request = echo();
  request.data = random_.bytes(4 * random_.below(20) + 3);
  Bytes text = padded(echo_body(request), 4 * random_.below(4));
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
  Bytes text = padded(echo_body(request));
  text[0] = static_cast<std::uint8_t>(random_.one_in(2) ? kSubReply : random_.between(4, 255));
  return sealed_frame(any_sa(), text);
}

Bytes Generator::bad_data_length() {
  Echo request = echo();
  request.data = random_.bytes(1 + data_size());
  Bytes body = echo_body(request);
  if (random_.one_in(4)) body.resize(random_.below(kBodyHeader));  // not even the header
  Bytes text = padded(body);
  if (text.size() >= 4) set16(text, 2, request.data.size() + (random_.one_in(2) ? 1 : 0xffff));
  return sealed_frame(any_sa(), text);
}

Bytes Generator::odd_size() {
  Bytes text = padded(echo_body(echo()));
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
