// SPDX-License-Identifier: Apache-2.0
// Rings that the card fills: exceptions and events.
#pragma once

#include <fmt/format.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "register_access.h"
#include "sapulse/error.h"
#include "sapulse/event.h"
#include "sapulse/exception.h"
#include "status_block.h"

namespace sapulse {

/// What is particular about the ring of exceptions.
struct ExceptionEntries {
  using Entry = Exception;
  static constexpr std::string_view kName = "exception";
  static constexpr std::size_t kBytes = regs::kExceptionBytes;
  static constexpr std::uint32_t kBase = regs::offset::kExceptionBase;
  static constexpr std::uint32_t kLog2 = regs::offset::kExceptionLog2;
  static constexpr std::uint32_t kConsumer = regs::offset::kExceptionConsumer;
  static std::uint32_t producer(StatusBlock& status) { return status.exception_producer(); }
  static Result<Entry> decode(std::span<const std::byte> entry) { return decode_exception(entry); }
};

/// And about that of events.
struct EventEntries {
  using Entry = Event;
  static constexpr std::string_view kName = "event";
  static constexpr std::size_t kBytes = regs::kEventBytes;
  static constexpr std::uint32_t kBase = regs::offset::kEventBase;
  static constexpr std::uint32_t kLog2 = regs::offset::kEventLog2;
  static constexpr std::uint32_t kConsumer = regs::offset::kEventConsumer;
  static std::uint32_t producer(StatusBlock& status) { return status.event_producer(); }
  static Result<Entry> decode(std::span<const std::byte> entry) { return decode_event(entry); }
};

/// A ring that the card fills and the host empties.
template <class Entries>
class EntryRing {
 public:
  using Entry = typename Entries::Entry;

  /// Allocates a ring of `entries` (a power of two) and tells the card where it is; the caller enables it.
  /// Errors: no_space, device_error.
  static Result<std::unique_ptr<EntryRing>> create(RegisterAccess& registers, StatusBlock& status, unsigned entries) {
    auto memory = registers.device().allocate_dma(std::size_t{entries} * Entries::kBytes, kRingAlignment);
    if (!memory) return tl::unexpected(memory.error());
    const std::uint64_t iova = (*memory)->iova();
    std::unique_ptr<EntryRing> ring(new EntryRing(registers, status, entries, std::move(*memory)));
    const auto programmed = registers.write64(Entries::kBase, iova).and_then([&] {
      return registers.write32(Entries::kLog2, static_cast<std::uint32_t>(std::countr_zero(entries)));
    });
    if (!programmed) return tl::unexpected(programmed.error());
    return ring;
  }

  /// Number of entries that wait. Errors: device_error (more than the ring holds).
  Result<std::uint32_t> waiting() {
    const std::uint32_t count = Entries::producer(status_) - consumer_;
    if (count > entries_) {
      return failure(Errc::device_error, fmt::format("{}: the card reports {} {}s in a ring of {}",
                                                     registers_.device().name(), count, Entries::kName, entries_));
    }
    return count;
  }

  /// Takes those that wait and gives their slots back. Errors: device_error (doorbell, or an entry that makes no
  /// sense).
  Result<std::vector<Entry>> take() {
    const auto count = waiting();
    if (!count) return tl::unexpected(count.error());
    std::vector<Entry> taken;
    taken.reserve(*count);
    for (std::uint32_t i = 0; i < *count; ++i, ++consumer_) {
      const std::size_t slot = consumer_ & (entries_ - 1);
      auto entry = Entries::decode(memory_->bytes().subspan(slot * Entries::kBytes, Entries::kBytes));
      if (!entry) {
        return failure(Errc::device_error, fmt::format("{}: entry {} of the {} ring: {}", registers_.device().name(),
                                                       slot, Entries::kName, entry.error().message));
      }
      taken.push_back(std::move(*entry));
    }
    if (taken.empty()) return taken;
    if (auto doorbell = registers_.write32(Entries::kConsumer, consumer_); !doorbell) {
      return tl::unexpected(doorbell.error());
    }
    return taken;
  }

 private:
  EntryRing(RegisterAccess& registers, StatusBlock& status, unsigned entries, std::unique_ptr<DmaBuffer> memory)
      : registers_(registers), status_(status), entries_(entries), memory_(std::move(memory)) {}

  RegisterAccess& registers_;
  StatusBlock& status_;
  unsigned entries_;
  std::unique_ptr<DmaBuffer> memory_;
  std::uint32_t consumer_ = 0;  ///< entries taken so far, modulo 2^32
};

using ExceptionRing = EntryRing<ExceptionEntries>;
using EventRing = EntryRing<EventEntries>;

}  // namespace sapulse
