// SPDX-License-Identifier: Apache-2.0
#include "axi_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace sapulse::sim {
namespace {

constexpr std::uint8_t kOkay = 0;
constexpr std::uint8_t kDecodeError = 3;
constexpr unsigned kPausePercent = 20;  // cycles without ready, or between beats
constexpr std::size_t kOutstandingLimit = 8;

std::uint64_t beat_address(const AxiAddress& burst, unsigned beat) {
  return (burst.address & ~std::uint64_t{kBeatBytes - 1}) + std::uint64_t{beat} * kBeatBytes;
}

}  // namespace

AxiMemory::AxiMemory(DmaTarget& memory, unsigned latency_min, unsigned latency_max, std::uint64_t seed, Fault fault)
    : memory_(memory), latency_min_(latency_min), latency_max_(latency_max), random_(seed), fault_(std::move(fault)) {}

std::uint64_t AxiMemory::due(std::uint64_t cycle) { return cycle + random_.between(latency_min_, latency_max_); }

void AxiMemory::drive(std::uint64_t cycle, AxiResponse& pins) {
  pins.awready = writes_.size() < kOutstandingLimit && !random_.chance(kPausePercent);
  pins.wready = complete_bursts_ < kOutstandingLimit && !random_.chance(kPausePercent);
  pins.arready = reads_.size() < kOutstandingLimit && !random_.chance(kPausePercent);
  drive_read(cycle, pins);
  drive_write(cycle, pins);
}

void AxiMemory::drive_read(std::uint64_t cycle, AxiResponse& pins) {
  if (pins.rvalid) return;  // stands until taken
  if (reads_.empty() || cycle < reads_.front().due || random_.chance(kPausePercent)) return;
  Burst& burst = reads_.front();
  if (burst.data.empty()) fetch(burst);
  pins.rvalid = true;
  pins.rid = burst.address.id;
  pins.rlast = burst.beat == burst.address.length;
  pins.rresp = burst.faulty ? kDecodeError : kOkay;
  pins.rdata = burst.data[burst.beat];
}

void AxiMemory::fetch(Burst& burst) {
  burst.data.resize(burst.address.length + std::size_t{1});
  const auto bytes = std::as_writable_bytes(std::span(burst.data));
  burst.faulty = !memory_.read(beat_address(burst.address, 0), bytes);
  if (!burst.faulty) return;
  std::ranges::fill(burst.data, Beat{});
  fault_(fmt::format("read of {} bytes at IOVA {:#x}", bytes.size(), burst.address.address));
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
  pins.bresp = burst.faulty ? kDecodeError : kOkay;
}

void AxiMemory::commit(Burst& burst) {
  // Bytes that lie side by side are written in one go.
  std::vector<std::byte> run;
  std::uint64_t next = 0;
  const auto flush = [&] {
    if (!run.empty() && !memory_.write(next - run.size(), run)) burst.faulty = true;
    run.clear();
  };
  unsigned beat = 0;
  for (bool last = false; !last; ++beat) {
    const WriteBeat& written = data_.front();
    last = written.last;
    const auto bytes = std::as_bytes(std::span(written.data));
    for (std::size_t i = 0; i < kBeatBytes; ++i) {
      if ((written.strobe >> i & 1) == 0) continue;
      const std::uint64_t address = beat_address(burst.address, beat) + i;
      if (address != next) flush();
      run.push_back(bytes[i]);
      next = address + 1;
    }
    data_.pop_front();
  }
  flush();
  --complete_bursts_;
  if (burst.faulty) fault_(fmt::format("write of {} bytes at IOVA {:#x}", beat * kBeatBytes, burst.address.address));
}

bool AxiMemory::observe(std::uint64_t cycle, const AxiRequest& request, AxiResponse& response) {
  bool active = false;
  if (request.ar.valid && response.arready) {
    active = true;
    reads_.push_back({.address = request.ar, .due = due(cycle)});
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
