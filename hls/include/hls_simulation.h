// SPDX-License-Identifier: Apache-2.0
// C simulation of a network of kernels: every kernel is a fiber that calls its function again and again, as the
// hardware does; it is suspended where it waits for a stream. Native builds only.
//
//   hls::stream<request> in("in"); hls::stream<answer> out("out", 4);
//   hls::simulation sim;
//   sim.add("classify", [&] { classify(in, out); });
//   in.write(x);
//   hls::simulation::outcome o = sim.run();   // until nothing moves any more
//   if (o.deadlock) std::cerr << o.text();
#pragma once

#include <ucontext.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hls {

class simulation;

namespace detail {

/// What a stream needs from the simulation that runs at the moment.
class stream_base {
 public:
  stream_base(const stream_base&) = delete;
  stream_base& operator=(const stream_base&) = delete;
  const std::string& name() const { return name_; }
  virtual std::size_t size() const = 0;

 protected:
  explicit stream_base(std::string name) : name_(std::move(name)) {}
  virtual ~stream_base() = default;
  template <class Blocked>
  void wait_while(Blocked blocked, const char* what);
  static void note_progress();
  /// What a process that repeats iterations is told instead.
  bool answer(bool is_full, bool otherwise) const;

 private:
  std::string name_;
};

}  // namespace detail

/// empty() or full() of a stream.
struct question {
  const detail::stream_base* stream;
  bool is_full;
};

/// Runs processes (kernels) until none of them can go on. One thread; not re-entrant.
class simulation {
 public:
  struct outcome {
    /// A process stopped in the middle of an iteration, or before a full stream: data or room it needs never comes.
    bool deadlock = false;
    /// Some process still makes iterations, without reading or writing.
    bool polled = false;
    /// "process: read from empty stream 's'" for every process that stopped like that.
    std::vector<std::string> stuck;
    /// The same for those that wait for the first input of an iteration, which may be all right.
    std::vector<std::string> waiting;

    std::string text() const {
      std::string t = deadlock ? "deadlock" : "idle";
      for (const auto& s : stuck) t += "\n  " + s;
      for (const auto& s : waiting) t += "\n  " + s + " (between iterations)";
      return t;
    }
  };

  simulation() = default;
  simulation(const simulation&) = delete;
  simulation& operator=(const simulation&) = delete;

  /// Adds a process; iteration is called for ever.
  /// @param stack_bytes of the fiber; kernels with large local arrays may need more
  void add(std::string name, std::function<void()> iteration, std::size_t stack_bytes = 1 << 20) {
    processes_.push_back(std::make_unique<process>());
    process& p = *processes_.back();
    p.name = std::move(name);
    p.iteration = std::move(iteration);
    p.stack.resize(stack_bytes);
    getcontext(&p.context);
    p.context.uc_stack.ss_sp = p.stack.data();
    p.context.uc_stack.ss_size = p.stack.size();
    p.context.uc_link = nullptr;
    const auto address = reinterpret_cast<std::uintptr_t>(&p);
    makecontext(&p.context, reinterpret_cast<void (*)()>(&enter), 2, static_cast<unsigned>(address),
                static_cast<unsigned>(address >> 32));
  }

  /// The process that was added last asks these, for replay().
  void watch(std::vector<question> questions) { processes_.back()->questions = std::move(questions); }

  /// A process makes as many iterations as there are answers and is told those, in the order of its questions. For
  /// builds with HLS_REPLAY, which hlsc --cosim makes.
  void replay(std::size_t number, std::vector<std::vector<bool>> answers) {
    processes_[number]->is_replayed = true;
    processes_[number]->answers = std::move(answers);
  }

  /// The processes that hls::task has made in this thread. They run when the thread, outside of all processes, reads an
  /// empty stream or writes a full one.
  static simulation& tasks() {
    static thread_local simulation s;
    return s;
  }

  /// Makes an object that lives as long as the simulation, for instance streams between processes.
  template <class T, class... Members>
  T& make(Members&&... members) {
    const std::shared_ptr<T> object(new T{std::forward<Members>(members)...});
    kept_.push_back(object);
    return *object;
  }

  /// Runs all processes in turn until none of them moves. Can be called again after more data has been written.
  /// An exception of a process leaves through here.
  outcome run() {
    return run_while([] { return true; });
  }

  /// The same, but ends before the next turn when the condition is false.
  template <class Condition>
  outcome run_while(Condition condition) {
    simulation* const outer = std::exchange(current(), this);
    unsigned idle = 0;
    do {
      progress_ = polled_ = false;
      for (auto& p : processes_) {
        resume(*p);
        if (p->failure) {
          current() = outer;
          std::rethrow_exception(std::exchange(p->failure, nullptr));
        }
      }
      idle = progress_ ? 0 : idle + 1;
    } while ((progress_ || (polled_ && idle < idle_turns)) && condition());
    current() = outer;
    return result();
  }

 private:
  friend class detail::stream_base;

  /// Turns without any move after which nothing is expected to move again of processes that poll: each of them may look
  /// at several streams in turn, or count.
  static constexpr unsigned idle_turns = 1000;

  struct process {
    std::string name;
    std::function<void()> iteration;
    std::vector<char> stack;
    ucontext_t context{};
    ucontext_t* back = nullptr;
    std::string waits_for;
    bool mid_iteration = false;
    bool waits_for_room = false;
    std::exception_ptr failure;
    bool is_replayed = false;
    std::vector<question> questions;
    std::vector<std::vector<bool>> answers;
    std::size_t next = 0;  ///< among the answers
  };

  static simulation*& current() {
    static thread_local simulation* s = nullptr;
    return s;
  }

  static void enter(unsigned low, unsigned high) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): makecontext passes nothing but ints
    auto* p = reinterpret_cast<process*>(static_cast<std::uintptr_t>(high) << 32 | low);
    for (;;) {
      try {
        p->mid_iteration = false;
        if (p->is_replayed) current()->next_answers(*p);
        p->iteration();
      } catch (...) {
        p->failure = std::current_exception();
        swapcontext(&p->context, p->back);
      }
      if (!p->mid_iteration) {  // nothing read or written (polling): let the others run
        current()->polled_ = true;
        swapcontext(&p->context, p->back);
      }
    }
  }

  void next_answers(process& p) {
    while (p.next == p.answers.size()) swapcontext(&p.context, p.back);
    p.next++;
    progress_ = true;
  }

  void resume(process& p) {
    running_ = &p;
    p.back = &main_;
    p.waits_for.clear();
    swapcontext(&main_, &p.context);
    running_ = nullptr;
  }

  void suspend(const std::string& why, bool for_room) {
    process& p = *running_;
    p.waits_for = why;
    p.waits_for_room = for_room;
    swapcontext(&p.context, p.back);
  }

  void moved() {
    progress_ = true;
    if (running_) running_->mid_iteration = true;
  }

  outcome result() const {
    outcome o;
    o.polled = polled_;
    for (const auto& p : processes_) {
      if (p->waits_for.empty()) continue;
      const bool is_stuck = p->mid_iteration || p->waits_for_room;
      (is_stuck ? o.stuck : o.waiting).push_back(p->name + ": " + p->waits_for);
      o.deadlock |= is_stuck;
    }
    return o;
  }

  std::vector<std::shared_ptr<void>> kept_;
  std::vector<std::unique_ptr<process>> processes_;
  ucontext_t main_{};
  process* running_ = nullptr;
  bool progress_ = false;
  bool polled_ = false;  ///< some process has ended an iteration without a move
};

namespace detail {

template <class Blocked>
void stream_base::wait_while(Blocked blocked, const char* what) {
  while (blocked()) {
    const std::string why = std::string(what) + " '" + name_ + "'";
    simulation* s = simulation::current();
    if (s && s->running_) {
      s->suspend(why, what[0] == 'w');
      continue;
    }
    const simulation::outcome tasks = simulation::tasks().run_while(blocked);
    if (blocked()) throw std::logic_error(why + " outside of a simulation; tasks: " + tasks.text());
  }
}

inline bool stream_base::answer(bool is_full, bool otherwise) const {
  const simulation* s = simulation::current();
  const simulation::process* p = s ? s->running_ : nullptr;
  if (!p || !p->is_replayed) return otherwise;
  for (std::size_t i = 0; i < p->questions.size(); i++) {
    if (p->questions[i].stream == this && p->questions[i].is_full == is_full) return p->answers[p->next - 1][i];
  }
  return otherwise;
}

inline void stream_base::note_progress() {
  if (simulation* s = simulation::current()) s->moved();
}

}  // namespace detail

}  // namespace hls
