// SPDX-License-Identifier: Apache-2.0
#include "axi_memory.h"

#include <gmock/gmock.h>

#include <cstring>

#include "host_memory.h"

namespace sapulse::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr unsigned latency_min = 10;
constexpr unsigned latency_max = 40;

/// Plays the card.
class AxiMemoryTest : public testing::Test {
 protected:
  AxiMemoryTest()
      : axi(memory, latency_min, latency_max, 7, [this](std::string fault) { faults.push_back(std::move(fault)); }),
        iova(memory.map(4096, 4096).value()) {}

  void cycle() {
    axi.drive(now, response);
    sampled = response;
    axi.observe(now, request, response);
    ++now;
  }
  /// Cycles until `done`, at most 1000.
  template <class Done>
  unsigned until(Done done) {
    for (unsigned i = 1; i <= 1000; ++i) {
      cycle();
      if (done()) return i;
    }
    ADD_FAILURE() << "no answer";
    return 0;
  }
  struct Read {
    std::vector<Beat> beats;
    std::vector<unsigned> responses;
    unsigned latency;
  };
  Read read(std::uint64_t address, unsigned beats) {
    request.ar = {true, 5, address, static_cast<std::uint8_t>(beats - 1)};
    until([&] { return sampled.arready; });
    request.ar.valid = false;
    request.rready = true;
    Read result{};
    result.latency = until([&] { return sampled.rvalid; });
    while (result.beats.size() < beats) {
      if (sampled.rvalid) {
        EXPECT_EQ(sampled.rid, 5);
        EXPECT_EQ(sampled.rlast, result.beats.size() + 1 == beats);
        result.beats.push_back(sampled.rdata);
        result.responses.push_back(sampled.rresp);
      }
      cycle();
    }
    request.rready = false;
    return result;
  }
  /// One beat of 0x11 bytes; returns the response.
  unsigned write(std::uint64_t address, std::uint64_t strobe) {
    request.aw = {true, 2, address, 0};
    until([&] { return sampled.awready; });
    request.aw.valid = false;
    request.wvalid = request.wlast = true;
    request.wstrb = strobe;
    request.wdata.fill(0x11111111);
    until([&] { return sampled.wready; });
    request.wvalid = false;
    request.bready = true;
    until([&] { return sampled.bvalid; });
    request.bready = false;
    EXPECT_EQ(sampled.bid, 2);
    return sampled.bresp;
  }

  model::HostMemory memory;
  AxiMemory axi;
  std::uint64_t iova;
  std::vector<std::string> faults;
  AxiRequest request;
  AxiResponse response;
  AxiResponse sampled;
  std::uint64_t now = 1;
};

TEST_F(AxiMemoryTest, ReadsBurstsAfterALatencyInItsRange) {
  for (std::size_t i = 0; i < 4096; ++i) memory.region(iova)[i] = static_cast<std::byte>(i * 7);
  for (int repeat = 0; repeat < 50; ++repeat) {
    const Read result = read(iova + 128, 4);
    for (unsigned i = 0; i < 4; ++i) {
      EXPECT_EQ(std::memcmp(result.beats[i].data(), &memory.region(iova)[128 + 64 * i], 64), 0);
    }
    EXPECT_THAT(result.responses, testing::Each(0U));
    EXPECT_GE(result.latency, latency_min);
  }
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_FALSE(axi.busy());
}

TEST_F(AxiMemoryTest, WritesOnlyStrobedBytes) {
  EXPECT_EQ(write(iova + 64, 0x8000'0000'0000'0001), 0U);
  for (std::size_t i = 0; i < 4096; ++i) {
    EXPECT_EQ(memory.region(iova)[i], std::byte(i == 64 || i == 127 ? 0x11 : 0)) << i;
  }
  EXPECT_THAT(faults, IsEmpty());
}

TEST_F(AxiMemoryTest, WritesBecomeVisibleWithTheirResponseOnly) {
  request.aw = {true, 0, iova, 0};
  request.wvalid = request.wlast = true;
  request.wstrb = 1;
  request.wdata.fill(0x22222222);
  bool address = false;
  bool data = false;
  until([&] {
    address = address || sampled.awready;
    data = data || sampled.wready;
    request.aw.valid = !address;
    request.wvalid = !data;
    return address && data;
  });
  unsigned waited = 0;
  while (!sampled.bvalid && waited < 1000) {
    EXPECT_EQ(memory.region(iova)[0], std::byte{0});
    cycle();
    ++waited;
  }
  EXPECT_GE(waited, latency_min);
  EXPECT_EQ(memory.region(iova)[0], std::byte{0x22});
}

TEST_F(AxiMemoryTest, ForeignReadFailsWithItsAddress) {
  EXPECT_THAT(read(0xdead000, 2).responses, ElementsAre(3, 3));
  EXPECT_THAT(faults, ElementsAre("read of 128 bytes at IOVA 0xdead000"));
}

TEST_F(AxiMemoryTest, ReadBeyondTheEndFails) {
  EXPECT_THAT(read(iova + 4096 - 64, 2).responses, ElementsAre(3, 3));
  EXPECT_THAT(faults, ElementsAre(HasSubstr("read of 128 bytes")));
}

TEST_F(AxiMemoryTest, ForeignWriteFailsWithItsAddress) {
  EXPECT_EQ(write(0xbeef000, 1), 3U);
  EXPECT_THAT(faults, ElementsAre("write of 64 bytes at IOVA 0xbeef000"));
}

TEST_F(AxiMemoryTest, AccessAfterUnmapFails) {
  memory.unmap(iova);
  EXPECT_EQ(write(iova, 1), 3U);
  EXPECT_EQ(faults.size(), 1U);
}

/// Records how the accesses reach it.
class RecordingTarget final : public DmaTarget {
 public:
  bool read(std::uint64_t iova, std::span<std::byte> data) override {
    calls.push_back("read " + std::to_string(iova) + " " + std::to_string(data.size()));
    return true;
  }
  bool write(std::uint64_t iova, std::span<const std::byte> data) override {
    calls.push_back("write " + std::to_string(iova) + " " + std::to_string(data.size()));
    return true;
  }
  std::vector<std::string> calls;
};

TEST(AxiMemory, BurstsReachTheirTargetInOnePieceWhereTheyAreContiguous) {
  RecordingTarget target;
  AxiMemory axi(target, latency_min, latency_max, 7, [](const std::string& fault) { ADD_FAILURE() << fault; });
  AxiRequest request;
  AxiResponse response;
  request.ar = {true, 0, 1024, 3};
  request.aw = {true, 0, 4096, 1};
  request.wvalid = request.rready = request.bready = true;
  request.wstrb = 0xffff'ffff'ffff'ff0f;  // bytes 4 to 7 of each beat stay
  for (std::uint64_t now = 1; now < 500; ++now) {
    axi.drive(now, response);
    const AxiResponse sampled = response;
    axi.observe(now, request, response);
    if (sampled.arready) request.ar.valid = false;
    if (sampled.awready) request.aw.valid = false;
    if (request.wvalid && sampled.wready) {
      request.wvalid = !request.wlast;
      request.wlast = true;
    }
  }
  EXPECT_FALSE(axi.busy());
  EXPECT_THAT(target.calls,
              testing::UnorderedElementsAre("read 1024 256", "write 4096 4", "write 4104 60", "write 4168 56"));
}

TEST_F(AxiMemoryTest, AnswersStandUntilTaken) {
  request.ar = {true, 0, iova, 0};
  until([&] { return sampled.arready; });
  request.ar.valid = false;
  until([&] { return sampled.rvalid; });
  for (int i = 0; i < 20; ++i) {
    cycle();
    EXPECT_TRUE(sampled.rvalid);
  }
  EXPECT_TRUE(axi.busy());
}

TEST_F(AxiMemoryTest, AnswersManyOutstandingReadsInOrder) {
  for (std::size_t i = 0; i < 64; ++i) memory.region(iova)[i * 64] = static_cast<std::byte>(i);
  request.rready = true;
  unsigned sent = 0;
  unsigned received = 0;
  while (received < 64 && now < 10'000) {
    request.ar = {sent < 64, static_cast<std::uint8_t>(sent % 16), iova + std::uint64_t{64} * sent, 0};
    cycle();
    if (request.ar.valid && sampled.arready) ++sent;
    if (!sampled.rvalid) continue;
    EXPECT_EQ(sampled.rdata[0], received);
    EXPECT_EQ(sampled.rid, received % 16);
    ++received;
  }
  EXPECT_EQ(received, 64U);
}

}  // namespace
}  // namespace sapulse::sim
