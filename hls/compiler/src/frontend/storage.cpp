// SPDX-License-Identifier: Apache-2.0
// Where the source wants a constant table: #pragma HLS BIND_STORAGE variable=table type=rom_2p impl=bram, in the
// function that reads it.
#include <set>

#include "frontend/debug_types.h"
#include "frontend/source_text.h"
#include "frontend/steps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Module.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

/// Functions that name a global value, directly or in a constant expression.
void collect_users(const User& user, std::set<const Function*>& found) {
  if (const auto* instruction = dyn_cast<Instruction>(&user)) {
    found.insert(instruction->getFunction());
  } else {
    for (const User* u : user.users()) collect_users(*u, found);
  }
}

bool is_bound_to_block_ram(const Pragma& p, const std::string& variable) {
  const auto option = [&](const char* key) {
    const auto it = p.options.find(key);
    return it == p.options.end() ? std::string() : it->second;
  };
  return p.directive == "BIND_STORAGE" && option("variable") == variable &&
         StringRef(option("impl")).equals_insensitive("bram");
}

}  // namespace

void read_storage(Module& m) {
  for (GlobalVariable& g : m.globals()) {
    if (!g.isConstant()) continue;
    std::set<const Function*> users;
    for (const User* u : g.users()) collect_users(*u, users);
    const bool is_bound = any_of(users, [&](const Function* f) {
      return f->getSubprogram() &&
             any_of(pragmas_of(*f), [&](const Pragma& p) { return is_bound_to_block_ram(p, name_of(g)); });
    });
    if (is_bound) g.addAttribute(kBlockRam);
  }
}

}  // namespace sapulse::hlsc
