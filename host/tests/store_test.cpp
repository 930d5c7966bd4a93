// SPDX-License-Identifier: Apache-2.0
// What survives: the journal of SAs, sequence numbers, floors; damage and torn writes; crashes at every point.
#include "sapulse/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "asking_card.h"
#include "crypto.h"
#include "sa_store.h"
#include "sapulse/control_keys.h"
#include "sapulse/secret_file.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// A directory that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sapulse-store-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::filesystem::path state() const { return path_ / "state"; }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return state() / name; }

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_file(const std::filesystem::path& path, const std::string& contents) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << contents;
}

SaParameters full_sa(std::uint32_t spi) {
  SaParameters sa = make_peer(spi);
  sa.name = "peer \"" + std::to_string(spi) + "\"\n";
  sa.out.salt = {};
  sa.out.integrity = make_key(48, spi);
  sa.token_nonce = TokenNonce{8, 7, 6, 5, 4, 3, 2, static_cast<std::uint8_t>(spi)};
  sa.admin_down = true;
  sa.path->tags = {{wire::tpid_service, 0x2064}};
  sa.path->encapsulation = Encapsulation::kUdp;
  sa.path->peer_port = 1024;
  sa.path->dscp = 46;
  sa.liveness = LivenessSettings{.mode = ProbeMode::kHost,
                                 .interval = std::chrono::microseconds(3300),
                                 .multiplier = 10,
                                 .suspect = 0,
                                 .jitter_percent = 5,
                                 .data_bytes = 100,
                                 .data_alive = true};
  return sa;
}

void expect_same(const SaParameters& a, const SaParameters& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.local, b.local);
  EXPECT_EQ(a.peer, b.peer);
  for (const auto& [x, y] : {std::pair(&a.in, &b.in), std::pair(&a.out, &b.out)}) {
    EXPECT_EQ(x->spi, y->spi);
    EXPECT_EQ(to_hex(x->key.bytes()), to_hex(y->key.bytes()));
    EXPECT_EQ(to_hex(x->salt.bytes()), to_hex(y->salt.bytes()));
    EXPECT_EQ(to_hex(x->integrity.bytes()), to_hex(y->integrity.bytes()));
  }
  EXPECT_EQ(a.plain, b.plain);
  EXPECT_EQ(a.token_nonce, b.token_nonce);
  EXPECT_EQ(a.admin_down, b.admin_down);
  EXPECT_EQ(a.path, b.path);
  EXPECT_EQ(a.liveness, b.liveness);
}

std::unique_ptr<SaStore> must_open(const std::filesystem::path& directory) {
  auto store = SaStore::open(directory);
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(*store) : nullptr;
}

TEST(SaStore, KeepsEverythingAboutAnSa) {
  const Folder folder;
  std::vector<SaParameters> sas{full_sa(256), make_sa(300), make_peer(0xffffffff)};
  sas[1].plain = true;
  {
    const auto store = must_open(folder.state());
    EXPECT_TRUE(store->is_new());
    ASSERT_TRUE(store->change({}, sas));
    EXPECT_FALSE(store->is_new());
  }
  const auto store = must_open(folder.state());
  EXPECT_FALSE(store->is_new());
  ASSERT_EQ(store->sas().size(), sas.size());
  for (const SaParameters& sa : sas) expect_same(store->sas().at(sa.in.spi), sa);
}

TEST(SaStore, FilesArePrivate) {
  const Folder folder;
  {
    const auto store = must_open(folder.state());
    ASSERT_TRUE(store->change({}, std::vector{make_sa(256)}));
    ASSERT_TRUE(store->checkpoint({{256, 7}}));
    ASSERT_TRUE(store->secret());
  }
  struct stat status{};
  ASSERT_EQ(::stat(folder.state().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
  for (const auto& entry : std::filesystem::directory_iterator(folder.state())) {
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U) << entry.path();
  }
  ASSERT_EQ(::chmod(folder.file("sas").c_str(), 0640), 0);
  EXPECT_THAT(SaStore::open(folder.state()).error().message, HasSubstr("sas: mode 0640 lets others"));
  ASSERT_EQ(::chmod(folder.file("sas").c_str(), 0600), 0);
  ASSERT_EQ(::chmod(folder.state().c_str(), 0755), 0);
  EXPECT_THAT(SaStore::open(folder.state()).error().message, HasSubstr("mode 0755 lets others in"));
}

TEST(SaStore, OneProcessAtATime) {
  const Folder folder;
  const auto store = must_open(folder.state());
  const auto second = SaStore::open(folder.state());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("in use by another process"));
}

TEST(SaStore, ChangesAreAllOrNothingAndCompact) {
  const Folder folder;
  const auto store = must_open(folder.state());
  constexpr std::uint32_t kBatch = 64;
  for (std::uint32_t i = 0; i < 40; ++i) {
    std::vector<std::uint32_t> removed;
    std::vector<SaParameters> put;
    for (std::uint32_t k = 0; k < kBatch; ++k) {
      removed.push_back(0x1000 + (i + 1) % 2 * kBatch + k);
      put.push_back(make_sa(0x1000 + i % 2 * kBatch + k, i));
    }
    ASSERT_TRUE(store->change(removed, put));
  }
  EXPECT_EQ(store->sas().size(), kBatch);
  const std::size_t record = encode_change({}, std::vector{make_sa(0x1000)}).size();
  EXPECT_LT(std::filesystem::file_size(folder.file("sas")), 40 * kBatch * record / 2) << "history is thrown away";
}

/// Every cut of the last record is taken for what a crash leaves; the records before it stay.
TEST(SaStore, TornEndIsDropped) {
  const Folder folder;
  std::size_t whole = 0;
  {
    const auto store = must_open(folder.state());
    ASSERT_TRUE(store->change({}, std::vector{make_sa(256)}));
    whole = std::filesystem::file_size(folder.file("sas"));
    ASSERT_TRUE(store->change(std::vector<std::uint32_t>{256}, std::vector{full_sa(300)}));
  }
  const std::string contents = read_file(folder.file("sas"));
  for (std::size_t size = whole; size < contents.size(); ++size) {
    for (const bool zeros : {false, true}) {
      std::string torn = contents.substr(0, size);
      if (zeros) torn.resize(contents.size());
      write_file(folder.file("sas"), torn);
      const auto store = must_open(folder.state());
      ASSERT_EQ(store->sas().size(), 1U) << size;
      ASSERT_TRUE(store->sas().contains(256)) << size;
      ASSERT_TRUE(store->change({}, std::vector{make_sa(400)})) << "and it can go on";
    }
  }
  write_file(folder.file("sas"), contents);
  EXPECT_TRUE(must_open(folder.state())->sas().contains(300));
}

TEST(SaStore, DamageInTheMiddleIsNotOverlooked) {
  const Folder folder;
  {
    const auto store = must_open(folder.state());
    ASSERT_TRUE(store->change({}, std::vector{make_sa(256)}));
    ASSERT_TRUE(store->change({}, std::vector{make_sa(300)}));
  }
  const std::string contents = read_file(folder.file("sas"));
  std::string damaged = contents;
  damaged[40] = static_cast<char>(damaged[40] ^ 1);
  write_file(folder.file("sas"), damaged);
  const auto store = SaStore::open(folder.state());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::parse_error);
  EXPECT_THAT(store.error().message, HasSubstr("sas: damaged at byte 14"));
  write_file(folder.file("sas"), "something else");
  EXPECT_THAT(SaStore::open(folder.state()).error().message, HasSubstr("not a file of SAs"));
}

TEST(SaStore, RandomBytesNeverCrashTheReader) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const SecretBuffer good = encode_change(std::vector<std::uint32_t>{1, 2}, std::vector{full_sa(300)});
  for (unsigned i = 0; i < 20000; ++i) {
    SecretBuffer bytes = good;
    for (unsigned change = 0; change < 1 + i % 4; ++change)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    if (i % 3 == 0) bytes.resize(random() % bytes.size());
    const auto decoded = decode_change(bytes);
    if (decoded.kind == DecodedChange::Kind::kChange) EXPECT_TRUE(std::ranges::equal(bytes, good));
  }
}

TEST(SaStore, MissingSequenceFileIsRefused) {
  const Folder folder;
  ASSERT_TRUE(must_open(folder.state())->change({}, std::vector{make_sa(256)}));
  std::filesystem::remove(folder.file("sequence"));
  EXPECT_THAT(SaStore::open(folder.state()).error().message, HasSubstr("could repeat"));
}

TEST(SaStore, FloorsSurvive) {
  const Folder folder;
  {
    const auto store = must_open(folder.state());
    ASSERT_TRUE(store->change({}, std::vector{full_sa(256), full_sa(300)}));
    ASSERT_TRUE(store->checkpoint({{256, 0x123456789abcdef0}, {300, 5}}));
    ASSERT_TRUE(store->checkpoint({{256, 0x123456789abcdef1}, {400, 6}}));
  }
  const auto store = must_open(folder.state());
  EXPECT_EQ(store->floor(256), 0x123456789abcdef1U);
  EXPECT_EQ(store->floor(300), 0U);
  EXPECT_EQ(store->floor(400), 0U) << "no such SA";
}

/// An SA that takes the place of another begins with an empty window, whatever a crash leaves on disk.
TEST(SaStore, FloorsAreNotInherited) {
  const Folder folder;
  {
    const auto store = must_open(folder.state());
    ASSERT_TRUE(store->change({}, std::vector{full_sa(256)}));
    ASSERT_TRUE(store->checkpoint({{256, 1000}}));
    SaParameters next = full_sa(256);
    next.token_nonce->front() ^= 1;
    ASSERT_TRUE(store->change({}, std::vector{next}));
    EXPECT_EQ(store->floor(256), 0U);
  }
  EXPECT_EQ(must_open(folder.state())->floor(256), 0U);
}

TEST(SaStore, AFullDiskChangesNothing) {
  class FullDisk : public FileCalls {
   public:
    ssize_t write(int file, std::span<const std::uint8_t> bytes) override {
      if (!full) return FileCalls::write(file, bytes);
      // Half of it still fits.
      if (bytes.size() > 20) return FileCalls::write(file, bytes.first(bytes.size() / 2));
      errno = ENOSPC;
      return -1;
    }
    bool full = false;
  };
  const Folder folder;
  FullDisk disk;
  {
    auto store = *SaStoreAccess::open(folder.state(), disk, SequenceSource::system_clocks());
    ASSERT_TRUE(store->change({}, std::vector{make_sa(256)}));
    disk.full = true;
    const auto refused = store->change({}, std::vector{make_sa(300)});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::io_error);
    EXPECT_THAT(refused.error().message, HasSubstr("No space left"));
    EXPECT_EQ(store->sas().size(), 1U);
    disk.full = false;
    ASSERT_TRUE(store->change({}, std::vector{make_sa(400)}));
  }
  const auto store = must_open(folder.state());
  EXPECT_TRUE(store->sas().contains(256) && store->sas().contains(400) && !store->sas().contains(300));
}

// ---- control sequence numbers

/// Clocks that the test turns, and a disk that remembers.
struct Turned {
  std::uint64_t unix_nanoseconds = 1'800'000'000'000'000'000;
  std::uint64_t uptime = 0;
  std::uint64_t reserved = 0;
  unsigned writes = 0;

  SequenceSource source() {
    return {{[this] { return unix_nanoseconds; }, [this] { return uptime; }},
            reserved,
            [this](std::uint64_t number) -> Result<void> {
              reserved = number;
              ++writes;
              return {};
            }};
  }
};

TEST(SequenceSource, BeginsWithTheUnixTime) {
  Turned turned;
  auto source = turned.source();
  EXPECT_EQ(*source.take(1), turned.unix_nanoseconds + 1);
}

TEST(SequenceSource, TwoLivesInOneSecondBeginApart) {
  Turned first;
  Turned second;
  second.unix_nanoseconds += 1000;
  auto earlier = first.source();
  const std::uint64_t used = *earlier.take(1) + 998;  // one a nanosecond
  EXPECT_GT(*second.source().take(1), used);
}

TEST(SequenceSource, AClockThatIsSetBackWhileItRunsChangesNothing) {
  Turned turned;
  auto source = turned.source();
  const std::uint64_t first = *source.take(1);
  turned.uptime += 1'000'000;
  turned.unix_nanoseconds -= 3'600'000'000'000;
  EXPECT_GT(*source.take(1), first + 1'000'000);
}

TEST(SequenceSource, RefusesAClockBefore2026UnlessItRemembers) {
  Turned turned;
  turned.unix_nanoseconds = 1'767'225'599'999'999'999;
  auto source = turned.source();
  const auto taken = source.take(1);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("before 2026"));
  EXPECT_FALSE(source.extend());
  EXPECT_EQ(turned.writes, 0U);
  turned.unix_nanoseconds += 1;
  EXPECT_TRUE(turned.source().take(1));
  turned.unix_nanoseconds = 0;
  ASSERT_NE(turned.reserved, 0U);
  const std::uint64_t reserved = turned.reserved;
  EXPECT_GT(*turned.source().take(1), reserved) << "what has been used is on disk";
}

/// The card counts one number per nanosecond from every start on; no later start may lie below.
TEST(SequenceSource, NeverBelowWhatMayHaveBeenUsed) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  Turned turned;
  std::uint64_t used = 0;  // highest number that may have been used
  for (unsigned life = 0; life < 200; ++life) {
    turned.uptime = random() % 1'000'000'000;
    turned.unix_nanoseconds = 1'800'000'000'000'000'000 + random() % 200'000'000'000'000'000;  // either way
    auto source = turned.source();
    for (unsigned i = 0; i < 20; ++i) {
      const auto start = source.take(1);
      ASSERT_TRUE(start);
      ASSERT_GT(*start, used);
      ASSERT_LE(*start, turned.reserved) << "reserved before it is used";
      const std::uint64_t step = random() % 4'000'000'000'000;  // up to about an hour
      turned.uptime += step;
      used = *start + step;
      ASSERT_TRUE(source.extend());
      ASSERT_LT(used, turned.reserved) << "also while it runs";
    }
  }
}

TEST(SequenceSource, WritesRarely) {
  Turned turned;
  auto source = turned.source();
  for (unsigned i = 0; i < 10000; ++i) {
    turned.uptime += 1'000'000;
    ASSERT_TRUE(source.take(1));
    ASSERT_TRUE(source.extend());
  }
  EXPECT_LE(turned.writes, 2U);
}

TEST(SequenceSource, KeepsALimitFromOutside) {
  Turned turned;
  auto source = turned.source();
  EXPECT_EQ(*source.take(0x7000000000000001), 0x7000000000000001U);
  EXPECT_GT(*source.take(1), 0x7000000000000001U);
  EXPECT_EQ(source.take(0xfffffffffffffff0).error().code, Errc::invalid_argument);
  EXPECT_TRUE(source.take(1)) << "and goes on";
}

// ---- the secret

TEST(SecretFile, IsMadeOnceAndPrivate) {
  const Folder folder;
  std::filesystem::create_directory(folder.state());
  const auto file = folder.file("secret");
  const auto made = load_or_create_secret(file);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->size(), 32U);
  EXPECT_EQ(to_hex(load_or_create_secret(file)->bytes()), to_hex(made->bytes()));
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  std::filesystem::remove(file);
  EXPECT_NE(to_hex(load_or_create_secret(file)->bytes()), to_hex(made->bytes()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.state()), {}), 1) << "nothing is left behind";
}

TEST(SecretFile, RefusesWhatOthersCanReadOrChange) {
  const Folder folder;
  std::filesystem::create_directory(folder.state());
  const auto file = folder.file("secret");
  ASSERT_TRUE(load_or_create_secret(file));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    EXPECT_EQ(load_or_create_secret(file).error().code, Errc::io_error) << mode;
  }
  const auto link = folder.file("link");
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  std::filesystem::create_symlink(file, link);
  EXPECT_EQ(load_or_create_secret(link).error().code, Errc::io_error) << "a link could lead anywhere";
  EXPECT_THAT(load_or_create_secret(folder.state()).error().message, HasSubstr("not a regular file"));
}

TEST(SecretFile, RefusesOtherContentsWithoutRepeatingThem) {
  const Folder folder;
  std::filesystem::create_directory(folder.state());
  const auto file = folder.file("secret");
  ASSERT_TRUE(load_or_create_secret(file));
  const std::string good = read_file(file);
  for (const std::string& bad : {std::string(), good.substr(0, 64), good + "\n", good.substr(0, 63) + "g\n"}) {
    write_file(file, bad);
    const auto refused = load_or_create_secret(file);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::parse_error);
    EXPECT_THAT(refused.error().message, testing::Not(HasSubstr(good.substr(0, 8))));
  }
}

// ---- crashes

/// Dies at the n-th step that changes something on disk or on the card; a write may die in its middle.
class DyingCalls : public FileCalls {
 public:
  void step() {
    if (steps_left_-- == 0) ::_exit(0);
  }
  int open(const char* path, int flags, mode_t mode) override {
    step();
    return FileCalls::open(path, flags, mode);
  }
  ssize_t write(int file, std::span<const std::uint8_t> bytes) override {
    if (steps_left_ == 0) (void)FileCalls::write(file, bytes.first(bytes.size() / 2));
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
  long steps_left_ = 0;
};

using Contents = std::map<std::uint32_t, std::string>;  ///< inbound SPI, control key of the inbound half

Contents contents(const SaStore& store) {
  Contents result;
  for (const auto& [spi, sa] : store.sas()) result[spi] = to_hex(control_keys(sa.in, sa.plain)->key.bytes());
  return result;
}

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
  calls.steps_left_ = at;
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

TEST(Restart, SequenceNumbersContinueAboveAllThatWereUsed) {
  const Folder folder;
  std::uint64_t last = 0;
  for (unsigned life = 0; life < 3; ++life) {
    const auto store = must_open(folder.state());
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto card = Card::open(device);
    SaManager sas(**card, {}, store.get());
    if (life == 0) {
      ASSERT_TRUE(sas.add(make_peer(256)));
    } else {
      ASSERT_TRUE(sas.restore());
    }
    const auto statistics = sas.statistics(256);
    ASSERT_TRUE(statistics);
    EXPECT_GT(statistics->next, last);
    last = statistics->next + 1'000'000;  // as if so many had been sent
  }
}

/// What was recorded before the restart must not be taken for news: the windows come back.
TEST(Restart, AttackByReplayAcrossARestartMeetsTheOldWindows) {
  const Folder folder;
  const auto window_top = [](FakeDevice& device, std::uint32_t spi) {
    const auto& half = device.in_half(*device.lookup(spi));
    return regs::ConstSaWriteIn{std::span<const std::byte, regs::kCommandBytes>(half.data(), regs::kCommandBytes)}
        .window_top();
  };
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  config.sas = {make_peer(256), make_peer(300)};
  {
    FakeDevice device(64, 0, FakeDevice::kAll);
    const auto endpoint = Endpoint::open(device, config, {.state = folder.state()});
    ASSERT_TRUE(endpoint) << endpoint.error().message;
    EXPECT_EQ(window_top(device, 256), 0U);
    device.requester.window_tops = {{(*endpoint)->sas().find(256)->number, 5000}};
    ASSERT_TRUE((*endpoint)->checkpoint());
    ASSERT_TRUE((*endpoint)->sas().replace(300, make_peer(300, 1)));
    // No clean end: what has been checkpointed is what there is.
  }
  FakeDevice device(64, 0, FakeDevice::kAll);
  const auto endpoint = Endpoint::open(device, config, {.state = folder.state()});
  ASSERT_TRUE(endpoint) << endpoint.error().message;
  EXPECT_EQ(window_top(device, 256), 5000U);
  EXPECT_EQ(window_top(device, 300), 0U) << "another SA, with keys of its own";
}

/// After a restart the peer still knows the token: it is made from what is on disk.
TEST(Restart, TokenNoncesSurvive) {
  const Folder folder;
  const auto nonce = [](FakeDevice& device) {
    const auto& half = device.in_half(*device.lookup(256));
    return to_hex(
        regs::ConstSaWriteIn{std::span<const std::byte, regs::kCommandBytes>(half.data(), regs::kCommandBytes)}
            .token_nonce());
  };
  std::string first;
  for (unsigned life = 0; life < 2; ++life) {
    const auto store = must_open(folder.state());
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto card = Card::open(device);
    SaManager sas(**card, *store->secret(), store.get());
    ASSERT_TRUE(life == 0 ? sas.add(std::vector{make_peer(256)}) : sas.restore());
    if (life == 0) first = nonce(device);
    EXPECT_NE(nonce(device), std::string(16, '0'));
    EXPECT_EQ(nonce(device), first);
  }
}

TEST(Restart, ARemovedSaThatComesBackDoesNotRepeatNumbers) {
  const Folder folder;
  const auto store = must_open(folder.state());
  FakeDevice device(64, 0, FakeDevice::kAll);
  auto card = Card::open(device);
  SaManager sas(**card, {}, store.get());
  ASSERT_TRUE(sas.add(make_peer(256)));
  const std::uint64_t first = sas.statistics(256)->next;
  ASSERT_TRUE(sas.remove(256));
  ASSERT_TRUE(sas.add(make_peer(256)));
  EXPECT_GT(sas.statistics(256)->next, first);
}

TEST(Restart, ARefusedChangeIsUndoneOnDisk) {
  const Folder folder;
  const auto store = must_open(folder.state());
  FakeDevice device;
  auto card = Card::open(device);
  SaManager sas(**card, {}, store.get());
  ASSERT_TRUE(sas.add(make_sa(256)));
  const Contents before = contents(*store);
  device.refuse = [](const regs::ConstCommand& command) -> std::optional<Status> {
    return command.opcode() == Opcode::kIndexWrite ? std::optional(Status::kBadArgument) : std::nullopt;
  };
  EXPECT_FALSE(sas.add(make_sa(300)));
  EXPECT_EQ(contents(*store), before);
  EXPECT_FALSE(sas.replace(256, make_sa(256, 1)));
  EXPECT_EQ(contents(*store), before);
  EXPECT_FALSE(sas.replace(256, make_sa(301, 1)));
  EXPECT_EQ(contents(*store), before);
  EXPECT_FALSE(sas.remove(256));
  EXPECT_EQ(contents(*store), before);
}

TEST(Restart, SettingsStayWithTheSa) {
  const Folder folder;
  const LivenessSettings settings{.interval = std::chrono::milliseconds(10), .multiplier = 5};
  {
    const auto store = must_open(folder.state());
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto card = Card::open(device);
    SaManager sas(**card, {}, store.get());
    SaParameters sa = make_peer(256);
    sa.liveness = settings;
    ASSERT_TRUE(sas.add(sa));
    ASSERT_TRUE(sas.set_admin_down(256, true));
    ASSERT_TRUE(sas.replace(256, make_sa(300, 1))) << "that says nothing of path and liveness";
    EXPECT_EQ(sas.find(300)->path, make_path());
    EXPECT_EQ(sas.find(300)->liveness, settings);
    EXPECT_TRUE(device.requester.down.contains(sas.find(300)->number));
  }
  const auto store = must_open(folder.state());
  FakeDevice device(64, 0, FakeDevice::kAll);
  auto card = Card::open(device);
  SaManager sas(**card, {}, store.get());
  ASSERT_TRUE(sas.restore());
  EXPECT_EQ(sas.find(300)->path, make_path());
  EXPECT_EQ(sas.find(300)->liveness, settings);
  EXPECT_TRUE(sas.find(300)->admin_down);
  EXPECT_TRUE(device.requester.paths.contains(sas.find(300)->number));
}

TEST(Restart, EndpointTakesTheDirectoryForTheTruth) {
  const Folder folder;
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  config.sas = {make_peer(256), make_peer(257)};
  const EndpointOptions options{.state = folder.state()};
  std::string token;
  {
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto endpoint = Endpoint::open(device, config, options);
    ASSERT_TRUE(endpoint) << endpoint.error().message;
    EXPECT_EQ((*endpoint)->sas().size(), 2U);
    const auto number = (*endpoint)->sas().find(256)->number;
    token = to_hex(std::span(device.in_half(number)).subspan(128, 16));
    EXPECT_NE(token, std::string(32, '0')) << "the directory has brought a secret";
    device.requester.window_tops[number] = 0x900000001;
    ASSERT_TRUE((*endpoint)->sas().remove(257));
    ASSERT_TRUE((*endpoint)->close());
  }
  FakeDevice device(64, 0, FakeDevice::kAll);
  auto endpoint = Endpoint::open(device, config, options);
  ASSERT_TRUE(endpoint) << endpoint.error().message;
  EXPECT_EQ((*endpoint)->sas().size(), 1U) << "what has been removed stays away";
  EXPECT_EQ((*endpoint)->store()->floor(256), 0x900000001U);
  EXPECT_EQ(to_hex(std::span(device.in_half((*endpoint)->sas().find(256)->number)).subspan(128, 16)), token);
}

}  // namespace
}  // namespace sapulse::test
