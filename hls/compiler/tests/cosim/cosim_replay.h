// SPDX-License-Identifier: Apache-2.0
// The main program of `hlsc --cosim` where processes ask empty() or full(): what they write depends on when words come.
// So the RTL runs first, and each process's questions are recorded with their answers, iteration by iteration. Then the
// native run makes the same iterations with the same answers, and has to write the same words.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <limits>

#include "cosim_program.h"

// The native run follows the RTL, whose streams may hold more than is stated.
#define COSIM_DEPTH(words) std::numeric_limits<std::size_t>::max()
#define COSIM_WATCH(simulation, ...) (simulation).watch({__VA_ARGS__})

namespace cosim {

template <class Model>
class Replay : public RandomProgram<Model> {
 public:
  Replay(int argc, char** argv) : RandomProgram<Model>(argc, argv) {}

  /// Outputs end a native process that would write for ever.
  static std::size_t capacity() { return 1000000; }

  template <class T, class Data, class Valid, class Ready>
  void input(hls::stream<T>& stream, std::span<const Scalar> layout, Data data, Valid valid, Ready ready,
             const std::vector<Frequent>& frequent = {}, const Given& given = {}) {
    const std::deque<T> words = this->template words_of<T>(layout, frequent, given);
    stream.report_leftovers = false;
    const std::size_t number = inputs_.size();
    bench_.source(stream.name(), data, valid, ready, to_words(words, layout));
    inputs_.push_back([&stream, words, number, this] {
      const std::size_t given = bench_.given(number);
      for (std::size_t i = 0; i < given; i++) stream.write(words[i]);
      this->print(stream.name(), given, "read");
    });
  }

  template <class T, class Data, class Valid, class Ready>
  void output(hls::stream<T>& stream, std::span<const Scalar> layout, Data data, Valid valid, Ready ready) {
    bench_.sink(stream.name(), data, valid, ready, to_words(std::vector<T>(1), layout));
    outputs_.push_back({stream.name(), {}, 0, [&stream, layout] { return to_words(drain(stream), layout); }});
  }

  /// @param process its number in the simulation
  /// @param port that has whether an iteration starts in bit 0, and above it the answers to its questions
  template <class Port>
  void trace(std::size_t process, std::size_t questions, Port port) {
    const std::size_t number = traces_.size();
    traces_.push_back({process, {}});
    watch_.push_back([this, number, questions, port](Model& m) {
      const Word w = get_pin(port(m), questions / 32 + 1);
      if ((w[0] & 1) == 0) return;
      std::vector<bool> answers(questions);
      for (std::size_t i = 0; i < questions; i++) answers[i] = (w[(i + 1) / 32] >> (i + 1) % 32 & 1) != 0;
      traces_[number].answers.push_back(std::move(answers));
    });
  }

  /// Ends the program: with 1 if there is a difference. Each mix of stalls runs in a process of its own, in which the
  /// kernel's static variables are untouched.
  [[noreturn]] void run(hls::simulation& simulation) {
    bool agrees = true;
    for (const Mode& mode : kModes) {
      std::fflush(stdout);
      const pid_t child = fork();
      if (child == 0) {
        const std::string error = compare(simulation, mode);
        if (!error.empty()) std::printf("%s\n", error.c_str());
        std::fflush(stdout);
        std::_Exit(error.empty() ? 0 : 1);
      }
      int status = 1;
      agrees = child > 0 && waitpid(child, &status, 0) == child && status == 0;
      if (!agrees) break;
    }
    std::printf("%s\n", agrees ? "native and RTL agree" : "native and RTL differ");
    std::fflush(stdout);
    std::_Exit(agrees ? 0 : 1);
  }

 private:
  using RandomProgram<Model>::bench_;
  using RandomProgram<Model>::words_;

  struct Output {
    std::string name;
    std::vector<Word> rtl;
    std::size_t at_end;  ///< words of the RTL before the rest drained
    std::function<std::vector<Word>()> native;
  };
  struct Trace {
    std::size_t process;
    std::vector<std::vector<bool>> answers;  ///< by iteration and question
  };

  std::string compare(hls::simulation& simulation, const Mode& mode) {
    bool recording = true;
    std::vector<std::size_t> values_at_end;
    bench_.limit(words_ * 60 + 5000);
    bench_.record([this](std::size_t sink, const Word& w) { outputs_[sink].rtl.push_back(w); });
    bench_.observe([&](Model& m) {
      if (!recording) return;
      for (const auto& watch : watch_) watch(m);
    });
    bench_.drain_after([&] {
      recording = false;
      for (Output& o : outputs_) o.at_end = o.rtl.size();
      for (const auto& written : this->values_written_) values_at_end.push_back(written.port->values().size());
    });
    if (std::string error = bench_.run(mode); !error.empty()) return error;
    std::printf("source %.1f, sink %.1f\n", mode.source, mode.sink);
    for (const auto& fill : inputs_) fill();
    for (Trace& t : traces_) simulation.replay(t.process, std::move(t.answers));
    simulation.run();
    for (const Output& o : outputs_) {
      if (std::string error = difference(o); !error.empty()) return error;
    }
    return difference_of_values(values_at_end);
  }

  std::string difference_of_values(const std::vector<std::size_t>& at_end) const {
    for (std::size_t i = 0; i < at_end.size(); i++) {
      const auto& [port, native] = this->values_written_[i];
      const Writes writes = native();
      this->print(port->name(), writes.values.size(), "written");
      if (std::string error = cosim::difference(port->name(), writes, port->values(), at_end[i], true); !error.empty())
        return error;
    }
    return "";
  }

  /// The iterations of the native run end somewhere in what has drained.
  static std::string difference(const Output& o) {
    const std::vector<Word> native = o.native();
    RandomProgram<Model>::print(o.name, native.size(), "written");
    for (std::size_t i = 0; i < std::min(native.size(), o.rtl.size()); i++) {
      if (native[i] != o.rtl[i])
        return "stream " + o.name + ", word " + std::to_string(i) + ": expected " + hex(native[i]) + ", got " +
               hex(o.rtl[i]);
    }
    if (native.size() >= o.at_end && native.size() <= o.rtl.size()) return "";
    return "stream " + o.name + ": expected " + std::to_string(native.size()) + " words, got " +
           std::to_string(o.at_end) + ", then " + std::to_string(o.rtl.size());
  }

  std::vector<std::function<void()>> inputs_;
  std::vector<Output> outputs_;
  std::vector<Trace> traces_;
  std::vector<std::function<void(Model&)>> watch_;
};

}  // namespace cosim
