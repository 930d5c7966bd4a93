// SPDX-License-Identifier: Apache-2.0
// empty(), full(), reads that exclude each other, a memory that is read at several places.
#include "corpus_test.h"

TYPED_TEST(Corpus, Arbiter) {
  hls::stream<ap_uint<24>> a("a"), b("b");
  hls::stream<granted> out("out");
  const auto from_a = this->fill(a, 300), from_b = this->fill(b, 200);
  this->run_native([&] { arbiter(a, b, out); });
  std::vector<granted> taken_from_a, taken_from_b;  // in which order they take turns depends on when they come
  for (const granted& g : cosim::drain(out)) (g.from ? taken_from_b : taken_from_a).push_back(g);

  COSIM_SOURCE(this->bench_, arbiter_a, from_a);
  COSIM_SOURCE(this->bench_, arbiter_b, from_b);
  COSIM_SINK_INTERLEAVED(this->bench_, arbiter_out, taken_from_a, taken_from_b);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Framer) {
  hls::stream<ap_uint<16>> in("in"), out("out");
  in.report_leftovers = false;
  auto words = this->fill(in, 1000);
  this->run_native([&] { framer(in, out); });
  COSIM_SOURCE(this->bench_, framer_in, words);
  COSIM_SINK(this->bench_, framer_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Relay) {
  hls::stream<ap_uint<16>> in("in"), out("out");
  const auto words = this->fill(in, 1000);
  this->run_native([&] { relay(in, out); });
  COSIM_SOURCE(this->bench_, relay_in, words);
  COSIM_SINK(this->bench_, relay_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, FlowTable) {
  hls::stream<flow_request> in("in");
  hls::stream<flow_answer> out("out");
  std::vector<flow_request> requests;
  for (int i = 0; i < 1000; i++) {
    flow_request r = this->random_.template value<flow_request>();
    r.key = this->random_.below(7);  // keys come again, at once, too
    r.slot = this->random_.below(7);
    requests.push_back(r);
    in.write(r);
  }
  this->run_native([&] { flow_table(in, out); });
  COSIM_SOURCE(this->bench_, flow_table_in, requests);
  COSIM_SINK(this->bench_, flow_table_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}
