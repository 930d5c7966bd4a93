// SPDX-License-Identifier: Apache-2.0
// The gateway at the other end of the card's SAs, and the way to it: the reference, in plain C++ on OpenSSL.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "traffic/bytes.h"
#include "traffic/config.h"
#include "traffic/random.h"
#include "traffic/reference.h"

namespace sapulse::test {

/// What happens to every frame on its way, in each direction.
struct LinkConditions {
  std::chrono::nanoseconds delay{};  ///< on the card's clock
  unsigned loss_permyriad = 0;       ///< of 10,000 frames, so many are lost
};

class Peer {
 public:
  /// `config`: of the card. `seed`: of the losses.
  Peer(traffic::Config config, const LinkConditions& link, std::uint64_t seed);

  /// Takes a frame that the card has sent; `now`: ns of the card's clock.
  void receive(const traffic::Bytes& frame, std::uint64_t now);
  /// Takes the frames that have come back by `now`.
  std::vector<traffic::Bytes> arrived(std::uint64_t now);

  /// Packets of an SA vanish, both ways; those under way, too.
  void silence(std::size_t sa, bool silent);
  void silence_all();
  /// Forgets an SA.
  void forget(std::size_t sa) { gateway_.remove(config_.sas.at(sa).out.spi); }
  /// Loses the secret: crash tokens of before cannot be made any more.
  void lose_secret();
  /// Takes an SA of the card in place of another. The other one answers until retire(), unless they have an SPI in
  /// common.
  void rekey(std::size_t sa, const traffic::Association& fresh);
  void retire(std::uint32_t spi_out) { gateway_.remove(spi_out); }
  /// Only the last answers are kept. For runs that last.
  void forget_answers(std::size_t but);

  [[nodiscard]] const LinkConditions& link() const { return link_; }
  /// Frames sent, lost ones among them, and how many have reached the card.
  [[nodiscard]] const std::vector<traffic::Bytes>& answers() const { return answers_; }
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  /// What became of the frames that have reached the peer, by the names of counters.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& received() const { return received_; }

 private:
  struct UnderWay {
    std::uint64_t arrival;
    std::uint32_t spi;
    traffic::Bytes answer;
  };

  [[nodiscard]] bool lost() { return random_.below(10'000) < link_.loss_permyriad; }

  traffic::Config config_;
  LinkConditions link_;
  traffic::Reference gateway_;
  traffic::Random random_;
  std::set<std::uint32_t> silent_;  ///< SPIs to the peer
  std::vector<traffic::Bytes> answers_;
  std::deque<UnderWay> under_way_;
  std::uint64_t delivered_ = 0;
  std::map<std::string, std::uint64_t> received_;
  std::uint64_t time_ = 0;  ///< a clock of its own
};

}  // namespace sapulse::test
