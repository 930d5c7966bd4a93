// SPDX-License-Identifier: Apache-2.0
#include "fake_device.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <utility>

namespace sapulse::test {
namespace {

constexpr std::uint64_t kNanosecondsPerRelax = 100;
constexpr unsigned kRelaxesUntilDmaEnds = 20;

}  // namespace

/// Takes its memory away from the card when it goes.
class FakeDevice::Buffer final : public DmaBuffer {
 public:
  Buffer(FakeDevice& device, std::uint64_t iova) : device_(device), iova_(iova) { ++device_.buffers; }
  ~Buffer() override {
    if (device_.dma_active()) device_.violations.emplace_back("memory freed while rings run");
    device_.mapped_.erase(iova_);
    --device_.buffers;
  }
  std::span<std::byte> bytes() override { return device_.mapped_.at(iova_); }
  std::uint64_t iova() const override { return iova_; }

 private:
  FakeDevice& device_;
  std::uint64_t iova_;
};

std::uint32_t index_hash(unsigned bank, std::uint32_t spi) {
  const std::uint32_t polynomial = bank == 0 ? regs::kHashPoly0 : regs::kHashPoly1;
  std::uint32_t crc = 0;
  for (unsigned byte = 0; byte < 4; ++byte) {
    crc ^= spi >> (24 - 8 * byte) & 0xff;
    for (unsigned bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ polynomial : crc >> 1;
  }
  return crc;
}

FakeDevice::FakeDevice(std::uint32_t capacity, std::uint32_t buckets, std::uint32_t capabilities)
    : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      capacity_(capacity),
      buckets_(buckets != 0 ? buckets : capacity / 2),
      capabilities_(capabilities) {
  (void)reset();
  resets = 0;
}

FakeDevice::~FakeDevice() = default;

bool FakeDevice::dma_active() const { return reg(regs::offset::kRingEnable) != 0 || dma_ends_in_ > 0; }

Result<void> FakeDevice::reset() {
  if (dma_active()) violations.emplace_back("reset in the middle of host memory access");
  dma_ends_in_ = 0;
  registers_.clear();
  registers_[regs::offset::kId] = regs::kDeviceId;
  registers_[regs::offset::kVersion] = regs::version::kMajor.put(0, regs::kVersionMajor);
  registers_[regs::offset::kGitHash] = 0x12345678;
  registers_[regs::offset::kCapabilities] = capabilities_;
  registers_[regs::offset::kSaCapacity] = capacity_;
  registers_[regs::offset::kIndexBuckets] = buckets_;
  registers_[regs::offset::kLanes] = regs::kAesLanes;
  registers_[regs::offset::kClockKhz] = 322000;
  registers_[regs::offset::kCounters] = regs::kCounterCount;
  index_.assign(std::size_t{buckets_} * regs::kIndexBanks * regs::kIndexSlots, {});
  in_.assign(capacity_, {});
  out_.assign(capacity_, {});
  uses_.assign(capacity_, 0);
  awaiting_fence_.clear();
  fetched_ = completed_ = delivered_ = events_ = 0;
  requester.reset();
  ready_in_ = relaxes_until_ready;
  ++resets;
  return {};
}

std::uint32_t FakeDevice::reg(std::uint32_t offset) const {
  const auto found = registers_.find(offset);
  return found == registers_.end() ? 0 : found->second;
}

std::uint64_t FakeDevice::reg64(std::uint32_t offset) const {
  return std::uint64_t{reg(offset + 4)} << 32 | reg(offset);
}

Result<std::uint32_t> FakeDevice::read32(std::uint32_t offset) {
  acknowledge();
  if (clock_running_) ++time_;
  switch (offset) {
    case regs::offset::kTime:
      return static_cast<std::uint32_t>(time_);
    case regs::offset::kTime + 4:
      return static_cast<std::uint32_t>(time_ >> 32);
    case regs::offset::kStatus: {
      std::uint32_t status = regs::status::kReady.put(0, ready_in_ == 0 ? 1 : 0);
      status = regs::status::kDmaError.put(status, reg(regs::offset::kDmaError) & 1);
      const bool idle = fetched_ == reg(regs::offset::kCommandProducer) || (reg(regs::offset::kRingEnable) & 1) == 0;
      status = regs::status::kDoorbell.put(status, regs::status::kDoorbell.get(reg(offset)));
      status = regs::status::kMemoryFault.put(status, regs::status::kMemoryFault.get(reg(offset)));
      status = regs::status::kDmaIdle.put(status, dma_active() ? 0 : 1);
      return regs::status::kIdle.put(status, idle ? 1 : 0);
    }
    default:
      return reg(offset);
  }
}

Result<void> FakeDevice::write32(std::uint32_t offset, std::uint32_t value) {
  writes.push_back(offset);
  if (offset == regs::offset::kRingEnable) {
    const std::uint32_t rising = value & ~reg(offset);
    if (value == 0 && reg(offset) != 0) dma_ends_in_ = kRelaxesUntilDmaEnds;
    if ((rising & regs::ring_enable::kCommand.mask()) != 0) fetched_ = completed_ = 0;
    if ((rising & regs::ring_enable::kException.mask()) != 0) delivered_ = 0;
    if ((rising & regs::ring_enable::kEvent.mask()) != 0) events_ = 0;
  }
  if (offset == regs::offset::kInterruptStatus) {
    acknowledged_ |= value;
    return {};
  }
  if (offset == regs::offset::kTime + 4) time_ = std::uint64_t{value} << 32 | reg(regs::offset::kTime);
  registers_[offset] = value;
  return {};
}

Result<std::unique_ptr<DmaBuffer>> FakeDevice::allocate_dma(std::size_t bytes, std::size_t alignment) {
  if (bytes > dma_limit) return failure(Errc::no_space, "fake: no DMA memory left");
  dma_limit -= bytes;
  next_iova_ = (next_iova_ + alignment - 1) / alignment * alignment;
  const std::uint64_t iova = next_iova_;
  next_iova_ += bytes + 4096;
  mapped_[iova].resize(bytes);
  return std::make_unique<Buffer>(*this, iova);
}

std::span<std::byte> FakeDevice::memory(std::uint64_t iova, std::size_t size, bool write) {
  auto after = mapped_.upper_bound(iova);
  if (after != mapped_.begin()) {
    auto& [base, bytes] = *--after;
    if (iova - base + size <= bytes.size()) return std::span(bytes).subspan(iova - base, size);
  }
  fault(iova, write);
  return {};
}

void FakeDevice::fault(std::uint64_t address, bool write) {
  registers_[regs::offset::kDmaError] =
      regs::dma_error::kWrite.put(regs::dma_error::kValid.mask() | 2U << 2, write ? 1 : 0);
  registers_[regs::offset::kDmaErrorAddress] = static_cast<std::uint32_t>(address);
  registers_[regs::offset::kDmaErrorAddress + 4] = static_cast<std::uint32_t>(address >> 32);
}

void FakeDevice::acknowledge() { registers_[regs::offset::kInterruptStatus] &= ~std::exchange(acknowledged_, 0); }

Result<bool> FakeDevice::wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) {
  return run_until(1U << vector, timeout);
}

Result<bool> FakeDevice::run_until(std::uint32_t interrupts, std::chrono::nanoseconds timeout) {
  if (sleeping) sleeping();
  acknowledge();
  const std::uint64_t end = time_ + static_cast<std::uint64_t>(timeout.count());
  while (time_ < end && clock_running_) {
    if ((reg(regs::offset::kInterruptStatus) & reg(regs::offset::kInterruptEnable) & interrupts) != 0) return true;
    if (auto relaxed = relax(); !relaxed) return tl::unexpected(relaxed.error());
  }
  return false;
}

void FakeDevice::forget_keys() {
  for (auto* halves : {&in_, &out_}) {
    for (auto& half : *halves) zeroise(half);
  }
}

Result<void> FakeDevice::clear_event() {
  eventfd_t count = 0;
  (void)::eventfd_read(event_.get(), &count);
  return {};
}

void FakeDevice::let_run(std::chrono::nanoseconds at_most) {
  constexpr std::chrono::nanoseconds kMost = std::chrono::milliseconds(10);
  if (stands_still_) return sleeping();
  (void)run_until(~0U, std::min(at_most, kMost));
  (void)::eventfd_write(event_.get(), 1);
}

Result<void> FakeDevice::relax() {
  if (clock_running_) time_ += kNanosecondsPerRelax;
  if (dma_ends_in_ > 0) --dma_ends_in_;
  if (ready_in_ > 0 && ready_in_ != static_cast<unsigned>(-1)) --ready_in_;
  step();
  for (const auto& event : requester.take_events(time_)) {
    const bool running = (reg(regs::offset::kRingEnable) & regs::ring_enable::kEvent.mask()) != 0;
    if (!deliver_event(event) && running) violations.emplace_back("event ring full");
  }
  return {};
}

void FakeDevice::step() {
  const bool enabled = (reg(regs::offset::kRingEnable) & regs::ring_enable::kCommand.mask()) != 0;
  if (!enabled || stalled_ || reg(regs::offset::kDmaError) != 0 || fetched_ == reg(regs::offset::kCommandProducer))
    return;
  const std::uint32_t entries = 1U << reg(regs::offset::kCommandLog2);
  if (reg(regs::offset::kCommandProducer) - fetched_ > entries) violations.emplace_back("command ring overrun");
  if (completed_ - reg(regs::offset::kCompletionConsumer) >= entries) {
    violations.emplace_back("completion ring overrun");
    return;
  }
  const auto command =
      memory(reg64(regs::offset::kCommandBase) + std::uint64_t{fetched_ % entries} * regs::kCommandBytes,
             regs::kCommandBytes, false);
  const auto completion =
      memory(reg64(regs::offset::kCompletionBase) + std::uint64_t{completed_ % entries} * regs::kCompletionBytes,
             regs::kCompletionBytes, true);
  if (command.empty() || completion.empty()) return;
  ++fetched_;
  execute(regs::ConstCommand{std::span<const std::byte, regs::kCommandBytes>(command)},
          regs::Completion{completion.first<regs::kCompletionBytes>()});
}

void FakeDevice::execute(regs::ConstCommand command, regs::Completion completion) {
  completion.clear();
  completion.set_opcode(command.opcode());
  completion.set_cookie(command.cookie());
  completion.set_sa(command.sa());
  completion.set_time(time_);
  const auto refused = refuse ? refuse(command) : std::nullopt;
  completion.set_status(refused ? *refused : dispatch(command, completion));
  ++commands[command.opcode()];
  if (executed) executed(command);
  if (alter_completion) alter_completion(completion);
  ++completed_;
  write_status_block();
}

Status FakeDevice::dispatch(const regs::ConstCommand& command, const regs::Completion& completion) {
  const std::vector<std::byte> copy(command.bytes().begin(), command.bytes().end());
  if (command.sa() >= capacity_) return Status::bad_sa;
  switch (command.opcode()) {
    case Opcode::nop:
      return Status::ok;
    case Opcode::sa_write_in:
    case Opcode::sa_write_out:
      if (visible(command.sa())) violations.emplace_back("keys of a visible SA written");
      (command.opcode() == Opcode::sa_write_in ? in_ : out_)[command.sa()] = copy;
      if (command.opcode() == Opcode::sa_write_out) {
        requester.write_out(command.sa(), regs::ConstSaWriteOut{command.bytes()}.next());
      }
      return Status::ok;
    case Opcode::index_write:
      return write_index(command);
    case Opcode::sa_read:
      fill_read(command.sa(), completion);
      return Status::ok;
    case Opcode::sa_erase:
      return erase(command.sa());
    case Opcode::fence:
      awaiting_fence_.clear();
      return Status::ok;
    case Opcode::frame:
      return send(command);
    default:
      if (capabilities_ == 0) return Status::bad_opcode;
      return requester.dispatch(command, completion, time_);
  }
}

FakeSlot& FakeDevice::slot(unsigned bank, std::uint32_t bucket, unsigned slot) {
  return index_.at((std::size_t{bank} * buckets_ + bucket) * regs::kIndexSlots + slot);
}

Status FakeDevice::write_index(const regs::ConstCommand& command) {
  const regs::ConstIndexWrite write{command.bytes()};
  if (write.bank() >= regs::kIndexBanks || write.slot() >= regs::kIndexSlots || write.bucket() >= buckets_) {
    return Status::bad_sa;
  }
  FakeSlot& target = slot(write.bank(), write.bucket(), write.slot());
  if (target.valid && --uses_[target.sa] == 0) awaiting_fence_.insert(target.sa);
  target = {write.valid() != 0, write.spi(), write.sa()};
  if (!target.valid) return Status::ok;
  ++uses_[target.sa];
  awaiting_fence_.erase(target.sa);
  if (write.bucket() != (index_hash(write.bank(), write.spi()) & (buckets_ - 1))) {
    violations.emplace_back("SPI written into a bucket where no lookup finds it");
  }
  if (in_[target.sa].empty() || out_[target.sa].empty()) violations.emplace_back("half-written SA made visible");
  return Status::ok;
}

Status FakeDevice::erase(std::uint32_t sa) {
  if (visible(sa)) violations.emplace_back("visible SA erased");
  if (awaiting_fence_.contains(sa)) violations.emplace_back("SA erased without a fence");
  in_[sa].clear();
  out_[sa].clear();
  requester.erase(sa);
  return Status::ok;
}

Status FakeDevice::send(const regs::ConstCommand& command) {
  const regs::ConstFrame frame{command.bytes()};
  if (frame.length() < 14 || frame.length() > regs::kMaxFrameBytes || frame.address() % 64 != 0) {
    return Status::bad_argument;
  }
  const auto bytes = memory(frame.address(), frame.length(), false);
  if (bytes.empty()) return Status::dma_error;
  frames.emplace_back(bytes.begin(), bytes.end());
  return Status::ok;
}

void FakeDevice::fill_read(std::uint32_t sa, const regs::Completion& completion) {
  const auto top = requester.window_tops.find(sa);
  completion.set_window_top(top != requester.window_tops.end() ? top->second : 0x100000000 + sa);
  completion.set_next(requester.next(sa));
  completion.set_accepted(11);
  completion.set_replayed(22);
  completion.set_rejected(33);
  completion.set_data_sequence(requester.data_sequence);
  completion.set_data_sequence_valid(sa % 2);
}

bool FakeDevice::deliver(std::span<const std::byte, regs::kExceptionBytes> entry) {
  const std::uint32_t entries = 1U << reg(regs::offset::kExceptionLog2);
  if (delivered_ - reg(regs::offset::kExceptionConsumer) >= entries) return false;
  const std::uint64_t address =
      reg64(regs::offset::kExceptionBase) + std::uint64_t{delivered_ % entries} * regs::kExceptionBytes;
  std::ranges::copy(entry, memory(address, regs::kExceptionBytes, true).begin());
  ++delivered_;
  registers_[regs::offset::kInterruptStatus] |= regs::interrupt_status::kException.mask();
  write_status_block();
  return true;
}

bool FakeDevice::deliver_event(std::span<const std::byte, regs::kEventBytes> entry) {
  if ((reg(regs::offset::kRingEnable) & regs::ring_enable::kEvent.mask()) == 0) return false;
  const std::uint32_t entries = 1U << reg(regs::offset::kEventLog2);
  if (events_ - reg(regs::offset::kEventConsumer) >= entries) return false;
  const std::uint64_t address = reg64(regs::offset::kEventBase) + std::uint64_t{events_ % entries} * regs::kEventBytes;
  std::ranges::copy(entry, memory(address, regs::kEventBytes, true).begin());
  ++events_;
  registers_[regs::offset::kInterruptStatus] |= regs::interrupt_status::kEvent.mask();
  write_status_block();
  return true;
}

void FakeDevice::write_status_block() {
  const auto bytes = memory(reg64(regs::offset::kStatusBlock), regs::StatusBlock::kSize, true);
  if (bytes.empty()) return;
  const regs::StatusBlock block{bytes.first<regs::StatusBlock::kSize>()};
  block.set_command_consumer(fetched_);
  block.set_completion_producer(completed_);
  block.set_exception_producer(delivered_);
  block.set_event_producer(events_);
}

std::size_t FakeDevice::slots_in_use() const {
  return static_cast<std::size_t>(std::ranges::count_if(index_, &FakeSlot::valid));
}

std::optional<std::uint32_t> FakeDevice::lookup(std::uint32_t spi) {
  std::optional<std::uint32_t> found;
  for (unsigned bank = 0; bank < regs::kIndexBanks; ++bank) {
    for (unsigned i = 0; i < regs::kIndexSlots; ++i) {
      const FakeSlot& candidate = slot(bank, index_hash(bank, spi) & (buckets_ - 1), i);
      if (!candidate.valid || candidate.spi != spi) continue;
      if (found && *found != candidate.sa) violations.emplace_back("two slots disagree about an SPI");
      found = candidate.sa;
    }
  }
  return found;
}

}  // namespace sapulse::test
