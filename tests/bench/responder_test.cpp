// SPDX-License-Identifier: Apache-2.0
// The responders that the card is compared with do the whole work: what they answer is right, and what is wrong they
// refuse.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sample_pings.h"
#include "software_responder.h"
#include "traffic/reference.h"

namespace sapulse::bench {
namespace {

using traffic::Bytes;

constexpr unsigned kSas = 40;
constexpr std::size_t kPings = 100;  // some of the SAs get a second and a third one

struct Library {
  std::string name;
  std::unique_ptr<PingCipher> (*make_cipher)(const traffic::Config&);
};
void PrintTo(const Library& library, std::ostream* stream) { *stream << library.name; }

class Responder : public testing::TestWithParam<Library> {
 protected:
  const traffic::Config config_ = small_ping_config(kSas);
  SoftwareResponder responder_{config_, GetParam().make_cipher(config_)};
  std::vector<Bytes> frames_ = small_pings(config_, kPings);
};

TEST_P(Responder, AnswersAsTheReferenceDoesButForTelemetry) {
  traffic::Reference reference(config_);
  const std::vector<Bytes> pings = frames_;
  ASSERT_EQ(responder_.answer(frames_), kPings);
  constexpr std::size_t kSealed = 14 + 20 + 8 + 24 + wire::nested_ciphertext;
  for (std::size_t i = 0; i < kPings; ++i) {
    const Bytes right = reference.process(pings[i]).answer.value().frame(traffic::Telemetry{});
    ASSERT_EQ(frames_[i].size(), right.size());
    const Bytes head(frames_[i].begin() + 34, frames_[i].begin() + kSealed);
    EXPECT_EQ(head, Bytes(right.begin() + 34, right.begin() + kSealed)) << "ping " << i;
  }
}

TEST_P(Responder, RepliesAreAuthentic) {
  ASSERT_EQ(responder_.answer(frames_), kPings);
  traffic::Config peer = config_;
  for (traffic::Association& sa : peer.sas) std::swap(sa.in, sa.out);
  const auto cipher = make_openssl_cipher(peer);
  for (std::size_t i = 0; i < kPings; ++i) {
    std::uint8_t* const packet = frames_[i].data() + 14 + 20 + 8 + 24;
    const std::uint32_t spi = packet[0] << 24 | packet[1] << 16 | packet[2] << 8 | packet[3];
    const auto sa = std::ranges::find(peer.sas, spi, [](const traffic::Association& each) { return each.in.spi; });
    std::array job{CipherJob{.sa = static_cast<std::uint32_t>(sa - peer.sas.begin()),
                             .packet = packet,
                             .text_bytes = kSmallPing - 66 - wire::nested_overhead}};
    cipher->open(job);
    EXPECT_TRUE(job[0].is_authentic) << "ping " << i;
    EXPECT_EQ(job[0].text()[wire::echo_subtype], wire::subtype_reply);
  }
}

TEST_P(Responder, RefusesReplays) {
  std::vector<Bytes> again = frames_;
  ASSERT_EQ(responder_.answer(frames_), kPings);
  EXPECT_EQ(responder_.answer(again), 0U);
  responder_.forget();
  EXPECT_EQ(responder_.answer(again), kPings);
}

TEST_P(Responder, RefusesWhatHasBeenChanged) {
  const std::vector<Bytes> pings = frames_;
  for (std::size_t byte = 14 + 20; byte < kSmallPing; ++byte) {
    Bytes changed = pings[byte % kPings];
    changed[byte] ^= 1;
    const bool outer_sequence = byte >= 38 && byte < 42;  // copied, and protected by nothing
    EXPECT_EQ(responder_.answer(std::span(&changed, 1)), outer_sequence ? 1U : 0U) << "byte " << byte;
    responder_.forget();
  }
}

const std::vector kLibraries{
    Library{"openssl", make_openssl_cipher},
#ifdef SAPULSE_HAS_IPSEC_MB
    Library{"ipsec_mb", make_ipsec_mb_cipher},
#endif
};
INSTANTIATE_TEST_SUITE_P(Benchmarks, Responder, testing::ValuesIn(kLibraries),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace sapulse::bench
