// SPDX-License-Identifier: Apache-2.0
// Networks and kernels as processes of hls::simulation.
#pragma once

#include <string>
#include <vector>

#include "network/network.h"

namespace sapulse::hlsc {

/// A C++ function template simulate_<module>(simulation, path, parameters..) that adds the processes of a network, with
/// streams of the stated depths between them. Those of networks among its processes must come first.
/// @param networks for each process the name of its module if it is a network, otherwise empty
std::string simulation_of(const Network& network, const std::string& module, const std::vector<std::string>& networks);

/// The same for a kernel, as its only process.
/// @param is_called it is called once; otherwise again and again
std::string simulation_of_kernel(const std::vector<OuterParameter>& parameters, const std::string& cxx_name,
                                 const std::string& module, bool is_called);

}  // namespace sapulse::hlsc
