// SPDX-License-Identifier: Apache-2.0
// The option --capture.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "command_line.h"
#include "traffic_capture.h"

namespace sapulse::command {

/// Adds --capture to a subcommand.
void add_capture_option(Command& command, std::string& file);

/// What open_capture() has to know of a command.
struct CaptureUse {
  std::string read;  ///< the file that the command reads, which must not be overwritten
  std::vector<capture::PcapngInterface> interfaces;
  capture::WhenFull when_full;
  std::function<void(const std::string&)> report;
};

/// Errors: invalid_argument (the file that the command reads), those of TrafficCapture::open(); all name the option.
[[nodiscard]] Result<std::unique_ptr<capture::TrafficCapture>> open_capture(const std::string& file, CaptureUse use);

}  // namespace sapulse::command
