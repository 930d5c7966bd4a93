// SPDX-License-Identifier: Apache-2.0
// The checker finds what it is there to find: a right run is clean, each way of being wrong is not.
#include "traffic/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ideal_card.h"

namespace sapulse::traffic {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class Check : public testing::Test {
 protected:
  Check() {
    Generator generator(config_, 5);
    std::vector<Bytes> line;
    std::vector<Bytes> core;
    for (int i = 0; i < 600; ++i) line.push_back(generator.line().frame);
    for (int i = 0; i < 50; ++i) core.push_back(generator.core().frame);
    run_ = ideal_run(config_, line, core);
  }

  std::vector<std::string> found() const { return check_run(config_, run_).discrepancies; }

  /// First frame sent that is an encrypted reply.
  std::size_t reply() const {
    for (std::size_t i = 0; i < run_.line_out.size(); ++i) {
      const Dissected at = dissect(run_.line_out[i]);
      if (at.kind == Dissected::Kind::spi && at.wrap.spi == config_.control_spi &&
          run_.line_out[i][at.payload + 1] == 2) {
        return i;
      }
    }
    return 0;
  }

  Config config_ = sample_config(3, 8);
  traffic::Run run_;
};

TEST_F(Check, AcceptsARightRun) {
  const CheckResult result = check_run(config_, run_);
  EXPECT_THAT(result.discrepancies, IsEmpty());
  EXPECT_GT(result.replies, 100U);
  EXPECT_GT(result.echoes, 5U);
  EXPECT_GT(result.errors, 0U);
  EXPECT_GT(result.host_echoes, 0U);
  EXPECT_EQ(result.customer_out, 50U);
}

TEST_F(Check, TellsACopyFromItsLostOriginal) {
  Generator generator(config_, 6);
  Reference reference(config_);
  std::vector<Bytes> requests;  // two of one SA
  std::uint32_t spi = 0;
  while (requests.size() < 2) {
    const Bytes frame = generator.line().frame;
    const Verdict verdict = reference.process(frame);
    if (verdict.outcome != Outcome::answered || (!requests.empty() && *verdict.spi != spi)) continue;
    spi = *verdict.spi;
    requests.push_back(frame);
  }
  // The card loses the first request, answers the second and then a copy of the first.
  run_ = ideal_run(config_, {requests[1], requests[0]}, {});
  run_.line_in.insert(run_.line_in.begin(), requests[0]);
  run_.counters["LINE_RX_FRAMES"] += 1;
  run_.counters["LINE_RX_BYTES"] += requests[0].size();
  run_.counters["DROP_OVERFLOW"] = 1;
  EXPECT_THAT(check_run(config_, run_, {.allow_overflow = true}).discrepancies, IsEmpty());
}

TEST_F(Check, MissesAReply) {
  run_.line_out.erase(run_.line_out.begin() + static_cast<std::ptrdiff_t>(reply()));
  EXPECT_THAT(found(), Contains(HasSubstr("was not answered")));
}

TEST_F(Check, MissesAnErrorUnlessItMayBeMissing) {
  const auto is_error = [](const Bytes& frame) {
    const Dissected at = dissect(frame);
    return at.kind == Dissected::Kind::spi && at.wrap.spi == 253 && frame[at.payload + 1] == type_error_clear;
  };
  const auto error = std::ranges::find_if(run_.line_out, is_error);
  ASSERT_NE(error, run_.line_out.end());
  run_.counters["LINE_TX_BYTES"] -= error->size();
  run_.line_out.erase(error);
  --run_.counters["LINE_TX_FRAMES"];
  --run_.counters["FRAMES_FROM_HOST"];
  EXPECT_THAT(found(), Contains(HasSubstr("1 answers of the host were not sent")));
  EXPECT_THAT(check_run(config_, run_, {.errors_may_be_missing = true}).discrepancies, IsEmpty());
}

TEST_F(Check, SeesASecondReply) {
  run_.line_out.push_back(run_.line_out[reply()]);
  EXPECT_THAT(found(), Contains(HasSubstr("is no answer to anything")));
}

TEST_F(Check, SeesAFlippedBitInAnyPlaceOfAReply) {
  const std::size_t at = reply();
  for (std::size_t byte = 0; byte < run_.line_out[at].size(); byte += 3) {
    run_.line_out[at][byte] ^= 4;
    EXPECT_FALSE(found().empty()) << "byte " << byte;
    run_.line_out[at][byte] ^= 4;
  }
}

TEST_F(Check, SeesAnAnswerToABadFrame) {
  Generator generator(config_, 99);
  const Bytes ping = generator.ping(0, false, 30);
  Config fresh = config_;
  Reference reference(fresh);
  run_.line_out.push_back(reference.process(ping).answer->frame());
  EXPECT_THAT(found(), Contains(HasSubstr("is no answer to anything")));
}

TEST_F(Check, SeesChangedCustomerFrames) {
  run_.core_out[3].back() ^= 1;
  EXPECT_THAT(found(), Contains(HasSubstr("core-out frame 4")));
}

TEST_F(Check, SeesReorderedCustomerFrames) {
  std::swap(run_.core_out[3], run_.core_out[4]);
  EXPECT_THAT(found(), Contains(HasSubstr("core-out frame 4")));
}

TEST_F(Check, SeesALostCustomerFrame) {
  run_.core_out.pop_back();
  EXPECT_THAT(found(), Contains(HasSubstr("did not leave on the core side")));
}

TEST_F(Check, SeesAnExtraCoreFrame) {
  run_.core_out.push_back(run_.core_out.front());
  EXPECT_THAT(found(), Contains(HasSubstr("was not asked for")));
}

TEST_F(Check, SeesLostCoreFrames) {
  const auto at = std::ranges::find(run_.line_out, run_.core_in[10]);
  run_.line_out.erase(at);
  EXPECT_THAT(found(), Contains(HasSubstr("core frame 11 of 50")));
}

TEST_F(Check, SeesAWrongCounter) {
  ++run_.counters["DROP_ICV"];
  EXPECT_THAT(found(), Contains(HasSubstr("counter DROP_ICV")));
  EXPECT_THAT(found(), Contains(HasSubstr("accounted for")));
}

TEST_F(Check, SeesACounterThatNobodyKnows) {
  run_.counters["DROP_NOVELTY"] = 1;
  EXPECT_THAT(found(), Contains(HasSubstr("counter DROP_NOVELTY: 1 instead of 0")));
}

TEST_F(Check, SeesWrongTelemetry) {
  Generator generator(config_, 99, {.wrappings = false});
  const std::vector<Bytes> line = {generator.ping(0, true, kTelemetryBytes)};
  Reference reference(with_token_nonces(config_));
  const Verdict verdict = reference.process(line[0]);
  Telemetry good = read_telemetry(verdict.answer->plaintext);
  good.t_receive = 10;
  good.t_transmit = 20;
  ASSERT_EQ(good.flags, 5);
  const auto check = [&](const Telemetry& telemetry) {
    traffic::Run run = ideal_run(config_, line, {});
    run.line_out = {verdict.answer->frame(telemetry)};
    return check_run(config_, run).discrepancies;
  };
  EXPECT_THAT(check(good), IsEmpty());
  Telemetry bad = good;
  bad.t_transmit = 9;
  EXPECT_THAT(check(bad), Contains(HasSubstr("transmitted before")));
  bad = good;
  bad.token[3] ^= 1;
  EXPECT_THAT(check(bad), Contains(HasSubstr("crash token")));
  bad = good;
  bad.token_nonce = Bytes(kTokenNonceBytes);
  bad.token = crash_token(*config_.secret, config_.sas[0].in.spi, bad.token_nonce);
  EXPECT_THAT(check(bad), Contains(HasSubstr("token nonce")));
  bad = good;
  bad.flags = 4;
  EXPECT_THAT(check(bad), Contains(HasSubstr("flags")));
  bad = good;
  bad.data_sequence = 1;
  EXPECT_THAT(check(bad), Contains(HasSubstr("data sequence")));
}

TEST_F(Check, SeesATokenNonceThatChanges) {
  Generator generator(config_, 99, {.wrappings = false});
  const std::vector<Bytes> line = {generator.ping(0, true, kTelemetryBytes), generator.ping(0, true, kTelemetryBytes)};
  traffic::Run run = ideal_run(config_, line, {});
  EXPECT_THAT(check_run(config_, run).discrepancies, IsEmpty());
  Config other = with_token_nonces(config_);
  other.sas[0].token_nonce[0] ^= 1;
  Reference reference(other);
  reference.process(line[0]);
  const Verdict verdict = reference.process(line[1]);
  Telemetry filled = read_telemetry(verdict.answer->plaintext);
  filled.t_receive = filled.t_transmit = 2000;
  run.line_out[1] = verdict.answer->frame(filled);
  EXPECT_THAT(check_run(config_, run).discrepancies, Contains(HasSubstr("token nonce")));
}

TEST_F(Check, CountsOverflowOnlyWhereItIsAllowed) {
  run_.line_out.erase(run_.line_out.begin() + static_cast<std::ptrdiff_t>(reply()));
  --run_.counters["ANSWERED"];
  ++run_.counters["DROP_OVERFLOW"];
  --run_.counters["LINE_TX_FRAMES"];
  EXPECT_FALSE(found().empty());
}

}  // namespace
}  // namespace sapulse::traffic
