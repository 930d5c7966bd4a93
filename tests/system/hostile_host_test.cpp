// SPDX-License-Identifier: Apache-2.0
// A host that has gone mad, or belongs to somebody else: any value in any register at any moment, rings full of garbage
// that changes while the card reads it, doorbells out of range, memory that is not there. SAPULSE_TEST_HOSTILE: how
// often; the preset is short.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "bench.h"
#include "sapulse/registers.h"
#include "support/convert.h"
#include "traffic/generator.h"
#include "traffic/random.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint64_t kPreset = 1733;
constexpr std::size_t kMemoryBytes = 64 * 1024;
constexpr std::uint32_t kWord = 4;

unsigned rounds(sim::ModelKind model) {
  const char* const chosen = std::getenv("SAPULSE_TEST_HOSTILE");
  if (chosen != nullptr) return static_cast<unsigned>(std::strtoul(chosen, nullptr, 0));
  return model == sim::ModelKind::rtl ? 4 : 40;
}

class HostileHost {
 public:
  HostileHost(Bench& bench, Random& random)
      : bench_(bench), random_(random), memory_(must(bench.device().allocate_dma(kMemoryBytes, 4096), "memory")) {}

  /// One thing that a driver would not do.
  void act() {
    switch (random_.below(5)) {
      case 0:
        write_any_register();
        break;
      case 1:
        point_somewhere();
        break;
      case 2:
        ring();
        break;
      case 3:
        write_commands();
        break;
      default:
        scribble();
        break;
    }
  }

  [[nodiscard]] std::uint64_t unanswered() const { return unanswered_; }

 private:
  void write(std::uint32_t offset, std::uint32_t value) {
    const auto written = bench_.device().write32(offset, value);
    if (!written && written.error().message.find("no response") != std::string::npos) ++unanswered_;
  }

  void write_any_register() {
    const auto& info = random_.pick(regs::kRegisters);
    const std::uint32_t offset = info.offset + info.stride * static_cast<std::uint32_t>(random_.below(info.count));
    for (std::uint32_t half = 0; half < info.width / 32; ++half) {
      write(offset + kWord * half, static_cast<std::uint32_t>(random_.bits()));
    }
  }

  /// A ring, or the status block, into its memory, or into memory that is not there.
  void point_somewhere() {
    constexpr std::array kBases{regs::offset::kCommandBase, regs::offset::kCompletionBase, regs::offset::kExceptionBase,
                                regs::offset::kEventBase, regs::offset::kStatusBlock};
    point(random_.pick(kBases), place());
  }

  /// In its memory, or nowhere.
  std::uint64_t place() {
    return random_.one_in(8) ? random_.bits() : memory_->iova() + random_.below(kMemoryBytes / 2);
  }

  void point(std::uint32_t base, std::uint64_t iova) {
    write(base, static_cast<std::uint32_t>(iova));
    write(base + kWord, static_cast<std::uint32_t>(iova >> 32));
  }

  /// Rings on and off, and doorbells a few entries on, or anywhere.
  void ring() {
    constexpr std::array kDoorbells{regs::offset::kCommandProducer, regs::offset::kCompletionConsumer,
                                    regs::offset::kExceptionConsumer, regs::offset::kEventConsumer};
    write(regs::offset::kRingEnable, static_cast<std::uint32_t>(random_.bits()));
    for (const std::uint32_t doorbell : kDoorbells) {
      write(doorbell, static_cast<std::uint32_t>(random_.one_in(4) ? random_.bits() : random_.below(16)));
    }
    write(regs::offset::kDmaError, ~std::uint32_t{0});
  }

  /// All rings as they should be, but for what is in them.
  void start_rings() {
    constexpr std::uint32_t kLog2 = 4;
    constexpr std::array kRings{
        std::pair{regs::offset::kCommandBase, regs::offset::kCommandLog2},
        std::pair{regs::offset::kCompletionBase, regs::offset::kCompletionLog2},
        std::pair{regs::offset::kExceptionBase, regs::offset::kExceptionLog2},
        std::pair{regs::offset::kEventBase, regs::offset::kEventLog2},
    };
    write(regs::offset::kRingEnable, 0);
    for (const auto& [base, log2] : kRings) {
      point(base, place());
      write(log2, kLog2);
    }
    write(regs::offset::kRingEnable, ~std::uint32_t{0});
    write_commands();
    write(regs::offset::kCommandProducer, 1U << kLog2);
  }

  /// Garbage with opcodes that exist.
  void write_commands() {
    scribble();
    for (std::size_t at = 0; at < kMemoryBytes; at += regs::kCommandBytes) {
      if (random_.one_in(2)) memory_->bytes()[at] = static_cast<std::byte>(random_.below(regs::kOpcodeCount));
    }
  }

  void scribble() {
    const Bytes garbage = random_.bytes(kMemoryBytes);
    std::ranges::copy(std::as_bytes(std::span(garbage)), memory_->bytes().begin());
  }

  Bench& bench_;
  Random& random_;
  std::unique_ptr<DmaBuffer> memory_;
  std::uint64_t unanswered_ = 0;
};

class HostileHosts : public testing::TestWithParam<sim::ModelKind> {};

/// Each access to a register is answered, no rule of a bus is broken, and after a reset the card does all right.
TEST_P(HostileHosts, MayWriteAnythingAndAResetMendsIt) {
  constexpr unsigned kBurst = 30, kActs = 60, kMostCycles = 100;
  constexpr auto kCommandTimeout = std::chrono::microseconds(50);
  const std::uint64_t seed = test_seed(kPreset);
  Random random(seed);
  std::uint64_t completions = 0;  // those that are still there are counted again
  std::uint64_t faults = 0;
  for (unsigned i = 0; i < rounds(GetParam()); ++i) {
    SCOPED_TRACE("round " + std::to_string(i));
    const traffic::Config config = sample_config(random.bits(), 2);
    // Of each round anew, since a card keeps a limited number of faults.
    Bench bench(config, {.model = GetParam(), .seed = random.bits(), .command_timeout = kCommandTimeout});
    Generator busy(config, random.bits());
    HostileHost host(bench, random);
    for (unsigned act = 0; act < kActs; ++act) {
      for (unsigned frame = 0; frame < kBurst / 10; ++frame) bench.line(busy.line().frame);
      host.act();
      bench.card().step(random.below(kMostCycles));
      completions += must(bench.device().read32(regs::offset::kCompletionProducer), "completions");
    }
    EXPECT_EQ(host.unanswered(), 0U);
    faults += bench.card().violations().size();
    bench.reset_forgiving_dma_faults();
    const traffic::Config next = sample_config(random.bits(), 2);
    bench.restart(next);

    Generator afterwards(next, random.bits(), {.bad_percent = 0, .customer_percent = 0, .for_the_host = false});
    for (unsigned frame = 0; frame < kBurst; ++frame) bench.line(afterwards.line().frame);
    bench.settle();
    expect_right(next, bench.result());
    if (HasFailure()) return;
  }
  EXPECT_GT(completions, 0U) << "commands of garbage are carried out";
  EXPECT_GT(faults, 0U) << "memory that is not there is read or written";
}

INSTANTIATE_TEST_SUITE_P(Models, HostileHosts, testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast),
                         [](const auto& info) { return info.param == sim::ModelKind::rtl ? "rtl" : "fast"; });

}  // namespace
}  // namespace sapulse::test
