// SPDX-License-Identifier: Apache-2.0
// A process of its own that answers with a line.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <functional>
#include <string>

namespace sapulse::test {

class Child {
 public:
  /// Runs in the child; its result is what answer() returns, unless tell() came before.
  using Body = std::function<std::string()>;

  explicit Child(const Body& body);
  /// Kills what is left, and waits.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Inside a body: answers now, and goes on.
  static void tell(const std::string& line);

  /// Waits for the answer. Empty when the child has died without one.
  [[nodiscard]] std::string answer() const;
  /// Sends a signal and waits for the end.
  void kill(int signal);

 private:
  pid_t pid_;
  int answers_;
};

}  // namespace sapulse::test
