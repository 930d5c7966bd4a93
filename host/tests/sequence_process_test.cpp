// SPDX-License-Identifier: Apache-2.0
// Control sequence numbers of processes that follow each other, with the same keys and in the same second.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "sa_store.h"
#include "store_fixture.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t kSpi = 256;

Config config_of_one() {
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  config.sas = {make_peer(kSpi)};
  config.sas[0].next.reset();
  return config;
}

/// A process that does something, tells a number, and lives until it is killed.
class Process {
 public:
  explicit Process(const std::function<std::uint64_t()>& work) {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe(pipe.data()), 0);
    process_ = ::fork();
    if (process_ == 0) {
      const std::uint64_t number = work();
      (void)::write(pipe[1], &number, sizeof number);
      for (;;) ::pause();
    }
    if (::read(pipe[0], &number_, sizeof number_) != sizeof number_) number_ = 0;
    for (const int end : pipe) ::close(end);
  }
  /// As a crash would: nothing is closed.
  ~Process() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  pid_t process_ = -1;
  std::uint64_t number_ = 0;
};

constexpr unsigned kPings = 100;

/// Opens a gateway, which stays open as long as the process lives, sends pings, and returns the first number that is
/// still unused; 0: it could not be opened.
std::uint64_t use_numbers(const std::filesystem::path& state) {
  static FakeDevice device(64, 0, FakeDevice::kAll);
  device.requester.answer = [](const FakePing& ping) { return FakeReply{.n = ping.n, .telemetry = {}}; };
  static const auto endpoint = Endpoint::open(device, config_of_one(), {.state = state});
  if (!endpoint) return 0;
  for (unsigned i = 0; i < kPings; ++i) {
    if (!(*endpoint)->pinger().ping(kSpi)) return 0;
  }
  return device.requester.next((*endpoint)->sas().find(kSpi)->number);
}

/// The number that a gateway begins with.
std::uint64_t first_number(const std::filesystem::path& state) {
  FakeDevice device(64, 0, FakeDevice::kAll);
  const auto endpoint = Endpoint::open(device, config_of_one(), {.state = state});
  EXPECT_TRUE(endpoint) << endpoint.error().message;
  return endpoint ? device.requester.next((*endpoint)->sas().find(kSpi)->number) : 0;
}

TEST(SequenceProcesses, OfOneDirectoryContinueEachOthersNumbers) {
  const Folder folder;
  std::uint64_t unused = 0;
  for (unsigned life = 0; life < 3; ++life) {
    EXPECT_GE(first_number(folder.state()), unused);
    const Process process([&] { return use_numbers(folder.state()); });
    ASSERT_GT(process.number(), unused);
    unused = process.number();
  }
}

TEST(SequenceProcesses, CannotHaveOneDirectoryAtATime) {
  const Folder folder;
  const Process process([&] { return use_numbers(folder.state()); });
  ASSERT_NE(process.number(), 0U);
  FakeDevice device(64, 0, FakeDevice::kAll);
  const auto second = Endpoint::open(device, config_of_one(), {.state = folder.state()});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("in use by another process"));
}

/// The clock is that of the computer, which no two of them have been able to read at one moment.
TEST(SequenceProcesses, WithoutADirectoryBeginWithTheTime) {
  std::uint64_t unused = 0;
  for (unsigned life = 0; life < 3; ++life) {
    const Process process([] { return use_numbers({}); });
    const std::uint64_t begun = process.number() - kPings;
    EXPECT_GT(begun, unused);
    unused = process.number();
  }
}

/// Numbers in the file would be those of every process that reads it.
TEST(SequenceProcesses, WithoutADirectoryNumbersOfTheFileAreRefused) {
  const Folder folder;
  const auto file = folder.path() / "sas.yaml";
  write_file(file,
             "local: [\"192.0.2.1\"]\nsas:\n"
             "  - {name: a, local: \"192.0.2.1\", peer: \"198.51.100.1\",\n"
             "     in: {spi: 256, key: 000102030405060708090a0b0c0d0e0f, salt: \"a0a1a2a3\"},\n"
             "     out: {spi: 257, key: 000102030405060708090a0b0c0d0e0f, salt: \"b0b1b2b3\", next: 7}}\n");
  for (unsigned life = 0; life < 2; ++life) {
    const Process process([&]() -> std::uint64_t { return load_config(file, 64, NextField::refused) ? 1 : 2; });
    EXPECT_EQ(process.number(), 2U);
  }
  EXPECT_TRUE(load_config(file, 64, NextField::allowed));
}

/// A clock without battery, or one that is corrected, may be anything when the next process starts.
TEST(SequenceProcesses, AClockThatIsSetBackBetweenThemChangesNothing) {
  constexpr std::uint64_t kYear2030 = 1'893'456'000'000'000'000;
  const Folder folder;
  const auto take_at = [&](std::uint64_t unix_time) {
    static FileCalls calls;
    const auto store = SaStoreAccess::open(
        folder.state(), calls, {.unix_nanoseconds = [=] { return unix_time; }, .uptime_nanoseconds = [] { return 0; }});
    return store ? (*store)->take_sequence().value_or(0) : 0;
  };
  std::uint64_t last = 0;
  for (const std::uint64_t time : {kYear2030, kYear2030, kYear2030 - 3'600'000'000'000, std::uint64_t{0}}) {
    const Process process([&] { return take_at(time); });
    EXPECT_GT(process.number(), last) << "at " << time;
    last = process.number();
  }
}

}  // namespace
}  // namespace sapulse::test
