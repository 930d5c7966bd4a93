// SPDX-License-Identifier: Apache-2.0
#include "background_thread.h"

#include <utility>

namespace sapulse {

BackgroundThread::BackgroundThread(std::function<bool()> step) : step_(std::move(step)), thread_([this] { work(); }) {}

BackgroundThread::~BackgroundThread() {
  stop();
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void BackgroundThread::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    // A mutex is not fair: without `wanted_` the thread would take it again before the owner has it.
    changed_.wait(lock, [this] { return ending_ || (running_ && !wanted_); });
    if (ending_) return;
    running_ = step_();
  }
}

void BackgroundThread::run() {
  {
    const std::lock_guard lock(mutex_);
    running_ = true;
  }
  changed_.notify_one();
}

void BackgroundThread::stop() {
  wanted_ = true;
  const std::lock_guard lock(mutex_);
  running_ = false;
  wanted_ = false;
}

}  // namespace sapulse
