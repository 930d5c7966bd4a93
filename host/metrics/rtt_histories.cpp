// SPDX-License-Identifier: Apache-2.0
#include "rtt_histories.h"

namespace sapulse::metrics {

const RttHistogram& RttHistories::take(std::uint32_t spi_in, const ProbeStatus& status) {
  History& history = histories_[spi_in];
  if (status.rtt && status.replies != history.replies) {
    history.rtts.add(*status.rtt);
    total_.add(*status.rtt);
  }
  history.replies = status.replies;
  history.round = round_;
  return history.rtts;
}

void RttHistories::forget_silent() {
  std::erase_if(histories_, [this](const auto& entry) { return entry.second.round != round_; });
  ++round_;
}

}  // namespace sapulse::metrics
