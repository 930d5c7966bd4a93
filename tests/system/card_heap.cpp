// SPDX-License-Identifier: Apache-2.0
#include "card_heap.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

// Where the linker has put variables.
extern const std::byte __data_start[];  // NOLINT(readability-identifier-naming)
extern const std::byte _end[];          // NOLINT(readability-identifier-naming)

namespace sapulse::test {
namespace {

/// In front of every block.
struct Header {
  void* start;  ///< of what malloc has given
  std::size_t bytes;
  Header* before;  ///< in the list of recorded blocks; both null: it is in none
  Header* after;
};

thread_local bool recording = false;
constinit Header ends{nullptr, 0, &ends, &ends};

class Recording {
 public:
  Recording() : before_(std::exchange(recording, true)) {}
  ~Recording() { recording = before_; }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

 private:
  bool before_;
};

void* allocate(std::size_t bytes, std::size_t alignment) {
  alignment = std::max(alignment, alignof(std::max_align_t));
  const std::size_t room = (sizeof(Header) + alignment - 1) / alignment * alignment;
  void* const start = std::aligned_alloc(alignment, (room + bytes + alignment - 1) / alignment * alignment);
  if (start == nullptr) throw std::bad_alloc();
  auto* const block = static_cast<std::byte*>(start) + room;
  auto* const header = new (block - sizeof(Header)) Header{start, bytes, nullptr, nullptr};
  if (recording) {
    header->before = &ends;
    header->after = ends.after;
    ends.after->before = header;
    ends.after = header;
  }
  return block;
}

void release(void* block) {
  if (block == nullptr) return;
  auto* const header = reinterpret_cast<Header*>(static_cast<std::byte*>(block) - sizeof(Header));
  if (header->before != nullptr) {
    header->before->after = header->after;
    header->after->before = header->before;
  }
  std::memset(block, 0, header->bytes);  // the next owner may leave it as it is, and shall not be found to hold a key
  std::free(header->start);
}

/// Records while one of its functions runs.
class RecordedCard final : public sim::Card {
 public:
  explicit RecordedCard(std::unique_ptr<sim::Card> card) : Card(card->options()), card_(std::move(card)) {}

  std::uint64_t cycle() const override { return card_->cycle(); }
  void step(std::uint64_t cycles) override {
    const Recording now;
    card_->step(cycles);
  }
  void reset() override {
    const Recording now;
    card_->reset();
  }
  Result<void> send(sim::Port port, sim::Frame frame, bool bad) override {
    const Recording now;
    return card_->send(port, std::move(frame), bad);
  }
  void hold(sim::Port port, bool held) override { card_->hold(port, held); }
  std::size_t pending(sim::Port port) const override { return card_->pending(port); }
  std::vector<sim::InputTime> take_input_times(sim::Port port) override { return card_->take_input_times(port); }
  std::vector<sim::OutputFrame> take_output(sim::Port port) override { return card_->take_output(port); }
  std::vector<sim::FrameTrace> take_traces() override { return card_->take_traces(); }
  sim::PortCount received(sim::Port port) const override { return card_->received(port); }
  sim::PortCount transmitted(sim::Port port) const override { return card_->transmitted(port); }
  std::uint64_t last_activity() const override { return card_->last_activity(); }
  bool transferring() const override { return card_->transferring(); }
  Result<std::uint32_t> read32(std::uint32_t offset) override {
    const Recording now;
    return card_->read32(offset);
  }
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override {
    const Recording now;
    return card_->write32(offset, value);
  }
  Result<std::uint64_t> map(std::size_t bytes, std::size_t alignment) override {
    const Recording now;
    return card_->map(bytes, alignment);
  }
  void unmap(std::uint64_t iova) override { card_->unmap(iova); }
  std::span<std::byte> memory(std::uint64_t iova) override { return card_->memory(iova); }
  std::uint32_t interrupts() const override { return card_->interrupts(); }
  const std::vector<sim::Violation>& violations() const override { return card_->violations(); }

 private:
  std::unique_ptr<sim::Card> card_;
};

}  // namespace

Result<std::unique_ptr<sim::Card>> create_recorded_card(const sim::CardOptions& options) {
  Result<std::unique_ptr<sim::Card>> card = nullptr;
  {
    const Recording now;
    card = sim::Card::create(options);
  }
  if (!card) return card;
  return std::make_unique<RecordedCard>(std::move(*card));
}

void for_each_card_block(const std::function<void(std::span<const std::byte> block)>& look) {
  for (const Header* header = ends.after; header != &ends; header = header->after) {
    look({reinterpret_cast<const std::byte*>(header + 1), header->bytes});
  }
  look({__data_start, _end});
}

}  // namespace sapulse::test

// The forms that the standard library does not make of these by itself.
void* operator new(std::size_t bytes) { return sapulse::test::allocate(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return sapulse::test::allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { sapulse::test::release(block); }
void operator delete(void* block, std::size_t) noexcept { sapulse::test::release(block); }
void operator delete(void* block, std::align_val_t) noexcept { sapulse::test::release(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { sapulse::test::release(block); }
