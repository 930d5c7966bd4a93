// SPDX-License-Identifier: Apache-2.0
// The guest's end of the simulation's control channel.
#pragma once

#include <cstdint>
#include <string>

namespace sapulse::test {

/// Requests to the simulation that the guest runs in. Throws std::runtime_error when nobody answers.
class Control {
 public:
  Control();
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// One line there, one line back.
  std::string ask(const std::string& request);
  std::uint64_t number(const std::string& request);

 private:
  int file_;
};

}  // namespace sapulse::test
