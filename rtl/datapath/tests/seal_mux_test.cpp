// SPDX-License-Identifier: Apache-2.0
// Whole packets of both sources in one order, the same for beats, jobs and what follows; nobody is kept waiting for
// ever.
#include <Vseal_mux_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

enum Kind : unsigned { reply, request };

struct Packet {
  std::uint32_t number;  ///< even: reply, odd: request
  unsigned beats;
};

/// Packets of a source: jobs run ahead of beats, never the other way round.
struct Source {
  std::deque<Packet> jobs, packets;
  unsigned beat = 0;
  unsigned chance = 100;
};

class MuxRun {
 public:
  MuxRun(unsigned reply_chance, unsigned request_chance, unsigned ready_chance) : ready_chance_(ready_chance) {
    sources_[reply].chance = reply_chance;
    sources_[request].chance = request_chance;
  }

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  [[nodiscard]] int delivered(Kind kind) const { return delivered_[kind]; }
  /// Cycles without a beat since the first one.
  [[nodiscard]] int pauses() const { return pauses_; }

 private:
  void step() {
    for (const Kind kind : {reply, request}) refill(kind);
    Source& a = sources_[reply];
    Source& b = sources_[request];
    offer(a, mux_->reply_job_valid, mux_->reply_number, mux_->reply_valid, mux_->reply_data, mux_->reply_last);
    offer(b, mux_->request_job_valid, mux_->request_number, mux_->request_valid, mux_->request_data,
          mux_->request_last);
    mux_->out_ready = random_.chance(ready_chance_);
    mux_->job_ready = random_.chance(ready_chance_);
    mux_->meta_ready = random_.chance(ready_chance_);
    mux_.settle();
    const std::array jobs{mux_->reply_job_valid && mux_->reply_job_ready,
                          mux_->request_job_valid && mux_->request_job_ready};
    const std::array beats{mux_->reply_valid && mux_->reply_ready, mux_->request_valid && mux_->request_ready};
    check_out();
    for (const Kind kind : {reply, request}) {
      take_job(sources_[kind], jobs[kind]);
      take_beat(sources_[kind], beats[kind]);
    }
    mux_.tick();
    // Offers that have been taken are over.
    mux_->reply_job_valid = mux_->reply_job_valid && !jobs[reply];
    mux_->request_job_valid = mux_->request_job_valid && !jobs[request];
    mux_->reply_valid = mux_->reply_valid && !beats[reply];
    mux_->request_valid = mux_->request_valid && !beats[request];
  }

  void refill(Kind kind) {
    Source& source = sources_[kind];
    while (source.jobs.size() < 3) {
      const auto beats = static_cast<unsigned>(1 + random_.below(random_.chance(10) ? 20 : 3));
      source.jobs.push_back({2 * numbers_++ + kind, beats});
      source.packets.push_back(source.jobs.back());
    }
  }

  template <class Valid, class Number>
  void offer(const Source& source, Valid& job_valid, Number& number, Valid& valid, Number& data, Valid& last) {
    // An offer stands until it has been taken.
    if (!job_valid) job_valid = random_.chance(source.chance);
    number = source.jobs.front().number;
    if (!valid) valid = source.packets.front().number < source.jobs.front().number || random_.chance(source.chance);
    data = source.packets.front().number << 8 | source.beat;
    last = source.beat + 1 == source.packets.front().beats;
  }

  void take_job(Source& source, bool taken) {
    if (!taken) return;
    order_.push_back(source.jobs.front());
    jobs_.push_back(source.jobs.front().number);
    metas_.push_back(source.jobs.front().number);
    source.jobs.pop_front();
  }

  void take_beat(Source& source, bool taken) {
    if (!taken || ++source.beat < source.packets.front().beats) return;
    source.packets.pop_front();
    source.beat = 0;
  }

  void check_out() {
    const bool beat = mux_->out_valid && mux_->out_ready;
    if (beat) {
      ASSERT_FALSE(order_.empty());
      const Packet packet = order_.front();
      ASSERT_EQ(mux_->out_data, packet.number << 8 | out_beat_);
      const bool last = ++out_beat_ == packet.beats;
      ASSERT_EQ(mux_->out_last, last);
      if (last) {
        ++delivered_[packet.number % 2];
        out_beat_ = 0;
        order_.pop_front();
      }
    } else if (delivered_[reply] + delivered_[request] > 0) {
      ++pauses_;
    }
    if (mux_->job_valid && mux_->job_ready) {
      ASSERT_EQ(mux_->job_number, jobs_.front() & 0x3fff);
      jobs_.pop_front();
    }
    if (mux_->meta_valid && mux_->meta_ready) {
      ASSERT_EQ(mux_->meta, metas_.front());
      metas_.pop_front();
    }
  }

  unsigned ready_chance_;
  RandomSource random_;
  Clocked<Vseal_mux_bench> mux_;
  std::array<Source, 2> sources_;
  std::deque<Packet> order_;
  std::deque<std::uint32_t> jobs_, metas_;
  std::uint32_t numbers_ = 0;
  unsigned out_beat_ = 0;
  std::array<int, 2> delivered_{};
  int pauses_ = 0;
};

TEST(SealMux, KeepsPacketsWholeAndEverythingInOneOrder) {
  for (const auto& [replies, requests, ready] : {std::array{60U, 60U, 70U}, {100U, 10U, 90U}, {10U, 100U, 50U}}) {
    MuxRun run(replies, requests, ready);
    run.run(20000);
    EXPECT_GT(run.delivered(reply), 500);
    EXPECT_GT(run.delivered(request), 500);
  }
}

TEST(SealMux, TakesTurnsWithoutPauses) {
  MuxRun run(100, 100, 100);
  run.run(20000);
  EXPECT_EQ(run.pauses(), 0);
  EXPECT_NEAR(run.delivered(reply), run.delivered(request), 2);
}

}  // namespace
}  // namespace sapulse::test
