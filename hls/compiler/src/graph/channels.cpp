// SPDX-License-Identifier: Apache-2.0
#include "graph/channels.h"

namespace sapulse::hlsc {

namespace {

Stream added(const std::string& name, bool is_input, unsigned width) {
  Stream s;
  s.name = name;
  s.is_input = is_input;
  s.width = width;
  s.position = kAddedPosition;
  return s;
}

}  // namespace

std::vector<Stream> streams_of(const Channel& c) {
  const unsigned bits = 8U << c.shift, bytes = 1U << c.shift, request = 2 * index_bits(c.shift);
  if (!c.is_write) return {added(c.name + "_request", false, request), added(c.name + "_data", true, bits)};
  return {added(c.name + "_request", false, request + 1), added(c.name + "_data", false, bits + bytes),
          added(c.name + "_finished", true, 1)};
}

std::vector<Stream> streams_of_call(const std::string& name) {
  return {added(name + "_start", true, 1), added(name + "_done", false, 1)};
}

}  // namespace sapulse::hlsc
