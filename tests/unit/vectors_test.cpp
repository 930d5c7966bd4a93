// SPDX-License-Identifier: Apache-2.0
// The reference against frames and answers that an independent program made.
#include "traffic/vectors.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "traffic/reference.h"

namespace sapulse::traffic {
namespace {

const std::filesystem::path kVectors = std::filesystem::path(SAPULSE_TESTS_DIR) / "vectors" / "frames.json";

TEST(Vectors, ReferenceGivesExactlyTheAnswers) {
  const Vectors vectors = load_vectors(kVectors);
  ASSERT_EQ(vectors.cases.size(), 128U);
  Reference reference(vectors.config);
  for (const VectorCase& item : vectors.cases) {
    SCOPED_TRACE(item.name);
    const Verdict verdict = reference.process(item.in);
    EXPECT_EQ(verdict.outcome == Outcome::passed, !item.core_out.empty());
    if (verdict.outcome == Outcome::passed) {
      EXPECT_EQ(item.core_out.front(), item.in);
    }
    // The device of the vectors sends no errors of that code.
    const bool sends = verdict.answer && verdict.answer->code != code_unsupported;
    ASSERT_EQ(sends, !item.line_out.empty()) << verdict.counter;
    if (!sends) continue;
    std::optional<Telemetry> filled;
    if (verdict.answer->telemetry) {
      filled = verdict.answer->telemetry_of(item.line_out.front());
      ASSERT_TRUE(filled.has_value());
      EXPECT_EQ(filled->t_receive, 1000U);
      EXPECT_EQ(filled->token, read_telemetry(verdict.answer->plaintext).token);
      EXPECT_EQ(filled->token_nonce, read_telemetry(verdict.answer->plaintext).token_nonce);
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
  EXPECT_EQ(counters["keepalive: no answer wanted"], "KEEPALIVE");
  EXPECT_EQ(counters["body R set"], "DROP_BODY");
  EXPECT_EQ(counters["sealed under the customer's key"], "DROP_ICV");
  EXPECT_EQ(counters["header length 4, of revision 1"], "DROP_VERSION");
  EXPECT_EQ(counters["UDP payload of 9 B"], "DROP_SHORT");
  EXPECT_EQ(counters["bad ICV"], "DROP_ICV");
  EXPECT_EQ(counters["bad padding"], "DROP_PADDING");
  EXPECT_EQ(counters["IV and sequence differ"], "DROP_SEQUENCE");
  EXPECT_EQ(counters["bad control checksum"], "DROP_CHECKSUM");
  EXPECT_EQ(counters["unknown SPI, token nonce"], "HOST");
  EXPECT_EQ(counters["clear echo"], "ECHO_ANSWERED");
  EXPECT_EQ(counters["clear echo R, return SPI"], "HOST");
  EXPECT_EQ(counters["clear echo too short"], "DROP_SHORT");
  EXPECT_EQ(counters["clear echo sub-type 3"], "DROP_LENGTH");
  EXPECT_EQ(counters["clear echo UDP v6 without checksum"], "DROP_CHECKSUM");
}

TEST(Vectors, UnusableSourcesHaveOneCounter) {
  const Vectors vectors = load_vectors(kVectors);
  unsigned sources = 0;
  for (const VectorCase& item : vectors.cases) {
    if (!item.name.starts_with("source ") || !item.core_out.empty()) continue;
    EXPECT_EQ(Reference(vectors.config).process(item.in).counter, "DROP_ADDRESS") << item.name;
    ++sources;
  }
  EXPECT_EQ(sources, 13U);
}

TEST(Vectors, ControlKeysAreDerivedAsTheyAreWritten) {
  const nlohmann::json json = nlohmann::json::parse(std::ifstream(kVectors));
  const Vectors vectors = load_vectors(kVectors);
  for (std::size_t i = 0; i < vectors.config.sas.size(); ++i) {
    const Association& sa = vectors.config.sas[i];
    for (const auto& [half, direction] : {std::pair("in", sa.in), std::pair("out", sa.out)}) {
      SCOPED_TRACE(sa.name + " " + half);
      const ControlKey key = sa.control_key(direction);
      EXPECT_EQ(to_hex(key.key), json.at("sas").at(i).at(half).at("control_key").get<std::string>());
      EXPECT_EQ(to_hex(key.salt), json.at("sas").at(i).at(half).at("control_salt").get<std::string>());
    }
  }
  EXPECT_EQ(vectors.config.sas.size(), 12U);
}

}  // namespace
}  // namespace sapulse::traffic
