// SPDX-License-Identifier: Apache-2.0
#include "list_jobs.h"

#include <utility>

#include "json_values.h"

namespace sapulse::service {

void ListJobs::add(std::uint64_t client, bool ends, Reply reply) {
  Job job{.client = client, .ends = ends, .reply = std::move(reply)};
  if (!answer(job)) jobs_.push_back(std::move(job));
}

void ListJobs::forget(std::uint64_t client) {
  jobs_.remove_if([&](const Job& job) { return job.client == client; });
}

void ListJobs::poll() {
  jobs_.remove_if([this](Job& job) { return answer(job); });
}

bool ListJobs::answer(Job& job) const {
  const SaManager& sas = endpoint_.sas();
  Json part = Json::array();
  for (; job.next < sas.capacity(); ++job.next) {
    const SaInfo* sa = sas.find_number(job.next);
    if (sa == nullptr) continue;
    if (part.size() == kSasPerLine) break;
    part.push_back(with_liveness(endpoint_, *sa));
  }
  const bool more = job.next < sas.capacity();
  Json line{{"sas", std::move(part)}};
  if (more) line["more"] = true;
  job.reply(line, job.ends && !more);
  return !more;
}

}  // namespace sapulse::service
