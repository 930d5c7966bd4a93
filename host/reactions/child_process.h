// SPDX-License-Identifier: Apache-2.0
// A program that is run to its end.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "patience.h"
#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::reactions {

/// What a program is started with.
struct ChildSetup {
  std::vector<std::string> command;      ///< path and arguments
  std::vector<std::string> environment;  ///< NAME=value
  std::string input;                     ///< all of its standard input
};

/// What became of it.
struct ChildResult {
  int status = 0;      ///< as waitpid() has it
  std::string output;  ///< the end of what it has written to standard output and standard error
};

/// Bytes of output that are kept.
inline constexpr std::size_t kKeptOutput = 1024;

/// Starts a program and waits for its end. Processes that it leaves behind go on. When the time is over it is killed
/// with its session. Errors: io_error (it cannot be started), timeout.
Result<ChildResult> run_child(const ChildSetup& setup, const Patience& patience);

}  // namespace sapulse::reactions
