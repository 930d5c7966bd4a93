// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "network/links.h"

namespace sapulse::hlsc {

/// An instance of a process: the name of its module, and what that has compiled to.
struct Instance {
  std::string module;
  const Part* part;
};

/// One module that connects the processes, with the ports of a kernel. `instances` are those of the network's
/// processes.
Part emit_network(const Network& network, const std::vector<Instance>& instances, const std::vector<Link>& links);

}  // namespace sapulse::hlsc
