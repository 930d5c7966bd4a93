// SPDX-License-Identifier: Apache-2.0
// Runs a program and keeps what it said.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace sapulse::test {

struct Ended {
  int code = -1;       ///< exit code; -1: ended by a signal
  std::string output;  ///< standard output and error
};

/// `command` is for the shell.
inline Ended run_program(const std::string& command) {
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start " + command);
  Ended ended;
  std::array<char, 4096> block{};
  while (const std::size_t size = fread(block.data(), 1, block.size(), pipe)) ended.output.append(block.data(), size);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  return ended;
}

}  // namespace sapulse::test
