// SPDX-License-Identifier: Apache-2.0
// Payloads that are classes, and those with side channels.
#include "arp_responder_fast_layout.h"
#include "corpus_test.h"
#include "narrow_fast_layout.h"

namespace {

arp_packet random_packet(cosim::Random& random) {
  arp_packet p;
  p.operation = 1 + random.below(2);
  p.destination = random.value<ap_uint<48>>();
  p.source = random.value<ap_uint<48>>();
  for (int i = 0; i < 2; i++) {
    p.hosts[i].mac = random.value<ap_uint<48>>();
    for (auto& byte : p.hosts[i].ip) byte = static_cast<unsigned char>(random.below(256));
  }
  if (random.chance(0.7)) {
    for (int i = 0; i < 4; i++) p.hosts[1].ip[i] = arp_address[i];
  }
  return p;
}

TEST(CorpusPayloads, MembersFollowEachOtherFromTheFirstBitOn) {
  arp_packet p;
  p.destination = 0x010203040506;
  p.hosts[1].ip[3] = 0xa5;
  const auto words = cosim::to_words(std::vector{p}, arp_responder_layout::in);
  // destination, source, operation, then twice a MAC and four bytes
  ASSERT_EQ(words[0].size(), (48 + 48 + 16 + 2 * (48 + 32) + 31) / 32);
  EXPECT_EQ(words[0][0], 0x03040506u);
  EXPECT_EQ(words[0][1], 0x0102u);
  EXPECT_EQ(words[0].back(), 0xa500u);  // bits 264 to 271
}

}  // namespace

TYPED_TEST(Corpus, ArpResponder) {
  hls::stream<arp_packet> in("in"), out("out");
  std::vector<arp_packet> requests;
  for (int i = 0; i < 500; i++) in.write(requests.emplace_back(random_packet(this->random_)));
  this->run_native([&] { arp_responder(in, out); });
  const auto answers = cosim::drain(out);
  EXPECT_GT(answers.size(), 50u);
  COSIM_SOURCE(this->bench_, arp_responder_in, cosim::to_words(requests, arp_responder_layout::in));
  COSIM_SINK(this->bench_, arp_responder_out, cosim::to_words(answers, arp_responder_layout::out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Narrow) {
  hls::stream<wide_beat> in("in");
  hls::stream<narrow_beat> out("out");
  std::vector<wide_beat> beats;
  for (int i = 0; i < 500; i++) {
    wide_beat b;
    b.data = this->random_.template value<ap_uint<64>>();
    b.last = this->random_.chance(0.2);
    const auto bytes = b.last ? 1 + this->random_.below(8) : 8;
    b.keep = b.strb = (1u << bytes) - 1;
    b.user = this->random_.below(16);
    in.write(beats.emplace_back(b));
  }
  this->run_native([&] { narrow(in, out); });
  COSIM_SOURCE(this->bench_, narrow_in, cosim::to_words(beats, narrow_layout::in));
  COSIM_SINK(this->bench_, narrow_out, cosim::to_words(cosim::drain(out), narrow_layout::out));
  EXPECT_EQ(this->bench_.run_all(), "");
}
