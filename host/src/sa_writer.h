// SPDX-License-Identifier: Apache-2.0
// Keys, paths and administrative states of SAs on a card, whose numbers nobody finds yet or any more.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "command_batches.h"
#include "sapulse/command.h"
#include "sapulse/error.h"
#include "sapulse/sa.h"
#include "sapulse/secret.h"
#include "sapulse/store.h"

namespace sapulse {

class CryptoContexts;

/// Control sequence numbers that SAs begin with.
struct SaStarts {
  std::uint64_t next = 1;      ///< to send, of SAs that name none
  std::uint64_t least = 1;     ///< to send, of all
  bool keeps_windows = false;  ///< replay windows are those of the store, not empty
};

/// The error of a change of several SAs, at the one that failed first.
Error none_of(std::span<const SaParameters> sas, std::size_t at, const Error& error);

/// Writes to the tables of a card, and remembers when their state is not known any more.
class SaWriter {
 public:
  /// SAs that are written at a time: their keys are in memory twice meanwhile.
  static constexpr std::size_t kSasPerBatch = 32;

  /// `secret`: for crash tokens; empty: none. `store`: of replay windows that are kept; may be nullptr.
  SaWriter(CommandBatches& commands, DeviceSecret secret, const SaStore* store)
      : commands_(commands), secret_(std::move(secret)), store_(store) {}

  /// Writes all that the card needs of SAs, under these numbers. Errors: device_error (one was refused: those before it
  /// are written), unsupported, those of the card.
  Result<void> write(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers, const SaStarts& starts);
  /// Overwrites them. Errors: device_error; then the card's tables are lost().
  Result<void> erase(std::span<const std::uint32_t> numbers);
  /// Waits until the card has done with SAs that have been hidden.
  Result<void> fence() { return run(std::array{Command::fence()}); }
  /// `refused`: gets the position of the command that was refused; 0 if the card has failed altogether.
  Result<void> run(std::span<const Command> commands, std::size_t* refused = nullptr);

  /// Errors: unsupported (the card does not ask).
  [[nodiscard]] Result<void> check_requester(const char* what) const;

  /// The state of the tables is not known from now on.
  void lose(const Error& error) {
    if (!lost_) lost_ = error;
  }
  [[nodiscard]] bool is_lost() const { return lost_.has_value(); }
  /// Errors: device_error (it is lost).
  [[nodiscard]] Result<void> usable() const;

  [[nodiscard]] const DeviceSecret& secret() const { return secret_; }

 private:
  Result<void> append_commands(CryptoContexts& contexts, const SaParameters& sa, std::uint32_t number,
                               const SaStarts& starts, std::vector<Command>& commands) const;
  [[nodiscard]] Result<std::optional<CrashToken>> make_token(CryptoContexts& contexts, const SaParameters& sa) const;
  [[nodiscard]] Card& card() const { return commands_.card(); }

  CommandBatches& commands_;
  DeviceSecret secret_;
  const SaStore* store_;
  std::optional<Error> lost_;  ///< why
};

}  // namespace sapulse
