// SPDX-License-Identifier: Apache-2.0
// `sapulse check-config` and `sapulse reload`.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "access.h"
#include "card_name.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

using service::Json;

int run_check(const AccessOptions& options) {
  const auto config = options.read_config();
  if (!config) {
    complain(config.error().message);
    return exit_usage;
  }
  fmt::print("{}: good: {}\n", options.sas,
             config->sas_from_kernel ? "SAs of the kernel" : fmt::format("{} SAs", config->sas.size()));
  return exit_good;
}

struct ReloadOptions {
  AccessOptions access;
  bool json = false;
};

int run_reload(const ReloadOptions& options) {
  const auto asked = ask(options.access, {{"command", "reload"}}, [&](const Json& line) {
    const Json& done = line.at("reloaded");
    if (options.json) {
      fmt::print("{}\n", line.dump());
    } else {
      fmt::print("{}SAs: {} added, {} with new keys, {} adjusted, {} not touched, {} removed\n", card_prefix(line),
                 done["added"].get<std::size_t>(), done["rekeyed"].get<std::size_t>(),
                 done["adjusted"].get<std::size_t>(), done["kept"].get<std::size_t>(),
                 done["removed"].get<std::size_t>());
    }
    return true;
  });
  return asked ? exit_good : fail(asked.error(), options.json);
}

}  // namespace

void add_config_commands(Command& app) {
  auto check = std::make_shared<AccessOptions>();
  Command check_config =
      app.add_command("check-config", "say whether a configuration is good, and if not, where; exit status 2");
  check_config.add_option("file", check->sas, "YAML", {.required = true});
  check->add_device_options(check_config);
  check_config.on_run([check] { return run_check(*check); });

  auto options = std::make_shared<ReloadOptions>();
  Command reload = app.add_command("reload", "let a running service read its configuration again");
  options->access.add_socket_option(reload);
  reload.add_flag("--json", options->json, "as JSON");
  reload.on_run([options] { return run_reload(*options); });
}

}  // namespace sapulse::command
