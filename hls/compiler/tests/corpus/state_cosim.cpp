// SPDX-License-Identifier: Apache-2.0
// Static variables with constructors, those that take their first value from the first iteration, and constant tables.
#include "corpus_test.h"

TYPED_TEST(Corpus, Sequencer) {
  hls::stream<ap_uint<8>> in("in");
  hls::stream<sequenced> out("out");
  const auto words = this->fill(in, 300);
  this->run_native([&] {
    if (!in.empty()) sequencer(in, out);  // its variables begin with the first word, not with the first call
  });
  COSIM_SOURCE(this->bench_, sequencer_in, words);
  COSIM_SINK(this->bench_, sequencer_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Transliterator) {
  hls::stream<ap_uint<24>> in("in");
  hls::stream<ap_uint<64>> out("out");
  const auto words = this->fill(in, 300);
  this->run_native([&] { transliterator(in, out); });
  COSIM_SOURCE(this->bench_, transliterator_in, words);
  COSIM_SINK(this->bench_, transliterator_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}
