// SPDX-License-Identifier: Apache-2.0
#include "network/links.h"

#include "fmt/format.h"

namespace sapulse::hlsc {

namespace {

using Links = std::map<std::pair<int, unsigned>, Link>;

const Connection& connection_of(const Process& process, const Stream& port) {
  for (const Connection& c : process.connections) {
    if (c.position == port.position) return c;
  }
  fail(process.location, "internal error: stream '" + port.name + "' of a process is not connected");
}

void add_end(Links& links, const Network& network, std::size_t process, const Stream& port) {
  const Process& p = network.processes[process];
  const Connection& c = connection_of(p, port);
  const unsigned element = c.first + port.element;
  Link& l = links[{c.variable, element}];
  l.variable = &network.streams[c.variable];
  l.element = element;
  End& end = port.is_input ? l.reader : l.writer;
  if (end) {
    fail(p.location,
         fmt::format("stream '{}' has two {}, '{}' and '{}'; a stream connects one process with one other", l.name(),
                     port.is_input ? "readers" : "writers", network.processes[end.process].name, p.name));
  }
  end = End{process, &port};
}

void check(const Link& l, const Network& network) {
  const StreamVariable& v = *l.variable;
  if (v.is_port) {
    if (!l.reader || !l.writer) return;
    fail(network.processes[l.reader.process].location,
         fmt::format("stream '{}' is a port of the network and is both read and written", l.name()));
  }
  if (v.count && l.element >= v.count) {
    fail(network.processes[l.some_end().process].location,
         fmt::format("stream '{}' is beyond the end of its array of {}", l.name(), v.count));
  }
  if (!l.reader) {
    fail(v.location, fmt::format("stream '{}' is written by '{}', but no process reads it", l.name(),
                                 network.processes[l.some_end().process].name));
  }
  if (!l.writer) {
    fail(v.location, fmt::format("stream '{}' is read by '{}', but no process writes it", l.name(),
                                 network.processes[l.some_end().process].name));
  }
}

}  // namespace

std::vector<Link> link(const Network& network, const std::vector<const Part*>& parts) {
  Links links;
  for (std::size_t i = 0; i < parts.size(); i++) {
    for (const Stream& port : parts[i]->interface.streams) add_end(links, network, i, port);
  }
  std::vector<Link> r;
  for (const auto& [_, l] : links) {
    check(l, network);
    r.push_back(l);
  }
  for (std::size_t i = 0; i < network.streams.size(); i++) {
    const auto first = links.lower_bound({static_cast<int>(i), 0});
    const bool is_used = first != links.end() && first->first.first == static_cast<int>(i);
    if (network.streams[i].is_port && !is_used) fail_unused_stream(network.location, network.streams[i].name);
  }
  return r;
}

}  // namespace sapulse::hlsc
