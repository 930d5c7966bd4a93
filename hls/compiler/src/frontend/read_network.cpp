// SPDX-License-Identifier: Apache-2.0
// In a copy of the module, only processes stay functions: everything else is inlined into the network, loops are
// unrolled, and calls of processes become calls of hls.process.N with the scalars of their arguments.
#include "frontend/read_network.h"

#include <algorithm>
#include <limits>

#include "fmt/format.h"
#include "frontend/intrinsics.h"
#include "frontend/parameters.h"
#include "frontend/pass_runner.h"
#include "frontend/processes.h"
#include "frontend/steps.h"
#include "frontend/stream_variables.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/Cloning.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

constexpr const char kProcess[] = "hls.process.";  ///< void (streams and outputs as ptr, scalars as iN)

/// A call of a process: its function in the original module, and the parameters of that.
struct Call {
  const Function* process;
  std::vector<Parameter> parameters;
};

class Reader {
 public:
  Reader(Function& original, const std::string& name, const Surroundings& surroundings)
      : original_(original),
        surroundings_(surroundings),
        copy_(CloneModule(*original.getParent())),
        f_(*copy_->getFunction(original.getName())),
        streams_(original, f_) {
    network_.name = name;
    network_.location = location_of(original);
  }

  Network read() {
    if (return_type_of(original_)) fail(network_.location, "a network of processes returns nothing");
    lift_limits(*copy_);
    remove_prints(f_, network_.notes);
    Unit unit;
    unit.function = &f_;
    replace_arguments(unit);
    network_.arguments = unit.arguments;
    inline_all_but_processes();
    replace_calls();
    refuse_other_work();
    unroll_loops(f_, passes_);
    network_.parameters = outer_parameters(original_, surroundings_);
    for (Instruction& i : instructions(f_)) {
      if (intrinsics::name_of(i).starts_with(kProcess)) add_process(cast<CallInst>(i));
    }
    network_.streams = streams_.finish();
    return std::move(network_);
  }

 private:
  void inline_all_but_processes() {
    for (Function& f : *copy_) {
      if (&f == &f_ || !is_process(f)) continue;
      f.setComdat(nullptr);
      f.deleteBody();
    }
    inline_all(*copy_, passes_, {&f_});
    // hls::task calls the function that it was given by reference
    passes_.on_function(f_, [](FunctionPassManager& p) { p.addPass(SROAPass(SROAOptions::PreserveCFG)); });
  }

  void replace_calls() {
    std::vector<CallInst*> calls;
    for (Instruction& i : instructions(f_)) {
      auto* call = dyn_cast<CallInst>(&i);
      const Function* callee = call ? call->getCalledFunction() : nullptr;
      Function* process = callee ? original_.getParent()->getFunction(callee->getName()) : nullptr;
      if (process && is_process(*process)) calls.push_back(call);
    }
    for (CallInst* call : calls) replace_call(call);
  }

  void replace_call(CallInst* call) {
    Function& process = *original_.getParent()->getFunction(call->getCalledFunction()->getName());
    if (return_type_of(process)) {
      fail(call, "process '" + function_base_name(process.getName()) +
                     "' returns a value; processes of a network give away nothing but streams");
    }
    Call& c = calls_.emplace_back(Call{&process, parameters_of(process)});
    IRBuilder<> b(call);
    std::vector<Value*> operands;
    std::vector<Type*> types;
    for (const Parameter& p : c.parameters) {
      Value* given = call->getArgOperand(p.argument->getArgNo());
      if (p.is_stream || p.is_written_through) {
        operands.push_back(given);
        continue;
      }
      for (const Leaf& l : leaves_of(p.type, location_of(call))) {
        operands.push_back(given->getType()->isPointerTy() ? load_leaf(b, given, l)
                                                           : b.CreateTrunc(given, b.getIntNTy(l.width)));
      }
    }
    types.reserve(operands.size());
    for (const Value* v : operands) types.push_back(v->getType());
    auto instance = intrinsics::declare(*copy_, kProcess + std::to_string(calls_.size() - 1),
                                        FunctionType::get(b.getVoidTy(), types, false), intrinsics::Effect::ordered);
    b.CreateCall(instance, operands);
    call->eraseFromParent();
  }

  void refuse_other_work() {
    for (const Instruction& i : instructions(f_)) {
      const auto* call = dyn_cast<CallBase>(&i);
      const Function* callee = call ? call->getCalledFunction() : nullptr;
      if (callee && callee->getName().starts_with("__hls_")) {
        fail(&i, "a network of processes reads and writes no streams itself; move this into a process");
      }
    }
    refuse_unsupported(f_);
  }

  void add_process(CallInst& call) {
    const Call& c = calls_[std::stoul(call.getCalledFunction()->getName().substr(sizeof(kProcess) - 1).str())];
    const std::string name = function_base_name(c.process->getName());
    if (call.getParent() != &f_.getEntryBlock()) {
      fail(&call, "process '" + name + "' is called under a condition or in a loop that is not unrolled");
    }
    Process p;
    p.function = c.process->getName().str();
    p.name = identifier(name);
    p.cxx_name = cxx_name(c.process->getSubprogram());
    p.location = location_of(&call);
    p.is_called = surroundings_.is_called && !is_task(call);
    unsigned operand = 0;
    for (const Parameter& parameter : c.parameters) {
      Connection k;
      k.parameter = parameter.name;
      k.position = parameter.argument->getArgNo();
      if (parameter.is_stream) {
        k.takes_array = is_stream_array(parameter.type);
        connect_stream(k, call, operand++);
      } else if (is_memory(call.getArgOperand(operand))) {
        connect_memory(k, call, operand++);
      } else if (parameter.is_written_through) {
        connect_output(k, parameter, call, operand++);
      } else {
        connect_scalar(k, parameter, call, operand);
      }
      p.connections.push_back(k);
    }
    if (any_of(network_.processes, [&](const Process& other) { return is_same(p, other); })) {
      network_.notes.push_back(
          fmt::format("{}: note: process '{}' is called with the same arguments again: it is one, which runs for ever",
                      p.location.text(), name));
      return;
    }
    network_.processes.push_back(p);
  }

  static bool is_same(const Process& a, const Process& b) {
    return a.function == b.function && std::equal(a.connections.begin(), a.connections.end(), b.connections.begin(),
                                                  [](const Connection& x, const Connection& y) {
                                                    return x.kind == y.kind && x.variable == y.variable &&
                                                           x.first == y.first && same_scalars(x, y);
                                                  });
  }

  static bool same_scalars(const Connection& x, const Connection& y) {
    return std::equal(x.scalars.begin(), x.scalars.end(), y.scalars.begin(),
                      [](const Connection::Scalar& a, const Connection::Scalar& b) {
                        return a.argument == b.argument && (a.argument >= 0 || a.constant == b.constant);
                      });
  }

  void connect_stream(Connection& k, const CallInst& call, unsigned operand) {
    APInt offset(64, 0);
    Value* base = call.getArgOperand(operand)->stripAndAccumulateConstantOffsets(f_.getDataLayout(), offset, true);
    k.kind = Connection::Kind::stream;
    k.variable = streams_.variable(base, call);
    k.first = static_cast<unsigned>(offset.getZExtValue());  // a stream is one byte
  }

  void connect_output(Connection& k, const Parameter& parameter, const CallInst& call, unsigned operand) {
    const auto* outer = dyn_cast<llvm::Argument>(call.getArgOperand(operand));
    if (!outer) {
      fail(&call, fmt::format("parameter '{}' is a variable of the network; processes share nothing but streams",
                              parameter.name));
    }
    k.kind = Connection::Kind::output;
    k.outer = parameters_of(original_)[outer->getArgNo()].name;
    for (const Leaf& l : leaves_of(parameter.type, location_of(&call)))
      k.paths.push_back(l.path.empty() ? "" : "_" + l.path);
  }

  bool is_memory(const Value* given) const {
    const auto* outer = dyn_cast<llvm::Argument>(getUnderlyingObject(given));
    return outer && is_contained(surroundings_.memories, outer->getArgNo());
  }

  void connect_memory(Connection& k, const CallInst& call, unsigned operand) {
    const auto* outer = dyn_cast<llvm::Argument>(call.getArgOperand(operand));
    if (!outer)
      fail(&call, fmt::format("memory port for '{}' with an offset; pass the offset to the process", k.parameter));
    k.kind = Connection::Kind::memory;
    k.outer = parameters_of(original_)[outer->getArgNo()].name;
    k.outer_position = outer->getArgNo();
  }

  /// Whether a process is called by hls::task.
  static bool is_task(const CallInst& call) {
    const DILocation* l = call.getDebugLoc().get();
    return l && sys::path::filename(l->getFilename()) == "hls_task.h";
  }

  void connect_scalar(Connection& k, const Parameter& parameter, const CallInst& call, unsigned& operand) {
    k.kind = Connection::Kind::scalar;
    k.cxx_type = cxx_name(parameter.type);
    for (const Leaf& l : leaves_of(parameter.type, location_of(&call))) {
      Connection::Scalar s;
      s.port = parameter.name + (l.path.empty() ? "" : "_" + l.path);
      const Value* v = call.getArgOperand(operand++);
      if (const auto* constant = dyn_cast<ConstantInt>(v)) {
        s.constant = constant->getValue();
      } else if (const auto* i = dyn_cast<CallInst>(v);
                 i && intrinsics::name_of(*i).starts_with(intrinsics::kArgument)) {
        s.argument = static_cast<int>(cast<ConstantInt>(i->getArgOperand(0))->getZExtValue());
      } else {
        fail(&call, fmt::format("argument '{}' of a process is computed in the network; only constants and the "
                                "network's own scalars can be passed on",
                                parameter.name));
      }
      k.scalars.push_back(s);
    }
    for (const OuterParameter& o : network_.parameters) {
      if (o.kind == OuterParameter::Kind::value && passes_on(k, o)) k.outer = o.name;
    }
  }

  /// Whether a process is given a parameter of the network as it is.
  static bool passes_on(const Connection& k, const OuterParameter& o) {
    if (k.scalars.size() != o.arguments) return false;
    for (unsigned i = 0; i < o.arguments; i++) {
      if (k.scalars[i].argument != static_cast<int>(o.first_argument + i)) return false;
    }
    return true;
  }

  Function& original_;
  const Surroundings& surroundings_;
  std::unique_ptr<Module> copy_;
  Function& f_;
  StreamVariables streams_;
  PassRunner passes_;
  Network network_;
  std::vector<Call> calls_;
};

}  // namespace

std::vector<OuterParameter> outer_parameters(Function& f, const Surroundings& surroundings) {
  using Kind = OuterParameter::Kind;
  std::vector<OuterParameter> r;
  unsigned arguments = 0;
  for (const Parameter& p : parameters_of(f)) {
    OuterParameter& outer = r.emplace_back();
    outer.name = p.name;
    outer.kind = p.is_stream ? Kind::stream : p.is_written_through ? Kind::output : Kind::value;
    outer.position = p.argument->getArgNo();
    if (is_contained(surroundings.memories, outer.position)) outer.kind = Kind::memory;
    outer.cxx_type = p.is_stream ? stream_name(p.type) : cxx_name(p.type);
    outer.is_array = p.is_stream && is_stream_array(p.type);
    outer.is_pointer = p.is_pointer;
    if (outer.kind == Kind::stream || outer.kind == Kind::memory) continue;
    // What nothing can be written to is refused where it is used.
    const bool is_empty = outer.kind == Kind::output && !scalar_width(p.type) && members_of(p.type).empty();
    if (!is_empty) outer.leaves = leaves_of(p.type, location_of(f));
    if (outer.kind == Kind::output) continue;
    outer.first_argument = arguments;
    outer.arguments = static_cast<unsigned>(outer.leaves.size());
    arguments += outer.arguments;
  }
  return r;
}

void add_result(Function& f, std::vector<OuterParameter>& parameters) {
  const DIType* type = return_type_of(f);
  if (!type) return;
  OuterParameter& result = parameters.emplace_back();
  result.name = kResultName;
  result.kind = OuterParameter::Kind::output;
  result.position = std::numeric_limits<unsigned>::max();  // none
  result.cxx_type = cxx_name(type);
  result.leaves = leaves_of(type, location_of(f));
}

Network read_network(Function& f, const std::string& name, const Surroundings& surroundings) {
  return Reader(f, name, surroundings).read();
}

}  // namespace sapulse::hlsc
