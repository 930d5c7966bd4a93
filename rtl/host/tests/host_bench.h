// SPDX-License-Identifier: Apache-2.0
// host_interface with a host in front of it (AXI4-Lite, memory) and models of the data path and the SA tables behind
// it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "Vhost_interface_bench.h"
#include "host_memory.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {

using Descriptor = std::array<std::byte, regs::kCommandBytes>;
using Exception = std::array<std::byte, regs::kExceptionBytes>;
using Event = std::array<std::byte, regs::kEventBytes>;

constexpr unsigned kOkay = 0;
constexpr unsigned kSlaveError = 2;

constexpr std::uint32_t kGitHash = 0x0123abcd;

struct ReadResult {
  unsigned response;
  std::uint32_t data;
};

struct ReceivedFrame {
  std::vector<std::byte> bytes;
  bool gap;  ///< valid fell between first and last beat
};

/// Hands entries over to a ring of the card; one is dropped if there is no room when its turn comes.
template <std::size_t Bytes>
class EntrySender {
 public:
  using Entry = std::array<std::byte, Bytes>;
  static constexpr std::size_t kBeat = 64;

  void send(const Entry& entry) { entries_.push_back(entry); }
  [[nodiscard]] std::size_t waiting() const { return entries_.size(); }

  /// After the rising edge has been seen: what has been taken, and whether the next entry may start.
  void sample(bool taken, bool room) {
    if (active_ && taken && ++beat_ == Bytes / kBeat) {
      handed_over.push_back(entries_.front());
      entries_.pop_front();
      active_ = false;
      ++sent_;
      return;
    }
    if (active_ || entries_.empty()) return;
    if (room) {
      active_ = true;
      beat_ = 0;
    } else {
      dropped.push_back(sent_++);
      entries_.pop_front();
    }
  }

  [[nodiscard]] bool active() const { return active_; }
  [[nodiscard]] bool first() const { return beat_ == 0; }
  [[nodiscard]] bool last() const { return beat_ == Bytes / kBeat - 1; }
  [[nodiscard]] const std::byte* beat() const { return entries_.front().data() + beat_ * kBeat; }

  std::vector<Entry> handed_over;      ///< entries that found room
  std::vector<std::uint64_t> dropped;  ///< positions of those that did not, in the order sent

 private:
  std::deque<Entry> entries_;
  unsigned beat_ = 0;
  bool active_ = false;
  std::uint64_t sent_ = 0;
};

class HostBench {
 public:
  HostBench();
  ~HostBench();

  /// One clock cycle.
  void step();
  void steps(unsigned count);
  /// Steps until `done`; fails the test and returns false if it takes too long.
  bool until(const std::function<bool()>& done, unsigned limit = 100000);
  /// The same for a function that makes the step itself.
  static bool repeat(const std::function<bool()>& step_and_ask, unsigned limit = 100000);

  /// Register access; random order and delays of the channels.
  ReadResult read(std::uint32_t offset);
  unsigned write(std::uint32_t offset, std::uint32_t value, unsigned strobes = 0xf);
  /// The same, expecting OKAY.
  std::uint32_t get(std::uint32_t offset);
  std::uint64_t get64(std::uint32_t offset);
  void set(std::uint32_t offset, std::uint32_t value);
  void set64(std::uint32_t offset, std::uint64_t value);

  /// Stops acting as SA tables: cmd_ready stays 0 while set.
  void hold_commands(bool hold) { hold_commands_ = hold; }
  /// Percentage of cycles in which the sink of frames is not ready.
  void set_frame_stall(unsigned percent) { frame_stall_ = percent; }
  void hold_frames(bool hold) { hold_frames_ = hold; }

  void send_exception(const Exception& exception) { exceptions.send(exception); }
  [[nodiscard]] std::size_t exceptions_waiting() const { return exceptions.waiting(); }

  /// Status and completion that the model of the SA tables gives for a descriptor.
  static regs::Status expected_status(const Descriptor& descriptor);
  static std::uint64_t expected_result(const Descriptor& descriptor);

  Vhost_interface_bench& card() { return *card_; }
  RandomSource random;
  HostMemory memory{random};

  std::vector<Descriptor> executed;  ///< by the SA tables
  EntrySender<regs::kExceptionBytes> exceptions;
  EntrySender<regs::kEventBytes> events;
  std::vector<ReceivedFrame> frames;
  std::uint64_t cycle = 0;
  bool flips = false;  ///< the test flips bits: otherwise none is told
  unsigned memory_faults = 0;

 private:
  void reset();
  void sample();
  void drive();
  void sample_commands();
  void sample_frames();

  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vhost_interface_bench> card_;

  bool hold_commands_ = false;
  unsigned command_wait_ = 0;
  bool response_pending_ = false;

  unsigned frame_stall_ = 0;
  bool hold_frames_ = false;
  bool frame_begun_ = false;
  ReceivedFrame frame_;
};

}  // namespace sapulse::test
