// SPDX-License-Identifier: Apache-2.0
// Each kernel twice after one reset, on the same memories, whose words lie across borders of 4 KiB.
#include <gtest/gtest.h>

#include <numeric>

#include "Vmemory_fast.h"
#include "Vmemory_slow.h"
#include "axi_memory.h"
#include "kernels.h"
#include "memory_ports.h"

template <class Model>
class Memory : public testing::Test {
 protected:
  Memory() : bench_(cosim::seed()), random_(cosim::seed()) {}

  template <class T>
  std::vector<T> random_words(std::size_t count) {
    std::vector<T> words(count);
    for (T& t : words) t = random_.value<T>();
    return words;
  }

  cosim::Bench<Model> bench_;
  cosim::Random random_;
  cosim::Memories memories_;
};

using MemoryModels = testing::Types<Vmemory_fast, Vmemory_slow>;

class MemoryNames {
 public:
  template <class Model>
  static std::string GetName(int) {
    return std::is_same_v<Model, Vmemory_fast> ? "Fast" : "Slow";
  }
};
TYPED_TEST_SUITE(Memory, MemoryModels, MemoryNames);

/// What is put to the model's ports before a run.
#define SETUP(...)                     \
  this->bench_.setup([=](TypeParam& m) { \
    quiet(m);                          \
    __VA_ARGS__;                       \
  })

TYPED_TEST(Memory, Adder) {
  constexpr int n = 700;
  const auto a = this->template random_words<unsigned>(n), b = this->template random_words<unsigned>(n);
  const std::vector<unsigned> before(n + 1, 7);
  auto sums = before;
  memory_adder(a.data(), b.data(), sums.data(), n);
  this->memories_.add("a", 0x10f80, a, a);
  this->memories_.add("b", 0x20004, b, b);
  this->memories_.add("sums", 0x30ff8, before, sums);
  COSIM_AXI(this->bench_, this->memories_, memory_adder_m_axi_gmem0, 32);
  COSIM_AXI(this->bench_, this->memories_, memory_adder_m_axi_gmem1, 32);
  COSIM_CALLS(this->bench_, memory_adder_, 2);
  SETUP(m.memory_adder_a = 0x10f80, m.memory_adder_b = 0x20004, m.memory_adder_sums = 0x30ff8, m.memory_adder_n = n);
  EXPECT_EQ(this->bench_.run_all(), "");
  EXPECT_EQ(this->bench_.run({1, 1}), "");
  if (std::is_same_v<TypeParam, Vmemory_fast>)
    EXPECT_LT(this->bench_.statistics().cycles, 2 * (n * 1.25 + 300)) << "bursts do not follow one another";
}

TYPED_TEST(Memory, Copier) {
  constexpr int n = 431;
  const auto from = this->template random_words<unsigned long long>(n);
  const std::vector<unsigned long long> before(n + 9, 7);
  auto to = before;
  memory_copier(from.data(), to.data(), n);
  this->memories_.add("from", 0x10008, from, from);
  this->memories_.add("to", 0x20ff0, before, to);
  COSIM_AXI(this->bench_, this->memories_, memory_copier_m_axi_gmem, 64);
  COSIM_CALLS(this->bench_, memory_copier_, 2);
  SETUP(m.memory_copier_from = 0x10008, m.memory_copier_to = 0x20ff0, m.memory_copier_words = n);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Memory, Gatherer) {
  constexpr int n = 90;
  auto indices = this->template random_words<unsigned short>(n);
  for (auto& i : indices) i %= 500;
  const auto lookup = this->template random_words<unsigned short>(500);
  const std::vector<unsigned short> before(n, 0);
  auto values = before;
  memory_gatherer(indices.data(), lookup.data(), values.data(), n);
  this->memories_.add("indices", 0x10ffe, indices, indices);
  this->memories_.add("lookup", 0x20e00, lookup, lookup);
  this->memories_.add("values", 0x30000, before, values);
  COSIM_AXI(this->bench_, this->memories_, memory_gatherer_m_axi_gmem, 16);
  COSIM_CALLS(this->bench_, memory_gatherer_, 2);
  SETUP(m.memory_gatherer_indices = 0x10ffe, m.memory_gatherer_lookup = 0x20e00, m.memory_gatherer_values = 0x30000,
        m.memory_gatherer_n = n);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Memory, Histogram) {
  constexpr int n = 150;
  auto data = this->template random_words<unsigned char>(n);
  for (auto& d : data) d %= 6;  // many of them follow one another
  const std::vector<unsigned> before(256, 0xffffffff);
  auto counts = before;
  memory_histogram(data.data(), counts.data(), n);
  this->memories_.add("data", 0x10fc1, data, data);
  this->memories_.add("counts", 0x20e00, before, counts);
  COSIM_AXI(this->bench_, this->memories_, memory_histogram_m_axi_data, 8);
  COSIM_AXI(this->bench_, this->memories_, memory_histogram_m_axi_counts, 32);
  COSIM_CALLS(this->bench_, memory_histogram_, 2);
  SETUP(m.memory_histogram_data = 0x10fc1, m.memory_histogram_counts = 0x20e00, m.memory_histogram_n = n);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Memory, Updater) {
  constexpr int n = 300;
  const ap_uint<40> threshold = ap_uint<40>(1) << 38;
  std::vector<memory_record> before(n);
  for (memory_record& r : before) {
    r.key = this->random_.template value<ap_uint<40>>();
    r.count = this->random_.below(3);
    for (auto& f : r.flags) f = this->random_.below(256);
  }
  auto records = before;
  std::vector<ap_uint<16>> changed(2);
  for (auto& c : changed) memory_updater(records.data(), threshold, n, c);
  this->memories_.add("records", 0x10ff0, before, records);
  COSIM_AXI(this->bench_, this->memories_, memory_updater_m_axi_gmem, 128);
  COSIM_CALLS(this->bench_, memory_updater_, 2);
  COSIM_VALUES(this->bench_, memory_updater_changed, changed);
  SETUP(m.memory_updater_records = 0x10ff0, m.memory_updater_threshold = 1ULL << 38, m.memory_updater_n = n);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Memory, Server) {
  const auto words = this->template random_words<ap_uint<512>>(1024);
  hls::stream<ap_uint<10>> addresses("addresses");
  hls::stream<ap_uint<512>> answers("answers");
  std::vector<ap_uint<10>> asked;
  for (int i = 0; i < 200; i++) {
    addresses.write(asked.emplace_back(this->random_.template value<ap_uint<10>>()));
    memory_server(addresses, words.data(), answers);
  }
  this->memories_.add("words", 0, words, words);
  COSIM_AXI(this->bench_, this->memories_, memory_server_m_axi_gmem, 512);
  COSIM_SOURCE(this->bench_, memory_server_addresses, asked);
  COSIM_SINK(this->bench_, memory_server_answers, cosim::drain(answers));
  SETUP();
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Memory, Rows) {
  constexpr int rows = 16, columns = 19;
  const auto matrix = this->template random_words<int>(rows * memory_columns);
  const std::vector<int> before(rows + 2, 1);
  auto sums = before;
  memory_rows(reinterpret_cast<const int(*)[memory_columns]>(matrix.data()), sums.data(), rows, columns);
  this->memories_.add("matrix", 0x10f00, matrix, matrix);
  this->memories_.add("sums", 0x20ffc, before, sums);
  COSIM_AXI(this->bench_, this->memories_, memory_rows_m_axi_in, 32);
  COSIM_AXI(this->bench_, this->memories_, memory_rows_m_axi_out, 32);
  COSIM_CALLS(this->bench_, memory_rows_, 2);
  SETUP(m.memory_rows_matrix = 0x10f00, m.memory_rows_sums = 0x20ffc, m.memory_rows_rows = rows,
        m.memory_rows_columns = columns);
  EXPECT_EQ(this->bench_.run_all(), "");
}

TYPED_TEST(Memory, Shifter) {
  constexpr int n = 41;
  auto before = this->template random_words<unsigned>(n);
  before.insert(before.end(), {0, 0});
  auto words = before;
  for (int call = 0; call < 2; call++) memory_shifter(words.data(), n);
  this->memories_.add("words", 0x10fe0, before, words);
  COSIM_AXI(this->bench_, this->memories_, memory_shifter_m_axi_gmem, 32);
  COSIM_CALLS(this->bench_, memory_shifter_, 2);
  SETUP(m.memory_shifter_words = 0x10fe0, m.memory_shifter_n = n);
  EXPECT_EQ(this->bench_.run_all(), "");
}

/// Answers that are not OKAY show, and nothing hangs.
TYPED_TEST(Memory, Errors) {
  constexpr int n = 64;
  const auto a = this->template random_words<unsigned>(n), b = this->template random_words<unsigned>(n);
  auto sums = std::vector<unsigned>(n);
  memory_adder(a.data(), b.data(), sums.data(), n);
  this->memories_.add("a", 0x10000, a, a);
  this->memories_.add("b", 0x20000, b, b);
  auto written = sums;
  std::fill_n(written.begin(), 16, 0);  // the burst that is refused
  this->memories_.add("sums", 0x30000, std::vector<unsigned>(n), written);
  this->memories_.break_at(0x20044);
  this->memories_.break_at(0x30004);
  COSIM_AXI(this->bench_, this->memories_, memory_adder_m_axi_gmem0, 32, 2);
  COSIM_AXI(this->bench_, this->memories_, memory_adder_m_axi_gmem1, 32, 1);
  COSIM_CALLS(this->bench_, memory_adder_, 1);
  SETUP(m.memory_adder_a = 0x10000, m.memory_adder_b = 0x20000, m.memory_adder_sums = 0x30000, m.memory_adder_n = n);
  EXPECT_EQ(this->bench_.run_all(), "");
}
