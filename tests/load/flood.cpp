// SPDX-License-Identifier: Apache-2.0
#include "flood.h"

#include <array>
#include <utility>

#include "device/forger.h"

namespace sapulse::test {
namespace {

// In the order of Flood::one().
const std::array<std::string, 5> kKinds = {"forged messages", "malformed frames",
                                           "frames that want an error or an echo", "customer frames", "replays"};
// Good of their kind, and no word of a peer about its SAs.
const std::vector<std::string> kUnasked = {"clear echo",       "clear echo with a return SPI",
                                           "unknown SPI",      "private type",
                                           "unsupported type", "reserved SPI for the host"};

}  // namespace

Flood::Flood(traffic::Config config, std::uint64_t seed)
    : config_(std::move(config)),
      random_(seed),
      generator_(config_, seed, {.replays = false}),
      kind_(kKinds.size() - 1) {}

const std::string& Flood::next_kind(const std::vector<traffic::Bytes>& recorded) {
  kind_ = (kind_ + 1) % kKinds.size();
  recorded_ = recorded;
  return kKinds.at(kind_);
}

std::vector<traffic::Bytes> Flood::make(std::size_t frames) {
  if (kind_ == 0) return Forger(config_, recorded_, random_.bits()).make(frames);
  std::vector<traffic::Bytes> made;
  made.reserve(frames);
  while (made.size() < frames) made.push_back(one());
  return made;
}

traffic::Bytes Flood::one() {
  static const std::vector<std::string> bad = traffic::Generator::bad_kinds();
  static const std::vector<std::string> customer = traffic::Generator::customer_kinds();
  switch (kind_) {
    case 1:
      return generator_.bad(random_.pick(bad)).frame;
    case 2:
      return generator_.good(random_.pick(kUnasked)).frame;
    case 3:
      return generator_.customer(random_.pick(customer)).frame;
    default:
      return random_.pick(recorded_);
  }
}

}  // namespace sapulse::test
