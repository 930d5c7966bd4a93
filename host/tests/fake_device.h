// SPDX-License-Identifier: Apache-2.0
// A card in memory for the tests of the library: registers, rings, SA tables, pings. No data path.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fake_requester.h"
#include "sapulse/command.h"
#include "sapulse/device.h"
#include "sapulse/file_descriptor.h"
#include "sapulse/registers.h"

namespace sapulse::test {

/// What a slot of the fake card's index holds.
struct FakeSlot {
  bool valid = false;
  std::uint32_t spi = 0;
  std::uint32_t sa = 0;
};

/// Executes commands like the card, one per relax(), and notes every violation of the rules that the host has to keep.
class FakeDevice final : public Device {
 public:
  /// Capabilities of a card that asks and probes.
  static constexpr std::uint32_t kAll = 3;
  static constexpr std::uint32_t kRequesterOnly = 1;

  explicit FakeDevice(std::uint32_t capacity = 64, std::uint32_t buckets = 0, std::uint32_t capabilities = 0);
  ~FakeDevice() override;

  std::string name() const override { return "fake"; }
  bool is_simulated() const override { return simulated; }
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override;
  void barrier() override {}
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  int event_descriptor() const override { return event_.get(); }
  Result<void> clear_event() override;
  /// Goes on inside the call, until an interrupt or the end of the time.
  void let_run(std::chrono::nanoseconds at_most) override;
  Result<void> relax() override;
  Result<void> reset() override;

  /// SA number that a packet of this SPI would find; several slots must agree.
  [[nodiscard]] std::optional<std::uint32_t> lookup(std::uint32_t spi);
  /// Valid slots of the index.
  [[nodiscard]] std::size_t slots_in_use() const;
  /// The descriptor that an SA's half was written with; empty if there is none.
  [[nodiscard]] const std::vector<std::byte>& in_half(std::uint32_t sa) const { return in_.at(sa); }
  [[nodiscard]] const std::vector<std::byte>& out_half(std::uint32_t sa) const { return out_.at(sa); }
  /// Wipes what in_half() and out_half() give.
  void forget_keys();
  [[nodiscard]] std::uint32_t reg(std::uint32_t offset) const;
  void set_reg(std::uint32_t offset, std::uint32_t value) { registers_[offset] = value; }

  /// Writes an exception into the ring and the status block, as the card does; false if the ring is full.
  bool deliver(std::span<const std::byte, regs::kExceptionBytes> entry);
  /// Same for an event.
  bool deliver_event(std::span<const std::byte, regs::kEventBytes> entry);
  [[nodiscard]] std::uint64_t now() const { return time_; }
  /// Bytes of host memory; stops the rings if they are not mapped.
  std::span<std::byte> memory(std::uint64_t iova, std::size_t size, bool write);
  /// Makes the card execute nothing more until set to false.
  void stall(bool stalled) { stalled_ = stalled; }
  void stop_clock() { clock_running_ = false; }
  /// Lets nothing happen while the host sleeps, until set to false.
  void stand_still(bool still) { stands_still_ = still; }
  void advance(std::uint64_t nanoseconds) { time_ += nanoseconds; }

  /// Called before each command: the status to refuse it with, or nothing.
  std::function<std::optional<Status>(const regs::ConstCommand&)> refuse;
  /// Called after each command that has been executed.
  std::function<void(const regs::ConstCommand&)> executed;
  /// Called with each completion before it is written.
  std::function<void(const regs::Completion&)> alter_completion;
  /// Called when the host goes to sleep. An acknowledgement of interrupts that no read has followed is still under way.
  std::function<void()> sleeping;

  FakeRequester requester;
  bool simulated = false;
  std::vector<std::vector<std::byte>> frames;  ///< sent with FRAME
  std::vector<std::string> violations;
  std::map<Opcode, unsigned> commands;  ///< how many of each were executed
  unsigned buffers = 0;                 ///< DMA buffers that exist
  unsigned resets = 0;
  std::size_t dma_limit = static_cast<std::size_t>(-1);  ///< bytes of DMA memory that can be had
  unsigned relaxes_until_ready = 3;                      ///< after a reset

  /// Registers written, in order, for checks of sequences.
  std::vector<std::uint32_t> writes;

 private:
  class Buffer;

  void step();
  void acknowledge();
  Result<bool> run_until(std::uint32_t interrupts, std::chrono::nanoseconds timeout);
  void execute(regs::ConstCommand command, regs::Completion completion);
  Status dispatch(const regs::ConstCommand& command, const regs::Completion& completion);
  Status write_index(const regs::ConstCommand& command);
  Status erase(std::uint32_t sa);
  Status send(const regs::ConstCommand& command);
  void fill_read(std::uint32_t sa, const regs::Completion& completion);
  void write_status_block();
  void fault(std::uint64_t address, bool write);
  std::uint64_t reg64(std::uint32_t offset) const;
  FakeSlot& slot(unsigned bank, std::uint32_t bucket, unsigned slot);
  [[nodiscard]] bool dma_active() const;
  [[nodiscard]] bool visible(std::uint32_t sa) const { return uses_.at(sa) > 0; }

  FileDescriptor event_;
  std::uint32_t capacity_;
  std::uint32_t buckets_;
  std::uint32_t capabilities_;
  std::map<std::uint32_t, std::uint32_t> registers_;
  std::map<std::uint64_t, std::vector<std::byte>> mapped_;
  std::uint64_t next_iova_ = 0x10000;
  std::vector<FakeSlot> index_;
  std::vector<std::vector<std::byte>> in_;
  std::vector<std::vector<std::byte>> out_;
  std::vector<unsigned> uses_;              ///< index slots that name an SA
  std::set<std::uint32_t> awaiting_fence_;  ///< SA numbers hidden since the last fence
  std::uint64_t time_ = 1000;
  std::uint32_t acknowledged_ = 0;  ///< interrupts; under way: writes are posted
  unsigned ready_in_ = 0;
  unsigned dma_ends_in_ = 0;  ///< relaxes until host memory access ends, after the rings were stopped
  bool stalled_ = false;
  bool clock_running_ = true;
  bool stands_still_ = false;
  std::uint32_t fetched_ = 0;
  std::uint32_t completed_ = 0;
  std::uint32_t delivered_ = 0;
  std::uint32_t events_ = 0;
};

/// Hash of the SPI index, bit by bit.
std::uint32_t index_hash(unsigned bank, std::uint32_t spi);

}  // namespace sapulse::test
