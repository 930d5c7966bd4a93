// SPDX-License-Identifier: Apache-2.0
// The simulated card in process; SAPULSE_RIG_MODEL: which of its models, SAPULSE_RIG_SAS: for how many SAs.
#include <fmt/format.h>

#include <algorithm>

#include "rig.h"
#include "sapulse/background_device.h"
#include "sapulse/sim_device.h"
#include "support/convert.h"

namespace sapulse::test {
namespace {

sim::Port port(Side side) { return side == Side::line ? sim::Port::line : sim::Port::core; }

class SimRig final : public Rig {
 public:
  Device& device() override { return *background_; }

  void send(Side side, std::span<const traffic::Bytes> frames) override {
    for (const traffic::Bytes& frame : frames) must(device_->card().send(port(side), to_frame(frame)), "frame");
  }

  std::vector<traffic::Bytes> take(Side side) override {
    std::vector<traffic::Bytes> frames;
    for (const sim::OutputFrame& frame : device_->card().take_output(port(side))) {
      frames.push_back(to_bytes(frame.bytes));
    }
    return frames;
  }

  std::uint64_t dma_faults() override {
    return static_cast<std::uint64_t>(
        std::ranges::count(device_->card().violations(), sim::Violation::Kind::dma_fault, &sim::Violation::kind));
  }

  std::vector<std::string> complaints() override {
    std::vector<std::string> lines;
    for (const sim::Violation& violation : device_->card().violations()) {
      if (violation.kind == sim::Violation::Kind::dma_fault) continue;
      lines.push_back(fmt::format("cycle {}: {}", violation.cycle, violation.message));
    }
    return lines;
  }

 private:
  static sim::CardOptions options() {
    sim::CardOptions options;
    options.model = sim::ModelKind::SAPULSE_RIG_MODEL;
#ifdef SAPULSE_RIG_SAS
    options.sa_capacity = SAPULSE_RIG_SAS;
#endif
    return options;
  }

  std::shared_ptr<SimDevice> device_ = must(SimDevice::create(options()), "card");
  /// For waiting with interrupts. The card is used directly only while nobody waits.
  std::unique_ptr<BackgroundDevice> background_ = must(BackgroundDevice::create(device_), "background");
};

}  // namespace

std::unique_ptr<Rig> make_rig() { return std::make_unique<SimRig>(); }

}  // namespace sapulse::test
