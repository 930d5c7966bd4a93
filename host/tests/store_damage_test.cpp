// SPDX-License-Identifier: Apache-2.0
// Directories of state that bits, disks and system calls have failed.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "sa_store.h"
#include "sapulse/secret_file.h"
#include "store_fixture.h"

namespace sapulse::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

/// A disk whose calls fail when the test says so.
class FailingDisk : public FileCalls {
 public:
  ssize_t write(int file, std::span<const std::uint8_t> bytes) override {
    if (!full) return FileCalls::write(file, bytes);
    if (bytes.size() > 20) return FileCalls::write(file, bytes.first(bytes.size() / 2));  // half of it still fits
    errno = ENOSPC;
    return -1;
  }
  int sync(int file) override {
    struct stat status{};
    (void)::fstat(file, &status);
    if (S_ISDIR(status.st_mode))
      synced_folders.push_back(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file)));
    if (!(S_ISDIR(status.st_mode) ? no_folder_sync : no_sync)) return FileCalls::sync(file);
    errno = EIO;
    return -1;
  }
  int truncate(int file, off_t size) override {
    if (!no_truncate) return FileCalls::truncate(file, size);
    errno = EIO;
    return -1;
  }

  bool full = false;
  bool no_sync = false;
  bool no_folder_sync = false;
  bool no_truncate = false;
  std::vector<std::filesystem::path> synced_folders;
};

std::unique_ptr<SaStore> open_on(FailingDisk& disk, const Folder& folder) {
  auto store = SaStoreAccess::open(folder.state(), disk, SequenceSource::system_clocks());
  EXPECT_TRUE(store) << store.error().message;
  return std::move(*store);
}

std::set<std::uint32_t> spis(const SaStore& store) {
  std::set<std::uint32_t> result;
  for (const auto& [spi, sa] : store.sas()) result.insert(spi);
  return result;
}

class Damage : public testing::Test {
 protected:
  Damage() {
    const auto store = must_open(folder_.state());
    EXPECT_TRUE(store->change({}, std::vector{make_sa(256)}));
    second_ = std::filesystem::file_size(folder_.file("sas"));
    EXPECT_TRUE(store->change({}, std::vector{make_sa(300)}));
    third_ = std::filesystem::file_size(folder_.file("sas"));
    EXPECT_TRUE(store->change({}, std::vector{make_sa(400)}));
    whole_ = read_file(folder_.file("sas"));
  }

  const Folder folder_;
  std::size_t second_ = 0;  ///< where the records begin
  std::size_t third_ = 0;
  std::string whole_;
};

/// Also in the last record, and in lengths: nothing that was acknowledged vanishes without a word.
TEST_F(Damage, EachFlippedBitIsNamedAndTheFileKept) {
  for (std::size_t at = second_; at < whole_.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = whole_;
      flipped[at] = static_cast<char>(flipped[at] ^ 1 << bit);
      write_file(folder_.file("sas"), flipped);
      const auto store = SaStore::open(folder_.state());
      ASSERT_FALSE(store) << "byte " << at << " bit " << bit;
      ASSERT_EQ(store.error().code, Errc::parse_error);
      const std::size_t record = at < third_ ? second_ : third_;
      ASSERT_THAT(store.error().message, HasSubstr("sas: damaged at byte " + std::to_string(record) + ";"))
          << "byte " << at << " bit " << bit;
      ASSERT_EQ(read_file(folder_.file("sas")), flipped);
    }
  }
}

TEST_F(Damage, ATornEndIsCutOffAndTold) {
  EXPECT_EQ(must_open(folder_.state())->repaired(), "");
  write_file(folder_.file("sas"), whole_.substr(0, whole_.size() - 3));
  const auto store = must_open(folder_.state());
  EXPECT_EQ(spis(*store), (std::set<std::uint32_t>{256, 300}));
  EXPECT_THAT(store->repaired(), AllOf(HasSubstr(folder_.file("sas").string()),
                                       HasSubstr("byte " + std::to_string(third_)), HasSubstr("cut short")));
  EXPECT_EQ(std::filesystem::file_size(folder_.file("sas")), third_);
}

TEST_F(Damage, AChangedSequenceIsRefused) {
  const std::string good = read_file(folder_.file("sequence"));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = changed[at] == '7' ? '8' : '7';
    write_file(folder_.file("sequence"), changed);
    const auto store = SaStore::open(folder_.state());
    ASSERT_FALSE(store) << at;
    EXPECT_THAT(store.error().message, HasSubstr("sequence: "));
  }
  write_file(folder_.file("sequence"), good);
  EXPECT_TRUE(SaStore::open(folder_.state()));
}

TEST_F(Damage, AChangedSecretIsRefused) {
  ASSERT_TRUE(must_open(folder_.state())->secret());
  const std::string good = read_file(folder_.file("secret"));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = changed[at] == '7' ? '8' : '7';
    write_file(folder_.file("secret"), changed);
    const auto secret = load_or_create_secret(folder_.file("secret"));
    ASSERT_FALSE(secret) << at;
    EXPECT_EQ(secret.error().code, Errc::parse_error);
  }
}

TEST_F(Damage, ChangedFloorsAreRefused) {
  ASSERT_TRUE(must_open(folder_.state())->checkpoint({{256, 1000}}));
  const std::string good = read_file(folder_.file("floors"));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write_file(folder_.file("floors"), changed);
    const auto store = SaStore::open(folder_.state());
    ASSERT_FALSE(store) << at;
    EXPECT_THAT(store.error().message, HasSubstr("floors: "));
  }
}

TEST(FailingDisk, AFailedSyncOfTheFolderLeavesTheJournalReadable) {
  const Folder folder;
  FailingDisk disk;
  {
    const auto store = open_on(disk, folder);
    ASSERT_TRUE(store->change({}, std::vector{make_sa(256)}));
    // The journal is written afresh when most of it is history; its folder cannot be synced then.
    for (unsigned i = 0; i < 2000; ++i) {
      disk.no_folder_sync = true;
      (void)store->change({}, std::vector{make_sa(300, i)});
    }
    disk.full = true;
    EXPECT_FALSE(store->change({}, std::vector{make_sa(400)}));
    disk.full = disk.no_folder_sync = false;
    ASSERT_TRUE(store->change({}, std::vector{make_sa(500)}));
  }
  EXPECT_EQ(spis(*must_open(folder.state())), (std::set<std::uint32_t>{256, 300, 500}));
}

/// Renamed but not synced: after a crash the old file could be there, without what comes now.
TEST(FailingDisk, NothingIsAcknowledgedInAFileWhoseNameIsNotOnDisk) {
  const Folder folder;
  FailingDisk disk;
  const auto store = open_on(disk, folder);
  ASSERT_TRUE(store->change({}, std::vector{make_sa(256)}));
  disk.no_folder_sync = true;
  unsigned acknowledged = 0;
  while (store->change({}, std::vector{make_sa(300, acknowledged)})) ASSERT_LT(++acknowledged, 2000U);
  disk.no_folder_sync = false;
  EXPECT_TRUE(store->change({}, std::vector{make_sa(400)}));
}

TEST(FailingDisk, AFirstChangeThatFailsLeavesNothing) {
  const Folder folder;
  FailingDisk disk;
  {
    const auto store = open_on(disk, folder);
    disk.no_folder_sync = true;
    EXPECT_FALSE(store->change({}, std::vector{make_sa(256)}));
    EXPECT_TRUE(store->is_new());
  }
  EXPECT_TRUE(must_open(folder.state())->is_new());
}

TEST(FailingDisk, WhatCouldNotBeCutOffIsCutOffLater) {
  const Folder folder;
  FailingDisk disk;
  {
    const auto store = open_on(disk, folder);
    ASSERT_TRUE(store->change({}, std::vector{make_sa(256)}));
    disk.full = disk.no_truncate = true;
    EXPECT_FALSE(store->change({}, std::vector{make_sa(300)}));
    disk.full = false;
    EXPECT_THAT(store->change({}, std::vector{make_sa(400)}).error().message, HasSubstr("sas: "));
    disk.no_truncate = false;
    EXPECT_TRUE(store->change({}, std::vector{make_sa(500)}));
  }
  EXPECT_EQ(spis(*must_open(folder.state())), (std::set<std::uint32_t>{256, 500}));
}

TEST(FailingDisk, ASyncThatFailsUndoesTheChange) {
  const Folder folder;
  FailingDisk disk;
  {
    const auto store = open_on(disk, folder);
    ASSERT_TRUE(store->change({}, std::vector{make_sa(256)}));
    disk.no_sync = true;
    const auto refused = store->change({}, std::vector{make_sa(300)});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("Input/output error"));
    disk.no_sync = false;
    ASSERT_TRUE(store->change({}, std::vector{make_sa(400)}));
  }
  EXPECT_EQ(spis(*must_open(folder.state())), (std::set<std::uint32_t>{256, 400}));
}

TEST(FailingDisk, TheParentOfANewFolderIsSynced) {
  const Folder folder;
  FailingDisk disk;
  (void)open_on(disk, folder);
  EXPECT_THAT(disk.synced_folders, Contains(std::filesystem::canonical(folder.state().parent_path())));
}

}  // namespace
}  // namespace sapulse::test
