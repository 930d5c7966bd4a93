// SPDX-License-Identifier: Apache-2.0
// AXI4 subordinate in front of HostMemory: random latencies and pauses, answers in order, faults for foreign addresses.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "pins.h"
#include "sapulse/model/random.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim {

class AxiMemory {
 public:
  /// Told about each burst that reaches outside of the memory.
  using Fault = std::function<void(std::string message)>;

  AxiMemory(DmaTarget& memory, unsigned latency_min, unsigned latency_max, std::uint64_t seed, Fault fault);

  /// `pins` are those of the cycle before, with the valid of what has been taken cleared.
  void drive(std::uint64_t cycle, AxiResponse& pins);
  /// Returns whether anything was transferred; clears the valid of responses that were taken.
  bool observe(std::uint64_t cycle, const AxiRequest& request, AxiResponse& response);
  /// Forgets bursts under way.
  void reset();
  [[nodiscard]] bool busy() const { return !writes_.empty() || !reads_.empty() || !data_.empty(); }

 private:
  struct Burst {
    AxiAddress address;
    std::uint64_t due = 0;  // reads: cycle of the first data; writes: cycle of the response, once the data is there
    unsigned beat = 0;      // reads: next to deliver
    bool faulty = false;
    std::vector<Beat> data{};  // of a read, fetched when its first beat is due
  };
  struct WriteBeat {
    Beat data;
    std::uint64_t strobe;
    bool last;
  };

  void drive_read(std::uint64_t cycle, AxiResponse& pins);
  void drive_write(std::uint64_t cycle, AxiResponse& pins);
  [[nodiscard]] std::uint64_t due(std::uint64_t cycle);
  /// Carries the oldest write out, beats and all.
  void commit(Burst& burst);
  void fetch(Burst& burst);

  DmaTarget& memory_;
  unsigned latency_min_;
  unsigned latency_max_;
  model::Random random_;
  Fault fault_;
  std::deque<Burst> reads_;
  std::deque<Burst> writes_;
  std::deque<WriteBeat> data_;       // of bursts that have not been committed, oldest first
  std::size_t complete_bursts_ = 0;  // in data_
};

}  // namespace sapulse::sim
