// SPDX-License-Identifier: Apache-2.0
#include "sim_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <utility>

namespace sapulse::command {
namespace {

using sim::Port;

constexpr std::array kPorts{Port::line, Port::core};
// Far longer than any pause of a bus model (99 % stalls: 100 cycles in the mean).
constexpr std::uint64_t kStuckCycles = 20'000;
// A frame on its way through the card moves on within fewer cycles.
constexpr std::uint64_t kRestCycles = 1'000;
constexpr unsigned kTimeFractionBits = 32;

constexpr std::size_t index(Port port) { return static_cast<std::size_t>(port); }

/// Makes the clock of the card agree with the timestamps of the output captures.
Result<void> set_clock(SimDevice& device, Card& card) {
  const double nanoseconds = 1000.0 / device.card().options().clock_mhz;
  const auto increment = static_cast<std::uint64_t>(std::llround(std::ldexp(nanoseconds, kTimeFractionBits)));
  const std::uint32_t low = regs::offset::kTimeIncrement;
  if (auto done = device.write32(low, static_cast<std::uint32_t>(increment)); !done) return done;
  if (auto done = device.write32(low + 4, static_cast<std::uint32_t>(increment >> 32)); !done) return done;
  return card.set_time(device.card().nanoseconds(device.card().cycle()));
}

/// What is drawn by chance elsewhere: token nonces follow from the SPIs, sequence numbers begin with 1.
Config without_chance(Config config) {
  for (SaParameters& sa : config.sas) {
    if (!sa.next) sa.next = 1;
    TokenNonce& nonce = sa.token_nonce.emplace();
    for (std::size_t i = 0; i < sizeof sa.in.spi; ++i) {
      nonce[nonce.size() - 1 - i] = static_cast<std::uint8_t>(sa.in.spi >> (8 * i));
    }
  }
  return config;
}

}  // namespace

Result<std::unique_ptr<SimRun>> SimRun::create(SimDevice& device, const Config& config, std::uint64_t gap, bool limited,
                                               InstallProgress progress) {
  std::unique_ptr<SimRun> run(new SimRun(device, config, gap));
  // The same seed shall give the same run: nothing is left to chance and to the clock.
  EndpointOptions options;
  options.card.start.emplace();
  options.errors.hash_key = std::array<std::uint8_t, 16>{};
  options.progress = std::move(progress);
  if (!limited) options.errors.per_cause = options.errors.per_source = {};
  auto endpoint = Endpoint::open(device, without_chance(config), options);
  if (!endpoint) return tl::unexpected(endpoint.error());
  run->endpoint_ = std::move(*endpoint);
  if (auto set = set_clock(device, run->endpoint_->card()); !set) return tl::unexpected(set.error());
  return run;
}

Result<SimFigures> SimRun::run(Traffic frames, const FrameSink& sink, const Progress& progress) {
  using Clock = std::chrono::steady_clock;
  sim::Card& card = device_.card();
  line_frames_ = std::move(frames[index(Port::line)]);
  core_frames_ = std::move(frames[index(Port::core)]);
  for (const Frame& frame : line_frames_) {
    if (auto sent = card.send(Port::line, frame); !sent) return tl::unexpected(sent.error());
  }
  for (const Frame& frame : core_frames_) {
    if (auto sent = card.send(Port::core, frame); !sent) return tl::unexpected(sent.error());
  }
  const std::size_t all = line_frames_.size() + core_frames_.size();
  const std::uint64_t first_cycle = card.cycle();
  const auto start = Clock::now();
  const std::clock_t processor_start = std::clock();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };

  for (bool done = false; !done;) {
    if (auto moved = advance(sink); !moved) return tl::unexpected(moved.error());
    const auto now_finished = finished();
    if (!now_finished) return tl::unexpected(now_finished.error());
    done = *now_finished;
    if (progress)
      progress(all - card.pending(Port::line) - card.pending(Port::core), all, card.cycle() - first_cycle, elapsed());
  }

  SimFigures figures;
  figures.cycles = card.cycle() - first_cycle;
  figures.seconds = elapsed();
  figures.processor_seconds = static_cast<double>(std::clock() - processor_start) / CLOCKS_PER_SEC;
  for (const Port port : kPorts) figures.ports[index(port)] = {card.received(port), card.transmitted(port)};
  const auto counters = endpoint_->card().counters();
  if (!counters) return tl::unexpected(counters.error());
  figures.counters = *counters;
  figures.reply_cycles = std::move(reply_cycles_);
  figures.latencies = matcher_.latencies();
  figures.exceptions = std::move(exceptions_);
  figures.traces = card.take_traces();
  std::ranges::sort(figures.traces, {}, &sim::FrameTrace::number);
  if (auto balanced = check_balance(*counters); !balanced) return tl::unexpected(balanced.error());
  if (auto closed = endpoint_->close(); !closed) return tl::unexpected(closed.error());
  return figures;
}

Result<void> SimRun::advance(const FrameSink& sink) {
  if (auto relaxed = device_.relax(); !relaxed) return relaxed;
  collect_inputs();
  collect_outputs(sink);
  const auto handled =
      endpoint_->poll([this](const Exception& exception, ErrorVerdict) { exceptions_.push_back(exception); });
  if (!handled) return tl::unexpected(handled.error());
  return check_progress();
}

Result<bool> SimRun::finished() {
  const sim::Card& card = device_.card();
  for (const Port port : kPorts) {
    if (card.pending(port) != 0) return false;
  }
  if (card.transferring() || card.cycle() - card.last_activity() < kRestCycles) return false;
  return endpoint_->quiet();
}

Result<void> SimRun::check_progress() const {
  const sim::Card& card = device_.card();
  if (card.cycle() - card.last_activity() < kStuckCycles + gap_) return {};
  return failure(
      Errc::timeout,
      fmt::format("the card stopped: nothing has moved since cycle {}; {} line and {} core frames are waiting",
                  card.last_activity(), card.pending(Port::line), card.pending(Port::core)));
}

void SimRun::collect_inputs() {
  for (const sim::InputTime& time : device_.card().take_input_times(Port::line)) {
    const Frame& frame = line_frames_[line_seen_++];
    const auto key = parser_.parse(frame);
    if (key && !key->reply) matcher_.request(*key, frame, time.first_cycle);
  }
  (void)device_.card().take_input_times(Port::core);
}

void SimRun::collect_outputs(const FrameSink& sink) {
  for (const Port port : kPorts) {
    for (const sim::OutputFrame& output : device_.card().take_output(port)) {
      sink(port, device_.card().nanoseconds(output.first_cycle), output.bytes);
      if (port == Port::line) note_line_output(output);
    }
  }
}

void SimRun::note_line_output(const sim::OutputFrame& output) {
  // What comes from the core side leaves in order and unchanged; everything else is the card's own.
  if (core_passed_ < core_frames_.size() && output.bytes == core_frames_[core_passed_]) {
    ++core_passed_;
    return;
  }
  const auto key = parser_.parse(output.bytes);
  if (!key || !key->reply) return;
  matcher_.reply(*key, output.first_cycle);
  reply_cycles_.push_back(output.first_cycle);
}

Result<void> SimRun::check_balance(const Counters& counters) const {
  const sim::Card& card = device_.card();
  if (const auto lost = counters.unaccounted(); lost != 0) {
    return failure(Errc::device_error, fmt::format("the card does not account for {} frames of the line side", lost));
  }
  if (core_passed_ != card.received(Port::core).frames) {
    return failure(Errc::device_error,
                   fmt::format("of {} frames from the core side only {} left unchanged and in order on the line side",
                               card.received(Port::core).frames, core_passed_));
  }
  return {};
}

}  // namespace sapulse::command
