// SPDX-License-Identifier: Apache-2.0
// Hours of a gateway's life in the card's time: its SAs are rekeyed, its peers fall silent and reboot, strangers flood
// it, its service and its card start anew. Whatever happens there must have a reason in the script.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "device/peer.h"
#include "flood.h"
#include "sapulse/endpoint.h"
#include "sapulse/sim_device.h"
#include "script.h"
#include "traffic/config.h"
#include "traffic/random.h"

namespace sapulse::test {

struct DayOptions {
  unsigned capacity = 65'536;  ///< of the card, SAs
  /// Installed ones. Some have to stay free, since new SAs are there before old ones go.
  unsigned sas = 65'000;
  std::chrono::hours length{24};
  std::chrono::nanoseconds tick = std::chrono::microseconds(20);  ///< how far the card's clock moves in a cycle
  LivenessSettings liveness{.interval = std::chrono::minutes(4), .multiplier = 4, .suspect = 0};
  std::chrono::nanoseconds rekey_every = std::chrono::hours(1);  ///< of each SA
  std::size_t rekey_at_once = 64;                                ///< SAs
  std::size_t flood = 20'000;                                    ///< frames of each
  unsigned loss_permyriad = 10;                                  ///< of frames to and from the peers
  std::uint64_t seed = 1;
  std::filesystem::path state{};  ///< directory of the service's state, new
  /// Told at the end of each hour.
  std::function<void(const struct DayReport&)> progress{};
};

/// What has happened so far.
struct DayReport {
  std::uint64_t hours = 0;
  std::map<std::string, std::uint64_t> counts;  ///< by name, for people
  std::vector<std::size_t> resident;            ///< memory of the process at the end of each hour, bytes
  std::vector<std::string> complaints;          ///< what must not be, one line each; the first hundred
};

/// Whether the process needs no more memory at the end than after `hours`, but for 2 % and 8 MiB that the heap's
/// fragments may take. True for shorter reports.
bool resident_is_flat(const DayReport& report, std::size_t hours);

/// Not thread-safe. Failures of card or library are thrown as std::runtime_error.
class GatewayDay {
 public:
  /// Builds the card, installs the SAs and starts probing.
  explicit GatewayDay(DayOptions options);

  /// Lives it. Returns after options.length of the card's time.
  const DayReport& run();

 private:
  /// What the script has done to an SA, so that its liveness may change.
  enum class Trouble : std::uint8_t { none, silent, forgotten };

  void open();
  void set_clock();
  /// Time since the card was built, in the clock that the script goes by, ns.
  [[nodiscard]] std::uint64_t now() const;

  /// One turn: library, card, peers.
  void turn();
  /// Lets time pass for the card and its peers; also while the library waits for the card or for a disk.
  Result<void> pass(std::uint64_t cycles);
  void until(const std::function<bool()>& condition, std::chrono::nanoseconds patience, const std::string& what);
  void offer(std::vector<traffic::Bytes> frames);
  void note(const LivenessChange& change);
  void complain(const std::string& line);

  void plan();
  void rekey_some();
  traffic::Association fresh_keys(std::size_t sa, bool fresh_spi);
  void rekey(const std::vector<std::size_t>& chosen, bool fresh_spis);
  [[nodiscard]] std::vector<std::size_t> of_one_peer();
  void black_hole();
  void reboot_of_a_peer();
  void restart(bool crash);
  void flood();
  void end_of_hour();

  /// But for those that have been reachable for less than the detection time.
  void expect_all_up();
  [[nodiscard]] Liveness state(std::size_t sa) const;

  const DayOptions options_;
  traffic::Random random_;
  traffic::Config config_;
  std::shared_ptr<SimDevice> device_;
  Peer peer_;
  Flood flood_;
  std::unique_ptr<Endpoint> endpoint_;
  Script script_;
  std::vector<Trouble> trouble_;                ///< by SA
  std::vector<std::uint64_t> reachable_;        ///< since when its peer can answer, ns, by SA
  std::map<std::uint32_t, std::size_t> place_;  ///< inbound SPI to SA
  std::size_t next_rekeyed_;
  std::uint64_t offered_ = 0;  ///< line frames since the card has started
  DayReport report_;
};

}  // namespace sapulse::test
