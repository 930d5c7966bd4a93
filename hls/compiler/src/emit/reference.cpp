// SPDX-License-Identifier: Apache-2.0
#include "emit/reference.h"

#include <map>

#include "fmt/format.h"

namespace sapulse::hlsc {

std::string reference_name(const std::string& module) { return module + "_reference"; }

namespace {

/// "[7:0] ".
std::string bits(unsigned width) { return fmt::format("[{}:0] ", width - 1); }

std::string value(NodeId i) { return fmt::format("value_{}", i); }

class Reference {
 public:
  Reference(const Graph& g, const std::string& module) : g_(g), module_(module) {}

  std::string text() {
    std::vector<char> needed(g_.nodes.size(), 0);
    for (NodeId s : g_.sinks) {
      if (g_[s].op != Op::check) needed[s] = 1;
    }
    for (NodeId i = g_.size(); i-- > 0;) {
      if (!needed[i]) continue;
      for (NodeId k : g_[i].in) needed[k] = 1;
    }
    for (NodeId i = 0; i < g_.size(); i++) {
      if (needed[i] && !g_[i].is_sink()) node(i);
    }
    for (NodeId s : g_.sinks) sink(s);
    std::string ports;
    for (const auto& [name, declaration] : ports_) ports += (ports.empty() ? "    " : ",\n    ") + declaration;
    return fmt::format("{}module {} (\n{}\n);\n{}{}endmodule\n", block_tables(), reference_name(module_), ports,
                       tables(), body_);
  }

 private:
  std::string port(const char* direction, unsigned width, const std::string& name) {
    ports_[name] = fmt::format("{} wire {}{}", direction, bits(width), name);
    return name;
  }
  std::string input(unsigned width, const std::string& name) { return port("input ", width, name); }
  void output(const std::string& name, NodeId i) {
    body_ += fmt::format("  assign {} = {};\n", port("output", g_.width(i), name), value(i));
  }

  std::string joined(const Node& n, const char* sign) const {
    std::string r;
    for (NodeId k : n.in) r += (r.empty() ? "" : sign) + value(k);
    return r;
  }

  void node(NodeId i) {
    const Node& n = g_[i];
    body_ += fmt::format("  wire {}{};\n", bits(n.width), value(i));
    if (n.op == Op::call) {
      call(i, g_.modules[n.aux].name);
    } else if (n.op == Op::rom && g_.tables[n.aux].block_ram) {
      call(i, block_table(g_.tables[n.aux]));
    } else {
      body_ += fmt::format("  assign {} = {};\n", value(i), n.is_source() ? source(n) : operation(i));
    }
  }

  std::string source(const Node& n) {
    switch (n.op) {
      case Op::input:
        return fmt::format("{}[{}:{}]", input(g_.streams[n.aux].width, fmt::format("stream_{}_word", n.aux)),
                           n.lo + n.width - 1, n.lo);
      case Op::empty:
        return input(1, fmt::format("stream_{}_empty", n.aux));
      case Op::full:
        return input(1, fmt::format("stream_{}_full", n.aux));
      case Op::state:
        return input(n.width, fmt::format("register_{}", n.aux));
      default:  // argument, operand
        return input(n.width, fmt::format("argument_{}", n.aux));
    }
  }

  std::string operation(NodeId i) {
    const Node& n = g_[i];
    auto in = [&](unsigned k) { return value(n.in[k]); };
    switch (n.op) {
      case Op::constant:
        return literal(n.value);
      case Op::ram_read:
        output(fmt::format("read_{}_address", i), n.in[0]);
        return input(n.width, fmt::format("read_{}_word", i));
      case Op::rom:
        return fmt::format("table_{}({})", n.aux, in(0));
      case Op::bit_not:
        return "~" + in(0);
      case Op::bit_and:
        return joined(n, " & ");
      case Op::bit_or:
        return joined(n, " | ");
      case Op::bit_xor:
        return joined(n, " ^ ");
      case Op::add:
        return joined(n, " + ");
      case Op::sub:
        return joined(n, " - ");
      case Op::mul:
        return joined(n, " * ");
      case Op::equal:
        return joined(n, " == ");
      case Op::uless:
        return joined(n, " < ");
      case Op::sless:
        return fmt::format("$signed({}) < $signed({})", in(0), in(1));
      case Op::mux:
        return fmt::format("{} ? {} : {}", in(0), in(1), in(2));
      case Op::slice:
        return fmt::format("{}[{}:{}]", in(0), n.lo + n.width - 1, n.lo);
      case Op::concat: {
        std::string parts;
        for (NodeId k : n.in) parts = fmt::format("{}{}{}", value(k), parts.empty() ? "" : ", ", parts);
        return "{" + parts + "}";
      }
      default:
        fail(g_.location(i), std::string("internal error: no reference for ") + op_name(n.op));
    }
  }

  void call(NodeId i, const std::string& module) {
    const Node& n = g_[i];
    std::string operands;
    for (std::size_t k = 0; k < n.in.size(); k++) operands += fmt::format(".argument_{}({}), ", k, value(n.in[k]));
    body_ += fmt::format("  {} call_{} ({}.result({}));\n", reference_name(module), i, operands, value(i));
  }

  std::string block_table(const Table& t) const { return fmt::format("{}_{}_rom", module_, t.name); }

  /// Beyond the last word there are zeros, as in hardware.
  std::string function(int table) const {
    const Table& t = g_.tables[table];
    const std::string name = fmt::format("table_{}", table);
    const unsigned address = address_width(table);
    std::string words;
    for (std::size_t k = 0; k < t.words.size(); k++) {
      words += fmt::format("      {}: {} = {};\n", literal(APInt(address, k)), name, literal(t.words[k]));
    }
    return fmt::format(
        "  function {0}{1}(input {2}address);\n    case (address)\n{3}      default: {1} = {4};\n    endcase\n"
        "  endfunction\n",
        bits(t.width), name, bits(address), words, literal(APInt(t.width, 0)));
  }

  /// 0: nobody reads it.
  unsigned address_width(int table) const {
    for (const Node& n : g_.nodes) {
      if (n.op == Op::rom && n.aux == table) return g_.width(n.in[0]);
    }
    return 0;
  }

  std::string tables() const {
    std::string r;
    for (int t = 0; t < static_cast<int>(g_.tables.size()); t++) {
      if (!g_.tables[t].block_ram && address_width(t) > 0) r += function(t);
    }
    return r;
  }

  /// Tables in block RAM are modules: a proof compares their words once.
  std::string block_tables() const {
    std::string r;
    for (int t = 0; t < static_cast<int>(g_.tables.size()); t++) {
      if (!g_.tables[t].block_ram || address_width(t) == 0) continue;
      r += fmt::format(
          "module {} (\n    input  wire {}argument_0,\n    output wire {}result\n);\n{}  assign result = "
          "table_{}(argument_0);\nendmodule\n\n",
          reference_name(block_table(g_.tables[t])), bits(address_width(t)), bits(g_.tables[t].width), function(t), t);
    }
    return r;
  }

  void sink(NodeId i) {
    const Node& n = g_[i];
    auto named = [&](const char* thing, const char* what) { return fmt::format("{}_{}_{}", thing, n.aux, what); };
    switch (n.op) {
      case Op::state_next:
        return output(named("register", "next"), n.in[0]);
      case Op::ram_write:
        output(named("memory", "write"), n.in[0]);
        output(named("memory", "address"), n.in[1]);
        return output(named("memory", "data"), n.in[2]);
      case Op::output:
        output(named("stream", "write"), n.in[0]);
        output(named("stream", "data"), n.in[1]);
        if (n.in.size() == 3) output(named("stream", "reserve"), n.in[2]);
        return;
      case Op::read:
        return output(named("stream", "read"), n.in[0]);
      case Op::wait:
        return output(named("stream", "wait"), n.in[0]);
      case Op::port:
        output(named("output", "write"), n.in[0]);
        return output(named("output", "data"), n.in[1]);
      case Op::result:
        return output("result", n.in[0]);
      default:  // assertions are no part of the hardware
        return;
    }
  }

  const Graph& g_;
  const std::string& module_;
  std::map<std::string, std::string> ports_;  ///< declarations by name
  std::string body_;
};

}  // namespace

std::string emit_reference(const Graph& graph, const std::string& module) { return Reference(graph, module).text(); }

}  // namespace sapulse::hlsc
