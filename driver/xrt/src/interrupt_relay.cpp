// SPDX-License-Identifier: Apache-2.0
#include "interrupt_relay.h"

#include <fmt/format.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

namespace sapulse {
namespace {

constexpr std::chrono::milliseconds kLongestWait(100);

}  // namespace

Result<std::unique_ptr<InterruptRelay>> InterruptRelay::create(Wait wait) {
  FileDescriptor event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!event) return failure(Errc::io_error, fmt::format("eventfd: {}", std::strerror(errno)));
  return std::unique_ptr<InterruptRelay>(new InterruptRelay(std::move(wait), std::move(event)));
}

InterruptRelay::InterruptRelay(Wait wait, FileDescriptor event)
    : wait_(std::move(wait)), event_(std::move(event)), thread_([this] { work(); }) {}

InterruptRelay::~InterruptRelay() {
  ending_ = true;
  thread_.join();
}

void InterruptRelay::work() {
  try {
    while (!ending_) {
      if (wait_(kLongestWait)) (void)::eventfd_write(event_.get(), 1);
    }
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    failed_ = Error{Errc::device_error, fmt::format("waiting for an interrupt: {}", error.what())};
    (void)::eventfd_write(event_.get(), 1);
  }
}

Result<void> InterruptRelay::clear() {
  eventfd_t count = 0;
  (void)::eventfd_read(event_.get(), &count);  // EAGAIN: there was none
  const std::lock_guard lock(mutex_);
  if (failed_) return tl::unexpected(*failed_);
  return {};
}

}  // namespace sapulse
