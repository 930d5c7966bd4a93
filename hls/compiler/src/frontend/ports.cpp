// SPDX-License-Identifier: Apache-2.0
// Parameters that can be written through, and the result of the kernel: like statics, each becomes a local variable,
// with hls.argument at the entry where the kernel looks at what came in, and hls.port at the exit.
#include "frontend/intrinsics.h"
#include "frontend/parameters.h"
#include "frontend/steps.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

namespace sapulse::hlsc {

using namespace llvm;
using intrinsics::Effect;

namespace {

struct Accesses {
  std::vector<Instruction*> writes;
  bool is_read = false;
};

/// All accesses through a pointer, which must stay within an object of that size.
void collect_accesses(Value* pointer, std::int64_t offset, std::uint64_t size, const std::string& name, Accesses& out) {
  auto refuse = [&](const Instruction* at) {
    fail(at, "parameter '" + name +
                 "' is used as an array; a memory port needs '#pragma HLS INTERFACE m_axi port=" + name + "'");
  };
  for (Use& u : pointer->uses()) {
    auto* i = dyn_cast<Instruction>(u.getUser());
    if (!i) fail("internal error: use of parameter '" + name + "'");
    if (auto* gep = dyn_cast<GetElementPtrInst>(i)) {
      APInt step(64, 0);
      if (!gep->accumulateConstantOffset(i->getDataLayout(), step)) refuse(i);
      const std::int64_t inner = offset + step.getSExtValue();
      if (inner < 0 || static_cast<std::uint64_t>(inner) >= size) refuse(i);
      collect_accesses(gep, inner, size, name, out);
    } else if (auto* s = dyn_cast<StoreInst>(i)) {
      if (s->getValueOperand() == pointer) fail(i, "pointers cannot be used as values");
      out.writes.push_back(i);
    } else if (auto* m = dyn_cast<MemIntrinsic>(i)) {
      if (m->getRawDest() == pointer) {
        out.writes.push_back(i);
      } else {
        out.is_read = true;
      }
    } else if (isa<LoadInst>(i)) {
      out.is_read = true;
    } else if (!isa<LifetimeIntrinsic>(i)) {
      fail(i, "pointers cannot be used as values");
    }
  }
}

class Ports {
 public:
  Ports(Unit& unit, ReturnInst* exit)
      : unit_(unit), f_(*unit.function), entry_(&*f_.getEntryBlock().getFirstInsertionPt()), exit_(exit) {}

  void localise(Argument* pointer, const std::string& name, const DIType* type) {
    Accesses accesses;
    const std::vector<Leaf> leaves = leaves_of(type, location_of(f_));
    collect_accesses(pointer, 0, stripped(type)->getSizeInBits() / 8, name, accesses);
    AllocaInst* object = allocate(entry_, type);
    AllocaInst* written = entry_.CreateAlloca(entry_.getInt8Ty());
    entry_.CreateStore(entry_.getInt8(0), written);
    const bool is_output = !accesses.writes.empty();
    if (is_output && unit_.has_steps && (accesses.is_read || leaves.size() > 1)) {
      fail(accesses.writes[0], "parameter '" + name +
                                   "' is a struct or read as well as written, in a kernel with a loop that is "
                                   "not unrolled; use a static variable and write the parameter once");
    }
    for (const Leaf& l : leaves) {
      const std::string port = name + (l.path.empty() ? "" : "_" + l.path);
      store_leaf(entry_, object, l,
                 accesses.is_read ? argument(port + (is_output ? "_i" : ""), l.width) : entry_.getIntN(l.width, 0));
    }
    for (Instruction* w : accesses.writes) IRBuilder<>(w).CreateStore(entry_.getInt8(1), written);
    if (is_output) {
      Value* flag = exit_.CreateTrunc(exit_.CreateLoad(exit_.getInt8Ty(), written), exit_.getInt1Ty());
      for (const Leaf& l : leaves) {
        const std::string port = name + (l.path.empty() ? "" : "_" + l.path);
        output(port + (accesses.is_read ? "_o" : ""), load_leaf(exit_, object, l), flag);
      }
    }
    pointer->replaceAllUsesWith(object);
  }

  void output(const std::string& name, Value* value, Value* written) {
    auto port = intrinsics::declare(
        *f_.getParent(), intrinsics::kPort + intrinsics::type_suffix(value->getType()),
        FunctionType::get(exit_.getVoidTy(), {exit_.getInt32Ty(), value->getType(), exit_.getInt1Ty()}, false),
        Effect::ordered);
    const auto number = static_cast<std::uint32_t>(unit_.outputs.size());
    unit_.outputs.push_back({name, value->getType()->getIntegerBitWidth()});
    exit_.CreateCall(port, {exit_.getInt32(number), value, written});
  }

 private:
  Value* argument(const std::string& name, unsigned width) {
    const auto number = static_cast<std::uint32_t>(unit_.arguments.size());
    unit_.arguments.push_back({name, width});
    return declare_argument(entry_, number, width);
  }

  Unit& unit_;
  Function& f_;
  IRBuilder<> entry_, exit_;
};

void write_scalar_result(Unit& kernel, ReturnInst& exit) {
  const Function& f = *kernel.function;
  const unsigned width = scalar_width(return_type_of(f));
  if (width == 0)
    fail(location_of(f), "the result of '" + kernel.name + "' is returned in pieces; use ap_uint members in structs");
  IRBuilder<> b(&exit);
  Ports(kernel, &exit).output(kResultName, b.CreateTrunc(exit.getReturnValue(), b.getIntNTy(width)), b.getTrue());
}

}  // namespace

void localise_ports(Unit& kernel) {
  Function& f = *kernel.function;
  ReturnInst* exit = exit_of(kernel);
  Ports ports(kernel, exit);
  for (const Parameter& p : parameters_of(f)) {
    if (p.is_written_through && !is_contained(kernel.surroundings.memories, p.argument->getArgNo()))
      ports.localise(p.argument, p.name, p.type);
  }
  if (kernel.has_steps || !return_type_of(f)) return;
  if (f.hasStructRetAttr()) {
    ports.localise(f.getArg(0), kResultName, return_type_of(f));
  } else {
    write_scalar_result(kernel, *exit);
  }
}

void write_result(Unit& kernel) {
  Function& f = *kernel.function;
  const DIType* result = return_type_of(f);
  if (!result) return;
  ReturnInst* exit = exit_of(kernel);
  if (!f.hasStructRetAttr()) return write_scalar_result(kernel, *exit);
  IRBuilder<> entry(&*f.getEntryBlock().getFirstInsertionPt()), at_exit(exit);
  AllocaInst* object = allocate(entry, result);
  f.getArg(0)->replaceAllUsesWith(object);
  Ports ports(kernel, exit);
  for (const Leaf& l : leaves_of(result, location_of(f))) {
    const std::string port = kResultName + (l.path.empty() ? "" : "_" + l.path);
    ports.output(port, load_leaf(at_exit, object, l), at_exit.getTrue());
  }
}

}  // namespace sapulse::hlsc
