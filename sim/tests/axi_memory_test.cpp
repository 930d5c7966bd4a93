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

constexpr unsigned kLatencyMin = 10;
constexpr unsigned kLatencyMax = 40;

/// Plays the card.
class AxiMemoryTest : public testing::Test {
 protected:
  AxiMemoryTest()
      : axi_(memory_, kLatencyMin, kLatencyMax, 7, [this](std::string fault) { faults_.push_back(std::move(fault)); }),
        iova_(memory_.map(4096, 4096).value()) {}

  void cycle() {
    axi_.drive(now_, response_);
    sampled_ = response_;
    axi_.observe(now_, request_, response_);
    ++now_;
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
    request_.ar = {true, 5, address, static_cast<std::uint8_t>(beats - 1)};
    until([&] { return sampled_.arready; });
    request_.ar.valid = false;
    request_.rready = true;
    Read result{};
    result.latency = until([&] { return sampled_.rvalid; });
    while (result.beats.size() < beats) {
      if (sampled_.rvalid) {
        EXPECT_EQ(sampled_.rid, 5);
        EXPECT_EQ(sampled_.rlast, result.beats.size() + 1 == beats);
        result.beats.push_back(sampled_.rdata);
        result.responses.push_back(sampled_.rresp);
      }
      cycle();
    }
    request_.rready = false;
    return result;
  }
  /// One beat of 0x11 bytes; returns the response.
  unsigned write(std::uint64_t address, std::uint64_t strobe) {
    request_.aw = {true, 2, address, 0};
    until([&] { return sampled_.awready; });
    request_.aw.valid = false;
    request_.wvalid = request_.wlast = true;
    request_.wstrb = strobe;
    request_.wdata.fill(0x11111111);
    until([&] { return sampled_.wready; });
    request_.wvalid = false;
    request_.bready = true;
    until([&] { return sampled_.bvalid; });
    request_.bready = false;
    EXPECT_EQ(sampled_.bid, 2);
    return sampled_.bresp;
  }

  model::HostMemory memory_;
  AxiMemory axi_;
  std::uint64_t iova_;
  std::vector<std::string> faults_;
  AxiRequest request_;
  AxiResponse response_;
  AxiResponse sampled_;
  std::uint64_t now_ = 1;
};

TEST_F(AxiMemoryTest, ReadsBurstsAfterALatencyInItsRange) {
  for (std::size_t i = 0; i < 4096; ++i) memory_.region(iova_)[i] = static_cast<std::byte>(i * 7);
  for (int repeat = 0; repeat < 50; ++repeat) {
    const Read result = read(iova_ + 128, 4);
    for (unsigned i = 0; i < 4; ++i) {
      EXPECT_EQ(std::memcmp(result.beats[i].data(), &memory_.region(iova_)[128 + 64 * i], 64), 0);
    }
    EXPECT_THAT(result.responses, testing::Each(0U));
    EXPECT_GE(result.latency, kLatencyMin);
  }
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_FALSE(axi_.busy());
}

TEST_F(AxiMemoryTest, WritesOnlyStrobedBytes) {
  EXPECT_EQ(write(iova_ + 64, 0x8000'0000'0000'0001), 0U);
  for (std::size_t i = 0; i < 4096; ++i) {
    EXPECT_EQ(memory_.region(iova_)[i], std::byte(i == 64 || i == 127 ? 0x11 : 0)) << i;
  }
  EXPECT_THAT(faults_, IsEmpty());
}

TEST_F(AxiMemoryTest, WritesBecomeVisibleWithTheirResponseOnly) {
  request_.aw = {true, 0, iova_, 0};
  request_.wvalid = request_.wlast = true;
  request_.wstrb = 1;
  request_.wdata.fill(0x22222222);
  bool address = false;
  bool data = false;
  until([&] {
    address = address || sampled_.awready;
    data = data || sampled_.wready;
    request_.aw.valid = !address;
    request_.wvalid = !data;
    return address && data;
  });
  unsigned waited = 0;
  while (!sampled_.bvalid && waited < 1000) {
    EXPECT_EQ(memory_.region(iova_)[0], std::byte{0});
    cycle();
    ++waited;
  }
  EXPECT_GE(waited, kLatencyMin);
  EXPECT_EQ(memory_.region(iova_)[0], std::byte{0x22});
}

TEST_F(AxiMemoryTest, ForeignReadFailsWithItsAddress) {
  EXPECT_THAT(read(0xdead000, 2).responses, ElementsAre(3, 3));
  EXPECT_THAT(faults_, ElementsAre("read of 128 bytes at IOVA 0xdead000"));
}

TEST_F(AxiMemoryTest, ReadBeyondTheEndFails) {
  EXPECT_THAT(read(iova_ + 4096 - 64, 2).responses, ElementsAre(3, 3));
  EXPECT_THAT(faults_, ElementsAre(HasSubstr("read of 128 bytes")));
}

TEST_F(AxiMemoryTest, ForeignWriteFailsWithItsAddress) {
  EXPECT_EQ(write(0xbeef000, 1), 3U);
  EXPECT_THAT(faults_, ElementsAre("write of 64 bytes at IOVA 0xbeef000"));
}

TEST_F(AxiMemoryTest, AccessAfterUnmapFails) {
  memory_.unmap(iova_);
  EXPECT_EQ(write(iova_, 1), 3U);
  EXPECT_EQ(faults_.size(), 1U);
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
  AxiMemory axi(target, kLatencyMin, kLatencyMax, 7, [](const std::string& fault) { ADD_FAILURE() << fault; });
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
  request_.ar = {true, 0, iova_, 0};
  until([&] { return sampled_.arready; });
  request_.ar.valid = false;
  until([&] { return sampled_.rvalid; });
  for (int i = 0; i < 20; ++i) {
    cycle();
    EXPECT_TRUE(sampled_.rvalid);
  }
  EXPECT_TRUE(axi_.busy());
}

TEST_F(AxiMemoryTest, AnswersManyOutstandingReadsInOrder) {
  for (std::size_t i = 0; i < 64; ++i) memory_.region(iova_)[i * 64] = static_cast<std::byte>(i);
  request_.rready = true;
  unsigned sent = 0;
  unsigned received = 0;
  while (received < 64 && now_ < 10'000) {
    request_.ar = {sent < 64, static_cast<std::uint8_t>(sent % 16), iova_ + std::uint64_t{64} * sent, 0};
    cycle();
    if (request_.ar.valid && sampled_.arready) ++sent;
    if (!sampled_.rvalid) continue;
    EXPECT_EQ(sampled_.rdata[0], received);
    EXPECT_EQ(sampled_.rid, received % 16);
    ++received;
  }
  EXPECT_EQ(received, 64U);
}

}  // namespace
}  // namespace sapulse::sim
