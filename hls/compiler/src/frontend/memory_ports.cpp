// SPDX-License-Identifier: Apache-2.0
#include "frontend/memory_ports.h"

#include <algorithm>

#include "fmt/format.h"
#include "frontend/parameters.h"
#include "frontend/source_text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Support/MathExtras.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

constexpr unsigned kMaxElementBytes = 128;  // AXI4: data of 8 to 1024 bits
constexpr unsigned kMaxBurst = 256, kMaxBurstBytes = 4096, kMaxOutstanding = 256;

bool has_mode(const Pragma& p, const std::string& mode) {
  const auto stated = p.options.find("mode");
  return p.directive == "INTERFACE" && (p.options.count(mode) || (stated != p.options.end() && stated->second == mode));
}

std::string option(const Pragma& p, const std::string& key) {
  const auto it = p.options.find(key);
  return it == p.options.end() ? "" : it->second;
}

class Reader {
 public:
  Reader(Function& f, std::vector<std::string>& notes) : f_(f), notes_(notes), parameters_(parameters_of(f)) {}

  std::vector<MemoryPort> read() {
    const std::vector<Pragma> pragmas = pragmas_of(f_);
    for (const Pragma& p : pragmas) {
      if (has_mode(p, "m_axi")) add(p);
    }
    for (const Pragma& p : pragmas) {
      if (has_mode(p, "s_axilite")) note_register(p);
    }
    llvm::sort(ports_, [](const MemoryPort& a, const MemoryPort& b) { return a.position < b.position; });
    return std::move(ports_);
  }

 private:
  void add(const Pragma& p) {
    const std::string name = option(p, "port");
    const auto parameter = llvm::find_if(parameters_, [&](const Parameter& x) { return x.name == name; });
    if (parameter == parameters_.end() || !parameter->is_pointer)
      fail(p.location, fmt::format("INTERFACE m_axi: '{}' is no parameter that is a pointer or an array", name));
    MemoryPort m;
    m.name = name;
    m.position = parameter->argument->getArgNo();
    m.shift = element_shift(f_, m.position);
    for (const Leaf& l : leaves_of(memory_element(parameter->type), p.location)) m.fields.push_back({l.path, l.width, l.offset});
    m.cxx_type = cxx_name(memory_element(parameter->type));
    m.bundle = option(p, "bundle").empty() ? "gmem" : option(p, "bundle");
    m.location = p.location;
    m.has_offset = option(p, "offset") != "off";
    m.read_burst = burst(p, "max_read_burst_length", m.shift);
    m.write_burst = burst(p, "max_write_burst_length", m.shift);
    m.read_outstanding = number(p, "num_read_outstanding", 16, kMaxOutstanding);
    m.write_outstanding = number(p, "num_write_outstanding", 16, kMaxOutstanding);
    m.depth = number(p, "depth", array_size(f_, name).value_or(0), UINT32_MAX);
    if (option(p, "offset") == "slave") note(p.location, name, "address");
    ports_.push_back(m);
  }

  unsigned number(const Pragma& p, const std::string& key, unsigned otherwise, unsigned most) {
    if (option(p, key).empty()) return otherwise;
    const std::optional<unsigned> n = number_in_source(f_, option(p, key));
    if (n.value_or(0) == 0 || *n > most) {
      fail(p.location, fmt::format("{} '{}' of memory port '{}' is not a number from 1 to {} that is known here", key,
                                   option(p, key), option(p, "port"), most));
    }
    return *n;
  }

  unsigned burst(const Pragma& p, const std::string& key, unsigned shift) {
    return std::min(llvm::bit_floor(number(p, key, 16, kMaxBurst)), kMaxBurstBytes >> shift);
  }

  void note_register(const Pragma& p) {
    const std::string name = option(p, "port");
    if (name != "return" && llvm::none_of(ports_, [&](const MemoryPort& m) { return m.name == name; }))
      note(p.location, name, "value");
  }

  void note(const SourceLocation& where, const std::string& name, const char* what) {
    notes_.push_back(fmt::format("{}: note: no AXI4-Lite registers are made: the {} of '{}' is an input of the module",
                                 where.text(), what, name));
  }

  Function& f_;
  std::vector<std::string>& notes_;
  std::vector<Parameter> parameters_;
  std::vector<MemoryPort> ports_;
};

}  // namespace

std::vector<MemoryPort> memory_ports_of(Function& top, std::vector<std::string>& notes) {
  return Reader(top, notes).read();
}

bool runs_for_ever(const Function& top) {
  return llvm::any_of(pragmas_of(top), [](const Pragma& p) { return has_mode(p, "ap_ctrl_none"); });
}

const DIType* memory_element(const DIType* target) {
  const DIType* t = stripped(target);
  while (const auto* c = dyn_cast_or_null<DICompositeType>(t)) {
    if (c->getTag() != dwarf::DW_TAG_array_type) break;
    t = stripped(c->getBaseType());
  }
  return t;
}

unsigned element_shift(Function& f, unsigned position) {
  const std::vector<Parameter> all = parameters_of(f);
  const Parameter& p =
      *llvm::find_if(all, [&](const Parameter& x) { return x.argument->getArgNo() == position; });
  const std::uint64_t bytes = memory_element(p.type) ? memory_element(p.type)->getSizeInBits() / 8 : 0;
  if (!isPowerOf2_64(bytes) || bytes > kMaxElementBytes) {
    fail(location_of(f), fmt::format("memory port '{}' has elements of {} bytes; sizes that are powers of two up to {} "
                                     "are supported",
                                     p.name, bytes, kMaxElementBytes));
  }
  return Log2_64(bytes);
}

}  // namespace sapulse::hlsc
