// SPDX-License-Identifier: Apache-2.0
#include "host_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace sapulse::test {

void HostMemory::map(std::uint64_t address, std::size_t bytes) { regions_[address] = std::vector<std::byte>(bytes); }

std::span<std::byte> HostMemory::bytes(std::uint64_t address, std::size_t size) {
  auto region = regions_.upper_bound(address);
  if (region == regions_.begin()) return {};
  --region;
  const std::uint64_t offset = address - region->first;
  if (offset + size > region->second.size()) return {};
  return std::span(region->second).subspan(offset, size);
}

unsigned HostMemory::response_for(std::uint64_t beat_address) const {
  constexpr unsigned kDecodeError = 3;
  if (const auto error = errors_.find(beat_address); error != errors_.end()) return error->second;
  return const_cast<HostMemory*>(this)->bytes(beat_address, kBeat).empty() ? kDecodeError : 0;
}

// AXI4 sections A3.4.1 (4 KiB) and A3.4.2; the rest is what host_interface promises.
void HostMemory::check_burst(std::uint64_t address, unsigned length, unsigned size, unsigned burst) {
  EXPECT_EQ(address % kBeat, 0u);
  EXPECT_LE(length + 1, 16u);
  EXPECT_EQ(address / 4096, (address + length * kBeat) / 4096)
      << "burst at " << std::hex << address << " crosses 4 KiB";
  EXPECT_EQ(size, 6u);
  EXPECT_EQ(burst, 1u);
}

// AXI4 section A3.2.1: once valid, an address stays until it is taken.
void HostMemory::check_stable(const Vhost_interface_bench& card) {
  if (waiting_aw_) EXPECT_TRUE(card.m_axi_awvalid && card.m_axi_awaddr == *waiting_aw_);
  if (waiting_ar_) EXPECT_TRUE(card.m_axi_arvalid && card.m_axi_araddr == *waiting_ar_);
  waiting_aw_ = card.m_axi_awvalid && !card.m_axi_awready ? std::optional(card.m_axi_awaddr) : std::nullopt;
  waiting_ar_ = card.m_axi_arvalid && !card.m_axi_arready ? std::optional(card.m_axi_araddr) : std::nullopt;
}

void HostMemory::sample(const Vhost_interface_bench& card) {
  ++cycle_;
  check_stable(card);
  sample_read(card);
  sample_write(card);
}

void HostMemory::sample_read(const Vhost_interface_bench& card) {
  if (card.m_axi_rvalid && card.m_axi_rready) {
    reads_.push_back(read_beats_.front().address);
    read_beats_.pop_front();
  }
  if (card.m_axi_arvalid && card.m_axi_arready) {
    check_burst(card.m_axi_araddr, card.m_axi_arlen, card.m_axi_arsize, card.m_axi_arburst);
    const std::uint64_t when = due();
    for (unsigned i = 0; i <= card.m_axi_arlen; ++i) {
      read_beats_.push_back({card.m_axi_araddr + i * kBeat, when, i == card.m_axi_arlen});
    }
  }
}

void HostMemory::sample_write(const Vhost_interface_bench& card) {
  if (card.m_axi_bvalid && card.m_axi_bready) {
    const Response& response = responses_.front();
    writes_.push_back({response.burst.address, response.burst.beats, response.code != 0});
    responses_.pop_front();
    last_response_cycle_ = cycle_;
  }
  if (card.m_axi_awvalid && card.m_axi_awready) {
    check_burst(card.m_axi_awaddr, card.m_axi_awlen, card.m_axi_awsize, card.m_axi_awburst);
    bursts_.push_back({card.m_axi_awaddr, card.m_axi_awlen + std::size_t{1}});
  }
  if (card.m_axi_wvalid && card.m_axi_wready) {
    EXPECT_EQ(card.m_axi_wstrb, ~std::uint64_t{0});
    Beat beat;
    std::memcpy(beat.data(), card.m_axi_wdata.data(), beat.size());
    written_beats_.emplace_back(beat, card.m_axi_wlast != 0);
  }
  complete_write();
}

void HostMemory::complete_write() {
  if (bursts_.empty() || written_beats_.size() < bursts_.front().beats) return;
  const Burst burst = bursts_.front();
  bursts_.pop_front();
  unsigned code = 0;
  for (std::size_t i = 0; i < burst.beats; ++i) {
    const std::uint64_t address = burst.address + i * kBeat;
    const auto [beat, last] = written_beats_.front();
    written_beats_.pop_front();
    EXPECT_EQ(last, i + 1 == burst.beats);
    code = std::max(code, response_for(address));
    if (response_for(address) == 0) std::ranges::copy(beat, bytes(address, kBeat).begin());
  }
  responses_.push_back({burst, due(), code});
}

void HostMemory::drive(Vhost_interface_bench& card) {
  const auto go = [this] { return !random_.chance(stall_percent_); };
  card.m_axi_arready = go();
  card.m_axi_awready = go();
  card.m_axi_wready = go();
  // AXI4 section A3.2.1: a valid that has not been answered stays.
  const bool read = !read_beats_.empty() && read_beats_.front().due <= cycle_ && (card.m_axi_rvalid || go());
  card.m_axi_rvalid = read;
  if (read) {
    const ReadBeat& beat = read_beats_.front();
    card.m_axi_rresp = response_for(beat.address);
    card.m_axi_rlast = beat.last;
    const auto source = bytes(beat.address, kBeat);
    if (card.m_axi_rresp == 0) {
      std::memcpy(card.m_axi_rdata.data(), source.data(), kBeat);
    } else {
      std::memset(card.m_axi_rdata.data(), 0xdb, kBeat);
    }
  }
  const bool respond = !responses_.empty() && !hold_responses_ && responses_.front().due <= cycle_;
  card.m_axi_bvalid = respond;
  if (respond) card.m_axi_bresp = responses_.front().code;
}

}  // namespace sapulse::test
