// SPDX-License-Identifier: Apache-2.0
// Pings that clients have asked for, one after the other, without holding anybody up.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "sapulse/endpoint.h"
#include "service.h"

namespace sapulse::service {

/// A series of pings on an SA.
struct PingSeries {
  std::uint64_t client = 0;
  std::uint32_t spi_in = 0;
  PingOptions options;
  std::uint64_t count = 1;
  std::chrono::nanoseconds interval{};  ///< from one ping to the next, card's time
  Reply reply;                          ///< a line {"ping": ...} for each, then {"summary": {"sent", "answered"}}
};

/// Runs series of pings. Not thread-safe. May go before the endpoint: pings that are outstanding then end untold.
class PingJobs {
 public:
  explicit PingJobs(Endpoint& endpoint) : endpoint_(endpoint) {}

  void add(PingSeries series);
  void forget(std::uint64_t client);
  /// When something is due, card's time; nothing: never.
  [[nodiscard]] std::optional<std::uint64_t> next_due() const;
  /// Starts what is due. Errors: those of Card::time().
  Result<void> poll();

 private:
  struct Job {
    PingSeries series;
    std::uint64_t due = 0;  // card's time, ns; 0: at once
    std::uint64_t sent = 0;
    std::uint64_t done = 0;
    std::uint64_t answered = 0;
  };

  void start(std::uint64_t id, std::uint64_t now);
  using Jobs = std::map<std::uint64_t, Job>;
  static void finished(Jobs& jobs, std::uint64_t id, const Result<PingResult>& result);

  Endpoint& endpoint_;
  std::shared_ptr<Jobs> jobs_ = std::make_shared<Jobs>();
  std::uint64_t next_id_ = 0;
};

}  // namespace sapulse::service
