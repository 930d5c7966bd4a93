// SPDX-License-Identifier: Apache-2.0
// The cases of vectors/frames.json and cases/frames.json through the simulated card: exactly the answers in the files,
// times and data sequence aside.
#include "traffic/vectors.h"

#include <gtest/gtest.h>

#include "bench.h"
#include "traffic/message.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

const std::filesystem::path kTests = SAPULSE_TESTS_DIR;

/// The pair whose outbound half has this SPI.
const Association* outbound(const traffic::Config& config, std::uint32_t spi) {
  for (const Association& sa : config.sas) {
    if (sa.out.spi == spi) return &sa;
  }
  return nullptr;
}

/// The frame of the file with the times and data sequence that the card has put in, and with the token of the nonce
/// that the library has drawn (expect_right judges it), sealed again.
Bytes with_times_of(const traffic::Config& config, const Bytes& wanted, const Bytes& got) {
  constexpr std::size_t kControlAt = 14 + 20 + 8;  // the telemetry cases of the file over IPv4
  const std::size_t control = get16(wanted, 12) == 0x86dd ? kControlAt + 20 : kControlAt;
  const Association* const sa = outbound(config, get32(wanted, control + 8));
  const auto filled = open_nested(*sa, sa->out, View(got).subspan(control + traffic::kControlBytes));
  auto plaintext = open_nested(*sa, sa->out, View(wanted).subspan(control + traffic::kControlBytes));
  if (!filled || !plaintext || !has_telemetry(*filled)) return wanted;
  traffic::Telemetry telemetry = read_telemetry(*plaintext);
  const traffic::Telemetry times = read_telemetry(*filled);
  telemetry.t_receive = times.t_receive;
  telemetry.t_transmit = times.t_transmit;
  telemetry.data_sequence = times.data_sequence;
  telemetry.token = times.token;
  telemetry.token_nonce = times.token_nonce;
  telemetry.flags = static_cast<std::uint8_t>((telemetry.flags & ~2) | (times.flags & 2));
  write_telemetry(*plaintext, telemetry);
  Bytes frame(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(control + traffic::kControlBytes));
  put(frame, nested_packet(*sa, sa->out, get64(wanted, control + traffic::kControlBytes + 8), *plaintext));
  return frame;
}

std::vector<std::string> hex(const std::vector<Bytes>& frames, std::size_t from) {
  std::vector<std::string> lines;
  for (std::size_t i = from; i < frames.size(); ++i) lines.push_back(to_hex(frames[i]));
  return lines;
}

/// The file's device sends no errors about versions, which a device may (protocol section 6).
bool is_error_about_version(const Bytes& frame) {
  constexpr std::size_t kControlAt = 14 + 20 + 8;  // its cases of another version are over IPv4
  return frame.at(kControlAt + 1) == traffic::type_error_clear && frame.at(kControlAt + 2) == traffic::code_unsupported;
}

TEST(SystemVectors, CardGivesExactlyTheAnswers) {
  Vectors vectors = load_vectors(kTests / "vectors" / "frames.json");
  ASSERT_EQ(vectors.cases.size(), 128U);
  for (Association& sa : vectors.config.sas) sa.token_nonce.clear();  // the library draws its own
  Bench bench(vectors.config, {});
  for (const VectorCase& item : vectors.cases) {
    SCOPED_TRACE(item.name);
    const std::size_t line_before = bench.so_far().line_out.size();
    const std::size_t core_before = bench.so_far().core_out.size();
    bench.line(item.in);
    bench.settle();
    std::vector<Bytes> wanted = item.line_out;
    const std::vector<Bytes>& got = bench.so_far().line_out;
    if ((item.name.starts_with("ping telemetry") || item.name == "ping last") && got.size() == line_before + 1) {
      wanted[0] = with_times_of(vectors.config, wanted[0], got.back());
    }
    if (wanted.empty() && got.size() == line_before + 1 && is_error_about_version(got.back()))
      wanted.push_back(got.back());
    EXPECT_EQ(hex(got, line_before), hex(wanted, 0));
    EXPECT_EQ(hex(bench.so_far().core_out, core_before), hex(item.core_out, 0));
  }
  expect_right(vectors.config, bench.result());
}

TEST(SystemVectors, CardDoesWhatIsExpectedOfFramesFromTheField) {
  const Vectors vectors = load_field_cases(kTests / "cases" / "frames.json");
  ASSERT_EQ(vectors.cases.size(), 14U);
  for (const VectorCase& item : vectors.cases) {
    SCOPED_TRACE(item.name);
    Bench bench(vectors.config, {});
    bench.line(item.in);
    bench.settle();
    EXPECT_EQ(hex(bench.so_far().line_out, 0), hex(item.line_out, 0));
    EXPECT_EQ(hex(bench.so_far().core_out, 0), hex(item.core_out, 0));
    expect_right(vectors.config, bench.result());
  }
}

}  // namespace
}  // namespace sapulse::test
