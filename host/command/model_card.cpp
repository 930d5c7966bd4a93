// SPDX-License-Identifier: Apache-2.0
#include "model_card.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <utility>

#include "other_side.h"
#include "sapulse/poll_timeout.h"

namespace sapulse::command {

Result<std::unique_ptr<LocalCard>> ModelCard::open(const LocalCardOptions& options, Config config) {
  if (options.ns_per_cycle != 0) {
    return failure(Errc::invalid_argument,
                   "--ns-per-cycle: the model keeps real time; --device sim has a clock of its own");
  }
  std::unique_ptr<ModelCard> card(new ModelCard);
  card->stop_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC));
  if (!card->stop_) return failure(Errc::io_error, "model: no event left in the system");
  auto devices = open_joined_models(options.tap);
  if (!devices) return tl::unexpected(devices.error());
  std::tie(card->device_, card->peer_device_) = std::move(*devices);
  lead_paths(config, JoinedMacs::of(config));
  const auto other_side = other_side_of(config);
  if (!other_side) return tl::unexpected(other_side.error());
  auto peer = Endpoint::open(*card->peer_device_, *other_side, {});
  if (!peer) return tl::unexpected(peer.error());
  card->peer_ = std::move(*peer);
  auto endpoint = Endpoint::open(*card->device_, config, options.endpoint);
  if (!endpoint) return tl::unexpected(endpoint.error());
  card->endpoint_ = std::move(*endpoint);
  card->report_ = options.endpoint.report;
  card->thread_ = std::thread([&own = *card] { own.serve_peer(); });
  return card;
}

ModelCard::~ModelCard() { stop_peer(); }

void ModelCard::serve_peer() {
  std::array<pollfd, 2> wake{pollfd{stop_.get(), POLLIN, 0}, pollfd{peer_->event_descriptor(), POLLIN, 0}};
  while (wake[0].revents == 0) {
    const auto longest = peer_->poll().and_then([&](std::size_t) { return peer_->prepare_sleep(); });
    if (!longest) {
      if (report_) report_("the peer in the model has failed: " + longest.error().message);
      return;
    }
    (void)::poll(wake.data(), wake.size(), poll_timeout(*longest));
  }
}

void ModelCard::stop_peer() {
  if (!thread_.joinable()) return;
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

Result<void> ModelCard::close() {
  stop_peer();
  return endpoint_->close().and_then([this] { return peer_->close(); });
}

}  // namespace sapulse::command
