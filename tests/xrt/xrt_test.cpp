// SPDX-License-Identifier: Apache-2.0
// What only the XRT backend has: xclbin files, several cards under one run-time, a simulator that may die.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "device/session.h"
#include "device/xrt_rig.h"
#include "sapulse/open_device.h"
#include "support/convert.h"
#include "support/program.h"
#include "support/seed.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Writes an xclbin beside the good one and opens it.
Result<std::unique_ptr<XrtDevice>> open_altered(const std::string& contents) {
  const auto path = std::filesystem::path(emulated_xclbin()).parent_path() / "altered.xclbin";
  std::ofstream(path, std::ios::binary) << contents;
  return XrtDevice::open(path, 0);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

TEST(XrtOpen, NamesTheFileThatIsMissing) {
  const auto device = XrtDevice::open("/nowhere/card.xclbin", 0);
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().code, Errc::not_found);
  EXPECT_EQ(device.error().message, "/nowhere/card.xclbin: no such file");
}

TEST(XrtOpen, RefusesWhatIsNoXclbin) {
  const auto device = open_altered("this is no xclbin");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().code, Errc::incompatible);
  EXPECT_THAT(device.error().message, HasSubstr("altered.xclbin: not an xclbin"));
}

TEST(XrtOpen, RefusesAnotherKernel) {
  const auto device = open_altered(replaced(read_file(emulated_xclbin()), "\"sapulse\"", "\"another\""));
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().code, Errc::incompatible);
  EXPECT_THAT(device.error().message, HasSubstr("altered.xclbin: holds no kernel 'sapulse'"));
}

TEST(XrtOpen, RefusesAKernelWithoutHostMemory) {
  const auto device = open_altered(replaced(read_file(emulated_xclbin()), "HOST[0]", "DDR0[0]"));
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().code, Errc::incompatible);
  EXPECT_THAT(device.error().message, HasSubstr("no host memory"));
}

TEST(XrtOpen, OpensByAddress) {
  const auto address = DeviceAddress::parse("xrt:" + emulated_xclbin() + ":1");
  ASSERT_TRUE(address) << address.error().message;
  const auto device = open_device(*address);
  ASSERT_TRUE(device) << device.error().message;
  EXPECT_EQ((*device)->name(), "XRT device 1");
  EXPECT_EQ(must((*device)->read32(regs::offset::kId), "ID"), regs::kDeviceId);
}

TEST(XrtOpen, TheCommandTellsWhatTheCardIs) {
  const Ended ended = run_program(std::string(SAPULSE_COMMAND) + " info --device xrt:" + emulated_xclbin() + ":1");
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, AllOf(HasSubstr("XRT device 1"), HasSubstr("1024")));
}

/// The emulation has none, so that all tests of interrupts run over polling.
TEST(Xrt, FindsThatTheEmulationHasNoInterrupts) {
  const auto device = must(XrtDevice::open(emulated_xclbin(), 0), "device");
  EXPECT_FALSE(device->has_interrupts());
}

TEST(Xrt, MemoryThatComesBackIsGivenOutAgainClean) {
  const auto device = must(XrtDevice::open(emulated_xclbin(), 0), "device");
  std::uint64_t first = 0;
  {
    const auto buffer = must(device->allocate_dma(10'000, 64), "memory");
    first = buffer->iova();
    std::ranges::fill(buffer->bytes(), std::byte{0xff});
  }
  const auto again = must(device->allocate_dma(9'000, 64), "memory");
  EXPECT_EQ(again->iova(), first);
  EXPECT_EQ(again->bytes().size(), 9'000U);
  EXPECT_TRUE(std::ranges::all_of(again->bytes(), [](std::byte byte) { return byte == std::byte{0}; }));
  EXPECT_NE(must(device->allocate_dma(9'000, 64), "memory")->iova(), first) << "in use";
}

TEST(Xrt, TwoCardsInOneProcessKeepApart) {
  const std::uint64_t seed = test_seed(20262);
  XrtRig rigs[] = {XrtRig(0), XrtRig(1)};
  ASSERT_NE(rigs[0].process(), rigs[1].process());
  std::vector<std::unique_ptr<Session>> sessions;
  std::vector<traffic::Config> configs;
  std::vector<traffic::Generator> generators;
  configs.reserve(2);
  for (unsigned i = 0; i < 2; ++i) {
    configs.push_back(traffic::sample_config(seed + i, 3));
    generators.emplace_back(configs.back(), seed + i);
    sessions.push_back(std::make_unique<Session>(rigs[i], configs.back()));
  }
  for (unsigned round = 0; round < 40; ++round) {
    for (unsigned i = 0; i < 2; ++i) {
      sessions[i]->line(generators[i].line().frame);
      sessions[i]->poll();
    }
  }
  for (unsigned i = 0; i < 2; ++i) {
    sessions[i]->settle();
    for (const std::string& wrong : traffic::check_run(configs[i], sessions[i]->result()).discrepancies) {
      ADD_FAILURE() << "card " << i << ": " << wrong;
    }
    EXPECT_TRUE(rigs[i].complaints().empty());
  }
}

TEST(XrtFailure, AClockThatStandsEndsTheWaiting) {
  const auto device = must(XrtDevice::open(emulated_xclbin(), 0), "device");
  ASSERT_TRUE(device->reset());
  // The increment is committed by its high half.
  ASSERT_TRUE(device->write32(regs::offset::kTimeIncrement, 0));
  ASSERT_TRUE(device->write32(regs::offset::kTimeIncrement + 4, 0));
  const auto waited = device->wait_interrupt(0, std::chrono::milliseconds(1));
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, Errc::device_error);
  EXPECT_EQ(waited.error().message, "XRT device 0: the clock of the card stands still");
}

TEST(XrtFailure, ADeadCardIsAnErrorAndClosesInTime) {
  XrtRig rig(0);
  auto card = must(Card::open(rig.device()), "card");
  ASSERT_EQ(kill(rig.process(), SIGKILL), 0);
  const auto read = rig.device().read32(regs::offset::kId);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::device_error);
  EXPECT_THAT(read.error().message, AllOf(HasSubstr("XRT device 0"), HasSubstr("read of register 0x0000")));
  EXPECT_EQ(rig.device().write32(regs::offset::kScratch, 1).error().code, Errc::device_error);
  EXPECT_EQ(card->execute(Command::nop()).error().code, Errc::device_error);
  EXPECT_EQ(rig.device().reset().error().code, Errc::device_error);
  EXPECT_FALSE(card->close());
}

TEST(XrtFailure, ADeadCardLeavesTheOtherAlone) {
  XrtRig dying(0);
  XrtRig living(1);
  ASSERT_EQ(kill(dying.process(), SIGKILL), 0);
  EXPECT_FALSE(dying.device().read32(regs::offset::kId));
  const auto card = must(Card::open(living.device()), "card");
  EXPECT_TRUE(card->execute(Command::nop()));
}

/// Without the simulator's process that talks to it, XRT itself would wait for ever.
TEST(XrtFailure, ADeadSimulatorEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        XrtRig rig(0);
        std::ifstream status("/proc/" + std::to_string(rig.process()) + "/stat");
        std::string field;
        pid_t parent = -1;
        status >> field >> field >> field >> parent;
        kill(parent, SIGKILL);
        for (;;) (void)rig.device().read32(regs::offset::kId);
      },
      testing::KilledBySignal(SIGTERM), "ending the program");
}

}  // namespace
}  // namespace sapulse::test
