// SPDX-License-Identifier: Apache-2.0
#include "ring_host.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sapulse::test {

namespace {

constexpr std::uint32_t kAllRings = (1U << regs::ring_enable::kBits) - 1;

template <std::size_t Size>
std::span<std::byte, Size> at(HostBench& bench, std::uint64_t address) {
  return bench.memory.bytes(address, Size).first<Size>();
}

}  // namespace

RingHost::RingHost(HostBench& bench, unsigned command_log2, unsigned completion_log2, unsigned exception_log2)
    : command_base(0x1'0000'0300),  // aligned to an entry, but not to a batch
      completion_base(0x2'ffff'ff40),
      exception_base(0x3'0000'1f00),
      event_base(0x4'0000'0e80),
      command_log2(command_log2),
      completion_log2(completion_log2),
      exception_log2(exception_log2),
      event_log2(exception_log2),
      bench_(bench) {
  bench.memory.map(command_base, std::size_t{regs::kCommandBytes} << command_log2);
  bench.memory.map(completion_base, std::size_t{regs::kCompletionBytes} << completion_log2);
  bench.memory.map(exception_base, std::size_t{regs::kExceptionBytes} << exception_log2);
  bench.memory.map(event_base, std::size_t{regs::kEventBytes} << event_log2);
  bench.memory.map(kStatusAddress, 64);
  bench.memory.map(kFrameAddress, kFrameBytes);
  configure();
  enable();
}

void RingHost::configure() {
  bench_.set64(regs::offset::kCommandBase, command_base);
  bench_.set64(regs::offset::kCompletionBase, completion_base);
  bench_.set64(regs::offset::kExceptionBase, exception_base);
  bench_.set64(regs::offset::kEventBase, event_base);
  bench_.set64(regs::offset::kStatusBlock, kStatusAddress);
  bench_.set(regs::offset::kCommandLog2, command_log2);
  bench_.set(regs::offset::kCompletionLog2, completion_log2);
  bench_.set(regs::offset::kExceptionLog2, exception_log2);
  bench_.set(regs::offset::kEventLog2, event_log2);
}

void RingHost::enable() {
  command_producer = completion_consumer = exception_consumer = event_consumer = 0;
  std::ranges::fill(bench_.memory.bytes(kStatusAddress, 64), std::byte{0});
  bench_.set(regs::offset::kRingEnable, kAllRings);
}

void RingHost::disable() { bench_.set(regs::offset::kRingEnable, 0); }

StatusBlockRecord RingHost::status_block() {
  const regs::StatusBlock block{at<64>(bench_, kStatusAddress)};
  return {block.command_consumer(), block.completion_producer(), block.exception_producer(), block.event_producer()};
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
  command.set_opcode(static_cast<regs::Opcode>(opcode == static_cast<std::uint64_t>(regs::Opcode::frame) ? 0 : opcode));
  command.set_cookie(next_cookie_++);
  return bytes;
}

Descriptor RingHost::frame_command(std::uint64_t address, std::uint16_t length) {
  Descriptor bytes{};
  const regs::Frame command{std::span(bytes)};
  command.set_opcode(regs::Opcode::frame);
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

template <class Entry>
std::vector<Entry> RingHost::take(std::uint64_t base, unsigned log2, std::uint32_t& consumer, std::uint32_t producer) {
  std::vector<Entry> taken;
  for (; consumer != producer; ++consumer) {
    const std::uint64_t slot = consumer & ((1u << log2) - 1);
    const std::size_t size = std::tuple_size_v<Entry>;
    std::ranges::copy(bench_.memory.bytes(base + slot * size, size), taken.emplace_back().begin());
  }
  return taken;
}

std::vector<Exception> RingHost::take_exceptions() {
  return take<Exception>(exception_base, exception_log2, exception_consumer, status_block().exception_producer);
}

std::vector<Event> RingHost::take_events() {
  return take<Event>(event_base, event_log2, event_consumer, status_block().event_producer);
}

void RingHost::release_completions() { bench_.set(regs::offset::kCompletionConsumer, completion_consumer); }
void RingHost::release_exceptions() { bench_.set(regs::offset::kExceptionConsumer, exception_consumer); }
void RingHost::release_events() { bench_.set(regs::offset::kEventConsumer, event_consumer); }

void expect_answer(const Descriptor& descriptor, const CompletionRecord& record) {
  const regs::ConstCommand command{std::span(descriptor)};
  EXPECT_EQ(record.opcode, command.opcode());
  EXPECT_EQ(record.cookie, command.cookie());
  EXPECT_EQ(record.sa, command.sa());
  if (command.opcode() == regs::Opcode::frame) return;
  EXPECT_EQ(record.status, HostBench::expected_status(descriptor));
  EXPECT_EQ(record.next, HostBench::expected_result(descriptor));
}

namespace {

template <class Entry>
Entry random_entry(RandomSource& random) {
  Entry bytes;
  std::ranges::generate(bytes, [&] { return static_cast<std::byte>(random.word()); });
  return bytes;
}

}  // namespace

Exception random_exception(RandomSource& random) { return random_entry<Exception>(random); }
Event random_event(RandomSource& random) { return random_entry<Event>(random); }

Exception numbered(Exception exception, std::uint32_t count) {
  regs::Exception{std::span(exception)}.set_count(count);
  return exception;
}

Event numbered(Event event, std::uint32_t count) {
  regs::Event{std::span(event)}.set_count(count);
  return event;
}

}  // namespace sapulse::test
