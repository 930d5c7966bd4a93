// SPDX-License-Identifier: Apache-2.0
// Networks and kernels as processes of hls::simulation.
#pragma once

#include <string>
#include <vector>

#include "kernel.h"
#include "network/network.h"

namespace sapulse::hlsc {

/// What a simulation needs to know of a process.
struct SimulatedProcess {
  std::string network;              ///< name of its module if it is a network, otherwise empty
  std::vector<Question> questions;  ///< of a process, in a simulation for a co-simulation
  bool has_steps = false;           ///< a call of the process is several iterations
};

inline SimulatedProcess as_simulated(const Watched& w) { return {"", w.questions, w.has_steps}; }

/// A C++ function template simulate_<module>(simulation, path, parameters..) that adds the processes of a network, with
/// streams of the stated depths between them. Those of networks among its processes must come first.
/// @param for_cosim with COSIM_DEPTH(words) and COSIM_WATCH(simulation, questions) of cosim_replay.h, and
/// COSIM_CALL(every, objects) of cosim_writes.h
std::string simulation_of(const Network& network, const std::string& module,
                          const std::vector<SimulatedProcess>& processes, bool for_cosim);

/// The same for a kernel, as its only process.
/// @param is_called it is called once; otherwise again and again
/// @param for_cosim the same; its result is put where a parameter ap_return says, if it has one
std::string simulation_of_kernel(const std::vector<OuterParameter>& parameters, const std::string& cxx_name,
                                 const std::string& module, const SimulatedProcess& simulated, bool is_called,
                                 bool for_cosim);

}  // namespace sapulse::hlsc
