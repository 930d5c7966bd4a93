// SPDX-License-Identifier: Apache-2.0
// Security associations: their parameters, and adding, deleting and replacing them on a card while traffic runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/error.h"
#include "sapulse/event.h"
#include "sapulse/liveness.h"
#include "sapulse/path.h"
#include "sapulse/secret.h"
#include "sapulse_wire.h"

#pragma GCC visibility push(default)
namespace sapulse {

class Card;
class SaStore;

/// Smallest SPI that may be negotiated; those below are reserved (RFC 4303 section 2.1).
inline constexpr std::uint32_t kFirstSpi = wire::spi_reserved_max + 1;

/// One direction of an SA.
struct SaDirection {
  std::uint32_t spi = 0;  ///< at least 256
  Key key;                ///< of the cipher, 16..64 bytes; empty only for ESP without encryption (RFC 2410)
  Salt salt;              ///< of an AEAD cipher, 3 or 4 bytes; also the nonce of AES-CTR (RFC 3686); else empty
  Key integrity;          ///< of the MAC, 16..64 bytes, for ciphers that have one beside them; else empty
};

/// An SA pair as the gateway on the core side of the card has it.
struct SaParameters {
  std::string name;  ///< for messages; need not be unique
  IpAddress local;   ///< address of the gateway, destination of inbound packets
  IpAddress peer;    ///< same address family
  SaDirection in;    ///< packets from the peer
  SaDirection out;   ///< packets to the peer
  /// First control sequence number to send, at least 1, and never to be repeated under a key (protocol, section 4).
  /// Absent: the library chooses one.
  std::optional<std::uint64_t> next{};
  /// The control channel uses key and salt as they are, which have to be those of AES-GCM: for SAs that carry nothing
  /// else, and for tests against ordinary ESP stacks.
  bool plain = false;
  /// What the crash token of `in` is made from, not zero; absent: random. To be given only where runs have to be
  /// repeatable.
  std::optional<TokenNonce> token_nonce{};
  /// How to reach the peer. Needed to ask (pings, probes) and for errors about authenticated packets. Absent when an SA
  /// is replaced: that of the old one.
  std::optional<Path> path{};
  /// How to watch it (Monitor). Absent when an SA is replaced: as the old one, unless `unwatched` says otherwise.
  std::optional<LivenessSettings> liveness{};
  /// Not to be watched any more when it replaces an SA that is.
  bool unwatched = false;
  /// Administratively down: echo requests are not answered. Kept when an SA is replaced.
  bool admin_down = false;
};

/// Checks everything that can be checked without a card. Errors: invalid_argument; the message names the SA and the
/// field, never key material. Thread-safe.
Result<void> validate(const SaParameters& sa);

/// An installed SA, without its keys.
struct SaInfo {
  std::uint32_t number = 0;  ///< SA number on the card
  std::string name;
  IpAddress local;
  IpAddress peer;
  std::uint32_t spi_in = 0;
  std::uint32_t spi_out = 0;
  std::optional<Path> path{};
  std::optional<LivenessSettings> liveness{};
  bool admin_down = false;
  TokenNonce peer_token_nonce{};  ///< told by the peer; zero: not known
};

/// An SA of the store that could not be installed.
struct RefusedSa {
  SaInfo sa;  ///< its number says nothing
  std::string reason;
};

/// Counters and sequence numbers of one SA, read from the card at one moment.
struct SaStatistics {
  std::uint64_t window_top = 0;                ///< highest control sequence number accepted
  std::uint64_t next = 0;                      ///< next control sequence number to send
  std::uint32_t accepted = 0;                  ///< nested packets accepted
  std::uint32_t replayed = 0;                  ///< refused as replayed or too old
  std::uint32_t rejected = 0;                  ///< refused for ICV, padding or body
  std::optional<std::uint32_t> data_sequence;  ///< highest customer sequence number seen, low 32 bits
  std::uint64_t time = 0;                      ///< clock of the card, ns
};

/// The SAs of a card. Every change takes effect atomically as seen by packets: an SA that stays installed is found at
/// every moment, and once remove() has returned, no answer under the removed SA can leave the card.
///
/// Errors of all changing functions, besides those named: dma_fault, timeout, device_error from the card. When a change
/// fails, what it had done is undone; should that fail as well, or should the card refuse to overwrite the keys of a
/// removed SA, the state of the card is unknown, and every later change is refused with device_error until the card has
/// been opened anew.
///
/// With a store, every change is on disk before the card sees it, and undone there if the card refuses it: what has
/// been acknowledged survives a crash, and what has not is there entirely or not at all. `next` of SAs is then raised
/// above everything that may have been used (SaStore::take_sequence()). Errors of changes then include those of
/// SaStore.
///
/// Without a store, numbers begin with the Unix time in nanoseconds, and within the life of a manager never below what
/// may have been used, even if the clock of the computer is set back. Errors of changes then include invalid_argument:
/// the clock is before 2026.
///
/// Not thread-safe: no function may be called while another thread uses the same card. The card and the store must
/// outlive the manager. A change that is called while another is under way (from Meanwhile) is refused with
/// invalid_argument.
class SaManager {
 public:
  /// `secret`: 32 bytes to make crash tokens with (protocol, section 7), or empty: replies carry none.
  /// `store`: keeps the SAs; nullptr: none does.
  explicit SaManager(Card& card, DeviceSecret secret = {}, SaStore* store = nullptr);
  ~SaManager();
  SaManager(SaManager&&) noexcept;
  SaManager& operator=(SaManager&&) noexcept;

  /// Installs an SA and returns its number. Errors: invalid_argument (validate()), exists (inbound SPI), no_space,
  /// unsupported (watched by a prober that the card does not have).
  Result<std::uint32_t> add(const SaParameters& sa);

  /// Installs all of them or none; much faster than one by one.
  Result<void> add(std::span<const SaParameters> sas);

  /// Installs all of them or none, those in place of SAs with the same inbound SPI, as replace() does. Needs a free SA
  /// number for each. Errors: invalid_argument, no_space; the message says which of them failed first.
  Result<void> put(std::span<const SaParameters> sas);

  /// Removes an SA; its key material has been overwritten when this returns. One that is refused() goes from the store.
  /// Errors: not_found.
  Result<void> remove(std::uint32_t spi_in);

  /// Removes all of these with one fence. Errors: not_found (then nothing has been removed).
  Result<void> remove(std::span<const std::uint32_t> spis_in);

  /// Replaces the SA with inbound SPI `spi_in`. With the same inbound SPI the switch is one write, so each packet sees
  /// the old or the new SA; with another SPI the new one is installed before the old one goes. Needs one free SA
  /// number. The replay window starts afresh, so the new SA must have a new key. Errors: not_found, invalid_argument,
  /// exists, no_space.
  Result<std::uint32_t> replace(std::uint32_t spi_in, const SaParameters& sa);

  /// Removes every SA.
  Result<void> clear();

  /// Installs what the store holds, with replay windows no lower than the last checkpoint's, to be called once, on a
  /// fresh manager. What the card refuses, or has no room for, stays in the store and is refused() from then on, until
  /// it is removed or another SA takes its place. Errors: those of the card and of SaStore; invalid_argument (no store,
  /// or SAs installed already).
  Result<void> restore();
  [[nodiscard]] const std::vector<RefusedSa>& refused() const;

  /// Writes the replay floors of all SAs to the store (SaStore::checkpoint()), and reserves control sequence numbers
  /// (SaStore::extend_sequence()). Errors: those of Card and SaStore; invalid_argument (no store).
  Result<void> checkpoint();

  /// Nothing but what keeps SAs from being changed: device_error (the state of the card is unknown), invalid_argument
  /// (a change is under way).
  [[nodiscard]] Result<void> changeable() const;

  /// What goes on while a change takes long. Both may use the card, and call all that changes no SA.
  struct Meanwhile {
    /// Has to run `work`, which waits for a disk and does not touch the card, and to return once that has ended.
    std::function<void(const std::function<void()>& work)> run_beside;
    /// Called again and again while many SAs are changed.
    std::function<void()> take_turn;
  };
  /// Without: nothing goes on.
  void set_meanwhile(Meanwhile meanwhile);

  /// Changes how the peer is reached. Errors: not_found, invalid_argument, unsupported (the card cannot ask).
  Result<void> set_path(std::uint32_t spi_in, const Path& path);
  /// Changes where the peer is. Errors: as set_path(); the address must be of the IP version of the SA's.
  Result<void> set_place(std::uint32_t spi_in, const Place& place);
  /// Errors: not_found.
  Result<void> rename(std::uint32_t spi_in, const std::string& name);
  /// Remembers the token nonce that the peer has told, and queues a command that lets the card put it into its
  /// requests; nothing if it is known already. Callable from where commands may be submitted. Errors: not_found,
  /// no_space (command ring full: then it is not remembered either).
  Result<void> learn_token_nonce(std::uint32_t spi_in, const TokenNonce& nonce);
  /// Remembers how an SA is watched; Monitor::watch() is what users call. Errors: not_found, invalid_argument.
  Result<void> set_liveness(std::uint32_t spi_in, const std::optional<LivenessSettings>& settings);
  /// Monitor::set_admin_down() is what users call. Errors: not_found, unsupported (the card cannot ask).
  Result<void> set_admin_down(std::uint32_t spi_in, bool down);

  /// Told after an SA has been installed (also in place of another: the new one), has got another place, or has been
  /// removed (from under this number).
  enum class Change : std::uint8_t { installed, moved, removed };
  using Observer = std::function<void(Change, const SaInfo&)>;
  void set_observer(Observer observer);

  /// Errors: not_found.
  Result<SaStatistics> statistics(std::uint32_t spi_in);
  /// Same without waiting: `done` is called from Card::poll() or its like. Errors: not_found, no_space (command ring
  /// full: poll first); `done` is not called then.
  using StatisticsHandler = std::function<void(const Result<SaStatistics>&)>;
  Result<void> start_statistics(std::uint32_t spi_in, StatisticsHandler done);

  /// Installed SA, or nullptr; valid until the next change.
  [[nodiscard]] const SaInfo* find(std::uint32_t spi_in) const;
  /// Installed SA under this number, or nullptr; valid until the next change.
  [[nodiscard]] const SaInfo* find_number(std::uint32_t number) const;
  [[nodiscard]] std::vector<SaInfo> list() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t capacity() const;
  /// Secret for crash tokens; empty: none.
  [[nodiscard]] const DeviceSecret& secret() const;

 private:
  class [[gnu::visibility("hidden")]] Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sapulse
#pragma GCC visibility pop
