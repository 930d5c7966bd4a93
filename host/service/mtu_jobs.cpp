// SPDX-License-Identifier: Apache-2.0
#include "mtu_jobs.h"

#include <utility>

#include "json_values.h"

namespace sapulse::service {

Result<void> MtuJobs::add(std::uint64_t client, std::uint32_t spi_in, const PathMtuOptions& options, Reply reply) {
  const std::uint64_t id = next_id_++;
  const auto done = [id, jobs = std::weak_ptr(jobs_)](const Result<PathMtu>& mtu) {
    const auto all = jobs.lock();
    if (!all) return;
    if (const auto job = all->extract(id)) {
      job.mapped().reply(mtu ? Json{{"mtu", to_json(*mtu)}} : error_line(mtu.error()), true);
    }
  };
  jobs_->emplace(id, Job{.client = client, .reply = std::move(reply)});
  auto started = endpoint_.pinger().start_path_mtu(spi_in, options, done);
  if (!started) jobs_->erase(id);
  return started;
}

void MtuJobs::forget(std::uint64_t client) {
  std::erase_if(*jobs_, [&](const auto& job) { return job.second.client == client; });
}

}  // namespace sapulse::service
