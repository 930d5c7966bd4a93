// SPDX-License-Identifier: Apache-2.0
// The calling thread in another network namespace, for a while.
#pragma once

#include <string>

namespace sapulse::test {

/// Sockets opened meanwhile stay in that namespace. Throws std::system_error.
class NetworkNamespace {
 public:
  /// `name`: as `ip netns` has made it; empty: the thread stays where it is.
  explicit NetworkNamespace(const std::string& name);
  /// Back to where the thread was.
  ~NetworkNamespace();
  NetworkNamespace(const NetworkNamespace&) = delete;
  NetworkNamespace& operator=(const NetworkNamespace&) = delete;

 private:
  int before_ = -1;
};

}  // namespace sapulse::test
