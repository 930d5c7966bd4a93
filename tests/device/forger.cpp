// SPDX-License-Identifier: Apache-2.0
#include "forger.h"

#include "traffic/dissect.h"
#include "traffic/message.h"
#include "traffic/packet.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kTokenBytes = 16;
constexpr std::size_t kSpiBytes = 4;
constexpr unsigned kControlSpi = 253;

/// An error about an SA with an empty token.
traffic::Bytes empty_error(const traffic::Config& config, const traffic::Association& sa) {
  traffic::Bytes payload(kTokenBytes);
  traffic::put32(payload, sa.out.spi);
  traffic::put32(payload, 1);
  const traffic::Control control{
      .type = traffic::type_error_clear, .code = traffic::code_unknown_spi, .flags = 0, .subject = sa.out.spi};
  traffic::Link link;
  if (!config.macs.empty()) link.to = config.macs.front();
  return traffic::wrapped_frame(link, {.from = sa.peer, .to = sa.local}, {.spi = kControlSpi},
                                traffic::control_message(control, payload));
}

/// Offset of what follows the control header.
std::size_t behind_control(const traffic::Bytes& frame) {
  return traffic::dissect(frame).payload + traffic::kControlBytes;
}

}  // namespace

Forger::Forger(const traffic::Config& config, const std::vector<traffic::Bytes>& recorded, std::uint64_t seed)
    : random_(seed) {
  for (const traffic::Association& sa : config.sas) {
    const traffic::Bytes frame = empty_error(config, sa);
    templates_.push_back({.frame = frame, .at = behind_control(frame)});
  }
  for (const traffic::Bytes& frame : recorded) {
    recorded_.push_back({.frame = frame, .at = behind_control(frame) + kSpiBytes});
  }
}

std::vector<traffic::Bytes> Forger::make(std::size_t frames) {
  std::vector<traffic::Bytes> made;
  made.reserve(frames);
  for (std::size_t i = 0; i < frames; ++i) made.push_back(random_.one_in(4) ? reply() : error());
  return made;
}

traffic::Bytes Forger::error() {
  ++errors_;
  const Original& original = random_.pick(templates_);
  traffic::Bytes frame = original.frame;
  traffic::set64(frame, original.at, random_.bits());
  traffic::set64(frame, original.at + kTokenBytes / 2, random_.bits());
  return frame;
}

traffic::Bytes Forger::reply() {
  ++replies_;
  const Original& original = random_.pick(recorded_);
  traffic::Bytes frame = original.frame;
  const std::uint64_t bit = random_.below(8 * (frame.size() - original.at));
  frame[original.at + bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
  return frame;
}

}  // namespace sapulse::test
