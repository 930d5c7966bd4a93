// SPDX-License-Identifier: Apache-2.0
#include <sys/timerfd.h>

#include <ctime>
#include <utility>

#include "sapulse/card_time.h"
#include "sapulse/file_descriptor.h"

namespace sapulse {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

class SystemTime final : public CardTime {
 public:
  explicit SystemTime(FileDescriptor timer) : timer_(std::move(timer)) {}

  [[nodiscard]] std::uint64_t now() const override {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * kSecond + static_cast<std::uint64_t>(time.tv_nsec);
  }

  void set_alarm(std::optional<std::uint64_t> when) override {
    itimerspec timer{};  // all zero: never
    if (when) {
      timer.it_value.tv_sec = static_cast<time_t>(*when / kSecond);
      timer.it_value.tv_nsec = static_cast<long>(*when % kSecond);
    }
    timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &timer, nullptr);
  }

  [[nodiscard]] int descriptor() const override { return timer_.get(); }

 private:
  FileDescriptor timer_;
};

}  // namespace

std::shared_ptr<CardTime> make_system_time() {
  FileDescriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  if (!timer) return nullptr;
  return std::make_shared<SystemTime>(std::move(timer));
}

}  // namespace sapulse
