// SPDX-License-Identifier: Apache-2.0
// What survives the program and the card: SAs, control sequence numbers, replay floors, the device's secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/sa.h"
#include "sapulse/secret.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// A directory of state (mode 0700, files 0600):
///
/// | file | what | written |
/// |---|---|---|
/// | `sas` | SAs with their keys, a journal of changes with checksums | before the card is changed |
/// | `sequence` | control sequence numbers below which all may have been used | before any is used |
/// | `floors` | highest control sequence number accepted of each SA | checkpoint() |
/// | `secret` | for crash tokens | once |
/// | `lock` | held while the directory is in use | |
///
/// A change of SAs is one journal record: after a crash at any moment it has happened entirely or not at all, and
/// once change() has returned, it is on disk. Each file has a checksum of its own, the journal one for each record and
/// for each length. A last record that was cut short by a crash is cut off when the journal is read (repaired()); all
/// other damage is an error that names the place, and the file stays as it is.
///
/// Not thread-safe. One process at a time has a directory open.
class SaStore {
 public:
  /// Opens a directory and makes it if there is none. Errors: io_error (system; in use by another process),
  /// invalid_argument (permissions that let others in), parse_error (damaged in another way than by a crash).
  static Result<std::unique_ptr<SaStore>> open(const std::filesystem::path& directory);

  ~SaStore();
  SaStore(const SaStore&) = delete;
  SaStore& operator=(const SaStore&) = delete;

  /// True until the first change() of a new directory.
  [[nodiscard]] bool is_new() const;
  /// What open() has had to cut off, for a log; empty: nothing.
  [[nodiscard]] const std::string& repaired() const;
  /// All SAs, by inbound SPI. The keys are in memory as long as the store is open.
  [[nodiscard]] const std::map<std::uint32_t, SaParameters>& sas() const;

  /// Removes SAs and puts others (replacing those with the same inbound SPI), all or nothing. Returns when it is on
  /// disk. Errors: io_error; then nothing has changed.
  Result<void> change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put);

  /// First control sequence number for SAs that are installed now, at least `least`: above every number that any SA
  /// installed from this directory may have used, whatever became of the clock of the computer. Errors: io_error,
  /// invalid_argument (a new directory, and the clock is before 2026).
  Result<std::uint64_t> take_sequence(std::uint64_t least = 1);
  /// Keeps take_sequence() true for long uptimes: call it at least once an hour. Errors: io_error.
  Result<void> extend_sequence();

  /// Highest control sequence number accepted of an inbound SA, by the last checkpoint(); 0: unknown, also for an SA
  /// that has taken the place of the one that was checkpointed. Where replay windows begin again after a card's has
  /// been lost.
  [[nodiscard]] std::uint64_t floor(std::uint32_t spi_in) const;
  /// Replaces all floors; those of SAs that the store does not hold are left out. Errors: io_error.
  Result<void> checkpoint(const std::unordered_map<std::uint32_t, std::uint64_t>& floors);

  /// The device's secret; made when it was asked for first. Errors: those of load_or_create_secret().
  Result<DeviceSecret> secret();

 private:
  friend class SaStoreAccess;
  class [[gnu::visibility("hidden")]] Impl;
  explicit SaStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sapulse
#pragma GCC visibility pop
