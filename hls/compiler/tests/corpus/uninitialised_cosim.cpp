// SPDX-License-Identifier: Apache-2.0
// Uninitialised variables are zero: natively by the compiler's option, in the RTL by hlsc.
#include "announcer_fast_layout.h"
#include "corpus_test.h"

TYPED_TEST(Corpus, Announcer) {
  hls::stream<announcement> orders("orders");
  hls::stream<narrow_beat> out("out");
  std::vector<announcement> all;
  for (int i = 0; i < 300; i++) {
    announcement a;
    a.words = this->random_.below(8);
    a.value = this->random_.chance(0.1) ? ap_uint<16>(0xffff) : this->random_.template value<ap_uint<16>>();
    orders.write(all.emplace_back(a));
  }
  this->run_native([&] { announcer(orders, out); });
  const auto beats = cosim::drain(out);
  EXPECT_GT(beats.size(), 500u);
  COSIM_SOURCE(this->bench_, announcer_orders, all);
  COSIM_SINK(this->bench_, announcer_out, cosim::to_words(beats, announcer_layout::out));
  EXPECT_EQ(this->bench_.run_all(), "");
}
