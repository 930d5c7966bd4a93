// SPDX-License-Identifier: Apache-2.0
#include "capture_option.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "version.h"

namespace sapulse::command {

void add_capture_option(Command& command, std::string& file) {
  command.add_option("--capture", file, "what passes the ports of a card made of software, for Wireshark",
                     {.type = "PCAPNG"});
}

Result<std::unique_ptr<capture::TrafficCapture>> open_capture(const std::string& file, CaptureUse use) {
  if (file == "-") {
    return failure(Errc::invalid_argument, "--capture: - is no file; there is /dev/stdout");
  }
  std::error_code status;
  if (std::filesystem::equivalent(file, use.read, status)) {
    return failure(Errc::invalid_argument, fmt::format("--capture: {} is the file that is read", file));
  }
  capture::CaptureOptions options{.file = file,
                                  .comment = fmt::format("sapulse {}", kVersion),
                                  .interfaces = std::move(use.interfaces),
                                  .when_full = use.when_full};
  options.report = [report = std::move(use.report)](const std::string& line) { report("--capture: " + line); };
  return capture::TrafficCapture::open(std::move(options)).map_error([](const Error& error) {
    return Error{error.code, "--capture: " + error.message};
  });
}

}  // namespace sapulse::command
