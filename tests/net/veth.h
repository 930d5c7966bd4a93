// SPDX-License-Identifier: Apache-2.0
// Cables made of software, in a network namespace of the test's own.
#pragma once

#include <string>

namespace sapulse::test {

/// Puts the calling thread, and those that it starts, into a new network namespace in which nothing but the test sends
/// frames. False: this user may not; the test has to say that it is skipped. Throws std::system_error.
[[nodiscard]] bool enter_fresh_namespace();

/// Two interfaces, joined and up. Throws std::runtime_error.
class Veth {
 public:
  Veth(std::string one, std::string other);
  /// Goes, if it is still there.
  ~Veth();
  Veth(const Veth&) = delete;
  Veth& operator=(const Veth&) = delete;

  [[nodiscard]] const std::string& one() const { return one_; }
  [[nodiscard]] const std::string& other() const { return other_; }

 private:
  std::string one_;
  std::string other_;
};

/// `ip` with these arguments. Throws std::runtime_error.
void ip(const std::string& arguments);

}  // namespace sapulse::test
