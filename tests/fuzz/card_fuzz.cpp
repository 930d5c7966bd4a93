// SPDX-License-Identifier: Apache-2.0
// Frames from the network through the whole card, as a program, with the host library on it, held against the
// reference. An input is a list of frames, each behind a byte that says what is made right in it (Repair) and its
// length.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "input.h"
#include "model_device.h"
#include "sapulse/endpoint.h"
#include "support/convert.h"
#include "traffic/check.h"
#include "traffic/dissect.h"
#include "traffic/message.h"
#include "traffic/vectors.h"

namespace sapulse::test {
namespace {

using traffic::Bytes;

constexpr std::size_t kMostFrames = 8;

/// What nobody random gets past.
enum Repair : std::uint8_t {
  repair_ip = 1,       ///< the checksum of IPv4
  repair_control = 2,  ///< the checksum of the control header
  repair_seal = 4      ///< what stands in the place of the nested packet's ciphertext is sealed
};

void seal(Bytes& frame, std::size_t control, const traffic::Config& config) {
  const std::size_t nested = control + traffic::kControlBytes;
  const std::size_t end = control + traffic::get16(frame, control + 4);
  if (end > frame.size() || end < nested + traffic::kNestedMin) return;
  const std::uint32_t spi = traffic::get32(frame, nested);
  const auto sa = std::ranges::find_if(config.sas, [&](const auto& candidate) { return candidate.in.spi == spi; });
  if (sa == config.sas.end()) return;
  const Bytes plaintext(frame.begin() + static_cast<std::ptrdiff_t>(nested + 16),
                        frame.begin() + static_cast<std::ptrdiff_t>(end - 16));
  const Bytes sealed = traffic::nested_packet(*sa, sa->in, traffic::get64(frame, nested + 8), plaintext);
  std::ranges::copy(sealed, frame.begin() + static_cast<std::ptrdiff_t>(nested));
}

void repair(Bytes& frame, unsigned what, const traffic::Config& config) {
  const traffic::Dissected at = traffic::dissect(frame);
  if (at.kind != traffic::Dissected::Kind::spi) return;
  const std::size_t control = at.payload;
  if (control + traffic::kControlBytes <= std::min(at.limit, frame.size())) {
    if ((what & repair_seal) != 0) seal(frame, control, config);
    if ((what & repair_control) != 0) traffic::fix_control_checksum(frame, control);
  }
  if ((what & repair_ip) != 0 && !at.v6) traffic::fix_ipv4_checksum(frame, at.ip);
}

/// Whether a frame ends before its IP packet, and only after the part that the card has judged it by: for which of its
/// faults such a one is counted is left open.
bool is_cut_late(const Bytes& frame) {
  constexpr std::size_t kJudgedBytes = 192;
  const traffic::Dissected at = traffic::dissect(frame);
  return frame.size() > kJudgedBytes && at.packet_end > frame.size();
}

[[noreturn]] void fail(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  std::abort();
}

template <class T>
T need(Result<T> result) {
  if (!result) fail(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

traffic::Config vectors_config() {
  traffic::Config config = traffic::load_vectors(SAPULSE_TESTS_DIR "/vectors/frames.json").config;
  for (traffic::Association& sa : config.sas) sa.token_nonce.clear();  // the library draws its own
  return config;
}

/// The card that the vectors are for; the same in each run, but for token nonces.
class FuzzedCard {
 public:
  explicit FuzzedCard(const traffic::Config& config) : config_(config) {
    device_.set_tap([this](model::Port port, const model::Frame& frame) {
      (port == model::Port::line ? run_.line_out : run_.core_out).push_back(to_bytes(frame));
    });
    static const Config parsed = need(parse_config(traffic::to_yaml(config), "vectors", 1024, NextField::allowed));
    endpoint_ = need(Endpoint::open(
        device_, parsed, {.card = {.start = CardStart{}}, .errors = {.hash_key = std::array<std::uint8_t, 16>{}}}));
  }

  void receive(const Bytes& frame) {
    run_.line_in.push_back(frame);
    device_.receive(to_frame(frame));
    poll();
  }

  /// Everything has come out, or never will.
  void check() {
    constexpr int kTurns = 20;
    for (int i = 0; i < kTurns || !need(endpoint_->quiet()); ++i) poll();
    run_.counters = named(need(endpoint_->card().counters()));
    const auto result = traffic::check_run(config_, run_, {.errors_may_be_missing = true});
    for (const std::string& discrepancy : result.discrepancies) std::fprintf(stderr, "%s\n", discrepancy.c_str());
    if (!result.discrepancies.empty()) fail("the card does not do what the reference says");
  }

 private:
  void poll() {
    (void)need(endpoint_->poll());
    need(device_.relax());
  }

  const traffic::Config& config_;
  traffic::Run run_{};
  ModelDevice device_;
  std::unique_ptr<Endpoint> endpoint_;
};

std::vector<Bytes> frames_of(fuzz::Input input, const traffic::Config& config) {
  std::vector<Bytes> frames;
  while (!input.empty() && frames.size() < kMostFrames) {
    const unsigned repairs = input.number8();
    Bytes frame = input.bytes(input.number16());
    if (frame.size() > wire::frame_max_bytes) continue;
    frame.resize(std::max<std::size_t>(frame.size(), wire::frame_min_bytes));  // no wire has shorter ones
    repair(frame, repairs, config);
    if (!is_cut_late(frame)) frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace
}  // namespace sapulse::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sapulse::test;
  static const sapulse::traffic::Config config = vectors_config();
  const auto frames = frames_of({data, size}, config);
  if (frames.empty()) return 0;
  FuzzedCard card(config);
  for (const auto& frame : frames) card.receive(frame);
  card.check();
  return 0;
}
