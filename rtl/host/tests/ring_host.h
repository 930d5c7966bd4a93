// SPDX-License-Identifier: Apache-2.0
// The host's side of the rings, on top of HostBench.
#pragma once

#include <vector>

#include "host_bench.h"

namespace sapulse::test {

struct CompletionRecord {
  regs::Opcode opcode;
  regs::Status status;
  std::uint32_t cookie;
  std::uint32_t sa;
  std::uint64_t next;
  std::uint64_t time;
};

struct StatusBlockRecord {
  std::uint32_t command_consumer;
  std::uint32_t completion_producer;
  std::uint32_t exception_producer;
  std::uint32_t event_producer;
};

class RingHost {
 public:
  static constexpr std::uint64_t kStatusAddress = 0x7'0000'0fc0;
  static constexpr std::uint64_t kFrameAddress = 0x12'3456'0000;
  static constexpr std::size_t kFrameBytes = 0x10000;

  /// Maps memory at odd but permitted places and enables all rings with 2^log2 entries; as many events as exceptions.
  RingHost(HostBench& bench, unsigned command_log2, unsigned completion_log2, unsigned exception_log2);

  void configure();
  void enable();
  void disable();

  /// Free slots of the command ring, by the status block.
  [[nodiscard]] std::uint32_t free_commands();
  /// Writes a descriptor into the ring without telling the card.
  void push(const Descriptor& descriptor);
  void ring_doorbell();
  /// A command that the model of the SA tables answers, or a FRAME.
  Descriptor random_command();
  Descriptor frame_command(std::uint64_t address, std::uint16_t length);

  /// Takes what the status block counts; release tells the card.
  std::vector<CompletionRecord> take_completions();
  std::vector<Exception> take_exceptions();
  std::vector<Event> take_events();
  void release_completions();
  void release_exceptions();
  void release_events();

  [[nodiscard]] StatusBlockRecord status_block();

  std::uint64_t command_base, completion_base, exception_base, event_base;
  unsigned command_log2, completion_log2, exception_log2, event_log2;
  std::uint32_t command_producer = 0;
  std::uint32_t completion_consumer = 0;
  std::uint32_t exception_consumer = 0;
  std::uint32_t event_consumer = 0;

 private:
  template <class Entry>
  std::vector<Entry> take(std::uint64_t base, unsigned log2, std::uint32_t& consumer, std::uint32_t producer);

  HostBench& bench_;
  std::uint32_t next_cookie_ = 1000;
};

/// `descriptor` answered with `record`, except the time.
void expect_answer(const Descriptor& descriptor, const CompletionRecord& record);

/// An exception of random content; the field count is left to the card.
Exception random_exception(RandomSource& random);

/// The same for events.
Event random_event(RandomSource& random);

/// The entry as it has to stand in the ring at index `count`.
Exception numbered(Exception exception, std::uint32_t count);
Event numbered(Event event, std::uint32_t count);

}  // namespace sapulse::test
