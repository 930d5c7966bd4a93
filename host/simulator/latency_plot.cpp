// SPDX-License-Identifier: Apache-2.0
#include "latency_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace sapulse::command {
namespace {

using sim::FrameTrace;
using sim::kStageCount;
using sim::kStageNames;
using sim::Stage;

constexpr int kLeft = 70;
constexpr int kTop = 60;
constexpr int kRow = 12;
constexpr int kWidth = 900;
/// Of the part that ends with each stage; the first has no part.
constexpr std::array<const char*, kStageCount> kColours{"",        "#4e79a7", "#f28e2b", "#e15759",
                                                        "#76b7b2", "#59a14f", "#b07aa1"};

std::vector<FrameTrace> sent_frames(std::span<const FrameTrace> traces) {
  std::vector<FrameTrace> sent;
  std::ranges::copy_if(traces, std::back_inserter(sent),
                       [](const FrameTrace& t) { return t[Stage::sent].has_value(); });
  std::ranges::sort(sent, {}, &FrameTrace::number);
  sent.resize(std::min(sent.size(), kPlottedFrames));
  return sent;
}

std::uint64_t latency(const FrameTrace& trace) { return trace.at(Stage::sent) - trace.at(Stage::received); }

std::string bar(const FrameTrace& trace, int y, double scale) {
  std::string svg =
      fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", kLeft - 6, y + kRow - 3, trace.number);
  std::uint64_t begin = trace.at(Stage::received);
  for (std::size_t i = 1; i < kStageCount; ++i) {
    const auto& reached = trace.cycles[i];
    if (!reached) continue;
    const std::uint64_t end = std::max(begin, *reached);
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" fill=\"{}\"><title>until {}: {} "
        "cycles</title></rect>\n",
        kLeft + static_cast<double>(begin - trace.at(Stage::received)) * scale, y,
        static_cast<double>(end - begin) * scale, kRow - 2, kColours[i], kStageNames[i], end - begin);
    begin = end;
  }
  return svg + fmt::format("<text x=\"{:.1f}\" y=\"{}\">{}</text>\n",
                           kLeft + static_cast<double>(latency(trace)) * scale + 4, y + kRow - 3, latency(trace));
}

/// Of the frames that reached every stage, which are the answered pings: median of the cycles before one of them.
std::optional<std::uint64_t> median_before(std::size_t stage, std::span<const FrameTrace> frames) {
  std::vector<std::uint64_t> cycles;
  for (const FrameTrace& frame : frames) {
    const bool is_whole = std::ranges::all_of(frame.cycles, [](const auto& reached) { return reached.has_value(); });
    const auto& begin = frame.cycles[stage - 1];
    const auto& end = frame.cycles[stage];
    if (is_whole && begin && end) cycles.push_back(*end - std::min(*end, *begin));
  }
  if (cycles.empty()) return std::nullopt;
  const auto middle = cycles.begin() + static_cast<std::ptrdiff_t>(cycles.size() / 2);
  std::ranges::nth_element(cycles, middle);
  return *middle;
}

std::string legend(std::span<const FrameTrace> frames) {
  std::string svg;
  for (std::size_t i = 1; i < kStageCount; ++i) {
    const auto x = kLeft + static_cast<int>(i - 1) * 130;
    const auto median = median_before(i, frames);
    svg += fmt::format(
        "<rect x=\"{}\" y=\"32\" width=\"10\" height=\"10\" fill=\"{}\"/><text x=\"{}\" y=\"41\">until {}{}</text>\n",
        x, kColours[i], x + 14, kStageNames[i], median ? fmt::format(": {}", *median) : "");
  }
  return svg;
}

}  // namespace

std::string transaction_lines(std::span<const FrameTrace> traces) {
  std::string text;
  for (const FrameTrace& trace : traces) {
    nlohmann::ordered_json line{{"frame", trace.number}};
    for (std::size_t i = 0; i < kStageCount; ++i) {
      if (const auto& reached = trace.cycles[i]) line[std::string(kStageNames[i])] = *reached;
    }
    text += line.dump() + '\n';
  }
  return text;
}

std::string latency_plot(std::span<const FrameTrace> traces) {
  const std::vector<FrameTrace> frames = sent_frames(traces);
  std::uint64_t longest = 1;
  for (const FrameTrace& frame : frames) longest = std::max(longest, latency(frame));
  const double scale = static_cast<double>(kWidth) / static_cast<double>(longest);
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" font-family=\"sans-serif\" "
      "font-size=\"10\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      "<text x=\"{}\" y=\"18\" font-size=\"13\">cycles from a frame's first beat in to its first beat out; {} of {} "
      "frames; with numbers: medians of the answered pings</text>\n",
      kLeft + kWidth + 60, kTop + static_cast<int>(frames.size()) * kRow + 10, kLeft, frames.size(), traces.size());
  svg += legend(frames);
  int y = kTop;
  for (const FrameTrace& frame : frames) {
    svg += bar(frame, y, scale);
    y += kRow;
  }
  return svg + "</svg>\n";
}

}  // namespace sapulse::command
