// SPDX-License-Identifier: Apache-2.0
#include "lower/memory_ports.h"

#include "graph/rebuilder.h"
#include "llvm/ADT/STLExtras.h"
#include "lower/exclusive.h"

namespace sapulse::hlsc {

namespace {

using Conditions = std::map<NodeId, NodeId>;
using Port = std::vector<NodeId>;  ///< its reads

/// By node: whether it depends on a memory, at once or through registers.
std::vector<char> depends_on_memory(const Graph& g) {
  std::vector<char> marked(g.nodes.size(), 0), registers(g.registers.size(), 0);
  for (bool changed = true; changed;) {
    changed = false;
    for (NodeId i = 0; i < g.size(); i++) {
      const Node& n = g[i];
      const bool depends = n.op == Op::ram_read || (n.op == Op::state && registers[n.aux]) ||
                           llvm::any_of(n.in, [&](NodeId k) { return marked[k]; });
      marked[i] = depends ? 1 : 0;
      if (n.op != Op::state_next || !marked[i] || registers[n.aux]) continue;
      registers[n.aux] = 1;
      changed = true;
    }
  }
  return marked;
}

/// A condition that holds at least where this one does, and does not depend on a memory: reading in vain does no harm.
NodeId weaken(Graph& g, NodeId condition, const std::vector<char>& depends) {
  if (!depends[condition]) return condition;
  NodeId r = g.constant(1, 1);
  if (g[condition].op != Op::bit_and) return r;
  const SmallVector<NodeId, 3> in = g[condition].in;
  for (NodeId k : in) r = g.conj(r, weaken(g, k, depends));
  return r;
}

/// @param conditions become weaker
std::vector<Port> ports_of(Graph& g, Conditions& conditions) {
  const std::vector<char> depends = depends_on_memory(g);
  std::vector<Port> ports;
  for (auto& [read, condition] : conditions) {
    if (depends[g[read].in[0]]) continue;
    condition = weaken(g, condition, depends);
    const auto fits = llvm::find_if(ports, [&, read = read, condition = condition](const Port& p) {
      return g[p[0]].aux == g[read].aux &&
             llvm::all_of(p, [&](NodeId k) { return are_exclusive(g, conditions.at(k), condition); });
    });
    if (fits == ports.end()) {
      ports.push_back({read});
    } else {
      fits->push_back(read);
    }
  }
  return ports;
}

class ShareMemoryPorts : public Rebuilder {
 public:
  ShareMemoryPorts(const Graph& g, const Conditions& conditions, const std::vector<Port>& ports)
      : Rebuilder(g), conditions_(conditions) {
    for (const Port& p : ports) {
      for (NodeId read : p) port_of_[read] = &p;
    }
  }

 protected:
  NodeId rebuild(NodeId old) override {
    const auto port = port_of_.find(old);
    if (port == port_of_.end()) return Rebuilder::rebuild(old);
    NodeId address = kNoNode;
    for (NodeId read : *port->second) {
      const NodeId own = get(old_[read].in[0]);
      address = address == kNoNode ? own : new_.mux(get(conditions_.at(read)), own, address);
    }
    use_name_of(port->second->front());
    return new_.make(Op::ram_read, old_[old].width, {address}, 0, old_[old].aux);
  }

 private:
  const Conditions& conditions_;
  std::map<NodeId, const Port*> port_of_;
};

}  // namespace

void share_memory_ports(Graph& graph, Conditions conditions) {
  const std::vector<Port> ports = ports_of(graph, conditions);
  if (llvm::none_of(ports, [](const Port& p) { return p.size() > 1; })) return;
  ShareMemoryPorts shared(graph, conditions, ports);
  shared.run();
  graph = std::move(shared.graph());
}

}  // namespace sapulse::hlsc
