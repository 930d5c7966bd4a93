// SPDX-License-Identifier: Apache-2.0
#include "emit/stream_ports.h"

#include <tuple>

#include "fmt/format.h"

namespace sapulse::hlsc {

std::string range(unsigned width) { return width == 1 ? "" : fmt::format("[{}:0] ", width - 1); }

std::vector<Field> data_ports(const Stream& s) {
  return s.channels.empty() ? std::vector<Field>{{"tdata", s.width}} : s.channels;
}

std::string word_of(const Stream& s) { return s.name + (s.channels.empty() ? "_tdata" : "_word"); }

std::string port_declarations(const Stream& s) {
  unsigned offset = 0;
  std::string ports = ",\n";
  for (const Field& f : s.fields) {
    ports += fmt::format("    // {}_tdata[{}:{}] {}\n", s.name, offset + f.width - 1, offset, f.name);
    offset += f.width;
  }
  const char *data = s.is_input ? "input  wire" : "output wire", *ready = s.is_input ? "output wire" : "input  wire";
  for (const Field& c : data_ports(s)) ports += fmt::format("    {} {}{}_{},\n", data, range(c.width), s.name, c.name);
  return ports + fmt::format("    {} {}_tvalid,\n    {} {}_tready", data, s.name, ready, s.name);
}

std::string port_connections(const Stream& s, const std::string& signal, bool has_channels) {
  const std::vector<Field> data = data_ports(s);
  std::string r;
  unsigned low = 0;
  for (const Field& d : data) {
    const std::string whole = fmt::format("{}_{}", signal, has_channels ? d.name : "tdata");
    const std::string bits = has_channels || data.size() == 1 ? "" : fmt::format("[{}:{}]", low + d.width - 1, low);
    r += fmt::format(",\n      .{}_{}({}{})", s.name, d.name, whole, bits);
    low += d.width;
  }
  return r + fmt::format(",\n      .{0}_tvalid({1}_tvalid), .{0}_tready({1}_tready)", s.name, signal);
}

bool comes_before(const Stream& a, const Stream& b) {
  return std::tie(a.position, a.element, a.name) < std::tie(b.position, b.element, b.name);
}

}  // namespace sapulse::hlsc
