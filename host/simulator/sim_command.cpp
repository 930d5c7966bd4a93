// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <memory>
#include <utility>

#include "access.h"
#include "capture.h"
#include "commands.h"
#include "latency_plot.h"
#include "lockstep_run.h"
#include "report.h"
#include "sim_options.h"
#include "sim_run.h"

namespace sapulse::command {
namespace {

constexpr std::chrono::milliseconds kProgressPause(500);

using sim::Port;

/// Everything that can be wrong with what the user gave is found out before the first cycle.
struct Inputs {
  sim::CardOptions card;
  Config config;
  std::array<Capture, sim::kPortCount> captures;  // by Port
  std::array<CaptureWriter, sim::kPortCount> writers;
};

/// What the user has to know about how a capture was taken.
void warn_about(const std::string& file, const Capture& capture) {
  if (capture.left_out() != 0) {
    complain(
        fmt::format("warning: {}: {} packets left out, first packet {}: {} below 14 bytes, {} above 9216 bytes, {} "
                    "captured in part, {} not of an Ethernet type",
                    file, capture.left_out(), capture.first_left_out, capture.too_short, capture.too_long,
                    capture.incomplete, capture.no_ethernet));
  }
  if (capture.given_header != 0) {
    complain(fmt::format("warning: {}: {} packets had no Ethernet header, and have been given one", file,
                         capture.given_header));
  }
  if (capture.cut != 0)
    complain(fmt::format("warning: {}: cut off in packet {}, which is left out", file, capture.cut));
}

Result<Capture> load(const std::string& file, const Config& config) {
  if (file.empty()) return Capture{};
  auto capture = read_capture(file, config.card.mac.empty() ? kDefaultDestination : config.card.mac.front());
  if (capture) warn_about(file, *capture);
  return capture;
}

Result<Inputs> prepare(const SimOptions& options) {
  auto card = options.card_options();
  if (!card) return tl::unexpected(card.error());
  auto config = load_config(options.sas, kLargestCapacity, NextField::allowed);
  if (!config) return tl::unexpected(config.error());
  if (config->sas.size() > options.sa_capacity) {
    return failure(Errc::no_space, fmt::format("{}: {} SAs, more than a card of --sa-capacity {} holds", options.sas,
                                               config->sas.size(), options.sa_capacity));
  }
  auto line = load(options.line_in, *config);
  if (!line) return tl::unexpected(line.error());
  auto core = load(options.core_in, *config);
  if (!core) return tl::unexpected(core.error());
  auto line_writer = CaptureWriter::create(options.line_out);
  if (!line_writer) return tl::unexpected(line_writer.error());
  auto core_writer = CaptureWriter::create(options.core_out);
  if (!core_writer) return tl::unexpected(core_writer.error());
  for (const std::string& file : {options.report, options.log_transactions, options.latency_plot}) {
    if (!file.empty() && !std::ofstream(file)) {
      return failure(Errc::io_error, fmt::format("{}: cannot be written", file));
    }
  }
  return Inputs{std::move(*card),
                std::move(*config),
                {std::move(*line), std::move(*core)},
                {std::move(*line_writer), std::move(*core_writer)}};
}

/// A line on the terminal that is rewritten twice a second.
class ProgressLine {
 public:
  void installed(std::size_t done, std::size_t all) { show(fmt::format("{} of {} SAs installed", done, all)); }
  void offered(std::size_t done, std::size_t all, std::uint64_t cycles, double seconds) {
    show(fmt::format("{} of {} frames, {} cycles, {:.1f} kHz", done, all, cycles,
                     static_cast<double>(cycles) / seconds / 1000));
  }
  void finish() const {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }

 private:
  void show(const std::string& text) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + kProgressPause;
    shown_ = true;
    fmt::print(stderr, "\rsapulse: {}\033[K", text);
  }

  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now() + kProgressPause;
  bool shown_ = false;
};

Result<void> write_text(const std::string& file, const std::string& text) {
  if (file.empty()) return {};
  std::ofstream stream(file);
  stream << text;
  stream.close();
  if (!stream) return failure(Errc::io_error, fmt::format("{}: cannot be written", file));
  return {};
}

int card_failed(const Error& error) {
  complain(error.message);
  return exit_device;
}

Result<SimFigures> run_model(SimDevice& device, const Inputs& inputs, Traffic traffic, const FrameSink& sink) {
  ProgressLine line;
  InstallProgress installed;
  Progress offered;
  if (isatty(STDERR_FILENO) != 0) {
    installed = [&](std::size_t done, std::size_t all) { line.installed(done, all); };
    offered = [&](auto... figures) { line.offered(figures...); };
  }
  auto run = SimRun::create(device, inputs.config, inputs.card.pacing.gap, true, installed);
  if (!run) return tl::unexpected(run.error());
  auto figures = (*run)->run(std::move(traffic), sink, offered);
  line.finish();
  return figures;
}

/// Runs both models and tells how they differ.
Result<SimFigures> compare_models(const Inputs& inputs, const Traffic& traffic, const FrameSink& sink) {
  auto result = run_lockstep(inputs.config, inputs.card, traffic, sink);
  if (!result) return tl::unexpected(result.error());
  for (const std::string& difference : result->differences) complain(difference);
  fmt::print("lockstep: {} differences; processor time: rtl {:.3f} s, fast {:.4f} s, {:.0f} times as fast\n",
             result->differences.size(), result->rtl.processor_seconds, result->fast.processor_seconds,
             result->speed());
  if (!result->differences.empty()) return failure(Errc::device_error, "the models differ");
  return std::move(result->rtl);
}

int run_sim(const SimOptions& options) {
  auto inputs = prepare(options);
  if (!inputs) {
    complain(inputs.error().message);
    return exit_usage;
  }
  // Made for lockstep, too: what is wrong with the options shows here.
  auto device = SimDevice::create(inputs->card);
  if (!device) {
    complain(device.error().message);
    return exit_usage;
  }
  Traffic traffic{std::move(inputs->captures[0].frames), std::move(inputs->captures[1].frames)};
  const FrameSink sink = [&](Port port, std::uint64_t nanoseconds, const Frame& frame) {
    inputs->writers[static_cast<std::size_t>(port)].write(nanoseconds, frame);
  };
  const auto figures = options.model == SimModel::lockstep ? compare_models(*inputs, traffic, sink)
                                                           : run_model(**device, *inputs, std::move(traffic), sink);
  for (CaptureWriter& writer : inputs->writers) {
    if (auto closed = writer.close(); !closed) return card_failed(closed.error());
  }
  if (!figures) return card_failed(figures.error());
  if (!options.report.empty()) {
    auto written = write_report(options.report, make_report(options, *figures, inputs->captures));
    if (!written) return card_failed(written.error());
  }
  if (auto written = write_text(options.log_transactions, transaction_lines(figures->traces)); !written) {
    return card_failed(written.error());
  }
  if (auto written = write_text(options.latency_plot, latency_plot(figures->traces)); !written) {
    return card_failed(written.error());
  }
  return exit_good;
}

}  // namespace

void add_sim_command(Command& app) {
  auto options = std::make_shared<SimOptions>();
  Command sim = app.add_command(kSimCommand.name, kSimCommand.what);
  options->add_to(sim);
  sim.on_run([options] { return run_sim(*options); });
}

}  // namespace sapulse::command
