// SPDX-License-Identifier: Apache-2.0
#include "side_task.h"

#include <sys/eventfd.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "sapulse/secret.h"

namespace sapulse {

SideTask::SideTask(std::function<void()> work)
    : ended_(::eventfd(0, EFD_CLOEXEC)), work_(std::move(work)), result_(work_.get_future()) {
  const auto run = [this] {
    const StackZeroiser stack;  // nothing else will ever write over it
    work_();
    (void)::eventfd_write(ended_.get(), 1);
  };
  if (!ended_) {
    run();
    return;
  }
  try {
    thread_ = std::thread(run);
  } catch (const std::system_error&) {
    run();
  }
}

SideTask::~SideTask() {
  if (thread_.joinable()) thread_.join();
}

bool SideTask::has_ended() const { return result_.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

void SideTask::finish() {
  if (thread_.joinable()) thread_.join();
  result_.get();
}

}  // namespace sapulse
