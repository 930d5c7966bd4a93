// SPDX-License-Identifier: Apache-2.0
#include "axi_memory.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace sapulse::sim {
namespace {

constexpr std::uint8_t okay = 0;
constexpr std::uint8_t decode_error = 3;
constexpr unsigned pause_percent = 20;  // cycles without ready, or between beats
constexpr std::size_t outstanding_limit = 8;

std::uint64_t beat_address(const AxiAddress& burst, unsigned beat) {
  return (burst.address & ~std::uint64_t{beat_bytes - 1}) + std::uint64_t{beat} * beat_bytes;
}

}  // namespace

AxiMemory::AxiMemory(HostMemory& memory, unsigned latency_min, unsigned latency_max, std::uint64_t seed, Fault fault)
    : memory_(memory), latency_min_(latency_min), latency_max_(latency_max), random_(seed), fault_(std::move(fault)) {}

std::uint64_t AxiMemory::due(std::uint64_t cycle) { return cycle + random_.between(latency_min_, latency_max_); }

void AxiMemory::drive(std::uint64_t cycle, AxiResponse& pins) {
  pins.awready = writes_.size() < outstanding_limit && !random_.chance(pause_percent);
  pins.wready = complete_bursts_ < outstanding_limit && !random_.chance(pause_percent);
  pins.arready = reads_.size() < outstanding_limit && !random_.chance(pause_percent);
  drive_read(cycle, pins);
  drive_write(cycle, pins);
}

void AxiMemory::drive_read(std::uint64_t cycle, AxiResponse& pins) {
  if (pins.rvalid) return;  // stands until taken
  if (reads_.empty() || cycle < reads_.front().due || random_.chance(pause_percent)) return;
  const Burst& burst = reads_.front();
  const auto source = memory_.find(beat_address(burst.address, burst.beat), beat_bytes);
  pins.rvalid = true;
  pins.rid = burst.address.id;
  pins.rlast = burst.beat == burst.address.length;
  pins.rresp = burst.faulty || source.empty() ? decode_error : okay;
  pins.rdata = {};
  if (pins.rresp == okay) std::memcpy(pins.rdata.data(), source.data(), beat_bytes);
}

void AxiMemory::drive_write(std::uint64_t cycle, AxiResponse& pins) {
  if (pins.bvalid) return;
  if (writes_.empty() || complete_bursts_ == 0) return;
  Burst& burst = writes_.front();
  if (burst.due == 0) burst.due = due(cycle);
  if (cycle < burst.due) return;
  // Data becomes visible with its response and not before: a card that does not wait for responses is found out.
  commit(burst);
  pins.bvalid = true;
  pins.bid = burst.address.id;
  pins.bresp = burst.faulty ? decode_error : okay;
}

void AxiMemory::commit(Burst& burst) {
  unsigned beat = 0;
  for (bool last = false; !last; ++beat) {
    last = data_.front().last;
    burst.faulty = !write_beat(beat_address(burst.address, beat), data_.front()) || burst.faulty;
    data_.pop_front();
  }
  --complete_bursts_;
  if (burst.faulty) fault_(fmt::format("write of {} bytes at IOVA {:#x}", beat * beat_bytes, burst.address.address));
}

bool AxiMemory::write_beat(std::uint64_t address, const WriteBeat& beat) {
  const auto* bytes = reinterpret_cast<const std::byte*>(beat.data.data());
  bool good = true;
  for (std::size_t i = 0; i < beat_bytes; ++i) {
    if ((beat.strobe >> i & 1) == 0) continue;
    const auto target = memory_.find(address + i, 1);
    if (target.empty()) {
      good = false;
    } else {
      target[0] = bytes[i];
    }
  }
  return good;
}

bool AxiMemory::observe(std::uint64_t cycle, const AxiRequest& request, AxiResponse& response) {
  bool active = false;
  if (request.ar.valid && response.arready) {
    active = true;
    Burst burst{.address = request.ar, .due = due(cycle)};
    const std::size_t bytes = (request.ar.length + std::size_t{1}) * beat_bytes;
    burst.faulty = memory_.find(beat_address(request.ar, 0), bytes).empty();
    if (burst.faulty) fault_(fmt::format("read of {} bytes at IOVA {:#x}", bytes, request.ar.address));
    reads_.push_back(burst);
  }
  if (request.aw.valid && response.awready) {
    active = true;
    writes_.push_back({.address = request.aw});
  }
  if (request.wvalid && response.wready) {
    active = true;
    data_.push_back({request.wdata, request.wstrb, request.wlast});
    if (request.wlast) ++complete_bursts_;
  }
  if (response.rvalid && request.rready) {
    active = true;
    response.rvalid = false;
    if (response.rlast) {
      reads_.pop_front();
    } else {
      ++reads_.front().beat;
    }
  }
  if (response.bvalid && request.bready) {
    active = true;
    response.bvalid = false;
    writes_.pop_front();
  }
  return active;
}

void AxiMemory::reset() {
  reads_.clear();
  writes_.clear();
  data_.clear();
  complete_bursts_ = 0;
}

}  // namespace sapulse::sim
