// SPDX-License-Identifier: Apache-2.0
#include "snapshot_exchange.h"

#include <sys/eventfd.h>

#include <utility>

namespace sapulse::metrics {

SnapshotExchange::SnapshotExchange(std::chrono::nanoseconds fresh_for)
    : fresh_for_(fresh_for), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

bool SnapshotExchange::is_fresh() const {
  return last_ && std::chrono::steady_clock::now() - last_->taken < fresh_for_;
}

SnapshotExchange::Pointer SnapshotExchange::get(std::chrono::nanoseconds patience) {
  Pointer retired;
  std::unique_lock lock(mutex_);
  retired.swap(retired_);
  if (closed_ || is_fresh()) return last_;
  if (!std::exchange(wanted_, true)) (void)::eventfd_write(event_.get(), 1);
  published_.wait_for(lock, patience, [this] { return closed_ || !wanted_; });
  return last_;
}

bool SnapshotExchange::is_wanted() const {
  const std::scoped_lock lock(mutex_);
  return wanted_;
}

void SnapshotExchange::publish(Pointer snapshot) {
  {
    const std::scoped_lock lock(mutex_);
    retired_ = std::exchange(last_, std::move(snapshot));
    wanted_ = false;
    eventfd_t ignored = 0;
    (void)::eventfd_read(event_.get(), &ignored);
  }
  published_.notify_all();
}

void SnapshotExchange::close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  published_.notify_all();
}

}  // namespace sapulse::metrics
