// SPDX-License-Identifier: Apache-2.0
#include "memory_cable.h"

#include <sys/eventfd.h>

#include <iterator>
#include <mutex>

#include "sapulse/file_descriptor.h"

namespace sapulse::net {
namespace {

constexpr std::size_t kMostFrames = 4096;

/// Frames on their way to one end. Thread-safe.
class Queue {
 public:
  explicit Queue(FileDescriptor event) : event_(std::move(event)) {}

  /// False: full, or nobody takes them any more.
  bool push(const model::OutputFrame& frame) {
    const std::scoped_lock lock(mutex_);
    if (closed_ || frames_.size() == kMostFrames) return false;
    frames_.push_back({.frame = frame.bytes, .unfinished = frame.unfinished});
    eventfd_write(event_.get(), 1);
    return true;
  }
  std::vector<Received> take() {
    const std::scoped_lock lock(mutex_);
    eventfd_t count = 0;
    (void)eventfd_read(event_.get(), &count);  // none pending is as good
    return std::exchange(frames_, {});
  }
  void close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  [[nodiscard]] int descriptor() const { return event_.get(); }

 private:
  FileDescriptor event_;  ///< readable while there are frames
  std::mutex mutex_;
  std::vector<Received> frames_;
  bool closed_ = false;
};

class CableEnd final : public FramePort {
 public:
  CableEnd(std::shared_ptr<Queue> in, std::shared_ptr<Queue> out) : in_(std::move(in)), out_(std::move(out)) {}
  ~CableEnd() override { in_->close(); }

  [[nodiscard]] int descriptor() const override { return in_->descriptor(); }
  [[nodiscard]] const std::string& interface() const override { return name_; }
  Result<void> set_filter(std::span<const sock_filter> /*filter*/) override { return {}; }

  bool receive(std::vector<Received>& frames) override {
    std::vector<Received> taken = in_->take();
    statistics_.received += taken.size();
    std::ranges::move(taken, std::back_inserter(frames));
    return false;
  }
  void send(std::span<const model::OutputFrame> frames) override {
    for (const model::OutputFrame& frame : frames) ++(out_->push(frame) ? statistics_.sent : statistics_.unsent);
  }
  bool look() override { return false; }
  [[nodiscard]] NetStatistics statistics() const override { return statistics_; }

 private:
  std::string name_ = "cable";
  std::shared_ptr<Queue> in_;
  std::shared_ptr<Queue> out_;
  NetStatistics statistics_{.up = true};
};

}  // namespace

Result<std::pair<std::unique_ptr<FramePort>, std::unique_ptr<FramePort>>> make_memory_cable() {
  std::array<std::shared_ptr<Queue>, 2> queues;
  for (auto& queue : queues) {
    FileDescriptor event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event) return failure(Errc::io_error, "no event left in the system");
    queue = std::make_shared<Queue>(std::move(event));
  }
  return std::pair<std::unique_ptr<FramePort>, std::unique_ptr<FramePort>>(
      std::make_unique<CableEnd>(queues[0], queues[1]), std::make_unique<CableEnd>(queues[1], queues[0]));
}

}  // namespace sapulse::net
