// SPDX-License-Identifier: Apache-2.0
#include "register_bus.h"

namespace sapulse::model {
namespace {

namespace offset = regs::offset;

constexpr std::uint32_t kRingsBegin = offset::kCommandBase;
constexpr std::uint32_t kRingsEnd = offset::kEventProducer;
constexpr std::uint32_t kCountersBegin = offset::counter(regs::Counter{});
constexpr std::uint32_t kCountersEnd = kCountersBegin + 8 * regs::kCounterCount;
constexpr std::uint32_t kLimitsBegin = offset::rate_limit_interval(regs::Cause{});
constexpr std::uint32_t kLimitsEnd = kLimitsBegin + 8 * regs::kCauseCount;

constexpr bool within(std::uint32_t offset, std::uint32_t begin, std::uint32_t end) {
  return offset >= begin && offset < end;
}

}  // namespace

void RegisterBus::identify(const BuildIdentity& build) {
  RegisterFile& registers = shell_.registers;
  registers.set(offset::kId, regs::kDeviceId);
  registers.set(offset::kVersion, regs::kVersionMajor << 24 | regs::kVersionMinor << 16 | regs::kVersionPatch);
  registers.set(offset::kGitHash, build.git_hash);
  registers.set(offset::kCapabilities, regs::capabilities::kRequester.mask() | regs::capabilities::kProber.mask());
  registers.set(offset::kSaCapacity, build.sa_capacity);
  registers.set(offset::kIndexBuckets, build.sa_capacity / regs::kIndexBanks);
  registers.set(offset::kLanes, regs::kAesLanes);
  registers.set(offset::kClockKhz, build.clock_khz);
  registers.set(offset::kCounters, regs::kCounterCount);
  registers.set64(offset::kTimeIncrement, shell_.clock.increment());
}

std::optional<std::uint32_t> RegisterBus::read(std::uint32_t offset, std::uint64_t cycle) {
  RegisterFile& registers = shell_.registers;
  if (!registers.readable(offset)) return std::nullopt;
  if (registers.write_only(offset)) return 0;
  if (offset == offset::kStatus) registers.set(offset, status_());
  // Reading a low half latches the high half.
  if (offset == offset::kTime) registers.set64(offset, shell_.clock.now(cycle));
  if (within(offset, kCountersBegin, kCountersEnd)) return latch_counter(offset);
  return registers.get(offset);
}

std::uint32_t RegisterBus::latch_counter(std::uint32_t offset) {
  const std::uint32_t position = offset - kCountersBegin;
  if (position % 8 == 0) counter_latch_ = shell_.counters.at(position / 8);
  return static_cast<std::uint32_t>(position % 8 == 0 ? counter_latch_ : counter_latch_ >> 32);
}

bool RegisterBus::write(std::uint32_t offset, std::uint32_t value, std::uint64_t cycle) {
  RegisterFile& registers = shell_.registers;
  if (!registers.writable(offset)) return false;
  if (offset == offset::kInterruptStatus) {
    registers.set(offset, registers.get(offset) & ~value);
    return true;
  }
  if (offset == offset::kDmaError) {
    if (regs::dma_error::kValid.get(value) != 0) shell_.rings.clear_error(cycle);
    return true;
  }
  const std::uint32_t before = registers.get(offset);
  if (!registers.store(offset, value)) return true;
  if (offset == offset::kTime + 4) shell_.clock.set(cycle, registers.get64(offset::kTime));
  if (offset == offset::kTimeIncrement + 4) {
    shell_.clock.set_increment(cycle, registers.get64(offset::kTimeIncrement));
    requester_.reschedule(cycle);
  }
  if (offset == offset::kControl) requester_.set_probing(regs::control::kProber.get(value) != 0, cycle);
  if (within(offset, kLimitsBegin, kLimitsEnd)) write_limit(offset);
  if (offset == offset::kRingEnable) {
    shell_.rings.enable(before, cycle);
  } else if (within(offset, kRingsBegin, kRingsEnd)) {
    shell_.rings.poke(cycle);
  }
  return true;
}

void RegisterBus::write_limit(std::uint32_t offset) {
  const std::uint32_t cause = (offset - kLimitsBegin) / 8;
  shell_.limits.set(cause, shell_.registers.get(offset::rate_limit_interval(static_cast<regs::Cause>(cause))),
                    shell_.registers.get(offset::rate_limit_burst(static_cast<regs::Cause>(cause))));
}

}  // namespace sapulse::model
