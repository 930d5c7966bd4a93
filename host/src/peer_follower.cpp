// SPDX-License-Identifier: Apache-2.0
#include "sapulse/peer_follower.h"

#include <fmt/format.h>

#include <optional>
#include <unordered_map>
#include <utility>

namespace sapulse {
namespace {

std::string text_of(const Place& place) {
  const bool udp = place.path.encapsulation == Encapsulation::udp;
  return udp ? fmt::format("{} port {}", place.peer.to_string(), place.path.peer_port) : place.peer.to_string();
}

}  // namespace

std::string to_line(const PeerMove& move) {
  return fmt::format("SA '{}' ({:#010x}): peer moved from {} to {}", move.name, move.spi_in, text_of(move.from),
                     text_of(move.to));
}

class PeerFollower::Impl {
 public:
  Impl(SaManager& sas, Pinger& pinger, const PeerFollowerOptions& options)
      : sas_(sas), pinger_(pinger), options_(options) {}

  void set_handler(Handler handler) { handler_ = std::move(handler); }
  Result<bool> handle(const Exception& exception);
  [[nodiscard]] const PeerFollowerCounts& counts() const { return counts_; }

 private:
  [[nodiscard]] static std::optional<Place> place_of(const Exception& exception, const Place& known);
  Result<void> follow(const SaInfo& sa, const Place& from, const Place& place, std::uint64_t time);
  Result<void> probe(const SaInfo& sa, const Place& place, std::uint64_t now);
  /// Counts what does not come from where a peer of ours can be.
  bool refuse() {
    ++counts_.refused;
    return true;
  }

  SaManager& sas_;
  Pinger& pinger_;
  PeerFollowerOptions options_;
  Handler handler_;
  PeerFollowerCounts counts_;
  std::unordered_map<std::uint32_t, std::uint64_t> next_probe_;  ///< earliest time, by SA number
};

std::optional<Place> PeerFollower::Impl::place_of(const Exception& exception, const Place& known) {
  auto place = decode_place(exception);
  if (!place || place->peer.is_v4() != known.peer.is_v4()) return std::nullopt;
  // The rest of a path says nothing of where the peer is.
  place->path.control_spi = known.path.control_spi;
  place->path.dscp = known.path.dscp;
  if (!validate(place->path)) return std::nullopt;
  return *place;
}

Result<bool> PeerFollower::Impl::handle(const Exception& exception) {
  if (exception.cause != Cause::peer_moved) return false;
  const SaInfo* sa = exception.sa ? sas_.find_number(*exception.sa) : nullptr;
  if (sa == nullptr || sa->spi_in != exception.spi || !sa->path) return refuse();
  const Place known{.peer = sa->peer, .path = *sa->path};
  const auto place = place_of(exception, known);
  if (!place) return refuse();
  // What was told before the path followed is no news.
  if (*place == known) return true;
  const bool reply = exception.message == wire::type_echo_reply;
  return (reply ? follow(*sa, known, *place, exception.time) : probe(*sa, *place, exception.time)).map([] {
    return true;
  });
}

Result<void> PeerFollower::Impl::follow(const SaInfo& sa, const Place& from, const Place& place, std::uint64_t time) {
  const PeerMove move{.spi_in = sa.spi_in, .name = sa.name, .from = from, .to = place, .time = time};
  return sas_.set_place(sa.spi_in, place).map([&] {
    ++counts_.moves;
    if (handler_) handler_(move);
  });
}

Result<void> PeerFollower::Impl::probe(const SaInfo& sa, const Place& place, std::uint64_t now) {
  std::uint64_t& next = next_probe_[sa.number];
  if (now < next) {
    ++counts_.limited;
    return {};
  }
  next = now + static_cast<std::uint64_t>(options_.probe_interval.count());
  ++counts_.probes;
  // Its reply, from there, is told as an exception of its own.
  auto sent =
      pinger_.start_to(sa.spi_in, place, {.timeout = options_.probe_interval}, [](const Result<PingResult>&) {});
  if (!sent && sent.error().code == Errc::no_space) return {};
  return sent;
}

PeerFollower::PeerFollower(SaManager& sas, Pinger& pinger, const PeerFollowerOptions& options)
    : impl_(std::make_unique<Impl>(sas, pinger, options)) {}
PeerFollower::~PeerFollower() = default;

void PeerFollower::set_handler(Handler handler) { impl_->set_handler(std::move(handler)); }
Result<bool> PeerFollower::handle(const Exception& exception) { return impl_->handle(exception); }
const PeerFollowerCounts& PeerFollower::counts() const { return impl_->counts(); }

}  // namespace sapulse
