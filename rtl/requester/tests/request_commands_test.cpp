// SPDX-License-Identifier: Apache-2.0
// Commands of the requester and of others, good and bad ones; the test plays request_start, the ping table and what
// lies behind.
#include <Vrequest_commands_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <map>
#include <optional>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Opcode;
using regs::Status;
using Descriptor = std::array<std::byte, regs::kCommandBytes>;
using CompletionBytes = std::array<std::byte, regs::kCompletionBytes>;

constexpr std::uint32_t kCapacity = 1024;
constexpr unsigned kTelemetry = 56;  // bytes of a telemetry block
constexpr std::uint64_t kEndOfTime = ~std::uint64_t{0};

/// What the surroundings say to one command.
struct World {
  bool free, usable;
  std::uint32_t transaction;
  std::uint64_t n, t_origin;
};

class RequestCommands : public ::testing::Test {
 protected:
  RequestCommands() { dut_->ready = 1; }

  /// Mostly good values, often those at the limits and next to them.
  std::uint16_t around(unsigned least, unsigned most) {
    const std::array<unsigned, 5> edges{least, most, most + 1, least - 1, least + 1};
    return static_cast<std::uint16_t>(random_.chance(50) ? edges[random_.below(edges.size())]
                                                         : least + random_.below(most - least + 1));
  }

  Descriptor any_descriptor() {
    Descriptor descriptor;
    for (std::byte& byte : descriptor) byte = static_cast<std::byte>(random_.word());
    const regs::Command head(descriptor);
    constexpr std::array kOpcodes{Opcode::ping, Opcode::send};
    head.set_opcode(random_.chance(80) ? kOpcodes[random_.below(2)] : static_cast<Opcode>(random_.below(16)));
    if (random_.chance(90))
      head.set_sa(random_.chance(10) ? kCapacity : static_cast<std::uint32_t>(random_.below(kCapacity)));
    if (head.opcode() == Opcode::ping) {
      const bool at_telemetry = random_.chance(50);
      regs::Ping(descriptor)
          .set_length(at_telemetry ? around(kTelemetry, kTelemetry) : around(0, regs::kEchoDataBytes));
      if (random_.chance(50)) regs::Ping(descriptor).set_timeout(random_.below(1'000'000));
    }
    if (head.opcode() == Opcode::send) {
      const std::uint16_t length = around(16, regs::kMessageBodyBytes);
      regs::Send(descriptor).set_length(random_.chance(70) ? length & ~3U : length);
    }
    return descriptor;
  }

  World any_world() {
    return {.free = random_.chance(80),
            .usable = random_.chance(80),
            .transaction = static_cast<std::uint32_t>(random_.word()),
            .n = random_.word(),
            .t_origin = random_.word()};
  }

  static bool is_own(const Descriptor& descriptor) {
    const Opcode opcode = regs::ConstCommand(descriptor).opcode();
    return opcode == Opcode::ping || opcode == Opcode::send;
  }
  static bool is_ping(const Descriptor& descriptor) { return regs::ConstCommand(descriptor).opcode() == Opcode::ping; }

  /// Of PING and SEND.
  static Status expected_status(const Descriptor& descriptor, const World& world) {
    if (regs::ConstCommand(descriptor).sa() >= kCapacity) return Status::bad_sa;
    const unsigned length =
        is_ping(descriptor) ? regs::ConstPing(descriptor).length() : regs::ConstSend(descriptor).length();
    const bool good = is_ping(descriptor) ? length <= regs::kEchoDataBytes
                                          : length >= 16 && length <= regs::kMessageBodyBytes && length % 4 == 0;
    if (!good) return Status::bad_argument;
    if (is_ping(descriptor) && !world.free) return Status::busy;
    return world.usable ? Status::ok : Status::unusable;
  }

  /// Executes a command as the card does; notes who was told.
  void execute(const Descriptor& descriptor, const World& world) {
    ordered_ = opened_ = forwarded_ = false;
    completion_.reset();
    for (std::byte& byte : tables_completion_) byte = static_cast<std::byte>(random_.word());
    tables_status_ = static_cast<std::uint8_t>(random_.word());
    std::memcpy(dut_->cmd_descriptor.m_storage, descriptor.data(), descriptor.size());
    dut_->cmd_valid = 1;
    for (int cycles = 0; !completion_; ++cycles) {
      ASSERT_LT(cycles, 1000) << "a command was not completed";
      surround(world);
      dut_.settle();
      if (dut_->order_valid && dut_->order_ready) expect_order(descriptor, world);
      if (dut_->open_valid && dut_->open_ready) expect_open(descriptor, world);
      forwarded_ = forwarded_ || (dut_->sa_cmd_valid && dut_->sa_cmd_ready);
      if (dut_->rsp_valid && dut_->rsp_ready) take_completion();
      const bool taken = dut_->cmd_valid && dut_->cmd_ready;
      dut_.tick();
      if (taken) dut_->cmd_valid = 0;
      if (HasFatalFailure()) return;
    }
  }

  void surround(const World& world) {
    dut_->uptime = random_.chance(50) ? random_.word() : kEndOfTime - random_.below(2'000'000);
    dut_->free_valid = world.free;
    // Another number after this one has been given out.
    dut_->free_transaction = opened_ ? ~world.transaction : world.transaction;
    dut_->order_ready = dut_->order_valid && random_.chance(30);
    dut_->done_usable = dut_->order_ready ? world.usable : random_.chance(50);
    dut_->done_n = dut_->order_ready ? world.n : random_.word();
    dut_->done_t_origin = dut_->order_ready ? world.t_origin : random_.word();
    dut_->open_ready = random_.chance(30);
    dut_->sa_cmd_ready = dut_->cmd_valid && !forwarded_ && random_.chance(30);
    dut_->sa_rsp_valid = forwarded_ && (dut_->sa_rsp_valid || random_.chance(30));
    dut_->sa_rsp_status = tables_status_;
    std::memcpy(dut_->sa_rsp_completion.m_storage, tables_completion_.data(), tables_completion_.size());
    dut_->rsp_ready = !dut_->cmd_valid && random_.chance(30);
  }

  void expect_order(const Descriptor& descriptor, const World& world) {
    ASSERT_FALSE(ordered_) << "sent twice";
    ordered_ = true;
    const bool ping = is_ping(descriptor);
    const regs::ConstSend send(descriptor);
    ASSERT_EQ(dut_->order_raw, !ping);
    ASSERT_EQ(dut_->order_sa, regs::ConstCommand(descriptor).sa());
    ASSERT_EQ(dut_->order_transaction, ping ? world.transaction : send.transaction());
    ASSERT_EQ(dut_->order_length, ping ? regs::ConstPing(descriptor).length() : send.length());
    ASSERT_EQ(dut_->order_message, ping ? 1 : send.message());
    ASSERT_EQ(dut_->order_code, ping ? 0 : send.code());
    if (!ping) ASSERT_EQ(std::memcmp(dut_->order_body.m_storage, send.body().data(), send.body().size()), 0);
    const auto counter = ping ? regs::Counter::requests : regs::Counter::sent;
    ASSERT_EQ(dut_->order_counter, static_cast<unsigned>(counter));
    const std::uint64_t timeout = regs::ConstPing(descriptor).timeout();
    deadline_ = timeout > kEndOfTime - dut_->uptime ? kEndOfTime : dut_->uptime + timeout;
  }

  void expect_open(const Descriptor& descriptor, const World& world) {
    ASSERT_TRUE(ordered_ && world.usable && is_ping(descriptor)) << "a ping that was not sent";
    ASSERT_FALSE(opened_) << "opened twice";
    opened_ = true;
    ASSERT_EQ(dut_->open_sa, regs::ConstCommand(descriptor).sa());
    ASSERT_EQ(dut_->open_cookie, regs::ConstCommand(descriptor).cookie());
    const unsigned length = regs::ConstPing(descriptor).length();
    ASSERT_EQ(dut_->open_timed, length >= kTelemetry);
    ++(length >= kTelemetry ? timed_ : untimed_);
    ASSERT_EQ(dut_->open_t_origin, world.t_origin);
    ASSERT_EQ(dut_->open_deadline, deadline_);
  }

  void take_completion() {
    completion_.emplace();
    std::memcpy(completion_->data(), dut_->rsp_completion.m_storage, completion_->size());
    status_ = dut_->rsp_status;
  }

  RandomSource random_;
  Clocked<Vrequest_commands_bench> dut_;
  CompletionBytes tables_completion_{};
  std::optional<CompletionBytes> completion_;
  std::uint8_t tables_status_ = 0, status_ = 0;
  std::uint64_t deadline_ = 0;
  bool ordered_ = false, opened_ = false, forwarded_ = false;
  int timed_ = 0, untimed_ = 0;  ///< pings opened
};

TEST_F(RequestCommands, GoWhereTheyMustAndAreAnswered) {
  std::map<Status, int> pings, sends;
  int others = 0;
  for (int i = 0; i < 5000; ++i) {
    const Descriptor descriptor = any_descriptor();
    const World world = any_world();
    execute(descriptor, world);
    if (HasFatalFailure()) return;
    ASSERT_EQ(forwarded_, !is_own(descriptor));
    if (forwarded_) {
      ++others;
      ASSERT_FALSE(ordered_ || opened_);
      ASSERT_EQ(status_, tables_status_);
      ASSERT_EQ(*completion_, tables_completion_);
      continue;
    }
    const Status status = expected_status(descriptor, world);
    ASSERT_EQ(status_, static_cast<unsigned>(status));
    ASSERT_EQ(ordered_, status == Status::ok || status == Status::unusable);
    ASSERT_EQ(opened_, status == Status::ok && is_ping(descriptor));
    CompletionBytes expected{};
    if (status == Status::ok) {
      const regs::PingCompletion completion(expected);
      completion.set_transaction(is_ping(descriptor) ? world.transaction : regs::ConstSend(descriptor).transaction());
      completion.set_n(world.n);
    }
    ASSERT_EQ(*completion_, expected);
    ++(is_ping(descriptor) ? pings : sends)[status];
  }
  EXPECT_GT(others, 100);
  for (const Status status : {Status::ok, Status::bad_sa, Status::bad_argument, Status::unusable}) {
    EXPECT_GT(pings[status], 50) << regs::name(status);
    EXPECT_GT(sends[status], 50) << regs::name(status);
  }
  EXPECT_GT(pings[Status::busy], 50);
  EXPECT_GT(timed_, 100);
  EXPECT_GT(untimed_, 100);
}

TEST_F(RequestCommands, NothingStartsBeforeEverythingIsReady) {
  dut_->ready = 0;
  for (const Opcode opcode : {Opcode::ping, Opcode::send, Opcode::nop}) {
    Descriptor descriptor{};
    regs::Command(descriptor).set_opcode(opcode);
    std::memcpy(dut_->cmd_descriptor.m_storage, descriptor.data(), descriptor.size());
    dut_->cmd_valid = 1;
    for (int i = 0; i < 50; ++i) {
      dut_.settle();
      ASSERT_FALSE(dut_->cmd_ready || dut_->order_valid || dut_->sa_cmd_valid || dut_->rsp_valid);
      dut_.tick();
    }
  }
}

}  // namespace
}  // namespace sapulse::test
