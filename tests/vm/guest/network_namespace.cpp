// SPDX-License-Identifier: Apache-2.0
#include "network_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sapulse::test {

NetworkNamespace::NetworkNamespace(const std::string& name) {
  if (name.empty()) return;
  before_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  const int there = open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC);
  const bool entered = there >= 0 && setns(there, CLONE_NEWNET) == 0;
  const int reason = errno;
  if (there >= 0) close(there);
  if (entered) return;
  close(before_);
  throw std::system_error(reason, std::generic_category(), "network namespace " + name);
}

NetworkNamespace::~NetworkNamespace() {
  if (before_ < 0) return;
  (void)setns(before_, CLONE_NEWNET);
  close(before_);
}

}  // namespace sapulse::test
