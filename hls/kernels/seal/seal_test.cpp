// SPDX-License-Identifier: Apache-2.0
#include "seal/seal.h"

#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

class Seal : public testing::Test {
 protected:
  Seal() {
    simulation.add("seal", [this] { seal(job, reply, sealed, icv); });
  }
  /// The nested packet that the kernel makes of an opened one.
  bytes sealed_packet(const gcm_key& k, const bytes& open_packet) {
    job.write({to_key(k), open_packet.size()});
    feed(reply, payload_beats(open_packet));
    run_until_idle(simulation);
    bytes packet = take_payload(sealed);
    EXPECT_EQ(packet.size(), (open_packet.size() + 63) / 64 * 64);
    for (std::size_t i = open_packet.size() - 16; i < packet.size(); i++) EXPECT_EQ(packet[i], 0) << "byte " << i;
    packet.resize(open_packet.size() - 16);
    const icv_t tag = icv.read();
    EXPECT_EQ(tag.present, 1);
    append(packet, from_ap(tag.icv, 16));
    EXPECT_TRUE(sealed.empty() && icv.empty());
    return packet;
  }

  hls::stream<seal_job> job{"job"};
  hls::stream<payload_beat> reply{"reply"}, sealed{"sealed"};
  hls::stream<icv_t> icv{"icv"};
  hls::simulation simulation;
};

TEST_F(Seal, PublishedPacket) {
  const published_packet p;
  bytes packet = p.head, expected = p.head;
  append(packet, p.plaintext);
  append(packet, bytes(16));
  append(expected, p.ciphertext);
  append(expected, p.icv);
  EXPECT_EQ(to_hex(sealed_packet(p.key, packet)), to_hex(expected));
}

TEST_F(Seal, OpenSslAgreesOnEveryLength) {
  RandomSource random;
  for (std::size_t text = 4; text <= 300; text += 4) {
    for (std::size_t key_size : {16u, 32u}) {
      const gcm_key k = {random.string(key_size), random.string(4)};
      const std::uint32_t spi = static_cast<std::uint32_t>(random.in(256, 0xffffffff));
      const std::uint64_t n = random.in(1, ~0ull);
      const bytes plaintext = random.string(text), expected = seal_nested(k, spi, n, plaintext);
      bytes packet(expected.begin(), expected.begin() + 16);
      append(packet, plaintext);
      append(packet, random.string(16));  // whatever stands where the ICV goes
      ASSERT_EQ(to_hex(sealed_packet(k, packet)), to_hex(expected)) << "text " << text << " key " << key_size;
    }
  }
}

TEST_F(Seal, LongPackets) {
  RandomSource random;
  for (std::size_t text : {1020u, 4096u, 9180u, 9184u}) {
    const gcm_key k = {random.string(text % 8 == 0 ? 16 : 32), random.string(4)};
    const bytes plaintext = random.string(text), expected = seal_nested(k, 0x1234, 77, plaintext);
    bytes packet(expected.begin(), expected.begin() + 16);
    append(packet, plaintext);
    append(packet, bytes(16));
    ASSERT_EQ(to_hex(sealed_packet(k, packet)), to_hex(expected)) << "text " << text;
  }
}

}  // namespace
}  // namespace sapulse::test
