// SPDX-License-Identifier: Apache-2.0
// The ports of a stream: <name>_tdata (or several), _tvalid, _tready.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// "[7:0] " for declarations; empty for one bit.
std::string range(unsigned width);
/// Its data ports: tdata, or the channels of hls::axis.
std::vector<Field> data_ports(const Stream& s);
/// The whole word: the port, or a wire beside several.
std::string word_of(const Stream& s);
/// Declarations of its ports, each after a comma, with the members of the payload in comments.
std::string port_declarations(const Stream& s);
/// Connections of its ports, each after a comma, to wires of another name.
/// @param has_channels the wires are those of its data ports; otherwise <signal>_tdata is the whole word
std::string port_connections(const Stream& s, const std::string& signal, bool has_channels);
/// The order of ports: that of the parameters and the elements of arrays.
bool comes_before(const Stream& a, const Stream& b);

}  // namespace sapulse::hlsc
