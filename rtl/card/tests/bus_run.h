// SPDX-License-Identifier: Apache-2.0
// Accesses across the crossings of bus_bench.
#pragma once

#include <Vbus_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>

#include "public_memory.h"
#include "two_clocks.h"

namespace sapulse::test {

inline constexpr unsigned kOkay = 0, kSlaveError = 2;
inline constexpr unsigned kMacs = 0x10000;  // address bit of the MACs' registers

class BusRun {
 public:
  BusRun()
      : bench_(
            random_, [](Vbus_bench& m) -> CData& { return m.bus_clk; },
            [](Vbus_bench& m) -> CData& { return m.core_clk; }, Ratio::within_three) {
    bench_->core_rst = bench_->bus_down = 1;
    bench_->s_wstrb = 15;
    run(200);
    bench_->core_rst = bench_->bus_down = 0;
    run(200);
  }

  /// One write; address and data come in random order. Returns the response.
  unsigned write(unsigned address, std::uint32_t value) {
    bench_->s_awaddr = address;
    bench_->s_wdata = value;
    bool address_open = true, data_open = true;
    for (int edge = 0; edge < 2000; ++edge) {
      bench_->s_awvalid = address_open && (bench_->s_awvalid || random_.chance(30));
      bench_->s_wvalid = data_open && (bench_->s_wvalid || random_.chance(30));
      bench_->s_bready = random_.chance(30);
      bus_edge();
      if (seen_.awready && bench_->s_awvalid) address_open = false;
      if (seen_.wready && bench_->s_wvalid) data_open = false;
      if (seen_.bvalid && bench_->s_bready) return end(seen_.bresp);
      if (!address_open) bench_->s_awvalid = 0;
      if (!data_open) bench_->s_wvalid = 0;
    }
    ADD_FAILURE() << "no response to a write";
    return end(~0U);
  }

  /// Two writes whose address and data are offered without waiting for the first response. Returns the number of
  /// responses.
  int write_ahead(unsigned address, std::uint32_t first, std::uint32_t second) {
    int addresses = 0, words = 0, responses = 0;
    for (int edge = 0; edge < 2000 && responses < 2; ++edge) {
      bench_->s_awaddr = address + 4U * static_cast<unsigned>(addresses);
      bench_->s_wdata = words == 0 ? first : second;
      bench_->s_awvalid = addresses < 2;
      bench_->s_wvalid = words < 2;
      bench_->s_bready = 1;
      bus_edge();
      addresses += bench_->s_awvalid && seen_.awready;
      words += bench_->s_wvalid && seen_.wready;
      responses += seen_.bvalid && seen_.bresp == kOkay;
    }
    end(kOkay);
    return responses;
  }

  struct Read {
    unsigned response;
    std::uint32_t value;
  };
  Read read(unsigned address) {
    bench_->s_araddr = address;
    bool open = true;
    for (int edge = 0; edge < 2000; ++edge) {
      bench_->s_arvalid = open;
      bench_->s_rready = random_.chance(30);
      bus_edge();
      if (seen_.arready) open = false;
      if (seen_.rvalid && bench_->s_rready) return {end(seen_.rresp), seen_.rdata};
    }
    ADD_FAILURE() << "no response to a read";
    return {end(~0U), 0};
  }

  /// The bus goes away in the middle of a read and comes back.
  void lose_bus() {
    bench_->s_araddr = 0;
    bench_->s_arvalid = 1;
    run(static_cast<int>(random_.below(60)));
    bench_->bus_down = bench_->core_rst = 1;
    bench_->s_arvalid = 0;
    run(150);
    bench_->core_rst = 0;
    run(150);
    bench_->bus_down = 0;
    run(150);
  }

  /// Random reads of host memory; each is answered with its address, in order. Number of answers, 0 if one is wrong.
  std::size_t read_memory(int edges) {
    std::deque<std::uint64_t> asked;
    std::size_t answers = 0;
    bool wrong = false, waits = false;
    const auto look = [&] {
      waits = bench_->arvalid && !bench_->arready;
      if (bench_->arvalid && bench_->arready) asked.push_back(bench_->araddr);
      if (!bench_->rvalid || !bench_->rready) return;
      wrong = wrong || asked.empty() || bench_->rdata[0] != static_cast<std::uint32_t>(asked.front());
      if (!asked.empty()) asked.pop_front();
      ++answers;
    };
    core_edges(edges, look, [&] {
      if (!waits) {
        bench_->arvalid = random_.chance(70);
        bench_->araddr = random_.word();
      }
      bench_->rready = random_.chance(70);
    });
    return wrong ? 0 : answers;
  }

  /// Random writes of host memory, addresses and data each at their own pace; each is answered with what it finds
  /// right. Number of answers, 0 if one is wrong or none has come.
  std::size_t write_memory(int edges) {
    std::deque<std::uint64_t> words;  // addresses, which are also the data
    std::size_t addresses = 0, beats = 0, answers = 0;
    bool wrong = false, ends = false;
    const auto word = [&](std::size_t index) {
      while (words.size() <= index) words.push_back(random_.word());
      return words[index];
    };
    const auto look = [&] {
      addresses += bench_->awvalid && bench_->awready;
      beats += bench_->wvalid && bench_->wready;
      answers += bench_->bvalid && bench_->bready;
      wrong = wrong || (bench_->bvalid && bench_->bresp != kOkay);
    };
    const auto drive = [&] {
      // What has been offered stays until it is taken; in the end, the channels get equally much.
      bench_->awvalid = words.size() > addresses && bench_->awaddr == words[addresses] && bench_->awvalid;
      bench_->wvalid = words.size() > beats && bench_->wdata == words[beats] && bench_->wvalid;
      if (!bench_->awvalid && (ends ? addresses < beats : random_.chance(70))) {
        bench_->awaddr = word(addresses);
        bench_->awvalid = 1;
      }
      if (!bench_->wvalid && (ends ? beats < addresses : random_.chance(70))) {
        bench_->wdata = word(beats);
        bench_->wvalid = 1;
      }
      bench_->bready = random_.chance(70);
    };
    core_edges(edges, look, drive);
    ends = true;
    core_edges(edges + 200, look, drive);
    return wrong || answers != addresses || answers != beats ? 0 : answers;
  }

  RandomSource& random() { return random_; }
  [[nodiscard]] std::uint32_t core_word(unsigned index) { return bench_->core_words[index]; }

  void run(int edges) {
    for (int i = 0; i < edges; ++i) edge();
  }

  /// Pulses of `fault` until now.
  [[nodiscard]] unsigned faults() const { return faults_; }

  /// From now on one bit flips of a word that crosses, or of none, at an edge that is not far.
  void flip_soon() {
    bench_.context().assertOn(false);  // the bench looks for damage, too
    flip_in_ = 1 + static_cast<int>(random_.below(60));
  }

 private:
  struct Outputs {
    bool awready, wready, bvalid, arready, rvalid;
    unsigned bresp, rresp;
    std::uint32_t rdata;
  };

  void edge() {
    if (flip_in_ == 1) flip();
    flip_in_ = std::max(0, flip_in_ - 1);
    bench_.settle();
    faults_ += bench_.upcoming().second && bench_->fault;
    bench_.edge();
  }

  /// Before each edge of the core's clock look(), behind it drive().
  template <class Look, class Drive>
  void core_edges(int edges, const Look& look, const Drive& drive) {
    for (int i = 0; i < edges; ++i) {
      const bool is_core = bench_.upcoming().second;
      bench_.settle();
      if (is_core) look();
      edge();
      if (is_core) drive();
    }
  }

  void flip() {
    const auto memories = public_memories(bench_.context());
    const PublicMemory& memory = memories.at(random_.below(memories.size()));
    memory.flip(static_cast<unsigned>(random_.below(memory.entries)),
                static_cast<unsigned>(random_.below(memory.width)));
  }

  /// Goes past the next edge of the bus; its outputs before that are then in seen_.
  void bus_edge() {
    while (!bench_.upcoming().first) edge();
    bench_.settle();
    seen_ = {bench_->s_awready != 0, bench_->s_wready != 0, bench_->s_bvalid != 0, bench_->s_arready != 0,
             bench_->s_rvalid != 0,  bench_->s_bresp,       bench_->s_rresp,       bench_->s_rdata};
    edge();
  }

  unsigned end(unsigned response) {
    bench_->s_awvalid = bench_->s_wvalid = bench_->s_arvalid = bench_->s_bready = bench_->s_rready = 0;
    return response;
  }

  RandomSource random_;
  TwoClocks<Vbus_bench> bench_;
  Outputs seen_{};
  unsigned faults_ = 0;
  int flip_in_ = 0;  // edges; 0: not at all
};

}  // namespace sapulse::test
