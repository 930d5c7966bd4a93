// SPDX-License-Identifier: Apache-2.0
// What exceptions tell, through the rings and the host library, against what the frames themselves say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bench.h"
#include "support/convert.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"
#include "traffic/message.h"
#include "traffic/reference.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using testing::ElementsAreArray;

/// A frame that the host must get to see or to know of.
struct Expected {
  Bytes frame;
  std::size_t number;  ///< of the frame on the line
  std::string cause;
  bool sa;         ///< it has gone through open
  bool decrypted;  ///< and has been let out
  Dissected at;

  [[nodiscard]] View message() const { return View(frame).subspan(at.payload); }
  [[nodiscard]] View nested() const { return message().subspan(kControlBytes, get16(message(), 4) - kControlBytes); }
};

/// Cause of the exception about a frame; empty: none. The reference does not know of copies of refused messages.
std::string cause_of(const traffic::Config& config, View frame, const Dissected& at, const Verdict& verdict) {
  static const std::set<std::string> malformed = {"DROP_ENCAPSULATION", "DROP_SHORT",  "DROP_CHECKSUM",
                                                  "DROP_LENGTH",        "DROP_NESTED", "DROP_SEQUENCE"};
  if (!verdict.cause.empty()) return verdict.cause;
  if (at.kind != Dissected::Kind::spi || config.action(at.wrap.spi) != traffic::Action::control) return {};
  if (verdict.counter == "DROP_VERSION") return "VERSION";
  if (malformed.contains(verdict.counter)) return "MALFORMED";
  if (verdict.counter == "DROP_ICV" && frame[at.payload + 1] == type_echo_request) return "INTEGRITY";
  if (verdict.counter == "DROP_REPLAY" && frame[at.payload + 1] == type_echo_request) return "REPLAYED";
  return {};
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::toupper(c); });
  return result;
}

class SystemExceptions : public testing::Test {
 protected:
  SystemExceptions() {
    config_.reserved[10] = traffic::Action::host;
    config_.authoritative = true;
    bench_ = std::make_unique<Bench>(config_, BenchOptions{.seed = seed_, .gap = 30});
    must(bench_->device().write32(regs::offset::kExceptionCopies, kAllCopies), "copies");
    must(bench_->device().write32(regs::offset::kTimeIncrement, 0), "fraction of a ns");
    must(bench_->device().write32(regs::offset::kTimeIncrement + 4, kNsPerCycle), "ns");
  }

  void send(std::size_t frames) {
    Generator generator(config_, seed_, {.max_data = 300, .bad_percent = 50, .customer_percent = 15});
    Reference reference(config_);
    for (std::size_t i = 0; i < frames; ++i) {
      const Bytes frame = generator.line().frame;
      const Dissected at = dissect(frame);
      const Verdict verdict = reference.process(frame);
      bench_->line(frame);
      const std::string cause = cause_of(config_, frame, at, verdict);
      if (cause.empty()) continue;
      const bool decrypted = cause == "REPLY" || cause == "ERROR_PROTECTED";
      const bool sa = decrypted || cause == "INTEGRITY" || cause == "REPLAYED";
      (sa ? opened_ : raw_).push_back({frame, i, cause, sa, decrypted, at});
    }
  }

  void receive() {
    constexpr std::uint64_t kRest = 4000;
    const sim::Card& card = bench_->card();
    while (card.pending(sim::Port::line) > 0 || card.cycle() - card.last_activity() < kRest) {
      must(bench_->endpoint().card().poll([this](const Exception& e) { got_.push_back(e); }), "poll");
      must(bench_->device().relax(), "card");
    }
    bench_->step(1);  // collects
  }

  /// SAs have the numbers in which they have been added.
  [[nodiscard]] std::vector<Association>::const_iterator association(const Expected& expected) const {
    return std::ranges::find(config_.sas, get32(expected.nested(), 0), [](const Association& sa) { return sa.in.spi; });
  }

  /// SPI, sequence number and IV as they came, then the plaintext.
  [[nodiscard]] Bytes opened(const Expected& expected) const {
    const View nested = expected.nested();
    const Association& sa = *association(expected);
    Bytes bytes(nested.begin(), nested.begin() + 16);
    const std::optional<Bytes> plaintext = open_nested(sa, sa.in, nested);
    bytes.insert(bytes.end(), plaintext.value().begin(), plaintext.value().end());
    return bytes;
  }

  [[nodiscard]] Bytes snapshot(const Expected& expected) const {
    if (expected.sa && !expected.decrypted) return {};
    Bytes bytes = expected.decrypted ? opened(expected) : expected.frame;
    bytes.resize(std::min<std::size_t>(bytes.size(), regs::kSnapshotBytes));
    return bytes;
  }

  void check(const Expected& expected, const Exception& got) const {
    SCOPED_TRACE(expected.cause + " of " + to_hex(expected.frame));
    const bool about_nested = expected.sa || expected.cause == "UNKNOWN_SPI";
    EXPECT_EQ(upper(regs::name(got.cause)), expected.cause);
    if (expected.sa) EXPECT_EQ(got.sa, association(expected) - config_.sas.begin());
    EXPECT_EQ(got.decrypted, expected.decrypted);
    EXPECT_EQ(got.frame_length, expected.frame.size());
    EXPECT_EQ(got.payload_end, expected.at.limit);
    EXPECT_EQ(got.esp_offset, expected.at.esp);
    EXPECT_EQ(static_cast<int>(got.encapsulation), static_cast<int>(expected.at.wrap.kind));
    EXPECT_EQ(got.ipv6, !is_ipv4(expected.at.network.to));
    EXPECT_EQ(got.vlan_tags, expected.at.link.tags.size());
    EXPECT_EQ(got.spi, about_nested ? get32(expected.message(), 8) : expected.at.wrap.spi);
    EXPECT_EQ(got.sequence, about_nested ? get32(expected.message(), kControlBytes + 4) : expected.at.wrap.sequence);
    EXPECT_EQ(got.n, about_nested ? get64(expected.message(), kControlBytes + 8) : 0);
    const bool control = config_.action(expected.at.wrap.spi) == traffic::Action::control;
    const bool has_header = control && expected.message().size() >= kControlBytes;
    if (has_header) {
      EXPECT_EQ(got.message, get8(expected.message(), 1));
      EXPECT_EQ(got.code, get8(expected.message(), 2));
      EXPECT_EQ(got.transaction, get32(expected.message(), 12));
    }
    EXPECT_THAT(got.snapshot, ElementsAreArray(snapshot(expected)));
  }

  static constexpr std::uint32_t kAllCopies = 0x3c00;
  static constexpr std::uint32_t kNsPerCycle = 4;
  const std::uint64_t seed_ = test_seed(61);
  traffic::Config config_ = sample_config(seed_, 8);
  std::unique_ptr<Bench> bench_;
  std::vector<Expected> raw_, opened_;  // each kind in order; opening takes longer
  std::vector<Exception> got_;
};

TEST_F(SystemExceptions, SayWhatTheFramesSayByteForByte) {
  send(1200);
  receive();
  ASSERT_EQ(got_.size(), raw_.size() + opened_.size());
  std::map<std::string, int> seen;
  std::size_t raw = 0;
  std::size_t opened = 0;
  std::optional<std::uint64_t> clock;  // time in cycle 0
  for (std::size_t i = 0; i < got_.size() && !HasFailure(); ++i) {
    const Exception& e = got_[i];
    EXPECT_EQ(e.count, i);
    ASSERT_LT(e.sa ? opened : raw, e.sa ? opened_.size() : raw_.size());
    const Expected& expected = e.sa ? opened_[opened++] : raw_[raw++];
    check(expected, e);
    ++seen[expected.cause];
    const std::uint64_t start = kNsPerCycle * bench_->line_input().at(expected.number).first_cycle;
    if (!clock) clock = e.time - start;
    EXPECT_EQ(e.time, *clock + start) << "of the first beat";
  }
  for (const char* cause :
       {"UNKNOWN_SPI", "UNKNOWN_SPI_DATA", "HOST_ACTION", "ECHO_REPLY", "ERROR_CLEAR", "ERROR_PROTECTED", "REPLY",
        "UNSUPPORTED", "PRIVATE_USE", "INTEGRITY", "REPLAYED", "MALFORMED", "VERSION"}) {
    EXPECT_GT(seen[cause], 0) << cause;
  }
}

}  // namespace
}  // namespace sapulse::test
