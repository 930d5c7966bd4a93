// SPDX-License-Identifier: Apache-2.0
#include "liveness.h"

#include <chrono>

#include "sapulse/endpoint.h"

namespace sapulse::systemc::example {
namespace {

constexpr std::uint64_t patience_ns = 100'000;
constexpr std::chrono::microseconds pause(5);

}  // namespace

Result<Liveness> ask(Device& device, const Config& config, const std::vector<std::vector<std::uint8_t>>& pings) {
  auto opened = Endpoint::open(device, config);
  if (!opened) return tl::unexpected(opened.error());
  Endpoint& endpoint = **opened;
  Liveness liveness;
  for (const auto& ping : pings) {
    const auto begin = endpoint.card().time();
    if (!begin) return tl::unexpected(begin.error());
    if (auto sent = endpoint.card().send_frame(ping); !sent) return tl::unexpected(sent.error());
    ++liveness.asked;
    const std::size_t before = liveness.answered;
    const auto note = [&](const Exception& exception, ErrorVerdict) {
      if (exception.cause != Cause::kReply) return;
      ++liveness.answered;
      liveness.round_trips.push_back(exception.time - *begin);
    };
    for (std::uint64_t now = *begin; liveness.answered == before && now - *begin < patience_ns;) {
      if (auto waited = endpoint.card().wait_exception(pause); !waited) return tl::unexpected(waited.error());
      if (auto polled = endpoint.poll(note); !polled) return tl::unexpected(polled.error());
      const auto time = endpoint.card().time();
      if (!time) return tl::unexpected(time.error());
      now = *time;
    }
  }
  if (auto closed = endpoint.close(); !closed) return tl::unexpected(closed.error());
  return liveness;
}

Result<void> answer(Device& device, const Config& config, const std::function<void()>& ready, const bool& stop) {
  auto endpoint = Endpoint::open(device, config);
  if (!endpoint) return tl::unexpected(endpoint.error());
  ready();
  while (!stop) {
    if (auto waited = (*endpoint)->card().wait_exception(pause); !waited) return tl::unexpected(waited.error());
    if (auto polled = (*endpoint)->poll(); !polled) return tl::unexpected(polled.error());
  }
  return (*endpoint)->close();
}

}  // namespace sapulse::systemc::example
