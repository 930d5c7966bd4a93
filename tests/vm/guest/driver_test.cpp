// SPDX-License-Identifier: Apache-2.0
// What only a kernel can show: interrupt modes, processes that die or compete, a kernel that wants the card back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <sstream>

#include "child.h"
#include "device/session.h"
#include "guest_rig.h"
#include "sapulse/registers.h"
#include "sapulse/sysfs.h"
#include "sapulse/vfio_binding.h"
#include "support/convert.h"
#include "support/program.h"
#include "traffic/generator.h"
#include "traffic/random.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using testing::HasSubstr;

constexpr std::uint64_t kSeed = 20262;
const std::string kCard = std::getenv("CARD");

/// Pings on a few SAs, all answered as the reference says.
void expect_good_traffic(GuestRig& rig, unsigned pings = 20) {
  const traffic::Config config = sample_config(kSeed, 4);
  Generator generator(config, kSeed, kPlainPings);
  Session session(rig, config);
  for (unsigned i = 0; i < pings; ++i) session.line(generator.line().frame);
  session.settle();
  expect_right(config, session.result());
  must(session.endpoint().close(), "close");
}

/// The command register of the card, as the kernel sees it.
std::uint16_t command_register() {
  std::ifstream config("/sys/bus/pci/devices/" + kCard + "/config", std::ios::binary);
  std::array<unsigned char, 6> bytes{};
  config.read(reinterpret_cast<char*>(bytes.data()), bytes.size());
  return static_cast<std::uint16_t>(bytes[4] | bytes[5] << 8);
}

constexpr std::uint16_t kBusMaster = 4;

/// Memory of this process that is locked, KiB: what is mapped for the card, for one.
std::uint64_t locked_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmLck:")) return std::stoull(line.substr(6));
  }
  return 0;
}

/// Interrupts of the card that have reached the kernel.
std::uint64_t delivered() {
  std::ifstream table("/proc/interrupts");
  std::uint64_t sum = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.find(kCard) == std::string::npos) continue;
    std::istringstream words(line.substr(line.find(':') + 1));  // one processor: the count comes first
    std::uint64_t count = 0;
    words >> count;
    sum += count;
  }
  return sum;
}

class InterruptModes : public testing::TestWithParam<InterruptMode> {};

TEST_P(InterruptModes, WakeTheHost) {
  GuestRig rig({.interrupts = GetParam()});
  EXPECT_EQ(rig.vfio().interrupt_mode(), GetParam());
  const traffic::Config config = sample_config(kSeed, 1);
  Generator generator(config, kSeed, kPlainPings);
  Session session(rig, config, {.interrupts = true});
  EXPECT_FALSE(must(session.card().wait_exception(std::chrono::microseconds(5)), "wait"));
  const std::uint64_t before = delivered();
  for (unsigned round = 1; round <= 5; ++round) {
    session.line(generator.good("reserved SPI for the host").frame);
    EXPECT_TRUE(must(session.card().wait_exception(std::chrono::milliseconds(20)), "wait"));
    session.settle();
    EXPECT_EQ(session.exceptions(), round);
  }
  // Not each round is sure to have one of its own: what comes up while another is on its way, or masked, needs none.
  EXPECT_EQ(delivered() > before, GetParam() != InterruptMode::polling);
  EXPECT_FALSE(must(session.card().wait_exception(std::chrono::microseconds(5)), "wait"));
  must(session.endpoint().close(), "close");
  EXPECT_EQ(rig.dma_faults(), 0U);
}

std::string mode_name(const testing::TestParamInfo<InterruptMode>& info) {
  constexpr std::array kNames{"automatic", "msix", "msi", "intx", "polling"};
  return kNames.at(static_cast<std::size_t>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Vfio, InterruptModes,
                         testing::Values(InterruptMode::msix, InterruptMode::msi, InterruptMode::intx,
                                         InterruptMode::polling),
                         mode_name);

TEST(VfioDriver, TakesMsixByItself) {
  GuestRig rig;
  VfioDevice& device = rig.vfio();
  EXPECT_EQ(device.interrupt_mode(), InterruptMode::msix);
  EXPECT_EQ(device.name(), kCard);
  EXPECT_THAT(device.iommu(), HasSubstr("type1v2"));
  EXPECT_THAT(must(find_cards(), "cards"), testing::ElementsAre(kCard));
}

TEST(VfioDriver, SecondProcessIsRefused) {
  const GuestRig rig;
  const Child other([] {
    const auto opened = VfioDevice::open();
    return opened ? std::string("opened") : opened.error().message;
  });
  EXPECT_THAT(other.answer(), HasSubstr("another process uses the card"));
}

/// Killed in the middle of traffic: the kernel stops the card, and the next process finds it whole.
void die_in_traffic(int signal) {
  Control control;
  const std::uint64_t faults = control.number("faults");
  const std::uint64_t resets = control.number("resets");
  {
    Child victim([] {
      GuestRig rig;
      const traffic::Config config = sample_config(kSeed, 4);
      Generator generator(config, kSeed, kPlainPings);
      Session session(rig, config);
      for (bool told = false;; told = true) {
        for (unsigned i = 0; i < 10; ++i) session.line(generator.line().frame);
        session.until([&] { return !session.result().line_out.empty(); }, "answers");
        if (!told) Child::tell("running");
      }
      return std::string();
    });
    ASSERT_EQ(victim.answer(), "running");
    EXPECT_NE(command_register() & kBusMaster, 0);
    victim.kill(signal);
  }
  EXPECT_EQ(command_register() & kBusMaster, 0) << "the kernel has taken bus mastering away";
  EXPECT_GT(control.number("resets"), resets);
  GuestRig rig;
  expect_good_traffic(rig);
  EXPECT_EQ(control.number("faults"), faults) << "nothing has reached for memory that was gone";
  EXPECT_THAT(rig.complaints(), testing::IsEmpty());
}

TEST(VfioDriver, KilledInTrafficAndStartedAgain) { die_in_traffic(SIGKILL); }
TEST(VfioDriver, TerminatedInTrafficAndStartedAgain) { die_in_traffic(SIGTERM); }

TEST(VfioDriver, CloseLeavesNothingRunning) {
  GuestRig rig;
  const std::uint64_t locked_before = locked_memory();
  expect_good_traffic(rig);
  EXPECT_EQ(locked_memory(), locked_before) << "locked memory is left";
  rig.close();
  EXPECT_EQ(command_register() & kBusMaster, 0);
  EXPECT_EQ(rig.dma_faults(), 0U);
}

TEST(VfioDriver, UnmappedAddressIsStoppedAndCounted) {
  constexpr std::uint64_t kNowhere = 0x7fff123000;
  GuestRig rig;
  auto card = must(Card::open(rig.device()), "card");
  const auto failed = card->execute(Command::frame(kNowhere, 64));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::dma_fault);
  EXPECT_THAT(failed.error().message, HasSubstr("could not read host memory at IOVA 0x7fff123000 (AXI response 3)"));
  EXPECT_EQ(rig.control().number("faults"), rig.dma_faults());
  EXPECT_GT(rig.dma_faults(), 0U);
  (void)card->close();
  expect_good_traffic(rig);
}

TEST(VfioDriver, WithoutBusMasteringNothingIsWritten) {
  GuestRig rig;
  auto card = must(Card::open(rig.device()), "card");
  // As a kernel does that does not trust the device any more.
  std::fstream config("/sys/bus/pci/devices/" + kCard + "/config", std::ios::binary | std::ios::in | std::ios::out);
  config.seekp(4);
  config.put(2).flush();
  const std::uint64_t blocked = rig.control().number("blocked");
  const auto failed = card->execute(Command::nop());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::dma_fault) << failed.error().message;
  EXPECT_GT(rig.control().number("blocked"), blocked);
  (void)card->close();
}

TEST(VfioDriver, LockedMemoryLimitIsExplained) {
  const Child limited([] {
    GuestRig rig;
    // Root may exceed the limit: drop the capability with the user.
    const rlimit small{64 * 1024, 64 * 1024};
    setrlimit(RLIMIT_MEMLOCK, &small);
    if (setuid(65534) != 0) return std::string("setuid failed");
    const auto memory = rig.device().allocate_dma(1 << 20, 4096);
    return memory ? std::string("allocated") : memory.error().message;
  });
  EXPECT_THAT(limited.answer(), HasSubstr("exceed the limit of locked memory, 64 KiB"));
}

/// Huge pages of 2 MiB that the kernel sets aside meanwhile.
class HugePages {
 public:
  explicit HugePages(unsigned count) { set_aside(count); }
  ~HugePages() { set_aside(0); }
  HugePages(const HugePages&) = delete;
  HugePages& operator=(const HugePages&) = delete;

  [[nodiscard]] static unsigned free() {
    unsigned count = 0;
    std::ifstream("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages") >> count;
    return count;
  }

 private:
  static void set_aside(unsigned count) { std::ofstream("/proc/sys/vm/nr_hugepages") << count; }
};

/// A frame that the card fetches from the last bytes of a buffer leaves as it is.
void expect_within_reach(GuestRig& rig, DmaBuffer& buffer) {
  constexpr std::size_t kBytes = 128;  // a multiple of what the address of a frame must be one of
  const traffic::Bytes frame = traffic::Random(kSeed).bytes(kBytes);
  std::ranges::copy(std::as_bytes(std::span(frame)), buffer.bytes().last(kBytes).begin());
  Session session(rig, sample_config(kSeed, 0));
  const std::uint64_t iova = buffer.iova() + buffer.bytes().size() - kBytes;
  must(session.card().execute(Command::frame(iova, kBytes)), "frame");
  session.until([&] { return !session.result().line_out.empty(); }, "the frame");
  EXPECT_EQ(session.result().line_out.front(), frame);
  must(session.endpoint().close(), "close");
}

TEST(VfioDriver, LargeBuffersTakeHugePagesWhereThereAreSome) {
  constexpr std::size_t kBytes = std::size_t{3} << 20;
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  GuestRig rig;
  {
    const HugePages pages(2);
    ASSERT_EQ(HugePages::free(), 2U);
    auto buffer = must(rig.device().allocate_dma(kBytes, 64), "memory");
    EXPECT_EQ(HugePages::free(), 0U);
    EXPECT_EQ(buffer->iova() % kHugePage, 0U);
    expect_within_reach(rig, *buffer);
    buffer.reset();
    EXPECT_EQ(HugePages::free(), 2U);
  }
  ASSERT_EQ(HugePages::free(), 0U);
  expect_within_reach(rig, *must(rig.device().allocate_dma(kBytes, 64), "memory without huge pages"));
  EXPECT_EQ(rig.dma_faults(), 0U);
}

TEST(VfioDriver, ForeignUserIsToldWhatToDo) {
  const Child stranger([] {
    if (setuid(65534) != 0) return std::string("setuid failed");
    const auto opened = VfioDevice::open();
    return opened ? std::string("opened") : opened.error().message;
  });
  EXPECT_THAT(stranger.answer(), testing::AllOf(HasSubstr("no permission"), HasSubstr("chgrp GROUP /dev/vfio/")));
}

TEST(VfioDriver, LetsGoWhenTheKernelWantsTheCardBack) {
  Sysfs sysfs;
  {
    GuestRig rig;
    // A program of its own: a forked copy of this process would keep the card's file open.
    auto unbinder = std::async(std::launch::async, [] { return run_program("sapulse unbind " + kCard); });
    Result<void> relaxed;
    while (relaxed) relaxed = rig.device().relax();
    EXPECT_EQ(relaxed.error().code, Errc::device_error);
    EXPECT_THAT(relaxed.error().message, HasSubstr("wants the device back"));
    EXPECT_FALSE(rig.device().wait_interrupt(0, std::chrono::seconds(1))) << "it stays so";
    rig.close();
    const Ended ended = unbinder.get();
    EXPECT_EQ(ended.code, 0) << ended.output;
  }
  EXPECT_THAT(VfioDevice::open().error().message, HasSubstr("sapulse bind " + kCard));
  must(bind_to_vfio(sysfs, kCard), "bind");
  GuestRig rig;
  expect_good_traffic(rig);
}

TEST(VfioDriver, AttackOnACardThatAResetDoesNotReachFails) {
  Control control;
  control.ask("deaf 1");
  const auto opened = VfioDevice::open();
  control.ask("deaf 0");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::incompatible);
  EXPECT_THAT(opened.error().message, HasSubstr("a reset does not reach the card"));
  GuestRig rig;
  expect_good_traffic(rig);
}

/// How the kernel resets the card meanwhile: "pm" is by its power state, D3hot and back.
class ResetMethod {
 public:
  explicit ResetMethod(const std::string& method) { choose(method); }
  ~ResetMethod() { choose("default"); }
  ResetMethod(const ResetMethod&) = delete;
  ResetMethod& operator=(const ResetMethod&) = delete;

  [[nodiscard]] static std::string current() {
    std::string method;
    std::getline(std::ifstream(file()), method);
    return method;
  }

 private:
  static std::string file() { return "/sys/bus/pci/devices/" + kCard + "/reset_method"; }
  static void choose(const std::string& method) { std::ofstream(file()) << method; }
};

TEST(VfioDriver, AResetByThePowerStateReachesTheCard) {
  const ResetMethod method("pm");
  ASSERT_EQ(ResetMethod::current(), "pm") << "the kernel knows no other way now";
  GuestRig rig;  // its reset is proven
  const std::uint64_t resets = rig.control().number("resets");
  must(rig.device().reset(), "reset");
  EXPECT_GT(rig.control().number("resets"), resets);
  expect_good_traffic(rig);
}

TEST(VfioDriver, AttackOnACardThatAPowerStateDoesNotReachFails) {
  const ResetMethod method("pm");
  Control control;
  control.ask("deaf 1");
  const auto opened = VfioDevice::open();
  control.ask("deaf 0");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::incompatible);
}

TEST(VfioDriver, ACardThatIsGoneIsNoData) {
  GuestRig rig;
  rig.control().ask("gone 1");
  const auto read = rig.device().read32(regs::offset::kScratch);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::device_error);
  EXPECT_THAT(read.error().message, HasSubstr("does not answer"));
  EXPECT_FALSE(rig.device().wait_interrupt(0, std::chrono::seconds(1)));
  EXPECT_FALSE(Card::open(rig.device()));
  rig.control().ask("gone 0");
  expect_good_traffic(rig);
}

}  // namespace
}  // namespace sapulse::test
