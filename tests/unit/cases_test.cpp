// SPDX-License-Identifier: Apache-2.0
// The reference on frames from the field (tests/cases/README.md).
#include <gtest/gtest.h>

#include "traffic/capture.h"
#include "traffic/reference.h"
#include "traffic/vectors.h"

namespace sapulse::traffic {
namespace {

const std::filesystem::path kCases = std::filesystem::path(SAPULSE_TESTS_DIR) / "cases";

TEST(Cases, ReferenceDoesWhatIsExpectedOfEachFrame) {
  const Vectors vectors = load_field_cases(kCases / "frames.json");
  ASSERT_EQ(vectors.cases.size(), 14U);
  for (const VectorCase& item : vectors.cases) {
    SCOPED_TRACE(item.name);
    const Verdict verdict = Reference(vectors.config).process(item.in);
    EXPECT_EQ(verdict.outcome == Outcome::passed, !item.core_out.empty()) << verdict.counter;
    ASSERT_EQ(verdict.answer.has_value(), !item.line_out.empty()) << verdict.counter;
    if (verdict.answer) EXPECT_EQ(to_hex(verdict.answer->frame()), to_hex(item.line_out.front()));
  }
}

TEST(Cases, TheCaptureHasTheSameFrames) {
  const Vectors vectors = load_field_cases(kCases / "frames.json");
  const std::vector<Bytes> frames = read_frames(kCases / "frames.pcap");
  ASSERT_EQ(frames.size(), vectors.cases.size());
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(to_hex(frames[i]), to_hex(vectors.cases[i].in));
}

}  // namespace
}  // namespace sapulse::traffic
