// SPDX-License-Identifier: Apache-2.0
// Prints and assertions in a kernel.
#include "corpus_test.h"

namespace {

std::vector<packet_word> packets(cosim::Random& random, int count) {
  std::vector<packet_word> words;
  for (int i = 0; i < count; i++) {
    const auto length = 1 + random.below(20);
    for (std::uint64_t k = 0; k < length; k++) {
      words.push_back({k == 9 ? ap_uint<16>(0) : random.value<ap_uint<16>>(), k + 1 == length});
    }
  }
  return words;
}

}  // namespace

TYPED_TEST(Corpus, ChecksumInserter) {
  hls::stream<packet_word> in("in"), out("out");
  const auto words = packets(this->random_, 100);
  for (const packet_word& w : words) in.write(w);
  this->run_native([&] { checksum_inserter(in, out); });
  COSIM_SOURCE(this->bench_, checksum_inserter_in, words);
  COSIM_SINK(this->bench_, checksum_inserter_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, AssertionOfTheRtl) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  std::vector<packet_word> words(10, packet_word{1, 0});  // the tenth is not zero
  COSIM_SOURCE(this->bench_, checksum_inserter_in, words);
  COSIM_SINK(this->bench_, checksum_inserter_out, words);
  EXPECT_EXIT(this->bench_.run(cosim::kModes[0]), testing::KilledBySignal(SIGABRT), "");
}
