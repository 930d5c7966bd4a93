// SPDX-License-Identifier: Apache-2.0
// Networks of processes: FIFOs, arrays of streams, a network within a network. Natively hlsc's own list of processes
// runs, with streams of the stated depths.
#include "corpus_test.h"
#include "kernels/dispatcher.cpp"
#include "kernels/port_handler.cpp"
#include "kernels/sum_first.cpp"
// the processes first
#include "dispatcher_fast_simulation.h"
#include "port_handler_fast_simulation.h"
#include "sum_first_fast_simulation.h"

namespace {

constexpr unsigned kOffset = 0x1234;

std::vector<packet_word> packet(cosim::Random& random, unsigned words) {
  std::vector<packet_word> r;
  for (unsigned i = 0; i < words; i++) r.push_back({random.value<ap_uint<16>>(), i + 1 == words});
  return r;
}

}  // namespace

TYPED_TEST(Corpus, SumFirst) {
  hls::stream<packet_word> in("in"), out("out");
  std::vector<packet_word> words;
  for (int i = 0; i < 60; i++) {  // the longest ones fill the FIFO
    const unsigned length = i % 3 ? 1 + this->random_.below(sum_first_longest) : sum_first_longest;
    for (const packet_word& w : packet(this->random_, length)) words.push_back(w);
  }
  for (const packet_word& w : words) in.write(w);
  hls::simulation simulation;
  simulate_sum_first(simulation, "", in, out, kOffset);
  const auto outcome = simulation.run();
  ASSERT_FALSE(outcome.deadlock) << outcome.text();

  this->bench_.setup([](TypeParam& m) {
    quiet(m);
    m.sum_first_offset = kOffset;
  });
  COSIM_SOURCE(this->bench_, sum_first_in, words);
  COSIM_SINK(this->bench_, sum_first_out, cosim::drain(out));
  EXPECT_EQ(this->bench_.run_all(), "");
}

TEST(CorpusNetworks, ADeadlockNamesProcessesAndStreams) {
  hls::stream<packet_word> in("in"), out("out");
  in.report_leftovers = false;
  cosim::Random random(cosim::seed());
  for (const packet_word& w : packet(random, sum_first_longest + 1)) in.write(w);
  hls::simulation simulation;
  simulate_sum_first(simulation, "net.", in, out, kOffset);
  const auto outcome = simulation.run();
  EXPECT_TRUE(outcome.deadlock);
  EXPECT_EQ(outcome.text(),
            "deadlock\n"
            "  net.add_up: write to full stream 'net.words'\n"
            "  net.put_in_front: read from empty stream 'net.sums' (between iterations)");
}

TYPED_TEST(Corpus, PortHandler) {
  hls::stream<ap_uint<16>> in[4];
  hls::stream<ported> out("out");
  std::vector<std::vector<ap_uint<16>>> lengths;
  for (auto& port : in) lengths.push_back(this->fill(port, 150));
  hls::simulation simulation;
  simulate_port_handler(simulation, "", in, out);
  const auto outcome = simulation.run();
  ASSERT_FALSE(outcome.deadlock) << outcome.text();
  std::vector<ported> from[4];  // which port comes when depends on time
  for (const ported& p : cosim::drain(out)) from[p.port].push_back(p);
  EXPECT_GT(from[0].size(), 10u);
  EXPECT_EQ(from[3].size(), 150u);

  COSIM_SOURCE(this->bench_, port_handler_in_0, lengths[0]);
  COSIM_SOURCE(this->bench_, port_handler_in_1, lengths[1]);
  COSIM_SOURCE(this->bench_, port_handler_in_2, lengths[2]);
  COSIM_SOURCE(this->bench_, port_handler_in_3, lengths[3]);
  COSIM_SINK_INTERLEAVED(this->bench_, port_handler_out, from[0], from[1], from[2], from[3]);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Corpus, Dispatcher) {
  hls::stream<ported> in("in");
  hls::stream<ap_uint<16>> out[3];
  const auto words = this->fill(in, 400);
  ap_uint<8> dropped = 0;
  hls::simulation simulation;
  simulate_dispatcher(simulation, "", in, out, dropped);
  const auto outcome = simulation.run();
  ASSERT_FALSE(outcome.deadlock) << outcome.text();
  std::vector<ap_uint<8>> counts;
  for (unsigned i = 1; i <= dropped; i++) counts.push_back(i);
  EXPECT_GT(counts.size(), 50u);

  COSIM_SOURCE(this->bench_, dispatcher_in, words);
  COSIM_SINK(this->bench_, dispatcher_out_0, cosim::drain(out[0]));
  COSIM_SINK(this->bench_, dispatcher_out_1, cosim::drain(out[1]));
  COSIM_SINK(this->bench_, dispatcher_out_2, cosim::drain(out[2]));
  COSIM_VALUES(this->bench_, dispatcher_dropped, counts);
  EXPECT_EQ(this->bench_.run_all(), "");
}

namespace {

void halve(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out) { out.write(in.read() >> 1); }

void quarter(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out) {
  hls_thread_local hls::stream<ap_uint<16>, 1> between("between");
  hls_thread_local hls::task first(halve, in, between);
  hls_thread_local hls::task second(halve, between, out);
}

}  // namespace

TEST(CorpusNetworks, TasksRunWhileTheTestBenchWaits) {
  static hls::stream<ap_uint<16>> in("in"), out("out");
  quarter(in, out);
  for (unsigned i = 0; i < 20; i++) in.write(4 * i);
  for (unsigned i = 0; i < 20; i++) EXPECT_EQ(out.read(), i);
  try {
    out.read();
    FAIL() << "there is nothing to read";
  } catch (const std::logic_error& e) {
    EXPECT_STREQ(e.what(),
                 "read from empty stream 'out' outside of a simulation; tasks: idle\n"
                 "  task: read from empty stream 'in' (between iterations)\n"
                 "  task: read from empty stream 'between' (between iterations)");
  }
}
