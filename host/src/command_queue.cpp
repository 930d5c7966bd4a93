// SPDX-License-Identifier: Apache-2.0
#include "command_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "descriptor.h"

namespace sapulse {

Result<std::unique_ptr<CommandQueue>> CommandQueue::create(RegisterAccess& registers, StatusBlock& status,
                                                           unsigned entries) {
  auto commands = registers.device().allocate_dma(std::size_t{entries} * regs::kCommandBytes, kRingAlignment);
  if (!commands) return tl::unexpected(commands.error());
  auto completions = registers.device().allocate_dma(std::size_t{entries} * regs::kCompletionBytes, kRingAlignment);
  if (!completions) return tl::unexpected(completions.error());
  std::unique_ptr<CommandQueue> queue(
      new CommandQueue(registers, status, entries, std::move(*commands), std::move(*completions)));
  if (auto programmed = queue->program(); !programmed) return tl::unexpected(programmed.error());
  return queue;
}

CommandQueue::CommandQueue(RegisterAccess& registers, StatusBlock& status, unsigned entries,
                           std::unique_ptr<DmaBuffer> commands, std::unique_ptr<DmaBuffer> completions)
    : registers_(registers),
      status_(status),
      entries_(entries),
      commands_(std::move(commands)),
      completions_(std::move(completions)) {}

CommandQueue::~CommandQueue() { zeroise(commands_->bytes()); }

Result<void> CommandQueue::program() {
  const auto log2 = static_cast<std::uint32_t>(std::countr_zero(entries_));
  return registers_.write64(regs::offset::kCommandBase, commands_->iova())
      .and_then([&] { return registers_.write32(regs::offset::kCommandLog2, log2); })
      .and_then([&] { return registers_.write64(regs::offset::kCompletionBase, completions_->iova()); })
      .and_then([&] { return registers_.write32(regs::offset::kCompletionLog2, log2); });
}

std::span<std::byte, regs::kCommandBytes> CommandQueue::command_slot(std::uint32_t index) {
  const std::size_t slot = index & (entries_ - 1);
  return commands_->bytes().subspan(slot * regs::kCommandBytes).first<regs::kCommandBytes>();
}

std::span<const std::byte, regs::kCompletionBytes> CommandQueue::completion_slot(std::uint32_t index) {
  const std::size_t slot = index & (entries_ - 1);
  return completions_->bytes().subspan(slot * regs::kCompletionBytes).first<regs::kCompletionBytes>();
}

Result<void> CommandQueue::push(const Command& command, Card::CompletionHandler done) {
  if (full()) return failure(Errc::no_space, fmt::format("command ring full ({} entries)", entries_));
  const auto slot = command_slot(producer_);
  std::ranges::copy(command.bytes(), slot.begin());
  regs::Command{slot}.set_cookie(producer_);
  pending_.push_back({command.opcode(), producer_, std::move(done)});
  ++producer_;
  return {};
}

Result<void> CommandQueue::kick() {
  if (announced_ == producer_) return {};
  registers_.device().barrier();
  auto written = registers_.write32(regs::offset::kCommandProducer, producer_);
  if (written) announced_ = producer_;
  return written;
}

Result<std::uint32_t> CommandQueue::completed() {
  const std::uint32_t waiting = status_.completion_producer() - consumer_;
  if (waiting > announced_ - consumer_) {
    return failure(Errc::device_error, fmt::format("{}: the card reports {} completions for {} commands",
                                                   registers_.device().name(), waiting, announced_ - consumer_));
  }
  return waiting;
}

Result<Completion> CommandQueue::take_oldest() {
  const Completion completion = decode_completion(completion_slot(consumer_));
  const Pending& oldest = pending_.front();
  if (completion.cookie != oldest.cookie || completion.opcode != oldest.opcode) {
    return failure(
        Errc::device_error,
        fmt::format("{}: completion of {} with cookie {:#x}, expected {} with cookie {:#x}", registers_.device().name(),
                    regs::name(completion.opcode), completion.cookie, regs::name(oldest.opcode), oldest.cookie));
  }
  zeroise(command_slot(consumer_));
  ++consumer_;
  return completion;
}

Result<std::size_t> CommandQueue::reap() {
  const auto waiting = completed();
  if (!waiting) return tl::unexpected(waiting.error());
  if (*waiting == 0) return 0;

  // The slots are given back before any handler runs, so that handlers find the queue in order.
  std::vector<std::pair<Completion, Card::CompletionHandler>> finished;
  finished.reserve(*waiting);
  for (std::uint32_t i = 0; i < *waiting; ++i) {
    auto completion = take_oldest();
    if (!completion) return tl::unexpected(completion.error());
    finished.emplace_back(*completion, std::move(pending_.front().done));
    pending_.pop_front();
  }
  if (auto doorbell = registers_.write32(regs::offset::kCompletionConsumer, consumer_); !doorbell) {
    return tl::unexpected(doorbell.error());
  }
  for (const auto& [completion, done] : finished) {
    if (done) done(completion);
  }
  return finished.size();
}

}  // namespace sapulse
