// SPDX-License-Identifier: Apache-2.0
// A simulated card that asks, for a peer outside of this process.
//   crosscheck-peer SAS.yaml BYTES...   a ping of each size on each SA, one after the other
// Standard output: "frame HEX" for every frame the card sends, to be answered with one line of hex on standard input
// (empty: no reply), and "ping JSON" for what became of each ping.
#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "device/rig.h"
#include "sapulse/endpoint.h"
#include "support/convert.h"

namespace {

using namespace sapulse;
using namespace sapulse::test;
using Json = nlohmann::json;

constexpr std::size_t kMostSas = 1024;
constexpr auto kTimeout = std::chrono::microseconds(30);  // the card's time stands still while the peer thinks

Json to_json(const PingResult& result, std::size_t data_bytes) {
  Json json{{"spi", result.spi_in},
            {"n", result.n},
            {"transaction", result.transaction},
            {"answered", result.answered},
            {"data_bytes", data_bytes},
            {"reply_n", result.reply_n},
            {"t_origin", result.t_origin}};
  const Telemetry& telemetry = result.telemetry;
  if (telemetry.times) {
    json["t_receive"] = telemetry.times->receive;
    json["t_transmit"] = telemetry.times->transmit;
  }
  if (telemetry.data_sequence) json["data_sequence"] = *telemetry.data_sequence;
  if (telemetry.token) {
    json["token"] = traffic::to_hex(telemetry.token->token);
    json["token_nonce"] = traffic::to_hex(telemetry.token->nonce);
  }
  return json;
}

/// Hands the frames of the card to the peer, and its replies to the card.
void exchange(Rig& rig) {
  for (const traffic::Bytes& frame : rig.take(Side::line)) {
    fmt::print("frame {}\n", traffic::to_hex(frame));
    std::fflush(stdout);
    std::string reply;
    if (!std::getline(std::cin, reply)) throw std::runtime_error("the peer has gone");
    if (!reply.empty()) rig.send(Side::line, traffic::from_hex(reply));
  }
}

void ping(Rig& rig, Endpoint& endpoint, std::uint32_t spi, std::size_t data_bytes) {
  std::optional<PingResult> result;
  must(endpoint.pinger().start(spi, {.data_bytes = data_bytes, .timeout = kTimeout},
                               [&](const Result<PingResult>& done) { result = must(done, "ping"); }),
       "start");
  while (!result) {
    must(endpoint.poll(), "poll");
    must(rig.device().relax(), "card");
    exchange(rig);
  }
  fmt::print("ping {}\n", to_json(*result, data_bytes).dump());
}

void run(const std::string& sas, const std::vector<std::string>& sizes) {
  const Config config = must(load_config(sas, kMostSas, NextField::allowed), "configuration");
  const auto rig = make_rig();
  const auto endpoint = must(Endpoint::open(rig->device(), config), "endpoint");
  for (const std::string& size : sizes) {
    for (const SaParameters& sa : config.sas) ping(*rig, *endpoint, sa.in.spi, std::stoul(size));
  }
  must(endpoint->close(), "close");
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 2) {
    fmt::print(stderr, "usage: crosscheck-peer SAS.yaml BYTES...\n");
    return 2;
  }
  try {
    run(words[0], {words.begin() + 1, words.end()});
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "crosscheck-peer: {}\n", error.what());
    return 1;
  }
}
