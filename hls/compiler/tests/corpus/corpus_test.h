// SPDX-License-Identifier: Apache-2.0
// A kernel of the corpus, native against its RTL at two clocks.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "Vcorpus_fast.h"
#include "Vcorpus_slow.h"
#include "corpus_ports.h"
#include "cosim.h"
#include "hls_stream.h"
#include "kernels.h"

/// A test body for each model; a test program runs one of them, as the kernel's static variables live only once.
template <class Model>
class Corpus : public testing::Test {
 protected:
  Corpus() : bench_(cosim::seed()), random_(cosim::seed()) { bench_.setup(quiet<Model>); }

  /// Random words, in a stream and for the bench.
  template <class T>
  std::vector<T> fill(hls::stream<T>& stream, int count) {
    std::vector<T> words;
    for (int i = 0; i < count; i++) {
      words.push_back(random_.value<T>());
      stream.write(words.back());
    }
    return words;
  }

  void run_native(std::function<void()> kernel) {
    hls::simulation simulation;
    simulation.add("kernel", std::move(kernel));
    const auto outcome = simulation.run();
    ASSERT_FALSE(outcome.deadlock) << outcome.text();
  }

  cosim::Bench<Model> bench_;
  cosim::Random random_;
};

using CorpusModels = testing::Types<Vcorpus_fast, Vcorpus_slow>;

class CorpusNames {
 public:
  template <class Model>
  static std::string GetName(int) {
    return std::is_same_v<Model, Vcorpus_fast> ? "Fast" : "Slow";
  }
};
TYPED_TEST_SUITE(Corpus, CorpusModels, CorpusNames);
