// SPDX-License-Identifier: Apache-2.0
// The examples of examples/, each native against its RTL.
#include "../../examples/average.cpp"
#include "../../examples/choose.cpp"
#include "../../examples/clip.cpp"
#include "../../examples/counter.cpp"
#include "../../examples/expand.cpp"
#include "../../examples/filter.cpp"
#include "../../examples/histogram.cpp"
#include "../../examples/network.cpp"
#include "../../examples/number_packets.cpp"
#include "../../examples/population.cpp"
#include "corpus_test.h"
// the processes first
#include "network_fast_simulation.h"
#include "number_packets_fast_layout.h"

template <class Model>
using Examples = Corpus<Model>;
TYPED_TEST_SUITE(Examples, CorpusModels, CorpusNames);

TYPED_TEST(Examples, Counter) {
  hls::stream<ap_uint<16>> out("out", 700);
  hls::simulation simulation;
  simulation.add("counter", [&] { counter(out); });
  simulation.run();
  this->bench_.end_anywhere(true);
  COSIM_SINK(this->bench_, counter_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, Clip) {
  constexpr int kOffset = -321, kLimit = 9000;
  hls::stream<ap_int<16>> in("in"), out("out");
  const auto words = this->fill(in, 400);
  this->run_native([&] { clip(in, out, kOffset, kLimit); });
  this->bench_.setup([](TypeParam& m) {
    quiet(m);
    m.clip_offset = static_cast<std::uint16_t>(kOffset);
    m.clip_limit = kLimit;
  });
  COSIM_SOURCE(this->bench_, clip_in, words);
  COSIM_SINK(this->bench_, clip_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, Average) {
  hls::stream<ap_uint<12>> in("in"), out("out");
  const auto words = this->fill(in, 400);
  this->run_native([&] { average(in, out); });
  COSIM_SOURCE(this->bench_, average_in, words);
  COSIM_SINK(this->bench_, average_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, Filter) {
  constexpr unsigned kPort = 500;
  hls::stream<packet> in("in"), out("out");
  std::vector<packet> packets;
  for (int i = 0; i < 400; i++) {
    packet p = this->random_.template value<packet>();
    if (this->random_.chance(0.3)) p.port = kPort;
    packets.push_back(p);
    in.write(p);
  }
  this->run_native([&] { filter(in, out, kPort); });
  EXPECT_GT(out.size(), 50u);
  this->bench_.setup([](TypeParam& m) {
    quiet(m);
    m.filter_port = kPort;
  });
  COSIM_SOURCE(this->bench_, filter_in, packets);
  COSIM_SINK(this->bench_, filter_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, Histogram) {
  hls::stream<ap_uint<8>> in("in");
  hls::stream<seen> out("out");
  std::vector<ap_uint<8>> words;
  for (int i = 0; i < 600; i++) words.push_back(this->random_.below(i % 2 ? 256 : 3));  // some of them at once
  for (const ap_uint<8>& w : words) in.write(w);
  this->run_native([&] { histogram(in, out); });
  COSIM_SOURCE(this->bench_, histogram_in, words);
  COSIM_SINK(this->bench_, histogram_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, Population) {
  hls::stream<ap_uint<32>> in("in");
  hls::stream<ap_uint<6>> out("out");
  const auto words = this->fill(in, 400);
  this->run_native([&] { population(in, out); });
  COSIM_SOURCE(this->bench_, population_in, words);
  COSIM_SINK(this->bench_, population_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, Expand) {
  hls::stream<run> in("in");
  hls::stream<ap_uint<8>> out("out");
  const auto runs = this->fill(in, 100);
  this->run_native([&] { expand(in, out); });
  COSIM_SOURCE(this->bench_, expand_in, runs);
  COSIM_SINK(this->bench_, expand_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, Choose) {
  constexpr unsigned kKey = 0x9b51;
  hls::stream<ap_uint<1>> which("which");
  hls::stream<ap_uint<16>> a("a"), b("b"), out("out");
  const auto choices = this->fill(which, 300);
  std::size_t ones = 0;
  for (const ap_uint<1>& c : choices) ones += c;
  const auto from_a = this->fill(a, static_cast<int>(ones)), from_b = this->fill(b, static_cast<int>(300 - ones));
  this->run_native([&] { choose(which, a, b, out, kKey); });
  this->bench_.setup([](TypeParam& m) {
    quiet(m);
    m.choose_key = kKey;
  });
  COSIM_SOURCE(this->bench_, choose_which, choices);
  COSIM_SOURCE(this->bench_, choose_a, from_a);
  COSIM_SOURCE(this->bench_, choose_b, from_b);
  COSIM_SINK(this->bench_, choose_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, NumberPackets) {
  hls::stream<beat> in("in"), out("out");
  std::vector<beat> beats;
  for (int i = 0; i < 400; i++) {
    beat b;
    b.data = this->random_.template value<ap_uint<32>>();
    b.keep = b.strb = this->random_.template value<ap_uint<4>>();
    b.last = this->random_.chance(0.2);
    beats.push_back(b);
    in.write(b);
  }
  this->run_native([&] { number_packets(in, out); });
  COSIM_SOURCE(this->bench_, number_packets_in, cosim::to_words(beats, number_packets_layout::in));
  COSIM_SINK(this->bench_, number_packets_out, cosim::to_words(cosim::drain(out), number_packets_layout::out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Examples, Network) {
  hls::stream<word> in("in");
  hls::stream<ap_uint<8>> out("out");
  auto words = this->fill(in, 399);
  words.push_back({0x55, 1});
  in.write(words.back());
  hls::simulation simulation;
  simulate_network(simulation, "", in, out);
  const auto outcome = simulation.run();
  ASSERT_FALSE(outcome.deadlock) << outcome.text();
  COSIM_SOURCE(this->bench_, network_in, words);
  COSIM_SINK(this->bench_, network_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}
