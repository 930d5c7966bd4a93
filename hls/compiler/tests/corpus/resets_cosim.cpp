// SPDX-License-Identifier: Apache-2.0
// The simulation views in any cycle, resets included: what is in the pipeline is lost, but not what is in memories.
#include "corpus_test.h"

TEST(CorpusView, ResetsAtAnyTime) {
  cosim::Random random(cosim::seed());
  std::printf("cosim seed %llu\n", static_cast<unsigned long long>(cosim::seed()));
  VerilatedContext context;
  context.randReset(2);
  Vcorpus_fast model(&context);
  model.ap_rst_n = 0;
  int resets = 0;
  for (int cycle = 0; cycle < 20000; cycle++) {
    disturb(model, random);
    model.checksum_inserter_in_tvalid = 0;  // it asserts what it is given
    model.ap_clk = 0;
    model.eval();
    model.ap_clk = 1;
    model.eval();  // views that differ end the program here
    model.ap_rst_n = !random.chance(model.ap_rst_n ? 0.02 : 0.3);
    resets += !model.ap_rst_n;
  }
  model.final();
  EXPECT_GT(resets, 100);
}
