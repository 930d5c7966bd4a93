// SPDX-License-Identifier: Apache-2.0
// Commands of the prober and of others, good and bad ones; the test plays the prober and the SA tables.
#include <Vprober_commands_bench.h>
#include <gtest/gtest.h>
#include <sapulse/registers.h>

#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

namespace regs = sapulse::regs;
using Descriptor = std::array<std::byte, 256>;
using CompletionBytes = std::array<std::byte, 64>;

class ProberCommands : public ::testing::Test {
 protected:
  ProberCommands() { dut_->ready = 1; }

  /// Mostly good values, often those at the limits, sometimes any.
  std::uint32_t around(std::uint32_t least, std::uint32_t most) {
    switch (random_.below(6)) {
      case 0:
        return least;
      case 1:
        return most;
      case 2:
        return random_.chance(30) ? most + 1 : least + 1;
      case 3:
        return random_.chance(30) ? least - 1 : most - 1;
      case 4:
        return random_.chance(10) ? static_cast<std::uint32_t>(random_.word()) : least;
      default:
        return least + static_cast<std::uint32_t>(random_.below(std::uint64_t{most} - least + 1));
    }
  }

  Descriptor any_descriptor() {
    Descriptor descriptor;
    for (std::byte& byte : descriptor) byte = static_cast<std::byte>(random_.word());
    const regs::Command head(descriptor);
    head.set_opcode(random_.chance(70) ? static_cast<regs::Opcode>(12 + random_.below(3))
                                       : static_cast<regs::Opcode>(random_.below(16)));
    head.set_sa(around(0, 1023));
    if (head.opcode() == regs::Opcode::probe_write) {
      const regs::ProbeWrite body(descriptor);
      body.set_enable(random_.chance(90) ? 1 : random_.below(4));
      body.set_data_alive(around(0, 1));
      body.set_jitter(around(0, 64));
      body.set_length(around(56, 9000));
      body.set_interval(around(1, (1U << 30) - 1));
      body.set_suspect(around(0, 0x7fffffff));
      body.set_detect(around(1, 0x7fffffff));
    }
    if (head.opcode() == regs::Opcode::probe_burst) regs::ProbeBurst(descriptor).set_count(around(1, 15));
    return descriptor;
  }

  static bool for_prober(const Descriptor& descriptor) {
    const auto opcode = static_cast<unsigned>(regs::ConstCommand(descriptor).opcode());
    return opcode >= 12 && opcode <= 14;
  }

  static regs::Status expected_status(const Descriptor& descriptor) {
    const regs::ConstCommand head(descriptor);
    if (head.sa() >= 1024) return regs::Status::bad_sa;
    if (head.opcode() == regs::Opcode::probe_burst) {
      const unsigned count = regs::ConstProbeBurst(descriptor).count();
      return count >= 1 && count <= 15 ? regs::Status::ok : regs::Status::bad_argument;
    }
    if (head.opcode() == regs::Opcode::probe_write) {
      const regs::ConstProbeWrite body(descriptor);
      if (body.enable() == 0) return regs::Status::ok;
      const bool good = body.enable() == 1 && body.data_alive() <= 1 && body.jitter() <= 64 && body.length() >= 56 &&
                        body.length() <= regs::kEchoDataBytes && body.interval() >= 1 && body.interval() < 1U << 30 &&
                        body.suspect() < 1U << 31 && body.detect() >= 1 && body.detect() < 1U << 31;
      return good ? regs::Status::ok : regs::Status::bad_argument;
    }
    return regs::Status::ok;
  }

  /// Executes a command as the card does; notes what the prober and the SA tables were told.
  void execute(const Descriptor& descriptor) {
    told_prober_ = told_tables_ = false;
    completion_.reset();
    std::memcpy(dut_->cmd_descriptor.m_storage, descriptor.data(), descriptor.size());
    dut_->cmd_valid = 1;
    int prober_works = -1, tables_work = -1;
    for (int cycles = 0; !completion_; ++cycles) {
      ASSERT_LT(cycles, 1000) << "a command was not completed";
      dut_->command_ready = random_.chance(30);
      dut_->done_valid = prober_works == 0;
      dut_->done_state = report_.state;
      dut_->done_rtt = report_.rtt;
      dut_->done_probes = report_.probes;
      dut_->done_replies = report_.replies;
      dut_->done_heard = report_.heard;
      dut_->next_cmd_ready = tables_work == 0;
      dut_->next_rsp_valid = told_tables_ && tables_work <= 0;
      dut_->next_rsp_status = 4;
      std::memcpy(dut_->next_rsp_completion.m_storage, tables_completion_.data(), 64);
      dut_->rsp_ready = dut_->cmd_valid ? 0 : random_.chance(30);
      dut_.settle();

      if (prober_works >= 0) --prober_works;
      if (tables_work >= 0) --tables_work;
      if (dut_->command_valid && dut_->command_ready) {
        EXPECT_FALSE(told_prober_) << "told twice";
        EXPECT_FALSE(told_tables_);
        told_prober_ = true;
        prober_works = 1 + static_cast<int>(random_.below(8));
        expect_told(descriptor);
      }
      if (dut_->next_cmd_valid && !told_tables_) {
        told_tables_ = true;
        tables_work = static_cast<int>(random_.below(8));
      }
      if (dut_->rsp_valid && dut_->rsp_ready) {
        EXPECT_FALSE(dut_->cmd_valid);
        EXPECT_EQ(dut_->next_rsp_ready, told_tables_);
        completion_.emplace();
        std::memcpy(completion_->data(), dut_->rsp_completion.m_storage, 64);
        status_ = static_cast<regs::Status>(dut_->rsp_status);
      }
      const bool taken = dut_->cmd_valid && dut_->cmd_ready;
      dut_.tick();
      if (taken) dut_->cmd_valid = 0;
    }
  }

  void expect_told(const Descriptor& descriptor) {
    const regs::ConstCommand head(descriptor);
    EXPECT_EQ(dut_->command_sa, head.sa());
    switch (head.opcode()) {
      case regs::Opcode::probe_write: {
        const regs::ConstProbeWrite body(descriptor);
        EXPECT_EQ(dut_->command, 0);
        EXPECT_EQ(dut_->config_enable, body.enable());
        if (body.enable() == 0) break;
        EXPECT_EQ(dut_->config_data_alive, body.data_alive());
        EXPECT_EQ(dut_->config_jitter, body.jitter());
        EXPECT_EQ(dut_->config_length, body.length());
        EXPECT_EQ(dut_->config_interval, body.interval());
        EXPECT_EQ(dut_->config_suspect, body.suspect());
        EXPECT_EQ(dut_->config_detect, body.detect());
        break;
      }
      case regs::Opcode::probe_burst:
        EXPECT_EQ(dut_->command, 1);
        EXPECT_EQ(dut_->command_count, regs::ConstProbeBurst(descriptor).count());
        break;
      case regs::Opcode::probe_read:
        EXPECT_EQ(dut_->command, 2);
        break;
      case regs::Opcode::sa_erase:
        EXPECT_EQ(dut_->command, 0);
        EXPECT_EQ(dut_->config_enable, 0);
        break;
      default:
        ADD_FAILURE() << "the prober was told what is not for it";
    }
  }

  struct Report {
    unsigned state;
    std::uint32_t rtt, probes, replies, heard;
  };

  RandomSource random_;
  Clocked<Vprober_commands_bench> dut_;
  Report report_{};
  CompletionBytes tables_completion_{};
  bool told_prober_ = false, told_tables_ = false;
  std::optional<CompletionBytes> completion_;
  regs::Status status_{};
};

TEST_F(ProberCommands, AreCheckedCarriedOutAndCompleted) {
  for (int round = 0; round < 30000 && !HasFatalFailure() && !HasNonfatalFailure(); ++round) {
    const Descriptor descriptor = any_descriptor();
    const regs::ConstCommand head(descriptor);
    report_ = {static_cast<unsigned>(random_.below(5)), static_cast<std::uint32_t>(random_.word()),
               static_cast<std::uint32_t>(random_.word()) & 0x3fffffff, static_cast<std::uint32_t>(random_.word()),
               static_cast<std::uint32_t>(random_.word())};
    for (std::byte& byte : tables_completion_) byte = static_cast<std::byte>(random_.word());
    execute(descriptor);
    if (!completion_) break;

    if (!for_prober(descriptor)) {
      EXPECT_EQ(told_prober_, head.opcode() == regs::Opcode::sa_erase && head.sa() < 1024);
      EXPECT_TRUE(told_tables_);
      EXPECT_EQ(*completion_, tables_completion_);
      EXPECT_EQ(static_cast<unsigned>(status_), 4U);
      continue;
    }
    const regs::Status expected = expected_status(descriptor);
    EXPECT_EQ(status_, expected);
    EXPECT_EQ(told_prober_, expected == regs::Status::ok);
    EXPECT_FALSE(told_tables_);
    CompletionBytes wanted{};
    if (head.opcode() == regs::Opcode::probe_read && expected == regs::Status::ok) {
      const regs::ProbeCompletion body(wanted);
      body.set_state(static_cast<regs::ProbeState>(report_.state));
      body.set_rtt(report_.rtt);
      body.set_probes(report_.probes);
      body.set_replies(report_.replies);
      body.set_heard(report_.heard);
    }
    EXPECT_EQ(*completion_, wanted);
  }
}

TEST_F(ProberCommands, WaitUntilTheTablesHaveBeenCleared) {
  dut_->ready = 0;
  Descriptor descriptor{};
  regs::Command(descriptor).set_opcode(regs::Opcode::probe_read);
  std::memcpy(dut_->cmd_descriptor.m_storage, descriptor.data(), descriptor.size());
  dut_->cmd_valid = 1;
  for (int cycle = 0; cycle < 50; ++cycle) {
    dut_.tick();
    EXPECT_FALSE(dut_->command_valid);
    EXPECT_FALSE(dut_->cmd_ready);
  }
  dut_->ready = 1;
  execute(descriptor);
  EXPECT_TRUE(told_prober_);
}

}  // namespace
}  // namespace sapulse::test
