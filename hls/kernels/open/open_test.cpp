// SPDX-License-Identifier: Apache-2.0
#include "open/open.h"

#include "sapulse_wire.h"
#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

struct opened {
  unsigned status, subtype;
  bytes plain;
};

class Open : public testing::Test {
 protected:
  Open() {
    simulation.add("open", [this] { open(job, cipher, plain, verdict); });
  }
  opened run(const gcm_key& k, const bytes& nested) { return run(to_key(k), nested); }
  opened run(const key_t& k, const bytes& nested) {
    job.write({k, nested.size()});
    feed(cipher, payload_beats(nested));
    run_until_idle(simulation);
    const open_verdict v = verdict.read();
    opened o = {v.status.to_uint(), v.subtype.to_uint(), take_payload(plain)};
    EXPECT_EQ(o.plain.size(), (nested.size() + 63) / 64 * 64);
    EXPECT_TRUE(plain.empty() && verdict.empty());
    return o;
  }
  gcm_key random_key() { return {random.string(random.one_in(2) ? 16 : 32), random.string(4)}; }
  /// Status of a packet with this plaintext, correctly sealed.
  unsigned status_of(const bytes& plaintext) {
    const gcm_key k = random_key();
    return run(k, seal_nested(k, 0x12345678, 5, plaintext)).status;
  }

  RandomSource random;
  hls::stream<open_job> job{"job"};
  hls::stream<payload_beat> cipher{"cipher"}, plain{"plain"};
  hls::stream<open_verdict> verdict{"verdict"};
  hls::simulation simulation;
};

TEST_F(Open, PublishedPacket) {
  const published_packet p;
  bytes packet = p.head, expected = p.head;
  append(packet, p.ciphertext);
  append(packet, p.icv);
  append(expected, p.plaintext);
  const opened o = run(p.key, packet);
  expected.resize(o.plain.size());
  EXPECT_EQ(to_hex(o.plain), to_hex(expected));
  EXPECT_EQ(o.status, unsigned(OPEN_PADDING));  // authentic, but its trailer is not that of a control message
}

TEST_F(Open, EveryDataLength) {
  for (std::size_t size = 0; size <= 260; size++) {
    const gcm_key k = random_key();
    const std::uint8_t subtype = random.of<std::uint8_t>({2, 3, 200}),
                       flags = static_cast<std::uint8_t>(random.in(0, subtype == 200 ? 255 : 127));
    const bytes text = echo_plaintext(subtype, flags, random.string(size), static_cast<unsigned>(random.in(0, 60)));
    const bytes nested = seal_nested(k, static_cast<std::uint32_t>(random.in(256, ~0u)), random.in(1, ~0ull), text);
    const opened o = run(k, nested);
    SCOPED_TRACE("data length " + std::to_string(size));
    ASSERT_EQ(o.status, unsigned(OPEN_OK));
    ASSERT_EQ(o.subtype, subtype);
    bytes expected(nested.begin(), nested.begin() + 16);
    append(expected, text);
    expected.resize(o.plain.size());
    ASSERT_EQ(to_hex(o.plain), to_hex(expected));
  }
}

TEST_F(Open, LongestPackets) {
  for (std::size_t size : {1300u, 4000u, 9150u, 9167u, 9170u}) {
    EXPECT_EQ(status_of(echo_plaintext(2, 0, random.string(size))), unsigned(OPEN_OK)) << size;
  }
}

TEST_F(Open, EveryBitOfThePacketIsProtected) {
  const gcm_key k = random_key();
  const bytes nested = seal_nested(k, 0xdeadbeef, 9, echo_plaintext(2, 0, random.string(61)));
  for (std::size_t bit = 0; bit < 8 * nested.size(); bit++) {
    bytes forged = nested;
    forged[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    ASSERT_EQ(run(k, forged).status, unsigned(OPEN_ICV)) << "bit " << bit;
  }
  EXPECT_EQ(run(k, nested).status, unsigned(OPEN_OK));
}

// A key of which a bit flips in the card's memory: no packet is authentic under it, unless the bit does not take part.
TEST_F(Open, EveryBitOfTheKeyIsProtected) {
  for (const int used : {128, 256}) {
    const gcm_key k = {random.string(static_cast<std::size_t>(used) / 8), random.string(4)};
    const bytes nested = seal_nested(k, 0x1000, 1, echo_plaintext(2, 0, random.string(61)));
    const auto flip_each = [&](auto member, int width, int taking_part) {
      for (int bit = 0; bit < width; bit++) {
        key_t damaged = to_key(k);
        auto& value = damaged.*member;
        value[bit] = !value[bit];
        ASSERT_EQ(run(damaged, nested).status, unsigned(bit < taking_part ? OPEN_ICV : OPEN_OK)) << "bit " << bit;
      }
    };
    flip_each(&key_t::key, 256, used);
    flip_each(&key_t::aes256, 1, 1);
    flip_each(&key_t::salt, 32, 32);
    for (const auto power : {&key_t::h1, &key_t::h2, &key_t::h3, &key_t::h4}) flip_each(power, 128, 128);
  }
}

TEST_F(Open, PaddingOfEveryLengthAndItsFaults) {
  for (unsigned padding = 0; padding <= 255; padding++) {
    bytes text = echo_plaintext(2, 0, random.string(random.in(0, 3) * 4 + (258 - padding) % 4), 0);
    text.resize(8 + get(text, 2, 2));
    for (unsigned i = 1; i <= padding; i++) text.push_back(static_cast<std::uint8_t>(i));
    text.push_back(static_cast<std::uint8_t>(padding));
    text.push_back(144);
    if (text.size() % 4 != 0) continue;
    ASSERT_EQ(status_of(text), unsigned(OPEN_OK)) << "padding " << padding;
    if (padding == 0) continue;
    bytes bad = text;
    bad[bad.size() - 2 - random.in(1, padding)] ^= static_cast<std::uint8_t>(1 << random.in(0, 7));
    ASSERT_EQ(status_of(bad), unsigned(OPEN_PADDING)) << "padding " << padding;
  }
}

TEST_F(Open, TrailerAndBodyFaults) {
  const bytes good = echo_plaintext(2, 0, random.string(50), 4);
  ASSERT_EQ(status_of(good), unsigned(OPEN_OK));
  bytes t = good;
  t.back() = 143;
  EXPECT_EQ(status_of(t), unsigned(OPEN_PADDING));
  t = good;
  t[t.size() - 2] = 255;  // more than there is
  EXPECT_EQ(status_of(t), unsigned(OPEN_PADDING));
  for (int change : {-1, 1, -50, 1000, 65485}) {
    t = good;
    put(t, 2, 2, static_cast<std::uint64_t>(50 + change) & 0xffff);
    EXPECT_EQ(status_of(t), unsigned(OPEN_MALFORMED)) << change;
  }
  t = good;
  t[1] = 0x80;  // R
  EXPECT_EQ(status_of(t), unsigned(OPEN_MALFORMED));
  t[0] = 200;  // the byte is an error's code
  EXPECT_EQ(status_of(t), unsigned(OPEN_OK));
  for (unsigned subtype = 0; subtype < 256; subtype++) {
    t = good;
    t[0] = static_cast<std::uint8_t>(subtype);
    const bool known = subtype == 2 || subtype == 3 || subtype == 200;
    EXPECT_EQ(status_of(t), unsigned(known ? OPEN_OK : OPEN_MALFORMED)) << subtype;
  }
}

TEST_F(Open, IllegalLengthsAreMalformedAndDoNoHarm) {
  const gcm_key k = random_key();
  const bytes good = seal_nested(k, 0x1000, 1, echo_plaintext(2, 0, random.string(20)));
  for (std::size_t size : {1u, 4u, 15u, 16u, 20u, 32u, 35u, 37u, 38u, 39u, 63u, 65u, 97u, 130u, 9217u, 9220u}) {
    EXPECT_EQ(run(k, random.string(size)).status, unsigned(OPEN_MALFORMED)) << size;
    ASSERT_EQ(run(k, good).status, unsigned(OPEN_OK)) << "after " << size;
  }
}

TEST_F(Open, WrongKeySaltOrSize) {
  const gcm_key k = {random.string(32), random.string(4)};
  const bytes nested = seal_nested(k, 0x1000, 1, echo_plaintext(2, 0, random.string(20)));
  gcm_key other = k;
  other.salt[3] ^= 1;
  EXPECT_EQ(run(other, nested).status, unsigned(OPEN_ICV));
  other = k;
  other.key[31] ^= 1;
  EXPECT_EQ(run(other, nested).status, unsigned(OPEN_ICV));
  other = k;
  other.key.resize(16);
  EXPECT_EQ(run(other, nested).status, unsigned(OPEN_ICV));
  EXPECT_EQ(run(k, nested).status, unsigned(OPEN_OK));
}

}  // namespace
}  // namespace sapulse::test
