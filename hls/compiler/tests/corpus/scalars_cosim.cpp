// SPDX-License-Identifier: Apache-2.0
// Scalars by value, reference and pointer, and a result.
#include "corpus_test.h"

TYPED_TEST(Corpus, Meter) {
  constexpr unsigned kLimit = 40000, kShift = 2, kLevelBefore = 41;
  hls::stream<ap_uint<16>> in("in");
  const auto words = this->fill(in, 700);
  std::vector<ap_uint<24>> totals;
  std::vector<ap_uint<16>> above_words, above_by;
  std::vector<ap_uint<6>> levels;
  std::vector<ap_uint<8>> counts;
  this->run_native([&] {
    ap_uint<24> total = 0;
    excess above = {};
    ap_uint<6> level = kLevelBefore;
    const ap_uint<16> word = words[counts.size() % words.size()];
    const auto count = meter(in, kLimit, kShift, total, &above, level);
    counts.push_back(count);
    totals.push_back(total);
    if (word[0]) levels.push_back(level);
    if (word > kLimit) {
      above_words.push_back(above.word);
      above_by.push_back(above.by);
    }
  });
  EXPECT_GT(above_by.size(), 50u);

  this->bench_.setup([](TypeParam& m) {
    quiet(m);
    m.meter_limit = kLimit;
    m.meter_shift = kShift;
    m.meter_level_i = kLevelBefore;
  });
  COSIM_SOURCE(this->bench_, meter_in, words);
  COSIM_VALUES(this->bench_, meter_total, totals);
  COSIM_VALUES(this->bench_, meter_above_word, above_words);
  COSIM_VALUES(this->bench_, meter_above_by, above_by);
  COSIM_VALUES(this->bench_, meter_level_o, levels);
  COSIM_VALUES(this->bench_, meter_ap_return, counts);
  EXPECT_EQ(this->bench_.run_all(), "");
}
