// SPDX-License-Identifier: Apache-2.0
#include "sample_pings.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <stdexcept>

namespace sapulse::bench {

traffic::Config small_ping_config(unsigned sas) {
  traffic::Config config = traffic::sample_config(kPingSeed, sas);
  const traffic::Address local = config.sas.front().local;  // the first SA of the sample is over IPv4
  const traffic::Address peer = config.sas.front().peer;
  for (traffic::Association& sa : config.sas) {
    sa.local = local;
    sa.peer = peer;
  }
  return config;
}

traffic::Bytes telemetry_ping(traffic::Generator& generator, std::size_t sa, std::size_t frame_bytes) {
  traffic::Bytes frame = generator.ping(sa, true, traffic::kTelemetryBytes + frame_bytes - kSmallPing);
  if (frame.size() != frame_bytes) {
    throw std::runtime_error(fmt::format("a ping of {} bytes in place of {}", frame.size(), frame_bytes));
  }
  return frame;
}

std::vector<traffic::Bytes> small_pings(const traffic::Config& config, std::size_t count) {
  traffic::Generator generator(config, kPingSeed, {.wrappings = false, .replays = false});
  std::mt19937_64 random(kPingSeed);
  std::vector<std::size_t> order(config.sas.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::shuffle(order, random);
  std::vector<traffic::Bytes> pings;
  for (std::size_t i = 0; i < count; ++i) {
    pings.push_back(telemetry_ping(generator, order[i % order.size()], kSmallPing));
  }
  return pings;
}

}  // namespace sapulse::bench
