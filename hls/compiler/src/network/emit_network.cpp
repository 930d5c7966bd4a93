// SPDX-License-Identifier: Apache-2.0
#include "network/emit_network.h"

#include <algorithm>

#include "emit/emit.h"
#include "emit/names.h"
#include "emit/stream_ports.h"
#include "fmt/format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

namespace sapulse::hlsc {

namespace {

std::string place(const SourceLocation& l) {
  return l.line ? fmt::format("{}:{}", llvm::sys::path::filename(l.file).str(), l.line) : "";
}

/// Words that a stream can hold in the output queue of its writer so that this has room for another iteration.
unsigned queue_words() { return queue_depth(0, 1) - 1; }

/// The wires of a stream.
struct Signal {
  std::string name;
  bool has_channels = false;  ///< <name>_tdata, <name>_tkeep and so on; otherwise <name>_tdata is the whole word
};

class NetworkEmitter {
 public:
  NetworkEmitter(const Network& network, const std::vector<Instance>& instances)
      : network_(network), instances_(instances) {}

  Part run(const std::vector<Link>& links) {
    part_.report = fmt::format("network {}\n", network_.name);
    part_.interface.arguments = network_.arguments;
    for (const char* n : {"ap_clk", "ap_rst_n"}) names_.reserve(n);
    for (const ScalarPort& a : network_.arguments) names_.reserve(a.name);
    for (const Link& l : links) {
      if (l.variable->is_port) port(l);
    }
    for (const Link& l : links) {
      if (!l.variable->is_port) local(l);
    }
    for (std::size_t i = 0; i < instances_.size(); i++) instance(i);
    part_.verilog = header() + wires_ + body_ + "endmodule\n\n";
    part_.report += "\n";
    return std::move(part_);
  }

 private:
  // ---- streams

  void port(const Link& l) {
    Stream s = l.port();
    s.name = l.name();
    s.position = l.variable->position;
    s.element = l.element;
    s.location = network_.location;
    names_.reserve(s.name);
    set_signal(l.some_end(), {s.name, true});
    part_.interface.streams.push_back(std::move(s));
  }

  void local(const Link& l) {
    const std::string name = names_.unique(l.name());
    const unsigned width = l.port().width, depth = l.variable->depth.value_or(0);
    part_.report += fmt::format("  stream {}: {} bits, {} -> {}, ", l.name(), width,
                                network_.processes[l.writer.process].name, network_.processes[l.reader.process].name);
    part_.report += depth > queue_words() ? fmt::format("FIFO of {} words\n", depth) : "queue of its writer\n";
    wires_ += fmt::format("\n  // stream {}, {}\n", l.name(), place(l.variable->location));
    declare(name, width);
    set_signal(l.reader, {name});
    std::string written = name;
    if (depth > queue_words()) {
      written = names_.unique(l.name() + "_written");
      declare(written, width);
      fifo(name, written, width, depth);
    }
    set_signal(l.writer, {written});
  }

  void declare(const std::string& name, unsigned width) {
    wires_ += fmt::format("  wire {0}{1}_tdata;\n  wire {1}_tvalid, {1}_tready;\n", range(width), name);
  }

  void fifo(const std::string& read, const std::string& written, unsigned width, unsigned depth) {
    wires_ += fmt::format(
        "  hls_stream_fifo #(.WIDTH({0}), .DEPTH({1})) u_{2}_fifo (\n      .clk(ap_clk), .rst_n(ap_rst_n),\n"
        "      .in_tdata({3}_tdata), .in_tvalid({3}_tvalid), .in_tready({3}_tready),\n"
        "      .out_tdata({2}_tdata), .out_tvalid({2}_tvalid), .out_tready({2}_tready));\n",
        width, depth, read, written);
  }

  void set_signal(const End& end, const Signal& s) { signals_[{end.process, end.port}] = s; }

  // ---- processes

  void instance(std::size_t i) {
    const Process& p = network_.processes[i];
    const Instance& instance = instances_[i];
    std::string ports;
    for (const Connection& c : p.connections) {
      if (c.kind == Connection::Kind::scalar) scalars(c, ports);
      if (c.kind == Connection::Kind::output) outputs(c, instance.part->interface, ports);
    }
    for (const Stream& s : instance.part->interface.streams) {
      const Signal& signal = signals_.at({i, &s});
      ports += port_connections(s, signal.name, signal.has_channels);
    }
    added_streams(p, instance.part->interface, ports);
    const std::string name = names_.unique("u_" + p.name);
    part_.report += fmt::format("  process {}: {}\n", name, instance.module);
    body_ += fmt::format("\n  {} {} (  // {}\n      .ap_clk(ap_clk), .ap_rst_n(ap_rst_n){});\n", instance.module, name,
                         place(p.location), ports);
  }

  void scalars(const Connection& c, std::string& ports) const {
    for (const Connection::Scalar& s : c.scalars) {
      ports += fmt::format(",\n      .{}({})", s.port,
                           s.argument < 0 ? literal(s.constant) : network_.arguments[s.argument].name);
    }
  }

  /// The process's own ports of a parameter that it writes become ports of the network with the outer name.
  void outputs(const Connection& c, const Interface& process, std::string& ports) {
    for (const std::string& path : c.paths) {
      for (const char* suffix : {"", "_i", "_o"}) {
        const std::string inner = c.parameter + path + suffix, outer = c.outer + path + suffix;
        for (const ScalarPort& a : process.arguments) {
          if (a.name != inner) continue;
          part_.interface.arguments.push_back({outer, a.width});
          ports += fmt::format(",\n      .{}({})", inner, outer);
        }
        for (const ScalarPort& o : process.outputs) {
          if (o.name != inner) continue;
          part_.interface.outputs.push_back({outer, o.width});
          ports += fmt::format(",\n      .{0}({1}), .{0}_ap_vld({1}_ap_vld)", inner, outer);
        }
      }
    }
  }

  // ---- memory ports, calls

  /// Streams that hlsc has added to a process become ports of the network.
  void added_streams(const Process& p, const Interface& process, std::string& ports) {
    for (const Channel& c : process.channels) {
      const auto memory = llvm::find_if(p.connections, [&](const Connection& k) { return k.position == c.position; });
      check_owner(p, c, *memory);
      Channel outer = c;
      outer.position = memory->outer_position;
      outer.name = added_names_.unique(memory->outer + "_" + p.name + c.name.substr(c.name.rfind('_')));
      connect(streams_of(c), streams_of(outer), ports);
      part_.interface.channels.push_back(outer);
    }
    for (const std::string& call : process.calls) {
      const std::string outer = added_names_.unique(p.name + "_" + call);
      connect(streams_of_call(call), streams_of_call(outer), ports);
      part_.interface.calls.push_back(outer);
    }
  }

  void connect(const std::vector<Stream>& inner, const std::vector<Stream>& outer, std::string& ports) {
    for (std::size_t i = 0; i < inner.size(); i++) {
      ports += port_connections(inner[i], outer[i].name, true);
      added_.push_back(outer[i]);
    }
  }

  /// One process writes to a memory, or several read it.
  void check_owner(const Process& p, const Channel& c, const Connection& memory) {
    const auto [it, is_new] = owners_.try_emplace(memory.outer_position, &p, c.is_write);
    const auto& [owner, is_written] = it->second;
    if (!is_new && owner != &p && (is_written || c.is_write)) {
      fail(p.location, fmt::format("memory port '{}' is written by one of '{}' and '{}' and accessed by the other; "
                                   "processes share nothing but streams",
                                   memory.outer, owner->name, p.name));
    }
    if (c.is_write) it->second.second = true;
  }

  // ---- the module

  std::string header() {
    Interface& ports = part_.interface;
    std::sort(ports.streams.begin(), ports.streams.end(), comes_before);
    std::string r = "    input  wire ap_clk,\n    input  wire ap_rst_n";
    for (const ScalarPort& a : ports.arguments) r += fmt::format(",\n    input  wire {}{}", range(a.width), a.name);
    for (const ScalarPort& o : ports.outputs)
      r += fmt::format(",\n    output wire {0}{1},\n    output wire {1}_ap_vld", range(o.width), o.name);
    for (const Stream& s : ports.streams) r += port_declarations(s);
    for (const Stream& s : added_) r += port_declarations(s);
    return fmt::format("// Network '{0}': {1} processes.\nmodule {0} (\n{2}\n);\n", network_.name, instances_.size(),
                       r);
  }

  const Network& network_;
  const std::vector<Instance>& instances_;
  Names names_;
  std::map<std::pair<std::size_t, const Stream*>, Signal> signals_;
  std::string wires_, body_;
  Names added_names_;
  std::vector<Stream> added_;
  std::map<unsigned, std::pair<const Process*, bool>> owners_;  ///< of a memory, and whether it is written
  Part part_;
};

}  // namespace

Part emit_network(const Network& network, const std::vector<Instance>& instances, const std::vector<Link>& links) {
  return NetworkEmitter(network, instances).run(links);
}

}  // namespace sapulse::hlsc
