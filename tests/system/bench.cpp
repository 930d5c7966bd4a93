// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <span>
#include <stdexcept>
#include <utility>

#include "support/convert.h"

namespace sapulse::test {

namespace {

/// Fixed, so that equal seeds give equal runs.
constexpr std::array<std::uint8_t, 16> kHashKey = {};

}  // namespace

Bench::Bench(const traffic::Config& config, const BenchOptions& options) : options_(options) {
  sim::CardOptions card;
  card.model = options.model;
  card.kernels = options.kernels;
  card.sa_capacity = options.capacity;
  card.seed = options.seed;
  card.pacing = {.line_rate = options.line_rate, .gap = options.gap};
  card.source_stall_percent = options.source_stall;
  card.sink_stall_percent = options.sink_stall;
  card.trace_frames = true;  // a frame that cannot be followed is a violation
  device_ = must(SimDevice::create(card), "card");
  // Which sources share a bucket depends on the seed alone.
  start_ = must(CardStart::fresh(), "start");
  std::mt19937_64 random(options.seed);
  start_.transaction_seed = static_cast<std::uint32_t>(random());
  start_.source_key = random();
  open(config);
}

void Bench::open(const traffic::Config& config) {
  const Config parsed =
      must(parse_config(traffic::to_yaml(config), "test", options_.capacity, NextField::allowed), "configuration");
  const CardOptions card{.command_timeout = options_.command_timeout, .start = start_};
  endpoint_ = must(Endpoint::open(*device_, parsed, {.card = card, .errors = {.hash_key = kHashKey}}), "endpoint");
}

void Bench::restart(const traffic::Config& config) {
  constexpr std::uint64_t kStep = 100;
  must(device_->reset(), "reset");
  endpoint_.reset();  // takes the memory of its rings away
  while (card().pending(sim::Port::line) != 0 || card().pending(sim::Port::core) != 0 || card().transferring()) {
    card().step(kStep);
  }
  collect();
  run_ = {};
  line_output_.clear();
  core_output_.clear();
  line_input_.clear();
  exceptions_ = 0;
  open(config);
}

void Bench::reset_forgiving_dma_faults() {
  constexpr std::size_t kMostKept = 100;
  const auto& violations = card().violations();
  for (; forgiven_ < violations.size(); ++forgiven_) {
    const sim::Violation& violation = violations[forgiven_];
    if (violation.kind == sim::Violation::Kind::dma_fault) continue;
    throw std::runtime_error(fmt::format("cycle {}: {}", violation.cycle, violation.message));
  }
  if (forgiven_ >= kMostKept) throw std::runtime_error("more DMA faults than the card keeps");
  // The device tells one at each call.
  while (!device_->reset()) {
  }
}

Bench::~Bench() = default;

void Bench::line(const traffic::Bytes& frame, bool damaged) {
  must(card().send(sim::Port::line, to_frame(frame), damaged), "line frame");
  if (damaged) run_.damaged.insert(run_.line_in.size());
  run_.line_in.push_back(frame);
}

void Bench::core(const traffic::Bytes& frame) {
  must(card().send(sim::Port::core, to_frame(frame)), "core frame");
  run_.core_in.push_back(frame);
}

void Bench::poll() {
  exceptions_ += must(endpoint_->poll(), "poll");
  must(device_->relax(), "card");
}

void Bench::step(std::uint64_t cycles) {
  const std::uint64_t end = card().cycle() + cycles;
  while (card().cycle() < end) poll();
  collect();
}

bool Bench::at_rest() {
  return card().pending(sim::Port::line) == 0 && card().pending(sim::Port::core) == 0 && !card().transferring() &&
         must(endpoint_->quiet(), "quiet");
}

void Bench::settle() {
  constexpr std::uint64_t kRest = 1000;  // longer than anything takes that moves no beat
  while (!at_rest() || card().cycle() - card().last_activity() < kRest) {
    poll();
    collect();  // at once, so that the card need not keep it as well
    if (card().cycle() - card().last_activity() > options_.patience) {
      throw std::runtime_error(fmt::format("stuck: nothing has moved for {} cycles, {} and {} frames are waiting",
                                           options_.patience, card().pending(sim::Port::line),
                                           card().pending(sim::Port::core)));
    }
  }
  collect();
}

void Bench::collect() {
  for (sim::OutputFrame& frame : card().take_output(sim::Port::line)) {
    run_.line_out.push_back(to_bytes(frame.bytes));
    line_output_.push_back(std::move(frame));
  }
  for (sim::OutputFrame& frame : card().take_output(sim::Port::core)) {
    run_.core_out.push_back(to_bytes(frame.bytes));
    core_output_.push_back(std::move(frame));
  }
  for (const sim::InputTime& time : card().take_input_times(sim::Port::line)) line_input_.push_back(time);
  std::ranges::copy(card().take_traces(), std::back_inserter(traces_));
}

traffic::Run Bench::result() {
  collect();
  for (const sim::Violation& violation : std::span(card().violations()).subspan(forgiven_)) {
    ADD_FAILURE() << "cycle " << violation.cycle << ": " << violation.message;
  }
  traffic::Run run = run_;
  run.counters = named(must(endpoint_->card().counters(), "counters"));
  return run;
}

void expect_right(const traffic::Config& config, const traffic::Run& run, const traffic::CheckOptions& options) {
  const traffic::CheckResult result = traffic::check_run(config, run, options);
  for (const std::string& discrepancy : result.discrepancies) ADD_FAILURE() << discrepancy;
  fmt::print(
      "{} line and {} core frames in; {} replies, {} clear echoes and {} errors verified; {} passed, {} lost, {} "
      "answers of the host held back\n",
      run.line_in.size(), run.core_in.size(), result.replies, result.echoes, result.errors, result.customer_in,
      result.overflowed, result.held_back);
}

}  // namespace sapulse::test
