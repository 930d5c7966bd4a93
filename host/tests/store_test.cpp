// SPDX-License-Identifier: Apache-2.0
// The journal of SAs and floors; damage and torn writes.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <random>

#include "crypto.h"
#include "journal_record.h"
#include "sa_store.h"
#include "store_fixture.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

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
  const auto refusal = [&folder] {
    const auto opened = SaStore::open(folder.state());
    EXPECT_EQ(opened.error().code, Errc::invalid_argument);
    return opened.error().message;
  };
  EXPECT_THAT(refusal(), HasSubstr("sas: mode 0640 lets others"));
  ASSERT_EQ(::chmod(folder.file("sas").c_str(), 0600), 0);
  ASSERT_EQ(::chmod(folder.state().c_str(), 0755), 0);
  EXPECT_THAT(refusal(), HasSubstr("mode 0755 lets others in"));
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
    if (decoded.kind == DecodedChange::Kind::change) EXPECT_TRUE(std::ranges::equal(bytes, good));
  }
}

TEST(SaStore, WhatIsNeverWrittenIsDamage) {
  const auto content = content_of(encode_change({}, std::vector{full_sa(300)}));
  ASSERT_EQ(decode_change(record_of(content)).kind, DecodedChange::Kind::change);
  auto longer = content;
  longer.push_back(0);
  EXPECT_EQ(decode_change(record_of(longer)).kind, DecodedChange::Kind::damaged) << "a byte too many";
  auto other_flag = content;
  other_flag.back() = 2;  // data_alive
  EXPECT_EQ(decode_change(record_of(other_flag)).kind, DecodedChange::Kind::damaged) << "neither yes nor no";
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

}  // namespace
}  // namespace sapulse::test
