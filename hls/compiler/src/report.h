// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "emit/emit.h"
#include "frontend/frontend.h"
#include "graph/graph.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// The schedule of one kernel or module function.
struct ReportEntry {
  std::string name;
  bool is_module;
  const Graph* graph;
  const Schedule* schedule;
  RegisterCount registers;
};

struct ReportTarget {
  double megahertz;  ///< 0: only a level budget was given
  int levels;
};

/// What a report begins with. README.md describes the format.
std::string report_header(const ReportTarget& target);
/// The blocks of a kernel and its module functions; entries in order of dependence, the kernel last.
/// @param levels that a stage has
std::string report(const std::vector<ReportEntry>& entries, int levels);
/// What became of the accesses to memory ports; empty without them.
std::string report_accesses(const Unit& kernel);

}  // namespace sapulse::hlsc
