// SPDX-License-Identifier: Apache-2.0
// The whole prober under random load against the model: each operation as it is written back, in the order the prober
// chose.
#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "prober_bench.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr unsigned kSas = 16;
// A customer packet is seen by operations that are written back so many cycles later.
constexpr std::int64_t kDataDelay = 9;

class ProberAgainstModel : public ::testing::Test {
 protected:
  struct Command {
    unsigned command;
    unsigned sa;
    ProbeConfig config;
    unsigned count;
  };
  struct Reply {
    unsigned sa;
    std::uint32_t number;
    std::uint64_t origin, arrival;
  };
  struct Packet {
    std::int64_t cycle;
    std::int64_t tick;
  };

  ProberAgainstModel() {
    bench_.observe = [this] { observe(); };
  }

  /// The prober's 32-bit time, made 64 bits wide.
  void follow_time() {
    auto& dut = bench_.dut;
    if (cycle_ == 1) {
      tick_ = first_tick_ = dut->tap_now;
      uptime_ = dut->uptime;
    }
    tick_ += dut->tap_now - static_cast<std::uint32_t>(tick_);
    if (dut->enable) running_ns_ += dut->uptime - uptime_;
    uptime_ = dut->uptime;
    EXPECT_NEAR(tick_ - first_tick_, running_ns_ / kTick, 3 * 64 + 1);
  }

  std::optional<std::int64_t> last_packet(unsigned sa) {
    std::deque<Packet>& packets = packets_[sa];
    while (packets.size() > 1 && packets[1].cycle <= cycle_ - kDataDelay) packets.pop_front();
    if (packets.empty() || packets.front().cycle > cycle_ - kDataDelay) return std::nullopt;
    return packets.front().tick;
  }

  void observe() {
    ++cycle_;
    auto& dut = bench_.dut;
    follow_time();
    if (dut->data_valid) packets_[dut->data_sa].push_back({cycle_, tick_});
    if (dut->tap_valid) operation();
    if (dut->request_valid && dut->request_ready) {
      ASSERT_FALSE(expected_requests_.empty());
      EXPECT_EQ(expected_requests_.front(),
                bench_.requests.back().number | std::uint64_t{bench_.requests.back().sa} << 32);
      expected_requests_.pop_front();
    }
    if (dut->event_valid && dut->event_ready) {
      ASSERT_FALSE(expected_events_.empty());
      EXPECT_EQ(expected_events_.front().sa, bench_.events.back().sa);
      EXPECT_EQ(expected_events_.front().previous, bench_.events.back().previous);
      EXPECT_EQ(expected_events_.front().report, bench_.events.back().report);
      expected_events_.pop_front();
    }
  }

  void operation() {
    auto& dut = bench_.dut;
    const unsigned sa = dut->tap_sa;
    const std::int64_t now = tick_ - static_cast<std::int64_t>(dut->tap_now - dut->tap_tick);
    ProbeModel& model = models_[sa];
    std::int64_t due = model.due;
    model.due_span = {due, due};
    switch (dut->tap_kind) {
      case 0: {
        EXPECT_LE(cycle_ - visited_[sa], 10 * ProberBench::kCapacity + 16)
            << "SA " << sa << " waited too long for a visit";
        visited_[sa] = cycle_;
        const ProbeModel::Visit visit =
            model.visit(now, last_packet(sa), dut->tap_probing, dut->tap_request_room, dut->tap_event_room);
        if (visit.probe)
          expected_requests_.push_back(static_cast<std::uint64_t>(*visit.probe) | std::uint64_t{sa} << 32);
        if (visit.told_before) expected_events_.push_back({sa, *visit.told_before, visit.report, 0, 0});
        EXPECT_LE(expected_requests_.size(), 16U);
        EXPECT_LE(expected_events_.size(), 16U);
        if (expected_requests_.size() < 12 && quiet_requests_ > 4) EXPECT_TRUE(dut->tap_request_room);
        quiet_requests_ = expected_requests_.size() < 12 ? quiet_requests_ + 1 : 0;
        break;
      }
      case 1: {
        const Reply& reply = replies_.front();
        EXPECT_EQ(reply.sa, sa);
        EXPECT_EQ(bench_.verdicts.back(), model.reply(reply.number, now, reply.arrival, reply.origin));
        ++verdicts_[static_cast<unsigned>(bench_.verdicts.back())];
        replies_.pop_front();
        break;
      }
      default: {
        const Command& command = commands_.front();
        EXPECT_EQ(command.sa, sa);
        EXPECT_EQ(dut->tap_kind, command.command + 2U);
        if (command.command == 0) model.write(command.config, now);
        if (command.command == 1) model.start_burst(command.count, now);
        if (command.command == 2) EXPECT_EQ(bench_.done.back(), model.report(now, last_packet(sa)));
        commands_.pop_front();
      }
    }
    // Where in its span the time of the next probe lies is the prober's choice.
    const std::uint32_t offset = dut->tap_due - static_cast<std::uint32_t>(model.due_span.first);
    if (model.config.enable) EXPECT_LE(offset, model.due_span.last - model.due_span.first);
    model.due = model.due_span.first + offset;
  }

  void offer() {
    const unsigned favourite = static_cast<unsigned>(bench_.now() / 5000) % kSas;
    const auto some_sa = [&] { return random_.chance(40) ? favourite : static_cast<unsigned>(random_.below(kSas)); };
    if (!bench_.command_offered() && random_.chance(command_percent_)) {
      const unsigned kind = random_.chance(20) ? 0 : random_.chance(50) ? 1 : 2;
      commands_.push_back({kind, some_sa(), {}, 1 + static_cast<unsigned>(random_.below(15))});
      ProbeConfig& config = commands_.back().config;
      const std::int64_t ticks = static_cast<std::int64_t>(bench_.ns_per_cycle) * 64 / kTick + 1;  // of 64 cycles
      config.enable = random_.chance(90);
      config.data_alive = random_.chance(50);
      config.jitter = static_cast<unsigned>(random_.below(65));
      config.length = 56 + static_cast<unsigned>(random_.below(8945));
      config.interval = 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(8 * ticks)));
      config.suspect =
          random_.chance(20) ? 0 : static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(16 * ticks)));
      config.detect = 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(32 * ticks)));
      bench_.offer_command(kind, commands_.back().sa, config, commands_.back().count);
    }
    if (!bench_.reply_offered() && random_.chance(reply_percent_)) {
      Reply reply{some_sa(), 0, random_.word(), 0};
      reply.arrival =
          reply.origin + (random_.chance(80) ? random_.below(1ULL << 14) : random_.word() >> random_.below(64));
      reply.number =
          static_cast<std::uint32_t>(models_[reply.sa].number + 2 - static_cast<std::int64_t>(random_.below(44))) &
          0x3fffffff;
      if (!bench_.requests.empty() && random_.chance(60)) {
        const ProbeRequest& asked =
            bench_
                .requests[bench_.requests.size() - 1 - random_.below(std::min<std::size_t>(8, bench_.requests.size()))];
        reply.sa = asked.sa;
        reply.number = asked.number;
      }
      replies_.push_back(reply);
      bench_.offer_reply(reply.sa, reply.number, reply.origin, reply.arrival);
    }
    bench_.dut->data_valid = random_.chance(data_percent_);
    bench_.dut->data_sa = some_sa();
    bench_.dut->request_ready = random_.chance(request_percent_);
    bench_.dut->event_ready = random_.chance(event_percent_);
  }

  void new_mood() {
    const auto pick = [&](std::initializer_list<unsigned> values) {
      return *(values.begin() + random_.below(values.size()));
    };
    command_percent_ = pick({0, 1, 5, 100});
    reply_percent_ = pick({0, 2, 20, 100});
    data_percent_ = pick({0, 1, 20, 100});
    request_percent_ = pick({0, 3, 50, 100});
    event_percent_ = pick({0, 1, 50, 100});
    bench_.ns_per_cycle = pick({3, 4, 1024, 4000, 65535, 65536});
    bench_.dut->enable = random_.chance(90);
  }

  RandomSource random_;
  ProberBench bench_;
  std::array<ProbeModel, kSas> models_;
  std::array<std::deque<Packet>, kSas> packets_;
  std::array<std::int64_t, kSas> visited_{};
  std::deque<Command> commands_;
  std::deque<Reply> replies_;
  std::deque<std::uint64_t> expected_requests_;
  std::deque<ProbeEvent> expected_events_;
  std::array<int, 3> verdicts_{};
  std::int64_t cycle_ = 0;
  std::int64_t tick_ = 0, first_tick_ = 0;
  std::int64_t running_ns_ = 0;
  std::uint64_t uptime_ = 0;
  std::int64_t quiet_requests_ = 0;
  unsigned command_percent_ = 0, reply_percent_ = 0, data_percent_ = 0, request_percent_ = 0, event_percent_ = 0;
};

TEST_F(ProberAgainstModel, AgreesInEveryOperation) {
  for (int period = 0; period < 1500 && !HasFailure(); ++period) {
    new_mood();
    for (std::uint64_t left = 200 + random_.below(800); left > 0 && !HasFailure(); --left) {
      offer();
      bench_.cycle();
    }
  }
  // Quiet: all that was taken has been done, all that was decided has been told.
  bench_.dut->data_valid = 0;
  bench_.dut->enable = 0;
  bench_.dut->request_ready = bench_.dut->event_ready = 1;
  bench_.run(4 * ProberBench::sweep());
  EXPECT_TRUE(commands_.empty());
  EXPECT_TRUE(replies_.empty());
  EXPECT_TRUE(expected_requests_.empty());
  EXPECT_TRUE(expected_events_.empty());
  for (const ProbeModel& model : models_) EXPECT_EQ(model.told, model.state);
  for (int count : verdicts_) EXPECT_GT(count, 1000);
  EXPECT_GT(tick_, std::int64_t{1} << 32) << "the time has not wrapped around";
}

}  // namespace
}  // namespace sapulse::test
