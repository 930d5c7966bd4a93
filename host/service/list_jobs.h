// SPDX-License-Identifier: Apache-2.0
// Lists of SAs that clients have asked for, a part at a time, so that long ones hold nobody up.
#pragma once

#include <cstdint>
#include <list>

#include "sapulse/endpoint.h"
#include "service.h"

namespace sapulse::service {

/// Answers with the installed SAs in the order of their numbers: a line {"sas": [...]} for each part, with `more` for
/// all but the last one. Each part tells how its SAs are when it is made. Not thread-safe; the endpoint must outlive
/// it.
class ListJobs {
 public:
  static constexpr std::size_t kSasPerLine = 256;

  explicit ListJobs(Endpoint& endpoint) : endpoint_(endpoint) {}

  /// Answers with the first part now. `ends`: the answer ends with the list.
  void add(std::uint64_t client, bool ends, Reply reply);
  void forget(std::uint64_t client);
  /// Answers each with one part more.
  void poll();
  [[nodiscard]] bool has_work() const { return !jobs_.empty(); }

 private:
  struct Job {
    std::uint64_t client = 0;
    bool ends = true;
    Reply reply;
    std::uint32_t next = 0;  // SA number
  };

  /// True if that was the last part.
  bool answer(Job& job) const;

  Endpoint& endpoint_;
  std::list<Job> jobs_;
};

}  // namespace sapulse::service
