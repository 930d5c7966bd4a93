// SPDX-License-Identifier: Apache-2.0
#include "emit/memory_top.h"

#include <algorithm>

#include "emit/stream_ports.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

namespace {

/// The rest of a channel's address signals; {0}: AR or AW, {1}: log2 of the bytes of a beat. Normal non-cacheable
/// bufferable memory, as Vitis HLS has it.
constexpr const char* kFixed =
    "  assign {2}_{0}ID = 1'b0, {2}_{0}SIZE = 3'd{1}, {2}_{0}BURST = 2'b01, {2}_{0}LOCK = 1'b0, {2}_{0}CACHE = 4'b0011,\n"
    "         {2}_{0}PROT = 3'b000, {2}_{0}QOS = 4'd0, {2}_{0}REGION = 4'd0;\n";

/// The memory ports that share an AXI4 port.
struct Bundle {
  std::string prefix;  ///< "m_axi_gmem"
  unsigned shift = 0;  ///< log2 of the bytes of a beat
  std::vector<const MemoryPort*> ports;
  std::vector<Channel> readers, writers;
};

class Top {
 public:
  Top(const Interface& inside, const std::vector<MemoryPort>& memories) : inside_(inside) {
    for (const MemoryPort& m : memories) add(m);
    for (Bundle& b : bundles_) {
      for (const MemoryPort* m : b.ports) {
        for (const Channel& c : inside_.channels) {
          if (c.position == m->position) (c.is_write ? b.writers : b.readers).push_back(c);
        }
      }
    }
  }

  std::string verilog(const std::string& name, const std::string& core) {
    for (const Bundle& b : bundles_) bundle(b);
    control();
    return fmt::format(
        "// Memory ports of '{0}'.\nmodule {0} (\n{1}\n);\n{2}\n  {3} u_core (\n      .ap_clk(ap_clk), "
        ".ap_rst_n(ap_rst_n){4});\n{5}endmodule\n\n",
        name, ports(), wires_, core, connections_, body_);
  }

  std::string report() const {
    std::string r = "memory ports\n";
    for (const Bundle& b : bundles_) {
      r += fmt::format("  {}: {} bits, {} readers, {} writers\n", b.prefix, 8U << b.shift, b.readers.size(),
                       b.writers.size());
      for (const MemoryPort* m : b.ports) {
        r += fmt::format("    {}: {} of {} bytes, {}{}\n", m->name, m->cxx_type, 1U << m->shift,
                         m->has_offset ? "address is an input" : "at address 0",
                         is_accessed(*m) ? "" : ", not accessed");
      }
    }
    return r + "\n";
  }

  std::vector<PlainPort> other_ports() const {
    std::vector<PlainPort> r;
    if (!inside_.calls.empty())
      r = {{false, "ap_start", 1}, {true, "ap_done", 1}, {true, "ap_ready", 1}, {true, "ap_idle", 1}};
    for (const Bundle& b : bundles_) add_bus(b, r);
    return r;
  }

 private:
  void add(const MemoryPort& m) {
    const std::string prefix = "m_axi_" + m.bundle;
    auto known = llvm::find_if(bundles_, [&](const Bundle& b) { return b.prefix == prefix; });
    Bundle& b = known == bundles_.end() ? bundles_.emplace_back(Bundle{prefix, m.shift, {}, {}, {}}) : *known;
    if (b.shift != m.shift) {
      fail(m.location, fmt::format("memory ports '{}' and '{}' share bundle '{}', but their elements have {} and {} "
                                   "bytes; give each one a bundle",
                                   b.ports.front()->name, m.name, m.bundle, 1U << b.shift, 1U << m.shift));
    }
    b.ports.push_back(&m);
  }

  bool is_accessed(const MemoryPort& m) const {
    return llvm::any_of(inside_.channels, [&](const Channel& c) { return c.position == m.position; });
  }

  // ---- ports

  std::string ports() const {
    std::string r = "    input  wire ap_clk,\n    input  wire ap_rst_n";
    for (const Bundle& b : bundles_) {
      for (const MemoryPort* m : b.ports) {
        if (m->has_offset) r += fmt::format(",\n    input  wire [63:0] {}", m->name);
      }
    }
    for (const ScalarPort& a : inside_.arguments) r += fmt::format(",\n    input  wire {}{}", range(a.width), a.name);
    for (const ScalarPort& o : inside_.outputs)
      r += fmt::format(",\n    output wire {0}{1},\n    output wire {1}_ap_vld", range(o.width), o.name);
    for (const Stream& s : inside_.streams) r += port_declarations(s);
    for (const PlainPort& p : other_ports())
      r += fmt::format(",\n    {} wire {}{}", p.is_output ? "output" : "input ", range(p.width), p.name);
    return r;
  }

  static void add_bus(const Bundle& b, std::vector<PlainPort>& ports) {
    const auto port = [&](bool is_output, const std::string& name, unsigned width) {
      ports.push_back({is_output, b.prefix + "_" + name, width});
    };
    const unsigned bits = 8U << b.shift;
    for (const std::string c : {"AW", "AR"}) {
      port(true, c + "VALID", 1), port(false, c + "READY", 1), port(true, c + "ADDR", 64), port(true, c + "ID", 1);
      port(true, c + "LEN", 8), port(true, c + "SIZE", 3), port(true, c + "BURST", 2), port(true, c + "LOCK", 1);
      port(true, c + "CACHE", 4), port(true, c + "PROT", 3), port(true, c + "QOS", 4), port(true, c + "REGION", 4);
    }
    port(true, "WVALID", 1), port(false, "WREADY", 1), port(true, "WDATA", bits), port(true, "WSTRB", bits / 8);
    port(true, "WLAST", 1), port(false, "BVALID", 1), port(true, "BREADY", 1), port(false, "BRESP", 2);
    port(false, "BID", 1), port(false, "RVALID", 1), port(true, "RREADY", 1), port(false, "RDATA", bits);
    port(false, "RLAST", 1), port(false, "RRESP", 2), port(false, "RID", 1), port(true, "error", 2);
  }

  // ---- channels

  void bundle(const Bundle& b) {
    body_ += fmt::format("\n  // bundle {}; error: bit 0 of reads, bit 1 of writes, until reset\n", b.prefix);
    body_ += fmt::format(fmt::runtime(kFixed), "AR", b.shift, b.prefix);
    body_ += fmt::format(fmt::runtime(kFixed), "AW", b.shift, b.prefix);
    for (const Channel& c : b.readers) channel(c, b);
    for (const Channel& c : b.writers) channel(c, b);
    b.readers.empty() ? no_reads(b) : reads(b);
    b.writers.empty() ? no_writes(b) : writes(b);
  }

  static const MemoryPort& port_of(const Channel& c, const Bundle& b) {
    return **llvm::find_if(b.ports, [&](const MemoryPort* m) { return m->position == c.position; });
  }

  void channel(const Channel& c, const Bundle& b) {
    const MemoryPort& m = port_of(c, b);
    const unsigned burst = c.is_write ? m.write_burst : m.read_burst;
    const unsigned depth = c.is_write ? std::max(2 * burst, 32U) : std::max(burst * m.read_outstanding, 2U);
    const std::string base = m.has_offset ? fmt::format("{}[63:{}]", m.name, c.shift) : fmt::format("{}'d0", 64 - c.shift);
    const std::vector<Stream> streams = streams_of(c);
    for (const Stream& s : streams) wire(s);
    body_ += fmt::format(
        "  hls_axi_{0} #(.SHIFT({1}), .BURST({2}), .DEPTH({3})) u_{4} (\n      .clk(ap_clk), .rst_n(ap_rst_n), .base({5})",
        c.is_write ? "writer" : "reader", c.shift, burst, depth, c.name, base);
    for (const Stream& s : streams) {
      const std::string port = s.name.substr(c.name.size() + 1);
      if (port != "finished") body_ += fmt::format(",\n      .{}_tdata({}_tdata)", port, s.name);
      body_ += fmt::format(",\n      .{0}_tvalid({1}_tvalid), .{0}_tready({1}_tready)", port, s.name);
      if (port == "finished") body_ = "  assign " + s.name + "_tdata = 1'b0;\n" + body_;
    }
    const unsigned bits = 8U << c.shift, bytes = 1U << c.shift;
    signal(c, "addr", 64), signal(c, "len", 8), signal(c, "avalid", 1), signal(c, "aready", 1);
    const char* a = c.is_write ? "aw" : "ar";
    body_ += fmt::format(",\n      .{0}addr({1}_addr), .{0}len({1}_len), .{0}valid({1}_avalid), .{0}ready({1}_aready)", a,
                         c.name);
    if (c.is_write) {
      signal(c, "wdata", bits), signal(c, "wstrb", bytes), signal(c, "wvalid", 1), signal(c, "wready", 1);
      signal(c, "answered", 1);
      body_ += fmt::format(
          ",\n      .wdata({0}_wdata), .wstrb({0}_wstrb), .wvalid({0}_wvalid), .wready({0}_wready), "
          ".answered({0}_answered));\n",
          c.name);
    } else {
      signal(c, "rvalid", 1);
      body_ += fmt::format(",\n      .rdata({}_RDATA), .rvalid({}_rvalid));\n", b.prefix, c.name);
    }
  }

  /// Streams between the core and a channel.
  void wire(const Stream& s) {
    wires_ += fmt::format("  wire {0}{1}_tdata;\n  wire {1}_tvalid, {1}_tready;\n", range(s.width), s.name);
    connections_ += port_connections(s, s.name, true);
  }

  void signal(const Channel& c, const char* name, unsigned width) {
    wires_ += fmt::format("  wire {}{}_{};\n", range(width), c.name, name);
  }

  /// "{b_addr, a_addr}": the first channel in the least significant bits.
  static std::string all(const std::vector<Channel>& channels, const char* signal) {
    std::vector<std::string> r;
    for (const Channel& c : llvm::reverse(channels)) r.push_back(fmt::format("{}_{}", c.name, signal));
    return fmt::format("{{{}}}", fmt::join(r, ", "));
  }

  void reads(const Bundle& b) {
    unsigned bursts = 0;
    for (const Channel& c : b.readers) bursts += port_of(c, b).read_outstanding;
    body_ += fmt::format(
        "  hls_axi_read_port #(.READERS({0}), .BURSTS({1})) u_{2}_reads (\n      .clk(ap_clk), .rst_n(ap_rst_n), "
        ".error({2}_error[0]),\n      .araddrs({3}), .arlens({4}),\n      .arvalids({5}), .arreadys({6}),\n"
        "      .rvalids({7}),\n"
        "      .m_araddr({2}_ARADDR), .m_arlen({2}_ARLEN), .m_arvalid({2}_ARVALID), .m_arready({2}_ARREADY),\n"
        "      .m_rresp({2}_RRESP), .m_rlast({2}_RLAST), .m_rvalid({2}_RVALID), .m_rready({2}_RREADY));\n",
        b.readers.size(), bursts, b.prefix, all(b.readers, "addr"), all(b.readers, "len"), all(b.readers, "avalid"),
        all(b.readers, "aready"), all(b.readers, "rvalid"));
  }

  void no_reads(const Bundle& b) {
    body_ += fmt::format(
        "  assign {0}_ARVALID = 1'b0, {0}_ARADDR = 64'd0, {0}_ARLEN = 8'd0, {0}_RREADY = 1'b0, {0}_error[0] = 1'b0;\n",
        b.prefix);
  }

  void writes(const Bundle& b) {
    unsigned bursts = 0;
    for (const Channel& c : b.writers) bursts += port_of(c, b).write_outstanding;
    body_ += fmt::format(
        "  hls_axi_write_port #(.WRITERS({0}), .SHIFT({8}), .BURSTS({1})) u_{2}_writes (\n      .clk(ap_clk), "
        ".rst_n(ap_rst_n), .error({2}_error[1]),\n      .awaddrs({3}), .awlens({4}),\n      .awvalids({5}), "
        ".awreadys({6}),\n      .wdatas({9}), .wstrbs({10}),\n      .wvalids({11}), .wreadys({12}),\n      "
        ".answereds({7}),\n"
        "      .m_awaddr({2}_AWADDR), .m_awlen({2}_AWLEN), .m_awvalid({2}_AWVALID), .m_awready({2}_AWREADY),\n"
        "      .m_wdata({2}_WDATA), .m_wstrb({2}_WSTRB), .m_wlast({2}_WLAST), .m_wvalid({2}_WVALID), "
        ".m_wready({2}_WREADY),\n      .m_bresp({2}_BRESP), .m_bvalid({2}_BVALID), .m_bready({2}_BREADY));\n",
        b.writers.size(), bursts, b.prefix, all(b.writers, "addr"), all(b.writers, "len"), all(b.writers, "avalid"),
        all(b.writers, "aready"), all(b.writers, "answered"), b.shift, all(b.writers, "wdata"),
        all(b.writers, "wstrb"), all(b.writers, "wvalid"), all(b.writers, "wready"));
  }

  void no_writes(const Bundle& b) {
    body_ += fmt::format(
        "  assign {0}_AWVALID = 1'b0, {0}_AWADDR = 64'd0, {0}_AWLEN = 8'd0, {0}_WVALID = 1'b0, {0}_WDATA = {1}'d0,\n"
        "         {0}_WSTRB = {2}'d0, {0}_WLAST = 1'b0, {0}_BREADY = 1'b0, {0}_error[1] = 1'b0;\n",
        b.prefix, 8U << b.shift, 1U << b.shift);
  }

  // ---- the core

  void control() {
    for (const ScalarPort& a : inside_.arguments) connections_ += fmt::format(",\n      .{0}({0})", a.name);
    for (const ScalarPort& o : inside_.outputs) connections_ += fmt::format(",\n      .{0}({0}), .{0}_ap_vld({0}_ap_vld)", o.name);
    for (const Stream& s : inside_.streams) connections_ += port_connections(s, s.name, true);
    if (inside_.calls.empty()) return;
    std::vector<Channel> calls;
    for (const std::string& call : inside_.calls) {
      calls.push_back({0, 0, false, call});
      for (const Stream& s : streams_of_call(call)) wire(s);
      body_ += fmt::format("  assign {}_start_tdata = 1'b0;\n", call);
    }
    body_ += fmt::format(
        "\n  hls_control #(.PROCESSES({})) u_control (\n      .clk(ap_clk), .rst_n(ap_rst_n),\n      .ap_start(ap_start), "
        ".ap_done(ap_done), .ap_ready(ap_ready), .ap_idle(ap_idle),\n      .start_tvalid({}),\n      .start_tready({}),\n"
        "      .done_tvalid({}),\n      .done_tready({}));\n",
        calls.size(), all(calls, "start_tvalid"), all(calls, "start_tready"), all(calls, "done_tvalid"),
        all(calls, "done_tready"));
  }

  const Interface& inside_;
  std::vector<Bundle> bundles_;
  std::string wires_, connections_, body_;
};

}  // namespace

void add_memory_ports(Part& part, const std::string& name, const std::string& core,
                      const std::vector<MemoryPort>& memories) {
  std::vector<ScalarPort> bases;
  for (const MemoryPort& m : memories) {
    if (m.has_offset) bases.push_back({m.name, 64});
  }
  check_names(name, bases, {});
  Top top(part.interface, memories);
  part.verilog += top.verilog(name, core);
  part.report += top.report();
  part.interface.others = top.other_ports();
  part.interface.arguments.insert(part.interface.arguments.begin(), bases.begin(), bases.end());
  part.interface.channels.clear();
  part.interface.calls.clear();
}

}  // namespace sapulse::hlsc
