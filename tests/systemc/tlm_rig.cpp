// SPDX-License-Identifier: Apache-2.0
// A card behind TLM-2.0 sockets must pass what every backend of Device must pass; SAPULSE_RIG_MODEL: which of its
// models.
#include "device/rig.h"
#include "director.h"
#include "single_card.h"
#include "support/convert.h"

namespace sapulse::test {
namespace {

systemc::test::SingleCard* card = nullptr;

class TlmRig final : public Rig {
 public:
  TlmRig() {
    must(device().reset(), "reset");
    (void)card->line_out.take();
    (void)card->site.core_out.take();
    faults_before_ = card->site.device.faults();
    broken_before_ = broken();
  }

  Device& device() override { return card->site.device; }

  void send(Side side, std::span<const traffic::Bytes> frames) override {
    systemc::FrameSource& source = side == Side::line ? card->line_in : card->site.core_in;
    for (const traffic::Bytes& frame : frames) {
      if (!source.send(to_frame(frame))) throw std::runtime_error("the card refused a frame");
    }
  }

  std::vector<traffic::Bytes> take(Side side) override {
    systemc::FrameSink& sink = side == Side::line ? card->line_out : card->site.core_out;
    std::vector<traffic::Bytes> frames;
    for (const systemc::Frame& frame : sink.take()) frames.push_back(to_bytes(frame));
    return frames;
  }

  std::uint64_t dma_faults() override { return card->site.device.faults() - faults_before_; }

  std::vector<std::string> complaints() override {
    auto lines = broken();
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(broken_before_.size()));
    return lines;
  }

 private:
  static std::vector<std::string> broken() {
    auto lines = card->site.card.protocol_violations();
    for (const sim::Violation& violation : card->site.card.card().violations()) {
      if (violation.kind != sim::Violation::Kind::dma_fault) lines.push_back(violation.message);
    }
    return lines;
  }

  std::uint64_t faults_before_ = 0;
  std::vector<std::string> broken_before_;
};

}  // namespace

std::unique_ptr<Rig> make_rig() { return std::make_unique<TlmRig>(); }

}  // namespace sapulse::test

int sc_main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1, sc_core::SC_US));
  sapulse::systemc::CardModuleOptions options;
  options.card.model = sapulse::sim::ModelKind::SAPULSE_RIG_MODEL;
  sapulse::systemc::test::SingleCard card("card", options);
  sapulse::test::card = &card;
  return sapulse::systemc::test::run_tests();
}
