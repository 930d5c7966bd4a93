// SPDX-License-Identifier: Apache-2.0
#include "ping_jobs.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "json_values.h"

namespace sapulse::service {

void PingJobs::add(PingSeries series) { jobs_->emplace(next_id_++, Job{.series = std::move(series)}); }

void PingJobs::forget(std::uint64_t client) {
  std::erase_if(*jobs_, [&](const auto& job) { return job.second.series.client == client; });
}

std::optional<std::uint64_t> PingJobs::next_due() const {
  std::optional<std::uint64_t> due;
  for (const auto& [id, job] : *jobs_) {
    if (job.sent < job.series.count) due = std::min(due.value_or(job.due), job.due);
  }
  return due;
}

Result<void> PingJobs::poll() {
  if (jobs_->empty()) return {};
  const auto now = endpoint_.card().time();
  if (!now) return tl::unexpected(now.error());
  std::vector<std::uint64_t> due;
  for (const auto& [id, job] : *jobs_) {
    if (job.sent < job.series.count && job.due <= *now) due.push_back(id);
  }
  for (const std::uint64_t id : due) start(id, *now);
  return {};
}

void PingJobs::start(std::uint64_t id, std::uint64_t now) {
  Job& job = jobs_->at(id);
  const auto started = endpoint_.pinger().start(job.series.spi_in, job.series.options,
                                                [id, jobs = std::weak_ptr(jobs_)](const Result<PingResult>& result) {
                                                  if (const auto all = jobs.lock()) finished(*all, id, result);
                                                });
  if (!started && started.error().code == Errc::no_space) return;  // the command ring is full: at the next poll
  ++job.sent;
  job.due = now + static_cast<std::uint64_t>(job.series.interval.count());
  if (!started) finished(*jobs_, id, tl::unexpected(started.error()));
}

void PingJobs::finished(Jobs& jobs, std::uint64_t id, const Result<PingResult>& result) {
  const auto found = jobs.find(id);
  if (found == jobs.end()) return;  // the client is gone
  Job& job = found->second;
  ++job.done;
  if (result && result->answered) ++job.answered;
  Json line = result ? Json{{"ping", to_json(*result)}} : error_line(result.error());
  if (result && !result->answered) line["ping"]["timeout_ns"] = job.series.options.timeout.count();
  job.series.reply(line, false);
  if (job.done < job.series.count) return;
  job.series.reply({{"summary", {{"sent", job.sent}, {"answered", job.answered}}}}, true);
  jobs.erase(found);
}

}  // namespace sapulse::service
