// SPDX-License-Identifier: Apache-2.0
#include "session.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iterator>
#include <stdexcept>

#include "sapulse/registers.h"
#include "support/convert.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kMostSas = 65536;  // the largest card; a smaller one refuses what does not fit
/// Errors are never held back, so that each run can be told exactly.
constexpr ErrorResponderOptions kNoLimits{.per_cause = {}, .per_source = {}, .hash_key = {}};

void append(std::vector<traffic::Bytes>& to, std::vector<traffic::Bytes> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

Session::Session(Rig& rig, const traffic::Config& config, const CardOptions& options) : rig_(rig) {
  const Config parsed =
      must(parse_config(traffic::to_yaml(config), "test", kMostSas, NextField::allowed), "configuration");
  endpoint_ = must(Endpoint::open(rig.device(), parsed, {.card = options, .errors = kNoLimits}), "endpoint");
  // Register writes may be under way still, and frames take another way to the card: a read waits for all of them.
  must(rig.device().read32(regs::offset::kId), "ID");
}

void Session::line(const traffic::Bytes& frame) {
  rig_.send(Side::line, frame);
  run_.line_in.push_back(frame);
}

void Session::core(const traffic::Bytes& frame) {
  rig_.send(Side::core, frame);
  run_.core_in.push_back(frame);
}

void Session::poll() {
  exceptions_ += must(endpoint_->poll(), "poll");
  must(rig_.device().relax(), "card");
  append(run_.line_out, rig_.take(Side::line));
  append(run_.core_out, rig_.take(Side::core));
}

void Session::until(const std::function<bool()>& condition, const char* what) {
  constexpr unsigned kPollsPerLook = 16;  // looking costs register accesses
  const std::uint64_t start = must(card().time(), "time");
  while (!condition()) {
    if (must(card().time(), "time") - start > static_cast<std::uint64_t>(kPatience.count())) {
      throw std::runtime_error(fmt::format("{}: not within {} ns", what, kPatience.count()));
    }
    for (unsigned i = 0; i < kPollsPerLook; ++i) poll();
  }
}

bool Session::has_received_all() {
  const Counters counters = must(card().counters(), "counters");
  return counters[Counter::line_rx_frames] == run_.line_in.size() &&
         counters[Counter::core_rx_frames] == run_.core_in.size();
}

bool Session::at_rest() {
  // In this order: a card that runs by itself may receive the last frame between two looks, and only a card that has it
  // and is quiet thereafter has told the host what becomes of it.
  if (!has_received_all() || !must(endpoint_->quiet(), "quiet")) return false;
  const Counters counters = must(card().counters(), "counters");
  return counters[Counter::line_tx_frames] == run_.line_out.size() &&
         counters[Counter::core_tx_frames] == run_.core_out.size() && counters.unaccounted() == 0;
}

void Session::settle() {
  until([this] { return at_rest(); }, "card at rest");
}

traffic::Run Session::result() {
  traffic::Run run = run_;
  run.counters = named(must(card().counters(), "counters"));
  return run;
}

void expect_right(const traffic::Config& config, const traffic::Run& run) {
  for (const std::string& discrepancy : traffic::check_run(config, run).discrepancies) ADD_FAILURE() << discrepancy;
}

}  // namespace sapulse::test
