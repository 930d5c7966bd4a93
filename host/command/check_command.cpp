// SPDX-License-Identifier: Apache-2.0
// `sapulse check`: the state of one SA, as monitoring systems want it.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "access.h"
#include "check_result.h"
#include "duration_option.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

constexpr std::chrono::seconds kPatience(10);

struct CheckOptions {
  AccessOptions access;
  std::string sa;
  CheckLimits limits;
  std::optional<std::chrono::nanoseconds> patience;
};

int run_check(CheckOptions& options) {
  options.access.patience = options.patience.value_or(kPatience);
  CheckResult result;
  const auto asked =
      ask(options.access, {{"command", "sa-status"}, {"sa", options.sa}}, [&](const service::Json& line) {
        result = check(line.at("status"), options.limits);
        return true;
      });
  if (!asked) result = {.status = CheckStatus::unknown, .text = asked.error().message};
  fmt::print("{}\n", to_line(result));
  return static_cast<int>(result.status);
}

}  // namespace

void add_check_command(Command& app) {
  auto options = std::make_shared<CheckOptions>();
  Command check = app.add_command("check", "the state of an SA for monitoring: one line, exit status 0, 1, 2 or 3");
  check.fail_with(static_cast<int>(CheckStatus::unknown));
  check.add_option("sa", options->sa, "its name or its inbound SPI", {.required = true});
  options->access.add_socket_option(check);
  add_duration_option(check, "--rtt-warning", options->limits.rtt_warning, "warn if the last round trip took longer");
  add_duration_option(check, "--rtt-critical", options->limits.rtt_critical, "critical if it took longer");
  add_duration_option(check, "--timeout", options->patience, "for the service to answer (10s)");
  check.on_run([options] { return run_check(*options); });
}

}  // namespace sapulse::command
