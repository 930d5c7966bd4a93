// SPDX-License-Identifier: Apache-2.0
// The main program of `hlsc --cosim`: random words for a native kernel and for its Verilated RTL, whose ports are those
// of the kernel with one data port each.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "axi_memory.h"
#include "cosim.h"
#include "cosim_values.h"
#include "cosim_writes.h"
#include "hls_stream.h"

namespace cosim {

/// Bits of a word that are often what the kernel compares them with.
struct Frequent {
  std::size_t low, bits;
  std::uint64_t value;
};

/// Words that are not random: hexadecimal digits.
using Given = std::vector<std::string>;

/// What all such programs have: arguments, random values, scalars.
template <class Model>
class RandomProgram {
 public:
  /// Random bits, or those given, in a scalar of an object that the kernel takes, and at its pin; they stay the same.
  template <class T, class Port>
  void value(T* object, const Scalar& scalar, Port port, const Given& given = {}) {
    randomise(*object, {&scalar, 1});
    if (!given.empty()) put_digits(*object, {&scalar, 1}, given.front());
    const Word w = to_words(std::vector<T>{*object}, {&scalar, 1}).front();
    values_.push_back([w, port](Model& m) { set_pin(port(m), w); });
  }

  /// What the kernel writes; to be filled in before the kernel runs. If it reads it as well, each iteration finds in it
  /// what is at the pins.
  template <class T>
  WatchedObject<T>& written() {
    auto object = std::make_shared<WatchedObject<T>>();
    watched_.push_back(object);
    return *object;
  }

  /// A scalar of that at its port.
  template <class T, class Data, class Valid>
  void value_written(const std::string& name, const WatchedObject<T>& object, const Scalar& scalar, Data data,
                     Valid valid) {
    auto port = std::make_unique<OutputPort<Model>>(name, scalar.bits, data, valid);
    values_written_.push_back(
        {port.get(), [&object, scalar] { return Writes{to_words(object.values, {&scalar, 1}), object.is_last}; }});
    bench_.add(std::move(port));
  }

 protected:
  /// Arguments: seed, words for each input stream and at most from each output stream.
  RandomProgram(int argc, char** argv)
      : seed_(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1),
        words_(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000),
        random_(seed_),
        bench_(seed_) {
    bench_.setup([this](Model& m) {
      for (const auto& set : values_) set(m);
    });
  }

  template <class T>
  std::deque<T> random_words(std::span<const Scalar> layout, const std::vector<Frequent>& frequent) {
    std::deque<T> words(words_);
    for (T& t : words) {
      randomise(t, layout);
      const std::size_t first = frequent.empty() ? 0 : random_.below(frequent.size());
      for (std::size_t i = 0; i < frequent.size(); i++) {
        if (random_.chance(0.5)) put(t, layout, frequent[(first + i) % frequent.size()]);
      }
    }
    return words;
  }

  /// Random ones, or those given, from the first one again where they are too few.
  template <class T>
  std::deque<T> words_of(std::span<const Scalar> layout, const std::vector<Frequent>& frequent, const Given& given) {
    if (given.empty()) return random_words<T>(layout, frequent);
    std::deque<T> words(words_);
    for (std::size_t i = 0; i < words_; i++) put_digits(words[i], layout, given[i % given.size()]);
    return words;
  }

  static void print(const std::string& name, std::size_t words, const char* what) {
    std::printf("%s: %zu words %s\n", name.c_str(), words, what);
  }

  struct Written {
    OutputPort<Model>* port;  ///< the bench's
    std::function<Writes()> native;
  };

 private:
  /// The last digit has the four lowest bits of the word, which has the scalars from its low end on.
  template <class T>
  static void put_digits(T& t, std::span<const Scalar> layout, const std::string& digits) {
    auto* bytes = reinterpret_cast<unsigned char*>(&t);
    std::size_t at = 0;  // bit of the word
    for (const Scalar& s : layout) {
      for (std::size_t i = 0; i < s.bits; i++, at++) {
        if (i % 8 == 0) bytes[s.offset + i / 8] = 0;
        if (at / 4 >= digits.size()) continue;
        const char digit = digits[digits.size() - 1 - at / 4];
        const int value = digit > '9' ? digit - 'a' + 10 : digit - '0';
        bytes[s.offset + i / 8] |= static_cast<unsigned char>((value >> at % 4 & 1) << i % 8);
      }
    }
  }

  template <class T>
  static void put(T& t, std::span<const Scalar> layout, const Frequent& f) {
    auto* bytes = reinterpret_cast<unsigned char*>(&t);
    std::size_t at = 0;  // bit of the word
    for (const Scalar& s : layout) {
      for (std::size_t i = 0; i < s.bits; i++, at++) {
        if (at < f.low || at >= f.low + f.bits || s.below) continue;
        unsigned char& byte = bytes[s.offset + i / 8];
        const auto mask = static_cast<unsigned char>(1u << i % 8);
        byte = static_cast<unsigned char>((f.value >> (at - f.low) & 1) != 0 ? byte | mask : byte & ~mask);
      }
    }
  }

 protected:
  /// Uniform bits in each scalar, or a number below its bound; nothing between them.
  template <class T>
  void randomise(T& t, std::span<const Scalar> layout) {
    auto* bytes = reinterpret_cast<unsigned char*>(&t);
    for (const Scalar& s : layout) {
      const std::uint64_t bounded = s.below ? random_.below(s.below) : 0;
      for (std::size_t i = 0; i < s.bits; i += 8) {
        const std::size_t bits = std::min<std::size_t>(8, s.bits - i);
        const std::uint64_t byte =
            s.below ? (i < 64 ? bounded >> i & ((1u << bits) - 1) : 0) : random_.below(1u << bits);
        bytes[s.offset + i / 8] = static_cast<unsigned char>(byte);
      }
    }
  }

  std::vector<std::function<void(Model&)>> values_;
  std::uint64_t seed_;
  std::size_t words_;
  Random random_;
  Bench<Model> bench_;
  std::vector<Written> values_written_;

 private:
  std::vector<std::shared_ptr<void>> watched_;
};

template <class Model>
class Program : public RandomProgram<Model> {
 public:
  Program(int argc, char** argv) : RandomProgram<Model>(argc, argv) {}

  std::size_t capacity() const { return words_; }

  template <class T, class Data, class Valid, class Ready>
  void input(hls::stream<T>& stream, std::span<const Scalar> layout, Data data, Valid valid, Ready ready,
             const std::vector<Frequent>& frequent = {}, const Given& given = {}) {
    const std::deque<T> words = this->template words_of<T>(layout, frequent, given);
    for (const T& t : words) stream.write(t);
    stream.report_leftovers = false;
    bench_.source(stream.name(), data, valid, ready, to_words(words, layout));
    inputs_.push_back([&stream] { return stream.size(); });
    report_.push_back([&stream, this] { this->print(stream.name(), words_ - stream.size(), "read"); });
  }

  template <class T, class Data, class Valid, class Ready>
  void output(hls::stream<T>& stream, std::span<const Scalar> layout, Data data, Valid valid, Ready ready) {
    outputs_.push_back([&stream, this] { return words_ - stream.size(); });
    report_.push_back([&stream, layout, data, valid, ready, this] {
      this->print(stream.name(), stream.size(), "written");
      bench_.sink(stream.name(), data, valid, ready, to_words(drain(stream), layout));
    });
  }

  /// Random bits in a scalar that may count the elements of a memory, as value().
  template <class T, class Port>
  void count(T* object, Scalar scalar, Port port) {
    scalar.below = least_ + 1;
    this->value(object, scalar, port);
  }

  /// A memory with random elements behind the AXI4 port of a bundle.
  /// @param depth elements; 0: as many as words of a stream
  /// @param address_port where its address is put; without it the address is 0
  template <class T, class... Port>
  T* memory(const std::string& name, const std::string& bundle, std::size_t depth, std::span<const Scalar> layout,
            Port... address_port) {
    depth = depth ? depth : words_;
    auto elements = std::make_shared<std::vector<T>>(depth);
    for (T& t : *elements) this->randomise(t, layout);
    least_ = std::min(least_, depth);
    const std::uint64_t address = sizeof...(Port) ? next_address_ : 0;
    next_address_ += (depth * sizeof(T) / 4096 + 2) * 4096 + 128;  // no memory begins where a page does
    (this->values_.push_back([address, address_port](Model& m) { address_port(m) = address; }), ...);
    after_native_.push_back([this, name, bundle, address, elements, before = *elements] {
      memories(bundle).add(name, address, before, *elements);
    });
    return elements->data();
  }

  /// The kernel is called, not free running.
  void called_once() { is_called_once_ = true; }
  Memories& memories(const std::string& bundle) { return memories_[bundle]; }
  Bench<Model>& bench() { return bench_; }

  /// Ends the program: with 1 if there is a difference. Streams that are left with words are no fault here, so nothing
  /// is destroyed.
  [[noreturn]] void run(hls::simulation& simulation) {
    const bool agrees = compare(simulation);
    std::fflush(stdout);
    std::_Exit(agrees ? 0 : 1);
  }

 private:
  using RandomProgram<Model>::bench_;
  using RandomProgram<Model>::words_;

  bool compare(hls::simulation& simulation) {
    const hls::simulation::outcome outcome = simulation.run();
    const bool ran_out = any_zero(inputs_) || any_zero(outputs_);
    bench_.end_anywhere(any_zero(outputs_));
    for (const auto& keep : after_native_) keep();
    for (const auto& tell : report_) tell();
    expect_written(any_zero(outputs_) || (outcome.polled && !is_called_once_));
    if (outcome.deadlock && !ran_out) {
      std::printf("native: %s\n", outcome.text().c_str());
      return false;
    }
    const std::string error = bench_.run_all();
    std::printf("%s\n", error.empty() ? "native and RTL agree" : error.c_str());
    return error.empty();
  }

  /// @param goes_on the RTL may write more
  void expect_written(bool goes_on) {
    for (const auto& [port, native] : this->values_written_) {
      const Writes writes = native();
      this->print(port->name(), writes.values.size(), "written");
      port->expect(writes, goes_on);
    }
  }

  static bool any_zero(const std::vector<std::function<std::size_t()>>& counts) {
    return std::any_of(counts.begin(), counts.end(), [](const auto& count) { return count() == 0; });
  }

  std::vector<std::function<std::size_t()>> inputs_, outputs_;  ///< words left, room left
  std::vector<std::function<void()>> report_;
  std::vector<std::function<void()>> after_native_;
  std::map<std::string, Memories> memories_;  ///< by bundle
  std::uint64_t next_address_ = 0x10080;
  bool is_called_once_ = false;
  std::size_t least_ = 64;  ///< elements of the smallest memory, or fewer
};

}  // namespace cosim
