// SPDX-License-Identifier: Apache-2.0
// Searches for path MTUs that clients have asked for, without holding anybody up.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "sapulse/endpoint.h"
#include "service.h"

namespace sapulse::service {

/// Not thread-safe. May go before the endpoint: searches that are under way then end untold.
class MtuJobs {
 public:
  explicit MtuJobs(Endpoint& endpoint) : endpoint_(endpoint) {}

  /// Errors: those of Pinger::start_path_mtu(); `reply` is not called then.
  Result<void> add(std::uint64_t client, std::uint32_t spi_in, const PathMtuOptions& options, Reply reply);
  void forget(std::uint64_t client);

 private:
  struct Job {
    std::uint64_t client;
    Reply reply;
  };
  using Jobs = std::map<std::uint64_t, Job>;

  Endpoint& endpoint_;
  std::shared_ptr<Jobs> jobs_ = std::make_shared<Jobs>();
  std::uint64_t next_id_ = 0;
};

}  // namespace sapulse::service
