// SPDX-License-Identifier: Apache-2.0
// The main program of `hlsc --cosim`: random words for a native kernel and for its Verilated RTL, whose ports are those
// of the kernel with one data port each.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "axi_memory.h"
#include "cosim.h"
#include "hls_stream.h"

namespace cosim {

template <class Model>
class Program {
 public:
  /// Arguments: seed, words for each input stream and at most from each output stream.
  Program(int argc, char** argv)
      : seed_(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1),
        words_(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000),
        random_(seed_),
        bench_(seed_) {}

  std::size_t capacity() const { return words_; }

  template <class T, class Data, class Valid, class Ready>
  void input(hls::stream<T>& stream, std::span<const Scalar> layout, Data data, Valid valid, Ready ready) {
    std::vector<T> words(words_);
    for (T& t : words) {
      randomise(t, layout);
      stream.write(t);
    }
    stream.report_leftovers = false;
    bench_.source(stream.name(), data, valid, ready, to_words(words, layout));
    inputs_.push_back([&stream] { return stream.size(); });
    report_.push_back([&stream, this] { print(stream.name(), words_ - stream.size(), "read"); });
  }

  template <class T, class Data, class Valid, class Ready>
  void output(hls::stream<T>& stream, std::span<const Scalar> layout, Data data, Valid valid, Ready ready) {
    outputs_.push_back([&stream, this] { return words_ - stream.size(); });
    report_.push_back([&stream, layout, data, valid, ready, this] {
      print(stream.name(), stream.size(), "written");
      bench_.sink(stream.name(), data, valid, ready, to_words(drain(stream), layout));
    });
  }

  /// A random scalar, which stays the same.
  template <class T, class Port>
  T value(Port port) {
    const T t = random_.value<T>();
    values_.push_back([t, port](Model& m) { set_pin(port(m), to_word(t)); });
    return t;
  }

  /// A random scalar that may count the elements of a memory.
  template <class T, class Port>
  T count(Port port) {
    const T t = static_cast<T>(random_.below(least_ + 1));
    values_.push_back([t, port](Model& m) { set_pin(port(m), to_word(t)); });
    return t;
  }

  /// A memory with random elements behind the AXI4 port of a bundle.
  /// @param depth elements; 0: as many as words of a stream
  /// @param address_port where its address is put; without it the address is 0
  template <class T, class... Port>
  T* memory(const std::string& bundle, const std::string& name, std::size_t depth, std::span<const Scalar> layout,
            Port... address_port) {
    depth = depth ? depth : words_;
    auto elements = std::make_shared<std::vector<T>>(depth);
    for (T& t : *elements) randomise(t, layout);
    least_ = std::min(least_, depth);
    const std::uint64_t address = sizeof...(Port) ? next_address_ : 0;
    next_address_ += (depth * sizeof(T) / 4096 + 2) * 4096 + 128;  // no memory begins where a page does
    (values_.push_back([address, address_port](Model& m) { address_port(m) = address; }), ...);
    after_native_.push_back([this, name, bundle, address, elements, before = *elements] {
      memories(bundle).add(name, address, before, *elements);
    });
    return elements->data();
  }

  Memories& memories(const std::string& bundle) { return memories_[bundle]; }
  Bench<Model>& bench() { return bench_; }

  /// A scalar that is written: when, cannot be told natively.
  static void ignore(const char* name) { std::printf("%s: not compared\n", name); }

  /// Ends the program: with 1 if there is a difference. Streams that are left with words are no fault here, so nothing
  /// is destroyed.
  [[noreturn]] void run(hls::simulation& simulation) {
    const bool agrees = compare(simulation);
    std::fflush(stdout);
    std::_Exit(agrees ? 0 : 1);
  }

 private:
  bool compare(hls::simulation& simulation) {
    const hls::simulation::outcome outcome = simulation.run();
    const bool ran_out = any_zero(inputs_) || any_zero(outputs_);
    bench_.end_anywhere(any_zero(outputs_));
    for (const auto& keep : after_native_) keep();
    for (const auto& tell : report_) tell();
    if (outcome.deadlock && !ran_out) {
      std::printf("native: %s\n", outcome.text().c_str());
      return false;
    }
    bench_.setup([this](Model& m) {
      for (const auto& set : values_) set(m);
    });
    const std::string error = bench_.run_all();
    std::printf("%s\n", error.empty() ? "native and RTL agree" : error.c_str());
    return error.empty();
  }

  /// Uniform bits in each scalar, nothing between them.
  template <class T>
  void randomise(T& t, std::span<const Scalar> layout) {
    auto* bytes = reinterpret_cast<unsigned char*>(&t);
    for (const Scalar& s : layout) {
      for (std::size_t i = 0; i < s.bits; i += 8) {
        const std::size_t bits = std::min<std::size_t>(8, s.bits - i);
        bytes[s.offset + i / 8] = static_cast<unsigned char>(random_.below(1u << bits));
      }
    }
  }

  static bool any_zero(const std::vector<std::function<std::size_t()>>& counts) {
    return std::any_of(counts.begin(), counts.end(), [](const auto& count) { return count() == 0; });
  }

  static void print(const std::string& name, std::size_t words, const char* what) {
    std::printf("%s: %zu words %s\n", name.c_str(), words, what);
  }

  std::uint64_t seed_;
  std::size_t words_;
  Random random_;
  Bench<Model> bench_;
  std::vector<std::function<std::size_t()>> inputs_, outputs_;  ///< words left, room left
  std::vector<std::function<void()>> report_;
  std::vector<std::function<void(Model&)>> values_;
  std::vector<std::function<void()>> after_native_;
  std::map<std::string, Memories> memories_;  ///< by bundle
  std::uint64_t next_address_ = 0x10080;
  std::size_t least_ = 64;  ///< elements of the smallest memory, or fewer
};

}  // namespace cosim
