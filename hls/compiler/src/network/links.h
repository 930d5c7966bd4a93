// SPDX-License-Identifier: Apache-2.0
// Which process writes a stream, and which one reads it.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "kernel.h"
#include "network/network.h"

namespace sapulse::hlsc {

/// A stream's port at a process; without a port there is none.
struct End {
  std::size_t process = 0;
  const Stream* port = nullptr;

  explicit operator bool() const { return port != nullptr; }
};

/// A stream, or an element of an array of streams, with what it connects; one of a network's own ports has one end.
struct Link {
  const StreamVariable* variable = nullptr;
  unsigned element = 0;
  End writer, reader;

  std::string name() const { return variable->element(element); }
  /// The writer, or the reader where there is none.
  const End& some_end() const { return writer ? writer : reader; }
  const Stream& port() const { return *some_end().port; }
};

/// The links of a network by variable and element. Refuses streams without one writer and one reader.
/// @param parts the compiled process of each call; must outlive the links
std::vector<Link> link(const Network& network, const std::vector<const Part*>& parts);

}  // namespace sapulse::hlsc
