// SPDX-License-Identifier: Apache-2.0
#include "ring_host.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sapulse::test {

namespace {

constexpr std::uint32_t kBothRings = 3;

template <std::size_t Size>
std::span<std::byte, Size> at(HostBench& bench, std::uint64_t address) {
  return bench.memory.bytes(address, Size).first<Size>();
}

}  // namespace

RingHost::RingHost(HostBench& bench, unsigned command_log2, unsigned completion_log2, unsigned exception_log2)
    : command_base(0x1'0000'0300),  // aligned to an entry, but not to a batch
      completion_base(0x2'ffff'ff40),
      exception_base(0x3'0000'1f00),
      command_log2(command_log2),
      completion_log2(completion_log2),
      exception_log2(exception_log2),
      bench_(bench) {
  bench.memory.map(command_base, std::size_t{regs::kCommandBytes} << command_log2);
  bench.memory.map(completion_base, std::size_t{regs::kCompletionBytes} << completion_log2);
  bench.memory.map(exception_base, std::size_t{regs::kExceptionBytes} << exception_log2);
  bench.memory.map(kStatusAddress, 64);
  bench.memory.map(kFrameAddress, kFrameBytes);
  configure();
  enable();
}

void RingHost::configure() {
  bench_.set64(regs::offset::kCommandBase, command_base);
  bench_.set64(regs::offset::kCompletionBase, completion_base);
  bench_.set64(regs::offset::kExceptionBase, exception_base);
  bench_.set64(regs::offset::kStatusBlock, kStatusAddress);
  bench_.set(regs::offset::kCommandLog2, command_log2);
  bench_.set(regs::offset::kCompletionLog2, completion_log2);
  bench_.set(regs::offset::kExceptionLog2, exception_log2);
}

void RingHost::enable() {
  command_producer = completion_consumer = exception_consumer = 0;
  std::ranges::fill(bench_.memory.bytes(kStatusAddress, 64), std::byte{0});
  bench_.set(regs::offset::kRingEnable, kBothRings);
}

void RingHost::disable() { bench_.set(regs::offset::kRingEnable, 0); }

StatusBlockRecord RingHost::status_block() {
  const regs::StatusBlock block{at<64>(bench_, kStatusAddress)};
  return {block.command_consumer(), block.completion_producer(), block.exception_producer()};
}

std::uint32_t RingHost::free_commands() {
  return (1u << command_log2) - (command_producer - status_block().command_consumer);
}

void RingHost::push(const Descriptor& descriptor) {
  const std::uint64_t slot = command_producer++ & ((1u << command_log2) - 1);
  std::ranges::copy(descriptor,
                    bench_.memory.bytes(command_base + slot * regs::kCommandBytes, descriptor.size()).begin());
}

void RingHost::ring_doorbell() { bench_.set(regs::offset::kCommandProducer, command_producer); }

Descriptor RingHost::random_command() {
  Descriptor bytes;
  std::ranges::generate(bytes, [this] { return static_cast<std::byte>(bench_.random.word()); });
  const regs::Command command{std::span(bytes)};
  const std::uint64_t opcode = bench_.random.between(0, 255);
  command.set_opcode(
      static_cast<regs::Opcode>(opcode == static_cast<std::uint64_t>(regs::Opcode::kFrame) ? 0 : opcode));
  command.set_cookie(next_cookie_++);
  return bytes;
}

Descriptor RingHost::frame_command(std::uint64_t address, std::uint16_t length) {
  Descriptor bytes{};
  const regs::Frame command{std::span(bytes)};
  command.set_opcode(regs::Opcode::kFrame);
  command.set_cookie(next_cookie_++);
  command.set_address(address);
  command.set_length(length);
  return bytes;
}

std::vector<CompletionRecord> RingHost::take_completions() {
  std::vector<CompletionRecord> taken;
  for (const std::uint32_t end = status_block().completion_producer; completion_consumer != end;
       ++completion_consumer) {
    const std::uint64_t slot = completion_consumer & ((1u << completion_log2) - 1);
    const regs::Completion c{at<regs::kCompletionBytes>(bench_, completion_base + slot * regs::kCompletionBytes)};
    taken.push_back({c.opcode(), c.status(), c.cookie(), c.sa(), c.next(), c.time()});
  }
  return taken;
}

std::vector<Exception> RingHost::take_exceptions() {
  std::vector<Exception> taken;
  for (const std::uint32_t end = status_block().exception_producer; exception_consumer != end; ++exception_consumer) {
    const std::uint64_t slot = exception_consumer & ((1u << exception_log2) - 1);
    const auto bytes = bench_.memory.bytes(exception_base + slot * regs::kExceptionBytes, regs::kExceptionBytes);
    std::ranges::copy(bytes, taken.emplace_back().begin());
  }
  return taken;
}

void RingHost::release_completions() { bench_.set(regs::offset::kCompletionConsumer, completion_consumer); }
void RingHost::release_exceptions() { bench_.set(regs::offset::kExceptionConsumer, exception_consumer); }

void expect_answer(const Descriptor& descriptor, const CompletionRecord& record) {
  const regs::ConstCommand command{std::span(descriptor)};
  EXPECT_EQ(record.opcode, command.opcode());
  EXPECT_EQ(record.cookie, command.cookie());
  EXPECT_EQ(record.sa, command.sa());
  if (command.opcode() == regs::Opcode::kFrame) return;
  EXPECT_EQ(record.status, HostBench::expected_status(descriptor));
  EXPECT_EQ(record.next, HostBench::expected_result(descriptor));
}

Exception random_exception(RandomSource& random) {
  Exception bytes;
  std::ranges::generate(bytes, [&] { return static_cast<std::byte>(random.word()); });
  return bytes;
}

Exception numbered(Exception exception, std::uint32_t count) {
  regs::Exception{std::span(exception)}.set_count(count);
  return exception;
}

}  // namespace sapulse::test
