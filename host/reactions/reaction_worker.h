// SPDX-License-Identifier: Apache-2.0
// A thread that reacts.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "reaction.h"
#include "sa_limiter.h"
#include "sapulse/file_descriptor.h"
#include "sapulse/reaction_settings.h"
#include "token_bucket.h"

namespace sapulse::reactions {

/// Gets a line for a log; called from several threads.
using Log = std::function<void(const std::string& line)>;

/// Carries out one reaction, in a thread of its own, so that one that hangs holds up neither the card nor the others.
class ReactionWorker {
 public:
  static constexpr std::size_t kMostWaiting = 1024;  ///< changes; what comes then is left out

  /// `name`: of the reaction, in the log.
  ReactionWorker(std::string name, const ReactionSettings& settings, std::unique_ptr<Reaction> reaction, Log log);
  /// Calls off what is under way; what waits is left out.
  ~ReactionWorker();
  ReactionWorker(const ReactionWorker&) = delete;
  ReactionWorker& operator=(const ReactionWorker&) = delete;

  /// Takes a change that the reaction is for, within its limits, and returns at once. Of what is over the limits the
  /// log has the number, when it is within them again. To be called from one thread.
  void take(const LivenessChange& change);

 private:
  [[nodiscard]] bool has_room(const std::string& name, std::uint64_t now);
  void run();
  /// Sleeps until there is something to do.
  void wait(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool is_due() const;
  void react(const LivenessChange& change);

  std::string name_;
  ReactionTrigger trigger_;
  std::chrono::nanoseconds timeout_;
  std::unique_ptr<Reaction> reaction_;
  Log log_;
  // of the thread that calls take()
  TokenBucket limit_;
  SaLimiter sa_limit_;
  std::uint64_t left_out_ = 0;  // changes, since the last that was taken
  // shared, under mutex_
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<LivenessChange> waiting_;
  bool ends_ = false;
  FileDescriptor called_off_;  // readable from the end on
  std::thread thread_;
};

}  // namespace sapulse::reactions
