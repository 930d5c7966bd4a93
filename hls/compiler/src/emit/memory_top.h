// SPDX-License-Identifier: Apache-2.0
// The module around a kernel or a network with memory ports: AXI4 managers for its channels, a handshake for its calls.
#pragma once

#include <string>
#include <vector>

#include "kernel.h"

namespace sapulse::hlsc {

/// Puts the module `core` of a part into a module `name` with the AXI4 ports of its memories, and tells of them in the
/// report. Refuses memories of one bundle whose elements differ in size.
void add_memory_ports(Part& part, const std::string& name, const std::string& core,
                      const std::vector<MemoryPort>& memories);

}  // namespace sapulse::hlsc
