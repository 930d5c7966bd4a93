// SPDX-License-Identifier: Apache-2.0
// Paths follow peers whose address or port changes, as that of a peer behind a NAT does (protocol, section 5).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sapulse/error.h"
#include "sapulse/exception.h"
#include "sapulse/path.h"
#include "sapulse/pinger.h"
#include "sapulse/sa.h"

#pragma GCC visibility push(default)
namespace sapulse {

struct PeerFollowerOptions {
  /// Between two probes of new places of one SA, and the time that such a probe has; card's time.
  std::chrono::nanoseconds probe_interval = std::chrono::milliseconds(10);
};

/// The path of an SA has followed its peer.
struct PeerMove {
  std::uint32_t spi_in = 0;
  std::string name;  ///< of the SA
  Place from;
  Place to;
  std::uint64_t time = 0;  ///< ns of the card's clock: first beat of the reply from there
};

/// One line for a log, without its end. Thread-safe.
[[nodiscard]] std::string to_line(const PeerMove& move);

/// What became of exceptions about peers that have moved.
struct PeerFollowerCounts {
  std::uint64_t moves = 0;
  std::uint64_t probes = 0;   ///< of new places
  std::uint64_t limited = 0;  ///< requests from elsewhere that started none, since one was sent shortly before
  std::uint64_t refused = 0;  ///< of SAs that are gone, or from where no path can lead
};

/// A reply to a request of this life moves the path to where it has come from. A request only starts a ping to there,
/// and the path follows if that is answered from there: a recording that is sent from elsewhere moves nothing.
///
/// Not thread-safe: no function may be called while another thread uses the same card.
class PeerFollower {
 public:
  using Handler = std::function<void(const PeerMove&)>;

  /// All must outlive the follower.
  PeerFollower(SaManager& sas, Pinger& pinger, const PeerFollowerOptions& options = {});
  ~PeerFollower();
  PeerFollower(const PeerFollower&) = delete;
  PeerFollower& operator=(const PeerFollower&) = delete;

  /// Called after each move.
  void set_handler(Handler handler);
  /// Takes an exception of cause peer_moved; false if it is of another. Not to be called from callbacks of Card.
  /// Errors: those of Card and SaStore.
  Result<bool> handle(const Exception& exception);
  [[nodiscard]] const PeerFollowerCounts& counts() const;

 private:
  class [[gnu::visibility("hidden")]] Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sapulse
#pragma GCC visibility pop
