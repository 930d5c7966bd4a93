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
    checkDeclarations();
    for (at_ = 0; at_ < g_.size(); at_++) checkNode();
    if (numbering == Numbering::OperandsFirst) {
      checkNumbers();
    } else {
      checkCycles();
    }
    checkSinks();
  }

 private:
  const Node& node() const { return g_[at_]; }
  unsigned operandWidth(std::size_t k) const { return g_.width(node().in[k]); }

  void require(bool holds, const char* rule) const {
    if (!holds) broken(rule);
  }

  [[noreturn]] void broken(const char* rule) const {
    const Node& n = node();
    const bool isKnown = n.location >= 0 && n.location < static_cast<int>(g_.locations.size());
    const std::string name = n.name.empty() ? "" : " '" + n.name + "'";
    fail(isKnown ? g_.locations[n.location] : SourceLocation{},
         fmt::format("internal error: after pass '{}': node {}, {}{}: {}", pass_, at_, opName(n.op), name, rule));
  }

  void requireDeclaration(bool holds, const std::string& name, const char* rule) const {
    if (!holds) fail(fmt::format("internal error: after pass '{}': '{}': {}", pass_, name, rule));
  }

  // ---- declarations

  void checkDeclarations() const {
    for (const Register& r : g_.registers) {
      requireDeclaration(r.initial.getBitWidth() == r.width, r.name, "the initial value is as wide as the register");
    }
    for (const Table& t : g_.tables) {
      requireDeclaration(!t.words.empty(), t.name, "a table has words");
      for (const APInt& w : t.words)
        requireDeclaration(w.getBitWidth() == t.width, t.name, "words are as wide as the table");
    }
  }

  /// The stream, register, .. that the node is about.
  template <class T>
  const T& declared(const std::vector<T>& all) const {
    require(node().aux >= 0 && static_cast<std::size_t>(node().aux) < all.size(), "what it refers to is declared");
    return all[node().aux];
  }

  const Stream& stream(bool isInput) const {
    const Stream& s = declared(g_.streams);
    require(s.isInput == isInput, isInput ? "it is about an input stream" : "it is about an output stream");
    return s;
  }

  // ---- nodes

  void checkNode() const {
    const Node& n = node();
    for (NodeId k : n.in) {
      require(k >= 0 && k < g_.size(), "operands exist");
      require(!g_[k].isSink(), "a sink is nobody's operand");
    }
    require(n.isSink() == (n.width == 0), "a value has bits, a sink has none");
    if (n.isSink()) {
      checkSink(n);
    } else if (n.isWire()) {
      checkWire(n);
    } else if (n.isSource()) {
      checkSource(n);
    } else {
      checkOperation(n);
    }
  }

  void operands(std::size_t count) const { require(node().in.size() == count, "number of operands"); }
  void atLeastTwoOperands() const { require(node().in.size() >= 2, "number of operands"); }
  void resultWidth(unsigned width) const { require(node().width == width, "width of the result"); }
  void widthOf(std::size_t operand, unsigned width) const {
    require(operandWidth(operand) == width, "width of an operand");
  }
  void allOperandsAsWideAsResult() const {
    for (std::size_t k = 0; k < node().in.size(); k++) widthOf(k, node().width);
  }
  void addressOf(std::size_t operand, std::size_t words) const {
    require(operandWidth(operand) == std::max(1U, llvm::Log2_64_Ceil(words)),
            "the address has the bits that the depth needs");
  }

  void checkSource(const Node& n) const {
    operands(0);
    switch (n.op) {
      case Op::Input:
        require(n.lo + n.width <= stream(true).width, "bits that the stream has");
        break;
      case Op::Empty:
        stream(true);
        resultWidth(1);
        break;
      case Op::Argument:
      case Op::Operand:
        resultWidth(declared(g_.arguments).width);
        break;
      case Op::State:
        resultWidth(declared(g_.registers).width);
        break;
      default:  // Undef: any width
        break;
    }
  }

  void checkWire(const Node& n) const {
    switch (n.op) {
      case Op::Const:
        operands(0);
        require(n.value.getBitWidth() == n.width, "width of the value");
        break;
      case Op::Slice:
        operands(1);
        require(n.lo + n.width <= operandWidth(0), "bits that the operand has");
        break;
      default: {  // Concat
        atLeastTwoOperands();
        unsigned width = 0;
        for (NodeId k : n.in) {
          require(g_[k].op != Op::Concat, "concatenations are not nested");
          width += g_.width(k);
        }
        resultWidth(width);
      }
    }
  }

  void checkOperation(const Node& n) const {
    switch (n.op) {
      case Op::RamRead:
        operands(1);
        addressOf(0, declared(g_.memories).depth);
        resultWidth(g_.memories[n.aux].width);
        break;
      case Op::Rom:
        operands(1);
        addressOf(0, declared(g_.tables).words.size());
        resultWidth(g_.tables[n.aux].width);
        break;
      case Op::Call:
        checkCall(declared(g_.modules));
        break;
      case Op::Not:
        operands(1);
        allOperandsAsWideAsResult();
        break;
      case Op::And:
      case Op::Or:
      case Op::Xor:
        atLeastTwoOperands();
        allOperandsAsWideAsResult();
        break;
      case Op::Equal:
      case Op::ULess:
      case Op::SLess:
        operands(2);
        widthOf(1, operandWidth(0));
        resultWidth(1);
        break;
      case Op::Mux:
        operands(3);
        widthOf(0, 1);
        widthOf(1, n.width);
        widthOf(2, n.width);
        break;
      default:  // Add, Sub, Mul
        operands(2);
        allOperandsAsWideAsResult();
    }
  }

  void checkCall(const SubModule& m) const {
    operands(m.operands.size());
    for (std::size_t k = 0; k < m.operands.size(); k++) widthOf(k, m.operands[k].width);
    resultWidth(m.width);
  }

  void checkSink(const Node& n) const {
    switch (n.op) {
      case Op::StateNext:
        operands(1);
        widthOf(0, declared(g_.registers).width);
        break;
      case Op::RamWrite:
        operands(3);
        widthOf(0, 1);
        addressOf(1, declared(g_.memories).depth);
        widthOf(2, g_.memories[n.aux].width);
        break;
      case Op::Output:
        operands(2);
        widthOf(0, 1);
        widthOf(1, stream(false).width);
        break;
      case Op::Read:
        operands(1);
        widthOf(0, 1);
        stream(true);
        break;
      default:  // Result
        operands(1);
    }
  }

  // ---- the whole graph

  void checkNumbers() {
    for (at_ = 0; at_ < g_.size(); at_++) {
      for (NodeId k : node().in) require(k < at_, "operands come before their user");
    }
  }

  /// Removes what has no users any more, beginning at the sinks and at dead code; what stays is in a cycle or feeds
  /// one.
  void checkCycles() {
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

  void checkSinks() {
    std::set<NodeId> listed;
    std::set<std::pair<Op, int>> taken;
    for (NodeId s : g_.sinks) {
      at_ = s;
      require(g_[s].isSink(), "only sinks are listed as such");
      require(listed.insert(s).second, "a sink is listed once");
      require(taken.insert({g_[s].op, g_[s].aux}).second, "one read or write of a stream, register or memory");
    }
    for (at_ = 0; at_ < g_.size(); at_++) require(!node().isSink() || listed.count(at_), "every sink is listed");
  }

  const Graph& g_;
  const std::string& pass_;
  NodeId at_ = 0;  ///< the node that is being looked at
};

}  // namespace

void verify(const Graph& graph, const std::string& pass, Numbering numbering) { Verifier(graph, pass).run(numbering); }

}  // namespace sapulse::hlsc
