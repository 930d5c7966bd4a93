// SPDX-License-Identifier: Apache-2.0
// The model of the card without any interface: frames come out of memory, and go to another one, if any.
#pragma once

#include <functional>
#include <utility>

#include "card_model.h"
#include "host_memory.h"
#include "sapulse/device.h"

namespace sapulse::test {

/// Time passes while somebody uses it: 100 ns at a time.
class ModelDevice final : public Device {
 public:
  ModelDevice() { model_.reset(); }

  /// Puts a cable between the line sides of two cards, whose times pass together from now on.
  friend void connect(ModelDevice& a, ModelDevice& b) {
    a.other_ = &b;
    b.other_ = &a;
  }
  friend void disconnect(ModelDevice& a, ModelDevice& b) { a.other_ = b.other_ = nullptr; }

  /// Told of each frame that leaves.
  using Tap = std::function<void(model::Port, const model::Frame&)>;
  void set_tap(Tap tap) { tap_ = std::move(tap); }

  void receive(model::Frame frame) {
    model_.receive(model::Port::line, {.frame = std::move(frame), .time = {model_.cycle(), model_.cycle()}});
  }
  /// Does what is due; returns how many frames have left on the line side.
  std::size_t run() {
    if (other_ != nullptr) (void)other_->send_to(this);
    return send_to(other_);
  }
  [[nodiscard]] std::uint64_t now() const { return model_.cycle(); }

  [[nodiscard]] std::string name() const override { return "model"; }
  [[nodiscard]] bool is_simulated() const override { return true; }
  Result<std::uint32_t> read32(std::uint32_t offset) override {
    (void)run();
    return model_.read32(offset).value_or(0);
  }
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override {
    (void)model_.write32(offset, value);
    (void)run();
    return {};
  }
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override {
    return memory_.map(bytes, alignment).map([&](std::uint64_t iova) -> std::unique_ptr<DmaBuffer> {
      return std::make_unique<Buffer>(memory_, iova);
    });
  }
  void barrier() override {}
  Result<bool> wait_interrupt(unsigned /*vector*/, std::chrono::nanoseconds /*timeout*/) override { return false; }
  Result<void> relax() override {
    (void)run();
    return {};
  }
  Result<void> reset() override {
    model_.reset();
    return {};
  }

 private:
  static constexpr std::uint64_t kStep = 100;  // ns

  std::size_t send_to(ModelDevice* receiver) {
    model_.advance(model_.cycle() + kStep);
    auto frames = model_.take_output(model::Port::line);
    if (tap_) {
      for (const model::OutputFrame& frame : frames) tap_(model::Port::line, frame.bytes);
      for (const model::OutputFrame& frame : model_.take_output(model::Port::core))
        tap_(model::Port::core, frame.bytes);
    }
    for (model::OutputFrame& frame : frames) {
      if (receiver != nullptr) receiver->receive(std::move(frame.bytes));
    }
    return frames.size();
  }

  class Buffer final : public DmaBuffer {
   public:
    Buffer(model::HostMemory& memory, std::uint64_t iova) : memory_(memory), iova_(iova) {}
    ~Buffer() override { memory_.unmap(iova_); }
    [[nodiscard]] std::span<std::byte> bytes() override { return memory_.region(iova_); }
    [[nodiscard]] std::uint64_t iova() const override { return iova_; }

   private:
    model::HostMemory& memory_;
    std::uint64_t iova_;
  };

  ModelDevice* other_ = nullptr;
  Tap tap_;
  model::HostMemory memory_;
  model::CardModel model_{{.build = {.sa_capacity = 1024, .clock_khz = 1'000'000}}, memory_, [](const std::string&) {}};
};

}  // namespace sapulse::test
