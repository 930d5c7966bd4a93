// SPDX-License-Identifier: Apache-2.0
// Compares what a card did with what the reference says: every frame, every byte, every counter.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bytes.h"
#include "config.h"

namespace sapulse::traffic {

using Counters = std::map<std::string, std::uint64_t>;

/// What went into a card and what came out.
struct Run {
  std::vector<Bytes> line_in;
  std::vector<Bytes> core_in;
  std::vector<Bytes> line_out;
  std::vector<Bytes> core_out;
  std::set<std::size_t> damaged;  ///< positions in line_in of frames that the MAC has marked bad
  Counters counters;              ///< by the names of registers.yaml; an absent one counts as zero
};

struct CheckOptions {
  bool allow_overflow = false;         ///< control frames may be lost, counted by DROP_OVERFLOW
  bool errors_may_be_missing = false;  ///< rate limits hold answers of the host back, or there is no host
  bool counters = true;                ///< compare the counters; false: the run is a part of a larger one
  std::size_t max_reports = 20;        ///< discrepancies spelled out
};

struct CheckResult {
  std::vector<std::string> discrepancies;  ///< one clear line each; empty when all is well
  Counters expected;                       ///< counters as the reference says
  std::size_t replies = 0;                 ///< encrypted replies verified byte for byte
  std::size_t replies_aes256 = 0;          ///< of these
  std::size_t replies_telemetry = 0;       ///< of these
  std::size_t echoes = 0;                  ///< clear echo replies verified
  std::size_t errors = 0;                  ///< clear errors verified
  std::size_t host_echoes = 0;             ///< clear echo replies of the host verified
  std::size_t held_back = 0;               ///< errors and echo replies of the host not sent, for instance over a limit
  std::size_t overflowed = 0;              ///< good requests that the card counted as lost
  std::size_t customer_in = 0;             ///< line frames passed
  std::size_t customer_out = 0;            ///< core frames passed
};

/// Frames are counted from 1 in messages, as in capture tools.
CheckResult check_run(const Config& config, const Run& run, const CheckOptions& options = {});

}  // namespace sapulse::traffic
