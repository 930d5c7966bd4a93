// SPDX-License-Identifier: Apache-2.0
#include "classify/random_frame.h"

#include <algorithm>

namespace sapulse::test {
namespace {

/// A frame in the making, with the places that a test wants to change afterwards.
struct built_frame {
  bytes f;
  std::size_t ip = 0, transport = 0, control = 0;
};

void fix_sum(bytes& f, std::size_t offset, std::size_t size, std::size_t field) {
  put(f, offset + field, 2, 0);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < size; i += 2) sum += static_cast<std::uint32_t>(get(f, offset + i, 2));
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  put(f, offset + field, 2, ~sum & 0xffff);
}

/// One option of at most `room` bytes, mostly one that may be skipped and is whole.
bytes option(RandomSource& random, std::size_t room) {
  if (room == 1 || random.one_in(3)) return bytes(1);  // Pad1
  bytes r = random.string(random.in(2, random.one_in(2) ? room : std::min<std::size_t>(room, 8)));
  r[0] = static_cast<std::uint8_t>(random.in(0, random.one_in(40) ? 255 : 63));
  r[1] = static_cast<std::uint8_t>(random.one_in(40) ? random.in(0, 255) : r.size() - 2);
  return r;
}

bytes options(RandomSource& random, std::size_t size) {
  bytes r;
  while (r.size() < size) append(r, option(random, size - r.size()));
  return r;
}

bytes option_headers(RandomSource& random, std::uint8_t& protocol) {
  // Built from the end: each header names the next one.
  bytes all;
  std::size_t units = random.one_in(2) ? 0 : random.in(1, 9);
  while (units > 0) {
    const std::size_t size = random.in(1, units);
    bytes header = {protocol, static_cast<std::uint8_t>(size - 1)};
    append(header, options(random, 8 * size - header.size()));
    // Hop-by-hop options belong to the front, which is built last.
    protocol = (size == units || random.one_in(20)) && random.one_in(2) ? 0 : 60;
    header.insert(header.end(), all.begin(), all.end());
    all = header;
    units -= size;
  }
  return all;
}

/// Echo message of section 2, or something like it, over the first bytes of `part`.
void put_echo(RandomSource& random, bytes& part, std::size_t at) {
  if (part.size() < at + 8) return;
  put(part, at, 1, random.one_in(8) ? random.in(0, 255) : random.in(2, 3));
  put(part, at + 1, 1, random.one_in(4) ? 0x80 : 0);
  const std::size_t room = part.size() - at - 8;
  put(part, at + 2, 2, random.one_in(3) ? random.in(0, 0xffff) : room - std::min<std::size_t>(room, random.in(0, 6)));
}

/// Transport header and payload of a control message of type `message` with `nested` bytes behind the control header.
bytes security_part(RandomSource& random, unsigned encap, bool v6, std::size_t nested, std::size_t& control) {
  bytes part;
  if (encap == ENCAP_UDP) {
    part = random.string(8);
    if (!random.one_in(4)) put(part, 2, 2, 4500);
    if (random.one_in(4)) put(part, 6, 2, 0);
  }
  const std::size_t head = part.size();
  if (encap == ENCAP_AH) {
    append(part, from_hex(v6 ? "fd020000" : "fd010000"));
  }
  append(part, from_hex("000000fd"));
  append(part, random.string(4));
  if (encap == ENCAP_AH && v6) append(part, bytes(4));
  control = part.size();
  append(part, random.string(24 + std::max<std::size_t>(nested, 16)));
  part.resize(control + 24 + nested);
  put(part, control, 1, 0x16);
  put(part, control + 1, 1, random.one_in(2) ? 1 : random.in(0, 6));
  put(part, control + 3, 1, random.in(0, 127) << 1 | 1);
  put(part, control + 4, 2, 24 + nested);
  if (nested >= 16) {
    put(part, control + 24, 4, get(part, control + 8, 4));
    put(part, control + 28, 4, get(part, control + 36, 4));
  }
  fix_sum(part, control, 24, 6);
  if (random.one_in(3)) put_echo(random, part, control);
  if (encap == ENCAP_UDP) put(part, 4, 2, part.size() - head + 8);
  return part;
}

built_frame build(RandomSource& random) {
  built_frame b;
  const bool v6 = random.one_in(2);
  const unsigned encap = static_cast<unsigned>(random.in(0, 2));
  std::uint8_t protocol = encap == ENCAP_UDP ? 17 : encap == ENCAP_AH ? 51 : 50;
  if (random.one_in(20)) protocol = static_cast<std::uint8_t>(random.of<std::uint8_t>({6, 44, 41, 59, 1, 58}));
  std::size_t control = 0;
  const bytes part =
      security_part(random, encap, v6, random.one_in(3) ? random.in(0, 40) : random.in(36, 200), control);

  b.f = random.string(12);
  b.f[0] &= 0xfe;
  for (std::size_t tags = random.in(0, 2); tags > 0; tags--) {
    append(b.f, from_hex(random.one_in(2) ? "8100" : "88a8"));
    append(b.f, random.string(2));
  }
  append(b.f, from_hex(v6 ? "86dd" : "0800"));
  b.ip = b.f.size();
  if (v6) {
    const bytes options = option_headers(random, protocol);
    bytes ip = random.string(40);
    ip[0] = static_cast<std::uint8_t>(0x60 | (ip[0] & 15));
    put(ip, 4, 2, options.size() + part.size());
    ip[6] = protocol;
    ip[8] = 0x20;
    append(b.f, ip);
    append(b.f, options);
  } else {
    const std::size_t words = random.one_in(3) ? random.in(5, 15) : 5;
    bytes ip = random.string(4 * words);
    ip[0] = static_cast<std::uint8_t>(0x40 | words);
    put(ip, 2, 2, ip.size() + part.size());
    put(ip, 6, 2, random.one_in(20) ? random.in(0, 0xffff) : random.of<std::uint16_t>({0, 0x4000, 0x8000}));
    ip[9] = protocol;
    ip[12] &= 0x7f;
    fix_sum(ip, 0, ip.size(), 10);
    append(b.f, ip);
  }
  b.transport = b.f.size();
  b.control = b.transport + control;
  append(b.f, part);
  if (random.one_in(4)) append(b.f, random.string(random.in(0, 100)));  // behind the IP packet
  if (b.f.size() < 60) append(b.f, bytes(60 - b.f.size()));
  return b;
}

/// One fault, at a random place of the headers.
void damage(RandomSource& random, built_frame& b) {
  const std::size_t window = std::min<std::size_t>(b.f.size(), 192);
  switch (random.in(1, 9)) {
    case 1:
      b.f[random.in(0, window - 1)] = static_cast<std::uint8_t>(random.in(0, 255));
      break;
    case 2:
      b.f[random.in(b.ip, window - 1)] ^= static_cast<std::uint8_t>(1 << random.in(0, 7));
      break;
    case 3:
      b.f[random.in(b.transport, window - 1)] = 0;
      break;
    case 4:  // length of the IP packet
      put(b.f, b.ip + (b.f[b.ip] >> 4 == 4 ? 2 : 4), 2, random.in(0, b.f.size()));
      break;
    case 5:  // length in the control header
      if (b.control + 24 <= b.f.size()) {
        put(b.f, b.control + 4, 2, random.in(0, 88));
        fix_sum(b.f, b.control, 24, 6);
      }
      break;
    case 6:  // unusable addresses
      if (b.f[b.ip] >> 4 == 4) {
        put(b.f, b.ip + 12, 4,
            random.of<std::uint32_t>({0, 0xffffffff, 0xe0000001, 0xefffffff, 0x00000001, 0xf0000000, 0x7f000001}));
      } else {
        const auto address = b.f.begin() + static_cast<std::ptrdiff_t>(b.ip) + (random.one_in(2) ? 8 : 24);
        std::fill_n(address, 16, random.of<std::uint8_t>({0, 0, 0xff, 0xfe}));
        if (random.one_in(2)) address[15] = 1;
        if (random.one_in(2)) std::fill_n(address + 10, 2, 0xff);
      }
      break;
    case 7:
      b.f[random.one_in(2) ? 0 : 6] |= 1;
      break;
    case 8:  // sequence and n, one word of them or all
      if (b.control + 40 <= b.f.size()) {
        const std::size_t word = random.in(0, 3), at = b.control + 28;
        std::fill_n(b.f.begin() + static_cast<std::ptrdiff_t>(at + 4 * (word % 3)), word == 3 ? 12 : 4, 0);
      }
      break;
    default:
      b.f[b.ip] = static_cast<std::uint8_t>(random.in(0, 255));
      break;
  }
  // Most damage to an IPv4 header is to be found behind a right checksum.
  const std::size_t header = std::size_t{4} * (b.f[b.ip] & 15u);
  if (b.f[b.ip] >> 4 == 4 && header >= 20 && b.ip + header <= b.f.size() && !random.one_in(4)) {
    fix_sum(b.f, b.ip, header, 10);
  }
}

}  // namespace

bytes sound_frame(RandomSource& random) { return build(random).f; }

bytes random_frame(RandomSource& random) {
  built_frame b = build(random);
  for (std::uint64_t n = random.one_in(3) ? 0 : random.in(1, 2); n > 0; n--) damage(random, b);
  if (random.one_in(10)) b.f.resize(random.in(1, b.f.size()));
  return b.f;
}

}  // namespace sapulse::test
