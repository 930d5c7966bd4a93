// SPDX-License-Identifier: Apache-2.0
#include "lockstep_run.h"

#include <utility>

namespace sapulse::command {
namespace {

Result<Recording> record(const Config& config, const sim::CardOptions& options, const Traffic& traffic,
                         const FrameSink& sink) {
  auto device = SimDevice::create(options);
  if (!device) return tl::unexpected(device.error());
  auto run = SimRun::create(**device, config, options.pacing.gap, false);
  if (!run) return tl::unexpected(run.error());
  Recording recording;
  const FrameSink keep = [&](sim::Port port, std::uint64_t nanoseconds, const Frame& frame) {
    recording.frames[static_cast<std::size_t>(port)].push_back(frame);
    if (sink) sink(port, nanoseconds, frame);
  };
  auto figures = (*run)->run(traffic, keep, {});
  if (!figures) return tl::unexpected(figures.error());
  recording.figures = std::move(*figures);
  return recording;
}

}  // namespace

Result<LockstepResult> run_lockstep(const Config& config, const sim::CardOptions& options, const Traffic& traffic,
                                    const FrameSink& sink) {
  Config unlimited = config;
  for (std::size_t cause = 0; cause < regs::kCauseCount; ++cause) {
    unlimited.card.limits[static_cast<regs::Cause>(cause)] = {};
  }
  sim::CardOptions card = options;
  card.model = sim::ModelKind::rtl;
  auto rtl = record(unlimited, card, traffic, sink);
  if (!rtl) return tl::unexpected(rtl.error());
  card.model = sim::ModelKind::fast;
  card.trace.clear();
  auto fast = record(unlimited, card, traffic, {});
  if (!fast) return tl::unexpected(fast.error());
  auto differences = Lockstep(config).compare(*rtl, *fast, traffic[static_cast<std::size_t>(sim::Port::core)]);
  return LockstepResult{std::move(differences), std::move(rtl->figures), std::move(fast->figures)};
}

}  // namespace sapulse::command
