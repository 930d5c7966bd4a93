// SPDX-License-Identifier: Apache-2.0
#include "graph/undefined.h"

#include "fmt/format.h"
#include "graph/rebuilder.h"
#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

namespace {

class Settle : public Rebuilder {
 public:
  using Rebuilder::Rebuilder;

  std::vector<std::string> warnings;

 protected:
  NodeId rebuild(NodeId old) override {
    const Node& n = old_[old];
    if (n.op != Op::undef) return Rebuilder::rebuild(old);
    const std::string warning =
        fmt::format("{}: warning: {} may be used uninitialised; it is zero then", old_.location(old).text(),
                    n.name.empty() ? "a variable" : "'" + n.name + "'");
    if (!llvm::is_contained(warnings, warning)) warnings.push_back(warning);
    return new_.zero(n.width);
  }
};

}  // namespace

std::vector<std::string> settle_undefined(Graph& graph) {
  if (llvm::none_of(graph.nodes, [](const Node& n) { return n.op == Op::undef; })) return {};
  Settle settle(graph);
  settle.run();
  if (!settle.warnings.empty()) graph = std::move(settle.graph());
  return std::move(settle.warnings);
}

}  // namespace sapulse::hlsc
