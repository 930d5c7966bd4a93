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

#include "Vhost_interface.h"
#include "host_memory.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {

using Descriptor = std::array<std::byte, regs::kCommandBytes>;
using Exception = std::array<std::byte, regs::kExceptionBytes>;

constexpr unsigned kOkay = 0;
constexpr unsigned kSlaveError = 2;

struct ReadResult {
  unsigned response;
  std::uint32_t data;
};

struct ReceivedFrame {
  std::vector<std::byte> bytes;
  bool gap;  ///< valid fell between first and last beat
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

  /// An exception to hand over; it is dropped if there is no room when its turn comes.
  void send_exception(const Exception& exception) { exceptions_.push_back(exception); }
  [[nodiscard]] std::size_t exceptions_waiting() const { return exceptions_.size(); }

  /// Status and completion that the model of the SA tables gives for a descriptor.
  static regs::Status expected_status(const Descriptor& descriptor);
  static std::uint64_t expected_result(const Descriptor& descriptor);

  Vhost_interface& card() { return *card_; }
  RandomSource random;
  HostMemory memory{random};

  std::vector<Descriptor> executed;    ///< by the SA tables
  std::vector<Exception> handed_over;  ///< exceptions that found room
  std::vector<std::uint64_t> dropped;  ///< positions of those that did not, in the order sent
  std::vector<ReceivedFrame> frames;
  std::uint64_t cycle = 0;

 private:
  void reset();
  void sample();
  void drive();
  void sample_commands();
  void sample_exceptions();
  void sample_frames();

  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vhost_interface> card_;

  bool hold_commands_ = false;
  unsigned command_wait_ = 0;
  bool response_pending_ = false;

  std::deque<Exception> exceptions_;
  unsigned exception_beat_ = 0;
  bool exception_active_ = false;
  std::uint64_t exceptions_sent_ = 0;

  unsigned frame_stall_ = 0;
  bool hold_frames_ = false;
  bool frame_begun_ = false;
  ReceivedFrame frame_;
};

}  // namespace sapulse::test
