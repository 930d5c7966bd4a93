// SPDX-License-Identifier: Apache-2.0
// A crash at each step that changes something on disk or on the card.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sa_store.h"
#include "store_fixture.h"

namespace sapulse::test {
namespace {

using testing::IsEmpty;

/// Dies at the n-th step that changes something on disk or on the card; a write may die in its middle.
class DyingCalls : public FileCalls {
 public:
  void step() {
    if (steps_left-- == 0) ::_exit(0);
  }
  int open(const char* path, int flags, mode_t mode) override {
    step();
    return FileCalls::open(path, flags, mode);
  }
  ssize_t write(int file, std::span<const std::uint8_t> bytes) override {
    if (steps_left == 0) (void)FileCalls::write(file, bytes.first(bytes.size() / 2));
    step();
    return FileCalls::write(file, bytes);
  }
  int sync(int file) override {
    step();
    return FileCalls::sync(file);
  }
  int rename(const char* from, const char* to) override {
    step();
    return FileCalls::rename(from, to);
  }
  long steps_left = 0;
};

/// The changes of the crash test, in order.
std::vector<std::function<bool(SaManager&)>> crash_steps() {
  return {[](SaManager& sas) { return sas.add(make_sa(256)).has_value(); },
          [](SaManager& sas) { return sas.add(std::vector{make_sa(300), make_sa(301), make_sa(302)}).has_value(); },
          [](SaManager& sas) { return sas.replace(300, make_sa(300, 1)).has_value(); },
          [](SaManager& sas) { return sas.replace(301, make_sa(400, 2)).has_value(); },
          [](SaManager& sas) { return sas.remove(256).has_value(); },
          [](SaManager& sas) { return sas.remove(std::vector<std::uint32_t>{302, 400}).has_value(); },
          [](SaManager& sas) { return sas.add(make_sa(256, 3)).has_value(); }};
}

/// Does all changes on a card of its own and tells through `acknowledged` how many have returned. Dies at a step.
[[noreturn]] void run_and_die(const std::filesystem::path& directory, long at, int acknowledged) {
  DyingCalls calls;
  calls.steps_left = at;
  FakeDevice device;
  device.executed = [&](const regs::ConstCommand&) { calls.step(); };
  auto store = SaStoreAccess::open(directory, calls, SequenceSource::system_clocks());
  if (!store) ::_exit(1);
  auto card = Card::open(device);
  SaManager sas(**card, {}, store->get());
  for (const auto& step : crash_steps()) {
    if (!step(sas)) ::_exit(1);
    const char done = 1;
    if (::write(acknowledged, &done, 1) != 1) ::_exit(1);
  }
  ::_exit(2);  // no step was left to die at
}

/// Contents of the store after each of the changes, from a run without a crash.
std::vector<Contents> expected_contents() {
  const Folder folder;
  const auto store = must_open(folder.state());
  FakeDevice device;
  auto card = Card::open(device);
  SaManager sas(**card, {}, store.get());
  std::vector<Contents> result{contents(*store)};
  for (const auto& step : crash_steps()) {
    EXPECT_TRUE(step(sas));
    result.push_back(contents(*store));
  }
  EXPECT_THAT(device.violations, IsEmpty());
  return result;
}

/// One crash: its exit status, and whether what is left is what it must be.
int crash_at(long step, const std::vector<Contents>& expected) {
  const Folder folder;
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) run_and_die(folder.state(), step, pipe[1]);
  ::close(pipe[1]);
  std::size_t acknowledged = 0;
  char byte = 0;
  while (::read(pipe[0], &byte, 1) == 1) ++acknowledged;
  ::close(pipe[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));

  // A new life: everything acknowledged is there, the change that was under way is there entirely or not at all.
  auto store = SaStore::open(folder.state());
  EXPECT_TRUE(store) << store.error().message;
  if (!store) return 1;
  const Contents found = contents(**store);
  const bool before = found == expected[acknowledged];
  const bool after = acknowledged + 1 < expected.size() && found == expected[acknowledged + 1];
  EXPECT_TRUE(before || after) << "step " << step << ", " << acknowledged << " acknowledged, " << found.size()
                               << " SAs";
  FakeDevice device;
  auto card = Card::open(device);
  SaManager sas(**card, {}, store->get());
  const auto restored = sas.restore();
  EXPECT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(sas.size(), found.size());
  for (const auto& [spi, key] : found) {
    const auto number = device.lookup(spi);
    EXPECT_TRUE(number) << "SPI " << spi;
    if (!number) continue;
    const auto& half = device.in_half(*number);
    EXPECT_EQ(to_hex(std::span(half).subspan(32, key.size() / 2)), key);
  }
  EXPECT_THAT(device.violations, IsEmpty());
  return WEXITSTATUS(status);
}

TEST(Crash, AtEveryStepLeavesNothingHalf) {
  constexpr long kMostSteps = 2000;
  const std::vector<Contents> expected = expected_contents();
  long step = 0;
  while (step < kMostSteps) {
    const int status = crash_at(step, expected);
    ASSERT_NE(status, 1) << "step " << step;
    if (status == 2) break;
    ++step;
    if (HasFailure()) break;
  }
  EXPECT_GT(step, 60) << "there are that many points to die at";
  EXPECT_LT(step, kMostSteps);
  RecordProperty("points", static_cast<int>(step));
}

}  // namespace
}  // namespace sapulse::test
