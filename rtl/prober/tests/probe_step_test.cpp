// SPDX-License-Identifier: Apache-2.0
// One decision of the prober at random, at any time and number modulo 2^32 and 2^30, against the model.
#include <Vprobe_step_bench.h>
#include <gtest/gtest.h>

#include <optional>

#include "clocked.h"
#include "probe_model.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

enum Kind : unsigned { visit, reply, write, burst, read };

std::uint32_t low32(std::int64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t low30(std::int64_t value) { return static_cast<std::uint32_t>(value) & 0x3fffffff; }

class ProbeStep : public ::testing::Test {
 protected:
  /// Up to `most`, small ones and the greatest as likely as others.
  std::int64_t number_up_to(std::int64_t most) {
    switch (random_.below(4)) {
      case 0:
        return static_cast<std::int64_t>(random_.below(std::min<std::uint64_t>(most, 64) + 1));
      case 1:
        return most - static_cast<std::int64_t>(random_.below(std::min<std::uint64_t>(most, 64) + 1));
      default:
        return static_cast<std::int64_t>(random_.below(most + 1));
    }
  }

  ProbeConfig config(bool enable) {
    ProbeConfig result;
    result.enable = enable;
    result.data_alive = random_.chance(50);
    result.jitter = static_cast<unsigned>(number_up_to(64));
    result.length = 56 + static_cast<unsigned>(random_.below(8945));
    result.interval = 1 + number_up_to((1 << 30) - 2);
    result.suspect = random_.chance(20) ? 0 : number_up_to(0x7fffffff);
    result.detect = 1 + number_up_to(0x7ffffffe);
    return result;
  }

  /// A time before now: anywhere, or close to one of the limits.
  std::int64_t past(const ProbeModel& model) {
    const std::int64_t near = static_cast<std::int64_t>(random_.below(5)) - 2;
    switch (random_.below(4)) {
      case 0:
        return std::min(now_, now_ - model.config.suspect + near);
      case 1:
        return std::min(now_, now_ - model.config.detect + near);
      case 2:
        return now_ - number_up_to(100);
      default:
        return now_ - number_up_to(0x7fffffff);
    }
  }

  /// Of a reply: most of those that could match, some before and after, some half way round.
  std::int64_t any_age() {
    switch (random_.below(10)) {
      case 0:
        return number_up_to(ProbeModel::kNumbers - 1);
      case 1:
        return ProbeModel::kNumbers / 2 - 5 + static_cast<std::int64_t>(random_.below(40));
      default:
        return static_cast<std::int64_t>(random_.below(40)) - 3;
    }
  }

  /// ns from a probe to its reply: anything, or close to what the time to detection and the last sign of life allow.
  std::uint64_t any_silence(const ProbeModel& model) {
    const std::int64_t limit = random_.chance(50) ? model.config.detect : now_ - model.heard;
    switch (random_.below(5)) {
      case 0:
        return random_.word();
      case 1:
        return std::uint64_t{1} << random_.below(64);
      case 2:
        return static_cast<std::uint64_t>(limit) * 1024 + random_.below(2048) - 1024;
      default:
        return random_.below(1ULL << 32);
    }
  }

  ProbeModel any_model() {
    ProbeModel model;
    now_ = (std::int64_t{1} << 40) + static_cast<std::int64_t>(random_.below(1ULL << 33));
    const bool enable = random_.chance(85);
    model.config = config(enable);
    if (enable) model.state = static_cast<ProbeState>(1 + random_.below(4));
    model.told = static_cast<ProbeState>(random_.below(5));
    model.due = random_.chance(50) ? now_ - number_up_to(0x7fffffff) : now_ + number_up_to(1 << 30);
    model.due_span = {model.due, model.due};
    model.heard = past(model);
    if (model.state == ProbeState::down && random_.chance(20))
      model.heard = now_ - ProbeModel::kOldest - number_up_to(5000);
    model.number = ProbeModel::kNumbers * 5 + number_up_to(ProbeModel::kNumbers);
    model.first = model.number - (enable ? number_up_to(random_.chance(50) ? 40 : ProbeModel::kNumbers * 3) : 0);
    for (std::int64_t back = 1; back <= 32; ++back) {
      if (model.number - back >= model.first && random_.chance(60)) model.unanswered.insert(model.number - back);
    }
    if (enable) model.burst = static_cast<unsigned>(random_.below(16));
    model.rtt = static_cast<std::uint32_t>(random_.word());
    model.replies = static_cast<std::uint32_t>(number_up_to(0xffffffff));
    return model;
  }

  void drive(const ProbeModel& model) {
    std::uint32_t outstanding = 0;
    for (std::int64_t asked : model.unanswered) outstanding |= 1U << (model.number - 1 - asked);
    dut_->tick = low32(now_);
    dut_->enable = model.config.enable;
    dut_->data_alive = model.config.data_alive;
    dut_->jitter = model.config.jitter;
    dut_->length = model.config.length;
    dut_->interval = low32(model.config.interval);
    dut_->suspect = low32(model.config.suspect);
    dut_->detect = low32(model.config.detect);
    dut_->state = static_cast<unsigned>(model.state);
    dut_->told = static_cast<unsigned>(model.told);
    dut_->due = low32(model.due);
    dut_->heard = low32(model.heard);
    dut_->number = low30(model.number);
    dut_->outstanding = outstanding;
    dut_->burst = model.burst;
    dut_->rtt = model.rtt;
    dut_->probes = low30(model.number - model.first);
    dut_->many = model.number - model.first >= 32;
    dut_->replies = model.replies;
  }

  void drive_config(const ProbeConfig& config) {
    dut_->config_enable = config.enable;
    dut_->config_data_alive = config.data_alive;
    dut_->config_jitter = config.jitter;
    dut_->config_length = config.length;
    dut_->config_interval = low32(config.interval);
    dut_->config_suspect = low32(config.suspect);
    dut_->config_detect = low32(config.detect);
  }

  void expect_entry(const ProbeModel& model) {
    EXPECT_EQ(dut_->out_enable, model.config.enable);
    EXPECT_EQ(dut_->out_data_alive, model.config.data_alive);
    EXPECT_EQ(dut_->out_jitter, model.config.jitter);
    EXPECT_EQ(dut_->out_length, model.config.length);
    EXPECT_EQ(dut_->out_interval, low32(model.config.interval));
    EXPECT_EQ(dut_->out_suspect, low32(model.config.suspect));
    EXPECT_EQ(dut_->out_detect, low32(model.config.detect));
    EXPECT_EQ(dut_->out_state, static_cast<unsigned>(model.state));
    EXPECT_EQ(dut_->out_told, static_cast<unsigned>(model.told));
    EXPECT_EQ(dut_->out_heard, low32(model.heard));
    EXPECT_EQ(dut_->out_number, low30(model.number));
    std::uint32_t outstanding = 0;
    for (std::int64_t asked : model.unanswered) outstanding |= 1U << (model.number - 1 - asked);
    EXPECT_EQ(dut_->out_outstanding, outstanding);
    EXPECT_EQ(dut_->out_burst, model.burst);
    EXPECT_EQ(dut_->out_rtt, model.rtt);
    EXPECT_EQ(dut_->out_probes, low30(model.number - model.first));
    EXPECT_EQ(dut_->out_many, model.number - model.first >= 32);
    EXPECT_EQ(dut_->out_replies, model.replies);
  }

  void expect_report(const ProbeReport& report) {
    EXPECT_EQ(dut_->report_state, static_cast<unsigned>(report.state));
    EXPECT_EQ(dut_->report_rtt, report.rtt);
    EXPECT_EQ(dut_->report_probes, report.probes);
    EXPECT_EQ(dut_->report_replies, report.replies);
    EXPECT_EQ(dut_->report_heard, report.heard);
  }

  /// The random part of an interval, in 2^-19: what is left out of it.
  static std::int64_t left_out(std::int64_t interval, unsigned factor) {
    return static_cast<std::int64_t>(static_cast<unsigned __int128>(interval) * factor >> 19);
  }

  RandomSource random_;
  Clocked<Vprobe_step_bench> dut_;
  std::int64_t now_ = 0;
};

TEST_F(ProbeStep, DoesWhatTheModelDoes) {
  for (int round = 0; round < 200000 && !HasFailure(); ++round) {
    ProbeModel model = any_model();
    const auto kind = static_cast<Kind>(random_.below(5));
    const ProbeConfig wanted = config(random_.chance(80));
    const unsigned count = 1 + static_cast<unsigned>(random_.below(15));
    std::optional<std::int64_t> data;
    if (random_.chance(70)) data = past(model);
    const bool probing = random_.chance(80);
    const bool request_room = random_.chance(70);
    const bool event_room = random_.chance(70);
    const std::int64_t age = any_age();
    const std::uint32_t reply_number = low30(model.number - 1 - age);
    const std::uint64_t arrival = random_.word();
    const std::uint64_t origin = arrival - any_silence(model);
    const auto chance = static_cast<unsigned>(random_.chance(10) ? 2047 : random_.below(2048));

    drive(model);
    drive_config(wanted);
    dut_->random = chance;
    dut_->probing = probing;
    dut_->request_room = request_room;
    dut_->event_room = event_room;
    dut_->kind = kind;
    dut_->data_seen = data.has_value();
    dut_->data_tick = low32(data.value_or(0));
    dut_->count = count;
    dut_->reply_number = reply_number;
    dut_->age = arrival - origin;
    dut_->valid = 1;
    dut_.tick();
    dut_->valid = 0;
    dut_->tick = static_cast<std::uint32_t>(random_.word());  // the time goes on
    dut_->random = static_cast<unsigned>(random_.below(2048));
    EXPECT_EQ(dut_->stale_valid, kind == visit && data && now_ - *data >= ProbeModel::kOldest);
    for (int stage = 0; stage < 4; ++stage) dut_.tick();
    ASSERT_TRUE(dut_->out_valid);

    std::int64_t due = model.due;
    ProbeModel::Visit visited;
    switch (kind) {
      case visit: {
        const unsigned burst_before = model.burst;
        visited = model.visit(now_, data, probing, request_room, event_room);
        if (visited.probe) {
          due = burst_before > 1
                    ? now_ + model.config.interval / 8
                    : now_ + model.config.interval - left_out(model.config.interval, model.config.jitter * chance);
        } else if (model.due_span.first == now_) {
          due = now_;
        }
        break;
      }
      case reply:
        EXPECT_EQ(dut_->verdict, static_cast<unsigned>(model.reply(reply_number, now_, arrival, origin)));
        break;
      case write:
        model.write(wanted, now_);
        due = now_ + wanted.interval - left_out(wanted.interval, 256 * chance);
        break;
      case burst:
        model.start_burst(count, now_);
        if (model.config.enable) due = now_;
        break;
      case read:
        expect_report(model.report(now_, data));
        break;
    }
    EXPECT_EQ(dut_->out_due, low32(due));
    EXPECT_TRUE(due >= model.due_span.first && due <= model.due_span.last);
    EXPECT_EQ(dut_->request, visited.probe.has_value());
    if (visited.probe) EXPECT_EQ(dut_->request_number, low30(*visited.probe));
    EXPECT_EQ(dut_->told_now, visited.told_before.has_value());
    if (visited.told_before) {
      EXPECT_EQ(dut_->previous, static_cast<unsigned>(*visited.told_before));
      expect_report(visited.report);
    }
    expect_entry(model);
    if (HasFailure()) ADD_FAILURE() << "round " << round << ", kind " << kind;
  }
}

}  // namespace
}  // namespace sapulse::test
