// SPDX-License-Identifier: Apache-2.0
// Host memory behind an AXI4 slave with random latency and back-pressure, errors on demand and checks of the master's
// side.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "Vhost_interface_bench.h"
#include "random_source.h"

namespace sapulse::test {

/// One completed write burst, in the order of the responses.
struct WriteRecord {
  std::uint64_t address;
  std::size_t beats;
  bool failed;
};

class HostMemory {
 public:
  static constexpr std::size_t kBeat = 64;

  explicit HostMemory(RandomSource& random) : random_(random) {}

  /// Zeroed memory of `bytes` at `address`, both multiples of 64. Everything else answers DECERR.
  void map(std::uint64_t address, std::size_t bytes);
  [[nodiscard]] std::span<std::byte> bytes(std::uint64_t address, std::size_t size);

  /// The next accesses to the beat at `address` answer `response` (2: SLVERR, 3: DECERR) until clear_errors.
  void fail_at(std::uint64_t address, unsigned response) { errors_[address] = response; }
  void clear_errors() { errors_.clear(); }

  /// Percentage of cycles in which a ready or valid of the slave is held back; extra cycles before each response.
  void set_timing(unsigned stall_percent, unsigned max_latency) {
    stall_percent_ = stall_percent;
    max_latency_ = max_latency;
  }
  /// No write response comes while this is set.
  void hold_write_responses(bool hold) { hold_responses_ = hold; }

  /// Before the rising edge: takes what is handed over. After it: drives the inputs of the card.
  void sample(const Vhost_interface_bench& card);
  void drive(Vhost_interface_bench& card);

  [[nodiscard]] const std::vector<WriteRecord>& writes() const { return writes_; }
  /// Addresses of the read beats delivered so far.
  [[nodiscard]] const std::vector<std::uint64_t>& reads() const { return reads_; }
  [[nodiscard]] bool quiet() const { return read_beats_.empty() && bursts_.empty() && written_beats_.empty(); }
  [[nodiscard]] std::uint64_t last_response_cycle() const { return last_response_cycle_; }

 private:
  using Beat = std::array<std::byte, kBeat>;
  struct ReadBeat {
    std::uint64_t address;
    std::uint64_t due;
    bool last;
  };
  struct Burst {
    std::uint64_t address;
    std::size_t beats;
  };
  struct Response {
    Burst burst;
    std::uint64_t due;
    unsigned code;
  };

  void sample_read(const Vhost_interface_bench& card);
  void sample_write(const Vhost_interface_bench& card);
  void complete_write();
  void check_stable(const Vhost_interface_bench& card);
  [[nodiscard]] unsigned response_for(std::uint64_t beat_address) const;
  [[nodiscard]] std::uint64_t due() { return cycle_ + random_.between(0, max_latency_); }
  static void check_burst(std::uint64_t address, unsigned length, unsigned size, unsigned burst);

  RandomSource& random_;
  std::map<std::uint64_t, std::vector<std::byte>> regions_;
  std::map<std::uint64_t, unsigned> errors_;
  unsigned stall_percent_ = 20;
  unsigned max_latency_ = 20;
  bool hold_responses_ = false;
  std::uint64_t cycle_ = 0;
  std::uint64_t last_response_cycle_ = 0;

  std::deque<ReadBeat> read_beats_;
  std::deque<Burst> bursts_;  // write addresses whose data is not complete
  std::deque<std::pair<Beat, bool>> written_beats_;
  std::deque<Response> responses_;
  std::vector<WriteRecord> writes_;
  std::vector<std::uint64_t> reads_;
  std::optional<std::uint64_t> waiting_aw_, waiting_ar_;  // address that was offered and not taken
};

}  // namespace sapulse::test
