// SPDX-License-Identifier: Apache-2.0
// A Verilated module with a clock `clk` and a synchronous, active-high reset `rst`.
#pragma once

#include <verilated.h>

#include <memory>

namespace sapulse::test {

/// One cycle is: set inputs, settle(), look at outputs, tick(). Failing assertions of the module end the program.
template <class Module>
class Clocked {
 public:
  Clocked() : module_(std::make_unique<Module>(&context_)) {
    module_->rst = 1;
    for (int cycle = 0; cycle < 4; ++cycle) tick();
    module_->rst = 0;
    settle();
  }
  ~Clocked() { module_->final(); }
  Clocked(const Clocked&) = delete;
  Clocked& operator=(const Clocked&) = delete;

  Module* operator->() { return module_.get(); }
  VerilatedContext& context() { return context_; }

  /// Lets combinational outputs follow the inputs.
  void settle() { module_->eval(); }

  /// Rising and falling edge of the clock.
  void tick() {
    module_->clk = 1;
    module_->eval();
    module_->clk = 0;
    module_->eval();
  }

 private:
  VerilatedContext context_;
  std::unique_ptr<Module> module_;
};

}  // namespace sapulse::test
