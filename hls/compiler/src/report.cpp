// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "schedule/delay.h"

namespace sapulse::hlsc {

namespace {

int stage_of_output(const ReportEntry& e, int stream) {
  for (NodeId s : e.graph->sinks) {
    const Node& n = (*e.graph)[s];
    if (n.op == Op::output && n.aux == stream) return e.schedule->stage[s];
  }
  return -1;
}

std::string streams(const ReportEntry& e) {
  std::string r;
  for (std::size_t i = 0; i < e.graph->streams.size(); i++) {
    const Stream& s = e.graph->streams[i];
    r += fmt::format("  stream {} {}: {} bits", s.is_input ? "in " : "out", s.name, s.width);
    const int stage = s.is_input ? -1 : stage_of_output(e, static_cast<int>(i));
    // the output queue adds one cycle
    if (stage >= 0)
      r += fmt::format(", latency {} cycles, queue of {} words", stage + 1, queue_depth(stage, e.schedule->interval));
    r += "\n";
  }
  return r;
}

std::string stages(const ReportEntry& e) {
  std::string r = "  stage  levels  register bits in front\n";
  for (std::size_t s = 0; s < e.schedule->stage_levels.size(); s++) {
    r += fmt::format("  {:5}  {:6}  {:22}\n", s, e.schedule->stage_levels[s], s ? e.registers.pipeline[s] : 0);
  }
  return r;
}

std::string table(const Table& t, const std::map<int, int>& reads_of_stage) {
  int reads = 0, pairs = 0;
  for (auto [stage, n] : reads_of_stage) {
    reads += n;
    pairs += (n + 1) / 2;
  }
  const std::string where =
      t.block_ram ? fmt::format("{} reads in {} block RAMs", reads, pairs) : fmt::format("{} instances", reads);
  return fmt::format("  table {}: {} x {} bits, {}\n", t.name, t.words.size(), t.width, where);
}

std::string memories(const ReportEntry& e) {
  std::map<int, int> ram_ports, calls;
  std::map<int, std::map<int, int>> rom_reads;  // by table and stage
  for (NodeId i = 0; i < e.graph->size(); i++) {
    const Node& n = (*e.graph)[i];
    if (e.schedule->stage[i] < 0) continue;
    if (n.op == Op::ram_read) ram_ports[n.aux]++;
    if (n.op == Op::rom) rom_reads[n.aux][e.schedule->stage[i]]++;
    if (n.op == Op::call) calls[n.aux]++;
  }
  std::string r;
  for (auto [m, ports] : ram_ports) {
    const Memory& x = e.graph->memories[m];
    r += fmt::format("  memory {}: {} x {} bits in {}, {} copies\n", x.name, x.depth, x.width,
                     x.lut_ram ? "LUT RAM" : "block RAM", ports);
  }
  for (const auto& [t, reads] : rom_reads) r += table(e.graph->tables[t], reads);
  for (auto [m, count] : calls) {
    const SubModule& x = e.graph->modules[m];
    const std::string instances =
        x.instances ? fmt::format("{} calls on {} instances", count, x.instances) : fmt::format("{} instances", count);
    r += fmt::format("  {} {}: {}, latency {}\n", x.is_product ? "multiplier" : "module", x.name, instances, x.latency);
  }
  return r;
}

std::string recurrences(const ReportEntry& e, int budget) {
  std::string r;
  for (const Recurrence& x : e.schedule->recurrences) {
    const std::string cycles = x.cycles > 1 ? fmt::format(", {} cycles", x.cycles) : "";
    r += fmt::format("  recurrence {}: {} levels in stage {}{}{}{}\n", x.names, x.levels, x.stage, cycles,
                     x.controls_reads ? ", controls reads" : "", x.levels > budget ? ", TOO SLOW" : "");
  }
  return r;
}

std::string entry(const ReportEntry& e, int budget) {
  const int worst = *std::max_element(e.schedule->stage_levels.begin(), e.schedule->stage_levels.end());
  std::string r = fmt::format("{} {}\n", e.is_module ? "module" : "kernel", e.name);
  const std::string depth =
      e.is_module ? "latency" : fmt::format("initiation interval {}, depth", e.schedule->interval);
  r += fmt::format("  stages: {}, {} {} cycles\n", e.schedule->last_stage + 1, depth, e.schedule->last_stage);
  r += fmt::format("  LUT levels: {} of {}\n", worst, budget);
  r += fmt::format("  registers: {} pipeline bits, {} state bits ({} moves by retiming saved {} bits)\n",
                   e.registers.pipeline_total(), e.registers.state, e.schedule->moves, e.schedule->saved_bits);
  r += streams(e) + memories(e) + recurrences(e, budget) + stages(e);
  for (const TimingViolation& v : e.schedule->violations)
    r += fmt::format("  {}: too slow: {}\n", v.where.text(), v.text);
  return r + "\n";
}

}  // namespace

std::string report_header(const ReportTarget& target) {
  std::string r = fmt::format("hlsc schedule report\nbudget: {} LUT levels per stage", target.levels);
  if (target.megahertz > 0) r += fmt::format(" for {} MHz", target.megahertz);
  return r + fmt::format("\nmodel: {} ns per level, {} ns overhead (estimates, not timing closure)\n\n",
                         delay::kLevelNs, delay::kOverheadNs);
}

std::string report(const std::vector<ReportEntry>& entries, int levels) {
  std::string r;
  for (auto it = entries.rbegin(); it != entries.rend(); ++it) r += entry(*it, levels);
  return r;
}

std::string report_accesses(const Unit& kernel) {
  if (kernel.memory_accesses.empty()) return "";
  std::string r = fmt::format("memory accesses of {}\n", kernel.name);
  for (const std::string& a : kernel.memory_accesses) r += fmt::format("  {}\n", a);
  return r + "\n";
}

}  // namespace sapulse::hlsc
