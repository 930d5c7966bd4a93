// SPDX-License-Identifier: Apache-2.0
// A random kernel, native against RTL.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cosim.h"
#include "hls_stream.h"

/// Random words through the native kernel, once. The words that it has read and written are what the RTL gets and has
/// to write; the caller connects them to the model's ports.
template <class Model, class A, class B, class Out, class Side>
class random_kernel_test {
 public:
  using kernel_t = void (*)(hls::stream<A>&, hls::stream<B>&, hls::stream<Out>&, hls::stream<Side>&);

  random_kernel_test(const std::string& name, kernel_t kernel) : bench(cosim::seed()), name_(name) {
    cosim::Random random(cosim::seed());
    hls::stream<A> in_a(name + ".a");
    hls::stream<B> in_b(name + ".b");
    hls::stream<Out> to_out(name + ".out");
    hls::stream<Side> to_side(name + ".side");
    in_a.report_leftovers = in_b.report_leftovers = false;
    for (int i = 0; i < kWords; i++) {
      a.push_back(word<A>(random));
      b.push_back(word<B>(random));
      in_a.write(a.back());
      in_b.write(b.back());
    }
    hls::simulation simulation;
    simulation.add(name, [&] { kernel(in_a, in_b, to_out, to_side); });
    const auto outcome = simulation.run();
    EXPECT_FALSE(outcome.deadlock) << outcome.text();
    // What is left was never wanted: one of the streams ran dry at the start of an iteration.
    a.resize(a.size() - in_a.size());
    b.resize(b.size() - in_b.size());
    out = cosim::drain(to_out);
    side = cosim::drain(to_side);
  }

  void check() {
    EXPECT_GT(a.size() + b.size(), static_cast<std::size_t>(kWords) - 1) << "too little was read";
    EXPECT_FALSE(out.empty()) << "the kernel writes nothing: not a test";
    EXPECT_EQ(bench.run_all(), "") << "kernel " << name_
                                   << ": the seed of the kernel is its number, COSIM_SEED that of the words";
  }

  cosim::Bench<Model> bench;
  std::vector<A> a;
  std::vector<B> b;
  std::vector<Out> out;
  std::vector<Side> side;

 private:
  static constexpr int kWords = 400;

  /// All zeros and all ones come more often than by chance.
  template <class T>
  static T word(cosim::Random& random) {
    const auto kind = random.below(10);
    if (kind > 1) return random.value<T>();
    T t;
    hls::unpack(t, kind ? static_cast<hls::packed<T>>(~hls::packed<T>(0)) : hls::packed<T>(0));
    return t;
  }

  std::string name_;
};
