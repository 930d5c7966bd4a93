// SPDX-License-Identifier: Apache-2.0
#include "peer.h"

#include <optional>
#include <span>
#include <utility>

#include "outer_headers.h"
#include "traffic/requester.h"

namespace sapulse::test {
namespace {

const traffic::Bytes kSecret(32, 0x5a);
constexpr std::uint64_t kTakes = 500;  // ns of its clock, from receiving to sending

}  // namespace

Peer::Peer(traffic::Config config, const LinkConditions& link, std::uint64_t seed)
    : config_(std::move(config)), link_(link), gateway_(traffic::peer_of(config_, kSecret)), random_(seed) {}

void Peer::receive(const traffic::Bytes& frame, std::uint64_t now) {
  const std::uint32_t spi = sa_spi(std::as_bytes(std::span(frame))).value_or(0);
  if (silent_.contains(spi) || lost()) return;
  const traffic::Verdict verdict = gateway_.process(frame);
  ++received_[verdict.counter];
  if (!verdict.answer) return;
  std::optional<traffic::Telemetry> telemetry;
  if (verdict.answer->telemetry) {
    telemetry = traffic::read_telemetry(verdict.answer->plaintext);
    telemetry->t_receive = time_ += 2 * kTakes;
    telemetry->t_transmit = time_ + kTakes;
  }
  answers_.push_back(verdict.answer->frame(telemetry));
  if (lost()) return;
  const auto both_ways = 2 * static_cast<std::uint64_t>(link_.delay.count());
  under_way_.push_back({.arrival = now + both_ways, .spi = spi, .answer = answers_.back()});
}

std::vector<traffic::Bytes> Peer::arrived(std::uint64_t now) {
  std::vector<traffic::Bytes> frames;
  for (; !under_way_.empty() && under_way_.front().arrival <= now; under_way_.pop_front()) {
    UnderWay& next = under_way_.front();
    if (!silent_.contains(next.spi)) frames.push_back(std::move(next.answer));
  }
  delivered_ += frames.size();
  return frames;
}

void Peer::silence(std::size_t sa, bool silent) {
  const std::uint32_t spi = config_.sas.at(sa).out.spi;
  if (silent) {
    silent_.insert(spi);
  } else {
    silent_.erase(spi);
  }
}

void Peer::silence_all() {
  for (std::size_t sa = 0; sa < config_.sas.size(); ++sa) silence(sa, true);
}

void Peer::forget_answers(std::size_t but) {
  if (answers_.size() > but) answers_.erase(answers_.begin(), answers_.end() - static_cast<std::ptrdiff_t>(but));
}

void Peer::rekey(std::size_t sa, const traffic::Association& fresh) {
  config_.sas.at(sa) = fresh;
  traffic::Association installed = traffic::peer_of(fresh, *gateway_.config().secret);
  // Another one for each installation: otherwise an error of before proves that this one is lost (protocol, section 7).
  installed.token_nonce = random_.bytes(traffic::kTokenNonceBytes);
  gateway_.install(installed);
}

void Peer::lose_secret() {
  const traffic::Bytes other(kSecret.size(), 0xa5);
  gateway_ = traffic::Reference(traffic::peer_of(config_, other));
}

}  // namespace sapulse::test
