// SPDX-License-Identifier: Apache-2.0
#include "shared_endpoint.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <limits>
#include <utility>

#include "sapulse/poll_timeout.h"

namespace sapulse::c {
namespace {

using std::chrono::nanoseconds;

tl::unexpected<Error> no_descriptor(const char* call) {
  return failure(Errc::io_error, fmt::format("{}: {}", call, std::strerror(errno)));
}

FileDescriptor make_sleeper() { return FileDescriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

}  // namespace

/// Has the endpoint from its beginning to its end; then those who sleep look again.
class SharedEndpoint::Turn {
 public:
  explicit Turn(SharedEndpoint& shared) : shared_(shared) { shared_.mutex_.lock(); }
  ~Turn() {
    shared_.wake_sleepers();
    shared_.mutex_.unlock();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  SharedEndpoint& shared_;
};

void FairMutex::lock() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = asked_++;
  next_.wait(lock, [&] { return served_ == mine; });
}

void FairMutex::unlock() {
  {
    const std::lock_guard lock(mutex_);
    ++served_;
  }
  next_.notify_all();
}

SharedEndpoint::SharedEndpoint(std::unique_ptr<Device> device, std::unique_ptr<Endpoint> endpoint)
    : device_(std::move(device)), endpoint_(std::move(endpoint)) {
  endpoint_->set_waiter([this](nanoseconds timeout) {
    wake_sleepers();
    return time_in(timeout).and_then([&](std::uint64_t end) { return sleep_until(end); }).map([] { return true; });
  });
}

void SharedEndpoint::wake_sleepers() {
  for (const int sleeper : std::exchange(sleepers_, {})) (void)::eventfd_write(sleeper, 1);
}

Result<void> SharedEndpoint::use(const std::function<Result<void>(Endpoint&)>& use) {
  const Turn turn(*this);
  return use(*endpoint_);
}

Result<std::uint64_t> SharedEndpoint::time_in(nanoseconds time) {
  return endpoint_->card().time().map([&](std::uint64_t now) {
    const auto added = static_cast<std::uint64_t>(time.count());
    return now + std::min(added, std::numeric_limits<std::uint64_t>::max() - now);
  });
}

Result<void> SharedEndpoint::sleep_until(std::uint64_t end) {
  const auto longest = endpoint_->prepare_sleep(end);
  if (!longest) return tl::unexpected(longest.error());
  if (*longest == nanoseconds(0)) {  // others have their turn all the same
    mutex_.unlock();
    mutex_.lock();
    return {};
  }
  const FileDescriptor sleeper = make_sleeper();
  if (!sleeper) return no_descriptor("eventfd");
  std::array wake{pollfd{sleeper.get(), POLLIN, 0}, pollfd{endpoint_->event_descriptor(), POLLIN, 0}};
  sleepers_.push_back(sleeper.get());
  mutex_.unlock();
  (void)::poll(wake.data(), wake.size(), poll_timeout(*longest));  // a signal only makes it look earlier
  mutex_.lock();
  std::erase(sleepers_, sleeper.get());
  return {};
}

Result<void> SharedEndpoint::poll(nanoseconds timeout) {
  const Turn turn(*this);
  const auto end = time_in(timeout);
  if (!end) return tl::unexpected(end.error());
  for (;;) {
    const auto waits = endpoint_->wait(nanoseconds(0));
    if (!waits) return tl::unexpected(waits.error());
    const auto now = endpoint_->card().time();
    if (!now) return tl::unexpected(now.error());
    if (*waits || *now >= *end) break;
    if (auto slept = sleep_until(*end); !slept) return slept;
  }
  return endpoint_->poll().map([](std::size_t) {});
}

Result<int> SharedEndpoint::event_descriptor() {
  const std::lock_guard lock(mutex_);
  const int device = endpoint_->event_descriptor();
  if (device < 0) return -1;
  if (loop_event_) return loop_event_.get();
  FileDescriptor event(::epoll_create1(EPOLL_CLOEXEC));
  FileDescriptor sleeper = make_sleeper();
  if (!event || !sleeper) return no_descriptor("epoll");
  for (const int part : {device, sleeper.get()}) {
    epoll_event readable{.events = EPOLLIN, .data = {.fd = part}};
    if (::epoll_ctl(event.get(), EPOLL_CTL_ADD, part, &readable) != 0) return no_descriptor("epoll_ctl");
  }
  loop_sleeper_ = std::move(sleeper);
  loop_event_ = std::move(event);
  return loop_event_.get();
}

Result<nanoseconds> SharedEndpoint::prepare_sleep() {
  const std::lock_guard lock(mutex_);
  if (loop_sleeper_) {
    eventfd_t count = 0;
    (void)::eventfd_read(loop_sleeper_.get(), &count);
    std::erase(sleepers_, loop_sleeper_.get());
  }
  wake_sleepers();
  auto longest = endpoint_->prepare_sleep();
  if (loop_sleeper_ && longest) sleepers_.push_back(loop_sleeper_.get());
  return longest;
}

}  // namespace sapulse::c
