// SPDX-License-Identifier: Apache-2.0
// Every register of the generated table: reset value, access, existing bits; and everything that is not in it.
#include <gtest/gtest.h>

#include <set>

#include "host_bench.h"

namespace sapulse::test {
namespace {

using regs::Access;
using regs::RegisterInfo;

std::uint32_t element(const RegisterInfo& info, unsigned i) { return info.offset + i * info.stride; }

// The clock runs, and RING_ENABLE starts rings: they have tests of their own.
bool keeps_what_is_written(const RegisterInfo& info) {
  return info.access == Access::read_write && info.name != "TIME" && info.name != "RING_ENABLE";
}

TEST(HostRegisters, HaveTheirResetValues) {
  HostBench bench;
  for (const RegisterInfo& info : regs::kRegisters) {
    if (!info.reset || info.name == "TIME") continue;
    for (unsigned i = 0; i < info.count; ++i) {
      const std::uint32_t offset = element(info, i);
      const std::uint64_t value = info.width == 64 ? bench.get64(offset) : bench.get(offset);
      EXPECT_EQ(value, *info.reset) << info.name << " " << i;
    }
  }
}

TEST(HostRegisters, IdentifyTheBuild) {
  HostBench bench;
  EXPECT_EQ(bench.get(regs::offset::kId), regs::kDeviceId);
  const std::uint32_t version = bench.get(regs::offset::kVersion);
  EXPECT_EQ(regs::version::kMajor.get(version), regs::kVersionMajor);
  EXPECT_EQ(regs::version::kMinor.get(version), regs::kVersionMinor);
  EXPECT_EQ(regs::version::kPatch.get(version), regs::kVersionPatch);
  EXPECT_EQ(bench.get(regs::offset::kGitHash), kGitHash);
  EXPECT_EQ(regs::capabilities::kRequester.get(bench.get(regs::offset::kCapabilities)), 1u);
  EXPECT_EQ(bench.get(regs::offset::kSaCapacity), 16384u);
  EXPECT_EQ(bench.get(regs::offset::kIndexBuckets), 8192u);
  EXPECT_EQ(bench.get(regs::offset::kLanes), regs::kAesLanes);
  EXPECT_EQ(bench.get(regs::offset::kClockKhz), 322266u);
  EXPECT_EQ(bench.get(regs::offset::kCounters), regs::kCounterCount);
}

TEST(HostRegisters, KeepWhatIsWrittenAndOnlyExistingBits) {
  HostBench bench;
  struct Written {
    std::uint32_t offset;
    std::uint64_t value;
    unsigned width;
    std::string_view name;
  };
  std::vector<Written> written;
  // All are written before any is read, so that two registers at one place show.
  for (const RegisterInfo& info : regs::kRegisters) {
    if (!keeps_what_is_written(info)) continue;
    for (unsigned i = 0; i < info.count; ++i) {
      const std::uint64_t value = bench.random.word();
      const std::uint32_t offset = element(info, i);
      if (info.width == 64) {
        bench.set64(offset, value);
      } else {
        bench.set(offset, static_cast<std::uint32_t>(value));
      }
      written.push_back({offset, value & info.mask, info.width, info.name});
    }
  }
  for (const Written& w : written) {
    EXPECT_EQ(w.width == 64 ? bench.get64(w.offset) : bench.get(w.offset), w.value)
        << w.name << std::hex << " " << w.offset;
  }
}

TEST(HostRegisters, RefuseWritesToReadOnlyRegisters) {
  HostBench bench;
  for (const RegisterInfo& info : regs::kRegisters) {
    if (info.access != Access::read_only) continue;
    const std::uint32_t offset = element(info, info.count - 1);
    const bool moves = info.name == "STATUS";
    const std::uint32_t before = bench.get(offset);
    EXPECT_EQ(bench.write(offset, ~before), kSlaveError) << info.name;
    if (info.width == 64) EXPECT_EQ(bench.write(offset + 4, ~before), kSlaveError) << info.name;
    if (!moves) EXPECT_EQ(bench.get(offset), before) << info.name;
  }
}

TEST(HostRegisters, RefuseWhatIsNotMapped) {
  HostBench bench;
  std::set<std::uint32_t> mapped;
  for (const RegisterInfo& info : regs::kRegisters) {
    for (unsigned i = 0; i < info.count; ++i) {
      for (unsigned half = 0; half < info.width / 32; ++half) mapped.insert(element(info, i) + 4 * half);
    }
  }
  const auto refused = [&](std::uint32_t offset) {
    const ReadResult result = bench.read(offset);
    return result.response == kSlaveError && result.data == 0 && bench.write(offset, ~0u) == kSlaveError;
  };
  for (std::uint32_t offset = 0; offset < 0x1200; offset += 4) {
    if (!mapped.contains(offset)) EXPECT_TRUE(refused(offset)) << std::hex << offset;
  }
  for (int i = 0; i < 300; ++i) {
    const auto offset = static_cast<std::uint32_t>(bench.random.between(0, regs::kWindowBytes / 4 - 1) * 4);
    if (!mapped.contains(offset)) EXPECT_TRUE(refused(offset)) << std::hex << offset;
  }
  // All of that had no effect.
  EXPECT_EQ(bench.get(regs::offset::kScratch), 0u);
  EXPECT_EQ(bench.get(regs::offset::kControl), 0u);
  for (const unsigned spi : {0u, 128u, 255u}) EXPECT_EQ(bench.get(regs::offset::action(spi)), 0u);
}

TEST(HostRegisters, RefuseUnalignedAndPartialAccesses) {
  HostBench bench;
  bench.set(regs::offset::kScratch, 0x12345678);
  for (unsigned strobes = 0; strobes < 15; ++strobes) {
    EXPECT_EQ(bench.write(regs::offset::kScratch, ~0u, strobes), kSlaveError) << strobes;
  }
  for (unsigned byte = 1; byte < 4; ++byte) {
    EXPECT_EQ(bench.write(regs::offset::kScratch + byte, ~0u), kSlaveError);
    EXPECT_EQ(bench.read(regs::offset::kScratch + byte).response, kSlaveError);
  }
  EXPECT_EQ(bench.get(regs::offset::kScratch), 0x12345678u);
}

TEST(HostRegisters, LowHalfTakesEffectWithTheHighHalf) {
  HostBench bench;
  bench.set64(regs::offset::kStatusBlock, 0x1111'2222'3333'4440);
  bench.set(regs::offset::kStatusBlock, 0xaaaa'aa80);
  EXPECT_EQ(bench.get64(regs::offset::kStatusBlock), 0x1111'2222'3333'4440u);
  bench.set(regs::offset::kCommandBase, 0x5555'5500);  // another register's low half keeps out of it
  bench.set(regs::offset::kStatusBlock + 4, 0xbbbb'bbbb);
  EXPECT_EQ(bench.get64(regs::offset::kStatusBlock), 0xbbbb'bbbb'aaaa'aa80u);
  EXPECT_EQ(bench.get64(regs::offset::kCommandBase), 0u);
}

TEST(HostRegisters, SimultaneousReadAndWriteAreBothAnswered) {
  HostBench bench;
  auto& card = bench.card();
  for (int i = 0; i < 20; ++i) {
    card.s_axil_arvalid = card.s_axil_awvalid = card.s_axil_wvalid = 1;
    card.s_axil_araddr = regs::offset::kId;
    card.s_axil_awaddr = regs::offset::kScratch;
    card.s_axil_wdata = 100 + i;
    card.s_axil_wstrb = 0xf;
    card.s_axil_rready = card.s_axil_bready = 1;
    bool read = false;
    bool written = false;
    ASSERT_TRUE(HostBench::repeat([&] {
      card.clk = 0;
      card.eval();
      const bool ar = card.s_axil_arvalid && card.s_axil_arready;
      const bool aw = card.s_axil_awvalid && card.s_axil_awready;
      const bool w = card.s_axil_wvalid && card.s_axil_wready;
      read = read || (card.s_axil_rvalid && card.s_axil_rdata == regs::kDeviceId);
      written = written || (card.s_axil_bvalid && card.s_axil_bresp == kOkay);
      bench.step();
      if (ar) card.s_axil_arvalid = 0;
      if (aw) card.s_axil_awvalid = 0;
      if (w) card.s_axil_wvalid = 0;
      return read && written;
    }));
    card.s_axil_rready = card.s_axil_bready = 0;
    EXPECT_EQ(bench.get(regs::offset::kScratch), 100u + i);
  }
}

TEST(HostRegisters, ConfigurationReachesTheDataPath) {
  HostBench bench;
  auto& card = bench.card();
  bench.set(regs::offset::kControl, regs::control::kEnable.mask());
  EXPECT_TRUE(card.cfg_enable && !card.cfg_authoritative);
  bench.set(regs::offset::kControl, regs::control::kAuthoritative.mask());
  EXPECT_TRUE(!card.cfg_enable && card.cfg_authoritative);

  constexpr unsigned kEntry = 11;
  const std::array<std::uint32_t, 4> words{0x20010db8, 0x01020304, 0x05060708, 0x090a0b0c};
  bench.set(regs::offset::local_address_word0(kEntry), words[0]);
  bench.set(regs::offset::local_address_word1(kEntry), words[1]);
  bench.set(regs::offset::local_address_word2(kEntry), words[2]);
  bench.set(regs::offset::local_address_word3(kEntry), words[3]);
  EXPECT_EQ(card.cfg_local_valid, 0);
  bench.set(regs::offset::local_address_valid(kEntry), 1);
  EXPECT_EQ(card.cfg_local_valid, 1 << kEntry);
  for (unsigned i = 0; i < 4; ++i) EXPECT_EQ(card.cfg_local_address[4 * kEntry + i], words.at(3 - i));
}

TEST(HostRegisters, MacsReachTheDataPath) {
  HostBench bench;
  auto& card = bench.card();
  constexpr std::uint64_t kMac = 0x0200'1122'3344, kMask = 0xffff'ffff'ffff;
  for (unsigned i = 0; i < regs::kLocalMacs; ++i) {
    bench.set(regs::offset::local_mac_low(i), static_cast<std::uint32_t>(kMac) + i);
    EXPECT_EQ(card.cfg_mac_valid, (1U << i) - 1);
    bench.set(regs::offset::local_mac_high(i), static_cast<std::uint32_t>(kMac >> 32) | 1U << 31);
    EXPECT_EQ(card.cfg_mac_valid, (2U << i) - 1);
  }
  for (unsigned i = 0; i < regs::kLocalMacs; ++i) {
    std::uint64_t mac = 0;
    for (unsigned bit = 0; bit < 48; ++bit) {
      const unsigned at = 48 * i + bit;
      mac |= std::uint64_t{card.cfg_mac[at / 32] >> at % 32 & 1} << bit;
    }
    EXPECT_EQ(mac & kMask, kMac + i) << i;
  }
  bench.set(regs::offset::local_mac_high(2), 0);
  EXPECT_EQ(card.cfg_mac_valid, 0b1011);
}

TEST(HostRegisters, LimitsPortShareAndSeedReachTheDataPath) {
  HostBench bench;
  auto& card = bench.card();
  EXPECT_EQ(card.cfg_udp_port, 4500);
  EXPECT_EQ(card.cfg_tx_share, 65536U);
  bench.set(regs::offset::kUdpPort, 4501);
  bench.set(regs::offset::kTxShare, 1234);
  bench.set(regs::offset::kSourceLimitInterval, 1'000'000);
  bench.set(regs::offset::kSourceLimitBurst, 10);
  EXPECT_EQ(card.cfg_udp_port, 4501);
  EXPECT_EQ(card.cfg_tx_share, 1234U);
  EXPECT_EQ(card.cfg_source_interval, 1'000'000U);
  EXPECT_EQ(card.cfg_source_burst, 10);
}

TEST(HostRegisters, WriteOnlyOnesAreKeptButNeverShown) {
  HostBench bench;
  auto& card = bench.card();
  constexpr std::uint64_t kKey = 0x0123'4567'89ab'cdef;
  bench.set64(regs::offset::kSourceKey, kKey);
  bench.set(regs::offset::kTransactionSeed, 0x2bcd'ef01);
  EXPECT_EQ(card.cfg_source_key, kKey);
  EXPECT_EQ(card.cfg_transaction_seed, 0x2bcd'ef01U);
  for (const RegisterInfo& info : regs::kRegisters) {
    if (info.access != Access::write_only) continue;
    EXPECT_EQ(bench.get(info.offset), 0U) << info.name;
    if (info.width == 64) EXPECT_EQ(bench.get(info.offset + 4), 0U) << info.name;
  }
}

TEST(HostRegisters, ActionTableAnswersInTheSameCycle) {
  HostBench bench;
  auto& card = bench.card();
  std::array<std::uint32_t, 256> table{};
  for (unsigned spi = 0; spi < 256; ++spi) {
    card.action_spi = static_cast<std::uint8_t>(spi);
    card.eval();
    EXPECT_EQ(card.action, static_cast<unsigned>(regs::Action::pass)) << "before the table is clear, SPI " << spi;
    bench.step();
  }
  for (unsigned spi = 0; spi < 256; ++spi) {
    table.at(spi) = static_cast<std::uint32_t>(bench.random.between(0, 7));
    bench.set(regs::offset::action(spi), table.at(spi));
  }
  for (unsigned spi = 0; spi < 256; ++spi) {
    card.action_spi = static_cast<std::uint8_t>(spi);
    card.eval();
    EXPECT_EQ(card.action, table.at(spi) < regs::kActionCount ? table.at(spi) : 0u) << spi;
  }
}

TEST(HostRegisters, StatusShowsTheParts) {
  HostBench bench;
  auto& card = bench.card();
  const auto bit = [&](regs::Field field) { return field.get(bench.get(regs::offset::kStatus)); };
  EXPECT_EQ(bit(regs::status::kReady), 1u);
  EXPECT_EQ(bit(regs::status::kIdle), 1u);
  EXPECT_EQ(bit(regs::status::kDmaIdle), 1u);
  card.tables_ready = 0;
  card.datapath_idle = 0;
  EXPECT_EQ(bit(regs::status::kReady), 0u);
  EXPECT_EQ(bit(regs::status::kIdle), 0u);
}

}  // namespace
}  // namespace sapulse::test
