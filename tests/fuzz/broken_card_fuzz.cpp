// SPDX-License-Identifier: Apache-2.0
// The host library on a card that has gone mad: registers that lie, memory of rings and status block that is
// overwritten, entries that no card sends. It may say that the card has failed, and nothing else may happen. An input
// is a list of what card and host do (Act).
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "asking_card.h"
#include "fake_device.h"
#include "input.h"

namespace {

using namespace sapulse;
using fuzz::Input;

constexpr unsigned kMostActs = 32;

/// A fake card whose registers and memory somebody else may change.
class BrokenDevice final : public Device {
 public:
  [[nodiscard]] std::string name() const override { return "broken"; }
  [[nodiscard]] bool is_simulated() const override { return true; }
  Result<std::uint32_t> read32(std::uint32_t offset) override {
    const auto true_value = card_.read32(offset);
    if (is_gone) return ~0U;
    const auto lie = lies.find(offset);
    return lie == lies.end() ? true_value : lie->second;
  }
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override { return card_.write32(offset, value); }
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override {
    return card_.allocate_dma(bytes, alignment)
        .map([&](std::unique_ptr<DmaBuffer>&& memory) -> std::unique_ptr<DmaBuffer> {
          return std::make_unique<Buffer>(*this, std::move(memory));
        });
  }
  void barrier() override {}
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override {
    return card_.wait_interrupt(vector, timeout);
  }
  Result<void> relax() override { return card_.relax(); }
  Result<void> reset() override { return card_.reset(); }

  void overwrite(unsigned buffer, std::size_t offset, std::span<const std::uint8_t> with) {
    if (buffers_.empty()) return;
    const std::span memory = (*std::next(buffers_.begin(), buffer % buffers_.size()))->bytes();
    for (std::size_t i = 0; i < with.size(); ++i) memory[(offset + i) % memory.size()] = std::byte{with[i]};
  }
  test::FakeDevice& card() { return card_; }

  std::map<std::uint32_t, std::uint32_t> lies;  ///< what is read, by offset
  bool is_gone = false;                         ///< all ones is read

 private:
  class Buffer final : public DmaBuffer {
   public:
    Buffer(BrokenDevice& device, std::unique_ptr<DmaBuffer>&& memory) : device_(device), memory_(std::move(memory)) {
      device_.buffers_.push_back(this);
    }
    ~Buffer() override { std::erase(device_.buffers_, this); }
    [[nodiscard]] std::span<std::byte> bytes() override { return memory_->bytes(); }
    [[nodiscard]] std::uint64_t iova() const override { return memory_->iova(); }

   private:
    BrokenDevice& device_;
    std::unique_ptr<DmaBuffer> memory_;
  };

  test::FakeDevice card_{64, 0, test::FakeDevice::kAll};
  std::vector<DmaBuffer*> buffers_;  ///< in the order in which they were made
};

template <std::size_t Size>
std::array<std::byte, Size> entry(Input& input) {
  std::array<std::byte, Size> bytes{};
  const auto given = input.bytes(input.number8());
  for (std::size_t i = 0; i < std::min(given.size(), Size); ++i) bytes[i] = std::byte{given[i]};
  return bytes;
}

enum Act : std::uint8_t { lie, overwrite, exception, event, ping, add, remove, counters, vanish, poll, acts };

void act(Input& input, BrokenDevice& device, Endpoint& endpoint) {
  switch (input.number8() % acts) {
    case lie: {
      const std::uint32_t offset = input.number16() & ~3U;
      device.lies[offset] = input.number32();
      break;
    }
    case overwrite: {
      const unsigned buffer = input.number8();
      const std::size_t offset = input.number16();
      device.overwrite(buffer, offset, input.bytes(input.number8()));
      break;
    }
    case exception:
      (void)device.card().deliver(entry<regs::kExceptionBytes>(input));
      (void)endpoint.poll();
      break;
    case event:
      (void)device.card().deliver_event(entry<regs::kEventBytes>(input));
      (void)endpoint.poll();
      break;
    case ping:
      (void)endpoint.pinger().start(256, {}, [](const Result<PingResult>&) {});
      break;
    case add:
      (void)endpoint.sas().add(test::make_peer(input.number16()));
      break;
    case remove:
      (void)endpoint.sas().remove(input.number16());
      break;
    case counters:
      (void)endpoint.card().counters();
      break;
    case vanish:
      device.is_gone = !device.is_gone;
      break;
    default:
      (void)endpoint.poll();
      (void)device.relax();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  BrokenDevice device;
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  SaParameters watched = test::make_peer(300);
  watched.liveness = LivenessSettings{.interval = std::chrono::microseconds(10), .multiplier = 3, .jitter_percent = 0};
  config.sas = {test::make_peer(256), watched};
  // Short, because it is often waited for in vain.
  constexpr auto kTimeout = std::chrono::microseconds(20);
  auto endpoint = Endpoint::open(device, config, {.card = {.command_timeout = kTimeout, .start = CardStart{}}});
  if (!endpoint) std::abort();
  for (unsigned i = 0; i < kMostActs && !input.empty(); ++i) act(input, device, **endpoint);
  (void)(*endpoint)->close();
  return 0;
}
