// SPDX-License-Identifier: Apache-2.0
// Drives a Verilated checker with the signals of a bus and collects what it objects to.
#pragma once

#include <verilated.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "assertions.h"

namespace sapulse::sim {

template <class V>
class CheckerBench {
 public:
  CheckerBench() : report_([this](std::string message) { messages_.push_back(std::move(message)); }) {
    pins().rst = 1;
    for (int i = 0; i < 2; ++i) tick();
    pins().rst = 0;
    tick();
    messages_.clear();
  }

  V& pins() { return *top_; }

  /// One cycle with the pins as they are.
  void tick() {
    const AssertionScope scope(report_);
    top_->clk = 0;
    top_->eval();
    top_->clk = 1;
    top_->eval();
  }

  /// What has been objected to since the last call.
  std::vector<std::string> take() { return std::exchange(messages_, {}); }

 private:
  VerilatedContext context_;
  std::unique_ptr<V> top_ = std::make_unique<V>(&context_, "bus");
  std::vector<std::string> messages_;
  AssertionScope::Report report_;
};

}  // namespace sapulse::sim
