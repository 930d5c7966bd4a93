// SPDX-License-Identifier: Apache-2.0
// Every kind of host memory access fails once: it is reported, nothing hangs, and all goes on after the error has been
// cleared.
#include <gtest/gtest.h>

#include <algorithm>

#include "ring_host.h"

namespace sapulse::test {
namespace {

constexpr unsigned kDecodeError = 3;

class DmaError : public ::testing::Test {
 protected:
  DmaError() : host_(bench_, 4, 4, 4) {
    bench_.set(regs::offset::kInterruptEnable, regs::interrupt_status::kError.mask());
  }

  /// Waits for the error and checks how it is reported.
  void expect_error(std::uint64_t address, bool write, unsigned response) {
    bench_.until([&] { return bench_.card().irq != 0; });
    EXPECT_EQ(bench_.card().irq, regs::interrupt_status::kError.mask());
    const std::uint32_t error = bench_.get(regs::offset::kDmaError);
    EXPECT_EQ(regs::dma_error::kValid.get(error), 1u);
    EXPECT_EQ(regs::dma_error::kWrite.get(error), write ? 1u : 0u);
    EXPECT_EQ(regs::dma_error::kResponse.get(error), response);
    EXPECT_EQ(bench_.get64(regs::offset::kDmaErrorAddress), address);
    EXPECT_EQ(regs::status::kDmaError.get(bench_.get(regs::offset::kStatus)), 1u);
  }

  /// No access to memory as long as the error stands.
  void expect_standstill() {
    bench_.until([&] { return regs::status::kDmaIdle.get(bench_.get(regs::offset::kStatus)) == 1; });
    const std::size_t reads = bench_.memory.reads().size();
    const std::size_t writes = bench_.memory.writes().size();
    bench_.steps(1000);
    EXPECT_EQ(bench_.memory.reads().size(), reads);
    EXPECT_EQ(bench_.memory.writes().size(), writes);
    const std::uint32_t error = bench_.get(regs::offset::kDmaError);
    if (regs::dma_error::kWrite.get(error) != 0)
      EXPECT_TRUE(bench_.memory.writes().back().failed) << "write after the error";
  }

  void recover() {
    bench_.memory.clear_errors();
    bench_.set(regs::offset::kDmaError, ~regs::dma_error::kValid.mask());  // not this bit
    EXPECT_EQ(regs::dma_error::kValid.get(bench_.get(regs::offset::kDmaError)), 1u);
    bench_.set(regs::offset::kDmaError, regs::dma_error::kValid.mask());
    EXPECT_EQ(bench_.get(regs::offset::kDmaError), 0u);
    bench_.set(regs::offset::kInterruptStatus, ~0u);
    EXPECT_EQ(bench_.card().irq, 0u);
  }

  void send_commands(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      sent_.push_back(host_.random_command());
      host_.push(sent_.back());
    }
    host_.ring_doorbell();
  }

  void expect_all_answered() {
    std::vector<CompletionRecord> answers;
    bench_.until([&] {
      const auto more = host_.take_completions();
      answers.insert(answers.end(), more.begin(), more.end());
      return answers.size() >= sent_.size();
    });
    host_.release_completions();
    ASSERT_EQ(answers.size(), sent_.size());
    for (std::size_t i = 0; i < sent_.size(); ++i) expect_answer(sent_.at(i), answers.at(i));
    executed_.insert(executed_.end(), sent_.begin(), sent_.end());
    EXPECT_EQ(bench_.executed, executed_) << "each command exactly once";
    sent_.clear();
  }

  void expect_all_delivered(std::size_t total) {
    std::vector<Exception> received;
    bench_.until([&] {
      const auto more = host_.take_exceptions();
      received.insert(received.end(), more.begin(), more.end());
      return received.size() >= total;
    });
    ASSERT_EQ(received.size(), total);
    for (std::uint32_t i = 0; i < total; ++i)
      EXPECT_EQ(received.at(i), numbered(bench_.exceptions.handed_over.at(i), i)) << i;
  }

  HostBench bench_;
  RingHost host_;
  std::vector<Descriptor> sent_;
  std::vector<Descriptor> executed_;
};

TEST_F(DmaError, WhileFetchingCommandsIsRepeated) {
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t beat = host_.command_base +
                               ((host_.command_producer + bench_.random.between(0, 5)) % 16) * 256 +
                               64 * bench_.random.between(0, 3);
    bench_.memory.fail_at(beat, kSlaveError);
    send_commands(6);
    expect_error(beat, false, kSlaveError);
    expect_standstill();
    recover();
    expect_all_answered();
  }
}

TEST_F(DmaError, WhileWritingCompletionsIsRepeated) {
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t slot = (host_.completion_consumer + bench_.random.between(0, 5)) % 16;
    bench_.memory.fail_at(host_.completion_base + slot * 64, kDecodeError);
    send_commands(6);
    bench_.until([&] { return bench_.card().irq != 0; });
    // The address is that of the burst.
    const std::uint64_t address = bench_.get64(regs::offset::kDmaErrorAddress);
    EXPECT_LE(address, host_.completion_base + slot * 64);
    EXPECT_GT(address + 1024, host_.completion_base + slot * 64);
    expect_error(address, true, kDecodeError);
    expect_standstill();
    recover();
    expect_all_answered();
  }
}

TEST_F(DmaError, WhileWritingExceptionsIsRepeated) {
  bench_.memory.fail_at(host_.exception_base + 2 * 256 + 128, kSlaveError);
  for (int i = 0; i < 7; ++i) bench_.send_exception(random_exception(bench_.random));
  send_commands(10);  // their completions want to be written as well
  bench_.until([&] { return bench_.card().irq != 0; });
  const std::uint64_t address = bench_.get64(regs::offset::kDmaErrorAddress);
  EXPECT_EQ((address - host_.exception_base) % 256, 0u);
  EXPECT_LE(address, host_.exception_base + 2 * 256);
  expect_error(address, true, kSlaveError);
  expect_standstill();
  bench_.until([&] { return bench_.exceptions_waiting() == 0; });
  recover();
  expect_all_delivered(7);
  expect_all_answered();
}

TEST_F(DmaError, WhileWritingEventsIsRepeated) {
  bench_.memory.fail_at(host_.event_base + 3 * regs::kEventBytes + 64, kSlaveError);
  for (int i = 0; i < 7; ++i) bench_.events.send(random_event(bench_.random));
  send_commands(10);
  bench_.until([&] { return bench_.card().irq != 0; });
  expect_error(bench_.get64(regs::offset::kDmaErrorAddress), true, kSlaveError);
  expect_standstill();
  bench_.until([&] { return bench_.events.waiting() == 0; });
  recover();
  std::vector<Event> received;
  bench_.until([&] {
    const auto more = host_.take_events();
    received.insert(received.end(), more.begin(), more.end());
    return received.size() >= 7;
  });
  for (std::uint32_t i = 0; i < 7; ++i) EXPECT_EQ(received.at(i), numbered(bench_.events.handed_over.at(i), i)) << i;
  expect_all_answered();
}

TEST_F(DmaError, WhileWritingTheStatusBlockIsRepeated) {
  bench_.memory.fail_at(RingHost::kStatusAddress, kSlaveError);
  send_commands(3);
  expect_error(RingHost::kStatusAddress, true, kSlaveError);
  expect_standstill();
  EXPECT_EQ(regs::interrupt_status::kCompletion.get(bench_.get(regs::offset::kInterruptStatus)), 0u);
  recover();
  expect_all_answered();
  EXPECT_EQ(regs::interrupt_status::kCompletion.get(bench_.get(regs::offset::kInterruptStatus)), 1u);
}

TEST_F(DmaError, WhileReadingAFrameFailsTheCommandAndSendsNothing) {
  for (const unsigned bad_beat : {0u, 1u, 17u, 143u}) {
    bench_.memory.fail_at(RingHost::kFrameAddress + 64 * bad_beat, kSlaveError);
    const Descriptor command = host_.frame_command(RingHost::kFrameAddress, regs::kMaxFrameBytes);
    host_.push(command);
    host_.ring_doorbell();
    expect_error(RingHost::kFrameAddress + 64 * bad_beat, false, kSlaveError);
    expect_standstill();
    recover();
    std::vector<CompletionRecord> answers;
    bench_.until([&] { return !(answers = host_.take_completions()).empty(); });
    ASSERT_EQ(answers.size(), 1u);
    expect_answer(command, answers.front());
    EXPECT_EQ(answers.front().status, regs::Status::dma_error);
    host_.release_completions();
    send_commands(3);
    expect_all_answered();
  }
  EXPECT_TRUE(bench_.frames.empty());
}

TEST_F(DmaError, OutsideOfMappedMemoryStopsAndLeavesRegistersAlive) {
  host_.disable();
  bench_.set64(regs::offset::kCommandBase, 0xdead'0000'0000);
  host_.enable();
  bench_.set(regs::offset::kCommandProducer, 1);
  expect_error(0xdead'0000'0000, false, kDecodeError);
  bench_.set(regs::offset::kScratch, 42);
  EXPECT_EQ(bench_.get(regs::offset::kScratch), 42u);
  // The host gives up on it: disable, clear, configure again.
  host_.disable();
  recover();
  host_.configure();
  host_.enable();
  send_commands(5);
  expect_all_answered();
}

TEST_F(DmaError, FirstErrorIsKept) {
  bench_.memory.fail_at(RingHost::kStatusAddress, kSlaveError);
  send_commands(1);
  expect_error(RingHost::kStatusAddress, true, kSlaveError);
  // Whatever was in flight has failed as well or not; the register stays.
  bench_.memory.fail_at(host_.command_base + 256, kDecodeError);
  send_commands(1);
  bench_.steps(500);
  expect_error(RingHost::kStatusAddress, true, kSlaveError);
  recover();
  expect_all_answered();
}

}  // namespace
}  // namespace sapulse::test
