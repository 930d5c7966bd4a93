// SPDX-License-Identifier: Apache-2.0
// The state of one lowering, shared by its parts (control flow, instructions, memory, streams).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "frontend/frontend.h"
#include "llvm/Analysis/PostDominators.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace sapulse::hlsc {

class Lowering {
 public:
  Lowering(const Unit& unit, const std::vector<SubModule>& modules);
  Graph run();

 private:
  // control flow: conditions are relative to dominators, so that they stay short
  void lower_block(llvm::BasicBlock* b);
  NodeId edge_condition(llvm::BasicBlock* from, llvm::BasicBlock* to);
  NodeId switch_condition(llvm::SwitchInst* s, llvm::BasicBlock* to);
  NodeId relative_condition(llvm::BasicBlock* b, llvm::BasicBlock* dominator);
  NodeId condition(llvm::BasicBlock* b);
  void compute_condition(llvm::BasicBlock* b);
  NodeId phi(llvm::PHINode* p);
  llvm::BasicBlock* immediate_dominator(llvm::BasicBlock* b) const;

  // instructions
  void collect_names();
  void set_context(const llvm::Instruction& i);
  void lower_instruction(llvm::Instruction& i);
  void local_variable(llvm::AllocaInst* a);
  NodeId arithmetic(llvm::Instruction& i);
  NodeId compare(llvm::ICmpInst& i);
  NodeId value(llvm::Value* v);
  NodeId operand(llvm::Instruction& i, unsigned n) { return value(i.getOperand(n)); }
  void call(llvm::CallInst* c);
  void hls_call(llvm::CallInst* c, llvm::StringRef name);
  void llvm_intrinsic(llvm::CallInst* c);
  NodeId funnel_shift(llvm::CallInst* c);
  NodeId population_count(NodeId a);
  NodeId count_zeros(NodeId a, bool leading);
  NodeId absolute(NodeId a);

  // registers and memories
  struct Address {
    llvm::Value* base = nullptr;
    std::uint64_t offset = 0;
    llvm::Value* index = nullptr;
    std::uint64_t stride = 0;
  };
  struct Element {
    unsigned depth;
    NodeId index;
    std::uint64_t inner;  ///< byte offset inside an element
    std::uint64_t stride;
  };
  struct Store {
    NodeId condition, address, data;
    const llvm::Instruction* at;
  };
  Address address_of(llvm::Value* pointer, const llvm::Instruction* at);
  Element element_of(const llvm::GlobalVariable* g, const Address& a, const llvm::Instruction* at);
  int memory(llvm::GlobalVariable* g, const Element& e, unsigned width, const llvm::Instruction* at);
  int table(llvm::GlobalVariable* g, const Element& e, llvm::LoadInst* l);
  int register_of(llvm::GlobalVariable* g, std::uint64_t offset, llvm::Type* type);
  void load(llvm::LoadInst* l);
  void store(llvm::StoreInst* s);
  void write_memories();

  void assertion(llvm::CallInst* c);

  // streams
  struct Read {
    NodeId condition;
    const llvm::Instruction* at;
  };
  struct Write {
    NodeId condition, data;
    const llvm::Instruction* at;
  };
  int stream(llvm::Value* v, bool is_input, unsigned width, const llvm::Instruction* at);
  int added_stream(llvm::GlobalVariable* g);
  NodeId read(llvm::CallInst* c);
  NodeId full(llvm::CallInst* c);
  void finish_reads(int s, const std::vector<Read>& reads);
  void finish_writes(int s, const std::vector<Write>& writes);
  void finish_streams();

  const Unit& unit_;
  llvm::Function& f_;
  const llvm::DataLayout& layout_;
  Graph g_;
  llvm::DominatorTree dominators_;
  llvm::PostDominatorTree post_dominators_;
  std::map<const llvm::Value*, NodeId> values_;
  std::map<const llvm::BasicBlock*, NodeId> conditions_;  ///< relative to the immediate dominator
  std::map<const llvm::Value*, std::string> names_;
  std::map<std::pair<const llvm::Value*, std::uint64_t>, int> streams_;  ///< by parameter and element
  std::map<std::pair<const llvm::Value*, std::uint64_t>, int> registers_, memories_;
  std::map<std::tuple<const llvm::Value*, std::uint64_t, unsigned>, int> tables_;
  std::map<int, std::vector<Store>> stores_;
  std::map<NodeId, NodeId> loads_;  ///< conditions of reads of memories
  int assertions_ = 0;
  std::map<int, NodeId> full_;  ///< by stream
  std::map<int, std::vector<Read>> reads_;
  std::map<int, std::vector<Write>> writes_;
  std::map<SourceLocation, int, bool (*)(const SourceLocation&, const SourceLocation&)> locations_;
};

}  // namespace sapulse::hlsc
