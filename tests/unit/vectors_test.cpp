// SPDX-License-Identifier: Apache-2.0
// The reference against frames and answers that an independent program made.
#include "traffic/vectors.h"

#include <gtest/gtest.h>

#include <set>

#include "traffic/reference.h"

namespace sapulse::traffic {
namespace {

const std::filesystem::path kVectors = std::filesystem::path(SAPULSE_TESTS_DIR) / "vectors" / "frames.json";

TEST(Vectors, ReferenceGivesExactlyTheAnswers) {
  const Vectors vectors = load_vectors(kVectors);
  ASSERT_EQ(vectors.cases.size(), 41U);
  Reference reference(vectors.config);
  for (const VectorCase& item : vectors.cases) {
    SCOPED_TRACE(item.name);
    const Verdict verdict = reference.process(item.in);
    EXPECT_EQ(verdict.outcome == Outcome::passed, !item.core_out.empty());
    if (verdict.outcome == Outcome::passed) {
      EXPECT_EQ(item.core_out.front(), item.in);
    }
    ASSERT_EQ(verdict.answer.has_value(), !item.line_out.empty()) << verdict.counter;
    if (!verdict.answer) continue;
    std::optional<Telemetry> filled;
    if (verdict.answer->telemetry) {
      filled = verdict.answer->telemetry_of(item.line_out.front());
      ASSERT_TRUE(filled.has_value());
      EXPECT_EQ(filled->t_receive, 1000U);
      EXPECT_EQ(filled->token, read_telemetry(verdict.answer->plaintext).token);
    }
    EXPECT_EQ(to_hex(verdict.answer->frame(filled)), to_hex(item.line_out.front()));
  }
}

TEST(Vectors, RefusalsHaveTheirCause) {
  const Vectors vectors = load_vectors(kVectors);
  Reference reference(vectors.config);
  std::map<std::string, std::string> counters;
  for (const VectorCase& item : vectors.cases) counters[item.name] = reference.process(item.in).counter;
  EXPECT_EQ(counters["replay"], "DROP_REPLAY");
  EXPECT_EQ(counters["keepalive R=0"], "KEEPALIVE");
  EXPECT_EQ(counters["bad ICV"], "DROP_ICV");
  EXPECT_EQ(counters["bad padding"], "DROP_PADDING");
  EXPECT_EQ(counters["IV and sequence differ"], "DROP_SEQUENCE");
  EXPECT_EQ(counters["bad control checksum"], "DROP_CHECKSUM");
  EXPECT_EQ(counters["unknown SPI"], "HOST");
  EXPECT_EQ(counters["clear echo SPI 7"], "ECHO_ANSWERED");
}

}  // namespace
}  // namespace sapulse::traffic
