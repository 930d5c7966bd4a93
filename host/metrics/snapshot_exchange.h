// SPDX-License-Identifier: Apache-2.0
// Where threads that want to know about a card meet the one that may ask it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "sapulse/file_descriptor.h"
#include "snapshot.h"

namespace sapulse::metrics {

/// Hands snapshots from the thread that serves the card to others. Thread-safe.
class SnapshotExchange {
 public:
  using Pointer = SnapshotPointer;

  /// A snapshot that is younger than this is given away again: however many ask, the card is asked no more often.
  explicit SnapshotExchange(std::chrono::nanoseconds fresh_for = std::chrono::milliseconds(500));

  /// A snapshot that is fresh; waits for one, but at most so long: then the last one, or nullptr if there is none.
  Pointer get(std::chrono::nanoseconds patience);
  /// Lets nobody wait any more: get() gives the last one from now on.
  void close();

  /// For the thread of the card: readable when somebody waits.
  [[nodiscard]] int event_descriptor() const { return event_.get(); }
  [[nodiscard]] bool is_wanted() const;
  void publish(Pointer snapshot);

 private:
  [[nodiscard]] bool is_fresh() const;

  const std::chrono::nanoseconds fresh_for_;
  const FileDescriptor event_;
  mutable std::mutex mutex_;
  std::condition_variable published_;
  Pointer last_;
  Pointer retired_;  // goes where somebody has time: not in the thread of the card
  bool wanted_ = false;
  bool closed_ = false;
};

}  // namespace sapulse::metrics
