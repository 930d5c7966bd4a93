// SPDX-License-Identifier: Apache-2.0
#include "veth.h"

#include <sched.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sapulse::test {

bool enter_fresh_namespace() {
  if (unshare(CLONE_NEWNET) != 0) {
    if (errno == EPERM) return false;
    throw std::system_error(errno, std::generic_category(), "network namespace");
  }
  for (const char* which : {"all", "default"}) {  // no router solicitations of the kernel's own
    std::ofstream(std::string("/proc/sys/net/ipv6/conf/") + which + "/disable_ipv6") << 1;
  }
  return true;
}

void ip(const std::string& arguments) {
  const std::string command = "ip " + arguments;
  // NOLINTNEXTLINE(concurrency-mt-unsafe,cert-env33-c): the test's own words
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

Veth::Veth(std::string one, std::string other) : one_(std::move(one)), other_(std::move(other)) {
  ip("link add " + one_ + " type veth peer name " + other_);
  for (const std::string& end : {one_, other_}) ip("link set " + end + " up");
}

Veth::~Veth() {
  // It may be in another namespace by now, or have gone with that.
  const std::string command = "ip link delete " + one_ + " 2>/dev/null";
  (void)!std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe,cert-env33-c): the test's own words
}

}  // namespace sapulse::test
