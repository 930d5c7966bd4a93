// SPDX-License-Identifier: Apache-2.0
#include "emit/software.h"

#include "fmt/format.h"
#include "llvm/Support/MathExtras.h"

namespace sapulse::hlsc {

std::string bits_type(unsigned width) { return fmt::format("bits<{}>", width); }

namespace {

/// Its 64-bit words, the least significant first.
std::string words_of(const APInt& v) {
  std::string r;
  for (unsigned i = 0; i < v.getNumWords(); i++) r += fmt::format("{}{:#x}", i ? ", " : "", v.getRawData()[i]);
  return r;
}

}  // namespace

std::string bits_literal(const APInt& v) { return fmt::format("constant<{}>({{{}}})", v.getBitWidth(), words_of(v)); }

std::string value_name(NodeId i) { return fmt::format("value_{}", i); }

std::string Software::statements(const std::vector<NodeId>& sinks) const {
  std::vector<char> needed(g_.nodes.size(), 0);
  for (NodeId s : sinks) needed[s] = 1;
  for (NodeId i = g_.size(); i-- > 0;) {
    if (!needed[i]) continue;
    for (NodeId k : g_[i].in) needed[k] = 1;
  }
  std::string r;
  for (NodeId i = 0; i < g_.size(); i++) {
    if (!needed[i] || g_[i].is_sink()) continue;
    r += fmt::format("    {} {} = {};\n", bits_type(g_.width(i)), value_name(i), expression(i));
  }
  return r;
}

std::string Software::source(NodeId i) const {
  const Node& n = g_[i];
  switch (n.op) {
    case Op::input:
      return fmt::format("part<{}>({}_word, {})", n.width, g_.streams[n.aux].name, n.lo);
    case Op::empty:
      return g_.streams[n.aux].name + "_empty";
    case Op::full:
      return fmt::format("bits<1>(!{}_queue.room())", g_.streams[n.aux].name);
    case Op::state:
      return fmt::format("register_{}", n.aux);
    default:  // argument, operand
      return g_.arguments[n.aux].name;
  }
}

std::string Software::joined(const Node& n, const char* separator) const {
  std::string r;
  for (NodeId k : n.in) r += (r.empty() ? "" : separator) + value_name(k);
  return r;
}

std::string Software::concatenation(const Node& n) const {
  std::string r;
  unsigned offset = 0;
  for (NodeId k : n.in) {
    r += fmt::format("{}{}({}) << {}", r.empty() ? "" : " | ", bits_type(n.width), value_name(k), offset);
    offset += g_.width(k);
  }
  return r;
}

std::string Software::expression(NodeId i) const {
  const Node& n = g_[i];
  if (n.is_source()) return source(i);
  auto operation = [&](const char* sign) {
    return fmt::format("{}({})", bits_type(n.width), joined(n, fmt::format(" {} ", sign).c_str()));
  };
  auto in = [&](unsigned k) { return value_name(n.in[k]); };
  switch (n.op) {
    case Op::constant:
      return bits_literal(n.value);
    case Op::slice:
      return fmt::format("part<{}>({}, {})", n.width, in(0), n.lo);
    case Op::concat:
      return concatenation(n);
    case Op::ram_read:
      return fmt::format("memory_{}.read({})", n.aux, in(0));
    case Op::rom:
      return fmt::format("constant<{}>({}[{}])", n.width, table_name(n.aux), in(0));
    case Op::call: {
      const SubModule& m = g_.modules[n.aux];
      return m.native.empty() ? fmt::format("{}({})", m.name, joined(n, ", "))
                              : fmt::format("call({}, {})", m.native, joined(n, ", "));
    }
    case Op::bit_not:
      return fmt::format("~{}", in(0));
    case Op::bit_and:
      return operation("&");
    case Op::bit_or:
      return operation("|");
    case Op::bit_xor:
      return operation("^");
    case Op::add:
      return operation("+");
    case Op::sub:
      return operation("-");
    case Op::mul:
      return operation("*");
    case Op::equal:
      return operation("==");
    case Op::uless:
      return operation("<");
    case Op::sless:
      return fmt::format("signed_less({}, {})", in(0), in(1));
    case Op::mux:
      return fmt::format("{} ? {} : {}", in(0), in(1), in(2));
    default:
      fail(g_.location(i), std::string("internal error: no C++ for ") + op_name(n.op));
  }
}

std::string Software::tables() const {
  std::string r;
  for (std::size_t t = 0; t < g_.tables.size(); t++) {
    const Table& table = g_.tables[t];
    std::string words;
    for (const APInt& w : table.words) words += fmt::format("{}{{{}}}", words.empty() ? "" : ", ", words_of(w));
    // beyond the last word there are zeros, as in hardware
    r += fmt::format("constexpr std::uint64_t {}[{}][{}] = {{{}}};\n", table_name(static_cast<int>(t)),
                     llvm::PowerOf2Ceil(table.words.size()), (table.width + 63) / 64, words);
  }
  return r;
}

std::string software_function(const Graph& g, const std::string& name) {
  const Software body(g, name);
  const NodeId result = g[g.sinks.front()].in[0];
  std::string parameters;
  for (const ScalarPort& a : g.arguments) {
    parameters += fmt::format("{}const {}& {}", parameters.empty() ? "" : ", ", bits_type(a.width), a.name);
  }
  return fmt::format("{}inline {} {}({}) {{\n{}    return {};\n}}\n\n", body.tables(), bits_type(g.width(result)), name,
                     parameters, body.statements(g.sinks), value_name(result));
}

}  // namespace sapulse::hlsc
