// SPDX-License-Identifier: Apache-2.0
// Constant tables: modules of their own, which synthesis handles best. Verilator gets a constant array, which it keeps
// once for all instances; initial blocks would be repeated for each of them.
#include "emit/emitter.h"
#include "emit/stream_ports.h"
#include "fmt/format.h"
#include "llvm/Support/MathExtras.h"

namespace sapulse::hlsc {

namespace {

constexpr unsigned kWordsInALine = 8;

unsigned count_of(const Table& t) { return static_cast<unsigned>(t.words.size()); }
unsigned address_bits(const Table& t) { return std::max(1U, llvm::Log2_32_Ceil(count_of(t))); }

APInt word_at(const Table& t, unsigned i) { return i < count_of(t) ? t.words[i] : APInt(t.width, 0); }

/// All words that an address can name, those beyond the last one as zeros.
std::string array_text(const Table& t) {
  const unsigned depth = 1U << address_bits(t);
  std::string words;
  for (unsigned i = 0; i < depth; i++) {
    words +=
        fmt::format("{}{}{}", i % kWordsInALine ? " " : "\n      ", literal(word_at(t, i)), i + 1 < depth ? "," : "");
  }
  return words;
}

/// The same as one vector: a task that is not inlined may only use constants, which an unpacked array is not to
/// Verilator.
std::string vector_text(const Table& t) {
  std::string words;
  for (unsigned i = 1U << address_bits(t); i-- > 0;) {
    words += fmt::format("{}{}{}", i % kWordsInALine == kWordsInALine - 1 ? "\n      " : " ", literal(word_at(t, i)),
                         i ? "," : "");
  }
  return words;
}

std::string initial_text(const Table& t) {
  std::string words;
  for (unsigned i = 0; i < count_of(t); i++) {
    words += fmt::format("{}rom[{}] = {};", i % kWordsInALine ? " " : "\n    ", i, literal(t.words[i]));
  }
  return words;
}

std::string lut_rom(const std::string& name, const Table& t) {
  return fmt::format(
      "module {0}_rom (\n    input  wire {1}address,\n    output wire {2}word\n);\n"
      "`ifdef VERILATOR\n  localparam logic {2}WORDS[0:{3}] = '{{{4}}};\n  assign word = WORDS[address];\n"
      "`else\n  reg {2}rom[0:{5}];\n  initial begin{6}\n  end\n  assign word = rom[address];\n`endif\nendmodule\n\n",
      name, range(address_bits(t)), range(t.width), (1U << address_bits(t)) - 1, array_text(t), count_of(t) - 1,
      initial_text(t));
}

/// A block RAM has two ports, so that two reads share it.
std::string block_rom(const std::string& name, const Table& t) {
  std::string read;
  for (const char* port : {"a", "b"}) {
    read += fmt::format("  always @(posedge clk) word_{0} <= rom[address_{0}];\n", port);
  }
  return fmt::format(
      "module {0}_rom (\n    input  wire clk,\n    input  wire {1}address_a,\n    output reg  {2}word_a,\n"
      "    input  wire {1}address_b,\n    output reg  {2}word_b\n);\n"
      "`ifdef VERILATOR\n  localparam logic {2}rom[0:{3}] = '{{{4}}};\n"
      "`else\n  (* rom_style = \"block\" *) reg {2}rom[0:{5}];\n  initial begin{6}\n  end\n`endif\n{7}endmodule\n\n",
      name, range(address_bits(t)), range(t.width), (1U << address_bits(t)) - 1, array_text(t), count_of(t) - 1,
      initial_text(t), read);
}

}  // namespace

std::string Emitter::table_name(int table) const { return module_name_ + "_" + g_.tables[table].name; }

void Emitter::tables() {
  for (std::size_t i = 0; i < g_.tables.size(); i++) {
    const Table& t = g_.tables[i];
    const std::string name = table_name(static_cast<int>(i));
    table_modules_ += t.block_ram ? block_rom(name, t) : lut_rom(name, t);
    if (is_kernel_ || t.block_ram) continue;
    tasks_ +=
        fmt::format("  localparam logic [{}:0] {} = {{{}}};\n", (t.width << address_bits(t)) - 1, name, vector_text(t));
  }
}

void Emitter::rom(NodeId i) {
  const Node& n = g_[i];
  if (g_.tables[n.aux].block_ram) {  // the instance: pairs_of_roms()
    out_ += fmt::format("  wire {}{};{}\n", range(n.width), name_[i], location_comment(i));
    return;
  }
  const std::string address = reference(n.in[0], stage(i)), table = table_name(n.aux);
  if (in_task_) {
    define(n.width, name_[i], fmt::format("{0}[{1} * {2} +: {1}]", table, n.width, address));
    return;
  }
  out_ += fmt::format("  wire {0}{1};\n  {2}_rom u_{1} (.address({3}), .word({1}));{4}\n", range(n.width), name_[i],
                      table, address, location_comment(i));
}

/// Two reads of a table in block RAM that happen in the same stage have one RAM.
void Emitter::pairs_of_roms(int s) {
  std::map<int, std::vector<NodeId>> reads;  // by table
  for (NodeId i : by_stage_[s]) {
    if (g_[i].op == Op::rom && g_.tables[g_[i].aux].block_ram) reads[g_[i].aux].push_back(i);
  }
  for (const auto& [table, nodes] : reads) {
    for (std::size_t k = 0; k < nodes.size(); k += 2) {
      const NodeId first = nodes[k];
      context_ = name_[first];
      rom_ports_[first] = {first, 'a'};
      std::string second = fmt::format(".address_b({}), .word_b()", literal(APInt(address_bits(g_.tables[table]), 0)));
      if (k + 1 < nodes.size()) {
        const NodeId other = nodes[k + 1];
        rom_ports_[other] = {first, 'b'};
        second = fmt::format(".address_b({}), .word_b({})", reference(g_[other].in[0], s - 1), name_[other]);
      }
      const std::string address = reference(g_[first].in[0], s - 1);
      out_ += fmt::format("  {}_rom u_{} (.clk({}), .address_a({}), .word_a({}), {});\n", table_name(table),
                          name_[first], clock(), address, name_[first], second);
    }
  }
}

}  // namespace sapulse::hlsc
