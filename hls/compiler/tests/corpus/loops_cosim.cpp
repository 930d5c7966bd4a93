// SPDX-License-Identifier: Apache-2.0
// Loops that are not unrolled: with bounds that are known at run time alone, around streams, in each other, without an
// end.
#include "corpus_test.h"

TYPED_TEST(Corpus, Depacketiser) {
  hls::stream<ap_uint<16>> in("in"), out("out");
  std::vector<ap_uint<16>> words;
  for (int packet = 0; packet < 100; packet++) {
    ap_uint<16> sum = 0;
    words.push_back(this->random_.below(8));
    for (int i = words.back().to_int(); i > 0; i--)
      sum += words.emplace_back(this->random_.template value<ap_uint<16>>());
    words.push_back(this->random_.chance(0.8) ? sum : ap_uint<16>(sum + 1));
  }
  for (const auto& word : words) in.write(word);
  std::vector<ap_uint<16>> counts;
  this->run_native([&] {
    ap_uint<16> packets;
    depacketiser(in, out, packets);
    counts.push_back(packets);
  });
  COSIM_SOURCE(this->bench_, depacketiser_in, words);
  COSIM_SINK(this->bench_, depacketiser_out, cosim::drain(out));
  COSIM_VALUES(this->bench_, depacketiser_packets, counts);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Reverser) {
  hls::stream<ap_uint<16>> in("in"), out("out");
  std::vector<ap_uint<16>> words;
  for (int i = 0; i < 400; i++) {
    ap_uint<16> word = this->random_.template value<ap_uint<16>>();
    word[15] = i == 399 || this->random_.chance(0.1);  // the last word ends the last block
    in.write(words.emplace_back(word));
  }
  this->run_native([&] { reverser(in, out); });
  COSIM_SOURCE(this->bench_, reverser_in, words);
  COSIM_SINK(this->bench_, reverser_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, RowSums) {
  hls::stream<ap_uint<16>> rows[3];
  hls::stream<ap_uint<24>> sums("sums");
  std::vector<ap_uint<16>> words[3];
  for (int i = 0; i < 3; i++) words[i] = this->fill(rows[i], 200);
  std::vector<ap_uint<24>> results;
  this->run_native([&] { results.push_back(row_sums(rows, sums)); });
  EXPECT_EQ(results.size(), 50u);
  COSIM_SOURCE(this->bench_, row_sums_rows_0, words[0]);
  COSIM_SOURCE(this->bench_, row_sums_rows_1, words[1]);
  COSIM_SOURCE(this->bench_, row_sums_rows_2, words[2]);
  COSIM_SINK(this->bench_, row_sums_sums, cosim::drain(sums));
  COSIM_VALUES(this->bench_, row_sums_ap_return, results);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Divider) {
  hls::stream<division> in("in"), out("out");
  std::vector<division> divisions;
  for (int i = 0; i < 60; i++) {
    division d = this->random_.template value<division>();
    d.b >>= static_cast<int>(this->random_.below(9));
    in.write(divisions.emplace_back(d));
  }
  this->run_native([&] { divider(in, out); });
  const auto results = cosim::drain(out);
  ASSERT_EQ(results.size(), divisions.size());
  for (std::size_t i = 0; i < results.size(); i++) {
    if (divisions[i].b != 0) EXPECT_EQ(results[i].a.to_int(), divisions[i].a.to_int() / divisions[i].b.to_int());
  }
  COSIM_SOURCE(this->bench_, divider_in, divisions);
  COSIM_SINK(this->bench_, divider_out, results);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Tiler) {
  hls::stream<ap_uint<3>> in("in");
  hls::stream<field> out("out");
  const auto rows = this->fill(in, 100);
  this->run_native([&] { tiler(in, out); });
  COSIM_SOURCE(this->bench_, tiler_in, rows);
  COSIM_SINK(this->bench_, tiler_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Accumulator) {
  hls::stream<ap_uint<16>> in("in"), out("out");
  const auto words = this->fill(in, 300);
  hls::simulation simulation;
  simulation.add("accumulator", [&] { accumulator(in, out); });
  simulation.run();  // it is always in the middle of its only call
  COSIM_SOURCE(this->bench_, accumulator_in, words);
  COSIM_SINK(this->bench_, accumulator_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}
