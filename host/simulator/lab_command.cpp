// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "capture_option.h"
#include "commands.h"
#include "lab.h"
#include "timeline.h"

namespace sapulse::command {
namespace {

struct LabOptions {
  std::string scenario;
  std::string capture;
  sim::ModelKind model = sim::ModelKind::rtl;
  bool json = false;
  bool each_sa = false;
};

/// Says twice a second how far it has come, on a terminal.
class LabProgress {
 public:
  explicit LabProgress(std::chrono::nanoseconds end) : end_(end) {}

  void operator()(std::chrono::nanoseconds time) {
    const auto now = std::chrono::steady_clock::now();
    if (isatty(STDERR_FILENO) == 0 || now < next_) return;
    next_ = now + std::chrono::milliseconds(500);
    fmt::print(stderr, "\rsapulse: {} of {} \033[K\r", milliseconds(time), milliseconds(end_));
  }

 private:
  std::chrono::nanoseconds end_;
  std::chrono::steady_clock::time_point next_;
};

/// Each node has two interfaces, at twice its number. nullptr if no capture is asked for.
Result<std::unique_ptr<capture::TrafficCapture>> open_lab_capture(const LabOptions& options,
                                                                  const lab::Scenario& scenario) {
  if (options.capture.empty()) return nullptr;
  std::vector<capture::PcapngInterface> interfaces;
  for (const lab::NodeSpec& node : scenario.nodes) {
    for (const char* port : {"line", "core"}) interfaces.push_back({.name = fmt::format("{} {}", node.name, port)});
  }
  return open_capture(options.capture, {.read = options.scenario,
                                        .interfaces = std::move(interfaces),
                                        .when_full = capture::WhenFull::wait,
                                        .report = complain});
}

int run_lab(const LabOptions& options) {
  const auto scenario = lab::load_scenario(options.scenario);
  if (!scenario) {
    (void)fail(scenario.error(), options.json);
    return exit_usage;
  }
  const auto capture = open_lab_capture(options, *scenario);
  if (!capture) return fail(capture.error(), options.json);
  lab::Lab::Tap tap;
  if (*capture) {
    tap = [&](lab::NodeIndex node, const PassingFrame& frame) {
      (*capture)->take(static_cast<std::uint32_t>(2 * node + static_cast<std::size_t>(frame.port)), frame);
    };
  }
  TimelinePrinter printer(stdout, options.each_sa);
  const lab::Lab::Observer observer = [&](const lab::TimelineEntry& entry) {
    if (options.json) {
      fmt::print("{}\n", to_json(entry).dump());
    } else {
      printer.add(entry);
    }
  };
  auto made = lab::Lab::create(*scenario, options.model, observer, LabProgress(scenario->duration), tap);
  const auto report = made ? (*made)->run() : Result<lab::LabReport>(tl::unexpected(made.error()));
  printer.finish();
  if (!report) {
    (void)fail(report.error(), options.json);
    return exit_device;
  }
  if (options.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"report", to_json(*report, *scenario)}}.dump());
  } else {
    print_summary(stdout, *report, *scenario);
  }
  const bool captured = *capture == nullptr || (*capture)->close();
  return report->unmet == 0 && captured ? exit_good : exit_device;
}

}  // namespace

void add_lab_command(Command& app) {
  auto options = std::make_shared<LabOptions>();
  Command lab = app.add_command(kLabCommand.name, kLabCommand.what);
  lab.add_option("scenario", options->scenario, "YAML file (docs/lab.md)", {.required = true});
  add_capture_option(lab, options->capture);
  lab.add_choice<sim::ModelKind>("--model", options->model,
                                 {{"rtl", sim::ModelKind::rtl}, {"fast", sim::ModelKind::fast}},
                                 "Verilated cards, or fast models of them");
  lab.add_flag("--json", options->json, "one JSON object per line: the timeline, then the report");
  lab.add_flag("--each-sa", options->each_sa, "show the time of every single SA");
  lab.on_run([options] { return run_lab(*options); });
}

}  // namespace sapulse::command
