// SPDX-License-Identifier: Apache-2.0
#include "reaction_worker.h"

#include <fmt/format.h>
#include <sys/eventfd.h>

#include <chrono>
#include <optional>
#include <utility>

namespace sapulse::reactions {
namespace {

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

}  // namespace

ReactionWorker::ReactionWorker(std::string name, const ReactionSettings& settings, std::unique_ptr<Reaction> reaction,
                               Log log)
    : name_(std::move(name)),
      trigger_(settings.trigger),
      timeout_(settings.timeout),
      reaction_(std::move(reaction)),
      log_(std::move(log)),
      limit_(settings.limit),
      sa_limit_(settings.sa_limit),
      called_off_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

ReactionWorker::~ReactionWorker() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  (void)::eventfd_write(called_off_.get(), 1);
  changed_.notify_one();
  thread_.join();
}

bool ReactionWorker::has_room(const std::string& name, std::uint64_t now) {
  if (!limit_.ready(now) || !sa_limit_.ready(name, now)) return false;
  const std::scoped_lock lock(mutex_);
  return waiting_.size() < kMostWaiting;
}

void ReactionWorker::take(const LivenessChange& change) {
  if (!trigger_.matches(change)) return;
  const std::uint64_t now = now_ns();
  if (!has_room(change.name, now)) {
    if (left_out_++ == 0) log_(fmt::format("reaction {}: over its limits, changes are left out", name_));
    return;
  }
  limit_.take(now);
  sa_limit_.take(change.name, now);
  if (const auto left_out = std::exchange(left_out_, 0); left_out != 0) {
    log_(fmt::format("reaction {}: {} changes were left out", name_, left_out));
  }
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(change);
  }
  changed_.notify_one();
}

bool ReactionWorker::is_due() const {
  const auto due = reaction_->next_due();
  return due && *due <= Reaction::Clock::now();
}

void ReactionWorker::wait(std::unique_lock<std::mutex>& lock) {
  const auto has_something = [this] { return ends_ || !waiting_.empty(); };
  if (const auto due = reaction_->next_due()) {
    changed_.wait_until(lock, *due, has_something);
  } else {
    changed_.wait(lock, has_something);
  }
}

void ReactionWorker::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wait(lock);
    if (ends_) return;
    std::optional<LivenessChange> change;
    if (!waiting_.empty()) {
      change = std::move(waiting_.front());
      waiting_.pop_front();
    }
    lock.unlock();
    if (change) {
      react(*change);
    } else if (is_due()) {
      for (const std::string& line : reaction_->go_on(Patience(timeout_, called_off_.get()))) {
        log_(fmt::format("reaction {}: {}", name_, line));
      }
    }
    lock.lock();
  }
}

void ReactionWorker::react(const LivenessChange& change) {
  const auto begun = std::chrono::steady_clock::now();
  const auto done = reaction_->react(change, Patience(timeout_, called_off_.get()));
  if (done && done->empty()) return;
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
  log_(fmt::format("reaction {}: {} ms, {}: {} {}", name_, took, done ? "done" : "failed",
                   done ? *done : done.error().message, to_line(change)));
}

}  // namespace sapulse::reactions
