// SPDX-License-Identifier: Apache-2.0
// Streams that hlsc adds to a kernel: requests to a memory port and what belongs to them, start and end of a call.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Reads or writes of a memory port, one request after the other (lib/hls_axi_reader.sv, lib/hls_axi_writer.sv).
struct Channel {
  unsigned position = 0;  ///< of the memory port, among the parameters
  unsigned shift = 0;     ///< log2 of the bytes of its elements
  bool is_write = false;
  std::string name;  ///< prefix of its streams
};

/// Position of added streams: behind all parameters.
inline constexpr unsigned kAddedPosition = 1U << 20;

inline bool is_added(const Stream& s) { return s.position >= kAddedPosition; }

/// Bits of the number of an element, and of a number of elements.
inline unsigned index_bits(unsigned shift) { return 64 - shift; }

/// Its streams, as the kernel sees them. Read: request, data; write: request, data, finished.
std::vector<Stream> streams_of(const Channel& c);

/// Prefix of the streams of a kernel's calls.
inline constexpr const char kCallName[] = "hls_call";

/// Start and end of a call.
/// @param name prefix of both
std::vector<Stream> streams_of_call(const std::string& name);

}  // namespace sapulse::hlsc
