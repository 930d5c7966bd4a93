// SPDX-License-Identifier: Apache-2.0
// Co-simulation of a Verilated kernel with what the native kernel produced.
//
//   hls::stream<request> in("in"); hls::stream<answer> out("out");
//   ... fill in, run the kernel in hls::simulation, take the results ...
//   cosim::Bench<Vkernel> bench(seed);
//   COSIM_SOURCE(bench, in, requests);   // ports in_tdata, in_tvalid, in_tready
//   COSIM_SINK(bench, out, answers);
//   EXPECT_EQ(bench.run_all(), "");
//
// Every mode starts from reset with a fresh model, so the native results must come from a kernel whose static variables
// were untouched, too: one native run per process.
#pragma once

#include <verilated.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "hls_payload.h"

namespace cosim {

/// A word of a stream as Verilator sees it: 32-bit parts, least significant first.
using Word = std::vector<std::uint32_t>;

template <class T>
Word to_word(const T& t) {
  auto bits = hls::pack(t);
  Word w;
  for (int i = 0; i < hls::bits<T>(); i += 32) w.push_back(static_cast<std::uint32_t>(bits >> i));
  return w;
}

inline void put_bits(Word& w, std::size_t at, std::uint64_t bits, std::size_t count) {
  for (std::size_t i = 0; i < count; i++)
    w[(at + i) / 32] |= static_cast<std::uint32_t>(bits >> i & 1) << ((at + i) % 32);
}

/// A scalar of a payload in memory, as hlsc --layout tells.
struct Scalar {
  std::size_t offset;  ///< bytes from the start of the object
  std::size_t bits;
};

/// Objects of any type, with the layout that hlsc has written.
template <class T>
std::vector<Word> to_words(const std::vector<T>& v, std::span<const Scalar> layout) {
  std::size_t width = 0;
  for (const Scalar& s : layout) width += s.bits;
  std::vector<Word> words;
  for (const T& t : v) {
    Word& w = words.emplace_back((width + 31) / 32);
    std::size_t at = 0;
    for (const Scalar& s : layout) {
      const auto* byte = reinterpret_cast<const unsigned char*>(&t) + s.offset;
      for (std::size_t i = 0; i < s.bits; i += 8)
        put_bits(w, at + i, byte[i / 8], std::min<std::size_t>(8, s.bits - i));
      at += s.bits;
    }
  }
  return words;
}

inline std::vector<Word> to_words(std::vector<Word> v) { return v; }

template <class T>
std::vector<Word> to_words(const std::vector<T>& v) {
  std::vector<Word> w;
  w.reserve(v.size());
  for (const T& t : v) w.push_back(to_word(t));
  return w;
}

/// Takes everything out of a stream.
template <class Stream>
auto drain(Stream& s) {
  std::vector<decltype(s.read())> v;
  while (!s.empty()) v.push_back(s.read());
  return v;
}

template <class Pin>
void set_pin(Pin& pin, const Word& w) {
  if constexpr (std::is_integral_v<Pin>) {
    std::uint64_t v = w[0];
    if (w.size() > 1) v |= static_cast<std::uint64_t>(w[1]) << 32;
    pin = static_cast<Pin>(v);
  } else {
    for (std::size_t i = 0; i < w.size(); i++) pin[i] = w[i];
  }
}

template <class Pin>
Word get_pin(const Pin& pin, std::size_t parts) {
  Word w(parts);
  for (std::size_t i = 0; i < parts; i++) {
    if constexpr (std::is_integral_v<Pin>) {
      w[i] = static_cast<std::uint32_t>(static_cast<std::uint64_t>(pin) >> (32 * i));
    } else {
      w[i] = pin[i];
    }
  }
  return w;
}

inline std::string hex(const Word& w) {
  std::string s;
  for (std::size_t i = w.size(); i-- > 0;) {
    char part[9];
    std::snprintf(part, sizeof part, "%08x", w[i]);
    s += part;
  }
  return s;
}

/// How eager the two sides are, as probabilities per cycle.
struct Mode {
  double source, sink;
};
inline constexpr std::array<Mode, 6> kModes = {{{1, 1}, {0.5, 1}, {1, 0.5}, {0.7, 0.7}, {0.1, 0.9}, {0.9, 0.1}}};

struct Statistics {
  std::uint64_t cycles = 0;  ///< until the last transfer
  std::uint64_t first_input = 0, first_output = 0;
  double kilohertz = 0;
};

/// Something else at a model's ports, for instance a memory (axi_memory.h).
template <class Model>
class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;
  /// Before a run.
  virtual void reset(Model& m) = 0;
  /// Sets the model's inputs for a cycle.
  virtual void drive(Model& m, const Mode& mode) = 0;
  /// Looks at its outputs in that cycle; whether anything moved.
  virtual bool observe(Model& m) = 0;
  /// What is wrong, or nothing.
  virtual std::string fault() const = 0;
  /// The same at the end of a run.
  virtual std::string fault_at_end(Model& m) const = 0;
};

template <class Model>
class Bench {
 public:
  explicit Bench(std::uint64_t seed) : seed_(seed) {
    std::printf("cosim seed %llu\n", static_cast<unsigned long long>(seed));
  }

  /// @param data, valid, ready functions from the model to its ports
  template <class Data, class Valid, class Ready, class T>
  void source(const std::string& name, Data data, Valid valid, Ready ready, const std::vector<T>& words) {
    Port& p = add(sources_, name, valid, ready, to_words(words));
    p.set = [data](Model& m, const Word& w) { set_pin(data(m), w); };
  }

  template <class Data, class Valid, class Ready, class T>
  void sink(const std::string& name, Data data, Valid valid, Ready ready, const std::vector<T>& expected) {
    Port& p = add(sinks_, name, valid, ready, to_words(expected));
    const std::size_t parts = p.words.empty() ? 1 : p.words[0].size();
    p.get = [data, parts](Model& m) { return get_pin(data(m), parts); };
  }

  /// A sink that gets words of several sequences: each in its order, in between as they come.
  template <class Data, class Valid, class Ready, class T>
  void sink_interleaved(const std::string& name, Data data, Valid valid, Ready ready,
                        const std::vector<std::vector<T>>& expected) {
    std::vector<T> all;
    for (const auto& sequence : expected) all.insert(all.end(), sequence.begin(), sequence.end());
    sink(name, data, valid, ready, all);
    for (std::size_t end = 0; const auto& sequence : expected) {
      sinks_.back()->sequences.push_back({end, end + sequence.size(), end});
      end += sequence.size();
    }
  }

  /// Scalar arguments and the like, before every run.
  void setup(std::function<void(Model&)> f) { setup_ = std::move(f); }

  void add(std::unique_ptr<Device<Model>> device) { devices_.push_back(std::move(device)); }

  /// For data that ends anywhere: sources may keep words.
  /// @param sinks_too what comes after the expected words is not looked at
  void end_anywhere(bool sinks_too) {
    sources_may_keep_ = true;
    sinks_may_get_more_ = sinks_too;
  }

  /// All modes. Returns "" or a description of the first difference.
  std::string run_all() {
    for (const Mode& m : kModes) {
      if (std::string e = run(m); !e.empty()) return e;
    }
    return "";
  }

  std::string run(const Mode& mode) {
    Run r(*this, mode);
    std::string error = r.execute();
    statistics_ = r.statistics;
    if (error.empty()) return "";
    char where[80];
    std::snprintf(where, sizeof where, "seed %llu, source %.1f, sink %.1f: ", static_cast<unsigned long long>(seed_),
                  mode.source, mode.sink);
    return where + error;
  }

  /// Of the last run.
  const Statistics& statistics() const { return statistics_; }

 private:
  /// A part of a port's words.
  struct Sequence {
    std::size_t begin, end;
    std::size_t next;  ///< state of a run
  };
  struct Port {
    std::string name;
    std::vector<Word> words;
    std::vector<Sequence> sequences;  ///< empty: the words come in order
    std::function<CData&(Model&)> valid, ready;
    std::function<void(Model&, const Word&)> set;
    std::function<Word(Model&)> get;
    // state of a run
    std::size_t next = 0;
    bool offered = false;
    bool stalled = false;
    Word held;
  };

  /// One run from reset until nothing moves any more.
  class Run {
   public:
    Run(Bench& b, const Mode& mode) : bench_(b), mode_(mode), random_(b.seed_) {
      context_.randReset(2);
      context_.randSeed(static_cast<int>(b.seed_ & 0x7fffffff) | 1);
      model_ = std::make_unique<Model>(&context_);
    }

    std::string execute() {
      reset();
      std::uint64_t idle = 0;
      const auto start = std::chrono::steady_clock::now();
      while (error_.empty() && idle < kIdleLimit) {
        cycle();
        idle = moved_ ? 0 : idle + 1;
        if (moved_) statistics.cycles = now_;
      }
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
      statistics.kilohertz = static_cast<double>(now_) / elapsed.count() / 1000;
      if (error_.empty()) check_complete();
      model_->final();
      return error_;
    }
    Statistics statistics;

   private:
    static constexpr std::uint64_t kIdleLimit = 2000;

    bool chance(double p) { return static_cast<double>(random_() >> 11) < p * 9007199254740992.0; }

    void clock() {
      model_->ap_clk = 1;
      model_->eval();
      model_->ap_clk = 0;
    }

    void reset() {
      model_->ap_clk = 0;
      model_->ap_rst_n = 0;
      for (auto& p : bench_.sources_) {
        p->next = 0;
        p->offered = false;
        p->valid(*model_) = 0;
      }
      for (auto& p : bench_.sinks_) {
        p->next = 0;
        p->stalled = false;
        for (Sequence& s : p->sequences) s.next = s.begin;
        p->ready(*model_) = 0;
      }
      for (auto& d : bench_.devices_) d->reset(*model_);
      if (bench_.setup_) bench_.setup_(*model_);
      for (int i = 0; i < 5; i++) {
        model_->eval();
        clock();
      }
      model_->ap_rst_n = 1;
    }

    void cycle() {
      moved_ = false;
      for (auto& p : bench_.sources_) {
        if (!p->offered && p->next < p->words.size() && chance(mode_.source)) {
          p->offered = true;
          p->set(*model_, p->words[p->next]);
        }
        p->valid(*model_) = p->offered;
      }
      for (auto& p : bench_.sinks_) p->ready(*model_) = chance(mode_.sink);
      for (auto& d : bench_.devices_) d->drive(*model_, mode_);
      model_->eval();
      for (auto& p : bench_.sources_) {
        if (!p->offered || !p->ready(*model_)) continue;
        if (statistics.first_input == 0) statistics.first_input = now_ + 1;
        p->offered = false;
        p->next++;
        moved_ = true;
      }
      for (auto& p : bench_.sinks_) take(*p);
      for (auto& d : bench_.devices_) {
        moved_ |= d->observe(*model_);
        report(d->fault());
      }
      clock();
      now_++;
    }

    void take(Port& p) {
      const bool valid = p.valid(*model_);
      if (p.stalled && !valid) return report(p, "tvalid fell before tready");
      if (!valid) return;
      if (statistics.first_output == 0) statistics.first_output = now_ + 1;
      Word w = p.get(*model_);
      if (p.stalled && w != p.held) return report(p, "tdata changed before tready");
      p.stalled = !p.ready(*model_);
      p.held = w;
      if (p.stalled || (bench_.sinks_may_get_more_ && p.next >= p.words.size())) return;
      moved_ = true;
      if (p.next >= p.words.size()) return report(p, "more words than the native kernel wrote: " + hex(w));
      if (!p.sequences.empty()) {
        if (!continues_a_sequence(p, w)) return report(p, "no sequence continues with " + hex(w));
      } else if (w != p.words[p.next]) {
        return report(p, "expected " + hex(p.words[p.next]) + ", got " + hex(w));
      }
      p.next++;
    }

    static bool continues_a_sequence(Port& p, const Word& w) {
      for (Sequence& s : p.sequences) {
        if (s.next == s.end || p.words[s.next] != w) continue;
        s.next++;
        return true;
      }
      return false;
    }

    void report(const std::string& fault) {
      if (error_.empty() && !fault.empty()) error_ = "cycle " + std::to_string(now_) + ", " + fault;
    }

    void report(const Port& p, const std::string& what) {
      if (error_.empty())
        error_ =
            "cycle " + std::to_string(now_) + ", stream " + p.name + ", word " + std::to_string(p.next) + ": " + what;
    }

    void check_complete() {
      for (auto& d : bench_.devices_) report(d->fault_at_end(*model_));
      for (auto* ports : {&bench_.sources_, &bench_.sinks_}) {
        if (bench_.sources_may_keep_ && ports == &bench_.sources_) continue;
        for (auto& p : *ports) {
          if (p->next != p->words.size()) {
            report(*p, "only " + std::to_string(p->next) + " of " + std::to_string(p->words.size()) + " words");
          }
        }
      }
    }

    Bench& bench_;
    Mode mode_;
    std::mt19937_64 random_;
    VerilatedContext context_;
    std::unique_ptr<Model> model_;
    std::string error_;
    bool moved_ = false;
    std::uint64_t now_ = 0;
  };

  template <class Valid, class Ready>
  static Port& add(std::vector<std::unique_ptr<Port>>& ports, const std::string& name, Valid valid, Ready ready,
                   std::vector<Word> words) {
    ports.push_back(std::make_unique<Port>());
    Port& p = *ports.back();
    p.name = name;
    p.words = std::move(words);
    p.valid = valid;
    p.ready = ready;
    return p;
  }

  std::uint64_t seed_;
  bool sources_may_keep_ = false, sinks_may_get_more_ = false;
  std::vector<std::unique_ptr<Port>> sources_, sinks_;
  std::vector<std::unique_ptr<Device<Model>>> devices_;
  std::function<void(Model&)> setup_;
  Statistics statistics_;
};

#define COSIM_PORT(port) ([](auto& model) -> auto& { return model.port; })
#define COSIM_SOURCE(bench, stream, words) \
  (bench).source(#stream, COSIM_PORT(stream##_tdata), COSIM_PORT(stream##_tvalid), COSIM_PORT(stream##_tready), words)
#define COSIM_SINK(bench, stream, words) \
  (bench).sink(#stream, COSIM_PORT(stream##_tdata), COSIM_PORT(stream##_tvalid), COSIM_PORT(stream##_tready), words)
#define COSIM_SINK_INTERLEAVED(bench, stream, ...)                                           \
  (bench).sink_interleaved(#stream, COSIM_PORT(stream##_tdata), COSIM_PORT(stream##_tvalid), \
                           COSIM_PORT(stream##_tready), std::vector{__VA_ARGS__})

/// The ready of an output that does not wait.
template <class Model>
CData& no_ready(Model&) {
  static thread_local CData one;
  return one = 1;
}
/// An output <port> that tells in <port>_ap_vld when it has been written.
#define COSIM_VALUES(bench, port, words)                                                                               \
  (bench).sink(                                                                                                        \
      #port, COSIM_PORT(port), COSIM_PORT(port##_ap_vld), [](auto& model) -> auto& { return cosim::no_ready(model); }, \
      words)

/// COSIM_SEED of the environment, or a fixed one.
inline std::uint64_t seed() {
  const char* s = std::getenv("COSIM_SEED");
  return s ? std::strtoull(s, nullptr, 0) : 1;
}

/// Random value of a payload type's members.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  bool chance(double p) { return static_cast<double>(engine_() >> 11) < p * 9007199254740992.0; }
  /// Uniform bits, as a pin takes them.
  Word word(std::size_t width) {
    Word w((width + 31) / 32);
    for (std::uint32_t& part : w) part = static_cast<std::uint32_t>(engine_());
    if (width % 32 != 0) w.back() &= (std::uint32_t{1} << width % 32) - 1;
    return w;
  }
  /// Uniform bits.
  template <class T>
  T value() {
    hls::packed<T> raw = 0;
    for (int i = 0; i < hls::bits<T>(); i += 32) {
      raw |= static_cast<hls::packed<T>>(static_cast<std::uint32_t>(engine_())) << i;
    }
    T t;
    hls::unpack(t, raw);
    return t;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace cosim
