// SPDX-License-Identifier: Apache-2.0
// The inside of SaStore.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "file_storage.h"
#include "sa_record.h"
#include "sapulse/store.h"
#include "sequence_source.h"

namespace sapulse {

class SaStore::Impl {
 public:
  static Result<std::unique_ptr<Impl>> open(const std::filesystem::path& directory, FileCalls& calls,
                                            SequenceSource::Clocks clocks);

  [[nodiscard]] bool is_new() const { return is_new_; }
  [[nodiscard]] const std::string& repaired() const { return repaired_; }
  [[nodiscard]] const std::map<std::uint32_t, SaParameters>& sas() const { return sas_; }
  Result<void> change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put);
  [[nodiscard]] SequenceSource& sequence() { return *sequence_; }  // NOLINT(bugprone-unchecked-optional-access)
  [[nodiscard]] std::uint64_t floor(std::uint32_t spi) const;
  Result<void> checkpoint(const std::unordered_map<std::uint32_t, std::uint64_t>& floors);
  [[nodiscard]] Result<DeviceSecret> secret() const;

 private:
  /// Of the SA that had this token nonce; another one under its SPI has a window of its own.
  struct Floor {
    TokenNonce sa{};
    std::uint64_t n = 0;
  };

  explicit Impl(FileStorage storage) : storage_(std::move(storage)) {}
  Result<void> load_sas();
  Result<void> load_sequence(SequenceSource::Clocks clocks);
  Result<void> load_floors();
  void apply(std::span<const std::uint32_t> removed, std::span<const SaParameters> put);
  /// Makes the journal with its first SAs at once.
  Result<void> create(std::span<const SaParameters> put);
  /// More than half of the journal is history.
  [[nodiscard]] bool needs_rewrite() const;
  Result<void> rewrite();
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string& name, std::string_view what) const;

  FileStorage storage_;
  bool is_new_ = true;
  std::string repaired_;
  std::size_t journal_bytes_ = 0;
  std::size_t rewrite_above_ = 0;  ///< length of the journal at which rewriting is thought about again
  std::map<std::uint32_t, SaParameters> sas_;
  std::unordered_map<std::uint32_t, Floor> floors_;
  std::optional<SequenceSource> sequence_;  ///< open() makes it
};

/// Opens a store with other system calls and clocks: for tests.
class SaStoreAccess {
 public:
  static Result<std::unique_ptr<SaStore>> open(const std::filesystem::path& directory, FileCalls& calls,
                                               SequenceSource::Clocks clocks);
};

}  // namespace sapulse
