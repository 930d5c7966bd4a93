// SPDX-License-Identifier: Apache-2.0
#include "header/header.h"

#include "sapulse_wire.h"
#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

using namespace wire;

/// RFC 1071 on bytes; 0xffff for a range that contains its own right checksum.
std::uint16_t ones_complement_sum(const bytes& b, std::size_t offset, std::size_t size) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < size; i += 2) sum += static_cast<std::uint32_t>(get(b, offset + i, 2));
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

/// The answer's header as protocol.md describes it, written down byte by byte.
bytes expected_header(const header_job& j) {
  const unsigned security = j.encap == ENCAP_AH ? (j.l3.v6 ? 16 : 12) : 8, udp = j.encap == ENCAP_UDP ? 8 : 0;
  const unsigned inner = udp + security + (j.echo ? 0 : 24) + j.length.to_uint();
  bytes h(12);
  put(h, 0, 6, j.l2.src);
  put(h, 6, 6, j.l2.dst);
  auto add = [&h](std::size_t size, std::uint64_t value) {
    h.resize(h.size() + size);
    put(h, h.size() - size, size, value);
  };
  auto add_address = [&add](const ap_uint<128>& a, bool v6) {
    if (v6) add(8, a.range(127, 64).to_uint64());
    add(v6 ? 8 : 4, v6 ? a.range(63, 0).to_uint64() : a.range(31, 0).to_uint64());
  };
  if (j.l2.tags >= 1) add(4, j.l2.tag0);
  if (j.l2.tags == 2) add(4, j.l2.tag1);
  add(2, j.l3.v6 ? 0x86dd : 0x0800);
  const std::size_t ip = h.size();
  const unsigned protocol = j.encap == ENCAP_AH ? 51 : j.encap == ENCAP_UDP ? 17 : 50;
  if (j.l3.v6) {
    add(4, 0x60000000 | j.l3.dscp.to_uint() << 22);
    add(2, inner);
    add(1, protocol);
    add(1, 64);
  } else {
    add(1, 0x45);
    add(1, j.l3.dscp.to_uint() << 2);
    add(2, 20 + inner);
    add(4, 0x00004000);
    add(1, 64);
    add(1, protocol);
    add(2, 0);
  }
  add_address(j.l3.dst, j.l3.v6);
  add_address(j.l3.src, j.l3.v6);
  if (!j.l3.v6) put(h, ip + 10, 2, 0xffff & ~ones_complement_sum(h, ip, 20));
  if (udp) {
    add(2, j.dport);
    add(2, j.sport);
    add(2, inner);
    add(2, 0);
  }
  if (j.encap == ENCAP_AH) add(4, j.l3.v6 ? 0xfd020000 : 0xfd010000);
  add(4, j.spi);
  add(4, j.seq);
  if (j.encap == ENCAP_AH && j.l3.v6) add(4, 0);
  if (j.echo) return h;
  const std::size_t control = h.size();
  add(4, 0x16000001 | j.message.to_uint() << 16 | j.code.to_uint() << 8);
  add(2, 24 + j.length.to_uint());
  add(2, 0);
  add(4, j.subject);
  add(4, j.transaction);
  append(h, from_ap(j.token_nonce, 8));
  put(h, control + 6, 2, 0xffff & ~ones_complement_sum(h, control, 24));
  return h;
}

header_job random_job(RandomSource& random) {
  header_job j = {};
  j.l2.dst = random.in(0, ~0ull);
  j.l2.src = random.in(0, ~0ull);
  j.l2.tags = random.in(0, 2);
  j.l2.tag0 = j.l2.tags >= 1 ? random.in(0, ~0u) : 0;
  j.l2.tag1 = j.l2.tags == 2 ? random.in(0, ~0u) : 0;
  j.l3.v6 = random.in(0, 1);
  j.l3.dscp = random.in(0, 63);
  const ap_uint<128> mapped = ap_uint<128>(0xffff) << 32;
  j.l3.src = j.l3.v6 ? to_ap<128>(random.string(16)) : ap_uint<128>(mapped | ap_uint<32>(random.in(0, ~0u)));
  j.l3.dst = j.l3.v6 ? to_ap<128>(random.string(16)) : ap_uint<128>(mapped | ap_uint<32>(random.in(0, ~0u)));
  j.echo = random.one_in(4);
  j.encap = random.in(0, j.echo ? 1 : 2);
  j.sport = random.in(0, 0xffff);
  j.dport = random.in(0, 0xffff);
  j.spi = random.in(0, ~0u);
  j.seq = random.in(0, ~0u);
  j.message = random.in(0, 255);
  j.code = random.in(0, 255);
  j.subject = random.in(0, ~0u);
  j.transaction = random.in(0, ~0u);
  j.token_nonce = random.in(0, ~0ull);
  j.length = random.one_in(4) ? random.in(4, 9100) : random.in(4, 200);
  return j;
}

TEST(Header, RandomJobs) {
  RandomSource random;
  hls::stream<header_job> job("job");
  hls::stream<header_t> out("out");
  hls::simulation simulation;
  simulation.add("header", [&] { header(job, out); });
  for (int i = 0; i < 20000; i++) {
    const header_job j = random_job(random);
    job.write(j);
    run_until_idle(simulation);
    const header_t h = out.read();
    const bytes expected = expected_header(j);
    ASSERT_EQ(h.size.to_uint(), expected.size());
    ASSERT_EQ(h.length, j.length);
    bytes padded = expected;
    padded.resize(104);
    ASSERT_EQ(to_hex(from_ap(h.bytes, 104)), to_hex(padded));
    const unsigned size = h.size.to_uint(), end = size + j.length.to_uint();
    ASSERT_EQ(h.last_beat.to_uint(), (end - 1) / 64);
    ASSERT_EQ(h.icv_beat.to_uint(), (end - 16) / 64);
    // The payload's last beat begins at this byte of the frame.
    const unsigned last_payload_beat = size + (j.length.to_uint() - 1) / 64 * 64;
    ASSERT_EQ(h.spill.to_uint(), (end - 1) / 64 != last_payload_beat / 64);
  }
}

}  // namespace
}  // namespace sapulse::test
