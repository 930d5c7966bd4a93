// SPDX-License-Identifier: Apache-2.0
#include "frontend/debug_types.h"
#include "frontend/intrinsics.h"
#include "frontend/parameters.h"
#include "lower/exclusive.h"
#include "lower/lowering.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

/// Members of hls::axis: "data_x" and "data_y" are one channel, tdata.
std::vector<Field> channels_of(const std::vector<Field>& fields) {
  std::vector<Field> r;
  for (const Field& f : fields) {
    const std::string name = "t" + f.name.substr(0, f.name.find('_'));
    if (r.empty() || r.back().name != name) r.push_back({name, 0});
    r.back().width += f.width;
  }
  return r;
}

}  // namespace

int Lowering::stream(Value* v, bool is_input, unsigned width, const Instruction* at) {
  if (auto* g = dyn_cast<GlobalVariable>(v); g && g->getName().starts_with(intrinsics::kStream)) return added_stream(g);
  APInt offset(64, 0);
  auto* a = dyn_cast<llvm::Argument>(v->stripAndAccumulateConstantOffsets(layout_, offset, true));
  if (!a || unit_.is_module) fail(at, "a stream must be a reference parameter of the top function");
  const auto element = static_cast<unsigned>(offset.getZExtValue());  // a stream is one byte
  const auto [it, isNew] = streams_.try_emplace({a, element}, static_cast<int>(g_.streams.size()));
  if (isNew) {
    const std::vector<Parameter> all = parameters_of(f_);
    const Parameter& p = *llvm::find_if(all, [&](const Parameter& x) { return x.argument == a; });
    Stream s;
    s.name = is_stream_array(p.type) ? p.name + "_" + std::to_string(element) : p.name;
    s.is_input = is_input;
    s.position = a->getArgNo();
    s.element = element;
    s.location = location_of(f_);
    const DIType* payload = stream_payload(p.type);
    for (const Leaf& l : leaves_of(payload, location_of(at))) {
      s.width += l.width;
      if (!l.path.empty()) s.fields.push_back({l.path, l.width, l.offset});
    }
    if (has_side_channels(payload)) s.channels = channels_of(s.fields);
    g_.streams.push_back(s);
  }
  const Stream& s = g_.streams[it->second];
  if (s.is_input != is_input) fail(at, "stream '" + s.name + "' is both read and written");
  if (width && s.width != width) fail(at, "internal error: width of stream '" + s.name + "'");
  return it->second;
}

int Lowering::added_stream(GlobalVariable* g) {
  const auto [it, is_new] = streams_.try_emplace({g, 0}, static_cast<int>(g_.streams.size()));
  if (!is_new) return it->second;
  const StringRef name = g->getName().substr(StringRef(intrinsics::kStream).size());
  std::vector<Stream> all;
  if (unit_.surroundings.is_called) llvm::append_range(all, streams_of_call(kCallName));
  for (const Channel& c : unit_.channels) llvm::append_range(all, streams_of(c));
  g_.streams.push_back(*llvm::find_if(all, [&](const Stream& s) { return s.name == name; }));
  return it->second;
}

NodeId Lowering::read(CallInst* c) {
  const int s = stream(c->getArgOperand(0), true, c->getType()->getIntegerBitWidth(), c);
  const Stream& info = g_.streams[s];
  reads_[s].push_back({condition(c->getParent()), c});
  std::vector<Field> fields = info.fields;
  if (fields.empty()) fields.push_back({"", info.width});
  SmallVector<NodeId, 8> parts;
  unsigned offset = 0;
  for (const Field& f : fields) {
    g_.current_name = info.name + (f.name.empty() ? "" : "_" + f.name);
    parts.push_back(g_.make(Op::input, f.width, {}, offset, s));
    offset += f.width;
  }
  return g_.concat(parts);
}

NodeId Lowering::full(CallInst* c) {
  const int s = stream(c->getArgOperand(0), false, 0, c);
  return full_[s] = g_.make(Op::full, 1, {}, 0, s);
}

void Lowering::finish_reads(int s, const std::vector<Read>& reads) {
  NodeId any = g_.constant(1, 0);
  for (std::size_t i = 0; i < reads.size(); i++) {
    for (std::size_t k = 0; k < i; k++) {
      if (!are_exclusive(g_, reads[k].condition, reads[i].condition)) {
        fail(reads[i].at, "second read of stream '" + g_.streams[s].name + "' in one iteration");
      }
    }
    any = g_.disj(any, reads[i].condition);
  }
  g_.sink(Op::read, {any}, s);
}

void Lowering::finish_writes(int s, const std::vector<Write>& writes) {
  NodeId any = writes[0].condition, data = writes[0].data;
  for (std::size_t i = 1; i < writes.size(); i++) {
    for (std::size_t k = 0; k < i; k++) {
      if (!are_exclusive(g_, writes[k].condition, writes[i].condition)) {
        fail(writes[i].at, "stream '" + g_.streams[s].name + "' may be written twice in one iteration");
      }
    }
    data = g_.mux(writes[i].condition, writes[i].data, data);
    any = g_.disj(any, writes[i].condition);
  }
  const auto asked = full_.find(s);
  if (asked == full_.end()) {
    g_.sink(Op::output, {any, data}, s);
    return;
  }
  NodeId wait = g_.constant(1, 0);
  for (const Write& w : writes) {
    if (!are_exclusive(g_, w.condition, asked->second)) wait = g_.disj(wait, w.condition);
  }
  if (!g_.is_zero(wait)) g_.sink(Op::wait, {wait}, s);
  g_.sink(Op::output, {any, data, g_.inverse(asked->second)}, s);
}

void Lowering::finish_streams() {
  for (const Parameter& p : unit_.is_module ? std::vector<Parameter>() : parameters_of(f_)) {
    const auto first = streams_.lower_bound({p.argument, 0});
    const bool is_used = first != streams_.end() && first->first.first == p.argument;
    if (p.is_stream && !is_used) fail_unused_stream(location_of(f_), p.name);
  }
  for (const auto& [s, reads] : reads_) finish_reads(s, reads);
  for (const auto& [s, writes] : writes_) finish_writes(s, writes);
}

}  // namespace sapulse::hlsc
