// SPDX-License-Identifier: Apache-2.0
// Scalars by value, reference and pointer, and a result.
#include "corpus_test.h"

TYPED_TEST(Corpus, Meter) {
  constexpr unsigned limit = 40000, shift = 2, level_before = 41;
  hls::stream<ap_uint<16>> in("in");
  const auto words = this->fill(in, 700);
  std::vector<ap_uint<24>> totals;
  std::vector<ap_uint<16>> above_words, above_by;
  std::vector<ap_uint<6>> levels;
  std::vector<ap_uint<8>> counts;
  this->run_native([&] {
    ap_uint<24> total = 0;
    excess above = {};
    ap_uint<6> level = level_before;
    const ap_uint<16> word = words[counts.size() % words.size()];
    const auto count = meter(in, limit, shift, total, &above, level);
    counts.push_back(count);
    totals.push_back(total);
    if (word[0]) levels.push_back(level);
    if (word > limit) {
      above_words.push_back(above.word);
      above_by.push_back(above.by);
    }
  });
  EXPECT_GT(above_by.size(), 50u);

  this->bench.setup([](TypeParam& m) {
    quiet(m);
    m.meter_limit = limit;
    m.meter_shift = shift;
    m.meter_level_i = level_before;
  });
  COSIM_SOURCE(this->bench, meter_in, words);
  COSIM_VALUES(this->bench, meter_total, totals);
  COSIM_VALUES(this->bench, meter_above_word, above_words);
  COSIM_VALUES(this->bench, meter_above_by, above_by);
  COSIM_VALUES(this->bench, meter_level_o, levels);
  COSIM_VALUES(this->bench, meter_ap_return, counts);
  EXPECT_EQ(this->bench.run_all(), "");
}
