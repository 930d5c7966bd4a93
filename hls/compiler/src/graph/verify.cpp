// SPDX-License-Identifier: Apache-2.0
#include "graph/verify.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace sapulse::hlsc {

namespace {

class Verifier {
 public:
  Verifier(const Graph& g, const std::string& pass) : g_(g), pass_(pass) {}

  void run(Numbering numbering) {
    check_declarations();
    for (at_ = 0; at_ < g_.size(); at_++) check_node();
    if (numbering == Numbering::operands_first) {
      check_numbers();
    } else {
      check_cycles();
    }
    check_sinks();
  }

 private:
  const Node& node() const { return g_[at_]; }
  unsigned operand_width(std::size_t k) const { return g_.width(node().in[k]); }

  void require(bool holds, const char* rule) const {
    if (!holds) broken(rule);
  }

  [[noreturn]] void broken(const char* rule) const {
    const Node& n = node();
    const bool is_known = n.location >= 0 && n.location < static_cast<int>(g_.locations.size());
    const std::string name = n.name.empty() ? "" : " '" + n.name + "'";
    fail(is_known ? g_.locations[n.location] : SourceLocation{},
         fmt::format("internal error: after pass '{}': node {}, {}{}: {}", pass_, at_, op_name(n.op), name, rule));
  }

  void require_declaration(bool holds, const std::string& name, const char* rule) const {
    if (!holds) fail(fmt::format("internal error: after pass '{}': '{}': {}", pass_, name, rule));
  }

  // ---- declarations

  void check_declarations() const {
    for (const Register& r : g_.registers) {
      require_declaration(r.initial.getBitWidth() == r.width, r.name, "the initial value is as wide as the register");
    }
    for (const Table& t : g_.tables) {
      require_declaration(!t.words.empty(), t.name, "a table has words");
      for (const APInt& w : t.words)
        require_declaration(w.getBitWidth() == t.width, t.name, "words are as wide as the table");
    }
  }

  /// The stream, register, .. that the node is about.
  template <class T>
  const T& declared(const std::vector<T>& all) const {
    require(node().aux >= 0 && static_cast<std::size_t>(node().aux) < all.size(), "what it refers to is declared");
    return all[node().aux];
  }

  const Stream& stream(bool is_input) const {
    const Stream& s = declared(g_.streams);
    require(s.is_input == is_input, is_input ? "it is about an input stream" : "it is about an output stream");
    return s;
  }

  // ---- nodes

  void check_node() const {
    const Node& n = node();
    for (NodeId k : n.in) {
      require(k >= 0 && k < g_.size(), "operands exist");
      require(!g_[k].is_sink(), "a sink is nobody's operand");
    }
    require(n.is_sink() == (n.width == 0), "a value has bits, a sink has none");
    if (n.is_sink()) {
      check_sink(n);
    } else if (n.is_wire()) {
      check_wire(n);
    } else if (n.is_source()) {
      check_source(n);
    } else {
      check_operation(n);
    }
  }

  void operands(std::size_t count) const { require(node().in.size() == count, "number of operands"); }
  void at_least_two_operands() const { require(node().in.size() >= 2, "number of operands"); }
  void result_width(unsigned width) const { require(node().width == width, "width of the result"); }
  void width_of(std::size_t operand, unsigned width) const {
    require(operand_width(operand) == width, "width of an operand");
  }
  void all_operands_as_wide_as_result() const {
    for (std::size_t k = 0; k < node().in.size(); k++) width_of(k, node().width);
  }
  void address_of(std::size_t operand, std::size_t words) const {
    require(operand_width(operand) == std::max(1U, llvm::Log2_64_Ceil(words)),
            "the address has the bits that the depth needs");
  }

  void check_source(const Node& n) const {
    operands(0);
    switch (n.op) {
      case Op::input:
        require(n.lo + n.width <= stream(true).width, "bits that the stream has");
        break;
      case Op::empty:
        stream(true);
        result_width(1);
        break;
      case Op::full:
        stream(false);
        result_width(1);
        break;
      case Op::argument:
      case Op::operand:
        result_width(declared(g_.arguments).width);
        break;
      case Op::state:
        result_width(declared(g_.registers).width);
        break;
      default:  // Undef: any width
        break;
    }
  }

  void check_wire(const Node& n) const {
    switch (n.op) {
      case Op::constant:
        operands(0);
        require(n.value.getBitWidth() == n.width, "width of the value");
        break;
      case Op::slice:
        operands(1);
        require(n.lo + n.width <= operand_width(0), "bits that the operand has");
        break;
      default: {  // Concat
        at_least_two_operands();
        unsigned width = 0;
        for (NodeId k : n.in) {
          require(g_[k].op != Op::concat, "concatenations are not nested");
          width += g_.width(k);
        }
        result_width(width);
      }
    }
  }

  void check_operation(const Node& n) const {
    switch (n.op) {
      case Op::ram_read:
        operands(1);
        address_of(0, declared(g_.memories).depth);
        result_width(g_.memories[n.aux].width);
        break;
      case Op::rom:
        operands(1);
        address_of(0, declared(g_.tables).words.size());
        result_width(g_.tables[n.aux].width);
        break;
      case Op::call:
        check_call(declared(g_.modules));
        break;
      case Op::bit_not:
        operands(1);
        all_operands_as_wide_as_result();
        break;
      case Op::bit_and:
      case Op::bit_or:
      case Op::bit_xor:
        at_least_two_operands();
        all_operands_as_wide_as_result();
        break;
      case Op::equal:
      case Op::uless:
      case Op::sless:
        operands(2);
        width_of(1, operand_width(0));
        result_width(1);
        break;
      case Op::mux:
        operands(3);
        width_of(0, 1);
        width_of(1, n.width);
        width_of(2, n.width);
        break;
      default:  // Add, Sub, Mul
        operands(2);
        all_operands_as_wide_as_result();
    }
  }

  void check_call(const SubModule& m) const {
    operands(m.operands.size());
    for (std::size_t k = 0; k < m.operands.size(); k++) width_of(k, m.operands[k].width);
    result_width(m.width);
  }

  void check_sink(const Node& n) const {
    switch (n.op) {
      case Op::state_next:
        operands(1);
        width_of(0, declared(g_.registers).width);
        break;
      case Op::ram_write:
        operands(3);
        width_of(0, 1);
        address_of(1, declared(g_.memories).depth);
        width_of(2, g_.memories[n.aux].width);
        break;
      case Op::output:
        require(n.in.size() == 2 || n.in.size() == 3, "number of operands");
        width_of(0, 1);
        if (n.in.size() == 3) width_of(2, 1);
        width_of(1, stream(false).width);
        break;
      case Op::read:
        operands(1);
        width_of(0, 1);
        stream(true);
        break;
      case Op::port:
        operands(2);
        width_of(0, 1);
        width_of(1, declared(g_.outputs).width);
        break;
      case Op::wait:
        operands(1);
        width_of(0, 1);
        stream(false);
        break;
      case Op::check:
        operands(1);
        width_of(0, 1);
        break;
      default:  // Result
        operands(1);
    }
  }

  // ---- the whole graph

  void check_numbers() {
    for (at_ = 0; at_ < g_.size(); at_++) {
      for (NodeId k : node().in) require(k < at_, "operands come before their user");
    }
  }

  /// Removes what has no users any more, beginning at the sinks and at dead code; what stays is in a cycle or feeds
  /// one.
  void check_cycles() {
    std::vector<int> users(g_.nodes.size(), 0);
    for (const Node& n : g_.nodes) {
      for (NodeId k : n.in) users[k]++;
    }
    std::vector<NodeId> work;
    for (NodeId i = 0; i < g_.size(); i++) {
      if (users[i] == 0) work.push_back(i);
    }
    while (!work.empty()) {
      const NodeId i = work.back();
      work.pop_back();
      for (NodeId k : g_[i].in) {
        if (--users[k] == 0) work.push_back(k);
      }
    }
    for (at_ = 0; at_ < g_.size(); at_++) require(users[at_] == 0, "no value depends on itself");
  }

  void check_sinks() {
    std::set<NodeId> listed;
    std::set<std::pair<Op, int>> taken;
    for (NodeId s : g_.sinks) {
      at_ = s;
      require(g_[s].is_sink(), "only sinks are listed as such");
      require(listed.insert(s).second, "a sink is listed once");
      require(taken.insert({g_[s].op, g_[s].aux}).second, "one read or write of a stream, register or memory");
    }
    for (at_ = 0; at_ < g_.size(); at_++) require(!node().is_sink() || listed.count(at_), "every sink is listed");
  }

  const Graph& g_;
  const std::string& pass_;
  NodeId at_ = 0;  ///< the node that is being looked at
};

}  // namespace

void verify(const Graph& graph, const std::string& pass, Numbering numbering) { Verifier(graph, pass).run(numbering); }

}  // namespace sapulse::hlsc
